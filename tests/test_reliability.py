"""Whether stated odds come true: classes counted on paper, targets of a review, what is drawn and what is too few."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from xk.arithmetic.calibration import OddsClass, brier_score, count_classes
from xk.arithmetic.projection import outlook, probability
from xk.arithmetic.target import Target
from xk.bench import Question, lending_review_of, results_of, review_of, store_of, words_of
from xk.charts.reliability import plot_reliability, show_reliability
from xk.exhibits import Wording
from xk.pipeline.lending_review import LendingReview
from xk.pipeline.review import Review, build_reliability, reached_odds, reliability_rows


def frame(values: Sequence[float], series: str = "a", start: int = 2007) -> pd.DataFrame:
    years = range(start, start + len(values))
    return pd.DataFrame({"region": "r", "indicator": series, "year": list(years), "value": list(values)})


def test_classes_and_their_band_as_on_paper() -> None:
    """Twelve lines given 0.7, of which nine came true; two standard errors: 2 sqrt(0.7 * 0.3 / 12) = 0.2646."""
    found = count_classes([0.7] * 12 + [0.2, math.nan, 1.0], [True] * 9 + [False] * 3 + [True, True, True])
    assert [(one.cases, one.came) for one in found] == [(0, 0), (1, 1), (0, 0), (12, 9), (1, 1)]
    assert found[3].share == 0.75 and found[3].band == pytest.approx(0.264575)
    assert found[3].enough and found[3].holds and not found[1].enough
    assert math.isnan(found[0].share) and math.isnan(found[0].band)
    assert brier_score([0.7, 0.2], [True, False]) == pytest.approx((0.09 + 0.04) / 2)
    assert math.isnan(brier_score([math.nan], [True]))


def test_cases_of_one_series_count_as_one() -> None:
    together = count_classes([0.5] * 40, [True] * 20 + [False] * 20, ["a"] * 36 + ["b"] * 4)[2]
    assert (together.cases, together.independent, together.enough) == (40, 2, False)
    off = OddsClass(0.4, 0.6, 400, 280, 100, 0.5)
    assert off.band == pytest.approx(0.1) and not off.holds


def test_a_line_that_goes_on_meets_every_target_on_its_way() -> None:
    """Steps of exactly 1 up to 2016 and on to 2018: what lies at most 2 above comes, what lies higher does not."""
    found = build_reliability(frame([40.0 + n for n in range(12)]), origin=2016, method="drift")
    counted = {claim: (sum(one.cases for one in classes), sum(one.came for one in classes)) for claim, classes in
               found.items()}  # fmt: skip
    # upwards -4 to 8 steps: eight of ten targets are met by 2018, seven from 2017 on; downwards the mirror: two
    assert counted["met"] == (20, 8 + 2) and counted["held"] == (20, 7 + 2)
    # not met in 2016: 0.5, 1, 2, 4, 8 upwards, of which three come; five downwards (those above the last value), never
    assert counted["reached"] == (10, 3)
    assert {row["claim"] for row in reliability_rows(found)} == {"met", "held", "reached"}


def test_reached_is_met_where_one_year_is_left_and_more_likely_where_more_are() -> None:
    past = frame([40.0, 41, 43, 42, 44, 46, 45, 47, 48, 50])
    ahead = outlook(past, to=2020).projection
    one, four = ([Target("positive", 51.0, year=year)] for year in (2017, 2020))
    assert reached_odds(ahead, one)[0] == pytest.approx(probability(ahead, one)[0], abs=0.03)
    assert reached_odds(ahead, four)[0] >= probability(ahead, four)[0]
    assert np.isnan(reached_odds(outlook(past[:2], to=2020).projection, four)[0])


@pytest.fixture(scope="module")
def shown() -> tuple[Wording, Review, LendingReview]:
    question = Question(lang="en")
    store = store_of(question)
    words = words_of(question, store, results_of(question, store))
    return words, review_of(question, store), lending_review_of(question, store)


@pytest.mark.usefixtures("style")
def test_a_dot_a_class_with_its_cases(shown: tuple[Wording, Review, LendingReview]) -> None:
    classes = [OddsClass(0.0, 0.2, 30, 3, 30, 0.1), OddsClass(0.4, 0.6, 400, 280, 100, 0.5),
               OddsClass(0.8, 1.0, 5, 5, 5, 0.9), OddsClass(0.2, 0.4, 0, 0, 0, math.nan)]  # fmt: skip
    axes = plot_reliability(shown[0], classes, "Met")
    gids = [artist.get_gid() for artist in axes.get_children()]
    assert (gids.count("share"), gids.count("off"), gids.count("band")) == (2, 1, 3)
    assert [text.get_text() for text in axes.texts if text.get_gid() == "count"] == ["30", "400", "5"]
    hollow = [line.get_markerfacecolor() for line in axes.lines if line.get_gid() == "share"]
    assert hollow[1] == "none" and hollow[0] != "none"


@pytest.mark.usefixtures("style")
def test_what_is_too_few_is_said(shown: tuple[Wording, Review, LendingReview]) -> None:
    """The published odds are drawn once ten lines of a class are scored."""
    words, review, lending = shown
    assert {"met", "held", "reached"} == set(review.reliability)
    assert sum(one.cases for one in review.reliability["met"]) > 100 and lending.reliability[2].stated == 0.5
    counted = [[0, 0, None], [0, 0, None], [0, 0, None], [12, 9, 0.7], [0, 0, None]]
    card = {"total": {"scored": 12, "classes": counted}}
    exhibit = show_reliability(words, review, lending, card)
    assert exhibit.html.count("<svg") == 5
    few = {"total": {"scored": 3, "classes": [*counted[:3], [3, 2, 0.7], counted[4]]}}
    left = show_reliability(words, review, lending, few)
    assert left.html.count("<svg") == 4
    assert "Too few cases to draw (under 10 independent series in every class): As published." in left.html
