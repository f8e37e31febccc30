"""TensorFlow with Keras: a `tf.function` a step, as in TensorFlow's DCGAN tutorial; float32 or Keras' mixed_bfloat16.
XLA (`jit_compile`) took twice the time and is left out."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy
import tensorflow as tf
from safetensors.numpy import load_file, save_file

from conversation import LATENTS, RESIDENT, SHAPES, adam, converse, settings
from keras_networks import DISCRIMINATORS, GENERATORS, from_keras, named_weights, to_keras

options = settings()
if options.threads:
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
tf.random.set_seed(1)
if options.precision == "bfloat16":
    keras.mixed_precision.set_global_policy("mixed_bfloat16")

generator = GENERATORS[options.network]()
discriminator = DISCRIMINATORS[options.network](options.dropout)
players = {"generator": generator, "discriminator": discriminator}
cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)


def optimizer(player):
    rate, beta1, epsilon = adam(options.network)
    made = keras.optimizers.SGD(options.sgd) if options.sgd else keras.optimizers.Adam(rate, beta1, 0.999, epsilon)
    made.build(player.trainable_variables)
    return made


optimizers = {name: optimizer(player) for name, player in players.items()}


def loss(scores, target):
    scores = tf.cast(scores, tf.float32)
    return cross_entropy(tf.fill(tf.shape(scores), float(target)), scores)


def move(player, gradients):
    optimizers[player].apply_gradients(zip(gradients, players[player].trainable_variables))


@tf.function
def simultaneous(real, latents):
    """The tutorial's step: both gradients at the same weights."""
    with tf.GradientTape() as tape_generator, tf.GradientTape() as tape_discriminator:
        fake = generator(latents, training=True)
        scores_real = discriminator(real, training=True)
        scores_fake = discriminator(fake, training=True)
        loss_generator = loss(scores_fake, 1)
        loss_discriminator = loss(scores_real, 1) + loss(scores_fake, 0)
    of_generator = tape_generator.gradient(loss_generator, generator.trainable_variables)
    of_discriminator = tape_discriminator.gradient(loss_discriminator, discriminator.trainable_variables)
    move("generator", of_generator)
    move("discriminator", of_discriminator)
    return loss_discriminator, loss_generator


@tf.function
def alternating(real, latents):
    """D, then G against the D that has moved, with the images that D saw."""
    with tf.GradientTape() as tape_generator:
        fake = generator(latents, training=True)
        with tape_generator.stop_recording():
            with tf.GradientTape() as tape_discriminator:
                scores_real = discriminator(real, training=True)
                scores_fake = discriminator(tf.stop_gradient(fake), training=True)
                loss_discriminator = loss(scores_real, 1) + loss(scores_fake, 0)
            move("discriminator", tape_discriminator.gradient(loss_discriminator, discriminator.trainable_variables))
        loss_generator = loss(discriminator(fake, training=True), 1)
    move("generator", tape_generator.gradient(loss_generator, generator.trainable_variables))
    return loss_discriminator, loss_generator


play = {"alternating": alternating, "simultaneous": simultaneous}[options.update]
(width, height, channels), resident = SHAPES[options.network], RESIDENT[options.network]
pictures = tf.constant(numpy.random.default_rng(1).integers(0, 256, (resident, height, width, channels), numpy.uint8))


@tf.function
def batch():
    chosen = tf.gather(pictures, tf.random.uniform((options.batch,), 0, resident, tf.int32))
    return tf.cast(chosen, tf.float32) / 127.5 - 1, tf.random.normal((options.batch, LATENTS))


def step():
    play(*batch())


@tf.function
def images():
    return generator(tf.random.normal((options.batch, LATENTS)), training=False)


def generate():
    return images().numpy()


def check(given, out):
    tensors = load_file(given)
    for player, network in players.items():
        for name, variable in named_weights(network).items():
            variable.assign(to_keras(tensors[f"given/{player}/{name}"]))
    losses = play(tf.constant(tensors["given/real"].transpose(0, 2, 3, 1)), tf.constant(tensors["given/latents"]))
    results = {f"loss/{name}": numpy.asarray(value) for name, value in zip(("discriminator", "generator"), losses)}
    for player, network in players.items():
        for name, variable in named_weights(network).items():
            results[f"after/{player}/{name}"] = from_keras(variable.numpy()).copy()
    save_file(results, out)


converse({"tensorflow": tf.__version__, "keras": keras.__version__}, step=step, generate=generate, check=check)
