"""Regenerates every test fixture, and CASES.md that lists them: python Tools/reference/make_fixtures.py"""

import os

# Before TensorFlow loads: one thread and no oneDNN, so that sums are always taken in the same order.
os.environ |= {"TF_ENABLE_ONEDNN_OPTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}

import pathlib

import keras
import tensorflow
import torch

import augmentation_fixtures
import initializer_fixtures
import keras_layer_fixtures
import keras_network_fixtures
import layer_fixtures
import network_fixtures
import objective_fixtures
import optimizer_fixtures
import penalty_fixtures
import residual_fixtures
import spectral_norm_fixtures
import translation_fixtures
import type_fixtures
from fixture import ROOT

MAKERS = (
    layer_fixtures.linear_and_convolutions,
    keras_layer_fixtures.same_padding,
    layer_fixtures.normalizations,
    keras_layer_fixtures.batch_norm,
    spectral_norm_fixtures.spectral_norms,
    layer_fixtures.activations,
    layer_fixtures.resampling,
    layer_fixtures.embedding,
    initializer_fixtures.initializers,
    optimizer_fixtures.optimizers,
    optimizer_fixtures.reevaluating_optimizers,
    keras_layer_fixtures.adam,
    optimizer_fixtures.schedules,
    optimizer_fixtures.clipping,
    objective_fixtures.objectives,
    objective_fixtures.gradient_penalty,
    penalty_fixtures.penalties,
    augmentation_fixtures.augmentations,
    network_fixtures.mlp_networks,
    network_fixtures.dcgan_networks,
    keras_network_fixtures.tutorial_networks,
    residual_fixtures.layers,
    residual_fixtures.residual_networks,
    residual_fixtures.discriminator_norms,
    translation_fixtures.translation_networks,
    translation_fixtures.autoencoders,
)


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    keras.config.set_floatx("float64")
    keras.utils.set_random_seed(0)
    listing = "# Every fixture, case and tensor\n\nWritten by make_fixtures.py; README.md explains the names.\n"
    total = 0
    for make in MAKERS:
        fixture = make()
        fixture.save()
        size = (ROOT / fixture.path).stat().st_size
        total += size
        listing += "\n" + fixture.listing()
        print(f"{fixture.path}: {len(fixture.cases)} cases, {len(fixture.tensors)} tensors, {size} bytes")
    total += type_fixtures.save()
    listing += "\n" + type_fixtures.listing()
    (pathlib.Path(__file__).parent / "CASES.md").write_text(listing)
    print(f"{total} bytes in all")


if __name__ == "__main__":
    main()
