"""Every number of a report, made again from its own data/*.csv by plain arithmetic written another way.

Read are ``summary``, ``indicators``, ``observations``, ``references``, ``results``, ``index``, ``contributions`` and
``converted``, and the text of the page; no arithmetic of the project is used. The central path of a region's own
projection cannot be made on paper: here it need only be the same wherever it stands.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from pathlib import Path

import pytest

from xk.running.cli import main

Row = dict[str, str]
FIGURES = re.compile(r"[+-]?\d+(?:\.\d+)?")
GUANGDONG = ["--scheme", "national-2013", "--region", "guangdong", "--domain", "economy", "--as-of", "2016"]


class Run:
    """The data that went out with a report, and the words of its page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page = (folder / "economy.html").read_text(encoding="utf-8")
        self.summary = {row["indicator"]: row for row in self.table("summary")}
        self.scheme = {row["indicator"]: row for row in self.table("indicators")}

    def table(self, name: str) -> list[Row]:
        with (self.folder / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def seen(self, indicator: str) -> list[tuple[int, float]]:
        rows = [row for row in self.table("observations") if row["indicator"] == indicator]
        return sorted((int(row["year"]), float(row["value"])) for row in rows)

    def unbroken(self, indicator: str) -> list[tuple[int, float]]:
        """Return what was seen since the last break of the series."""
        rows = [row for row in self.table("observations") if row["indicator"] == indicator]
        last = max(rows, key=lambda row: int(row["year"]))["segment"]
        return sorted((int(row["year"]), float(row["value"])) for row in rows if row["segment"] == last)

    def cells(self, anchor: str) -> list[list[str]]:
        """Return the words in the cells of a table of the page."""
        found = re.search(rf'<figure[^>]*id="{anchor}".*?</figure>', self.page, re.DOTALL)
        assert found, anchor
        lines = re.findall(r"<tr.*?</tr>", found[0], re.DOTALL)
        parts = [re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL) for line in lines]
        return [[unescape(re.sub(r"<[^>]+>", "", cell)).replace("\u00a0", " ") for cell in row] for row in parts]


