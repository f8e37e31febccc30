"""Which Debian packages the bootstrap asks for, and what it says when it cannot have them."""

import os
import re
import signal
import time
import unittest
from unittest import mock

from fixtures import SCRIPTS, BootstrapTestCase, write_executable

import debian
import libtorch
from failure import Failure


class PackageManifestTests(unittest.TestCase):
    """Package.swift and the bootstrap name the same things."""

    def setUp(self):
        with open(os.path.join(os.path.dirname(SCRIPTS), "Package.swift"), encoding="utf-8") as file:
            self.manifest = file.read()

    def test_system_libraries(self):
        named = dict(re.findall(r'pkgConfig: "([^"]+)", apt: "([^"]+)"', self.manifest))
        self.assertEqual(named, debian.LIBRARIES)

    def test_version_of_libtorch(self):
        pins = libtorch.Pins(os.path.join(SCRIPTS, "libtorch.txt"))
        self.assertIn(f"/swift-gan/libtorch-{pins.version}", self.manifest)
        self.assertEqual(len(pins.hashes), 3)


class AptTests(BootstrapTestCase):
    def fake_apt(self, body):
        """An apt-get that notes what it was asked for."""
        self.calls = os.path.join(self.folder, "calls")
        write_executable(os.path.join(self.tools, "apt-get"), f'echo "$DEBIAN_FRONTEND $*" >>"{self.calls}"\n{body}')

    def asked(self):
        with open(self.calls) as file:
            return file.read().splitlines()

    def lack(self, *libraries):
        alternatives = "|".join(f'*" {library} "*' for library in libraries)
        write_executable(os.path.join(self.tools, "pkg-config"), f'case " $* " in {alternatives}) exit 1;; esac')

    def run_as_root(self):
        # sudo that does nothing but run the rest: the tests need not be root.
        write_executable(os.path.join(self.tools, "sudo"), '[ "$1" = -n ] && shift\nexec "$@"')

    def test_asks_for_what_is_missing_alone(self):
        self.lack("libjpeg", "zlib")
        self.fake_apt("exit 0")
        self.run_as_root()
        self.assert_succeeds(self.bootstrap())
        self.assertEqual(len(self.asked()), 1)
        self.assertRegex(self.asked()[0], "^noninteractive .*install .*libjpeg62-turbo-dev zlib1g-dev$")

    def test_asks_for_pkg_config_with_all_libraries(self):
        os.remove(os.path.join(self.tools, "pkg-config"))
        self.fake_apt("exit 0")
        self.run_as_root()
        self.assert_succeeds(self.bootstrap())
        for package in ["pkg-config", *debian.LIBRARIES.values()]:
            self.assertIn(f" {package}", self.asked()[0])

    def test_fetches_the_lists_where_the_first_try_fails(self):
        self.lack("zlib")
        self.fake_apt(f'[ "$(grep -c . "{self.folder}/calls")" -gt 1 ]')
        os.symlink("/usr/bin/grep", os.path.join(self.tools, "grep"))
        self.run_as_root()
        self.assert_succeeds(self.bootstrap())
        self.assertEqual(
            [re.search("install|update", call)[0] for call in self.asked()], ["install", "update", "install"]
        )

    def test_failing_apt(self):
        self.lack("zlib")
        self.fake_apt("exit 100")
        self.run_as_root()
        self.assert_fails(self.bootstrap(), "apt-get could not install zlib1g-dev")

    def test_an_interruption_lets_apt_finish(self):
        self.lack("zlib")
        os.symlink("/usr/bin/sleep", os.path.join(self.tools, "sleep"))
        self.fake_apt(f'sleep 1\necho finished >>"{self.folder}/calls"')
        self.run_as_root()
        process = self.start()
        self.assertIn("installing zlib1g-dev", process.stdout.readline())
        while not os.path.exists(self.calls):
            self.assertIsNone(process.poll())
            time.sleep(0.02)
        process.terminate()
        _, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM, errors)
        self.assertEqual(self.asked()[1:], ["finished"])
        self.assertFalse(os.path.exists(self.libtorch))

    def test_no_apt(self):
        self.lack("libpng")
        self.assert_fails(self.bootstrap(), "libpng-dev must be installed and there is no apt-get")

    def test_no_pip(self):
        self.assert_fails(self.bootstrap(PYTHONPATH=self.folder_without_pip()), "python3-pip must be installed")

    def test_pip_still_missing_after_apt(self):
        self.fake_apt("exit 0")
        self.run_as_root()
        result = self.bootstrap(PYTHONPATH=self.folder_without_pip())
        self.assert_fails(result, "python3 has no pip")
        self.assertIn("python3-pip", self.asked()[0])

    def test_neither_root_nor_sudo(self):
        self.fake_apt("exit 0")
        with mock.patch.dict(os.environ, PATH=self.tools), mock.patch("os.geteuid", return_value=1000):
            with self.assertRaisesRegex(Failure, "not root and there is no sudo.*apt-get install zlib1g-dev"):
                debian.install(["zlib1g-dev"], os.path.join(self.folder, "apt.log"))
        self.assertFalse(os.path.exists(self.calls))


class DiskTests(BootstrapTestCase):
    def test_too_little_free_space_is_found_before_the_download(self):
        os.makedirs(os.path.dirname(self.libtorch))
        pins = libtorch.Pins(self.requirements)
        usage = mock.Mock(free=libtorch.FREE_BYTES_NEEDED - 1)
        with mock.patch("shutil.disk_usage", return_value=usage), mock.patch("pip.download") as download:
            with self.assertRaisesRegex(Failure, "1.5 GB"):
                libtorch.install(self.libtorch, pins, ["pip"], os.path.join(self.folder, "pip.log"))
        download.assert_not_called()
        self.assertFalse(os.path.exists(self.libtorch))
        self.assert_nothing_staged()


if __name__ == "__main__":
    unittest.main()
