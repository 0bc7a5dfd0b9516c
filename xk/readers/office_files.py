"""Files of offices: every figure in them with region, indicator, year and cell, and what was doubtful or wrong."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from xk.contracts.scheme import Scheme
from xk.errors import Fault, InputError
from xk.readers.block_figures import Figures, joined, read_figures, recode, reword
from xk.readers.cells import convert, split_name
from xk.readers.clock import last_day
from xk.readers.contradictions import twice_told
from xk.readers.conversion import factor_between, in_unit
from xk.readers.filled import KEPT, Form, form_of, in_wrong_rows, of_another, read_done, read_figures_of, read_regions
from xk.readers.group_heads import leave_groups
from xk.readers.impossible import impossible, not_yet, priceless, unknown_kinds
from xk.readers.layouts.axes import WANTED, find_blocks
from xk.readers.layouts.parts import WHOLE
from xk.readers.naming import Names, read_names
from xk.readers.openers import read_sheets
from xk.readers.plausibility import implausible
from xk.readers.remarks import Remark
from xk.readers.sheets import Block, Sheet, doubts_of_cells, titled, unstored_faults
from xk.readers.store import Store
from xk.readers.text import shown
from xk.readers.title_regions import doubt_regions, region_above
from xk.readers.told_notes import said_prices, take_prices
from xk.readers.told_units import listed_units, take_units
from xk.vocab import NATIVE, PLANNED_KINDS
from xk.vocab.figure_notes import noted

OUT = ["region", "indicator", "no", "name", "unit", "year", "value", "file", "sheet", "cell", "note"]
"""The columns of what `xk read` writes."""
MISSING = {
    "none": "with a dash",
    "less_than_unit": "with … (less than the unit)",
    "withheld": "withheld (x)",
    "unavailable": "not available",
    "empty": "empty",
}
MOST_SAID = 5
NO_TABLE = ("holds no table of figures", f"give {WANTED}; no figures are read from sentences or cells set by blanks")


@dataclass
class Reading:
    """What was understood of some files.

    Attributes
    ----------
    rows : DataFrame
        Columns `OUT` and price_base, kind, vintage, source_id, series; one row a figure. A region or indicator that
        is not known keeps the place of its slug empty (``indicator``) or has the file's own word (``region``).
    layouts : list of str
        One line a table: where, its layout, what is in it.
    doubts : list of str
        What was supposed, left unread or is not known; nothing of it was mended.
    remarks : list of Remark
        What is doubtful about the figures themselves.
    faults : list of Fault
        Cells, lines and files that could not be read.
    refused : DataFrame
        The rows of figures that faults are about: in another unit, twice with two values, outside what can be.
    done : DataFrame
        What was done of tasks and milestones: indicator, task, milestone, date, share, evidence.
    regions : DataFrame
        New regions, as rows of the register.
    scheme : str
        The programme of a workbook that came back filled in; empty for other files.
    """

    rows: pd.DataFrame
    layouts: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refused: pd.DataFrame = field(default_factory=pd.DataFrame)
    done: pd.DataFrame = field(default_factory=pd.DataFrame)
    regions: pd.DataFrame = field(default_factory=pd.DataFrame)
    scheme: str = ""

    def table(self) -> pd.DataFrame:
        """Return its figures as they are written: columns `OUT`, the price base in the note."""
        bases, rows = self.rows["price_base"].astype(str), self.rows[OUT].copy()
        for base in sorted({*bases} - {""}):
            rows["note"] = joined(rows["note"], noted("own_note_prices", base=base), (bases == base).to_numpy())
        return rows

    def answer(self) -> list[str]:
        """Return what is said of it on the command line: a line a table, doubt and remark."""
        return [*self.layouts, *(f"? {said}" for said in (*self.doubts, *(one.said("en") for one in self.remarks)))]


def read_files(paths: Sequence[str | Path], *, store: Store, region: str | None = "", scheme: str = "") -> Reading:
    """Read files of any known format and layout.

    Parameters
    ----------
    paths : sequence of str or Path
        The files.
    store : Store
        Whose regions, indicators and units are known.
    region : str or None
        Slug of the region of tables that name none; empty where it is not asked for, None where it cannot be.
    scheme : str
        Whose numbers of indicators are meant; without it only a number that means the same in all schemes is known.
    """
    reading, parts = Reading(pd.DataFrame()), []
    names = read_names(store).under(scheme)
    for path in _once(paths, reading):
        try:
            sheets = read_sheets(path)
        except InputError as error:
            reading.faults += error.faults
            continue
        if form := form_of(sheets):
            parts += _of_form(form, names, reading)
            continue
        last = None
        for sheet in sheets:
            more, last = _read_sheet(sheet, store, names, region, reading, last)
            parts += more
    rows = pd.concat(_aligned(parts), ignore_index=True) if parts else pd.DataFrame(columns=[*OUT, *MORE])
    reading.rows = _measured(rows, names, store.measures, reading) if parts else rows
    reading.rows = _numbered(reading.rows, store, scheme or reading.scheme)
    _say_unknown(reading, names, store.measures)
    said, open_ = said_prices(reading.rows, store.measures)
    reading.layouts, reading.doubts = [*reading.layouts, *said], [*reading.doubts, *open_]
    reading.remarks = implausible(reading.rows, store)
    _refuse(reading, store)
    if reading.rows.empty and reading.done.empty and reading.regions.empty and not reading.faults:
        given = ", ".join(shown(Path(path)) for path in paths)
        why = ("holds no figures", "give a table of figures") if reading.layouts else NO_TABLE
        reading.faults.append(Fault(given, None, "", *why))
    return reading


def _once(paths: Sequence[str | Path], reading: Reading) -> list[str | Path]:
    """Return the files without those that are given again, by the same name or another, and say which."""
    first: dict[str, str | Path] = {}
    for path in paths:
        if (real := os.path.realpath(path)) in first:
            reading.doubts.append(f"{shown(Path(path))}: is given twice and was read once")
        first.setdefault(real, path)
    return list(first.values())


def read_tables(path: str | Path, is_known: Callable[[str], bool]) -> tuple[list[Block], list[Fault]]:
    """Return the tables of all sheets of a file that are not hidden, and what was wrong with them."""
    try:
        sheets = read_sheets(path)
    except InputError as error:
        return [], list(error.faults)
    found = [find_blocks(sheet, is_known) for sheet in sheets if not sheet.hidden]
    return [block for blocks, _ in found for block in blocks], [fault for _, faults in found for fault in faults]


MORE = ["price_base", "kind", "vintage", "source_id", "series"]


def _read_sheet(
    sheet: Sheet, store: Store, names: Names, region: str | None, reading: Reading, last: Block | None
) -> tuple[list[pd.DataFrame], Block | None]:
    """Return the figures of a sheet, table by table, and its last table; a hidden sheet is left out, and said."""
    if sheet.hidden:
        if any(any(row) for row in sheet.rows):
            reading.doubts.append(f"{sheet.title}: is hidden and was left out; show it if it is meant")
        return [], last
    known, named = (partial(_is_sure, names, kind) for kind in ("region", "indicator"))
    blocks, faults = find_blocks(sheet, known, last, is_named=named)
    reading.faults += faults
    parts = []
    for block in blocks:
        leave_groups(block, names)
        figures = read_figures(block)
        wrong = [*figures.faults]
        rows = _placed(block, figures.rows, names, store, region, wrong)
        take_prices(block, rows, store.measures)
        take_units(block, rows, names, store.measures)
        reading.faults += wrong
        doubt_regions(block, rows, names)
        reading.layouts.append(_described(block, figures, rows, wrong))
        reading.doubts += [f"{sheet.title}: {doubt}" for doubt in block.doubts]
        if region is not None and (rows["region"] == "").any():
            reading.doubts.append(f"{sheet.title}: no line says of which region the figures are; give --region")
        parts.append(rows)
    reading.faults += unstored_faults(sheet, reading.faults)
    reading.doubts += [f"{sheet.title}: {doubt}" for doubt in doubts_of_cells(sheet)] if parts else []
    if parts and sheet.unknown:
        unseen = ", ".join(sheet.unknown)
        reading.doubts.append(f"{sheet.title}: {unseen} cannot be seen in this format; .xlsx shows them")
    return parts, blocks[-1] if blocks else last


def _is_sure(names: Names, kind: str, text: str) -> bool:
    return bool(names.sure(kind, text) or names.sure(kind, split_name(text)[0]))


def _of_form(form: Form, names: Names, reading: Reading) -> list[pd.DataFrame]:
    """Return the figures of a workbook that came back filled in."""
    reading.faults += of_another(form, reading.scheme or names.scheme)
    reading.scheme = form.scheme if form.kind in KEPT else reading.scheme or form.scheme
    if form.kind == "tasks":
        reading.done, faults = read_done(form, names)
        done = f"{len(reading.done)} tasks and milestones"
        reading.layouts.append(f"{form.sheet.title}: filled in for {form.scheme}: {done}")
        reading.faults += faults
        return []
    if form.kind == "region":
        reading.regions, faults = read_regions(form, names)
        reading.layouts.append(f"{form.sheet.title}: {len(reading.regions)} new regions")
        reading.faults += faults
        return []
    rows, faults, left = read_figures_of(form, names)
    reading.faults, reading.doubts = reading.faults + faults, reading.doubts + left
    reading.layouts.append(f"{form.sheet.title}: filled in for {form.scheme}: {len(rows)} new figures")
    return [rows] if len(rows) else []


def _placed(
    block: Block, rows: pd.DataFrame, names: Names, store: Store, region: str | None, faults: list[Fault]
) -> pd.DataFrame:
    """Return figures with slugs for regions and indicators, and the place of each cell; `region`: the one asked for."""
    sheet, own = block.sheet, region or ""
    words = [word for word in rows["region"].cat.categories if not names.sure("region", word)]
    unnamed = rows["region"].isin([word for word in words if not word or WHOLE.fullmatch(re.sub(r"\s", "", word))])
    if unnamed.any():
        parents = dict(zip(store.regions["region"], store.regions["parent"], strict=True))
        own, wrong = region_above(block, names, parents, region)
        faults += [wrong] if wrong else []
        rows = rows[~unnamed].reset_index(drop=True) if wrong else rows
    known = {word: names.sure("region", word) or word if word else own for word in rows["region"].cat.categories}
    for word in [word for word in known if WHOLE.fullmatch(re.sub(r"\s", "", word)) and known[word] == word]:
        parts = {place for name, place in known.items() if name and not WHOLE.fullmatch(name)}
        known[word] = _whole(word, own, parts, store.regions.set_index("region")) or word
        block.doubts += [f"{word} was taken for {known[word]}"] if known[word] != word else []
    rows["region"] = reword(rows["region"], known.__getitem__)
    rows["indicator"] = reword(rows["name"], lambda name: names.sure("indicator", name) if name else "")
    for kind in set(rows["kind"].cat.categories) & {*PLANNED_KINDS, "estimated", "preliminary"}:
        rows["note"] = joined(rows["note"], noted(f"kind_{kind}"), (rows["kind"] == kind).to_numpy())
    if "evaluation" in rows["kind"].cat.categories:  # in points of 100, whatever the unit of the figure is
        rows["unit"] = pd.Categorical(rows["unit"].astype(object).where(rows["kind"] != "evaluation", ""))
    for what, text in ("file", sheet.file), ("sheet", sheet.name), ("layout", block.layout):
        rows[what] = recode(np.zeros(len(rows), dtype="int64"), [text])
    return rows


def _whole(word: str, own: str, parts: set[str], regions: pd.DataFrame) -> str:
    """Return the region that 全市 means: the table's own, else the one in which all others lie, or one above that.

    Its name ends so. Where rows name the table's own region themselves, 全市 is that in which it lies.
    """
    parents = set(regions["parent"].reindex([own] if own in parts else sorted(parts)).dropna())
    one: object = (own if own not in parts else "") or (parents.pop() if len(parents) == 1 else "")
    while one in regions.index and not str(regions.at[one, f"name_{NATIVE}"]).endswith(word[-1]):
        one = regions.at[one, "parent"] if one != regions.at[one, "parent"] else ""
    return str(one) if one in regions.index else ""


def _described(block: Block, figures: Figures, rows: pd.DataFrame, wrong: Sequence[Fault]) -> str:
    """Return a line on a table: its layout, figures, regions, names known, years, cells without a figure.

    Of a table that is `wrong` as a whole it says that it is refused, and why.
    """
    name, known = rows["name"].nunique(), rows.loc[rows["indicator"] != "", "name"].nunique()
    years = f"{rows['year'].min()}-{rows['year'].max()}" if len(rows) else "none"
    missing = ", ".join(f"{count} {MISSING[why]}" for why, count in figures.missing.items() if why)
    lines = block.sheet.place(block.rows[0], block.columns[0]), block.sheet.place(block.rows[-1], block.columns[-1])
    where = f"{block.sheet.title}: {block.layout}, {lines[0]} to {lines[1]}"
    if wrong and rows.empty:
        return f"{where}: refused: {wrong[-1].message}" + (f" and {len(wrong) - 1} more" if len(wrong) > 1 else "")
    return (
        f"{where}: {len(rows)} figures of {years}, {rows['region'].nunique()} region(s), {name} name(s), "
        f"{known} of them known" + (f"; cells without a figure: {missing}" if missing else "")
    )


def _aligned(parts: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Return frames whose categories are the same, so that they stay categories in one frame."""
    texts = [column for column in parts[0] if isinstance(parts[0][column].dtype, pd.CategoricalDtype)]
    if len(parts) == 1:
        return parts
    for column in texts:
        listed = dict.fromkeys(word for part in parts for word in part[column].cat.categories)
        words = pd.Index(list(listed), dtype=object)
        for part in parts:
            part[column] = part[column].cat.set_categories(words)
    return parts


