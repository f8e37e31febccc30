"""Records of runs as the quality bench keeps them, made up for its tests."""

from quality import records


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


KEPT_BACK = "auto condition_generator=none"
# What the row `race` shows beside: slow enough to meet nothing, which is not asked of it.
BESIDE = [chase(seed, 300, 4) | {"name": KEPT_BACK} for seed in (1, 2, 3)]
