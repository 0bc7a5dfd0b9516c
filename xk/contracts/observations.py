"""Observations: figures by region, indicator, year and vintage; what is valid and which series serve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd
import pandera.pandas as pa

from xk.contracts.faults import (
    between,
    duplicate_faults,
    empty_faults,
    merge_faults,
    one_of,
    rule,
    table_faults,
    unknown_faults,
)
from xk.contracts.records import Record
from xk.errors import Fault
from xk.vocab import DEFLATOR_KINDS, GRADES, KINDS, YEAR_RANGE, columns_of

MIN_SERIES_POINTS = 5
DATE = r"^\d{4}-\d{2}-\d{2}$"

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
        **{name: pa.Column(str) for name in columns_of("definition")},
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
            pa.Check.str_matches(DATE, error=rule("date", "{case} is no date", "write YYYY-MM-DD")),
        ),
    }
)
DEFLATORS = pa.DataFrameSchema(
    {
        "region": pa.Column(str),
        "base_year": pa.Column("Int64", between("base_year", *YEAR_RANGE)),
        "year": pa.Column("Int64", between("year", *YEAR_RANGE)),
        "index": pa.Column(float, pa.Check.gt(0, error=rule("index", "{case} is not above 0", "base year = 100"))),
        "source_id": pa.Column(str),
        "kind": pa.Column(str, one_of("kind", DEFLATOR_KINDS)),
    }
)
DEFLATOR_KEY = ["region", "kind", "base_year", "year"]
Names = set[str] | Mapping[str, str]
KEY = ["region", "indicator", "year", "vintage", "series"]
CORRECTION_KEY = ["series", "year", "vintage"]
STATED = ("vintage", "unit", "kind", "source_id", "series")


def observation_faults(
    frame: pd.DataFrame, file: str, *, regions: Names, measures: pd.DataFrame, series: pd.DataFrame
) -> list[Fault]:
    """Return what is wrong with a typed table of observations.

    Parameters
    ----------
    frame : DataFrame
        Columns of :data:`OBSERVATIONS`, index = line of the file.
    file : str
        Its name for the faults.
    regions : set or mapping of str
        Known regions; a mapping gives other names for them, for the remedy.
    measures : DataFrame
        indicator, unit, price_base of every scheme that knows the indicator; its names and natural bounds
        (name_zh, name_en, lower_bound, upper_bound) if known.
    series : DataFrame
        The register of series; a series that is declared there may differ in price base from the scheme's.
    """
    if frame.empty:
        return [Fault(file, None, "", "has no rows", "give at least one observation")]
    faults = table_faults(frame, OBSERVATIONS, file)
    faults += duplicate_faults(frame.fillna({"vintage": "", "series": ""}), KEY, file)
    faults += unknown_faults(frame["region"], regions, file, what="region")
    faults += unknown_faults(frame["indicator"], _indicator_names(measures, series), file, what="indicator")
    faults += unknown_faults(frame["series"], set(series["series"]), file, what="series")
    found = _owner_faults(frame, file, series) + _measure_faults(frame, file, measures, series)
    return merge_faults(faults, found + _bound_faults(frame, file, measures))


def published_faults(frame: pd.DataFrame, file: str, *, sources: set[str], series: pd.DataFrame) -> list[Fault]:
    """Return what a published figure lacks: unit, price base, kind, series, registered source, dated vintage."""
    faults = empty_faults(frame, STATED, file)
    bases = frame["series"].map(series.drop_duplicates("series").set_index("series")["price_base"])
    for row in frame.index[frame["price_base"].isna() & bases.notna()]:
        faults.append(Fault(file, int(row), "price_base", "is empty", f"write {bases[row]!r}, that of its series"))
    undated = frame["vintage"].notna() & ~frame["vintage"].str.fullmatch(DATE, na=True).astype(bool)
    for row in frame.index[undated]:
        faults.append(Fault(file, int(row), "vintage", f"{frame['vintage'][row]!r} is no date", "write YYYY-MM-DD"))
    return faults + unknown_faults(frame["source_id"], sources, file, what="source", separator=";")


def deflator_faults(frame: pd.DataFrame, file: str, *, regions: Names, sources: set[str]) -> list[Fault]:
    """Return what is wrong with a typed table of price indices: words, keys, and a base year that is not 100.

    Parameters
    ----------
    frame : DataFrame
        Columns of :data:`DEFLATORS`, index = line of the file.
    file : str
        Its name for the faults.
    regions : set or mapping of str
        Known regions.
    sources : set of str
        Registered sources.
    """
    faults = table_faults(frame, DEFLATORS, file) + duplicate_faults(frame, DEFLATOR_KEY, file)
    faults += unknown_faults(frame["region"], regions, file, what="region")
    faults += unknown_faults(frame["source_id"], sources, file, what="source", separator=";")
    based = frame[((frame["year"] == frame["base_year"]) & (frame["index"] == 100)).fillna(False)]
    for (region, kind, base), rows in frame.groupby(DEFLATOR_KEY[:3], sort=False):
        if not ((based[DEFLATOR_KEY[:3]] == [region, kind, base]).all(axis=1)).any():
            message = f"the index of {region} ({kind}) is not 100 in its base year {base}"
            faults.append(Fault(file, int(rows.index[0]), "index", message, "add that year, or mend base_year"))
    return faults


def repeated_faults(frames: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Return a fault for every figure that stands in an earlier file already.

    Parameters
    ----------
    frames : mapping of DataFrame
        File -> typed table of observations, index = line of the file.
    """
    rows = pd.concat([frame[KEY].assign(file=file, line=frame.index) for file, frame in frames.items()])
    rows = rows.dropna(subset=KEY).reset_index(drop=True)
    first = rows.drop_duplicates(KEY).set_index(KEY)
    faults = []
    for row in rows[rows.duplicated(KEY)].to_dict("records"):
        file, line = first.loc[tuple(row[name] for name in KEY), ["file", "line"]]
        if file != row["file"]:
            message = f"{row['series']} {row['year']} stands in {file}:{line} already"
            faults.append(Fault(row["file"], int(row["line"]), "year", message, "keep one of the two"))
    return faults


