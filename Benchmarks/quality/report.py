"""Writes ../QUALITY.md and the figures of `gan recipes` from results.json.

    python3 Benchmarks/quality/report.py [--auto RECIPE]

With --auto the page for another recipe is printed, and no file is written.
"""

import argparse
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from quality import expectations, records  # noqa: E402
from quality.rows import UNCONDITIONAL, ROWS  # noqa: E402
from quality.verdicts import CLASSES_PRESENT, LIVING, findings, is_beside, number, verdict  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent
HEAD = """\
# Quality per minute

Written by `python3 Benchmarks/quality/report.py` from [quality/results.json](quality/results.json). The
[README](README.md#quality-per-minute) says how this is measured and how long it takes. Every recorded run is shown, and a row
meets a goal only if its worst run does."""
CONDITIONAL = """\
`auto` is conditional on class labels, on which the extractor was trained; `{peer}` is not. The rows without class labels show
what an unconditional `auto` reaches, for comparison only: no goal applies to them. At the commits named with their commands
`auto` was unconditional by default and otherwise the same game."""
NOTES = {
    "mixtures": "Measured on 10,000 points of the averaged generator.",
    "stability": f"""\
A run counts as failed if a collapse or divergence alarm was raised (the run is evaluated every 500 steps), if a guard
stopped it or rolled it back, or if 10,000 pictures of its final averaged generator have a class-kl of {CLASSES_PRESENT} or
more (it is higher if any class is missing), or a precision or recall below {LIVING}. `auto` is conditional on class labels, so
a whole class is unlikely to go missing; variety within a class may, and recall and the collapse alarm detect that.""",
    "race": f"""\
The goal is the FID that `gan evaluate` measures for the baseline. A run is evaluated every 100 steps, ends at the first FID
below 95 % of the goal, and has a tenth of the baseline's training time. The comparison counts training time only, since
the baseline's has no evaluations either; the time with evaluations is given as well. `gan evaluate` on 10,000 pictures must
confirm the FID that ended a run. All runs use the same precision and number of threads. {CONDITIONAL.format(peer="dcgan-keras")}""",
    "mnist": f"""\
The baseline is that of `race`; the floor is what the test split reaches. {CONDITIONAL.format(peer="dcgan-keras")}""",
    "stacked": "26,000 real samples have all modes and, by chance alone, a KL of 0.019.",
    "time15": f"""\
Evaluated by `gan evaluate` on 10,000 pictures, with a classifier of each data set's own classes. {CONDITIONAL.format(peer="dcgan")}""",
    "unlabelled": """\
The pictures of the training splits lie in `.npy` files, without labels. `gan evaluate` compares 10,000 pictures with them, by a
classifier of the labelled set, which training never sees. The peer's one seed is held against all of the contender's.""",
    "few": """\
Every eighth of the 695 tiles is held out, since copies cannot be recognised otherwise; the other 609 are trained on. FID on
pixels, the default of `gan evaluate` for data without labels, and in the features of a classifier of CIFAR-10's classes;
both must be lower. A run must be evaluated at least twice, or no memorisation alarm can be raised.""",
    "recipes": """\
What `gan recipes` shows: FID of 10,000 pictures, training time per step, and peak memory of the whole process, including
evaluations. Three minutes on two cores make a trial; they are short for recipes with five steps of D or residual networks.
`auto`, `cdcgan`, `acgan` and `sngan-projection` are conditional on class labels, on which the extractor was trained: do not
compare their FID with the others'. This row has no goal.""",
}


def page(results, contender="auto"):
    parts = [HEAD, table(results, contender)]
    parts += [section(row, results, contender) for row in ROWS]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(results, contender):
    """A line for each row with goals: every run's value, and the goal that the worst of them meets."""
    lines = ["| | runs | goal | stretch goal | measured | met? | command | date |", "|---|---|---|---|---|---|---|---|"]
    for name, row in ROWS.items():
        if not row.least:
            continue
        found = findings(name, results, contender)
        cells = [row.what, row.runs, row.least, row.aim, "<br>".join(brief(name, found, contender))]
        cells += [f"**{verdict(name, results, contender)}**", f"`measure.py {name}`", dates(found)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def brief(row, found, contender):
    """The runs of a row in the table: a line per run or, if there are many, per data set."""
    if row != "stability":
        return [f"{label(finding.record, contender)}: {finding.text}" for finding in found]
    lines = []
    for data in dict.fromkeys(finding.record["data"] for finding in found):
        runs = [finding for finding in found if finding.record["data"] == data]
        failed = [f"seed {finding.record['seed']}: {finding.text}" for finding in runs if not finding.level]
        lines.append("; ".join([f"{data}: {len(failed)} of {len(runs)}", *failed]))
    return lines


def label(record, contender):
    name = "" if record["name"] == contender else f"`{record['name']}`, "
    # Without labels it can only be groups that were found.
    kind = "conditional on groups, " if record["row"] == "unlabelled" else "class-conditional, "
    is_conditional = record["chosen"].get("condition_generator", "none") != "none"
    return f"{name}{kind if is_conditional else ''}{record['data']}, seed {record['seed']}"


def dates(found):
    days = sorted({finding.record["date"][:10] for finding in found})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}" if days else ""


