"""What the quality bench says of its records: verdicts, the page, and what `gan recipes` shows."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from quality import expectations, records, verdicts  # noqa: E402
from quality.report import page  # noqa: E402
from quality.rows import ROWS  # noqa: E402
from sample_records import BASELINE, BESIDE, KEPT_BACK, by_key, chase, metric, record  # noqa: E402

RESULTS = pathlib.Path(__file__).resolve().parents[1] / "quality" / "results.json"


class VerdictTest(unittest.TestCase):
    def levels(self, row, *found, contender="auto"):
        shown = {verdicts.NOT_MET: 0, verdicts.MET: 1, verdicts.AIM: 2, verdicts.UNDECIDED: "undecided", None: None}
        return [shown[finding.level] for finding in verdicts.findings(row, by_key(*found), contender)]

    def test_mixtures(self):
        cases = [((8, 0.985, 1.1), 2), ((8, 0.985, 1.3), 1), ((8, 0.9, 0.5), 1), ((8, 0.89, 1), 0), ((7, 0.99, 1), 0)]
        cases.append(((8, 1, None), 0))
        for (modes, quality, spread), level in cases:
            with self.subTest(modes=modes, quality=quality, spread=spread):
                values = {"modes": modes, "quality": quality, "spread": metric(spread)}
                one = record("mixtures", "auto", "ring8", values=values)
                self.assertEqual(self.levels("mixtures", one), [level])

    def test_what_counts_as_collapse_or_divergence(self):
        well = {"fid": 3.0, "precision": 0.6, "recall": 0.5, "class-kl": 0.01}
        alarm = lambda kind: [{"alarm": kind, "step": 5, "evidence": ""}]
        cases = [
            ({}, {}, 2),
            ({"class-kl": 0.1}, {}, 0),
            ({"class-kl": metric(None)}, {}, 0),
            ({"recall": 0.05}, {}, 0),
            ({"precision": 0.05}, {}, 0),
            ({}, {"alarms": alarm("collapse")}, 0),
            ({}, {"alarms": alarm("divergence")}, 0),
            ({}, {"alarms": alarm("discriminator-wins")}, 2),
            ({}, {"rollbacks": 1}, 0),
            ({}, {"exit_status": 3, "reason": "stopped by a guard"}, 0),
        ]
        for values, more, level in cases:
            with self.subTest(values=values, more=more):
                one = record("stability", "auto", "digits", 1, well | values, **more)
                self.assertEqual(self.levels("stability", one), [level])

    def test_the_race_is_judged_by_training_time_and_confirmed(self):
        cases = [
            (chase(1, 35, 4), 2),
            (chase(1, 40, 80), 2),
            (chase(1, 41, 0), 1),
            (chase(1, 121, 0), 0),
            (chase(1, 35, 4, fid=4.1), 0),
            (chase(1, 0, 0, reached=None), 0),
            (chase(1, 35, 4, goal=4.5), "undecided"),
            (chase(1, 35, 4, fid=metric(3.9, fingerprint="other")), "undecided"),
        ]
        for one, level in cases:
            with self.subTest(level=level):
                self.assertEqual(self.levels("race", BASELINE, one), [None, level])

    def test_fid_after_15_minutes(self):
        for fid, level in ((1.4, 2), (1.9, 1), (2.1, 0)):
            one = record("mnist", "auto", "mnist", values={"fid": metric(fid, floor=1.0)})
            self.assertEqual(self.levels("mnist", BASELINE, one), [level])
        self.assertEqual(self.levels("mnist", one), ["undecided"])

    def test_stacked_digits(self):
        for modes, divergence, level in ((1000, 0.05, 2), (1000, 0.06, 1), (990, 0.15, 1), (989, 0.01, 0)):
            one = record("stacked", "auto", "stacked-mnist", values={"modes": modes, "mode-kl": divergence})
            self.assertEqual(self.levels("stacked", one), [level])

    def test_against_dcgan(self):
        peer = record("time15", "dcgan", "cifar10", values={"fid": 9.0})
        for fid, level in ((3.0, 2), (6.0, 1), (6.1, 0)):
            one = record("time15", "auto", "cifar10", values={"fid": fid})
            self.assertEqual(self.levels("time15", one, peer), [level, None])
        self.assertEqual(self.levels("time15", one), ["undecided"])

    def test_nothing_is_asked_of_the_contender_without_classes_and_its_share_is_shown(self):
        peer = record("time15", "dcgan", "cifar10", values={"fid": 9.0})
        told = record("time15", "auto", "cifar10", values={"fid": 3.0})
        kept = record("time15", KEPT_BACK, "cifar10", values={"fid": 8.1}) | {"recipe": "auto"}
        found = verdicts.findings("time15", by_key(told, kept, peer))
        self.assertEqual([finding.level for finding in found], [verdicts.AIM, None, None])
        self.assertIn("0.90 of the peer's", found[1].text)

    def test_without_labels(self):
        others = {"precision": 0.9, "recall": 0.5, "coverage": 0.6}
        for data, cases in {"cifar10": ((3.0, 2), (6.0, 1), (6.1, 0)), "mnist": ((0.09, 2), (0.2, 1), (0.21, 0))}.items():
            peer = record("unlabelled", "dcgan", data, values={"fid": 9.0} | others)
            for fid, level in cases:
                with self.subTest(data=data, fid=fid):
                    one = record("unlabelled", "auto", data, 2, values={"fid": fid} | others)
                    self.assertEqual(self.levels("unlabelled", one, peer), [level, None])
        alone = record("unlabelled", "auto", "cifar10", values={"fid": 1.0} | others)
        self.assertEqual(self.levels("unlabelled", alone), ["undecided"])

    def test_augmentation(self):
        kinds = ("fid", "fid (CIFAR-10's classifier)")
        peer = record("few", "auto augment=none", "tiles", values=dict.fromkeys(kinds, 10.0))
        alarm = [{"alarm": "memorisation", "step": 5, "evidence": ""}]
        cases = [((5, 5), {}, 2), ((5, 9), {}, 1), ((5, 10), {}, 0)]
        cases += [((5, 5), {"alarms": alarm}, 0), ((5, 5), {"evaluations": 1}, "undecided")]
        for fids, more, level in cases:
            with self.subTest(fids=fids, more=more):
                one = record("few", "auto", "tiles", values=dict(zip(kinds, fids)) | {"memorisation": 0.1}, **more)
                self.assertEqual(self.levels("few", one, peer), [level, None])

    def test_the_row_is_as_good_as_its_worst_run(self):
        runs = [*BESIDE, chase(1, 35, 4), chase(2, 100, 4)]
        self.assertEqual(verdicts.verdict("race", by_key(BASELINE, *runs)), "1 run missing, so far goal met")
        self.assertEqual(
            verdicts.verdict("race", by_key(BASELINE, *runs[1:])), "2 runs missing, so far goal met"
        )
        runs.append(chase(3, 300, 4))
        self.assertEqual(verdicts.verdict("race", by_key(BASELINE, *runs)), "not met")
        runs[-1] = chase(3, 35, 4, goal=4.5)
        self.assertEqual(verdicts.verdict("race", by_key(BASELINE, *runs)), "undecided")
        self.assertEqual(verdicts.verdict("race", {}), "not measured yet")

    def test_seeds_beyond_those_asked_are_shown_and_count(self):
        runs = [chase(1, 35, 4), chase(2, 35, 4), chase(3, 35, 4), chase(9, 300, 4), *BESIDE]
        self.assertEqual(self.levels("race", BASELINE, *runs), [None, 2, 2, 2, 0, None, None, None])
        self.assertEqual(verdicts.verdict("race", by_key(BASELINE, *runs)), "not met")

    def test_trials_do_not_count(self):
        one = record("stacked", "auto", "stacked-mnist", values={"modes": 1000, "mode-kl": 0.01}, trial=True)
        self.assertEqual(verdicts.findings("stacked", by_key(one)), [])


class PageTest(unittest.TestCase):
    def test_the_page_says_what_was_measured_and_what_was_not(self):
        modes = {"ring8": 8, "grid25": 24}
        runs = [
            record("mixtures", "auto", data, seed, {"modes": modes[data], "quality": 0.95, "spread": 1.0})
            for data in modes for seed in (1, 2, 3)
        ]  # fmt: skip
        text = page(by_key(BASELINE, chase(1, 50, 6), *runs))
        lines = text.splitlines()
        mixtures = next(line for line in lines if line.startswith("| `ring8`"))
        self.assertIn("ring8, seed 3: 8/8, 95.0%, 1.00", mixtures)
        self.assertIn("grid25, seed 2: 24/25", mixtures)
        self.assertIn("**not met**", mixtures)
        self.assertIn("2026-11-21", mixtures)
        race = next(line for line in lines if line.startswith("| MNIST: time"))
        self.assertIn("mnist, seed 1: 50 s of training (24.0 times as fast), 56 s with evaluations (21.4 times)", race)
        self.assertIn("5 runs missing, so far goal met", race)
        self.assertEqual(text.count("**not measured yet**"), 6)
        self.assertIn('(quality/pictures/mixtures-auto-ring8-1.png)', text)
        self.assertNotIn("mixtures-auto-ring8-2.png", text)

    def test_conditional_runs_are_labelled_and_the_commit_is_named_at_which_a_command_meant_another_game(self):
        told = chase(1, 50.0, 6.0)
        told["chosen"] = told["chosen"] | {"condition_generator": "concatenation"}
        text = page(by_key(BASELINE, told, BESIDE[0]))
        self.assertIn("class-conditional, mnist, seed 1: 50 s", text)
        self.assertIn("`gan train auto --seed 1`, `gan train auto --seed 1` at abc", text)
        new = BESIDE[0] | {"command": "gan train auto --set condition_generator=none"}
        self.assertNotIn(" at abc", page(by_key(BASELINE, new)))

    def test_stability_counts_failures_and_names_them(self):
        well = {"fid": 3.0, "precision": 0.6, "recall": 0.5, "class-kl": 0.01}
        poor = {4: {"recall": 0.01}}
        runs = [record("stability", "auto", "digits", seed, well | poor.get(seed, {})) for seed in range(1, 11)]
        self.assertIn("digits: 1 of 10; seed 4: **recall 0.01**", page(by_key(*runs)))

    def test_without_results_every_row_says_so(self):
        self.assertEqual(page({}).count("**not measured yet**"), sum(bool(row.least) for row in ROWS.values()))


class ExpectationTest(unittest.TestCase):
    def test_what_gan_recipes_shows_is_what_was_measured(self):
        results = records.read(RESULTS)
        self.assertEqual(expectations.PATH.read_text(), expectations.source(results))

    def test_recipes_judged_by_different_classifiers_are_not_set_beside_each_other(self):
        session = [{"peak_memory": 2e9}]
        one = record("recipes", "mlp", "mnist", values={"fid": 8.25}, sessions=session)
        other = record("recipes", "dcgan", "mnist", values={"fid": metric(8.0, fingerprint="other")}, sessions=session)
        with self.assertRaises(SystemExit):
            expectations.source(by_key(one, other))

    def test_a_run_in_two_sessions_has_the_memory_of_the_larger(self):
        sessions = [{}, {"peak_memory": 2e9}, {"peak_memory": 1e9}]
        one = record("recipes", "mlp", "mnist", values={"fid": 8.25}, seconds=50.0, sessions=sessions)
        found = verdicts.expectation(one)
        self.assertEqual(found, {"fid": 8.25, "milliseconds": 50.0, "gigabytes": 2.0})
        self.assertIn('"mlp": Expectation(fid: 8.25, milliseconds: 50, gigabytes: 2)', expectations.source(by_key(one)))
        self.assertIn("MNIST with 2 threads of a processor, float32, 21 November 2026", expectations.source(by_key(one)))


if __name__ == "__main__":
    unittest.main()
