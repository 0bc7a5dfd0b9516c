"""Observations: figures by region, indicator, year and vintage; what is valid and which vintage serves.

Series: one definition in one region each; what their registers must be, and where a series breaks.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from xk.contracts.declarations import contract_of
from xk.contracts.faults import (
    contract_faults,
    duplicate_faults,
    empty_faults,
    link_faults,
    merge_faults,
    row_faults,
    table_faults,
)
from xk.contracts.forms import is_written_year
from xk.contracts.records import records, text_of
from xk.errors import Fault
from xk.vocab import columns_of

STATED = ("vintage", "unit", "kind", "source_id", "series")
Names = set[str] | Mapping[str, str]


def observation_faults(
    frame: pd.DataFrame, file: str, *, regions: Names, measures: pd.DataFrame, series: pd.DataFrame, this_year: int
) -> list[Fault]:
    """Return what is wrong with a typed table of observations.

    Parameters
    ----------
    frame : DataFrame
        The table, index = line of the file.
    file : str
        Its name for the faults.
    regions : set or mapping of str
        Known regions; a mapping gives other names for them, for the remedy.
    measures : DataFrame
        indicator, unit, price_base of every scheme that knows the indicator; its names and natural bounds
        (name_zh, name_en, lower_bound, upper_bound) if known.
    series : DataFrame
        The register of series; a series that is declared there may differ in price base from the scheme's.
    this_year : int
        The last year that can have been observed.
    """
    if frame.empty:
        return [Fault(file, None, "", "has no rows", "give at least one observation")]
    contract = contract_of("observations")
    known = {"region": regions, "indicator": indicator_names(measures, series), "series": set(series["series"])}
    faults = table_faults(frame, contract, file)
    faults += duplicate_faults(frame.fillna({"vintage": "", "series": ""}), contract.key, file)
    faults += link_faults(frame, contract, file, known=known)
    found = _owner_faults(frame, file, series) + _measure_faults(frame, file, measures, series)
    found += bound_faults(frame, file, measures) + _early_faults(frame, file, this_year)
    return merge_faults(faults, found)


def published_faults(frame: pd.DataFrame, file: str, *, sources: set[str], series: pd.DataFrame) -> list[Fault]:
    """Return what a published figure lacks: unit, price base, kind, series, registered source, dated vintage."""
    faults = empty_faults(frame, STATED, file)
    rows = frame.assign(base=frame["series"].map(_by(series, "series")["price_base"]))
    lacking = rows[rows["price_base"].isna() & rows["base"].notna()]
    faults += row_faults(lacking, file, "price_base", "is empty", "write {base!r}, that of its series")
    return faults + link_faults(frame, contract_of("observations"), file, known={"source": sources})


def _by(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a table by what stands in a column, of two rows the first."""
    return frame.drop_duplicates(column).set_index(column)


def deflator_faults(frame: pd.DataFrame, file: str, *, regions: Names, sources: set[str]) -> list[Fault]:
    """Return what is wrong with a typed table of price indices: words, keys, and a base year that is not 100.

    Parameters
    ----------
    frame : DataFrame
        The table, index = line of the file.
    file : str
        Its name for the faults.
    regions : set or mapping of str
        Known regions.
    sources : set of str
        Registered sources.
    """
    contract = contract_of("deflators")
    faults = contract_faults(frame, contract, file, known={"region": regions, "source": sources})
    index = ["region", "kind", "base_year"]
    at_base = ((frame["year"] == frame["base_year"]) & (frame["index"] == 100)).fillna(False)
    based = pd.MultiIndex.from_frame(frame.loc[at_base, index])
    rows = frame.dropna(subset=index).drop_duplicates(index)
    wrong = rows[~pd.MultiIndex.from_frame(rows[index]).isin(based)]
    message = "the index of {region} ({kind}) is not 100 in its base year {base_year}"
    return faults + row_faults(wrong, file, "index", message, "add that year, or mend base_year")


