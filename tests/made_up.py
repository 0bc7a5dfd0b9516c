"""What tests make up: projects, programmes, notebooks, runs; and waiting for what will come."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from xk.arithmetic.peers import CELLS, BaseRate, Move, RegionGrid, Standing, lay_out
from xk.arithmetic.peers.base_rate import Pace
from xk.arithmetic.rulebooks import Reason, Verdict
from xk.arithmetic.target import Rates
from xk.contracts.declarations import contract_of
from xk.contracts.faults import type_table
from xk.contracts.scheme import Line, Scheme
from xk.contracts.scheme_tables import TABLES
from xk.exhibits import Wording
from xk.pipeline import Results, Settings, build_results
from xk.pipeline.peering import PeerLine
from xk.pipeline.result import Distance, Latest, LineResult, Outlook, Trend
from xk.running.kernels.children import Child

ROOT = Path(__file__).resolve().parent.parent
HANG = 600.0
"""Seconds that nothing takes, however busy the machine, but what will never end."""


def wait_until(condition: Callable[[], Any]) -> Any:
    """Wait for `condition` and return what it says."""
    give_up = time.monotonic() + HANG
    while not (value := condition()):
        assert time.monotonic() < give_up, "what is waited for does not come"
        time.sleep(0.005)
    return value


def is_gone(pid: int) -> bool:
    """Tell whether a process is over; one whose parent has not asked after it yet is."""
    try:
        return "(zombie)" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def let_time_end(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Have the time of a cell be up as soon as it has begun on what `hanging` returns, and never before."""
    receive = Child.receive

    def receive_or_end(child: Child, timeout: float | None = None) -> bytes:
        while timeout is not None and not child.connection.poll(0.005):
            if (folder / f"{child.pid}.hangs").exists():
                raise TimeoutError
        return receive(child)

    monkeypatch.setattr(Child, "receive", receive_or_end)


# --- workbooks


