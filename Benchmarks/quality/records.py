"""The results that were measured: a list of records in a JSON file, one a run."""

import contextlib
import fcntl
import json
import os
import pathlib
import sys
import tempfile


def key(record):
    return (record["row"], record["name"], record["data"], record["seed"])


def read(path):
    """The records by their keys; none where there is no such file."""
    if not path.exists():
        return {}
    return {key(record): record for record in json.loads(path.read_text())}


def write_atomically(path, text):
    """Puts the text in the file's place at once or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            pathlib.Path(file.name).unlink(missing_ok=True)
            raise


def write(path, records):
    """Writes the records, in the order of their keys, so that a new one changes few lines."""
    ordered = [records[one] for one in sorted(records)]
    write_atomically(path, json.dumps(ordered, indent=1) + "\n")


@contextlib.contextmanager
def alone(folder):
    """Holds the folder's lock: measurements beside each other would spoil each other's times."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"another measurement is at work in {folder}: wait for it, as both would take each other's time")
        yield
