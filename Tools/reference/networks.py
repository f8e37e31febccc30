"""The networks of swift-gan as plain PyTorch modules whose `state_dict` names and layouts are those of its files."""

import math

import torch
import torch.nn.functional as F
from torch import nn


def decompose(side, least=3):
    """A side as (k, n) with side = k * 2**n and the smallest k from `least` to 7: halved as long as so many remain."""
    k, n = side, 0
    while k % 2 == 0 and k // 2 >= least:
        k, n = k // 2, n + 1
    if not least <= k <= 7 or side > 256:
        raise ValueError(f"a side of {side} pixels is not k * 2^n with k from {least} to 7, at most 256")
    return k, n


class Plan:
    """How a DCGAN gets from a `kernel`-sized map to the image: `strides`, from the smallest map to the image.

    A side with fewer doublings than the other keeps its length in the first layers, where maps are smallest: there it
    has kernel 3 and stride 1 instead of kernel 4 and stride 2 (padding 1 in both cases).
    """

    def __init__(self, height, width, base_width, least=3):
        (kernel_height, doublings_high), (kernel_width, doublings_wide) = decompose(height, least), decompose(width, least)
        count = max(doublings_high, doublings_wide)
        if count == 0:
            raise ValueError(f"an image of {height} x {width} pixels is too small: one side must be {2 * least} or more")
        self.kernel = (kernel_height, kernel_width)
        self.strides = [
            tuple(2 if level >= count - doublings else 1 for doublings in (doublings_high, doublings_wide))
            for level in range(count)
        ]
        # Feature maps before each layer: halved toward the image, never more than eight times the base.
        self.features = [base_width * min(2 ** (count - 1 - level), 8) for level in range(count)]


def kernel_of(stride):
    return tuple(2 + step for step in stride)


class MLPGenerator(nn.Module):
    """Latents [N, latent_size] to images [N, C, H, W] through 256, 512 and 512 units (at base_width 256)."""

    def __init__(self, latent_size=100, channels=1, height=28, width=28, base_width=256):
        super().__init__()
        self.image_shape = (channels, height, width)
        self.fc1 = nn.Linear(latent_size, base_width)
        self.fc2 = nn.Linear(base_width, 2 * base_width)
        self.fc3 = nn.Linear(2 * base_width, 2 * base_width)
        self.fc4 = nn.Linear(2 * base_width, math.prod(self.image_shape))

    def forward(self, latents):
        x = F.relu(self.fc1(latents))
        x = F.relu(self.fc2(x))
        x = F.relu(self.fc3(x))
        return torch.tanh(self.fc4(x)).view(-1, *self.image_shape)


class MLPDiscriminator(nn.Module):
    """Images [N, C, H, W] to scores [N, 1] through three layers of 512 units (at base_width 256)."""

    def __init__(self, channels=1, height=28, width=28, base_width=256):
        super().__init__()
        self.fc1 = nn.Linear(channels * height * width, 2 * base_width)
        self.fc2 = nn.Linear(2 * base_width, 2 * base_width)
        self.fc3 = nn.Linear(2 * base_width, 2 * base_width)
        self.fc4 = nn.Linear(2 * base_width, 1)

    def forward(self, images):
        x = F.leaky_relu(self.fc1(images.flatten(1)), 0.2)
        x = F.leaky_relu(self.fc2(x), 0.2)
        x = F.leaky_relu(self.fc3(x), 0.2)
        return self.fc4(x)


class DCGANGenerator(nn.Module):
    """Radford et al. 2016 (arXiv:1511.06434): latents [N, latent_size] to images [N, C, H, W], sides k * 2**n."""

    def __init__(self, latent_size=100, channels=3, height=64, width=64, base_width=64):
        super().__init__()
        plan = Plan(height, width, base_width)
        self.count = len(plan.strides)
        self.project = nn.ConvTranspose2d(latent_size, plan.features[0], plan.kernel, bias=False)
        self.norm0 = nn.BatchNorm2d(plan.features[0])
        for level in range(self.count - 1):
            features, stride = plan.features[level + 1], plan.strides[level]
            up = nn.ConvTranspose2d(plan.features[level], features, kernel_of(stride), stride, 1, bias=False)
            self.add_module(f"up{level + 1}", up)
            self.add_module(f"norm{level + 1}", nn.BatchNorm2d(features))
        stride = plan.strides[-1]
        self.image = nn.ConvTranspose2d(plan.features[-1], channels, kernel_of(stride), stride, 1, bias=False)

    def forward(self, latents):
        x = F.relu(self.norm0(self.project(latents[:, :, None, None])))
        for level in range(1, self.count):
            x = F.relu(self.get_submodule(f"norm{level}")(self.get_submodule(f"up{level}")(x)))
        return torch.tanh(self.image(x))


