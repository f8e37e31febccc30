"""DiffAugment and flips, sample by sample and pixel by pixel, from given draws (Zhao et al. 2020, arXiv:2006.10738)."""

import torch

from fixture import Fixture, Random
from network_fixtures import FOLDER


def flip(images, flips):
    return torch.stack([torch.fliplr(x.movedim(0, 2)).movedim(2, 0) if f else x for x, f in zip(images, flips)])


def color(images, brightness, saturation, contrast):
    changed = []
    for image, b, s, c in zip(images, brightness, saturation, contrast):
        image = image + b
        grey = image.mean(0)
        image = torch.stack([grey + s * (channel - grey) for channel in image])
        changed.append(image.mean() + c * (image - image.mean()))
    return torch.stack(changed)


def translation(images, rows, columns):
    _, channels, height, width = images.shape
    nothing = torch.zeros(channels, dtype=images.dtype)
    changed = []
    for image, down, right in zip(images, rows.tolist(), columns.tolist()):
        lines = []
        for i in range(height):
            sources = [(i - down, j - right) for j in range(width)]
            pixels = [image[:, a, b] if 0 <= a < height and 0 <= b < width else nothing for a, b in sources]
            lines.append(torch.stack(pixels, dim=1))
        changed.append(torch.stack(lines, dim=1))
    return torch.stack(changed)


def cutout(images, rows, columns):
    _, _, height, width = images.shape
    changed = []
    for image, row, column in zip(images, rows.tolist(), columns.tolist()):
        mask = torch.ones(height, width, dtype=images.dtype)
        rows_cut, columns_cut = (height + 1) // 2, (width + 1) // 2
        top, left = row - rows_cut // 2, column - columns_cut // 2
        mask[max(top, 0) : max(top + rows_cut, 0), max(left, 0) : max(left + columns_cut, 0)] = 0
        changed.append(image * mask)
    return torch.stack(changed)


# The last draws of each kind are beyond what is drawn, or at its edge.
DRAWS = {
    "flip": (flip, {"flips": [1, 0, 1]}),
    "color": (
        color,
        {"brightness": [-0.4, 0.1, 0.45], "saturation": [0.0, 1.9, 0.7], "contrast": [1.4, 0.5, 0.9]},
    ),
    "translation": (translation, {"rows": [1, -1, 3], "columns": [-1, 0, -20]}),
    "cutout": (cutout, {"rows": [0, 4, 6], "columns": [7, 3, 0]}),
}


def augmentations():
    """`output`; the gradient of sum(output^3) / 3, and that of the sum of this one's squares."""
    fixture = Fixture(f"{FOLDER}/augmentation.safetensors", torch=torch.__version__)
    for shape, size in {"colour": (3, 3, 6, 9), "grey": (3, 1, 7, 8)}.items():
        images = Random(f"augmentation/{shape}").uniform(*size, low=-1, high=1).requires_grad_()
        fixture.add(shape, {}, {"images": images})
        for kind, (augment, draws) in DRAWS.items():
            draws = {name: torch.tensor(values) for name, values in draws.items()}
            draws = {name: value.double() if value.is_floating_point() else value for name, value in draws.items()}
            output = augment(images, **draws)
            (gradient,) = torch.autograd.grad(output.pow(3).sum() / 3, images, create_graph=True)
            (second,) = torch.autograd.grad(gradient.square().sum(), images)
            results = {"output": output, "grad_images": gradient, "grad2_images": second}
            fixture.add(f"{shape}.{kind}", {}, draws | results)
    return fixture
