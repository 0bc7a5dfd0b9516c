"""Charts of the index: bars, years with their band, and what it is made of, by the data in their axes."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from drawn import gids, line, words_at
from made_up import made, points, worded
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from xk import charts
from xk.charts.contributions import PARTS, contribution_rows, plot_contributions
from xk.charts.index_years import plot_index, plot_index_years
from xk.pipeline.index import build_index_years

pytestmark = pytest.mark.usefixtures("style")


def year(level: str, when: int, value: float, kind: str = "observed", **more: float) -> dict[str, object]:
    none = dict.fromkeys(("lo80", "hi80", "lo95", "hi95", "change"), math.nan)
    whole = {"coverage": 100.0, "reason": "", "domains": 2, "indicators": 3}
    return {"level": level, "year": when, "kind": kind, "value": value} | whole | none | more


YEARS = pd.DataFrame([
    year("total", 2014, math.nan, coverage=3.0), year("total", 2015, 50.0), year("total", 2016, 55.0, change=5.0),
    year("total", 2017, 60.0, "projected", lo80=57.0, hi80=63.0, lo95=55.0, hi95=66.0, change=2.0),
    year("first", 2016, 40.0), year("first", 2017, math.nan), year("second", 2016, math.nan),
])  # fmt: skip


def width(axes: Axes, bar: Patch) -> float:
    """Return how long a bar is, in data coordinates."""
    return float(bar.get_extents().transformed(axes.transData.inverted()).width)


def test_index_bars_are_paler_where_less_is_covered() -> None:
    axes = plot_index(worded(made()))
    bars = {str(patch.get_gid()): patch for patch in axes.patches}
    # first: 66.7 and a held one at 100; second: 3.1 alone, a quarter of the weight, is withheld
    assert width(axes, bars["first"]) == width(axes, bars["total"]) == pytest.approx((200 / 3 + 100) / 2)
    assert "second" not in bars
    assert bars["first"].get_alpha() == 1.0 > bars["total"].get_alpha()
    assert words_at(axes, "value") == ["83.3（覆盖100.0%）", "—（覆盖25.0%）", "83.3（覆盖62.5%）"]
    html = charts.table_index(worded(made())).html
    assert "1个领域的综合指数" in html and "有数值的指标只占全部权重的25.0%，不足50%" in html


def test_index_years_join_what_is_covered_and_set_the_rest_apart() -> None:
    total, first = plot_index_years(worded(made()), YEARS)  # the second domain is withheld in every year
    assert line(total, "observed") == [(2015, 50), (2016, 55)]
    # the indicators that are projected stood at 58 in 2016, where with one more it is 55
    assert line(total, "projected") == [(2016, 58), (2017, 60)]
    assert {"band-80", "band-95"} <= set(gids(total))
    assert words_at(total, "label-latest") == ["55.0"] and words_at(total, "label-projected") == ["60.0"]
    assert [words_at(axes, "title")[0] for axes in (total, first)] == ["综合指数", "领域"]
    assert line(first, "observed") == [(2016, 40)] and "projected" not in gids(first)


def test_index_years_over_other_indicators_are_not_joined() -> None:
    """Of 5 points 2 are of the indicators that both years have: what else moved is which there are."""
    other = YEARS.assign(change=YEARS["change"].where(YEARS["year"] != 2016, 2.0))
    total, _ = plot_index_years(worded(made()), other)
    assert [x for x, y in line(total, "observed") if not math.isnan(y)] == [2015, 2016]
    assert [math.isnan(y) for _, y in line(total, "observed")] == [False, True, False]


def test_the_caption_of_index_years_compares_years_over_as_many_domains() -> None:
    years = pd.DataFrame([
        year("total", 2014, 30.0, domains=1), year("total", 2015, 50.0, domains=2, change=1.0),
        year("total", 2016, 55.0, domains=2, change=5.0),
    ])  # fmt: skip
    shown = charts.show_index_years(worded(made(), lang="en"), years).html
    assert "Total index by year: 50.0 in 2015, 55.0 in 2016" in shown
    assert "In these years the total is over fewer domains: 2014." in shown


def test_index_years_are_told_in_words_and_numbers() -> None:
    html = charts.show_index_years(worded(made(), "en"), YEARS).html
    assert "Total: 50.0 in 2015 (observed, coverage 100.0 %); 60.0 in 2017 (projected, coverage 100.0 %)." in html
    assert "first: 40.0 in 2016" in html and "so without a panel: second." in html
    assert ">57.0 to 63.0<" in html
    assert html.count("<svg") == 2


def test_index_without_any_year_has_words() -> None:
    assert "<svg" not in charts.show_index_years(worded(made()), YEARS.assign(value=math.nan)).html


# 3.2 at 45 of 90: the composite is known, and its domain has half of its weight
MORE = points("city", "none", {2016: 45})


def test_contributions_add_up_to_the_index_that_they_stand_beside() -> None:
    found = made(more=MORE)
    rows = contribution_rows(found.contributions, None)
    # two domains of 50; first: 25 x 2/3 + 25; second: a composite of 25 that has the weight of 4 too, at (50 + 50) / 2
    assert rows["key"].tolist() == ["first", "second"]
    assert rows["gained"].tolist() == [pytest.approx(25 * 2 / 3 + 25), pytest.approx(25)]
    assert rows["lost"].tolist() == [pytest.approx(25 / 3), pytest.approx(25)]
    assert rows["weight"].sum() == rows["whole"].sum() == pytest.approx(100)
    index = found.index[found.index["basis"] == "latest"].set_index("level")["value"]
    assert rows["gained"].sum() == pytest.approx(index["total"])
    second = contribution_rows(found.contributions, "second")
    assert second["gained"].sum() == pytest.approx(index["second"])
    assert second["whole"].tolist() == [25, 25, 50] and second["weight"].tolist()[:2] == [50, 50]


def test_contribution_bars_are_stacked_row_by_row() -> None:
    found = made(more=MORE)
    words, parts = worded(found), found.contributions
    axes = plot_contributions(words, contribution_rows(parts, "second"), "second")
    widths = {kind: [width(axes, patch) for patch in axes.patches if patch.get_gid() == kind] for kind in PARTS}
    assert [widths["gained"], widths["lost"]] == [pytest.approx([25, 25])] * 2
    assert words_at(axes, "points") == ["25.0 / 50.0", "25.0 / 50.0", "—"]
    message = charts.show_contributions(words, parts, "second").html
    assert "领域领域指数50.0：尚差50.0点" in message and "3.1 指标" in message.replace("\u00a0", " ")


def test_contributions_to_what_is_withheld_are_a_sentence() -> None:
    words = worded(made())
    html = charts.show_contributions(words, words.results.contributions, "second").html
    assert "<svg" not in html and "不列领域领域指数：有数值的指标只占全部权重的25.0%，不足50%。" in html


def test_years_of_the_pipeline_can_be_drawn() -> None:
    found = made()
    words, years = worded(found), build_index_years(found.scheme, found.yearly)
    drawn = plot_index_years(words, years)
    # first domain: (66.7 + 100) / 2 in 2016
    assert line(drawn[1], "observed") == [(2016, pytest.approx(250 / 3))]
    told = charts.show_index_years(words, years).html.replace("<", " ").replace(">", " ").split()
    assert not {"nan", "None", "inf", "<NA>"} & set(told)
