"""Prices: baselines that may not be compared with their targets, and figures brought to the prices of these."""

import pandas as pd

from xk.contracts.records import Record
from xk.exhibits import Columns, Exhibit, Wording, bullets, join, table
from xk.pipeline.pricing import Prices


def table_comparability(words: Wording, comparisons: pd.DataFrame) -> Exhibit:
    """Return what has a price base, and what may not be compared with its target, with the rule that says so.

    Parameters
    ----------
    words : Wording
    comparisons : DataFrame
        As `compare_scheme` gives it.
    """
    rows = comparisons[comparisons["verdict"].isin(["convertible", "not_comparable"]) | (comparisons["wanted"] != "")]
    show = Columns(words)

    def found(row: Record) -> str:
        return words.text("dash") if row["verdict"] == "no_figure" else words.price_base(row["found"])

    columns = [
        show.line(),
        show.text("column_found_prices", found),
        show.text("column_wanted_prices", lambda row: words.price_base(row["wanted"])),
        show.word("column_comparability", "verdict", "comparability"),
        show.text("column_why", lambda row: words.text(f"comparison_{row['rule']}")),
    ]
    return show.table("comparability", rows, columns, note=True, empty=True)


def table_prices(words: Wording, converted: pd.DataFrame) -> Exhibit:
    """Return figures brought to the target's prices: what those of no stated price base would be, or those that are.

    Parameters
    ----------
    words : Wording
    converted : DataFrame
        As `illustrate_prices`, `convert_baselines` or `convert_latest` gives it.
    """
    show = Columns(words)
    columns = [
        show.line(),
        show.year("column_plan_year"),
        show.number("column_figure_given", lambda row: words.given(row["value"])),
        show.text("column_price_index_used", lambda row: _index(words, row)),
        show.share("column_price_index", "index", decimals=4),
        show.share("column_converted", "converted", decimals=0),
        show.share("column_target", "target_value", decimals=0),
        show.points("column_score_converted", "score"),
        show.points("column_score_unconverted", "score_unconverted"),
    ]
    which = "conversion" if len(converted) and (converted["kind"] == "converted").all() else "illustration"
    caption, empty, note = (words.text(f"{name}_{which}") for name in ("caption", "empty", "note"))
    return table(converted, columns, which, caption=caption, note=note, empty=empty)


def _index(words: Wording, row: Record) -> str:
    """Return by which index a figure is converted: whose, of which kind, of which year on which base.

    The years between play no part, and may have none.
    """
    kind = words.text(f"deflator_{row['index_kind']}")
    return words.text("price_index_of", region=words.region(row["index_region"]), kind=kind,
                      base=row["price_base"], year=row["year"])  # fmt: skip


def show_prices(words: Wording, prices: Prices) -> Exhibit:
    """Return the tables of figures brought to the prices of their targets, and which ones a price index lacks."""
    tables = [table_prices(words, frame) for frame in (prices.illustration, prices.converted) if len(frame)]
    return join([*tables, *([bullets([_missing(words, row) for row in prices.missing])] if prices.missing else [])])


def _missing(words: Wording, row: Record) -> str:
    kind = words.text(f"deflator_{row['index_kind']}")
    index = words.text("price_index", region=words.region(row["index_region"]), kind=kind)
    return words.text(
        "price_index_missing", line=words.line(row["indicator"]), year=row["year"], index=index,
        years=words.years(row["years"]),
        wanted=words.price_base(row["price_base"]),
    )  # fmt: skip
