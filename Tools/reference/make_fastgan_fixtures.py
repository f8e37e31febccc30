"""Regenerates the fixtures of FastGAN's networks by their author's own code, at a fixed commit of

    git clone https://github.com/odegeasslbc/FastGAN-pytorch
    python Tools/reference/make_fastgan_fixtures.py FastGAN-pytorch

Parameters, inputs and the gradients of outputs are hashes of their names and places (hashed.py). Two things of the code are
changed: spectral norm is PyTorch's present one, whose power iteration takes the vectors in the other order, and decoders are
as wide as half of D's base width, which they are for the authors' width of 64."""

import argparse
import subprocess
import types

import torch
from torch.nn.functional import interpolate

from fixture import ROOT, Fixture
from network_fixtures import FOLDER, prefixed
from original_values import fill, given, gradients, loss_of

COMMIT = "1a848e5bce265c50e0ee38c932c256d5aa6f9880"
SIDE, CHANNELS, LATENTS = 256, 3, 8
WIDTHS = {"generator": 2, "discriminator": 4}


def load(repository, decoder_width):
    source = subprocess.run(
        ["git", "-C", repository, "show", f"{COMMIT}:models.py"], check=True, capture_output=True, text=True).stdout
    for old, new in (
        ("from torch.nn.utils import spectral_norm", "from torch.nn.utils.parametrizations import spectral_norm"),
        ("int(v*32)", f"int(v*{decoder_width})"),
    ):  # fmt: skip
        if old not in source:
            raise SystemExit(f"{repository} at {COMMIT} does not say '{old}'")
        source = source.replace(old, new)
    module = types.ModuleType("fastgan")
    exec(compile(source, "models.py", "exec"), module.__dict__)
    return module


def small(images):
    return torch.nn.functional.adaptive_avg_pool2d(images, 16)


def generator(originals):
    module = fill(originals.Generator(WIDTHS["generator"], LATENTS, CHANNELS, SIDE))
    latents = given("input", (3, LATENTS))
    # The authors apply tanh where pictures have 1024 pixels, and else leave it to who shows them.
    output = torch.tanh(module(latents)[0])
    # Gradients of what noise is multiplied by depend on the noise.
    used = {name: p for name, p in module.named_parameters() if "to_128" not in name and p.shape != (1,)}
    found = torch.autograd.grad(loss_of(output), list(used.values()))
    tensors = {"output": small(output)} | prefixed("grad", dict(zip(used, found)))

    def noisy(name):
        return lambda features, noise=None: features + 0.3 * given(f"{name}.noise_const", features.shape[2:])

    module.eval()
    for name, part in module.named_modules():
        if isinstance(part, originals.NoiseInjection):
            part.forward = noisy(name)
    tensors["inference"] = small(torch.tanh(module(latents)[0]))
    names = " ".join(name for name in module.state_dict() if "to_128" not in name)
    return {"width": WIDTHS["generator"], "latents": LATENTS, "names": names}, tensors


def discriminator(originals, part):
    module = fill(originals.Discriminator(WIDTHS["discriminator"], CHANNELS, SIDE))
    images = given("input", (2, CHANNELS, SIDE, SIDE))
    scores, (big, little, corner) = module(images, "real", part)
    rows, columns = (slice(None, 128), slice(128, None))[part // 2], (slice(None, 128), slice(128, None))[part % 2]
    targets = (images, big), (images, little), (images[:, :, rows, columns], corner)
    error = sum((interpolate(image, made.shape[2]) - made).square().mean() for image, made in targets)
    tensors = {"error": error}
    if part == 0:
        tensors |= {"output": scores} | gradients(loss_of(scores) + error, module)
    names = " ".join(module.state_dict())
    return {"width": WIDTHS["discriminator"], "part": part, "names": names}, tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", help="a clone of odegeasslbc/FastGAN-pytorch")
    originals = load(parser.parse_args().repository, WIDTHS["discriminator"] // 2)
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    fixture = Fixture(f"{FOLDER}/original_fastgan.safetensors", torch=torch.__version__, code=COMMIT)
    fixture.add("generator", *generator(originals))
    for part in range(4):
        fixture.add(f"discriminator.{part}", *discriminator(originals, part))
    fixture.save()
    size = (ROOT / fixture.path).stat().st_size
    print(f"{fixture.path}: {len(fixture.cases)} cases, {len(fixture.tensors)} tensors, {size} bytes")


if __name__ == "__main__":
    main()
