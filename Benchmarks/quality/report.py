"""Writes ../QUALITY.md from results.json, and what `gan recipes` says of each recipe.

    python3 Benchmarks/quality/report.py [--auto RECIPE]

With --auto the page of another recipe is printed, and no file is written.
"""

import argparse
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from quality import expectations, records  # noqa: E402
from quality.rows import CLASSES_KEPT_BACK, ROWS  # noqa: E402
from quality.verdicts import CLASSES_PRESENT, LIVING, findings, is_beside, number, verdict  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent
HEAD = """\
# Quality per minute

Written by `python3 Benchmarks/quality/report.py` from [quality/results.json](quality/results.json). How it is measured,
and how long it takes: [README](README.md#quality-per-minute). Every run that is recorded is shown, and a row meets only what
its worst run meets."""
TOLD = """\
`auto` is told the classes, which are what the features of the judge are about; `{peer}` is not. What `auto` reaches with the
classes kept back stands beside it, and nothing is asked of that; at the commits that stand with their commands `auto` told them
only on demand, and played the same game without."""
NOTES = {
    "mixtures": "Of 10,000 points of the averaged generator.",
    "stability": f"""\
A run counts as failed when an alarm of collapse or divergence was raised (it is judged every 500 steps), when a guard
stopped it or took it back, or when 10,000 pictures of its last averaged generator have a class-kl from {CLASSES_PRESENT}
on (where any class is missing it is above), or a precision or a recall below {LIVING}. `auto` is told the classes, so that a
class cannot easily go missing; what can is variety within one, which recall and the alarm of collapse see.""",
    "race": f"""\
The goal is the FID that `gan evaluate` finds for the baseline. A run judges itself every 100 steps, ends at the first FID
below 95 % of the goal, and has a tenth of the baseline's training time for it. Compared are the times of training alone, as
evaluations are not part of the baseline's either; the time with them stands beside. `gan evaluate` of 10,000 pictures has
to confirm the FID that ended a run. All have the same precision and threads. {TOLD.format(peer="dcgan-keras")}""",
    "mnist": f"""\
The baseline is that of `race`; the floor is the test split in the samples' place. {TOLD.format(peer="dcgan-keras")}""",
    "stacked": "By chance alone 26,000 samples have all modes and a KL of 0.019.",
    "time15": f"""\
Judged by `gan evaluate` on 10,000 pictures, each set by a classifier of its own classes. {TOLD.format(peer="dcgan")}""",
    "few": """\
Every eighth of the 695 tiles is held out, as copies cannot be told otherwise; the other 609 are trained on. FID in
pixels, as `gan evaluate` takes it for data without labels, and in the features of a classifier of CIFAR-10's classes;
both have to be lower. A run has to be judged twice at least, or no alarm of memorisation can be raised.""",
    "recipes": """\
What `gan recipes` shows: FID of 10,000 pictures, training time over steps, and the peak memory of the whole process, its
evaluations included. Three minutes are what two cores give a trial; they are little for recipes with five steps of D or
residual networks. `auto`, `cdcgan`, `acgan` and `sngan-projection` are told the classes, which are what the features of the
judge are about: their FID is not to be held against the others'. Nothing is asked of this row.""",
}


def page(results, contender="auto"):
    parts = [HEAD, table(results, contender)]
    parts += [section(row, results, contender) for row in ROWS]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(results, contender):
    """A row for each of the table of what is asked: every run's value, and what the worst of them meets."""
    lines = ["| | runs | at least | the aim | measured | met? | command | date |", "|---|---|---|---|---|---|---|---|"]
    for name, row in ROWS.items():
        if not row.least:
            continue
        found = findings(name, results, contender)
        cells = [row.what, row.runs, row.least, row.aim, "<br>".join(brief(name, found, contender))]
        cells += [f"**{verdict(name, results, contender)}**", f"`measure.py {name}`", dates(found)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def brief(row, found, contender):
    """What the table says of a row's runs: a line a run, or, where there are many, a line a set of data."""
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
    told = "told the classes, " if record["chosen"].get("condition_generator", "none") != "none" else ""
    return f"{name}{told}{record['data']}, seed {record['seed']}"


def dates(found):
    days = sorted({finding.record["date"][:10] for finding in found})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}" if days else ""


def section(row, results, contender):
    """The runs of a row, one by one, with pictures."""
    lines = [f"## {row}", "", f"{ROWS[row].what}: `python3 Benchmarks/quality/measure.py {row}`.", "", f"{NOTES[row]}", ""]
    found = findings(row, results, contender)
    if not found:
        return "\n".join([*lines, "Not measured yet."])
    lines += ["| run | found | training | evaluations | chose | alarms | ended | date |", "|---|---|--:|--:|---|---|---|---|"]
    lines += [f"| {' | '.join(details(finding, contender))} |" for finding in found]
    first = min(finding.record["seed"] for finding in found)
    commands = dict.fromkeys(command(finding.record) for finding in found if finding.record["seed"] == first)
    judged = dict.fromkeys(f"`{command}`" for finding in found for command in finding.record["judged_by"])
    lines += ["", "Trained by " + ", ".join(commands) + "; judged by " + ", ".join(judged) + "."]
    lines += ["", *provenance([finding.record for finding in found]), "", pictures(found)]
    return "\n".join(lines)


def command(record):
    """What trained it; with the commit where the command means another game by now."""
    changed = is_beside(record["name"]) and CLASSES_KEPT_BACK not in record["command"]
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
    """On what machine, how busy with others' work, and with which extractors."""
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
        said.append(f"Other processes kept {between(others)} cores busy meanwhile.")
    if walls:
        said.append(f"Wall-clock time of a run, with evaluations and preparations: {between(walls)} s.")
    if resumed:
        said.append(f"Runs that were interrupted and gone on with: {len(resumed)}.")
    return [" ".join(said)]


def between(values):
    return " to ".join(dict.fromkeys((number(min(values)), number(max(values)))))


def pictures(found):
    """The picture of the first seed of every kind of run, with its name."""
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
    parser.add_argument("--auto", default="auto", metavar="RECIPE", help="print the page of this recipe in auto's place")
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
