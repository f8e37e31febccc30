"""How clean-fid and torch-fidelity bring pictures to 299x299, where they do so themselves."""

import torch
from cleanfid.resize import build_resizer
from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x

import hashed
from fixture import Fixture

# Every so many rows and columns of the result are kept.
STEP = 13


def resize_rules():
    fixture = Fixture("Tests/MetricsTests/Fixtures/resize.safetensors", torch=torch.__version__)
    for height, width in ((28, 28), (32, 32), (64, 48), (299, 64), (299, 299), (300, 298), (400, 500)):
        name = f"{height}x{width}"
        picture = hashed.pixels(name, (height, width, 3))
        clean = torch.from_numpy(build_resizer("clean")(picture)).permute(2, 0, 1)
        levels = torch.from_numpy(picture).permute(2, 0, 1)[None].to(torch.float32)
        legacy = interpolate_bilinear_2d_like_tensorflow1x(levels, size=(299, 299), align_corners=False)[0]
        outputs = {"clean": clean, "legacy": legacy}
        fixture.add(
            name,
            {"size": [height, width], "step": STEP},
            {rule: output[:, ::STEP, ::STEP].to(torch.float64) for rule, output in outputs.items()},
        )
    return fixture
