"""What only Keras can answer: "same" padding, its batch norm and Adam, and the networks of TensorFlow's DCGAN tutorial.

Keras works on [N, H, W, C]; every tensor is stored as PyTorch lays it out, [N, C, H, W]. Kernels: a Conv2D's
[kh, kw, in, out] becomes [out, in, kh, kw], a Conv2DTranspose's [kh, kw, out, in] becomes [in, out, kh, kw]; neither
is flipped. Each result is also computed with the PyTorch modules of networks.py, and must agree before it is stored.
"""

import keras
import numpy
import tensorflow
import torch
import torch.nn.functional as F

import networks
from fixture import Fixture, Random
from layer_fixtures import FOLDER as NN_FOLDER
from network_fixtures import FOLDER as GAN_FOLDER
from network_fixtures import LEARNING_RATE, fill, layer_outputs, play, prefixed, state
from optimizer_fixtures import STEPS, start

VERSIONS = {"torch": torch.__version__, "keras": keras.__version__, "tensorflow": tensorflow.__version__}


def to_keras(images):
    return tensorflow.constant(images.detach().permute(0, 2, 3, 1).numpy())


def from_keras(images):
    return torch.from_numpy(numpy.moveaxis(numpy.asarray(images), -1, 1).copy())


def kernel_to_keras(weight):
    return weight.detach().permute(2, 3, 1, 0).numpy()


def kernel_from_keras(kernel):
    return torch.from_numpy(numpy.asarray(kernel).transpose(3, 2, 0, 1).copy())


def agree(case, ours, keras_tensors):
    for name, value in keras_tensors.items():
        expected = torch.as_tensor(value)
        message = lambda detail: f"{case}/{name}: PyTorch and Keras disagree. {detail}"
        torch.testing.assert_close(ours[name].detach(), expected, rtol=1e-9, atol=1e-11, msg=message)


def same_padding():
    fixture = Fixture(f"{NN_FOLDER}/same_padding.safetensors", **VERSIONS)
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
    fixture = Fixture(f"{NN_FOLDER}/keras_batch_norm.safetensors", **VERSIONS)
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


def adam():
    """Keras adds epsilon to the root of the raw second moment and corrects the rate alone (Kingma and Ba 2015, end of
    section 2: "epsilon hat"); PyTorch adds it to the root of the corrected moment."""
    fixture = Fixture(f"{NN_FOLDER}/keras_adam.safetensors", **VERSIONS)
    initial, gradients = start()
    for case, settings in (
        ("default", {"learning_rate": 1e-3, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}),
        ("large_epsilon", {"learning_rate": 1e-2, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 0.1}),
    ):
        variables = [keras.Variable(value.numpy()) for value in initial.values()]
        optimizer = keras.optimizers.Adam(**settings)
        optimizer.build(variables)
        history = {name: [] for name in initial}
        for step in range(STEPS):
            optimizer.apply([tensorflow.constant(values[step].numpy()) for values in gradients.values()])
            for name, variable in zip(initial, variables):
                history[name].append(variable.numpy())
        fixture.add(case, settings, {name: numpy.stack(values) for name, values in history.items()})
    return fixture


def leaky_relu(x):
    """Keras' LeakyReLU(0.3) in full double precision: TensorFlow's operator rounds its slope to float32."""
    return keras.layers.Activation(lambda value: keras.ops.maximum(value, 0.3 * value))(x)


def tutorial_generator(latent_size, channels, base_width):
    """The tutorial's generator, its layers named as those of `networks.KerasDCGANGenerator`."""
    layers = keras.layers
    transposed = lambda name, features, stride: layers.Conv2DTranspose(
        features, 5, stride, padding="same", use_bias=False, name=name
    )
    inputs = x = keras.Input((latent_size,))
    x = layers.Dense(7 * 7 * 4 * base_width, use_bias=False, name="project")(x)
    x = leaky_relu(layers.BatchNormalization(name="norm0")(x))
    x = layers.Reshape((7, 7, 4 * base_width))(x)
    x = leaky_relu(layers.BatchNormalization(name="norm1")(transposed("up1", 2 * base_width, 1)(x)))
    x = leaky_relu(layers.BatchNormalization(name="norm2")(transposed("up2", base_width, 2)(x)))
    return keras.Model(inputs, layers.Activation("tanh")(transposed("image", channels, 2)(x)))


