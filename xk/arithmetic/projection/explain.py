"""Which method or weights each series was projected with, and what these rest on."""

import pandas as pd

from xk.arithmetic.projection.frames import Outlook


def explain(result: Outlook) -> pd.DataFrame:
    """Tell of each series how it was projected.

    Returns
    -------
    DataFrame
        region, indicator, observations (count), last_year, method (used), and for each
        member of the combination weight_<name> (0-1) and error_<name> (mean absolute backtest error in units
        of the mean yearly change; NaN where it could not be measured), and capped_from, the first year in which
        the path was drawn in to what like series ever showed (NA where none).
    """
    projection = result.projection
    panel, used = projection.panel, projection.used
    table = result.series.assign(observations=panel.count, last_year=panel.last, method=used)
    for column, name in enumerate(projection.members):
        table[f"weight_{name}"] = projection.weights[:, column]
        table[f"error_{name}"] = projection.errors[:, column]
    capped = pd.Series(projection.panel.last + projection.capped, dtype="Int64")
    return table.assign(capped_from=capped.where(projection.capped > 0))
