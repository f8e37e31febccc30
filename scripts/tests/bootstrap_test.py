"""scripts/bootstrap against wheels made here, without network: every failure is one sentence and leaves nothing."""

import fcntl
import os
import resource
import signal
import unittest

from fixtures import BootstrapTestCase, write_executable

MEGABYTE = 1 << 20


class InstallTests(BootstrapTestCase):
    def test_installs_what_is_kept_and_nothing_else(self):
        self.assert_succeeds(self.bootstrap())
        self.assertEqual(
            self.installed_files(),
            [
                "manifest.json",
                "nvidia/cu13/lib/libcudart.so.13",
                "torch-2.11.0.dist-info/licenses/LICENSE",
                "torch/include/ATen/ATen.h",
                "torch/lib/libc10.so",
                "torch/lib/libgomp.so.1",
                "torch/lib/libtorch_cpu.so",
                "torch/lib/libtorch_global_deps.so",
                "torch/version.py",
            ],
        )
        self.assert_nothing_staged()

    def test_second_run_needs_neither_network_nor_pip(self):
        self.assert_succeeds(self.bootstrap())
        self.assert_succeeds(self.bootstrap(PIP_FIND_LINKS="", PYTHONPATH=self.folder_without_pip()))

    def test_a_missing_or_shortened_file_is_installed_again(self):
        self.assert_succeeds(self.bootstrap())
        for name, damage in [
            ("torch/lib/libc10.so", os.remove),
            ("torch/version.py", lambda path: os.truncate(path, 3)),
        ]:
            with self.subTest(name):
                damage(os.path.join(self.libtorch, name))
                result = self.bootstrap()
                self.assert_succeeds(result)
                self.assertIn(name, result.stdout)
                self.assertGreater(os.path.getsize(os.path.join(self.libtorch, name)), 3)
                self.assert_nothing_staged()

    def test_verify_finds_a_change_of_the_same_length(self):
        self.assert_succeeds(self.bootstrap())
        path = os.path.join(self.libtorch, "torch/lib/libc10.so")
        with open(path, "r+b") as file:
            first = file.read(1)
            file.seek(0)
            file.write(bytes([first[0] ^ 1]))
        self.assertNotIn("downloading", self.bootstrap().stdout)
        result = self.bootstrap("--verify")
        self.assert_succeeds(result)
        self.assertIn("libc10.so was changed", result.stdout)
        with open(path, "rb") as file:
            self.assertEqual(file.read(1), first)

    def test_a_damaged_manifest_is_replaced(self):
        self.assert_succeeds(self.bootstrap())
        for text in ["{", "{}", "[]"]:
            with self.subTest(text):
                with open(os.path.join(self.libtorch, "manifest.json"), "w") as file:
                    file.write(text)
                self.assertIn("manifest is damaged", self.bootstrap().stdout)

    def test_a_folder_that_bootstrap_did_not_make_is_left_alone(self):
        precious = os.path.join(self.libtorch, "torch", "precious")
        os.makedirs(os.path.dirname(precious))
        with open(precious, "w"):
            pass
        self.assert_fails(self.bootstrap(), "was not created by scripts/bootstrap", installed=True)
        self.assertTrue(os.path.exists(precious))

    def test_two_at_once_install_once(self):
        first, second = self.start(), self.start()
        outputs = [process.communicate(timeout=60) for process in (first, second)]
        self.assertEqual([first.returncode, second.returncode], [0, 0], outputs)
        self.assertEqual(sum("downloading" in output for output, _ in outputs), 1)
        self.assert_nothing_staged()


