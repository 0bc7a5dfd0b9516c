"""How firm a verdict is: three words, one vote a choice that bears on the line, the choice that flips it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from xk.arithmetic.projection import METHODS
from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS
from xk.bench import Question, firmness_of, results_of, store_of, words_of
from xk.pipeline import Results, Settings, build_results
from xk.pipeline.choices import Choice, Firmness, build_firmness, word_of
from xk.pipeline.surroundings import Surroundings
from xk.readers import Store, read_store
from xk.tables import table_firmness
from xk.tables.firmness import firm_said
from xk.vocab import STATUSES

LINE, OTHER = "urban_population_share", "services_share_of_gdp"


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


def made(store: Store, values: dict[str, dict[int, float]], **settings: str) -> tuple[Results, Surroundings]:
    """Return results of made-up figures of the city, and no others."""
    known = store.observations[store.observations["region"] == "yunfu"]
    rows = []
    for line, points in values.items():
        like = known[known["indicator"] == line].iloc[0]
        name = f"yunfu.{line}.made_up"
        rows += [{**like, "year": year, "value": value, "series": name, "definition": name, "segment": 0, "grade": "A",
                  "vintage": "2017-03-01"} for year, value in points.items()]  # fmt: skip
    figures = pd.DataFrame(rows)
    asked = Settings("yunfu", as_of=2016, to=2020, **settings)
    results = build_results(store.scheme("yunfu-2020"), figures, regions=store.regions, settings=asked)
    return results, Surroundings(figures, store.regions)


def test_three_words() -> None:
    """The house's statuses by what they say of the target; other rulebooks by their grades."""
    words = {status: word_of(HOUSE, status) for status in STATUSES}
    assert [status for status, word in words.items() if word == "reach"] == ["achieved", "met_to_hold", "on_track"]
    assert [status for status, word in words.items() if word == "miss"] == [
        "lagging",
        "regressing",
        "missed",
        "not_held",
    ]
    assert words["uncertain"] == words["no_data"] == words["not_seen"] == "open"
    assert {word_of(name, rule.unjudged[0]) for name, rule in RULEBOOKS.items()} == {"open"}
    assert [word_of("destatis", one) for one in ("sun", "slightly_cloudy", "thunderstorm")] == ["reach", "miss", "miss"]


def test_votes_and_flip_as_on_paper() -> None:
    """Default and four choices: three of five agree; the one that says the opposite is named before one that cannot."""
    choices = (
        Choice("method", "drift", "reach"),
        Choice("method", "constant", "open"),
        Choice("rulebook", "escap", "miss"),
    )
    one = Firmness("x", "reach", (*choices, Choice("borrow", "none", "reach")))
    assert (one.votes, one.same, one.share) == (5, 3, 0.6)
    assert [choice.name for choice in one.others] == ["escap", "constant"]


def test_each_method_has_the_vote_of_its_own_results(store: Store) -> None:
    """Two points a year from 37 to 55, target 60 in 2020: who goes on reaches it, who stands still cannot say so."""
    rising = {LINE: {2007 + n: 37.0 + 2 * n for n in range(10)}}
    results, around = made(store, rising)
    firm = build_firmness(results, around)[LINE]
    votes = {one.name: one.word for one in firm.choices if one.kind == "method"}
    assert set(votes) == set(METHODS) - {"auto"} and votes["constant"] != "reach" and votes["drift"] == "reach"
    for method, word in votes.items():
        alone, _ = made(store, rising, method=method)
        assert word == word_of(HOUSE, alone.lines[LINE].status), method
    others = {one.name: one.word for one in firm.choices if one.kind == "rulebook"}
    assert set(others) == set(RULEBOOKS) - {HOUSE}
    assert firm.word == "reach" and Choice("method", "constant", votes["constant"]) in firm.others
    assert {one.kind for one in firm.choices} == {
        "method",
        "rulebook",
    }  # nothing is borrowed, nothing is of earlier days


def test_earlier_days_have_a_vote_where_a_figure_came_out_since(store: Store) -> None:
    results, around = made(store, {LINE: {2016: 41.0}, OTHER: {2016: 38.5}})
    then, _ = made(store, {OTHER: {2016: 38.5}})
    changed = {
        name: replace(line, verdict=replace(line.verdict, status="lagging")) for name, line in then.lines.items()
    }
    found = build_firmness(results, around, {"2017-02-01": changed, "2017-03-01": changed})
    days = [(one.name, one.word) for one in found[LINE].choices if one.kind == "vintage"]
    assert days == [("2017-02-01", "miss")]
    assert found[LINE].word == "open" and found[LINE].others == (Choice("vintage", "2017-02-01", "miss"),)


def test_series_that_lend_a_trend_are_behind_the_line_too(store: Store) -> None:
    """No. 38.1 borrows from peers whose figures came out on 2026-11-26: by the days before nothing could be said."""
    firm = firmness_of(Question(), store)
    for no in ("38.1", "38"):
        one = firm[results_of(Question(), store).line(no).indicator]
        days = {choice.name: choice.word for choice in one.choices if choice.kind == "vintage"}
        assert days == {"2018-02-26": "open", "2026-11-24": "open"} and (one.same, one.votes) == (1, 11)
        for day in days:
            asked = Question(vintage=day)
            assert results_of(asked, store_of(asked, store)).line(no).status == "no_trend"


def test_rulebooks_that_count_from_a_baseline_that_is_the_latest_say_so(store: Store) -> None:
    """No. 1 has figures of 12 years, the last of 2016, which is the baseline's: ESCAP alone draws its line through all.

    100 * (58000 - 39816) / (58000 - 30679) = 66.6.
    """
    said = {(one.indicator, one.rulebook): one.verdict for one in results_of(Question(), store).verdicts}
    for name in ("gdp_per_capita", "services_share_of_gdp", "urban_population_share"):
        reasons = {said[name, rule].why.key for rule in ("opensdg", "un2023", "sdsn")}
        assert reasons == {"rulebook_no_year_since"} and said[name, "escap"].status == "accelerate"
    assert said["gdp_per_capita", "escap"].value == pytest.approx(66.56, abs=0.01)


def test_real_lines_and_their_words(store: Store) -> None:
    """A line that borrows has votes of borrowing, none of methods; one with parts those of its parts."""
    for lang in ("zh", "en"):
        question = Question(lang=lang)
        data = store_of(question, store)
        words, firm = words_of(question, data, results_of(question, data)), firmness_of(question, data)
        lines = words.results.lines
        assert set(firm) == {name for name, line in lines.items() if line.status != "no_target"}
        borrowed = next(name for name, line in lines.items() if line.trend.kind == "borrowed" and line.outlook.kind)
        kinds = {one.kind for one in firm[borrowed].choices}
        assert "borrow" in kinds and "method" not in kinds
        own = next(name for name, line in lines.items() if line.trend.kind == "own" and line.outlook.kind)
        said = firm_said(words, firm[own])
        assert f"{firm[own].same}{'/' if lang == 'zh' else ' of '}{firm[own].votes}" in said
        assert firm_said(words, Firmness("x", "open", ())) == ""
        shown = table_firmness(words, firm, "economy")
        assert shown.rows is not None and len(shown.rows) == 9
    assert firmness_of(Question(scenario={"name": "x", "indicators": {LINE: {"halt": True}}}), data) == {}
