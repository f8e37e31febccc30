"""RESULTS.md from the results of all kinds of processor."""

from entries import shown
from reach import goals, milliseconds, yardstick


def markdown(entries):
    """The page, as text: a section a kind."""
    names = shown(entries)
    parts = [head(entries, names)]
    for name in names:
        if name in entries:
            parts += section(name, entries[name])
    return "\n\n".join(parts) + "\n"


def head(entries, names):
    lines = [
        "# Results of `make bench`", "",
        "Written by `Benchmarks/run.py`; the [README](README.md) explains the measurements. Each kind of processor has "
        "a section of its own, written by the last run on one.", "",
        "| kind of processor | measured | goals missed |", "|---|---|---|",
    ]  # fmt: skip
    for name in names:
        entry = entries.get(name)
        if entry is None:
            cells = [name, "not measured", ""]
        else:
            missed = [goal.what for goal in goals(entry) if goal.verdict == "**missed**"]
            cells = [f"[{name}](#{anchor(name)})", entry["date"][:10], "; ".join(missed) or "none of those measured"]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "[Docs/performance.md](../Docs/performance.md#what-falls-short) explains what missed its goal, and what was tried."]
    return "\n".join(lines)


def anchor(title):
    """The anchor that GitHub gives a heading."""
    return "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter in "-_")


def section(name, entry):
    parts = [circumstances(name, entry), reach_table(entry), *(case_table(case) for case in entry["cases"])]
    if entry.get("gemm"):
        rates = ", ".join(f"{rate:.0f} GFLOP/s in {precision}" for precision, rate in entry["gemm"].items())
        parts.append(f"### Matrix products\n\nThe machine's peak, by PyTorch's `matmul` on all threads: {rates}.")
    if entry.get("check"):
        parts.append(check_table(entry["check"]))
    return parts


def circumstances(name, entry):
    machine, versions = entry["machine"], entry["versions"]
    commit = f", commit {entry['commit']}" if entry.get("commit") else ""
    lines = [
        f"## {name}", "",
        f"- date: {entry['date']}{commit}",
        f"- machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_gigabytes']:.0f} GB, "
        f"{machine['system']}; {', '.join(machine['features']) or 'no AVX2'}",
        f"- threads: {entry['threads']}",
        f"- rounds: {entry['rounds']}, alternating",
        "- versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()),
    ]  # fmt: skip
    if "bfloat16" not in entry["precisions"]:
        lines.append("- precision: float32 only; without instructions for it bfloat16 is emulated")
    return "\n".join(lines)


def reach_table(entry):
    lines = ["### Goals", "", "| | goal | stretch goal | measured | | compared |", "|---|---|---|---|---|---|"]
    for goal in goals(entry):
        ratios = [goal.show(ratio) for ratio in (goal.least, goal.aim, goal.ratio)]
        cells = [goal.what, *ratios, goal.verdict, goal.between]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def case_table(case):
    """All contenders of a case, the fastest first."""
    if "skipped" in case:
        return f"### {case['title']}\n\nSkipped: {case['skipped']}."
    base = yardstick(case)
    against = "one thread" if base["program"] == "gan" else "the best peer"
    shows_images, shows_memory = case["measured"] != "start", case["measured"] == "training"
    statistic = case.get("statistic", "median")
    shows_medians = statistic == "mean"
    unit = "ms" + ("" if not shows_images else " per step" if shows_memory else " per batch")
    columns = ["", unit + ", mean" * shows_medians, "least … most"] + ["median"] * shows_medians
    columns += ["images/s"] * shows_images + [f"against {against}"] + ["peak memory, MB"] * shows_memory
    lines = [f"### {case['title']}", "", f"Load average before: {case['load']:.2f}.", ""]
    lines += [f"| {' | '.join(columns)} |", "|---" + "|--:" * (len(columns) - 1) + "|"]
    for one in sorted(case["contenders"], key=milliseconds):
        time = milliseconds(one)
        name = f"**{one['name']}**" if one["program"] == "gan" else one["name"]
        cells = [name, digits(time), f"{digits(min(one['milliseconds']))} … {digits(max(one['milliseconds']))}"]
        cells += [digits(milliseconds({"milliseconds": one["medians"]}))] if shows_medians else []
        cells += [f"{case['batch'] / time * 1000:,.0f}"] * shows_images + [f"{milliseconds(base) / time:.2f}x"]
        cells += [f"{one['peak_bytes'] / 1e6:.0f}"] * shows_memory
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def check_table(rows):
    lines = [
        "### Same mathematics", "",
        "One step without dropout, from the same weights, images and latents: the deviation of losses and weight "
        "changes from PyTorch's in float64 (norm of the difference over the norm; the worst tensor). The first of twenty seeds "
        "with which it is within the tolerance: with others, rounding pushed an activation across the kink of a relu.", "",
        "| network | rule | | deviation | where | tolerance | seed |", "|---|---|---|--:|---|--:|--:|",
    ]  # fmt: skip
    for row in rows:
        lines.append(
            f"| {row['network']} | {row['update']} | {row['name']} | {row['deviation']:.1e} | {row['where']} "
            f"| {row['tolerance']:.0e} | {row.get('seed', '')} |"
        )
    return "\n".join(lines)


def digits(time):
    """At least three significant digits."""
    return f"{time:.0f}" if time >= 99.95 else f"{time:.1f}" if time >= 9.995 else f"{time:.2f}"
