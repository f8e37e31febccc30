"""The networks of pix2pix, CycleGAN and CUT by their authors' own code, at a fixed commit of

    https://github.com/taesungp/contrastive-unpaired-translation

whose `models/networks.py` has all three: without anti-aliasing its networks are those of pytorch-CycleGAN-and-pix2pix."""

import pathlib
import subprocess
import sys
import tempfile

COMMIT = "b3ac297708dfb6f7589d04662277e53c0d579c27"


def load(repository):
    """The module `models.networks` of the repository, a clone (bare or not), with nothing of it left on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        package = pathlib.Path(folder) / "original_models"
        package.mkdir()
        (package / "__init__.py").touch()
        for name in ("networks.py", "stylegan_networks.py"):
            command = ["git", "-C", repository, "show", f"{COMMIT}:models/{name}"]
            (package / name).write_bytes(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        sys.path.insert(0, folder)
        try:
            from original_models import networks
        finally:
            sys.path.remove(folder)
    return networks
