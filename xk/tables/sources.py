"""Where the figures come from: series, years, vintages, publications."""

import re
from itertools import chain

from xk.contracts.records import Record, grouped, records, text_of
from xk.exhibits import Columns, Exhibit, Wording
from xk.pipeline import ORIGIN
from xk.pipeline.pricing import Prices
from xk.readers import Store
from xk.vocab import OWN_GRADE

MOST_NAMES = 1
EDITION = re.compile("(?<![0-9])[12][0-9]{3}$")


def table_sources(
    words: Wording, store: Store, *, domain: str | None = None, indicator: str = "", prices: Prices | None = None
) -> Exhibit:
    """Return the series behind the figures of a domain or an indicator, and where they were published.

    Own ones, those that lend trends, those that were seen later, which play no part in the results, and those of peers.

    Parameters
    ----------
    words : Wording
    store : Store
        Registers of series and of sources.
    domain, indicator : str, optional
        What is shown; everything if neither is given.
    prices : Prices, optional
        Conversions that the page shows: the price indices that they take are listed too.
    """
    scheme, results = words.results.scheme, words.results
    wanted = {scheme.line(indicator).indicator} if indicator else set(scheme.lines_in(domain))
    rows = scheme.in_order([
        row
        for use, used in results.shown.items()
        for row in _series_used(records(used.loc[used["indicator"].isin(wanted), ORIGIN]), use=use)
    ])  # fmt: skip
    places: dict[str, int] = {}
    rows.sort(key=lambda row: places.setdefault(row["source_id"], len(places)))
    definitions = _definitions(words, store, {row["series"] for row in rows})
    titles = _titles(store)

    def source(row: Record) -> str:
        named = [titles.get(name, name) for name in row["source_id"].split(";") if name]
        return words.several(_editions(words, named)) or words.text("dash")

    def grade(row: Record) -> str:
        return words.text("grade_own") if row["grade"] == OWN_GRADE else str(row["grade"])

    show = Columns(words)
    columns = [
        show.group(source, "column_source"),
        show.text("column_definition", lambda row: row["definition"] or words.text("dash"), head=True),
        show.text("column_years", lambda row: _span(words, row)),
        show.text("column_grade", grade),
        show.text("column_vintage", lambda row: str(row["vintage"])),
        show.text("column_indicators", lambda row: words.several(_short(row))),
    ]
    listed = [*_alike(words, rows, definitions), *_indices_used(words, store, prices)]
    return show.table("sources", listed, columns, note=True, empty=True)


def _editions(words: Wording, titles: list[str]) -> list[str]:
    """Return titles, each once; those that differ in nothing but the year at their end as one."""
    editions = [(EDITION.sub("", title), title[-4:] if EDITION.search(title) else "") for title in titles]
    by_stem = grouped(dict.fromkeys(editions), lambda one: (one[0], one[1] != ""))
    return [
        stem + (words.years(int(year) for _, year in several) if dated else "")
        for (stem, dated), several in by_stem.items()
    ]


def _short(row: Record) -> list[str]:
    """Return the names of the indicators that a row is about, of several the numbers."""
    return row["names"] if len(row["names"]) <= MOST_NAMES else row["numbers"]


def _alike(words: Wording, rows: list[Record], definitions: dict[str, object]) -> list[Record]:
    """Return the series that differ in nothing but their indicator as one row, in order; `names` are the indicators."""
    merged: dict[tuple[object, ...], Record] = {}
    for row in rows:
        told = row | {"definition": text_of(definitions.get(row["series"]))}
        same = tuple(told[name] for name in ("source_id", "definition", "first", "last", "grade", "vintage"))
        told = merged.setdefault(same, told | {"names": [], "numbers": []})
        for cell, name in (("names", words.names[row["indicator"]]), ("numbers", row["no"])):
            if row["use"] == "peers" and name in told[cell]:  # own figures and peers' are of the same series
                told[cell][told[cell].index(name)] = name + words.text("series_and_peers")
            else:
                told[cell].append(_use(words, row, name))
    return list(merged.values())


def _indices_used(words: Wording, store: Store, prices: Prices | None) -> list[Record]:
    """Return a row a price index that figures were converted with: whose and of which kind, its years and sources."""
    frames = () if prices is None else (prices.illustration, prices.converted)
    found = grouped(chain.from_iterable(map(records, frames)), lambda row: (row["index_region"], row["index_kind"]))
    rows, known = [], grouped(records(store.deflators), lambda row: (row["region"], row["kind"]))
    for (region, kind), converted in found.items():
        names, points = [words.names[row["indicator"]] for row in converted], known[region, kind]
        years, sources = [row["year"] for row in points], ";".join(_texts(points, "source_id")).split(";")
        rows.append({
            "source_id": ";".join(dict.fromkeys(sources)), "first": min(years), "last": max(years),
            "names": names, "numbers": names,
            "definition": words.text("price_index", region=words.region(region), kind=words.text(f"deflator_{kind}")),
            "grade": words.text("dash"), "vintage": words.text("dash"),
        })  # fmt: skip
    return rows


def _use(words: Wording, row: Record, name: str) -> str:
    """Return the indicator that a series serves; one that lends its trend, was seen later or is peers', says so."""
    if row["use"] == "own":
        return name
    if row["use"] in ("later", "peers"):
        return name + words.text(f"series_{row['use']}")
    trend = words.results.line(row["indicator"]).trend
    if trend.kind == "own":
        return name + words.text("series_lent_own")
    return name + words.text("series_lent", region=words.reference(trend))


def _titles(store: Store) -> dict[str, str]:
    sources = zip(*(store.sources[name] for name in ("source_id", "publisher", "title")), strict=True)
    return {name: ": ".join(filter(None, map(text_of, (publisher, title)))) for name, publisher, title in sources}


def _definitions(words: Wording, store: Store, series: set[str]) -> dict[str, object]:
    described = store.series[store.series["series"].isin(series)]
    return dict(zip(described["series"], described[f"definition_{words.lang}"], strict=True))


def _series_used(figures: list[Record], *, use: str) -> list[Record]:
    """Return a row a definition of an indicator: its years, sources, newest vintage and grade."""
    known = (row for row in figures if isinstance(row["series"], str) and isinstance(row["source_id"], str))
    series = grouped(known, lambda row: (row["indicator"], row["definition"]))
    return [
        {
            "indicator": indicator, "series": points[0]["series"], "use": use,
            "first": min(row["year"] for row in points), "last": max(row["year"] for row in points),
            "source_id": ";".join(dict.fromkeys(_texts(points, "source_id"))),
            "vintage": max(_texts(points, "vintage"), default=None),
            "grade": next(iter(_texts(points, "grade")), None),
        }
        for (indicator, _), points in series.items()
    ]  # fmt: skip


def _texts(rows: list[Record], column: str) -> list[str]:
    return [row[column] for row in rows if isinstance(row[column], str)]


def _span(words: Wording, row: Record) -> str:
    first, last = int(row["first"]), int(row["last"])
    return f"{first}" if first == last else words.text("between_mark", low=first, high=last)
