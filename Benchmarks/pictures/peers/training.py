"""What the peers have in common: their command line, pictures in memory, the loop, and their translations.

    python pix2pix.py --material FOLDER --size S --width W --batch N (--minutes M | --steps N) --seed S [--out FOLDER]

A game has `step(source, target)`, which plays one training step, `translate(source)`, `optimizers`, and `networks`. Printed is one
line of JSON: steps, seconds, the median milliseconds of a step, versions.
"""

import argparse
import contextlib
import json
import pathlib
import statistics
import time

import numpy as np
import torch
from PIL import Image

RATE, BETAS = 2e-4, (0.5, 0.999)
# Left out of the median.
WARM_UP = 5


def options(**more):
    """The command line. more: options of one game with their defaults."""
    parser = argparse.ArgumentParser()
    add = parser.add_argument
    add("--material", type=pathlib.Path, required=True, help="with train.npz and test/source/")
    add("--size", type=int, required=True)
    add("--width", type=int, default=32, help="ngf and ndf")
    add("--batch", type=int, required=True)
    add("--minutes", type=float)
    add("--steps", type=int)
    add("--seed", type=int, default=1)
    add("--threads", type=int, default=2)
    add("--precision", choices=("float32", "bfloat16"), default="float32")
    add("--out", type=pathlib.Path, help="where the translations of the test pictures go")
    for name, default in more.items():
        add(f"--{name}", type=type(default), default=default)
    chosen = parser.parse_args()
    if (chosen.minutes is None) == (chosen.steps is None):
        parser.error("give either --minutes or --steps")
    torch.set_num_threads(chosen.threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(chosen.seed)
    chosen.mixed = (
        (lambda: torch.autocast("cpu", torch.bfloat16)) if chosen.precision == "bfloat16" else contextlib.nullcontext
    )
    return chosen


def adam(*networks):
    parameters = [parameter for network in networks for parameter in network.parameters()]
    return torch.optim.Adam(parameters, RATE, BETAS, fused=True)


@contextlib.contextmanager
def frozen(*networks):
    """No gradients for their weights meanwhile."""
    for network in networks:
        network.requires_grad_(False)
    try:
        yield
    finally:
        for network in networks:
            network.requires_grad_(True)


class Pictures:
    """Collections of pictures in memory, uint8 [N, C, H, W] each: batches of random crops, half of them mirrored."""

    def __init__(self, collections, size, batch):
        self.collections = [torch.from_numpy(one).permute(0, 3, 1, 2).contiguous() for one in collections]
        self.size, self.batch, self.orders = size, batch, {}

    def rows(self, key, count):
        """The next rows of an endless sequence of shuffled epochs."""
        order = self.orders.get(key, torch.empty(0, dtype=torch.long))
        while len(order) < self.batch:
            order = torch.cat([order, torch.randperm(count)])
        self.orders[key] = order[self.batch :]
        return order[: self.batch].tolist()

    def views(self, pictures):
        """Where to crop each picture of a batch, and whether to mirror it."""
        tops, lefts = (torch.randint(side - self.size + 1, (self.batch,)).tolist() for side in pictures.shape[2:])
        return list(zip(tops, lefts, (torch.rand(self.batch) < 0.5).tolist()))

    def taken(self, pictures, rows, views):
        """float [N, C, size, size] in [-1, 1]."""
        parts = []
        for row, (top, left, is_mirrored) in zip(rows, views):
            part = pictures[row, :, top : top + self.size, left : left + self.size]
            parts.append(part.flip(2) if is_mirrored else part)
        return torch.stack(parts).float().div_(127.5).sub_(1)

    def pairs(self):
        """Source and target of the same rows, cropped alike."""
        rows, views = self.rows("pairs", len(self.collections[0])), self.views(self.collections[0])
        return [self.taken(one, rows, views) for one in self.collections]

    def unpaired(self):
        """Sources and targets, each in an order of their own."""
        return [
            self.taken(one, self.rows(number, len(one)), self.views(one)) for number, one in enumerate(self.collections)
        ]


def play(game, chosen, paired):
    """Trains the game for the time or the steps that were asked for: learning rates are constant for half of that and then fall
    to 0 in a line. Then it translates, which takes no training time."""
    given = np.load(chosen.material / "train.npz")
    pictures = Pictures((given["source"], given["target"]), chosen.size, chosen.batch)
    draw = pictures.pairs if paired else pictures.unpaired
    milliseconds, began = [], time.perf_counter()
    while True:
        seconds = time.perf_counter() - began
        done = len(milliseconds) / chosen.steps if chosen.steps else seconds / (60 * chosen.minutes)
        if done >= 1:
            break
        for optimizer in game.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1, 2 * (1 - done))
        game.step(*draw())
        milliseconds.append(1000 * (time.perf_counter() - began - seconds))
    if chosen.out:
        translate(game, chosen)
    print(json.dumps({
        "steps": len(milliseconds), "seconds": round(seconds, 3), "precision": chosen.precision,
        "milliseconds": statistics.median(milliseconds[WARM_UP:] or milliseconds), "torch": torch.__version__,
        "parameters": [sum(one.numel() for one in network.parameters()) for network in game.networks],
    }))  # fmt: skip


@torch.no_grad()
def translate(game, chosen):
    """Writes the translation of each test picture, one at a time, under its name."""
    chosen.out.mkdir(parents=True)
    for path in sorted((chosen.material / "test/source").glob("*.png")):
        source = torch.from_numpy(np.atleast_3d(np.array(Image.open(path)))).permute(2, 0, 1)[None]
        made = game.translate(source.float().div_(127.5).sub_(1))[0]
        pixels = made.add(1).mul(127.5).round().clamp(0, 255).byte().permute(1, 2, 0)
        Image.fromarray(pixels.numpy().squeeze()).save(chosen.out / path.name)
