"""The programs that are measured, as processes that leave with this one."""

import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
GAN = ROOT / ".build/release/gan"
PEERS = ROOT / "Benchmarks/peers"
SIZES = {"dcgan-keras": ("28x28", 1), "dcgan": ("64x64", 3), "mlp": ("28x28", 1)}
# Longer than any answer takes, on a machine that is busy besides.
PATIENCE_SECONDS = 600


class Failed(Exception):
    """A contender that did not do what was asked, and what it said."""


class Program:
    """A process with its own session, so that Ctrl-C reaches it through `end` alone, on as many cores as threads."""

    def __init__(self, name, arguments, threads):
        self.name = name
        self.errors = tempfile.TemporaryFile()
        counts = {f"{library}_NUM_THREADS": str(threads) for library in ("OMP", "MKL", "OPENBLAS")}
        cores = sorted(os.sched_getaffinity(0))[:threads]
        self.process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            env={**os.environ, **counts}, start_new_session=True,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )  # fmt: skip

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

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


class Peer(Program):
    """A peer that keeps its model warm between commands: see `peers/conversation.py`."""

    def __init__(self, contender, network, batch, threads, *options):
        arguments = [sys.executable, PEERS / f"{contender.program}_peer.py", network, "--batch", batch]
        arguments += ["--precision", contender.precision, "--update", contender.update, "--threads", threads]
        arguments += ["--tuned"] if contender.tuned else []
        super().__init__(contender.name, [*arguments, *options], threads)

    def ask(self, do, **details):
        """The answer to one command."""
        try:
            self.process.stdin.write(json.dumps({"do": do, **details}).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.process.wait()
            self.fail("ended early")
        return json.loads(self.line())


def gan_bench(contender, case, threads, repeats, warm_up):
    """What `gan bench --json` says, from a fresh process. The average of the generator, which no peer keeps, is off."""
    size, channels = SIZES[case.network]
    arguments = [GAN, "bench", case.network, "--batch", case.batch, "--precision", contender.precision, "--json"]
    arguments += ["--size", size, "--channels", channels, "--threads", threads, "--set", "average_decay=0"]
    arguments += ["--steps", repeats, "--warm-up", warm_up, "--profile", 0]
    arguments += ["--generate"] if case.measured == "generation" else ["--update", contender.update]
    with Program(contender.name, arguments, threads) as program:
        answer = json.loads(program.line())
        if program.process.wait() != 0:
            program.fail("failed")
        return answer
