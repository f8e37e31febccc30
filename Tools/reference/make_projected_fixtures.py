"""Regenerates the fixtures of Projected GANs' mixing and discriminators by their authors' own code, at a fixed commit of

    git clone https://github.com/autonomousvision/projected-gan
    python Tools/reference/make_projected_fixtures.py projected-gan

Parameters, maps and the gradients of outputs are hashes of their names and places (hashed.py). Three things of the code are changed:
spectral norm is PyTorch's present one, whose power iteration takes the vectors in the other order; the widths are a sixteenth of the
authors'; and `timm`, whose network is not used here, need not be there."""

import argparse
import importlib
import pathlib
import subprocess
import sys
import tempfile
import types

import torch

from fixture import ROOT, Fixture
from network_fixtures import FOLDER, prefixed
from original_values import fill, given, loss_of

COMMIT = "e1c246b8bdce4fac3c2bfcb69df309fc27df9b86"
INPUTS, SIZES, WIDTH = (3, 5, 4, 6), (32, 16, 8, 4), 4


def load(repository):
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "-C", repository, "archive", COMMIT, "pg_modules"], check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        for name, old, new in (
            ("blocks", "from torch.nn.utils import spectral_norm", "from torch.nn.utils.parametrizations import spectral_norm"),
            ("discriminator", "nfc = channel_dict", f"nfc = {{k: v * {WIDTH} // 64 for k, v in channel_dict.items()}}"),
        ):  # fmt: skip
            path = pathlib.Path(folder) / "pg_modules" / f"{name}.py"
            text = path.read_text()
            if old not in text:
                raise SystemExit(f"{name}.py at {COMMIT} does not say '{old}'")
            path.write_text(text.replace(old, new))
        sys.modules["timm"] = types.ModuleType("timm")
        sys.path.insert(0, folder)
        try:
            return tuple(importlib.import_module(f"pg_modules.{name}") for name in ("projector", "discriminator"))
        finally:
            sys.path.remove(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", help="a clone of autonomousvision/projected-gan")
    projector, discriminator = load(parser.parse_args().repository)
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    scratch = projector._make_scratch_ccm(torch.nn.Module(), INPUTS, WIDTH, expand=True)
    scratch = projector._make_scratch_csm(scratch, scratch.CHANNELS, WIDTH, expand=True)
    fill(scratch, "scratch.")
    # The forward pass of the authors' class, without the network of features before it.
    mixer = types.SimpleNamespace(
        proj_type=2, scratch=scratch, pretrained=types.SimpleNamespace(**{
            f"layer{level}": lambda _, level=level: maps[level] for level in range(4)}))  # fmt: skip
    maps = [given(f"map{level}", (4, count, side, side)) for level, (count, side) in enumerate(zip(INPUTS, SIZES))]
    for tensor in maps:
        tensor.requires_grad_()
    mixed = projector.F_RandomProj.forward(mixer, None)
    module = fill(discriminator.MultiScaleD(
        channels=scratch.CHANNELS, resolutions=[2 * side for side in SIZES], num_discs=4))
    scores = module(mixed, None)
    parameters = dict(module.named_parameters())
    found = torch.autograd.grad(loss_of(scores), list(parameters.values()) + maps)
    tensors = {"output": scores} | prefixed("grad", dict(zip(parameters, found)))
    tensors |= {f"grad_map{level}": gradient for level, gradient in enumerate(found[len(parameters):])}
    tensors |= {f"mixed{level}": torch.nn.functional.adaptive_avg_pool2d(mixed[str(level)], 4) for level in range(4)}
    fixture = Fixture(f"{FOLDER}/original_projected.safetensors", torch=torch.__version__, code=COMMIT)
    names = [f"scratch.{name}" for name in scratch.state_dict()] + list(module.state_dict())
    fixture.add("discriminator", {"width": WIDTH, "names": " ".join(names)}, tensors)
    fixture.save()
    size = (ROOT / fixture.path).stat().st_size
    print(f"{fixture.path}: {len(fixture.cases)} cases, {len(fixture.tensors)} tensors, {size} bytes")


if __name__ == "__main__":
    main()
