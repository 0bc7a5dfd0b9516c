"""Figures of users into ``data/raw``: with their series, definition, source and checksums, all or nothing."""

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from xk.contracts.declarations import contract_of
from xk.contracts.forms import is_date
from xk.contracts.provenance import sha256_of
from xk.contracts.records import records
from xk.errors import Fault, InputError, UsageError, raise_faults
from xk.readers.clock import today
from xk.readers.office_files import Reading
from xk.readers.schemes import OWN, RAW, measures_of
from xk.readers.store import ALIASES, Store, read_everything
from xk.readers.text import Records, shown
from xk.readers.writing import write_bytes
from xk.vocab import KINDS, LANGUAGES, OWN_GRADE, text

OBSERVED, DEFINED, LISTED, SOURCES = (
    "observations/{}.csv", "observations/definitions.csv", "observations/series.csv", "sources.csv",
)  # fmt: skip
LONGEST_SLUG = 40
Row = Mapping[str, object]
Places = Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True)
class Source:
    """Where figures come from, and the day of their release; `read_from`: the files, with their checksums."""

    publisher: str
    title: str
    vintage: str
    read_from: str = ""

    @property
    def slug(self) -> str:
        """Return a name for it, the same for the same publisher and title: its words, a checksum where it has none."""
        words = "_".join(re.findall(r"[a-z0-9]+", f"{self.publisher} {self.title}".casefold()))[:LONGEST_SLUG].strip(
            "_"
        )
        return words if re.search("[a-z]", words) else f"own_{sha256_of(f'{self.publisher}:{self.title}'.encode())[:8]}"


def source_of(text: str, *, vintage: str, paths: Sequence[str | Path]) -> Source:
    """Return the source that a user named as ``PUBLISHER: TITLE``; its vintage is that of the newest file if empty."""
    publisher, _, title = (part.strip() for part in text.replace("：", ":", 1).partition(":"))
    if not publisher or not title:
        raise UsageError(f"{text!r} is no source; write it as 'PUBLISHER: TITLE'")
    files = [Path(path) for path in paths]
    day = vintage or max(today(path) for path in files)
    if not is_date(day):
        raise UsageError(f"{day!r} is no vintage; write the day of release as YYYY-MM-DD")
    said = [f"{path.name} (sha256 {sha256_of(path.read_bytes())})" for path in files]
    return Source(publisher, title, day, f"Read from {', '.join(said)}.")


def figures_of(reading: Reading, store: Store) -> pd.DataFrame:
    """Return the figures of files that can be added: of known regions and indicators, and no targets.

    A price base is never assumed: what has prices in it and states none is ``not_stated``.

    Raises
    ------
    InputError
        With every fault of the files; they hold no figure of a known region and indicator.
    """
    raise_faults(reading.faults)
    rows = reading.rows.astype({name: object for name in reading.rows if name not in ("year", "value")})
    known = rows["region"].isin(store.regions["region"]) & (rows["indicator"] != "")
    rows = rows[known & rows["kind"].isin(("", *KINDS))].reset_index(drop=True)
    if rows.empty:
        raise InputError("; ".join(["no figure of a known region and indicator", *reading.doubts]))
    priced = measures_of(store.schemes).dropna(subset="price_base")["indicator"]
    unsaid = rows["indicator"].isin(priced) & (rows["price_base"] == "")
    sheet = rows["sheet"].where(rows["sheet"] == "", " [" + rows["sheet"] + "]")
    title = rows["file"] + sheet
    notes = title + " " + rows["cell"] + rows["note"].where(rows["note"] == "", "; " + rows["note"])
    line = rows["cell"].str.extract(r"(\d+)$", expand=False).astype(int)
    return rows.assign(price_base=rows["price_base"].mask(unsaid, "not_stated"), title=title, line=line, note=notes)


def add_figures(figures: pd.DataFrame, store: Store, source: Source) -> Path:
    """Write figures into ``data/raw`` as a table of their own; return it.

    A series of its own for each region and definition, which is that of the source: what the same source says later
    continues it, a later vintage going before an earlier one.

    Parameters
    ----------
    figures : DataFrame
        region, indicator, year, value, unit; price_base, kind, note if known. `title`, `line`: the
        user's file and the line in it, for the faults.
    store : Store
        What is there.
    source : Source
        Where they come from.

    Raises
    ------
    InputError
        With every fault; nothing is written then.
    """
    raw = store.root / RAW
    name = _unused(raw, f"{source.slug}_{source.vintage.replace('-', '')}")
    own = [_completed(row, source, name) for row in records(figures)]
    table = OBSERVED.format(name)
    said = {
        f"definition_{lang}": text("added_definition", lang, publisher=source.publisher, title=source.title)
        for lang in LANGUAGES
    }
    definitions = [
        {"definition": row["definition"], "grade": OWN_GRADE, **said}
        | {column: row.get(column) for column in ("indicator", "unit", "price_base")}
        for row in own
    ]
    changed = {
        table: _written(contract_of("observations").columns, own),
        DEFINED: appended(raw / DEFINED, definitions, key="definition"),
        LISTED: appended(raw / LISTED, own, key="series"),
    }
    about = {"publisher": source.publisher, "title": source.title, "retrieved": today()}
    rows = [
        about | {"source_id": name, "note": source.read_from},
        about | {"source_id": f"file_{name}", "file": table, "sha256": sha256_of(changed[table])},
    ]
    changed[SOURCES] = renewed(appended(raw / SOURCES, rows, key="source_id"), hashes_of(changed))
    write_raw(store.root, changed, places={table: list(zip(figures["title"], figures["line"], strict=True))})
    return raw / table


