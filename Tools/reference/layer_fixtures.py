"""Layers as PyTorch computes them: output, first and second derivatives."""

import torch
import torch.nn.functional as F

from fixture import Fixture, Random

FOLDER = "Tests/NNTests/Fixtures"


def derivatives(output, grad_output, wanted, twice):
    """The gradients of sum(output * grad_output), and with `twice` those of sum(grad_input^2), by name."""
    wanted = {name: value for name, value in wanted.items() if value.requires_grad}
    first = torch.autograd.grad(output, list(wanted.values()), grad_output, create_graph=twice)
    named = {f"grad_{name}": gradient for name, gradient in zip(wanted, first)}
    if twice:
        penalty = named["grad_input"].square().sum()
        second = torch.autograd.grad(penalty, list(wanted.values()), allow_unused=True)
        named |= {f"grad2_{name}": gradient for name, gradient in zip(wanted, second) if gradient is not None}
    return named


def add_layer(fixture, case, settings, function, input, parameters=None, twice=False):
    """Adds `function(input, **parameters)` with its derivatives as a case."""
    parameters = parameters or {}
    random = Random(f"{fixture.path}/{case}/grad_output")
    wanted = {"input": input, **parameters}
    for value in wanted.values():
        value.requires_grad_(value.is_floating_point())
    output = function(input, **parameters)
    grad_output = random.normal(*output.shape)
    results = derivatives(output, grad_output, wanted, twice)
    fixture.add(case, settings, {**wanted, "output": output, "grad_output": grad_output, **results})


