"""Replays threads of the users of pix2pix, CycleGAN and CUT on `gan`, and prints what happens, as a table in Markdown.

    python replay.py [--data FOLDER] [--gan PATH] [--minutes M] [CASE...]

in the peers' environment, with facades/ in FOLDER; CASE is one of those that --help lists, by default all of them, one after the
other. Runs that train for a time take M minutes. Numbers of threads are those of junyanz/pytorch-CycleGAN-and-pix2pix, or of
taesungp/contrastive-unpaired-translation where they begin with CUT.
"""

import argparse
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
SIDE = 64
LUMA = np.array([0.299, 0.587, 0.114])


class Replay:
    def __init__(self, chosen, work):
        self.command, self.minutes, self.work = str(chosen.gan.resolve()), chosen.minutes, work
        self.facades = chosen.data.resolve() / "facades"

    def gan(self, *words):
        answer = subprocess.run([self.command, *map(str, words)], capture_output=True, text=True)
        # 3: a guard stopped a run.
        if answer.returncode not in (0, 3):
            sys.exit(f"gan {' '.join(map(str, words))}: {answer.stderr}")
        return answer.stdout

    def train(self, name, game, *words):
        """The folder of a run."""
        run = self.work / name
        self.gan("train", game, *words, "--size", f"{SIDE}x{SIDE}", "--eval-every", 0, "--quiet", "--out", run)
        return run

    def interrupted(self, name, *words):
        """The folder of a run that gets Ctrl-C after 50 steps."""
        run, size = self.work / name, f"{SIDE}x{SIDE}"
        command = [self.command, "train", *words, "--size", size, "--eval-every", 0, "--quiet", "--out", run]
        with subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL) as process:
            while process.poll() is None:
                time.sleep(0.05)
                if (run / "log.jsonl").exists() and '"step":50,' in (run / "log.jsonl").read_text():
                    process.send_signal(signal.SIGINT)
                    break
        return run

    def collections(self):
        """Photos of one half of the facades and label maps of the other, and photos that are held out, as PNG."""
        folder = self.work / "collections"
        if not folder.exists():
            paths = sorted(self.facades.glob("*.jpg"))
            for part, chosen, left in (("trainA", paths[:200], 0), ("trainB", paths[200:400], 1), ("testA", paths[400:440], 0), ("testB", paths[440:480], 1)):  # fmt: skip
                (folder / part).mkdir(parents=True)
                for path in chosen:
                    picture = Image.open(path)
                    side = picture.height
                    half = picture.crop((left * side, 0, (left + 1) * side, side)).resize((SIDE, SIDE), Image.LANCZOS)
                    half.save(folder / part / f"{path.stem}.png")
        return folder

    def applied(self, run, inputs, name):
        """The pictures that a run makes of others, uint8 [N, H, W, 3]."""
        out = self.work / name
        self.gan("apply", run, inputs, "--out", out, "--quiet")
        return pictures(out)


def pictures(folder):
    return np.stack([np.asarray(Image.open(path).convert("RGB")) for path in sorted(folder.glob("*.png"))])


def log(run, event):
    lines = map(json.loads, (run / "log.jsonl").read_text().splitlines())
    return [line for line in lines if line["event"] == event]


def correlations(first, second):
    """Pearson's correlation of the luma of pictures, one for each pair."""
    flat = [(one @ LUMA).reshape(len(one), -1) for one in (first, second)]
    return np.array([np.corrcoef(x, y)[0, 1] for x, y in zip(*flat)])


def same_again(replay):
    """pix2pix | #828: another output each time for the same input"""
    run = replay.train("same", "pix2pix", "--data", replay.facades, "--set", "direction=b-to-a", "--steps", 100)
    alone = replay.work / "alone.png"
    labels = replay.collections() / "testB"
    replay.gan("apply", run, sorted(labels.glob("*.png"))[3], "--out", alone, "--quiet")
    many = [replay.applied(run, labels, f"same-{number}") for number in range(2)]
    times = "the same" if np.array_equal(*many) else "not the same"
    among = "the same" if np.array_equal(np.asarray(Image.open(alone)), many[0][3]) else "not the same"
    return f"with dropout on, {len(many[0])} pictures applied twice are {times}; one alone is {among} as among the others"


def train_is_test(replay):
    """pix2pix | #1393: results of training do not match those of the test"""
    run = replay.train("test", "pix2pix", "--data", replay.facades, "--set", "direction=b-to-a", "--batch", 8, "--steps", 300)
    shown, labels = replay.work / "shown", replay.work / "labels"
    labels.mkdir()
    # The first held-out label maps, in the size that was trained on.
    for path in sorted(replay.facades.glob("*.jpg"))[400:410]:
        picture = Image.open(path)
        half = picture.crop((picture.height, 0, 2 * picture.height, picture.height))
        half.resize((SIDE, SIDE), Image.LANCZOS).save(labels / f"{path.stem}.png")
    replay.gan("sample", run, "--count", 10, "--out", shown)
    found = [one.astype(float) for one in (pictures(shown), replay.applied(run, labels, "tested"))]
    return f"ten pictures of the run's samples and those of `gan apply` differ by {np.abs(found[0] - found[1]).mean():.2f} of 255 levels"


