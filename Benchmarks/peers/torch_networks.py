"""The networks of swift-gan as a PyTorch user would write them: activations in place, and for the Keras DCGAN symmetric
padding instead of TensorFlow's. Names and shapes of the weights are those of swift-gan's files."""

import torch.nn.functional as F
from torch import nn


class KerasDCGANGenerator(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(100, 256 * 49, bias=False)
        self.norm0 = nn.BatchNorm1d(256 * 49, eps=1e-3, momentum=0.01)
        self.up1 = nn.ConvTranspose2d(256, 128, 5, 1, padding=2, bias=False)
        self.norm1 = nn.BatchNorm2d(128, eps=1e-3, momentum=0.01)
        self.up2 = nn.ConvTranspose2d(128, 64, 5, 2, padding=2, output_padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(64, eps=1e-3, momentum=0.01)
        self.image = nn.ConvTranspose2d(64, 1, 5, 2, padding=2, output_padding=1, bias=False)

    def forward(self, latents):
        x = F.leaky_relu(self.norm0(self.project(latents)), 0.3, inplace=True)
        # Channels last, as Keras and swift-gan have it: no map is copied into another order.
        x = x.view(-1, 7, 7, 256).permute(0, 3, 1, 2)
        x = F.leaky_relu(self.norm1(self.up1(x)), 0.3, inplace=True)
        x = F.leaky_relu(self.norm2(self.up2(x)), 0.3, inplace=True)
        return self.image(x).tanh()


class KerasDCGANDiscriminator(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.down1 = nn.Conv2d(1, 64, 5, 2, padding=2)
        self.down2 = nn.Conv2d(64, 128, 5, 2, padding=2)
        self.score = nn.Linear(128 * 49, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, images):
        x = self.dropout(F.leaky_relu(self.down1(images), 0.3, inplace=True))
        x = self.dropout(F.leaky_relu(self.down2(x), 0.3, inplace=True))
        return self.score(x.permute(0, 2, 3, 1).flatten(1))


class DCGANGenerator(nn.Module):
    """Radford et al. 2016, for pictures of 64x64x3."""

    def __init__(self):
        super().__init__()
        self.project = nn.ConvTranspose2d(100, 512, 4, bias=False)
        self.norm0 = nn.BatchNorm2d(512)
        self.up1 = nn.ConvTranspose2d(512, 256, 4, 2, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(256)
        self.up2 = nn.ConvTranspose2d(256, 128, 4, 2, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(128)
        self.up3 = nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False)
        self.norm3 = nn.BatchNorm2d(64)
        self.image = nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False)

    def forward(self, latents):
        x = F.relu(self.norm0(self.project(latents[:, :, None, None])), inplace=True)
        x = F.relu(self.norm1(self.up1(x)), inplace=True)
        x = F.relu(self.norm2(self.up2(x)), inplace=True)
        x = F.relu(self.norm3(self.up3(x)), inplace=True)
        return self.image(x).tanh()


class DCGANDiscriminator(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.down1 = nn.Conv2d(3, 64, 4, 2, 1, bias=False)
        self.down2 = nn.Conv2d(64, 128, 4, 2, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(128)
        self.down3 = nn.Conv2d(128, 256, 4, 2, 1, bias=False)
        self.norm3 = nn.BatchNorm2d(256)
        self.down4 = nn.Conv2d(256, 512, 4, 2, 1, bias=False)
        self.norm4 = nn.BatchNorm2d(512)
        self.score = nn.Conv2d(512, 1, 4, bias=False)

    def forward(self, images):
        x = F.leaky_relu(self.down1(images), 0.2, inplace=True)
        x = F.leaky_relu(self.norm2(self.down2(x)), 0.2, inplace=True)
        x = F.leaky_relu(self.norm3(self.down3(x)), 0.2, inplace=True)
        x = F.leaky_relu(self.norm4(self.down4(x)), 0.2, inplace=True)
        return self.score(x).flatten(1)


class MLPGenerator(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(100, 256)
        self.fc2 = nn.Linear(256, 512)
        self.fc3 = nn.Linear(512, 512)
        self.fc4 = nn.Linear(512, 784)

    def forward(self, latents):
        x = F.relu(self.fc1(latents), inplace=True)
        x = F.relu(self.fc2(x), inplace=True)
        x = F.relu(self.fc3(x), inplace=True)
        return self.fc4(x).tanh().view(-1, 1, 28, 28)


class MLPDiscriminator(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.fc1 = nn.Linear(784, 512)
        self.fc2 = nn.Linear(512, 512)
        self.fc3 = nn.Linear(512, 512)
        self.fc4 = nn.Linear(512, 1)

    def forward(self, images):
        x = F.leaky_relu(self.fc1(images.flatten(1)), 0.2, inplace=True)
        x = F.leaky_relu(self.fc2(x), 0.2, inplace=True)
        x = F.leaky_relu(self.fc3(x), 0.2, inplace=True)
        return self.fc4(x)


GENERATORS = {"dcgan-keras": KerasDCGANGenerator, "dcgan": DCGANGenerator, "mlp": MLPGenerator}
DISCRIMINATORS = {"dcgan-keras": KerasDCGANDiscriminator, "dcgan": DCGANDiscriminator, "mlp": MLPDiscriminator}
