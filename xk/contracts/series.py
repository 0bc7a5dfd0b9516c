"""Series: one definition in one region each; what their registers must be, and where a series breaks."""

from collections.abc import Mapping

import pandas as pd

from xk.contracts.declarations import contract_of
from xk.contracts.faults import contract_faults, row_faults
from xk.contracts.forms import is_written_year
from xk.contracts.observations import Names, indicator_names
from xk.contracts.records import text_of
from xk.errors import Fault

SERVING = ("level", "trend", "proxy")


def definition_faults(definitions: pd.DataFrame, file: str, *, measures: pd.DataFrame, labels: set[str]) -> list[Fault]:
    """Return what is wrong with the register of definitions; a definition is in the unit of its indicator.

    Parameters
    ----------
    definitions : DataFrame
        Typed, index = line of the file.
    file : str
        Its name for the faults.
    measures : DataFrame
        indicator, unit of every scheme.
    labels : set of str
        Known units of measure.
    """
    units = measures.drop_duplicates("indicator").set_index("indicator")["unit"]
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
    again = series[series.duplicated(["region", "definition"]) & ~series.duplicated("series")]
    message = "{region} has a series of definition {definition} already"
    return faults + row_faults(
        again.dropna(subset=["region", "definition"]), file, "definition", message, "name another definition"
    )


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
    owners = definitions.drop_duplicates("definition").set_index("definition")["indicator"]
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
