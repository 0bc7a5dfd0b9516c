"""Marks of figures: letters, signs and columns of flags, by notes and official lists; what begins a series anew."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import pytest

from xk.readers.block_figures import read_figures
from xk.readers.figure_marks import break_flagged, kinds_flagged
from xk.readers.layouts.axes import find_blocks
from xk.readers.sheets import Sheet, Value
from xk.readers.told_notes import break_meant, legend_of

NAME = "城镇登记失业率"


def read(*rows: list[Value]) -> tuple[dict[int, tuple[float, str, bool]], list[str], list[str]]:
    """Return year -> value, kind and whether it is the first after a break; doubts; faults."""
    width = max(map(len, rows))
    sheet = Sheet("a.xlsx", "", [[*row, *[None] * (width - len(row))] for row in rows])
    (block,), faults = find_blocks(sheet, {"云浮市"}.__contains__)
    found = read_figures(block)
    cells = found.rows[["year", "value", "kind", "note"]].itertuples(index=False, name=None)
    figures = {year: (value, kind, note.startswith("break in series")) for year, value, kind, note in cells}
    return figures, block.doubts, [str(one) for one in [*faults, *found.faults]]


def wide(
    *cells: Value, note: str = "", name: str = NAME
) -> tuple[dict[int, tuple[float, str, bool]], list[str], list[str]]:
    """Read a line of figures from 2014 on, with a note under the table."""
    return read(["指标", "单位", *range(2014, 2014 + len(cells))], [name, "%", *cells], [note])


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ("2.6 (p)", "(p) provisional"), ("2.6 p", "p provisional"), ("2.6p", "p: preliminary figure"), ("2.6(p)", ""), ("2.6 P", "P = provisional"),
        ("2.6[p]", ""), ("2.6 p", "b=break in series, p=provisional, r revised"), ("2.6 p", "注：p表示初步数，b为口径变化。"), ("2.6（k）", "（k）初步数"),
        ("2.6k", "k: provisional"), ("2.6*", "* provisional"), ("2.6 p", "Flags: b - break in time series; p - provisional"),
    ],
)  # fmt: skip
def test_letters_are_understood_as_signs_are(cell: str, note: str) -> None:
    figures, (doubt,), faults = wide(2.4, cell, note=note)
    assert figures == {2014: (2.4, "", False), 2015: (2.6, "preliminary", False)} and not faults
    assert doubt.startswith("1 cells are marked as preliminary by")


def test_official_flags_say_their_kind_and_notes_say_another() -> None:
    figures, doubts, _ = wide("2.4 e", "2.5 s", "2.6 r", "2.7 u", "2.8 f")
    assert [kind for _, kind, _ in figures.values()] == ["estimated", "estimated", "", ""]
    assert (
        "1 cells are marked as forecast by the official list of flags, and were not read: what is expected is no observation"
        in doubts
    )
    assert [kind for _, kind, _ in wide(2.4, "2.5 p", note="p: estimated")[0].values()] == ["", "estimated"]
    _, _, (fault,) = wide(2.4, "2.5 b", note="b: billion")
    assert "'2.5 b' is 2.5 with the mark b, or in another unit" in fault
    assert wide(2.4, "2.5k", note="k: thousand")[2]


def test_a_legend_that_no_cell_needs_is_no_doubt_and_an_example_is_in_the_language_of_its_note() -> None:
    assert wide(2.4, 2.5, note="(p) provisional. (b) break in series. : not available.")[1] == []
    (doubt,) = wide(2.4, 2.5, note="Some figures are provisional")[1]
    assert doubt.endswith("as 2.6*, or name their year, as '2016 figures are preliminary'") and doubt.isascii()
    assert "2016年为初步数" in wide(2.4, 2.5, note="部分数据为初步数")[1][0]


@pytest.mark.parametrize(
    ("cells", "note", "name", "first"),
    [
        ((2.4, "2.5 b", 2.6), "b break in series", NAME, [2015]), ((2.4, "2.5 (b)", 2.6), "", NAME, [2015]),
        ((2.4, "2.5 bp", 2.6), "", NAME, [2015]), ((2.4, "2.5①", 2.6), "注：①口径调整", NAME, [2015]),
        ((2.4, "2.5①", "2.6①"), "①统计口径变化，与往年不可比", NAME, [2015]), ((2.4, "2.5 b", "2.6 b"), "b: break", NAME, [2015, 2016]),
        ((2.4, 2.5, 2.6), "注：①2015年起口径调整。", f"{NAME}①", [2015]), ((2.4, "2.5*", 2.6), "* change in definition", NAME, [2015]),
    ],
)  # fmt: skip
def test_a_mark_of_a_break_begins_the_series_anew(
    cells: tuple[Value, ...], note: str, name: str, first: list[int]
) -> None:
    figures, doubts, faults = wide(*cells, note=note, name=name)
    assert [year for year, (*_, broken) in figures.items() if broken] == first and not faults
    assert any(one.startswith("series break before the figures of ") for one in doubts)
    assert not any("was not taken as one" in one for one in doubts)


@pytest.mark.parametrize(
    ("note", "name"),
    [("注：①口径调整", f"{NAME}①"), ("2015年起统计口径有调整", NAME), ("There is a break in the series", NAME), ("①历史数据已按新口径调整", f"{NAME}①")],
)  # fmt: skip
def test_a_break_of_which_no_figure_is_named_is_a_doubt_that_says_how_to_declare_it(note: str, name: str) -> None:
    figures, doubts, _ = wide(2.4, 2.5, note=note, name=name)
    assert not any(broken for *_, broken in figures.values())
    assert any(
        "tells of a break in series, and was not taken as one: mark the first figure after it" in one for one in doubts
    )


def test_heads_of_years_have_flags() -> None:
    figures, *_ = read(["指标", "单位", "2014年", "2015 (b)", "2016 p"], [NAME, "%", 2.4, 2.5, 2.6])
    assert figures == {2014: (2.4, "", False), 2015: (2.5, "", True), 2016: (2.6, "preliminary", False)}


@pytest.mark.parametrize("head", ["flag", "OBS_STATUS", "obs_flag", "status", "数据标志"])
def test_columns_of_flags(head: str) -> None:
    rows = [
        [NAME, "%", 2014, 2.4, "A"],
        [NAME, "%", 2015, 2.5, "B"],
        [NAME, "%", 2016, 2.6, "P"],
        [NAME, "%", 2017, 2.7, "e"],
    ]
    figures, doubts, _ = read(["指标", "单位", "年份", "数值", head], *rows)
    assert figures == {
        2014: (2.4, "", False),
        2015: (2.5, "", True),
        2016: (2.6, "preliminary", False),
        2017: (2.7, "estimated", False),
    }
    assert "column" not in " ".join(doubts)


def test_flags_that_are_not_known_and_words_for_them_are_said() -> None:
    rows = [
        [NAME, "%", 2014, 2.4, "W", "F"],
        [NAME, "%", 2015, 2.5, "provisional", "C"],
        [NAME, "%", 2016, 2.6, "口径调整", "F"],
    ]
    figures, doubts, _ = read(["指标", "单位", "年份", "数值", "OBS_STATUS", "CONF_STATUS"], *rows)
    assert figures == {2014: (2.4, "", False), 2015: (2.5, "preliminary", False), 2016: (2.6, "", True)}
    assert "flags that are not known were left out: W; do they change what the figures are?" in doubts
    assert "1 figures have the confidentiality status C: may they be published?" in doubts


@pytest.mark.parametrize(
    ("words", "breaks"),
    [
        ("2018年起统计口径调整", True), ("自2014年起采用新口径", True), ("与往年不可比", True), ("break in time series", True), ("not comparable with earlier years", True),
        ("definition was changed", True), ("按可比口径计算", False), ("规划口径", False), ("revised", False), ("no break", None), ("已按新口径调整", None),
    ],
)  # fmt: skip
def test_words_for_a_break(words: str, breaks: bool | None) -> None:
    assert break_meant(words) is breaks


def test_flags_of_one_figure_are_known_by_its_notes() -> None:
    """As those of a workbook that came back, which has no note under it."""
    assert (kinds_flagged(["new", "mark bp"]), break_flagged(["mark bp"])) == (["preliminary"], True)
    assert (kinds_flagged(["mark *", "mark [p]"]), break_flagged(["mark r"])) == (["preliminary"], False)


def test_letters_in_a_sentence_are_no_legend() -> None:
    assert (
        legend_of(
            ["This is b not a note", "Source: Norvania Statistics", "e.g. a note", "GDP (current) is at 2010 prices"]
        )
        == {}
    )
