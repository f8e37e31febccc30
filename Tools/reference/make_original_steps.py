"""Regenerates the fixture of whole training steps of CycleGAN, CUT and FastCUT by their authors' own code (see original_networks.py):

    git clone https://github.com/taesungp/contrastive-unpaired-translation
    python Tools/reference/make_original_steps.py contrastive-unpaired-translation

Three steps of Adam in double precision from parameters and pictures that are hashes of their names. Nothing is drawn: pools are
larger than the pictures of three steps, all patches of a map are compared, and which steps are mirrored is given."""

import argparse
import types

import torch

import hashed
import original_networks
from fixture import ROOT, Fixture
from make_original_fixtures import value
from network_fixtures import FOLDER, prefixed

STEPS, BATCH, SIDE, CHANNELS = 3, 2, 16, 1
OPTIONS = dict(
    gpu_ids=[], isTrain=True, checkpoints_dir="", name="", preprocess="", input_nc=CHANNELS, output_nc=CHANNELS, ngf=1, ndf=1,
    netG="resnet_6blocks", normG="instance", netD="n_layers", n_layers_D=1, normD="instance", no_dropout=True, init_type="normal",
    init_gain=0.02, gan_mode="lsgan", lr=2e-4, beta1=0.5, beta2=0.999, pool_size=50, direction="AtoB", amp=False,
    batch_size=BATCH)
CYCLE = dict(no_antialias=True, no_antialias_up=True, lambda_identity=0.5, lambda_A=10.0, lambda_B=10.0)
CUT = dict(
    no_antialias=False, no_antialias_up=False, lambda_GAN=1.0, lambda_NCE=1.0, nce_idt=True, nce_layers="0,4,8,12,16",
    nce_includes_all_negatives_from_minibatch=False, netF="mlp_sample", netF_nc=6, nce_T=0.07, num_patches=4096,
    flip_equivariance=False)


def pictures(step):
    return {
        side: torch.from_numpy(hashed.uniform(f"{side}{step}", (BATCH, CHANNELS, SIDE, SIDE))) for side in ("A", "B")
    } | {"A_paths": "", "B_paths": ""}


def fill(networks):
    """Gives the networks of each player, by their names in swift-gan, their values."""
    for player, network in networks.items():
        network.double()
        with torch.no_grad():
            for name, tensor in network.state_dict().items():
                if not name.endswith("filt"):
                    tensor.copy_(value(player + name, tuple(tensor.shape)))


def play(model, networks, losses):
    """The losses of each step, and all parameters after the last."""
    model.criterionGAN.double()
    tensors = {}
    for step in range(STEPS):
        model.set_input(pictures(step))
        model.optimize_parameters()
        tensors |= {f"{name}{step}": getattr(model, attribute).detach() for name, attribute in losses.items()}
    for player, network in networks.items():
        tensors |= prefixed("after", {player + name: tensor for name, tensor in network.named_parameters()})
    return tensors


def cyclegan(repository):
    module = original_networks.load(repository, "cycle_gan_model")
    model = module.CycleGANModel(argparse.Namespace(**OPTIONS, **CYCLE))
    networks = {
        "generator.forward.": model.netG_A, "generator.reverse.": model.netG_B, "discriminator.targets.": model.netD_A,
        "discriminator.sources.": model.netD_B}
    fill(networks)
    return play(model, networks, {"loss_generator": "loss_G"})


def cut(repository, numpy=None, **changes):
    module = original_networks.load(repository, "cut_model")
    model = module.CUTModel(argparse.Namespace(**(OPTIONS | CUT | changes)))
    model.data_dependent_initialize({key: side.float() if key in "AB" else side for key, side in pictures(0).items()})
    networks = {"generator.": model.netG, "discriminator.": model.netD, "projection.": model.netF}
    fill(networks)
    # numpy's draw decides whether a step is mirrored: below a half it is.
    module.np = numpy or module.np
    return play(model, networks, {"loss_generator": "loss_G", "loss_discriminator": "loss_D"})


def drawing(*values):
    """What stands for numpy, of which the model takes one draw a step: numpy.random.random()."""
    values = iter(values)
    return types.SimpleNamespace(random=types.SimpleNamespace(random=lambda: next(values)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", help="a clone of taesungp/contrastive-unpaired-translation")
    repository = parser.parse_args().repository
    torch.set_num_threads(1)
    fixture = Fixture(f"{FOLDER}/original_steps.safetensors", torch=torch.__version__, code=original_networks.COMMIT)
    settings = {"steps": STEPS, "batch": BATCH, "side": SIDE}
    fixture.add("cyclegan", settings, cyclegan(repository))
    fixture.add("cut", settings, cut(repository))
    fixture.add("fastcut", settings, cut(repository, drawing(0, 0.9, 0, 0), nce_idt=False, lambda_NCE=10.0, flip_equivariance=True))
    fixture.save()
    print(f"{fixture.path}: {(ROOT / fixture.path).stat().st_size} bytes")


if __name__ == "__main__":
    main()