def _indicator_names(measures: pd.DataFrame, series: pd.DataFrame) -> dict[str, str]:
    """Return every known name of an indicator -> its slug."""
    slugs = [*measures["indicator"].dropna(), *series["indicator"].dropna()]
    names = {slug: slug for slug in slugs}
    for column in columns_of("name"):
        if column in measures:
            rows = measures[[column, "indicator"]].dropna()
            names = dict(zip(rows[column], rows["indicator"], strict=True)) | names
    return names


def _owner_faults(frame: pd.DataFrame, file: str, series: pd.DataFrame) -> list[Fault]:
    """Return a fault for every row whose series belongs to another region or indicator."""
    register = series.drop_duplicates("series").set_index("series")
    at: Any = frame.at
    faults = []
    for column in ("region", "indicator"):
        owner = frame["series"].map(register[column])
        for row in frame.index[owner.notna() & frame[column].notna() & (owner != frame[column])]:
            message = f"{at[row, column]!r} is not that of series {at[row, 'series']}"
            faults.append(Fault(file, int(row), column, message, f"write {owner.at[row]!r} or mend the series"))
    return faults


def _bound_faults(frame: pd.DataFrame, file: str, measures: pd.DataFrame) -> list[Fault]:
    """Return a fault for every value outside the natural bounds of its indicator."""
    if "lower_bound" not in measures:
        return []
    bounds = measures.drop_duplicates("indicator").set_index("indicator")
    low, high = (frame["indicator"].map(bounds[name]).astype(float) for name in ("lower_bound", "upper_bound"))
    at: Any = frame.at
    outside = (frame["value"] < low) | (frame["value"] > high)
    return [
        Fault(
            file,
            int(row),
            "value",
            f"{at[row, 'value']:g} lies outside the natural bounds of {at[row, 'indicator']}",
            "mend the figure or its unit; bounds: " + _range(float(low[row]), float(high[row])),
        )
        for row in frame.index[outside]
    ]


