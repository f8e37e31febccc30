"""Judges rendered digits with a small CNN that was trained on real MNIST.

    recognise_digits.py --mnist FOLDER --images images.npy --labels labels.npy [--weights FILE] [--grid grid.png]

FOLDER holds MNIST's four IDX files (.gz). `images` is uint8 [N, 28, 28] (or [N, 28, 28, 1]; `.npy`, or raw bytes
under any other name), `labels` whole numbers [N]. The network is trained on the first call (a minute or two on two cores) and
kept in the user's cache. Prints the share recognised, the share a class, the confusion table, and how the pictures'
statistics compare with MNIST's.
"""

import argparse
import gzip
import os
import pathlib
import sys

import numpy as np
import torch
from torch import nn

SEED, EPOCHS, BATCH = 1, 4, 128


def read_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    sides = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(sides)).reshape(sides)


def read_images(path):
    array = np.load(path) if path.endswith(".npy") else np.fromfile(path, np.uint8)
    return array.reshape(-1, 28, 28)


def read_labels(path):
    return np.load(path) if path.endswith(".npy") else np.fromfile(path, np.uint8)


def network():
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 49, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 10),
    )  # fmt: skip


def to_input(images):
    return torch.from_numpy(images.astype(np.float32) / 255).unsqueeze(1)


@torch.no_grad()
def classify(model, images):
    model.eval()
    parts = [images[start : start + 1000] for start in range(0, len(images), 1000)]
    return np.concatenate([model(to_input(part)).argmax(1).numpy() for part in parts])


def trained(folder, weights):
    torch.manual_seed(SEED)
    model = network()
    if weights.exists():
        model.load_state_dict(torch.load(weights, weights_only=True))
        return model
    images, labels = read_idx(folder / "train-images-idx3-ubyte.gz"), read_idx(folder / "train-labels-idx1-ubyte.gz")
    inputs, targets = to_input(images), torch.from_numpy(labels.astype(np.int64))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for epoch in range(EPOCHS):
        model.train()
        for chosen in torch.randperm(len(inputs)).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(inputs[chosen]), targets[chosen]).backward()
            optimizer.step()
        print(f"epoch {epoch + 1} of {EPOCHS}")
    weights.parent.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), weights)
    return model


def shear(image):
    """The slope of the ink's main direction, from second moments: positive leans to the right."""
    total = image.sum()
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    y, x = y - (image * y).sum() / total, x - (image * x).sum() / total
    return -(image * x * y).sum() / max((image * y * y).sum(), 1e-9)


def stroke_width(image):
    """Ink area over half the outline's length at half intensity, in pixels."""
    ink = image > 0.5
    padded = np.pad(ink, 1).astype(np.int8)
    outline = np.abs(np.diff(padded, axis=0)).sum() + np.abs(np.diff(padded, axis=1)).sum()
    return 2 * ink.sum() / max(outline * np.pi / 4, 1e-9)


def statistics(images, labels):
    parts = images[:5000].astype(np.float64) / 255
    widths, slants = np.array([stroke_width(i) for i in parts]), np.array([shear(i) for i in parts])
    scaled = images.astype(np.float64) / 255
    spread = np.mean([scaled[labels == k].std(axis=0).mean() for k in range(10)])
    inks = scaled.mean(axis=(1, 2))
    grey = ((images > 25) & (images < 230)).sum() / max((images > 25).sum(), 1)
    rows = {
        "mean ink": inks.mean(), "deviation of ink": inks.std(), "stroke width": widths.mean(),
        "deviation of width": widths.std(), "slant": slants.mean(), "deviation of slant": slants.std(),
        "pixel deviation within a class": spread, "share of grey among inked pixels": grey,
    }  # fmt: skip
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    parser.add_argument("--mnist", type=pathlib.Path, required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--weights", type=pathlib.Path, default=cache / "swift-gan" / "recognise_digits.pt")
    parser.add_argument("--grid", help="write the first 20 images of each class to this PNG")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    for path in [arguments.images, arguments.labels, arguments.mnist / "t10k-images-idx3-ubyte.gz"]:
        if not os.path.exists(path):
            sys.exit(f"{path}: there is no such file")
    images, labels = read_images(arguments.images), read_labels(arguments.labels)
    if len(images) == 0 or len(images) != len(labels):
        sys.exit(f"{arguments.images}: {len(images)} images, but {len(labels)} labels; one label an image is needed")

    model = trained(arguments.mnist, arguments.weights)
    real = read_idx(arguments.mnist / "t10k-images-idx3-ubyte.gz")
    real_labels = read_idx(arguments.mnist / "t10k-labels-idx1-ubyte.gz")
    print(f"MNIST's test images recognised: {(classify(model, real) == real_labels).mean():.2%}")

    answers = classify(model, images)
    print(f"rendered digits recognised: {(answers == labels).mean():.2%} of {len(images)}")
    table = np.zeros((10, 10), int)
    np.add.at(table, (labels, answers), 1)
    print("drawn  share   read as 0..9")
    for digit, row in enumerate(table):
        print(f"{digit:5}  {row[digit] / max(row.sum(), 1):6.2%}  {' '.join(f'{n:5}' for n in row)}")
    print(f"{'statistic':34} {'MNIST':>8} {'rendered':>8}")
    ours, theirs = statistics(images, labels), statistics(real, real_labels)
    for name, value in theirs.items():
        print(f"{name:34} {value:8.3f} {ours[name]:8.3f}")
    if arguments.grid:
        from PIL import Image

        rows = [np.concatenate(list(images[labels == k][:20]), axis=1) for k in range(10)]
        picture = Image.fromarray(255 - np.concatenate(rows))
        picture.resize((picture.width * 2, picture.height * 2), Image.NEAREST).save(arguments.grid)


if __name__ == "__main__":
    main()
