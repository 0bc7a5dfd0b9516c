"""Verdicts for other statistical systems: SDMX-CSV 2.0, one row an indicator, goal, rulebook and scenario.

The observation is the figure that was judged, in its year; of a line without a figure the as-of year has none (``O``).
Source: SDMX Technical Working Group, SDMX-CSV 2.0 field guide; code list CL_OBS_STATUS 2.2.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from xk.arithmetic.rulebooks import HOUSE
from xk.running.report.fields import Field, field_of

STRUCTURE = {"STRUCTURE": "dataflow", "STRUCTURE_ID": "XK:VERDICTS(1.0.0)", "ACTION": "I"}
DIMENSIONS = {
    "SCHEME": "scheme", "REF_AREA": "region", "INDICATOR": "indicator", "SCENARIO": "scenario", "GOAL": "goal",
    "RULE": "rulebook", "TIME_PERIOD": "latest_year",
}  # fmt: skip
OTHERS = {
    "OBS_VALUE": "latest_value", "OBS_STATUS": "", "UNIT_MEASURE": "unit", "STATUS": "status",
    "VERDICT_VALUE": "verdict_value", "PROBABILITY": "probability", "METHOD": "method", "VINTAGE": "vintage",
    "SOURCE": "source_id", "AS_OF": "as_of", "FIRMNESS": "firmness",
}  # fmt: skip
"""The measure and its attributes -> the column that they are made of."""
OBS_STATUS = {"observed": "A", "preliminary": "P", "estimated": "E"}
MISSING = "O"


def sdmx_verdicts(tables: Mapping[str, pd.DataFrame], *, scheme: str) -> pd.DataFrame:
    """Return the verdicts of a run as the rows of SDMX-CSV.

    Probability, method and firmness are those of the house's verdict on the target; of a stretch target or another
    rulebook there are none.
    """
    line, figure = ["region", "scenario", "indicator"], ["region", "indicator", "series", "latest_year"]
    judged = ["unit", "latest_year", "latest_value", "latest_kind", "series", "source_id", "probability", "method"]
    judged += ["firmness"]
    seen = tables["observations"].rename(columns={"year": "latest_year"})
    rows = tables["verdicts"].merge(tables["summary"][[*line, *judged]], on=line, how="left", validate="m:1")
    rows = rows.merge(seen[[*figure, "vintage"]].drop_duplicates(figure, keep="last"), on=figure, how="left")
    own = (rows["rulebook"] == HOUSE) & (rows["goal"] == "target")
    rows = rows.assign(
        scheme=scheme,
        probability=rows["probability"].where(own),
        method=rows["method"].where(own),
        firmness=rows["firmness"].where(own),
        latest_year=rows["latest_year"].fillna(rows["as_of"]),
    )
    made = {name: rows[column] for name, column in (DIMENSIONS | OTHERS).items() if column}
    made["OBS_STATUS"] = rows["latest_kind"].map(OBS_STATUS).fillna(MISSING)
    return pd.DataFrame(STRUCTURE | made)[[*STRUCTURE, *DIMENSIONS, *OTHERS]]


def sdmx_field(name: str) -> Field:
    """Return what is declared of the column that one of these is made of."""
    column = (DIMENSIONS | OTHERS).get(name)
    return replace(field_of("verdicts", column), name=name) if column else Field(name)
