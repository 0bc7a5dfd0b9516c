"""Figures of users into ``data/raw``: with their series, definition, source and checksums, all or nothing."""

import csv
import io
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

import pandas as pd

from xk.contracts.declarations import contract_of
from xk.contracts.forms import is_date
from xk.contracts.observations import with_breaks
from xk.contracts.provenance import EDITED, OF_SCHEME, sha256_of
from xk.contracts.records import Record, records, text_of
from xk.errors import Fault, InputError, UsageError, raise_faults
from xk.readers.annexes import planned_rows, refuse_planned
from xk.readers.changing import change_files, changing, prepared
from xk.readers.clock import last_day, today
from xk.readers.figure_marks import breaks_of
from xk.readers.office_files import Reading
from xk.readers.schemes import RAW
from xk.readers.sheets import titled
from xk.readers.store import Store, faults_of, read_everything
from xk.readers.text import Records, printable, read_typed, shown
from xk.readers.writing import write_bytes
from xk.vocab import LANGUAGES, OWN_GRADE, PLANNED_KINDS, PRICE_BASE_WORDS, text

OBSERVED, DEFINED, LISTED, SOURCES, REGIONS = (
    "observations/{}.csv", "observations/definitions.csv", "observations/series.csv", "sources.csv", "regions.csv",
)  # fmt: skip
LONGEST_SLUG = 40
SOURCE_ID = re.compile(r"([a-z0-9_]+)_\d{8}(_\d+)?")
"""The name of a source with its vintage, and a number where there are several tables of that."""
GRAVE = "figures are far from others, more than such ever moved; are they in another unit?"
Row = Mapping[str, object]
Places = Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True)
class Source:
    """Where figures come from, and the day of their release; `read_from`: the files, with their checksums."""

    publisher: str
    title: str
    vintage: str
    read_from: str = ""

    known_as: str = ""

    @property
    def slug(self) -> str:
        """Return its name in series and tables: its words, with a checksum where these do not tell it from others."""
        return self.known_as or (self.words if self.is_spelt_out else "_".join(filter(None, (self.words, self.mark))))

    @property
    def words(self) -> str:
        """Return its Latin words, ``own`` where it has none."""
        words = "_".join(re.findall(r"[a-z0-9]+", f"{self.publisher} {self.title}".casefold()))
        return words[:LONGEST_SLUG].strip("_") if re.search("[a-z]", words[:LONGEST_SLUG]) else "own"

    @property
    def is_spelt_out(self) -> bool:
        """Whether its words hold all of its letters."""
        said = (char for char in f"{self.publisher}{self.title}".casefold() if char.isalnum())
        return "".join(said) == self.words.replace("_", "")

    @property
    def mark(self) -> str:
        """Return a checksum of publisher and title."""
        return sha256_of(f"{self.publisher}:{self.title}".encode())[:8]

    def known_in(self, sources: pd.DataFrame) -> "Source":
        """Return it by the name that it has in the register of sources; a new one by a name that no other has."""
        owners: dict[str, tuple[str, str]] = {}
        for row in records(sources):
            if found := SOURCE_ID.fullmatch(text_of(row["source_id"])):
                owners.setdefault(found[1], (text_of(row["publisher"]), text_of(row["title"])))
        own = (self.publisher, self.title)
        known = next((name for name, owner in owners.items() if owner == own), "")
        taken = owners.get(self.slug, own) != own
        return replace(self, known_as=known or (f"{self.words}_{self.mark}" if taken else self.slug))


def source_of(text: str, *, vintage: str, paths: Sequence[str | Path]) -> Source:
    """Return the source that a user named as ``PUBLISHER: TITLE``; its vintage is that of the newest file if empty."""
    publisher, _, title = (part.strip() for part in text.replace("：", ":", 1).partition(":"))
    if not publisher or not title:
        raise UsageError(f"{text!r} is no source; write it as 'PUBLISHER: TITLE'")
    files = [path for path in map(Path, dict.fromkeys(paths)) if path.is_file() and os.access(path, os.R_OK)]
    day = vintage or max(map(today, files), default=today())  # reading says what is wrong with the others
    if not is_date(day):
        raise UsageError(f"{day!r} is no vintage; write the day of release as YYYY-MM-DD")
    if day > last_day():
        told = "" if vintage else ", the day on which the file was last changed,"
        raise UsageError(f"the vintage {day}{told} has not come; give the day of release with --vintage")
    said = [f"{printable(path.name)} (sha256 {sha256_of(path.read_bytes())})" for path in files]
    return Source(publisher, title, day, f"Read from {', '.join(said)}.")


