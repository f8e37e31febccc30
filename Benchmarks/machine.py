"""What a result must say of the machine and the state of the sources that it was measured with."""

import os
import pathlib
import platform
import subprocess

from kinds import Processor

ROOT = pathlib.Path(__file__).resolve().parents[1]


def processor():
    return Processor.read(pathlib.Path("/proc/cpuinfo").read_text())


def describe():
    """Processor, cores, memory, system and the instructions that matter here."""
    cpu = processor()
    wanted = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
    return {
        "processor": f"{cpu.name} (family {cpu.family}, model {cpu.model})",
        "cores": len(os.sched_getaffinity(0)),
        "memory_gigabytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9,
        "system": f"{platform.system()} {platform.release()}",
        "features": [name for name in wanted if cpu.has(name)],
    }


def commit():
    """The commit of the sources, with a word if they differ from it; empty outside a repository."""
    def git(*arguments):
        answer = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True)
        return answer.stdout.strip() if answer.returncode == 0 else ""

    # But for the results, which the benchmark itself changes.
    measured = ("Sources", "Package.swift", "Benchmarks/*.py", "Benchmarks/requirements.txt")
    changed = git("status", "--porcelain", "--untracked-files=no", "--", *measured)
    return git("rev-parse", "--short=10", "HEAD") + (", with changes" if changed else "")


def load():
    """The load average of the last minute."""
    return os.getloadavg()[0]
