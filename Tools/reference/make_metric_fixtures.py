"""Regenerates the fixtures of metrics, extractors and mixtures with their own packages: python Tools/reference/make_metric_fixtures.py"""

import torch

import inception_fixtures
import metric_fixtures
import mixture_fixtures
import paired_fixtures
import resize_fixtures
from fixture import ROOT

MAKERS = (
    *metric_fixtures.MAKERS, *paired_fixtures.MAKERS, resize_fixtures.resize_rules, inception_fixtures.inception,
    mixture_fixtures.mixtures)


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
