"""What each player minimises, from given scores, with the gradients with regard to the scores; penalties; pixels."""

import torch
import torch.nn.functional as F

from fixture import Fixture, Random
from network_fixtures import FOLDER


def cross_entropy(scores, target):
    return F.binary_cross_entropy_with_logits(scores, torch.full_like(scores, target))


def above_mean(scores, others):
    return scores - others.mean()


#   objective: the discriminator's loss of (real, fake) and the generator's, both to be minimised
OBJECTIVES = {
    # Goodfellow et al. 2014, equation 1: G minimises E[log(1 - D(G(z)))], minus the cross entropy toward "generated".
    "minimax": (
        lambda real, fake: cross_entropy(real, 1) + cross_entropy(fake, 0),
        lambda real, fake: -cross_entropy(fake, 0),
    ),
    # Goodfellow et al. 2014, section 3: G maximises E[log D(G(z))] instead.
    "non_saturating": (
        lambda real, fake: cross_entropy(real, 1) + cross_entropy(fake, 0),
        lambda real, fake: cross_entropy(fake, 1),
    ),
    # Mao et al. 2017 (arXiv:1611.04076), equation 2 with a = 0, b = 1, c = 1.
    "least_squares": (
        lambda real, fake: 0.5 * (real - 1).square().mean() + 0.5 * fake.square().mean(),
        lambda real, fake: 0.5 * (fake - 1).square().mean(),
    ),
    # Arjovsky et al. 2017 (arXiv:1701.07875), equation 3 and theorem 3; the critic's maximum is turned to a minimum.
    "wasserstein": (
        lambda real, fake: fake.mean() - real.mean(),
        lambda real, fake: -fake.mean(),
    ),
    # Lim and Ye 2017 (arXiv:1705.02894); as Miyato et al. 2018 (arXiv:1802.05957, section 4) write it.
    "hinge": (
        lambda real, fake: F.relu(1 - real).mean() + F.relu(1 + fake).mean(),
        lambda real, fake: -fake.mean(),
    ),
    # Huang et al. 2024 (arXiv:2501.05441), equation 3; RSGAN of Jolicoeur-Martineau 2018 (arXiv:1807.00734).
    "relativistic_pairing": (
        lambda real, fake: F.softplus(-(real - fake)).mean(),
        lambda real, fake: F.softplus(-(fake - real)).mean(),
    ),
    # RaSGAN of Jolicoeur-Martineau 2018 (arXiv:1807.00734).
    "relativistic_average": (
        lambda real, fake: cross_entropy(above_mean(real, fake), 1) + cross_entropy(above_mean(fake, real), 0),
        lambda real, fake: cross_entropy(above_mean(fake, real), 1) + cross_entropy(above_mean(real, fake), 0),
    ),
}

# Salimans et al. 2016 (arXiv:1606.03498), section 3.4: what the discriminator is asked for of real images.
SMOOTHED = {
    "minimax": lambda real, fake, label: cross_entropy(real, label) + cross_entropy(fake, 0),
    "non_saturating": lambda real, fake, label: cross_entropy(real, label) + cross_entropy(fake, 0),
    "least_squares": lambda real, fake, label: 0.5 * (real - label).square().mean() + 0.5 * fake.square().mean(),
}


def scores():
    """Scores by case. No element stands at a kink of hinge, and none between 20 and 60, where softplus forms differ."""
    moderate = Random("scores").normal(2, 8, 1, scale=2)
    extreme = torch.tensor([[-80.0], [80], [-15], [15], [0], [0.5]]).double()
    return {
        "moderate": (moderate[0], moderate[1]),
        "extreme": (extreme, extreme.flip(0)),
        "all_wrong": (torch.full((3, 1), -80.0).double(), torch.full((3, 1), 80.0).double()),
        "all_right": (torch.full((3, 1), 80.0).double(), torch.full((3, 1), -80.0).double()),
        "unequal_counts": (moderate[0][:5], moderate[1][:3]),
    }


