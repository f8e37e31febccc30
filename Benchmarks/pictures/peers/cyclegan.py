"""CycleGAN (Zhu et al. 2017) as its authors' PyTorch code plays it. Instance norm lets what one network sees in a step go through it
in one pass."""

import random

import torch
import torch.nn.functional as F
from torch import nn

from networks import PatchDiscriminator, ResidualGenerator, begin, normal
from training import adam, frozen, options, play

CYCLE_WEIGHT, POOL = 10, 50


def loss(scores, target):
    scores = scores.float()
    return F.mse_loss(scores, torch.full_like(scores, target))


class Pool:
    """Translations of earlier steps: once it is full, half of the new ones are swapped for one of them."""

    def __init__(self):
        self.kept = []

    def shown(self, pictures):
        shown = []
        for picture in pictures:
            if len(self.kept) < POOL:
                self.kept.append(picture)
            elif random.random() < 0.5:
                place = random.randrange(POOL)
                picture, self.kept[place] = self.kept[place], picture
            shown.append(picture)
        return torch.stack(shown)


class CycleGAN:
    def __init__(self, chosen, channels):
        random.seed(chosen.seed)
        self.mixed, self.identity = chosen.mixed, chosen.identity
        generator = lambda: begin(ResidualGenerator(channels, chosen.width, chosen.blocks), normal)
        discriminator = lambda: begin(PatchDiscriminator(channels, chosen.width, nn.InstanceNorm2d), normal)
        self.forward, self.reverse, self.of_targets, self.of_sources = generator(), generator(), discriminator(), discriminator()
        self.networks = (self.forward, self.reverse, self.of_targets, self.of_sources)
        self.optimizers = self.g, self.d = adam(self.forward, self.reverse), adam(self.of_targets, self.of_sources)
        self.pools = Pool(), Pool()

    def made(self, network, *pictures):
        """What the network makes of each of these batches."""
        with self.mixed():
            return network(torch.cat(pictures)).float().chunk(len(pictures))

    def step(self, source, target):
        if self.identity:
            fake_target, same_target = self.made(self.forward, source, target)
            fake_source, same_source = self.made(self.reverse, target, source)
        else:
            (fake_target,), (fake_source,) = self.made(self.forward, source), self.made(self.reverse, target)
        (source_again,), (target_again,) = self.made(self.reverse, fake_target), self.made(self.forward, fake_source)
        with frozen(self.of_targets, self.of_sources):
            adversarial = loss(*self.made(self.of_targets, fake_target), 1.0) + loss(*self.made(self.of_sources, fake_source), 1.0)
            cycle = F.l1_loss(source_again, source) + F.l1_loss(target_again, target)
            value = adversarial + CYCLE_WEIGHT * cycle
            if self.identity:
                identity = F.l1_loss(same_target, target) + F.l1_loss(same_source, source)
                value = value + CYCLE_WEIGHT * self.identity * identity
            self.g.zero_grad()
            value.backward()
        self.g.step()
        value = self.verdict(self.of_targets, target, self.pools[0].shown(fake_target.detach()))
        value = value + self.verdict(self.of_sources, source, self.pools[1].shown(fake_source.detach()))
        self.d.zero_grad()
        value.backward()
        self.d.step()

    def verdict(self, discriminator, real, fake):
        of_real, of_fake = self.made(discriminator, real, fake)
        return (loss(of_real, 1.0) + loss(of_fake, 0.0)) / 2

    def translate(self, source):
        return self.forward(source)


if __name__ == "__main__":
    chosen = options(blocks=6, channels=3, identity=0.5)
    play(CycleGAN(chosen, chosen.channels), chosen, paired=False)
