"""Splits, colours, distances, plans, records and verdicts of the bench of translations. `gan` and the peers' Python are programs of
a few lines here."""

import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "pictures")]

from pictures import splits, verdicts  # noqa: E402
from pictures.rows import PACES, ROWS  # noqa: E402
from quality.verdicts import AIM, MET, NOT_MET, UNDECIDED  # noqa: E402

try:
    import numpy as np

    import distances
    import palette
except ImportError:
    np = None
needs_numpy = unittest.skipIf(np is None, "numpy is not installed for this Python")

MEASURE = ROOT / "pictures/measure.py"
# Does what was asked of either program, and keeps a list of it.
STAND_IN = f"""#!{sys.executable}
import json, pathlib, sys
words = sys.argv[1:]
here = pathlib.Path(__file__).parent
with (here / "asked.txt").open("a") as asked:
    asked.write(" ".join(words) + "\\n")
name = pathlib.Path(words[0]).name
out = pathlib.Path(words[words.index("--out") + 1]) if "--out" in words else None
if name == "material.py":
    (out / "test/truth").mkdir(parents=True)
elif name == "judge.py":
    print(json.dumps({{"l1": 0.25}}))
elif name == "train":
    out.mkdir()
    (out / "recipe.json").write_text(json.dumps({{"settings": {{"batch": 4}}}}))
    end = {{"event": "end", "step": 7, "seconds": 600.0, "reason": "completed", "exit_status": 0}}
    (out / "log.jsonl").write_text(json.dumps(end) + "\\n")
elif name == "pix2pix.py":
    print(json.dumps({{"steps": 9, "seconds": 601.0, "milliseconds": 60.0, "precision": "float32", "torch": "2"}}))
elif name == "bench":
    print(json.dumps({{"milliseconds_per_step": 40.0}}))
elif name == "version":
    print("swift-gan 1.0")
"""


class Splits(unittest.TestCase):
    def test_what_trains_does_not_judge_and_collections_share_no_picture(self):
        facades = (splits.FACADES_PHOTOS, splits.FACADES_LABELS, splits.FACADES_TEST)
        for sets in (facades, (splits.FACADES_TRAIN, splits.FACADES_TEST), (splits.FASHION_EDGES, splits.FASHION_PHOTOS)):
            for one, other in itertools.combinations(sets, 2):
                self.assertFalse(set(one) & set(other))
        self.assertEqual(sorted([*splits.FACADES_TRAIN, *splits.FACADES_TEST]), list(range(500)))
        self.assertEqual(sorted([*splits.FACADES_PHOTOS, *splits.FACADES_LABELS]), list(splits.FACADES_TRAIN))


@needs_numpy
class Colours(unittest.TestCase):
    def test_every_colour_is_its_own_class_and_noise_keeps_it(self):
        noise = np.random.default_rng(1).integers(-9, 10, (50, *palette.COLOURS.shape))
        noisy = np.clip(palette.COLOURS + noise, 0, 255).astype(np.uint8)
        self.assertTrue((palette.classes(noisy) == np.arange(12)).all())

    def test_scores_of_a_worked_example(self):
        truth, found = np.array([[0, 0, 0, 1]]), np.array([[0, 0, 1, 1]])
        matrix = palette.confusion(truth, found)
        self.assertEqual((matrix[0, 0], matrix[0, 1], matrix[1, 1], matrix.sum()), (2, 1, 1, 4))
        scores = palette.scores(matrix)
        self.assertAlmostEqual(scores["pixel-accuracy"], 3 / 4)
        self.assertAlmostEqual(scores["class-accuracy"], (2 / 3 + 1) / 2)
        # Classes that do not occur in the truth do not count.
        self.assertAlmostEqual(scores["iou"], (2 / 3 + 1 / 2) / 2)


