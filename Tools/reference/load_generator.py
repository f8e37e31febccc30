"""Loads a generator of swift-gan into a plain PyTorch module and compares its images with those of `gan sample`.

    python Tools/reference/load_generator.py RUN_OR_FILE --latents FILE [--classes FILE] [--images FILE]
        [--tolerance 1e-4]

RUN_OR_FILE is a run folder, or a generator.safetensors. The latents [N, latent_size] are an .npy file or the tensor
"latents" of a .safetensors file. The images (by default samples.npy beside the generator) are an .npy file
[N, H, W, C], uint8 or floats in [-1, 1], or the tensor "images" [N, C, H, W] of a .safetensors file. Exit status 0 when
no pixel differs by more than the tolerance, in units of [-1, 1]; a uint8 pixel may differ by half a grey level more.
A generator with classes takes those of its images from an .npy file of whole numbers [N], or the tensor "classes".
"""

import argparse
import json
import pathlib
import sys

import numpy
import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open

import networks
import residual_networks

GENERATORS = networks.GENERATORS | residual_networks.GENERATORS
HALF_GREY_LEVEL = 1 / 255
SETTINGS = {"latent_size", "channels", "height", "width", "base_width"}


class Unusable(Exception):
    """A file that cannot be used, and why."""


def read_safetensors(path):
    try:
        with safe_open(path, "pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise Unusable(f"{path}: {error}") from error


def read_array(path, key):
    """The tensor `key` of a .safetensors file, or an .npy file, and which of the two it was."""
    if path.suffix == ".safetensors":
        tensors, _ = read_safetensors(path)
        if key not in tensors:
            raise Unusable(f"{path}: there is no tensor named {key}; the file holds {', '.join(sorted(tensors))}")
        return tensors[key], True
    try:
        return torch.from_numpy(numpy.load(path, allow_pickle=False)), False
    except (OSError, ValueError, TypeError) as error:
        raise Unusable(f"{path}: {error}") from error


def load_generator(path):
    """The module that the file describes, with its weights, in inference mode and double precision."""
    tensors, metadata = read_safetensors(path)
    name = metadata.get("network")
    if name not in GENERATORS:
        known = ", ".join(GENERATORS)
        raise Unusable(f"{path}: the metadata names the network {name!r}; known are {known}")
    try:
        settings = json.loads(metadata.get("settings", "null"))
        if not isinstance(settings, dict) or settings.keys() - {"attention"} != SETTINGS:
            raise Unusable(f"{path}: the metadata's settings need the keys {', '.join(sorted(SETTINGS))}: {settings}")
        classes = len(json.loads(metadata["classes"])["counts"]) if "classes" in metadata else 0
        generator = build(name, settings, classes, metadata.get("conditioning", "none"))
        generator.load_state_dict(tensors, strict=True)
    except (ValueError, TypeError, KeyError, RuntimeError) as error:
        raise Unusable(f"{path}: {' '.join(str(error).split())}") from error
    return generator.double().eval()


class Concatenated(torch.nn.Module):
    """A generator whose latents end with a one for the wanted class among zeros."""

    def __init__(self, generator, classes):
        super().__init__()
        self.generator, self.classes = generator, classes

    def forward(self, latents, classes):
        return self.generator(torch.cat([latents, F.one_hot(classes, self.classes).to(latents)], 1))

    def load_state_dict(self, tensors, strict=True):
        return self.generator.load_state_dict(tensors, strict=strict)


def build(name, settings, classes, conditioning):
    """The network with these settings, its weights not yet loaded."""
    sizes = {key: settings[key] for key in SETTINGS}
    if name == "resnet":
        sizes |= {"attention": bool(settings.get("attention", False))}
    if conditioning == "concatenation":
        return Concatenated(GENERATORS[name](**sizes | {"latent_size": sizes["latent_size"] + classes}), classes)
    if conditioning == "batch-norm":
        sizes |= {"classes": classes, "conditioning": conditioning}
    return GENERATORS[name](**sizes)


def read_images(path):
    """Images [N, C, H, W] in [-1, 1], and how far rounding alone may have moved a pixel."""
    images, channels_first = read_array(path, "images")
    if images.ndim != 4:
        raise Unusable(f"{path}: images need four dimensions, here the shape is {list(images.shape)}")
    rounding = 0.0
    if images.dtype == torch.uint8:
        images, rounding = images.double() / 127.5 - 1, HALF_GREY_LEVEL
    return (images if channels_first else images.permute(0, 3, 1, 2)).double(), rounding


def read_classes(file, path):
    """The classes to draw, in a list, for a generator that is conditional on class labels; an empty list for others."""
    is_conditional = "classes" in read_safetensors(file)[1]
    if is_conditional and path is None:
        raise Unusable(
            f"{file}: this generator is conditional on class labels: give those of the images with --classes FILE.npy "
            "(gan sample --labels FILE.npy writes them)"
        )
    if path is not None and not is_conditional:
        raise Unusable(f"{file}: this generator has no class labels: leave --classes out")
    return [read_array(path, "classes")[0].long()] if is_conditional else []


def compare(arguments):
    file = arguments.run_or_file / "generator.safetensors" if arguments.run_or_file.is_dir() else arguments.run_or_file
    generator = load_generator(file)
    latents, _ = read_array(arguments.latents, "latents")
    classes = read_classes(file, arguments.classes)
    expected, rounding = read_images(arguments.images or file.parent / "samples.npy")
    try:
        with torch.no_grad():
            images = generator(latents.double(), *classes)
    except (RuntimeError, IndexError, TypeError) as error:
        raise Unusable(f"{arguments.latents}: latents of shape {list(latents.shape)} do not fit: {error}") from error
    if images.shape != expected.shape:
        raise Unusable(f"the generator draws {list(images.shape)}, the images are {list(expected.shape)}")
    difference = (images - expected).abs().max().item()
    agreed = difference <= arguments.tolerance + rounding
    allowance = f" (half a grey level of rounding, {rounding:.2e}, allowed on top)" if rounding else ""
    print(
        f"{len(images)} images of {type(generator).__name__}: largest difference {difference:.3e}, "
        f"tolerance {arguments.tolerance:g}{allowance}: {'the same' if agreed else 'DIFFERENT'}"
    )
    return 0 if agreed else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run_or_file", type=pathlib.Path)
    parser.add_argument("--latents", type=pathlib.Path, required=True)
    parser.add_argument("--classes", type=pathlib.Path)
    parser.add_argument("--images", type=pathlib.Path)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    try:
        return compare(parser.parse_args())
    except Unusable as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
