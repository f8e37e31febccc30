"""Verdicts on the records of a row: a value per run, and the goal that it meets."""

import dataclasses

from quality.records import key
from quality.rows import BASELINE, UNCONDITIONAL, ROWS

# The worst first: a row is as good as its worst run.
NOT_MET, UNDECIDED, MET, AIM = range(4)
WORDS = {NOT_MET: "not met", UNDECIDED: "undecided", MET: "goal met", AIM: "stretch goal met"}
MODES = {"ring8": 8, "grid25": 25}
# Without one of ten equally frequent classes samples diverge by ln(10/9) = 0.105 at least; without the rarest of MNIST's
# (9.0 %) by 0.095.
CLASSES_PRESENT = 0.09
# Precision or recall below this: the generator makes nothing like the data, or covers next to nothing of them.
LIVING = 0.1
# The number of evaluations that must agree before the memorisation alarm is raised.
ALARM_EVALUATIONS = 2


@dataclasses.dataclass(frozen=True)
class Finding:
    """What a run reached, and which goal it meets; None if no goal applies to it."""

    record: dict
    text: str
    level: int | None


def findings(row, records, contender="auto"):
    """A finding for every measured run of the row, unplanned seeds included, in the order of the plan."""
    kinds = list(dict.fromkeys((run.name, run.source) for run in ROWS[row].planned(contender)))
    kind = lambda one: (one["name"], one["data"])
    measured = [one for one in records.values() if one["row"] == row and kind(one) in kinds and not one.get("trial")]
    measured.sort(key=lambda one: (kinds.index(kind(one)), one["seed"]))
    return [judged(row, record, records, contender) for record in measured]


def judged(row, record, records, contender):
    """The finding for a run, without a level for one that is shown for comparison only."""
    finding = JUDGES[row](record, records, contender)
    return dataclasses.replace(finding, level=None) if is_beside(record["name"]) else finding


def is_beside(name):
    """Whether it is the contender without class labels."""
    return name.endswith(UNCONDITIONAL)


def verdict(row, records, contender="auto"):
    """In words: the goal that every run meets, or what is missing."""
    found = findings(row, records, contender)
    keys = {key(finding.record) for finding in found}
    missing = sum(run.key not in keys for run in ROWS[row].planned(contender))
    if not found:
        return "not measured yet"
    levels = [finding.level for finding in found if finding.level is not None]
    said = WORDS[min(levels, default=UNDECIDED)]
    return f"{missing} run{'s' if missing > 1 else ''} missing, so far {said}" if missing else said


def value(record, metric):
    """The metric's value; not a number, which meets no goal, if there is none."""
    found = record["values"].get(metric, {}).get("value")
    return float("nan") if found is None else found


def number(value):
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def level(least, aim):
    return AIM if least and aim else MET if least else NOT_MET


def shown(record):
    """A record on one line, for whoever waits for it."""
    values = ", ".join(f"{name} {number(value(record, name))}" for name in record["values"])
    return f"{values}; {record['seconds']:.0f} s, {record['reason']}"


def mixture(record, records, contender):
    modes, quality, spread = (value(record, name) for name in ("modes", "quality", "spread"))
    wanted = MODES[record["data"]]
    text = f"{modes:.0f}/{wanted}, {quality:.1%}, {spread:.2f}"
    whole = modes == wanted
    return Finding(
        record, text, level(whole and quality >= 0.9 and 0.5 <= spread <= 1.5, quality >= 0.98 and 0.8 <= spread <= 1.2)
    )


def signs_of_failure(record):
    """Why a run counts as collapsed or diverged, in words; nothing for one that went well."""
    alarms = [one for one in record["alarms"] if one["alarm"] in ("collapse", "divergence")]
    signs = [f"{one['alarm']} at step {one['step']:,}" for one in alarms]
    if record["rollbacks"]:
        signs.append(f"rolled back {record['rollbacks']} times")
    if record["exit_status"]:
        signs.append(record["reason"])
    if not value(record, "class-kl") < CLASSES_PRESENT:
        signs.append(f"class-kl {number(value(record, 'class-kl'))}")
    poor = [name for name in ("precision", "recall") if not value(record, name) >= LIVING]
    signs += [f"{name} {number(value(record, name))}" for name in poor]
    return signs


def stable(record, records, contender):
    signs = signs_of_failure(record)
    text = "**" + ", ".join(signs) + "**" if signs else f"fine (fid {number(value(record, 'fid'))})"
    return Finding(record, text, NOT_MET if signs else AIM)


def raced(record, records, contender):
    if record["name"] == BASELINE:
        return Finding(record, f"fid {fid(record)} after {record['steps']:,} steps, {record['seconds']:.0f} s", None)
    baseline = baseline_of(records)
    if baseline is None or record["goal"] != goal(baseline):
        return Finding(record, "raced against another baseline: measure again", UNDECIDED)
    reached = record["reached"]
    if reached is None:
        return Finding(record, f"not reached in {record['seconds']:.0f} s (fid {fid(record)})", NOT_MET)
    with_evaluations = reached["seconds"] + reached["evaluation_seconds"]
    times, watched = (baseline["seconds"] / seconds for seconds in (reached["seconds"], with_evaluations))
    text = (
        f"{reached['seconds']:.0f} s of training ({times:.1f} times as fast), {with_evaluations:.0f} s with evaluations "
        f"({watched:.1f} times); then fid {fid(record)}"
    )
    problem = incomparable(record, baseline)
    if problem:
        return Finding(record, f"{text}; {problem}", UNDECIDED)
    confirmed = value(record, "fid") <= record["goal"]
    if not confirmed:
        text += ", which does not confirm the goal"
    return Finding(record, text, level(confirmed and times >= 10, times >= 30))


