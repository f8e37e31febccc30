"""Ratios, goals and the page, from results that are made up; needs neither TensorFlow nor PyTorch."""

import copy
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cases import CASES  # noqa: E402
from reach import Goal, fastest, goals, milliseconds  # noqa: E402
from report import digits, markdown  # noqa: E402


def contender(program, precision, times, peak=1e9):
    return {
        "name": f"{program} {precision}", "program": program, "precision": precision, "milliseconds": times,
        "peak_bytes": peak,
    }  # fmt: skip


def case(name, contenders, measured="training"):
    return {"name": name, "title": f"Title of {name}", "measured": measured, "batch": 256, "load": 0.1,
            "contenders": contenders}  # fmt: skip


RESULTS = {
    "date": "2026-11-21T12:00+00:00",
    "machine": {"processor": "a processor", "cores": 2, "memory_gigabytes": 24.0, "system": "Linux 6", "features": []},
    "threads": 2,
    "rounds": 3,
    "versions": {"swift-gan": "0.2", "torch": "2.13.0"},
    "gemm": {"float32": 500.0, "bfloat16": 1000.0},
    "check": [{"network": "mlp", "update": "alternating", "name": "PyTorch", "deviation": 2e-6,
               "where": "generator/fc1.bias", "tolerance": 1e-4}],
    "cases": [
        case("reference-256", [
            contender("gan", "bfloat16", [130, 90, 122], peak=600e6), contender("gan", "float32", [250, 251, 249]),
            contender("keras", "bfloat16", [292, 290, 299], peak=2e9), contender("keras", "float32", [330, 330, 330]),
            contender("torch", "bfloat16", [305, 305, 305], peak=1e9),
        ]),
        case("start", [
            contender("gan", "bfloat16", [400]), contender("keras", "float32", [900]),
            contender("torch", "float32", [3000]),
        ], measured="start"),
    ],
}  # fmt: skip


def found(name):
    return next(goal for goal in goals(RESULTS) if goal.what.startswith(name))


class GoalTests(unittest.TestCase):
    def test_the_median_of_rounds_counts(self):
        self.assertEqual(milliseconds(RESULTS["cases"][0]["contenders"][0]), 122)

    def test_best_against_best_in_any_mode(self):
        goal = found("reference step, batch 256, best")
        self.assertAlmostEqual(goal.ratio, 292 / 122)
        self.assertEqual(goal.between, "gan bfloat16 against keras bfloat16")
        self.assertEqual(goal.verdict, "met")

    def test_float32_against_float32(self):
        goal = found("reference step, batch 256, float32")
        self.assertAlmostEqual(goal.ratio, 330 / 250)

    def test_the_start_is_held_against_pytorch(self):
        self.assertAlmostEqual(found("process start").ratio, 7.5)
        self.assertEqual(found("process start").verdict, "stretch goal met")

    def test_memory_of_our_fastest_against_the_leanest_peer(self):
        goal = found("peak memory")
        self.assertAlmostEqual(goal.ratio, 0.6)
        self.assertEqual(goal.verdict, "met")

    def test_nominal_rate(self):
        goal = found("nominal rate")
        self.assertAlmostEqual(goal.ratio, 1.0)
        self.assertEqual(goal.show(goal.ratio), "100 %")

    def test_what_was_not_run_is_not_measured(self):
        self.assertEqual(found("MLP").verdict, "not measured")

    def test_a_missed_goal_is_reported(self):
        self.assertEqual(Goal("speed", 1.19, 1.2, 1.5).verdict, "**missed**")
        self.assertEqual(Goal("memory", 0.71, 0.7, 0.5, smaller=True).verdict, "**missed**")
        self.assertEqual(Goal("memory", 0.5, 0.7, 0.5, smaller=True).verdict, "stretch goal met")

    def test_every_goal_has_a_case(self):
        complete = copy.deepcopy(RESULTS)
        complete["cases"] = [RESULTS["cases"][0] | {"name": one.name} for one in CASES]
        self.assertEqual([goal.what for goal in goals(complete) if goal.ratio is None], [])


class ReportTests(unittest.TestCase):
    def test_the_page_has_every_contender_the_fastest_first(self):
        lines = [line for line in markdown(RESULTS).splitlines() if line.startswith("| ") and "MB" not in line]
        reference = [line for line in lines if "…" in line][:5]
        self.assertEqual(
            [line.split("|")[1].strip() for line in reference],
            ["**gan bfloat16**", "**gan float32**", "keras bfloat16", "torch bfloat16", "keras float32"],
        )
        self.assertEqual(reference[0], "| **gan bfloat16** | 122 | 90.0 … 130 | 2,098 | 2.39x | 600 |")

    def test_tables_are_as_wide_as_their_heads(self):
        width = None
        for line in markdown(RESULTS).splitlines():
            if not line.startswith("|"):
                width = None
                continue
            width = width or line.count("|")
            self.assertEqual(line.count("|"), width, line)

    def test_the_best_peer_counts_as_one(self):
        self.assertIn("| keras bfloat16 | 292 | 290 … 299 | 877 | 1.00x | 2000 |", markdown(RESULTS))
        self.assertEqual(fastest(RESULTS["cases"][0], ours=False)["name"], "keras bfloat16")

    def test_digits(self):
        self.assertEqual([digits(time) for time in (1234.4, 99.96, 12.34, 1.234)], ["1234", "100", "12.3", "1.23"])


if __name__ == "__main__":
    unittest.main()
