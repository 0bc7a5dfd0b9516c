"""Figures of counties from a file of any known layout: those of one indicator, and what they weigh by."""

from pathlib import Path

import pandas as pd

from xk.errors import Fault, InputError, raise_faults
from xk.readers.office_files import read_files
from xk.readers.store import Store
from xk.readers.text import shown

Figures = dict[str, float]


def read_counties(
    path: str | Path, *, store: Store, scheme: str, region: str, indicator: str
) -> tuple[Figures, Figures, int]:
    """Return county -> its latest figure of an indicator, county -> its weight, and the year of the figures.

    The weight is the one other quantity in the file that all of these counties have (people, output, ...): it need not
    be an indicator. Empty where there is none.

    Raises
    ------
    InputError
        With every fault of the file; no county of the region has a figure of the indicator; two quantities could be
        the weight.
    """
    reading = read_files([path], store=store, region=region, scheme=scheme)
    raise_faults(reading.faults)
    counties = set(store.regions.loc[(store.regions["parent"] == region).fillna(False), "region"])
    rows = reading.rows[["region", "indicator", "name", "year", "value"]]
    rows = rows.astype({"region": str, "indicator": str, "name": str})
    rows = rows[rows["region"].isin(counties)]
    rows = rows.assign(what=rows["indicator"].where(rows["indicator"] != "", rows["name"]))
    latest = rows.sort_values("year").groupby(["what", "region"], sort=False).tail(1)
    found = {str(name): _column(part) for name, part in latest.groupby("what", sort=False)}
    own = found.pop(indicator, {})
    if not own:
        message = f"has no figure of {indicator} in a county of {region}"
        raise InputError([Fault(shown(Path(path)), None, "", message, "one row a county, with its name and figure")])
    able = {name: {county: each[county] for county in own} for name, each in found.items() if set(own) <= set(each)}
    if len(able) > 1:
        message = f"has several quantities of all counties: {', '.join(able)}"
        raise InputError([Fault(shown(Path(path)), None, "", message, "leave in the file the one to weigh by")])
    year = int(latest.loc[latest["what"] == indicator, "year"].max())
    return own, next(iter(able.values()), {}), year


def _column(part: pd.DataFrame) -> Figures:
    return dict(zip(part["region"].astype(str), part["value"].astype(float), strict=True))
