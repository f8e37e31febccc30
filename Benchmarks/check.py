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
from contenders import ROOT, Failed, Peer, Program

STEP = ROOT / ".build/release/same-mathematics"
# Changes of weights are read off the weights, so the gradient step is large.
LEARNING_RATE = "1.0"
# Which sizes `same-mathematics` is asked for where its own do not fit.
SIZES = {"dcgan": ("--side", 64, "--channels", 3)}
RULES = {
    "dcgan-keras": ("simultaneous", "one-stage", "alternating"),
    "dcgan": ("alternating",),
    "mlp": ("alternating",),
}
# bfloat16 has 8 bits, and its errors add up over the layers.
TOLERANCES = {"float32": 1e-4, "bfloat16": 0.2}
# TensorFlow's float32 step of the Keras DCGAN is less exact with oneDNN's kernels, its default, than without.
ONEDNN_TOLERANCE = 1e-2


def contenders(network, rule):
    """(label, contender, environment, tolerance) of all that play by the rule; one-stage is ours alone."""
    for precision in ("float32", "bfloat16"):
        yield f"swift-gan, {precision}", Contender("gan", precision, rule), {}, TOLERANCES[precision]
    if rule == "one-stage":
        return
    timed_alike = network != "dcgan-keras" or rule == "simultaneous"
    if timed_alike:
        for precision in ("float32", "bfloat16"):
            tuned = Contender("torch", precision, rule, tuned=True)
            yield tuned.name, tuned, {}, TOLERANCES[precision]
        plain, mixed = Contender("keras", "float32", rule), Contender("keras", "bfloat16", rule)
        yield plain.name, plain, {}, ONEDNN_TOLERANCE
        yield plain.name + ", without oneDNN", plain, {"TF_ENABLE_ONEDNN_OPTS": "0"}, TOLERANCES["float32"]
        yield mixed.name, mixed, {}, TOLERANCES["bfloat16"]
    if rule == "alternating":
        plain = Contender("torch", "float32", rule)
        yield plain.name, plain, {}, TOLERANCES["float32"]


def play(contender, network, given, out, threads, environment):
    """Lets a peer play the step of the file `given`."""
    options = ("--dropout", "0", "--sgd", LEARNING_RATE)
    with Peer(contender, network, 12, threads, *options, environment=environment) as peer:
        peer.ask("check", given=str(given), out=str(out))
    return load_file(out)


def play_ours(network, rule, precision, out, threads):
    """Lets swift-gan play, and write down what it was given too."""
    arguments = [STEP, network, "--update", rule, "--precision", precision, "--learning-rate", LEARNING_RATE]
    arguments += [*SIZES.get(network, ()), "--out", out]
    with Program(f"same-mathematics ({network}, {rule})", arguments, threads) as step:
        if step.process.wait() != 0:
            step.fail("failed")
    return load_file(out)


def deviation(results, reference, given):
    """The worst deviation and its tensor: the norm of the difference between two changes of a weight, less what
    rounding the weights to float32 explains, over the norm of the change."""
    worst = (0.0, "")
    for name, value in reference.items():
        if name.startswith("loss/"):
            found = abs(float(results[name]) / float(value) - 1)
        else:
            before = given[name.replace("after", "given", 1)].astype(numpy.float64)
            expected, change = value - before, results[name] - before
            rounding = 2.0**-24 * numpy.linalg.norm(before)
            found = max(0, numpy.linalg.norm(change - expected) - rounding) / numpy.linalg.norm(expected)
        # Whatever is not a number must not pass.
        worst = max(worst, (found if numpy.isfinite(found) else numpy.inf, name.removeprefix("after/")))
    return worst


def check(threads, tell=print):
    """Rows of the table, one a contender; `tell` gets each as a line as soon as it is known."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for network, rules in RULES.items():
            references = {}
            for rule in rules:
                first = play_ours(network, rule, "float32", folder / "given", threads)
                given = {name: value for name, value in first.items() if name.startswith("given/")}
                # One-stage is another way to the simultaneous step.
                arithmetic = "simultaneous" if rule == "one-stage" else rule
                if arithmetic not in references:
                    exact = Contender("torch", "float64", arithmetic)
                    references[arithmetic] = play(exact, network, folder / "given", folder / "out", threads, {})
                for label, contender, environment, tolerance in contenders(network, rule):
                    if contender.program == "gan":
                        results = play_ours(network, rule, contender.precision, folder / "out", threads)
                    else:
                        results = play(contender, network, folder / "given", folder / "out", threads, environment)
                    found, where = deviation(results, references[arithmetic], given)
                    rows.append({
                        "network": network, "update": rule, "name": label,
                        "deviation": float(found), "where": where, "tolerance": tolerance,
                    })  # fmt: skip
                    verdict = "" if found <= tolerance else f"  MORE THAN {tolerance:.0e}"
                    tell(f"  {network:12} {rule:13} {label:38} {found:.1e}  {where}{verdict}")
    return rows


def main():
    try:
        rows = check(threads=2)
    except Failed as error:
        sys.exit(str(error))
    wrong = [row for row in rows if not row["deviation"] <= row["tolerance"]]
    sys.exit(f"{len(wrong)} of {len(rows)} deviate by more than their tolerance" if wrong else 0)


if __name__ == "__main__":
    main()
