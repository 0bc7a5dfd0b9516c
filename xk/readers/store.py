"""The store: everything under ``data/raw``, read and checked once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from xk.errors import Fault, check_known, raise_faults
from xk.observations import (
    CORRECTIONS,
    OBSERVATIONS,
    SERIES,
    newest_vintage,
    observation_faults,
    series_faults,
)
from xk.provenance import SOURCES, sha256_of, source_faults
from xk.readers.schemes import RAW, REGIONS, UNIT_LABELS, find_root, measures, read_folder
from xk.readers.text import read_typed, shown
from xk.scheme import Scheme


@dataclass(frozen=True)
class Store:
    """Everything under ``data/raw``, read and checked once.

    Attributes
    ----------
    root : Path
        Folder that holds ``data/raw``.
    regions, unit_labels, sources, series, observations : DataFrame
        The common tables (observations: newest vintage, corrected, with ``grade``).
    schemes : dict of Scheme
        By identifier.
    """

    root: Path
    regions: pd.DataFrame = field(repr=False)
    unit_labels: pd.DataFrame = field(repr=False)
    sources: pd.DataFrame = field(repr=False)
    series: pd.DataFrame = field(repr=False)
    observations: pd.DataFrame = field(repr=False)
    schemes: dict[str, Scheme] = field(repr=False)

    def scheme(self, name: str) -> Scheme:
        """Return the scheme `name`; raise UsageError with the nearest known one."""
        check_known(name, self.schemes, "scheme")
        return self.schemes[name]


def read_store(root: Path | None = None) -> Store:
    """Read and check all of ``data/raw``.

    Raises
    ------
    InputError
        With every fault of every table.
    """
    store, faults = read_everything(root or find_root())
    raise_faults(faults)
    return store


def read_everything(root: Path) -> tuple[Store, list[Fault]]:
    """Return all of ``data/raw`` and all faults found on the way."""
    raw = root / RAW
    regions, faults = read_typed(raw / "regions.csv", REGIONS)
    labels, more = read_typed(raw / "unit_labels.csv", UNIT_LABELS)
    sources, found = read_typed(raw / "sources.csv", SOURCES)
    faults += more + found
    known_regions, known_units = set(regions["region"].dropna()), set(labels["unit"].dropna())
    schemes: dict[str, Scheme] = {}
    for folder in sorted(path for path in (raw / "schemes").iterdir() if path.is_dir()):
        schemes[folder.name], more = read_folder(folder, known_regions, known_units)
        faults += more
    units = measures(schemes)
    series, more = read_typed(raw / "observations" / "series.csv", SERIES)
    faults += more + series_faults(
        series,
        shown(raw / "observations" / "series.csv"),
        regions=known_regions,
        units=units,
        labels=known_units,
    )
    observations, more = _read_observation_files(raw, known_regions, units, series)
    faults += more + source_faults(sources, shown(raw / "sources.csv"), _hashes(raw))
    return Store(root, regions, labels, sources, series, observations, schemes), faults


def _hashes(raw: Path) -> dict[str, str]:
    files = [path for path in sorted(raw.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return {
        path.relative_to(raw).as_posix(): sha256_of(path.read_bytes())
        for path in files
        if path != raw / "sources.csv"
    }


def _read_observation_files(
    raw: Path, regions: set[str], units: pd.DataFrame, series: pd.DataFrame
) -> tuple[pd.DataFrame, list[Fault]]:
    frames, faults = [], []
    for path in sorted((raw / "observations").glob("*.csv")):
        if path.name in ("series.csv", "corrections.csv"):
            continue
        frame, found = read_typed(path, OBSERVATIONS)
        found = found or observation_faults(frame, shown(path), regions=regions, units=units, series=series)
        faults += found
        frames.append(frame)
    if not frames:
        return pd.DataFrame(), [
            *faults,
            Fault(shown(raw / "observations"), None, "", "has no table", "add observations"),
        ]
    observations = pd.concat(frames, ignore_index=True)
    if (raw / "observations" / "corrections.csv").exists():
        observations, found = _correct(observations, raw / "observations" / "corrections.csv")
        faults += found
    grades = series.drop_duplicates("series").set_index("series")["grade"]
    observations["grade"] = observations["series"].map(grades)
    return newest_vintage(observations), faults


def _correct(observations: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Apply the ledger of corrections; a correction that does not find the value it expects is a fault."""
    ledger, faults = read_typed(path, CORRECTIONS)
    out = observations.copy()
    for row in ledger.itertuples():
        hit = (out["series"] == row.series) & (out["year"] == row.year) & (out["vintage"] == row.vintage)
        if not hit.any():
            faults.append(
                Fault(
                    shown(path),
                    int(row.Index),
                    "series",
                    "corrects no observation",
                    "mend its key or drop it",
                )
            )
        elif not (out.loc[hit, "value"] == row.expect).all():
            found = out.loc[hit, "value"].iloc[0]
            message = f"expects {row.expect:g} but finds {found:g}"
            faults.append(
                Fault(
                    shown(path),
                    int(row.Index),
                    "expect",
                    message,
                    "the source has changed: drop the correction",
                )
            )
        else:
            out.loc[hit, "value"] = row.value
    return out, faults
