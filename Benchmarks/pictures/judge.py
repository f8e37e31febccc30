"""Compares translations with what they should be. Whoever made them, they are judged by the PNG files that they are:

    python judge.py --material FOLDER --measures l1,psnr,... [--steps N] FOLDER...

Each FOLDER has as many pictures as test/truth of the material; they pair in the order of their names. Prints a line of JSON for
each: the values by name.
"""

import argparse
import functools
import json
import pathlib
import sys

import numpy as np
from PIL import Image

import distances
import palette
import perception
import segmentation


def pictures(folder):
    """uint8 [N, H, W, 3], grey as three equal channels."""
    paths = sorted(folder.glob("*.png"))
    if not paths:
        sys.exit(f"there are no pictures in {folder}")
    return np.stack([np.asarray(Image.open(path).convert("RGB")) for path in paths])


class Judge:
    """Every measure is a method that takes translations and returns values by name."""

    def __init__(self, material, steps):
        self.material, self.steps = material, steps
        self.truth, self.source = pictures(material / "test/truth"), pictures(material / "test/source")
        self.measures = {
            "l1": self.mean("l1", distances.l1), "psnr": self.mean("psnr", distances.psnr),
            "ssim": self.mean("ssim", distances.ssim),
            "alex": self.mean("alex", lambda *pair: perception.distances(self.trunk("alex"), *pair)),
            "vgg": self.mean("vgg", lambda *pair: perception.distances(self.trunk("vgg"), *pair)),
            "kid": self.kid, "segmentation": self.recognised, "colours": self.colours,
            "brightness": self.brightness,
        }  # fmt: skip

    def mean(self, name, distance):
        """The mean of a distance over all pairs."""
        return lambda found: {name: distance(found, self.truth).mean()}

    @functools.cache
    def trunk(self, name):
        return perception.load(name)

    def kid(self, found):
        """In features of the trunk, scaled so that the mean square of the truth's is 1: the kernel is made for such."""
        found, truth = (perception.features(self.trunk("alex"), one) for one in (found, self.truth))
        scale = 1 / np.sqrt((truth**2).mean())
        return {"kid": distances.kid(scale * found, scale * truth)}

    def recognised(self, found):
        """The share of the pixels of drawn photos in which the segmentation network sees the class of the label map."""
        network = segmentation.network(self.material, self.steps)
        matrix = palette.confusion(palette.classes(self.source), segmentation.classes(network, found))
        return {"segmentation": palette.scores(matrix)["pixel-accuracy"]}

    def colours(self, found):
        """Of drawn label maps: the nearest colours against those of the truth."""
        return palette.scores(palette.confusion(palette.classes(self.truth), palette.classes(found)))

    def brightness(self, found):
        """The mean correlation of the brightness of translations with that of their sources: below 0 dark has become bright."""
        return {"brightness": distances.brightness(found, self.source).mean()}

    def values(self, folder, measures):
        found = pictures(folder)
        if found.shape != self.truth.shape:
            sys.exit(f"{folder} has {found.shape[0]} pictures of {found.shape[2]}x{found.shape[1]}, and "
                     f"{self.truth.shape[0]} of {self.truth.shape[2]}x{self.truth.shape[1]} are to be judged")  # fmt: skip
        values = {}
        for measure in measures:
            values |= self.measures[measure](found)
        return {name: float(value) for name, value in values.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--material", type=pathlib.Path, required=True)
    parser.add_argument("--measures", required=True)
    parser.add_argument("--steps", type=int, default=segmentation.STEPS, help="of the segmentation network's training")
    chosen = parser.parse_args()
    judge = Judge(chosen.material, chosen.steps)
    for folder in chosen.folders:
        print(json.dumps(judge.values(folder, chosen.measures.split(","))), flush=True)


if __name__ == "__main__":
    main()
