"""What is measured, as data: the rows of the table, and the runs that each of them takes."""

import dataclasses

BASELINE = "dcgan-keras"
# 50 epochs of MNIST in batches of 256, as the Keras tutorial has it: a last, smaller batch each epoch is left out.
BASELINE_STEPS = 11_700
# A run that chases the baseline is given its training time over this: what is asked of it at least.
CHASE = 10
# What it aims at is so much of the baseline's FID: a run that ends at the first evaluation below a goal is a little worse
# than that evaluation, and an evaluation of other samples has to confirm the goal itself.
MARGIN = 0.95
# A pace of evaluations is asked for where one has to see what happens within minutes: a collapse alarm needs three of them.
WATCHED = ("--eval-every", "500")
# Cheap and frequent: the goal is seen soon after it is reached.
CHASING = ("--eval-every", "100", "--metrics", "fid")
# Every recipe that has settings of its own, as `gan recipes` lists them.
NAMED = (
    "dcgan", "mlp", "dcgan-keras", "lsgan", "wgan", "wgan-gp", "sngan", "r3gan", "pacgan", "cdcgan", "acgan", "sngan-projection",
    "stylegan2", "fastgan", "projected",
)  # fmt: skip
# Steps beyond what any of them plays within its minutes.
UNLIMITED = ("--steps", "1000000")
PRECISION = "$PRECISION"
# `auto` tells both players the classes, the recipes it is held against do not: beside it is shown what it reaches without.
UNCONDITIONAL = "condition_generator=none"
TILES = "$WORK/tiles"
TILES_EXTRACTOR = "classifier:$WORK/cifar10-classifier.safetensors"


# Labelled sets whose labels are withheld: their pictures alone, and the classifiers that judge what was learnt of them.
LABELLED = {"mnist": "mnist:$DATA/mnist", "fashion-mnist": "fashion-mnist:$DATA/fashion-mnist", "cifar10": "cifar10:$DATA/cifar10"}
UNLABELLED = "$WORK/unlabelled"


