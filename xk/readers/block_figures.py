"""Figures of a block: each cell as a number with what names it and what was done to it, or as a fault."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, product, zip_longest

import numpy as np
import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from xk.errors import Fault
from xk.readers.cells import (
    COMMA,
    DOTTED,
    MARK,
    MAX_DIGITS,
    PLAIN,
    Cleaned,
    clean,
    convert,
    fold,
    price_in,
    split_name,
    unmarked,
)
from xk.readers.figure_marks import MOST_SAID, explain, first_after_breaks, take_flags
from xk.readers.flags import Letters, letters_in
from xk.readers.kind_words import NO_OBSERVATION
from xk.readers.layouts.meanings import named
from xk.readers.misdated import leave_misdated
from xk.readers.sheets import Block, Value
from xk.readers.told_notes import break_meant, kind_meant, legend_of, take_kinds
from xk.vocab import PLANNED_KINDS
from xk.vocab.figure_notes import KIND, join_notes, noted, recognised, split_notes

TEXTS = ("region", "name", "no", "unit", "price_base", "kind", "vintage", "source_id", "series")
"""What names a figure, besides its year."""
MARKED = {"region", "name"}
"""Labels that may have footnote marks; a unit such as m² has none."""
HUNDRED = Decimal(100)
MOST_HIDDEN = 5
MEND = "mend the cell in the file and read it again"


@dataclass
class Figures:
    """Figures of one block.

    Attributes
    ----------
    rows : DataFrame
        value, year, cell, line (of the file), note, and `TEXTS` as categories, empty where not said.
    faults : list of Fault
        Cells that could not be read.
    missing : Counter of str
        Why cells hold no figure -> how many.
    """

    rows: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)


def read_figures(block: Block, *, gaps: bool = False) -> Figures:
    """Return the figures of a block in the order of its rows, every one with its cell; with `gaps` also empty cells."""
    found = Figures(pd.DataFrame(), missing=Counter({"empty": block.gaps} if block.gaps else {}))
    height, width = len(block.rows), len(block.columns)
    values, empty = np.full((height, width), np.nan), np.zeros((height, width), dtype=bool)
    notes: dict[int, list[str]] = {}
    units: dict[int, str] = {}
    kinds: dict[int, str] = {}
    legend = legend_of(block.notes)
    letters = letters_in(legend, {mark: kind_meant(said) or break_meant(said) for mark, said in legend.items()})
    across = list(zip_longest(*map(block.sheet.rows.__getitem__, block.rows)))
    for at, column in enumerate(block.columns):
        cells = across[column] if column < len(across) else (None,) * height
        values[:, at], odd = _plain(cells)
        for place in odd:
            seen = _seen(block, (place, column), cells[place], letters, found)
            values[place, at] = np.nan if seen.value is None else seen.value
            empty[place, at] = bool(seen.missing)
            if seen.notes:
                notes[place * width + at] = list(seen.notes)
            if seen.unit:
                units[place * width + at] = seen.unit
            if seen.kind not in ("", "observed"):
                kinds[place * width + at] = seen.kind
    if "year" in block.by_row:
        undated = [year is None for year in block.by_row["year"]]  # told as faults of their labels
        values[undated], empty[undated] = np.nan, False
    _refuse_commas(block, values, found)
    _look(block, values, notes, units)
    breaks = explain(block, notes, legend, kinds, take_flags(block, values, notes, legend))
    values.ravel()[[cell for cell, kind in kinds.items() if kind in NO_OBSERVATION]] = np.nan
    _read_back(block, notes)
    kept = np.flatnonzero(~np.isnan(values.ravel()) | (gaps & empty.ravel()))
    found.rows = _frame(block, kept, values.ravel()[kept])
    _annotate(found.rows, kept, notes, {"unit": units, "kind": kinds})
    _say_breaks(block, found.rows, first_after_breaks(found.rows, kept, breaks))
    found.rows = take_kinds(
        block, found.rows, {mark for said in notes.values() for mark in re.findall(MARK, " ".join(said))}
    )
    found.rows, misdated = leave_misdated(block, found.rows)
    found.faults += misdated
    return found


def _plain(cells: Sequence[Value]) -> tuple[np.ndarray, Iterable[int]]:
    """Return the plain numbers of some cells, NaN for the others, and the places of these."""
    kinds = set(map(type, cells))
    if kinds <= {float}:
        numbers = np.array(cells, dtype=float)
        return numbers, np.flatnonzero(~np.isfinite(numbers))
    if kinds <= {str}:
        is_plain = PLAIN.fullmatch
        texts = [cell if len(cell) <= MAX_DIGITS and is_plain(cell) else "nan" for cell in cells]  # type: ignore[arg-type]
        numbers = np.array(texts, dtype=object).astype(float)
    else:
        numbers = np.array([cell if type(cell) is float else np.nan for cell in cells], dtype=float)
    return numbers, np.flatnonzero(~np.isfinite(numbers))


def _seen(block: Block, place: tuple[int, int], cell: Value, letters: Letters, found: Figures) -> Cleaned:
    """Return what one cell says; note what it lacks, and as a fault why it cannot be read."""
    sheet, row, column = block.sheet, block.rows[place[0]], place[1]
    wrong = sheet.errors.get((row, column))
    seen = Cleaned(doubt=f"{wrong} stands in place of a figure") if wrong else clean(cell, letters)
    if seen.doubt:
        message, _, remedy = seen.doubt.partition(": ")
        found.faults.append(sheet.fault(row, column, message, remedy or MEND))
    elif seen.value is None:
        found.missing[seen.missing] += 1
    return seen


def _refuse_commas(block: Block, values: np.ndarray, found: Figures) -> None:
    """Refuse thousands and points where other cells of the table have decimal commas: both can be either."""
    sheet = block.sheet
    rows = [sheet.rows[row] for row in block.rows] if found.faults else []
    cells = (row[column] for row in rows for column in block.columns if column < len(row))
    texts = ((cell, fold(cell)) for cell in cells if isinstance(cell, str))
    if not any(COMMA.fullmatch(text) and clean(cell).doubt or DOTTED.fullmatch(text) for cell, text in texts):
        return
    for place, row in enumerate(block.rows):
        for at, column in enumerate(block.columns):
            cell = sheet.rows[row][column] if column < len(sheet.rows[row]) else None
            text = fold(cell) if isinstance(cell, str) else ""
            head, _, tail = text.replace(",", ".").partition(".")
            if not np.isnan(values[place, at]) and len(tail.rstrip("%")) == 3 and head.strip("+-") != "0" and tail:
                message = f"{text!r} can be {text.replace(',', '.')} or {head}{tail}: other cells have decimal commas"
                found.faults.append(sheet.fault(row, column, message, "write all figures with a decimal point"))
                values[place, at] = np.nan


def _frame(block: Block, kept: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """Return figures with what rows, columns and lines above say of them."""
    width = len(block.columns)
    at_row, at_column = np.divmod(kept, width) if width else (kept, kept)
    said = labels_of(block)
    frame: dict[str, object] = {what: _category(said, what, block, at_row, at_column) for what in TEXTS}
    years = block.by_row.get("year")
    if years is not None:
        year = np.array([-1 if one is None else one for one in years], dtype="int64")[at_row]
    else:
        whole = block.whole.get("year") or -1
        year = np.array([said.get("year") or whole for said in block.by_column], dtype="int64")[at_column]
    lines, names = list(map(block.sheet.line, block.rows)), list(map(xl_col_to_name, block.columns))
    frame |= {"year": year, "value": values, "line": np.array(lines, dtype="int64")[at_row]}
    cells = np.array([name + line for line in map(str, lines) for name in names], dtype=object)
    frame["cell"] = pd.Series(cells if len(cells) == len(kept) else cells[kept], dtype=object)
    return pd.DataFrame(frame | {"note": recode(np.zeros(len(kept), dtype="int64"), [""])})


def labels_of(block: Block) -> dict[str, list[str]]:
    """Return what the labels of a block say of each row, as text; units and prices taken out of the names."""
    said = {}
    for what in (one for one in TEXTS if one in block.by_row):
        cells = dict.fromkeys(block.by_row[what])
        text = {cell: _text(unmarked(cell)[0] if what in MARKED and isinstance(cell, str) else cell) for cell in cells}
        said[what] = [text[cell] for cell in block.by_row[what]]
    if "called" in block.by_row:  # a name that no programme knows
        called = [_text(cell) for cell in block.by_row["called"]]
        said["name"] = [one or other for one, other in zip(said["name"], called, strict=True)]
    read_back = block.by_row.get("note", []) if block.layout == "tidy" else []
    found = {cell: noted_labels(str(cell or "")) for cell in dict.fromkeys(read_back)}
    for what in ("price_base", "kind") if read_back else ():
        own = [found[cell].get(what, "") for cell in read_back]
        said[what] = [one or other for one, other in zip(said.get(what, own), own, strict=True)]
    if "price_base" in said:  # 2010年不变价
        said["price_base"] = [price_in(one) or one for one in said["price_base"]]
    if "unit" in said:  # 元（当年价）
        bases = {unit: split_name(unit)[2] for unit in dict.fromkeys(said["unit"])}
        given = said.get("price_base", [""] * len(said["unit"]))
        said["price_base"] = [one or bases[unit] for one, unit in zip(given, said["unit"], strict=True)]
    if "name" in said:
        parts = {name: named(name) for name in dict.fromkeys(said["name"])}
        names = said["name"]
        for what in ("name", "unit", "price_base", "kind"):
            own = [str(parts[name].get(what, "")) for name in names]
            given = said.get(what, own) if what != "name" else own
            said[what] = [one or other for one, other in zip(given, own, strict=True)]
    return said


def noted_labels(notes: str) -> dict[str, str]:
    """Return the price base and the kind that notes of a figure which was written tell; they are read back as such."""
    told: dict[str, str] = {}
    for key, facts in map(recognised, split_notes(notes)):
        if key == "own_note_prices":
            told.setdefault("price_base", facts["base"])
        elif key.startswith(KIND):
            told.setdefault("kind", key.removeprefix(KIND))
    return told


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else fold(str(cell))


def _category(
    said: dict[str, list[str]], what: str, block: Block, at_row: np.ndarray, at_column: np.ndarray
) -> pd.Categorical:
    """Return what is said of each figure: by its row, else its column, else the lines above; of both as one name."""
    whole = block.whole | named(str(block.whole.get("name", "")), {k: v for k, v in block.whole.items() if k != "name"})
    across = [str(one.get(what) or "") for one in block.by_column]
    down = said.get(what, [""] * len(block.rows))
    if what in ("name", "unit") and any(across) and any(down):
        joint = list(product(dict.fromkeys(down), dict.fromkeys(across)))
        words = [" ".join(pair).strip() for pair in joint]
        if what == "unit":  # two units are none that converts
            words = [" / ".join(filter(None, dict.fromkeys(pair))) or str(whole.get(what) or "") for pair in joint]
        number = {pair: place for place, pair in enumerate(joint)}
        rows, columns = np.array(down, dtype=object)[at_row], np.array(across, dtype=object)[at_column]
        return recode(np.array([number[pair] for pair in zip(rows, columns, strict=True)], dtype="int64"), words)
    along, at = (down, at_row) if any(down) or not any(across) else (across, at_column)
    words = list(dict.fromkeys([*along, str(whole.get(what) or "")]))
    place = {word: number for number, word in enumerate(words)}
    instead = place[str(whole.get(what) or "")]
    codes = np.array([place[word] if word else instead for word in along] or [instead], dtype="int64")
    return recode(codes[at] if len(along) else np.full(len(at), instead), words)


def recode(codes: np.ndarray, words: list[str]) -> pd.Categorical:
    """Return a category of codes into words, of which some may be the same."""
    unique = list(dict.fromkeys(words))
    place = {word: number for number, word in enumerate(unique)}
    table = np.array([place[word] for word in words] or [0], dtype="int64")
    placed = table[codes] if len(codes) else codes.astype("int64")
    return pd.Categorical.from_codes(placed, categories=pd.Index(unique, dtype=object))


def reword(cells: pd.Series, change: Callable[[str], str]) -> pd.Categorical:
    """Return a category with other words in place of its own."""
    return recode(cells.cat.codes.to_numpy(), [change(str(word)) for word in cells.cat.categories])


def joined(cells: pd.Series, more: str, where: np.ndarray) -> pd.Categorical:
    """Return a category with a text before its words at some places."""
    words = [str(word) for word in cells.cat.categories]
    codes = cells.cat.codes.to_numpy() + len(words) * where
    return recode(codes, [*words, *(join_notes((more, word)) for word in words)])


def _look(block: Block, values: np.ndarray, notes: dict[int, list[str]], units: dict[int, str]) -> None:
    """Make figures that are shown as per cent what is shown; note what is told of rows and columns, and their marks."""
    sheet, width = block.sheet, len(block.columns)
    rows, columns = ({place: at for at, place in enumerate(places)} for places in (block.rows, block.columns))
    for row, column in sheet.percents:
        if row in rows and column in columns and not np.isnan(values[rows[row], columns[column]]):
            cell, value = rows[row] * width + columns[column], float(values[rows[row], columns[column]])
            values[rows[row], columns[column]] = convert(value, HUNDRED)
            notes.setdefault(cell, []).append(noted("own_note_percent", value=repr(value)))
            units[cell] = "%"
    _tell_hidden(block, notes)
    for at, note in _row_notes(block):
        for cell in range(at * width, (at + 1) * width):
            notes.setdefault(cell, []).append(note)
    for at, head in enumerate(block.by_column):
        for row in range(len(block.rows)) if head.get("mark") else ():
            notes.setdefault(row * width + at, []).append(noted("own_note_mark_of_head", mark=head["mark"]))


def _row_notes(block: Block) -> Iterator[tuple[int, str]]:
    """Yield what is noted of all figures of a row: what months it is of, marks of its labels."""
    for at, period in enumerate(block.by_row.get("period", ())):
        if period:
            yield at, noted("own_note_period", period=period)
    for what in MARKED & set(block.by_row):
        marks = {label: " ".join(unmarked(label)[1]) for label in {*block.by_row[what]} if isinstance(label, str)}
        for at, label in enumerate(block.by_row[what]) if any(marks.values()) else ():
            if mark := marks.get(str(label)):
                yield at, noted("own_note_mark_of_label", mark=mark)


def _tell_hidden(block: Block, notes: dict[int, list[str]]) -> None:
    """Note the figures in hidden rows and columns, and say which these are."""
    sheet, places = block.sheet, np.arange(len(block.rows) * len(block.columns)).reshape(len(block.rows), -1)
    rows, columns = np.isin(block.rows, [*sheet.hidden_rows]), np.isin(block.columns, [*sheet.hidden_columns])
    for cell in places[rows].ravel():
        notes.setdefault(int(cell), []).append(noted("own_note_hidden"))
    for cell in places[:, columns].ravel():
        notes.setdefault(int(cell), []).append(noted("own_note_hidden_column"))
    lines = [str(sheet.line(row)) for row, gone in zip(block.rows, rows, strict=True) if gone]
    heads = [xl_col_to_name(column) for column, gone in zip(block.columns, columns, strict=True) if gone]
    for what, found in ("row", lines), ("column", heads):
        said = ", ".join(found[:MOST_HIDDEN]) + (" ..." if len(found) > MOST_HIDDEN else "")
        block.doubts += [f"hidden {what}(s) {said} were read: delete what is not meant"] if found else []


def _read_back(block: Block, notes: dict[int, list[str]]) -> None:
    """Keep the notes of figures that were written, but for what these tell of their labels."""
    if block.layout == "tidy" and {"cell", "note"} <= block.words and "note" in block.by_row:
        width = len(block.columns)
        for place, text in enumerate(block.by_row["note"]):
            kept = [part for part in split_notes(str(text or "")) if not noted_labels(part)]
            notes |= {place * width: [*kept, *notes.get(place * width, [])]} if kept else {}


def _say_breaks(block: Block, rows: pd.DataFrame, first: np.ndarray) -> None:
    """Note the figures that are the first after a break of their series, and say which."""
    if first.any():
        cells = rows.loc[first, "cell"].tolist()
        more = f" and {len(cells) - MOST_SAID} more" if len(cells) > MOST_SAID else ""
        block.doubts.append(f"series break before the figures of {', '.join(cells[:MOST_SAID])}{more}, by their marks")
        rows["note"] = joined(rows["note"], noted("own_note_break"), first)


def _annotate(
    rows: pd.DataFrame, kept: np.ndarray, notes: dict[int, list[str]], given: dict[str, dict[int, str]]
) -> None:
    """Write notes, units and kinds of single cells."""
    places = {cell: int(np.searchsorted(kept, cell)) for cell in chain(notes, *given.values())}
    places = {cell: at for cell, at in places.items() if at < len(kept) and kept[at] == cell}
    if texts := {places[cell]: join_notes(said) for cell, said in notes.items() if cell in places}:
        codes = np.zeros(len(rows), dtype="int64")
        codes[list(texts)] = range(1, len(texts) + 1)
        rows["note"] = recode(codes, ["", *texts.values()])
    for what, words in given.items():
        if own := {places[cell]: word for cell, word in words.items() if cell in places}:
            said = rows[what].astype(object).to_numpy().copy()
            for number, word in own.items():
                if what == "unit" and said[number] not in ("", word):
                    word = f"{said[number]} / {word}"
                said[number] = said[number] if what == "kind" and said[number] in PLANNED_KINDS else word
            rows[what] = pd.Categorical(said)
