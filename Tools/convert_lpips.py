"""Turns the weights of a perceptual distance (LPIPS 0.1) into a safetensors file for `--metrics lpips-alex:FILE` or
`lpips-vgg:FILE`.

    pip install torch==2.13.0 lpips==0.1.4 safetensors==0.8.0 numpy
    python Tools/convert_lpips.py --net alex alexnet-owt-7be5be79.pth lpips-alex.safetensors
    python Tools/convert_lpips.py --net vgg vgg16-397923af.pth lpips-vgg.safetensors

The .pth file is the network that torchvision downloads (`torchvision.models.alexnet` or `vgg16`); the package lpips
brings the weights of its layers. Names, shapes and numbers stay as they are; nothing in the files is run.
"""

import argparse
import importlib.util
import pathlib
import pickle
import sys

import torch
from safetensors.torch import save_file

# The convolutions of a trunk up to the last layer that is compared, and the channels of the layers that are.
CONVOLUTIONS = {"alex": (0, 3, 6, 8, 10), "vgg": (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)}
CHANNELS = {"alex": (64, 192, 384, 256, 256), "vgg": (64, 128, 256, 512, 512)}


def read(path):
    """The tensors of a .pth file; says what is wrong with it in a SystemExit."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        sys.exit(f"{path}: there is no such file")
    except (RuntimeError, pickle.UnpicklingError, EOFError):
        sys.exit(f"{path}: this is no file of weights alone")


def linear_layers(net):
    """The file of the package lpips with the weights of a trunk's layers."""
    package = importlib.util.find_spec("lpips")
    if package is None:
        sys.exit("the package lpips is missing: pip install --no-deps lpips==0.1.4")
    return pathlib.Path(package.origin).parent / "weights" / "v0.1" / f"{net}.pth"


def convert(net, trunk, linear, target):
    """Writes the weights in the two files; says what is wrong with one in a SystemExit."""
    wanted = [(trunk, f"features.{index}.{part}") for index in CONVOLUTIONS[net] for part in ("weight", "bias")]
    wanted += [(linear, f"lin{layer}.model.1.weight") for layer in range(5)]
    weights = {path: read(path) for path in (trunk, linear)}
    kept = {}
    for path, name in wanted:
        if name not in weights[path]:
            sys.exit(f"{path}: there is no {name}; these are not the weights of lpips-{net}")
        kept[name] = weights[path][name].to(torch.float32).contiguous()
    for layer, channels in enumerate(CHANNELS[net]):
        if (found := tuple(kept[f"lin{layer}.model.1.weight"].shape)) != (1, channels, 1, 1):
            sys.exit(f"{linear}: lin{layer} is {found} and should be {(1, channels, 1, 1)}")
    source = pathlib.Path(trunk).name
    save_file(kept, target, metadata={"network": f"lpips-{net} 0.1", "source": source})
    print(f"{len(kept)} tensors, {sum(tensor.numel() for tensor in kept.values())} numbers in {target}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--net", choices=sorted(CHANNELS), required=True, help="the network in the .pth file")
    parser.add_argument("--linear", help="the weights of its layers; by default those of the installed package lpips")
    parser.add_argument("source", help="the .pth file")
    parser.add_argument("target", help="the .safetensors file to write")
    arguments = parser.parse_args()
    linear = arguments.linear or linear_layers(arguments.net)
    convert(arguments.net, arguments.source, str(linear), arguments.target)


if __name__ == "__main__":
    main()
