"""The tables beside the reports: all that was computed, as CSV and as one workbook, whatever a page shows of it.

A table that leaves a page stays here: `tables_of` names all of them, made from the results, not from the pages.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import pandas as pd
from pandas.api.types import is_float_dtype, is_integer_dtype

from xk import bench
from xk.bench import Question
from xk.contracts.records import records
from xk.contracts.scheme import Scheme
from xk.errors import ReportError
from xk.exhibits import Wording
from xk.exhibits.index_words import why_withheld
from xk.pipeline import Results
from xk.pipeline.choices import Firmness
from xk.pipeline.outturns import Outturn
from xk.pipeline.review import reliability_rows
from xk.pipeline.stated import Scored
from xk.pipeline.verdicts import Judged
from xk.readers import Store, write_bytes
from xk.readers.writing import csv_bytes
from xk.running.report.book import About, book_bytes
from xk.running.report.fields import typed
from xk.running.report.packages import SDMX, Origin, metadata_files, sdmx_verdicts
from xk.tables.firmness import choice_said
from xk.tables.rulings import reason_of

DATA, WORKBOOK, SCORECARD = "data", "tables.xlsx", "scorecard"

Tables = dict[str, pd.DataFrame]

MOST_CELLS = 250_000
"""Cells of a table that a workbook still shows: what opens and filters on an office's machine."""
BY_SCENARIO = ("summary", "results", "index", "index_years", "contributions", "plan", "verdicts")
"""Tables that a scenario changes; the others are the same in all scenarios of a region."""


def write_data(
    questions: Sequence[Question], store: Store, folder: Path, about: About, *, scored: Sequence[Scored] = ()
) -> None:
    """Write ``data/<table>.csv``, the verdicts as SDMX-CSV, what describes them all, and ``tables.xlsx`` into `folder`.

    Rows go out region by region; of a table of more than `MOST_CELLS` the workbook says that it is there as CSV alone.

    Parameters
    ----------
    questions : sequence of Question
        One a region and scenario, those of a region together, all of one scheme and language.
    store : Store
        The data that answers them.
    folder : Path
        Folder of the run.
    about : About
        What the cover of the workbook says.
    scored : sequence of Scored
        What earlier runs said of years to come, and what came of it.
    """
    words = bench.words_of(questions[0], store, bench.results_of(questions[0], store))
    scheme, written = words.results.scheme.id, dict[str, _Written]()
    (folder / DATA).mkdir(exist_ok=True)
    for part in parts_of(questions, store, scored=scored):
        verdicts = {SDMX: sdmx_verdicts(part, scheme=scheme)} if "verdicts" in part else {}
        for name, frame in (part | verdicts).items():
            written.setdefault(name, _Written(folder / DATA / f"{name}.csv", excel=name != SDMX)).add(frame)
    tables = {name: one.first for name, one in written.items()}
    kept = {name: one.whole for name, one in written.items() if name != SDMX}
    write_bytes(book_bytes(kept, words, about), folder / WORKBOOK)
    origin = Origin(scheme, about.title, dict(about.facts), words.lang, tables["sources"])
    for name, content in metadata_files(tables, origin).items():
        write_bytes(content, folder / DATA / name)


class _Written:
    """A table as it goes out in parts: as CSV at once; `whole` for a workbook, None where that could not show it."""

    def __init__(self, path: Path, *, excel: bool) -> None:
        self.path, self.excel, self.first = path, excel, pd.DataFrame()
        self._parts: list[pd.DataFrame] = []
        self._cells = 0

    def add(self, frame: pd.DataFrame) -> None:
        """Write the rows of a part below those before it; they have the columns of the first that has any rows."""
        begins = not len(self.first)
        if not begins and not len(frame):
            return
        if begins:
            self.first = frame
        elif list(frame.columns) != list(self.first.columns):
            raise ReportError(f"{self.path.name}: its parts have other columns: {set(frame) ^ set(self.first)}")
        floats = [name for name in frame if is_float_dtype(self.first[name]) and is_integer_dtype(frame[name])]
        frame = frame.astype(dict.fromkeys(floats, float))
        with self.path.open("wb" if begins else "ab") as file:
            file.write(csv_bytes(frame, excel=self.excel, heads=begins))
        self._cells += frame.size
        self._parts = [*([] if begins else self._parts), frame] if self._cells <= MOST_CELLS else []

    @property
    def whole(self) -> pd.DataFrame | None:
        """All of its rows."""
        return pd.concat(self._parts, ignore_index=True) if self._parts else None


