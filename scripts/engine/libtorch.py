"""libtorch in the user's cache: where it is, whether it is complete, and how it gets there."""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import zipfile

import pip
from failure import Failure

FREE_BYTES_NEEDED = 1_500_000_000
MANIFEST = "manifest.json"

# What is kept of the wheels: headers, the CPU libraries, the two CUDA libraries they link, and the licences.
KEPT = re.compile(
    r"torch/include/.+"
    r"|torch/lib/lib(torch_cpu|torch_global_deps|c10|gomp)\b[^/]*\.so[^/]*"
    r"|torch/version\.py"
    r"|nvidia/cu13/lib/lib(cudart|cupti)\.so[^/]*"
    r"|[^/]+\.dist-info/licenses/.+"
)


class Pins:
    """What a requirements file asks for: the version of torch, and the hash of every wheel."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except OSError as error:
            raise Failure(f"cannot read the requirements file {path}: {error.strerror}.") from error
        self.hashes = sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", text))
        version = re.search(r"^torch==([0-9.]+)\s", text, re.MULTILINE)
        if version is None:
            raise Failure(f"the requirements file {path} names no torch; it needs a line 'torch==VERSION'.")
        if not self.hashes:
            raise Failure(f"the requirements file {path} names no hash; it needs '--hash=sha256:...' for each wheel.")
        self.version = version[1]


def cache_folder():
    """The folder of swift-gan in the user's cache, by the rule of Package.swift."""
    home = os.environ.get("HOME")
    cache = os.environ.get("XDG_CACHE_HOME") or (home and os.path.join(home, ".cache"))
    if not cache or not os.path.isabs(cache):
        raise Failure("there is no cache folder: set XDG_CACHE_HOME (or HOME) to an absolute path.")
    return os.path.join(cache, "swift-gan")


def check_own(folder, version):
    """Fails unless folder, which the user named in $LIBTORCH, holds that version of libtorch."""
    remedy = "unset LIBTORCH to let scripts/bootstrap fetch the right one, or point it there"
    try:
        with open(os.path.join(folder, "torch", "version.py"), encoding="utf-8") as file:
            found = re.search(r"__version__ = '([^'+]+)", file.read())
    except OSError as error:
        raise Failure(f"LIBTORCH is {folder}, but there is no torch/version.py in it: {remedy}.") from error
    if found is None or found[1] != version:
        raise Failure(
            f"LIBTORCH is {folder}, which holds libtorch {found[1] if found else 'of an unknown version'}, "
            f"but swift-gan needs {version}: {remedy}."
        )


def defect(folder, pins, hashes=False):
    """What is wrong with the libtorch in folder, in a few words; None where it is whole.

    Compares the size of each file with the manifest, and with hashes=True the contents as well.
    """
    try:
        with open(os.path.join(folder, MANIFEST), encoding="utf-8") as file:
            manifest = json.load(file)
        wheels, files = manifest["wheels"], manifest["files"]
    except OSError:
        return "it has no manifest"
    except (ValueError, KeyError, TypeError):
        return "its manifest is damaged"
    if wheels != pins.hashes:
        return "it comes from other wheels"
    for name, (size, digest) in files.items():
        path = os.path.join(folder, name)
        try:
            status = os.stat(path)
        except OSError:
            return f"{name} is missing"
        if not stat.S_ISREG(status.st_mode) or status.st_size != size:
            return f"{name} is not {size} bytes long"
        if hashes and _digest(path) != digest:
            return f"{name} was changed"
    return None


def install(folder, pins, pip_command, log, hashes=False):
    """Puts libtorch into folder, whole or not at all, unless another process has done so in the meantime."""
    with _locked(folder + ".lock") as lock:
        found = defect(folder, pins, hashes)
        if found is None:
            return
        # Only a bootstrap that was killed leaves this: the lock is ours.
        staging = folder + ".staging"
        shutil.rmtree(staging, ignore_errors=True)
        _require_free_space(os.path.dirname(folder))
        if os.path.lexists(folder):
            # The manifest arrives with the folder: without one, somebody else made it, and may be using it.
            if not os.path.lexists(os.path.join(folder, MANIFEST)):
                raise Failure(
                    f"{folder} was not created by scripts/bootstrap, which leaves it alone; "
                    f"set LIBTORCH={folder} to use it, or move it away and run scripts/bootstrap again."
                )
            print(f"libtorch in {folder} is unusable ({found}): installing it again", flush=True)
        try:
            wheels, unpacked = os.path.join(staging, "wheels"), os.path.join(staging, "libtorch")
            os.makedirs(wheels)
            os.makedirs(unpacked)
            print(f"downloading libtorch {pins.version} (544 MB) ...", flush=True)
            pip.download(pip_command, pins.path, wheels, staging, log, lock)
            print("unpacking ...", flush=True)
            _unpack(wheels, unpacked, pins)
            _replace(folder, unpacked, os.path.join(staging, "replaced"))
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextlib.contextmanager
def _locked(path):
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another bootstrap to finish ...", flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _require_free_space(folder):
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES_NEEDED:
        raise Failure(
            f"installing libtorch takes 1.5 GB and {folder} has {free / 1e9:.1f} GB free; "
            "free some, or set XDG_CACHE_HOME to a folder on a larger disk."
        )


def _unpack(wheels, folder, pins):
    files = {}
    for wheel in sorted(os.listdir(wheels)):
        path = os.path.join(wheels, wheel)
        try:
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist():
                    if KEPT.fullmatch(member.filename) and not member.is_dir():
                        extracted = archive.extract(member, folder)
                        files[member.filename] = [member.file_size, _digest(extracted)]
        except zipfile.BadZipFile as error:
            raise Failure(f"the wheel {wheel} is damaged ({error}); check the hashes in {pins.path}.") from error
        os.remove(path)
    if "torch/lib/libtorch_cpu.so" not in files:
        raise Failure(
            f"the wheels in {pins.path} contain no torch/lib/libtorch_cpu.so; restore its original version."
        )
    with open(os.path.join(folder, MANIFEST), "w", encoding="utf-8") as file:
        json.dump({"wheels": pins.hashes, "files": files}, file, indent=0, sort_keys=True)
    # What the rename publishes must be on the disk before it.
    os.sync()


def _replace(folder, new, aside):
    with contextlib.suppress(FileNotFoundError):
        os.rename(folder, aside)
    try:
        os.rename(new, folder)
    except BaseException:
        if os.path.lexists(aside):
            os.rename(aside, folder)
        raise


def _digest(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
