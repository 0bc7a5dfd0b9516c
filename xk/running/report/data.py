"""The tables beside the reports: the same figures as CSV and as one workbook."""

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from pandas.api.types import is_extension_array_dtype

from xk.contracts.records import records
from xk.exhibits.index_words import why_withheld
from xk.exhibits.wording import Wording
from xk.readers import Store, write_bytes
from xk.running.report.workbook import Sheet, csv_bytes, workbook_bytes
from xk.vocab import text

DATA, WORKBOOK = "data", "tables.xlsx"

Tables = dict[str, pd.DataFrame]

ENDS = ("lo", "hi", "projected_lo", "projected_hi")


def write_data(worded: Iterable[Wording], store: Store, folder: Path) -> None:
    """Write ``data/<table>.csv`` and ``tables.xlsx`` into `folder`.

    Parameters
    ----------
    worded : iterable of Wording
        Results in words of each region, all of one scheme and language; taken one at a time.
    store : Store
        Registers that the figures refer to.
    folder : Path
        Folder of the run.
    """
    tables, lang = build_tables(worded, store)
    (folder / DATA).mkdir(exist_ok=True)
    for name, frame in tables.items():
        write_bytes(csv_bytes(frame), folder / DATA / f"{name}.csv")
    sheets = {text(f"sheet_{name}", lang): _sheet(name, frame, lang) for name, frame in tables.items()}
    write_bytes(workbook_bytes(sheets, lang=lang), folder / WORKBOOK)


def build_tables(worded: Iterable[Wording], store: Store) -> tuple[Tables, str]:
    """Return the tables by name, and their language.

    They are: summary, results, index, observations, indicators, tasks, milestones, sources.
    """
    parts: list[Tables] = []
    for words in worded:
        parts.append(_of_region(words))
        scheme, lang = words.results.scheme, words.lang
    tables = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}
    tables |= {"indicators": scheme.indicators, "tasks": scheme.tasks, "milestones": scheme.milestones}
    used = {name for ids in tables["observations"]["source_id"].dropna() for name in ids.split(";")}
    wanted = store.sources["source_id"].isin(used | {scheme.facts["source_id"]})
    columns = ["source_id", "publisher", "title", "url", "retrieved", "note"]
    return tables | {"sources": store.sources.loc[wanted, columns]}, lang


def _of_region(words: Wording) -> Tables:
    results = words.results
    tables = {
        "summary": _summary(words),
        "results": results.yearly,
        "index": results.index.assign(reason=[why_withheld(words, row) or None for row in records(results.index)]),
        "observations": results.history.drop(columns="region"),
    }
    for name in ("summary", "index", "observations"):
        tables[name].insert(0, "region", results.settings.region)
    return tables


def _summary(words: Wording) -> pd.DataFrame:
    """Return the summary with names and with reasons in words."""
    summary, lines = words.results.summary, words.results.lines.values()
    stretched = [words.reason(line.stretch.why, line) if line.stretch else None for line in lines]
    out = summary.assign(
        reason=[words.reason(line.verdict.why, line) for line in lines],
        stretch_reason=pd.Series(stretched, summary.index),
    )
    out.insert(2, "name", [words.names[name] for name in summary["indicator"]])
    return out


def _sheet(name: str, frame: pd.DataFrame, lang: str) -> Sheet:
    heads = {str(column): _head(str(column), lang) for column in frame.columns}
    plain = frame.astype({column: object for column in frame.columns if is_extension_array_dtype(frame[column])})
    return Sheet(plain, text(f"sheet_title_{name}", lang), heads)


def _head(column: str, lang: str) -> str:
    bound = re.fullmatch(rf"({'|'.join(ENDS)})([0-9.]+)", column)
    return text(f"field_{bound[1]}", lang, level=bound[2]) if bound else text(f"field_{column}", lang)
