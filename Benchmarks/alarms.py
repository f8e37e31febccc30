"""How often does an alarm come where a game goes wrong, and how often where it goes well? Plays both kinds, by seeds.

    python3 Benchmarks/alarms.py [--seeds 1,2,3] [--only NAME,...] [--jobs 2] [--keep FOLDER]

Needs `swift build -c release --product gan` and nothing but Python's standard library. Each game is short, on one
thread. Writes ALARMS.md beside this file.
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
GAN = ".build/release/gan"
SGD = ["generator.optimizer=sgd", "discriminator.optimizer=sgd"]


@dataclasses.dataclass(frozen=True)
class Game:
    """A game that is played with every seed. alarm: the one that it is made to raise, None for a healthy one. every:
    steps between evaluations."""

    name: str
    alarm: str | None
    recipe: str
    data: str
    steps: int
    every: int
    settings: tuple = ()


def rates(both=None, *, generator=None, discriminator=None):
    chosen = {"generator": generator or both, "discriminator": discriminator or both}
    return tuple(f"{player}.learning_rate={rate}" for player, rate in chosen.items() if rate)


# A game for points of the plane that goes well; mlp's own settings are for pictures.
PLANE = ("base_width=64", "latent_size=4", *rates(generator=2e-4, discriminator=1e-3))
CRITIC = ("objective=wasserstein", "gradient_penalty=1", "critic_steps=2")
UNBOUNDED = (*rates(0.5), "objective=wasserstein", "weight_clip=1000000", *SGD)
NARROW = ("base_width=64", *rates(3e-4))
STILL = rates(discriminator=1e-7)
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
    Game("digits, dcgan", None, "dcgan", "digits", 600, 100),
    # Made to fail.
    Game("steps too large, ring8", "divergence", "mlp", "ring8", 400, 200, UNBOUNDED),
    Game("steps too large, digits", "divergence", "mlp", "digits", 200, 100, UNBOUNDED),
    Game("mlp as for pictures, ring8", "discriminator-wins", "mlp", "ring8", 600, 200),
    Game("D too strong, ring8", "discriminator-wins", "mlp", "ring8", 600, 200, SURE),
    Game("D too strong, digits", "discriminator-wins", "mlp", "digits", 300, 100, SURE),
    Game("100 latents, ring8", "collapse", "mlp", "ring8", 4000, 250, NARROW),
    Game("100 latents, ring8, hinge", "collapse", "mlp", "ring8", 4000, 250, (*NARROW, "objective=hinge")),
    Game("one latent, digits", "collapse", "mlp", "digits", 1800, 150, ("latent_size=1",)),
    Game("D stands still, ring8", "discriminator-loses", "mlp", "ring8", 1500, 300, (*PLANE, *STILL)),
    Game("D stands still, digits", "discriminator-loses", "mlp", "digits", 600, 100, STILL),
    Game("32 pictures", "memorisation", "mlp", "few", 2000, 200, ("batch=32",)),
]


def write_idx(path, pictures):
    """Writes `pictures`, lists of rows of bytes, as an IDX file."""
    count, height, width = len(pictures), len(pictures[0]), len(pictures[0][0])
    head = bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4, "big") for n in (count, height, width))
    path.write_bytes(head + b"".join(b"".join(picture) for picture in pictures))


def few_pictures(gan, folder):
    """32 digits to train on, and 1,000 others held out; returns the data source."""
    folder.mkdir()
    for split, name, count in (("train", "train", 32), ("test", "t10k", 1000)):
        export = folder / f"{split}.npy"
        arguments = ["data", "digits", "--split", split, "--count", count, "--export", export]
        arguments += ["--preview", folder / "preview.png"]
        subprocess.run([gan, *map(str, arguments)], check=True, capture_output=True)
        content = export.read_bytes()
        pixels = content[10 + int.from_bytes(content[8:10], "little") :]
        rows = [pixels[start : start + 28] for start in range(0, count * 28 * 28, 28)]
        pictures = [rows[start : start + 28] for start in range(0, len(rows), 28)]
        write_idx(folder / f"{name}-images-idx3-ubyte", pictures)
        export.unlink()
    return folder / "train-images-idx3-ubyte"


def play(gan, game, seed, folder, few):
    """The alarms of one run, as (kind, step)."""
    run = folder / f"{game.name.replace(' ', '-').replace(',', '')}-{seed}"
    if not run.exists():
        command = [gan, "train", game.recipe, "--data", few if game.data == "few" else game.data, "--seed", seed]
        command += ["--steps", game.steps, "--eval-every", game.every, "--threads", 1, "--quiet", "--out", run]
        for setting in game.settings:
            command += ["--set", setting]
        process = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        # 3: a guard gave up, as it should where numbers cease to be finite.
        if process.returncode not in (0, 3):
            sys.exit(f"{' '.join(map(str, command))}\n{process.stderr}")
    events = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return [(event["alarm"], event["step"]) for event in events if event["event"] == "alarm"]


def shown(names):
    counts = collections.Counter(names)
    return ", ".join(name + (f" ({count})" if count > 1 else "") for name, count in sorted(counts.items())) or "none"


def row(game, runs):
    """The table's row of a game, of whose runs the alarms are given as (kind, step)."""
    raised = [[step for kind, step in alarms if kind == game.alarm] for alarms in runs]
    steps = sorted(min(found) for found in raised if found)
    data = "32 digits" if game.data == "few" else game.data
    cells = [
        game.name,
        f"`{game.recipe} --data {data}` {' '.join(game.settings)}",
        f"{game.steps:,}",
        game.alarm or "none",
        f"{len(steps)} of {len(runs)}" if game.alarm else "",
        ", ".join(f"{step:,}" for step in steps),
        shown(kind for alarms in runs for kind in {kind for kind, _ in alarms} - {game.alarm}),
    ]
    return f"| {' | '.join(cells)} |"


