"""Measures rows of PICTURES.md: makes translations, judges and records them.

    python3 Benchmarks/pictures/measure.py ROW... [--seeds 1,2,3] [--runs NAME,...] [--data FOLDER] [--gan PATH] [--work FOLDER]

ROW is one of facades-64, facades-128, unpaired-facades, unpaired-edges, steps, or all. Needs `swift build -c release --product
gan`, and the peers' environment, `scripts/bench-environment .build/pictures-venv Benchmarks/pictures/requirements.txt`. Run by
run, results go to results.json beside this file; a run that stands there is not repeated. `report.py` makes the page of it.
"""

import argparse
import os
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import machine  # noqa: E402
from pictures import play  # noqa: E402
from pictures.place import Place  # noqa: E402
from pictures.rows import NAMES, PACES, ROWS  # noqa: E402
from quality import records  # noqa: E402
from quality.measure import CHECKOUT, SHARED, interrupted  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent
AGAIN = "forget the results of the chosen runs first"
MATRICES = ("avx512_bf16", "amx_bf16")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="+", choices=[*NAMES, "all"], metavar="ROW")
    add = parser.add_argument
    add("--seeds", help="by default as many as the row asks")
    add("--runs", help="only those of these names, as in 'peer,auto'; some are played only if named: pix2pix, fastcut")
    add("--data", type=pathlib.Path, default=SHARED, help="the folder with facades/ and fashion-mnist/")
    add("--gan", type=pathlib.Path, default=CHECKOUT / ".build/release/gan", help="the command")
    add("--python", type=pathlib.Path, default=CHECKOUT / ".build/pictures-venv/bin/python", help="that of the peers")
    add("--work", type=pathlib.Path, default=CHECKOUT / ".build/pictures", help="where runs, material and trials lie")
    add("--results", type=pathlib.Path, default=ROOT / "results.json", help="the file of results; pictures lie beside it")
    add("--threads", type=int, default=len(os.sched_getaffinity(0)))
    add("--again", action="store_true", help=AGAIN)
    add("--minutes", type=float, help="a trial: every run is as short as this, and goes to trials.json in --work")
    chosen = parser.parse_args()
    chosen.seeds = chosen.seeds and [int(seed) for seed in chosen.seeds.split(",")]
    chosen.runs = chosen.runs and chosen.runs.split(",")
    chosen.rows = list(NAMES) if "all" in chosen.rows else list(dict.fromkeys(chosen.rows))
    known = {kind.name for row in ROWS.values() for kind in row.kinds}
    if unknown := set(chosen.runs or ()) - known:
        parser.error(f"there is no run {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return chosen


def place_of(chosen):
    # The link to Python is kept: it tells Python which environment it is in.
    gan, python, data = chosen.gan.resolve(), chosen.python.absolute(), chosen.data.resolve()
    if not os.access(gan, os.X_OK):
        sys.exit(f"there is no command at {gan}: build it with `swift build -c release --product gan`, or give --gan")
    if not os.access(python, os.X_OK):
        sys.exit(f"there is no Python at {python}: make the peers' environment with `scripts/bench-environment "
                 ".build/pictures-venv Benchmarks/pictures/requirements.txt`, or give --python")  # fmt: skip
    if not data.is_dir():
        sys.exit(f"there is no folder {data}: give --data, with facades/ and fashion-mnist/ in it")
    work = chosen.work.resolve()
    pictures = work / "trials" if chosen.minutes else chosen.results.resolve().parent / "pictures"
    has_bfloat16 = set(MATRICES) & set(machine.describe()["features"])
    precision = "bfloat16" if has_bfloat16 else "float32"
    return Place(gan, data, work, pictures, chosen.threads, precision, chosen.minutes, python)


def main():
    chosen = options()
    place = place_of(chosen)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    path = place.work / "trials.json" if place.minutes else chosen.results
    with records.alone(place.work):
        results = records.read(path)
        for row in chosen.rows:
            if row == "steps":
                planned = {("steps", pace.name, pace.material, 1): (play.play_steps, pace) for pace in PACES}
            else:
                planned = {run.key: (play.play, run) for run in ROWS[row].planned(row, chosen.seeds, chosen.runs)}
            for key, (measure, asked) in planned.items():
                if key in results and not chosen.again and not place.minutes:
                    print(f"there already, of {results[key]['date']}: {key}", file=sys.stderr)
                    continue
                print(f"measure: {', '.join(map(str, key))}", file=sys.stderr, flush=True)
                record = measure(asked, place) | ({"trial": True} if place.minutes else {})
                results[key] = record
                records.write(path, results)
                shown = {name: round(value, 4) for name, value in record.get("values", {}).items()} or record["milliseconds"]
                print(f"{', '.join(map(str, key))}: {shown}", flush=True)
            if row in ROWS:
                play.sheet(row, place)


if __name__ == "__main__":
    main()
