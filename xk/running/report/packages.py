"""What the CSVs of a run are, for programs: a Data Package and CSVW metadata, made from one description of columns.

Sources: Frictionless Data, Data Package (version 1, which version 2 reads); W3C, Metadata Vocabulary for Tabular Data.

Verdicts for other statistical systems: SDMX-CSV 2.0, one row an indicator, goal, rulebook and scenario.

The observation is the figure that was judged, in its year; of a line without a figure the as-of year has none (``O``).
Source: SDMX Technical Working Group, SDMX-CSV 2.0 field guide; code list CL_OBS_STATUS 2.2.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from xk.arithmetic.rulebooks import HOUSE
from xk.contracts.records import Record, records, text_of
from xk.running.report.fields import Field, field_of, key_of
from xk.vocab import LANGUAGES, YEAR_RANGE, text

STRUCTURE = {"STRUCTURE": "dataflow", "STRUCTURE_ID": "XK:VERDICTS(1.0.0)", "ACTION": "I"}
DIMENSIONS = {
    "SCHEME": "scheme", "REF_AREA": "region", "INDICATOR": "indicator", "SCENARIO": "scenario", "GOAL": "goal",
    "RULE": "rulebook", "TIME_PERIOD": "latest_year",
}  # fmt: skip
OTHERS = {
    "OBS_VALUE": "latest_value", "OBS_STATUS": "", "UNIT_MEASURE": "unit", "STATUS": "status",
    "VERDICT_VALUE": "verdict_value", "PROBABILITY": "probability", "METHOD": "method", "VINTAGE": "vintage",
    "SOURCE": "source_id", "AS_OF": "as_of", "FIRMNESS": "firmness",
}  # fmt: skip
"""The measure and its attributes -> the column that they are made of."""
OBS_STATUS = {"observed": "A", "preliminary": "P", "estimated": "E"}
MISSING = "O"


def sdmx_verdicts(tables: Mapping[str, pd.DataFrame], *, scheme: str) -> pd.DataFrame:
    """Return the verdicts of a run as the rows of SDMX-CSV.

    Probability, method and firmness are those of the house's verdict on the target; of a stretch target or another
    rulebook there are none.
    """
    line, figure = ["region", "scenario", "indicator"], ["region", "indicator", "series", "latest_year"]
    judged = ["unit", "latest_year", "latest_value", "latest_kind", "series", "source_id", "probability", "method"]
    judged += ["firmness"]
    seen = tables["observations"].rename(columns={"year": "latest_year"})
    rows = tables["verdicts"].merge(tables["summary"][[*line, *judged]], on=line, how="left", validate="m:1")
    rows = rows.merge(seen[[*figure, "vintage"]].drop_duplicates(figure, keep="last"), on=figure, how="left")
    own = (rows["rulebook"] == HOUSE) & (rows["goal"] == "target")
    of_house = {name: rows[name].where(own) for name in ("probability", "method", "firmness")}
    rows = rows.assign(scheme=scheme, latest_year=rows["latest_year"].fillna(rows["as_of"]), **of_house)
    made = {name: rows[column] for name, column in (DIMENSIONS | OTHERS).items() if column}
    made["OBS_STATUS"] = rows["latest_kind"].map(OBS_STATUS).fillna(MISSING)
    return pd.DataFrame(STRUCTURE | made)[[*STRUCTURE, *DIMENSIONS, *OTHERS]]


def sdmx_field(name: str) -> Field:
    """Return what is declared of the column that one of these is made of."""
    column = (DIMENSIONS | OTHERS).get(name)
    return replace(field_of("verdicts", column), name=name) if column else Field(name)


TYPES = {
    "text": ("string", "string"), "number": ("number", "number"), "whole": ("integer", "integer"),
    "year": ("year", "gYear"), "flag": ("boolean", "boolean"), "date": ("date", "date"),
}  # fmt: skip
"""Type of a column -> the same in Table Schema and in CSVW."""
SDMX = "verdicts.sdmx"
Said = Mapping[str, str]


@dataclass(frozen=True)
class Described:
    """A CSV: name without ending, title by language, columns, key; whether ``indicators`` has its indicators."""

    name: str
    titles: Said
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    linked: bool


@dataclass(frozen=True)
class Origin:
    """What all tables of a run have in common: name, title, facts, language, sources (a row each)."""

    name: str
    title: str
    facts: Said
    lang: str
    sources: pd.DataFrame


def describe(tables: Mapping[str, pd.DataFrame]) -> list[Described]:
    """Return what is known of tables by name; verdicts in SDMX-CSV are described as those they are made of."""
    known, found = set(tables["indicators"]["indicator"]), []
    for name, frame in tables.items():
        columns = [str(column) for column in frame.columns]
        titles = {lang: text(f"sheet_title_{name.partition('.')[0]}", lang) for lang in LANGUAGES}
        linked = name != "indicators" and "indicator" in columns and known.issuperset(frame["indicator"].dropna())
        fields = [sdmx_field(column) if name == SDMX else field_of(name, column) for column in columns]
        key = DIMENSIONS if name == SDMX else key_of(name, columns)
        found.append(Described(name, titles, tuple(fields), tuple(key), linked))
    return found


def metadata_files(tables: Mapping[str, pd.DataFrame], origin: Origin) -> dict[str, bytes]:
    """Return ``datapackage.json`` and ``csv-metadata.json`` of the CSVs of some tables."""
    described, sources = describe(tables), records(origin.sources)
    said = [f"{name}: {value}" for name, value in origin.facts.items()]
    package = {
        "profile": "tabular-data-package",
        "name": origin.name,
        "title": origin.title,
        "description": "\n".join([*said, text("data_rights", origin.lang)]),
        "languages": list(LANGUAGES),
        "sources": [_filled(title=f"{row['publisher']}: {row['title']}", path=text_of(row["url"])) for row in sources],
        "resources": [_resource(one, origin.lang) for one in described],
    }
    csvw = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": origin.lang}],
        "dc:title": origin.title,
        "dc:description": said,
        "dc:language": list(LANGUAGES),
        "dc:rights": _spoken({lang: text("data_rights", lang) for lang in LANGUAGES}),
        "dc:provenance": "../manifest.json",
        "dc:source": [
            _filled({"dc:publisher": row["publisher"], "dc:title": row["title"], "dc:identifier": text_of(row["url"])})
            for row in sources
        ],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n", "\n"]},
        "tables": [_table(one) for one in described],
    }
    contents = {"datapackage.json": package, "csv-metadata.json": csvw}
    return {name: (json.dumps(one, ensure_ascii=False, indent=1) + "\n").encode() for name, one in contents.items()}


def _filled(content: Record | None = None, **more: object) -> Record:
    """Return what is said, without what is empty."""
    return {name: value for name, value in ((content or {}) | more).items() if value not in (None, "", [], {})}


def _spoken(said: Said) -> list[Said]:
    return [{"@value": words, "@language": lang} for lang, words in said.items()]


def _resource(one: Described, lang: str) -> Record:
    link = {"fields": "indicator", "reference": {"resource": "indicators", "fields": "indicator"}}
    fields = [_field(each, one, lang) for each in one.fields]
    schema = _filled(fields=fields, primaryKey=list(one.key), foreignKeys=[link] * one.linked)
    return {
        "profile": "tabular-data-resource", "name": one.name, "path": f"{one.name}.csv", "title": one.titles[lang],
        "titles": one.titles, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "schema": schema | {"missingValues": [""]},
    }  # fmt: skip


def _field(each: Field, one: Described, lang: str) -> Record:
    flag, required = each.type == "flag", each.name in one.key or None
    limits = _filled(_bounds(each), enum=[] if flag else list(each.words), required=required)
    truths = {"trueValues": ["True", "yes"], "falseValues": ["False", "no"]} if flag else {}
    names = _filled(title=each.titles.get(lang), titles=each.titles)
    names |= _filled(description=each.meanings.get(lang), descriptions=each.meanings)
    kind = {"name": each.name, "type": TYPES[each.type][0]}
    return kind | names | truths | _filled(unit=_unit(each, one), constraints=limits)


def _table(one: Described) -> Record:
    link = {"columnReference": "indicator", "reference": {"resource": "indicators.csv", "columnReference": "indicator"}}
    columns = [_column(each, one) for each in one.fields]
    schema = _filled(columns=columns, primaryKey=list(one.key), foreignKeys=[link] * one.linked)
    return {"url": f"{one.name}.csv", "dc:title": _spoken(one.titles), "null": "", "tableSchema": schema}


def _column(each: Field, one: Described) -> Record:
    words = "|".join(each.words)
    form = ("yes|no" if words else "True|False") if each.type == "flag" else words
    said = {"dc:description": _spoken(each.meanings), "schema:unitText": _unit(each, one)}
    bounds = _bounds(each) if each.type != "year" else {}  # not of a gYear
    datatype = _filled({"base": TYPES[each.type][1]} | bounds, format=form)
    column = {"name": each.name, "titles": {"und": each.name, **each.titles}, "datatype": datatype}
    return column | _filled(said, required=each.name in one.key or None)


def _bounds(each: Field) -> Record:
    low, high = YEAR_RANGE if each.type == "year" else (each.low, each.high)
    return {name: bound for name, bound in (("minimum", low), ("maximum", high)) if bound is not None}


def _unit(each: Field, one: Described) -> str:
    """Return what a number is in; of the indicator's unit, the column in which it stands."""
    beside = [other.name for other in one.fields if other.name in ("unit", "UNIT_MEASURE")]
    return f"{{{(beside or ['indicators.unit'])[0]}}}" if each.unit == "value" else each.unit
