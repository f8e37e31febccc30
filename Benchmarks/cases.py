"""What is measured, as data: the cases, and who takes part in each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contender:
    """A program in one configuration. program: gan (ours), keras or torch."""

    program: str
    precision: str
    update: str
    tuned: bool = False

    @property
    def name(self):
        if self.program == "gan":
            return ", ".join(part for part in ("swift-gan", self.update, self.precision) if part)
        if self.program == "keras":
            return "Keras, " + ("mixed_bfloat16" if self.precision == "bfloat16" else self.precision)
        return f"PyTorch, {'tuned' if self.tuned else 'plain'}, {self.precision}"


@dataclass(frozen=True)
class Case:
    """Something that all contenders do. measured: training, generation or start (process start to first trained step).
    repeats: steps or batches a round; warm_up: those before, once in a peer and in every fresh process of ours."""

    name: str
    title: str
    network: str
    measured: str
    batch: int
    repeats: int
    warm_up: int
    contenders: tuple


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

REFERENCE = "the Keras DCGAN for 28x28x1"
CASES = (
    Case("reference-256", f"Reference step: {REFERENCE}, batch 256", "dcgan-keras", "training", 256, 4, 3,
         training("dcgan-keras")),
    Case("reference-64", f"Reference step: {REFERENCE}, batch 64", "dcgan-keras", "training", 64, 10, 3,
         training("dcgan-keras")),
    Case("dcgan-64", "Radford's DCGAN for 64x64x3, batch 64", "dcgan", "training", 64, 4, 3, training("dcgan")),
    Case("mlp-128", "Fully connected networks for 28x28x1, batch 128", "mlp", "training", 128, 100, 20,
         training("mlp")),
    Case("generation-256", f"Generation: {REFERENCE}, batch 256", "dcgan-keras", "generation", 256, 10, 3, GENERATION),
    Case("generation-1", f"Generation: {REFERENCE}, batch 1", "dcgan-keras", "generation", 1, 200, 20, GENERATION),
    Case("start", f"Process start to first trained step: {REFERENCE}, batch 64", "dcgan-keras", "start", 64, 1, 0,
         START),
)  # fmt: skip

# What the reference step takes at batch 256 when every layer is computed as it is written (DESIGN).
REFERENCE_GFLOP = 122