def fill(path: Path, cells: dict[str, float | str]) -> None:
    """Type into cells of a workbook, as an office would."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    page = parts["xl/worksheets/sheet1.xml"].decode("utf-8")
    for cell, value in cells.items():
        text = isinstance(value, str)
        content = f"<is><t>{value}</t></is>" if text else f"<v>{value}</v>"
        put = rf'<c r="{cell}"\1{" t=" + chr(34) + "inlineStr" + chr(34) if text else ""}>{content}</c>'
        page, found = re.subn(rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', put, page)
        assert found == 1, cell
    parts["xl/worksheets/sheet1.xml"] = page.encode("utf-8")
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


# --- notebooks

ENDLESS = "import time\nwhile True:\n    time.sleep(1)"


def hanging(folder: Path, code: str = ENDLESS) -> str:
    """Return code that says in `folder` that it begins on `code`, which never ends."""
    return f"import os\nopen(f'{folder}/{{os.getpid()}}.hangs', 'w').close()\n{code}"


KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def write_notebook(path: Path, *sources: str, parameters: str = "year = 2017  # last year") -> Path:
    """Write a notebook of a cell of parameters and one for each source."""
    cells = [new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    return path


# --- a project


class SmallProject:
    """A copy of the raw tables that tests may break: one scheme, its regions, series and observations."""

    SCHEME = "schemes/national-2013"

    def __init__(self, root: Path) -> None:
        self.root, self.raw = root, root / "data" / "raw"

    def read(self, name: str) -> pd.DataFrame:
        """Return a table as text."""
        return pd.read_csv(self.raw / name, dtype=str, keep_default_na=False)

    def write(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table of text."""
        frame.to_csv(self.raw / name, index=False, lineterminator="\n")

    def put(self, name: str, line: int, **cells: str) -> None:
        """Write cells into the line `line` of a table, the header being line 1."""
        frame = self.read(name)
        for column, cell in cells.items():
            frame.loc[line - 2, column] = cell
        self.write(name, frame)

    def repeat(self, name: str, line: int, **cells: str) -> int:
        """Add a copy of a line, with some cells changed, at the end; return its line."""
        frame = self.read(name)
        self.write(name, pd.concat([frame, frame.loc[[line - 2]].assign(**cells)]))
        return len(frame) + 2

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace text of a file that must be there."""
        text = (self.raw / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        (self.raw / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def register(self) -> None:
        """Write the checksums of all files into the register of sources."""
        named = self.read("sources.csv")
        named = named[named["file"] == ""]
        files = sorted(path for path in self.raw.rglob("*") if path.is_file() and path.name != "sources.csv")
        names = [path.relative_to(self.raw).as_posix() for path in files]
        hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
        rows = pd.DataFrame({"source_id": names, "file": names, "sha256": hashes, "retrieved": "2026-01-01"})
        self.write("sources.csv", pd.concat([named, rows.assign(publisher="x", title="x")]).fillna(""))


# --- a programme of six lines whose results can be worked on paper

REGIONS = pd.DataFrame({"region": ["china", "province", "city"], "parent": [None, "china", "province"]})


def indicator(name: str, no: str, **more: Any) -> dict[str, str]:
    """Return a row of the table of indicators: a share with a baseline in 2016 and a target in 2020."""
    row = {
        "indicator": name, "no": no, "domain": "first", "name_zh": "指标", "name_en": "Indicator", "unit": "%",
        "direction": "positive", "target_year": "2020", "lower_bound": "0", "upper_bound": "100",
        "lead_offices": "bureau", "comparable": "yes", "clause": no,
    }  # fmt: skip
    return row | {key: str(value) for key, value in more.items()}


LINES = [
    indicator("plain", "1", baseline_year=2016, baseline_value=40, baseline_kind="observed", target_value=60),
    indicator("held", "2", baseline_year=2016, baseline_value=96, baseline_kind="observed", target_value=95,
              hold_from=2017, hold_to=2020),
    indicator("mixed", "3", direction="composite", domain="second"),
    indicator("half", "3.1", parent="mixed", domain="second", baseline_year=2016, baseline_value=50,
              baseline_kind="observed", target_value=100),
    indicator("none", "3.2", parent="mixed", domain="second", target_value=90),
    indicator("priced", "4", domain="second", unit="元", price_base="2010", upper_bound="", baseline_year=2016,
              baseline_value=100, baseline_kind="observed", baseline_price_base="not_stated", target_value=200,
              comparable="no"),
]  # fmt: skip


def typed(name: str, rows: Iterable[dict[str, str]]) -> pd.DataFrame:
    columns = list(contract_of(name).columns)
    frame = pd.DataFrame([{column: row.get(column, "") for column in columns} for row in rows], columns=columns)
    table, faults = type_table(frame, contract_of(name), name)
    assert not faults
    return table


def scheme(lines: list[dict[str, str]] | None = None) -> Scheme:
    domains = [
        {"domain": name, "no": str(i), "name_zh": "领域", "name_en": name} for i, name in enumerate(("first", "second"))
    ]
    offices = [{"office": "bureau", "name_zh": "局", "name_en": "Bureau", "kind": "bureau"}]
    tables = {name: typed(name, []) for name in TABLES}
    tables |= {"domains": typed("domains", domains), "offices": typed("offices", offices)}
    tables["indicators"] = typed("indicators", lines or LINES)
    facts = {"name_zh": "方案", "name_en": "Plan", "source_id": "plan"}
    return Scheme("made-up", facts, 2020, "equal", ("city",), **tables)


def points(region: str, name: str, values: dict[int, float], **more: Any) -> pd.DataFrame:
    """Return figures of a series as the store has them; its name without the region is its definition."""
    base = {"region": region, "indicator": name, "vintage": "2020-01-01", "unit": "%", "price_base": None, "grade": "A",
            "kind": "observed", "source_id": "plan", "series": f"{region}.{name}", "segment": 0}  # fmt: skip
    said = base | more
    said = {"definition": said["series"].removeprefix(f"{region}.")} | said
    rows = [said | {"year": year, "value": float(value)} for year, value in values.items()]
    return pd.DataFrame(rows).reindex(columns=[*contract_of("observations").columns, "grade", "definition", "segment"])


def lay_out_figures(figures: pd.DataFrame) -> RegionGrid:
    """Return the grid of the figures of one definition."""
    known = figures[figures["value"].notna()]
    return lay_out(*(known[name].to_numpy(dtype=kind) for name, kind in CELLS.items()))


def own_figures() -> pd.DataFrame:
    return pd.concat(
        [
            points("city", "plain", {2016: 40}),
            points("city", "held", {2016: 96}),
            points("city", "half", {2016: 50}),
            points("city", "priced", {2016: 100}, unit="元", price_base="not_stated"),
        ],
        ignore_index=True,
    )


def results(observations: pd.DataFrame, lines: list[dict[str, str]] | None = None, **settings: Any) -> Results:
    """Return results, as of the city's last year up to 2020 if not said; for a later year China has a figure of it."""
    own = observations.loc[observations["region"] == "city", "year"]
    usual = {"method": "drift", "as_of": min(int(own.max()), 2020) if len(own) else None}
    asked = Settings("city", **(usual | settings))
    late = points("china", "none", {asked.as_of or 2016: 1.0})
    return build_results(
        scheme(lines), pd.concat([observations, late], ignore_index=True), regions=REGIONS, settings=asked
    )


