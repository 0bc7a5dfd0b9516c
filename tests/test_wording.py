"""Results in words: targets, baselines, changes, years and reasons as a reader of each language expects them."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from xk.arithmetic.rulebooks import Reason
from xk.exhibits.wording import Wording

NAN = math.nan
ROW: dict[str, Any] = {
    "indicator": "gdp", "no": "1", "direction": "positive", "unit": "元", "price_base": "2010",
    "target_value": 58000.0, "target_year": 2020, "target_low": NAN, "target_high": NAN, "target_stretch": NAN,
    "hold_from": pd.NA, "hold_to": pd.NA, "baseline_value": 31502.0, "baseline_year": 2016,
    "baseline_kind": "observed", "latest_value": 33000.0, "latest_year": 2017, "required_change": 100.0,
    "required_growth": 5.0, "required_years": 3, "projected_value": 40123.4, "projected_kind": "projected",
    "projected_lo80": 39000.2, "projected_hi80": 41000.7, "trend_region": "gd", "trend_proxy": False,
    "year_reached": None,
}  # fmt: skip


def words(lang: str) -> Wording:
    scheme = SimpleNamespace(
        target_year=2020,
        names=lambda lang: {"gdp": {"zh": "人均GDP", "en": "GDP per head"}[lang]},
        office_names=lambda lang: {
            "a": {"zh": "甲局", "en": "Bureau A"}[lang],
            "b": {"zh": "乙局", "en": "Bureau B"}[lang],
        },
        domains=pd.DataFrame({"domain": ["economy"], "name_zh": ["经济"], "name_en": ["Economy"]}),
    )
    regions = {"gd": {"zh": "广东省", "en": "Guangdong"}[lang]}
    return Wording(SimpleNamespace(scheme=scheme), lang, region_names=regions, measure_labels={"元": "yuan"})  # type: ignore[arg-type]


def said(call: str, lang: str, **changes: Any) -> str:
    return str(getattr(words(lang), call)(ROW | changes))


HELD = {"hold_from": 2017, "hold_to": 2020}


@pytest.mark.parametrize(
    ("call", "changes", "chinese", "english"),
    [
        ("target", {}, "≥58000", "≥ 58,000"),
        ("target", {"direction": "inverse", "target_value": 3.5}, "≤3.5", "≤ 3.5"),
        ("target", {"target_value": NAN}, "—", "—"),
        ("target", HELD, "2017—2020年每年≥58000", "≥ 58,000 in every year 2017-2020"),
        ("target", {"target_year": 2018}, "≥58000（2018年底前）", "≥ 58,000 (by 2018)"),
        (
            "target",
            {"direction": "inverse", "target_value": 125.4, "target_stretch": 80.0},
            "≤125.4（力争≤80）",
            "≤ 125.4 (stretch ≤ 80)",
        ),
        (
            "target",
            {"direction": "interval", "target_value": NAN, "target_low": 60.0, "target_high": 70.0},
            "60—70",
            "60 to 70",
        ),
        ("baseline", {}, "31502（2016年）", "31,502 (2016)"),
        ("baseline", {"baseline_kind": "estimated"}, "31502（2016年，预计）", "31,502 (2016, estimate)"),
        ("baseline", {"baseline_value": NAN}, "—", "—"),
        ("latest", {}, "33000（2017年）", "33,000 (2017)"),
        ("latest", {"latest_value": NAN}, "—", "—"),
        ("required", {}, "+100（+5.0%）", "+100 (+5.0 %)"),
        ("required", {"required_growth": NAN}, "+100", "+100"),
        ("required", {"required_change": NAN}, "—", "—"),
        ("required", {"required_change": -0.125}, "-0.12（+5.0%）", "-0.12 (+5.0 %)"),
        ("required", {"required_change": 0.0} | HELD, "保持即可", "none, to be held"),
        ("required", {"required_change": 0.0, "required_years": 0}, "—", "—"),
        ("projected", {}, "40123（39000～41001）", "40,123 (39,000 to 41,001)"),
        ("projected", {"projected_lo80": NAN}, "40123", "40,123"),
        ("projected", {"projected_value": NAN}, "—", "—"),
        ("projected", {"projected_kind": "borrowed"}, "40123（参照广东省）", "40,123 (borrowed: Guangdong)"),
        ("measure", {}, "yuan（2010年不变价）", "yuan (2010 prices)"),
        ("measure", {"price_base": None}, "yuan", "yuan"),
        ("measure", {"price_base": "not_stated"}, "yuan（未说明价格基准）", "yuan (prices not stated)"),
        ("reached", {"projected_value": NAN}, "—", "—"),
        ("reached", {"year_reached": 2019}, "2019", "2019"),
        ("line", {}, "1\u00a0人均GDP", "1\u00a0GDP per head"),
    ],
)
def test_words_for_a_row(call: str, changes: dict[str, Any], chinese: str, english: str) -> None:
    assert (said(call, "zh", **changes), said(call, "en", **changes)) == (chinese, english)


@pytest.mark.parametrize(
    ("years", "chinese", "english"),
    [
        ([2018], "2018", "2018"),
        ([2017, 2018, 2019], "2017–2019", "2017–2019"),
        ([2020, 2017, 2018], "2017–2018、2020", "2017–2018, 2020"),
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


def test_units_in_charge_are_named_in_their_order() -> None:
    assert words("zh").offices("b;a") == "乙局；甲局"
    assert words("en").offices("b;a") == "Bureau B; Bureau A"
    assert words("zh").offices(None) == "—"


@pytest.mark.parametrize(
    ("reason", "named"),
    [
        (Reason("achieved", {"year": 2017, "value": 33000.0}), ["2017年", "33000"]),
        (Reason("held_missed", {"years": [2017, 2018]}), ["2017–2018年"]),
        (
            Reason("lagging_borrowed", {"projected": 40123.4, "target_year": 2020, "region": "gd"}),
            ["广东省", "2020年", "40123，"],
        ),
        (Reason("other_prices", {"found": "not_stated", "wanted": "2010"}), ["未说明", "2010年不变价"]),
        (Reason("composite", {"parts": [("23.1", "achieved"), ("23.2", "lagging")]}), ["23.1 已达标、23.2 滞后"]),
    ],
)
def test_reasons_name_their_figures(reason: Reason, named: list[str]) -> None:
    sentence = words("zh").reason(reason, ROW)
    assert not [part for part in named if part not in sentence], sentence


def test_names_that_are_not_known_stay_as_they_are() -> None:
    assert words("zh").region("nowhere") == "nowhere"
    assert words("zh").domain(None) == "全部领域"
    assert (words("zh").level("total"), words("en").level("economy")) == ("综合", "Economy")
