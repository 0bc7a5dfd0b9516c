"""Own figures beside the published ones of the same years: which they are, and which take part in the results."""

from collections.abc import Mapping

import pandas as pd

from xk.contracts.records import Record, grouped, records, text_of
from xk.contracts.scheme import Scheme
from xk.pipeline import Results

SHOWN = ["indicator", "year", "value", "unit", "price_base", "kind", "vintage", "file", "sheet", "cell", "note"]
"""What is known of an own figure, with its place in the user's files."""
BESIDE = {"published": "value", "published_price_base": "price_base", "published_source": "source_id"}
"""Column on the published figure -> what stands in it."""


def build_own_figures(
    results: Results, own: pd.DataFrame, published: pd.DataFrame, *, counted: pd.Series
) -> pd.DataFrame:
    """Return the own figures of a region under a scheme, in its order, beside the published ones.

    Parameters
    ----------
    results : Results
    own : DataFrame
        Own figures: columns of the observations, with definition, and file, sheet, cell.
    published : DataFrame
        All other observations, of one vintage.
    counted : Series of bool
        Which own figures had been released by the day that is asked for.

    Returns
    -------
    DataFrame
        `SHOWN`, and ``published``, with its prices and source: the figure of the same year by the definition that
        serves first, in the same prices, or in any where one of the two does not state them; ``difference``: value less
        that, in the same prices; ``use``: ``used`` (its series gives the level or the trend), ``aside`` (another does),
        ``later`` (than the last known year), ``released`` (too late).
    """
    scheme, region = results.scheme, results.settings.region
    mine = own.assign(counted=counted)[(own["region"] == region) & own["indicator"].isin(list(scheme.lines))]
    others = published[(published["region"] == region) & published["indicator"].isin(set(mine["indicator"]))]
    by_year = grouped(records(others), lambda row: (row["indicator"], row["year"]))
    rows = []
    for row in scheme.in_order(records(mine.sort_values("year", kind="stable"))):
        beside = _beside(row, by_year.get((row["indicator"], row["year"]), []), scheme)
        found = {} if beside is None else {to: beside[name] for to, name in BESIDE.items()}
        if beside is not None and text_of(beside["price_base"]) == text_of(row["price_base"]):
            found["difference"] = float(f"{row['value'] - beside['value']:.10g}")
        rows.append({name: row[name] for name in SHOWN} | found | {"use": _use(row, results)})
    return pd.DataFrame(rows, columns=[*SHOWN, *BESIDE, "difference", "use"])


def _beside(row: Record, others: list[Record], scheme: Scheme) -> Record | None:
    """Return the published figure that an own one stands beside."""
    served = scheme.served_by.get(row["indicator"])
    order = [] if served is None else [*served.level, *served.trend]
    base = text_of(row["price_base"])
    able = [one for one in others if base == "not_stated" or text_of(one["price_base"]) in (base, "not_stated")]

    def place(one: Record) -> tuple[int, str]:
        return order.index(one["definition"]) if one["definition"] in order else len(order), str(one["grade"])

    return min(able, key=place, default=None)


def _use(row: Mapping[str, object], results: Results) -> str:
    line, year = results.lines[str(row["indicator"])], results.settings.years()[0]
    if not row["counted"]:
        return "released"
    if int(str(row["year"])) > year:
        return "later"
    return "used" if row["series"] in (line.latest.series, line.trend.series) else "aside"