def objectives():
    fixture = Fixture(f"{FOLDER}/objective.safetensors", torch=torch.__version__)
    for case, (real, fake) in scores().items():
        real.requires_grad_()
        fake.requires_grad_()
        fixture.add(case, {"count_real": len(real), "count_fake": len(fake)}, {"real": real, "fake": fake})
        for objective, (discriminator_loss, generator_loss) in OBJECTIVES.items():
            if objective == "relativistic_pairing" and len(real) != len(fake):
                continue
            loss_discriminator, loss_generator = discriminator_loss(real, fake), generator_loss(real, fake)
            grad_real, grad_fake = torch.autograd.grad(loss_discriminator, [real, fake])
            (grad_generator,) = torch.autograd.grad(loss_generator, [fake])
            results = {
                "loss_discriminator": loss_discriminator,
                "grad_real": grad_real,
                "grad_fake": grad_fake,
                "loss_generator": loss_generator,
                "grad_fake_generator": grad_generator,
            }
            fixture.add(f"{case}.{objective}", {}, results)

    real, fake = scores()["moderate"]
    real.requires_grad_()
    fake.requires_grad_()
    for objective, loss in SMOOTHED.items():
        value = loss(real, fake, 0.9)
        grad_real, grad_fake = torch.autograd.grad(value, [real, fake])
        results = {"loss_discriminator": value, "grad_real": grad_real, "grad_fake": grad_fake}
        fixture.add(f"smoothed.{objective}", {"scores": "moderate", "smoothing": 0.1}, results)

    # Salimans et al. 2016, section 3.1: the features of real images are constants.
    features = Random("feature_matching").normal(9, 3)
    features_real, features_fake = features[:5], features[5:].clone().requires_grad_()
    value = torch.linalg.vector_norm(features_real.mean(0) - features_fake.mean(0)).square()
    (gradient,) = torch.autograd.grad(value, features_fake)
    tensors = {"features_real": features_real, "features_fake": features_fake, "loss": value, "grad_fake": gradient}
    fixture.add("feature_matching", {}, tensors)

    # Wang et al. 2018, equation 4, as pix2pixHD's code takes it: a mean over each layer, the sum of all.
    maps = [Random(f"feature_distance.{layer}").normal(4, *shape) for layer, shape in enumerate(((3, 4, 4), (5, 2, 2)))]
    generated = [one[:2].clone().requires_grad_() for one in maps]
    value = sum(F.l1_loss(one, both[2:]) for one, both in zip(generated, maps))
    tensors = {"loss": value}
    for layer, (both, gradient) in enumerate(zip(maps, torch.autograd.grad(value, generated))):
        tensors |= {f"generated{layer}": both[:2], f"targets{layer}": both[2:], f"grad_generated{layer}": gradient}
    fixture.add("feature_distance", {}, tensors)

    images, targets = Random("images").uniform(2, 3, 2, 4, 5, low=-1, high=1)
    images.requires_grad_()
    fixture.add("reconstruction", {}, {"images": images, "targets": targets})
    for name, loss in (("l1", F.l1_loss), ("l2", F.mse_loss)):
        value = loss(images, targets)
        (gradient,) = torch.autograd.grad(value, images)
        fixture.add(f"reconstruction.{name}", {"reduction": "mean"}, {"loss": value, "grad_images": gradient})
    return fixture


def critic(images, weights, smooth):
    """Two convolutions and a linear layer: [N, 2, 8, 8] to [N, 1]."""
    activation = F.silu if smooth else lambda x: F.leaky_relu(x, 0.2)
    x = activation(F.conv2d(images, weights["conv1.weight"], weights["conv1.bias"], 2, 1))
    x = activation(F.conv2d(x, weights["conv2.weight"], weights["conv2.bias"], 2, 1))
    return F.linear(x.flatten(1), weights["score.weight"], weights["score.bias"])


def critic_weights(random):
    """Weights for it."""
    return {
        "conv1.weight": random.weight(3, 2, 4, 4),
        "conv1.bias": random.normal(3, scale=0.2),
        "conv2.weight": random.weight(4, 3, 4, 4),
        "conv2.bias": random.normal(4, scale=0.2),
        "score.weight": random.weight(1, 16),
        "score.bias": random.normal(1, scale=0.2),
    }


def gradient_penalty():
    """Gulrajani et al. 2017 (arXiv:1704.00028), algorithm 1: x^ = epsilon x + (1 - epsilon) x~, a draw an image."""
    fixture = Fixture(f"{FOLDER}/gradient_penalty.safetensors", torch=torch.__version__)
    for case in ("leaky_relu", "silu"):
        random = Random(f"gradient_penalty/{case}")
        weights = critic_weights(random)
        real, fake = random.uniform(2, 3, 2, 8, 8, low=-1, high=1)
        epsilon = random.uniform(3, 1, 1, 1)
        for value in weights.values():
            value.requires_grad_()
        mixed = (epsilon * real + (1 - epsilon) * fake).requires_grad_()
        scores = critic(mixed, weights, smooth=case == "silu")
        (slope,) = torch.autograd.grad(scores.sum(), mixed, create_graph=True)
        norms = slope.flatten(1).norm(dim=1)
        penalty = 10 * (norms - 1).square().mean()
        # No bias of a piecewise linear critic moves its slope: those gradients are zero, and are stored as such.
        gradients = torch.autograd.grad(penalty, list(weights.values()), allow_unused=True, materialize_grads=True)
        settings = {"weight": 10, "activation": case, "negative_slope": 0.2, "stride": 2, "padding": 1}
        tensors = {"real": real, "fake": fake, "epsilon": epsilon, **weights}
        results = {"mixed": mixed, "scores": scores, "grad_mixed": slope, "norms": norms, "penalty": penalty}
        results |= {f"grad_{name}": gradient for name, gradient in zip(weights, gradients)}
        fixture.add(case, settings, tensors | results)
    return fixture
