"""Kinds of processor, and the file that has an entry for each; needs neither TensorFlow nor PyTorch."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import entries  # noqa: E402
from cases import CASES, RESTRICTED_CASES  # noqa: E402
from kinds import KINDS, Processor, kind_of, known, restricted  # noqa: E402

AVX2 = "fpu sse2 avx avx2 fma f16c"
AVX512 = AVX2 + " avx512f avx512dq avx512bw avx512vl avx512cd"
BFLOAT16 = AVX512 + " avx512_bf16 avx512_vnni"


def cpuinfo(vendor, family, model, flags):
    """The text of a machine with two such processors."""
    one = f"""processor\t: 0
vendor_id\t: {vendor}
cpu family\t: {family}
model\t\t: {model}
model name\t: a processor: of some name
flags\t\t: {flags}
bugs\t\t: sysret_ss_attrs
"""
    return f"{one}\n{one}\n"


PROCESSORS = {
    ("AuthenticAMD", 25, 1, AVX2): "Zen 3",  # Milan
    ("AuthenticAMD", 25, 80, AVX2): "Zen 3",  # Cezanne
    ("AuthenticAMD", 25, 17, BFLOAT16): "Zen 4",  # Genoa
    ("AuthenticAMD", 25, 97, BFLOAT16): "Zen 4",  # Raphael
    ("AuthenticAMD", 25, 17, AVX2): "AVX2, others",  # Genoa whose AVX-512 a hypervisor hides
    ("AuthenticAMD", 26, 2, BFLOAT16): "Zen 5",  # Turin
    ("AuthenticAMD", 26, 68, BFLOAT16): "Zen 5",  # Granite Ridge
    ("AuthenticAMD", 26, 80, BFLOAT16): "AVX-512 with bfloat16, others",  # Zen 6
    ("AuthenticAMD", 23, 49, AVX2): "AVX2, others",  # Rome, Zen 2
    ("GenuineIntel", 6, 143, BFLOAT16 + " amx_bf16 amx_tile amx_int8"): "AMX",  # Sapphire Rapids
    ("GenuineIntel", 6, 143, BFLOAT16): "AVX-512 with bfloat16, others",  # the same without tiles
    ("GenuineIntel", 6, 85, AVX512): "AVX-512 without bfloat16",  # Skylake-X
    ("GenuineIntel", 6, 106, AVX512 + " avx512_vnni"): "AVX-512 without bfloat16",  # Ice Lake
    ("GenuineIntel", 6, 60, AVX2): "AVX2, others",  # Haswell
    ("GenuineIntel", 6, 42, "fpu sse2 avx"): "without AVX2",  # Sandy Bridge
}
ARM = """processor\t: 0
BogoMIPS\t: 243.75
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics
CPU implementer\t: 0x41
CPU architecture: 8
"""


class KindTests(unittest.TestCase):
    def test_known_processors(self):
        for (vendor, family, model, flags), name in PROCESSORS.items():
            with self.subTest(vendor=vendor, family=family, model=model):
                self.assertEqual(kind_of(Processor.read(cpuinfo(vendor, family, model, flags))).name, name)

    def test_what_is_no_x86_is_a_kind_too(self):
        for text in (ARM, "", "\n\n"):
            self.assertEqual(kind_of(Processor.read(text)).name, "without AVX2")

    def test_the_name_of_a_processor_may_hold_anything(self):
        self.assertEqual(Processor.read(cpuinfo("AuthenticAMD", 26, 2, BFLOAT16)).name, "a processor: of some name")

    def test_names_are_unique(self):
        names = [kind.name for kind in known()]
        self.assertEqual(len(names), len(set(names)))

    def test_only_avx512_can_be_restricted(self):
        names = [kind.name for kind in known()]
        for kind in KINDS:
            self.assertEqual(restricted(kind).name in names, kind.has_avx512)

    def test_without_bfloat16_everyone_computes_in_float32_once(self):
        for case in CASES:
            contenders = case.among(("float32",)).contenders
            self.assertEqual({one.precision for one in contenders}, {"float32"})
            self.assertEqual(len(contenders), len(set(contenders)))
            self.assertEqual({one.program for one in contenders}, {one.program for one in case.contenders})

    def test_restricted_cases_exist(self):
        self.assertLessEqual(set(RESTRICTED_CASES), {case.name for case in CASES})


class EntryTests(unittest.TestCase):
    def test_a_run_replaces_its_own_kind_and_no_other(self):
        before = {"Zen 5": {"date": "old"}, "Zen 3": {"date": "older"}}
        after = entries.replaced(before, "Zen 5", {"date": "new"})
        self.assertEqual(after, {"Zen 5": {"date": "new"}, "Zen 3": {"date": "older"}})
        self.assertEqual(before["Zen 5"], {"date": "old"})
        added = entries.replaced(before, "AVX2, restricted on Zen 5", {"date": "new"})
        self.assertEqual(set(added), {"Zen 5", "Zen 3", "AVX2, restricted on Zen 5"})

    def test_what_is_written_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "results.json")
            self.assertEqual(entries.read(path), {})
            written = {"Zen 3": {"date": "a"}, "AVX2, restricted on Zen 5": {"date": "b"}, "Zen 5": {"date": "c"}}
            entries.write(path, written)
            self.assertEqual(entries.read(path), written)
            self.assertEqual(list(entries.read(path)), ["Zen 5", "AVX2, restricted on Zen 5", "Zen 3"])

    def test_the_file_here_has_known_kinds(self):
        names = {kind.name for kind in known()}
        self.assertLessEqual(set(entries.read(pathlib.Path(entries.__file__).parent / "results.json")), names)


if __name__ == "__main__":
    unittest.main()
