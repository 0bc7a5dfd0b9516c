"""What a year, a date and a name are, everywhere: in tables, in files of users, on the command line, in calls."""

import re
from calendar import monthrange
from typing import TypeGuard

import numpy as np
import numpy.typing as npt

from xk.errors import UsageError
from xk.vocab import PRICE_BASE_WORDS, YEAR_RANGE

YEARS = f"{YEAR_RANGE[0]}-{YEAR_RANGE[1]}"


def is_year(value: object) -> TypeGuard[int]:
    """Return whether a value is a whole number from 1900 to 2200."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    return bool(YEAR_RANGE[0] <= value <= YEAR_RANGE[1] and int(value) == value)


def is_written_year(text: str) -> bool:
    """Return whether a text is a year, YYYY."""
    return bool(re.fullmatch(r"[0-9]{4}", text)) and is_year(int(text))


def is_years(text: str) -> bool:
    """Return whether a text lists years, ascending, separated by ``;``."""
    years = text.split(";")
    return all(map(is_written_year, years)) and years == sorted(set(years))


def check_year(value: object, what: str) -> int:
    """Return a year as an int; raise UsageError for what is none, `what` being its name."""
    if not is_year(value):
        raise UsageError(f"{what} must be a whole year in {YEARS}, not {value!r}")
    return int(value)


def check_numbers(**values: object) -> None:
    """Raise UsageError for what is no number, or an infinite one; NaN may stand for what is not known."""
    for name, value in values.items():
        number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
        if not number or np.isinf(value):  # type: ignore[call-overload]  # a number, as was just seen
            raise UsageError(f"{name} must be a finite number, not {value!r}")


def read_numbers(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return an array of doubles; raise UsageError for what are no numbers."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise UsageError(f"values must be numbers ({error})") from error


def is_date(text: str) -> bool:
    """Return whether a text is a day of the calendar, YYYY-MM-DD."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    year, month, day = map(int, text.split("-"))
    return is_year(year) and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def is_month(text: str) -> bool:
    """Return whether a text is a month of the calendar, YYYY-MM."""
    return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}", text)) and is_date(f"{text}-01")


def is_dated(text: str) -> bool:
    """Return whether a text is a day, a month or a year, as much of a date as is known."""
    return is_date(text) or is_month(text) or is_written_year(text)


def is_printable(text: str) -> bool:
    """Return whether all of a text can be seen: no control characters, zero-width or bidirectional marks."""
    return text.isprintable()


def is_price_base(text: str) -> bool:
    """Return whether a text says of which prices a figure is: a year, or one of the words for it."""
    return text in PRICE_BASE_WORDS or is_written_year(text)
