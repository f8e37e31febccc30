"""Distances between pictures, and between collections of them. Pictures are uint8 [N, H, W, 3]."""

import numpy as np


def l1(pictures, truth):
    """The mean absolute difference of each pair, of values in [-1, 1]."""
    return np.abs(pictures.astype(np.float64) - truth).mean((1, 2, 3)) / 127.5


def psnr(pictures, truth):
    """The peak signal-to-noise ratio of each pair, in decibels."""
    errors = ((pictures.astype(np.float64) - truth) ** 2).mean((1, 2, 3))
    return 10 * np.log10(255**2 / np.maximum(errors, 1e-12))


def ssim(pictures, truth):
    """The structural similarity of each pair in colour, with the window of Wang et al. 2004."""
    from skimage.metrics import structural_similarity

    options = dict(channel_axis=2, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    return np.array([structural_similarity(*pair, **options) for pair in zip(pictures, truth)])


def brightness(pictures, sources):
    """The correlation of the luma (BT.601) of each pair: 1 for pictures alike, -1 for a picture and its negative."""
    lumas = (one @ np.array([0.299, 0.587, 0.114]) for one in (pictures, sources))
    return np.array([np.corrcoef(left.ravel(), right.ravel())[0, 1] for left, right in zip(*lumas)])


def kid(features, others):
    """The kernel inception distance (Binkowski et al. 2018): the unbiased estimator of the squared maximum mean discrepancy
    with the kernel (x·y / d + 1)³, of all of both at once, [N, d] and [M, d]."""
    features, others = features.astype(np.float64), others.astype(np.float64)

    def kernel(left, right):
        return (left @ right.T / left.shape[1] + 1) ** 3

    def within(rows):
        values = kernel(rows, rows)
        return (values.sum() - np.trace(values)) / (len(rows) * (len(rows) - 1))

    return within(features) + within(others) - 2 * kernel(features, others).mean()
