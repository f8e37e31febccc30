"""Regenerates the fixtures of image translation by its authors' own code (see original_networks.py):

    git clone https://github.com/taesungp/contrastive-unpaired-translation
    python Tools/reference/make_original_fixtures.py contrastive-unpaired-translation

Parameters, inputs and the gradients of outputs are hashes of their names and places (hashed.py), so that the files hold no more
than what comes out: outputs, gradients of the parameters, running statistics."""

import argparse
import math
import sys
import tempfile

import torch

import hashed
import original_networks
from fixture import ROOT, Fixture
from network_fixtures import FOLDER, prefixed, running

sys.path.append(str(ROOT / "Tools"))
import convert_weights


def value(name, shape):
    """The parameter or statistic called `name`: OriginalNetworkTests.swift computes the same."""
    draws = hashed.uniform(name, shape)
    if name.endswith("running_var") or name.endswith("weight") and len(shape) == 1:
        draws = 1 + 0.5 * draws
    elif len(shape) == 1:
        draws = 0.2 * draws
    else:
        draws = draws * math.sqrt(3 / math.prod(shape[1:]))
    return torch.from_numpy(draws)


def prepared(module):
    """The module in double precision with its values; blurs and counts stay."""
    module = module.double()
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if not name.endswith(("filt", "num_batches_tracked")):
                tensor.copy_(value(name, tuple(tensor.shape)))
    return module


def gradients(outputs, module):
    """The gradients of the sum of all outputs times hashes of their place, by parameter; of unused ones there are none."""
    loss = sum((output * given(f"grad_output{index}", output.shape)).sum() for index, output in enumerate(outputs))
    names, parameters = zip(*module.named_parameters())
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return prefixed("grad", {name: gradient for name, gradient in zip(names, found) if gradient is not None})


def given(name, shape):
    return torch.from_numpy(hashed.uniform(name, tuple(shape)))


def names(module):
    return {"names": " ".join(module.state_dict())}


def blurs(module):
    return {name: tensor for name, tensor in module.state_dict().items() if name.endswith("filt")}


