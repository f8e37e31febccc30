"""What is measured, as data: the games, the cases, and who takes part in each."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Game:
    """What is played: a recipe of ours and what it is called with; `peers/` has the same by the game's name."""

    recipe: str
    size: str
    channels: int
    settings: tuple = ()


GAMES = {
    "dcgan-keras": Game("dcgan-keras", "28x28", 1),
    "dcgan": Game("dcgan", "64x64", 3),
    "dcgan-narrow": Game("dcgan", "28x28", 1, ("base_width=32",)),
    "mlp": Game("mlp", "28x28", 1),
    "auto": Game("auto", "28x28", 1),
}

# What `peers/torch_auto_peer.py` plays; `gan bench auto` must report the same, or the two are no longer one game.
AUTO_SETTINGS = {
    "network": "dcgan", "latent_size": 100, "base_width": 64, "attention": False, "discriminator_norm": "none",
    "minibatch_deviation": False, "packing": 1, "condition_generator": "concatenation",
    "condition_discriminator": "projection", "objective": "relativistic-pairing", "label_smoothing": 0, "r1": 1,
    "r2": 1, "penalty_interval": 4, "gradient_penalty": 0, "dragan": 0, "consistency_real": 0, "consistency_fake": 0,
    "lecam": 0, "weight_clip": 0, "top_k": 1, "feature_matching": 0, "augment": "none", "instance_noise": 0,
    "update": "alternating", "critic_steps": 1, "accumulation": 1, "generator.optimizer": "adam",
    "generator.weight_decay": 0, "generator.orthogonal": 0, "generator.clip_norm": 0, "generator.clip_value": 0,
    "discriminator.optimizer": "adam", "discriminator.weight_decay": 0, "discriminator.orthogonal": 0,
    "discriminator.clip_norm": 1, "discriminator.clip_value": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Contender:
    """A program in one configuration. program: gan (ours), keras or torch. threads: "all" of the benchmark's, "1", or
    "default", which leaves it to the program. repeats: steps a turn, instead of the case's."""

    program: str
    precision: str
    update: str
    tuned: bool = False
    threads: str = "all"
    repeats: int | None = None

    @property
    def name(self):
        if self.program == "gan":
            parts = ["swift-gan", self.update, self.precision]
        elif self.program == "keras":
            parts = ["Keras", "mixed_bfloat16" if self.precision == "bfloat16" else self.precision]
        else:
            parts = ["PyTorch", "tuned" if self.tuned else "plain", self.precision]
        parts.append({"all": "", "default": "default threads", "1": "1 thread"}[self.threads])
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Case:
    """Something that all contenders do. measured: training, generation or start (process start to first trained step).
    repeats: steps or batches a turn; warm_up: those before, once in a peer and in every fresh process of ours. rounds:
    fewer than usual. busy: how many processes that never wait run beside. quota: processor seconds a second that each
    contender's cgroup gets; then means count, since a median hides a quota."""

    name: str
    title: str
    network: str
    measured: str
    batch: int
    repeats: int
    warm_up: int
    contenders: tuple
    rounds: int | None = None
    busy: int = 0
    quota: float | None = None

    @property
    def statistic(self):
        return "mean" if self.quota else "median"

    def among(self, precisions):
        """The same without the precisions that are not measured: their contenders compute in float32."""
        kept = (one if one.precision in precisions else replace(one, precision="float32") for one in self.contenders)
        return replace(self, contenders=tuple(dict.fromkeys(kept)))


def training(network):
    """Ours and the peers, each by the rule that suits it best: PyTorch's plain loop is that of its DCGAN tutorial."""
    if network == "dcgan-keras":
        ours, theirs = ("one-stage", "simultaneous"), "simultaneous"
    else:
        ours, theirs = ("alternating",), "alternating"
    return (
        *(Contender("gan", precision, rule) for precision in ("bfloat16", "float32") for rule in ours),
        Contender("keras", "bfloat16", theirs),
        Contender("keras", "float32", theirs),
        Contender("torch", "bfloat16", theirs, tuned=True),
        Contender("torch", "float32", theirs, tuned=True),
        Contender("torch", "float32", "alternating"),
    )


# Pictures are made in the same way whatever rule the generator learnt by.
GENERATION = (
    Contender("gan", "bfloat16", ""),
    Contender("gan", "float32", ""),
    *(peer for peer in training("dcgan-keras") if peer.program != "gan"),
)
START = (
    Contender("gan", "bfloat16", "one-stage"),
    Contender("keras", "float32", "simultaneous"),
    Contender("torch", "bfloat16", "simultaneous", tuned=True),
    Contender("torch", "float32", "alternating"),
)
AUTO = tuple(
    Contender(program, precision, "alternating", tuned=program == "torch")
    for program in ("gan", "torch") for precision in ("bfloat16", "float32")
)  # fmt: skip
# What users get on a machine that is not theirs alone: each library with its own number of threads. PyTorch may take
# seconds a step there.
SHARED = (
    Contender("gan", "bfloat16", "one-stage", threads="default"),
    Contender("gan", "bfloat16", "one-stage", threads="1"),
    Contender("keras", "bfloat16", "simultaneous", threads="default"),
    Contender("torch", "bfloat16", "simultaneous", tuned=True, threads="default", repeats=5),
)
NARROW = tuple(Contender("gan", "bfloat16", "alternating", threads=threads) for threads in ("default", "1"))

REFERENCE = "the Keras DCGAN for 28x28x1"
NARROW_TITLE = "DCGAN of base width 32 for 28x28x1, batch 64"


def shared(where, suffix, reference=SHARED, rounds=3, **surroundings):
    """The cases on a machine that is shared in one way; `reference` empty: only the narrow network."""
    if reference:
        title = f"Reference step {where}: {REFERENCE}, batch 64"
        yield Case(f"reference-64-{suffix}", title, "dcgan-keras", "training", 64, 20, 3, reference, rounds,
                   **surroundings)  # fmt: skip
    yield Case(f"narrow-64-{suffix}", f"Narrow step {where}: {NARROW_TITLE}", "dcgan-narrow", "training", 64, 80, 10,
               NARROW, **surroundings)  # fmt: skip


CASES = (
    Case("reference-256", f"Reference step: {REFERENCE}, batch 256", "dcgan-keras", "training", 256, 4, 3,
         training("dcgan-keras")),
    Case("reference-64", f"Reference step: {REFERENCE}, batch 64", "dcgan-keras", "training", 64, 10, 3,
         training("dcgan-keras")),
    Case("dcgan-64", "Radford's DCGAN for 64x64x3, batch 64", "dcgan", "training", 64, 4, 3, training("dcgan")),
    Case("auto-64", "What auto plays on digits, 28x28x1, batch 64", "auto", "training", 64, 40, 8, AUTO),
    Case("mlp-128", "Fully connected networks for 28x28x1, batch 128", "mlp", "training", 128, 100, 20,
         training("mlp")),
    Case("generation-256", f"Generation: {REFERENCE}, batch 256", "dcgan-keras", "generation", 256, 10, 3, GENERATION),
    Case("generation-1", f"Generation: {REFERENCE}, batch 1", "dcgan-keras", "generation", 1, 200, 20, GENERATION),
    Case("start", f"Process start to first trained step: {REFERENCE}, batch 64", "dcgan-keras", "start", 64, 1, 0,
         START),
    *shared("beside one busy process", "beside-1", busy=1),
    *shared("beside two busy processes", "beside-2", busy=2),
    *shared("under a quota of one CPU", "quota-1", tuple(one for one in SHARED if one.threads == "default"), quota=1),
    *shared("under a quota of half a CPU", "quota-half", (), quota=0.5),
)  # fmt: skip

# What is measured when all programs are restricted to AVX2.
RESTRICTED_CASES = ("reference-256", "reference-64")

# What the reference step takes at batch 256 when every layer is computed as it is written (DESIGN).
REFERENCE_GFLOP = 122
