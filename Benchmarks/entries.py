"""results.json: the results of the last run on each kind of processor, by the kind's name."""

import json

from kinds import known


def read(path):
    """The entries of the file, none if there is no file yet."""
    return json.loads(path.read_text())["kinds"] if path.exists() else {}


def replaced(entries, kind, entry):
    """`entries` with that of `kind` replaced by `entry`, and no other one changed."""
    return {**entries, kind: entry}


def write(path, entries):
    path.write_text(json.dumps({"kinds": {name: entries[name] for name in shown(entries) if name in entries}}, indent=1)
                    + "\n")  # fmt: skip


def shown(entries):
    """The kinds that the page names, in its order: those that have an entry, and those that could have one."""
    names = [kind.name for kind in known()]
    # A restricted run is worth naming only for a processor that somebody has measured.
    return [name for name in names if name in entries or "restricted on" not in name
            or name.split("restricted on ")[1] in entries]  # fmt: skip
