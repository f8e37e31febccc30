"""Makes what a row's players and its judge read, in a folder of its own:

    python material.py NAME --data FOLDER --out FOLDER

NAME is facades-64, facades-128, unpaired-facades or unpaired-edges. The folder gets

    train.npz          source and target, uint8 [N, S, S, C]: what a peer keeps in memory, as large as it crops from
    test/source, test/truth    the pictures that are translated and what they should become, as PNG of the row's size
    answers            what needs no training, one folder each: the median of the training targets for all, and, of pairs, the
                       target of the nearest training source
    collections        of unpaired rows: trainA, trainB, testA and testB, for `gan train --data`
    judge.npz          of facades: photos and classes of the training pairs, uint8
"""

import argparse
import gzip
import pathlib
import shutil

import numpy as np
from PIL import Image, ImageOps

import palette
import splits

# pix2pix's and CycleGAN's jitter: 286 pixels for 256.
JITTER = 286 / 256


def halves(data):
    """The photos (left) and label maps (right) of all facades, 256x256."""
    for path in sorted((data / "facades").glob("image_*.jpg")):
        with Image.open(path) as picture:
            side = picture.height
            yield picture.crop((0, 0, side, side)).convert("RGB"), picture.crop((side, 0, 2 * side, side)).convert("RGB")


def fitted(pictures, side, method=Image.LANCZOS):
    """uint8 [N, side, side, C]; Lanczos is what `gan train --size` resizes by, too."""
    return np.stack([np.asarray(ImageOps.fit(picture, (side, side), method)) for picture in pictures])


def write_pictures(folder, arrays):
    folder.mkdir(parents=True)
    for number, array in enumerate(arrays):
        Image.fromarray(array.squeeze()).save(folder / f"{number:05}.png", compress_level=1)


def write_test(folder, sources, truth):
    write_pictures(folder / "test/source", sources)
    write_pictures(folder / "test/truth", truth)


def write_median(folder, targets, count):
    median = np.median(targets, 0).round().astype(np.uint8)
    write_pictures(folder / "answers/median", [median] * count)


def write_nearest(folder, sources, targets, asked):
    """nearest: by the mean squared difference."""
    flat = lambda pictures: pictures.reshape(len(pictures), -1).astype(np.float32)
    rows, given = flat(sources), flat(asked)
    squares = (rows**2).sum(1)[None] - 2 * given @ rows.T
    write_pictures(folder / "answers/nearest", targets[squares.argmin(1)])


def facades(data, folder, side):
    """Label maps to photos. A peer crops from pictures that were resized a little larger, by bicubic interpolation as in the
    authors' code."""
    photos, labels = zip(*halves(data))
    train, test, larger = np.array(splits.FACADES_TRAIN), np.array(splits.FACADES_TEST), round(side * JITTER)
    source, target = fitted(labels, larger, Image.BICUBIC), fitted(photos, larger, Image.BICUBIC)
    np.savez(folder / "train.npz", source=source[train], target=target[train])
    source, target = fitted(labels, side), fitted(photos, side)
    np.savez(folder / "judge.npz", photos=target[train], classes=palette.classes(source[train]))
    write_test(folder, source[test], target[test])
    write_median(folder, target[train], len(test))
    write_nearest(folder, source[train], target[train], source[test])


def unpaired_facades(data, folder, side=64):
    """Photos to label maps, of pictures that share no facade."""
    photos, labels = zip(*halves(data))
    pick = lambda pictures, numbers: [pictures[number] for number in numbers]
    train, test = (pick(photos, splits.FACADES_PHOTOS), pick(labels, splits.FACADES_LABELS)), splits.FACADES_TEST
    larger = round(side * JITTER)
    source, target = (fitted(pictures, larger, Image.BICUBIC) for pictures in train)
    np.savez(folder / "train.npz", source=source, target=target)
    for name, pictures in zip(("trainA", "trainB"), train):
        write_pictures(folder / "collections" / name, [np.asarray(picture) for picture in pictures])
    write_test(folder, fitted(pick(photos, test), side), fitted(pick(labels, test), side))
    write_median(folder, fitted(train[1], side), len(test))
    link_test(folder)


def unpaired_edges(data, folder, side=32):
    """Drawn edges to pictures of clothes, both grey, of different pictures. They are small: no jitter, which would blur lines
    one pixel wide."""
    from skimage.feature import canny

    def fashion(name, numbers):
        path = data / "fashion-mnist" / f"{name}-images-idx3-ubyte.gz"
        pictures = np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=16).reshape(-1, 28, 28)
        return np.pad(pictures[numbers.start : numbers.stop], ((0, 0), *[((side - 28) // 2,) * 2] * 2))

    def edges(pictures):
        return np.stack([np.uint8(255) * canny(picture / 255, sigma=1) for picture in pictures])

    source, target = edges(fashion("train", splits.FASHION_EDGES)), fashion("train", splits.FASHION_PHOTOS)
    truth = fashion("t10k", splits.FASHION_TEST)
    np.savez(folder / "train.npz", source=source[..., None], target=target[..., None])
    write_pictures(folder / "collections/trainA", source)
    write_pictures(folder / "collections/trainB", target)
    write_test(folder, edges(truth), truth)
    write_median(folder, target, len(truth))
    link_test(folder)


def link_test(folder):
    """The test pictures by the names that CycleGAN's layout has for them."""
    for name, kind in (("testA", "source"), ("testB", "truth")):
        (folder / "collections" / name).symlink_to(f"../test/{kind}")


MAKERS = {
    "facades-64": lambda *given: facades(*given, 64), "facades-128": lambda *given: facades(*given, 128),
    "unpaired-facades": unpaired_facades, "unpaired-edges": unpaired_edges,
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=MAKERS)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="with facades/ and fashion-mnist/ in it")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    chosen = parser.parse_args()
    # In its place at once: what is there is whole.
    part = chosen.out.with_name(f".{chosen.out.name}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    MAKERS[chosen.name](chosen.data, part)
    part.rename(chosen.out)


if __name__ == "__main__":
    main()
