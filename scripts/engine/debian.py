"""The Debian packages that building swift-gan needs."""

import os
import shutil
import subprocess

from failure import Failure

# What pkg-config calls a library, and the package that brings it: the system libraries of Package.swift.
LIBRARIES = {
    "libpng": "libpng-dev",
    "libjpeg": "libjpeg62-turbo-dev",
    "zlib": "zlib1g-dev",
    "libcrypto": "libssl-dev",
}


def missing_packages():
    """The names of the packages without which Package.swift does not build here."""
    if shutil.which("pkg-config") is None:
        return ["pkg-config", *LIBRARIES.values()]

    def exist(libraries):
        return subprocess.run(["pkg-config", "--exists", *libraries], stderr=subprocess.DEVNULL).returncode == 0

    if exist(LIBRARIES):
        return []
    return [package for library, package in LIBRARIES.items() if not exist([library])]


def install(packages, log):
    """Installs packages with apt-get, through sudo where the user is not root; its output goes to the file log."""
    names = " ".join(packages)
    command = _apt_get(names)
    print(f"installing {names} with apt-get ...", flush=True)
    with open(log, "wb") as output:

        def run(*arguments):
            # Left by an interruption, this still waits: dpkg cut off in the middle leaves packages half-configured.
            with subprocess.Popen(
                [*command, *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            ) as process:
                return process.wait()

        arguments = ["install", "--yes", "--no-install-recommends", *packages]
        # The lists of a fresh machine are empty, those of an old one stale: fetch them where they prove to be.
        if run(*arguments) != 0 and (run("update"), run(*arguments))[1] != 0:
            raise Failure(
                f"apt-get could not install {names} ({log} says why); install them and run scripts/bootstrap again."
            )


def _apt_get(names):
    if shutil.which("apt-get") is None:
        raise Failure(
            f"{names} must be installed and there is no apt-get here; "
            "install the corresponding packages of your system and run scripts/bootstrap again."
        )
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    if os.geteuid() == 0:
        return command
    if shutil.which("sudo") is None:
        raise Failure(
            f"{names} must be installed, but you are not root and there is no sudo; "
            f"run 'apt-get install {names}' as root, then scripts/bootstrap again."
        )
    # Without a terminal nobody can type a password: fail, do not wait.
    return ["sudo", *([] if os.isatty(0) else ["-n"]), *command]
