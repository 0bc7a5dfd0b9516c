"""Published odds: recorded once and for good, read whatever became of the file, scored by what came."""

from __future__ import annotations

import json
import math
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from test_faults import kill_before, start, status_of

from xk.bench import Question, results_of, store_of, words_of
from xk.contracts.scheme import Scheme
from xk.errors import UsageError
from xk.exhibits import Wording
from xk.pipeline.stated import Scored, Stated, build_card, read_stated, score_stated
from xk.readers.writing import csv_bytes
from xk.running.kernels.children import CAN_FORK
from xk.running.runs import Run
from xk.running.runs.history import prune
from xk.running.runs.published import ODDS, add_odds, read_odds, read_used, record_odds
from xk.tables import show_scorecard, trust_said

LINE = "urban_population_share"
STATED: dict[str, Any] = {
    "run": "r1", "date": "2018-03-01", "vintage": "2018-02-26", "scheme": "yunfu-2020", "region": "yunfu",
    "indicator": LINE, "as_of": 2016, "method": "auto", "direction": "positive", "target_year": 2020,
    "target_value": 50.0, "target_low": None, "target_high": None, "hold_from": None, "hold_to": None, "once": False,
    "series": "s", "latest_year": 2016, "latest_value": 40.0, "status": "lagging", "probability": 0.3,
    "projected_value": 48.0, "projected_lo80": 46.0, "projected_hi80": 50.0, "projected_lo95": 44.0,
    "projected_hi95": 52.0, "known": False,
}  # fmt: skip


def stated(**changes: Any) -> Stated:
    return read_stated(STATED | changes)


