"""Charts of the index: bars, years with their band, and what it is made of, by the data in their axes."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from drawn import gids, line, words_at
from made_up import made, worded
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from xk import charts
from xk.charts.contributions import contribution_rows, plot_contributions
from xk.charts.index_levels import plot_index
from xk.charts.index_years import plot_index_years
from xk.pipeline.index import build_contributions, build_index_years

pytestmark = pytest.mark.usefixtures("style")


def year(level: str, when: int, value: float, kind: str = "observed", **more: float) -> dict[str, object]:
    none = dict.fromkeys(("lo80", "hi80", "lo95", "hi95"), math.nan)
    return {"level": level, "year": when, "kind": kind, "value": value, "coverage": 100.0} | none | more


YEARS = pd.DataFrame([
    year("total", 2014, 90.0, coverage=3.0), year("total", 2015, 50.0), year("total", 2016, 55.0),
    year("total", 2017, 60.0, "projected", lo80=57.0, hi80=63.0, lo95=55.0, hi95=66.0),
    year("first", 2016, 40.0), year("first", 2017, math.nan), year("second", 2016, math.nan),
])  # fmt: skip


def width(axes: Axes, bar: Patch) -> float:
    """Return how long a bar is, in data coordinates."""
    return float(bar.get_extents().transformed(axes.transData.inverted()).width)


def test_index_bars_are_paler_where_less_is_covered() -> None:
    axes = plot_index(worded(made()))
    bars = {str(patch.get_gid()): patch for patch in axes.patches}
    # first: 66.7 and a held one at 100; second: 3.1 alone, as 3.2 and 4 have no comparable figure
    assert width(axes, bars["first"]) == pytest.approx((200 / 3 + 100) / 2)
    assert width(axes, bars["second"]) == pytest.approx(50)
    assert bars["first"].get_alpha() == 1.0 > bars["second"].get_alpha()
    assert words_at(axes, "value")[0] == "83.3（覆盖100.0%）"


def test_index_years_join_what_is_covered_and_set_the_rest_apart() -> None:
    total, first, second = plot_index_years(worded(made()), YEARS)
    assert line(total, "observed") == [(2015, 50), (2016, 55)]
    assert line(total, "thin") == [(2014, 90)]
    assert line(total, "projected") == [(2017, 60)]
    assert {"band-80", "band-95"} <= set(gids(total))
    assert words_at(total, "label-latest") == ["55.0"] and words_at(total, "label-projected") == ["60.0"]
    assert [words_at(axes, "title")[0] for axes in (total, first, second)] == ["综合", "领域", "领域"]
    assert line(first, "observed") == [(2016, 40)] and "projected" not in gids(first)
    assert words_at(second, "no-figure") == ["没有可用数值"]


def test_index_years_are_told_in_words_and_numbers() -> None:
    html = charts.show_index_years(worded(made(), "en"), YEARS).html
    assert "Total: 90.0 in 2014 (observed, coverage 3.0 %); 60.0 in 2017 (projected, coverage 100.0 %)." in html
    assert "first: 40.0 in 2016" in html and "second: no year can be computed." in html
    assert ">57.0 to 63.0<" in html
    assert html.count("<svg") == 3


def test_index_without_any_year_has_words() -> None:
    assert "<svg" not in charts.show_index_years(worded(made()), YEARS.assign(value=math.nan)).html


def test_contributions_add_up_to_the_weights() -> None:
    found = made()
    rows = contribution_rows(build_contributions(found.scheme, found.lines), None)
    # two domains of 50; first: 25 x 2/3 + 25; second: half of a composite of 25 has 50 of 100, the rest is not known
    assert rows["key"].tolist() == ["first", "second"]
    assert rows["gained"].tolist() == [pytest.approx(25 * 2 / 3 + 25), pytest.approx(6.25)]
    assert rows["unknown"].tolist() == [0.0, pytest.approx(37.5)]
    assert rows["lost"].tolist() == [pytest.approx(25 / 3), pytest.approx(6.25)]
    assert rows["weight"].sum() == pytest.approx(100)


def test_contribution_bars_are_stacked_row_by_row() -> None:
    found = made()
    words, parts = worded(found), build_contributions(found.scheme, found.lines)
    axes = plot_contributions(words, contribution_rows(parts, "second"), "second")
    widths = {
        kind: [width(axes, patch) for patch in axes.patches if patch.get_gid() == kind]
        for kind in ("gained", "lost", "unknown")
    }
    assert widths["gained"] == pytest.approx([6.25, 0.0, 0.0])
    assert widths["lost"] == pytest.approx([6.25, 0.0, 0.0])
    assert widths["unknown"] == pytest.approx([0.0, 12.5, 25])
    assert (
        words_at(axes, "points") == ["6.3 / 12.5", "— / 12.5", "— / 25.0"] or words_at(axes, "points")[0][:3] == "6.2"
    )
    message = charts.show_contributions(words, parts, "second").html
    assert "权重共50.0点" in message and "3.1 指标" in message.replace("\u00a0", " ")


def test_years_of_the_pipeline_can_be_drawn() -> None:
    found = made()
    words, years = worded(found), build_index_years(found.scheme, found.yearly)
    drawn = plot_index_years(words, years)
    # first domain: (66.7 + 100) / 2 in 2016
    assert line(drawn[1], "observed") == [(2016, pytest.approx(250 / 3))]
    told = charts.show_index_years(words, years).html.replace("<", " ").replace(">", " ").split()
    assert not {"nan", "None", "inf", "<NA>"} & set(told)
