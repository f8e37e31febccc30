"""One run from its beginning to its record: trained or gone on with, judged, pictured."""

import datetime
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

import machine
from quality import records, runlog
from quality.material import prepare
from quality.place import checked, gan, session
from quality.rows import CHASE, MARGIN, PRECISION
from quality.verdicts import goal

ROOT = pathlib.Path(__file__).resolve().parent
PICTURE_BYTES = 60_000


def training_words(run, place, baseline=None):
    """The words after `gan` that train the run. `baseline`: the record of the run it chases."""
    words = ["train", run.recipe, "--data", run.data, "--seed", str(run.seed), "--threads", str(place.threads)]
    words += ["--quiet", *(place.precision if option == PRECISION else option for option in run.options)]
    minutes = run.minutes
    if run.chases:
        words += ["--until", f"fid<{aimed(baseline)}"]
        minutes = round(baseline["seconds"] / CHASE / 60, 3)
    if place.minutes or minutes:
        words += ["--minutes", f"{place.minutes or minutes:g}"]
    else:
        words += ["--steps", str(run.steps)]
    return words


def aimed(baseline):
    """The FID at which a chasing run ends."""
    return round(goal(baseline) * MARGIN, 4)


def folders(run, place):
    """The run's folder, and the file that tells what began it and how long its sessions took."""
    return place.runs / run.folder, place.runs / f"{run.folder}.json"


def remove(run, place):
    folder, notes = folders(run, place)
    shutil.rmtree(folder, ignore_errors=True)
    notes.unlink(missing_ok=True)


def train(run, place, words):
    """Trains the run or goes on with it. Returns what its sessions took, when it began first, and its log."""
    folder, notes = folders(run, place)
    state = json.loads(notes.read_text()) if notes.exists() else None
    move = runlog.next_move(folder, runlog.read(folder))
    begun = {"words": words, "gan": fingerprint(place.gan)}
    if state and move != "train" and state["words"] != words:
        sys.exit(f"{folder} was begun by another command, gan {' '.join(state['words'])}: give --again to begin anew")
    if state and move != "train" and state["gan"] != begun["gan"]:
        sys.exit(f"{folder} was begun by another build of {place.gan}: give --again to begin anew")
    if state is None or move == "train":
        # What a process left that ended before its first checkpoint.
        remove(run, place)
        move, state = "train", begun | {"date": now(), "sessions": []}
    if move != "judge":
        said = [*words, "--out", folder] if move == "train" else ["resume", folder, "--quiet"]
        # A session that dies leaves an empty note, so that nobody takes the others' time for all of it.
        state["sessions"].append({})
        records.write_atomically(notes, json.dumps(state))
        print(f"{move}: {run.folder}", file=sys.stderr, flush=True)
        status, state["sessions"][-1] = session(gan(place, said))
        records.write_atomically(notes, json.dumps(state))
        # 3: a guard gave up, or the goal was not reached; both are results.
        if status not in (0, 3):
            sys.exit(f"gan {' '.join(map(str, said))} ended with status {status}; the same command goes on with it")
    return state, runlog.read(folder)


def judge(run, place):
    """The values that `gan evaluate` finds, by the metrics' names, and the commands that found them."""
    found, commands = {}, []
    for suffix, options in run.judged:
        prepare(place, options)
        words = ["evaluate", str(place.runs / run.folder), *options, "--threads", str(place.threads), "--json"]
        path = place.runs / f"{run.folder}.judged"
        with path.open("w") as output:
            checked(place, words, output)
        for record in map(json.loads, path.read_text().splitlines()):
            kept = ("value", "deviation", "floor", "n_real", "n_fake", "extractor", "fingerprint", "data_fingerprint")
            found[record["metric"] + suffix] = {name: record.get(name) for name in kept} | {"seed": record["seed"]}
        commands.append(" ".join(["gan evaluate RUN", *options]))
        path.unlink()
    return found, commands


def picture(run, place):
    """The name of a grid of the run's samples that takes no more than PICTURE_BYTES, kept among the pictures."""
    place.pictures.mkdir(parents=True, exist_ok=True)
    folder, path = place.runs / run.folder, place.pictures / f"{run.folder}.png"
    # samples.png shows generated points on top of the data.
    shutil.copyfile(folder / "samples.png", path)
    if run.source not in ("ring8", "grid25"):
        # Whole rows: of ten if each class has a column.
        is_conditional = runlog.chosen(folder).get("condition_generator", "none") != "none"
        for count in (80, 50, 30, 20, 10) if is_conditional else (64, 36, 25, 16, 9):
            checked(place, ["sample", str(folder), "--count", str(count), "--out", str(path)])
            if path.stat().st_size < PICTURE_BYTES:
                break
    return path.name


def fingerprint(program):
    return hashlib.sha256(program.read_bytes()).hexdigest()[:12]


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


def provenance(place):
    """What a record says of program and machine."""
    git = lambda *words: subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True).stdout.strip()
    changed = git("status", "--porcelain", "--untracked-files=no", "--", "../../Sources", "../../Package.swift")
    version = subprocess.run([str(place.gan), "version"], capture_output=True, text=True).stdout.strip()
    return {
        "commit": git("rev-parse", "--short", "HEAD") + (" with changes" if changed else ""),
        "gan": {"version": version, "sha256": fingerprint(place.gan)},
        "machine": machine.describe(),
    }


def play(run, place, baseline=None):
    """Plays the run to its end, from wherever it stands, and returns its record."""
    place.runs.mkdir(parents=True, exist_ok=True)
    prepare(place, [run.data])
    words = training_words(run, place, baseline)
    state, events = train(run, place, words)
    folder = place.runs / run.folder
    if runlog.end(events) is None:
        sys.exit(f"{folder} has no end, though training returned")
    values, commands = judge(run, place)
    sessions = state["sessions"]
    is_whole = len(sessions) == 1 and "wall_seconds" in sessions[0]
    record = {
        "row": run.row, "name": run.name, "data": run.source, "seed": run.seed, "recipe": run.recipe,
        "command": " ".join(["gan", *words]), "judged_by": commands, "date": state["date"], "threads": place.threads,
        **provenance(place), "sessions": sessions,
        # None where the run was interrupted: what was done twice would count twice.
        "wall_seconds": sessions[0]["wall_seconds"] if is_whole else None,
        **runlog.summary(folder, events), "values": values, "picture": picture(run, place),
    }  # fmt: skip
    if run.chases:
        record["goal"] = goal(baseline)
        record["reached"] = runlog.reached(events, "fid", aimed(baseline))
    return record | ({"trial": True} if place.minutes else {})
