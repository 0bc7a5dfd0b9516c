"""Review of past projections: counted on paper, misses named, series that cannot be compared left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xk.charts.hindsight import series_titles
from xk.errors import InputError, UsageError
from xk.exhibits import Wording
from xk.pipeline import Results
from xk.pipeline.review import build_review
from xk.readers import read_scheme

SLUG, OTHER = "urban_population_share", "services_share_of_gdp"


@pytest.fixture(scope="module")
def scheme():
    return read_scheme("yunfu-2020")


def series(values, indicator=SLUG, region="china", start=2009, name="own", breaks=()):
    years = range(start, start + len(values))
    table = pd.DataFrame({"year": list(years), "value": list(values)})
    table["segment"] = [sum(year >= first for first in breaks) for year in years]
    return table.assign(region=region, indicator=indicator, series=f"{region}.{indicator}.{name}", unit="%")


def test_a_line_that_goes_on_is_covered_and_a_break_is_named(scheme):
    line = [40.0 + year for year in range(10)]
    broken = [*line[:8], 5.0, 5.0]
    found = build_review(scheme, pd.concat([series(line), series(broken, OTHER)]), origin=2016, to=2018)
    assert len(found.rows) == 4
    whole = found.coverage[(found.coverage["region"] == "all") & (found.coverage["horizon"] == 0)]
    assert whole.set_index("level")[["years", "inside", "share"]].to_numpy().tolist() == [[4, 2, 50], [4, 2, 50]]
    assert found.misses["indicator"].tolist() == [OTHER, OTHER]
    assert found.misses["side"].tolist() == ["below", "below"]
    assert found.misses["year"].tolist() == [2018, 2017]
    assert (found.misses["name_zh"] == scheme.names("zh")[OTHER]).all()
    assert found.level == 95


def test_series_of_a_line_are_told_apart_without_their_slugs(scheme):
    line = [40.0 + year for year in range(10)]
    current, first, second = (series(line, name=name) for name in ("current", "first", "second"))
    rows = pd.concat([current.assign(price_base="current"), first.assign(price_base=None), second])
    review = build_review(scheme, rows, origin=2016, to=2018)
    found = Results.__new__(Results)
    object.__setattr__(found, "scheme", scheme)
    words = Wording(found, "zh", region_names={"china": "中国"}, measure_labels={})
    assert {name.rpartition(".")[2]: title.replace("\u00a0", " ") for name, title in
            series_titles(words, review).items()} == {
        "current": "中国 3 常住人口城镇化率（%，现价）", "first": "中国 3 常住人口城镇化率（%），序列1",
        "second": "中国 3 常住人口城镇化率（%），序列2",
    }  # fmt: skip


def test_error_is_what_happened_less_what_was_projected(scheme):
    found = build_review(
        scheme, series([1.0, 2, 3, 4, 5, 6, 7, 8, 10]), origin=2016, to=2017, method="drift", levels=[80]
    )
    row = found.rows.iloc[0]
    assert (row["value"], row["actual"], row["error"]) == (9, 10, 1)
    # mean yearly change 1: no change would have been 2 off
    assert (row["scaled_error"], row["naive_error"]) == (1, 2)
    assert row["method"] == "drift"


def test_series_are_compared_each_for_itself_and_by_region(scheme):
    rng = np.random.default_rng(0)
    parts = [series(50 + rng.normal(0.5, 0.2, 12).cumsum(), region=region) for region in ("china", "guangdong")]
    parts.append(series(50 + rng.normal(0.5, 0.2, 12).cumsum(), name="proxy"))
    parts.append(series([1.0, 2.0], OTHER, start=2016))
    found = build_review(scheme, pd.concat(parts), origin=2016, to=2020)
    assert found.rows["series"].nunique() == 3
    counted = found.coverage[(found.coverage["horizon"] == 0) & (found.coverage["level"] == 80)]
    assert counted.set_index("region")["years"].to_dict() == {"china": 8, "guangdong": 4, "all": 12}
    each = found.coverage[(found.coverage["region"] == "all") & (found.coverage["level"] == 80)]
    assert each.set_index("horizon")["years"].to_dict() == {1: 3, 2: 3, 3: 3, 4: 3, 0: 12}


def test_the_future_is_not_shown(scheme):
    values = [40.0, 42, 43, 45, 47, 48, 50, 51]
    one, two = (
        build_review(scheme, series([*values, *later]), origin=2016, to=2018) for later in ([52.0, 54.0], [10.0, 90.0])
    )
    names = ["value", "lo95", "hi95"]
    pd.testing.assert_frame_equal(one.rows[names], two.rows[names])


def test_bounds_of_the_scheme_hold(scheme):
    found = build_review(scheme, series([90.0, 92, 93, 96, 97, 98, 99, 99.5, 99.9]), origin=2016, to=2017)
    assert found.rows["hi95"].max() <= 100


def test_nothing_is_compared_across_a_break(scheme):
    """The same figures: broken before 2018 only 2017 compares; broken before 2015 two figures are too few."""
    values = [40.0, 42, 43, 45, 47, 48, 50, 51, 52, 90, 91]
    whole = series(values)
    years = {}
    for name, first in (("later", 2018), ("before", 2015)):
        rows = pd.concat([whole, series(values, name=name, breaks=[first])])
        found = build_review(scheme, rows, origin=2016, to=2019).rows
        years[name] = found.loc[found["series"].str.endswith(name), "year"].tolist()
    assert years == {"later": [2017], "before": []}


def test_refusals(scheme):
    rows = series([1.0, 2, 3, 4])
    with pytest.raises(UsageError, match="must lie after its origin"):
        build_review(scheme, rows, origin=2016, to=2016)
    with pytest.raises(InputError, match="no series has three values up to 2016 and one in 2017-2020"):
        build_review(scheme, rows, origin=2016, to=2020)
    with pytest.raises(UsageError, match="needs at least one level"):
        build_review(scheme, rows, origin=2011, to=2012, levels=[])
    with pytest.raises(UsageError, match="unknown method"):
        build_review(scheme, rows, origin=2011, to=2012, method="best")
