"""What a run's log and recipe tell of it."""

import json

# What `auto` chooses, and what tells the runs of a row apart.
CHOSEN = ("network", "batch", "base_width", "precision", "augment", "objective", "condition_generator", "steps")


def read(run):
    """The events of the run in this folder. A last line that was cut short is passed over, as `gan resume` does."""
    path = run / "log.jsonl"
    events = []
    for line in path.read_text(errors="replace").splitlines() if path.exists() else ():
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(event, dict):
            events.append(event)
    return events


def of_kind(events, kind):
    return [event for event in events if event.get("event") == kind]


def end(events):
    """The event that ended the run for good; None while it is not over, as after a signal."""
    last = next((event for event in reversed(events) if event["event"] in ("end", "start", "resume")), None)
    is_over = last is not None and last["event"] == "end" and last["exit_status"] < 128
    return last if is_over else None


def next_move(run, events):
    """What is to be done with the run in this folder: "train", "resume" or "judge"."""
    if end(events):
        return "judge"
    has_state = (run / "recipe.json").exists() and any((run / "checkpoints").glob("step-*.safetensors"))
    return "resume" if has_state else "train"


def reached(events, metric, below):
    """The first evaluation whose metric is below a value: step, training seconds, seconds of all evaluations until then."""
    for event in of_kind(events, "evaluation"):
        for record in event["metrics"]:
            if record["metric"] == metric and record["value"] is not None and record["value"] < below:
                return {
                    "step": event["step"], "value": record["value"], "seconds": event["seconds"],
                    "evaluation_seconds": event["total_cost_seconds"],
                }  # fmt: skip
    return None


def summary(run, events):
    """What a record takes from a run that is over."""
    ending = end(events)
    evaluations = of_kind(events, "evaluation")
    return {
        "steps": ending["step"],
        "seconds": ending["seconds"],
        "evaluation_seconds": evaluations[-1]["total_cost_seconds"] if evaluations else 0,
        "evaluations": len(evaluations),
        "reason": ending["reason"],
        "exit_status": ending["exit_status"],
        "alarms": [{name: event[name] for name in ("alarm", "step", "evidence")} for event in of_kind(events, "alarm")],
        "rollbacks": len(of_kind(events, "rollback")),
        "chosen": chosen(run),
    }


def chosen(run):
    """The settings in the run's recipe.json that tell what kind of game it was."""
    settings = json.loads((run / "recipe.json").read_text())["settings"]
    return {name: settings[name] for name in CHOSEN if name in settings}