class DCGANDiscriminator(nn.Module):
    """The mirror of `DCGANGenerator`: images [N, C, H, W] to scores [N, 1].

    Without batch norm its convolutions have biases. With `minibatch` its last one expects one more map.
    """

    def __init__(self, channels=3, height=64, width=64, base_width=64, norm="batch", minibatch=False):
        super().__init__()
        plan = Plan(height, width, base_width)
        self.count = len(plan.strides)
        before = channels
        for level, (features, stride) in enumerate(zip(reversed(plan.features), reversed(plan.strides)), start=1):
            bias = norm != "batch"
            self.add_module(f"down{level}", nn.Conv2d(before, features, kernel_of(stride), stride, 1, bias=bias))
            if level > 1:
                self.add_module(f"norm{level}", nn.Identity() if bias else nn.BatchNorm2d(features))
            before = features
        self.score = nn.Conv2d(before + minibatch, 1, plan.kernel, bias=norm != "batch")

    def forward(self, images):
        x = F.leaky_relu(self.down1(images), 0.2)
        for level in range(2, self.count + 1):
            x = F.leaky_relu(self.get_submodule(f"norm{level}")(self.get_submodule(f"down{level}")(x)), 0.2)
        return self.score(x).flatten(1)


def same_padding(size, kernel, stride):
    """TensorFlow's "same" padding of one side, before and after: the odd element goes after."""
    total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


class SameConv2d(nn.Conv2d):
    """A convolution padded as TensorFlow's "same": the output has ceil(size / stride) elements a side."""

    def forward(self, input):
        high, wide = (
            same_padding(size, kernel, stride)
            for size, kernel, stride in zip(input.shape[2:], self.kernel_size, self.stride)
        )
        return super().forward(F.pad(input, (*wide, *high)))


class SameConvTranspose2d(nn.ConvTranspose2d):
    """The transpose of `SameConv2d`: the output has size * stride elements a side."""

    def forward(self, input):
        sizes = [size * stride for size, stride in zip(input.shape[2:], self.stride)]
        starts = [same_padding(*side)[0] for side in zip(sizes, self.kernel_size, self.stride)]
        # A kernel smaller than the stride would leave less than is cut out here; none of these networks has one.
        whole = super().forward(input)
        return whole[:, :, starts[0] : starts[0] + sizes[0], starts[1] : starts[1] + sizes[1]]


def quarter(height, width):
    """The size of the smallest map of dcgan-keras: a quarter of each side."""
    if height % 4 or width % 4:
        raise ValueError(f"dcgan-keras draws sides that are multiples of 4, not {height} x {width} pixels")
    return height // 4, width // 4


class KerasDCGANGenerator(nn.Module):
    """The generator of TensorFlow's DCGAN tutorial, where H = W = 28: latents [N, latent_size] to images [N, C, H, W].

    `project` and `norm0` work on flat features ordered as [H/4, W/4, C], as Keras orders them.
    """

    def __init__(self, latent_size=100, channels=1, height=28, width=28, base_width=64):
        super().__init__()
        self.map_shape = (*quarter(height, width), 4 * base_width)
        self.project = nn.Linear(latent_size, math.prod(self.map_shape), bias=False)
        self.norm0 = nn.BatchNorm1d(math.prod(self.map_shape), eps=1e-3, momentum=0.01)
        self.up1 = SameConvTranspose2d(4 * base_width, 2 * base_width, 5, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(2 * base_width, eps=1e-3, momentum=0.01)
        self.up2 = SameConvTranspose2d(2 * base_width, base_width, 5, 2, bias=False)
        self.norm2 = nn.BatchNorm2d(base_width, eps=1e-3, momentum=0.01)
        self.image = SameConvTranspose2d(base_width, channels, 5, 2, bias=False)

    def forward(self, latents):
        x = F.leaky_relu(self.norm0(self.project(latents)), 0.3).view(-1, *self.map_shape).permute(0, 3, 1, 2)
        x = F.leaky_relu(self.norm1(self.up1(x)), 0.3)
        x = F.leaky_relu(self.norm2(self.up2(x)), 0.3)
        return torch.tanh(self.image(x))


class KerasDCGANDiscriminator(nn.Module):
    """The discriminator of TensorFlow's DCGAN tutorial, where H = W = 28: images [N, C, H, W] to scores [N, 1].

    `score` takes features ordered as [H/4, W/4, C], as Keras orders them.
    """

    def __init__(self, channels=1, height=28, width=28, base_width=64, dropout=0.3):
        super().__init__()
        self.down1 = SameConv2d(channels, base_width, 5, 2)
        self.down2 = SameConv2d(base_width, 2 * base_width, 5, 2)
        self.score = nn.Linear(2 * base_width * math.prod(quarter(height, width)), 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, images):
        x = self.dropout(F.leaky_relu(self.down1(images), 0.3))
        x = self.dropout(F.leaky_relu(self.down2(x), 0.3))
        return self.score(x.permute(0, 2, 3, 1).flatten(1))


GENERATORS = {"mlp": MLPGenerator, "dcgan": DCGANGenerator, "dcgan-keras": KerasDCGANGenerator}
