"""Fetching wheels with pip, which brings mirrors, proxies, certificates and retries as the user has set them up."""

import os
import subprocess
import sys

from failure import Failure

# What pip writes when something common went wrong, in the order to look for it, and the sentence for it.
CAUSES = [
    (
        ["No space left on device"],
        "the disk filled up during the download; free 1.5 GB there and run scripts/bootstrap again",
    ),
    (
        ["DO NOT MATCH THE HASHES"],
        "the checksum of a downloaded file is wrong (cut off, or altered by a mirror or proxy), nothing was installed; "
        "run scripts/bootstrap again; if that does not help, check 'pip config list'",
    ),
    (
        ["IncompleteRead", "Connection broken", "ConnectionResetError", "Read timed out", "incomplete-download"],
        "the download broke off; run scripts/bootstrap again",
    ),
    (
        ["Failed to establish a new connection", "name resolution", "ProxyError", "ConnectTimeout", "SSLError"],
        "the package index cannot be reached; check the network and the proxy (pip's settings are honoured) "
        "and run scripts/bootstrap again",
    ),
]


def command():
    """How to call a pip that works, or None where there is none."""
    # A python3 from elsewhere does not see the pip that apt-get installs: that one belongs to the system's python3.
    for python in dict.fromkeys([sys.executable, "/usr/bin/python3"]):
        try:
            found = subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
        except FileNotFoundError:
            found = False
        if found:
            return [python, "-m", "pip"]
    return None


def download(pip, requirements, destination, temporary, log, lock):
    """Downloads the wheels of a requirements file, each checked against its hash.

    pip: what command() returned. destination, temporary: folders, the latter for pip's own files. log: gets everything
    that pip says. lock: a file descriptor that pip keeps open, so that the lock on it lasts as long as pip writes.
    """
    terminal = sys.stdout.isatty()
    arguments = [
        *pip, "download", "--no-deps", "--require-hashes", "--only-binary=:all:",
        "--implementation", "cp", "--python-version", "3.11",
        "--platform", "manylinux_2_28_x86_64",
        "--platform", "manylinux_2_25_x86_64",
        "--platform", "manylinux_2_17_x86_64",
        "--platform", "manylinux2014_x86_64",
        # pip's cache would need half a gigabyte more, on a disk that nobody checked.
        "--no-cache-dir", "--no-input", "--disable-pip-version-check",
        *([] if terminal else ["--progress-bar", "off"]),
        "--log", log, "--dest", destination, "--requirement", requirements,
    ]  # fmt: skip
    # What an earlier download met must not be taken for this one's failure.
    with open(log, "wb"):
        pass
    with open(log, "ab") as output:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=None if terminal else output,
            stderr=output,
            env={**os.environ, "TMPDIR": temporary},
            pass_fds=[lock],
        )
        try:
            status = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if status != 0:
        raise Failure(f"{_cause(log)} (pip's log: {log}).")


def _cause(log):
    with open(log, encoding="utf-8", errors="replace") as file:
        said = file.read()
    for signs, sentence in CAUSES:
        if any(sign in said for sign in signs):
            return sentence
    return "pip could not download libtorch; its log says why; fix that and run scripts/bootstrap again"
