"""The two networks of TensorFlow's DCGAN tutorial in Keras, layer by layer, and one step of their training."""

import keras
import numpy
import tensorflow
import torch

import networks
from fixture import Fixture, Random
from keras_layout import VERSIONS, agree, from_keras, to_keras
from network_fixtures import FOLDER, LEARNING_RATE, fill, layer_outputs, play, prefixed, state


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


def convert(value, to_torch):
    """Carries a weight between Keras' layout and PyTorch's; flat features are ordered alike, [7, 7, C]."""
    if value.ndim == 4:
        return value.transpose(3, 2, 0, 1) if to_torch else value.transpose(2, 3, 1, 0)
    return value.T


def load(model, tensors):
    for _, variable, name in variables(model):
        variable.assign(convert(tensors[name].detach().numpy(), to_torch=False))


def read(model, values):
    """`values`, given a variable of the model each and in their order, by PyTorch name and in its layout."""
    return {
        name: torch.from_numpy(convert(numpy.asarray(value), to_torch=True).copy())
        for (_, _, name), value in zip(variables(model), values, strict=True)
    }


def features_first(value):
    """A layer's output as PyTorch gives it."""
    value = numpy.asarray(value)
    return from_keras(value) if value.ndim == 4 else torch.from_numpy(value.copy())


def variables(model, trainable=False):
    return [
        (layer, variable, f"{layer.name}.{KERAS_NAMES[variable.name]}")
        for layer in model.layers
        for variable in (layer.trainable_weights if trainable else layer.weights)
    ]


def tutorial_networks():
    fixture = Fixture(f"{FOLDER}/dcgan_keras.safetensors", **VERSIONS)
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
    tensors = {
        "latents": Random(f"keras/{case}/latents").normal(batch, latent_size),
        "real": Random(f"keras/{case}/real").uniform(batch, channels, 28, 28, low=-1, high=1),
    }
    for player, module in modules.items():
        fill(module, f"keras/{case}/{player}")
        tensors |= prefixed(player, state(module))
        load(models[player], state(module))

    results, layers = keras_inference(models["generator"], tensors["latents"])
    played, training_layers = keras_game(models, tensors)
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


def named_outputs(model, prefix, inputs, training):
    """The model's output as a TensorFlow tensor, and by name the outputs of the layers that have weights."""
    named = [layer for layer in model.layers if layer.weights]
    probe = keras.Model(model.input, [*model.outputs, *(layer.output for layer in named)])
    output, *layers = probe(inputs, training=training)
    return output, {f"{prefix}/{layer.name}": features_first(value) for layer, value in zip(named, layers)}


def keras_inference(generator, latents):
    images, layers = named_outputs(generator, "inference/layer/generator", latents.numpy(), training=False)
    return {"inference/images": from_keras(images)}, layers


def keras_game(models, tensors):
    """The tutorial's step: both losses and gradients at the same weights, then one step of gradient descent."""
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    generator, discriminator = models.values()
    with tensorflow.GradientTape(persistent=True) as tape:
        images, generator_layers = named_outputs(
            generator, "layer/generator", tensors["latents"].numpy(), training=True
        )
        scores_real = discriminator(to_keras(tensors["real"]), training=True)
        scores_fake, discriminator_layers = named_outputs(
            discriminator, "layer/discriminator", images, training=True
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
        model = models[player]
        trained = [variable for _, variable, _ in variables(model, trainable=True)]
        gradients = tape.gradient(loss, [variable.value for variable in trained])
        names = [name for _, _, name in variables(model, trainable=True)]
        for name, gradient in zip(names, gradients, strict=True):
            value = convert(gradient.numpy(), to_torch=True)
            results[f"grad_{player}/{name}"] = torch.from_numpy(value.copy())
        keras.optimizers.SGD(LEARNING_RATE).apply(gradients, trained)
        after = read(model, [variable for _, variable, _ in variables(model)])
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
