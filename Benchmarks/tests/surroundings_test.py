"""Busy processes and quotas, and that nothing of them stays."""

import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

BENCHMARKS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BENCHMARKS))

from contenders import Place, Program  # noqa: E402
from surroundings import NotAllowed, Quota, busy_processes, parents, places  # noqa: E402

CORES = sorted(os.sched_getaffinity(0))[:1]
# A benchmark that has a busy process, says which, and then does what is asked.
WITH_BUSY = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[1])
from surroundings import busy_processes
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
# What runs in the background of a script would ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
with busy_processes(1, sorted(os.sched_getaffinity(0))[:1]) as processes:
    print(processes[0].pid, flush=True)
    exec(sys.argv[2])
"""

FOR_A_SECOND = """
import time
end = time.monotonic() + 1
while time.monotonic() < end:
    pass
print(time.process_time())
"""


def is_running(process):
    """Whether a process is there and no zombie."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def is_gone_soon(process):
    end = time.monotonic() + 10
    while is_running(process) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_running(process)


class BusyTests(unittest.TestCase):
    def test_they_run_on_the_cores_given_and_end_with_the_context(self):
        with busy_processes(2, CORES) as processes:
            self.assertEqual([os.sched_getaffinity(one.pid) for one in processes], [set(CORES)] * 2)
            self.assertTrue(all(is_running(one.pid) for one in processes))
        self.assertFalse(any(is_running(one.pid) for one in processes))

    def test_they_end_when_something_fails(self):
        with self.assertRaises(ZeroDivisionError):
            with busy_processes(1, CORES) as processes:
                1 / 0
        self.assertFalse(is_running(processes[0].pid))

    def busy_of(self, what):
        command = [sys.executable, "-c", WITH_BUSY, str(BENCHMARKS), what]
        bench = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(bench.stdout.close)
        self.addCleanup(bench.wait)
        self.addCleanup(bench.kill)
        return bench, int(bench.stdout.readline())

    def test_they_end_when_the_benchmark_is_ended_or_interrupted(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            bench, busy = self.busy_of("time.sleep(60)")
            self.assertTrue(is_running(busy))
            bench.send_signal(number)
            bench.wait(timeout=20)
            self.assertFalse(is_running(busy))

    def test_they_notice_that_the_benchmark_was_killed(self):
        bench, busy = self.busy_of("time.sleep(60)")
        # It must have begun to watch before there is nobody to watch.
        time.sleep(0.5)
        bench.kill()
        self.assertTrue(is_gone_soon(busy))


class QuotaTests(unittest.TestCase):
    def quota(self, cpus):
        try:
            quota = Quota(cpus)
        except NotAllowed as reason:
            self.skipTest(str(reason))
        self.addCleanup(lambda: quota.folder.exists() and quota.remove())
        return quota

    def test_a_process_in_it_gets_no_more(self):
        with self.quota(0.25) as quota:
            command = [sys.executable, "-c", FOR_A_SECOND]
            answer = subprocess.run(command, stdout=subprocess.PIPE, preexec_fn=quota.enter, check=True)
        # A second at a quarter; periods and the start of the process blur it.
        self.assertLess(float(answer.stdout), 0.5)
        self.assertFalse(quota.folder.exists())

    def test_it_is_removed_with_whoever_is_in_it_when_something_fails(self):
        quota = self.quota(1)
        with self.assertRaises(ZeroDivisionError):
            with quota:
                process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE,
                                           preexec_fn=quota.enter)  # fmt: skip
                self.addCleanup(process.stdin.close)
                1 / 0
        self.assertEqual(process.wait(timeout=10), -signal.SIGKILL)
        self.assertFalse(quota.folder.exists())

    def test_a_program_leaves_no_group_even_if_it_does_not_start(self):
        self.quota(1).remove()
        before = groups()
        with Program("sleeper", [sys.executable, "-c", "input()"], Place(1, quota=0.5), None) as program:
            self.assertEqual(len(groups() - before), 1)
            self.assertIn("gan-bench", pathlib.Path(f"/proc/{program.process.pid}/cgroup").read_text())
        self.assertEqual(groups(), before)
        with self.assertRaises(FileNotFoundError):
            Program("nobody", ["/no/such/program"], Place(1, quota=0.5), None)
        self.assertEqual(groups(), before)


def groups():
    """This process's groups."""
    return {group for parent in parents() for group in parent.glob(f"gan-bench-{os.getpid()}-*")}


class PlaceTests(unittest.TestCase):
    def test_version_1(self):
        mounts = "32 31 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
        mounts += "33 31 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"
        memberships = "5:memory:/elsewhere\n4:cpu,cpuacct:/docker/0123"
        top = pathlib.Path("/sys/fs/cgroup/cpu,cpuacct")
        self.assertEqual(places(mounts, memberships), [top / "docker/0123", top])

    def test_version_2(self):
        mounts = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"
        top = pathlib.Path("/sys/fs/cgroup")
        self.assertEqual(places(mounts, "0::/user.slice/session-1.scope"), [top / "user.slice/session-1.scope", top])
        self.assertEqual(places(mounts, "0::/"), [top])

    def test_a_mount_that_shows_a_part(self):
        mounts = "30 23 0:26 /docker/0123 /sys/fs/cgroup ro - cgroup2 cgroup2 rw"
        top = pathlib.Path("/sys/fs/cgroup")
        self.assertEqual(places(mounts, "0::/docker/0123/inner"), [top / "inner", top])
        self.assertEqual(places(mounts, "0::/"), [top])

    def test_without_cgroups_there_is_no_place(self):
        self.assertEqual(places("22 1 0:20 / /proc rw - proc proc rw", ""), [])


if __name__ == "__main__":
    unittest.main()
