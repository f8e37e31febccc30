"""One run from its beginning to its record: trained, applied to the test pictures, judged. Training is short, so one that was
interrupted begins anew."""

import json
import pathlib
import shutil
import subprocess
import sys

from pictures.rows import ROUNDS, ROWS
from quality import runlog
from quality.place import checked, gan, session
from quality.play import now, provenance

HERE = pathlib.Path(__file__).resolve().parent
# Enough to see that the segmentation network works, where a trial needs no more.
TRIAL_STEPS = 20


def python(place, script, *words):
    """A call of one of the scripts here, in the peers' environment."""
    return [str(place.python), str(HERE / script), *place.filled(words)]


def output(command):
    """What a command prints; the end of everything if it fails."""
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        sys.exit(f"{' '.join(command)} ended with status {answer.returncode}")
    return answer.stdout


def material(place, name):
    """The folder of this material, made if it is not there."""
    folder = place.work / "material" / name
    if not folder.exists():
        print(f"prepare: {name}", file=sys.stderr, flush=True)
        output(python(place, "material.py", name, "--data", place.data, "--out", folder))
    return folder


def trained(place, command, folder):
    """The session of a command that trains, and what it printed."""
    printed = folder / "printed.txt"
    with printed.open("w") as file:
        status, found = session(command, file)
    # 3: a guard stopped it, which is a result.
    if status not in (0, 3):
        sys.exit(f"{' '.join(command)} ended with status {status}")
    return found, printed.read_text()


def gan_words(place, kind_words, seed, *limit):
    words = [*kind_words, *limit, "--seed", seed, "--threads", place.threads]
    return [str(word) for word in (*words, "--eval-every", "0", "--quiet")]


def peer_words(place, words, seed, *limit):
    said = [*words, *limit, "--seed", seed, "--threads", place.threads, "--precision", place.precision]
    return [str(word) for word in said]


def by_gan(run, place, folder):
    words = gan_words(place, run.kind.words, run.seed, "--minutes", f"{place.minutes or run.kind.minutes:.4g}")
    found, _ = trained(place, gan(place, [*words, "--out", folder / "run"]), folder)
    source = place.work / "material" / run.material / "test/source"
    checked(place, ["apply", folder / "run", source, "--out", folder / "translations", "--quiet"])
    summary = runlog.summary(folder / "run", runlog.read(folder / "run"))
    return {"command": " ".join(["gan", *words]), "sessions": [found], **summary}


def by_peer(run, place, folder):
    words = peer_words(place, run.kind.words, run.seed, "--minutes", f"{place.minutes or run.kind.minutes:.4g}")
    script, *rest = words
    given = ["--material", place.work / "material" / run.material, "--out", folder / "translations"]
    found, printed = trained(place, python(place, f"peers/{script}", *rest, *given), folder)
    return {"command": " ".join(["python", *words]), "sessions": [found], **json.loads(printed)}


def by_answer(run, place, folder):
    (source,) = run.kind.words
    shutil.copytree(place.work / "material" / run.material / source, folder / "translations")
    return {"command": source, "sessions": []}


PROGRAMS = {"gan": by_gan, "peer": by_peer, "answer": by_answer}


def play(run, place):
    """The record of the run, whose translations stay in its folder."""
    folder, given = place.runs / run.folder, material(place, run.material)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = now()
    found = PROGRAMS[run.kind.program](run, place, folder)
    measures = ROWS[run.row].measures
    steps = ("--steps", str(TRIAL_STEPS)) if place.minutes else ()
    words = ["--material", str(given), "--measures", ",".join(measures), *steps, str(folder / "translations")]
    return {
        "row": run.row, "name": run.kind.name, "data": run.material, "seed": run.seed, "program": run.kind.program,
        "date": began, "threads": place.threads, **provenance(place), **found,
        "values": json.loads(output(python(place, "judge.py", *words))),
    }  # fmt: skip


def play_steps(pace, place):
    """The record of a step: both sides in turn, each turn a process of its own whose first steps are not counted."""
    given, began, turns, sessions = material(place, pace.material), now(), {"gan": [], "peer": []}, []
    steps, threads = TRIAL_STEPS if place.minutes else pace.steps, str(place.threads)
    ours = ["bench", *pace.ours, "--channels", "3", "--steps", str(steps), "--profile", "0", "--threads", threads]
    script, *rest = theirs = peer_words(place, pace.peer, 1, "--steps", steps)
    commands = {
        "gan": ([*gan(place, ours), "--json"], "milliseconds_per_step"),
        "peer": (python(place, f"peers/{script}", *rest, "--material", given), "milliseconds"),
    }  # fmt: skip
    folder = place.runs / "steps"
    folder.mkdir(parents=True, exist_ok=True)
    for _ in range(2 if place.minutes else ROUNDS):
        for side, (command, key) in commands.items():
            found, printed = trained(place, command, folder)
            answer = json.loads(printed)
            turns[side].append(answer[key])
            sessions.append(found)
    return {
        "row": "steps", "name": pace.name, "data": pace.material, "seed": 1, "date": began, "threads": place.threads,
        **provenance(place), "sessions": sessions, "command": " ".join(["gan", *ours]),
        # The peer has its turn last.
        "peer_command": " ".join(["python", *theirs]), "torch": answer["torch"], "precision": answer["precision"],
        "milliseconds": turns,
    }  # fmt: skip


def sheet(row, place):
    """Draws the row's contact sheet of what lies in the folders of its first seeds."""
    given, columns = material(place, ROWS[row].material), []
    runs = [run for run in ROWS[row].planned(row, names=[kind.name for kind in ROWS[row].kinds]) if run.kind.name != "truth"]
    folders = {run.kind.name: place.runs / run.folder / "translations" for run in reversed(runs)}
    for kind in ROWS[row].kinds:
        if kind.name in folders and folders[kind.name].exists():
            columns.append(f"{kind.name}={folders[kind.name]}")
    words = ["--out", place.pictures / f"{row}.png", f"source={given / 'test/source'}", *columns, f"truth={given / 'test/truth'}"]
    output(python(place, "sheet.py", *words))
