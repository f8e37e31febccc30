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
    ordered = {name: entries[name] for name in shown(entries) if name in entries}
    path.write_text(json.dumps({"kinds": ordered}, indent=1) + "\n")


def shown(entries):
    """The kinds that the page names, in its order: all that a processor can be, and restricted ones of those measured."""
    return [kind.name for kind in known() if kind.name in entries or kind.restricts is None or kind.restricts in entries]
