"""What some rows need and the shared data lack: a split of the tiles, and a classifier to judge them by."""

import pathlib
import shutil
import sys

from quality.place import checked
from quality.rows import LABELLED, TILES, TILES_EXTRACTOR, UNLABELLED, classifier

SPLIT = "tiles"


def prepare(place, words):
    """Makes those of them that the words of a command name."""
    for source, data in LABELLED.items():
        made = {
            classifier(source): ["extractor", "train", "--data", data, "--out"],
            f"{UNLABELLED}/{source}.npy": ["data", data, "--preview", f"{UNLABELLED}/{source}.png", "--export"],
        }  # fmt: skip
        for path, making in made.items():
            file = pathlib.Path(*place.filled([path]))
            if any(word in (path, f"classifier:{path}") for word in words) and not file.exists():
                print(f"prepare: {file.name}", file=sys.stderr, flush=True)
                file.parent.mkdir(parents=True, exist_ok=True)
                checked(place, [*making, path])
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