def section(row, results, contender):
    """The runs of a row, one by one, with pictures."""
    lines = [f"## {row}", "", f"{ROWS[row].what}: `python3 Benchmarks/quality/measure.py {row}`.", "", f"{NOTES[row]}", ""]
    found = findings(row, results, contender)
    if not found:
        return "\n".join([*lines, "Not measured yet."])
    lines += ["| run | result | training | evaluations | choice | alarms | end | date |", "|---|---|--:|--:|---|---|---|---|"]
    lines += [f"| {' | '.join(details(finding, contender))} |" for finding in found]
    first = min(finding.record["seed"] for finding in found)
    commands = dict.fromkeys(command(finding.record) for finding in found if finding.record["seed"] == first)
    judged = dict.fromkeys(f"`{command}`" for finding in found for command in finding.record["judged_by"])
    lines += ["", "Trained by " + ", ".join(commands) + "; evaluated by " + ", ".join(judged) + "."]
    lines += ["", *provenance([finding.record for finding in found]), "", pictures(found)]
    return "\n".join(lines)


def command(record):
    """The training command, with the commit if the command means another game by now."""
    changed = is_beside(record["name"]) and UNCONDITIONAL not in record["command"]
    return f"`{record['command']}`" + (f" at {record['commit']}" if changed else "")


def details(finding, contender):
    record = finding.record
    alarms = [f"{alarm['alarm']} at {alarm['step']:,}" for alarm in record["alarms"]]
    chosen = record["chosen"]
    choice = [chosen.get("network"), f"batch {chosen.get('batch')}", f"width {chosen.get('base_width')}"]
    choice += [chosen.get("objective"), chosen.get("precision")]
    choice += [f"augment {chosen['augment']}"] if chosen.get("augment", "none") != "none" else []
    return [
        label(record, contender), finding.text, f"{record['steps']:,} steps, {record['seconds']:.0f} s",
        f"{record['evaluations']}, {record['evaluation_seconds']:.0f} s" if record["evaluations"] else "none",
        ", ".join(filter(None, choice)), ", ".join(alarms) or "none", record["reason"],
        f"{record['date'][:16].replace('T', ' ')}, {record['commit']}",
    ]  # fmt: skip


def provenance(runs):
    """On what machine, how busy with other work, and with which extractors."""
    machines = dict.fromkeys(
        f"{one['machine']['processor']}, {one['machine']['cores']} cores, {one['threads']} threads, {one['gan']['version']}"
        for one in runs
    )
    others = [session["cores_of_others"] for one in runs for session in one["sessions"] if session]
    resumed = [one for one in runs if one["wall_seconds"] is None]
    walls = [one["wall_seconds"] for one in runs if one["wall_seconds"] is not None]
    values = [found for one in runs for found in one["values"].values()]
    extractors = dict.fromkeys(f"{found['extractor']} {found['fingerprint'][:12]}" for found in values)
    said = [f"Machine: {'; '.join(machines)}.", f"Extractors: {', '.join(extractors)}."]
    if others:
        said.append(f"Other processes kept {between(others)} cores busy at the same time.")
    if walls:
        said.append(f"Wall-clock time per run, including evaluations and preparations: {between(walls)} s.")
    if resumed:
        said.append(f"Runs that were interrupted and resumed: {len(resumed)}.")
    return [" ".join(said)]


def between(values):
    return " to ".join(dict.fromkeys((number(min(values)), number(max(values)))))


def pictures(found):
    """The picture of the first seed of every kind of run, with a title."""
    chosen = {}
    for finding in found:
        chosen.setdefault((finding.record["name"], finding.record["data"]), finding.record)
    lines = []
    for one in chosen.values():
        title = f"`{one['name']}` on {one['data']}, seed {one['seed']}"
        lines += [f"{title}:", "", f"![{title.replace('`', '')}](quality/pictures/{one['picture'].replace(' ', '%20')})", ""]
    return "\n".join(lines).rstrip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--auto", default="auto", metavar="RECIPE", help="print the page for this recipe instead of auto")
    contender = parser.parse_args().auto
    found = records.read(ROOT / "results.json")
    text = page(found, contender)
    if contender == "auto":
        records.write_atomically(ROOT.parent / "QUALITY.md", text)
        if findings("recipes", found):
            records.write_atomically(expectations.PATH, expectations.source(found))
    else:
        try:
            print(text, end="")
        except BrokenPipeError:
            os._exit(0)


if __name__ == "__main__":
    main()
