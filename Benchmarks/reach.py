"""Medians, ratios and the goals, from the results of a run; no measuring here."""

from dataclasses import dataclass
from statistics import median, quantiles

from cases import REFERENCE_GFLOP

# What "never slower" forgives at most, however noisy the machine was.
MOST_NOISE = 0.05


@dataclass(frozen=True)
class Goal:
    """A row of the table of goals. ratio: what was reached, None if its case was not run. aim: None if there is none
    beyond `least`. smaller: whether a smaller ratio is the better one. noise: how far the ratios of single rounds lie
    apart, for a goal of "never slower": a ratio below 1 by no more than that, and by 0.05 at most, counts as equal."""

    what: str
    ratio: float | None
    least: float
    aim: float | None
    between: str = ""
    smaller: bool = False
    percent: bool = False
    noise: float | None = None

    @property
    def verdict(self):
        if self.ratio is None:
            return "not measured"
        sign = -1 if self.smaller else 1
        if self.aim is not None and sign * self.ratio >= sign * self.aim:
            return "stretch goal met"
        if sign * self.ratio >= sign * self.least:
            return "met"
        is_equal = self.noise and self.ratio >= self.least - min(self.noise, MOST_NOISE)
        return "equal within the noise" if is_equal else "**missed**"

    def show(self, value):
        if value is None:
            return "–"
        return f"{100 * value:.0f} %" if self.percent else f"{value:.2f}x"


def milliseconds(contender):
    """A contender's time: the median of its turns, each the median of its steps, or the mean under a quota."""
    return median(contender["milliseconds"])


def contenders(case, *, ours, keep=lambda contender: True):
    """Our contenders, or the peers."""
    return [one for one in case["contenders"] if (one["program"] == "gan") == ours and keep(one)]


def fastest(case, *, ours, keep=lambda contender: True):
    """The fastest of our contenders, or of the peers."""
    return min(contenders(case, ours=ours, keep=keep), key=milliseconds)


def yardstick(case):
    """What a case's contenders are compared with: the best peer, or ours on one thread if no peer takes part."""
    peers = contenders(case, ours=False)
    return fastest(case, ours=False) if peers else fastest(case, ours=True, keep=with_threads("1"))


def with_threads(threads):
    return lambda contender: contender.get("threads", "all") == threads


def goals(entry):
    """The goals of the results of one kind of processor, in the order of the issue."""
    cases = {case["name"]: case for case in entry["cases"] if "skipped" not in case}

    def speed(name, what, least, aim, *, ours=lambda contender: True, peers=lambda contender: True):
        if name not in cases:
            return Goal(what, None, least, aim)
        us, them = fastest(cases[name], ours=True, keep=ours), fastest(cases[name], ours=False, keep=peers)
        between = f"{us['name']} against {them['name']}"
        return Goal(what, milliseconds(them) / milliseconds(us), least, aim, between)

    def not_keras(contender):
        return contender["program"] != "keras"

    if entry["instructions"] != "auto":
        return [
            speed(f"reference-{batch}", f"reference step, batch {batch}, float32, restricted to AVX2", 1.3, 2)
            for batch in (256, 64)
        ]
    has_bfloat16 = "bfloat16" in entry["precisions"]
    default, best = with_threads("default"), (1.8, 2.5) if has_bfloat16 else (1.3, 2)
    found = [
        speed("reference-64-beside-1", "beside one busy process: reference step, batch 64", 1.5, 2, ours=default),
        never_slower(cases.get("narrow-64-beside-2"), "beside two busy processes: narrow step, default threads", 1.3),
        never_slower(cases.get("narrow-64-quota-half"), "quota of half a CPU: narrow step, default threads", None),
        speed("reference-256", "reference step, batch 256, best against best", *best),
        speed("auto-64", "auto's game at 28x28, batch 64", 2, 3),
        speed("mlp-128", "MLP, batch 128", 1.3, 1.6),
        speed("generation-1", "generation, batch 1", 1.3, 2),
        speed("generation-256", "generation, batch 256", 1.3, 2),
        speed("dcgan-64", "DCGAN 64x64x3, batch 64", 1.3, 2),
        speed("start", "process start to first trained step, against PyTorch", 5, 7, peers=not_keras),
        memory(cases.get("reference-256")),
    ]  # fmt: skip
    return [*found, rate(cases.get("reference-256"), entry.get("gemm"))] if has_bfloat16 else found


def never_slower(case, what, aim):
    """Our default number of threads against one thread."""
    what += " against one"
    if case is None:
        return Goal(what, None, 1, aim)
    default, single = (fastest(case, ours=True, keep=with_threads(threads)) for threads in ("default", "1"))
    pairs = zip(single["milliseconds"], default["milliseconds"])
    noise = spread([of_single / of_default for of_single, of_default in pairs])
    ratio = milliseconds(single) / milliseconds(default)
    return Goal(what, ratio, 1, aim, f"noise of a round: ± {noise:.2f}", noise=noise)


def spread(values):
    """Half the distance between the quartiles."""
    if len(values) < 2:
        return 0.0
    low, _, high = quantiles(values, n=4, method="inclusive")
    return (high - low) / 2


def memory(case):
    """Our fastest contender's peak memory against the leanest peer's."""
    what = "peak memory of the reference run, batch 256"
    if case is None:
        return Goal(what, None, 0.7, 0.5, smaller=True)
    us = fastest(case, ours=True)
    them = min(contenders(case, ours=False), key=lambda one: one["peak_bytes"])
    between = f"{us['name']} against {them['name']}"
    return Goal(what, us["peak_bytes"] / them["peak_bytes"], 0.7, 0.5, between, smaller=True)


def rate(case, gemm):
    """Our fastest bfloat16 contender's rate, as if it did all the arithmetic, against the machine's peak."""
    what = f"nominal rate ({REFERENCE_GFLOP} GFLOP per step) in bfloat16, against the measured GEMM peak"
    if case is None or gemm is None:
        return Goal(what, None, 0.83, 1.15, percent=True)
    us = fastest(case, ours=True, keep=lambda contender: contender["precision"] == "bfloat16")
    gflops = REFERENCE_GFLOP / milliseconds(us) * 1000
    between = f"{gflops:.0f} of {gemm['bfloat16']:.0f} GFLOP/s"
    return Goal(what, gflops / gemm["bfloat16"], 0.83, 1.15, between, percent=True)
