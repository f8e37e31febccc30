"""What some rows need and the shared data lack: a split of the tiles, and a classifier to judge them by."""

import shutil
import sys

from quality.place import checked
from quality.rows import TILES, TILES_EXTRACTOR

CLASSIFIER, SPLIT = "cifar10-classifier.safetensors", "tiles"


def prepare(place, words):
    """Makes those of them that the words of a command name."""
    if TILES_EXTRACTOR in words and not (place.work / CLASSIFIER).exists():
        print("prepare: CIFAR-10's classifier", file=sys.stderr, flush=True)
        options = ["--data", "cifar10:$DATA/cifar10", "--out", f"$WORK/{CLASSIFIER}"]
        checked(place, ["extractor", "train", *options])
    if TILES in words and not (place.work / SPLIT / "test").exists():
        split_tiles(place.data / "crawl-tiles/mon", place.work / SPLIT)


def split_tiles(source, target):
    """Links every eighth picture below `source` in `target`/test, the others in `target`/train: without held-out pictures
    nobody can tell copies from pictures that are good."""
    pictures = sorted(source.rglob("*.png"))
    if not pictures:
        sys.exit(f"there are no tiles in {source}: give the folder of the shared data as --data")
    shutil.rmtree(target, ignore_errors=True)
    for split in ("train", "test"):
        # Test comes last, and whole: it tells that all is there.
        part = target / f".{split}"
        part.mkdir(parents=True)
        for index, picture in enumerate(pictures):
            if (index % 8 == 7) == (split == "test"):
                (part / f"{index:04}.png").symlink_to(picture.resolve())
        part.rename(target / split)
