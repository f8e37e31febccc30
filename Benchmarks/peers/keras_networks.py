"""The networks of swift-gan in Keras, and how their weights get into swift-gan's layout and back."""

import keras
from keras import layers


def keras_dcgan_generator():
    """As in TensorFlow's DCGAN tutorial."""
    def up(name, features, stride):
        return layers.Conv2DTranspose(features, 5, stride, padding="same", use_bias=False, name=name)

    return keras.Sequential([
        keras.Input((100,)),
        layers.Dense(7 * 7 * 256, use_bias=False, name="project"),
        layers.BatchNormalization(name="norm0"),
        layers.LeakyReLU(0.3),
        layers.Reshape((7, 7, 256)),
        up("up1", 128, 1),
        layers.BatchNormalization(name="norm1"),
        layers.LeakyReLU(0.3),
        up("up2", 64, 2),
        layers.BatchNormalization(name="norm2"),
        layers.LeakyReLU(0.3),
        up("image", 1, 2),
        # Keras' advice for mixed precision: outputs in float32.
        layers.Activation("tanh", dtype="float32"),
    ])  # fmt: skip


def keras_dcgan_discriminator(dropout):
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(64, 5, 2, padding="same", name="down1"),
        layers.LeakyReLU(0.3),
        layers.Dropout(dropout),
        layers.Conv2D(128, 5, 2, padding="same", name="down2"),
        layers.LeakyReLU(0.3),
        layers.Dropout(dropout),
        layers.Flatten(),
        layers.Dense(1, name="score"),
    ])  # fmt: skip


def dcgan_generator():
    """Radford et al. 2016, for pictures of 64x64x3."""
    parts = [
        keras.Input((100,)),
        layers.Reshape((1, 1, 100)),
        layers.Conv2DTranspose(512, 4, use_bias=False, name="project"),
    ]
    for level, features in enumerate((256, 128, 64, None)):
        parts += [layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"norm{level}"), layers.ReLU()]
        name = f"up{level + 1}" if features else "image"
        parts += [layers.Conv2DTranspose(features or 3, 4, 2, padding="same", use_bias=False, name=name)]
    return keras.Sequential([*parts, layers.Activation("tanh", dtype="float32")])


def dcgan_discriminator(dropout):
    parts = [keras.Input((64, 64, 3))]
    for level, features in enumerate((64, 128, 256, 512), start=1):
        parts += [layers.Conv2D(features, 4, 2, padding="same", use_bias=False, name=f"down{level}")]
        if level > 1:
            parts += [layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"norm{level}")]
        parts += [layers.LeakyReLU(0.2)]
    return keras.Sequential([*parts, layers.Conv2D(1, 4, use_bias=False, name="score"), layers.Flatten()])


def mlp_generator():
    return keras.Sequential([
        keras.Input((100,)),
        layers.Dense(256, "relu", name="fc1"),
        layers.Dense(512, "relu", name="fc2"),
        layers.Dense(512, "relu", name="fc3"),
        layers.Dense(784, name="fc4"),
        layers.Activation("tanh", dtype="float32"),
        layers.Reshape((28, 28, 1), dtype="float32"),
    ])  # fmt: skip


def mlp_discriminator(dropout):
    parts = [keras.Input((28, 28, 1)), layers.Flatten()]
    for name in ("fc1", "fc2", "fc3"):
        parts += [layers.Dense(512, name=name), layers.LeakyReLU(0.2)]
    return keras.Sequential([*parts, layers.Dense(1, name="fc4")])


GENERATORS = {"dcgan-keras": keras_dcgan_generator, "dcgan": dcgan_generator, "mlp": mlp_generator}
DISCRIMINATORS = {"dcgan-keras": keras_dcgan_discriminator, "dcgan": dcgan_discriminator, "mlp": mlp_discriminator}
NAMES = {"kernel": "weight", "bias": "bias", "gamma": "weight", "beta": "bias"}


def named_weights(model):
    """The trained variables of a model, by the names of swift-gan's files."""
    return {
        f"{layer.name}.{NAMES[variable.name]}": variable
        for layer in model.layers
        for variable in layer.trainable_weights
    }


def to_keras(value):
    """A weight in Keras' layout: kernels [kh, kw, in, out] of [out, in, kh, kw] (transposed ones alike), dense ones
    [in, out] of [out, in]. Flattened maps of the Keras DCGAN are [7, 7, C] in both."""
    return value.transpose(2, 3, 1, 0) if value.ndim == 4 else value.T


def from_keras(value):
    """The inverse of `to_keras`."""
    return value.transpose(3, 2, 0, 1) if value.ndim == 4 else value.T
