"""A network that tells the twelve classes of facades, trained on real photos and label maps: what it recognises in drawn photos
is the facades' form of the FCN score (Isola et al. 2017, section 4.1)."""

import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import palette
from perception import tensor

STEPS, BATCH, WIDTHS, SHIFT = 1200, 16, (16, 32, 64, 128), 4


class Convolutions(nn.Sequential):
    def __init__(self, inputs, outputs):
        layers = []
        for channels in (inputs, outputs):
            layers += [nn.Conv2d(channels, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
        super().__init__(*layers)


class SegmentationNetwork(nn.Module):
    """A U-Net (Ronneberger et al. 2015): photos [N, 3, H, W] to scores [N, 12, H, W]."""

    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList(Convolutions(*pair) for pair in zip((3, *WIDTHS), WIDTHS))
        self.up = nn.ModuleList(Convolutions(low + high, high) for high, low in zip(WIDTHS, WIDTHS[1:]))
        self.scores = nn.Conv2d(WIDTHS[0], len(palette.COLOURS), 1)

    def forward(self, x):
        kept = []
        for level, down in enumerate(self.down):
            x = down(F.max_pool2d(x, 2) if level else x)
            kept.append(x)
        for level in reversed(range(len(self.up))):
            x = self.up[level](torch.cat([F.interpolate(x, scale_factor=2.0), kept[level]], 1))
        return self.scores(x)


def train(photos, classes, steps):
    """The network after so many steps on uint8 [N, H, W, 3] and [N, H, W], shifted and mirrored; the same each time with the
    same number of threads."""
    torch.manual_seed(1)
    network = SegmentationNetwork().train()
    optimizer = torch.optim.Adam(network.parameters(), 1e-3, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    side = photos.shape[1]
    photos = F.pad(tensor(photos), [SHIFT] * 4, "reflect")
    classes = F.pad(torch.from_numpy(classes).float()[:, None], [SHIFT] * 4, "reflect")[:, 0].long()
    for _ in range(steps):
        rows = torch.randint(len(photos), (BATCH,))
        top, left = torch.randint(2 * SHIFT + 1, (2,)).tolist()
        x, y = photos[rows, :, top : top + side, left : left + side], classes[rows, top : top + side, left : left + side]
        if torch.rand(()) < 0.5:
            x, y = x.flip(3), y.flip(2)
        optimizer.zero_grad()
        F.cross_entropy(network(x), y).backward()
        optimizer.step()
        schedule.step()
    return network.eval()


def network(material, steps=STEPS):
    """The network for the pictures of this material; trained once and kept beside it."""
    path = pathlib.Path(material) / f"segmentation-{steps}.pt"
    if path.exists():
        found = SegmentationNetwork().eval()
        found.load_state_dict(torch.load(path, weights_only=True))
        return found
    given = np.load(path.with_name("judge.npz"))
    found = train(given["photos"], given["classes"], steps)
    part = path.with_suffix(".part")
    torch.save(found.state_dict(), part)
    part.rename(path)
    return found


@torch.inference_mode()
def classes(network, pictures, batch=50):
    """The classes that the network sees, uint8 [N, H, W]."""
    return np.concatenate([network(part).argmax(1).byte().numpy() for part in tensor(pictures).split(batch)])