def parts_of(questions: Iterable[Question], store: Store, *, scored: Sequence[Scored] = ()) -> Iterator[Tables]:
    """Yield the tables by name: those of each region, then the scheme's own, the sources and the score of past odds.

    `scored`: as for `write_data`. What a region was answered is forgotten before the next.
    """
    used: set[str] = set()
    for _, asked in groupby(questions, key=lambda question: question.region):
        bench.forget_answers()
        found: dict[str, list[pd.DataFrame]] = {}
        for question in asked:
            words = bench.words_of(question, store, bench.results_of(question, store))
            for name, frame in tables_of(words, question, store).items():
                if name in BY_SCENARIO or name not in found:
                    found.setdefault(name, []).append(frame)
        tables = {name: pd.concat(frames, ignore_index=True) for name, frames in found.items()}
        columns = dict.fromkeys(("observations", "references", "later"), "source_id") | {"converted": "index_source"}
        cells = [cell for table, column in columns.items() for cell in tables[table][column].dropna()]
        used.update(name for cell in cells for name in cell.split(";"))
        yield {name: typed(name, frame) for name, frame in tables.items()}
    scheme, own = words.results.scheme, store.scheme(words.results.scheme.id)
    # as the programme has them, whatever the region; the weights may be chosen
    indicators = own.indicators.assign(weight=scheme.indicators["weight"])
    tables = {"indicators": indicators, "tasks": own.tasks, "milestones": own.milestones}
    tables |= {"sources": exported_sources(store.sources, used, scheme, words.lang)}
    if scored:
        tables[SCORECARD] = pd.DataFrame([one.record() for one in scored])
    yield {name: typed(name, frame) for name, frame in tables.items()}


def exported_sources(sources: pd.DataFrame, used: Collection[str], scheme: Scheme, lang: str) -> pd.DataFrame:
    """Return what is said of sources and of the programme's, their notes in a language where they are translated.

    A programme that the register does not name is its own source: its issuer and name.
    """
    own, note = scheme.facts["source_id"], f"note_{lang}"
    shown = sources[sources["source_id"].isin({*used, own})]
    shown = shown.assign(note=shown[note].fillna(shown["note"])) if note in shown else shown
    said = shown[["source_id", "publisher", "title", "url", "retrieved", "note"]]
    if own in set(said["source_id"]):
        return said
    facts = {"source_id": own, "publisher": scheme.facts[f"issuer_{lang}"], "title": scheme.name(lang)}
    return pd.concat([pd.DataFrame([facts], columns=said.columns, dtype="str"), said], ignore_index=True)


