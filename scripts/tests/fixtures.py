"""A bootstrap that sees only what a test gives it: tiny wheels, a few tools on its PATH, a cache of its own."""

import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import zipfile

SCRIPTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(SCRIPTS, "engine"))

import pip  # noqa: E402 (the bootstrap's own module of that name)

TORCH_WHEEL = "torch-2.11.0-cp311-cp311-manylinux_2_28_x86_64.whl"
RUNTIME_WHEEL = "nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"


def write_executable(path, body):
    if os.path.lexists(path):
        os.remove(path)
    with open(path, "w") as file:
        file.write(f"#!/bin/sh\n{body}\n")
    os.chmod(path, 0o755)


class BootstrapTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        command = pip.command()
        if command is None:
            raise unittest.SkipTest(
                "no python3 here has pip, which the bootstrap installs only where libtorch is missing"
            )
        cls.python = command[0]

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="bootstrap-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.cache = os.path.join(self.folder, "cache")
        self.libtorch = os.path.join(self.cache, "swift-gan", "libtorch-2.11.0")
        self.wheels = os.path.join(self.folder, "wheels")
        self.tools = os.path.join(self.folder, "tools")
        self.requirements = os.path.join(self.folder, "requirements.txt")
        self.torch_wheel = os.path.join(self.wheels, TORCH_WHEEL)
        os.makedirs(self.wheels)
        os.makedirs(self.tools)
        write_executable(os.path.join(self.tools, "uname"), "echo Linux x86_64")
        write_executable(os.path.join(self.tools, "python3"), f'exec "{self.python}" "$@"')
        write_executable(os.path.join(self.tools, "pkg-config"), "exit 0")
        os.symlink("/usr/bin/env", os.path.join(self.tools, "env"))
        self.build_wheels()

    # What the bootstrap finds.

    def build_wheels(self, library=b"\x7fELF cpu", comment="", keep_requirements=False):
        """Writes the two wheels, and the requirements file with their hashes."""
        torch = {
            "torch/version.py": b"__version__ = '2.11.0+cu130'\n",
            "torch/include/ATen/ATen.h": b"#pragma once\n",
            "torch/lib/libtorch_cpu.so": library,
            "torch/lib/libc10.so": b"\x7fELF c10",
            "torch/lib/libgomp.so.1": b"\x7fELF gomp",
            "torch/lib/libtorch_global_deps.so": b"\x7fELF deps",
            "torch/lib/libtorch_cuda.so": b"\x7fELF cuda",
            "torch/lib/libc10_cuda.so": b"\x7fELF c10 cuda",
            "torch/nn/functional.py": b"pass\n",
            "torch-2.11.0.dist-info/licenses/LICENSE": b"a licence\n",
        }
        runtime = {
            "nvidia/cu13/lib/libcudart.so.13": b"\x7fELF cudart",
            "nvidia/cu13/lib/libcudart_static.a": b"!<arch>",
        }
        digests = {
            "torch==2.11.0": self.build_wheel(TORCH_WHEEL, torch, comment),
            "nvidia-cuda-runtime==13.0.96": self.build_wheel(RUNTIME_WHEEL, runtime),
        }
        if not keep_requirements:
            with open(self.requirements, "w") as file:
                for name, digest in digests.items():
                    file.write(f"{name} --hash=sha256:{digest}\n")

    def build_wheel(self, wheel, files, comment=""):
        name, version = wheel.split("-")[:2]
        path = os.path.join(self.wheels, wheel)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.comment = comment.encode()
            for file, contents in files.items():
                archive.writestr(file, contents)
            metadata = f"{name}-{version}.dist-info"
            archive.writestr(f"{metadata}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            archive.writestr(f"{metadata}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\n")
            archive.writestr(f"{metadata}/RECORD", "")
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

    def serve_index(self, truncate=False, stall=False):
        """Serves the wheels as a package index on this machine, each cut in half or stalled there: its address."""
        wheels = self.wheels
        requested = self.wheel_requested = threading.Event()
        released = self.wheels_released = threading.Event()
        if not stall:
            released.set()

        class Index(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.rstrip("/").rsplit("/", 1)[1]
                if name.endswith(".whl"):
                    with open(os.path.join(wheels, name), "rb") as file:
                        body = file.read()
                    half = len(body) // 2
                    self.answer("application/octet-stream", body[:half], len(body))
                    requested.set()
                    released.wait(60)
                    self.wfile.write(b"" if truncate else body[half:])
                else:
                    prefix = name.replace("-", "_") + "-"
                    links = "".join(f'<a href="/{w}">{w}</a>' for w in os.listdir(wheels) if w.startswith(prefix))
                    page = f"<!DOCTYPE html><html><body>{links}</body></html>".encode()
                    self.answer("text/html", page, len(page))

            def answer(self, kind, body, length):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            def handle(self):
                try:
                    super().handle()
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # pip was ended: that is what some tests do

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.addCleanup(released.set)
        return f"http://127.0.0.1:{server.server_address[1]}/simple"

    def folder_without_pip(self):
        """A folder for PYTHONPATH which hides pip."""
        folder = os.path.join(self.folder, "without-pip")
        os.makedirs(os.path.join(folder, "pip"))
        with open(os.path.join(folder, "pip", "__init__.py"), "w") as file:
            file.write("raise ImportError('hidden')\n")
        return folder

    # Running it.

    def environment(self, changes):
        return {
            "PATH": self.tools,
            "HOME": os.path.join(self.folder, "home"),
            "XDG_CACHE_HOME": self.cache,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels,
            **changes,
        }

    def bootstrap(self, *arguments, preexec_fn=None, **changes):
        return subprocess.run(
            [os.path.join(SCRIPTS, "bootstrap"), "--requirements", self.requirements, *arguments],
            env=self.environment(changes),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            preexec_fn=preexec_fn,
        )

    def start(self, **changes):
        process = subprocess.Popen(
            [os.path.join(SCRIPTS, "bootstrap"), "--requirements", self.requirements],
            env=self.environment(changes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    # What must hold afterwards.

    def installed_files(self):
        return sorted(
            os.path.relpath(os.path.join(folder, name), self.libtorch)
            for folder, _, names in os.walk(self.libtorch)
            for name in names
        )

    def assert_succeeds(self, result):
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
        self.assertIn("libtorch 2.11.0 is in ", result.stdout)

    def assert_fails(self, result, *either, installed=False):
        """Holds where the bootstrap ended with one sentence that has one of these words, and left nothing behind."""
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertTrue(result.stderr.startswith("bootstrap: "), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertTrue(any(words in result.stderr for words in either), result.stderr)
        self.assertEqual(os.path.exists(self.libtorch), installed)
        self.assert_nothing_staged()

    def assert_nothing_staged(self):
        self.assertFalse(os.path.exists(self.libtorch + ".staging"))