@dataclasses.dataclass(frozen=True)
class Run:
    """One training run. In `data` and `options` $DATA stands for the folder of shared data, $WORK for that of the work, and
    $PRECISION for the race's. steps or minutes: how long it trains. chases: the name of the run whose FID is its goal and whose
    time limits it. judged: what `gan evaluate` is asked afterwards, and what its metrics are called after ("" for nothing)."""

    row: str
    name: str
    recipe: str
    data: str
    seed: int
    judged: tuple
    minutes: float | None = None
    steps: int | None = None
    options: tuple = ()
    chases: str | None = None

    @property
    def key(self):
        return (self.row, self.name, self.source, self.seed)

    @property
    def source(self):
        """The data's name, without where they lie."""
        return self.data.split(":")[0].split("/")[-1].removesuffix(".npy")

    @property
    def folder(self):
        return "-".join(map(str, self.key)).replace(" ", "-")


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the table: what is asked, how long its runs take in minutes, and what `plan` makes of seeds and contender. A
    row of which nothing is asked, whose `least` is empty, is no part of the table."""

    what: str
    runs: str
    least: str
    aim: str
    minutes: int
    seeds: tuple
    plan: object

    def planned(self, contender="auto", seeds=None):
        return self.plan(contender, seeds or self.seeds)


def judging(*metrics, count=10_000, extractor=None, suffix=""):
    """A question to `gan evaluate`."""
    options = ["--metrics", ",".join(metrics), "--count", str(count)]
    return (suffix, (*options, *(("--extractor", extractor) if extractor else ())))


FID = (judging("fid", "precision", "recall"),)


def conditional_and_not(contender):
    """Names and options of the contender with its own settings and, for `auto`, without class labels as well."""
    without = [(f"{contender} {UNCONDITIONAL}", ("--set", UNCONDITIONAL))] if contender == "auto" else []
    return [(contender, ()), *without]


def mixtures(contender, seeds):
    asked = (judging("modes", "quality", "spread"),)
    return [Run("mixtures", contender, contender, data, seed, asked, 2) for data in ("ring8", "grid25") for seed in seeds]


def stability(contender, seeds):
    asked = (judging("fid", "precision", "recall", "class-kl"),)
    sources = ("digits", "mnist:$DATA/mnist")
    return [Run("stability", contender, contender, data, seed, asked, 3, None, WATCHED) for data in sources for seed in seeds]


def race(contender, seeds):
    data, precision = "mnist:$DATA/mnist", ("--precision", PRECISION)
    tutorial = ("--batch", "256", "--eval-every", "0", *precision)
    baseline = Run("race", BASELINE, BASELINE, data, 1, FID, None, BASELINE_STEPS, tutorial)
    chasing = (*CHASING, *precision)
    return [baseline] + [
        Run("race", name, contender, data, seed, FID, options=(*chasing, *options), chases=BASELINE)
        for name, options in conditional_and_not(contender) for seed in seeds
    ]  # fmt: skip


def mnist(contender, seeds):
    return [
        Run("mnist", name, contender, "mnist:$DATA/mnist", seed, FID, 15, None, options)
        for name, options in conditional_and_not(contender) for seed in seeds
    ]  # fmt: skip


def stacked(contender, seeds):
    asked = (judging("modes", "mode-kl", count=26_000),)
    return [Run("stacked", contender, contender, "stacked-mnist:$DATA/mnist", seed, asked, 60) for seed in seeds]


def time15(contender, seeds):
    sources = ("fashion-mnist:$DATA/fashion-mnist", "cifar10:$DATA/cifar10")
    peer = [] if contender == "dcgan" else [("dcgan", "dcgan", ())]
    kinds = [(name, contender, options) for name, options in conditional_and_not(contender)] + peer
    return [
        Run("time15", name, recipe, data, seed, FID, 15, None, options)
        for data in sources for name, recipe, options in kinds for seed in seeds
    ]  # fmt: skip


def classifier(source):
    return f"$WORK/{source}-classifier.safetensors"


def unlabelled(contender, seeds):
    kinds = [(contender, seeds)] + ([] if contender == "dcgan" else [("dcgan", (1,))])
    return [
        Run("unlabelled", name, name, f"{UNLABELLED}/{source}.npy", seed, asked, 15)
        for source in LABELLED for name, own in kinds for seed in own
        for asked in [(judging("fid", "precision", "recall", "coverage", extractor=f"classifier:{classifier(source)}"),)]
    ]  # fmt: skip


def few(contender, seeds):
    # Pixels are what a user's `gan evaluate` takes here; classes of CIFAR-10 see more than pixels do.
    asked = (
        judging("fid", "precision", "recall", "memorisation"),
        judging("fid", "precision", "recall", extractor=TILES_EXTRACTOR, suffix=" (CIFAR-10's classifier)"),
    )
    pair = ((contender, ()), (f"{contender} augment=none", ("--set", "augment=none")))
    size = ("--size", "32x32")
    return [
        Run("few", name, contender, TILES, seed, asked, 15, None, (*size, *options)) for name, options in pair for seed in seeds
    ]


def recipes(contender, seeds):
    data = "mnist:$DATA/mnist"
    own = [Run("recipes", name, name, data, seed, FID, 3, None, UNLIMITED) for name in NAMED for seed in seeds]
    return [Run("recipes", contender, contender, data, seed, FID, 3) for seed in seeds if contender not in NAMED] + own


ROWS = {
    "mixtures": Row(
        "`ring8` and `grid25`: modes hit, samples within three deviations, deviation within a mode relative to the true one",
        "3 seeds, 2 minutes", "8/8 and 25/25, 90 %, 0.5 to 1.5", "98 %, 0.8 to 1.2 (a true mixture has 98.9 %)",
        15, (1, 2, 3), mixtures,
    ),
    "stability": Row(
        "`auto` on `digits` and MNIST: runs that collapse or diverge",
        "10 seeds, 3 minutes", "0 of 10", "0 of 10", 90, tuple(range(1, 11)), stability,
    ),
    "race": Row(
        "MNIST: time of `auto` to the FID that `dcgan-keras` has after 50 epochs",
        "baseline 1 seed, `auto` 3 seeds", "a tenth of the baseline's time", "a thirtieth", 50, (1, 2, 3), race,
    ),
    "mnist": Row(
        "MNIST: FID of `auto`", "1 seed, 15 minutes", "half of the baseline's", "at most 1.5 times the floor", 32, (1,), mnist,
    ),
    "stacked": Row(
        "Stacked MNIST: modes of 1,000 and divergence, on 26,000 samples",
        "1 seed, 60 minutes", "990 modes, KL 0.15", "1,000 modes, KL 0.05", 65, (1,), stacked,
    ),
    "time15": Row(
        "Fashion-MNIST and 20,000 pictures of CIFAR-10: FID of `auto` against `dcgan`'s",
        "1 seed, 15 minutes", "a third lower", "two thirds lower", 95, (1,), time15,
    ),
    "unlabelled": Row(
        "MNIST, Fashion-MNIST and 20,000 pictures of CIFAR-10 without their labels: FID of `auto` against `dcgan`'s",
        "3 seeds, `dcgan` 1 seed, 15 minutes", "a third lower; MNIST 0.2", "two thirds lower; MNIST 0.09", 190, (1, 2, 3),
        unlabelled,
    ),
    "few": Row(
        "Monster tiles, 32x32: FID with augmentation, as `auto` chooses it, against `augment=none`",
        "1 seed, 15 minutes", "lower, no memorisation alarm", "half", 35, (1,), few,
    ),
    "recipes": Row(
        "MNIST: FID, time per step and memory of every recipe", "1 seed, 3 minutes", "", "", 50, (1,), recipes,
    ),
}  # fmt: skip