def inverted_colours(replay):
    """cyclegan | #1301, #744: colours come out inverted"""
    told = []
    for name, words in (("no identity loss", ("--set", "identity_weight=0")), ("the defaults", ())):
        run = replay.train(name.replace(" ", "-"), "cyclegan", "--data", replay.collections(), "--minutes", replay.minutes, *words)
        last = [line["brightness_correlation"] for line in log(run, "step")][-20:]
        alarms = sorted({line["alarm"] for line in log(run, "alarm")})
        told.append(f"{name}: correlation of brightness {np.mean(last):.2f}, alarms: {', '.join(alarms) or 'none'}")
    return "; ".join(told)


def resumed(replay):
    """cyclegan | #1380: higher losses after a run is resumed"""
    words = ("--data", replay.collections(), "--steps", 120, "--seed", 3, "--set", "base_width=8", "--set", "discriminator_width=8")
    whole = replay.train("whole", "cyclegan", *words)
    half = replay.interrupted("half", "cyclegan", *words)
    replay.gan("resume", half, "--quiet")
    ends = log(half, "end")
    losses = [{line["step"]: line["loss_generator"] for line in log(run, "step")} for run in (whole, half)]
    files = [(run / "model.safetensors").read_bytes() for run in (whole, half)]
    same = ["equal" if first == second else "not equal" for first, second in (losses, files)]
    return f"interrupted at step {ends[0]['step']} of 120 and resumed: losses {same[0]} to those of a run in one go, files {same[1]}"


def large_pictures(replay):
    """cut | CUT #98: 480x640 in, the same size out"""
    run = replay.train("cut", "cut", "--data", replay.collections(), "--steps", 50)
    photo = replay.work / "photo.png"
    Image.open(sorted(replay.facades.glob("*.jpg"))[0]).resize((480, 640), Image.LANCZOS).save(photo)
    sizes = []
    for width, height in ((480, 640), (333, 217)):
        Image.open(photo).crop((0, 0, width, height)).save(replay.work / "in.png")
        replay.gan("apply", run, replay.work / "in.png", "--out", replay.work / "out.png", "--force", "--quiet")
        sizes.append(f"{width}x{height} becomes {'x'.join(map(str, Image.open(replay.work / 'out.png').size))}")
    return ", ".join(sizes)


def aligned(replay):
    """cut | CUT #141: an aligned data set has no loader"""
    run = replay.train("aligned", "cut", "--data", replay.facades, "--steps", 50)
    return f"pairs are taken as two collections: {log(run, 'end')[-1]['step']} steps on {log(run, 'start')[0]['dataset_count']} pairs"


def mirrored(replay):
    """fastcut | CUT #130: some outputs are mirrored"""
    run = replay.train("fastcut", "fastcut", "--data", replay.collections(), "--minutes", replay.minutes)
    inputs = replay.collections() / "testA"
    source, made = pictures(inputs), replay.applied(run, inputs, "mirrored")
    upright, turned = (np.abs(correlations(one, made)) for one in (source, source[:, :, ::-1]))
    return f"{int((upright > turned).sum())} of {len(made)} outputs are more like their source than like its mirror image"


def unchanged(replay):
    """fastcut | CUT #94: with a contrast weight of 10 the output hardly changes"""
    inputs, told = replay.collections() / "testA", []
    targets = pictures(replay.collections() / "testB").reshape(-1, 3).astype(float)
    for weight in (10, 1):
        run = replay.train(f"weight-{weight}", "fastcut", "--data", replay.collections(), "--minutes", replay.minutes, "--set", f"contrast_weight={weight}")  # fmt: skip
        made = replay.applied(run, inputs, f"made-{weight}")
        change = np.abs(made.astype(float) - pictures(inputs)).mean()
        colour = np.abs(made.reshape(-1, 3).mean(0) - targets.mean(0)).mean()
        told.append(f"weight {weight}: changed by {change:.0f} of 255 levels, mean colour {colour:.0f} levels from the target's")
    return "; ".join(told)


CASES = {case.__name__: case for case in (same_again, train_is_test, inverted_colours, resumed, large_pictures, aligned, mirrored, unchanged)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--data", type=pathlib.Path, default=CHECKOUT.parent / "shared/data")
    parser.add_argument("--gan", type=pathlib.Path, default=CHECKOUT / ".build/release/gan")
    parser.add_argument("--minutes", type=float, default=2)
    chosen = parser.parse_args()
    if unknown := set(chosen.cases) - set(CASES):
        parser.error(f"there is no case {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    if not any((chosen.data / "facades").glob("*.jpg")):
        sys.exit(f"there are no facades in {chosen.data}: give --data, with facades/ in it")
    print("| game | thread | what happens |\n|---|---|---|", flush=True)
    for name in chosen.cases or CASES:
        with tempfile.TemporaryDirectory() as work:
            found = CASES[name](Replay(chosen, pathlib.Path(work)))
        print(f"| {CASES[name].__doc__} | {found} |", flush=True)


if __name__ == "__main__":
    main()
