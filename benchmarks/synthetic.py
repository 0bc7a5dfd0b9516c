"""Provinces that do not exist, to try out and measure runs over many regions. Every name says so.

python benchmarks/synthetic.py FOLDER REGIONS
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from xk.contracts.provenance import sha256_of
from xk.errors import UsageError
from xk.readers import RAW

ROOT = Path(__file__).resolve().parents[1]
SCHEME = "synthetic"
PATTERN = "yunfu-2020"
SOURCE = "synthetic"
YEARS = range(2007, 2018)

_MARK_ZH, _MARK_EN = "合成数据，并非真实", "synthetic, not real"
_DAY = "2018-01-01"
_NAMES = ("name_zh", "name_en", "note_zh", "note_en")

Row = dict[str, str]


def write_province(folder: Path, regions: int, *, seed: int = 1) -> None:
    """Write a project whose scheme has as many invented counties, each with a figure for every indicator and year.

    Parameters
    ----------
    folder : Path
        New folder; notebooks and raw tables of this project are copied into it, then added to.
    regions : int
        Counties of the invented province.
    seed : int
        The same seed gives the same figures.
    """
    if regions < 1:
        raise UsageError(f"a province needs 1 region or more, not {regions}")
    raw = folder / RAW
    shutil.copytree(ROOT / RAW, raw)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(raw / "schemes" / PATTERN, raw / "schemes" / SCHEME)
    names = [f"synthetic_{number:04}" for number in range(1, regions + 1)]
    indicators = _read(raw / "schemes" / SCHEME / "indicators.csv")
    measured = [row for row in indicators if row["direction"] != "composite"]
    _write(raw / "schemes" / SCHEME / "indicators.csv", [_without_baseline(row) for row in indicators])
    _write_identity(raw / "schemes" / SCHEME / "scheme.toml", names)
    _append(raw / "regions.csv", _region_rows(names))
    _append(raw / "observations" / "definitions.csv", [_definition(row) for row in measured])
    _append(raw / "observations" / "series.csv", [_series(name, row) for name in names for row in measured])
    (raw / "schemes" / SCHEME / "serving.csv").unlink()  # it names series of real places
    figures = _figures(names, measured, np.random.default_rng(seed))
    _write(raw / "observations" / "synthetic.csv", figures)
    _register(raw)


def _without_baseline(row: Row) -> Row:
    empty = dict.fromkeys(("baseline_year", "baseline_value", "baseline_kind", "baseline_price_base"), "")
    return {**row, **empty, "comparable": "yes", "note_zh": _MARK_ZH, "note_en": _MARK_EN.capitalize() + "."}


def _write_identity(path: Path, names: Iterable[str]) -> None:
    marks = {"name_zh": _MARK_ZH, "note_zh": _MARK_ZH, "name_en": _MARK_EN, "note_en": _MARK_EN}
    values = {"id": SCHEME, "source_id": SOURCE, "number": "", **marks}
    text = path.read_text(encoding="utf-8")
    for key, value in values.items():
        text = re.sub(rf'^{key} = ".*"$', f'{key} = "{value}"', text, flags=re.MULTILINE)
    listed = ", ".join(f'"{name}"' for name in names)
    path.write_text(re.sub(r"^regions = .*$", f"regions = [{listed}]", text, flags=re.MULTILINE), encoding="utf-8")


def _region_rows(names: Iterable[str]) -> list[Row]:
    return [
        {
            "region": name,
            "code": str(990_000 + number),
            "name_zh": f"合成县{number}（并非真实）",
            "name_en": f"Synthetic county {number} (not real)",
            "level": "county",
            "parent": "guangdong",
        }
        for number, name in enumerate(names, start=1)
    ]


def _definition(row: Row) -> Row:
    same = {key: row[key] for key in ("indicator", "unit", "price_base")}
    words = {"definition_zh": _MARK_ZH, "definition_en": _MARK_EN}
    return {"definition": f"{row['indicator']}.{SOURCE}", "grade": "B", **same, **words}


def _series(region: str, row: Row) -> Row:
    definition = f"{row['indicator']}.{SOURCE}"
    return {"series": f"{region}.{definition}", "region": region, "definition": definition}


def _figures(names: Iterable[str], measured: Iterable[Row], random: np.random.Generator) -> list[Row]:
    figures = []
    indicators = list(measured)
    for name in names:
        for row in indicators:
            shared = {key: row[key] for key in ("indicator", "unit", "price_base")}
            shared |= {"region": name, "series": _series(name, row)["series"]}
            shared |= {"vintage": _DAY, "kind": "estimated", "source_id": SOURCE}
            values = _path(row, random)
            figures += [
                {**shared, "year": str(year), "value": f"{value:.6g}"}
                for year, value in zip(YEARS, values, strict=True)
            ]
    return figures


def _path(row: Mapping[str, str], random: np.random.Generator) -> np.ndarray:
    """Return a path that leads about as far as the target asks, with a pace and noise of the region's own."""
    target = float(row["target_value"] or row["baseline_value"] or 50)
    start = target * random.uniform(0.5, 0.9) if row["direction"] == "positive" else target * random.uniform(1.1, 1.8)
    way = (target - start) * random.uniform(0.2, 1.2) * np.linspace(0, 1, len(YEARS))
    noise = 0.01 * target * random.standard_normal(len(YEARS))
    low = float(row["lower_bound"] or -np.inf)
    high = float(row["upper_bound"] or np.inf)
    return np.clip(start + way + noise, low, high)


def _register(raw: Path) -> None:
    """Bring the register of sources up to the files that are there now."""
    rows = _read(raw / "sources.csv")
    files = [path for path in sorted(raw.rglob("*")) if path.is_file() and path != raw / "sources.csv"]
    hashes = {path.relative_to(raw).as_posix(): sha256_of(path.read_bytes()) for path in files}
    for row in rows:
        row["sha256"] = hashes.get(row["file"], row["sha256"])
    told = {"publisher": "xk", "title": _MARK_ZH, "retrieved": _DAY, "note": _MARK_EN}
    rows.append({"source_id": SOURCE, **told})
    listed = {row.get("file", "") for row in rows}
    for name in sorted(set(hashes) - listed):
        slug = re.sub(r"[^a-z0-9]+", "_", name)
        rows.append({"source_id": f"{SOURCE}_{slug}", **told, "file": name, "sha256": hashes[name]})
    _write(raw / "sources.csv", rows)


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _append(path: Path, rows: list[Row]) -> None:
    _write(path, _read(path) + rows)


def _write(path: Path, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")


def main() -> None:
    """Write the province that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("regions", type=int)
    asked = parser.parse_args()
    write_province(asked.folder, asked.regions)


if __name__ == "__main__":
    main()
