"""What the metrics' own packages answer on small arrays."""

import importlib.metadata

import cleanfid.fid
import numpy
import ot
import prdc
import pytorch_msssim
import scipy.linalg
import scipy.stats
import sklearn.neighbors
import torch
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric

from fixture import Fixture, Random


class PairOfRoots:
    """SciPy as clean-fid knows it: `sqrtm` answered a root and an error, of which SciPy 1.17 leaves the root."""

    @staticmethod
    def sqrtm(matrix, disp=True):
        root = scipy.linalg.sqrtm(matrix)
        return root if disp else (root, None)


cleanfid.fid.linalg = PairOfRoots

FOLDER = "Tests/MetricsTests/Fixtures"


def versions(*packages):
    return {package: importlib.metadata.version(package) for package in packages}


def correlated(random, count, width):
    """Normal rows with a covariance that is not diagonal."""
    return random.normal(count, width) @ random.weight(width, width) + random.normal(width)


def frechet_distances():
    fixture = Fixture(f"{FOLDER}/frechet_distance.safetensors", **versions("clean-fid", "torch-fidelity", "scipy"))
    pairs = {}
    for case, (real_count, fake_count, width) in {
        "small": (50, 60, 4),
        "large": (90, 110, 32),
        "singular": (20, 25, 40),
        "one_feature": (30, 20, 1),
    }.items():
        random = Random(f"frechet/{case}")
        pairs[case] = correlated(random, real_count, width), correlated(random, fake_count, width)
    random = Random("frechet/nearly_equal")
    real = correlated(random, 80, 8)
    pairs["nearly_equal"] = real, real + random.normal(80, 8, scale=1e-2)
    random = Random("frechet/far_from_zero")
    pairs["far_from_zero"] = random.normal(40, 6, scale=1e-2) + 1e4, random.normal(50, 6, scale=2e-2) + 1e4
    for case, (real, fake) in pairs.items():
        statistics = [fid_features_to_statistics(features) for features in (real, fake)]
        (mu_real, sigma_real), (mu_fake, sigma_fake) = [
            (numpy.atleast_1d(each["mu"]), numpy.atleast_2d(each["sigma"])) for each in statistics
        ]
        results = {"clean_fid": cleanfid.fid.frechet_distance(mu_real, sigma_real, mu_fake, sigma_fake)}
        results["torch_fidelity"] = fid_statistics_to_metric(
            {"mu": mu_real, "sigma": sigma_real}, {"mu": mu_fake, "sigma": sigma_fake}, False
        )["frechet_inception_distance"]
        fixture.add(case, {}, {"real": real, "fake": fake, "mean": mu_real, "covariance": sigma_real} | results)
    return fixture


def kernel_distances():
    fixture = Fixture(f"{FOLDER}/kernel_distance.safetensors", **versions("torch-fidelity"))
    for case, (real_count, fake_count, width, subsets, size) in {
        "subsets": (60, 70, 16, 6, 25),
        "whole": (40, 40, 5, 1, 40),
    }.items():
        random = Random(f"kernel/{case}")
        real, fake = correlated(random, real_count, width), correlated(random, fake_count, width)
        score = kid_features_to_metric(
            real, fake, kid_subsets=subsets, kid_subset_size=size, kid_kernel="poly", kid_kernel_poly_degree=3,
            kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1, rng_seed=7, verbose=False,
        )
        # The draws of that function, in its order.
        draw = numpy.random.RandomState(7)
        chosen = [[draw.choice(count, size, replace=False) for count in (real_count, fake_count)] for _ in range(subsets)]
        rows = numpy.array(chosen, dtype=numpy.int64)
        tensors = {"real": real, "fake": fake, "real_subsets": rows[:, 0], "fake_subsets": rows[:, 1]}
        results = {"mean": score["kernel_inception_distance_mean"], "deviation": score["kernel_inception_distance_std"]}
        fixture.add(case, {"subsets": subsets, "subset_size": size}, tensors | results)
    return fixture


def inception_scores():
    fixture = Fixture(f"{FOLDER}/inception_score.safetensors", **versions("torch-fidelity"))
    for case, (count, classes, splits) in {"even": (100, 10, 10), "uneven": (57, 4, 5), "one": (30, 10, 1)}.items():
        logits = Random(f"inception/{case}").normal(count, classes, scale=3)
        score = isc_features_to_metric(logits, splits=splits, shuffle=False)
        results = {"mean": score["inception_score_mean"], "deviation": score["inception_score_std"]}
        fixture.add(case, {"splits": splits}, {"logits": logits} | results)
    return fixture


