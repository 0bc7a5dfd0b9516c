"""Results in words: targets, baselines, changes, years and reasons as a reader of each language expects them."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from made_up import LINE, RESULT

from xk.arithmetic.rulebooks import Reason
from xk.arithmetic.target import Rates
from xk.contracts.scheme import Line
from xk.exhibits import Wording
from xk.exhibits.baseline_words import say_baseline
from xk.pipeline.result import Distance, Latest, LineResult, Outlook, Trend
from xk.vocab.counting import how_many

NAN = math.nan
OUTLOOK = RESULT.outlook


def of(**changes: Any) -> Line:
    return replace(LINE, **changes)


def ahead(**changes: Any) -> LineResult:
    """Return the line with other projections."""
    return replace(RESULT, outlook=replace(OUTLOOK, **changes))


def lent(**trend: Any) -> LineResult:
    """Return the line with a trend that a proxy series lends."""
    return replace(ahead(kind="borrowed"), trend=Trend("borrowed", proxy=True, **trend))


def requiring(change: float, growth: float = 5.0, years: int = 3, **line: Any) -> LineResult:
    return replace(RESULT, line=of(**line), distance=Distance(required=Rates(change, growth, years)))


def words(lang: str) -> Wording:
    scheme = SimpleNamespace(
        target_year=2020,
        lines={"gdp": LINE},
        notes=lambda lang: {"gdp": {"zh": "说明", "en": "a note"}[lang]},
        names=lambda lang: {"gdp": {"zh": "人均GDP", "en": "GDP per head"}[lang]},
        office_names=lambda lang: {
            "a": {"zh": "甲局", "en": "Bureau A"}[lang],
            "b": {"zh": "乙局", "en": "Bureau B"}[lang],
        },
        domains=pd.DataFrame({"domain": ["economy"], "name_zh": ["经济"], "name_en": ["Economy"]}),
    )
    regions = {"gd": {"zh": "广东省", "en": "Guangdong"}[lang]}
    found = SimpleNamespace(scheme=scheme, settings=SimpleNamespace(region="yf"))
    return Wording(found, lang, region_names=regions, measure_labels={"元": "yuan"})  # type: ignore[arg-type]


HELD = {"hold_from": 2017, "hold_to": 2020}


@pytest.mark.parametrize(("n", "of_all", "which"), [(0, 0, "none"), (0, 3, "none"), (1, 3, "some"), (3, 3, "all")])
def test_none_some_and_all_are_told_apart(n: int, of_all: int, which: str) -> None:
    assert how_many(n, of_all) == which


@pytest.mark.parametrize(
    ("call", "of_what", "chinese", "english"),
    [
        ("target", LINE, "≥58000", "≥ 58,000"),
        ("target", of(direction="inverse", target_value=3.5), "≤3.5", "≤ 3.5"),
        ("target", of(target_value=NAN), "—", "—"),
        ("target", of(**HELD), "2017—2020年每年≥58000", "≥ 58,000 in every year 2017–2020"),
        ("target", of(target_year=2018), "≥58000（2018年底前）", "≥ 58,000 (by 2018)"),
        (
            "target",
            of(direction="inverse", target_value=125.4, target_stretch=80.0),
            "≤125.4（力争≤80）",
            "≤ 125.4 (stretch ≤ 80)",
        ),
        ("target", of(direction="interval", target_value=NAN, target_low=60.0, target_high=70.0), "60—70", "60 to 70"),
        ("latest", RESULT, "33000（2017年）", "33,000 (2017)"),
        ("latest", replace(RESULT, latest=Latest()), "—", "—"),
        ("required", RESULT, "+100（+5.0%）", "+100 (+5.0 %)"),
        ("required", requiring(100.0, NAN), "+100", "+100"),
        ("required", requiring(NAN), "—", "—"),
        ("required", requiring(-0.121), "-0.13（+5.0%）", "-0.13 (+5.0 %)"),
        ("required", requiring(4.7625, 3.01), "+4.77（+3.1%）", "+4.77 (+3.1 %)"),
        ("required", requiring(3.56, 109.5, unit="%"), "+3.56", "+3.56"),
        ("required", requiring(0.0, **HELD), "保持即可", "none, to be held"),
        ("required", requiring(0.0, years=0), "—", "—"),
        ("projected", RESULT, "40123（39000～41001）", "40,123 (39,000 to 41,001)"),
        ("projected", ahead(ends={}), "40123", "40,123"),
        ("projected", ahead(value=NAN), "—", "—"),
        ("projected", ahead(kind="borrowed"), "40123（参照广东省）", "40,123 (borrowed: Guangdong)"),
        ("projected", lent(region="yf"), "40123（自身口径）", "40,123 (own proxy)"),
        ("projected", lent(region="gd", peers=9), "40123（同类口径）", "40,123 (peers' proxy)"),
        (
            "projected",
            lent(region="gd"),
            "40123（参照广东省相近口径序列）",
            "40,123 (borrowed: the proxy series of Guangdong)",
        ),
        ("measure", LINE, "yuan，2010年不变价", "yuan, 2010 prices"),
        ("measure", of(price_base=""), "yuan", "yuan"),
        ("measure", of(price_base="not_stated"), "yuan", "yuan"),
        ("measure", of(unit="头"), "头，2010年不变价", "头, 2010 prices"),
        ("reached", Outlook(), "—", "—"),
        ("reached", OUTLOOK, "推算期内未达到", "not within the projection"),
        ("reached", replace(OUTLOOK, year_reached=2019), "2019", "2019"),
        ("reference", Trend("borrowed", "gd"), "广东省", "Guangdong"),
        ("reference", Trend("borrowed", "gd", proxy=True), "广东省相近口径序列", "the proxy series of Guangdong"),
        ("line", "gdp", "1\u00a0人均GDP", "1\u00a0GDP per head"),
        ("note", "gdp", "说明", "a note"),
        ("note", "gini", "", ""),
    ],
)
def test_words_for_a_line(call: str, of_what: object, chinese: str, english: str) -> None:
    assert [getattr(words(lang), call)(of_what) for lang in ("zh", "en")] == [chinese, english]


def test_what_is_off_by_less_than_it_is_rounded_by_is_not_written_as_equal() -> None:
    """77.335 misses 77.34 by 0.005, 59.996 misses 60 by 0.004: figure, target and shortfall differ and add up."""
    short = of(unit="%", price_base="", baseline_value=70.0, target_value=77.34)
    found = [(77.335, 77.34, "77.335", "0.005"), (59.996, 60.0, "59.996", "0.004"), (99.96, 100.0, "99.96", "0.04")]
    for value, target, figure, gap in found:
        line = replace(short, target_value=target)
        result = replace(RESULT, line=line, latest=Latest(2020, value))
        facts = {"year": 2020, "value": value, "gap": target - value}
        said = f"the figure of the target year 2020, {figure}, misses the target by {gap}"
        assert words("en").reason(Reason("missed", facts), result) == said
        assert words("en").latest(result) == f"{figure} (2020)"
        held = Reason("not_held", {"figures": [(2020, value)]})
        assert figure in words("en").reason(held, result)
    # nor what is projected as the latest figure that it moves away from
    away = replace(RESULT, line=replace(short, target_value=90.0, baseline_value=84.0), latest=Latest(2018, 84.0))
    said = words("en").reason(Reason("regressing_own", {"projected": 83.595, "target_year": 2020}), away)
    assert said.endswith("away from the target, to 83.6 in 2020")


@pytest.mark.parametrize(
    ("line", "chinese", "english"),
    [
        (LINE, "31502（2016年）", "31,502 (2016)"),
        (of(baseline_kind="estimated"), "31502（2016年，估计值）", "31,502 (2016, estimated)"),
        (of(baseline_value=NAN), "—", "—"),
    ],
)
def test_words_for_a_baseline(line: Line, chinese: str, english: str) -> None:
    assert [say_baseline(words(lang), line) for lang in ("zh", "en")] == [chinese, english]


def test_a_derived_figure_has_the_decimals_of_the_published_ones() -> None:
    finer = replace(RESULT, latest=Latest(2017, 33000.25))
    assert words("en").value(1234.5678, RESULT) == "1,235" and words("en").value(1234.5678, finer) == "1,234.57"
    assert words("zh").value(2.0, finer, signed=True) == "+2.00"
    assert words("zh").change(Rates(12.34, NAN), RESULT) == "+12.3"


@pytest.mark.parametrize(
    ("value", "label", "said"),
    [
        (610.0, "× 10,000 tce", "6.1 million tce"),  # 610 x 10,000
        (12.5, "× 10,000 mu", "125,000 mu"),
        (1.0, "school(s)", "1 school"),
        (7.0, "school(s)", "7 schools"),
        (1.0, "units", "1 unit"),
        (600.0, "per 100,000 persons", "600 per 100,000 persons"),
        (95.0, "%", "95 %"),
    ],
)
def test_an_amount_reads_as_in_a_sentence(value: float, label: str, said: str) -> None:
    told = words("en")
    told.measure_labels = {"u": label}
    assert told.amount(value, "u") == said
    told = words("zh")
    told.measure_labels = {"u": "万吨标准煤"}
    assert told.amount(12.3456, "u", asked=True) == "12.3456万吨标准煤"
    assert told.amount(610.0, "u") == "610万吨标准煤"


def test_a_planned_value_has_one_decimal_more_than_its_baseline() -> None:
    """From 53 in 2016 to 60 in 2020 by equal steps of 1.75: 54.75, 56.5, 58.25."""
    share = replace(RESULT, line=of(baseline_value=53.0, target_value=60.0), latest=Latest(2016, 53.0))
    path = [words("zh").planned(value, share) for value in (54.75, 56.5, 58.25, 60.0)]
    assert path == ["54.8", "56.5", "58.3", "60.0"]
    assert words("zh").planned(-1.75, share, signed=True) == "-1.8"
    assert words("zh").planned(59.97, share) == "59.97"  # short of 60
    held = replace(share, line=of(baseline_value=94.66, target_value=95.0, **HELD))
    assert words("zh").planned(95.0, held) == "95"


def test_what_is_short_of_the_target_never_prints_as_the_target() -> None:
    """29.1: 94.66 of 95 is 99.64 per cent; 29 the mean of that and 100, 99.82."""
    told = words("zh")
    assert [told.points(value, 0) for value in (99.64, 99.82, 100.0, 100.04)] == ["99.6", "99.8", "100", "100"]
    assert told.share(99.97) == "99.97%"
    assert told.value(57999.6, RESULT) == "57999.6" and told.value(58000.3, RESULT) == "58000"
    ceiling = replace(RESULT, line=of(direction="inverse", target_value=4.0, baseline_value=2.0), latest=Latest())
    assert told.value(4.04, ceiling) == "4.04"
    assert told.value(3.96, ceiling) == "4"


@pytest.mark.parametrize(
    ("years", "chinese", "english"),
    [
        ([2018], "2018", "2018"),
        ([2017, 2018, 2019], "2017—2019", "2017–2019"),
        ([2020, 2017, 2018], "2017—2018、2020", "2017–2018, 2020"),
        ([], "", ""),
    ],
)
def test_years_are_told_as_runs(years: list[int], chinese: str, english: str) -> None:
    assert (words("zh").years(years), words("en").years(years)) == (chinese, english)


@pytest.mark.parametrize(
    ("probability", "shown"), [(0.5, "50%"), (0.004, "< 1%"), (0.999, "> 99%"), (NAN, "—"), (0.99, "99%")]
)
def test_a_probability_is_never_said_to_be_certain(probability: float, shown: str) -> None:
    assert words("zh").odds(probability) == shown


def test_numbers_stand_in_the_programme_s_order_whatever_order_they_come_in() -> None:
    lines = {name: SimpleNamespace(no=no) for name, no in (("a", "8"), ("b", "27"), ("c", "37.1"), ("d", "37.3"))}
    told = words("zh")
    told.results = SimpleNamespace(scheme=SimpleNamespace(lines=lines))
    assert told.numbers(["b", "d", "c", "a", "b"]) == "8、27、37.1、37.3"


def test_units_in_charge_are_named_in_their_order() -> None:
    assert words("zh").offices("b", "a") == "乙局、甲局"
    assert words("en").offices("b", "a") == "Bureau B; Bureau A"
    assert words("zh").offices() == "—"


@pytest.mark.parametrize(
    ("reason", "named"),
    [
        (Reason("achieved", {"year": 2017, "value": 33000.0}), ["2017年", "33000"]),
        (Reason("unseen", {"years": [2017, 2018]}), ["2017—2018年"]),
        (Reason("not_held", {"figures": [(2018, 4.2), (2019, 5.0)]}), ["2018年4.2、2019年5，"]),
        (Reason("odds", {"odds": 0.466}, (Reason("unseen", {"years": [2017]}),)), ["达标概率47%；应达标的2017年"]),
        (
            Reason("lagging_borrowed", {"projected": 40123.4, "target_year": 2020, "region": "gd", "odds": 0.1}),
            ["广东省", "2020年", "40123，", "10%"],
        ),
        (Reason("other_prices", {"found": "not_stated", "wanted": "2010"}), ["未说明", "2010年不变价"]),
        (Reason("composite", {"parts": [("23.1", "achieved"), ("23.2", "lagging")]}), ["23.1（已达标）、23.2（滞后）"]),
    ],
)
def test_reasons_name_their_figures(reason: Reason, named: list[str]) -> None:
    sentence = words("zh").reason(reason, RESULT)
    assert not [part for part in named if part not in sentence], sentence


def test_names_that_are_not_known_stay_as_they_are() -> None:
    assert words("zh").region("nowhere") == "nowhere"
    assert words("zh").domain(None) == "全部领域"
    assert (words("zh").level("total"), words("en").level("economy")) == ("综合", "Economy")
