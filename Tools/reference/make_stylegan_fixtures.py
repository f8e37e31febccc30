"""Regenerates the fixtures of StyleGAN2's networks and of StyleGAN2-ADA's augmentation by their authors' own code (see
original_stylegan.py):

    git clone https://github.com/NVlabs/stylegan2-ada-pytorch
    python Tools/reference/make_stylegan_fixtures.py stylegan2-ada-pytorch

Parameters, inputs and the gradients of outputs are hashes of their names and places (hashed.py)."""

import argparse
import math

import torch

import original_stylegan
from fixture import ROOT, Fixture
from network_fixtures import FOLDER
from original_values import given, gradients, loss_of

SIDE, LATENTS, CHANNELS = 16, 4, 3


def value(name, shape):
    """The tensor called `name`: StyleGAN2Tests.swift computes the same."""
    draws = given(name, shape) * (math.sqrt(3) if len(shape) > 1 else 0.2)
    if name.endswith("affine.bias"):
        draws = draws + 1
    # What learns at a hundredth of the rate is stored a hundred times as large.
    return draws * 100 if name.startswith("mapping.fc") else draws


def prepared(module):
    module = module.double()
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if not name.endswith("resample_filter"):
                tensor.copy_(value(name, tuple(tensor.shape)))
    return module


def names(module):
    return {"names": " ".join(name for name in module.state_dict() if not name.endswith("resample_filter"))}


def path_length(generator, styles):
    """The penalty of StyleGAN2's training/loss.py for a running mean of 0.5, with its constants."""
    images = generator.synthesis(styles, noise_mode="const")
    noise = given("noise", images.shape) / math.sqrt(SIDE * SIDE)
    slopes = torch.autograd.grad((images * noise).sum(), styles, create_graph=True)[0]
    lengths = slopes.square().sum(2).mean(1).sqrt()
    mean = torch.tensor(0.5, dtype=torch.float64).lerp(lengths.mean(), 0.01)
    return 2 * (lengths - mean).square().mean(), lengths, mean


def networks(originals):
    fixture = Fixture(f"{FOLDER}/original_stylegan.safetensors", torch=torch.__version__, code=original_stylegan.COMMIT)
    for case, classes, layers in (("generator", 0, 2), ("generator.classes", 3, 3)):
        module = prepared(originals.Generator(
            LATENTS, classes, LATENTS, SIDE, CHANNELS, mapping_kwargs={"num_layers": layers},
            synthesis_kwargs={"channel_base": SIDE, "channel_max": 512}))
        latents = given("input", (2, LATENTS))
        wanted = torch.eye(3, dtype=torch.float64)[[2, 0]] if classes else None
        module.eval()
        styles = module.mapping(latents, wanted)
        output = module.synthesis(styles, noise_mode="const")
        tensors = {"styles": styles, "output": output} | gradients(loss_of(output), module)
        tensors["truncated"] = module(latents, wanted, truncation_psi=0.7, noise_mode="const")
        own = given("styles", styles.shape).requires_grad_()
        tensors["mixed"] = module.synthesis(own, noise_mode="const")
        penalty, tensors["lengths"], tensors["mean"] = path_length(module, own)
        tensors["penalty"] = penalty
        tensors |= gradients(penalty, module, "path")
        module.train()
        module.mapping(latents, wanted)
        tensors["after"] = module.mapping.w_avg
        settings = {"latents": LATENTS, "side": SIDE, "channels": CHANNELS, "classes": classes, "layers": layers}
        fixture.add(case, settings | names(module), tensors)
    module = prepared(originals.Discriminator(
        0, SIDE, CHANNELS, channel_base=SIDE, channel_max=512, epilogue_kwargs={"mbstd_group_size": 4}))
    images = given("input", (8, CHANNELS, SIDE, SIDE)).requires_grad_()
    output = module(images, None)
    tensors = {"output": output} | gradients(loss_of(output), module)
    output = module(images, None)
    slopes = torch.autograd.grad(output.sum(), images, create_graph=True)[0]
    tensors |= gradients(slopes.square().sum(), module, "r1")
    fixture.add("discriminator", {"side": SIDE, "channels": CHANNELS} | names(module), tensors)
    return fixture


def augmentation(augment):
    """What quarter turns make of a smooth image, at the percentiles that choose each of them; pixels that differ much from their
    neighbours change a little, since the authors turn by interpolation."""
    fixture = Fixture(f"{FOLDER}/original_augmentation.safetensors", torch=torch.__version__, code=original_stylegan.COMMIT)
    rows, columns = torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij")
    image = torch.stack([torch.sin(rows / 5), torch.cos(columns / 4), torch.sin((rows + 2 * columns) / 9)])[None]
    for quarters in range(4):
        pipe = augment.AugmentPipe(rotate90=1).double()
        fixture.add(f"rotation.{quarters}", {"quarters": quarters}, {
            "input": image, "output": pipe(image, debug_percentile=quarters / 4 + 0.1)})
    return fixture


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", help="a clone of NVlabs/stylegan2-ada-pytorch")
    originals, augment = original_stylegan.load(parser.parse_args().repository)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    for fixture in (networks(originals), augmentation(augment)):
        fixture.save()
        size = (ROOT / fixture.path).stat().st_size
        print(f"{fixture.path}: {len(fixture.cases)} cases, {len(fixture.tensors)} tensors, {size} bytes")


if __name__ == "__main__":
    main()
