"""Accuracy and coverage on the public sets beside the checkout: better than each single method, odds as stated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import projection_sets
import pytest

from xk.arithmetic.projection import METHODS, project_arrays

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT.parent / "shared" / "bench"
pytestmark = pytest.mark.skipif(not BENCH.is_dir(), reason="the sets of ../shared/bench are not beside the checkout")


@pytest.fixture(scope="module", params=["wdi", "m1"])
def measured(request):
    """Name of the set, and the sample."""
    return request.param, projection_sets.read_sample(request.param, BENCH)


def ahead(sample, method="auto"):
    to = int(sample.years[-1]) + sample.actual.shape[1]
    return project_arrays(sample.years, sample.history, to=to, method=method)


def test_auto_is_better_than_each_single_method(measured):
    _, sample = measured
    errors = {
        name: projection_sets.mase(sample, ahead(sample, name).path)
        for name in METHODS
        if name not in ("damped", "theta")
    }
    ours = errors.pop("auto")
    for name, theirs in errors.items():
        assert np.nanmean(ours) < 0.95 * np.nanmean(theirs), name
        assert np.nanmedian(ours) < 0.95 * np.nanmedian(theirs), name


def test_auto_stays_as_accurate_as_measured(measured):
    name, sample = measured
    errors = projection_sets.mase(sample, ahead(sample).path)
    mean, median = {"wdi": (1.40, 0.964), "m1": (3.26, 1.88)}[name]
    assert np.nanmean(errors) < mean
    assert np.nanmedian(errors) < median


@pytest.mark.parametrize("length", [None, 7, 10])
def test_intervals_cover_what_they_say(measured, length):
    _, sample = measured
    part = sample if length is None else sample.crop(length)
    found = ahead(part)
    for level, low, high in ((80, 0.77, 0.83), (95, 0.93, 0.97)):
        assert low < np.nanmean(projection_sets.covered(part, *found.interval(level))) < high
