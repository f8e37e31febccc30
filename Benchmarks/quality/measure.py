"""Measures rows of QUALITY.md: trains, judges, records. What was interrupted is gone on with by the same command.

    python3 Benchmarks/quality/measure.py ROW... [--seeds 1,2,3] [--data FOLDER] [--gan PATH] [--work FOLDER]

ROW is one of mixtures, stability, race, mnist, stacked, time15, unlabelled, few, recipes, or all. Needs `swift build -c
release --product gan` and nothing but Python's standard library. Run by run, results go to results.json beside this file; a run that
stands there is not repeated. `report.py` makes the page of it.
"""

import argparse
import os
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import machine  # noqa: E402
from quality import play, records, verdicts
from quality.place import Place  # noqa: E402  # noqa: E402
from quality.rows import ROWS  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent
CHECKOUT = ROOT.parents[1]
SHARED = CHECKOUT.parent / "shared/data"
RESULTS = ROOT / "results.json"
AGAIN = "first forget runs, finished or not: those of this name (dcgan-keras, ...), by default the contender's"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="+", choices=[*ROWS, "all"], metavar="ROW")
    add = parser.add_argument
    add("--seeds", help="of the contender, by default as many as the row asks")
    add("--data", type=pathlib.Path, default=SHARED, help="the folder with mnist/, fashion-mnist/, cifar10/, crawl-tiles/")
    add("--gan", type=pathlib.Path, default=CHECKOUT / ".build/release/gan", help="the command")
    add("--work", type=pathlib.Path, default=CHECKOUT / ".build/quality", help="where runs and trials lie")
    add("--results", type=pathlib.Path, default=RESULTS, help="the file of results; pictures lie beside it")
    add("--threads", type=int, default=len(os.sched_getaffinity(0)))
    add("--precision", choices=("float32", "bfloat16"), help="of the race, by default bfloat16 where the machine has it")
    add("--auto", default="auto", metavar="RECIPE", help="hold another recipe against the table, in auto's place")
    add("--again", nargs="?", const="", metavar="NAME", help=AGAIN)
    add("--minutes", type=float, help="a trial: every run is as short as this, and goes to trials.json in --work")
    chosen = parser.parse_args()
    chosen.seeds = chosen.seeds and [int(seed) for seed in chosen.seeds.split(",")]
    chosen.rows = list(ROWS) if "all" in chosen.rows else list(dict.fromkeys(chosen.rows))
    return chosen


def place_of(chosen):
    gan, data = chosen.gan.resolve(), chosen.data.resolve()
    if not os.access(gan, os.X_OK):
        sys.exit(f"there is no command at {gan}: build it with `swift build -c release --product gan`, or give --gan")
    if not data.is_dir() and set(chosen.rows) - {"mixtures"}:
        sys.exit(f"there is no folder {data}: give --data, with mnist/, fashion-mnist/, cifar10/ and crawl-tiles/ in it")
    work = chosen.work.resolve()
    pictures = (work / "trials") if chosen.minutes else chosen.results.resolve().parent / "pictures"
    precision = chosen.precision or ("bfloat16" if "avx512_bf16" in machine.describe()["features"] else "float32")
    return Place(gan, data, work, pictures, chosen.threads, precision, chosen.minutes)


def forget(runs, place, results):
    """Takes the runs out of the results and off the disk."""
    for run in runs:
        play.remove(run, place)
        results.pop(run.key, None)


def interrupted(number, _):
    sys.exit(128 + number)


def main():
    chosen = options()
    place = place_of(chosen)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    path = place.work / "trials.json" if place.minutes else chosen.results
    with records.alone(place.work):
        results = records.read(path)
        for row in chosen.rows:
            runs = ROWS[row].planned(chosen.auto, chosen.seeds)
            # A trial is over so soon that it always begins anew.
            if place.minutes:
                forget(runs, place, results)
            elif chosen.again is not None:
                forget([run for run in runs if run.name == (chosen.again or chosen.auto)], place, results)
            records.write(path, results)
            for run in runs:
                if run.key in results:
                    print(f"there already, of {results[run.key]['date']}: {run.folder}", file=sys.stderr)
                    continue
                baseline = run.chases and results[(run.row, run.chases, run.source, 1)]
                results[run.key] = play.play(run, place, baseline)
                records.write(path, results)
                print(f"{run.folder}: {verdicts.shown(results[run.key])}", flush=True)


if __name__ == "__main__":
    main()
