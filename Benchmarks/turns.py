"""The turns of a case: what its contenders take, one after the other, round after round."""

import contextlib
from dataclasses import replace
from statistics import mean, median

import machine
from contenders import Peer, gan_bench
from reach import milliseconds
from report import digits
from surroundings import NotAllowed, busy_processes


class Turns:
    """One case: every contender has its turn in every round, in the same order."""

    def __init__(self, case, place, versions, *, rounds, steps=None, tell=print):
        """steps: those of a turn, instead of the case's own. versions: gets those of the programs."""
        self.case = case
        self.place = replace(place, quota=case.quota)
        self.rounds = min(rounds, case.rounds or rounds)
        self.steps = steps if case.measured != "start" else None
        self.versions = versions
        self.tell = tell
        self.peers = {}

    def play(self):
        """The case with the time of each contender in each round, or why it was skipped."""
        case, load = self.case, machine.load()
        self.tell(f"\n{case.title}\n  load average {load:.2f}")
        about = {
            "name": case.name, "title": case.title, "measured": case.measured, "batch": case.batch,
            "statistic": case.statistic, "load": load,
        }  # fmt: skip
        found = {contender: {"milliseconds": [], "peak_bytes": 0} for contender in case.contenders}
        try:
            with contextlib.ExitStack() as stack:
                self.play_rounds(found, stack)
        except NotAllowed as reason:
            self.tell(f"  skipped: {reason}")
            return about | {"skipped": str(reason)}
        contenders = [
            {"name": one.name, "program": one.program, "precision": one.precision, "threads": one.threads, **entry}
            for one, entry in found.items()
        ]
        for one in sorted(contenders, key=milliseconds):
            self.tell(f"  {digits(milliseconds(one)):>8} ms  {one['name']}")
        return about | {"contenders": contenders}

    def play_rounds(self, found, stack):
        if self.case.measured == "start":
            # An untimed turn fills the file cache.
            for contender in found:
                self.turn(contender)
        else:
            self.start_peers(stack)
        # After the peers have started, which takes long enough undisturbed.
        stack.enter_context(busy_processes(self.case.busy, self.place.cores))
        for number in range(self.rounds):
            for contender, entry in found.items():
                times, peak = self.turn(contender)
                entry["milliseconds"].append(times[self.case.statistic])
                if self.case.statistic == "mean":
                    entry.setdefault("medians", []).append(times["median"])
                entry["peak_bytes"] = max(entry["peak_bytes"], peak)
            line = ", ".join(digits(one["milliseconds"][-1]) for one in found.values())
            self.tell(f"  round {number + 1}: {line}")

    def start_peers(self, stack):
        for contender in self.case.contenders:
            if contender.program == "gan":
                continue
            peer = stack.enter_context(self.peer(contender))
            self.versions |= peer.ask("versions")["versions"]
            self.ask(peer, self.case.warm_up)
            self.peers[contender] = peer

    def peer(self, contender):
        return Peer(contender, self.case.network, self.case.batch, self.place)

    def ask(self, peer, count):
        return peer.ask("generate" if self.case.measured == "generation" else "run", count=count)

    def turn(self, contender):
        """(milliseconds by statistic, peak bytes) of a contender's turn."""
        case, repeats = self.case, self.steps or contender.repeats or self.case.repeats
        if contender.program == "gan":
            answer = gan_bench(contender, case, self.place, repeats)
            self.versions |= {"swift-gan": answer["version"], "libtorch": answer["libtorch"]}
            times = {"median": answer["milliseconds_per_step"], "mean": answer["milliseconds_per_step_mean"]}
        else:
            if case.measured == "start":
                with self.peer(contender) as peer:
                    answer = self.ask(peer, 1)
            else:
                answer = self.ask(self.peers[contender], repeats)
            times = {"median": median(answer["milliseconds"]), "mean": mean(answer["milliseconds"])}
        if case.measured == "start":
            times = {"median": 1000 * answer["first_step_seconds"]}
        return times, answer["peak_bytes"]
