"""Does every metric order pictures as it should? Judges real, spoilt and copied pictures by `gan evaluate`.

    .build/bench-venv/bin/python Benchmarks/judging.py --data mnist:DIR

The reference is the training split. What is judged: the test split (the floor), the training split itself, one class of it,
1,000 pictures of it repeated ten times (a generator that memorised), the test pictures shuffled pixel by pixel, blurred, and
noise. Each by the classifier of the data and by an encoder that learnt from them without their labels. Writes JUDGING.md and
judging.json beside this file.
"""

import argparse
import datetime
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy

import machine

ROOT = pathlib.Path(__file__).parent
COUNT = 10_000
EXTRACTORS = ("classifier", "encoder")
# The metrics whose value is the lowest for real pictures.
LOW = {"fid", "kid", "swd", "class-kl", "mode-kl", "memorisation"}
# What is no sample of the data's distribution, and every metric is asked about.
SPOILT = ("memorised", "one class", "blurred", "shuffled", "noise")
NATURE = """\
Each metric is blind to something by its nature. precision and density ask whether a sample looks like data, and copies and a
single class do; is asks whether classes are clear and diverse, and those of copies are; fid, kid and swd compare distributions,
and 1,000 repeated pictures have nearly that of the data; diversity only compares samples with each other, and noise is the most
diverse; recall and coverage ask how much of the data is covered, class-kl how frequent each class is, and none of them what else
a sample is; memorisation detects only copies of training pictures. Its baseline is chance, 0, since the test split is its
held-out data: the blurred and shuffled pictures are made from that, the memorised ones and the single class from training
pictures. So use several metrics, such as fid, precision, coverage and memorisation."""


def gan(*arguments):
    process = subprocess.run([".build/release/gan", *map(str, arguments)], capture_output=True, text=True)
    if process.returncode:
        sys.exit(f"gan {' '.join(map(str, arguments))}\n{process.stderr}")
    return process.stdout


def judged_sets(train, labels, test, random):
    """Name and pictures [COUNT, H, W, C] of everything that is judged."""
    some = random.permutation(len(train))
    largest = numpy.bincount(labels).argmax()
    one = train[some][labels[some] == largest]
    wide = numpy.pad(test.astype(float), ((0, 0), (2, 2), (2, 2), (0, 0)), mode="edge")
    rows, columns = test.shape[1:3]
    blurred = sum(wide[:, i : i + rows, j : j + columns] for i in range(5) for j in range(5)) / 25
    shuffled = random.permuted(test.reshape(len(test), -1), axis=1).reshape(test.shape)
    return {
        "test split": test,
        "train split": train[some[:COUNT]],
        "memorised": numpy.tile(train[some[: COUNT // 10]], (10, 1, 1, 1)),
        "one class": numpy.resize(one, test.shape),
        "blurred": blurred.round().astype(numpy.uint8),
        "shuffled": shuffled,
        "noise": random.integers(0, 256, test.shape, dtype=numpy.uint8),
    }


def judge(name, pictures, extractor, data, folder, threads):
    path = folder / (name.replace(" ", "-") + ".npy")
    numpy.save(path, numpy.ascontiguousarray(pictures))
    lines = gan("evaluate", path, "--data", data, "--count", COUNT, "--extractor", extractor, "--json", *threads).splitlines()
    print(f"judged by {extractor}: {name}", file=sys.stderr, flush=True)
    return {record["metric"]: record for record in map(json.loads, lines)}


def verdict(metric, found):
    """The sets that a metric does not separate from real pictures by more than three deviations of both, or ranks above them."""
    # The test split are memorisation's held-out pictures, nearest to themselves: other real pictures would be at chance.
    value, deviation = (0, 0) if metric == "memorisation" else numbers(found["test split"][metric])
    blind, above = [], []
    for name in SPOILT:
        judged, spread = numbers(found[name][metric])
        worse = judged - value if metric in LOW else value - judged
        limit = 3 * math.hypot(deviation, spread)
        # Without a deviation nothing is told.
        if not abs(worse) > limit:
            blind.append(name)
        elif worse < 0:
            above.append(name)
    said = [f"{words}: {', '.join(names)}" for words, names in (("does not separate", blind), ("ranks above real", above)) if names]
    return "; ".join(said) or "separates all"


def numbers(record):
    """A metric's value and deviation, not a number where there is none."""
    return tuple(math.nan if record[key] is None else record[key] for key in ("value", "deviation"))


def markdown(found, data, versions):
    one = next(iter(found[EXTRACTORS[0]]["test split"].values()))
    lines = [
        "# Do the metrics rank pictures correctly?",
        "",
        f"Written by `Benchmarks/judging.py --data {data}` on {datetime.date.today()}, swift-gan {one['swift_gan']}; {versions}.",
        "",
        f"Reference: the training split of {one['data']} ({one['n_real']:,} samples for fid); {COUNT:,} evaluated of each set. "
        "Each value ± its deviation. A metric separates a set from the test split if it is worse by more than three deviations of "
        "both, and ranks it above real pictures if it is better by as much.",
    ]
    lines += [line for extractor in EXTRACTORS for line in table(extractor, found[extractor])]
    return "\n".join([*lines, "", NATURE.replace("\n", " ")]) + "\n"


def table(extractor, found):
    names, metrics = list(found), list(found["test split"])
    one = next(iter(found["test split"].values()))
    lines = [
        "",
        f"## By the {extractor}",
        "",
        f"Extractor: {one['extractor']} {one['fingerprint'][:12]}.",
        "",
        "| | " + " | ".join(names) + " | |",
        "|---|" + "---|" * (len(names) + 1),
    ]
    for metric in metrics:
        cells = ["{:.4g} ± {:.1g}".format(*numbers(found[name][metric])) for name in names]
        lines.append(f"| {metric} | " + " | ".join(cells) + f" | {verdict(metric, found)} |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="digits", help="a labelled source with a test split")
    parser.add_argument("--threads", help="of gan evaluate, by default all")
    arguments = parser.parse_args()
    threads = ("--threads", arguments.threads) if arguments.threads else ()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        split = lambda split, *more: gan(
            "data", arguments.data, "--split", split, "--export", folder / f"{split}.npy", "--preview", folder / "x.png", *more
        )
        split("train", "--labels", folder / "labels.npy")
        split("test", "--count", COUNT)
        train, labels, test = (numpy.load(folder / f"{part}.npy") for part in ("train", "labels", "test"))
        sets = judged_sets(train, labels, test, numpy.random.default_rng(1))
        found = {
            extractor: {name: judge(name, pictures, extractor, arguments.data, folder, threads) for name, pictures in sets.items()}
            for extractor in EXTRACTORS
        }
    processor = machine.describe()["processor"]
    shown = arguments.data.split(":")[0]
    (ROOT / "JUDGING.md").write_text(markdown(found, shown, processor))
    (ROOT / "judging.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
