"""Medians, ratios and the goals of the issue "Speed", from the results of a run; no measuring here."""

from dataclasses import dataclass
from statistics import median

from cases import REFERENCE_GFLOP


@dataclass(frozen=True)
class Goal:
    """A row of the table of goals. ratio: what was reached, None where its case was not run. smaller: whether a smaller
    ratio is the better one."""

    what: str
    ratio: float | None
    least: float
    aim: float
    between: str = ""
    smaller: bool = False
    percent: bool = False

    @property
    def verdict(self):
        if self.ratio is None:
            return "not measured"
        sign = -1 if self.smaller else 1
        if sign * self.ratio >= sign * self.aim:
            return "stretch goal met"
        return "met" if sign * self.ratio >= sign * self.least else "**missed**"

    def show(self, value):
        if value is None:
            return "–"
        return f"{100 * value:.0f} %" if self.percent else f"{value:.2f}x"


def milliseconds(contender):
    """A contender's time: the median of its rounds, each the median of its steps."""
    return median(contender["milliseconds"])


def fastest(case, *, ours, keep=lambda contender: True):
    """The fastest of our contenders, or of the peers."""
    those = [one for one in case["contenders"] if (one["program"] == "gan") == ours and keep(one)]
    return min(those, key=milliseconds)


def goals(results):
    """The goals of the issue, in its order."""
    cases = {case["name"]: case for case in results["cases"]}

    def speed(name, what, least, aim, keep=lambda contender: True):
        if name not in cases:
            return Goal(what, None, least, aim)
        us, them = (fastest(cases[name], ours=ours, keep=keep) for ours in (True, False))
        between = f"{us['name']} against {them['name']}"
        return Goal(what, milliseconds(them) / milliseconds(us), least, aim, between)

    def in_float32(contender):
        return contender["precision"] == "float32"

    def not_keras(contender):
        return contender["program"] != "keras"

    return [
        speed("reference-256", "reference step, batch 256, best against best", 1.8, 2.5),
        speed("reference-256", "reference step, batch 256, float32", 1.2, 1.5, in_float32),
        speed("dcgan-64", "DCGAN 64x64x3, batch 64", 1.3, 2),
        speed("mlp-128", "MLP, batch 128", 1.3, 2),
        speed("generation-256", "generation, batch 256", 1.3, 2),
        speed("start", "process start to first trained step, against PyTorch", 5, 7, not_keras),
        memory(cases.get("reference-256")),
        rate(cases.get("reference-256"), results.get("gemm")),
    ]


def memory(case):
    """Our fastest contender's peak memory against the leanest peer's."""
    what = "peak memory of the reference run, batch 256"
    if case is None:
        return Goal(what, None, 0.7, 0.5, smaller=True)
    us = fastest(case, ours=True)
    them = min((one for one in case["contenders"] if one["program"] != "gan"), key=lambda one: one["peak_bytes"])
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
