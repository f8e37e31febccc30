"""Where runs are played: a place of the quality bench with the peers' Python."""

import dataclasses
import pathlib

from quality import place


@dataclasses.dataclass(frozen=True)
class Place(place.Place):
    """python: the interpreter that has PyTorch and what the judge needs. precision: that of the peers."""

    python: pathlib.Path | None = None