def _range(low: float, high: float) -> str:
    if pd.isna(high):
        return f"{low:g} or more"
    return f"{high:g} or less" if pd.isna(low) else f"{low:g} to {high:g}"


def _measure_faults(frame: pd.DataFrame, file: str, measures: pd.DataFrame, series: pd.DataFrame) -> list[Fault]:
    """Compare the unit and price base that a row states with those of its series, else of the schemes."""
    declared = series.drop_duplicates("series").set_index("series")
    scheme = measures.drop_duplicates("indicator").set_index("indicator")
    registered = frame["series"].isin(declared.index)
    known = registered | (frame["series"].isna() & frame["indicator"].isin(scheme.index))
    at: Any = frame.at
    faults = []
    for column in ("unit", "price_base"):
        wanted = frame["series"].map(declared[column]).where(registered, frame["indicator"].map(scheme[column]))
        differs = known & frame[column].notna() & (frame[column].fillna("") != wanted.fillna(""))
        for row in frame.index[differs]:
            found, right = at[row, column], wanted[row]
            of = at[row, "series" if registered.at[row] else "indicator"]
            message = f"{found!r} differs from {_said(right)} of {of}"
            remedy = f"give the value in {right!r}" if isinstance(right, str) else "leave it empty"
            faults.append(Fault(file, int(row), column, message, remedy))
    return faults


def _said(word: object) -> str:
    return repr(word) if isinstance(word, str) else "(empty)"


def series_faults(
    series: pd.DataFrame, file: str, *, regions: Names, measures: pd.DataFrame, labels: set[str]
) -> list[Fault]:
    """Return what is wrong with the register of series."""
    faults = table_faults(series, SERIES, file) + duplicate_faults(series, ["series"], file)
    faults += unknown_faults(series["region"], regions, file, what="region")
    faults += unknown_faults(series["indicator"], _indicator_names(measures, series[:0]), file, what="indicator")
    faults += unknown_faults(series["unit"], labels, file, what="unit of measure")
    wanted = series["indicator"].map(measures.drop_duplicates("indicator").set_index("indicator")["unit"])
    for row in series.index[wanted.notna() & series["unit"].notna() & (series["unit"] != wanted)]:
        message = f"{series['unit'][row]!r} differs from {wanted.at[row]!r} of the scheme"
        faults.append(Fault(file, int(row), "unit", message, "convert the figures"))
    return faults


