"""CUT (Park et al. 2020) as its authors' PyTorch code plays it. Features of real pictures are those of the pass that translates
them, and instance norm lets what one network sees in a step go through it in one pass."""

import torch
import torch.nn.functional as F
from torch import nn

from cyclegan import loss
from networks import PatchDiscriminator, PatchProjection, ResidualGenerator, begin, glorot
from training import adam, frozen, options, play

LAYERS, PATCHES, TEMPERATURE = (0, 4, 8, 12, 16), 256, 0.07


def contrast(queries, keys):
    """PatchNCE of [N, places, size]: each query has to find the key of its own place among those of its picture."""
    scores = queries @ keys.transpose(1, 2) / TEMPERATURE
    places = torch.arange(scores.shape[1]).expand(scores.shape[:2])
    return F.cross_entropy(scores.flatten(0, 1), places.flatten())


class CUT:
    def __init__(self, chosen, channels):
        width, self.mixed = chosen.width, chosen.mixed
        self.generator = begin(ResidualGenerator(channels, width, chosen.blocks, blurs=True), glorot)
        self.discriminator = begin(PatchDiscriminator(channels, width, nn.InstanceNorm2d, blurs=True), glorot)
        self.projection = begin(PatchProjection((channels, 2 * width, *[4 * width] * 3)), glorot)
        self.networks = (self.generator, self.discriminator, self.projection)
        self.optimizers = self.g, self.d = adam(self.generator, self.projection), adam(self.discriminator)

    def scores(self, *pictures):
        with self.mixed():
            return self.discriminator(torch.cat(pictures)).chunk(len(pictures))

    def step(self, source, target):
        with self.mixed():
            made, features = self.generator.with_features(torch.cat([source, target]), LAYERS)
        fake = made[: len(source)].float()
        of_real, of_fake = self.scores(target, fake.detach())
        value = (loss(of_real, 1.0) + loss(of_fake, 0.0)) / 2
        self.d.zero_grad()
        value.backward()
        self.d.step()
        places = [torch.randperm(one.shape[2] * one.shape[3])[:PATCHES] for one in features]
        with self.mixed():
            queries = self.projection(self.generator.with_features(made, LAYERS, whole=False)[1], places)
            with torch.no_grad():
                keys = self.projection([one.detach() for one in features], places)
        # Of translations and of targets through the generator: the mean of both, as both have as many places.
        value = sum(map(contrast, queries, keys)) / len(LAYERS)
        with frozen(self.discriminator):
            value = value + loss(*self.scores(fake), 1.0)
            self.g.zero_grad()
            value.backward()
        self.g.step()

    def translate(self, source):
        return self.generator(source)


if __name__ == "__main__":
    chosen = options(blocks=6, channels=3)
    play(CUT(chosen, chosen.channels), chosen, paired=False)
