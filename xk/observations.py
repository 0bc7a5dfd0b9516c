"""Observations: published figures by region, indicator, year and vintage; what is valid and which series serve."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from xk.contract import between, duplicate_faults, one_of, rule, table_faults, unknown_faults
from xk.errors import Fault
from xk.vocab import GRADES, KINDS, YEAR_RANGE

MIN_SERIES_POINTS = 5

OBSERVATIONS = pa.DataFrameSchema(
    {
        "region": pa.Column(str),
        "indicator": pa.Column(str),
        "year": pa.Column("Int64", between("year", *YEAR_RANGE)),
        "vintage": pa.Column(str, nullable=True, required=False),
        "value": pa.Column(float),
        "unit": pa.Column(str, nullable=True, required=False),
        "price_base": pa.Column(str, nullable=True, required=False),
        "kind": pa.Column(str, one_of("kind", KINDS), nullable=True, required=False),
        "source_id": pa.Column(str, nullable=True, required=False),
        "series": pa.Column(str, nullable=True, required=False),
    }
)
SERIES = pa.DataFrameSchema(
    {
        "series": pa.Column(str),
        "region": pa.Column(str),
        "indicator": pa.Column(str),
        "grade": pa.Column(str, one_of("grade", GRADES)),
        "unit": pa.Column(str),
        "price_base": pa.Column(str, nullable=True),
        "definition_zh": pa.Column(str),
        "definition_en": pa.Column(str),
        "break_year": pa.Column("Int64", between("break_year", *YEAR_RANGE), nullable=True),
    }
)
CORRECTIONS = pa.DataFrameSchema(
    {
        "series": pa.Column(str),
        "year": pa.Column("Int64", between("year", *YEAR_RANGE)),
        "vintage": pa.Column(str),
        "expect": pa.Column(float),
        "value": pa.Column(float),
        "reason": pa.Column(str),
        "date": pa.Column(
            str,
            pa.Check.str_matches(
                r"^\d{4}-\d{2}-\d{2}$", error=rule("date", "{case} is no date", "write YYYY-MM-DD")
            ),
        ),
    }
)
KEY = ["region", "indicator", "year", "vintage", "series"]


def observation_faults(
    frame: pd.DataFrame, file: str, *, regions: set[str], units: pd.DataFrame, series: pd.DataFrame
) -> list[Fault]:
    """Return what is wrong with a typed table of observations.

    Parameters
    ----------
    frame : DataFrame
        Columns of :data:`OBSERVATIONS`, index = line of the file.
    file : str
        Its name for the faults.
    regions : set of str
        Known regions.
    units : DataFrame
        indicator, unit, price_base of every scheme that knows the indicator.
    series : DataFrame
        The register of series; a series that is declared there may differ in price base from the scheme's.
    """
    if frame.empty:
        return [Fault(file, None, "", "has no rows", "give at least one observation")]
    faults = table_faults(frame, OBSERVATIONS, file)
    faults += duplicate_faults(frame.fillna({"vintage": "", "series": ""}), KEY, file)
    faults += unknown_faults(frame["region"], regions, file, what="region")
    faults += unknown_faults(
        frame["indicator"], set(units["indicator"]) | set(series["indicator"]), file, what="indicator"
    )
    faults += unknown_faults(frame["series"], set(series["series"]), file, what="series")
    return faults + _measure_faults(frame, file, units, series)


def _measure_faults(frame: pd.DataFrame, file: str, units: pd.DataFrame, series: pd.DataFrame) -> list[Fault]:
    """Compare each row's unit and price base with its series', else with the schemes'."""
    declared = series.set_index("series")[["unit", "price_base"]]
    scheme = units.drop_duplicates("indicator").set_index("indicator")[["unit", "price_base"]]
    faults = []
    for column in ("unit", "price_base"):
        wanted = (
            frame["series"]
            .map(declared[column])
            .where(frame["series"].notna(), frame["indicator"].map(scheme[column]))
        )
        checked = frame[column].notna() | frame["series"].notna()
        differs = (
            checked & (frame[column].fillna("") != wanted.fillna("")) & frame["indicator"].isin(scheme.index)
        )
        for row in frame.index[differs]:
            found, right = frame.at[row, column], wanted.at[row]
            message = f"{found if pd.notna(found) else '(empty)'!r} differs from {right if pd.notna(right) else '(none)'!r}"
            remedy = f"give the value in {right!r}" if pd.notna(right) else "leave it empty"
            faults.append(Fault(file, int(row), column, f"{message} of {frame.at[row, 'indicator']}", remedy))
    return faults


