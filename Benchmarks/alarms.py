"""How often does an alarm come where a game goes wrong, and how often where it goes well? Plays both kinds, with several seeds.

    python3 Benchmarks/alarms.py [--seeds 1,2,3] [--only NAME,...] [--jobs 2] [--keep FOLDER]

Needs `swift build -c release --product gan` and nothing but Python's standard library. Each game is short, on one thread.
Writes ALARMS.md beside this file.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parent
GAN = __import__("os").environ.get("GAN", ".build/release/gan")
SGD = ["generator.optimizer=sgd", "discriminator.optimizer=sgd"]


@dataclasses.dataclass(frozen=True)
class Game:
    """A game that is played with every seed. alarm: the one that it is made to raise, None for a healthy one. also: others
    that are right about it too."""

    name: str
    alarm: str | None
    recipe: str
    data: str
    steps: int
    every: int
    settings: tuple = ()
    also: tuple = ()
    count: int | None = None


def rates(both=None, *, generator=None, discriminator=None):
    chosen = {"generator": generator or both, "discriminator": discriminator or both}
    return tuple(f"{player}.learning_rate={rate}" for player, rate in chosen.items() if rate)


# A game for points of the plane that goes well; mlp's own settings are for pictures.
PLANE = ("base_width=64", "latent_size=4", *rates(generator=2e-4, discriminator=1e-3))
CRITIC = ("objective=wasserstein", "gradient_penalty=1", "critic_steps=2")
UNBOUNDED = (*rates(0.5), "objective=wasserstein", "weight_clip=1000000", *SGD)
SURE = (*rates(discriminator=0.005), "objective=minimax", "critic_steps=5")

GAMES = [
    # Healthy.
    Game("ring8", None, "mlp", "ring8", 4000, 400, PLANE),
    Game("grid25", None, "mlp", "grid25", 4000, 400, PLANE),
    Game("ring8, hinge", None, "mlp", "ring8", 4000, 400, (*PLANE, "objective=hinge")),
    Game("ring8, least squares", None, "mlp", "ring8", 4000, 400, (*PLANE, "objective=least-squares")),
    Game("ring8, WGAN-GP", None, "mlp", "ring8", 2000, 200, (*PLANE, *CRITIC)),
    Game("digits", None, "mlp", "digits", 1000, 125),
    Game("digits, hinge", None, "mlp", "digits", 1000, 125, ("objective=hinge",)),
    Game("digits, least squares", None, "mlp", "digits", 1000, 125, ("objective=least-squares",)),
    Game("digits, dcgan", None, "dcgan", "digits", 400, 50),
    # Made to fail.
    Game("steps too large, ring8", "divergence", "mlp", "ring8", 1000, 200, UNBOUNDED),
    Game("steps too large, digits", "divergence", "mlp", "digits", 500, 100, UNBOUNDED),
    Game("mlp as for pictures, ring8", "discriminator-wins", "mlp", "ring8", 1000, 200),
    Game("D too strong, ring8", "discriminator-wins", "mlp", "ring8", 1000, 200, (*PLANE, *SURE)),
    Game("D too strong, digits", "discriminator-wins", "mlp", "digits", 500, 100, SURE),
    Game("G too fast, ring8", "collapse", "mlp", "ring8", 4000, 250, ("base_width=64", "latent_size=4", *rates(0.002))),
    Game("G too fast, grid25", "collapse", "mlp", "grid25", 4000, 250, ("base_width=64", "latent_size=4", *rates(0.002))),
    Game("few latents, slow, ring8", "collapse", "mlp", "ring8", 4000, 250, ("base_width=64", *rates(3e-4))),
    Game("G too fast, digits", "collapse", "mlp", "digits", 1000, 125, ("objective=minimax", *rates(generator=0.002))),
    Game("D stands still, ring8", "discriminator-loses", "mlp", "ring8", 3000, 300, (*PLANE, *rates(discriminator=1e-7))),
    Game("D stands still, digits", "discriminator-loses", "mlp", "digits", 1000, 125, rates(discriminator=1e-7)),
    Game("32 pictures", "memorisation", "dcgan", "few", 800, 100, ("batch=32",)),
]


def write_idx(path, pictures):
    """Writes `pictures`, lists of rows of bytes, as an IDX file."""
    count, height, width = len(pictures), len(pictures[0]), len(pictures[0][0])
    head = bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4, "big") for n in (count, height, width))
    path.write_bytes(head + b"".join(b"".join(picture) for picture in pictures))


def few_pictures(folder):
    """32 digits to train on, and 1,000 others held out; returns the data source."""
    folder.mkdir()
    for split, name, count in (("train", "train", 32), ("test", "t10k", 1000)):
        export = folder / f"{split}.npy"
        arguments = ["data", "digits", "--split", split, "--export", export, "--count", count]
        subprocess.run([GAN, *map(str, arguments), "--preview", str(folder / "preview.png")], check=True, capture_output=True)
        content = export.read_bytes()
        pixels = content[10 + int.from_bytes(content[8:10], "little") :]
        rows = [pixels[start : start + 28] for start in range(0, count * 28 * 28, 28)]
        pictures = [rows[start : start + 28] for start in range(0, len(rows), 28)]
        write_idx(folder / f"{name}-images-idx3-ubyte", pictures)
        export.unlink()
    return folder / "train-images-idx3-ubyte"


def play(game, seed, folder, few):
    """The alarms of one run, as (kind, step), and its newest metrics."""
    run = folder / f"{game.name.replace(' ', '-').replace(',', '')}-{seed}"
    if not run.exists():
        command = [GAN, "train", game.recipe, "--data", few if game.data == "few" else game.data, "--seed", seed]
        command += ["--steps", game.steps, "--eval-every", game.every, "--threads", 1, "--quiet", "--out", run]
        for setting in game.settings:
            command += ["--set", setting]
        process = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        # 3: a guard gave up, as it should where numbers cease to be finite.
        if process.returncode not in (0, 3):
            sys.exit(f"{' '.join(map(str, command))}\n{process.stderr}")
    events = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    alarms = [(event["alarm"], event["step"]) for event in events if event["event"] == "alarm"]
    judged = [event for event in events if event["event"] == "evaluation"]
    newest = {metric["metric"]: metric["value"] for metric in judged[-1]["metrics"]} if judged else {}
    return alarms, newest


def shown(names):
    counts = collections.Counter(names)
    return ", ".join(name + (f" ({count})" if count > 1 else "") for name, count in sorted(counts.items())) or "none"


def report(results, seeds):
    """The page: a row a game, and the rates."""
    rows, raised, failing, false, healthy = [], collections.Counter(), collections.Counter(), 0, 0
    for game, runs in results.items():
        kinds = [{kind for kind, _ in alarms} for alarms, _ in runs]
        if game.alarm is None:
            healthy += len(runs)
            false += sum(bool(found) for found in kinds)
            first = ""
        else:
            failing[game.alarm] += len(runs)
            raised[game.alarm] += sum(game.alarm in found for found in kinds)
            steps = [min(step for kind, step in alarms if kind == game.alarm) for alarms, _ in runs
                     if any(kind == game.alarm for kind, _ in alarms)]
            first = ", ".join(f"{step:,}" for step in sorted(steps))
        others = shown(kind for found in kinds for kind in found if kind != game.alarm)
        hit = "" if game.alarm is None else f"{sum(game.alarm in found for found in kinds)} of {len(runs)}"
        settings = " ".join(game.settings)
        rows.append(f"| {game.name} | `{game.recipe} --data {'32 digits' if game.data == 'few' else game.data}` {settings} | {game.steps:,} | {game.alarm or 'none'} | {hit} | {first} | {others} |")
    summary = [f"- {kind}: raised in {raised[kind]} of {failing[kind]} runs that were made to fail so." for kind in failing]
    return "\n".join([
        "# Alarms: how often they are right", "",
        f"Written by `python3 Benchmarks/alarms.py`, seeds {', '.join(map(str, seeds))}.", "",
        f"- Healthy runs with any alarm: {false} of {healthy}.", *summary, "",
        "| game | how it is played | steps | alarm that is due | raised | at step | others raised |",
        "|---|---|---|---|---|---|---|", *rows, "",
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--only", help="names of games, or parts of them")
    parser.add_argument("--jobs", type=int, default=2, help="games at a time")
    parser.add_argument("--keep", type=pathlib.Path, help="where the runs stay; those that are there are not played again")
    options = parser.parse_args()
    seeds = [int(seed) for seed in options.seeds.split(",")]
    games = [game for game in GAMES if not options.only or any(part in game.name for part in options.only.split(","))]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        few = folder / "few" / "train-images-idx3-ubyte"
        if not few.exists():
            few = few_pictures(folder / "few")
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            tasks = {game: [pool.submit(play, game, seed, folder, few) for seed in seeds] for game in games}
            results = {game: [task.result() for task in runs] for game, runs in tasks.items()}
    page = report(results, seeds)
    print(page)
    if not options.only:
        (ROOT / "ALARMS.md").write_text(page)


if __name__ == "__main__":
    main()