def _completed(row: Row, source: Source, name: str) -> dict[str, object]:
    prices = row.get("price_base") if isinstance(row.get("price_base"), str) else ""
    definition = f"{row['indicator']}.{source.slug}" + (f"_{prices}" if prices else "")
    kind = row.get("kind") if isinstance(row.get("kind"), str) else ""
    found = {"definition": definition, "series": f"{row['region']}.{definition}", "source_id": name}
    return {
        **row,
        **found,
        "vintage": row.get("vintage") or source.vintage,
        "kind": kind or "observed",
        "price_base": prices,
    }


def _unused(raw: Path, name: str) -> str:
    names = (name if number == 1 else f"{name}_{number}" for number in range(1, 1000))
    return next(one for one in names if not (raw / OBSERVED.format(one)).exists())


def _written(columns: Iterable[str], rows: Iterable[Row], *, header: bool = True) -> bytes:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list(columns), restval="", extrasaction="ignore", lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows({name: _cell(cell) for name, cell in row.items()} for row in rows)
    return lines.getvalue().encode("utf-8")


def _cell(cell: object) -> object:
    if cell is None or cell is pd.NA or cell != cell:
        return ""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def appended(path: Path, rows: Iterable[Row], *, key: str) -> bytes:
    """Return the content of a table with rows added below what is there, those whose key it has left out."""
    content = path.read_bytes()
    content += b"" if content.endswith(b"\n") else b"\n"
    (_, header), *lines = Records(content.decode("utf-8-sig"))
    known = {cells[header.index(key)] for _, cells in lines if len(cells) == len(header)}
    new = {str(row[key]): row for row in rows}
    return content + _written(header, [row for name, row in new.items() if name not in known], header=False)


def hashes_of(changed: Mapping[str, bytes]) -> dict[str, str]:
    """Return file -> its checksum."""
    return {file: sha256_of(content) for file, content in changed.items()}


def renewed(sources: bytes, hashes: Mapping[str, str]) -> bytes:
    """Return the register of sources with the checksums of some files; every other line keeps its bytes."""
    content = sources.decode("utf-8")
    (_, header), *lines = Records(content)
    file, sha = header.index("file"), header.index("sha256")
    kept = content.splitlines(keepends=True)
    ends = [line for line, _ in lines[1:]] + [len(kept) + 1]
    for (line, cells), end in zip(lines, ends, strict=True):
        if len(cells) == len(header) and hashes.get(cells[file], cells[sha]) != cells[sha]:
            row = dict(zip(header, cells, strict=True)) | {"sha256": hashes[cells[file]]}
            kept[line - 1 : end - 1] = [_written(header, [row], header=False).decode("utf-8")] + [""] * (end - line - 1)
    return "".join(kept).encode("utf-8")


def accept(root: Path) -> list[str]:
    """Write the checksums of all listed files anew, after an edit that is meant; return those that changed."""
    raw = root / RAW
    sources = (raw / SOURCES).read_bytes()
    (_, header), *lines = Records(sources.decode("utf-8-sig"))
    listed = {
        cells[header.index("file")]: cells[header.index("sha256")] for _, cells in lines if len(cells) == len(header)
    }
    found = {file: sha256_of((raw / file).read_bytes()) for file in listed if file and (raw / file).is_file()}
    changed = {file: sha for file, sha in found.items() if sha != listed[file]}
    if changed:
        write_bytes(renewed(sources, changed), raw / SOURCES)
    return list(changed)


def confirm_alias(kind: str, slug: str, alias: str, *, root: Path) -> Path:
    """Keep another name of something in the user's own aliases; return their file."""
    path = root / OWN / ALIASES
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        write_bytes(_written(contract_of("aliases").columns, []), path)
    write_bytes(appended(path, [{"kind": kind, "slug": slug, "alias": alias}], key="alias"), path)
    return path


def write_raw(root: Path, changed: Mapping[str, bytes], *, places: Places | None = None) -> None:
    """Write files under ``data/raw``, all of them or none: not before a copy with them has been read without a fault.

    `places`: file -> where each of its rows came from, for the faults.
    """
    with tempfile.TemporaryDirectory(prefix="xk-add-") as folder:
        copy = Path(folder)
        shutil.copytree(root / RAW, copy / RAW)
        for name, content in changed.items():
            (copy / RAW / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / RAW / name).write_bytes(content)
        _, faults = read_everything(copy)
        raise_faults([_placed(fault, copy, root, places or {}) for fault in faults])
    old = {root / RAW / name: _content(root / RAW / name) for name in changed}
    try:
        for name, content in changed.items():
            (root / RAW / name).parent.mkdir(parents=True, exist_ok=True)
            write_bytes(content, root / RAW / name)
    except BaseException:
        for path, before in old.items():
            path.unlink(missing_ok=True) if before is None else path.write_bytes(before)
        raise


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _placed(fault: Fault, copy: Path, root: Path, places: Places) -> Fault:
    """Return a fault of the copy as one of the project, or of the file that the row came from."""
    prefix = f"{(copy / RAW).as_posix()}/"
    name, message = fault.file.removeprefix(prefix), fault.message.replace(prefix, "")
    if name in places and fault.row is not None:
        file, line = places[name][fault.row - 2]
        return replace(fault, file=file, row=int(line), message=message)
    return replace(fault, file=shown(root / RAW / name) if name != fault.file else name, message=message)
