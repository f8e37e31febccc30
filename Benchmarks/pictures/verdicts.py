"""Verdicts on the records of a row: what both sides reached, and the goal that this meets."""

import statistics

from pictures.rows import PACES, ROWS, STEPS_AIM, STEPS_LEAST
from quality.verdicts import UNDECIDED, WORDS, Finding, level, number

LESS_IS_BETTER = {"l1", "alex", "vgg", "kid"}
# What the goals count, and the values of each: all of them must be better for it to be better.
PAIRED = {"perceptual distance": ("alex", "vgg"), "segmentation": ("segmentation",), "KID": ("kid",), "L1": ("l1",)}


def of(row, results, name=None):
    """The records of a row, or of one kind of runs in it, in the order of the plan; trials do not count."""
    names = [kind.name for kind in ROWS[row].kinds] if row in ROWS else [pace.name for pace in PACES]
    found = [one for one in results.values() if one["row"] == row and one["name"] in names and not one.get("trial")]
    found.sort(key=lambda one: (names.index(one["name"]), one["seed"]))
    return [one for one in found if name in (None, one["name"])]


def means(records):
    """The means over all runs, by the names of the values; None without a run."""
    if not records:
        return None
    return {name: statistics.mean(one["values"][name] for one in records) for name in records[0]["values"]}


def compare(ours, peer, names):
    """1 if all of these values are better than the peer's, -1 if one is worse, else 0."""
    signs = [-1 if name in LESS_IS_BETTER else 1 for name in names]
    gains = [sign * (ours[name] - peer[name]) for name, sign in zip(names, signs)]
    return 1 if all(gain > 0 for gain in gains) else -1 if any(gain < 0 for gain in gains) else 0


def paired(row, results):
    """`auto` against the peer, by the means over seeds, with no tolerance."""
    ours, peer, third = (means(of(row, results, name)) for name in ("auto", "peer", "auto third"))
    if not ours or not peer:
        return Finding({}, "not measured yet", UNDECIDED)
    signs = {name: compare(ours, peer, values) for name, values in PAIRED.items()}
    text = "; ".join(
        f"{name} {', '.join(f'{number(ours[value])} (peer {number(peer[value])})' for value in values)}"
        for name, values in PAIRED.items()
    )
    least = min(signs.values()) >= 0 and sum(sign > 0 for sign in signs.values()) >= 2
    in_third = third and all(compare(third, peer, values) >= 0 for values in PAIRED.values())
    if third:
        worse = [name for name, values in PAIRED.items() if compare(third, peer, values) < 0]
        text += f"; in a third of the time {'worse in ' + ', '.join(worse) if worse else 'worse in none'}"
    return Finding({}, text, level(least, all(sign > 0 for sign in signs.values()) and in_third))


def unpaired(row, results):
    """Each game against its peer; the row is as good as the worse of them."""
    judged = ("pixel-accuracy", "l1") if "colours" in ROWS[row].measures else ("l1",)
    texts, levels = [], []
    for game in ("cyclegan", "cut"):
        ours, peer, half = (means(of(row, results, name)) for name in (game, f"{game} peer", f"{game} half"))
        if not ours or not peer:
            texts.append(f"{game}: not measured yet")
            levels.append(UNDECIDED)
            continue
        values = ", ".join(f"{name} {number(ours[name])} (peer {number(peer[name])})" for name in judged)
        in_half = half and compare(half, peer, judged[:1]) >= 0
        texts.append(f"{game}: {values}" + (f", in half the time {number(half[judged[0]])}" if half else ""))
        levels.append(level(compare(ours, peer, judged) >= 0, in_half))
    # What is not decided yet cannot make up for what is not met.
    return Finding({}, "; ".join(texts), min(levels))


def ratio(record):
    """The peer's time over ours: medians over the turns of medians over the steps."""
    ours, peer = (statistics.median(record["milliseconds"][side]) for side in ("gan", "peer"))
    return peer / ours


def steps(results):
    found = of("steps", results)
    if len(found) < len(PACES):
        return Finding({}, "not measured yet", UNDECIDED)
    text = "; ".join(f"{one['name']}: {ratio(one):.2f} times as fast" for one in found)
    worst = min(map(ratio, found))
    return Finding({}, text, level(worst >= STEPS_LEAST, worst >= STEPS_AIM))


def finding(row, results):
    if row == "steps":
        return steps(results)
    return (paired if row.startswith("facades") else unpaired)(row, results)


def verdict(row, results):
    """In words: the goal that is met."""
    return WORDS[finding(row, results).level]
