"""What the random initialisers must amount to: fans, bounds and standard deviations by shape."""

import math

import torch
from torch.nn import init

from fixture import Fixture
from layer_fixtures import FOLDER

SHAPES = {
    "linear": (64, 48),  # [out, in]
    "conv2d": (32, 16, 5, 5),  # [out, in, kernel height, kernel width]
    "conv_transpose2d": (16, 32, 4, 4),  # [in, out, kernel height, kernel width]
}


def truncated_deviation(cut):
    """The standard deviation of a unit normal variable confined to [-cut, cut]."""
    density = math.exp(-cut * cut / 2) / math.sqrt(2 * math.pi)
    return math.sqrt(1 - 2 * cut * density / math.erf(cut / math.sqrt(2)))


def spread(initialize, shape):
    """The largest magnitude and the standard deviation of a draw, to check the formulas against PyTorch."""
    torch.manual_seed(1)
    draws = torch.cat([initialize(torch.empty(shape, dtype=torch.float64)).flatten() for _ in range(8)])
    return draws.abs().max().item(), draws.std().item()


def initializers():
    fixture = Fixture(f"{FOLDER}/initializer.safetensors", torch=torch.__version__)
    for kind, shape in SHAPES.items():
        receptive = math.prod(shape[2:])
        fans = {"fan_in": shape[1] * receptive, "fan_out": shape[0] * receptive}
        glorot = math.sqrt(2 / (fans["fan_in"] + fans["fan_out"]))
        he = math.sqrt(2 / fans["fan_in"])
        for name, deviation, uniform, initialize in (
            ("glorot_uniform", glorot, True, init.xavier_uniform_),
            ("glorot_normal", glorot, False, init.xavier_normal_),
            ("he_uniform", he, True, lambda value: init.kaiming_uniform_(value, nonlinearity="relu")),
            ("he_normal", he, False, lambda value: init.kaiming_normal_(value, nonlinearity="relu")),
        ):
            results = {"standard_deviation": deviation} | ({"bound": deviation * math.sqrt(3)} if uniform else {})
            largest, measured = spread(initialize, shape)
            assert abs(measured / deviation - 1) < 0.03, (name, kind, measured, deviation)
            assert not uniform or 0.99 * results["bound"] < largest <= results["bound"], (name, kind)
            fixture.add(f"{name}.{kind}", {"shape": shape, **fans}, results)

        rows, columns = shape[0], math.prod(shape[1:])
        matrix = init.orthogonal_(torch.empty(shape, dtype=torch.float64), gain=1.5).view(rows, columns)
        small, side = (matrix, rows) if rows <= columns else (matrix.T, columns)
        gram = 1.5**2 * torch.eye(side, dtype=torch.float64)
        torch.testing.assert_close(small @ small.T, gram)
        orthogonal = "rows" if rows <= columns else "columns"
        settings = {"shape": shape, "gain": 1.5, "rows": rows, "columns": columns, "orthogonal": orthogonal}
        fixture.add(f"orthogonal.{kind}", settings, {"gram_diagonal": 1.5**2})

    for case, deviation, cut in (("truncated_normal.2", 0.02, 2.0), ("truncated_normal.3", 0.5, 3.0)):
        draw = lambda value: init.trunc_normal_(value, 0.0, deviation, -cut * deviation, cut * deviation)
        results = {"bound": cut * deviation, "standard_deviation": deviation * truncated_deviation(cut)}
        largest, measured = spread(draw, (100, 500))
        assert largest <= results["bound"] and abs(measured / results["standard_deviation"] - 1) < 0.01, case
        fixture.add(case, {"mean": 0.0, "parameter_deviation": deviation, "cut": cut}, results)
    return fixture
