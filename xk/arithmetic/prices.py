"""Prices: value at the prices of another year, and whether a figure may be compared with its target at all."""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.contracts.records import Record, records, text_of
from xk.errors import Fault, InputError, UsageError, raise_faults
from xk.vocab import PRICE_BASE_WORDS

Values = npt.NDArray[np.float64]
Index = Mapping[int, float] | pd.Series
CURRENT, NOT_STATED = PRICE_BASE_WORDS
CONVERSION_COLUMNS = (
    "indicator", "year", "value", "assumed_base", "price_base", "index", "converted", "target_value", "score",
    "score_unconverted", "kind",
)  # fmt: skip


def rebase(index: Index, base: int) -> dict[int, float]:
    """Return a price index with the year `base` at 100.

    Formula: ``100 P_t / P_base``; no unit. Source: definition of a price index.

    Parameters
    ----------
    index : mapping or Series of year to index
        On any base, above 0.
    base : int
        Year that is to be 100.

    Raises
    ------
    InputError
        The index has no value for `base`, or values that are no numbers above 0.
    """
    known = _checked(index)
    if base not in known:
        raise InputError(f"the price index has no value for its base {base}; it covers {_span(known)}")
    return {year: 100.0 * value / known[base] for year, value in known.items()}


def deflate(values: npt.ArrayLike, years: Sequence[int], *, index: Index, base: int) -> Values:
    """Return values of current prices at the prices of one year.

    Formula: ``real_t = nominal_t / P_t * P_base``, with P_base = 100 after `rebase`; the unit of the values at prices
    of `base`. Source: NBS practice (按不变价计算); System of National Accounts 2008, chapter 15.

    Parameters
    ----------
    values : array_like, shape (n,)
        At the prices of their own years; NaN stays NaN.
    years : sequence of int, shape (n,)
        Year of each value.
    index : mapping or Series of year to index
        Price index on any base.
    base : int
        Year whose prices are wanted.

    Raises
    ------
    UsageError
        Not as many years as values.
    InputError
        The index lacks a year that is needed, or has values that are no numbers above 0; all of them at once.
    """
    nominal = np.asarray(values, dtype=float)
    if nominal.shape != (len(years),):
        raise UsageError(f"there are {len(years)} years for values of shape {nominal.shape}")
    prices = rebase(index, base)
    faults = [
        Fault("", None, "year", f"the price index has no value for {year}", f"it covers {_span(prices)}")
        for year in sorted({int(year) for year in years} - set(prices))
    ]
    raise_faults(faults)
    return nominal / (np.array([prices[int(year)] for year in years]) / 100.0)


def compare_bases(found: object, wanted: object, *, same_measure: bool = True) -> tuple[str, str]:
    """Return whether a figure may be compared with its target, and by which rule.

    Formula: none; the first rule that applies decides.
    Source: own rules (docs/rulebooks.md), after the System of National Accounts 2008, chapter 15.

    Parameters
    ----------
    found, wanted : str or missing
        Price base of the figure and of the target: a year, ``current``, ``not_stated``, or empty for what has no price.
    same_measure : bool
        Whether both measure the same thing.

    Returns
    -------
    tuple of str
        ``comparable``, ``convertible`` or ``not_comparable``; and the rule: ``other_measure``, ``no_prices``,
        ``same_prices``, ``prices_not_stated``, ``needs_deflator``, ``price_and_none``.
    """
    have, want = text_of(found), text_of(wanted)
    if NOT_STATED in (have, want):
        return "not_comparable", "prices_not_stated"
    if bool(have) != bool(want):
        return "not_comparable", "price_and_none"
    if have != want:
        return "convertible", "needs_deflator"
    if not same_measure:
        return "not_comparable", "other_measure"
    return "comparable", "same_prices" if have else "no_prices"


def compare_scheme(indicators: pd.DataFrame) -> pd.DataFrame:
    """Decide for every baseline of a scheme whether it may be compared with its target.

    Formula: none; rules of `compare_bases`. Source: own rules (docs/rulebooks.md).

    Parameters
    ----------
    indicators : DataFrame
        indicator, baseline_value, baseline_price_base, price_base, comparable (no: measures another thing).

    Returns
    -------
    DataFrame
        indicator, found, wanted (price bases), verdict (of `compare_bases`, or ``no_figure``), rule.
    """
    rows: list[tuple[str, ...]] = []
    for row in records(indicators):
        found, wanted = text_of(row["baseline_price_base"]), text_of(row["price_base"])
        said = ("no_figure", "no_baseline")
        if pd.notna(row["baseline_value"]):
            said = compare_bases(found, wanted, same_measure=row["comparable"] != "no")
        rows.append((row["indicator"], found, wanted, *said))
    return pd.DataFrame(rows, columns=["indicator", "found", "wanted", "verdict", "rule"])


