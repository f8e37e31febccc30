"""The residual networks of swift-gan, `resnet` and `r3gan`, as plain PyTorch modules; see networks.py."""

import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from networks import Plan


def normed(layer, norm):
    return spectral_norm(layer) if norm == "spectral" else layer


class ConditionalBatchNorm(nn.Module):
    """Batch norm whose gain and bias are rows of tables, one a class."""

    def __init__(self, channels, classes):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.gain = nn.Embedding(classes, channels)
        self.bias = nn.Embedding(classes, channels)
        nn.init.ones_(self.gain.weight)
        nn.init.zeros_(self.bias.weight)

    def forward(self, maps, classes):
        return self.gain(classes)[:, :, None, None] * self.norm(maps) + self.bias(classes)[:, :, None, None]


class SelfAttention(nn.Module):
    """Every place of the map looks at every 2x2 square of it (Zhang et al. 2019)."""

    def __init__(self, channels, norm="none"):
        super().__init__()
        narrow, half = max(channels // 8, 1), max(channels // 2, 1)
        self.theta = normed(nn.Conv2d(channels, narrow, 1, bias=False), norm)
        self.phi = normed(nn.Conv2d(channels, narrow, 1, bias=False), norm)
        self.g = normed(nn.Conv2d(channels, half, 1, bias=False), norm)
        self.out = normed(nn.Conv2d(half, channels, 1, bias=False), norm)
        self.gamma = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        queries = self.theta(x).flatten(2)
        keys = F.max_pool2d(self.phi(x), 2).flatten(2)
        values = F.max_pool2d(self.g(x), 2).flatten(2)
        attention = torch.softmax(torch.einsum("ncj,nci->nji", queries, keys), dim=2)
        seen = torch.einsum("nji,nci->ncj", attention, values).unflatten(2, x.shape[2:])
        return x + self.gamma * self.out(seen)


def minibatch_deviation(x, group=4):
    """x with one more feature: how much the samples i, i + M, i + 2M ... differ, where M groups make the batch."""
    size = max(divisor for divisor in range(1, min(group, len(x)) + 1) if len(x) % divisor == 0)
    count = len(x) // size
    feature = torch.empty_like(x[:, :1])
    for index in range(count):
        members = x[index::count]
        feature[index::count] = torch.sqrt(members.var(0, correction=0) + 1e-8).mean()
    return torch.cat([x, feature], 1)


class UpBlock(nn.Module):
    def __init__(self, inputs, outputs, factor, classes):
        super().__init__()
        self.factor = factor
        make = (lambda channels: ConditionalBatchNorm(channels, classes)) if classes else nn.BatchNorm2d
        self.norm1, self.conv1 = make(inputs), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2, self.conv2 = make(outputs), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, *classes):
        up = lambda maps: F.interpolate(maps, scale_factor=tuple(map(float, self.factor)), mode="nearest")
        y = self.conv1(up(F.relu(self.norm1(x, *classes))))
        return self.conv2(F.relu(self.norm2(y, *classes))) + self.shortcut(up(x))


class DownBlock(nn.Module):
    def __init__(self, inputs, outputs, factor, first, norm):
        super().__init__()
        self.factor, self.first = factor, first
        hidden = outputs if first else inputs
        self.conv1 = normed(nn.Conv2d(inputs, hidden, 3, padding=1), norm)
        self.conv2 = normed(nn.Conv2d(hidden, outputs, 3, padding=1), norm)
        if inputs != outputs or factor != (1, 1):
            self.shortcut = normed(nn.Conv2d(inputs, outputs, 1), norm)

    def forward(self, x):
        y = self.conv2(F.relu(self.conv1(x if self.first else F.relu(x))))
        straight = self.shortcut(x) if hasattr(self, "shortcut") else x
        return F.avg_pool2d(y, self.factor) + F.avg_pool2d(straight, self.factor)


