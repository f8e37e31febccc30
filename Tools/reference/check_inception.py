"""Holds `--extractor inception-legacy:FILE` against torch-fidelity on random weights, from the .pth file to the features.

    make build
    python Tools/reference/check_inception.py

The weights go the whole way that the real ones go: a .pth file, Tools/convert_inception.py, `gan extractor features`.
Give the real file with --weights to compare on it. Ends with status 1 when an element differs by more than 1e-4 of the
largest.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch

from fixture import ROOT
from inception_fixtures import extractor, hashed_weight, weights

sys.path.insert(0, str(ROOT / "Tools"))
from convert_inception import convert  # noqa: E402

LIMIT = 1e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", help="the usual .pth file instead of random weights")
    parser.add_argument("--gan", default=ROOT / ".build/release/gan", help="the command")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        original = arguments.weights or folder / "weights.pth"
        if not arguments.weights:
            torch.save(weights(hashed_weight), original)
        convert(original, folder / "weights.safetensors")
        network = extractor(original)
        random = numpy.random.default_rng(1)
        worst = 0.0
        for height, width in ((299, 299), (28, 28), (64, 64), (400, 300)):
            pictures = random.integers(0, 256, (4, height, width, 3), dtype=numpy.uint8)
            numpy.save(folder / "pictures.npy", pictures)
            subprocess.run(
                [arguments.gan, "extractor", "features", "pictures.npy", "--out", "features.npy"]
                + ["--logits", "logits.npy", "--extractor", "inception-legacy:weights.safetensors", "--quiet"],
                cwd=folder, check=True, stdout=subprocess.DEVNULL,
            )
            expected = network(torch.from_numpy(pictures).permute(0, 3, 1, 2))
            for what, reference in zip(("features", "logits"), expected):
                found = numpy.load(folder / f"{what}.npy").reshape(reference.shape)
                reference = reference.numpy()
                deviation = abs(found - reference).max() / abs(reference).max()
                worst = max(worst, deviation)
                print(f"{width}x{height} {what}: {deviation:.1e} of the largest, {abs(reference).max():.3g}")
    sys.exit(0 if worst <= LIMIT else 1)


if __name__ == "__main__":
    main()
