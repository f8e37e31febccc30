"""What scikit-image, NumPy and lpips answer on pairs of pictures."""

import importlib.metadata

import lpips
import numpy
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

import hashed
from fixture import Fixture, Random

FOLDER = "Tests/MetricsTests/Fixtures"


def pairs():
    """Pictures in [-1, 1]: PSNR by scikit-image with the data range 2, SSIM by it on [0, 1], L1 by NumPy. `zoom` repeats
    their pixels, so that a large case is stored small."""
    version = importlib.metadata.version("scikit-image")
    fixture = Fixture(f"{FOLDER}/pairs.safetensors", **{"scikit-image": version})
    for case, shape, zoom in (("grey", (5, 1, 16, 13), 1), ("colour", (3, 3, 12, 17), 1), ("large", (2, 1, 19, 20), 9)):
        random = Random(f"pairs/{case}")
        samples = random.uniform(*shape, low=-1, high=1)
        targets = (0.7 * samples + random.normal(*shape, scale=0.2)).clamp(-1, 1)
        psnr, ssim, l1 = [], [], []
        large = [image.repeat_interleave(zoom, 2).repeat_interleave(zoom, 3).numpy() for image in (samples, targets)]
        for sample, target in zip(*large):
            psnr.append(peak_signal_noise_ratio(target, sample, data_range=2))
            ssim.append(
                structural_similarity(
                    (sample + 1) / 2, (target + 1) / 2, data_range=1, channel_axis=0, gaussian_weights=True, sigma=1.5,
                    use_sample_covariance=False,
                )
            )
            l1.append(numpy.abs(sample - target).mean())
        values = {"psnr": numpy.array(psnr), "ssim": numpy.array(ssim), "l1": numpy.array(l1)}
        fixture.add(case, {"zoom": zoom}, {"samples": samples, "targets": targets} | values)
    return fixture


def lpips_weight(name, shape):
    """A weight from its name: of a convolution so that features keep their variance, of a layer's channels not negative."""
    draws = hashed.uniform(name, shape)
    if name.startswith("lin"):
        return (draws + 1) / 2
    return draws * 0.1 if name.endswith("bias") else draws * (6 / numpy.prod(shape[1:])) ** 0.5


def learned_distance():
    """The package lpips with weights from their names; those of its trunk are called as in torchvision. Pictures are
    `hashed.uniform(case/first)` and the mean of it and another."""
    fixture = Fixture(f"{FOLDER}/lpips.safetensors", lpips=importlib.metadata.version("lpips"))
    for case, net, shape in (
        ("alex", "alex", (3, 3, 40, 33)), ("alex-grey", "alex", (2, 1, 31, 64)), ("vgg", "vgg", (2, 3, 24, 33)),
        ("vgg-least", "vgg", (2, 3, 16, 16)),
    ):
        model = lpips.LPIPS(net=net, pnet_rand=True, pretrained=False, verbose=False).double()
        for name, parameter in model.named_parameters():
            if name.startswith("lins."):
                continue
            parts = name.split(".")
            known = ".".join(["features", *parts[2:]]) if parts[0] == "net" else name
            parameter.data = torch.from_numpy(lpips_weight(known, tuple(parameter.shape)))
        first, other = (torch.from_numpy(hashed.uniform(f"{case}/{what}", shape)) for what in ("first", "other"))
        with torch.no_grad():
            distance = model(*(images.expand(-1, 3, -1, -1) for images in (first, (first + other) / 2)))
        fixture.add(case, {"net": net, "shape": shape}, {"distance": distance.reshape(-1)})
    return fixture


MAKERS = (pairs, learned_distance)