class ResNetPlan:
    """The blocks of Miyato et al. 2018, appendix B.4: table 3 up to 32 pixels, tables 4 and 5 above."""

    def __init__(self, height, width, base_width):
        plan = Plan(height, width, base_width, least=4)
        self.kernel, self.ups = plan.kernel, plan.strides
        side, count = max(height, width), len(plan.strides)
        small = side <= 32
        self.features = [base_width * (1 if small else min(2 ** (count - level), 16)) for level in range(count + 1)]
        halvings = [0, 0]
        for axis, size in enumerate((height, width)):
            while size % 2 == 0 and size > 4 and (halvings[axis] < 2 or not small):
                size, halvings[axis] = size // 2, halvings[axis] + 1
        self.downs = [
            (
                max(base_width // 2, 1) if small else base_width * min(2**block, 16),
                tuple(2 if block < most else 1 for most in halvings),
            )
            for block in range(4 if small else max(halvings) + 1)
        ]
        limit = max(16, min(side // 4, 32))
        sides = [max(self.kernel[axis] * math.prod(up[axis] for up in self.ups[:level]) for axis in (0, 1)) for level in range(count)]
        self.attention_up = max(level for level in range(count) if sides[level] <= limit)
        after = [
            max(size // math.prod(factor[axis] for _, factor in self.downs[: block + 1]) for axis, size in enumerate((height, width)))
            for block in range(len(self.downs))
        ]
        self.attention_down = next((block + 1 for block, size in enumerate(after) if size <= limit), len(self.downs))


class ResNetGenerator(nn.Module):
    def __init__(self, latent_size, channels, height, width, base_width, classes=0, conditioning="none", attention=False):
        super().__init__()
        self.plan = plan = ResNetPlan(height, width, base_width)
        classes = classes if conditioning == "batch-norm" else 0
        self.project = nn.Linear(latent_size, plan.features[0] * math.prod(plan.kernel))
        for level, up in enumerate(plan.ups):
            self.add_module(f"block{level + 1}", UpBlock(plan.features[level], plan.features[level + 1], up, classes))
        self.attention = SelfAttention(plan.features[plan.attention_up]) if attention else None
        self.norm = nn.BatchNorm2d(plan.features[-1])
        self.image = nn.Conv2d(plan.features[-1], channels, 3, padding=1)

    def forward(self, latents, *classes):
        x = self.project(latents).view(-1, self.plan.features[0], *self.plan.kernel)
        for level in range(len(self.plan.ups)):
            if self.attention is not None and level == self.plan.attention_up:
                x = self.attention(x)
            x = self.get_submodule(f"block{level + 1}")(x, *classes)
        return torch.tanh(self.image(F.relu(self.norm(x))))


class ResNetDiscriminator(nn.Module):
    def __init__(self, channels, height, width, base_width, norm="spectral", minibatch=False, attention=False):
        super().__init__()
        self.plan = plan = ResNetPlan(height, width, base_width)
        self.minibatch = minibatch
        for block, (features, factor) in enumerate(plan.downs):
            self.add_module(f"block{block + 1}", DownBlock(channels, features, factor, block == 0, norm))
            channels = features
        self.attention = SelfAttention(plan.downs[plan.attention_down - 1][0], norm) if attention else None
        self.score = normed(nn.Linear(channels + minibatch, 1), norm)

    def forward(self, images):
        x = images
        for block in range(len(self.plan.downs)):
            x = self.get_submodule(f"block{block + 1}")(x)
            if self.attention is not None and block + 1 == self.plan.attention_down:
                x = self.attention(x)
        x = F.relu(x)
        return self.score((minibatch_deviation(x) if self.minibatch else x).sum((2, 3)))


def smoothing(factor, channels):
    """[1, 3, 3, 1] / 8 along each axis that changes, [1] along the other, as a depthwise kernel."""
    high, wide = (torch.tensor([1.0, 3, 3, 1]).double() / 8 if size == 2 else torch.ones(1).double() for size in factor)
    return torch.outer(high, wide).expand(channels, 1, -1, -1)


def resample_up(x, factor):
    kernel = math.prod(factor) * smoothing(factor, x.shape[1]).to(x)
    return F.conv_transpose2d(x, kernel, stride=factor, padding=[size - 1 for size in factor], groups=x.shape[1])


def resample_down(x, factor):
    kernel = smoothing(factor, x.shape[1]).to(x)
    return F.conv2d(x, kernel, stride=factor, padding=[size - 1 for size in factor], groups=x.shape[1])


class R3GANBlock(nn.Module):
    """1x1 to twice the channels, 3x3 in groups of 16 (or of the largest power of 2 that divides them), 1x1 back."""

    def __init__(self, channels):
        super().__init__()
        inside = 2 * channels
        group = next(size for size in (16, 8, 4, 2, 1) if inside % size == 0)
        self.conv1 = nn.Conv2d(channels, inside, 1)
        self.conv2 = nn.Conv2d(inside, inside, 3, padding=1, groups=inside // group)
        self.conv3 = nn.Conv2d(inside, channels, 1, bias=False)

    def forward(self, x):
        return x + self.conv3(F.leaky_relu(self.conv2(F.leaky_relu(self.conv1(x), 0.2)), 0.2))


class R3GANStage(nn.Module):
    def __init__(self, channels, inputs=None, outputs=None):
        super().__init__()
        self.block1, self.block2 = R3GANBlock(channels), R3GANBlock(channels)
        if inputs != outputs:
            self.transition = nn.Conv2d(inputs, outputs, 1, bias=False)

    def change(self, x):
        return self.transition(x) if hasattr(self, "transition") else x

    def blocks(self, x):
        return self.block2(self.block1(x))


class R3GANPlan:
    """A stage for each size of maps, from the smallest to the picture's."""

    def __init__(self, height, width, base_width):
        plan = Plan(height, width, base_width)
        self.kernel, self.ups = plan.kernel, plan.strides
        self.features = [base_width * min(2 ** (len(self.ups) - level), 8) for level in range(len(self.ups) + 1)]


class R3GANGenerator(nn.Module):
    def __init__(self, latent_size, channels, height, width, base_width):
        super().__init__()
        plan = R3GANPlan(height, width, base_width)
        features, self.ups = plan.features, plan.ups
        self.basis = nn.Parameter(torch.randn(features[0], *plan.kernel))
        self.project = nn.Linear(latent_size, features[0], bias=False)
        self.stage0 = R3GANStage(features[0])
        for level in range(len(self.ups)):
            self.add_module(f"stage{level + 1}", R3GANStage(features[level + 1], features[level], features[level + 1]))
        self.image = nn.Conv2d(features[-1], channels, 1, bias=False)

    def forward(self, latents):
        x = self.stage0.blocks(self.basis * self.project(latents)[:, :, None, None])
        for level, up in enumerate(self.ups):
            stage = self.get_submodule(f"stage{level + 1}")
            x = stage.blocks(resample_up(stage.change(x), up))
        x = self.image(x)
        return x if self.training else x.clamp(-1, 1)


class R3GANDiscriminator(nn.Module):
    def __init__(self, channels, height, width, base_width, minibatch=False):
        super().__init__()
        plan = R3GANPlan(height, width, base_width)
        features, self.downs, self.minibatch = plan.features[::-1], plan.ups[::-1], minibatch
        self.extract = nn.Conv2d(channels, features[0], 1, bias=False)
        for level in range(len(self.downs)):
            self.add_module(f"stage{level}", R3GANStage(features[level], features[level], features[level + 1]))
        self.add_module(f"stage{len(self.downs)}", R3GANStage(features[-1]))
        self.basis = nn.Parameter(torch.randn(features[-1] + minibatch, *plan.kernel))
        self.score = nn.Linear(features[-1] + minibatch, 1, bias=False)

    def forward(self, images):
        x = self.extract(images)
        for level, down in enumerate(self.downs):
            stage = self.get_submodule(f"stage{level}")
            x = stage.change(resample_down(stage.blocks(x), down))
        x = self.get_submodule(f"stage{len(self.downs)}").blocks(x)
        return self.score(((minibatch_deviation(x) if self.minibatch else x) * self.basis).sum((2, 3)))


GENERATORS = {"resnet": ResNetGenerator, "r3gan": R3GANGenerator}
