"""What torch-fidelity's Inception makes of pictures, with weights that are computed from their names."""

import math
import tempfile

import torch
from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

import hashed
from fixture import Fixture


def hashed_weight(name, shape):
    """A weight that keeps what flows through the network about as large as it came in; float32."""
    draws = hashed.uniform(name, shape)
    if name.endswith("bn.running_var"):
        draws = 1 + 0.5 * draws
    elif name.endswith("bn.weight"):
        draws = 1 + 0.2 * draws
    elif len(shape) == 1:
        draws = 0.2 * draws
    else:
        draws = draws * math.sqrt(6 / math.prod(shape[1:]))
    return torch.from_numpy(draws).to(torch.float32)


def shapes():
    """The network's tensors by name."""
    found = {}

    class Listing(FeatureExtractorInceptionV3):
        def load_state_dict(self, state):
            found.update({name: tuple(tensor.shape) for name, tensor in self.state_dict().items()})

    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/empty.pth"
        torch.save({}, path)
        Listing("inception", ["2048"], feature_extractor_weights_path=path)
    return found


def weights(weight):
    """A file's contents whose tensors are `weight(name, shape)`."""
    return {
        name: torch.tensor(0) if name.endswith("num_batches_tracked") else weight(name, shape)
        for name, shape in shapes().items()
    }


def extractor(path):
    """torch-fidelity's network with the weights in the file."""
    return FeatureExtractorInceptionV3(
        "inception", ["2048", "logits_unbiased"], feature_extractor_weights_path=path
    )


def inception():
    fixture = Fixture("Tests/MetricsTests/Fixtures/inception.safetensors", torch=torch.__version__)
    with tempfile.TemporaryDirectory() as folder:
        torch.save(weights(hashed_weight), f"{folder}/weights.pth")
        network = extractor(f"{folder}/weights.pth")
    for count, height, width in ((1, 299, 299), (1, 28, 28), (2, 64, 48)):
        name = f"{count}x{height}x{width}"
        pictures = torch.from_numpy(hashed.pixels(name, (count, 3, height, width)))
        features, logits = network(pictures)
        fixture.add(
            name,
            {"size": [height, width], "count": count},
            {"features": features.to(torch.float64), "logits": logits.to(torch.float64)},
        )
    return fixture
