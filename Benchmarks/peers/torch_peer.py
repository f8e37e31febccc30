"""PyTorch in eager mode, plain and tuned: channels last, a discriminator that is frozen in the generator's turn, fused
Adam, and with --precision bfloat16 autocast. `torch.compile` was slower than both and is left out."""

import contextlib
import copy

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.utils import fusion

from conversation import LATENTS, RESIDENT, SHAPES, adam, converse, settings
from torch_networks import DISCRIMINATORS, GENERATORS

options = settings()
if options.threads:
    torch.set_num_threads(options.threads)
torch.set_num_interop_threads(1)
torch.manual_seed(1)

dtype = torch.float64 if options.precision == "float64" else torch.float32
order = torch.channels_last if options.tuned else torch.contiguous_format
generator = GENERATORS[options.network]().to(dtype=dtype, memory_format=order)
discriminator = DISCRIMINATORS[options.network](options.dropout).to(dtype=dtype, memory_format=order)
weights = {player: list(player.parameters()) for player in (generator, discriminator)}
mixed = (
    (lambda: torch.autocast("cpu", torch.bfloat16)) if options.precision == "bfloat16" else contextlib.nullcontext
)


def optimizer(player):
    if options.sgd:
        return torch.optim.SGD(weights[player], options.sgd)
    rate, beta1, epsilon = adam(options.network)
    fused = True if options.tuned else None
    return torch.optim.Adam(weights[player], rate, (beta1, 0.999), epsilon, fused=fused)


optimizers = {player: optimizer(player) for player in weights}


def loss(scores, target):
    return F.binary_cross_entropy_with_logits(scores.to(dtype), torch.full_like(scores, target, dtype=dtype))


def alternating(real, latents):
    """The step of PyTorch's DCGAN tutorial: D, then G against the D that has moved."""
    with mixed():
        fake = generator(latents)
        loss_discriminator = loss(discriminator(real), 1) + loss(discriminator(fake.detach()), 0)
    optimizers[discriminator].zero_grad()
    loss_discriminator.backward()
    optimizers[discriminator].step()
    if options.tuned:
        discriminator.requires_grad_(False)
    with mixed():
        loss_generator = loss(discriminator(fake), 1)
    optimizers[generator].zero_grad()
    loss_generator.backward()
    optimizers[generator].step()
    discriminator.requires_grad_(True)
    return loss_discriminator, loss_generator


def simultaneous(real, latents):
    """Both gradients at the same weights, from one pass of D over the generated images: less work than the above."""
    with mixed():
        fake = generator(latents)
        scores = discriminator(fake)
        loss_discriminator = loss(discriminator(real), 1) + loss(scores, 0)
        loss_generator = loss(scores, 1)
    for player, value in ((discriminator, loss_discriminator), (generator, loss_generator)):
        gradients = torch.autograd.grad(value, weights[player], retain_graph=player is discriminator)
        for weight, gradient in zip(weights[player], gradients):
            weight.grad = gradient
    for player in optimizers.values():
        player.step()
    return loss_discriminator, loss_generator


play = {"alternating": alternating, "simultaneous": simultaneous}[options.update]
(width, height, channels), resident = SHAPES[options.network], RESIDENT[options.network]
pictures = torch.randint(0, 256, (resident, channels, height, width), dtype=torch.uint8)
pictures = pictures.contiguous(memory_format=order)


def step():
    chosen = pictures[torch.randint(0, resident, (options.batch,))].contiguous(memory_format=order)
    play(chosen.to(dtype).div_(127.5).sub_(1), torch.randn(options.batch, LATENTS, dtype=dtype))


def for_use():
    """The generator in inference mode; when tuned, batch norm is folded into the layers and the weights are cast."""
    network = copy.deepcopy(generator).eval()
    if not options.tuned:
        return network, mixed
    norms = [(name, layer) for name, layer in network.named_children() if name.startswith("norm")]
    layers = [layer for layer in network.children() if isinstance(layer, (nn.Linear, nn.ConvTranspose2d))]
    for (name, norm), layer in zip(norms, layers):
        linear = isinstance(layer, nn.Linear)
        fold = fusion.fuse_linear_bn_weights if linear else fusion.fuse_conv_bn_weights
        statistics = (norm.running_mean, norm.running_var, norm.eps, norm.weight, norm.bias)
        transposed = {} if linear else {"transpose": True}
        layer.weight, layer.bias = fold(layer.weight, layer.bias, *statistics, **transposed)
        setattr(network, name, nn.Identity())
    compute = torch.bfloat16 if options.precision == "bfloat16" else dtype
    return network.to(dtype=compute, memory_format=order), contextlib.nullcontext


used = None


@torch.inference_mode()
def generate():
    global used
    used = used or for_use()
    network, context = used
    with context():
        return network(torch.randn(options.batch, LATENTS, dtype=next(network.parameters()).dtype)).float()


def mirrored(name, tensor):
    """A tensor of the Keras DCGAN between TensorFlow's padding and PyTorch's: (1, 2) becomes (2, 1) when pictures and
    kernels are turned by half. The dense layers' features are maps [7, 7, C]."""
    if options.network != "dcgan-keras":
        return tensor
    if tensor.ndim == 4:
        return tensor.flip(2, 3)
    if "project" in name or "norm0" in name:
        return tensor.unflatten(0, (7, 7, -1)).flip(0, 1).flatten(0, 2)
    return tensor.unflatten(1, (7, 7, -1)).flip(1, 2).flatten(1) if name.endswith("score.weight") else tensor


def check(given, out):
    tensors = {name: mirrored(name, tensor.to(dtype)) for name, tensor in load_file(given).items()}
    players = {"generator": generator, "discriminator": discriminator}
    with torch.no_grad():
        for player, network in players.items():
            for name, weight in network.named_parameters():
                weight.copy_(tensors[f"given/{player}/{name}"])
    losses = play(tensors["given/real"].contiguous(memory_format=order), tensors["given/latents"])
    results = {f"loss/{name}": value.detach().clone() for name, value in zip(("discriminator", "generator"), losses)}
    for player, network in players.items():
        for name, weight in network.named_parameters():
            results[f"after/{player}/{name}"] = mirrored(name, weight.detach()).contiguous().clone()
    save_file(results, out)


def multiply(size, precision):
    left, right = (torch.randn(size, size).to(getattr(torch, precision)) for _ in range(2))
    return lambda: left @ right


converse({"torch": torch.__version__}, step=step, generate=generate, check=check, multiply=multiply)
