"""Prepares this machine for building swift-gan: installs missing Debian packages, and libtorch in the user's cache."""

import sys

if sys.version_info < (3, 8):
    sys.exit("bootstrap: python3 is older than 3.8; install a newer one and run scripts/bootstrap again.")

import argparse
import errno
import os
import signal

import debian
import libtorch
import pip
from failure import Failure, Interrupted

REQUIREMENTS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "libtorch.txt")


def main():
    options = parse_options()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        bootstrap(options)
    except Failure as failure:
        sys.exit(f"bootstrap: {failure}")
    except OSError as error:
        sys.exit(f"bootstrap: {sentence(error)}")
    except Interrupted as interrupted:
        print("bootstrap: interrupted; nothing is left half-installed; run scripts/bootstrap again.", file=sys.stderr)
        sys.exit(128 + interrupted.signal_number)


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/bootstrap",
        description=__doc__,
        epilog="libtorch goes to swift-gan/libtorch-VERSION under $XDG_CACHE_HOME or ~/.cache; if LIBTORCH is "
        "set, the libtorch in that folder is checked and used instead. pip's settings (PIP_INDEX_URL, PIP_PROXY, "
        "PIP_CERT, pip.conf, ...) are honoured.",
    )
    parser.add_argument(
        "--verify", action="store_true", help="compare the contents of every file of libtorch, not only the sizes"
    )
    parser.add_argument(
        "--requirements",
        metavar="FILE",
        default=REQUIREMENTS,
        help="the wheels to take, with their hashes (scripts/libtorch.txt)",
    )
    return parser.parse_args()


def interrupt(number, _):
    # Cleaning up takes a moment: a second signal must not cut it short.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Interrupted(number)


def bootstrap(options):
    pins = libtorch.Pins(options.requirements)
    own = os.environ.get("LIBTORCH")
    cache = libtorch.cache_folder()
    folder = own if own is not None else os.path.join(cache, f"libtorch-{pins.version}")
    packages = debian.missing_packages()
    if own is not None:
        libtorch.check_own(own, pins.version)
    wanted = own is None and libtorch.defect(folder, pins, options.verify) is not None
    pip_command = pip.command() if wanted else None
    if wanted and pip_command is None:
        packages.append("python3-pip")

    if packages or wanted:
        os.makedirs(cache, exist_ok=True)
    if packages:
        debian.install(packages, os.path.join(cache, "apt.log"))
    if wanted:
        pip_command = pip_command or pip.command()
        if pip_command is None:
            raise Failure(
                "python3 has no pip although python3-pip is installed; make 'python3 -m pip' work and run scripts/bootstrap again."
            )
        libtorch.install(folder, pins, pip_command, os.path.join(cache, "pip.log"), options.verify)
    print(f"libtorch {pins.version} is in {folder}")


def sentence(error):
    where = error.filename or "the cache"
    if error.errno == errno.ENOSPC:
        return f"the disk is full ({where}); free 1.5 GB there and run scripts/bootstrap again."
    return f"{where}: {error.strerror or error}; fix that and run scripts/bootstrap again."


main()
