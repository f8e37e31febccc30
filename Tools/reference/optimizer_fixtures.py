"""Five steps of every optimizer from the same weights with the same gradients, learning rates, and clipping."""

import math

import torch
from torch.optim import lr_scheduler

from fixture import Fixture, Random
from layer_fixtures import FOLDER

STEPS = 5
SHAPES = {"weight": (3, 2, 3, 3), "bias": (5,)}
OPTIMIZERS = {
    "sgd.plain": (torch.optim.SGD, {"lr": 0.1}),
    "sgd.momentum": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    "sgd.nesterov": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "sgd.weight_decay": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05}),
    "sgd.dampening": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.5, "weight_decay": 0.05}),
    "adam.default": (torch.optim.Adam, {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8}),
    "adam.dcgan": (torch.optim.Adam, {"lr": 2e-4, "betas": (0.5, 0.999), "eps": 1e-8}),
    "adam.no_momentum": (torch.optim.Adam, {"lr": 1e-3, "betas": (0.0, 0.9), "eps": 1e-8}),
    "adam.large_epsilon": (torch.optim.Adam, {"lr": 1e-2, "betas": (0.5, 0.9), "eps": 0.1}),
    "adam.weight_decay": (torch.optim.Adam, {"lr": 1e-2, "betas": (0.5, 0.999), "eps": 1e-8, "weight_decay": 0.05}),
    "adamw": (torch.optim.AdamW, {"lr": 1e-2, "betas": (0.5, 0.999), "eps": 1e-8, "weight_decay": 0.05}),
    "rmsprop.plain": (torch.optim.RMSprop, {"lr": 1e-2, "alpha": 0.99, "eps": 1e-8}),
    "rmsprop.momentum": (torch.optim.RMSprop, {"lr": 1e-2, "alpha": 0.99, "eps": 1e-8, "momentum": 0.9}),
    "rmsprop.weight_decay": (torch.optim.RMSprop, {"lr": 1e-2, "alpha": 0.9, "eps": 1e-6, "weight_decay": 0.05}),
}


# StyleGAN2's adaptation to a lazy term of interval 16: Adam of "lr" and "betas" with "lazy_factor" c is PyTorch's with the
# rate times c and the betas to the power c.
LAZY = {"lr": 2e-3, "betas": (0.5, 0.99), "eps": 1e-8, "lazy_factor": 16 / 17}


def lazy_adam(parameters, lr, betas, eps, lazy_factor):
    return torch.optim.Adam(parameters, lr * lazy_factor, tuple(beta**lazy_factor for beta in betas), eps)


OPTIMIZERS["adam.lazy"] = (lazy_adam, LAZY)


def start():
    """The weights before the first step, and the gradients of every step."""
    initial = {name: Random(f"initial/{name}").normal(*shape) for name, shape in SHAPES.items()}
    gradients = {name: Random(f"gradients/{name}").normal(STEPS, *shape) for name, shape in SHAPES.items()}
    return initial, gradients


def optimizers():
    fixture = Fixture(f"{FOLDER}/optimizer.safetensors", torch=torch.__version__)
    initial, gradients = start()
    fixture.add("initial", {}, initial)
    fixture.add("gradients", {"steps": STEPS}, gradients)
    for case, (make, settings) in OPTIMIZERS.items():
        parameters = {name: value.clone().requires_grad_() for name, value in initial.items()}
        optimizer = make(parameters.values(), **settings)
        history = {name: [] for name in parameters}
        for step in range(STEPS):
            for name, parameter in parameters.items():
                parameter.grad = gradients[name][step].clone()
            optimizer.step()
            for name, parameter in parameters.items():
                history[name].append(parameter.detach().clone())
        fixture.add(case, settings, {name: torch.stack(values) for name, values in history.items()})
    return fixture


LBFGS = {
    "default": {"lr": 1, "max_iter": 20, "max_eval": 25, "history_size": 100},
    "short_history": {"lr": 0.5, "max_iter": 6, "max_eval": 7, "history_size": 3},
    "few_evaluations": {"lr": 0.8, "max_iter": 9, "max_eval": 5, "history_size": 4},
    "one_iteration": {"lr": 0.8, "max_iter": 1, "max_eval": 1, "history_size": 100},
}


