"""Kinds of processor: what results may be compared across machines by. Every machine is of exactly one kind."""

from dataclasses import dataclass
from typing import Callable

# Models of family 25 that are Zen 3; the others of it are Zen 4 (Linux, arch/x86/kernel/cpu/amd.c).
ZEN_3 = {*range(0x00, 0x10), *range(0x20, 0x60)}
# Models of family 26 that are Zen 6; the others of it are Zen 5 (ibid.).
ZEN_6 = {*range(0x50, 0x60), *range(0x80, 0xD0)}


@dataclass(frozen=True)
class Processor:
    """What /proc/cpuinfo says of the first processor."""

    vendor: str
    family: int
    model: int
    name: str
    flags: frozenset

    @classmethod
    def read(cls, cpuinfo):
        """The first processor of the text of /proc/cpuinfo; only x86 has these fields."""
        lines = (line.split(":", 1) for line in cpuinfo.strip().split("\n\n")[0].splitlines() if ":" in line)
        fields = {key.strip(): value.strip() for key, value in lines}
        family, model = (int(fields.get(key, "0")) for key in ("cpu family", "model"))
        flags = frozenset(fields.get("flags", "").split())
        return cls(fields.get("vendor_id", ""), family, model, fields.get("model name", "unknown processor"), flags)

    def has(self, *flags):
        return self.flags.issuperset(flags)

    def is_amd(self, family):
        return (self.vendor, self.family) == ("AuthenticAMD", family)


@dataclass(frozen=True)
class Kind:
    """A kind of processor. has_avx512: whether a restriction to AVX2 changes anything. has_bfloat16: whether it multiplies
    bfloat16; if not, that is emulated, and only float32 is measured. restricts: the kind that this one is when
    unrestricted, None if it is a kind by itself."""

    name: str
    matches: Callable[[Processor], bool]
    has_avx512: bool = True
    has_bfloat16: bool = True
    restricts: str | None = None


# The first that matches is the one.
KINDS = (
    Kind("AMX", lambda one: one.has("avx512f", "amx_bf16")),
    Kind("Zen 5", lambda one: one.has("avx512f", "avx512_bf16") and one.is_amd(26) and one.model not in ZEN_6),
    Kind("Zen 4", lambda one: one.has("avx512f", "avx512_bf16") and one.is_amd(25)),
    Kind("AVX-512 with bfloat16, others", lambda one: one.has("avx512f", "avx512_bf16")),
    Kind("AVX-512 without bfloat16", lambda one: one.has("avx512f"), has_bfloat16=False),
    Kind("Zen 3", lambda one: one.has("avx2", "fma") and one.is_amd(25) and one.model in ZEN_3, False, False),
    Kind("AVX2, others", lambda one: one.has("avx2", "fma"), False, False),
    Kind("without AVX2", lambda one: True, False, False),
)  # fmt: skip


def kind_of(processor):
    return next(kind for kind in KINDS if kind.matches(processor))


def restricted(kind):
    """The kind that a processor of `kind` is when all programs are restricted to AVX2."""
    return Kind(f"AVX2, restricted on {kind.name}", lambda one: False, False, False, kind.name)


def known():
    """All kinds, in the order of the page: each followed by its restricted one where that is another."""
    return [one for kind in KINDS for one in ((kind, restricted(kind)) if kind.has_avx512 else (kind,))]
