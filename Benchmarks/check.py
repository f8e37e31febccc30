"""Do ours and the peers compute the same? One step of training each, from the same weights, images and latents, without
dropout and with plain gradient steps; every loss and every change of a weight is held against PyTorch's in float64.

    .build/bench-venv/bin/python Benchmarks/check.py

Exit status 1 when something deviates by more than its tolerance."""

import pathlib
import sys
import tempfile

import numpy
from safetensors.numpy import load_file

from cases import Contender
from contenders import ROOT, Failed, Peer, Place, Program

STEP = ROOT / ".build/release/same-mathematics"
# Changes of weights are read off the weights, so the gradient step is large; where D moves first, not so large that it
# leaves G no gradient.
LEARNING_RATES = {"dcgan-keras": 1.0, "dcgan": 0.01, "mlp": 1.0, "auto": 1.0}
# Which sizes `same-mathematics` is asked for where its own do not fit.
SIZES = {"dcgan": ("--side", 64, "--channels", 3)}
RULES = {
    "dcgan-keras": ("simultaneous", "one-stage", "alternating"),
    "dcgan": ("alternating",),
    "mlp": ("alternating",),
    "auto": ("alternating",),
}
# About 1e-6 is usual in float32, up to 3e-2 where rounding pushes one of a million activations across the kink of a (leaky)
# relu: with seed 3 of dcgan ours, PyTorch's and Keras's steps deviate alike. That depends on the numbers, a wrong formula
# does not: who deviates plays again from other numbers, and must come within the tolerance once. bfloat16 has 8 bits, and
# its errors add up over the layers.
TOLERANCES = {"float32": 1e-4, "bfloat16": 0.5}
PEERS_TOLERANCES = {"float32": 1e-2, "bfloat16": 0.5}
SEEDS = range(1, 21)
# What is nothing beside the largest change of a weight: in a game of pairs D's last bias does not matter, and its
# gradient is 0.
NOTHING = 1e-4


def contenders(network, rule, precisions):
    """All that play by the rule, as they are timed; one-stage is ours alone, and auto's game no one's but PyTorch's."""
    timed_alike = rule == ("alternating" if network != "dcgan-keras" else "simultaneous")
    for precision in precisions:
        yield Contender("gan", precision, rule)
        if timed_alike:
            yield Contender("torch", precision, rule, tuned=True)
        if timed_alike and network != "auto":
            yield Contender("keras", precision, rule)
    if rule == "alternating" and network != "auto":
        yield Contender("torch", "float32", rule)


def play(contender, network, given, out, place):
    """Lets a peer play the step of the file `given`."""
    options = ("--dropout", "0", "--sgd", str(LEARNING_RATES[network]))
    with Peer(contender, network, 12, place, *options) as peer:
        peer.ask("check", given=str(given), out=str(out))
    return load_file(out)


def play_ours(network, rule, precision, seed, out, place):
    """Lets swift-gan play, and write down what it was given too."""
    arguments = [STEP, network, "--update", rule, "--precision", precision, *SIZES.get(network, ()), "--out", out]
    arguments += ["--learning-rate", LEARNING_RATES[network], "--seed", seed]
    with Program(f"same-mathematics ({network}, {rule})", arguments, place, place.threads) as step:
        if step.process.wait() != 0:
            step.fail("failed")
    return load_file(out)


def deviation(results, reference, given):
    """The worst deviation and its tensor: the norm of the difference between two changes of a weight, less what
    rounding the weights to float32 explains, over the norm of the change."""
    worst = (0.0, "")
    before = {name: given[name.replace("after", "given", 1)].astype(numpy.float64)
              for name in reference if not name.startswith("loss/")}  # fmt: skip
    expected = {name: reference[name] - weight for name, weight in before.items()}
    least = NOTHING * max(map(numpy.linalg.norm, expected.values()))
    for name, value in reference.items():
        if name.startswith("loss/"):
            found = abs(float(results[name]) / float(value) - 1)
        else:
            rounding = 2.0**-24 * numpy.linalg.norm(before[name])
            difference = numpy.linalg.norm(results[name] - before[name] - expected[name])
            found = max(0, difference - rounding) / max(numpy.linalg.norm(expected[name]), least)
        # Whatever is not a number must not pass.
        worst = max(worst, (found if numpy.isfinite(found) else numpy.inf, name.removeprefix("after/")))
    return worst


def check(networks, precisions, place, tell=print):
    """Rows of the table, one a contender; `tell` gets each as a line as soon as it is known."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for network in networks:
            for rule in RULES[network]:
                rows += check_step(network, rule, precisions, place, pathlib.Path(folder), tell)
    return rows


def check_step(network, rule, precisions, place, folder, tell):
    """The rows of one network and rule: each contender's least deviation over the seeds that it needed."""
    rows = {}
    for seed in SEEDS:
        waiting = [
            one for one in contenders(network, rule, precisions)
            if one not in rows or rows[one]["deviation"] > rows[one]["tolerance"]
        ]  # fmt: skip
        if not waiting:
            break
        given = play_ours(network, rule, "float32", seed, folder / "given", place)
        # One-stage is another way to the simultaneous step.
        exact = Contender("torch", "float64", "simultaneous" if rule == "one-stage" else rule)
        reference = play(exact, network, folder / "given", folder / "out", place)
        for contender in waiting:
            if contender.program == "gan":
                results = play_ours(network, rule, contender.precision, seed, folder / "out", place)
            else:
                results = play(contender, network, folder / "given", folder / "out", place)
            found, where = deviation(results, reference, given)
            tolerance = (TOLERANCES if contender.program == "gan" else PEERS_TOLERANCES)[contender.precision]
            verdict = "" if found <= tolerance else f"  MORE THAN {tolerance:.0e} with seed {seed}"
            tell(f"  {network:12} {rule:13} {contender.name:38} {found:.1e}  {where}{verdict}")
            if contender not in rows or found < rows[contender]["deviation"]:
                rows[contender] = {
                    "network": network, "update": rule, "name": contender.name, "deviation": float(found),
                    "where": where, "tolerance": tolerance, "seed": seed,
                }  # fmt: skip
    return list(rows.values())


def main():
    try:
        rows = check(RULES, TOLERANCES, Place(threads=2))
    except Failed as error:
        sys.exit(str(error))
    wrong = [row for row in rows if not row["deviation"] <= row["tolerance"]]
    sys.exit(f"{len(wrong)} of {len(rows)} deviate by more than their tolerance" if wrong else 0)


if __name__ == "__main__":
    main()