def reevaluating_optimizers():
    """Steps of L-BFGS on half the mean squared error of tanh(x Wᵀ + b): the loss before each step, and the weights after it."""
    fixture = Fixture(f"{FOLDER}/lbfgs.safetensors", torch=torch.__version__)
    problem = {
        "input": Random("lbfgs/input").normal(8, 3), "target": Random("lbfgs/target").uniform(8, 2, low=-0.9, high=0.9),
        "weight": Random("lbfgs/weight").normal(2, 3), "bias": Random("lbfgs/bias").normal(2),
    }
    fixture.add("problem", {}, problem)
    for case, settings in LBFGS.items():
        weight, bias = (problem[name].clone().requires_grad_() for name in ("weight", "bias"))
        optimizer = torch.optim.LBFGS([weight, bias], **settings)

        def evaluate():
            optimizer.zero_grad()
            loss = (torch.tanh(problem["input"] @ weight.T + bias) - problem["target"]).square().mean() / 2
            loss.backward()
            return loss

        history = {"loss": [], "weight": [], "bias": []}
        for _ in range(STEPS):
            history["loss"].append(optimizer.step(evaluate).detach())
            history["weight"].append(weight.detach().clone())
            history["bias"].append(bias.detach().clone())
        fixture.add(case, settings, {name: torch.stack(values) for name, values in history.items()})
    return fixture


def warm_up_then(optimizer, steps, make):
    """Rates 1/(steps + 1), 2/(steps + 1), ... for `steps` steps, then the schedule that `make` gives, from zero on."""
    warm_up = lr_scheduler.LinearLR(optimizer, 1 / (steps + 1), 1.0, steps)
    return lr_scheduler.SequentialLR(optimizer, [warm_up, make(optimizer)], [steps])


def constant(optimizer):
    return lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)


def cosine(optimizer, steps, minimum=0.0):
    return lr_scheduler.CosineAnnealingLR(optimizer, steps, minimum)


#   case: settings, the PyTorch schedule, the same in closed form for step t = 0, 1, ...
SCHEDULES = {
    "constant": ({}, constant, lambda t: 1.0),
    "linear": (
        {"start_factor": 1.0, "end_factor": 0.0, "steps": 40},
        lambda o: lr_scheduler.LinearLR(o, 1.0, 0.0, 40),
        lambda t: max(0.0, 1 - t / 40),
    ),
    "linear.to_tenth": (
        {"start_factor": 1.0, "end_factor": 0.1, "steps": 49},
        lambda o: lr_scheduler.LinearLR(o, 1.0, 0.1, 49),
        lambda t: 1 - 0.9 * t / 49,
    ),
    "cosine": (
        {"steps": 49, "minimum": 0.0},
        lambda o: cosine(o, 49),
        lambda t: (1 + math.cos(math.pi * t / 49)) / 2,
    ),
    "cosine.minimum": (
        {"steps": 49, "minimum": 1e-5},
        lambda o: cosine(o, 49, 1e-5),
        lambda t: 0.05 + 0.95 * (1 + math.cos(math.pi * t / 49)) / 2,
    ),
    "exponential": (
        {"gamma": 0.95},
        lambda o: lr_scheduler.ExponentialLR(o, 0.95),
        lambda t: 0.95**t,
    ),
    "warm_up.constant": (
        {"warm_up_steps": 10},
        lambda o: warm_up_then(o, 10, constant),
        lambda t: min(1.0, (t + 1) / 11),
    ),
    "warm_up.cosine": (
        {"warm_up_steps": 10, "steps": 39, "minimum": 0.0},
        lambda o: warm_up_then(o, 10, lambda o: cosine(o, 39)),
        lambda t: (t + 1) / 11 if t < 10 else (1 + math.cos(math.pi * (t - 10) / 39)) / 2,
    ),
}
BASE_RATE = 2e-4


def schedules():
    fixture = Fixture(f"{FOLDER}/schedule.safetensors", torch=torch.__version__)
    for case, (settings, make, closed_form) in SCHEDULES.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=BASE_RATE)
        schedule = make(optimizer)
        values = []
        for _ in range(50):
            values.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        values = torch.tensor(values, dtype=torch.float64)
        expected = torch.tensor([BASE_RATE * closed_form(step) for step in range(50)], dtype=torch.float64)
        torch.testing.assert_close(values, expected, rtol=1e-9, atol=1e-15)
        fixture.add(case, {"rate": BASE_RATE, **settings}, {"values": values})
    return fixture


def clipping():
    fixture = Fixture(f"{FOLDER}/clipping.safetensors", torch=torch.__version__)
    _, gradients = start()
    fixture.add("gradients", {}, {name: value[0] for name, value in gradients.items()})
    for case, settings, clip in (
        ("norm", {"max_norm": 1.0, "norm_type": 2}, torch.nn.utils.clip_grad_norm_),
        ("norm.not_reached", {"max_norm": 100.0, "norm_type": 2}, torch.nn.utils.clip_grad_norm_),
        ("value", {"clip_value": 0.5}, torch.nn.utils.clip_grad_value_),
    ):
        parameters = {name: torch.zeros(shape, dtype=torch.float64) for name, shape in SHAPES.items()}
        for name, parameter in parameters.items():
            parameter.grad = gradients[name][0].clone()
        total = clip(parameters.values(), **settings)
        results = {name: parameter.grad for name, parameter in parameters.items()}
        fixture.add(case, settings, results if total is None else {"total_norm": total, **results})
    return fixture
