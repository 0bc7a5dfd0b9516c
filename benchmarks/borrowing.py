"""How well a borrowed trend would have served the cities of Guangdong, each taken to know one figure of its own.

python benchmarks/borrowing.py     coverage and errors of borrowing from peers, of proxies and of own projections
"""

from __future__ import annotations

import itertools
import time

import numpy as np
import pandas as pd

from xk.arithmetic.peers.borrowing import OWN, PEERS, BorrowingTable, calibrate
from xk.arithmetic.peers.transfer import Transfer, transfer_of
from xk.arithmetic.projection import project_arrays
from xk.arithmetic.target import Target
from xk.readers.store import Store, read_store

SCHEME, PARENT, ORIGIN = "yunfu-2020", "guangdong", 2016
AHEAD = 4
# definitions with a yearly series in the cities, by number of the plan
LINES = {
    "1": "gdp_per_capita.yearbook_real2010",
    "2": "services_share_of_gdp.yearbook",
    "3": "urban_population_share.first_vintage",
    "19": "income_per_capita.urban_current",
    "23.1": "public_transport_vehicles_per_10000.yearbook_vehicles",
    "26": "doctors_per_1000.yearbook",
    "37.4": "urban_green_space_share.green_cover",
    "38.1 to 2010": "city_wastewater_treatment.yearbook_urban",
    "38.1 from 2012": "city_wastewater_treatment.yearbook_plants",
    "39.1": "urban_waste_harmless_treatment.yearbook",
    "40 to 2011": "industrial_solid_waste_utilisation.yearbook_to_2010",
    "40 from 2012": "industrial_solid_waste_utilisation.yearbook",
}
NAMES = {definition: name for name, definition in LINES.items()}
# the province publishes nothing under the cities' definitions; its nearest figures serve as a yardstick here alone
PROVINCE = {"2": "services_share_of_gdp.guangdong_nbs", "3": "urban_population_share.guangdong_nbs"}
SLACK = 1e-9
STEPS = (-0.3, -0.1, -0.03, 0.03, 0.1, 0.2, 0.4, 0.8)
BINS = [0, 0.05, 0.2, 1 / 3, 2 / 3, 0.8, 0.95, 1]


def cities_of(store: Store) -> list[str]:
    """Return the cities of the province."""
    regions = store.regions
    return regions.loc[regions["parent"] == PARENT, "region"].tolist()


def figures_of(store: Store) -> pd.DataFrame:
    """Return the figures of the cities and, under the cities' names, those of the province that come near."""
    nearest = store.observations["definition"].map({PROVINCE[no]: LINES[no] for no in PROVINCE})
    known = store.observations.assign(definition=store.observations["definition"].where(nearest.isna(), nearest))
    own = known["region"].isin(cities_of(store)) & known["definition"].isin(list(NAMES))
    return known[own | ((known["region"] == PARENT) & nearest.notna())]


def transfers_of(store: Store) -> dict[str, Transfer]:
    """Return scale and bounds of each definition, from the line that it belongs to."""
    lines = store.scheme(SCHEME).lines
    found = {}
    for definition in NAMES:
        line = lines[definition.split(".")[0]]
        found[definition] = transfer_of(line.unit, lower=line.lower_bound, upper=line.upper_bound)
    return found


def build_table(store: Store, as_of: int, horizon: int = AHEAD) -> BorrowingTable:
    """Return the table of the cities in a year."""
    peers = cities_of(store)
    return calibrate(figures_of(store), transfers_of(store), peers=peers, as_of=as_of, horizon=horizon)