def made(lines: list[dict[str, str]] | None = None, more: pd.DataFrame | None = None, **settings: Any) -> Results:
    figures = own_figures() if more is None else pd.concat([own_figures(), more], ignore_index=True)
    return results(figures, lines, **settings)


def worded(found: Results, lang: str = "zh") -> Wording:
    return Wording(
        found, lang, region_names={"province": "某省", "city": "某市"}, measure_labels={"%": "%", "元": "元"}
    )


def phased(found: Results) -> Results:
    rows = [
        {"phase": 1, "name_zh": "一期", "name_en": "First", "start": "2017-11", "end": "2018-03", "aim_zh": "甲。",
         "aim_en": "A."},
        {"phase": 2, "name_zh": "二期", "name_en": "Second", "start": "2018-04", "end": "2020-12", "aim_zh": "乙。",
         "aim_en": "B."},
    ]  # fmt: skip
    object.__setattr__(found.scheme, "phases", pd.DataFrame(rows))
    return found


# --- the city among its peers, in the line "plain": from 40 to 60 within four years, 5 points a year

PEER_REGIONS = pd.DataFrame(
    {
        "region": ["china", "province", "city", "north", "south", "east"],
        "level": ["country", "province", *["prefecture"] * 4],
        "parent": [None, "china", *["province"] * 4],
        "tile_row": [None, None, 2, 1, 3, 2],
        "tile_column": [None, None, 1, 1, 1, 2],
    }
)


def peer_line(**more: Any) -> PeerLine:
    """Return the city and three others: four-year paces 2, 6 and 1; one has one year only, so no pace."""
    latest = [("city", 2016, 40.0, 2.0, 100 * 40 / 60, True), ("north", 2016, 64.0, 6.0, 100.0, False),
              ("south", 2016, 54.0, 1.0, 90.0, False), ("east", 2016, 45.0, math.nan, 75.0, False)]  # fmt: skip
    rate = BaseRate(5.0, "change", 4, 3, 1, 3, 1, Pace("north", 2012, 2016, 6.0), until=2016)
    facts = {
        "indicator": "plain", "definition": "plain", "unit": "%", "own_region": "city",
        "latest": pd.DataFrame(latest, columns=["region", "year", "value", "pace", "attainment", "own"]),
        "required": Rates(5.0, 100 * ((60 / 40) ** 0.25 - 1), 4), "measure": "change",
        "now": Standing(2016, 4, 4, 0, 40.0), "then": Standing(2012, 3, 3, 0, 32.0), "base_rate": rate, "left_out": {},
        "level": "prefecture", "moved": Move(0, 3),
    }  # fmt: skip
    return PeerLine(**(facts | more))


