"""Ratios, goals and the page, from results that are made up; needs neither TensorFlow nor PyTorch."""

import copy
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cases import CASES  # noqa: E402
from reach import Goal, fastest, goals, milliseconds, yardstick  # noqa: E402
from report import digits, markdown  # noqa: E402


def contender(program, precision, times, peak=1e9, threads="all"):
    return {
        "name": f"{program} {precision}" + ("" if threads == "all" else f" {threads}"), "program": program,
        "precision": precision, "threads": threads, "milliseconds": times, "peak_bytes": peak,
    }  # fmt: skip


def case(name, contenders, measured="training", statistic="median"):
    return {"name": name, "title": f"Title of {name}", "measured": measured, "batch": 256, "statistic": statistic,
            "load": 0.1, "contenders": contenders}  # fmt: skip


def under_quota(one, medians):
    return one | {"medians": medians}


RESULTS = {
    "date": "2026-11-21T12:00+00:00",
    "machine": {"processor": "a processor", "cores": 2, "memory_gigabytes": 24.0, "system": "Linux 6", "features": []},
    "commit": "0123456789",
    "instructions": "auto",
    "precisions": ["float32", "bfloat16"],
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
        case("reference-64-beside-1", [
            contender("gan", "bfloat16", [100, 90, 110], threads="default"),
            contender("gan", "bfloat16", [80, 80, 80], threads="1"),
            contender("keras", "bfloat16", [160, 170, 150], threads="default"),
        ]),
        case("narrow-64-beside-2", [
            contender("gan", "bfloat16", [40, 44, 30], threads="default"),
            contender("gan", "bfloat16", [36, 45, 39], threads="1"),
        ]),
        case("narrow-64-quota-half", [
            under_quota(contender("gan", "bfloat16", [50, 51, 49], threads="default"), [20, 21, 19]),
            under_quota(contender("gan", "bfloat16", [40, 41, 39], threads="1"), [12, 13, 11]),
        ], statistic="mean"),
        {"name": "mlp-128", "title": "MLP", "measured": "training", "skipped": "not allowed here"},
    ],
}  # fmt: skip


RESTRICTED = RESULTS | {
    "instructions": "avx2", "precisions": ["float32"],
    "cases": [case("reference-64", [contender("gan", "float32", [100]), contender("keras", "float32", [150])])],
}  # fmt: skip
PAGE = markdown({"Zen 5": RESULTS, "AVX2, restricted on Zen 5": RESTRICTED})


def found(name, results=RESULTS):
    return next(goal for goal in goals(results) if goal.what.startswith(name))


class GoalTests(unittest.TestCase):
    def test_the_median_of_rounds_counts(self):
        self.assertEqual(milliseconds(RESULTS["cases"][0]["contenders"][0]), 122)

    def test_best_against_best_in_any_mode(self):
        goal = found("reference step, batch 256, best")
        self.assertAlmostEqual(goal.ratio, 292 / 122)
        self.assertEqual(goal.between, "gan bfloat16 against keras bfloat16")
        self.assertEqual(goal.verdict, "met")

    def test_beside_busy_processes_the_default_threads_count(self):
        goal = found("beside one busy process")
        self.assertAlmostEqual(goal.ratio, 160 / 100)
        self.assertEqual(goal.between, "gan bfloat16 default against keras bfloat16 default")

    def test_never_slower_means_than_one_thread_but_for_the_noise(self):
        goal = found("beside two busy processes")
        self.assertAlmostEqual(goal.ratio, 39 / 40)
        # The quartiles of 0.9, 1.02 and 1.3 are 0.96 and 1.16.
        self.assertEqual(goal.between, "noise of a round: ± 0.10")
        self.assertEqual(goal.verdict, "equal within the noise")
        quota = found("quota of half a CPU")
        self.assertEqual((quota.ratio, quota.verdict), (0.8, "**missed**"))
        self.assertEqual(quota.show(quota.aim), "–")

    def test_without_noise_slower_is_missed(self):
        self.assertEqual(Goal("threads", 0.99, 1, 1.3, noise=0).verdict, "**missed**")
        self.assertEqual(Goal("threads", 1.0, 1, 1.3, noise=0.2).verdict, "met")
        self.assertEqual(Goal("threads", 1.3, 1, None, noise=0.2).verdict, "met")

    def test_restricted_rows_have_goals_of_their_own(self):
        self.assertEqual([(goal.ratio, goal.least, goal.aim) for goal in goals(RESTRICTED)],
                         [(None, 1.3, 2), (1.5, 1.3, 2)])  # fmt: skip

    def test_without_bfloat16_its_goals_fall_away(self):
        plain = RESULTS | {"precisions": ["float32"]}
        self.assertEqual([goal.what for goal in goals(plain) if goal.percent], [])
        self.assertEqual(found("reference step, batch 256", plain).least, 1.3)

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
        complete["cases"] = [
            case(one.name, [contender(them.program, them.precision, [1.0], threads=them.threads)
                            for them in one.contenders]) for one in CASES
        ]  # fmt: skip
        self.assertEqual([goal.what for goal in goals(complete) if goal.ratio is None], [])


