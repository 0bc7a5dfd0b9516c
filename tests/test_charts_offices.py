"""What the chart of the lead offices says of those with the most indicators behind: a tie names nobody by chance."""

from __future__ import annotations

import dataclasses

import pytest
from made_up import LINES, made, worded

from xk.charts.offices import Led, most_behind
from xk.pipeline.result import LineResult

WORDS = worded(made(LINES))
LINE: LineResult = next(iter(WORDS.results.lines.values()))


def led(office: str, *statuses: str) -> Led:
    return Led(office, [_with(status) for status in statuses])


def _with(status: str) -> LineResult:
    return dataclasses.replace(LINE, verdict=dataclasses.replace(LINE.verdict, status=status))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([led("a", "on_track"), led("b", "no_data")], "没有单位有进度落后的指标"),
        ([led("a", "lagging", "regressing"), led("b", "lagging")], "进度落后的指标最多的是a（2项）"),
        ([led("a", "lagging"), led("b", "lagging"), led("c", "no_data")], "进度落后的指标最多的是a和b（各1项）"),
        ([led(office, "lagging") for office in "abcd"], "4个单位各有1项进度落后"),
    ],
)
def test_most_behind_names_all_that_have_as_many(rows: list[Led], said: str) -> None:
    assert most_behind(WORDS, rows) == said
