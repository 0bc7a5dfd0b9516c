"""Prices: value at the prices of another year, and whether a figure may be compared with its target at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from xk.contracts.records import Record, grouped, records, text_of
from xk.errors import Fault, InputError, UsageError, raise_faults
from xk.vocab import PRICE_BASE_WORDS

Values = npt.NDArray[np.float64]
Index = Mapping[int, float] | pd.Series
CURRENT, NOT_STATED = PRICE_BASE_WORDS
CONVERSION_COLUMNS = (
    "indicator", "year", "value", "assumed_base", "price_base", "index", "converted", "target_value", "score",
    "score_unconverted", "kind", "index_region", "index_kind", "index_source",
)  # fmt: skip
SERVES = {"output": ("gdp", "gdp_derived"), "per_output": ("gdp", "gdp_derived"), "consumer": ("cpi", "cpi_derived")}
"""What the prices in a line are -> the kinds of price index that serve it, the published one first."""


@dataclass(frozen=True)
class PriceIndex:
    """A price index: whose it is, of which kind, year -> value, and its sources."""

    region: str
    kind: str
    values: Mapping[int, float]
    source_id: str = ""


Indices = Mapping[str, PriceIndex]
"""What the prices in a line are (``output``, ``per_output``, ``consumer``) -> the index that converts it."""


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
    Source: own rules (docs/en/rulebooks.md), after the System of National Accounts 2008, chapter 15.

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
        ``same_prices``, ``both_not_stated`` (one document gives both figures alike), ``prices_not_stated``
        (those of the figure), ``target_not_stated``, ``needs_deflator``, ``price_and_none``.
    """
    have, want = text_of(found), text_of(wanted)
    if have == want == NOT_STATED:
        return ("comparable", "both_not_stated") if same_measure else ("not_comparable", "other_measure")
    if NOT_STATED in (have, want):
        return "not_comparable", "target_not_stated" if want == NOT_STATED and have else "prices_not_stated"
    if bool(have) != bool(want):
        return "not_comparable", "price_and_none"
    if have != want:
        return "convertible", "needs_deflator"
    if not same_measure:
        return "not_comparable", "other_measure"
    return "comparable", "same_prices" if have else "no_prices"


def compare_scheme(indicators: pd.DataFrame) -> pd.DataFrame:
    """Decide for every baseline of a scheme whether it may be compared with its target.

    Formula: none; rules of `compare_bases`. Source: own rules (docs/en/rulebooks.md).

    Parameters
    ----------
    indicators : DataFrame
        indicator, baseline_value, baseline_price_base, price_base, comparable (no: measures another thing), and
        deflator where known: a line with one has prices in it, whose base is not stated where it is empty.

    Returns
    -------
    DataFrame
        indicator, found, wanted (price bases), verdict (of `compare_bases`, or ``no_figure``), rule.
    """
    rows: list[tuple[str, ...]] = []
    for row in records(indicators):
        unstated = NOT_STATED if text_of(row.get("deflator")) else ""
        found, wanted = (text_of(row[name]) or unstated for name in ("baseline_price_base", "price_base"))
        said = ("no_figure", "no_baseline")
        if pd.notna(row["baseline_value"]):
            said = compare_bases(found, wanted, same_measure=row["comparable"] != "no")
        rows.append((row["indicator"], found, wanted, *said))
    return pd.DataFrame(rows, columns=["indicator", "found", "wanted", "verdict", "rule"])


def illustrate_prices(indicators: pd.DataFrame, indices: Indices) -> pd.DataFrame:
    """Show what figures of no stated price base would be at the target's prices if they were at their own year's.

    Formula: as in `deflate`, with the index that serves the line. Source: own illustration; never a result, and marked
    so in every row.

    Parameters
    ----------
    indicators : DataFrame
        indicator, direction, baseline_year, baseline_value, baseline_price_base, price_base, target_value, deflator.
    indices : mapping of PriceIndex
        What the prices in a line are -> its index, of a region that stands in if need be; lines without are left out.

    Returns
    -------
    DataFrame
        indicator, year, value, assumed_base, price_base, index (base = 100), converted, target_value, score (per cent
        of the target by the converted figure), score_unconverted, kind ``illustration``, index_region, index_kind,
        index_source.
    """
    return _baselines(indicators, indices, base=NOT_STATED, kind="illustration")


def convert_baselines(indicators: pd.DataFrame, indices: Indices) -> pd.DataFrame:
    """Convert the baselines that stand in current prices to the prices of their targets.

    Formula: as in `deflate`, with the index that serves the line. Source: as in `deflate`; the price base of a baseline
    is what the programme or the publication of the figure says.

    Parameters
    ----------
    indicators, indices
        As for `illustrate_prices`.

    Returns
    -------
    DataFrame
        As `illustrate_prices` gives it, kind ``converted``.
    """
    return _baselines(indicators, indices, base=CURRENT, kind="converted")


