"""The user's own figures: each with its place in the files, beside the published figure of the same year."""

import pandas as pd

from xk.contracts.records import Record, records, text_of
from xk.exhibits import Columns, Exhibit, Wording, bullets, fold, number, paragraph
from xk.readers import OwnFigures
from xk.readers.plausibility import off_schedule
from xk.vocab.figure_notes import said_notes


def show_own(
    words: Wording, own: OwnFigures | None, figures: pd.DataFrame, *, domain: str | None = None
) -> list[Exhibit]:
    """Return what is doubtful about the own figures of a domain, and these, folded; nothing where there are none.

    Parameters
    ----------
    words : Wording
    own : OwnFigures or None
        The files and the remarks on them.
    figures : DataFrame
        The figures beside the published ones (see `build_own_figures`).
    domain : str, optional
        All domains if not given.
    """
    wanted = set(words.results.scheme.lines_in(domain))
    rows = [row for row in records(figures) if row["indicator"] in wanted]
    called = {**words.region_names, **words.names, **words.measure_labels}
    remarks = [*(own.remarks if own else ()), *off_schedule(words.results.scheme)]
    doubts = [one.said(words.lang, called) for one in remarks if one.indicator in {"", *wanted}]
    found = [paragraph(words.text("own_doubts", n=len(doubts))), bullets(doubts)] if doubts else []
    if own is None:
        return found
    said = words.text("own_count", n=len(rows), files=len({row["file"] for row in rows}))
    bare = [row["indicator"] for row in rows if row["price_base"] == "not_stated"]
    lines = words.results.scheme.lines
    unsaid = [name for name in bare if lines[name].price_base != "not_stated"]  # else stating them would not help
    prices = [paragraph(words.text("own_prices", lines=words.numbers(unsaid)), note=True)] if unsaid else []
    return [*found, fold(said, _table(words, rows), *prices)]


def _table(words: Wording, rows: list[Record]) -> Exhibit:
    def value(row: Record, name: str = "value", *, signed: bool = False) -> str:
        return number(row[name], words.lang, signed=signed)

    def line(row: Record) -> str:
        said = words.in_prices(row["unit"], text_of(row["price_base"]))
        return words.line(row["indicator"]) + words.bracketed(said)

    def published(row: Record) -> str:
        other: str = text_of(row["published_price_base"]) if pd.isna(row["difference"]) else ""
        return value(row, "published") + words.bracketed(other and words.price_base(other))

    def difference(row: Record) -> str:
        if pd.isna(row["difference"]) or not row["difference"]:
            return words.text("dash" if pd.isna(row["difference"]) else "own_same")
        decimals = max(words.decimals_beside(row["value"]), words.decimals_beside(row["published"])) - 1
        return number(row["difference"], words.lang, decimals=decimals, signed=True)

    show, is_noted = Columns(words), any(text_of(row["note"]) for row in rows)
    columns = [
        show.group(line),
        show.year("column_year", head=True),
        show.number("column_value", value),
        show.number("column_published", published),
        show.number("column_difference", difference),
        *([show.word("column_use", "use", "own_use")] if any(row["use"] != "used" for row in rows) else []),
        show.text("column_place_in_file", lambda row: " ".join(filter(None, (row["file"], row["sheet"], row["cell"])))),
        *([show.text("column_note", lambda row: said_notes(text_of(row["note"]), words.lang))] if is_noted else []),
    ]
    return show.table("own", rows, columns, note=True, empty=True)
