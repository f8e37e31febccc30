"""The twelve colours of the label maps of CMP facades, and what a picture is in them."""

import numpy as np

# As they stand in the JPEG files, which is not as most write-ups have them.
COLOURS = np.array([
    (0, 0, 222), (0, 48, 255), (0, 128, 255), (1, 207, 255), (32, 255, 224), (112, 255, 143),
    (192, 255, 63), (255, 240, 0), (255, 159, 0), (255, 80, 0), (255, 0, 0), (174, 0, 0),
], dtype=np.int32)  # fmt: skip


def classes(pictures):
    """The number of the nearest colour, uint8 [..., H, W], for every pixel of uint8 [..., H, W, 3]."""
    pixels = pictures.reshape(-1, 3).astype(np.int32)
    squares = ((pixels[:, None] - COLOURS[None]) ** 2).sum(2)
    return squares.argmin(1).astype(np.uint8).reshape(pictures.shape[:-1])


def confusion(truth, found):
    """[12, 12]: how many pixels of the class of a row were found to be that of a column."""
    size = len(COLOURS)
    pairs = truth.astype(np.int64).ravel() * size + found.ravel()
    return np.bincount(pairs, minlength=size * size).reshape(size, size)


def scores(matrix):
    """Share of right pixels, and means over the classes that occur of the share of right pixels and of the intersection over
    the union (the metrics of Isola et al. 2017, section 4.1)."""
    right, true, found = np.diag(matrix).astype(float), matrix.sum(1), matrix.sum(0)
    occurs = true > 0
    return {
        "pixel-accuracy": right.sum() / matrix.sum(),
        "class-accuracy": (right[occurs] / true[occurs]).mean(),
        "iou": (right[occurs] / (true + found - right)[occurs]).mean(),
    }  # fmt: skip
