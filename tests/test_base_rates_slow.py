"""Base rates of the plan's main lines, counted a second time: plain loops over the rows of the files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_up import lay_out_figures

from xk.arithmetic.peers import RegionGrid, base_rate
from xk.arithmetic.target import Rates
from xk.bench import Question, forget_answers, results_of, surroundings_of
from xk.readers import Store, read_store

# number -> definition, measure, pace required from 2016 on for 2020, as the plan's own figures have it
LINES = {
    "1": ("gdp_per_capita.yearbook_real2010", "growth", 17.0),
    "2": ("services_share_of_gdp.yearbook", "change", (56 - 38.5) / 4),
    "3": ("urban_population_share.first_vintage", "change", (60 - 40.95) / 4),
    "26": ("doctors_per_1000.yearbook", "change", (2.5 - 1.74) / 4),
    "40": ("industrial_solid_waste_utilisation.yearbook", "change", (88 - 66.3) / 4),
}
# number, last year, whether windows across breaks are left out: windows that reached the pace, of all
COUNTS = {
    ("1", 2016, False): (2, 159), ("1", 2016, True): (2, 79),
    ("2", 2016, False): (0, 168), ("2", 2016, True): (0, 84),
    ("3", 2016, False): (0, 42), ("3", 2016, True): (0, 42),
    ("26", 2016, False): (9, 164), ("26", 2016, True): (4, 42),
    ("40", 2016, False): (0, 14), ("40", 2016, True): (0, 14),
    ("1", 2023, False): (2, 159), ("1", 2023, True): (2, 79),
    ("2", 2023, False): (2, 273), ("2", 2023, True): (0, 84),
    ("3", 2023, False): (0, 105), ("3", 2023, True): (0, 102),  # Shenzhen breaks in 2017
    ("26", 2023, False): (18, 310), ("26", 2023, True): (12, 167),
    ("40", 2023, False): (6, 59), ("40", 2023, True): (6, 59),
}  # fmt: skip
Figures = dict[str, dict[int, float]]
Window = tuple[str, int]


@pytest.fixture(scope="module")
def raw(root: Path) -> Path:
    return root / "data" / "raw"


@pytest.fixture(scope="module")
def store(root: Path) -> Store:
    return read_store(root)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def cities(raw: Path) -> set[str]:
    found = {row["region"] for row in rows_of(raw / "regions.csv") if row["parent"] == "guangdong"}
    assert len(found) == 21
    return found


@pytest.fixture(scope="module")
def figures(raw: Path, cities: set[str]) -> dict[str, Figures]:
    """Return definition -> region -> year -> value, read row by row."""
    owner = {row["series"]: (row["definition"], row["region"]) for row in rows_of(raw / "observations" / "series.csv")}
    found: dict[str, Figures] = {definition: {} for definition, _, _ in LINES.values()}
    for name in ("guangdong_cities", "yunfu"):
        for row in rows_of(raw / "observations" / f"{name}.csv"):
            definition, region = owner[row["series"]]
            if definition in found and region in cities:
                found[definition].setdefault(region, {})[int(row["year"])] = float(row["value"])
    return found


@pytest.fixture(scope="module")
def breaks(raw: Path) -> dict[tuple[str, str], set[int]]:
    """Return definition and region -> first years after the breaks of that series."""
    common = {row["definition"]: row["breaks"] for row in rows_of(raw / "observations" / "definitions.csv")}
    return {
        (row["definition"], row["region"]): {
            int(year) for cell in (row["breaks"], common[row["definition"]]) for year in cell.split(";") if year
        }
        for row in rows_of(raw / "observations" / "series.csv")
    }


def count_windows(
    figures: Figures, line: tuple[str, str, float], until: int, broken: dict[tuple[str, str], set[int]]
) -> tuple[list[Window], int, int]:
    """Return the windows that reached the pace of a line, how many there are, and how many more across breaks."""
    definition, measure, required = line
    hits, windows, across = [], 0, 0
    for region, values in figures.items():
        for first, before in values.items():
            last = first + 4
            if last not in values or last > until:
                continue
            if any(first < year <= last for year in broken.get((definition, region), ())):
                across += 1
                continue
            windows += 1
            moved = 100 * ((values[last] / before) ** 0.25 - 1) if measure == "growth" else (values[last] - before) / 4
            if moved > required - 1e-9:
                hits.append((region, first))
    return sorted(hits), windows, across


def grid_of(store: Store, definition: str, cities: set[str], *, leave_out: bool) -> RegionGrid:
    rows = store.observations[(store.observations["definition"] == definition)]
    rows = rows[rows["region"].isin(cities)]
    return lay_out_figures(rows if leave_out else rows.assign(segment=0))


@pytest.mark.parametrize(("no", "until", "leave_out"), COUNTS)
def test_base_rates_are_those_of_plain_loops(
    request: pytest.FixtureRequest, no: str, until: int, leave_out: bool
) -> None:
    figures, breaks, store, cities = (request.getfixturevalue(one) for one in ("figures", "breaks", "store", "cities"))
    definition, measure, required = line = LINES[no]
    hits, windows, across = count_windows(figures[definition], line, until, breaks if leave_out else {})
    assert (len(hits), windows) == COUNTS[no, until, leave_out]
    grid = grid_of(store, definition, cities, leave_out=leave_out)
    found = base_rate(grid, Rates(required, required, 4), measure=measure, until=until)
    assert found is not None
    assert sorted((hit.region, hit.first) for hit in found.hits) == hits
    assert (found.reached, found.windows, found.across_breaks) == (len(hits), windows, across)


@pytest.mark.parametrize("no", LINES)
def test_the_results_say_so_too(store: Store, no: str) -> None:
    """Up to 2016, breaks left out; the pace as the region's own latest figure has it."""
    rate = results_of(Question(), store).line(no).base_rate
    assert rate is not None
    assert (rate.reached, rate.windows) == COUNTS[no, 2016, True]
    assert rate.definition == LINES[no][0]
    assert rate.required == pytest.approx(LINES[no][2], abs=0.3)


@pytest.mark.parametrize(
    ("no", "region", "first", "pace"), [("1", "qingyuan", 2005, 22.3), ("3", "huizhou", 2011, 1.5)]
)
def test_the_fastest_are_named(store: Store, no: str, region: str, first: int, pace: float) -> None:
    rate = results_of(Question(), store).line(no).base_rate
    assert rate is not None and rate.fastest is not None
    assert rate.fastest[:2] == (region, first)
    assert rate.fastest.value == pytest.approx(pace, abs=0.05)


def test_the_final_assessment_finds_the_region_itself_among_those_that_did_it(store: Store) -> None:
    """Of solid waste 6 windows of 59 reached it, all of them after 2016, two of the region's own."""
    rate = results_of(Question(as_of=2020), store).line("40").base_rate
    assert rate is not None and rate.later is not None
    assert (rate.reached, rate.windows, rate.later.reached, rate.later.windows) == (0, 14, 6, 45)
    assert {(hit.first, hit.last) for hit in rate.later.hits if hit.region == "yunfu"} == {(2014, 2018), (2015, 2019)}


def test_what_all_regions_observed_is_laid_out_once_a_store(store: Store) -> None:
    forget_answers()  # those of other tests were given by what they laid out
    groups = [results_of(Question(region=region), store).group for region in ("yunfu", "zhanjiang")]
    assert surroundings_of(store) is surroundings_of(store)
    assert groups[0].definitions is groups[1].definitions
    assert len(groups[0].peers) == len(groups[1].peers) == 20
