"""Tables of what the index is made of, of prices, and of targets for counties."""

from __future__ import annotations

import pandas as pd

from xk.contracts.records import Record
from xk.exhibits import Exhibit, join, number, table
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording
from xk.pipeline.pricing import Prices


def table_comparability(words: Wording, comparisons: pd.DataFrame) -> Exhibit:
    """Return the baselines that may not be compared with their targets as they stand, with the rule that says so.

    Parameters
    ----------
    words : Wording
    comparisons : DataFrame
        As `compare_scheme` gives it.
    """
    priced = (comparisons["wanted"] != "") & (comparisons["verdict"] != "no_figure")
    rows = comparisons[comparisons["verdict"].isin(["convertible", "not_comparable"]) | priced]
    show = Columns(words)
    columns = [
        show.line(),
        show.text("column_found_prices", lambda row: words.price_base(row["found"])),
        show.text("column_wanted_prices", lambda row: words.price_base(row["wanted"])),
        show.word("column_comparability", "verdict", "comparability"),
        show.word("column_why", "rule", "comparison"),
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
    base = int(illustration["price_base"].iloc[0]) if len(illustration) else ""
    show = Columns(words)
    columns = [
        show.line(),
        show.year("column_plan_year"),
        show.number("column_figure_given", lambda row: words.given(row["value"])),
        show.share("column_price_index", "index", base=base),
        show.share("column_converted", "converted", decimals=0),
        show.share("column_target", "target_value", decimals=0),
        show.share("column_score_converted", "score"),
        show.share("column_score_unconverted", "score_unconverted"),
    ]
    is_converted = len(illustration) and (illustration["kind"] == "converted").all()
    which = "conversion" if is_converted else "illustration"
    note = words.text(f"note_{which}", region=words.region(region), kind=words.text(f"deflator_{kind}"))
    caption, empty = words.text(f"caption_{which}"), words.text("empty_illustration")
    return table(illustration, columns, which, caption=caption, note=note, empty=empty)


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

    def remark(row: Record) -> str:
        return words.text("allocation_relaxes") if row["relaxes"] else words.text("dash")

    def share(row: Record) -> str:
        return number(100 * row["weight"], words.lang, decimals=1)

    show = Columns(words)
    columns = [
        show.text("column_county", lambda row: words.region(row["region"]), head=True),
        show.share("column_baseline", "baseline", decimals=decimals),
        show.number("column_share_of_weight", share),
        show.share("column_target", "target", decimals=decimals),
        show.share("column_change_needed", "change", decimals=decimals, signed=True),
        show.share("column_annual_change", "annual_change", decimals=decimals, signed=True),
        show.text("column_relaxes", remark),
    ]
    line, said = words.results.scheme.line(indicator), words.text(f"allocation_{rule}")
    name = words.names[line.indicator]
    caption = words.text("caption_allocation", name=name, target=words.target(line), rule=said)
    note = words.text("note_allocation_sum" if kind == "sum" else "note_allocation")
    return table(allocation, columns, f"allocation-{indicator}-{rule}", caption=caption, note=note)
