"""Small U-Nets and the autoencoder by translation_networks.py: outputs, running statistics and gradients."""

import torch
import torch.nn.functional as F

import translation_networks as translation
from fixture import Fixture, Random
from network_fixtures import FOLDER, fill, prefixed, running, state


def gradients(loss, module):
    names, parameters = zip(*module.named_parameters())
    return prefixed("grad", dict(zip(names, torch.autograd.grad(loss, parameters))))


def add_network(fixture, case, settings, module, shape):
    """The module in inference, then in training with the gradients of the output times given numbers."""
    module = module.double()
    fill(module, case)
    input = Random(f"{case}/input").uniform(*shape, low=-1, high=1)
    tensors = {"input": input, **prefixed("state", state(module))}
    tensors["inference"] = module.eval()(input)
    tensors["output"] = output = module.train()(input)
    tensors["grad_output"] = Random(f"{case}/grad_output").normal(*output.shape)
    tensors |= gradients((output * tensors["grad_output"]).sum(), module)
    fixture.add(case, settings, tensors | prefixed("after", running(module)))


def translation_networks():
    fixture = Fixture(f"{FOLDER}/translation.safetensors", torch=torch.__version__)
    # Without dropout, so that a training pass can be compared.
    for side, inputs, outputs, base, batch, norm in ((16, 2, 1, 2, 2, "instance"), (4, 1, 1, 2, 2, "batch")):
        settings = {"inputs": inputs, "outputs": outputs, "side": side, "base_width": base, "norm": norm}
        module = translation.UNet(**settings, dropout=0)
        add_network(fixture, f"unet.{side}", settings, module, (batch, inputs, side, side))
    return fixture


def bound(module, images, noise, prior, beta):
    """The negative evidence lower bound of a further training pass, with a Gaussian of the variance that suits the batch best."""
    mean, log_variance = module.encode(images)
    posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
    decoded = module.decode(posterior.loc + posterior.scale * noise)
    # Not held fixed: where the likelihood is greatest it has no slope in the deviation.
    likelihood = torch.distributions.Normal(decoded, F.mse_loss(decoded, images).sqrt())
    tensors = {"bound/reconstruction": -likelihood.log_prob(images).flatten(1).sum(1).mean()}
    tensors["bound/divergence"] = torch.distributions.kl_divergence(posterior, prior).sum(1).mean()
    tensors["bound/loss"] = loss = tensors["bound/reconstruction"] + beta * tensors["bound/divergence"]
    return tensors | {f"bound/{name}": gradient for name, gradient in gradients(loss, module).items()}


def autoencoders():
    fixture = Fixture(f"{FOLDER}/autoencoder.safetensors", torch=torch.__version__)
    for architecture, channels, height, width in (("convolutional", 2, 12, 10), ("fully-connected", 1, 5, 4)):
        size = {"latent_size": 3, "channels": channels, "height": height, "width": width, "base_width": 4}
        module = translation.Autoencoder(architecture, **size).double()
        fill(module, architecture)
        images = Random(f"{architecture}/images").uniform(4, channels, height, width, low=-1, high=1)
        noise = Random(f"{architecture}/noise").normal(4, 3)
        tensors = {"images": images, "noise": noise, **prefixed("state", state(module))}
        module.eval()
        tensors["inference/mean"], tensors["inference/log_variance"] = module.encode(images)
        tensors["inference/decoded"] = module.decode(noise)
        module.train()
        tensors["mean"], tensors["log_variance"] = mean, log_variance = module.encode(images)
        posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
        standard = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
        tensors["divergence"] = divergence = torch.distributions.kl_divergence(posterior, standard).sum(1).mean()
        tensors["decoded"] = decoded = module.decode(posterior.loc + posterior.scale * noise)
        tensors["loss"] = loss = F.mse_loss(decoded, images) + 0.1 * divergence
        tensors |= gradients(loss, module) | prefixed("after", running(module))
        tensors |= bound(module, images, noise, standard, beta=2)
        fixture.add(architecture, size | {"beta": 2}, tensors)
    return fixture