def check(table: BorrowingTable, donor: str = PEERS) -> pd.DataFrame:
    """Let each city borrow in each year from its one figure, and see what came in the years after it.

    Columns: line, region, origin, ahead, inside80, inside95, above (the central path), error and still (of no
    change), both on the scale of the transfer.
    """
    donors, rows = table.donors, []
    for column in range(donors.values.shape[2] - 1):
        origin, then = donors.first + column, table.until(donors.first + column)
        for line, place in zip(*np.nonzero(~np.isnan(donors.values[:, :, column])), strict=True):
            region, definition = donors.regions[place], donors.definitions[line]
            if not table.group[place]:
                continue
            start = float(donors.values[line, place, column])
            found = then.borrow(region, definition, (origin, start), donor=donor)
            if found.projection is None:
                continue
            same = donors.segments[line, place] == donors.segments[line, place, column]
            ends = [found.interval(level) for level in (80, 95)]
            for year in range(1, min(AHEAD, donors.values.shape[2] - 1 - column) + 1):
                came = donors.values[line, place, column + year]
                if np.isnan(came) or not same[column + year]:
                    continue
                inside = [low[year - 1] - SLACK <= came <= high[year - 1] + SLACK for low, high in ends]
                scaled, path = found.transfer.apply(came), found.path[year - 1]
                error, still = (abs(float(scaled - found.transfer.apply(x))) for x in (path, start))
                rows.append((NAMES[definition], region, origin, year, *inside, came > path + SLACK, error, still))
    names = ["line", "region", "origin", "ahead", "inside80", "inside95", "above", "error", "still"]
    return pd.DataFrame(rows, columns=names)


def summarise(checks: pd.DataFrame, by: str) -> pd.DataFrame:
    """Coverage in per cent, cases, share above the path, and the mean error as a ratio of that of no change."""
    groups = checks.groupby(by, sort=False)
    table = groups.agg(cases=("error", "size"), cover80=("inside80", "mean"), cover95=("inside95", "mean"))
    table[["cover80", "cover95"]] *= 100
    return table.assign(above=100 * groups["above"].mean(), ratio=groups["error"].mean() / groups["still"].mean())