def add_reading(reading: Reading, store: Store, source: Source, *, scheme: str, accept: bool = False) -> dict[str, int]:
    """Write what was understood of files into ``data/raw``, all of it or nothing.

    Figures of known regions and indicators become a table of their own, in series and definitions of their source:
    what it says later continues them, a later vintage going before an earlier one. Planned values and evaluations go
    into the ``schedule`` of the scheme, what was done into its table ``done``, new regions into the register.
    Figures far from others, such as a hundred-fold, are held back unless they are accepted as they stand.

    Returns
    -------
    dict
        File under ``data/raw`` -> rows written; none where the source has said all of it before, in the same vintage.

    Raises
    ------
    InputError
        With every fault of the files, and of what they would make of the tables there.
    """
    refuse_planned(reading, store.schemes.get(scheme))
    raise_faults(reading.faults)
    if not accept and (grave := [one for one in reading.remarks if one.is_grave]):
        said = [f"nothing was written: {GRAVE}", *(f"  {one.said('en')}" for one in grave)]
        raise InputError("\n".join([*said, "mend the file; if its figures are meant as they stand: xk add --accept"]))
    with changing(store.root):
        return _add(reading, store, source.known_in(store.sources), scheme)


def _add(reading: Reading, store: Store, source: Source, scheme: str) -> dict[str, int]:
    raw, about = store.root / RAW, f"{source.slug}_{source.vintage.replace('-', '')}"
    names = chain([about], (f"{about}_{number}" for number in count(2)))
    name = next(one for one in names if not (raw / OBSERVED.format(one)).exists())
    rows = reading.rows.astype({name: object for name in reading.rows.select_dtypes("category")})
    figures = rows.assign(title=list(map(titled, rows["file"], rows["sheet"])))[rows["indicator"] != ""]
    said = _figures(figures, store, source, name)
    found = {
        OBSERVED.format(name): _unsaid(said, store),
        f"schemes/{scheme}/schedule.csv": planned_rows(figures),
        f"schemes/{scheme}/done.csv": records(reading.done),
        REGIONS: records(reading.regions),
    }
    found = {file: rows for file, rows in found.items() if rows}
    if not found and not said:
        raise InputError("; ".join(["no figure of a known region and indicator", *reading.doubts]))
    if any(file.startswith("schemes/") for file in found):
        store.scheme(scheme)
    new = {file: rows for file, rows in found.items() if "line" in rows[0] and not (raw / file).exists()}
    places = {file: [(str(row["title"]), int(row["line"])) for row in rows] for file, rows in new.items()}
    changed = _changed(found, raw, source)
    written = [*found]
    if breaks := breaks_of(pd.DataFrame(said)) if said else {}:
        listed = changed.get(LISTED, (raw / LISTED).read_bytes())
        if (broken := _broken(listed, breaks)) != listed:
            changed[LISTED] = broken
            written.append(LISTED)
    added = {file: _new_lines(raw / file, changed[file]) for file in written}
    if not any(added.values()):
        return {}
    write_raw(store.root, registered(changed, raw, source, name), places=places)
    return {file: count for file, count in added.items() if count}


def _unsaid(rows: list[Record], store: Store) -> list[Record]:
    """Return the figures that their source has not given in the same vintage already, before corrections."""
    path, key = store.root / RAW / OBSERVED.format("corrections"), ["series", "year", "vintage"]
    none = pd.DataFrame(columns=[*key, "expect"])
    ledger = read_typed(path, contract_of("corrections"))[0] if path.exists() else none
    there = [*records(store.vintages), *(row | {"value": row["expect"]} for row in records(ledger))]
    said = {(row["series"], row["year"], row["vintage"]): row["value"] for row in there}
    return [row for row in rows if said.get((row["series"], row["year"], row["vintage"])) != row["value"]]


def _new_lines(path: Path, content: bytes) -> int:
    """Return how many lines of a table are new or changed, its header aside."""
    lines = content.splitlines()
    before = path.read_bytes().splitlines() if path.exists() else lines[:1]
    return (Counter(lines) - Counter(before)).total()


def left_out(rows: pd.DataFrame, store: Store) -> int:
    """Return how many figures are not added, of a region or an indicator that is not known."""
    if rows.empty:
        return 0
    placed = rows["region"].isin(store.regions["region"]) | rows["kind"].isin(PLANNED_KINDS)
    return int((~placed | (rows["indicator"] == "")).sum())


