"""The door to the clock: what a file may say depends on today."""

import datetime as dt


def this_year() -> int:
    """Return the year of today, of which the newest figure can be."""
    return dt.datetime.now(dt.UTC).year