def figures(values: dict[int, float], *, series: str = "s", breaks: int = 9999, line: str = LINE) -> pd.DataFrame:
    rows = [
        {
            "region": "yunfu",
            "indicator": line,
            "series": series,
            "segment": int(year >= breaks),
            "year": year,
            "value": x,
        }
        for year, x in values.items()
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def words() -> dict[str, Wording]:
    found = {}
    for lang in ("zh", "en"):
        question = Question(lang=lang)
        store = store_of(question)
        found[lang] = words_of(question, store, results_of(question, store))
    return found


@pytest.fixture(scope="module")
def scheme(words: dict[str, Wording]) -> Scheme:
    return words["zh"].results.scheme


def score(scheme: Scheme, one: Stated, seen: pd.DataFrame) -> Scored:
    (found,) = score_stated([one], scheme, seen, method="auto")
    return found


def test_brier_and_counts_as_on_paper(scheme: Scheme, words: dict[str, Wording]) -> None:
    """(0.1^2 + 0.3^2 + 0.3^2 + 0.8^2) / 4 = 0.2075; 46 to 50 holds one of what came, 44 to 52 three."""
    odds = {
        "gdp_per_capita": (0.9, 50),
        "services_share_of_gdp": (0.7, 51),
        LINE: (0.3, 45),
        "life_expectancy": (0.2, 60),
    }
    lines = [stated(indicator=name, probability=p, series=name) for name, (p, _) in odds.items()]
    came = [figures({2016: 40, 2020: x}, series=name, line=name) for name, (_, x) in odds.items()]
    card = build_card(score_stated(lines, scheme, pd.concat(came), method="auto"), "yunfu")
    total = card["total"]
    assert (total["scored"], total["came"], round(total["brier"], 10)) == (4, 3, 0.2075)
    assert total["stated"] == pytest.approx(0.525)
    assert [row[:2] for row in total["classes"]] == [[0, 0], [2, 1], [0, 0], [1, 1], [1, 1]]
    assert (total["in80"], total["in95"]) == ([1, 4], [3, 4])
    assert card["domains"]["economy"]["scored"] == 3 and card["domains"]["livelihood"]["brier"] == pytest.approx(0.64)
    assert trust_said(words["zh"], card) == "已检验4项：平均给出52.5%，实现3项，布里尔分数0.208（一律给50%为0.25）"
    shown = show_scorecard(words["en"], card)
    assert "of 2 lines given 20-40 %, 1 came true; of 1 line given 60-80 %, 1 came true" in shown.plain
    assert json.loads(json.dumps(card)) == card  # what a notebook can be given


@pytest.mark.parametrize(
    ("changes", "seen", "apart"),
    [
        ({}, {2016: 40, 2019: 49}, "not_yet"),
        ({}, {2016: 41, 2020: 49}, "revised"),
        ({"known": True}, {2016: 40, 2020: 49}, "known_then"),
        ({"indicator": "gone"}, {2016: 40, 2020: 49}, "unknown_line"),
        ({"probability": None}, {2016: 40, 2020: 49}, "no_odds"),
        ({"probability": None}, {2016: 40}, "no_odds"),
        ({"probability": None, "known": True}, {2016: 40, 2020: 49}, "no_odds"),
        ({"hold_from": 2017, "hold_to": 2020}, {2016: 40, 2017: 51, 2019: 51, 2020: 51}, "unseen_year"),
    ],
)
def test_what_cannot_be_scored_has_a_reason(scheme: Scheme, changes: Any, seen: Any, apart: str) -> None:
    found = score(scheme, stated(**changes), figures(seen, line=str(changes.get("indicator", LINE))))
    assert found.apart == apart
    assert build_card([found], "yunfu")["apart"] == {apart: 1} and build_card([found], "yunfu")["total"]["scored"] == 0


def test_only_the_series_that_was_projected_tells(scheme: Scheme) -> None:
    assert score(scheme, stated(), figures({2016: 40, 2020: 60}, breaks=2018)).apart == "across_break"
    other = pd.concat([figures({2016: 40}), figures({2020: 60}, series="census")])
    assert score(scheme, stated(), other).apart == "other_series"


def test_held_once_inverse_and_interval_targets(scheme: Scheme) -> None:
    held = {"hold_from": 2017, "hold_to": 2020}
    years = {2016: 40, 2017: 51, 2018: 49, 2019: 51, 2020: 51}
    assert score(scheme, stated(), figures(years)).came is True
    assert score(scheme, stated(**held), figures(years)).came is False
    assert score(scheme, stated(**held), figures(years | {2018: 50})).came is True
    assert score(scheme, stated(once=True), figures(years | {2020: 49})).came is True
    assert score(scheme, stated(direction="inverse"), figures(years)).came is False
    within = {"direction": "interval", "target_value": None, "target_low": 50, "target_high": 52}
    assert score(scheme, stated(**within), figures(years)).came is True


def test_the_same_question_counts_once_by_its_first_answer(scheme: Scheme) -> None:
    asked = [stated(), stated(run="r2", probability=0.9), stated(run="r3", as_of=2017), stated(method="drift")]
    found = score_stated(asked, scheme, figures({2016: 40, 2020: 51}), method="auto")
    assert [(one.stated.run, one.stated.probability) for one in found] == [("r1", 0.3), ("r3", 0.3)]


def test_nothing_to_test_yet_is_said(words: dict[str, Wording], scheme: Scheme) -> None:
    none = build_card([], "yunfu")
    assert trust_said(words["zh"], none) == ""
    assert "尚无可检验的" in show_scorecard(words["zh"], none).plain
    waiting = build_card([score(scheme, stated(), figures({2016: 40}))], "yunfu")
    assert trust_said(words["en"], waiting) == ""


def test_what_had_no_odds_is_counted_apart(words: dict[str, Wording], scheme: Scheme) -> None:
    """Of two lines without a figure of 2020 one had no odds: one is on record."""
    said = [stated(), stated(indicator="life_expectancy", probability=None)]
    card = build_card(score_stated(said, scheme, figures({2016: 40}), method="auto"), "yunfu")
    assert (card["stated"], card["odds"], card["apart"]) == (2, 1, {"no_odds": 1, "not_yet": 1})
    shown = show_scorecard(words["en"], card).plain
    assert "made 2 statements about years to come of Yunfu, 1 with odds; 0 of these can be tested" in shown
    assert "no odds were given (1), no figure of the target year yet (1)" in shown


# --- the file


def publish(out: Path, name: str, number: int, *rows: dict[str, Any]) -> None:
    """Put a run into a folder as far as its odds are concerned."""
    tables = out / name / "data"
    tables.mkdir(parents=True)
    asked = {"scheme": "yunfu-2020", "method": "auto"}
    manifest = {"number": number, "started": "2018-03-01T00:00:00Z", "parameters": asked, "exit_status": 0}
    (out / name / "manifest.json").write_text(json.dumps(manifest))
    own = {"scenario": "reference", "counted": True} | {k: v for k, v in STATED.items() if k not in ("run", "date")}
    frame = pd.DataFrame([own | row for row in rows or ({},)])
    (tables / "summary.csv").write_bytes(csv_bytes(frame, excel=True))
    later = pd.DataFrame([{"region": "yunfu", "indicator": "gdp_per_capita", "year": 2020}])
    (tables / "later.csv").write_bytes(csv_bytes(later, excel=True))


def test_a_run_adds_its_lines_and_nothing_is_taken_away(tmp_path: Path) -> None:
    """The second says the same of a line, which is not written again; the third is of a scenario; --keep spares all."""
    publish(tmp_path, "a", 1, {}, {"indicator": "gdp_per_capita"}, {"status": "no_data", "indicator": "x"})
    assert record_odds(tmp_path) == ""
    first = (tmp_path / ODDS).read_bytes()
    publish(tmp_path, "b", 2, {}, {"indicator": "gdp_per_capita", "probability": 0.4})
    publish(tmp_path, "c", 3, {"scenario": "faster_push"})
    assert record_odds(tmp_path) == "" and record_odds(tmp_path) == ""
    whole = (tmp_path / ODDS).read_bytes()
    assert whole.startswith(first) and whole.count(b"\n") == 3
    asked = {"scheme": "yunfu-2020", "method": "auto"}
    assert prune(Run(tmp_path, "d", "", about=asked, keep=1)) == ["b", "a"]
    past = read_odds(tmp_path / ODDS)
    assert past.runs == {"a", "b", "c"} and past.faults == ()
    told = [(one.run, one.indicator, one.probability, one.known) for one in past.stated]
    assert told == [("a", LINE, 0.3, False), ("a", "gdp_per_capita", 0.3, True), ("b", "gdp_per_capita", 0.4, True)]
    assert past.stated[0] == stated(run="a")


def test_what_is_damaged_is_left_out_and_named_and_stays(tmp_path: Path) -> None:
    publish(tmp_path, "a", 1)
    record_odds(tmp_path)
    path = tmp_path / ODDS
    good = json.loads(path.read_bytes())
    older = {"run": "old", "columns": ["region"], "odds": [["yunfu"]]}
    wrong = [
        [cell if name != asked else hostile for name, cell in zip(good["columns"], good["odds"][0], strict=True)]
        for asked, hostile in (
            ("probability", 7), ("target_year", 99999), ("region", "\u202eyunfu"), ("series", "x" * 300),
            ("status", "<b>"), ("latest_value", "1e999"), ("indicator", {"a": 1}), ("target_year", 2010),
            ("hold_from", 2100),
        )
    ]  # fmt: skip
    odd = [b"\xff\xfe\x00garbage", b"[1]", b"[" * 100_000, json.dumps(older).encode(), json.dumps(good).encode()[:-9]]
    before = b"\n".join([path.read_bytes() + json.dumps(good | {"run": "bad", "odds": wrong}).encode(), *odd])
    path.write_bytes(before)
    past = read_odds(path)
    assert [one.run for one in past.stated] == ["a"] and past.runs == {"a", "bad", "old"}
    assert past.faults[0].endswith("odds.jsonl: line 2 7.0 is no probability; left out")
    assert past.faults[-1] == "... and 9 more"
    publish(tmp_path, "b", 2, {"probability": 0.5})
    assert record_odds(tmp_path) == ""
    assert path.read_bytes().startswith(before + b"\n")
    assert [one.run for one in read_odds(path).stated] == ["a", "b"]


def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, "a", 1)
    (tmp_path / ODDS).mkdir()
    assert read_odds(tmp_path / ODDS).faults[0].endswith("odds.jsonl is no file; move it away")
    assert "the odds could not be recorded" in record_odds(tmp_path)
    (tmp_path / ODDS).rmdir()
    (tmp_path / ODDS).write_bytes(b"x" * 2_000)
    monkeypatch.setattr("xk.readers.text.LARGEST", 1_000)
    assert "more than 0 are not read" in read_odds(tmp_path / ODDS).faults[0]
    with pytest.raises(UsageError, match="move it away"):
        add_odds(tmp_path / ODDS, [])
    assert (tmp_path / ODDS).stat().st_size == 2_000


