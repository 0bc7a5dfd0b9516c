"""Figures of Yunfu that the documentation quotes, worked out again from the data."""

from __future__ import annotations

import re

import pytest
from made_up import ROOT

from xk.bench import Question, results_of
from xk.pipeline import Results
from xk.readers import Store, read_store


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


@pytest.fixture(scope="module")
def found(store: Store) -> Results:
    return results_of(Question(region="yunfu", as_of=2016), store)


def page(name: str) -> dict[str, str]:
    """Return a page in both languages, a run of blanks as one."""
    read = {lang: (ROOT / "docs" / lang / f"{name}.md").read_text(encoding="utf-8") for lang in ("en", "zh")}
    return {lang: re.sub(r"\s+", " ", text) for lang, text in read.items()}


def test_hindsight_of_no_26(found: Results) -> None:
    """What came in 2020, brought to the level of the plan's figure by the factor of 2016, and what was projected."""
    line = found.line("26")
    (came,) = (one for one in found.outturns if one.indicator == line.line.indicator and one.year == 2020)
    assert came.converted and came.series == line.trend.series
    lent = {point.year: point.value for point in found.paths.lent["doctors_per_1000"]}
    level, base = line.latest.value, lent[line.latest.year]
    assert came.actual == pytest.approx(came.published * level / base)
    figures = (came.published, level, base, came.actual, came.value, came.ends["lo80"], came.ends["hi80"])
    own, level, base, actual, central, low, high = (
        f"{value:.{n}f}" for value, n in zip(figures, (4, 2, 4, 2, 2, 2, 2), strict=True)
    )
    said = page("method")
    assert (
        f"no. 26 came to {own} in 2020, times {level} / {base} = {actual}, "
        f"against {central} ({low} to {high} at 80 %) projected in 2016."
    ) in said["en"]
    brought = f"{own}，乘以 {level} / {base} 得 {actual}，2016 年推算为 {central}"
    assert f"{brought}（80% 区间 {low} 至 {high}）" in said["zh"]


@pytest.mark.parametrize(
    ("no", "growth", "words"),
    [("1", True, (" %", "%")), ("2", False, (" points", " 个百分点")), ("3", False, (" points", " 个百分点")),
     ("26", False, (" doctors", " 人")), ("40", False, (" points", " 个百分点"))],
)  # fmt: skip
def test_base_rates_that_the_method_names(found: Results, no: str, growth: bool, words: tuple[str, str]) -> None:
    line = found.line(no)
    required = line.distance.required
    pace = f"{required.growth:.1f}" if growth else f"{required.change:.{2 if abs(required.change) < 1 else 1}f}"
    said, (en, zh) = page("method"), words
    peer = found.summary.set_index("no").loc[no]
    windows, reached = int(peer["windows"]), int(peer["windows_reached"])
    tail = rf"{reached} of {windows}\b"
    assert re.search(rf"no\. {no} (needs )?{re.escape(pace + en)}[^;.]*, (which )?{tail}", said["en"])
    told = rf"第 {no} 项[^；。]*{re.escape(pace + zh)}[^；。]*{windows} 个[^；。]*有 {reached} 个"
    assert re.search(told, said["zh"])


def numbered(listed: str) -> set[str]:
    """Return the numbers of lines in a list such as 4, 5, 16-18 and 39.2."""
    found = set()
    for first, last in re.findall(r"(\d+(?:\.\d)?)(?:-(\d+))?", listed):
        found |= {str(no) for no in range(int(first), int(last) + 1)} if last else {first}
    return found


def test_what_has_no_series(found: Results, store: Store) -> None:
    """Of which lines nothing stands beside the plan's own figure, and of which nothing is of Yunfu; no composite."""
    series = store.observations[~store.observations["definition"].str.endswith(".plan")]
    anywhere, own = set(series["indicator"]), set(series.loc[series["region"] == "yunfu", "indicator"])
    plan = set(store.observations.loc[store.observations["definition"].str.endswith(".plan"), "indicator"])
    lines = {name: line.no for name, line in found.scheme.lines.items() if not line.is_composite or name in plan}
    nowhere = {no for name, no in lines.items() if name not in anywhere}
    not_here = {no for name, no in lines.items() if name in anywhere - own}
    said = page("data_sources")
    for at_all, of_yunfu in (
        (r"beside the plan's own figure for ([\d., and-]+) \|", r"series of Yunfu itself for ([\d., and-]+);"),
        (r"\| 第 ([\d.、和 -]+) 项除方案自身数值", r"云浮市自身第 ([\d.、和 -]+) 项的任何序列"),
    ):
        (text,) = (text for text in said.values() if re.search(at_all, text))
        for pattern, lacking in ((at_all, nowhere), (of_yunfu, not_here)):
            assert numbered(re.findall(pattern, text)[0]) == lacking


def test_counts_of_figures(store: Store) -> None:
    """Figures and series by region and grade, and the years; all of them together."""
    regions = store.regions.set_index("region")
    cities = regions.index[regions["parent"] == "guangdong"]
    groups = {
        "China": ["china"], "Guangdong": ["guangdong"], "Yunfu": ["yunfu"],
        "other 20 cities": [name for name in cities if name != "yunfu"],
        "counties of Yunfu": [*regions.index[regions["parent"] == "yunfu"]],
    }  # fmt: skip
    said = page("data_sources")["en"]
    for name, members in groups.items():
        rows = store.observations[store.observations["region"].isin(members)]
        cells = (
            f"{len(graded)} ({graded['series'].nunique()})"
            for graded in (rows[rows["grade"] == grade] for grade in "AB")
        )
        assert f"| {name} | {' | '.join(cells)} | {rows['year'].min()}-{rows['year'].max()} |" in said
    assert f"{len(store.observations):,} figures." in said


def test_price_bases_that_the_plan_leaves_open(found: Results) -> None:
    bases = {line.no: line.baseline_price_base for line in found.scheme.lines.values() if line.baseline_price_base}
    assert bases == {"1": "current", "19": "not_stated", **dict.fromkeys(("31", "33", "34", "35"), "2010")}
    assert "1 is `current`" in page("data_sources")["en"] and "19 项为 `not_stated`" in page("data_sources")["zh"]


def test_the_index_of_a_year_as_of_two_years(found: Results, store: Store) -> None:
    """No. 3 has no figure of 2016 in the census, 1 and 26 have another; all else of 2016 is the same."""
    both = found, results_of(Question(region="yunfu", as_of=2020), store)
    index, attained = [], []
    for one in both:
        years = one.index_years[(one.index_years["level"] == "total") & (one.index_years["year"] == 2016)]
        index.append(f"{years['value'].item():.1f}")
        rows = one.yearly[one.yearly["year"] == 2016].set_index("indicator")["value"].dropna()
        attained.append({one.scheme.lines[name].no: value for name, value in rows.items()})
    then, now = attained
    assert set(then) - set(now) == {"3"} and {no for no in now if now[no] != then.get(no)} == {"1", "26"}
    said = page("limits")
    assert "2016 is {} as of 2016, {} as of 2020".format(*index) in said["en"]
    assert "截至 2016 年为 {}，截至 2020 年为 {}".format(*index) in said["zh"]