def repeated_faults(frames: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Return a fault for every figure that stands in an earlier file already.

    Parameters
    ----------
    frames : mapping of DataFrame
        File -> typed table of observations, index = line of the file.
    """
    key = contract_of("observations").key
    remedy = "keep one of the two, or give what was corrected a later --vintage"
    rows = pd.concat([frame[key].assign(file=file, line=frame.index) for file, frame in frames.items()])
    rows = rows.dropna(subset=key).reset_index(drop=True)
    first = rows.groupby(key)[["file", "line"]].transform("first")
    again = rows.assign(first_file=first["file"], first_line=first["line"])[rows["file"] != first["file"]]
    message = "{series} {year} stands in {first_file}:{first_line} already"
    return [
        fault
        for file, own in again.set_index("line").groupby("file", sort=False)
        for fault in row_faults(own, str(file), "year", message, remedy)
    ]


def indicator_names(measures: pd.DataFrame, series: pd.DataFrame) -> dict[str, str]:
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
    register = _by(series, "series")
    faults = []
    for column in ("region", "indicator"):
        rows = frame.assign(owner=frame["series"].map(register[column]))
        others = rows[rows["owner"].notna() & rows[column].notna() & (rows["owner"] != rows[column])]
        message = f"{{{column}!r}} is not that of series {{series}}"
        faults += row_faults(others, file, column, message, "write {owner!r} or mend the series")
    return faults


def bounds_of(frame: pd.DataFrame, measures: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the lowest and the highest value that the indicator of each row can have, NaN where there is none."""
    bounds = _by(measures, "indicator")
    ends = [frame["indicator"].map(bounds[name]).astype(float) for name in ("lower_bound", "upper_bound")]
    return ends[0], ends[1]


def bound_faults(frame: pd.DataFrame, file: str, measures: pd.DataFrame) -> list[Fault]:
    """Return a fault for every value outside the natural bounds of its indicator."""
    if "lower_bound" not in measures:
        return []
    low, high = bounds_of(frame, measures)
    outside = (frame["value"] < low) | (frame["value"] > high)
    ranges = [_range(*ends) for ends in zip(low[outside], high[outside], strict=True)]
    message = "{value:.15g} lies outside the natural bounds of {indicator}"
    remedy = "mend the figure or its unit; bounds: {bounds}"
    return row_faults(frame[outside].assign(bounds=ranges), file, "value", message, remedy)


def _early_faults(frame: pd.DataFrame, file: str, this_year: int) -> list[Fault]:
    """Return a fault for every figure of a year that had not come when it was released, or has not come today."""
    released = pd.to_numeric(frame["vintage"].str[:4], errors="coerce").astype("Float64").clip(upper=this_year)
    rows = frame.assign(last=released.fillna(this_year).astype("Int64"))
    early = rows[(rows["year"] > rows["last"]).fillna(False)]
    message = "a figure of {year}, which had not come in {last}"
    return row_faults(early, file, "year", message, "mend the year or the vintage")


def _range(low: float, high: float) -> str:
    if pd.isna(high):
        return f"{low:.15g} or more"
    return f"{high:.15g} or less" if pd.isna(low) else f"{low:.15g} to {high:.15g}"


def _measure_faults(frame: pd.DataFrame, file: str, measures: pd.DataFrame, series: pd.DataFrame) -> list[Fault]:
    """Compare the unit and price base that a row states with those of its series, else of the schemes.

    A figure of no series may be in other prices than the schemes' targets.
    """
    declared, scheme = _by(series, "series"), _by(measures, "indicator")
    registered = frame["series"].isin(declared.index)
    known = registered | (frame["series"].isna() & frame["indicator"].isin(scheme.index))
    faults = []
    for column in ("unit", "price_base"):
        wanted = frame["series"].map(declared[column]).where(registered, frame["indicator"].map(scheme[column]))
        differs = known & frame[column].notna() & (frame[column].fillna("") != wanted.fillna(""))
        if column == "price_base":
            differs &= registered
        rows = frame.assign(wanted=wanted, of=frame["series"].where(registered, frame["indicator"]))[differs]
        message = f"{{{column}!r}} differs from "
        stated = rows["wanted"].notna()
        given = row_faults(rows[stated], file, column, message + "{wanted!r} of {of}", "give the value in {wanted!r}")
        faults += given + row_faults(rows[~stated], file, column, message + "(empty) of {of}", "leave it empty")
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
    both = measures.merge(measures.drop_duplicates("indicator"), on="indicator", suffixes=("", "_first"))
    message = "{indicator} is in {unit!r} under {scheme}, but in {unit_first!r} under {scheme_first}"
    remedy = "one slug has one unit: convert, or use another slug"
    return [
        Fault(file, None, "unit", message.format_map(row), remedy)
        for row in records(both[both["unit"].notna() & (both["unit"] != both["unit_first"])])
    ]


def correction_faults(
    ledger: pd.DataFrame, observations: pd.DataFrame, file: str, *, measures: pd.DataFrame
) -> list[Fault]:
    """Return what is wrong with the ledger of corrections; each must find the value that it expects.

    A corrected value is held to the natural bounds in `measures` as an observation is.
    """
    faults = contract_faults(ledger, contract_of("corrections"), file, known={})
    for row, change in ledger.dropna().iterrows():
        line, values = int(str(row)), observations.loc[_corrected(observations, change), "value"]
        if values.empty:
            faults.append(Fault(file, line, "series", "corrects no observation", "mend its key or drop the line"))
        elif not (values == change["expect"]).all():
            message = f"expects {change['expect']:.15g} but finds {values.iloc[0]:.15g}"
            faults.append(Fault(file, line, "expect", message, "the source has changed: drop the correction"))
    owners = _by(observations, "series")["indicator"]
    found = bound_faults(ledger.assign(indicator=ledger["series"].map(owners)), file, measures)
    return merge_faults(faults, found)


def correct(observations: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return `observations` with the corrections of a checked `ledger`, their reasons in ``correction``."""
    out = observations.assign(correction=pd.Series(pd.NA, index=observations.index, dtype="str"))
    for _, change in ledger.iterrows():
        out.loc[_corrected(out, change), ["value", "correction"]] = [change["value"], change["reason"]]
    return out


def _corrected(observations: pd.DataFrame, change: pd.Series) -> pd.Series:
    same = [observations[name] == change[name] for name in contract_of("corrections").key]
    return (same[0] & same[1] & same[2]).fillna(False).astype(bool)


def newest_vintage(observations: pd.DataFrame) -> pd.DataFrame:
    """Keep for every series and year the newest vintage, a date (ISO)."""
    key = ["region", "indicator", "series", "year"]
    ordered = observations.sort_values("vintage", kind="stable", na_position="first")
    return ordered.drop_duplicates(key, keep="last").sort_values(key, kind="stable").reset_index(drop=True)


SERVING = ("level", "trend", "proxy")


def definition_faults(
    definitions: pd.DataFrame, file: str, *, measures: pd.DataFrame, labels: Mapping[str, str]
) -> list[Fault]:
    """Return what is wrong with the register of definitions; a definition is in the unit of its indicator.

    Parameters
    ----------
    definitions : DataFrame
        Typed, index = line of the file.
    file : str
        Its name for the faults.
    measures : DataFrame
        indicator, unit of every scheme.
    labels : mapping of str
        Known units of measure.
    """
    units = _by(measures, "indicator")["unit"]
    known = {"indicator": indicator_names(measures, definitions[:0]), "unit of measure": labels}
    faults = contract_faults(definitions, contract_of("definitions"), file, known=known)
    rows = definitions.assign(wanted=definitions["indicator"].map(units))
    others = rows[rows["wanted"].notna() & rows["unit"].notna() & (rows["unit"] != rows["wanted"])]
    return faults + row_faults(others, file, "unit", "{unit!r} differs from {wanted!r} of the scheme", "convert them")


def series_faults(series: pd.DataFrame, file: str, *, regions: Names, definitions: set[str]) -> list[Fault]:
    """Return what is wrong with the register of series: unknown regions and definitions, one definition twice.

    Parameters
    ----------
    series : DataFrame
        Typed, index = line of the file.
    file : str
        Its name for the faults.
    regions : set or mapping of str
        Known regions.
    definitions : set of str
        Known definitions.
    """
    known = {"region": regions, "definition": definitions}
    faults = contract_faults(series, contract_of("series"), file, known=known)
    key = ["region", "definition"]
    again = series[series.duplicated(key) & ~series.duplicated("series")].dropna(subset=key)
    message = "{region} has a series of definition {definition} already"
    return faults + row_faults(again, file, "definition", message, "name another definition")


def serving_faults(serving: pd.DataFrame, file: str, *, definitions: pd.DataFrame) -> list[Fault]:
    """Return a fault for every definition that a scheme lets serve, and that is unknown or of another indicator.

    Parameters
    ----------
    serving : DataFrame
        Typed table of a scheme, index = line of the file.
    file : str
        Its name for the faults.
    definitions : DataFrame
        definition, indicator.
    """
    owners = _by(definitions, "definition")["indicator"]
    faults = []
    for column in SERVING:
        named = serving[["indicator", column]].dropna()
        named = named.assign(named=named[column].str.split(";")).explode("named")
        named["owner"] = named["named"].map(owners)
        unknown = named[named["owner"].isna()]
        remedy = "name one of observations/definitions.csv"
        faults += row_faults(unknown, file, column, "unknown definition {named!r}", remedy)
        others = named[named["owner"].notna() & (named["owner"] != named["indicator"])]
        faults += row_faults(others, file, column, "{named!r} is a definition of {owner}", "name one of {indicator}")
    return faults


def join_series(series: pd.DataFrame, definitions: pd.DataFrame) -> pd.DataFrame:
    """Return the register of series with what their definitions say.

    Returns
    -------
    DataFrame
        series, region, definition, breaks (first years after a break, those of the definition and of the series, ``;``
        between them), indicator, grade, unit, price_base, definition_zh, definition_en.
    """
    said = definitions.drop_duplicates("definition")
    joined = series.merge(said, on="definition", how="left", suffixes=("_own", ""))
    both = zip(joined["breaks_own"], joined["breaks"], strict=True)
    joined["breaks"] = [";".join(sorted({*years_in(own), *years_in(other)})) for own, other in both]
    return joined.drop(columns="breaks_own")


def with_breaks(register: pd.DataFrame, breaks: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Return a register of series with more years of breaks of some."""
    cells = zip(register["series"], register["breaks"], strict=True)
    return register.assign(breaks=[";".join(sorted({*years_in(cell), *breaks.get(name, ())})) for name, cell in cells])


def years_in(cell: object) -> list[str]:
    """Return the years that a cell lists; what is no year is told by the contract."""
    return [year for year in text_of(cell).split(";") if is_written_year(year)]


def segment_figures(observations: pd.DataFrame, breaks: Mapping[str, list[int]]) -> pd.Series:
    """Return how many breaks of its series lie at or before the year of each figure.

    Figures of one series and one segment compare; across segments they never do.

    Parameters
    ----------
    observations : DataFrame
        series, year.
    breaks : mapping
        Series -> first years after a break.
    """
    count = pd.Series(0, index=observations.index)
    broken = observations[observations["series"].isin([name for name, years in breaks.items() if years])]
    for name, rows in broken.groupby("series"):
        count[rows.index] = sum((rows["year"] >= year).astype(int) for year in breaks[str(name)])
    return count
