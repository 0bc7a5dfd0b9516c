"""Accuracy and coverage on the public sets beside the checkout: better than each single method, odds as stated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import projection_sets
import pytest

from xk.arithmetic.projection import METHODS, project_arrays

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT.parent / "shared" / "bench"
# MASE of `auto`, mean and median: docs/en/projection.md
MEASURED = {"wdi": (1.33, 0.895), "m1": (3.12, 1.89), "owid": (2.96, 1.21), "business": (2.03, 1.56)}
pytestmark = pytest.mark.skipif(not BENCH.is_dir(), reason="the sets of ../shared/bench are not beside the checkout")


@pytest.fixture(scope="module", params=projection_sets.SETS)
def measured(request):
    """Name of the set, and the sample."""
    return request.param, projection_sets.read_sample(request.param, BENCH)


def ahead(sample, method="auto"):
    to = int(sample.years[-1]) + sample.actual.shape[1]
    return project_arrays(sample.years, sample.history, to=to, method=method)


def test_auto_is_better_than_each_single_method(measured):
    _, sample = measured
    slow = ("damped", "theta")
    errors = {name: projection_sets.mase(sample, ahead(sample, name).path) for name in METHODS if name not in slow}
    ours = errors.pop("auto")
    for name, theirs in errors.items():
        assert np.nanmean(ours) < 0.95 * np.nanmean(theirs), name
        assert np.nanmedian(ours) < 0.95 * np.nanmedian(theirs), name


def test_auto_stays_as_accurate_as_measured(measured):
    name, sample = measured
    errors = projection_sets.mase(sample, ahead(sample).path)
    mean, median = MEASURED[name]
    assert np.nanmean(errors) < mean
    assert np.nanmedian(errors) < median


@pytest.mark.parametrize("length", [None, 7, 10])
def test_intervals_cover_what_they_say(length):
    """One law for all sets: right over them, within a few points in each."""
    inside = {80: [], 95: []}
    for name in projection_sets.SETS:
        part = projection_sets.read_sample(name, BENCH)
        part = part if length is None else part.crop(length)
        found = ahead(part)
        for level, shares in inside.items():
            shares.append(np.nanmean(projection_sets.covered(part, *found.interval(level))))
    for level, apart in ((80, 0.04), (95, 0.015)):
        assert np.mean(inside[level]) == pytest.approx(level / 100, abs=0.01)
        assert inside[level] == pytest.approx([level / 100] * 4, abs=apart)
