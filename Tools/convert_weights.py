"""Turns the published weights of pix2pix, CycleGAN and CUT, `.pth` files, into a safetensors file, which swift-gan reads as it is.

    pip install torch==2.13.0 safetensors==0.8.0 numpy
    python Tools/convert_weights.py latest_net_G.pth latest_net_G.safetensors

Names, shapes, types and numbers stay as they are; nothing in the file is run. The network needs no naming: swift-gan infers
architecture, depth, width, norm, dropout and channels from the names and shapes. Where a file holds more than one dictionary of
tensors, as checkpoints do, `--member NAME` says which one is meant.
"""

import argparse
import sys

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file


def weights(source, member=None):
    """The tensors in `source` by name; says what is wrong with it in a SystemExit."""
    try:
        content = torch.load(source, map_location="cpu", weights_only=True)
    except OSError as error:
        sys.exit(f"{source}: {error.strerror}")
    except Exception:  # A damaged file raises whatever its bytes lead to.
        sys.exit(
            f"{source}: this is no file of tensors alone (a state_dict that torch.save wrote), or it is damaged; whole "
            "pickled networks and TorchScript hold code, which is not run here"
        )
    if member is not None:
        if not isinstance(content, dict) or member not in content:
            sys.exit(f"{source}: it has no member '{member}'; {described(content)}")
        content = content[member]
    if not isinstance(content, dict) or not content or not all(isinstance(it, torch.Tensor) for it in content.values()):
        advice = "; name the one with the tensors by --member" if isinstance(content, dict) and content else ""
        sys.exit(f"{source}: this is no dictionary of tensors; {described(content)}{advice}")
    # Tensors that share memory, or are parts of others, get their own.
    return {name: tensor.detach().clone().contiguous() for name, tensor in content.items()}


def described(content):
    if not isinstance(content, dict) or not content:
        return "it is empty" if content == {} else f"it holds a {type(content).__name__}"
    return "its members are " + ", ".join(map(str, list(content)[:8]))


def convert(source, target, member=None):
    tensors = weights(source, member)
    try:
        save_file(tensors, target)
    except (OSError, SafetensorError) as error:
        sys.exit(f"{target}: cannot be written: {error}")
    print(f"{len(tensors)} tensors, {sum(tensor.numel() for tensor in tensors.values())} numbers in {target}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="the .pth file")
    parser.add_argument("target", help="the .safetensors file to write")
    parser.add_argument("--member", help="the member of the file that holds the tensors, as in state_dict")
    arguments = parser.parse_args()
    convert(arguments.source, arguments.target, arguments.member)


if __name__ == "__main__":
    main()
