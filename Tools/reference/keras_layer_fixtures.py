"""Layers and the optimizer as Keras has them: "same" padding, its batch norm, its Adam."""

import keras
import numpy
import tensorflow
import torch
import torch.nn.functional as F

import networks
from fixture import Fixture, Random
from keras_layout import VERSIONS, agree, from_keras, kernel_from_keras, kernel_to_keras, to_keras
from layer_fixtures import FOLDER
from optimizer_fixtures import STEPS, start


def same_padding():
    fixture = Fixture(f"{FOLDER}/same_padding.safetensors", **VERSIONS)
    for kind in ("conv2d", "conv_transpose2d"):
        for kernel in (3, 4, 5):
            for stride in (1, 2):
                for height, width in ((6, 5), (7, 4)):
                    add_same(fixture, kind, kernel, stride, height, width)
    add_same(fixture, "conv2d", (5, 3), (1, 2), 6, 6)
    add_same(fixture, "conv_transpose2d", (5, 3), (1, 2), 4, 5)
    return fixture


def add_same(fixture, kind, kernel, stride, height, width):
    square = isinstance(kernel, int)
    case = f"{kind}.kernel{kernel}.stride{stride}.{height}x{width}" if square else f"{kind}.unequal"
    kernel, stride = ((kernel, kernel), (stride, stride)) if square else (kernel, stride)
    transposed = kind == "conv_transpose2d"
    random = Random(f"same/{case}")
    module = (networks.SameConvTranspose2d if transposed else networks.SameConv2d)(2, 3, kernel, stride).double()
    input = random.normal(2, 2, height, width).requires_grad_()
    with torch.no_grad():
        module.weight.copy_(random.weight(*module.weight.shape))
        module.bias.copy_(random.normal(3))

    layer = (keras.layers.Conv2DTranspose if transposed else keras.layers.Conv2D)(3, kernel, stride, padding="same")
    nhwc = to_keras(input)
    layer.build(nhwc.shape)
    layer.set_weights([kernel_to_keras(module.weight), module.bias.detach().numpy()])
    with tensorflow.GradientTape() as tape:
        tape.watch(nhwc)
        output = layer(nhwc)
    grad_output = random.normal(*from_keras(output).shape)
    wanted = [nhwc, *layer.trainable_weights]
    gradients = tape.gradient(output, [getattr(value, "value", value) for value in wanted], to_keras(grad_output))
    results = {
        "output": from_keras(output),
        "grad_input": from_keras(gradients[0]),
        "grad_weight": kernel_from_keras(gradients[1]),
        "grad_bias": torch.from_numpy(gradients[2].numpy()),
    }

    ours = {"output": module(input)}
    derived = torch.autograd.grad(ours["output"], [input, module.weight, module.bias], grad_output)
    agree(case, ours | dict(zip(("grad_input", "grad_weight", "grad_bias"), derived)), results)
    settings = {"kernel": kernel, "stride": stride, "padding": "same"}
    given = {"input": input, "weight": module.weight, "bias": module.bias, "grad_output": grad_output}
    fixture.add(case, settings, given | results)


def batch_norm():
    fixture = Fixture(f"{FOLDER}/keras_batch_norm.safetensors", **VERSIONS)
    for dimensions, shape in (("1d", (5, 3)), ("2d", (3, 2, 4, 3))):
        for training in (True, False):
            add_batch_norm(fixture, dimensions, shape, training)
    return fixture


