"""Measures swift-gan against its peers, in turns, and writes RESULTS.md and results.json: `make bench`.

    .build/bench-venv/bin/python Benchmarks/run.py [--cases NAME,...] [--rounds N] [--steps N] [--threads N] [--quick]

A run of all cases with the default rounds writes to Benchmarks/, any other to .build/bench/."""

import argparse
import contextlib
import datetime
import json
import os
import signal
import sys
import time
from statistics import median

import machine
from cases import CASES, Contender
from check import check
from contenders import ROOT, Failed, Peer, gan_bench
from reach import milliseconds
from report import digits, markdown

ROUNDS = 5
FINAL, PARTIAL = ROOT / "Benchmarks", ROOT / ".build/bench"
GEMM_SIZES, GEMM_TIMES = (1024, 2048, 4096), 9


def tell(text):
    print(text, flush=True)


class Turns:
    """One case: every contender has its turn in every round, in the same order."""

    def __init__(self, case, arguments, versions):
        self.case = case
        self.threads = arguments.threads
        self.rounds = arguments.rounds
        self.repeats = case.repeats if arguments.steps is None or case.measured == "start" else arguments.steps
        self.versions = versions
        self.peers = {}

    def play(self):
        """The case with the time of each contender in each round."""
        load = machine.load()
        tell(f"\n{self.case.title}\n  load average {load:.2f}")
        found = {contender: {"milliseconds": [], "peak_bytes": 0} for contender in self.case.contenders}
        with contextlib.ExitStack() as stack:
            if self.case.measured == "start":
                # Once in vain: the file cache shall be warm.
                for contender in found:
                    self.turn(contender)
            else:
                self.start_peers(stack)
            for number in range(self.rounds):
                for contender, entry in found.items():
                    time, peak = self.turn(contender)
                    entry["milliseconds"].append(time)
                    entry["peak_bytes"] = max(entry["peak_bytes"], peak)
                tell(f"  round {number + 1}: " + ", ".join(digits(one["milliseconds"][-1]) for one in found.values()))
        contenders = [
            {"name": one.name, "program": one.program, "precision": one.precision, **entry}
            for one, entry in found.items()
        ]
        for one in sorted(contenders, key=milliseconds):
            tell(f"  {digits(milliseconds(one)):>8} ms  {one['name']}")
        case = self.case
        return {
            "name": case.name, "title": case.title, "measured": case.measured, "batch": case.batch, "load": load,
            "contenders": contenders,
        }  # fmt: skip

    def start_peers(self, stack):
        for contender in self.case.contenders:
            if contender.program == "gan":
                continue
            peer = stack.enter_context(self.peer(contender))
            self.versions |= peer.ask("versions")["versions"]
            self.ask(peer, self.case.warm_up)
            self.peers[contender] = peer

    def peer(self, contender):
        return Peer(contender, self.case.network, self.case.batch, self.threads)

    def ask(self, peer, count):
        return peer.ask("generate" if self.case.measured == "generation" else "run", count=count)

    def turn(self, contender):
        """(milliseconds, peak bytes) of a contender's turn: the median of its steps."""
        case = self.case
        if contender.program == "gan":
            answer = gan_bench(contender, case, self.threads, self.repeats, case.warm_up)
            self.versions |= {"swift-gan": answer["version"], "libtorch": answer["libtorch"]}
            times = [answer["milliseconds_per_step"]]
        elif case.measured == "start":
            with self.peer(contender) as peer:
                answer = self.ask(peer, 1)
        else:
            answer = self.ask(self.peers[contender], self.repeats)
            times = answer["milliseconds"]
        if case.measured == "start":
            times = [1000 * answer["first_step_seconds"]]
        return median(times), answer["peak_bytes"]


def gemm(threads):
    """GFLOP/s of square matrix products by precision: the best size, the median of several times."""
    rates = {}
    with Peer(Contender("torch", "float32", "alternating"), "mlp", 1, threads) as peer:
        for precision in ("float32", "bfloat16"):
            rates[precision] = 0
            for size in GEMM_SIZES:
                answer = peer.ask("multiply", size=size, precision=precision, count=GEMM_TIMES)
                rates[precision] = max(rates[precision], 2 * size**3 / median(answer["milliseconds"]) / 1e6)
            tell(f"  {precision}: {rates[precision]:.0f} GFLOP/s")
    return rates


def measure(arguments):
    chosen = [case for case in CASES if case.name in arguments.cases]
    results = {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
        "machine": machine.describe(),
        "threads": arguments.threads,
        "rounds": arguments.rounds,
        "versions": {},
        "check": [],
        "cases": [],
    }
    if not arguments.quick:
        tell("Same mathematics: deviations from PyTorch in float64")
        results["check"] = check(arguments.threads, tell)
        wrong = [row for row in results["check"] if not row["deviation"] <= row["tolerance"]]
        if wrong:
            raise Failed(f"{len(wrong)} deviate by more than their tolerance: nothing is timed")
    tell("\nMatrix products")
    results["gemm"] = gemm(arguments.threads)
    for case in chosen:
        results["cases"].append(Turns(case, arguments, results["versions"]).play())
    return results


def write(results, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (folder / "RESULTS.md").write_text(markdown(results))
    tell(f"\n{folder / 'RESULTS.md'} and results.json were written")


def parsed():
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default=",".join(names), help=f"some of {', '.join(names)}")
    parser.add_argument("--rounds", type=int, default=None, help=f"turns of each contender, by default {ROUNDS}")
    parser.add_argument("--steps", type=int, help="steps or batches of a turn, instead of each case's own")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="by default as many as cores")
    parser.add_argument("--quick", action="store_true", help="two rounds and no check, to try the benchmark itself")
    arguments = parser.parse_args()
    arguments.cases = arguments.cases.split(",")
    for name in arguments.cases:
        if name not in names:
            parser.error(f"there is no case '{name}'; there are {', '.join(names)}")
    for option in ("rounds", "steps", "threads"):
        if getattr(arguments, option) is not None and getattr(arguments, option) < 1:
            parser.error(f"--{option} needs a number from 1")
    is_whole = arguments.cases == names and arguments.steps is None and not arguments.quick
    arguments.rounds = arguments.rounds or (2 if arguments.quick else ROUNDS)
    arguments.is_complete = is_whole and arguments.rounds >= ROUNDS
    return arguments


def main():
    # Being told to end, it ends its processes too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = parsed()
    began = time.monotonic()
    try:
        results = measure(arguments)
    except Failed as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    results["minutes"] = round((time.monotonic() - began) / 60, 1)
    write(results, FINAL if arguments.is_complete else PARTIAL)


if __name__ == "__main__":
    main()