@pytest.fixture(scope="module", params=["yunfu", "guangdong"])
def run(
    request: pytest.FixtureRequest,
    root: Path,
    plan_run: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Run:
    if request.param == "yunfu":
        return Run(plan_run("zh"))
    out = tmp_path_factory.mktemp("recomputed")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert main(["report", *GUANGDONG, "--out", str(out)]) == 0
    return Run(out / "latest")


def number(cell: str) -> float:
    return float(cell) if cell else math.nan


def same(cell: str, value: float | None) -> bool:
    """Return whether a cell has a value; None: whether it is empty."""
    known = value is not None and not math.isnan(value)
    return math.isclose(number(cell), value or 0.0, rel_tol=1e-9, abs_tol=1e-9) if known else cell == ""


def plain(run: Run) -> list[Row]:
    """Return the lines with a comparable figure and a target."""
    rows = [row for row in run.summary.values() if row["direction"] != "composite" and row["latest_value"]]
    return [row for row in rows if row["comparable"] == "True" and row["target_value"]]


def meets(row: Row, value: float) -> bool:
    target = float(row["target_value"])
    return value >= target if row["direction"] == "positive" else value <= target


def attained(row: Row, value: float) -> float:
    target = float(row["target_value"])
    if row["direction"] == "inverse":
        return 100.0 if value <= 0 else min(100.0, 100 * target / value)
    return max(0.0, min(100.0, 100 * value / target))


def test_figures_are_those_of_the_observations(run: Run) -> None:
    for row in run.summary.values():
        seen = run.seen(row["indicator"])
        if row["direction"] == "composite":
            continue
        assert int(row["points"]) == len(seen), row["no"]
        if seen:
            assert (int(float(row["latest_year"])), float(row["latest_value"])) == seen[-1], row["no"]


def test_score_attainment_and_progress(run: Run) -> None:
    assert plain(run)
    for row in plain(run):
        value, target = float(row["latest_value"]), float(row["target_value"])
        score = 100 * target / value if row["direction"] == "inverse" else 100 * value / target
        assert same(row["score"], score) and same(row["attainment"], attained(row, value)), row["no"]
        expected, start = None, start_of(run, row)
        if start is not None and not meets(row, start):
            expected = 100 * (value - start) / (target - start)
        assert same(row["progress"], expected), row["no"]


def start_of(run: Run, row: Row) -> float | None:
    """Return the baseline in the prices of its target: the programme's, or the region's own figure of that year."""
    line = run.scheme[row["indicator"]]
    if not row["baseline_value"] or line["comparable"] == "no":
        return None
    if (line["baseline_price_base"] or "") == row["price_base"]:
        return float(row["baseline_value"])
    return dict(run.seen(row["indicator"])).get(int(float(row["baseline_year"])))


def test_required_and_observed_rates(run: Run) -> None:
    for row in plain(run):
        year, value, target = int(float(row["latest_year"])), float(row["latest_value"]), float(row["target_value"])
        first, last = row["hold_from"], row["hold_to"]
        held = range(int(float(first)), int(float(last)) + 1) if first else range(0)
        due = min((one for one in held if one > year), default=int(float(row["target_year"])))
        change = growth = 0.0
        if not meets(row, value):
            left = due - year
            change = (target - value) / left if left > 0 else math.nan
            growth = 100 * ((target / value) ** (1 / left) - 1) if left > 0 and value > 0 else math.nan
        assert same(row["required_change"], change) and same(row["required_growth"], growth), row["no"]
        seen = run.unbroken(row["indicator"])
        recent = [point for point in seen if point[0] >= seen[-1][0] - 5]
        change = growth = math.nan
        if len(seen) > 1 and len(recent) > 1:
            over = recent[-1][0] - recent[0][0]
            change = (recent[-1][1] - recent[0][1]) / over
            growth = 100 * ((recent[-1][1] / recent[0][1]) ** (1 / over) - 1)
        assert same(row["observed_change"], change) and same(row["observed_growth"], growth), row["no"]


def test_planned_values_and_gaps(run: Run) -> None:
    for row in plain(run):
        year, value, target = int(float(row["latest_year"])), float(row["latest_value"]), float(row["target_value"])
        planned = None
        if row["hold_from"] and year >= float(row["hold_from"]):
            planned = target
        elif (start := start_of(run, row)) is not None and year >= int(float(row["baseline_year"])):
            begin, end = float(row["baseline_year"]), float(row["target_year"])
            part = min(1.0, (year - begin) / (end - begin))
            level = row["scale"] == "level"
            planned = start * (target / start) ** part if level else start + (target - start) * part
        assert same(row["planned_value"], planned), row["no"]
        if planned is not None:
            sign = -1 if row["direction"] == "inverse" else 1
            assert same(row["plan_gap"], sign * (value - planned)), row["no"]


def test_borrowed_projections_follow_the_reference_that_goes_out(run: Run) -> None:
    lent: dict[str, dict[int, float]] = {}
    for point in run.table("references"):
        lent.setdefault(point["indicator"], {})[int(point["year"])] = float(point["value"])
    borrowed = [row for row in run.summary.values() if row["projected_kind"] == "borrowed"]
    assert {row["indicator"] for row in borrowed} <= set(lent)
    peers = regions_that_lend(run)
    for row in borrowed:
        if len(peers[row["indicator"]]) > 1:  # the middle of what many lend, each by a projection of its own
            assert len(peers[row["indicator"]]) >= 8, row["no"]
            continue
        path, year, end = lent[row["indicator"]], int(float(row["latest_year"])), int(float(row["target_year"]))
        value, line = float(row["latest_value"]), run.scheme[row["indicator"]]
        before, after = max(one for one in path if one <= year), min(one for one in path if one >= year)
        weight = (year - before) / (after - before) if after > before else 0.0
        base = path[before] + weight * (path[after] - path[before])
        if row["scale"] != "share":
            expected = value * path[end] / base
        else:
            low, high = number(line["lower_bound"] or "0"), float(line["upper_bound"])
            here, there, then = ((x - low) / (high - low) for x in (value, base, path[end]))
            if 0 < here < 1:
                inside = [min(max(x, 0.001), 0.999) for x in (there, then)]
                odds = here / (1 - here) * (inside[1] / (1 - inside[1])) / (inside[0] / (1 - inside[0]))
                here = odds / (1 + odds)
            expected = low + (high - low) * here
        assert same(row["projected_value"], expected), row["no"]
        assert same(row["projected_attainment"], attained(row, expected)), row["no"]


def regions_that_lend(run: Run) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for point in run.table("references"):
        found.setdefault(point["indicator"], set()).add(point["trend_region"])
    return found


def test_own_projections_are_those_of_the_yearly_results(run: Run) -> None:
    yearly = {(row["indicator"], row["year"]): row for row in run.table("results")}
    for row in run.summary.values():
        if row["projected_value"]:
            point = yearly[row["indicator"], str(int(float(row["target_year"])))]
            assert point["value"] == row["projected_value"] and point["kind"] == row["projected_kind"], row["no"]


def weights(run: Run) -> dict[str, float]:
    """Return the weight of each line in its domain, which holds 1: equal, or the points of the scheme."""
    tops = [row for row in run.scheme.values() if not row["parent"]]
    equal = all(row["weight"] in ("", "0.0") for row in tops)
    share = {row["indicator"]: (1.0 if equal and row["weight"] == "" else number(row["weight"])) for row in tops}
    parts = {row["indicator"]: row["parent"] for row in run.scheme.values() if row["parent"]}
    for part, parent in parts.items():
        share[part] = share[parent] / sum(1 for one in parts.values() if one == parent)
    composites = set(parts.values())
    return {name: weight for name, weight in share.items() if name not in composites and weight > 0}


def test_index_coverage_and_contributions(run: Run) -> None:
    share = weights(run)
    whole = {"economy": 22, "democracy": 14, "culture": 14, "livelihood": 28, "environment": 22}  # points of 100
    of_scheme = any(row["weight"] not in ("", "0.0") for row in run.scheme.values())
    index = {row["level"]: row for row in run.table("index") if row["basis"] == "latest"}
    for domain in whole:
        names = [name for name in share if run.scheme[name]["domain"] == domain]
        total = whole[domain] if of_scheme else sum(share[name] for name in names)
        known = [name for name in names if run.summary[name]["attainment"]]
        # of a composite the weight of all goes to the parts that are known, if these are half of them
        held = {name: share[name] * mates(run, name, names) / mates(run, name, known) for name in known}
        value = math.nan
        if sum(share[name] for name in known) / total >= 0.5:
            reached = sum(held[name] * float(run.summary[name]["attainment"]) for name in known)
            value = reached / sum(held.values())
        assert same(index[domain]["value"], value), domain
        assert same(index[domain]["coverage"], 100 * sum(share[name] for name in known) / total), domain
        rows = [row for row in run.table("contributions") if row["level"] == domain and row["basis"] == "latest"]
        for row in rows:
            if row["contribution"]:
                used = 100 * held[row["indicator"]] / sum(held.values())
                assert same(row["used_weight"], used), row["no"]
                assert same(row["contribution"], used * float(row["attainment"]) / 100), row["no"]
        added = sum(number(row["contribution"]) for row in rows if row["contribution"])
        assert same(index[domain]["value"], added if added else math.nan), domain


def mates(run: Run, name: str, among: list[str]) -> int:
    """Return how many parts of the same composite are among some lines; 1 for a line that is no part."""
    parent = run.scheme[name]["parent"]
    return sum(run.scheme[one]["parent"] == parent for one in among) if parent else 1


def test_the_total_is_the_mean_of_its_domains(run: Run) -> None:
    rows = [row for row in run.table("index") if row["basis"] == "latest"]
    domains = [row for row in rows if row["level"] != "total" and row["value"]]
    total = next(row for row in rows if row["level"] == "total")
    if len(domains) == 5:  # equal weights
        assert same(total["value"], sum(float(row["value"]) for row in domains) / 5)
        assert same(total["coverage"], sum(float(row["coverage"]) for row in domains) / 5)
    else:
        assert total["value"] == "" and total["reason"]


def test_converted_prices(run: Run) -> None:
    for row in run.table("converted"):
        converted = float(row["value"]) / float(row["price_index"]) * 100
        assert same(row["converted"], converted), row["indicator"]
        assert same(row["score"], 100 * converted / float(row["target_value"])), row["indicator"]


def test_every_source_is_listed(run: Run) -> None:
    listed = {row["source_id"] for row in run.table("sources")}
    columns = (("observations", "source_id"), ("references", "source_id"), ("converted", "index_source"))
    named = {row[column] for table, column in columns for row in run.table(table) if row[column]}
    assert {one for ids in named for one in ids.split(";")} <= listed


def test_the_page_says_the_same(run: Run) -> None:
    rows = {row[0].split(" ")[0]: row for row in run.cells("tab-summary")[1:]}
    heads = run.cells("tab-summary")[0]
    attainment, latest = heads.index("实现程度（%）"), heads.index("最新值")
    lines = [row for row in run.summary.values() if row["domain"] == "economy"]
    assert set(rows) == {row["no"] for row in lines}
    for row in lines:
        said = rows[row["no"]]
        shown = "—" if not row["attainment"] else tenths(float(row["attainment"]))
        assert said[attainment] == shown, row["no"]
        if row["latest_value"]:
            figure, year = f"{float(row['latest_value']):.10g}", int(float(row["latest_year"]))
            assert said[latest].startswith(f"{figure}（{year}年"), row["no"]
    counted = Counter(row["status"] for row in lines if row["counted"] == "True")
    tiles = dict(re.findall(r'<li data-status="(\w+)">.*?xk-count">(\d+)<', run.page, re.DOTALL))
    assert {status: int(n) for status, n in tiles.items() if n != "0"} == counted
    index = next(row for row in run.table("index") if row["level"] == "economy" and row["basis"] == "latest")
    words = f"指数为{tenths(float(index['value']))}" if index["value"] else "不列经济发展领域指数"
    assert words in unescape(run.page)


def test_the_page_rounds_paces_projections_and_odds(run: Run) -> None:
    """What is required is rounded away from zero, what is projected to the nearest, odds to whole per cent."""
    heads, *rows = run.cells("tab-summary")
    pace, ahead, odds = heads.index("年均变化：所需、实际"), heads.index("2020年推算值"), heads.index("达标概率")
    lines, shown = {row["no"]: row for row in run.summary.values()}, Counter[str]()
    for cells in rows:
        row = lines[cells[0].split(" ")[0]]
        if row["required_change"] and float(row["required_change"]) != 0:
            shown["pace"] += 1
            for said, exact in zip(FIGURES.findall(cells[pace]), paces(row), strict=False):
                assert 0 <= abs(float(said)) - abs(exact) + 1e-9 < unit(said), (row["no"], said, exact)
        if row["projected_value"]:
            shown["ahead"] += 1
            said, exact = FIGURES.findall(cells[ahead])[0], float(row["projected_value"])
            assert abs(float(said) - exact) <= unit(said) / 2 + 1e-9, (row["no"], said, exact)
        share = float(row["probability"] or "nan")
        edge = "< 1%" if share < 0.01 else "> 99%" if share > 0.99 else ""
        known = (
            "—" if math.isnan(share) else edge or f"{Decimal(str(100 * share)).quantize(Decimal(1), ROUND_HALF_UP)}%"
        )
        assert cells[odds] == known, row["no"]
    assert shown["ahead"]


def paces(row: Row) -> list[float]:
    names = ("required_change",) if row["unit"] == "%" else ("required_change", "required_growth")
    return [float(row[name]) for name in names if row[name]]


def unit(said: str) -> float:
    """Return what the last figure of a written number stands for."""
    return 10.0 ** -len(said.partition(".")[2])


def tenths(value: float) -> str:
    """Return a number with one decimal, halves away from zero; what is short of 100 does not print as 100."""
    rounded = Decimal(f"{value:.10g}").quantize(Decimal("0.1"), ROUND_HALF_UP)
    return "99.9" if rounded >= 100 > value else str(rounded)