def linear_and_convolutions():
    fixture = Fixture(f"{FOLDER}/convolution.safetensors", torch=torch.__version__)

    for case, bias in (("linear", True), ("linear.no_bias", False)):
        random = Random(case)
        parameters = {"weight": random.weight(4, 5)} | ({"bias": random.normal(4)} if bias else {})
        add_layer(fixture, case, {"in": 5, "out": 4, "has_bias": bias}, F.linear, random.normal(3, 5), parameters, True)

    #   case, input [N, C, H, W], output channels, kernel, stride, padding, groups, bias
    for case, shape, out, kernel, stride, padding, groups, bias in (
        ("conv2d.plain", (2, 3, 5, 6), 4, (3, 3), (1, 1), (0, 0), 1, True),
        ("conv2d.stride2", (2, 3, 8, 6), 4, (4, 4), (2, 2), (1, 1), 1, True),
        ("conv2d.no_bias", (2, 2, 7, 7), 3, (5, 5), (2, 2), (2, 2), 1, False),
        ("conv2d.unequal", (2, 2, 6, 5), 3, (4, 3), (2, 1), (1, 1), 1, False),
        ("conv2d.pointwise", (2, 3, 3, 4), 2, (1, 1), (1, 1), (0, 0), 1, True),
        ("conv2d.groups", (2, 4, 5, 5), 6, (3, 3), (1, 1), (1, 1), 2, True),
        ("conv2d.depthwise", (2, 3, 6, 6), 3, (3, 3), (2, 2), (1, 1), 3, False),
        ("conv2d.one_channel", (2, 1, 6, 6), 3, (3, 3), (1, 1), (1, 1), 1, True),
    ):
        random = Random(case)
        parameters = {"weight": random.weight(out, shape[1] // groups, *kernel)}
        parameters |= {"bias": random.normal(out)} if bias else {}
        settings = {"stride": stride, "padding": padding, "groups": groups, "has_bias": bias}
        operation = lambda input, weight, bias=None: F.conv2d(input, weight, bias, stride, padding, 1, groups)
        add_layer(fixture, case, settings, operation, random.normal(*shape), parameters, True)

    #   case, input, output channels, kernel, stride, padding, output padding, groups, bias
    for case, shape, out, kernel, stride, padding, extra, groups, bias in (
        ("conv_transpose2d.plain", (2, 3, 4, 3), 2, (3, 3), (1, 1), (0, 0), (0, 0), 1, True),
        ("conv_transpose2d.stride2", (2, 3, 3, 4), 2, (4, 4), (2, 2), (1, 1), (0, 0), 1, True),
        ("conv_transpose2d.output_padding", (2, 2, 3, 3), 3, (5, 5), (2, 2), (2, 2), (1, 1), 1, False),
        ("conv_transpose2d.unequal", (2, 2, 3, 4), 3, (4, 3), (2, 1), (1, 1), (0, 0), 1, False),
        ("conv_transpose2d.project", (2, 5, 1, 1), 3, (4, 3), (1, 1), (0, 0), (0, 0), 1, False),
        ("conv_transpose2d.groups", (2, 4, 3, 3), 6, (3, 3), (2, 2), (1, 1), (1, 1), 2, True),
    ):
        random = Random(case)
        parameters = {"weight": random.weight(shape[1], out // groups, *kernel)}
        parameters |= {"bias": random.normal(out)} if bias else {}
        settings = {"stride": stride, "padding": padding, "output_padding": extra, "groups": groups, "has_bias": bias}
        operation = lambda input, weight, bias=None: F.conv_transpose2d(
            input, weight, bias, stride, padding, extra, groups
        )
        add_layer(fixture, case, settings, operation, random.normal(*shape), parameters, True)
    return fixture


def batch_norm(fixture, case, shape, training, momentum, eps, affine=True):
    random = Random(case)
    channels = shape[1]
    input = random.normal(*shape, scale=1.5) + random.normal(channels).view(1, -1, *[1] * (len(shape) - 2))
    parameters = {"weight": random.uniform(channels, low=0.5, high=1.5), "bias": random.normal(channels)}
    statistics = {
        "running_mean": random.normal(channels),
        "running_var": random.uniform(channels, low=0.5, high=1.5),
    }
    after = {f"{name}_after": value.clone() for name, value in statistics.items()}
    operation = lambda input, weight=None, bias=None: F.batch_norm(
        input, *after.values(), weight, bias, training, momentum, eps
    )
    settings = {"training": training, "momentum": momentum, "eps": eps, "affine": affine}
    add_layer(fixture, case, settings, operation, input, parameters if affine else None, True)
    fixture.tensors |= {f"{case}/{name}": value.numpy() for name, value in (statistics | after).items()}


def normalizations():
    fixture = Fixture(f"{FOLDER}/normalization.safetensors", torch=torch.__version__)
    for name, shape in (("batch_norm1d", (5, 3)), ("batch_norm2d", (3, 2, 4, 3))):
        batch_norm(fixture, f"{name}.training", shape, True, 0.1, 1e-5)
        batch_norm(fixture, f"{name}.inference", shape, False, 0.1, 1e-5)
        batch_norm(fixture, f"{name}.momentum", shape, True, 0.01, 1e-3)
    batch_norm(fixture, "batch_norm2d.no_affine", (3, 2, 4, 3), True, 0.1, 1e-5, affine=False)

    for case, shape, normalized in (
        ("layer_norm.features", (3, 5), (5,)),
        ("layer_norm.image", (2, 3, 4, 2), (3, 4, 2)),
        ("layer_norm.sequence", (2, 3, 6), (6,)),
    ):
        random = Random(case)
        parameters = {"weight": random.uniform(*normalized, low=0.5, high=1.5), "bias": random.normal(*normalized)}
        operation = lambda input, weight, bias: F.layer_norm(input, normalized, weight, bias, 1e-5)
        settings = {"normalized_shape": normalized, "eps": 1e-5}
        add_layer(fixture, case, settings, operation, random.normal(*shape), parameters, True)

    for case, shape, groups in (
        ("group_norm.two", (2, 4, 3, 3), 2),
        ("group_norm.one", (2, 4, 3, 2), 1),
        ("group_norm.each_channel", (2, 3, 4, 3), 3),
    ):
        random = Random(case)
        parameters = {"weight": random.uniform(shape[1], low=0.5, high=1.5), "bias": random.normal(shape[1])}
        operation = lambda input, weight, bias: F.group_norm(input, groups, weight, bias, 1e-5)
        settings = {"groups": groups, "eps": 1e-5}
        add_layer(fixture, case, settings, operation, random.normal(*shape), parameters, True)

    for case, shape, affine in (
        ("instance_norm.plain", (2, 3, 4, 3), False), ("instance_norm.affine", (3, 2, 3, 4), True),
    ):
        random = Random(case)
        parameters = {"weight": random.uniform(shape[1], low=0.5, high=1.5), "bias": random.normal(shape[1])}
        operation = lambda input, weight=None, bias=None: F.instance_norm(input, weight=weight, bias=bias)
        settings = {"eps": 1e-5, "affine": affine}
        add_layer(fixture, case, settings, operation, random.normal(*shape), parameters if affine else None, True)
    return fixture


def activations():
    fixture = Fixture(f"{FOLDER}/activation.safetensors", torch=torch.__version__)
    for case, settings, function, smooth in (
        ("relu", {}, F.relu, False),
        ("leaky_relu.0.2", {"negative_slope": 0.2}, lambda x: F.leaky_relu(x, 0.2), False),
        ("leaky_relu.0.3", {"negative_slope": 0.3}, lambda x: F.leaky_relu(x, 0.3), False),
        ("tanh", {}, torch.tanh, True),
        ("sigmoid", {}, torch.sigmoid, True),
        ("softplus", {"beta": 1, "threshold": 20}, F.softplus, True),
        ("elu", {"alpha": 1}, F.elu, True),
        ("gelu", {"approximate": "none"}, F.gelu, True),
        ("silu", {}, F.silu, True),
    ):
        input = torch.cat([Random(case).normal(3, 8, scale=2), torch.tensor([[-80, -30, -5, -0.5, 0.5, 5, 30, 80.0]])])
        add_layer(fixture, case, settings, function, input.double(), twice=smooth)
    return fixture


def resampling():
    fixture = Fixture(f"{FOLDER}/resampling.safetensors", torch=torch.__version__)
    for case, shape, settings, function in (
        ("upsample.nearest", (2, 2, 3, 4), {"scale": 2}, lambda x: F.interpolate(x, scale_factor=2, mode="nearest")),
        (
            "upsample.bilinear", (2, 2, 3, 4), {"scale": 2, "align_corners": False},
            lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False),
        ),
        (
            "upsample.bilinear_to_size", (2, 1, 4, 5), {"size": [7, 6], "align_corners": False},
            lambda x: F.interpolate(x, size=(7, 6), mode="bilinear", align_corners=False),
        ),
        ("average_pool.2", (2, 2, 4, 6), {"kernel": 2}, lambda x: F.avg_pool2d(x, 2)),
        ("max_pool.2", (2, 2, 4, 6), {"kernel": 2}, lambda x: F.max_pool2d(x, 2)),
        ("pixel_shuffle", (2, 8, 2, 3), {"factor": 2}, lambda x: F.pixel_shuffle(x, 2)),
        ("reflect.one", (2, 2, 3, 4), {"rows": 1, "columns": 1}, lambda x: F.pad(x, (1, 1, 1, 1), mode="reflect")),
        ("reflect.unequal", (2, 2, 4, 3), {"rows": 3, "columns": 2}, lambda x: F.pad(x, (2, 2, 3, 3), mode="reflect")),
    ):
        add_layer(fixture, case, settings, function, Random(case).normal(*shape))
    return fixture


def embedding():
    fixture = Fixture(f"{FOLDER}/embedding.safetensors", torch=torch.__version__)
    indices = torch.tensor([[0, 3, 3], [6, 1, 0]])
    weight = Random("embedding").normal(7, 4)
    add_layer(fixture, "embedding", {"count": 7, "size": 4}, F.embedding, indices, {"weight": weight})
    return fixture