def measure_faults(measures: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for every indicator that two schemes measure in different units.

    Parameters
    ----------
    measures : DataFrame
        scheme, indicator, unit of every scheme.
    file : str
        Name for the faults.
    """
    first: Any = measures.drop_duplicates("indicator").set_index("indicator")
    other = measures[measures["unit"].notna() & (measures["unit"] != measures["indicator"].map(first["unit"]))]
    return [
        Fault(
            file,
            None,
            "unit",
            f"{indicator} is in {unit!r} under {scheme}, but in {first.at[indicator, 'unit']!r} "
            f"under {first.at[indicator, 'scheme']}",
            "one slug has one unit: convert, or use another slug",
        )
        for scheme, indicator, unit in other[["scheme", "indicator", "unit"]].itertuples(index=False, name=None)
    ]


def correction_faults(ledger: pd.DataFrame, observations: pd.DataFrame, file: str) -> list[Fault]:
    """Return what is wrong with the ledger of corrections; each must find the value that it expects."""
    faults = table_faults(ledger, CORRECTIONS, file) + duplicate_faults(ledger, CORRECTION_KEY, file)
    for row, change in ledger.dropna().iterrows():
        found = observations.loc[_corrected(observations, change), "value"]
        if found.empty:
            faults.append(
                Fault(file, int(str(row)), "series", "corrects no observation", "mend its key or drop the line")
            )
        elif not (found == change["expect"]).all():
            message = f"expects {change['expect']:.15g} but finds {found.iloc[0]:.15g}"
            faults.append(Fault(file, int(str(row)), "expect", message, "the source has changed: drop the correction"))
    return faults


def correct(observations: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return `observations` with the corrections of a checked `ledger`, their reasons in ``correction``."""
    out = observations.assign(correction=pd.Series(pd.NA, index=observations.index, dtype="str"))
    for _, change in ledger.iterrows():
        out.loc[_corrected(out, change), ["value", "correction"]] = [change["value"], change["reason"]]
    return out


def _corrected(observations: pd.DataFrame, change: pd.Series) -> pd.Series:
    same = [observations[name] == change[name] for name in CORRECTION_KEY]
    return (same[0] & same[1] & same[2]).fillna(False).astype(bool)


def newest_vintage(observations: pd.DataFrame) -> pd.DataFrame:
    """Keep for every series and year the newest vintage: a date (ISO), or ``file`` for a user's figure."""
    key = ["region", "indicator", "series", "year"]
    ordered = observations.sort_values("vintage", kind="stable", na_position="first")
    return ordered.drop_duplicates(key, keep="last").sort_values(key, kind="stable").reset_index(drop=True)


def choose_series(points: Iterable[Record], *, price_bases: Mapping[str, str]) -> dict[tuple[str, str], Chosen]:
    """Choose for every region and indicator the series that gives its level and the one that gives its trend.

    Rulebook: a series in the scheme's price base goes before one in another; grade A (the plan's definition) goes
    before grade B (a close proxy); B gives level and trend where A has under five points and B has five or more;
    where neither has five, A gives the level and B, if longer, the trend.

    Parameters
    ----------
    points : iterable of mapping
        Observations of one vintage, no year later than the last one known, with ``grade``.
    price_bases : mapping
        indicator -> the scheme's price base (empty where there are no prices in it).

    Returns
    -------
    dict
        Region and indicator -> series.
    """
    counted = _count(points, price_bases)
    level: dict[tuple[str, str], str] = {}
    for one in sorted(counted, key=lambda one: (one.other_prices, one.short, _last(one.grade), -one.points)):
        level.setdefault(one.key, one.series)
    trend: dict[tuple[str, str], str] = {}
    usable = [one for one in counted if not one.other_prices]
    for one in sorted(usable, key=lambda one: (one.short, _last("" if one.short else one.grade), -one.points)):
        trend.setdefault(one.key, one.series)
    return {key: Chosen(series, trend.get(key)) for key, series in level.items()}


class Chosen(NamedTuple):
    """The series that gives a level, and the one that gives a trend, if any."""

    level: str
    trend: str | None


class Counted(NamedTuple):
    """A series as the choice sees it."""

    key: tuple[str, str]
    series: str
    grade: object
    points: int
    other_prices: bool

    @property
    def short(self) -> bool:
        """Whether it has too few points for a trend."""
        return self.points < MIN_SERIES_POINTS


def _count(points: Iterable[Record], price_bases: Mapping[str, str]) -> list[Counted]:
    """Return the series in order of appearance; prices are those of the first point that states any."""
    bases: dict[tuple[Any, ...], list[object]] = {}
    for point in points:
        key = point["region"], point["indicator"], point["series"], point["grade"]
        bases.setdefault(key, []).append(point["price_base"])
    found = []
    for (region, indicator, series, grade), stated in bases.items():
        base = next((base for base in stated if isinstance(base, str)), "")
        other = base != (price_bases.get(indicator) or "")
        found.append(Counted((region, indicator), series, grade, len(stated), other))
    return found


def _last(grade: object) -> tuple[bool, str]:
    """Return a key by which grades sort, what has none coming last."""
    return (not isinstance(grade, str), str(grade))
