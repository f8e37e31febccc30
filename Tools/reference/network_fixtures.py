"""Whole networks in PyTorch: images, scores, losses and the gradients of both players at the same weights."""

import torch
import torch.nn.functional as F
from torch import nn

import networks
from fixture import Fixture, Random

FOLDER = "Tests/GANTests/Fixtures"
LEARNING_RATE = 0.1


def fill(module, case):
    """Gives every parameter and running statistic a value of its own; batch norms are not left at 1 and 0."""
    with torch.no_grad():
        for prefix, part in module.named_modules():
            norm = isinstance(part, nn.modules.batchnorm._BatchNorm)
            own = list(part.named_parameters(recurse=False)) + list(part.named_buffers(recurse=False))
            for name, value in own:
                random = Random(f"{case}/{prefix}.{name}")
                if name == "num_batches_tracked":
                    continue
                if name == "running_var" or norm and name == "weight":
                    value.copy_(random.uniform(*value.shape, low=0.5, high=1.5))
                elif norm or name == "bias":
                    value.copy_(random.normal(*value.shape, scale=0.2))
                else:
                    value.copy_(random.normal(*value.shape, scale=fan_scale(part)))


def fan_scale(layer):
    """A scale that keeps signals near unit size through the layer, so that no tanh saturates."""
    weight = layer.weight
    inputs = weight.shape[0] if isinstance(layer, nn.ConvTranspose2d) else weight.shape[1]
    strides = layer.stride[0] * layer.stride[1] if isinstance(layer, nn.ConvTranspose2d) else 1
    return (inputs * weight[0, 0].numel() / strides) ** -0.5


def state(module):
    """The `state_dict` without the step counters, which no file of swift-gan holds."""
    return {
        name: value.detach().clone()
        for name, value in module.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }


def prefixed(prefix, tensors):
    return {f"{prefix}/{name}": value for name, value in tensors.items()}


def layer_outputs(module, *inputs):
    """What the module answers, and by name what each of its layers gave."""
    outputs = {}
    hooks = [
        part.register_forward_hook(lambda part, inputs, output, name=name: outputs.update({name: output}))
        for name, part in module.named_children()
        if name != "dropout"
    ]
    answer = module(*inputs)
    for hook in hooks:
        hook.remove()
    return answer, outputs


def losses(real, fake):
    """The non-saturating game through PyTorch's own cross entropy."""
    ones, zeros = torch.ones_like(real), torch.zeros_like(fake)
    loss = F.binary_cross_entropy_with_logits
    return loss(real, ones) + loss(fake, zeros), loss(fake, torch.ones_like(fake))


def play(generator, discriminator, latents, real):
    """One simultaneous evaluation in training mode: D scores the real images first, then the generated ones."""
    generator.train()
    discriminator.train()
    images, generator_layers = layer_outputs(generator, latents)
    scores_real = discriminator(real)
    scores_fake, discriminator_layers = layer_outputs(discriminator, images)
    loss_discriminator, loss_generator = losses(scores_real, scores_fake)
    results = {
        "images": images,
        "scores_real": scores_real,
        "scores_fake": scores_fake,
        "loss_discriminator": loss_discriminator,
        "loss_generator": loss_generator,
    }
    for player, module, loss in (
        ("discriminator", discriminator, loss_discriminator),
        ("generator", generator, loss_generator),
    ):
        names, parameters = zip(*module.named_parameters())
        gradients = torch.autograd.grad(loss, parameters, retain_graph=True)
        results |= prefixed(f"grad_{player}", dict(zip(names, gradients)))
    for player, module in (("generator", generator), ("discriminator", discriminator)):
        results |= prefixed(f"after/{player}", running(module))
    layers = prefixed("layer/generator", generator_layers) | prefixed("layer/discriminator", discriminator_layers)
    return results, layers


def running(module):
    return {name: value for name, value in state(module).items() if ".running_" in name}


def add_networks(fixture, case, generator, discriminator, settings, batch, with_layers=False):
    generator, discriminator = generator.double(), discriminator.double()
    fill(generator, f"{case}/generator")
    fill(discriminator, f"{case}/discriminator")
    shape = (settings["channels"], settings["height"], settings["width"])
    tensors = {
        "latents": Random(f"{case}/latents").normal(batch, settings["latent_size"]),
        "real": Random(f"{case}/real").uniform(batch, *shape, low=-1, high=1),
        **prefixed("generator", state(generator)),
        **prefixed("discriminator", state(discriminator)),
    }
    generator.eval()
    discriminator.eval()
    if running(generator):
        tensors["inference/images"] = generator(tensors["latents"])
        tensors["inference/scores_real"] = discriminator(tensors["real"])
    results, layers = play(generator, discriminator, tensors["latents"], tensors["real"])
    fixture.add(case, {**settings, "batch": batch}, tensors | results | (layers if with_layers else {}))


def dcgan_networks():
    fixture = Fixture(f"{FOLDER}/dcgan.safetensors", torch=torch.__version__)
    for case, channels, height, width, latent_size, base_width, batch, with_layers in (
        ("64x64x3", 3, 64, 64, 6, 1, 2, False),
        ("28x28x1", 1, 28, 28, 6, 3, 3, True),
        ("24x20x2", 2, 24, 20, 5, 2, 3, False),  # 3 * 2^3 by 5 * 2^2: the width is not doubled at first
        ("7x12x1", 1, 7, 12, 4, 2, 3, False),  # 7 by 3 * 2^2: the height never is
        ("96x6x1", 1, 96, 6, 4, 1, 2, False),  # 3 * 2^5 by 3 * 2: the cap of eight times the base shows
    ):
        size = {"channels": channels, "height": height, "width": width, "base_width": base_width}
        generator = networks.DCGANGenerator(latent_size, **size)
        discriminator = networks.DCGANDiscriminator(**size)
        settings = {"latent_size": latent_size, **size}
        add_networks(fixture, case, generator, discriminator, settings, batch, with_layers)
    return fixture


def mlp_networks():
    fixture = Fixture(f"{FOLDER}/mlp.safetensors", torch=torch.__version__)
    for case, channels, height, width, latent_size, base_width, batch in (
        ("28x28x1", 1, 28, 28, 6, 3, 3),
        ("5x4x3", 3, 5, 4, 4, 3, 3),
    ):
        size = {"channels": channels, "height": height, "width": width, "base_width": base_width}
        generator = networks.MLPGenerator(latent_size, **size)
        discriminator = networks.MLPDiscriminator(**size)
        settings = {"latent_size": latent_size, **size}
        add_networks(fixture, case, generator, discriminator, settings, batch, with_layers=height < 28)
    return fixture
