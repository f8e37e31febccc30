"""Tools/convert_weights.py on files of several kinds; it needs torch and safetensors, and is left out where they are not installed."""

import collections
import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "Tools" / "convert_weights.py"
HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "safetensors", "numpy"))


class Hostile:
    """What a pickle runs when it is read as Python does."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@unittest.skipUnless(HAS_TORCH, "torch and safetensors are not installed")
class ConversionTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return f"{self.folder.name}/{name}"

    def save(self, content, **options):
        import torch

        torch.save(content, self.path("weights.pth"), **options)

    def convert(self, *options):
        command = [sys.executable, TOOL, self.path("weights.pth"), self.path("out.safetensors"), *options]
        return subprocess.run(command, capture_output=True, text=True)

    def tensors(self):
        import torch

        whole = torch.arange(12.0).view(3, 4)
        # One is a part of the other, and transposed.
        return collections.OrderedDict({"module.a.weight": whole, "b": whole[:, 1].half(), "c": whole.t(), "n": torch.tensor(3)})

    def test_both_forms_of_files_keep_names_types_and_numbers(self):
        import torch
        from safetensors.torch import load_file

        for is_new in (True, False):
            self.save(self.tensors(), _use_new_zipfile_serialization=is_new)
            self.assertEqual(self.convert().returncode, 0)
            found = load_file(self.path("out.safetensors"))
            self.assertEqual(set(found), set(self.tensors()))
            for name, tensor in self.tensors().items():
                self.assertEqual(found[name].dtype, tensor.dtype)
                self.assertTrue(torch.equal(found[name], tensor))

    def test_a_member_is_found_by_its_name(self):
        self.save({"epoch": 3, "state_dict": self.tensors()})
        failed = self.convert()
        self.assertEqual(failed.returncode, 1)
        self.assertIn("its members are epoch, state_dict; name the one with the tensors by --member", failed.stderr)
        self.assertIn("it has no member 'weights'", self.convert("--member", "weights").stderr)
        self.assertEqual(self.convert("--member", "state_dict").returncode, 0)

    def test_code_is_not_run(self):
        for is_new in (True, False):
            self.save({"a": Hostile(self.path("made"))}, _use_new_zipfile_serialization=is_new)
            failed = self.convert()
            self.assertEqual(failed.returncode, 1)
            self.assertIn("this is no file of tensors alone", failed.stderr)
            self.assertFalse(os.path.exists(self.path("made")))
            self.assertFalse(os.path.exists(self.path("out.safetensors")))

    def test_damaged_files_are_refused_in_a_sentence(self):
        self.save(self.tensors(), _use_new_zipfile_serialization=False)
        whole = pathlib.Path(self.path("weights.pth")).read_bytes()
        for content in (b"", b"hello", whole[: len(whole) // 2]):
            pathlib.Path(self.path("weights.pth")).write_bytes(content)
            failed = self.convert()
            self.assertEqual((failed.returncode, failed.stderr.count("\n")), (1, 1), failed.stderr)

    def test_a_place_that_cannot_be_written_is_named(self):
        self.save(self.tensors())
        os.mkdir(self.path("out.safetensors"))
        failed = self.convert()
        self.assertEqual((failed.returncode, failed.stderr.count("\n")), (1, 1), failed.stderr)
        self.assertIn("out.safetensors: cannot be written", failed.stderr)


if __name__ == "__main__":
    unittest.main()
