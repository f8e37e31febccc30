"""What scikit-image and NumPy answer on pairs of pictures."""

import importlib.metadata

import numpy
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

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


MAKERS = (pairs,)
