"""The charts of the plan itself: every one is drawn in both languages, and no word lies on another."""

from __future__ import annotations

from functools import lru_cache

import pytest
from drawn import gaps_of, heatmap_of, line, offices_of, outside, overlaps, words_at
from matplotlib.axes import Axes

from xk import bench
from xk.charts.contributions import contribution_rows, plot_contributions
from xk.charts.index_years import plot_index, plot_index_years
from xk.charts.multiples import plot_small_multiples
from xk.charts.trajectory import drawable_lines, plot_trajectory
from xk.exhibits import Wording
from xk.pipeline.index import build_contributions, build_index_years
from xk.readers import Store, read_store

pytestmark = pytest.mark.usefixtures("style")
LANGS = ("zh", "en")
DOMAINS = ("economy", "democracy", "culture", "livelihood", "environment")


@lru_cache(maxsize=1)
def store() -> Store:
    return read_store()


@lru_cache(maxsize=2)
def words(lang: str) -> Wording:
    question = bench.Question(scheme="yunfu-2020", lang=lang)
    return bench.words_of(question, store(), bench.results_of(question, store()))


def check(drawn: list[Axes]) -> None:
    found = [(overlaps(axes), outside(axes)) for axes in drawn]
    assert [each for each in found if each != ([], [])] == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_domain_charts_can_be_read(domain: str, lang: str) -> None:
    shown = words(lang)
    parts = build_contributions(shown.results.scheme, shown.results.lines)
    check([plot_trajectory(shown, result.indicator) for result in drawable_lines(shown, domain)])
    check(plot_small_multiples(shown, domain))
    check([gaps_of(shown, domain), plot_contributions(shown, contribution_rows(parts, domain), domain)])


@pytest.mark.parametrize("lang", LANGS)
def test_overview_charts_can_be_read(lang: str) -> None:
    shown = words(lang)
    results = shown.results
    parts = build_contributions(results.scheme, results.lines)
    check([heatmap_of(shown), offices_of(shown), plot_index(shown)])
    check([plot_contributions(shown, contribution_rows(parts, None))])
    check(plot_index_years(shown, build_index_years(results.scheme, results.yearly)))


def test_held_targets_and_stretch_of_the_plan() -> None:
    shown = words("zh")
    # 12: at most 1 in each of 2017-2020; 30: all by 2018; 34: 125.4, and 80 to strive for
    assert line(plot_trajectory(shown, "12"), "held") == [(2016.5, 1), (2020.5, 1)]
    assert line(plot_trajectory(shown, "30"), "target") == [(2017.55, 100), (2018.45, 100)]
    water = plot_trajectory(shown, "34")
    assert words_at(water, "label-target") == ["目标≤125.4"] and words_at(water, "label-stretch") == ["力争≤80"]


def test_heatmap_of_the_plan_has_all_lines() -> None:
    axes = heatmap_of(words("zh"))
    assert len(words_at(axes, "name")) == len(words("zh").results.scheme.indicators)
    # the yearbooks reach back to 2005: every other year up to the target's has a tick with its number
    shown = [label.get_text() for label in axes.get_xticklabels()]
    assert [label for label in shown if label] == [str(year) for year in range(2010, 2021, 2)]
