"""Regularisers of the discriminator, with the gradients with regard to each parameter of a smooth critic."""

import torch

from fixture import Fixture, Random
from network_fixtures import FOLDER
from objective_fixtures import critic, critic_weights

DECAY = 0.9


def squared_slopes(scores, images):
    """The squared length of each score's gradient, as a function that can be differentiated once more."""
    (slope,) = torch.autograd.grad(scores.sum(), images, create_graph=True)
    return slope.square().sum(dim=(1, 2, 3))


def penalties():
    fixture = Fixture(f"{FOLDER}/penalty.safetensors", torch=torch.__version__)
    random = Random("penalty")
    weights = critic_weights(random)
    images = random.uniform(4, 3, 2, 8, 8, low=-1, high=1)
    images = dict(zip(("real", "fake", "augmented_real", "augmented_fake"), images))
    fixture.add(
        "critic", {"activation": "silu", "negative_slope": 0.2, "stride": 2, "padding": 1}, images | weights)
    for value in (*weights.values(), *images.values()):
        value.requires_grad_()
    scores = {name: critic(value, weights, smooth=True) for name, value in images.items()}

    def add(case, settings, penalty, **tensors):
        found = torch.autograd.grad(
            penalty, list(weights.values()), retain_graph=True, allow_unused=True, materialize_grads=True)
        gradients = {f"grad_{name}": gradient for name, gradient in zip(weights, found)}
        fixture.add(case, settings, tensors | {"penalty": penalty} | gradients)

    # Mescheder et al. 2018 (arXiv:1801.04406), equations 9 and 10.
    for case, name in (("r1", "real"), ("r2", "fake")):
        add(case, {"weight": 10, "images": name}, 10 / 2 * squared_slopes(scores[name], images[name]).mean())

    # Kodali et al. 2017 (arXiv:1705.07215), with the authors' noise; k = 1.
    noise, mix = random.uniform(3, 2, 8, 8), random.uniform(3, 1, 1, 1)
    far = images["real"] + 0.5 * images["real"].std(correction=0) * noise
    points = ((1 - mix) * images["real"] + mix * far).detach().requires_grad_()
    lengths = squared_slopes(critic(points, weights, smooth=True), points).sqrt()
    add("dragan", {"weight": 10}, 10 * (lengths - 1).square().mean(), noise=noise, mix=mix)

    # Zhang et al. 2020 (arXiv:1910.12027).
    penalty = 10 * torch.nn.functional.mse_loss(scores["real"], scores["augmented_real"])
    add("consistency", {"weight": 10}, penalty)

    # Tseng et al. 2021 (arXiv:2104.03310), equations 5 and 6, without the relu of the authors' code.
    means = {"average_real": torch.tensor(0.7).double(), "average_fake": torch.tensor(-0.4).double()}
    penalty = (scores["real"] - means["average_fake"]).square().mean()
    penalty = penalty + (scores["fake"] - means["average_real"]).square().mean()
    add("lecam", {"weight": 0.3}, 0.3 * penalty, **means)

    add_score_averages(fixture)
    add_orthogonal(fixture)
    return fixture


def add_score_averages(fixture):
    """Running means; a batch's share is 1 - decay, or 1 / n of the first n while that is more."""
    seen = Random("score_averages").normal(15, 2, 4, 1)
    averages = torch.zeros(16, 2).double()
    for n, batch in enumerate(seen, start=1):
        share = max(1 - DECAY, 1 / n)
        averages[n] = (1 - share) * averages[n - 1] + share * batch.mean(dim=(1, 2))
    fixture.add("score_averages", {"decay": DECAY}, {"scores": seen, "averages": averages[1:]})


def add_orthogonal(fixture):
    """Brock et al. 2019 (arXiv:1809.11096), equation 3, a filter a row."""
    shapes = {"convolution": (3, 2, 2, 2), "wide": (2, 5), "tall": (5, 2), "single": (1, 4)}
    for name, shape in shapes.items():
        weight = Random(f"orthogonal/{name}").normal(*shape).requires_grad_()
        rows = weight.flatten(1)
        products = rows @ rows.T * (1 - torch.eye(len(rows)).double())
        (gradient,) = torch.autograd.grad(0.01 * products.square().sum(), weight)
        fixture.add(f"orthogonal.{name}", {"weight": 0.01}, {"weight": weight, "grad_weight": gradient})
