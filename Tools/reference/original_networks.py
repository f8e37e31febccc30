"""The networks and games of pix2pix, CycleGAN and CUT by their authors' own code, at a fixed commit of

    https://github.com/taesungp/contrastive-unpaired-translation

whose `models/networks.py` has all three: without anti-aliasing its networks are those of pytorch-CycleGAN-and-pix2pix."""

import importlib
import pathlib
import subprocess
import sys
import tempfile
import types

COMMIT = "b3ac297708dfb6f7589d04662277e53c0d579c27"
FILES = ("networks", "stylegan_networks", "base_model", "patchnce", "cut_model", "cycle_gan_model")


def load(repository, module="networks"):
    """The module `models.MODULE` of the repository, a clone (bare or not), with nothing of it left on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        models, util = pathlib.Path(folder) / "original_models", pathlib.Path(folder) / "util"
        for package, names in ((models, [f"models/{name}.py" for name in FILES]), (util, ["util/image_pool.py"])):
            package.mkdir()
            (package / "__init__.py").touch()
            for name in names:
                command = ["git", "-C", repository, "show", f"{COMMIT}:{name}"]
                (package / pathlib.Path(name).name).write_bytes(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        for known in [name for name in sys.modules if name.split(".")[0] in (models.name, util.name)]:
            del sys.modules[known]
        # The models take from it how to read options, which nothing here has; it would load torchvision.
        sys.modules["util.util"] = types.ModuleType("util.util")
        sys.path.insert(0, folder)
        try:
            return importlib.import_module(f"original_models.{module}")
        finally:
            sys.path.remove(folder)
