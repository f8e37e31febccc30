"""How tensors get from PyTorch's layout to Keras' and back, and the check that both compute the same.

Keras works on [N, H, W, C]; every tensor is stored as PyTorch lays it out, [N, C, H, W]. Kernels: a Conv2D's
[kh, kw, in, out] becomes [out, in, kh, kw], a Conv2DTranspose's [kh, kw, out, in] becomes [in, out, kh, kw]; neither
is flipped. Each result is also computed with PyTorch and must agree before it is stored; the running variances of whole
networks alone are not, since Keras averages the biased variance (see `add_batch_norm`).
"""

import keras
import numpy
import tensorflow
import torch

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