def report(results, seeds):
    """The page: the rates, and a row a game."""
    healthy = [bool(alarms) for game, runs in results.items() if game.alarm is None for alarms in runs]
    due = collections.defaultdict(list)
    for game, runs in results.items():
        if game.alarm:
            due[game.alarm] += [any(kind == game.alarm for kind, _ in alarms) for alarms in runs]
    lines = [
        "# Alarms: how often they are right",
        "",
        f"Written by `python3 Benchmarks/alarms.py`, seeds {', '.join(map(str, seeds))}.",
        "",
        f"- Healthy runs in which any alarm was raised: {sum(healthy)} of {len(healthy)}.",
        *(f"- {kind}: raised in {sum(hits)} of {len(hits)} runs made to fail that way." for kind, hits in due.items()),
        "",
        "| game | command and settings | steps | expected alarm | raised | at step | other alarms |",
        "|---|---|---|---|---|---|---|",
        *(row(game, runs) for game, runs in results.items()),
        "",
    ]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--only", help="names of games, or parts of them")
    parser.add_argument("--gan", default=GAN, help="the command")
    parser.add_argument("--jobs", type=int, default=2, help="games at a time")
    parser.add_argument("--keep", type=pathlib.Path, help="where runs stay and are not played again")
    options = parser.parse_args()
    seeds = [int(seed) for seed in options.seeds.split(",")]
    parts = (options.only or "").split(",")
    games = [game for game in GAMES if any(part in game.name for part in parts)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        few = folder / "few" / "train-images-idx3-ubyte"
        if not few.exists():
            few = few_pictures(options.gan, folder / "few")
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            tasks = {
                game: [pool.submit(play, options.gan, game, seed, folder, few) for seed in seeds] for game in games
            }
            results = {game: [task.result() for task in runs] for game, runs in tasks.items()}
    page = report(results, seeds)
    print(page)
    if not options.only:
        (ROOT / "ALARMS.md").write_text(page)


if __name__ == "__main__":
    main()
