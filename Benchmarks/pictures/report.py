"""Writes ../PICTURES.md from results.json.

    python3 Benchmarks/pictures/report.py
"""

import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from pictures.rows import ROUNDS, ROWS, STEPS_AIM, STEPS_LEAST  # noqa: E402
from pictures.verdicts import finding, of, ratio, verdict  # noqa: E402
from quality import records  # noqa: E402
from quality.report import between, dates  # noqa: E402
from quality.verdicts import Finding, number  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent
HEAD = """\
# Pictures to pictures: against tuned PyTorch

Written by `python3 Benchmarks/pictures/report.py` from [pictures/results.json](pictures/results.json). The
[README](README.md#pictures-to-pictures) says how this is measured. Every recorded run is shown; goals compare means over the seeds,
and a value that is worse by whatever little counts as worse."""
STEP = "A training step, against tuned PyTorch: pix2pix 128x128 batch 8, CycleGAN 64x64 batch 1"
NOTES = {
    "facades": """\
Trained on facades 001 to 400, judged on 401 to 500. `truth` is the real photos, `median` the median of the training photos for every
label map, `nearest` the training photo whose label map is most alike: L1 and PSNR reward blur, which the others tell. `alex` and
`vgg` are ST-LPIPS; KID is in the features of its AlexNet; `segmentation` is the share of pixels in which a network that was trained on
real pairs recognises the label map.""",
    "unpaired-facades": """\
Photos of facades 001 to 200 and label maps of 201 to 400 to train on, judged on 401 to 500: pixel and class accuracy and mean
intersection over union of the nearest of the twelve colours. `median` is the median of the training label maps.""",
    "unpaired-edges": """\
Edges drawn of pictures 1 to 30,000 (Canny's, in white), and pictures 30,001 to 60,000, judged on the first 1,000 test pictures.
`median` is the median of the training pictures.""",
}


def page(results):
    lines = ["| | goal | stretch goal | measured | met? | command | date |", "|---|---|---|---|---|---|---|"]
    for name in (*ROWS, "steps"):
        what, least, aim = (
            (STEP, f"{STEPS_LEAST:g} times as fast", f"{STEPS_AIM:g} times")
            if name == "steps"
            else (ROWS[name].what, ROWS[name].least, ROWS[name].aim)
        )
        cells = [what, least, aim, finding(name, results).text, f"**{verdict(name, results)}**", f"`measure.py {name}`"]
        lines.append(f"| {' | '.join([*cells, dates([Finding(one, '', None) for one in of(name, results)])])} |")
    parts = [HEAD, "\n".join(lines), *(section(name, results) for name in ROWS), paces(results)]
    return "\n\n".join(parts) + "\n"


def section(row, results):
    """The runs of a row, one by one, and its contact sheet."""
    lines = [f"## {row}", "", NOTES["facades" if row.startswith("facades") else row], ""]
    found = of(row, results)
    if not found:
        return "\n".join([*lines, "Not measured yet."])
    names = list(found[0]["values"])
    lines += [f"| run | seed | training | {' | '.join(names)} | date |", f"|---|--:|---|{'--:|' * len(names)}---|"]
    for one in found:
        trained = f"{one['steps']:,} steps, {one['seconds']:.0f} s" if one["sessions"] else "none"
        seed = str(one["seed"]) if one["sessions"] else ""
        lines.append(f"| {' | '.join([one['name'], seed, trained, *values(one, names), when(one)])} |")
    commands = dict.fromkeys(f"`{one['name']}` by `{one['command']}`" for one in found if one["sessions"] and one["seed"] == 1)
    lines += ["", f"Trained: {'; '.join(commands)}.", "", provenance(found), "", f"![{row}](pictures/pictures/{row}.png)"]
    return "\n".join(lines)


def values(record, names):
    return [number(record["values"][name]) for name in names]


def when(record):
    return f"{record['date'][:16].replace('T', ' ')}, {record['commit']}"


def provenance(found):
    """On what machine, and how busy with other work."""
    machines = dict.fromkeys(
        f"{one['machine']['processor']}, {one['machine']['cores']} cores, {one['threads']} threads, {one['gan']['version']}"
        for one in found
    )
    torch = dict.fromkeys(f"PyTorch {one['torch']}, {one['precision']}" for one in found if "torch" in one)
    others = [session["cores_of_others"] for one in found for session in one["sessions"]]
    busy = f" Other processes kept {between(others)} cores busy at the same time." if others else ""
    return f"Machine: {'; '.join([*machines, *torch])}.{busy}"


def paces(results):
    lines = ["## steps", "", f"{STEP}; {ROUNDS} turns each, alternating, medians in milliseconds.", ""]
    found = of("steps", results)
    if not found:
        return "\n".join([*lines, "Not measured yet."])
    lines += ["| step | swift-gan | PyTorch | ratio | date |", "|---|--:|--:|--:|---|"]
    for one in found:
        sides = [f"{statistics.median(times):.1f} ({between(times)})" for times in one["milliseconds"].values()]
        lines.append(f"| {' | '.join([one['name'], *sides, f'{ratio(one):.2f}', when(one)])} |")
    commands = [f"`{one['command']}` and `{one['peer_command']}`" for one in found]
    return "\n".join([*lines, "", f"Measured: {'; '.join(commands)}.", "", provenance(found)])


def main():
    records.write_atomically(ROOT.parent / "PICTURES.md", page(records.read(ROOT / "results.json")))


if __name__ == "__main__":
    main()
