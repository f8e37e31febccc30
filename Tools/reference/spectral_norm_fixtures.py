"""Spectral normalisation in both of PyTorch's forms, from given singular-vector estimates."""

import torch
from torch import nn
from torch.nn.utils import parametrizations
from torch.nn.utils import spectral_norm as older_spectral_norm

from fixture import Fixture, Random
from layer_fixtures import FOLDER, derivatives

LAYERS = {
    "linear": (lambda: nn.Linear(5, 4), (3, 5), 0),
    "conv2d": (lambda: nn.Conv2d(2, 3, 3, padding=1), (2, 2, 4, 4), 0),
    "conv_transpose2d": (lambda: nn.ConvTranspose2d(2, 3, 4, stride=2, padding=1), (2, 2, 3, 3), 1),
}


def wrap(layer, form, iterations):
    """The wrapped layer, its raw weight, and its two estimates (each a buffer that training updates)."""
    if form == "parametrization":
        parametrizations.spectral_norm(layer, n_power_iterations=iterations)
        inner = layer.parametrizations.weight
        return layer, inner.original, inner[0]._u, inner[0]._v
    older_spectral_norm(layer, n_power_iterations=iterations)
    return layer, layer.weight_orig, layer.weight_u, layer.weight_v


def spectral_norms():
    fixture = Fixture(f"{FOLDER}/spectral_norm.safetensors", torch=torch.__version__)
    for form in ("parametrization", "older"):
        for kind, (make, shape, dim) in LAYERS.items():
            for iterations, training in ((1, True), (3, True), (1, False)):
                case = f"{form}.{kind}.{f'iterations{iterations}' if training else 'inference'}"
                add_case(fixture, case, form, make().double(), shape, dim, iterations, training)
    return fixture


def add_case(fixture, case, form, layer, shape, dim, iterations, training):
    random = Random(case)
    layer, weight, u, v = wrap(layer, form, iterations)
    with torch.no_grad():
        weight.copy_(random.normal(*weight.shape))
        layer.bias.copy_(random.normal(*layer.bias.shape))
        for vector in (u, v):
            vector.copy_(nn.functional.normalize(random.normal(*vector.shape), dim=0))
    before = {"u": u.clone(), "v": v.clone()}
    layer.train(training)
    input = random.normal(*shape).requires_grad_()
    output = layer(input)
    grad_output = random.normal(*output.shape)
    wanted = {"input": input, "weight": weight, "bias": layer.bias}
    results = derivatives(output, grad_output, wanted, twice=True)
    # The wrappers replace their buffers in place, so u and v are the updated estimates here.
    after = {"u_after": u, "v_after": v}
    settings = {"layer": case.split(".")[1], "iterations": iterations, "training": training, "eps": 1e-12, "dim": dim}
    fixture.add(case, settings, {**wanted, **before, "output": output, "grad_output": grad_output, **results, **after})
