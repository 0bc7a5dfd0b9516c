"""What may be projected: all faults of the observations are gathered and raised once."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from xk.arithmetic.projection.methods import METHODS
from xk.arithmetic.projection.panel import Levels
from xk.contracts.declarations import UNSEEN
from xk.contracts.forms import YEARS, is_printable
from xk.errors import Fault, InputError, UsageError, check_known, raise_faults
from xk.vocab import YEAR_RANGE

Observations = pd.DataFrame | pd.Series
BoundRows = pd.DataFrame | None
"""Natural bounds by indicator."""
COLUMNS = ("region", "indicator", "year", "value")
KEY = ["region", "indicator", "year"]
# faults shown of one kind; a wrong column would fill pages otherwise
MOST_SHOWN = 100
GIVEN = "observations"
"""The argument of which faults are told; its first row is line 2, as in a file."""
OWN, UNNAMED = "own", "value"
"""Region and indicator of a series that names none."""


def check_method(method: str) -> None:
    """Raise UsageError unless `method` is one of METHODS."""
    check_known(method, METHODS, "method")


def check_levels(levels: Levels) -> tuple[float, ...]:
    """Return the levels in rising order; UsageError unless each is a per cent in (1, 100), none twice."""
    if isinstance(levels, (str, bytes)) or not isinstance(levels, Sequence | np.ndarray):
        raise UsageError(f"levels must be a list of numbers between 0 and 100, not {levels!r}")
    checked = []
    for level in levels:
        real = isinstance(level, (int, float, np.integer, np.floating)) and not isinstance(level, bool)
        if not real or not math.isfinite(level) or not 0 < level < 100:
            raise UsageError(f"level {level!r} is not a number between 0 and 100 (both excluded)")
        if level <= 1:
            hint = f"; write {100 * level:g}" if level < 1 else ""
            raise UsageError(f"level {level!r}: levels are per cent, such as 80,95{hint}")
        checked.append(float(level))
    if len(set(checked)) < len(checked):
        raise UsageError(f"a level is given twice in {list(levels)!r}")
    return tuple(sorted(checked))


def long_frame(observations: Observations) -> Observations:
    """Return a Series by year, or a frame of year and value alone, with a region and an indicator; all else as it is.

    The indicator has the name of the Series.
    """
    named, frame = UNNAMED, observations
    if isinstance(frame, pd.Series):
        index = frame.index
        named = str(frame.name) if frame.name else UNNAMED
        frame = pd.DataFrame({"year": getattr(index, "year", index), "value": frame.to_numpy()})
    if isinstance(frame, pd.DataFrame) and {"year", "value"} <= {*frame} and not {"region", "indicator"} & {*frame}:
        return frame.assign(region=OWN, indicator=named)
    return frame


def check_observations(observations: Observations) -> pd.DataFrame:
    """Return a clean copy of region, indicator, year and value, or raise InputError with all faults.

    Refused: missing columns, no rows, empty region or indicator, years that are not whole, text and
    infinities as values, two rows for a region, indicator and year. Missing values may stand.
    """
    remedy = f"the columns must be {', '.join(COLUMNS)}; of one series year and value do"
    observations = long_frame(observations)
    if not isinstance(observations, pd.DataFrame):
        wanted = f"a DataFrame or a Series by year, not a {type(observations).__name__}"
        raise UsageError(f"{GIVEN} must be {wanted}; {remedy}; xk.read_observations reads a file")
    given = list(observations.columns)
    missing = [column for column in COLUMNS if column not in given]
    twice = [column for column in COLUMNS if given.count(column) > 1]
    raise_faults([Fault(GIVEN, None, column, "column stands twice", "keep one of them") for column in twice])
    raise_faults([Fault(GIVEN, None, column, "column is missing", remedy) for column in missing])
    if observations.empty:
        raise InputError([Fault(GIVEN, None, "", "no observations", "give at least one row")])
    frame = observations.loc[:, list(COLUMNS)].reset_index(drop=True)
    year, faults = check_years(frame["year"])
    value, more = check_values(frame["value"])
    faults += more + [fault for name in ("region", "indicator") for fault in check_names(frame[name])]
    frame = frame.assign(year=year, value=value)
    faults += check_twice(frame)
    raise_faults(sorted(faults, key=lambda fault: fault.row or 0))
    return frame.assign(year=year.astype(np.int64))


def row_faults(wrong: pd.Series, column: str, said: pd.Series, remedy: str) -> list[Fault]:
    """Return a fault for each marked row, the file's header being line 1."""
    rows = np.flatnonzero(wrong.to_numpy(dtype=bool))
    shown = [Fault(GIVEN, int(row) + 2, column, str(said.iloc[row]), remedy) for row in rows[:MOST_SHOWN]]
    if len(rows) > MOST_SHOWN:
        shown.append(Fault(GIVEN, None, column, f"{len(rows) - MOST_SHOWN} more rows like these", remedy))
    return shown


def as_numbers(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the column as doubles, and the mask of what is neither a number nor empty."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        numbers = pd.Series(column.to_numpy(dtype=np.float64, na_value=np.nan), column.index)
        return numbers, pd.Series(False, column.index)
    texts = column.map(lambda cell: np.nan if isinstance(cell, (bool, np.bool_)) else cell)
    numbers = pd.to_numeric(texts, errors="coerce").astype(np.float64)
    blank = column.isna() | column.map(lambda cell: isinstance(cell, str) and not cell.strip())
    return numbers, numbers.isna() & ~blank


def check_years(column: pd.Series) -> tuple[pd.Series, list[Fault]]:
    """Return years as doubles, and a fault for each that is not a whole year."""
    years, text = as_numbers(column)
    bad = text | ~np.isfinite(years) | (years != np.floor(years)) | ~years.between(*YEAR_RANGE)
    said = "year " + column.map(repr) + f" is not a whole year in {YEARS}" if bad.any() else column
    return years, row_faults(bad, "year", said, "write the year with four digits")


def check_values(column: pd.Series) -> tuple[pd.Series, list[Fault]]:
    """Return values as doubles, and a fault for each text or infinity."""
    values, text = as_numbers(column)
    bad = text | np.isinf(values)
    said = "value " + column.map(repr) + " is not a finite number" if bad.any() else column
    return values, row_faults(bad, "value", said, "write a number, or leave the cell empty")


def check_names(column: pd.Series) -> list[Fault]:
    """Return a fault for each name that is empty, or has a character that cannot be seen."""
    known = column.unique()
    empty = {name for name in known if pd.isna(name) or not str(name).strip()}
    unseen = {name for name in known if isinstance(name, str) and not is_printable(name)} - empty
    told = column.map(repr).map(lambda name: UNSEEN[0].replace("{case}", name)) if unseen else column
    nothing = pd.Series(f"{column.name} is empty", column.index)
    faults = row_faults(column.isin(empty), str(column.name), nothing, "name the region and the indicator")
    return faults + row_faults(column.isin(unseen), str(column.name), told, UNSEEN[1])


def check_twice(frame: pd.DataFrame) -> list[Fault]:
    """Return a fault for each row whose region, indicator and year stand in an earlier row."""
    again = frame.duplicated(KEY, keep="first") & frame["year"].notna()
    if not again.any():
        return []
    where = frame["region"].astype(str) + ", " + frame["indicator"].astype(str) + ", "
    said = "a second row for " + where + frame["year"].map("{:.0f}".format)
    return row_faults(again, "year", said, "keep one value a year (one vintage, one series)")