@needs_numpy
class Distances(unittest.TestCase):
    def test_l1_and_psnr_are_in_the_units_that_they_say(self):
        black, white = np.zeros((1, 4, 4, 3), np.uint8), np.full((1, 4, 4, 3), 255, np.uint8)
        self.assertEqual(distances.l1(black, white)[0], 2)
        self.assertEqual(distances.psnr(black, white)[0], 0)
        self.assertAlmostEqual(distances.psnr(black, black + 51)[0], 20 * np.log10(5))
        picture = np.random.default_rng(1).integers(0, 256, (2, 9, 7, 3), dtype=np.uint8)
        for other, correlation in ((picture, 1), (255 - picture, -1), (picture // 2 + 9, 1)):
            np.testing.assert_allclose(distances.brightness(other, picture), correlation, atol=1e-4)

    def test_kid_leaves_out_the_products_of_a_picture_with_itself(self):
        random = np.random.default_rng(1)
        x, y = random.normal(size=(5, 3)), random.normal(size=(4, 3))
        kernel = lambda a, b: (a @ b / 3 + 1) ** 3
        within = lambda rows: np.mean([kernel(a, b) for a, b in itertools.permutations(rows, 2)])
        between = np.mean([kernel(a, b) for a in x for b in y])
        self.assertAlmostEqual(distances.kid(x, y), within(x) + within(y) - 2 * between)

    def test_kid_of_the_same_distribution_is_0_on_average(self):
        random = np.random.default_rng(2)
        values = [distances.kid(*random.normal(size=(2, 20, 8))) for _ in range(400)]
        self.assertLess(abs(np.mean(values)), 3 * np.std(values) / 20)
        self.assertGreater(distances.kid(random.normal(size=(20, 8)), random.normal(1, 1, (20, 8))), 10 * np.std(values))


def record(row, name, seed=1, **values):
    return {"row": row, "name": name, "data": ROWS[row].material, "seed": seed, "values": values}


def by_key(*records):
    return {(one["row"], one["name"], one["data"], one["seed"]): one for one in records}


class Verdicts(unittest.TestCase):
    PEER = {"l1": 0.3, "alex": 0.3, "vgg": 0.3, "kid": 1.0, "segmentation": 0.5}

    def level(self, ours, third=None):
        found = [record("facades-64", "peer", **self.PEER), record("facades-64", "auto", **self.PEER | ours)]
        found += [record("facades-64", "auto third", **self.PEER | third)] if third is not None else []
        return verdicts.finding("facades-64", by_key(*found)).level

    def test_better_in_two_and_worse_in_none(self):
        self.assertEqual(self.level({"kid": 0.5, "segmentation": 0.6}), MET)
        self.assertEqual(self.level({"kid": 0.5}), NOT_MET)
        self.assertEqual(self.level({"kid": 0.5, "segmentation": 0.6, "l1": 0.301}), NOT_MET)
        # A perceptual distance is better only by both networks.
        self.assertEqual(self.level({"kid": 0.5, "alex": 0.2}), NOT_MET)
        self.assertEqual(self.level({"kid": 0.5, "alex": 0.2, "vgg": 0.2}), MET)
        self.assertEqual(self.level({"kid": 0.5, "segmentation": 0.6, "alex": 0.2, "vgg": 0.31}), NOT_MET)

    def test_better_in_all_and_no_worse_in_a_third_of_the_time(self):
        all_better = {"l1": 0.2, "alex": 0.2, "vgg": 0.2, "kid": 0.5, "segmentation": 0.6}
        self.assertEqual(self.level(all_better), MET)
        self.assertEqual(self.level(all_better, {}), AIM)
        self.assertEqual(self.level(all_better, {"l1": 0.31}), MET)

    def test_means_over_seeds_count_and_trials_do_not(self):
        found = by_key(
            record("facades-64", "peer", 1, **self.PEER),
            *(record("facades-64", "auto", seed, **self.PEER | {"kid": kid, "segmentation": 0.6}) for seed, kid in ((1, 0.2), (2, 1.7))),
        )
        self.assertEqual(verdicts.finding("facades-64", found).level, MET)
        for one in found.values():
            one["trial"] = True
        self.assertEqual(verdicts.finding("facades-64", found).level, UNDECIDED)

    def test_both_games_must_reach_their_peers(self):
        def level(cyclegan, cut, half=None):
            found = [record("unpaired-facades", name, **{"pixel-accuracy": value, "l1": 1 - value})
                     for name, value in (("cyclegan", cyclegan), ("cut", cut), ("cyclegan peer", 0.5), ("cut peer", 0.5))]  # fmt: skip
            found += [record("unpaired-facades", f"{game} half", **{"pixel-accuracy": half, "l1": 2})
                      for game in ("cyclegan", "cut") if half]  # fmt: skip
            return verdicts.finding("unpaired-facades", by_key(*found)).level

        self.assertEqual(level(0.5, 0.6), MET)
        self.assertEqual(level(0.6, 0.49), NOT_MET)
        self.assertEqual(level(0.6, 0.6, 0.5), AIM)
        self.assertEqual(level(0.6, 0.6, 0.4), MET)

    def test_the_slower_step_decides(self):
        def level(*ratios):
            found = [{"row": "steps", "name": pace.name, "data": pace.material, "seed": 1,
                      "milliseconds": {"gan": [10, 9, 11], "peer": [10 * ratio, 500, 1]}}
                     for pace, ratio in zip(PACES, ratios)]  # fmt: skip
            return verdicts.finding("steps", by_key(*found)).level

        self.assertEqual([level(1.5, 1.6), level(2, 1.2), level(2, 1.0), level(2)], [AIM, MET, NOT_MET, UNDECIDED])


class Measuring(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        for name in ("gan", "python"):
            (self.folder / name).write_text(STAND_IN)
            (self.folder / name).chmod(0o755)

    def measure(self, *words):
        given = {"--gan": "gan", "--python": "python", "--work": "work", "--data": ".", "--results": "results.json"}
        options = [word for option, name in given.items() for word in (option, str(self.folder / name))]
        return subprocess.run([sys.executable, MEASURE, *options, *words], check=True, capture_output=True, text=True)

    def asked(self):
        return [pathlib.Path(line.split()[0]).name for line in (self.folder / "asked.txt").read_text().splitlines()]

    def test_both_sides_train_and_are_judged_and_what_is_recorded_is_not_repeated(self):
        words = ("facades-64", "--seeds", "4", "--runs", "truth,peer,auto")
        self.measure(*words)
        found = {one["name"]: one for one in json.loads((self.folder / "results.json").read_text())}
        self.assertEqual({name: one.get("steps") for name, one in found.items()}, {"truth": None, "peer": 9, "auto": 7})
        self.assertEqual([found[name]["seed"] for name in ("truth", "peer", "auto")], [1, 4, 4])
        self.assertTrue(all(one["values"] == {"l1": 0.25} for one in found.values()))
        self.assertNotIn(str(self.folder), json.dumps(found))
        self.assertIn("--minutes 10 --seed 4", found["auto"]["command"])
        before = self.asked()
        self.assertEqual([before.count(one) for one in ("material.py", "train", "apply", "pix2pix.py", "judge.py")], [1, 1, 1, 1, 3])
        self.measure(*words)
        self.assertEqual([one for one in self.asked()[len(before) :] if one != "sheet.py"], [])

    def test_a_trial_is_no_result(self):
        self.measure("facades-64", "--seeds", "1", "--runs", "peer", "--minutes", "0.1")
        self.assertFalse((self.folder / "results.json").exists())
        self.assertTrue(json.loads((self.folder / "work/trials.json").read_text())[0]["trial"])


if __name__ == "__main__":
    unittest.main()
