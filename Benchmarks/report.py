"""RESULTS.md from the results of a run."""

from reach import fastest, goals, milliseconds


def markdown(results):
    """The page, as text."""
    parts = [head(results), reach_table(results), *(case_table(case) for case in results["cases"])]
    if results.get("gemm"):
        rates = ", ".join(f"{rate:.0f} GFLOP/s in {precision}" for precision, rate in results["gemm"].items())
        parts.append(f"## Matrix products\n\nThe machine's peak, by PyTorch's `matmul` on all threads: {rates}.")
    if results.get("check"):
        parts.append(check_table(results["check"]))
    return "\n\n".join(parts) + "\n"


def head(results):
    machine, versions = results["machine"], results["versions"]
    return "\n".join([
        "# Results of `make bench`",
        "",
        "Written by `Benchmarks/run.py`; the [README](README.md) explains the measurements.",
        "",
        f"- date: {results['date']}",
        f"- machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_gigabytes']:.0f} GB, "
        f"{machine['system']}; {', '.join(machine['features']) or 'no AVX-512'}",
        f"- threads: {results['threads']}",
        f"- rounds: {results['rounds']}, alternating",
        "- versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()),
    ])  # fmt: skip


def reach_table(results):
    lines = ["## Goals", "", "| | goal | stretch goal | measured | | compared |", "|---|---|---|---|---|---|"]
    for goal in goals(results):
        ratios = [goal.show(ratio) for ratio in (goal.least, goal.aim, goal.ratio)]
        cells = [goal.what, *ratios, goal.verdict, goal.between]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "[Docs/performance.md](../Docs/performance.md#what-falls-short) explains what missed its goal, and what was tried."]
    return "\n".join(lines)


def case_table(case):
    """All contenders of a case, the fastest first."""
    best = milliseconds(fastest(case, ours=False))
    shows_images, shows_memory = case["measured"] != "start", case["measured"] == "training"
    columns = ["", "ms" + ("" if not shows_images else " per step" if shows_memory else " per batch"), "least … most"]
    columns += ["images/s"] * shows_images + ["against the best peer"] + ["peak memory, MB"] * shows_memory
    lines = [f"## {case['title']}", "", f"Load average before: {case['load']:.2f}.", ""]
    lines += [f"| {' | '.join(columns)} |", "|---" + "|--:" * (len(columns) - 1) + "|"]
    for one in sorted(case["contenders"], key=milliseconds):
        time = milliseconds(one)
        name = f"**{one['name']}**" if one["program"] == "gan" else one["name"]
        cells = [name, digits(time), f"{digits(min(one['milliseconds']))} … {digits(max(one['milliseconds']))}"]
        cells += [f"{case['batch'] / time * 1000:,.0f}"] * shows_images + [f"{best / time:.2f}x"]
        cells += [f"{one['peak_bytes'] / 1e6:.0f}"] * shows_memory
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def check_table(rows):
    lines = [
        "## Same mathematics", "",
        "One step without dropout, from the same weights, images and latents: the deviation of losses and weight "
        "changes from PyTorch's in float64 (norm of the difference over the norm; the worst tensor).", "",
        "| network | rule | | deviation | where | tolerance |", "|---|---|---|--:|---|--:|",
    ]  # fmt: skip
    for row in rows:
        lines.append(
            f"| {row['network']} | {row['update']} | {row['name']} | {row['deviation']:.1e} | {row['where']} "
            f"| {row['tolerance']:.0e} |"
        )
    return "\n".join(lines)


def digits(time):
    """At least three significant digits."""
    return f"{time:.0f}" if time >= 99.95 else f"{time:.1f}" if time >= 9.995 else f"{time:.2f}"