def own_rows(rows: pd.DataFrame, store: Store, source: Source) -> pd.DataFrame:
    """Return the figures of known regions, each in a series, a definition and a vintage of its source.

    One that names a series itself stands in that. A price base is never assumed: ``not_stated`` where there is none.
    """
    out = rows[rows["region"].isin(store.regions["region"]) & ~rows["kind"].isin(PLANNED_KINDS)]
    register, named = store.series.drop_duplicates("series").set_index("series"), out["series"] != ""
    priced = out["indicator"].isin(store.measures.dropna(subset="price_base")["indicator"])
    unsaid = priced.map({True: "not_stated", False: ""}).mask(named, out["series"].map(register["price_base"]))
    told = (out["price_base"] != "") & (priced | named | ~out["price_base"].isin(PRICE_BASE_WORDS))
    base = out["price_base"].where(told, unsaid).fillna("")
    definition = out["indicator"] + "." + source.slug + ("_" + base).mask(base == "", "")
    return out.assign(
        price_base=base,
        definition=definition.mask(named, out["series"].map(register["definition"])),
        series=out["series"].where(named, out["region"] + "." + definition),
        vintage=out["vintage"].where(out["vintage"] != "", source.vintage),
        kind=out["kind"].where(out["kind"] != "", "observed"),
    )


def _figures(rows: pd.DataFrame, store: Store, source: Source, name: str) -> list[Record]:
    """Return the figures of known regions with their place and marks as notes."""
    if rows.empty:
        return []
    titles = pd.Series(map(titled, (Path(file).name for file in rows["file"]), rows["sheet"]), rows.index, dtype=object)
    notes = titles + " " + rows["cell"] + rows["note"].where(rows["note"] == "", "; " + rows["note"])
    return records(own_rows(rows.assign(note=notes), store, source).assign(source_id=name))


def _changed(found: Mapping[str, list[Record]], raw: Path, source: Source) -> dict[str, bytes]:
    """Return the tables with what is new in them, and the registers of series and definitions."""
    changed = {}
    for file, new in found.items():
        table = "observations" if file.startswith("observations/") else Path(file).stem
        columns = contract_of(table).columns.values()
        used = [one.name for one in columns if one.needed != "optional" or any(one.name in row for row in new)]
        changed[file] = appended((raw / file).read_bytes(), new) if (raw / file).exists() else table_bytes(used, new)
        if table == "observations":
            listed = [row for row in new if isinstance(row["definition"], str)]
            definitions = [defined(row, source) for row in listed]
            changed[DEFINED] = appended((raw / DEFINED).read_bytes(), definitions, key=["definition"])
            changed[LISTED] = appended((raw / LISTED).read_bytes(), listed, key=["series"])
    return changed


def _broken(listed: bytes, breaks: Mapping[str, list[str]]) -> bytes:
    """Return the register of series with the breaks of some."""
    register = pd.read_csv(io.BytesIO(listed), dtype=str, keep_default_na=False)
    register = with_breaks(register[register["series"].isin(list(breaks))], breaks)
    return renewed(listed, dict(zip(register["series"], register["breaks"], strict=True)), "series", "breaks")


def defined(row: Record, source: Source) -> Record:
    """Return the definition of a figure's series, as the register has it."""
    said = said_in_all("definition", "added_definition", publisher=source.publisher, title=source.title)
    return {key: row[key] for key in ("definition", "indicator", "unit", "price_base")} | {"grade": OWN_GRADE} | said


def said_in_all(column: str, key: str, **values: str) -> Record:
    """Return what a label says in every language, each in its column."""
    return {f"{column}_{lang}": text(key, lang, **values) for lang in LANGUAGES}


def registered(changed: dict[str, bytes], raw: Path, source: Source | None = None, name: str = "") -> dict[str, bytes]:
    """Return the changed files with the register of sources: the source, new files, checksums.

    Files without a source are those of a programme, whose ``scheme.toml`` says where it comes from.
    """
    about, sources = {"retrieved": today()}, (raw / SOURCES).read_bytes()
    rows, hashes, listed = [], hashes_of(changed), _listed(sources)
    if source:
        about |= {"publisher": source.publisher, "title": source.title}
        rows = [about | {"source_id": name, "note": source.read_from}]
    for file in (one for one in hashes if one not in listed):
        slug = re.sub("[^a-z0-9]+", "_", file.removesuffix(".csv"))
        rows.append(about | {"source_id": f"file_{slug}", "file": file, "sha256": hashes[file]})
    return changed | {SOURCES: renewed(appended(sources, rows, key=["source_id"]), hashes)}


def _listed(sources: bytes) -> set[str]:
    """Return the files that the register of sources names."""
    (_, header), *lines = Records(sources.decode("utf-8-sig"))
    file = [cell.strip() for cell in header].index("file")
    return {cells[file].strip() for _, cells in lines if len(cells) == len(header)}


def table_bytes(columns: Iterable[str], rows: Iterable[Row], *, header: bool = True) -> bytes:
    """Return rows as CSV; other keys than those of the columns are left out."""
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


