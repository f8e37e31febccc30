"""U-Nets smaller than those of the pix2pix authors' code, with its `state_dict` names, and the autoencoder with those of swift-gan's
files, as plain PyTorch modules."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from networks import Plan, kernel_of

NORMS = {"batch": nn.BatchNorm2d, "instance": nn.InstanceNorm2d}


class Skip(nn.Module):
    """A block of the U-Net around the next: what it is given, beside what its convolutions make of that."""

    def __init__(self, widths, level, outputs, norm, dropout):
        super().__init__()
        self.is_outermost = level == 0
        is_innermost = level == len(widths) - 2
        make, bias = NORMS[norm], norm == "instance"
        outside, inside = widths[level], widths[level + 1]
        down = nn.Conv2d(outside, inside, 4, 2, 1, bias=bias)
        up_inputs = inside if is_innermost else 2 * inside
        up = nn.ConvTranspose2d(up_inputs, outputs if self.is_outermost else outside, 4, 2, 1, bias=bias or self.is_outermost)
        parts = [down] if self.is_outermost else [nn.LeakyReLU(0.2), down]
        if not is_innermost:
            if not self.is_outermost:
                parts.append(make(inside))
            parts.append(Skip(widths, level + 1, outputs, norm, dropout))
        parts += [nn.ReLU(), up, nn.Tanh() if self.is_outermost else make(outside)]
        if level >= 4 and not is_innermost:
            parts.append(nn.Dropout(dropout))
        self.model = nn.Sequential(*parts)

    def forward(self, x):
        return self.model(x) if self.is_outermost else torch.cat([x, self.model(x)], 1)


class UNet(nn.Module):
    def __init__(self, inputs, outputs, side, base_width, norm, dropout):
        super().__init__()
        depth = side.bit_length() - 1
        widths = [inputs] + [base_width * min(2**level, 8) for level in range(depth)]
        self.model = Skip(widths, 0, outputs, norm, dropout)

    def forward(self, source):
        return self.model(source)


class Autoencoder(nn.Module):
    """An encoder to means and logarithms of variances, and a decoder."""

    def __init__(self, architecture, latent_size, channels, height, width, base_width):
        super().__init__()
        make = ConvolutionalHalves if architecture == "convolutional" else ConnectedHalves
        halves = make(latent_size, channels, height, width, base_width)
        self.encoder, self.decoder, self.halves = halves.encoder, halves.decoder, [halves]
        self.encoder.mean = nn.Linear(halves.features, latent_size)
        self.encoder.log_variance = nn.Linear(halves.features, latent_size)

    def encode(self, images):
        features = self.halves[0].encode(images)
        return self.encoder.mean(features), self.encoder.log_variance(features)

    def decode(self, latents):
        return torch.tanh(self.halves[0].decode(latents))


class ConvolutionalHalves:
    def __init__(self, latent_size, channels, height, width, base_width):
        plan = Plan(height, width, base_width)
        self.count, self.smallest = len(plan.strides), (plan.features[0], *plan.kernel)
        self.features = math.prod(self.smallest)
        self.encoder, self.decoder = nn.Module(), nn.Module()
        inputs = channels
        for level, (features, stride) in enumerate(zip(plan.features[::-1], plan.strides[::-1]), 1):
            down = nn.Conv2d(inputs, features, kernel_of(stride), stride, 1, bias=False)
            self.encoder.add_module(f"down{level}", down)
            self.encoder.add_module(f"norm{level}", nn.BatchNorm2d(features))
            inputs = features
        self.decoder.project = nn.Linear(latent_size, self.features, bias=False)
        for level, stride in enumerate(plan.strides):
            is_last = level == self.count - 1
            outputs = channels if is_last else plan.features[level + 1]
            up = nn.ConvTranspose2d(plan.features[level], outputs, kernel_of(stride), stride, 1, bias=is_last)
            self.decoder.add_module(f"norm{level}", nn.BatchNorm2d(plan.features[level]))
            self.decoder.add_module("image" if is_last else f"up{level + 1}", up)

    def encode(self, x):
        for level in range(1, self.count + 1):
            down, norm = self.encoder.get_submodule(f"down{level}"), self.encoder.get_submodule(f"norm{level}")
            x = F.leaky_relu(norm(down(x)), 0.2)
        return x.flatten(1)

    def decode(self, latents):
        x = self.decoder.project(latents).view(-1, *self.smallest)
        for level in range(self.count):
            up = self.decoder.get_submodule("image" if level == self.count - 1 else f"up{level + 1}")
            x = up(F.relu(self.decoder.get_submodule(f"norm{level}")(x)))
        return x


class ConnectedHalves:
    def __init__(self, latent_size, channels, height, width, base_width):
        self.shape, self.features = (channels, height, width), base_width
        self.encoder, self.decoder = nn.Module(), nn.Module()
        self.encoder.hidden1 = nn.Linear(math.prod(self.shape), 2 * base_width)
        self.encoder.hidden2 = nn.Linear(2 * base_width, base_width)
        self.decoder.hidden1 = nn.Linear(latent_size, base_width)
        self.decoder.hidden2 = nn.Linear(base_width, 2 * base_width)
        self.decoder.image = nn.Linear(2 * base_width, math.prod(self.shape))

    def encode(self, images):
        return F.relu(self.encoder.hidden2(F.relu(self.encoder.hidden1(images.flatten(1)))))

    def decode(self, latents):
        hidden = F.relu(self.decoder.hidden2(F.relu(self.decoder.hidden1(latents))))
        return self.decoder.image(hidden).view(-1, *self.shape)
