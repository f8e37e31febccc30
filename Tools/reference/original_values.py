"""What the scripts that run authors' own code have in common: tensors that Swift computes, too, and gradients by name."""

import math

import torch

import hashed
from network_fixtures import prefixed


def given(name, shape):
    """The hash of a name at each place, float64."""
    return torch.as_tensor(hashed.uniform(name, tuple(shape)), dtype=torch.float64)


def fill(module, prefix=""):
    """Gives each tensor of a module with batch and spectral norm the value that FastGANTests.swift and
    ProjectedDiscriminatorTests.swift give it, for a training pass."""
    module = module.double().train()
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_(value(prefix + name, tuple(tensor.shape)))
    return module


def value(name, shape):
    draws = given(name, shape)
    if name.endswith((".0._u", ".0._v")):
        return draws / draws.norm()
    if len(shape) > 1:
        return draws * math.sqrt(3)
    # Noise is multiplied by a single number, which stays 0 at first.
    return draws * 0 if shape == (1,) else draws * 0.2 + (0 if name.endswith(("bias", "mean")) else 1)


def loss_of(output):
    return (output * given("grad_output0", output.shape)).sum()


def gradients(loss, module, prefix="grad"):
    names, parameters = zip(*module.named_parameters())
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return prefixed(prefix, {name: gradient for name, gradient in zip(names, found) if gradient is not None})