def after_15_minutes(record, records, contender):
    text, floor, baseline = f"fid {fid(record)}", record["values"]["fid"]["floor"], baseline_of(records)
    if floor:
        text += f", {value(record, 'fid') / floor:.1f} times the floor ({number(floor)})"
    if baseline is None:
        return Finding(record, text + "; the baseline (`race`) is not measured yet", UNDECIDED)
    problem = incomparable(record, baseline)
    if problem:
        return Finding(record, f"{text}; {problem}", UNDECIDED)
    share = value(record, "fid") / value(baseline, "fid")
    text += f", {share:.2f} of the baseline's ({fid(baseline)})"
    return Finding(record, text, level(share <= 0.5, floor and value(record, "fid") <= 1.5 * floor))


def stacks(record, records, contender):
    modes, divergence = value(record, "modes"), value(record, "mode-kl")
    least = modes >= 990 and divergence <= 0.15
    return Finding(record, f"{modes:,.0f} modes, KL {divergence:.3f}", level(least, modes >= 1000 and divergence <= 0.05))


def against_dcgan(record, records, contender):
    if record["recipe"] != contender:
        return Finding(record, f"fid {fid(record)}", None)
    peer = records.get(("time15", "dcgan", record["data"], record["seed"]))
    return compared(record, peer, ("fid",), (2 / 3, 1 / 3))


def without_labels(record, records, contender):
    if record["recipe"] != contender:
        return Finding(record, f"fid {fid(record)}", None)
    found = compared(record, records.get(("unlabelled", "dcgan", record["data"], 1)), ("fid",), (2 / 3, 1 / 3))
    others = ", ".join(f"{name} {value(record, name):.2f}" for name in ("precision", "recall", "coverage"))
    reached = level(value(record, "fid") <= 0.2, value(record, "fid") <= 0.09) if record["data"] == "mnist" else found.level
    return Finding(record, f"{found.text}; {others}", reached)


def augmented(record, records, contender):
    kinds = [name for name in record["values"] if name.startswith("fid")]
    if record["name"] != contender:
        return Finding(record, ", ".join(f"{kind} {fid(record, kind)}" for kind in kinds), None)
    peer = records.get(("few", f"{contender} augment=none", record["data"], record["seed"]))
    found = compared(record, peer, kinds, (1, 0.5))
    copies = record["values"]["memorisation"]
    spread = "" if copies["deviation"] is None else f" ± {copies['deviation']:.1g}"
    text = f"{found.text}; memorisation {number(value(record, 'memorisation'))}{spread}, "
    if any(one["alarm"] == "memorisation" for one in record["alarms"]):
        return Finding(record, text + "**alarm**", NOT_MET)
    if record["evaluations"] < ALARM_EVALUATIONS:
        return Finding(record, text + "evaluated too rarely to raise an alarm", UNDECIDED)
    return Finding(record, text + "no alarm", found.level)


def expected(record, records, contender):
    """No goal applies to a single recipe: its figures are shown."""
    found = expectation(record)
    text = f"fid {fid(record)}, {number(found['milliseconds'])} ms per step, {number(found['gigabytes'])} GB"
    return Finding(record, text, None)


def expectation(record):
    """What to expect of the recipe: FID, training time per step and peak memory."""
    memory = max(session["peak_memory"] for session in record["sessions"] if session)
    return {
        "fid": value(record, "fid"), "milliseconds": record["seconds"] / record["steps"] * 1000, "gigabytes": memory / 1e9,
    }  # fmt: skip


def compared(record, peer, kinds, shares):
    """FIDs relative to the peer's. The worst counts: below the first share for the goal, at most the second for the stretch goal."""
    text = ", ".join(f"{kind} {fid(record, kind)}" for kind in kinds)
    if peer is None or peer.get("trial"):
        return Finding(record, f"{text}; the run to compare with is not measured yet", UNDECIDED)
    problems = [problem for kind in kinds if (problem := incomparable(record, peer, kind))]
    if problems:
        return Finding(record, f"{text}; {problems[0]}", UNDECIDED)
    ratios = [value(record, kind) / value(peer, kind) for kind in kinds]
    text = ", ".join(f"{kind} {fid(record, kind)}, {ratio:.2f} of the peer's" for kind, ratio in zip(kinds, ratios))
    least, aim = shares
    below = all(ratio <= least if least < 1 else ratio < 1 for ratio in ratios)
    return Finding(record, text, level(below, all(ratio <= aim for ratio in ratios)))


def fid(record, kind="fid"):
    found = record["values"][kind]
    deviation = found["deviation"]
    return number(value(record, kind)) + ("" if deviation is None else f" ± {deviation:.1g}")


def goal(baseline):
    """The FID to reach, in the digits that `--until` gets."""
    return float(f"{value(baseline, 'fid'):.6g}")


def baseline_of(records):
    baseline = records.get(("race", BASELINE, "mnist", 1))
    return None if baseline is None or baseline.get("trial") else baseline


def incomparable(record, other, kind="fid"):
    """Why two values are not comparable, in words; None if they are."""
    names = ("data_fingerprint", "fingerprint", "n_real", "n_fake")
    differing = [name for name in names if record["values"][kind][name] != other["values"][kind][name]]
    return f"not comparable: {', '.join(differing)} differ" if differing else None


JUDGES = {
    "mixtures": mixture, "stability": stable, "race": raced, "mnist": after_15_minutes, "stacked": stacks,
    "time15": against_dcgan, "unlabelled": without_labels, "few": augmented, "recipes": expected,
}  # fmt: skip
