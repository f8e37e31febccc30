"""A fixture file: tensors named `case/what`, and the settings of every case as JSON in the file's metadata."""

import json
import math
import pathlib
import struct
import zlib

import numpy
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Random:
    """Random tensors that depend on a name alone, so that adding a case leaves the others as they were."""

    def __init__(self, name):
        self.generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))

    def normal(self, *shape, scale=1.0):
        return scale * torch.randn(shape, generator=self.generator, dtype=torch.float64)

    def uniform(self, *shape, low=0.0, high=1.0):
        return low + (high - low) * torch.rand(shape, generator=self.generator, dtype=torch.float64)

    def weight(self, *shape):
        """A weight whose product with normal input keeps about unit variance."""
        return self.normal(*shape, scale=1 / math.sqrt(max(1, math.prod(shape[1:]))))


class Fixture:
    """Collects cases, then writes them as one safetensors file of float64 (and some int64) tensors."""

    def __init__(self, path, **versions):
        self.path = path
        self.versions = versions
        self.tensors = {}
        self.cases = {}

    def add(self, case, settings, tensors):
        """Adds the case with its hyperparameters and its tensors (PyTorch, NumPy or plain numbers)."""
        if case in self.cases:
            raise ValueError(f"{self.path}: the case {case} is there already")
        self.cases[case] = settings
        for what, value in tensors.items():
            value = value.detach().numpy() if isinstance(value, torch.Tensor) else numpy.asarray(value)
            if value.dtype not in (numpy.float64, numpy.int64):
                raise TypeError(f"{self.path}: {case}/{what} is {value.dtype}; fixtures are float64 or int64")
            self.tensors[f"{case}/{what}"] = numpy.require(value, requirements="C")

    def save(self):
        """Writes the file, with a header of our own: the safetensors package keeps no order among metadata keys."""
        metadata = {"cases": json.dumps(self.cases), **self.versions}
        header, offset = {"__metadata__": metadata}, 0
        for name, value in self.tensors.items():
            kind = {"f": "F64", "i": "I64"}[value.dtype.kind]
            header[name] = {"dtype": kind, "shape": value.shape, "data_offsets": [offset, offset + value.nbytes]}
            offset += value.nbytes
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        with open(ROOT / self.path, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for value in self.tensors.values():
                file.write(value.tobytes())

    def listing(self):
        """The file as Markdown: every case with its settings and the shape of every tensor."""
        lines = [f"## {self.path}", ""]
        for case, settings in self.cases.items():
            described = ", ".join(f"{key} {json.dumps(value)}" for key, value in settings.items())
            lines.append(f"- **{case}**" + (f": {described}" if described else ""))
            for name, value in self.tensors.items():
                if name.startswith(case + "/"):
                    kind = "" if value.dtype.kind == "f" else " int64"
                    lines.append(f"  - `{name[len(case) + 1:]}` {list(value.shape)}{kind}")
        return "\n".join(lines) + "\n"
