"""Where runs are played and by which command; what a machine does meanwhile."""

import dataclasses
import os
import pathlib
import resource
import subprocess
import sys
import time

import machine


@dataclasses.dataclass(frozen=True)
class Place:
    """The command; the folders of shared data, of the work and of the pictures that are kept; how runs are played. precision:
    the race's. minutes: how long a trial takes, None where it counts."""

    gan: pathlib.Path
    data: pathlib.Path
    work: pathlib.Path
    pictures: pathlib.Path
    threads: int
    precision: str
    minutes: float | None = None

    @property
    def runs(self):
        return self.work / ("trials" if self.minutes else "runs")

    def filled(self, words):
        """The words with folders in their names' place."""
        return [str(word).replace("$DATA", str(self.data)).replace("$WORK", str(self.work)) for word in words]


def run(command, output=None):
    """Runs a command and returns its status and its peak memory in bytes. An interruption reaches it once, so that it saves
    and ends."""
    process = subprocess.Popen(command, stdout=output or subprocess.DEVNULL, start_new_session=True)
    try:
        # What Popen's own wait does, but that leaves the process's memory out.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, usage.ru_maxrss * 1024
    except BaseException:
        process.terminate()
        process.wait()
        raise


def gan(place, words):
    """A call of the command `gan`."""
    return [str(place.gan), *place.filled(words)]


def checked(place, words, output=None):
    status, _ = run(gan(place, words), output)
    if status:
        sys.exit(f"gan {' '.join(words)} ended with status {status}")


def session(command, output=None):
    """A command that trains, for as long as it lasts: the status, and the wall-clock seconds, the load before, how many cores
    other processes took meanwhile, and the peak memory."""
    load, (everyone, ours), began = machine.load(), busy_seconds(), time.monotonic()
    status, memory = run(command, output)
    seconds = time.monotonic() - began
    everyone_then, ours_then = busy_seconds()
    others = max(0.0, (everyone_then - everyone) - (ours_then - ours)) / seconds
    return status, {
        "wall_seconds": round(seconds, 2), "load_before": round(load, 2), "cores_of_others": round(others, 2),
        "peak_memory": memory,
    }  # fmt: skip


def busy_seconds():
    """Processor time so far: that of all processes of the machine, and that of our own which are over."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, interrupts, soft = map(int, fields[:7])
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    everyone = (user + nice + system + interrupts + soft) / os.sysconf("SC_CLK_TCK")
    return everyone, ours.ru_utime + ours.ru_stime
