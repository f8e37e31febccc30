"""Steps of expectation maximisation: of whole data by scikit-learn, of batches by the formulas of Cappé and Moulines in NumPy."""

import warnings

import numpy
import sklearn
from scipy.stats import multivariate_normal
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from fixture import Fixture, Random

FLOOR = 1e-4


def beginning(components):
    random = Random(f"mixture.{components}")
    factors = random.normal(components, 2, 2, scale=0.2).numpy()
    weights = random.uniform(components, low=0.5, high=1.5).numpy()
    return {
        "weights": weights / weights.sum(),
        "means": random.normal(components, 2, scale=0.7).numpy(),
        "covariances": factors @ factors.transpose(0, 2, 1) + 0.05 * numpy.eye(2),
    }


def whole_data(points, start):
    """One step of all points."""
    model = GaussianMixture(
        len(start["weights"]), max_iter=1, reg_covar=FLOOR, weights_init=start["weights"], means_init=start["means"],
        precisions_init=numpy.linalg.inv(start["covariances"]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(points)
    return {"weights": model.weights_, "means": model.means_, "covariances": model.covariances_, "log_likelihood": model.lower_bound_}


def online(batches, start, exponent):
    """A step a batch, written out point by point."""
    weights, means, covariances = start["weights"], start["means"], start["covariances"]
    sums, likelihoods = None, []
    for number, batch in enumerate(batches, 1):
        densities = numpy.stack([w * multivariate_normal(m, c).pdf(batch) for w, m, c in zip(weights, means, covariances)])
        likelihoods.append(numpy.log(densities.sum(0)).mean())
        shares = densities / densities.sum(0)
        found = [
            shares.mean(1), numpy.einsum("kn,ni->ki", shares, batch) / len(batch),
            numpy.einsum("kn,ni,nj->kij", shares, batch, batch) / len(batch)]
        rate = number ** -exponent
        sums = found if sums is None else [(1 - rate) * old + rate * new for old, new in zip(sums, found)]
        weights, means = sums[0] / sums[0].sum(), sums[1] / sums[0][:, None]
        covariances = sums[2] / sums[0][:, None, None] - numpy.einsum("ki,kj->kij", means, means) + FLOOR * numpy.eye(2)
    return {"weights": weights, "means": means, "covariances": covariances, "log_likelihoods": numpy.array(likelihoods)}


def mixtures():
    fixture = Fixture("Tests/GANTests/Fixtures/mixture.safetensors", scikit_learn=sklearn.__version__)
    for components, count in ((1, 20), (3, 60)):
        points = Random(f"points.{components}").normal(count, 2, scale=0.8).numpy()
        start = {f"start/{name}": value for name, value in beginning(components).items()}
        steps = {f"whole/{name}": value for name, value in whole_data(points, beginning(components)).items()}
        steps |= {f"online/{name}": value for name, value in online(numpy.split(points, 4), beginning(components), 0.7).items()}
        settings = {"components": components, "floor": FLOOR, "step_exponent": 0.7, "batches": 4}
        fixture.add(f"mixture.{components}", settings, {"points": points, **start, **steps})
    return fixture
