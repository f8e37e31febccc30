"""Measures swift-gan against its peers, in turns, and writes RESULTS.md and results.json: `make bench`.

    .build/bench-venv/bin/python Benchmarks/run.py [--cases NAME,...] [--instructions auto|avx2] [--rounds N]
                                                   [--steps N] [--threads N] [--quick]

A run of all cases with the default rounds replaces the results of this kind of processor in Benchmarks/; any other run
writes to .build/bench/. If the processor has AVX-512, a run of everything measures the reference step once more, with
all programs restricted to AVX2."""

import argparse
import datetime
import os
import signal
import sys
import time
from statistics import median

import entries
import machine
from cases import CASES, RESTRICTED_CASES, Contender
from check import check
from contenders import ROOT, Failed, Peer, Place
from kinds import kind_of, restricted
from report import markdown
from turns import Turns

ROUNDS = 5
FINAL, PARTIAL = ROOT / "Benchmarks", ROOT / ".build/bench"
GEMM_SIZES, GEMM_TIMES = (1024, 2048, 4096), 9
CASE_NAMES = tuple(case.name for case in CASES)


def tell(text):
    print(text, flush=True)


def gemm(place, precisions):
    """GFLOP/s of square matrix products by precision: the best size, the median of several times."""
    rates = {}
    with Peer(Contender("torch", "float32", "alternating"), "mlp", 1, place) as peer:
        for precision in precisions:
            rates[precision] = 0
            for size in GEMM_SIZES:
                answer = peer.ask("multiply", size=size, precision=precision, count=GEMM_TIMES)
                rates[precision] = max(rates[precision], 2 * size**3 / median(answer["milliseconds"]) / 1e6)
            tell(f"  {precision}: {rates[precision]:.0f} GFLOP/s")
    return rates


def measure(kind, names, place, arguments):
    """The results of the cases of these names, for a kind of processor."""
    began = time.monotonic()
    tell(f"\n{kind.name}")
    precisions = ("float32", "bfloat16") if kind.has_bfloat16 else ("float32",)
    cases = [case.among(precisions) for case in CASES if case.name in names]
    entry = {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
        "commit": machine.commit(),
        "machine": machine.describe(),
        "instructions": place.instructions,
        "precisions": list(precisions),
        "threads": place.threads,
        "rounds": arguments.rounds,
        "versions": {},
        "check": [],
        "cases": [],
    }
    if not arguments.quick:
        tell("Same mathematics: deviations from PyTorch in float64")
        # The narrow network has no peer.
        networks = [name for name in dict.fromkeys(case.network for case in cases) if name != "dcgan-narrow"]
        entry["check"] = check(networks, precisions, place, tell)
        wrong = [row for row in entry["check"] if not row["deviation"] <= row["tolerance"]]
        if wrong:
            raise Failed(f"{len(wrong)} deviate by more than their tolerance: nothing is timed")
    tell("\nMatrix products")
    entry["gemm"] = gemm(place, precisions)
    try:
        for case in cases:
            turns = Turns(case, place, entry["versions"], rounds=arguments.rounds, steps=arguments.steps, tell=tell)
            entry["cases"].append(turns.play())
    finally:
        entry["minutes"] = round((time.monotonic() - began) / 60, 1)
        if len(entry["cases"]) < len(cases):
            # Whatever ends it, what was measured is worth keeping.
            write(kind, entry, PARTIAL)
    return entry


def write(kind, entry, folder):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "results.json"
    all_kinds = entries.replaced(entries.read(path), kind.name, entry)
    entries.write(path, all_kinds)
    (folder / "RESULTS.md").write_text(markdown(all_kinds))
    tell(f"\n{folder / 'RESULTS.md'} and results.json were written ({entry['minutes']} minutes)")


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", help=f"some of {', '.join(CASE_NAMES)}")
    parser.add_argument("--instructions", choices=("auto", "avx2"), help="all of the processor's, or AVX2")
    parser.add_argument("--rounds", type=int, default=None, help=f"turns of each contender, by default {ROUNDS}")
    parser.add_argument("--steps", type=int, help="steps or batches of a turn, instead of each case's own")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="by default as many as cores")
    parser.add_argument("--quick", action="store_true", help="two rounds and no check, to try the benchmark itself")
    arguments = parser.parse_args()
    for name in arguments.cases.split(",") if arguments.cases else ():
        if name not in CASE_NAMES:
            parser.error(f"there is no case '{name}'; there are {', '.join(CASE_NAMES)}")
    for option in ("rounds", "steps", "threads"):
        if getattr(arguments, option) is not None and getattr(arguments, option) < 1:
            parser.error(f"--{option} needs a number from 1")
    if arguments.instructions == "avx2" and not kind_of(machine.processor()).has_avx512:
        parser.error("this processor has nothing beyond AVX2 to be restricted: leave out --instructions")
    usual = arguments.steps is None and not arguments.quick and not arguments.cases
    arguments.rounds = arguments.rounds or (2 if arguments.quick else ROUNDS)
    arguments.is_complete = usual and arguments.rounds >= ROUNDS
    return arguments


def planned(arguments):
    """(kind, names of cases, instructions) of each run."""
    kind = kind_of(machine.processor())
    chosen = tuple(arguments.cases.split(",")) if arguments.cases else None
    plain = (kind, chosen or CASE_NAMES, "auto")
    avx2 = (restricted(kind), chosen or RESTRICTED_CASES, "avx2")
    if arguments.instructions == "avx2":
        return [avx2]
    return [plain, avx2] if kind.has_avx512 and not (chosen or arguments.instructions) else [plain]


def main():
    # A signal ends the contexts, and so all processes of the benchmark.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    arguments = parsed()
    try:
        for kind, names, instructions in planned(arguments):
            entry = measure(kind, names, Place(arguments.threads, instructions), arguments)
            write(kind, entry, FINAL if arguments.is_complete else PARTIAL)
    except Failed as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