@pytest.mark.skipif(not CAN_FORK, reason="needs processes as Linux has them")
def test_killed_before_each_change_all_lines_or_none(tmp_path: Path) -> None:
    publish(tmp_path, "a", 1)
    record_odds(tmp_path)
    first = (tmp_path / ODDS).read_bytes()
    publish(tmp_path, "b", 2, {"probability": 0.5}, {"indicator": "gdp_per_capita"})

    def record_until(change: int) -> int:
        kill_before(change)
        return len(record_odds(tmp_path))

    for change in count(1):
        ending = status_of(start(lambda change=change: record_until(change)))
        if ending != "was killed by SIGKILL":
            break
        assert (tmp_path / ODDS).read_bytes() == first
    assert ending == "ended with exit status 0" and change > 2
    assert (tmp_path / ODDS).read_bytes().startswith(first)
    assert [one.run for one in read_odds(tmp_path / ODDS).stated] == ["a", "b", "b"]


def test_a_run_is_made_again_from_what_it_kept(tmp_path: Path, scheme: Scheme) -> None:
    asked = [stated(), stated(indicator="gdp_per_capita", known=True), stated(indicator="life_expectancy", as_of=2015)]
    seen = figures({2016: 40, 2020: 51})
    found = score_stated(asked, scheme, seen, method="auto")
    path = tmp_path / "scorecard.csv"
    frame = pd.DataFrame([one.record() for one in found])
    path.write_bytes(csv_bytes(frame, excel=True))
    again = score_stated(read_used(path).stated, scheme, seen, method="auto")
    assert build_card(again, "yunfu") == build_card(found, "yunfu")
    assert [str(one) for one in again] == [str(one) for one in found]
    assert read_used(tmp_path / "nowhere.csv").stated == () and math.isnan(again[0].stated.target_low)
