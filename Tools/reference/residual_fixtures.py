"""The residual networks, the discriminators' norms and the layers they are made of, by residual_networks.py."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

import networks
import residual_networks as residual
from fixture import Fixture, Random
from layer_fixtures import FOLDER as LAYER_FOLDER
from layer_fixtures import add_layer
from network_fixtures import FOLDER, losses, prefixed, state


def fill(module, case):
    """Gives every tensor of the module a value of its own that keeps signals near unit size."""
    with torch.no_grad():
        for name, value in module.state_dict().items():
            random, last = Random(f"{case}/{name}"), name.rsplit(".", 1)[-1]
            if last == "num_batches_tracked":
                continue
            if last in ("_u", "_v"):
                value.copy_(F.normalize(random.normal(*value.shape), dim=0))
            elif last == "running_var" or "gain" in name or "norm" in name and last == "weight" or last == "gamma":
                value.copy_(random.uniform(*value.shape, low=0.5, high=1.5))
            elif value.ndim == 1 or "bias" in name:
                value.copy_(random.normal(*value.shape, scale=0.2))
            elif last == "basis":
                value.copy_(random.normal(*value.shape, scale=2))
            else:
                value.copy_(random.weight(*value.shape))


def slope_penalty(discriminator, real):
    """Half the mean squared slope at real images (R1 of Mescheder et al. 2018)."""
    real = real.clone().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)
    return slope.square().sum((1, 2, 3)).mean() / 2


def gradients(loss, module):
    names, parameters = zip(*module.named_parameters())
    found = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
    return {name: value for name, value in zip(names, found) if value is not None}


def kept(module):
    """What training changes without gradients."""
    return {name: value for name, value in state(module).items() if ".running_" in name or name.endswith(("_u", "_v"))}


def add_game(fixture, case, settings, generator, discriminator, classes=()):
    """Both players in inference, then in training: real images first, generated ones next, the real ones' slopes last."""
    generator, discriminator = generator.double(), discriminator.double()
    tensors = {"latents": Random(f"{case}/latents").normal(settings["batch"], settings["latent_size"])}
    shape = [settings["channels"], settings["height"], settings["width"]]
    tensors["real"] = Random(f"{case}/real").uniform(settings["batch"], *shape, low=-1, high=1)
    if classes:
        tensors["classes"] = classes[0]
    for player, module in (("generator", generator), ("discriminator", discriminator)):
        fill(module, f"{case}/{player}")
        module.eval()
        tensors |= prefixed(player, state(module))
    tensors["inference/images"] = generator(tensors["latents"], *classes)
    tensors["inference/scores_real"] = discriminator(tensors["real"])
    generator.train()
    discriminator.train()
    tensors["images"] = images = generator(tensors["latents"], *classes)
    tensors["scores_real"], tensors["scores_fake"] = discriminator(tensors["real"]), discriminator(images)
    penalty = slope_penalty(discriminator, tensors["real"])
    of_discriminator, of_generator = losses(tensors["scores_real"], tensors["scores_fake"])
    tensors |= {"loss_discriminator": of_discriminator, "loss_generator": of_generator, "penalty": penalty}
    tensors |= prefixed("grad_discriminator", gradients(of_discriminator, discriminator))
    tensors |= prefixed("grad_penalty", gradients(penalty, discriminator))
    if any(True for _ in generator.parameters()):
        tensors |= prefixed("grad_generator", gradients(of_generator, generator))
    for player, module in (("generator", generator), ("discriminator", discriminator)):
        tensors |= prefixed(f"after/{player}", kept(module))
    fixture.add(case, settings, tensors)


def residual_networks():
    fixture = Fixture(f"{FOLDER}/residual.safetensors", torch=torch.__version__)
    #   case, sides, channels, latents, width, batch, classes, attention, norm, minibatch
    for case, height, width, channels, latents, base, batch, classes, attention, norm, minibatch in (
        ("resnet.8x12x2", 8, 12, 2, 3, 2, 3, 0, False, "spectral", False),
        ("resnet.40x6x1", 40, 6, 1, 3, 1, 2, 0, True, "none", False),  # the wider form, for more than 32 pixels
        ("resnet.classes", 12, 6, 1, 3, 3, 4, 3, True, "spectral", True),
    ):
        size = {"channels": channels, "height": height, "width": width, "base_width": base}
        conditioning = "batch-norm" if classes else "none"
        generator = residual.ResNetGenerator(latents, **size, classes=classes, conditioning=conditioning, attention=attention)
        discriminator = residual.ResNetDiscriminator(**size, norm=norm, minibatch=minibatch, attention=attention)
        labels = [torch.arange(batch) % classes] if classes else []
        settings = {"latent_size": latents, **size, "batch": batch, "classes": classes, "attention": attention}
        add_game(fixture, case, settings | {"norm": norm, "minibatch": minibatch}, generator, discriminator, labels)
    for case, height, width, channels, latents, base, batch, minibatch in (
        ("r3gan.6x5x2", 6, 5, 2, 3, 3, 3, False),
        ("r3gan.7x14x1", 7, 14, 1, 3, 1, 4, True),
    ):
        size = {"channels": channels, "height": height, "width": width, "base_width": base}
        settings = {"latent_size": latents, **size, "batch": batch, "classes": 0, "attention": False}
        generator = residual.R3GANGenerator(latents, **size)
        discriminator = residual.R3GANDiscriminator(**size, minibatch=minibatch)
        add_game(fixture, case, settings | {"norm": "none", "minibatch": minibatch}, generator, discriminator)
    return fixture


