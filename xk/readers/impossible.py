"""Figures that cannot be: outside their bounds, still to come, in prices or of a kind that there is none of."""

from dataclasses import replace

import numpy as np
import pandas as pd

from xk.contracts.forms import is_date
from xk.contracts.observations import bound_faults, bounds_of
from xk.contracts.records import records
from xk.errors import Fault
from xk.readers.sheets import titled
from xk.readers.store import Store
from xk.vocab import KINDS, PLANNED_KINDS, PRICE_BASE_WORDS


def impossible(rows: pd.DataFrame, store: Store) -> tuple[list[Fault], np.ndarray]:
    """Return a fault for every figure outside the natural bounds of its indicator, and which rows these are."""
    low, high = bounds_of(rows, store.measures)
    outside = ((rows["value"] < low) | (rows["value"] > high)).to_numpy() & ~rows["kind"].isin(PLANNED_KINDS).to_numpy()
    faults = []
    for (file, sheet), own in known_figures(rows[outside]).groupby(["file", "sheet"], sort=False):
        faults += _at_cells(own, bound_faults(own.set_index("line"), titled(str(file), str(sheet)), store.measures))
    return faults, outside


def not_yet(rows: pd.DataFrame, last_day: str) -> tuple[list[Fault], np.ndarray]:
    """Return a fault for every figure whose year, release or prices are still to come, and which rows these are."""
    known, this_year = rows["indicator"] != "", int(last_day[:4])
    early = (known & ~rows["kind"].isin(PLANNED_KINDS) & (rows["year"] > this_year)).to_numpy()
    days = rows["vintage"].astype(str)
    ahead = (known & days.map(is_date).astype(bool) & (days > last_day)).to_numpy() & ~early
    faults = _of_cells(rows[early], "year", f"which has not come in {this_year}", "mend the year; plans are no figures")
    released = "whose release has not come"
    faults += _of_cells(rows[ahead], "vintage", released, "give the day of release")
    unborn = (pd.to_numeric(rows["price_base"].astype(str), errors="coerce") > this_year).to_numpy() & ~early & ~ahead
    to_come = "the year of its prices, which has not come"
    return faults + _of_cells(
        rows[unborn], "price_base", to_come, "mend the year of the prices"
    ), early | ahead | unborn


def priceless(rows: pd.DataFrame, store: Store) -> tuple[list[Fault], np.ndarray]:
    """Return a fault for every figure in prices of a year, of what has no prices in it, and which rows these are.

    In current prices such a figure is what it is without; that of a named series has the prices of that.
    """
    priced = store.measures.dropna(subset="price_base")["indicator"]
    bare = rows["indicator"].isin(set(store.measures["indicator"]) - {*priced}) & ~rows["kind"].isin(PLANNED_KINDS)
    wrong = (bare & (rows["series"] == "") & ~rows["price_base"].isin(["", *PRICE_BASE_WORDS])).to_numpy()
    faults = [
        Fault(titled(str(row["file"]), str(row["sheet"])), int(row["line"]), "price_base",
              f"{row['price_base']!r} differs from (empty) of {row['indicator']}", "leave it empty")
        for row in records(rows[wrong])
    ]  # fmt: skip
    return _at_cells(rows[wrong], faults) if faults else [], wrong


def unknown_kinds(rows: pd.DataFrame) -> tuple[list[Fault], np.ndarray]:
    """Return a fault for every figure of a known indicator whose kind is no known word, and which rows these are."""
    words = (*KINDS, *PLANNED_KINDS)
    wrong = ((rows["indicator"] != "") & ~rows["kind"].isin(["", *words])).to_numpy()
    faults = [
        Fault(titled(str(row["file"]), str(row["sheet"])), int(row["line"]), "kind",
              f"unknown word {row['kind']!r}", f"use one of {', '.join(words)}")
        for row in records(rows[wrong])
    ]  # fmt: skip
    return _at_cells(rows[wrong], faults) if faults else [], wrong


def _of_cells(rows: pd.DataFrame, what: str, message: str, remedy: str) -> list[Fault]:
    return [
        Fault(titled(str(row["file"]), str(row["sheet"])), int(row["line"]), "",
              f"{row['cell']}: {row['value']:.15g} is of {row[what]}, {message}", remedy)
        for row in records(rows)
    ]  # fmt: skip


def _at_cells(rows: pd.DataFrame, faults: list[Fault]) -> list[Fault]:
    """Return faults of rows, in their order, as those of their cells, where no column is called as the faults do."""
    return [
        fault if layout == "tidy" else replace(fault, column="", message=f"{cell}: {fault.message}")
        for fault, layout, cell in zip(faults, rows["layout"], rows["cell"], strict=True)
    ]


def known_figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of known indicators that are no planned ones, as plain texts."""
    known = rows[(rows["indicator"] != "") & ~rows["kind"].isin(PLANNED_KINDS)]
    return known.astype({name: object for name in known.select_dtypes("category")})