def illustrate_prices(indicators: pd.DataFrame, index: Index) -> pd.DataFrame:
    """Show what figures of no stated price base would be at the target's prices if they were at their own year's.

    Formula: as in `deflate`. Source: own illustration; never a result, and marked so in every row.

    Parameters
    ----------
    indicators : DataFrame
        indicator, direction, baseline_year, baseline_value, baseline_price_base, price_base, target_value.
    index : mapping or Series of year to index
        Price index, of a region that stands in if need be.

    Returns
    -------
    DataFrame
        indicator, year, value, assumed_base, price_base, index (base = 100), converted, target_value, score (per cent
        of the target by the converted figure), score_unconverted, kind ``illustration``.
    """
    asked = indicators[
        (indicators["baseline_price_base"] == NOT_STATED)
        & indicators["baseline_value"].notna()
        & indicators["price_base"].fillna("").astype(str).str.isdigit()
    ]
    rows = [
        _converted(row, int(row["baseline_year"]), float(row["baseline_value"]), index, "illustration")
        for row in records(asked)
    ]
    return pd.DataFrame(rows, columns=list(CONVERSION_COLUMNS))


def convert_latest(observed: pd.DataFrame, indicators: pd.DataFrame, *, index: Index) -> pd.DataFrame:
    """Convert the latest figure of each indicator that stands in current prices to the prices of its target.

    Formula: as in `deflate`. Source: as in `deflate`; the index is the caller's choice and belongs beside the result.

    Parameters
    ----------
    observed : DataFrame
        indicator, year, value, price_base.
    indicators : DataFrame
        indicator, direction, price_base, target_value.
    index : mapping or Series of year to index
        Price index; figures of years that it does not cover are left out.

    Returns
    -------
    DataFrame
        As `illustrate_prices` gives it, kind ``converted``.
    """
    latest = {row["indicator"]: row for row in sorted(records(observed), key=lambda row: int(row["year"]))}
    known = set(_checked(index))
    rows = []
    for row in records(indicators):
        seen = latest.get(row["indicator"], {})
        if seen.get("price_base") != CURRENT or not text_of(row["price_base"]).isdigit() or seen["year"] not in known:
            continue
        rows.append(_converted(row, int(seen["year"]), float(seen["value"]), index, "converted"))
    return pd.DataFrame(rows, columns=list(CONVERSION_COLUMNS))


def _converted(row: Record, year: int, value: float, index: Index, kind: str) -> Record:
    base, target = int(row["price_base"]), float(row["target_value"])
    converted = float(deflate([value], [year], index=index, base=base)[0])
    score, plain = (100 * target / x if row["direction"] == "inverse" else 100 * x / target for x in (converted, value))
    return {
        "indicator": row["indicator"], "year": year, "value": value, "assumed_base": year, "price_base": base,
        "index": rebase(index, base)[year], "converted": converted, "target_value": target, "score": score,
        "score_unconverted": plain, "kind": kind,
    }  # fmt: skip


def deflator_of(deflators: pd.DataFrame, region: str, *, kind: str | None = None) -> tuple[str, dict[int, float]]:
    """Return kind and price index of one region from the table of deflators.

    Formula: none. Source: the table's own (source_id).

    Parameters
    ----------
    deflators : DataFrame
        region, base_year, year, index, source_id, kind.
    region : str
    kind : str, optional
        Kind of index; the first of the region where not given.

    Raises
    ------
    InputError
        There is none for the region and kind.
    """
    rows = deflators[(deflators["region"] == region) & ((deflators["kind"] == kind) if kind else True)]
    if rows.empty:
        raise InputError(f"there is no price index of region {region!r}" + (f" and kind {kind!r}" if kind else ""))
    first = rows[(rows[["kind", "base_year"]] == rows[["kind", "base_year"]].iloc[0]).all(axis=1)]
    years = first["year"].astype(int)
    return str(first["kind"].iloc[0]), dict(zip(years, first["index"].astype(float), strict=True))


def _checked(index: Index) -> dict[int, float]:
    items = sorted((int(year), float(value)) for year, value in cast(Mapping[int, float], index).items())
    if not items:
        raise InputError("the price index is empty")
    bad = [(year, value) for year, value in items if not (np.isfinite(value) and value > 0)]
    raise_faults([Fault("", None, "index", f"is {value:g} in {year}", "it must be above 0") for year, value in bad])
    return dict(items)


def _span(index: Mapping[int, float]) -> str:
    return f"{min(index)}-{max(index)}"
