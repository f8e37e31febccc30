"""How a peer talks to `run.py` and `check.py`: commands come as JSON lines on standard input, each is answered by one
on standard output, and the model stays warm in between. A peer that waits is blocked in a read and takes no processor.
"""

import argparse
import json
import os
import pathlib
import sys
import time

# Width, height and channels of each network's pictures, and how many lie in memory: uint8 and uniform random, as many
# as `gan bench` has.
SHAPES = {"dcgan-keras": (28, 28, 1), "dcgan": (64, 64, 3), "mlp": (28, 28, 1), "auto": (28, 28, 1)}
RESIDENT = {"dcgan-keras": 60_000, "dcgan": 3828, "mlp": 60_000, "auto": 60_000}
LATENTS = 100


def settings():
    """The command line of a peer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("network", choices=SHAPES)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--precision", choices=("float32", "bfloat16", "float64"), default="float32")
    parser.add_argument("--update", choices=("simultaneous", "alternating"), required=True)
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--threads", type=int, help="by default the library's own number")
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--sgd", type=float, help="plain gradient steps of this size instead of Adam's")
    return parser.parse_args()


def adam(network):
    """Learning rate, beta1 and epsilon of a network's game."""
    return {"dcgan-keras": (1e-4, 0.9, 1e-7), "dcgan": (2e-4, 0.5, 1e-8), "mlp": (5e-4, 0.5, 1e-8)}[network]


def seconds_since_start():
    """How long this process has existed, to a hundredth of a second."""
    began = int(pathlib.Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began / os.sysconf("SC_CLK_TCK")


def peak_bytes():
    """The most memory this process has held so far."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def milliseconds(count, work):
    """The times of `count` calls of `work`, one by one."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return times


def converse(versions, *, step, check, generate=None, multiply=None):
    """Answers commands until standard input ends.

    step: plays one training step. check: plays the step of one file and writes it to another. generate: makes one batch
    of pictures for use. multiply: multiplies two square matrices of a size and a precision.
    """
    first_step = None

    def run(count):
        nonlocal first_step
        times = []
        for _ in range(count):
            times += milliseconds(1, step)
            first_step = first_step or seconds_since_start()
        return {"milliseconds": times, "first_step_seconds": first_step}

    def products(size, precision, count):
        work = multiply(size, precision)
        return {"milliseconds": milliseconds(count, work)}

    answers = {
        "versions": lambda: {"versions": versions},
        "run": run,
        "generate": lambda count: {"milliseconds": milliseconds(count, generate)},
        "check": lambda given, out: check(given, out) or {},
        "multiply": products,
    }
    # Libraries print to standard output when they please; the conversation keeps it to itself.
    channel = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        command = json.loads(line)
        answer = answers[command.pop("do")](**command)
        channel.write(json.dumps(answer | {"peak_bytes": peak_bytes()}) + "\n")
