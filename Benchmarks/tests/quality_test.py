"""Logs, interruptions, verdicts and the page of the quality bench. `gan` is a program of a few lines here."""

import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from quality import expectations, play, records, runlog, verdicts  # noqa: E402
from quality.material import split_tiles  # noqa: E402
from quality.place import Place  # noqa: E402
from quality.report import page  # noqa: E402
from quality.rows import ROWS  # noqa: E402

MEASURE = pathlib.Path(__file__).resolve().parents[1] / "quality" / "measure.py"
# Trains one step a session and is interrupted by a signal until the third; keeps a list of what it was asked.
STAND_IN = f"""#!{sys.executable}
import json, pathlib, sys
words = sys.argv[1:]
with (pathlib.Path(__file__).parent / "asked.txt").open("a") as asked:
    asked.write(" ".join(words) + "\\n")
if words[0] in ("train", "resume"):
    run = pathlib.Path(words[words.index("--out") + 1] if words[0] == "train" else words[1])
    (run / "checkpoints").mkdir(parents=True, exist_ok=True)
    (run / "recipe.json").write_text(json.dumps({{"settings": {{"network": "mlp", "batch": 8}}}}))
    log = run / "log.jsonl"
    step = 1 + (len(log.read_text().splitlines()) if log.exists() else 0)
    (run / "checkpoints" / f"step-{{step:09}}.safetensors").write_text("")
    (run / "samples.png").write_text("picture")
    status = 0 if step == 3 else 143
    end = {{"event": "end", "step": step, "seconds": step / 2, "reason": "a reason", "exit_status": status}}
    with log.open("a") as file:
        file.write(json.dumps(end) + "\\n")
    sys.exit(status)
elif words[0] == "evaluate":
    for name, value in (("modes", 8), ("quality", 0.985), ("spread", None)):
        print(json.dumps({{"metric": name, "value": value, "deviation": 0.1, "n_real": 0, "n_fake": 10, "extractor": "plane",
                          "fingerprint": "f" * 64, "data_fingerprint": "d", "seed": 1}}))
else:
    print("swift-gan 1.0")
"""


def evaluation(step, fid, seconds, cost):
    return {"event": "evaluation", "step": step, "seconds": seconds, "total_cost_seconds": cost,
            "metrics": [{"metric": "fid", "value": fid}]}  # fmt: skip


def over(status=0):
    return {"event": "end", "step": 9, "seconds": 5.0, "reason": "completed", "exit_status": status}


def metric(number, **more):
    found = {"value": number, "deviation": 0.01, "floor": None, "n_real": 60000, "n_fake": 10000, "extractor": "classifier",
             "fingerprint": "f" * 64, "data_fingerprint": "d", "seed": 1}  # fmt: skip
    return found | more


def record(row, name, data, seed=1, values=None, **more):
    return {
        "row": row, "name": name, "data": data, "seed": seed, "recipe": name, "command": f"gan train {name} --seed {seed}",
        "judged_by": ["gan evaluate RUN"], "date": "2026-11-21T18:00:00+00:00", "commit": "abc", "threads": 2,
        "gan": {"version": "swift-gan 1.0", "sha256": "0"}, "machine": {"processor": "a processor", "cores": 2},
        "sessions": [{"wall_seconds": 70.0, "load_before": 0.1, "cores_of_others": 0.2}], "wall_seconds": 70.0,
        "steps": 1000, "seconds": 60.0, "evaluation_seconds": 3.0, "evaluations": 3, "reason": "completed", "exit_status": 0,
        "alarms": [], "rollbacks": 0, "chosen": {"network": "dcgan", "batch": 64, "base_width": 64, "precision": "float32"},
        "values": {name: found if isinstance(found, dict) else metric(found) for name, found in (values or {}).items()},
        "picture": f"{row}-{name}-{data}-{seed}.png", **more,
    }  # fmt: skip


def by_key(*all_records):
    return {records.key(one): one for one in all_records}


BASELINE = record("race", "dcgan-keras", "mnist", values={"fid": 4.0}, seconds=1200.0)