def compare(checks: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Mean error by line where both have one, and its ratio."""
    keys = ["line", "region", "origin", "ahead"]
    both = checks.merge(others, on=keys, suffixes=("", "_other"))
    table = both.groupby("line", sort=False)[["error", "error_other", "still"]].mean()
    cases = both.groupby("line", sort=False).size()
    return table.assign(ratio=table["error"] / table["error_other"], cases=cases)


def stated_odds(table: BorrowingTable) -> pd.DataFrame:
    """Stated odds of reaching targets about the start two to four years on, and whether it came: `met`, or `held`.

    Targets lie so many hundredths of a logarithm above the start, or three times as many of a logit.
    """
    donors, rows = table.donors, []
    for column in range(donors.values.shape[2] - 2):
        origin, then = donors.first + column, table.until(donors.first + column)
        for line, place in zip(*np.nonzero(~np.isnan(donors.values[:, :, column])), strict=True):
            values = donors.values[line, place]
            came = np.where(donors.segments[line, place] == donors.segments[line, place, column], values, np.nan)
            years = [
                year for year in range(2, AHEAD + 1) if not np.isnan(came[column + year : column + year + 1]).all()
            ]
            if not table.group[place] or not years:
                continue
            start, last, later = float(values[column]), years[-1], came[column + 1 : column + years[-1] + 1]
            found = then.borrow(donors.regions[place], donors.definitions[line], (origin, start))
            size = 3.0 if found.transfer.scale == "share" else 1.0
            for step in STEPS:
                value = float(found.transfer.restore(found.transfer.apply(start) + size * step))
                held = Target("positive", value, year=origin + last, hold_from=origin + 1, hold_to=origin + last)
                rows.append(("met", found.probability(held.alone), later[-1] >= value - SLACK))
                if not np.isnan(later).any():
                    rows.append(("held", found.probability(held), (later >= value - SLACK).all()))
    return pd.DataFrame(rows, columns=["what", "odds", "came"]).dropna()


def reliability(found: pd.DataFrame) -> pd.DataFrame:
    """Mean stated odds and share that came true, by what was stated."""
    groups = found.groupby(["what", pd.cut(found["odds"], BINS, include_lowest=True)], observed=True)
    return groups.agg(stated=("odds", "mean"), came_true=("came", "mean"), cases=("odds", "size"))


def own_panel(table: BorrowingTable, line: int, origin: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the cities' own series up to a year, three points of its segment or more, and what came in the segment."""
    donors, column = table.donors, origin - table.donors.first
    same = donors.segments[line] == donors.segments[line, :, column, None]
    values = np.where(same, donors.values[line], np.nan)[table.group]
    past, later = values[:, : column + 1], values[:, column + 1 : column + 1 + AHEAD]
    known = ((~np.isnan(past)).sum(axis=1) >= 3) & ~np.isnan(past[:, -1]) & ~np.isnan(later).all(axis=1)
    return past[known], later[known]


def project_own(table: BorrowingTable, origins: range) -> pd.DataFrame:
    """Project the cities' own series from some years.

    A row a series and method: its points, its mean absolute error in its mean yearly changes, and how many of its
    `cases` the intervals hold.
    """
    donors, parts = table.donors, []
    for origin, line in itertools.product(origins, range(len(donors.definitions))):
        past, later = own_panel(table, line, origin)
        if not len(past):
            continue
        years, bounds = np.arange(donors.first, origin + 1), (table.transfers[line].lower, table.transfers[line].upper)
        change, known = np.nanmean(np.abs(np.diff(past, axis=1)), axis=1), ~np.isnan(later)
        for method in ("auto", "drift", "constant"):
            found = project_arrays(years, past, to=origin + AHEAD, method=method, bounds=bounds)
            width = later.shape[1]
            error = np.nanmean(np.abs(found.path[:, :width] - later), axis=1) / np.where(change > 0, change, np.nan)
            row = {"origin": origin, "method": method, "points": (~np.isnan(past)).sum(axis=1), "mase": error}
            for level in (80, 95):
                low, high = (end[:, :width] for end in found.interval(level))
                row[f"in{level}"] = (known & (low - SLACK <= later) & (later <= high + SLACK)).sum(axis=1)
            parts.append(pd.DataFrame(row | {"cases": known.sum(axis=1)}))
    return pd.concat(parts, ignore_index=True)


def summarise_own(found: pd.DataFrame) -> pd.DataFrame:
    """Mean and median MASE over series, coverage in per cent over cases, by method and length."""
    length = np.where(found["points"] > 3, "4 points or more", "3 points")
    table = []
    for kind, part in (("all", found), *found.groupby(length)):
        groups = part.groupby("method", sort=False)
        rows = groups.agg(mase=("mase", "mean"), median=("mase", "median"), series=("mase", "count"))
        sums = groups[["in80", "in95", "cases"]].sum()
        rows["cover80"], rows["cover95"] = (100 * sums[name] / sums["cases"] for name in ("in80", "in95"))
        table.append(rows.assign(length=kind).set_index("length", append=True).swaplevel())
    return pd.concat(table)


def show(title: str, table: pd.DataFrame) -> None:
    """Print a table under its title."""
    print(f"\n{title}\n{table.round(2).to_string()}")


def main() -> None:
    """Print all tables and the time that they take."""
    store = read_store()
    figures = figures_of(store)
    table = build_table(store, int(figures["year"].max()))
    peers = check(table)
    everything = pd.concat([peers.assign(of="all"), peers[peers["origin"] == ORIGIN].assign(of=f"from {ORIGIN}")])
    show("borrowing from peers", summarise(everything, "of"))
    show("by years ahead", summarise(peers, "ahead"))
    show(
        "by line", summarise(peers.assign(line=pd.Categorical(peers["line"], list(LINES))).sort_values("line"), "line")
    )
    show("by origin", summarise(peers, "origin"))
    show("odds", reliability(stated_odds(table)))
    show("against borrowing from the province", compare(peers, check(table, PARENT)))
    own = check(table, OWN)
    show("own series of the same definition (a proxy's trend): all", summarise(own.assign(of="all"), "of"))
    then = table.until(ORIGIN)
    skills = {NAMES[one]: then.skill(one, donor=OWN, ahead=AHEAD) for one in then.donors.definitions}
    kinds = {
        name: {"error": one.error, "no change": one.no_change, "cases": one.cases, "used": one.better}
        for name, one in skills.items()
    }
    show(f"proxies until {ORIGIN}, mean absolute error", pd.DataFrame(kinds).T.reindex(list(LINES)))
    own_errors = project_own(table, range(2008, table.donors.last))
    show(f"own projections from {ORIGIN}", summarise_own(own_errors[own_errors["origin"] == ORIGIN]))
    show("own projections from 2008 on", summarise_own(own_errors))
    start = time.perf_counter()
    then = build_table(store, ORIGIN, 14)
    middle = time.perf_counter()
    for region in cities_of(store):
        for definition in then.donors.definitions:
            then.borrow(region, definition, (ORIGIN, 50.0))
    print(f"\nas of {ORIGIN}, 14 years ahead: table {middle - start:.2f} s, ", end="")
    print(f"{len(cities_of(store)) * len(LINES)} borrowed trends {time.perf_counter() - middle:.2f} s")


if __name__ == "__main__":
    main()
