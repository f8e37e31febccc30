"""Regenerates the metrics' fixtures with their own packages: python Tools/reference/make_metric_fixtures.py"""

import torch

from fixture import ROOT
from metric_fixtures import MAKERS


def main():
    torch.set_num_threads(1)
    total = 0
    for make in MAKERS:
        fixture = make()
        fixture.save()
        size = (ROOT / fixture.path).stat().st_size
        total += size
        print(f"{fixture.path}: {len(fixture.cases)} cases, {len(fixture.tensors)} tensors, {size} bytes")
    print(f"{total} bytes in all")


if __name__ == "__main__":
    main()
