"""Planned values and evaluations as the annex of a programme has them: which its schedule can take, and its rows."""

from collections.abc import Iterator

import pandas as pd

from xk.contracts.records import Record, records
from xk.contracts.scheme import Scheme
from xk.errors import Fault
from xk.readers.office_files import Reading
from xk.readers.sheets import titled

COLUMNS = {"target": "planned_value", "evaluation": "evaluation"}
"""Kind of a figure in the annex of a programme -> its column in the schedule."""
UNPRICED = ("", "not_stated")


def planned_rows(rows: pd.DataFrame) -> list[Record]:
    """Return what is planned, with the programme's own evaluation where it has one: a row an indicator and year."""
    found: dict[tuple[str, int], Record] = {}
    for _, row in _planned(rows):
        about = {key: row[key] for key in ("indicator", "year", "title", "line")}
        found.setdefault((row["indicator"], row["year"]), about)[COLUMNS[row["kind"]]] = row["value"]
    return list(found.values())


def refuse_planned(reading: Reading, scheme: Scheme | None) -> None:
    """Take the planned values that the schedule of a programme does not take out of the rows, with a fault of each.

    Those of another region than the programme's own, in other prices than its target, and second ones with another
    value.
    """
    if scheme is None:
        return
    faults, wrong, first = [], [], dict[tuple[object, ...], Record]()
    for at, row in _planned(reading.rows):
        found = first.setdefault((row["indicator"], row["year"], row["kind"]), row)
        if (said := _elsewhere(row, scheme)) is None and found["value"] != row["value"]:
            there = f"{titled(found['file'], found['sheet'])} {found['cell']}"
            message = f"has {row['value']:.15g} for {row['indicator']} {row['year']}, but {there} has"
            said = f"{message} {found['value']:.15g}", "keep one of the two"
        if said:
            place = titled(row["file"], row["sheet"])
            faults.append(Fault(place, int(row["line"]), "", f"{row['cell']} {said[0]}", said[1]))
            wrong.append(at)
    if wrong:
        reading.faults += faults
        reading.refused = pd.concat([reading.refused, reading.rows.loc[wrong]])
        reading.rows = reading.rows.drop(index=wrong)


def _elsewhere(row: Record, scheme: Scheme) -> tuple[str, str] | None:
    """Return what is wrong with the region or prices of a planned value, and the remedy."""
    home, line = scheme.home_region(), scheme.lines.get(row["indicator"])
    if home and row["region"] not in ("", home):
        message = f"is a planned value of {row['region']}, and the schedule of {scheme.id} is that of {home}"
        return message, "leave it out, or name the programme of that region with --scheme"
    if line is None or row["kind"] != "target" or row["price_base"] in (*UNPRICED, line.price_base or "current"):
        return None
    message = f"is in prices {row['price_base']}, and the target of {row['indicator']} in {line.price_base or 'none'}"
    return message, "give it in the target's prices"


def said_unpriced(rows: pd.DataFrame, scheme: Scheme | None) -> list[str]:
    """Return which planned values state no prices, and are taken as in those of their target."""
    lines = scheme.lines if scheme else {}
    planned = (row for _, row in _planned(rows))
    targets = [row["indicator"] for row in planned if row["kind"] == "target" and row["price_base"] in UNPRICED]
    bases = {name: lines[name].price_base for name in targets if name in lines and lines[name].price_base}
    return [f"{name}: its planned values state no prices, and are taken as in {base}" for name, base in bases.items()]


def _planned(rows: pd.DataFrame) -> Iterator[tuple[object, Record]]:
    if not rows.empty:
        own = rows[rows["kind"].isin(list(COLUMNS)) & (rows["indicator"] != "")]
        typed = own.astype({name: object for name in own.select_dtypes("category")})
        yield from zip(own.index, records(typed), strict=True)