def appended(content: bytes, rows: Iterable[Row], *, key: Sequence[str] = ()) -> bytes:
    """Return the content of a table with rows added below what is there, but for those whose key (all cells) it has."""
    content += b"" if content.endswith(b"\n") else b"\n"
    (_, header), *lines = Records(content.decode("utf-8-sig"))
    header = [cell.strip() for cell in header]
    named = [header.index(name) for name in key or header]
    known = {tuple(cells[place] for place in named) for _, cells in lines if len(cells) == len(header)}
    new = {tuple(str(_cell(row.get(header[place]))) for place in named): row for row in rows}
    return content + table_bytes(header, [row for name, row in new.items() if name not in known], header=False)


def hashes_of(changed: Mapping[str, bytes]) -> dict[str, str]:
    """Return file -> its checksum."""
    return {file: sha256_of(content) for file, content in changed.items()}


def renewed(table: bytes, renew: Mapping[str, str], key: str = "file", column: str = "sha256") -> bytes:
    """Return a register, such as that of sources, with new cells of some keys; every other line keeps its bytes."""
    content = table.decode("utf-8")
    (_, header), *lines = Records(content.removeprefix("\ufeff"))
    header = [cell.strip() for cell in header]
    name, place = header.index(key), header.index(column)
    kept = content.splitlines(keepends=True)
    ends = [line for line, _ in lines[1:]] + [len(kept) + 1]
    for (line, cells), end in zip(lines, ends, strict=True):
        if len(cells) == len(header) and renew.get(cells[name].strip(), cells[place]) != cells[place]:
            row = dict(zip(header, cells, strict=True)) | {column: renew[cells[name].strip()]}
            written = table_bytes(header, [row], header=False).decode("utf-8")
            kept[line - 1 : end - 1] = [written] + [""] * (end - line - 1)
    return "".join(kept).encode("utf-8")


def accept(root: Path, *, scheme: str = "") -> list[str]:
    """Write the checksums of all listed files anew, after an edit that is meant; return those that changed.

    New tables of a programme are listed. `scheme`: the only one whose files are checked; all of them if empty.

    Raises
    ------
    InputError
        With every other fault of the data: what is broken is not meant, and no checksum is renewed.
    UsageError
        There is no such scheme.
    """
    raw = root / RAW
    with changing(root):
        store, faults = read_everything(root)
        if scheme:
            store.scheme(scheme)
        known = faults_of(faults, scheme, store.schemes)
        new = [match[1] for one in known if (match := OF_SCHEME.fullmatch(one.message))]
        if left := [one for one in known if not (one.message.endswith(EDITED) or OF_SCHEME.fullmatch(one.message))]:
            raise InputError([*left, Fault("", None, "", "no checksum was renewed", "mend these first")])
        others = tuple(f"schemes/{name}/" for name in store.schemes if scheme and name != scheme)
        listed = {row["file"]: text_of(row["sha256"]) for row in records(store.sources.dropna(subset=["file"]))}
        found = {file: (raw / file).read_bytes() for file in [*listed, *new] if not file.startswith(others)}
        changed = {file: content for file, content in found.items() if sha256_of(content) != listed.get(file)}
        if changed:
            change_files(root, {RAW / SOURCES: registered(changed, raw)[SOURCES]})
    return list(changed)


def write_raw(root: Path, changed: Mapping[str, bytes], *, places: Places | None = None) -> None:
    """Write files under ``data/raw``, all of them or none: not before a copy with them has been read without a fault.

    `places`: file -> where each of its rows came from, for the faults.
    """
    with changing(root):
        with prepared(root) as copy:
            shutil.copytree(root / RAW, copy / RAW, copy_function=_linked)
            for name, content in changed.items():
                (copy / RAW / name).parent.mkdir(parents=True, exist_ok=True)
                write_bytes(content, copy / RAW / name)  # not through the link
            _, faults = read_everything(copy)
            raise_faults([_placed(fault, copy, root, places or {}) for fault in faults])
        change_files(root, {RAW / name: content for name, content in changed.items()})


def _linked(path: str, copy: str) -> None:
    """Make a copy that takes no room, where the disk can."""
    try:
        os.link(os.path.realpath(path), copy)
    except OSError:
        shutil.copy2(path, copy)


def _placed(fault: Fault, copy: Path, root: Path, places: Places) -> Fault:
    """Return a fault of the copy as one of the project, or of the file that the row came from."""
    prefix = f"{shown(copy / RAW)}/"
    name, message = fault.file.removeprefix(prefix), fault.message.replace(prefix, "")
    if name in places and fault.row is not None:
        file, line = places[name][fault.row - 2]
        return replace(fault, file=file, row=int(line), message=message)
    return replace(fault, file=shown(root / RAW / name) if name != fault.file else name, message=message)