def manifolds():
    fixture = Fixture(f"{FOLDER}/manifold.safetensors", **versions("prdc", "scikit-learn"))
    pairs = {}
    random = Random("manifold/overlapping")
    pairs["overlapping"] = random.normal(80, 6), random.normal(70, 6) * 0.8 + 0.3
    random = Random("manifold/apart")
    pairs["apart"] = random.normal(30, 4), random.normal(40, 4) + 20
    random = Random("manifold/collapsed")
    pairs["collapsed"] = random.normal(90, 3), random.normal(60, 3, scale=0.05)
    # Distances of whole numbers are exact, and so are the many ties and copies among them.
    random = Random("manifold/ties")
    pairs["ties"] = random.normal(60, 3).round(), random.normal(50, 3).round()
    random = Random("manifold/memorised")
    real = random.normal(50, 3, scale=3).round()
    pairs["memorised"] = real, real.clone()
    for case, (real, fake) in pairs.items():
        results = {}
        for k in (3, 5):
            scores = prdc.compute_prdc(real.numpy(), fake.numpy(), k)
            results |= {f"{name}{k}": numpy.float64(value) for name, value in scores.items()}
        fixture.add(case, {}, {"real": real, "fake": fake} | results)
    return fixture


def sliced_wasserstein_distances():
    fixture = Fixture(f"{FOLDER}/sliced_wasserstein.safetensors", **versions("pot"))
    for case, (real_count, fake_count) in {"equal": (40, 40), "unequal": (40, 25), "multiple": (20, 60)}.items():
        random = Random(f"sliced/{case}")
        real, fake = correlated(random, real_count, 5), correlated(random, fake_count, 5)
        projections = random.normal(5, 12)
        projections /= projections.norm(dim=0, keepdim=True)
        distance = ot.sliced_wasserstein_distance(real.numpy(), fake.numpy(), projections=projections.numpy(), p=2)
        tensors = {"real": real, "fake": fake, "projections": projections.T.contiguous()}
        fixture.add(case, {}, tensors | {"distance": distance})
    return fixture


def structural_similarities():
    """Images in [-1, 1], given to the package in [0, 1]. MS-SSIM's are stored small; `zoom` repeats their pixels."""
    fixture = Fixture(f"{FOLDER}/structural_similarity.safetensors", **versions("pytorch-msssim"))
    for case, shape, window, zoom in (
        ("grey", (3, 1, 28, 28), 11, 1),
        ("colour", (2, 3, 12, 17), 11, 1),
        ("small", (2, 1, 8, 6), 5, 1),
        ("multi_scale", (2, 1, 23, 24), 11, 7),
        ("multi_scale_odd", (1, 2, 25, 23), 11, 7),
    ):
        random = Random(f"ssim/{case}")
        first = random.uniform(*shape, low=-1, high=1)
        second = (0.7 * first + random.normal(*shape, scale=0.2)).clamp(-1, 1)
        large = [(image.repeat_interleave(zoom, 2).repeat_interleave(zoom, 3) + 1) / 2 for image in (first, second)]
        measure = pytorch_msssim.ssim if zoom == 1 else pytorch_msssim.ms_ssim
        values = measure(*large, data_range=1, size_average=False, win_size=window)
        fixture.add(case, {"window": window, "zoom": zoom}, {"first": first, "second": second, "similarity": values})
    return fixture


def divergences():
    fixture = Fixture(f"{FOLDER}/divergence.safetensors", **versions("scipy"))
    random = Random("divergence")
    data = random.uniform(10, low=50, high=150).round().long()
    samples = random.uniform(10, low=0, high=60).round().long()
    samples[3] = 0
    value = scipy.stats.entropy(samples.numpy() / samples.sum().item(), data.numpy() / data.sum().item())
    fixture.add("classes", {}, {"data": data, "samples": samples, "divergence": numpy.float64(value)})
    return fixture


def nearest_rows():
    fixture = Fixture(f"{FOLDER}/nearest_rows.safetensors", **versions("scikit-learn"))
    random = Random("nearest")
    queries, rows = random.normal(12, 7), random.normal(45, 7)
    distances, indices = sklearn.neighbors.NearestNeighbors(n_neighbors=1).fit(rows.numpy()).kneighbors(queries.numpy())
    tensors = {"queries": queries, "rows": rows}
    fixture.add("nearest", {}, tensors | {"distances": distances[:, 0], "indices": indices[:, 0].astype(numpy.int64)})
    return fixture


MAKERS = (
    frechet_distances,
    kernel_distances,
    inception_scores,
    manifolds,
    sliced_wasserstein_distances,
    structural_similarities,
    divergences,
    nearest_rows,
)