def convert_latest(observed: pd.DataFrame, indicators: pd.DataFrame, *, indices: Indices) -> pd.DataFrame:
    """Convert the latest figure of each indicator that stands in current prices to the prices of its target.

    Formula: as in `deflate`. Source: as in `deflate`; the index is the caller's choice and belongs beside the result.

    Parameters
    ----------
    observed : DataFrame
        indicator, year, value, price_base.
    indicators : DataFrame
        indicator, direction, price_base, target_value, deflator.
    indices : mapping of PriceIndex
        As for `illustrate_prices`; figures of years that an index does not cover are left out.

    Returns
    -------
    DataFrame
        As `illustrate_prices` gives it, kind ``converted``.
    """
    return _rows(
        _converted(row, int(one["year"]), float(one["value"]), indices, "converted")
        for row, one in _in_current_prices(observed, indicators)
    )


def missing_indices(observed: pd.DataFrame, indicators: pd.DataFrame, *, indices: Indices) -> list[Record]:
    """Return which latest figures in current prices are not converted, as an index lacks their year.

    Those of a target whose prices are not known are none: no index leads there.

    Formula: none. Source: as in `convert_latest`, whose parameters are taken.

    Returns
    -------
    list of dict
        indicator, year; price_base wanted; index_region, index_kind; first and last year of the index.
    """
    found = []
    for row, one in _in_current_prices(observed, indicators):
        index = indices.get(text_of(row.get("deflator")))
        known = text_of(row["price_base"]).isdigit()
        if known and index is not None and int(one["year"]) not in index.values:
            found.append({
                "indicator": row["indicator"], "year": int(one["year"]), "price_base": text_of(row["price_base"]),
                "index_region": index.region, "index_kind": index.kind,
                "first": min(index.values), "last": max(index.values),
            })  # fmt: skip
    return found


def _in_current_prices(observed: pd.DataFrame, indicators: pd.DataFrame) -> list[tuple[Record, Record]]:
    """Return the indicators whose latest figure stands in current prices, each with that figure."""
    latest = {row["indicator"]: row for row in sorted(records(observed), key=lambda row: int(row["year"]))}
    seen = [(row, latest.get(row["indicator"], {})) for row in records(indicators)]
    return [(row, one) for row, one in seen if one.get("price_base") == CURRENT]


def _baselines(indicators: pd.DataFrame, indices: Indices, *, base: str, kind: str) -> pd.DataFrame:
    asked = indicators[(indicators["baseline_price_base"] == base) & indicators["baseline_value"].notna()]
    return _rows(
        _converted(row, int(row["baseline_year"]), float(row["baseline_value"]), indices, kind)
        for row in records(asked)
    )


def _rows(found: Iterable[Record]) -> pd.DataFrame:
    return pd.DataFrame([row for row in found if row], columns=list(CONVERSION_COLUMNS))


def _converted(row: Record, year: int, value: float, indices: Indices, kind: str) -> Record:
    """Return a converted figure; nothing where no index serves it. What is per unit of output is multiplied."""
    deflator, base = text_of(row.get("deflator")), text_of(row["price_base"])
    index = indices.get(deflator)
    if index is None or not base.isdigit() or not {int(base), year} <= set(index.values):
        return {}
    real = float(deflate([value], [year], index=index.values, base=int(base))[0])
    converted = value * value / real if deflator == "per_output" else real
    target = float(row["target_value"])
    score, plain = (100 * target / x if row["direction"] == "inverse" else 100 * x / target for x in (converted, value))
    return {
        "indicator": row["indicator"], "year": year, "value": value, "assumed_base": year, "price_base": int(base),
        "index": rebase(index.values, int(base))[year], "converted": converted, "target_value": target, "score": score,
        "score_unconverted": plain, "kind": kind, "index_region": index.region, "index_kind": index.kind,
        "index_source": index.source_id,
    }  # fmt: skip


def nearest_indices(deflators: pd.DataFrame, regions: Sequence[str]) -> dict[str, PriceIndex]:
    """Return what the prices in a line are -> the index that serves it, of the nearest region that has one.

    Formula: none. Source: the table's own (source_id).

    Parameters
    ----------
    deflators : DataFrame
        region, base_year, year, index, source_id, kind; may be empty.
    regions : sequence of str
        The region itself, then those above it.
    """
    known = grouped(records(deflators), lambda row: (row["region"], row["kind"]))
    found: dict[str, PriceIndex] = {}
    for deflator, kinds in SERVES.items():
        near = next((key for key in product(regions, kinds) if key in known), None)
        if near is not None:
            first = known[near][0]
            rows = [row for row in known[near] if row["base_year"] == first["base_year"]]
            values = {int(row["year"]): float(row["index"]) for row in rows}
            found[deflator] = PriceIndex(*near, values, str(first["source_id"]))
    return found


def _checked(index: Index) -> dict[int, float]:
    items = sorted((int(year), float(value)) for year, value in cast(Mapping[int, float], index).items())
    if not items:
        raise InputError("the price index is empty")
    bad = [(year, value) for year, value in items if not (np.isfinite(value) and value > 0)]
    raise_faults([Fault("", None, "index", f"is {value:g} in {year}", "it must be above 0") for year, value in bad])
    return dict(items)


def _span(index: Mapping[int, float]) -> str:
    return f"{min(index)}-{max(index)}"