class Shown(nn.Module):
    """A discriminator whose last layer is shown the batch's deviation."""

    def __init__(self, whole, last, minibatch):
        super().__init__()
        self.whole, self.last, self.minibatch = whole, last, minibatch

    def forward(self, images):
        layer = self.whole.get_submodule(self.last)
        handle = layer.register_forward_pre_hook(
            lambda layer, inputs: residual.minibatch_deviation(inputs[0]) if self.minibatch else None
        )
        scores = self.whole(images)
        handle.remove()
        return scores


def discriminator_norms():
    """The discriminators of mlp and dcgan without batch norm, beside the usual generator."""
    fixture = Fixture(f"{FOLDER}/discriminator_norm.safetensors", torch=torch.__version__)
    for kind, norm, minibatch in (
        ("mlp", "spectral", True), ("dcgan", "none", True), ("dcgan", "spectral", True), ("dcgan", "batch", True),
    ):
        size = {"channels": 2, "height": 6, "width": 7, "base_width": 2}
        if kind == "mlp":
            generator, whole, last = networks.MLPGenerator(3, **size), networks.MLPDiscriminator(**size), "fc4"
            whole.fc4 = nn.Linear(whole.fc4.in_features + minibatch, 1)
        else:
            generator, last = networks.DCGANGenerator(3, **size), "score"
            whole = networks.DCGANDiscriminator(**size, norm=norm, minibatch=minibatch)
        if norm == "spectral":
            for part in [part for part in whole.modules() if isinstance(part, (nn.Linear, nn.Conv2d))]:
                spectral_norm(part)
        case = f"{kind}.{norm}" + (".minibatch" if minibatch else "")
        settings = {"latent_size": 3, **size, "batch": 4, "classes": 0, "attention": False}
        discriminator = Shown(whole, last, minibatch)
        add_game(fixture, case, settings | {"norm": norm, "minibatch": minibatch}, generator, discriminator)
        fixture.tensors = {name.replace("/whole.", "/"): value for name, value in fixture.tensors.items()}
    return fixture


def layers():
    fixture = Fixture(f"{LAYER_FOLDER}/residual_layers.safetensors", torch=torch.__version__)
    for case, factor in (("both", (2, 2)), ("high", (2, 1)), ("wide", (1, 2))):
        input = Random(f"binomial/{case}").normal(2, 3, 4, 6)
        add_layer(fixture, f"binomial_up.{case}", {"factor": factor}, lambda x: residual.resample_up(x, factor), input, twice=True)
        add_layer(fixture, f"binomial_down.{case}", {"factor": factor}, lambda x: residual.resample_down(x, factor), input, twice=True)
    for case, shape in (("maps", (8, 2, 3, 2)), ("triples", (6, 3, 2, 2)), ("features", (8, 5)), ("alone", (1, 3)), ("prime", (5, 2))):
        add_layer(fixture, f"minibatch.{case}", {}, residual.minibatch_deviation, Random(f"minibatch/{case}").normal(*shape), twice=True)
    for case, training in (("training", True), ("inference", False)):
        module = residual.ConditionalBatchNorm(3, 4).double()
        add_module(fixture, f"conditional.{case}", module, (5, 3, 4, 2), training, [torch.tensor([3, 0, 0, 1, 3])])
    for case, channels, norm in (("plain", 16, "none"), ("spectral", 8, "spectral")):
        add_module(fixture, f"attention.{case}", residual.SelfAttention(channels, norm).double(), (2, channels, 2, 5), True)
    return fixture


def add_module(fixture, case, module, shape, training, more=()):
    fill(module, case)
    module.train(training)
    before = state(module)
    parameters = dict(module.named_parameters())
    call = lambda input, **parameters: module(input, *more)
    if more:
        fixture.tensors[f"{case}/classes"] = more[0].numpy()
    add_layer(fixture, case, {"training": training}, call, Random(f"{case}/input").normal(*shape), parameters, True)
    for name, value in before.items():
        fixture.tensors[f"{case}/{name}"] = value.numpy()
    fixture.tensors |= {f"{case}/after/{name}": value.numpy() for name, value in kept(module).items()}