def chase(seed, seconds, cost, fid=3.9, **more):
    reached = {"step": 100, "value": 3.95, "seconds": seconds, "evaluation_seconds": cost}
    return record("race", "auto", "mnist", seed, {"fid": fid}, **{"goal": 4.0, "reached": reached} | more)


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def write_log(self, *events, state=True):
        run = self.folder / "run"
        (run / "checkpoints").mkdir(parents=True, exist_ok=True)
        (run / "log.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
        if state:
            (run / "recipe.json").write_text(json.dumps({"settings": {"network": "mlp", "r1": 1, "batch": 32}}))
            (run / "checkpoints" / "step-000000000.safetensors").write_text("")
        return run


class LogTest(Folder):
    def test_a_line_cut_short_is_passed_over(self):
        run = self.write_log({"event": "step", "step": 1})
        with (run / "log.jsonl").open("a") as file:
            file.write('{"event":"st')
        self.assertEqual(runlog.read(run), [{"event": "step", "step": 1}])

    def test_summary(self):
        alarm = {"event": "alarm", "step": 3, "alarm": "collapse", "evidence": "recall", "advice": "a slower G"}
        events = [evaluation(2, 9.0, 1.0, 0.5), evaluation(4, 8.0, 2.0, 1.5), alarm, {"event": "rollback", "step": 1}, over()]
        run = self.write_log(*events)
        summary = runlog.summary(run, runlog.read(run))
        self.assertEqual((summary["seconds"], summary["evaluation_seconds"], summary["evaluations"]), (5.0, 1.5, 2))
        self.assertEqual(summary["alarms"], [{"alarm": "collapse", "step": 3, "evidence": "recall"}])
        self.assertEqual((summary["rollbacks"], summary["chosen"]), (1, {"network": "mlp", "batch": 32}))

    def test_the_time_until_a_goal_is_that_of_the_first_evaluation_below_it(self):
        values = ((100, 9), (200, None), (300, 3.9), (400, 3))
        events = [evaluation(step, fid, step / 10, step / 50) for step, fid in values]
        found = runlog.reached(events, "fid", 4)
        self.assertEqual((found["step"], found["seconds"], found["evaluation_seconds"]), (300, 30, 6))
        self.assertIsNone(runlog.reached(events, "fid", 3))

    def test_what_is_done_with_a_folder(self):
        self.assertEqual(runlog.next_move(self.folder / "none", []), "train")
        cases = [
            ("judge", [over()], True),
            ("judge", [over(3)], True),
            ("resume", [over(143)], True),
            ("resume", [{"event": "step", "step": 1}], True),
            ("resume", [over(), {"event": "resume", "step": 9}], True),
            ("resume", [], True),
        ]
        for move, events, state in cases:
            with self.subTest(events=events):
                run = self.write_log(*events, state=state)
                self.assertEqual(runlog.next_move(run, runlog.read(run)), move)

    def test_a_run_that_saved_nothing_begins_anew(self):
        run = self.write_log({"event": "start", "step": 0}, state=False)
        self.assertEqual(runlog.next_move(run, runlog.read(run)), "train")


class RecordsTest(Folder):
    def test_records_come_back(self):
        path = self.folder / "deeper" / "results.json"
        records.write(path, by_key(BASELINE, chase(1, 50, 5)))
        self.assertEqual(records.read(path), by_key(BASELINE, chase(1, 50, 5)))
        self.assertEqual(records.read(self.folder / "none.json"), {})

    def test_a_write_that_fails_leaves_the_old_file_alone(self):
        path = self.folder / "results.json"
        records.write_atomically(path, "old")
        with self.assertRaises(UnicodeEncodeError):
            records.write_atomically(path, "new \ud800")
        self.assertEqual(path.read_text(), "old")
        self.assertEqual([one.name for one in self.folder.iterdir()], ["results.json"])

    def test_two_measurements_do_not_run_beside_each_other(self):
        with records.alone(self.folder), self.assertRaises(SystemExit), records.alone(self.folder):
            pass


class PlanTest(unittest.TestCase):
    def test_as_many_runs_as_are_asked_and_none_twice(self):
        numbers = {name: len(row.planned()) for name, row in ROWS.items()}
        asked = {"mixtures": 6, "stability": 20, "race": 7, "mnist": 2, "stacked": 1, "time15": 6, "few": 2, "recipes": 13}
        self.assertEqual(numbers, asked)
        keys = [run.key for row in ROWS.values() for run in row.planned()]
        self.assertEqual(len(set(keys)), len(keys))
        self.assertEqual(len({run.folder for row in ROWS.values() for run in row.planned()}), len(keys))

    def test_the_peer_may_be_the_contender(self):
        self.assertEqual([run.name for run in ROWS["time15"].planned("dcgan")], ["dcgan", "dcgan"])

    def test_words_of_training(self):
        place = Place(*map(pathlib.Path, ("gan", "/data", "/work", "/pictures")), 2, "bfloat16")
        baseline, chasing = ROWS["race"].planned()[:2]
        self.assertIn("--steps 11700", " ".join(play.training_words(baseline, place)))
        words = play.training_words(chasing, place, BASELINE)
        self.assertIn("--precision bfloat16 --until fid<3.8 --minutes 2", " ".join(words))
        self.assertIn("mnist:/data/mnist", place.filled(words))
        trial = dataclasses.replace(place, minutes=0.1)
        self.assertEqual(play.training_words(baseline, trial)[-2:], ["--minutes", "0.1"])

    def test_every_eighth_tile_is_held_out(self):
        with tempfile.TemporaryDirectory() as name:
            source, target = pathlib.Path(name, "from"), pathlib.Path(name, "to")
            for index in range(17):
                path = source / f"kind{index % 3}" / f"{index}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("")
            split_tiles(source, target)
            train, test = ({one.resolve() for one in (target / part).iterdir()} for part in ("train", "test"))
            self.assertEqual((len(train), len(test), len(train | test)), (15, 2, 17))


class MeasureTest(Folder):
    """The whole way, with the stand-in."""

    def measure(self, *more):
        command = self.folder / "gan"
        command.write_text(STAND_IN)
        command.chmod(0o755)
        words = [sys.executable, "-B", MEASURE, "mixtures", "--seeds", "7", "--gan", command, "--work", self.folder / "work"]
        words += ["--results", self.folder / "results.json", *more]
        return subprocess.run(list(map(str, words)), capture_output=True, text=True)

    def asked(self):
        return [line.split()[0] for line in (self.folder / "asked.txt").read_text().splitlines()]

    def test_what_was_interrupted_is_gone_on_with_and_what_is_done_is_not_repeated(self):
        results, kept = self.folder / "results.json", []
        # Each of the two runs is interrupted twice.
        for _ in range(4):
            process = self.measure()
            if process.returncode:
                self.assertIn("goes on with it", process.stderr)
            kept.append(len(records.read(results)))
        self.assertEqual(kept, [0, 0, 1, 1])
        self.assertEqual(self.measure().returncode, 0)
        found = records.read(results)
        self.assertEqual(sorted(found), [("mixtures", "auto", "grid25", 7), ("mixtures", "auto", "ring8", 7)])
        one = found["mixtures", "auto", "ring8", 7]
        self.assertEqual((one["steps"], one["seconds"], one["reason"], len(one["sessions"])), (3, 1.5, "a reason", 3))
        self.assertIsNone(one["wall_seconds"])
        self.assertEqual((self.folder / "pictures" / one["picture"]).read_text(), "picture")
        self.assertNotIn(str(self.folder), json.dumps(one))
        self.assertEqual([word for word in self.asked() if word in ("train", "resume")], ["train", "resume", "resume"] * 2)
        before = len(self.asked())
        self.assertEqual(self.measure().returncode, 0)
        self.assertEqual(len(self.asked()), before)
        # Anew: the run before is forgotten.
        self.measure("--again")
        self.assertEqual(self.asked()[-1], "train")
        self.assertEqual(records.read(results), {})

    def test_a_trial_is_no_result(self):
        for _ in range(2):
            # Interrupted in its first session; a trial begins anew.
            self.assertNotEqual(self.measure("--minutes", "0.1").returncode, 0)
            self.assertEqual(self.asked()[-1], "train")
        self.assertFalse((self.folder / "results.json").exists())

    def test_a_run_begun_by_another_command_is_not_gone_on_with(self):
        self.measure()
        process = self.measure("--threads", "99")
        self.assertIn("was begun by another command", process.stderr)


class VerdictTest(unittest.TestCase):
    def levels(self, row, *found, contender="auto"):
        shown = {verdicts.NOT_MET: 0, verdicts.MET: 1, verdicts.AIM: 2, verdicts.UNTOLD: "untold", None: None}
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
            (chase(1, 35, 4, goal=4.5), "untold"),
            (chase(1, 35, 4, fid=metric(3.9, fingerprint="other")), "untold"),
        ]
        for one, level in cases:
            with self.subTest(level=level):
                self.assertEqual(self.levels("race", BASELINE, one), [None, level])

    def test_fid_after_15_minutes(self):
        for fid, level in ((1.4, 2), (1.9, 1), (2.1, 0)):
            one = record("mnist", "auto", "mnist", values={"fid": metric(fid, floor=1.0)})
            self.assertEqual(self.levels("mnist", BASELINE, one), [level])
        self.assertEqual(self.levels("mnist", one), ["untold"])

    def test_stacked_digits(self):
        for modes, divergence, level in ((1000, 0.05, 2), (1000, 0.06, 1), (990, 0.15, 1), (989, 0.01, 0)):
            one = record("stacked", "auto", "stacked-mnist", values={"modes": modes, "mode-kl": divergence})
            self.assertEqual(self.levels("stacked", one), [level])

    def test_against_dcgan(self):
        peer = record("time15", "dcgan", "cifar10", values={"fid": 9.0})
        for fid, level in ((3.0, 2), (6.0, 1), (6.1, 0)):
            one = record("time15", "auto", "cifar10", values={"fid": fid})
            self.assertEqual(self.levels("time15", one, peer), [level, None])
        self.assertEqual(self.levels("time15", one), ["untold"])

    def test_nothing_is_asked_of_the_contender_without_classes_and_its_share_is_shown(self):
        name = "auto condition_generator=none"
        peer = record("time15", "dcgan", "cifar10", values={"fid": 9.0})
        told = record("time15", "auto", "cifar10", values={"fid": 3.0})
        kept = record("time15", name, "cifar10", values={"fid": 8.1}) | {"recipe": "auto"}
        found = verdicts.findings("time15", by_key(told, kept, peer))
        self.assertEqual([finding.level for finding in found], [verdicts.AIM, None, None])
        self.assertIn("0.90 of the peer's", found[1].text)
        slow = chase(1, 300, 4) | {"name": name, "recipe": "auto"}
        self.assertEqual(self.levels("race", BASELINE, chase(1, 35, 4), slow), [None, 2, None])

    def test_augmentation(self):
        kinds = ("fid", "fid (CIFAR-10's classifier)")
        peer = record("few", "auto augment=none", "tiles", values=dict.fromkeys(kinds, 10.0))
        alarm = [{"alarm": "memorisation", "step": 5, "evidence": ""}]
        cases = [((5, 5), {}, 2), ((5, 9), {}, 1), ((5, 10), {}, 0)]
        cases += [((5, 5), {"alarms": alarm}, 0), ((5, 5), {"evaluations": 1}, "untold")]
        for fids, more, level in cases:
            with self.subTest(fids=fids, more=more):
                one = record("few", "auto", "tiles", values=dict(zip(kinds, fids)) | {"memorisation": 0.1}, **more)
                self.assertEqual(self.levels("few", one, peer), [level, None])

    def test_the_row_is_as_good_as_its_worst_run(self):
        runs = [chase(1, 35, 4), chase(2, 100, 4)]
        self.assertEqual(verdicts.verdict("race", by_key(BASELINE, *runs)), "1 run to come, so far at least met, the aim not")
        runs.append(chase(3, 300, 4))
        self.assertEqual(verdicts.verdict("race", by_key(BASELINE, *runs)), "not met")
        runs[2] = chase(3, 35, 4, goal=4.5)
        self.assertEqual(verdicts.verdict("race", by_key(BASELINE, *runs)), "cannot be told yet")
        self.assertEqual(verdicts.verdict("race", {}), "not measured yet")

    def test_seeds_beyond_those_asked_are_shown_and_count(self):
        runs = [chase(1, 35, 4), chase(2, 35, 4), chase(3, 35, 4), chase(9, 300, 4)]
        self.assertEqual(self.levels("race", BASELINE, *runs), [None, 2, 2, 2, 0])
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
        self.assertIn("mnist, seed 1: 50 s of training (24.0 times quicker), 56 s with its evaluations (21.4 times)", race)
        self.assertIn("2 runs to come, so far at least met, the aim not", race)
        self.assertEqual(text.count("**not measured yet**"), 5)
        self.assertIn('(quality/pictures/mixtures-auto-ring8-1.png)', text)
        self.assertNotIn("mixtures-auto-ring8-2.png", text)

    def test_stability_counts_failures_and_names_them(self):
        well = {"fid": 3.0, "precision": 0.6, "recall": 0.5, "class-kl": 0.01}
        poor = {4: {"recall": 0.01}}
        runs = [record("stability", "auto", "digits", seed, well | poor.get(seed, {})) for seed in range(1, 11)]
        self.assertIn("digits: 1 of 10; seed 4: **recall 0.01**", page(by_key(*runs)))

    def test_without_results_every_row_says_so(self):
        self.assertEqual(page({}).count("**not measured yet**"), sum(bool(row.least) for row in ROWS.values()))


class ExpectationTest(unittest.TestCase):
    def test_what_gan_recipes_shows_is_what_was_measured(self):
        results = records.read(MEASURE.parent / "results.json")
        self.assertEqual(expectations.PATH.read_text(), expectations.source(results))

    def test_a_run_in_two_sessions_has_the_memory_of_the_larger(self):
        sessions = [{}, {"peak_memory": 2e9}, {"peak_memory": 1e9}]
        one = record("recipes", "mlp", "mnist", values={"fid": 8.25}, seconds=50.0, sessions=sessions)
        found = verdicts.expectation(one)
        self.assertEqual(found, {"fid": 8.25, "milliseconds": 50.0, "gigabytes": 2.0})
        self.assertIn('"mlp": Expectation(fid: 8.25, milliseconds: 50, gigabytes: 2)', expectations.source(by_key(one)))
        self.assertIn("MNIST with 2 threads of a processor, float32, 21 November 2026", expectations.source(by_key(one)))


if __name__ == "__main__":
    unittest.main()
