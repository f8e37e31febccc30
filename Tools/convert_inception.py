"""Turns the usual Inception weights of the Fréchet distance into a safetensors file for `--extractor inception:FILE`.

    pip install torch==2.13.0 safetensors==0.8.0 numpy
    python Tools/convert_inception.py pt_inception-2015-12-05-6726825d.pth inception.safetensors

The file is the one that pytorch-fid and torch-fidelity (there `weights-inception-2015-12-05-6726825d.pth`) download.
Names, shapes and numbers stay as they are; nothing in the file is run.
"""

import argparse
import pathlib
import pickle
import sys

import torch
from safetensors.torch import save_file

EXPECTED = {
    "Conv2d_1a_3x3.conv.weight": (32, 3, 3, 3),
    "Mixed_5b.branch_pool.bn.running_var": (32,),
    "Mixed_6e.branch7x7_2.conv.weight": (192, 192, 1, 7),
    "Mixed_7c.branch_pool.conv.weight": (192, 2048, 1, 1),
    "fc.weight": (1008, 2048),
}


def convert(source, target):
    """Writes the weights in `source`; says what is wrong with it in a SystemExit."""
    try:
        weights = torch.load(source, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        sys.exit(f"{source}: there is no such file")
    except (RuntimeError, pickle.UnpicklingError, EOFError):
        sys.exit(
            f"{source}: this is no file of weights alone; the one that is needed is "
            "pt_inception-2015-12-05-6726825d.pth, not a TorchScript .pt"
        )
    for name, shape in EXPECTED.items():
        found = tuple(weights[name].shape) if isinstance(weights, dict) and name in weights else "missing"
        if found != shape:
            sys.exit(f"{source}: {name} is {found} and should be {shape}; these are not the weights of 2015-12-05")
    kept = {
        name: tensor.to(torch.float32).contiguous()
        for name, tensor in weights.items()
        if not name.endswith("num_batches_tracked")
    }
    save_file(kept, target, metadata={"network": "inception-v3 2015-12-05", "source": pathlib.Path(source).name})
    print(f"{len(kept)} tensors, {sum(tensor.numel() for tensor in kept.values())} numbers in {target}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="the .pth file")
    parser.add_argument("target", help="the .safetensors file to write")
    arguments = parser.parse_args()
    convert(arguments.source, arguments.target)


if __name__ == "__main__":
    main()
