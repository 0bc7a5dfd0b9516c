"""A city's target divided among its counties."""

import pandas as pd

from xk.contracts.records import Record
from xk.exhibits import Exhibit, number, table
from xk.exhibits.columns import Columns
from xk.exhibits.wording import Wording


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
        show.asked("column_change_needed", "change", decimals),
        show.asked("column_annual_change", "annual_change", decimals),
        show.text("column_relaxes", remark),
    ]
    line, said = words.results.scheme.line(indicator), words.text(f"allocation_{rule}")
    name = words.names[line.indicator]
    caption = words.text("caption_allocation", name=name, target=words.target(line), rule=said)
    note = words.text("note_allocation_sum" if kind == "sum" else "note_allocation")
    return table(allocation, columns, f"allocation-{indicator}-{rule}", caption=caption, note=note)
