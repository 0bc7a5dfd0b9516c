"""Prices: baselines that may not be compared with their targets, and figures brought to the prices of these."""

import pandas as pd

from xk.exhibits import Exhibit, join, table
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
    return show.table("comparability", rows, columns, note=True, empty=True)


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
        show.points("column_score_converted", "score"),
        show.points("column_score_unconverted", "score_unconverted"),
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