def peered(*lines: PeerLine, lang: str = "zh", found: Results | None = None) -> Wording:
    """Return words for made-up results with peers: those given, or the city among three others."""
    shown = replace(found or made())
    shown.__dict__["peers"] = {peer.indicator: peer for peer in lines or (peer_line(),)}  # where a property keeps it
    words = worded(shown, lang)
    names = {"north": "北市", "south": "南市", "east": "东市"} if lang == "zh" else {}
    words.region_names = {**words.region_names, **names}
    return words


# --- a line by itself, with its results

LINE = Line(
    indicator="gdp", no="1", parent="", domain="economy", unit="元", price_base="2010", direction="positive",
    hold_from=None, hold_to=None, once=False, baseline_year=2016, baseline_value=31502.0, baseline_kind="observed",
    baseline_price_base="2010", target_year=2020, target_value=58000.0, target_low=math.nan, target_high=math.nan,
    limit_low=math.nan, limit_high=math.nan, target_stretch=math.nan, lower_bound=math.nan, upper_bound=math.nan,
    weight=math.nan, lead_offices=("a",), comparable="yes",
)  # fmt: skip
RESULT = LineResult(
    LINE,
    "level",
    Latest(2017, 33000.0, "observed", "city.gdp", "plan", 2),
    Verdict("lagging", 40123.4, 0.0, Reason("lagging")),
    Trend("own", "gd"),
    Outlook(40123.4, "projected", ends={"lo80": 39000.2, "hi80": 41000.7}),
    Distance(required=Rates(100.0, 5.0, 3)),
)


def noisy(count: int = 20, length: int = 12, seed: int = 1) -> np.ndarray:
    """Return random walks that rise by 1 a year, one a row."""
    rng = np.random.default_rng(seed)
    return 100 + np.cumsum(rng.normal(1, 2, (count, length)), axis=1)


# --- runs

SUMMARY = pd.DataFrame(
    {
        "region": "yunfu",
        "no": ["1", "2", "23.1"],
        "indicator": ["gdp", "forest", "water"],
        "name": ["人均GDP", "森林覆盖率", "<b>水质</b>"],
        "status": ["lagging", "achieved", "no_data"],
    }
)
INDICATORS = pd.DataFrame(
    {
        "indicator": ["gdp", "forest", "water"],
        "direction": "positive",
        "target_value": [58000, 69.0, None],
        "target_year": 2020,
    }
)
OBSERVATIONS = pd.DataFrame(
    {
        "region": "yunfu",
        "indicator": ["gdp", "gdp", "forest"],
        "year": [2015, 2016, 2016],
        "value": [30000.0, 31502.0, 68.5],
        "kind": ["observed", "preliminary", "observed"],
        "unit": ["元", "元", "%"],
    }
)
ASKED = {"scheme": "yunfu-2020", "regions": ["yunfu"], "scenario": None, "as_of": 2016, "lang": "zh"}


def write_run(folder: Path, asked: dict[str, Any] | None = None, number: int = 1, **tables: pd.DataFrame) -> Path:
    (folder / "data").mkdir(parents=True)
    frames = {"summary": SUMMARY, "indicators": INDICATORS, "observations": OBSERVATIONS} | tables
    for name, frame in frames.items():
        frame.to_csv(folder / "data" / f"{name}.csv", index=False, encoding="utf-8-sig")
    manifest = {"parameters": ASKED | (asked or {}), "number": number}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def changed(frame: pd.DataFrame, row: int, **cells: Any) -> pd.DataFrame:
    out = frame.astype(object)
    for name, value in cells.items():
        out.loc[row, name] = value
    return out


def run_report(project: Path, out: Path, *options: str) -> Path:
    """Make reports as a user does and return the folder of the run."""
    command = [sys.executable, "-m", "xk", "report", "--out", str(out), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out / "latest"
