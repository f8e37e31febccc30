"""The networks of pix2pix, CycleGAN and CUT as their authors have them, for pictures [N, C, H, W] in [-1, 1]."""

import functools

import torch
import torch.nn.functional as F
from torch import nn


class UNet(nn.Module):
    """pix2pix's generator: it halves the sides of its maps until one pixel is left."""

    def __init__(self, inputs, outputs, side, width):
        super().__init__()
        depth = side.bit_length() - 1
        widths = [width * min(2**level, 8) for level in range(depth)]
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for level, outside in enumerate([inputs, *widths[:-1]]):
            is_outermost, is_innermost, inside = level == 0, level == depth - 1, widths[level]
            down = [] if is_outermost else [nn.LeakyReLU(0.2, True)]
            down += [nn.Conv2d(outside, inside, 4, 2, 1, bias=False)]
            down += [] if is_outermost or is_innermost else [nn.BatchNorm2d(inside)]
            shown = inside if is_innermost else 2 * inside
            up = [nn.ReLU(True), nn.ConvTranspose2d(shown, outputs if is_outermost else outside, 4, 2, 1, bias=is_outermost)]
            up += [nn.Tanh()] if is_outermost else [nn.BatchNorm2d(outside)]
            up += [nn.Dropout(0.5)] if level >= 4 and not is_innermost else []
            self.down.append(nn.Sequential(*down))
            self.up.append(nn.Sequential(*up))

    def forward(self, x):
        kept = []
        for down in self.down:
            x = down(x)
            kept.append(x)
        x = self.up[-1](x)
        for level in reversed(range(len(self.up) - 1)):
            x = self.up[level](torch.cat([kept[level], x], 1))
        return x


@functools.cache
@torch.autocast("cpu", enabled=False)
def blurring(side, doubles):
    """The matrix that filters a row of this length by [1, 2, 1] and halves it, or doubles it and filters it by [1, 3, 3, 1]."""
    rows = torch.eye(side)[:, None]
    if doubles:
        kernel = torch.tensor([[[1.0, 3, 3, 1]]]) / 4
        return F.conv_transpose1d(F.pad(rows, (1, 1), "replicate"), kernel, stride=2, padding=2)[:, 0, 1:-1]
    return F.conv1d(F.pad(rows, (1, 1), "reflect"), torch.tensor([[[1.0, 2, 1]]]) / 4, stride=2)[:, 0]


class Blur(nn.Module):
    """A binomial filter per channel (Zhang 2019): halves the sides, or doubles them. Two products with small matrices take a tenth
    of the time of a convolution by channel in bfloat16, and less than half in float32."""

    def __init__(self, doubles=False):
        super().__init__()
        self.doubles = doubles

    def forward(self, x):
        height, width = (blurring(side, self.doubles) for side in x.shape[2:])
        return height.T @ (x @ width)


class ResidualBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        half = lambda: [nn.ReflectionPad2d(1), nn.Conv2d(width, width, 3), nn.InstanceNorm2d(width)]
        self.layers = nn.Sequential(*half(), nn.ReLU(True), *half())

    def forward(self, x):
        return x + self.layers(x)


class ResidualGenerator(nn.Module):
    """CycleGAN's generator, and CUT's if it blurs. `layers` are numbered as in the authors' code."""

    def __init__(self, channels, width, blocks, blurs=False):
        super().__init__()
        after = lambda channels: [nn.InstanceNorm2d(channels), nn.ReLU(True)]
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(channels, width, 7), *after(width)]
        for inside in (2 * width, 4 * width):
            layers += [nn.Conv2d(inside // 2, inside, 3, 1 if blurs else 2, 1), *after(inside)]
            layers += [Blur()] if blurs else []
        layers += [ResidualBlock(4 * width) for _ in range(blocks)]
        for inside in (4 * width, 2 * width):
            up = nn.ConvTranspose2d(inside, inside // 2, 3, 2, 1, output_padding=1)
            layers += [Blur(doubles=True), nn.Conv2d(inside, inside // 2, 3, 1, 1)] if blurs else [up]
            layers += after(inside // 2)
        self.layers = nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, channels, 7), nn.Tanh())

    def forward(self, x):
        return self.layers(x)

    def with_features(self, x, numbers, whole=True):
        """The result, None unless `whole`, and the maps of the layers of these numbers."""
        features = []
        for number, layer in enumerate(self.layers):
            x = layer(x)
            if number in numbers:
                features.append(x)
                if not whole and len(features) == len(numbers):
                    return None, features
        return x, features


class PatchDiscriminator(nn.Module):
    """Scores patches of 70 pixels; CUT's blurs."""

    def __init__(self, inputs, width, norm, blurs=False):
        super().__init__()
        has_bias = norm is nn.InstanceNorm2d
        stride = 1 if blurs else 2
        layers = [nn.Conv2d(inputs, width, 4, stride, 1), nn.LeakyReLU(0.2, True), *([Blur()] if blurs else [])]
        for inside, outside in ((width, 2 * width), (2 * width, 4 * width)):
            layers += [nn.Conv2d(inside, outside, 4, stride, 1, bias=has_bias), norm(outside), nn.LeakyReLU(0.2, True)]
            layers += [Blur()] if blurs else []
        layers += [nn.Conv2d(4 * width, 8 * width, 4, 1, 1, bias=has_bias), norm(8 * width), nn.LeakyReLU(0.2, True)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(8 * width, 1, 4, 1, 1))

    def forward(self, x):
        return self.layers(x)


class PatchProjection(nn.Module):
    """CUT's network F: vectors of length 1 for places of maps."""

    def __init__(self, widths, size=256):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Linear(width, size), nn.ReLU(True), nn.Linear(size, size)) for width in widths
        )

    def forward(self, maps, places):
        """[N, places, size] for each map [N, C, H, W]."""
        found = []
        for layer, one, chosen in zip(self.layers, maps, places):
            vectors = layer(one.flatten(2).transpose(1, 2)[:, chosen]).float()
            found.append(vectors / (vectors.norm(dim=2, keepdim=True) + 1e-7))
        return found


def begin(network, draw):
    """Draws the weights as the authors do: pix2pix and CycleGAN normal, CUT by Glorot's rule, both with a gain of 0.02."""
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            draw(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1, 0.02)
    return network


def normal(weight):
    nn.init.normal_(weight, 0, 0.02)


def glorot(weight):
    nn.init.xavier_normal_(weight, 0.02)
