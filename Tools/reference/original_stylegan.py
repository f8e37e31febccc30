"""StyleGAN2's networks and StyleGAN2-ADA's augmentation by their authors' own code, at a fixed commit of

    https://github.com/NVlabs/stylegan2-ada-pytorch

in double precision: the code asks for float32 in many places, and gets float64."""

import importlib
import pathlib
import subprocess
import sys
import tempfile
import types

import torch

COMMIT = "d72cc7d041b42ec8e806021a205ed9349f87c6a4"
FOLDERS = ("dnnlib", "torch_utils", "training")


class DoubleTorch(types.ModuleType):
    """torch, whose float32 is float64."""

    def __getattr__(self, name):
        return torch.float64 if name == "float32" else getattr(torch, name)


def load(repository):
    """The modules `training.networks` and `training.augment` of the repository, a clone (bare or not), with nothing of it left on
    the disk."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "-C", repository, "archive", COMMIT, *FOLDERS], check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        # It would fetch files from the network, which nothing here does.
        sys.modules["requests"] = types.ModuleType("requests")
        sys.path.insert(0, folder)
        try:
            networks, augment = (importlib.import_module(f"training.{name}") for name in ("networks", "augment"))
        finally:
            sys.path.remove(folder)
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            if path and pathlib.Path(path).is_relative_to(folder) and hasattr(module, "torch"):
                module.torch = DoubleTorch("torch")
        return networks, augment
