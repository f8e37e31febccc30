"""What a result must say of the machine it was measured on."""

import os
import pathlib
import platform


def describe():
    """Processor, cores, memory, system and the instructions that matter here."""
    cpu = pathlib.Path("/proc/cpuinfo").read_text().split("\n\n")[0]
    fields = {key.strip(): value.strip() for key, value in (line.split(":", 1) for line in cpu.splitlines())}
    model = f"{fields['model name']} (family {fields['cpu family']}, model {fields['model']})"
    wanted = ("avx512f", "avx512_bf16", "amx_bf16")
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gigabytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9,
        "system": f"{platform.system()} {platform.release()}",
        "features": [name for name in wanted if name in fields["flags"].split()],
    }


def load():
    """The load average of the last minute."""
    return os.getloadavg()[0]
