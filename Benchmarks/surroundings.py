"""What a program shares the machine with: busy processes beside it, or a quota of processor time. Whoever ends the
benchmark, nothing of it stays: all of these are contexts, and a busy process ends when its parent is gone."""

import contextlib
import itertools
import os
import pathlib
import signal
import subprocess
import sys
import time

PERIOD_MICROSECONDS = 100_000
# It looks for its parent now and then only: system calls are not what a busy program does.
BUSY = """
import os, sys
parent = int(sys.argv[1])
while os.getppid() == parent:
    for _ in range(1_000_000):
        pass
"""
names = itertools.count(1)


class NotAllowed(Exception):
    """Something that this machine does not let us do: why, and what would allow it."""


@contextlib.contextmanager
def busy_processes(count, cores):
    """`count` processes that never wait, each wherever the system puts it on `cores`; ended with the context."""
    processes = []
    try:
        for _ in range(count):
            command = [sys.executable, "-c", BUSY, str(os.getpid())]
            # A session of its own: Ctrl-C reaches it through this context alone, not in the middle of a turn.
            process = subprocess.Popen(command, start_new_session=True,
                                       preexec_fn=lambda: os.sched_setaffinity(0, cores))  # fmt: skip
            processes.append(process)
        yield processes
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


class Quota:
    """A cgroup whose processes get so many seconds of processor time a second, together."""

    def __init__(self, cpus):
        """Makes the group; raises NotAllowed where that is not possible."""
        name = f"gan-bench-{os.getpid()}-{next(names)}"
        reasons = []
        for parent in parents():
            self.folder = parent / name
            try:
                self.folder.mkdir()
                self.limit(cpus)
                return
            except BaseException as error:
                with contextlib.suppress(OSError):
                    self.folder.rmdir()
                if not isinstance(error, OSError):
                    raise
                reasons.append(f"{self.folder}: {error.strerror}")
        raise NotAllowed(
            "no cgroup with a quota could be made ("
            + ("; ".join(reasons) or "no cgroup with the controller 'cpu' is mounted")
            + "); run as root, where /sys/fs/cgroup is mounted writable (in Docker: --privileged)"
        )

    def limit(self, cpus):
        quota = round(cpus * PERIOD_MICROSECONDS)
        # Opened without O_CREAT: a group of version 2 lacks the file if its parent does not pass the controller on.
        if (self.folder / "cpu.cfs_quota_us").exists():
            write(self.folder / "cpu.cfs_period_us", PERIOD_MICROSECONDS)
            write(self.folder / "cpu.cfs_quota_us", quota)
        else:
            write(self.folder / "cpu.max", f"{quota} {PERIOD_MICROSECONDS}")

    def enter(self):
        """Puts the calling process into the group."""
        write(self.folder / "cgroup.procs", os.getpid())

    def remove(self):
        """Removes the group, and ends whoever is still in it."""
        for _ in range(500):
            for process in (self.folder / "cgroup.procs").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGKILL)
            try:
                self.folder.rmdir()
                return
            except OSError:
                # The system takes a while to forget a process that has ended.
                time.sleep(0.01)
        self.folder.rmdir()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


def write(path, value):
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, str(value).encode())
    finally:
        os.close(descriptor)


def parents():
    """Where a group can be made: below this process's own, and at the top, of version 1 and 2."""
    return places(pathlib.Path("/proc/self/mountinfo").read_text(), pathlib.Path("/proc/self/cgroup").read_text())


def places(mounts, memberships):
    """The folders for groups with the controller "cpu", from the texts of /proc/self/mountinfo and cgroup."""
    own = {}
    for line in memberships.splitlines():
        _, controllers, path = line.split(":", 2)
        own |= {controller: path for controller in controllers.split(",")}
    found = []
    for line in mounts.splitlines():
        before, after = line.split(" - ", 1)
        root, top = before.split()[3:5]
        kind, _, options = after.split()[:3]
        if kind == "cgroup" and "cpu" in options.split(","):
            path = own.get("cpu", "/")
        elif kind == "cgroup2":
            path = own.get("", "/")
        else:
            continue
        # The mount shows the hierarchy from `root` down.
        below = os.path.relpath(path, root)
        found += [] if below.startswith("..") else [pathlib.Path(top, below)]
        found.append(pathlib.Path(top))
    return list(dict.fromkeys(found))
