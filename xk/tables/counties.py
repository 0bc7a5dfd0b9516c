"""A city's target divided among its counties."""

from collections.abc import Mapping

import pandas as pd

from xk.contracts.records import records
from xk.exhibits import Columns, Exhibit, Wording, escape, number, paragraph, published_decimals, table
from xk.exhibits.columns import with_note


def table_rules(words: Wording, divided: Mapping[str, pd.DataFrame], indicator: str, *, kind: str) -> Exhibit:
    """Return a city's target divided among its counties by several rules, side by side.

    Parameters
    ----------
    words : Wording
    divided : mapping
        Rule -> allocation, as `allocate_targets` gives it, of the same counties.
    indicator : str
    kind : str
        As it was asked of it.
    """
    show, first = Columns(words), next(iter(divided.values()))
    by_rule = {rule: records(each) for rule, each in divided.items()}
    rows = [
        {"region": row["region"], "baseline": row["baseline"], "weight": row["weight"],
         **{rule: each[place] for rule, each in by_rule.items()}}
        for place, row in enumerate(records(first))
    ]  # fmt: skip

    columns = [
        show.text("column_county", lambda row: words.region(row["region"]), head=True),
        show.share("column_baseline", "baseline", decimals=2),
        show.number("column_share_of_weight", lambda row: number(100 * row["weight"], words.lang, decimals=1)),
        *(
            show.number(f"allocation_{rule}", lambda row, rule=rule: _target(words, row[rule]), raw=True)
            for rule in divided
        ),
    ]
    line = words.results.scheme.line(indicator)
    caption = words.text("caption_rules", name=words.names[line.indicator], target=words.target(line))
    note = words.text("note_rules_sum" if kind == "sum" else "note_rules")
    return table(rows, columns, "allocation-rules", caption=caption, note=note)


def _target(words: Wording, row: Mapping[str, float]) -> str:
    """Return a county's target, and below it the change that it asks for each year, or that it relaxes."""
    change = number(row["annual_change"], words.lang, decimals=2, signed=True, away=True)
    said = words.text("allocation_relaxes") if row["relaxes"] else words.text("change_a_year", change=change)
    return with_note(escape(number(row["target"], words.lang, decimals=2)), said)


def say_whole(words: Wording, indicator: str, whole: float, *, kind: str) -> Exhibit:
    """Return whether the counties' figures come to the city's own latest one, and by how much they do not.

    They do where the difference is within half a unit of the last decimal of the city's figure.
    """
    result = words.results.line(indicator)
    latest, how = result.latest, words.text(f"whole_{'sum' if kind == 'sum' else 'mean'}")
    counted = number(whole, words.lang, decimals=words.decimals_beside(latest.value) if latest.year else 2)
    if latest.year is None:
        return paragraph(words.text("whole_unknown", how=how, value=counted))
    gap, unit = whole - latest.value, 10.0 ** -published_decimals(latest.value)
    facts = {"how": how, "value": counted, "year": latest.year, "city": words.given(latest.value)}
    if abs(gap) <= unit / 2 * (1 + 1e-9):
        return paragraph(words.text("whole_agrees", **facts))
    gap_said = number(gap, words.lang, decimals=words.decimals_beside(latest.value), signed=True)
    return paragraph(words.text("whole_differs", **facts, gap=gap_said, measure=words.change_measure(result.line)))
