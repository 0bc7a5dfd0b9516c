"""Plausibility: figures likely in another unit, that jump, turn negative or are fewer than before; only warnings."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from xk.contracts.records import Record, records
from xk.readers.store import Store
from xk.vocab import PLANNED_KINDS

NEAR, SHORT, LARGEST = 0.2, 5, 4
"""How near to a power of ten a ratio is (in powers); years within which 10-fold is no growth; the largest power."""
UNITS = {("%", -2): "a share written as a fraction", ("元", -4): "万元 written as 元", ("元", -8): "亿元 written as 元",
         ("%", -1): "a share written in tenths", ("人", -4): "万人 written as 人"}  # fmt: skip
"""Unit of the register and power of ten -> what is likely."""
MOST_SAID = 5


def implausible(rows: pd.DataFrame, store: Store) -> list[str]:
    """Return what is doubtful about the figures of known indicators, a sentence for each of the first of a kind.

    Parameters
    ----------
    rows : DataFrame
        Figures with region, indicator, unit, year, value, cell and kind, as of a `Reading`.
    store : Store
        Whose published figures and baselines they are compared with.
    """
    if rows.empty:
        return []
    known = rows[(rows["indicator"] != "") & ~rows["kind"].isin(PLANNED_KINDS)]
    plain = known.astype({name: object for name in ("region", "indicator", "unit", "kind")})
    ordered = plain.sort_values(["region", "indicator", "year"], kind="stable").reset_index(drop=True)
    found = [*_against(ordered, _published(store)), *_jumps(ordered), *_signs(ordered), *_fewer(ordered)]
    return found


def _published(store: Store) -> pd.DataFrame:
    """Return the published figures and the baselines by region and indicator, with their years."""
    figures = [store.observations[["region", "indicator", "year", "value"]]]
    for scheme in store.schemes.values():
        lines = scheme.indicators.dropna(subset=["baseline_value"])
        base = lines[["indicator", "baseline_year", "baseline_value"]].set_axis(["indicator", "year", "value"], axis=1)
        figures += [base.assign(region=region) for region in scheme.regions]
    return pd.concat(figures).dropna()


def _power(ratio: pd.Series) -> pd.Series:
    """Return the power of ten that a ratio is near to, from 10 to 10,000-fold; 0 where it is near none."""
    power = pd.Series(np.log10(ratio.astype(float).where(ratio > 0)), index=ratio.index)
    whole = power.round()
    return whole.where(((power - whole).abs() < NEAR) & whole.abs().between(1, LARGEST), 0).fillna(0).astype(int)


def _against(rows: pd.DataFrame, published: pd.DataFrame) -> list[str]:
    """Compare each figure with the published one of the nearest year."""
    joined = rows.reset_index().merge(published, on=["region", "indicator"], suffixes=("", "_known"))
    if joined.empty:
        return []
    joined["gap"] = (joined["year"].astype(int) - joined["year_known"].astype(int)).abs()
    nearest = joined.sort_values("gap", kind="stable").drop_duplicates("index").set_index("index").sort_index()
    nearest["power"] = power = _power(nearest["value"] / nearest["value_known"])
    odd = nearest[(power.abs() > 1) | ((power.abs() == 1) & (nearest["gap"] <= SHORT))]
    return _said(
        f"{_figure(row)} is about {_fold(row['power'])} {row['value_known']:.15g} of {row['year_known']}"
        f"{_likely(row['unit'], row['power'])}"
        for row in records(odd)
    )


def _figure(row: Record) -> str:
    return f"{row['cell']}: {row['value']:.15g} {row['unit']} for {row['region']} {row['indicator']} {row['year']}"


def _fold(power: int) -> str:
    return f"{10**power:,} times" if power > 0 else f"1/{10**-power:,} of"


def _likely(unit: str, power: int) -> str:
    said = UNITS.get((unit, power))
    return f": likely {said}" if said else ": in another unit, or with digits lost?"


def _jumps(rows: pd.DataFrame) -> list[str]:
    """Find figures about 10, 100, 1,000 or 10,000 times that of the year before them in the file."""
    before = rows.groupby(["region", "indicator"])[["value", "year"]].shift().add_suffix("_before")
    both = rows.join(before).assign(power=_power(rows["value"] / before["value_before"]))
    near = (both["year"] - both["year_before"]) <= SHORT
    return _said(
        f"{_figure(row)} is about {_fold(row['power'])} {row['value_before']:.15g} of {row['year_before']:.0f}"
        for row in records(both[(both["power"] != 0) & near])
    )


def _signs(rows: pd.DataFrame) -> list[str]:
    """Find negative figures in a series that is otherwise positive."""
    mostly = rows.groupby(["region", "indicator"])["value"].transform("median") > 0
    return _said(
        f"{_figure(row)} is negative, the others are not" for row in records(rows[(rows["value"] < 0) & mostly])
    )


def _fewer(rows: pd.DataFrame) -> list[str]:
    """Find regions whose last year has fewer indicators than the year before it."""
    said = []
    for region, own in rows.groupby("region"):
        years = sorted(own["year"].unique())[-2:]
        if len(years) == 2:
            before, last = (set(own.loc[own["year"] == year, "indicator"]) for year in years)
            if lost := sorted(before - last):
                names = ", ".join(lost[:MOST_SAID])
                said.append(
                    f"{region}: {years[1]} lacks {len(lost)} of {len(before)} indicators of {years[0]}: {names}"
                )
    return _said(iter(said))


def _said(sentences: Iterator[str]) -> list[str]:
    """Return the first sentences, and how many more there are."""
    found = list(sentences)
    return found[:MOST_SAID] + ([f"... and {len(found) - MOST_SAID} more like it"] if len(found) > MOST_SAID else [])