def _measured(rows: pd.DataFrame, names: Names, measures: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Return figures in the units of the register, where theirs are known and convert; what differs is a fault."""
    columns = (measures[what] for what in ("unit", f"name_{NATIVE}"))
    register, called = (dict(zip(measures["indicator"], column, strict=True)) for column in columns)
    codes = rows["indicator"].cat.codes.to_numpy().astype("int64") * 2 + (rows["kind"] == "evaluation").to_numpy()
    pairs, both = pd.factorize(codes * 10**6 + rows["unit"].cat.codes)
    first = np.unique(pairs, return_index=True)[1]
    units, value, dropped = [""] * len(both), rows["value"].to_numpy().copy(), np.zeros(len(rows), dtype=bool)
    converted: dict[str, None] = {}
    for pair, at in enumerate(first):
        indicator, unit, kind = (str(rows[what].iloc[at]) for what in ("indicator", "unit", "kind"))
        units[pair] = unit
        if indicator not in register or kind == "evaluation":
            continue
        factor = factor_between(unit, register[indicator], names, called=str(called[indicator]))
        here = pairs == pair
        if factor is None:
            reading.faults.append(_other_unit(rows.iloc[at], register[indicator]))
            dropped[here] = True
            continue
        units[pair] = register[indicator]
        if factor != 1:
            value[here] = [convert(one, factor) for one in value[here]]
            note = noted("own_note_converted", factor=f"{factor.normalize():f}", unit=unit)
            rows["note"] = joined(rows["note"], note, here)
            converted[f"{indicator} {unit} to {register[indicator]} (x {factor.normalize():f})"] = None
    rows["unit"], rows["value"] = recode(pairs, units), value
    reading.refused = rows[dropped]
    reading.layouts += [f"units converted: {', '.join(converted)}"] if converted else []
    return rows[~dropped].reset_index(drop=True)


def _numbered(rows: pd.DataFrame, store: Store, asked: str) -> pd.DataFrame:
    """Return figures with the number that their indicator has in one programme; of what is not known, the file's.

    It is the one that is asked for, else that of most regions, or of those they lie in, else the one that knows most.
    """
    names, regions = rows["indicator"].astype(object), rows["region"].astype(object)
    parents = regions.map(dict(zip(store.regions["region"], store.regions["parent"], strict=True)))

    def fit(one: Scheme) -> tuple[bool, int, int, int]:
        own, near = (int(places.isin(one.regions).sum()) for places in (regions, parents))
        return one.id == asked, own, near, int(names.isin(one.indicators["indicator"]).sum())

    if (best := max(store.schemes.values(), key=fit, default=None)) is not None and (names != "").any():
        number = dict(zip(best.indicators["indicator"], best.indicators["no"].astype(str), strict=True))
        rows["no"] = pd.Categorical(rows["no"].astype(object).where(names == "", names.map(number)).fillna(""))
    return rows


def _other_unit(row: pd.Series, register: str) -> Fault:
    given = f"the unit {row['unit']!r} of {row['name']!r}"
    message = f"{given} is not that of {row['indicator']}, {register!r}, nor converts to it"
    remedy = "give it in that unit" if len(listed_units(row["unit"])) < 2 else "write its unit behind its name"
    return Fault(titled(row["file"], row["sheet"]), int(row["line"]), "", message, remedy)


def _say_unknown(reading: Reading, names: Names, measures: pd.DataFrame) -> None:
    """Say which names are not known, with what may have been meant."""
    rows = reading.rows
    if rows.empty:
        return
    units = dict(rows[["name", "unit"]].drop_duplicates().itertuples(index=False, name=None))
    for kind, column in ("region", "region"), ("indicator", "name"):
        words = [str(word) for word in rows[column].cat.remove_unused_categories().cat.categories if word]
        unknown = [word for word in words if not names.sure(kind, word)]
        near = {word: names.find(kind, word) for word in unknown[:MOST_SAID]}
        if kind == "indicator":
            near = {word: in_unit(found, units[word], names, measures) for word, found in near.items()}
        said = [f"{word} ({names.hint(kind, found)})" if found.proposals else word for word, found in near.items()]
        if unknown:
            more = f" and {len(unknown) - MOST_SAID} more (all: xk read -o)" if len(unknown) > MOST_SAID else ""
            reading.doubts.append(f"{len(unknown)} {kind}(s) not known: {', '.join(said)}{more}")
    nameless = rows[rows["name"] == ""]
    titles = pd.Series(map(titled, nameless["file"], nameless["sheet"]), nameless.index, dtype=object)
    for title, cells in nameless["cell"].groupby(titles, sort=False):
        more = f" and {len(cells) - MOST_SAID} more" if len(cells) > MOST_SAID else ""
        where = f"{', '.join(cells[:MOST_SAID])}{more}"
        reading.doubts.append(f"{title}: {where}: no line says of which indicator the figures are")


def _refuse(reading: Reading, store: Store) -> None:
    """Take the figures that cannot be, and those of which there are two, out of the rows, with a fault of each."""
    faults, twice = twice_told(reading.rows)
    unfit = in_wrong_rows(reading.rows, reading.faults)
    (more, outside), (others, early) = impossible(reading.rows, store), not_yet(reading.rows, last_day())
    (bases, based), (kinds, unlike) = priceless(reading.rows, store), unknown_kinds(reading.rows)
    reading.faults += [*faults, *more, *others, *bases, *kinds]
    wrong = twice | outside | early | based | unlike | unfit
    reading.refused = pd.concat([reading.refused, reading.rows[wrong]])
    reading.rows = reading.rows[~wrong]
