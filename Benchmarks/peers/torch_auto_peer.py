"""The game that `auto` plays on 28x28x1, as lean as PyTorch's eager mode allows: channels last, fused Adam, with
--precision bfloat16 autocast; D scores real and generated pictures in one batch, R1 and R2 are one gradient, the class
vectors are rows of the product that gives the score, and D is frozen in G's turn.

Relativistic pairing (Jolicoeur-Martineau 2018, arXiv:1807.00734) with R1 and R2 (Mescheder et al. 2018,
arXiv:1801.04406) at every fourth step; G takes one-hot classes beside its latents, D projects on class vectors (Miyato
and Koyama 2018). `cases.py` has the settings, which `gan bench auto` must report as well."""

import contextlib

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

from conversation import LATENTS, RESIDENT, SHAPES, converse, settings

CLASSES, GAMMA, INTERVAL, CLIP_NORM = 10, 1.0, 4, 1.0
RATES = {"generator": 1.6e-3, "discriminator": 4e-4}
FEATURES = 128 * 7 * 7

options = settings()
if options.threads:
    torch.set_num_threads(options.threads)
torch.set_num_interop_threads(1)
torch.manual_seed(1)
dtype = torch.float64 if options.precision == "float64" else torch.float32
mixed = (
    (lambda: torch.autocast("cpu", torch.bfloat16)) if options.precision == "bfloat16" else contextlib.nullcontext
)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        # A transposed convolution of one pixel is a product, whose columns lie channels last.
        self.project = nn.Linear(LATENTS + CLASSES, FEATURES, bias=False)
        self.norm0 = nn.BatchNorm2d(128)
        self.up1 = nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(64)
        self.image = nn.ConvTranspose2d(64, 1, 4, 2, 1, bias=False)

    def forward(self, latents, classes):
        inputs = torch.cat((latents, F.one_hot(classes, CLASSES).to(latents.dtype)), 1)
        x = self.project(inputs).view(-1, 7, 7, 128).permute(0, 3, 1, 2)
        x = F.relu(self.norm0(x), inplace=True)
        x = F.relu(self.norm1(self.up1(x)), inplace=True)
        return self.image(x).tanh()


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(1, 64, 4, 2, 1)
        self.down2 = nn.Conv2d(64, 128, 4, 2, 1)
        # The score's vector, and those of the classes.
        self.judge = nn.Linear(FEATURES, 1 + CLASSES, bias=False)
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, images, classes):
        x = F.leaky_relu(self.down1(images), 0.2, inplace=True)
        x = F.leaky_relu(self.down2(x), 0.2, inplace=True)
        products = self.judge(x.permute(0, 2, 3, 1).flatten(1)).to(dtype)
        return products[:, 0] + products.gather(1, classes[:, None] + 1)[:, 0] + self.bias


generator = Generator().to(dtype=dtype, memory_format=torch.channels_last)
discriminator = Discriminator().to(dtype=dtype, memory_format=torch.channels_last)
players = {"generator": generator, "discriminator": discriminator}


def optimizer(name):
    weights = players[name].parameters()
    if options.sgd:
        return torch.optim.SGD(weights, options.sgd)
    return torch.optim.Adam(weights, RATES[name], (0.0, 0.99), 1e-8, fused=True)


optimizers = {name: optimizer(name) for name in players}


def move(name, loss):
    optimizers[name].zero_grad()
    loss.backward()
    if name == "discriminator":
        nn.utils.clip_grad_norm_(discriminator.parameters(), CLIP_NORM)
    optimizers[name].step()


def play(number, real, latents, classes):
    """Step `number`: D, then G against the D that has moved, by the pictures that D saw. A generated picture is of the
    class of the real one that it is paired with."""
    is_due = number % INTERVAL == 0
    with mixed():
        fake = generator(latents, classes)
        images = torch.cat((real, fake.detach().to(dtype))).contiguous(memory_format=torch.channels_last)
        scores = discriminator(images.requires_grad_(is_due), classes.repeat(2))
    of_real, of_fake = scores.chunk(2)
    loss_discriminator = F.softplus(of_fake - of_real).mean()
    if is_due:
        (slopes,) = torch.autograd.grad(scores.sum(), images, create_graph=True)
        penalty = GAMMA / 2 * slopes.square().sum() / len(real)
        loss_discriminator = loss_discriminator + INTERVAL * penalty
    move("discriminator", loss_discriminator)
    discriminator.requires_grad_(False)
    with mixed():
        with torch.no_grad():
            of_real = discriminator(real, classes)
        loss_generator = F.softplus(of_real - discriminator(fake, classes)).mean()
    move("generator", loss_generator)
    discriminator.requires_grad_(True)
    return loss_discriminator, loss_generator


(width, height, channels), resident = SHAPES["auto"], RESIDENT["auto"]
pictures = torch.randint(0, 256, (resident, channels, height, width), dtype=torch.uint8)
pictures = pictures.contiguous(memory_format=torch.channels_last)
labels = torch.randint(0, CLASSES, (resident,))
number = 0


def step():
    global number
    chosen = torch.randint(0, resident, (options.batch,))
    real = pictures[chosen].contiguous(memory_format=torch.channels_last).to(dtype).div_(127.5).sub_(1)
    play(number, real, torch.randn(options.batch, LATENTS, dtype=dtype), labels[chosen])
    number += 1


def maps_last(rows):
    """Rows of flattened maps [C, 7, 7] as such of [7, 7, C]."""
    return rows.unflatten(-1, (128, 7, 7)).movedim(-3, -1).flatten(-3)


def maps_first(rows):
    """The inverse of `maps_last`."""
    return rows.unflatten(-1, (7, 7, 128)).movedim(-1, -3).flatten(-3)


def set_weights(tensors):
    """Takes the weights by the names and in the shapes of swift-gan's files."""
    own = dict(tensors)
    own["generator/project.weight"] = maps_last(own["generator/project.weight"].flatten(1)).T
    # The class vectors lie maps last already.
    rows = (maps_last(own.pop("discriminator/score.weight").flatten(1)), own.pop("discriminator/class_embedding.weight"))
    own["discriminator/judge.weight"] = torch.cat(rows)
    own["discriminator/bias"] = own.pop("discriminator/score.bias")
    with torch.no_grad():
        for player, network in players.items():
            for name, weight in network.named_parameters():
                weight.copy_(own[f"{player}/{name}"])


def weights():
    """The inverse of `set_weights`."""
    own = {
        f"{player}/{name}": weight.detach()
        for player, network in players.items()
        for name, weight in network.named_parameters()
    }
    own["generator/project.weight"] = maps_first(own["generator/project.weight"].T).unflatten(1, (128, 7, 7))
    rows = own.pop("discriminator/judge.weight")
    own["discriminator/score.weight"] = maps_first(rows[:1]).unflatten(1, (128, 7, 7))
    own["discriminator/class_embedding.weight"] = rows[1:]
    own["discriminator/score.bias"] = own.pop("discriminator/bias")
    return own


def check(given, out):
    tensors = load_file(given)
    real, latents = (tensors[f"given/{name}"].to(dtype) for name in ("real", "latents"))
    set_weights({name.removeprefix("given/"): tensor.to(dtype) for name, tensor in tensors.items()})
    losses = play(0, real.contiguous(memory_format=torch.channels_last), latents, tensors["given/classes"].long())
    results = {f"loss/{name}": loss.detach().clone() for name, loss in zip(("discriminator", "generator"), losses)}
    results |= {f"after/{name}": weight.contiguous().clone() for name, weight in weights().items()}
    save_file(results, out)


converse({"torch": torch.__version__}, step=step, check=check)
