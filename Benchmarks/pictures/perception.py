"""ST-LPIPS (Ghildyal and Liu 2022), a learned perceptual distance whose weights come with its package from PyPI."""

import sys
import types

import torch


def load(trunk):
    """The distance with the trunk "alex" or "vgg"."""
    # The package imports them and needs none of them for this.
    for name, attribute in (("IPython", "embed"), ("torchsummary", "summary"), ("torchvision", "models")):
        module = sys.modules.setdefault(name, types.ModuleType(name))
        if not hasattr(module, attribute):
            setattr(module, attribute, None)
    from stlpips_pytorch.stlpips import LPIPS

    return LPIPS(net=trunk, variant="shift_tolerant", verbose=False)


def tensor(pictures):
    """uint8 [N, H, W, 3] as float [N, 3, H, W] in [-1, 1]."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float().div(127.5).sub(1)


@torch.inference_mode()
def distances(network, pictures, truth, batch=50):
    """The distance of each pair."""
    parts = [network(*pair).flatten() for pair in zip(tensor(pictures).split(batch), tensor(truth).split(batch))]
    return torch.cat(parts).numpy()


@torch.inference_mode()
def features(network, pictures, batch=50):
    """The means over space of the last of the trunk's five maps: [N, 256] of "alex"."""
    maps = [network.net(network.scaling_layer(part))[-1] for part in tensor(pictures).split(batch)]
    return torch.cat(maps).mean((2, 3)).numpy()
