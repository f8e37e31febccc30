"""A file by the original safetensors library with every element type, for the Swift reader to be held against."""

import torch
from safetensors.torch import save_file

from fixture import ROOT

PATH = "Tests/TorchTests/Fixtures/types.safetensors"
FLOATS = [0.0, -0.0, 1.0, -1.5, 0.1, float("inf"), float("-inf"), float("nan"), 2.0**-14, 65504.0]
TENSORS = {
    "bool": torch.tensor([True, False, True]),
    "uint8": torch.tensor([0, 1, 255], dtype=torch.uint8),
    "int8": torch.tensor([-128, 0, 127], dtype=torch.int8),
    "int16": torch.tensor([-(2**15), 0, 2**15 - 1], dtype=torch.int16),
    "int32": torch.tensor([-(2**31), 0, 2**31 - 1], dtype=torch.int32),
    "int64": torch.tensor([-(2**63), 0, 2**63 - 1], dtype=torch.int64),
    "float16": torch.tensor(FLOATS, dtype=torch.float16),
    "bfloat16": torch.tensor(FLOATS, dtype=torch.bfloat16),
    "float32": torch.tensor(FLOATS, dtype=torch.float32),
    "float64": torch.tensor(FLOATS, dtype=torch.float64),
    "scalar": torch.tensor(0.5),
    "empty": torch.zeros(0, 3),
    "matrix": torch.arange(6, dtype=torch.float32).reshape(2, 3),
    "schlüssel/生成 \"quoted\"": torch.tensor([1.0]),
}


def save():
    """Writes the file and answers its size."""
    save_file(TENSORS, ROOT / PATH, metadata={"note": 'with "quotes", ünïcode and a \n new line'})
    return (ROOT / PATH).stat().st_size


def listing():
    """The file as Markdown."""
    lines = [f"## {PATH}", ""]
    for name, value in TENSORS.items():
        lines.append(f"- `{name}` {str(value.dtype).removeprefix('torch.')} {list(value.shape)}: {value.tolist()}")
    return "\n".join(lines) + "\n"
