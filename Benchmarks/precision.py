"""Trains dcgan-keras in float32 and in bfloat16 from the same seeds and compares how losses and quality go.

    .build/bench-venv/bin/python Benchmarks/precision.py --data mnist:DIR

Each run is stopped and resumed at every milestone, where 10,000 pictures of its averaged generator are judged: by the
Fréchet distance to the 10,000 test images, in the 128 features of a small classifier that is trained here on the same
data first (its values compare with nothing but each other). Writes PRECISION.md and precision.json beside this file. A
run that is there is not repeated, so that an interrupted comparison goes on.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional as F

import machine

ROOT = pathlib.Path(__file__).parent
PRECISIONS = ("float32", "bfloat16")
PICTURES = 10_000


def gan(*arguments):
    process = subprocess.run([".build/release/gan", *map(str, arguments)], capture_output=True, text=True)
    if process.returncode:
        sys.exit(f"gan {' '.join(map(str, arguments))}\n{process.stderr}")


def pictures(path):
    """uint8 [N, H, W, C] as float [N, C, H, W] in [-1, 1]."""
    return torch.from_numpy(numpy.load(path)).permute(0, 3, 1, 2).float() / 127.5 - 1


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(64, 64, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(),
        )
        self.head = nn.Linear(128, 10)

    def forward(self, images):
        return self.head(self.body(images))


def classifier(folder, images, labels):
    model, path = Classifier(), folder / "classifier.pt"
    if path.exists():
        model.load_state_dict(torch.load(path, weights_only=True))
        return model.eval()
    torch.manual_seed(0)
    model, epochs = Classifier(), 2
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for _ in range(epochs):
        for chosen in torch.randperm(len(images)).split(128):
            loss = F.cross_entropy(model(images[chosen]), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    torch.save(model.state_dict(), path)
    return model.eval()


@torch.no_grad()
def statistics(model, images):
    features = torch.cat([model.body(part) for part in images.split(500)]).double().numpy()
    return features.mean(0), numpy.cov(features, rowvar=False)


def frechet_distance(a, b):
    """|μa − μb|² + tr(Σa + Σb − 2 (Σa Σb)^½) (Heusel et al. 2017, eq. 6), the root's trace by symmetric eigenvalues."""
    values, vectors = numpy.linalg.eigh(a[1])
    root = vectors * numpy.sqrt(values.clip(0)) @ vectors.T
    trace = numpy.sqrt(numpy.linalg.eigvalsh(root @ b[1] @ root).clip(0)).sum()
    return float(((a[0] - b[0]) ** 2).sum() + numpy.trace(a[1]) + numpy.trace(b[1]) - 2 * trace)


def train(folder, data, precision, seed, milestones, batch, threads):
    """The pictures at each milestone, and the log of the run."""
    run = folder / f"{precision}-{seed}"
    for steps in milestones:
        file = folder / f"{precision}-{seed}-{steps}.npy"
        if file.exists():
            continue
        limits = ["--steps", steps, "--quiet"]
        if (run / "recipe.json").exists():
            gan("resume", run, *limits)
        else:
            gan(
                "train", "dcgan-keras", "--data", data, "--batch", batch, "--precision", precision, "--seed", seed,
                "--threads", threads, "--out", run, *limits,
            )
        gan("sample", run, "--count", PICTURES, "--seed", 1, "--out", file)
        print(f"{precision}, seed {seed}: {steps} steps", file=sys.stderr, flush=True)
    events = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return [event for event in events if "loss_discriminator" in event]


def mean_losses(events, milestones):
    """Mean losses of both players over the steps that end at each milestone."""
    windows = zip([0, *milestones], milestones)
    chosen = [[event for event in events if begin < event["step"] <= end] for begin, end in windows]
    return {
        key: [float(numpy.mean([event[key] for event in part])) for part in chosen]
        for key in ("loss_discriminator", "loss_generator")
    }


def table(results, measure, milestones):
    rows = ["| steps | " + " | ".join(f"{p}: mean ± deviation (each seed)" for p in PRECISIONS) + " |", "|---|---|---|"]
    for index, steps in enumerate(milestones):
        cells = []
        for precision in PRECISIONS:
            values = [run[measure][index] for run in results if run["precision"] == precision]
            deviation = numpy.std(values, ddof=1) if len(values) > 1 else float("nan")
            each = ", ".join(f"{value:.4g}" for value in values)
            cells.append(f"{numpy.mean(values):.4g} ± {deviation:.2g} ({each})")
        rows.append(f"| {steps} | {cells[0]} | {cells[1]} |")
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description="float32 against bfloat16: losses and quality of the same training")
    parser.add_argument("--data", default="mnist", help="as for gan train; classes are needed")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(".build/precision"))
    options = parser.parse_args()
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    milestones = [options.steps * part // 6 for part in range(1, 7)]

    for split in ("train", "test"):
        gan(
            "data", options.data, "--split", split, "--export", folder / f"{split}.npy", "--labels",
            folder / f"{split}-labels.npy", "--preview", folder / f"{split}.png",
        )
    images = pictures(folder / "train.npy")
    model = classifier(folder, images, torch.from_numpy(numpy.load(folder / "train-labels.npy")).long())
    test, labels = pictures(folder / "test.npy"), torch.from_numpy(numpy.load(folder / "test-labels.npy")).long()
    with torch.no_grad():
        accuracy = float((torch.cat([model(part).argmax(1) for part in test.split(500)]) == labels).double().mean())
    real = statistics(model, test)
    floor = frechet_distance(statistics(model, images[:PICTURES]), real)

    results = []
    for seed in range(1, options.seeds + 1):
        for precision in PRECISIONS:
            events = train(folder, options.data, precision, seed, milestones, options.batch, options.threads)
            distances = [
                frechet_distance(statistics(model, pictures(folder / f"{precision}-{seed}-{steps}.npy")), real)
                for steps in milestones
            ]
            result = {"precision": precision, "seed": seed, "frechet_distance": distances}
            results.append(result | mean_losses(events, milestones))
            print(f"{precision}, seed {seed}: {[round(value, 2) for value in distances]}", file=sys.stderr, flush=True)

    about = machine.describe()
    summary = {
        "machine": about, "data": options.data.split(":")[0], "batch": options.batch, "milestones": milestones,
        "classifier_accuracy": accuracy, "floor": floor, "pictures": PICTURES, "runs": results,
    }
    (ROOT / "precision.json").write_text(json.dumps(summary, indent=1) + "\n")
    sections = [
        ("Fréchet distance", "frechet_distance"),
        ("Loss of D, mean since the previous row", "loss_discriminator"),
        ("Loss of G, mean since the previous row", "loss_generator"),
    ]
    (ROOT / "PRECISION.md").write_text(
        "# float32 against bfloat16\n\n"
        f"Written by `Benchmarks/precision.py`: `dcgan-keras` on {options.data.split(':')[0]}, batch {options.batch}, "
        f"seeds 1 to {options.seeds}, everything else equal. The distance is that of {PICTURES:,} pictures of the averaged "
        "generator to the test images, in the features of a classifier trained for this comparison "
        f"(accuracy {accuracy:.2%}); {PICTURES:,} training images have {floor:.3g}. It is not comparable with FID elsewhere.\n\n"
        f"Machine: {json.dumps(about)}\n\n"
        + "\n\n".join(f"## {title}\n\n{table(results, measure, milestones)}" for title, measure in sections)
        + "\n"
    )


if __name__ == "__main__":
    main()