def add_batch_norm(fixture, dimensions, shape, training):
    case = f"batch_norm{dimensions}.{'training' if training else 'inference'}"
    random = Random(f"keras/{case}")
    channels = shape[1]
    input = random.normal(*shape, scale=1.5)
    weight, bias = random.uniform(channels, low=0.5, high=1.5), random.normal(channels)
    mean, variance = random.normal(channels), random.uniform(channels, low=0.5, high=1.5)

    layer = keras.layers.BatchNormalization(momentum=0.99, epsilon=1e-3)
    last = tensorflow.constant(numpy.moveaxis(input.numpy(), 1, -1))
    layer.build(last.shape)
    layer.set_weights([value.numpy() for value in (weight, bias, mean, variance)])
    with tensorflow.GradientTape() as tape:
        tape.watch(last)
        output = layer(last, training=training)
    grad_output = random.normal(*shape)
    upstream = tensorflow.constant(numpy.moveaxis(grad_output.numpy(), 1, -1))
    gradients = tape.gradient(output, [last, *(value.value for value in layer.trainable_weights)], upstream)
    results = {
        "output": from_keras(output),
        "grad_input": from_keras(gradients[0]),
        "grad_weight": gradients[1].numpy(),
        "grad_bias": gradients[2].numpy(),
        "running_mean_after": layer.moving_mean.numpy(),
        "running_var_after": layer.moving_variance.numpy(),
    }

    # Keras averages the biased variance, PyTorch the unbiased one: the same but for the factor (n - 1) / n.
    given = {"input": input, "weight": weight, "bias": bias}
    for value in given.values():
        value.requires_grad_()
    ours = {"running_mean_after": mean.clone(), "running_var_after": variance.clone()}
    ours["output"] = F.batch_norm(input, *ours.values(), weight, bias, training, 0.01, 1e-3)
    derived = torch.autograd.grad(ours["output"], list(given.values()), grad_output)
    if training:
        count = input.numel() // channels
        ours["running_var_after"] += (0.99 * variance - ours["running_var_after"]) / count
    agree(case, ours | {f"grad_{name}": value for name, value in zip(given, derived)}, results)
    settings = {"training": training, "momentum": 0.01, "keras_momentum": 0.99, "eps": 1e-3}
    before = {"running_mean": mean, "running_var": variance, "grad_output": grad_output}
    fixture.add(case, settings, given | before | results)


def epsilon_hat(weight, gradients, learning_rate, beta_1, beta_2, epsilon):
    """The weights after each step of Adam in the form that Keras computes."""
    first, second, history = torch.zeros_like(weight), torch.zeros_like(weight), []
    for step, gradient in enumerate(gradients, start=1):
        first = beta_1 * first + (1 - beta_1) * gradient
        second = beta_2 * second + (1 - beta_2) * gradient.square()
        rate = learning_rate * (1 - beta_2**step) ** 0.5 / (1 - beta_1**step)
        weight = weight - rate * first / (second.sqrt() + epsilon)
        history.append(weight)
    return torch.stack(history)


def adam():
    """Keras adds epsilon to the root of the raw second moment and corrects the rate alone (Kingma and Ba 2015, end of
    section 2: "epsilon hat"); PyTorch adds it to the root of the corrected moment. The rates are powers of two because
    Keras rounds them to float32 even in double precision."""
    fixture = Fixture(f"{FOLDER}/keras_adam.safetensors", **VERSIONS)
    initial, gradients = start()
    for case, settings in (
        ("small_epsilon", {"learning_rate": 2**-10, "beta_1": 0.875, "beta_2": 1 - 2**-9, "epsilon": 1e-7}),
        ("large_epsilon", {"learning_rate": 2**-6, "beta_1": 0.5, "beta_2": 0.875, "epsilon": 0.1}),
    ):
        variables = [keras.Variable(value.numpy()) for value in initial.values()]
        optimizer = keras.optimizers.Adam(**settings)
        optimizer.build(variables)
        history = {name: [] for name in initial}
        for step in range(STEPS):
            optimizer.apply([tensorflow.constant(values[step].numpy()) for values in gradients.values()])
            for name, variable in zip(initial, variables):
                history[name].append(variable.numpy())
        results = {name: numpy.stack(values) for name, values in history.items()}
        agree(case, {name: epsilon_hat(initial[name], gradients[name], **settings) for name in initial}, results)
        fixture.add(case, settings, results)
    return fixture