def tutorial_discriminator(channels, base_width):
    """The tutorial's discriminator with dropout at rate 0, its layers named as those of the PyTorch module."""
    layers = keras.layers
    inputs = x = keras.Input((28, 28, channels))
    for name, features in (("down1", base_width), ("down2", 2 * base_width)):
        x = leaky_relu(layers.Conv2D(features, 5, 2, padding="same", name=name)(x))
        x = layers.Dropout(0)(x)
    return keras.Model(inputs, layers.Dense(1, name="score")(layers.Flatten()(x)))


KERAS_NAMES = {
    "kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


class Layout:
    """Carries a network's weights between Keras' layout and PyTorch's; flat features [7, 7, C] become [C, 7, 7]."""

    def __init__(self, features):
        self.to_torch = numpy.arange(features * 49).reshape(7, 7, features).transpose(2, 0, 1).ravel()
        self.to_keras = numpy.argsort(self.to_torch)

    def convert(self, name, value, to_torch):
        order = self.to_torch if to_torch else self.to_keras
        if value.ndim == 4:
            return value.transpose(3, 2, 0, 1) if to_torch else value.transpose(2, 3, 1, 0)
        if name.startswith("norm0."):
            return value[order]
        if name == "project.weight":
            return value[:, order].T if to_torch else value.T[:, order]
        if name == "score.weight":
            return value[order].T if to_torch else value.T[order]
        return value

    def load(self, model, tensors):
        for layer, variable, name in variables(model):
            variable.assign(self.convert(name, tensors[name].detach().numpy(), to_torch=False))

    def read(self, model, values):
        """`values`, given a variable of the model each and in their order, by PyTorch name and in its layout."""
        return {
            name: torch.from_numpy(self.convert(name, numpy.asarray(value), to_torch=True).copy())
            for (_, _, name), value in zip(variables(model), values, strict=True)
        }

    def features_first(self, name, value):
        """A layer's output as PyTorch gives it."""
        value = numpy.asarray(value)
        if value.ndim == 4:
            return from_keras(value)
        return torch.from_numpy(value[:, self.to_torch] if name in ("project", "norm0") else value.copy())


def variables(model, trainable=False):
    return [
        (layer, variable, f"{layer.name}.{KERAS_NAMES[variable.name]}")
        for layer in model.layers
        for variable in (layer.trainable_weights if trainable else layer.weights)
    ]


def tutorial_networks():
    fixture = Fixture(f"{GAN_FOLDER}/dcgan_keras.safetensors", **VERSIONS)
    add_tutorial(fixture, "grey", channels=1, base_width=4, latent_size=10, batch=3, complete=True)
    add_tutorial(fixture, "color", channels=3, base_width=2, latent_size=6, batch=2, complete=False)
    return fixture


def add_tutorial(fixture, case, channels, base_width, latent_size, batch, complete):
    modules = {
        "generator": networks.KerasDCGANGenerator(latent_size, channels, base_width=base_width).double(),
        "discriminator": networks.KerasDCGANDiscriminator(channels, base_width=base_width, dropout=0).double(),
    }
    models = {
        "generator": tutorial_generator(latent_size, channels, base_width),
        "discriminator": tutorial_discriminator(channels, base_width),
    }
    layouts = {"generator": Layout(4 * base_width), "discriminator": Layout(2 * base_width)}
    tensors = {
        "latents": Random(f"keras/{case}/latents").normal(batch, latent_size),
        "real": Random(f"keras/{case}/real").uniform(batch, channels, 28, 28, low=-1, high=1),
    }
    for player, module in modules.items():
        fill(module, f"keras/{case}/{player}")
        tensors |= prefixed(player, state(module))
        layouts[player].load(models[player], state(module))

    results, layers = keras_inference(models["generator"], layouts["generator"], tensors["latents"])
    played, training_layers = keras_game(models, layouts, tensors)
    results |= played
    layers |= training_layers

    modules["generator"].eval()
    ours_inference, inference_layers = layer_outputs(modules["generator"], tensors["latents"])
    ours, ours_layers = play(*modules.values(), tensors["latents"], tensors["real"])
    ours |= {"inference/images": ours_inference} | step(modules, ours)
    ours |= ours_layers | prefixed("inference/layer/generator", inference_layers)
    # Keras' running variance is its own: add_batch_norm shows how it differs from PyTorch's.
    checked = {name: value for name, value in (results | layers).items() if not name.endswith("running_var")}
    agree(case, ours, checked)
    size = {"channels": channels, "height": 28, "width": 28, "base_width": base_width, "latent_size": latent_size}
    settings = {**size, "batch": batch, "learning_rate": LEARNING_RATE}
    kept = results if complete else {name: value for name, value in results.items() if not name.startswith("after_sgd")}
    fixture.add(case, settings, tensors | kept | (layers if complete else {}))


def named_outputs(model, prefix, layout, inputs, training):
    """The model's output as a TensorFlow tensor, and by name the outputs of the layers that have weights."""
    named = [layer for layer in model.layers if layer.weights]
    probe = keras.Model(model.input, [*model.outputs, *(layer.output for layer in named)])
    output, *layers = probe(inputs, training=training)
    return output, {
        f"{prefix}/{layer.name}": layout.features_first(layer.name, value) for layer, value in zip(named, layers)
    }


def keras_inference(generator, layout, latents):
    images, layers = named_outputs(generator, "inference/layer/generator", layout, latents.numpy(), training=False)
    return {"inference/images": from_keras(images)}, layers


def keras_game(models, layouts, tensors):
    """The tutorial's step: both losses and gradients at the same weights, then one step of gradient descent."""
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    generator, discriminator = models.values()
    with tensorflow.GradientTape(persistent=True) as tape:
        images, generator_layers = named_outputs(
            generator, "layer/generator", layouts["generator"], tensors["latents"].numpy(), training=True
        )
        scores_real = discriminator(to_keras(tensors["real"]), training=True)
        scores_fake, discriminator_layers = named_outputs(
            discriminator, "layer/discriminator", layouts["discriminator"], images, training=True
        )
        loss_generator = cross_entropy(numpy.ones(scores_fake.shape), scores_fake)
        loss_discriminator = cross_entropy(numpy.ones(scores_real.shape), scores_real) + cross_entropy(
            numpy.zeros(scores_fake.shape), scores_fake
        )
    results = {
        "images": from_keras(images),
        "scores_real": scores_real.numpy(),
        "scores_fake": scores_fake.numpy(),
        "loss_discriminator": loss_discriminator.numpy(),
        "loss_generator": loss_generator.numpy(),
    }
    for player, loss in (("discriminator", loss_discriminator), ("generator", loss_generator)):
        model, layout = models[player], layouts[player]
        trained = [variable for _, variable, _ in variables(model, trainable=True)]
        gradients = tape.gradient(loss, [variable.value for variable in trained])
        names = [name for _, _, name in variables(model, trainable=True)]
        for name, gradient in zip(names, gradients, strict=True):
            value = layout.convert(name, gradient.numpy(), to_torch=True)
            results[f"grad_{player}/{name}"] = torch.from_numpy(value.copy())
        keras.optimizers.SGD(LEARNING_RATE).apply(gradients, trained)
        after = layout.read(model, [variable for _, variable, _ in variables(model)])
        statistics = {name: value for name, value in after.items() if ".running_" in name}
        weights = {name: value for name, value in after.items() if ".running_" not in name}
        results |= prefixed(f"after/{player}", statistics) | prefixed(f"after_sgd/{player}", weights)
    return results, generator_layers | discriminator_layers


def step(modules, results):
    """The weights of the PyTorch modules after the same step of gradient descent."""
    return {
        f"after_sgd/{player}/{name}": parameter - LEARNING_RATE * results[f"grad_{player}/{name}"]
        for player, module in modules.items()
        for name, parameter in module.named_parameters()
    }
