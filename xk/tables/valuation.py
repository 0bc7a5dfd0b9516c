"""Tables of the index and of values: contributions, index by year, prices, targets for counties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from xk.exhibits import Column, Exhibit, join, number, table
from xk.exhibits.wording import Wording
from xk.pipeline.pricing import Prices
from xk.tables.judging import summary_row
from xk.vocab import language


def _share(words: Wording, column: str) -> Callable[[Any], str]:
    return lambda row: number(row[column], words.lang, decimals=1)


def _name(words: Wording) -> Column:
    return Column(words.text("column_indicator"), lambda row: f"{row['no']} {words.names[row['indicator']]}", head=True)


def table_contributions(
    words: Wording, contributions: pd.DataFrame, *, firmness: Mapping[str, Any] | None = None, domain: str | None = None
) -> Exhibit:
    """Return what each indicator adds to the latest index, most first, and how firm the index is.

    Parameters
    ----------
    words : Wording
    contributions : DataFrame
        As `build_contributions` gives it.
    firmness : mapping, optional
        As `build_index_range` gives it.
    domain : str, optional
    """
    wanted = words.results.scheme.in_domain(domain)["indicator"]
    rows = contributions[(contributions["basis"] == "latest") & contributions["indicator"].isin(wanted)]
    rows = rows[rows["contribution"].notna()].sort_values("contribution", ascending=False, kind="stable")

    def points(column: str) -> Callable[[Any], str]:
        return lambda row: number(row[column], words.lang, decimals=2)

    columns = [
        _name(words),
        Column(words.text("column_weight"), _share(words, "weight"), number=True),
        Column(words.text("column_attainment"), _share(words, "attainment"), number=True),
        Column(words.text("column_contribution"), points("contribution"), number=True),
        Column(words.text("column_possible"), points("possible"), number=True),
    ]
    note = [words.text("note_contributions_table")]
    if firmness is not None:
        rows = rows.assign(without=rows["indicator"].map(firmness["without"]))
        columns.append(Column(words.text("column_without"), _share(words, "without"), number=True))
        ends = {name: number(firmness[name], words.lang, decimals=1) for name in ("low", "high")}
        noise = words.text("per_cent", value=number(100 * firmness["noise"], words.lang, decimals=0))
        draws = number(firmness["draws"], words.lang, decimals=0)
        note.append(words.text("note_index_range", noise=noise, draws=draws, **ends))
    said = language(words.lang).space.join(note)
    caption, empty = words.text("caption_contributions_table"), words.text("empty_contributions")
    return table(rows, columns, "contributions", caption=caption, note=said, empty=empty)


def table_index_years(words: Wording, years: pd.DataFrame, level: str = "total") -> Exhibit:
    """Return the index of one level (domain or ``total``) by year with interval and coverage.

    Parameters
    ----------
    words : Wording
    years : DataFrame
        As `build_index_years` gives it.
    level : str
    """
    rows = years[(years["level"] == level) & years["value"].notna()]
    known = [int(name[2:]) for name in years.columns if name.startswith("lo")]

    def interval(size: int) -> Callable[[Any], str]:
        def said(row: Any) -> str:
            if pd.isna(row[f"lo{size}"]):
                return words.text("dash")
            low, high = (number(row[f"{end}{size}"], words.lang, decimals=1) for end in ("lo", "hi"))
            return words.text("between_mark", low=low, high=high)

        return said

    columns = [
        Column(words.text("column_year"), lambda row: f"{row['year']:.0f}", head=True),
        Column(words.text("column_kind"), lambda row: words.text(f"index_{row['kind']}")),
        Column(words.text("column_index"), _share(words, "value"), number=True),
        *(Column(words.text("column_interval", level=size), interval(size), number=True) for size in known),
        Column(
            words.text("column_change_points"),
            lambda row: number(row["change"], words.lang, decimals=1, signed=True),
            number=True,
        ),
        Column(words.text("column_coverage"), _share(words, "coverage"), number=True),
        Column(words.text("column_projected_share"), _share(words, "projected_share"), number=True),
        Column(words.text("column_interval_share"), _share(words, "interval_share"), number=True),
    ]
    caption, note = words.text("caption_index_years_table"), words.text("note_index_years_table")
    return table(rows, columns, "index-years", caption=caption, note=note, empty=words.text("empty_index_years"))


def table_comparability(words: Wording, comparisons: pd.DataFrame) -> Exhibit:
    """Return the baselines that may not be compared with their targets as they stand, with the rule that says so.

    Parameters
    ----------
    words : Wording
    comparisons : DataFrame
        As `compare_scheme` gives it.
    """
    numbers = words.results.scheme.indicators.set_index("indicator")
    rows = comparisons.assign(no=comparisons["indicator"].map(numbers["no"]))
    priced = (rows["wanted"] != "") & (rows["verdict"] != "no_figure")
    rows = rows[rows["verdict"].isin(["convertible", "not_comparable"]) | priced]
    columns = [
        _name(words),
        Column(words.text("column_found_prices"), lambda row: words.price_base(row["found"])),
        Column(words.text("column_wanted_prices"), lambda row: words.price_base(row["wanted"])),
        Column(words.text("column_comparability"), lambda row: words.text(f"comparability_{row['verdict']}")),
        Column(words.text("column_why"), lambda row: words.text(f"comparison_{row['rule']}")),
    ]
    caption, note = words.text("caption_comparability"), words.text("note_comparability")
    return table(rows, columns, "comparability", caption=caption, note=note, empty=words.text("empty_comparability"))


def table_prices(words: Wording, illustration: pd.DataFrame, *, region: str, kind: str) -> Exhibit:
    """Return figures brought to the target's prices: what those of no stated price base would be, or those that are.

    Parameters
    ----------
    words : Wording
    illustration : DataFrame
        As `illustrate_prices` or `convert_latest` gives it.
    region, kind : str
        Whose price index it is, and of which kind.
    """
    numbers = words.results.scheme.indicators.set_index("indicator")
    rows = illustration.assign(no=illustration["indicator"].map(numbers["no"]))
    base = int(rows["price_base"].iloc[0]) if len(rows) else ""

    def figure(column: str) -> Callable[[Any], str]:
        return lambda row: number(row[column], words.lang, decimals=0)

    columns = [
        _name(words),
        Column(words.text("column_plan_year"), lambda row: f"{row['year']}", number=True),
        Column(words.text("column_figure_given"), lambda row: words.given(row["value"]), number=True),
        Column(words.text("column_price_index", base=base), _share(words, "index"), number=True),
        Column(words.text("column_converted"), figure("converted"), number=True),
        Column(words.text("column_target"), figure("target_value"), number=True),
        Column(words.text("column_score_converted"), _share(words, "score"), number=True),
        Column(words.text("column_score_unconverted"), _share(words, "score_unconverted"), number=True),
    ]
    which = "conversion" if len(rows) and (rows["kind"] == "converted").all() else "illustration"
    note = words.text(f"note_{which}", region=words.region(region), kind=words.text(f"deflator_{kind}"))
    caption, empty = words.text(f"caption_{which}"), words.text("empty_illustration")
    return table(rows, columns, which, caption=caption, note=note, empty=empty)


def show_prices(words: Wording, prices: Prices) -> Exhibit:
    """Return the tables of figures brought to the prices of their targets; nothing where there is no price index."""
    frames = [frame for frame in (prices.illustration, prices.converted) if frame is not None and len(frame)]
    return join([table_prices(words, frame, region=prices.region, kind=prices.kind) for frame in frames])


def table_allocation(
    words: Wording, allocation: pd.DataFrame, indicator: str, *, rule: str, kind: str = "rate", decimals: int = 2
) -> Exhibit:
    """Return a city's target divided among its counties.

    Parameters
    ----------
    words : Wording
    allocation : DataFrame
        As `allocate_targets` gives it.
    indicator : str
    rule, kind : str
        As they were asked of it.
    decimals : int
    """
    row = summary_row(words, indicator)

    def figure(column: str, *, signed: bool = False) -> Callable[[Any], str]:
        return lambda line: number(line[column], words.lang, decimals=decimals, signed=signed)

    def share(line: Any) -> str:
        return number(100 * line["weight"], words.lang, decimals=1)

    def remark(line: Any) -> str:
        return words.text("allocation_relaxes") if line["relaxes"] else words.text("dash")

    columns = [
        Column(words.text("column_county"), lambda line: words.region(line["region"]), head=True),
        Column(words.text("column_baseline"), figure("baseline"), number=True),
        Column(
            words.text("column_share_of_weight"),
            share,
            number=True,
        ),
        Column(words.text("column_target"), figure("target"), number=True),
        Column(words.text("column_change_needed"), figure("change", signed=True), number=True),
        Column(words.text("column_annual_change"), figure("annual_change", signed=True), number=True),
        Column(words.text("column_relaxes"), remark),
    ]
    said = words.text(f"allocation_{rule}")
    caption = words.text("caption_allocation", name=words.names[indicator], target=words.target(row), rule=said)
    note = words.text("note_allocation_sum" if kind == "sum" else "note_allocation")
    return table(allocation, columns, f"allocation-{indicator}-{rule}", caption=caption, note=note)
