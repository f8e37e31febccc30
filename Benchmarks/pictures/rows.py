"""What is measured, as data: the rows of the table, and the runs that each of them takes."""

import dataclasses

COLLECTIONS = "$WORK/material/{}/collections"


@dataclasses.dataclass(frozen=True)
class Kind:
    """A way to get translations. program: "gan", "peer" (a script in peers/) or "answer" (a folder of the material, which takes
    no training). words: what the program is told, with $DATA for the folder of shared data and $WORK for that of the work.
    beside: no goal depends on it, and it is played only if it is asked for by its name."""

    name: str
    program: str
    words: tuple
    minutes: float = 0
    beside: bool = False


@dataclasses.dataclass(frozen=True)
class Run:
    row: str
    material: str
    kind: Kind
    seed: int

    @property
    def key(self):
        return (self.row, self.kind.name, self.material, self.seed)

    @property
    def folder(self):
        return "-".join((self.row, self.kind.name, str(self.seed))).replace(" ", "-")


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the table: what is asked, how it is judged (measures as judge.py calls them), and who is measured."""

    what: str
    least: str
    aim: str
    material: str
    measures: tuple
    seeds: tuple
    kinds: tuple

    def planned(self, name, seeds=None, names=None):
        """The runs, in the order in which they are played: seed by seed, so that both sides of each are measured early on."""
        asked = [kind for kind in self.kinds if (kind.name in names if names else not kind.beside)]
        trained = [kind for kind in asked if kind.program != "answer"]
        runs = [Run(name, self.material, kind, seed) for seed in seeds or self.seeds for kind in trained]
        return [Run(name, self.material, kind, 1) for kind in asked if kind.program == "answer"] + runs


@dataclasses.dataclass(frozen=True)
class Pace:
    """A training step of the same networks in the same batch: ours by `gan bench` on random pictures, and a peer's on the material;
    both in memory."""

    name: str
    material: str
    ours: tuple
    peer: tuple
    steps: int


ANSWERS = (Kind("truth", "answer", ("test/truth",)), Kind("median", "answer", ("answers/median",)))
NEAREST = Kind("nearest", "answer", ("answers/nearest",))


def facades(side, batch, minutes=10):
    ours = ("--data", "$DATA/facades", "--set", "direction=b-to-a", "--size", f"{side}x{side}")
    peer = ("pix2pix.py", "--size", str(side), "--batch", str(batch))
    return (
        *ANSWERS, NEAREST,
        Kind("peer", "peer", peer, minutes),
        Kind("auto", "gan", ("train", "auto", *ours), minutes),
        Kind("auto third", "gan", ("train", "auto", *ours), minutes / 3),
        Kind("pix2pix", "gan", ("train", "pix2pix", *ours), minutes, beside=True),
    )  # fmt: skip


def unpaired(material, side, channels, batch, larger_batch, minutes, *settings):
    """Peers with a batch and, to see whether it is the better one, with a larger one. CycleGAN's identity loss is for collections
    of the same colours (Zhu et al. 2017, section 5.2): between photos and label maps, or drawings, neither side takes it.
    settings: of ours alone, so that both sides vary their pictures alike."""
    ours = ("--data", COLLECTIONS.format(material), "--size", f"{side}x{side}")
    for setting in (f"batch={batch}", *settings):
        ours += ("--set", setting)
    kinds = [*ANSWERS]
    for game, ours_only, peers_only in (("cyclegan", ("--set", "identity_weight=0"), ("--identity", "0")), ("cut", (), ())):
        peer = (f"{game}.py", "--size", str(side), "--channels", str(channels), *peers_only, "--batch")
        words = ("train", game, *ours, *ours_only)
        kinds += [
            Kind(f"{game} peer", "peer", (*peer, str(batch)), minutes),
            Kind(f"{game} peer batch {larger_batch}", "peer", (*peer, str(larger_batch)), minutes, beside=True),
            Kind(game, "gan", words, minutes),
            Kind(f"{game} half", "gan", words, minutes / 2),
        ]
    kinds += [Kind("fastcut", "gan", ("train", "fastcut", *ours), minutes, beside=True)]
    return (*kinds, Kind("auto", "gan", ("train", "auto", *ours), minutes, beside=True))


PAIRED = ("l1", "psnr", "ssim", "alex", "vgg", "kid", "segmentation")
ROWS = {
    "facades-64": Row(
        "Facades, label maps to photos, 64x64, 10 minutes against a tuned pix2pix: perceptual distance, accuracy of a segmentation "
        "network, KID, L1",
        "better in two, worse in none", "better in all; not worse in a third of the time",
        "facades-64", PAIRED, (1, 2, 3), facades(64, 16),
    ),
    "facades-128": Row(
        "The same at 128x128", "better in two, worse in none", "better in all; not worse in a third of the time",
        "facades-128", PAIRED, (1,), facades(128, 8),
    ),
    "unpaired-facades": Row(
        "Facades, photos to label maps, 64x64, 6 minutes, no facade in both collections: pixel accuracy, L1",
        "CycleGAN and CUT at or above their peers", "the same pixel accuracy in half the time",
        "unpaired-facades", ("colours", "l1", "alex", "vgg"), (1, 2, 3), unpaired("unpaired-facades", 64, 3, 1, 4, 6),
    ),
    "unpaired-edges": Row(
        "Drawn edges to Fashion-MNIST, 32x32, 4 minutes, no picture in both collections: L1",
        "CycleGAN and CUT at or above their peers", "the same L1 in half the time",
        "unpaired-edges", ("l1", "alex", "vgg", "kid"), (1, 2, 3), unpaired("unpaired-edges", 32, 1, 4, 16, 4, "jitter=1"),
    ),
}  # fmt: skip
STEPS_LEAST, STEPS_AIM, ROUNDS = 1.1, 1.5, 5
PACES = (
    Pace(
        "pix2pix, 128x128, batch 8", "facades-128", ("pix2pix", "--size", "128x128", "--batch", "8"),
        ("pix2pix.py", "--size", "128", "--batch", "8"), 30,
    ),
    Pace(
        "CycleGAN, 64x64, batch 1", "unpaired-facades", ("cyclegan", "--size", "64x64", "--batch", "1"),
        ("cyclegan.py", "--size", "64", "--batch", "1"), 60,
    ),
)  # fmt: skip
NAMES = (*ROWS, "steps")
