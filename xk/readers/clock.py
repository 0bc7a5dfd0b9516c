"""The door to the clock: what a file may say depends on today."""

import datetime as dt
from pathlib import Path


def this_year() -> int:
    """Return the year of today, of which the newest figure can be."""
    return dt.datetime.now(dt.UTC).year


def last_day() -> str:
    """Return the last day that has begun anywhere, as YYYY-MM-DD: in the east it is tomorrow already."""
    return (dt.datetime.now(dt.UTC) + dt.timedelta(hours=14)).date().isoformat()


def today(path: Path | None = None) -> str:
    """Return the day of today, or that on which a file was last changed, as YYYY-MM-DD."""
    now = dt.datetime.now(dt.UTC)
    return (dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC) if path else now).date().isoformat()
