"""The programs that are measured, as processes that leave with this one."""

import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from cases import AUTO_SETTINGS, GAMES
from surroundings import Quota

ROOT = pathlib.Path(__file__).resolve().parents[1]
GAN = ROOT / ".build/release/gan"
PEERS = ROOT / "Benchmarks/peers"
# Longer than any answer takes, on a machine that is busy besides.
PATIENCE_SECONDS = 600
# What restricts each program to AVX2. oneDNN in TensorFlow and PyTorch, ATen in PyTorch and MKL in PyTorch choose their
# kernels at run time; TensorFlow's other kernels (Eigen) are compiled for AVX and choose nothing, and no peer uses XLA.
INSTRUCTIONS = {
    "auto": {},
    "avx2": {"GAN_CPU": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2",
             "MKL_ENABLE_INSTRUCTIONS": "AVX2"},
}  # fmt: skip


class Failed(Exception):
    """A contender that did not do what was asked, and what it said."""


@dataclass(frozen=True)
class Place:
    """Where programs run. threads: as many cores they are confined to. instructions: auto or avx2. quota: processor
    seconds a second that each gets, in a cgroup of its own."""

    threads: int
    instructions: str = "auto"
    quota: float | None = None

    @property
    def cores(self):
        return sorted(os.sched_getaffinity(0))[: self.threads]

    def threads_of(self, contender):
        """How many threads a contender is told to take, None if that is left to it."""
        return {"all": self.threads, "default": None, "1": 1}[contender.threads]


class Program:
    """A process with its own session, so that Ctrl-C reaches it through `end` alone.

    threads: how many its libraries are to take, None for their own choice."""

    def __init__(self, name, arguments, place, threads):
        self.name = name
        self.errors = tempfile.TemporaryFile()
        self.quota = Quota(place.quota) if place.quota else None
        environment = os.environ | INSTRUCTIONS[place.instructions]
        for variable in (f"{library}_NUM_THREADS" for library in ("OMP", "MKL", "OPENBLAS")):
            environment.pop(variable, None)
            if threads:
                environment[variable] = str(threads)
        cores = place.cores

        def begin():
            os.sched_setaffinity(0, cores)
            if self.quota:
                self.quota.enter()

        try:
            self.process = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                env=environment, start_new_session=True, preexec_fn=begin,
            )  # fmt: skip
        except BaseException:
            self.errors.close()
            if self.quota:
                self.quota.remove()
            raise

    def line(self):
        """The next line that the process prints."""
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_SECONDS)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            self.fail("was silent for ten minutes" if not ready else "ended early")
        return line

    def fail(self, what):
        status = self.process.poll()
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace").strip()
        raise Failed(f"{self.name} {what} (status {status}); it said:\n{said[-4000:] or '(nothing)'}")

    def end(self):
        """Ends the process, at once if it is at work."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.errors):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        if self.quota:
            self.quota.remove()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


class Peer(Program):
    """A peer that keeps its model warm between commands: see `peers/conversation.py`."""

    def __init__(self, contender, network, batch, place, *options):
        script = f"{contender.program}_auto_peer.py" if network == "auto" else f"{contender.program}_peer.py"
        threads = place.threads_of(contender)
        arguments = [sys.executable, PEERS / script, network, "--batch", batch]
        arguments += ["--precision", contender.precision, "--update", contender.update]
        arguments += ["--threads", threads] if threads else []
        arguments += ["--tuned"] if contender.tuned else []
        super().__init__(contender.name, [*arguments, *options], place, threads)

    def ask(self, do, **details):
        """The answer to one command."""
        try:
            self.process.stdin.write(json.dumps({"do": do, **details}).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.process.wait()
            self.fail("ended early")
        return json.loads(self.line())


def gan_bench(contender, case, place, repeats):
    """What `gan bench --json` says, from a fresh process. The average of the generator, which no peer keeps, is off."""
    game, threads = GAMES[case.network], place.threads_of(contender)
    arguments = [GAN, "bench", game.recipe, "--batch", case.batch, "--precision", contender.precision, "--json"]
    arguments += ["--size", game.size, "--channels", game.channels, "--steps", repeats, "--warm-up", case.warm_up]
    arguments += ["--profile", 0, "--set", "average_decay=0"]
    for setting in game.settings:
        arguments += ["--set", setting]
    arguments += ["--threads", threads] if threads else []
    arguments += ["--generate"] if case.measured == "generation" else ["--update", contender.update]
    with Program(contender.name, arguments, place, threads) as program:
        answer = json.loads(program.line())
        if program.process.wait() != 0:
            program.fail("failed")
    if case.network == "auto":
        differing = [f"{key} is {answer['settings'][key]} and no longer {value}"
                     for key, value in AUTO_SETTINGS.items() if answer["settings"][key] != value]  # fmt: skip
        if differing:
            raise Failed(
                f"auto plays another game than peers/torch_auto_peer.py: {'; '.join(differing)}. "
                "Change the peer and AUTO_SETTINGS in cases.py"
            )
    return answer