def series_faults(
    series: pd.DataFrame, file: str, *, regions: set[str], units: pd.DataFrame, labels: set[str]
) -> list[Fault]:
    """Return what is wrong with the register of series."""
    faults = table_faults(series, SERIES, file) + duplicate_faults(series, ["series"], file)
    faults += unknown_faults(series["region"], regions, file, what="region")
    faults += unknown_faults(series["indicator"], set(units["indicator"]), file, what="indicator")
    faults += unknown_faults(series["unit"], labels, file, what="unit of measure")
    wanted = series["indicator"].map(units.drop_duplicates("indicator").set_index("indicator")["unit"])
    differs = wanted.notna() & (series["unit"] != wanted)
    return faults + [
        Fault(
            file,
            int(row),
            "unit",
            f"{series.at[row, 'unit']!r} differs from {wanted.at[row]!r} of the scheme",
            "convert the figures",
        )
        for row in series.index[differs]
    ]


def newest_vintage(observations: pd.DataFrame) -> pd.DataFrame:
    """Keep for every series and year the newest vintage; a vintage is a date (ISO), or ``file`` for a user's file."""
    key = ["region", "indicator", "series", "year"]
    ordered = observations.sort_values("vintage", kind="stable", na_position="first")
    return ordered.drop_duplicates(key, keep="last").sort_values(key, kind="stable").reset_index(drop=True)


def choose_series(observations: pd.DataFrame, *, as_of: int, price_bases: dict[str, str]) -> pd.DataFrame:
    """Choose for every region and indicator the series that gives its level and the one that gives its trend.

    Rule: a series in the scheme's price base goes before one in another; grade A (the plan's definition) goes
    before grade B (a close proxy); B gives level and trend where A has under five points up to `as_of` and B
    has five or more; where neither has five, A gives the level and B, if longer, the trend.

    Parameters
    ----------
    observations : DataFrame
        With ``grade``, one vintage.
    as_of : int
        Last year that is looked at.
    price_bases : dict
        indicator -> the scheme's price base (empty where there are no prices in it).

    Returns
    -------
    DataFrame
        region, indicator, level (series), trend (series).
    """
    seen = observations[observations["year"] <= as_of]
    counted = (
        seen.groupby(["region", "indicator", "series", "grade"], sort=False, dropna=False)
        .agg(n=("year", "size"), price_base=("price_base", "first"))
        .reset_index()
    )
    counted["other_prices"] = counted["price_base"].fillna("") != counted["indicator"].map(
        price_bases
    ).fillna("")
    counted["short"] = counted["n"] < MIN_SERIES_POINTS
    key = ["region", "indicator"]
    by_level = ["other_prices", "short", "grade", "n"]
    level = counted.sort_values(by_level, ascending=[True, True, True, False], kind="stable").drop_duplicates(
        key
    )
    usable = counted[~counted["other_prices"]].assign(rank=counted["grade"].where(~counted["short"], ""))
    by_trend = ["short", "rank", "n"]
    trend = usable.sort_values(by_trend, ascending=[True, True, False], kind="stable").drop_duplicates(key)
    level = level[[*key, "series"]].rename(columns={"series": "level"})
    trend = trend[[*key, "series"]].rename(columns={"series": "trend"})
    return level.merge(trend, on=key, how="left").reset_index(drop=True)
