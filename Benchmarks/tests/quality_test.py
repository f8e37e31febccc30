"""Logs, interruptions, plans and records of the quality bench. `gan` is a program of a few lines here."""

import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from quality import play, records, runlog  # noqa: E402
from quality.material import split_tiles  # noqa: E402
from quality.place import Place  # noqa: E402
from quality.rows import ROWS  # noqa: E402
from sample_records import BASELINE, by_key, chase  # noqa: E402

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
        asked = {"mixtures": 6, "stability": 20, "race": 7, "mnist": 2, "stacked": 1, "time15": 6, "unlabelled": 12}
        asked |= {"few": 2, "recipes": 16}
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
        withheld = ROWS["unlabelled"].planned()[0]
        self.assertEqual(withheld.source, "mnist")
        words = " ".join(place.filled(play.training_words(withheld, place)))
        self.assertIn(f"train auto --data {place.work}/unlabelled/mnist.npy", words)
        kept = [run for run in ROWS["time15"].planned() if run.name.endswith("condition_generator=none")]
        self.assertEqual([run.source for run in kept], ["fashion-mnist", "cifar10"])
        for run in kept:
            self.assertIn("train auto --data", " ".join(play.training_words(run, place)))
            self.assertIn("--set condition_generator=none", " ".join(play.training_words(run, place)))
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
        if not command.exists():
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

    def test_a_run_begun_by_another_build_is_not_gone_on_with(self):
        self.measure()
        with (self.folder / "gan").open("a") as program:
            program.write("# Another build.\n")
        self.assertIn("was begun by another build", self.measure().stderr)


if __name__ == "__main__":
    unittest.main()