class FailureTests(BootstrapTestCase):
    def test_wrong_checksum(self):
        self.build_wheels(comment="altered after the hashes were taken", keep_requirements=True)
        self.assert_fails(self.bootstrap(), "checksum")

    def test_truncated_wheel(self):
        os.truncate(self.torch_wheel, os.path.getsize(self.torch_wheel) // 2)
        self.assert_fails(self.bootstrap(), "checksum")

    def test_download_that_breaks_off(self):
        index = self.serve_index(truncate=True)
        result = self.bootstrap(PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=index, PIP_RETRIES="0")
        # Which of the two depends on whether this pip compares the length that the server promised.
        self.assert_fails(result, "checksum", "broke off")

    def test_no_network(self):
        result = self.bootstrap(
            PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL="http://127.0.0.1:1/simple", PIP_RETRIES="0"
        )
        self.assert_fails(result, "cannot be reached")

    def test_file_that_cannot_be_written(self):
        # The zeros fit under the limit while packed, not unpacked: writing fails in the middle, as on a full disk.
        self.build_wheels(library=bytes(16 * MEGABYTE))
        result = self.bootstrap(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, MEGABYTE)))
        self.assert_fails(result, "File too large")

    def test_cache_that_cannot_be_made(self):
        with open(self.cache, "w"):
            pass
        self.assert_fails(self.bootstrap(), self.cache)

    def test_relative_cache(self):
        self.assert_fails(self.bootstrap(XDG_CACHE_HOME="cache"), "absolute")

    def test_requirements_without_hashes(self):
        with open(self.requirements, "w") as file:
            file.write("torch==2.11.0 \n")
        self.assert_fails(self.bootstrap(), "names no hash")

    def test_requirements_that_are_not_there(self):
        os.remove(self.requirements)
        self.assert_fails(self.bootstrap(), self.requirements)

    def test_other_architecture(self):
        write_executable(os.path.join(self.tools, "uname"), "echo Linux riscv64")
        self.assert_fails(self.bootstrap(), "riscv64")

    def test_no_python(self):
        os.remove(os.path.join(self.tools, "python3"))
        self.assert_fails(self.bootstrap(), "python3 is missing")


class OwnLibtorchTests(BootstrapTestCase):
    def own(self, version):
        folder = os.path.join(self.folder, "own")
        os.makedirs(os.path.join(folder, "torch"))
        with open(os.path.join(folder, "torch", "version.py"), "w") as file:
            file.write(f"__version__ = '{version}'\n")
        return folder

    def test_right_version_is_used(self):
        self.assert_succeeds(self.bootstrap(LIBTORCH=self.own("2.11.0+cu130")))
        self.assertFalse(os.path.exists(self.libtorch))

    def test_other_version_is_refused(self):
        self.assert_fails(self.bootstrap(LIBTORCH=self.own("2.1.0")), "2.1.0")

    def test_folder_without_libtorch_is_refused(self):
        self.assert_fails(self.bootstrap(LIBTORCH=os.path.join(self.folder, "nowhere")), "nowhere")


class InterruptionTests(BootstrapTestCase):
    def start_stalled(self):
        """A bootstrap whose download has begun and never ends."""
        index = self.serve_index(stall=True)
        process = self.start(PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=index)
        self.assertTrue(self.wheel_requested.wait(30), "pip asked for no wheel")
        self.assertTrue(os.path.exists(self.libtorch + ".staging"))
        return process

    def test_signals_leave_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number.name):
                process = self.start_stalled()
                process.send_signal(number)
                _, errors = process.communicate(timeout=30)
                self.assertEqual(process.returncode, 128 + number)
                self.assertEqual(errors.count("\n"), 1, errors)
                self.assertFalse(os.path.exists(self.libtorch))
                self.assert_nothing_staged()

    def test_after_a_kill_the_next_run_cleans_up(self):
        process = self.start_stalled()
        process.kill()
        process.communicate(timeout=30)
        self.assertTrue(os.path.exists(self.libtorch + ".staging"))
        # pip outlives the killed bootstrap and holds its lock until the download ends.
        self.wheels_released.set()
        self.assert_succeeds(self.bootstrap())
        self.assert_nothing_staged()

    def test_waits_for_the_lock(self):
        os.makedirs(os.path.dirname(self.libtorch))
        with open(self.libtorch + ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            process = self.start()
            line = process.stdout.readline()
            self.assertIn("waiting for another bootstrap", line)
            self.assertFalse(os.path.exists(self.libtorch))
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, errors)
        self.assertIn("downloading", output)


if __name__ == "__main__":
    unittest.main()