def tables_of(words: Wording, question: Question, store: Store) -> Tables:
    """Return the tables of one region by name; a new one needs the labels ``sheet_<name>``, ``sheet_title_<name>``."""
    results, prices = words.results, bench.prices_of(question, store)
    as_of, _ = results.settings.years()
    tables = {
        "summary": worded_summary(words, bench.firmness_of(question, store)),
        "results": results.yearly.drop(columns="region"),
        "index": _withheld(words, results.index),
        "index_years": _withheld(words, results.index_years),
        "contributions": _contributions(words),
        "plan": pd.DataFrame([asdict(position) for position in results.positions]),
        "held": pd.DataFrame([asdict(year) for year in results.held_years]),
        "verdicts": pd.DataFrame([_judged(words, one) for one in results.verdicts]).assign(as_of=as_of),
        "history": pd.DataFrame([
            _judged(words, one) | {"as_of": one.as_of, "before": one.before, "cause": one.change}
            for one in bench.history_of(question, store)
        ]),
        **_review(question, store),
        "prices": prices.comparisons.copy(),
        "converted": pd.concat([prices.illustration, prices.converted]).rename(columns={"index": "price_index"}),
        "observations": results.history.drop(columns="region"),
        "references": results.references.rename(columns={"region": "trend_region", "series": "trend_series"}),
        "later": results.later.drop(columns="region"),
        "outturns": _outturns(bench.first_results_of(question, store)),
    }  # fmt: skip
    if store.own:
        tables["own"] = bench.own_of(question, store)
    for name, frame in tables.items():
        keys = {"region": results.settings.region}
        keys |= {"scenario": results.scenario.name} if name in BY_SCENARIO else {}
        for place, (key, value) in enumerate(keys.items()):
            if key not in frame:
                frame.insert(place, key, value)
    return tables


def _review(question: Question, store: Store) -> Tables:
    """Return the tables of the review of projections, none where no series has enough figures."""
    if not bench.has_review(question, store):
        return {}
    review, lending = bench.review_of(question, store), bench.lending_review_of(question, store)
    rows = review.rows.rename(columns={"region": "trend_region", "series": "trend_series"})
    classes = reliability_rows({**review.reliability, "borrowed": lending.reliability})
    return {"review": rows.drop(columns=["name_zh", "name_en"]), "reliability": pd.DataFrame(classes)}


def _outturns(results: Results) -> pd.DataFrame:
    """Return what was projected of the region's lines beside what came, one row a year."""
    as_of, _ = results.settings.years()
    levels = results.settings.levels
    rows = [{"as_of": as_of, **one.record(levels)} for one in results.outturns]
    return pd.DataFrame(rows, columns=["as_of", *Outturn.columns(levels)])


def _judged(words: Wording, one: Judged) -> dict[str, object]:
    """Return a verdict as a row, its reason in words."""
    return {
        "indicator": one.indicator, "goal": one.goal, "rulebook": one.rulebook, "status": one.status,
        "verdict_value": one.verdict.value, "reason": reason_of(words, one),
    }  # fmt: skip


def _withheld(words: Wording, index: pd.DataFrame) -> pd.DataFrame:
    """Return an index with the reason why it is withheld in words."""
    return index.assign(reason=pd.Series([why_withheld(words, row) or None for row in records(index)], dtype="str"))


def _contributions(words: Wording) -> pd.DataFrame:
    """Return what each indicator adds to the index, now and in the target year, and the index of now without it."""
    rows, without = words.results.contributions.copy(), words.results.index_without
    of_total = (rows["basis"] == "latest") & (rows["level"] == "total")
    rows["index_without"] = rows["indicator"].map(without).where(of_total)
    return rows


def worded_summary(words: Wording, firmness: Mapping[str, Firmness] | None = None) -> pd.DataFrame:
    """Return the summary with names, reasons in words, how firm each verdict is, and what flips it."""
    summary, lines = words.results.summary, words.results.lines.values()
    stretched = [words.reason(line.stretch.why, line) if line.stretch else None for line in lines]
    reasons = [words.reason(line.verdict.why, line) for line in lines]
    out = summary.assign(reason=reasons, stretch_reason=pd.Series(stretched, summary.index))
    out.insert(2, "name", [words.names[name] for name in summary["indicator"]])
    firm = [(firmness or {}).get(name) for name in summary["indicator"]]
    flips = [choice_said(words, one.others[0]) if one and one.others else None for one in firm]
    out["firmness"] = [one.share if one else math.nan for one in firm]
    out["flipped_by"] = pd.Series(flips, summary.index, dtype="str")
    return out.assign(as_of=words.results.settings.years()[0], vintage=words.results.vintage or None)
