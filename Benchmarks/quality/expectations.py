"""What the row `recipes` found, as Swift source: `gan recipes` shows it."""

import datetime
import pathlib
import sys

from quality.rows import ROWS
from quality.verdicts import expectation, findings

PATH = pathlib.Path(__file__).resolve().parents[2] / "Sources/GAN/Recipes/Expectation+Measured.swift"


def source(results):
    """The file at PATH. Of several seeds of a recipe the first counts."""
    runs = {}
    for finding in findings("recipes", results):
        runs.setdefault(finding.record["recipe"], finding.record)
    judges = {run["values"]["fid"]["fingerprint"] for run in runs.values()}
    if len(judges) > 1:
        sys.exit("`gan recipes` compares FIDs, and these were judged by different classifiers: measure the row `recipes` again")
    lines = [
        "// Written by Benchmarks/quality/report.py of what `Benchmarks/quality/measure.py recipes` found.",
        "extension Expectation {",
        "  /// Where and when it was measured.",
        '  public static let conditions = """',
        f"    {conditions(list(runs.values()))}",
        '    """',
        "",
        "  /// By the names of the recipes.",
        "  static let measured: [String: Expectation] = [",
        *[f'    "{name}": Expectation({numbers(run)}),' for name, run in runs.items()],
        "  ]",
        "}",
    ]
    return "\n".join(lines) + "\n"


def numbers(record):
    found = expectation(record)
    return f"fid: {found['fid']:.3g}, milliseconds: {found['milliseconds']:.3g}, gigabytes: {found['gigabytes']:.2g}"


def conditions(runs):
    days = sorted(datetime.date.fromisoformat(run["date"][:10]) for run in runs)
    threads = "; ".join(dict.fromkeys(f"{run['threads']} threads of {run['machine']['processor']}" for run in runs))
    arithmetic = "; ".join(dict.fromkeys(run["chosen"]["precision"] for run in runs))
    dates = " to ".join(dict.fromkeys(f"{day:%-d %B %Y}" for day in (days[0], days[-1])))
    minutes = "; ".join(dict.fromkeys(f"{run.minutes:g}" for run in ROWS["recipes"].planned()))
    return f"{minutes} minutes of MNIST with {threads}, {arithmetic}, {dates}"