def add(fixture, case, settings, module, shape):
    """Output and gradients in training, with dropout in inference; of batch norm, what inference gives before that too. With the
    setting `rows`, so many rows from the middle of the output on: the gradients are those of all of it. With `dropped`, training
    drops everything that dropout sees, which shows where it stands, and gradients are left out."""
    prepared(module).eval()
    input = given("input", shape)
    tensors = blurs(module)
    middle = slice(shape[2] // 2, shape[2] // 2 + settings["rows"]) if "rows" in settings else slice(None)
    if settings["norm"] == "batch" or "dropped" in settings:
        tensors["inference"] = module(input)[:, :, middle]
    module.train(not settings.get("dropout"))
    for part in module.modules():
        if "dropped" in settings and isinstance(part, torch.nn.Dropout):
            part.p = 1
    output = module(input)
    tensors["output"] = output[:, :, middle]
    if "dropped" not in settings:
        tensors |= gradients([output], module)
    tensors |= prefixed("after", running(module))
    fixture.add(case, settings | {"shape": list(shape)} | names(module), tensors)


def residual(networks, inputs, outputs, blocks, width, norm, dropout, antialiased):
    return networks.ResnetGenerator(
        inputs, outputs, width, networks.get_norm_layer(norm), use_dropout=dropout, n_blocks=blocks,
        no_antialias=not antialiased, no_antialias_up=not antialiased)


def fixture_of(topic):
    return Fixture(f"{FOLDER}/original_{topic}.safetensors", torch=torch.__version__, code=original_networks.COMMIT)


def residual_generators(networks):
    fixture = fixture_of("generators")
    for case, inputs, outputs, blocks, width, norm, dropout, antialiased, shape in (
        ("cyclegan.6", 3, 3, 6, 1, "instance", False, False, (2, 3, 12, 16)),
        ("cyclegan.9", 1, 2, 9, 1, "batch", False, False, (2, 1, 8, 12)),
        ("cyclegan.dropout", 2, 1, 2, 1, "batch", True, False, (1, 2, 12, 8)),
        ("cyclegan.dropout.instance", 1, 1, 2, 1, "instance", True, False, (1, 1, 8, 8)),
        ("cut.9", 3, 3, 9, 1, "instance", False, True, (1, 3, 16, 12)),
        ("cut.batch", 1, 1, 2, 1, "batch", False, True, (2, 1, 8, 12)),
    ):
        module = residual(networks, inputs, outputs, blocks, width, norm, dropout, antialiased)
        settings = {
            "inputs": inputs, "outputs": outputs, "blocks": blocks, "base_width": width, "norm": norm,
            "dropout": 0.5 if dropout else 0, "sampling": "antialiased" if antialiased else "strided"}
        add(fixture, case, settings, module, shape)
    return fixture


def unets(networks):
    fixture = fixture_of("unets")
    for case, inputs, outputs, depth, norm, shape, more in (
        ("unet.5", 1, 1, 5, "batch", (1, 1, 32, 64), {}),
        ("unet.6", 2, 1, 6, "instance", (1, 2, 64, 64), {}),
        ("unet.7", 1, 1, 7, "batch", (1, 1, 128, 128), {"rows": 2}),
        ("unet.8", 1, 1, 8, "instance", (1, 1, 256, 256), {"rows": 2}),
        ("unet.dropout", 1, 1, 7, "instance", (1, 1, 128, 128), {"rows": 2, "dropped": True}),
    ):
        module = networks.UnetGenerator(inputs, outputs, depth, 1, networks.get_norm_layer(norm), use_dropout="dropped" in more)
        settings = {"inputs": inputs, "outputs": outputs, "depth": depth, "base_width": 1, "norm": norm, **more}
        add(fixture, case, settings, module, shape)
    return fixture


def discriminators(networks):
    fixture = fixture_of("discriminators")
    for case, channels, layers, width, norm, antialiased, shape in (
        ("patch.3", 3, 3, 1, "instance", False, (1, 3, 32, 40)),
        ("patch.2", 2, 2, 2, "batch", False, (2, 2, 16, 17)),
        ("patch.antialiased.3", 3, 3, 1, "instance", True, (2, 3, 33, 32)),
        ("patch.antialiased.1", 2, 1, 2, "batch", True, (2, 2, 10, 9)),
    ):
        module = networks.NLayerDiscriminator(channels, width, layers, networks.get_norm_layer(norm), no_antialias=not antialiased)
        settings = {
            "channels": channels, "layers": layers, "base_width": width, "norm": norm,
            "sampling": "antialiased" if antialiased else "strided"}
        add(fixture, case, settings, module, shape)
    for norm in ("batch", "instance"):
        module = networks.PixelDiscriminator(3, 4, networks.get_norm_layer(norm))
        add(fixture, f"pixel.{norm}", {"channels": 3, "base_width": 4, "norm": norm}, module, (2, 3, 4, 5))
    return fixture


def contrast(networks):
    """CUT's head on the features of its generator: maps, projections, and the gradients of both networks."""
    fixture = fixture_of("projection")
    layers, shape = [0, 4, 8, 12, 16], (2, 2, 16, 12)
    generator = prepared(residual(networks, 2, 2, 6, 1, "instance", False, True))
    maps = generator(given("input", shape), layers, encode_only=True)
    head = networks.PatchSampleF(use_mlp=True, nc=6)
    head.create_mlp(maps)
    prepared(head)
    places = [(hashed.bits(f"places{index}", 5) % (map.shape[2] * map.shape[3])).astype("int64") for index, map in enumerate(maps)]
    projected, _ = head(maps, 5, places)
    tensors = {f"map{index}": map for index, map in enumerate(maps)}
    tensors |= {f"places{index}": place for index, place in enumerate(places)}
    tensors |= {f"projected{index}": output for index, output in enumerate(projected)}
    both = torch.nn.ModuleDict({"generator": generator, "head": head})
    tensors |= gradients(projected, both)
    settings = {"inputs": 2, "blocks": 6, "base_width": 1, "width": 6, "layers": layers, "shape": list(shape)}
    fixture.add("contrast", settings | names(head), tensors)
    return fixture


def published(networks):
    """A generator as the authors' oldest files are: by the serialisation of that time, spread over devices, with running statistics
    of instance norm; converted by Tools/convert_weights.py. The numbers are the hashes of the names."""
    module = residual(networks, 3, 3, 6, 1, "instance", False, False)
    for name, part in list(module.named_modules()):
        if isinstance(part, torch.nn.InstanceNorm2d):
            norm = torch.nn.InstanceNorm2d(part.num_features, affine=False, track_running_stats=True)
            parent, _, own = name.rpartition(".")
            setattr(module.get_submodule(parent), own, norm)
    module = torch.nn.DataParallel(prepared(module)).float()
    target = f"{FOLDER}/published.safetensors"
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/latest_net_G.pth"
        torch.save(module.state_dict(), path, _use_new_zipfile_serialization=False)
        convert_weights.convert(path, ROOT / target)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", help="a clone of taesungp/contrastive-unpaired-translation")
    networks = original_networks.load(parser.parse_args().repository)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    for make in (residual_generators, unets, discriminators, contrast):
        fixture = make(networks)
        fixture.save()
        size = (ROOT / fixture.path).stat().st_size
        print(f"{fixture.path}: {len(fixture.cases)} cases, {len(fixture.tensors)} tensors, {size} bytes")
    published(networks)


if __name__ == "__main__":
    main()
