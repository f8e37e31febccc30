"""pix2pix (Isola et al. 2017) as its authors' PyTorch code plays it: at test time dropout stays on, and batch norm takes the
statistics of the one picture."""

import torch
import torch.nn.functional as F
from torch import nn

from networks import PatchDiscriminator, UNet, begin, normal
from training import adam, frozen, options, play

L1_WEIGHT = 100


def loss(scores, target):
    scores = scores.float()
    return F.binary_cross_entropy_with_logits(scores, torch.full_like(scores, target))


class Pix2Pix:
    def __init__(self, chosen):
        self.mixed = chosen.mixed
        self.generator = begin(UNet(3, 3, chosen.size, chosen.width), normal)
        self.discriminator = begin(PatchDiscriminator(6, chosen.width, nn.BatchNorm2d), normal)
        self.networks = (self.generator, self.discriminator)
        self.optimizers = self.g, self.d = adam(self.generator), adam(self.discriminator)

    def scores(self, source, pictures):
        with self.mixed():
            return self.discriminator(torch.cat([source, pictures], 1))

    def step(self, source, target):
        with self.mixed():
            fake = self.generator(source).float()
        value = (loss(self.scores(source, fake.detach()), 0.0) + loss(self.scores(source, target), 1.0)) / 2
        self.d.zero_grad()
        value.backward()
        self.d.step()
        with frozen(self.discriminator):
            value = loss(self.scores(source, fake), 1.0) + L1_WEIGHT * F.l1_loss(fake, target)
            self.g.zero_grad()
            value.backward()
        self.g.step()

    def translate(self, source):
        return self.generator(source)


if __name__ == "__main__":
    chosen = options()
    play(Pix2Pix(chosen), chosen, paired=True)