class ReportTests(unittest.TestCase):
    def test_the_page_has_every_contender_the_fastest_first(self):
        lines = [line for line in PAGE.splitlines() if line.startswith("| ") and "MB" not in line]
        reference = [line for line in lines if "…" in line][:5]
        self.assertEqual(
            [line.split("|")[1].strip() for line in reference],
            ["**gan bfloat16**", "**gan float32**", "keras bfloat16", "torch bfloat16", "keras float32"],
        )
        self.assertEqual(reference[0], "| **gan bfloat16** | 122 | 90.0 … 130 | 2,098 | 2.39x | 600 |")

    def test_tables_are_as_wide_as_their_heads(self):
        width = None
        for line in PAGE.splitlines():
            if not line.startswith("|"):
                width = None
                continue
            width = width or line.count("|")
            self.assertEqual(line.count("|"), width, line)

    def test_the_best_peer_counts_as_one(self):
        self.assertIn("| keras bfloat16 | 292 | 290 … 299 | 877 | 1.00x | 2000 |", PAGE)
        self.assertEqual(fastest(RESULTS["cases"][0], ours=False)["name"], "keras bfloat16")
        self.assertEqual(yardstick(RESULTS["cases"][0])["name"], "keras bfloat16")

    def test_every_kind_is_named_and_has_a_section_if_measured(self):
        self.assertIn("| [Zen 5](#zen-5) | 2026-11-21 | quota of half a CPU", PAGE)
        restricted = "[AVX2, restricted on Zen 5](#avx2-restricted-on-zen-5)"
        self.assertIn(f"| {restricted} | 2026-11-21 | none of those measured |", PAGE)
        self.assertIn("| Zen 3 | not measured |  |", PAGE)
        self.assertNotIn("restricted on Zen 4", PAGE)
        headings = [line for line in PAGE.splitlines() if line.startswith("## ")]
        self.assertEqual(headings, ["## Zen 5", "## AVX2, restricted on Zen 5"])

    def test_a_skipped_case_says_why(self):
        self.assertIn("### MLP\n\nSkipped: not allowed here.", PAGE)
        self.assertEqual(found("MLP").verdict, "not measured")

    def test_under_a_quota_the_mean_stands_first_and_the_median_beside(self):
        self.assertIn("|  | ms per step, mean | least … most | median | images/s | against one thread |", PAGE)
        self.assertIn("| **gan bfloat16 default** | 50.0 | 49.0 … 51.0 | 20.0 | 5,120 | 0.80x | 1000 |", PAGE)

    def test_digits(self):
        self.assertEqual([digits(time) for time in (1234.4, 99.96, 12.34, 1.234)], ["1234", "100", "12.3", "1.23"])


if __name__ == "__main__":
    unittest.main()
