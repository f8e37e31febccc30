"""Writes Tests/TorchTests/Fixtures/reference.safetensors with the Python original (pip install safetensors torch numpy)."""

import sys

import torch
from safetensors.torch import save_file

TYPES = {
    "bool": torch.bool,
    "uint8": torch.uint8,
    "int8": torch.int8,
    "float8e5m2": torch.float8_e5m2,
    "float8e4m3": torch.float8_e4m3fn,
    "float8e8m0": torch.float8_e8m0fnu,
    "int16": torch.int16,
    "uint16": torch.uint16,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "int32": torch.int32,
    "uint32": torch.uint32,
    "float32": torch.float32,
    "complex64": torch.complex64,
    "float64": torch.float64,
    "int64": torch.int64,
    "uint64": torch.uint64,
}

values = torch.tensor([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
tensors = {name: values.to(kind) for name, kind in TYPES.items()}
tensors["scalar"] = torch.tensor(2.5)
tensors["empty"] = torch.zeros(0, 3)
tensors['ü "quoted" \\ \n\t\x01 \U0001f600'] = torch.tensor([7], dtype=torch.int32)
path = sys.argv[1] if len(sys.argv) > 1 else "Tests/TorchTests/Fixtures/reference.safetensors"
save_file(tensors, path, metadata={"made by": "Python's safetensors"})
