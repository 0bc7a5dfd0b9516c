"""Data go out described: readers that others keep find types, keys, units and words as they are said to be."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from csvw import CSVW, TableGroup
from frictionless import Package
from pysdmx.io import read_sdmx
from test_scorecard import stated

from xk.bench import Question
from xk.pipeline.stated import Scored
from xk.readers import Store, read_store
from xk.running.report.book import About, stem_of
from xk.running.report.data import exported_sources, parts_of, write_data
from xk.running.report.fields import field_of, read_fields
from xk.running.report.packages import DIMENSIONS, OTHERS, STRUCTURE, sdmx_verdicts

ABOUT = About("Reports on Guangdong", (("Issued", "2018-03-04"),))
OWN = {"cell", "difference", "file", "published_price_base", "published_source", "sheet", "use"}
"""Columns of figures of a user's own, of which these runs have none."""
ROWS = 100
"""Rows of a table that the slower reader looks at."""


@pytest.fixture(autouse=True)
def _limit_of_cells() -> Iterator[None]:
    """Put back the limit of the csv module, which frictionless lifts for the whole process."""
    before = csv.field_size_limit()
    yield
    csv.field_size_limit(before)


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Path:
    """Return the data folder of a run in English on the region with the fewest rows."""
    folder = tmp_path_factory.mktemp("run")
    write_data([Question(scheme="national-2013", region="guangdong", lang="en")], store, folder, ABOUT)
    return folder / "data"


SCORED = [Scored(stated(), "economy", 51.0, came=True)]


def described(data: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((data / name).read_text(encoding="utf-8"))
    return found


def cells(data: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(data / f"{name}.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)


def test_every_cell_is_what_the_data_package_says(data: Path) -> None:
    report = Package(str(data / "datapackage.json")).validate(limit_rows=ROWS)
    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == [] and report.valid
    seen = {task.place: task.stats.get("rows", 0) for task in report.tasks}
    assert seen.keys() == {path.name for path in data.glob("*.csv")}
    assert seen["index.csv"] == len(cells(data, "index")) and seen["history.csv"] == ROWS


def test_every_cell_is_what_the_csvw_metadata_say(data: Path) -> None:
    metadata = CSVW(str(data / "csv-metadata.json"), validate=True)
    assert metadata.is_valid, [str(one.message) for one in metadata.warnings]
    assert {table.url.string for table in metadata.t.tables} == {path.name for path in data.glob("*.csv")}


def test_a_cell_that_is_not_so_is_found(data: Path, tmp_path: Path) -> None:
    for name in ("index.csv", "datapackage.json", "csv-metadata.json"):
        shutil.copy(data / name, tmp_path)
    wrong = cells(data, "index")
    wrong.loc[1, "coverage"] = "all"
    wrong.to_csv(tmp_path / "index.csv", index=False)
    resource = Package(str(tmp_path / "datapackage.json")).get_resource("index")
    assert resource.validate().flatten(["fieldName", "type"]) == [["coverage", "type-error"]]
    group = TableGroup.from_file(tmp_path / "csv-metadata.json")
    (table,) = (one for one in group.tables if one.url.string == "index.csv")
    with pytest.raises(ValueError, match="coverage"):
        list(table.iterdicts(strict=True))


def test_columns_say_unit_and_meaning_in_both_languages(data: Path) -> None:
    resources = {one["name"]: one["schema"] for one in described(data, "datapackage.json")["resources"]}
    fields = {name: {one["name"]: one for one in schema["fields"]} for name, schema in resources.items()}
    score = fields["summary"]["score"]
    assert score["title"] == "Score (%)" and score["titles"]["zh"] == "评价值（%）" and score["unit"] == "%"
    assert score["description"] == "by direction, not capped" and score["descriptions"]["zh"] == "按方向计算，不封顶"
    # in the unit that stands beside, or with the indicator; an index is always in per cent
    assert fields["observations"]["value"]["unit"] == "{unit}"
    assert fields["results"]["lo80"]["unit"] == "{indicators.unit}"
    assert fields["index_years"]["lo80"]["unit"] == fields["index"]["value"]["unit"] == "%"
    assert fields["verdicts.sdmx"]["OBS_VALUE"]["unit"] == "{UNIT_MEASURE}"
    assert fields["summary"]["probability"]["constraints"] == {"minimum": 0, "maximum": 1}
    assert fields["indicators"]["direction"]["constraints"]["enum"] == ["positive", "inverse", "interval", "composite"]
    assert resources["results"]["primaryKey"] == ["region", "scenario", "indicator", "year"]
    assert resources["verdicts.sdmx"]["primaryKey"] == list(DIMENSIONS)
    (link,) = resources["tasks"]["foreignKeys"]
    assert link == {"fields": "indicator", "reference": {"resource": "indicators", "fields": "indicator"}}

    tables = {one["url"]: one["tableSchema"] for one in described(data, "csv-metadata.json")["tables"]}
    columns = {one["name"]: one for one in tables["summary.csv"]["columns"]}
    assert columns["score"]["titles"] == {"und": "score", "zh": "评价值（%）", "en": "Score (%)"}
    assert columns["score"]["schema:unitText"] == "%" and columns["target_year"]["datatype"] == {"base": "gYear"}


def test_notes_on_sources_are_in_the_language_of_the_run(store: Store) -> None:
    for lang, word in ("zh", "读自"), ("en", "Read "):
        *_, last = parts_of([Question(scheme="national-2013", region="guangdong", lang=lang)], store)
        notes = last["sources"]["note"].dropna()
        assert len(notes) > 5 and notes.str.startswith(word).sum() > len(notes) / 2, lang
    untold = exported_sources(
        store.sources.assign(note_zh=None), set(store.sources["source_id"]), store.scheme("national-2013"), "zh"
    )
    assert untold["note"].tolist() == store.sources["note"].tolist(), "what is not translated stays as it is"


def test_sources_are_named_and_no_licence_is_made_up(data: Path) -> None:
    package, csvw = described(data, "datapackage.json"), described(data, "csv-metadata.json")
    sources = cells(data, "sources")
    titles = (sources["publisher"] + ": " + sources["title"]).tolist()
    assert [one["title"] for one in package["sources"]] == titles
    assert [one.get("path", "") for one in package["sources"]] == sources["url"].tolist()
    assert [one["dc:title"] for one in csvw["dc:source"]] == sources["title"].tolist()
    assert "licenses" not in package and "under the terms of their sources" in package["description"]
    assert [one["@language"] for one in csvw["dc:rights"]] == ["zh", "en"]
    assert package["description"].startswith("Issued: 2018-03-04\n")


def test_every_column_is_declared_and_no_other(store: Store) -> None:
    stems = set()
    for question in (Question(region="yunfu"), Question(scheme="national-2013", region="guangdong", lang="en")):
        for name, frame in (one for part in parts_of([question], store, scored=SCORED) for one in part.items()):
            for column in frame:
                field = field_of(name, str(column))
                there = frame[column].dropna()
                if field.words:
                    assert set(there) <= set(field.words), f"{name}.{column}"
                if field.type in ("year", "whole"):
                    assert str(frame[column].dtype).lower() == "int64", f"{name}.{column}"
                stems.add(stem_of(str(column)))
    declared = list(read_fields())
    assert declared == sorted(set(declared))
    assert {name.split(".")[-1] for name in declared} - OWN == stems


def test_years_and_counts_are_whole_where_some_are_missing(data: Path) -> None:
    summary = cells(data, "summary")
    for column in ("latest_year", "year_reached"):
        assert set(summary[column]) > {""} and all(re.fullmatch(r"(\d{4})?", cell) for cell in summary[column])


VERDICT = {"region": "r", "scenario": "reference", "indicator": "i", "as_of": 2016, "verdict_value": 0.5}
SUMMARY = {
    "region": "r", "scenario": "reference", "indicator": "i", "unit": "%", "latest_year": 2015, "latest_value": 40.5,
    "latest_kind": "preliminary", "series": "r.i", "source_id": "s", "probability": 0.25, "method": "auto",
    "firmness": 0.75,
}  # fmt: skip


def test_a_verdict_is_an_observation_with_attributes() -> None:
    """Two rulebooks and a stretch target of a figure of 2015; a line without a figure stands in the as-of year."""
    tables = {
        "verdicts": pd.DataFrame([
            VERDICT | {"goal": "target", "rulebook": "house", "status": "lagging"},
            VERDICT | {"goal": "stretch", "rulebook": "house", "status": "lagging"},
            VERDICT | {"goal": "target", "rulebook": "escap", "status": "decreasing"},
            VERDICT | {"indicator": "j", "goal": "target", "rulebook": "house", "status": "no_data"},
        ]),
        "summary": pd.DataFrame([
            SUMMARY,
            SUMMARY | {"indicator": "j"} | dict.fromkeys(["latest_year", "latest_value", "latest_kind", "series"]),
        ]).astype({"latest_year": "Int64"}),
        "observations": pd.DataFrame([
            {"region": "r", "indicator": "i", "series": "r.i", "year": year, "vintage": f"{year + 1}-02-28"}
            for year in (2014, 2015)
        ]).astype({"year": "Int64"}),
    }  # fmt: skip
    made = sdmx_verdicts(tables, scheme="plan")
    assert list(made) == [*STRUCTURE, *DIMENSIONS, *OTHERS]
    rows = made.drop(columns=list(STRUCTURE)).astype(object).where(made.notna(), None).to_numpy().tolist()
    assert rows[0][:7] == ["plan", "r", "i", "reference", "target", "house", 2015]
    assert rows[0][7:] == [40.5, "P", "%", "lagging", 0.5, 0.25, "auto", "2016-02-28", "s", 2016, 0.75]
    assert [row[11:14] for row in rows[1:3]] == [[0.5, None, None], [0.5, None, None]]
    assert rows[3][6:9] == [2016, None, "O"]


def test_another_reader_of_sdmx_finds_the_same_values(data: Path) -> None:
    (found,) = read_sdmx(data / "verdicts.sdmx.csv").data
    assert str(found.structure) == "Dataflow=XK:VERDICTS(1.0.0)" and found.action.value == "Information"
    rows, verdicts, summary = found.data, cells(data, "verdicts"), cells(data, "summary").set_index("indicator")
    assert len(rows) == len(verdicts) and not rows.duplicated(list(DIMENSIONS)).any()
    same = {"REF_AREA": "region", "INDICATOR": "indicator", "GOAL": "goal", "RULE": "rulebook", "STATUS": "status",
            "AS_OF": "as_of"}  # fmt: skip
    for name, column in same.items():
        assert rows[name].tolist() == verdicts[column].tolist()
    own = rows[(rows["RULE"] == "house") & (rows["GOAL"] == "target")].set_index("INDICATOR")
    for name, column in {"OBS_VALUE": "latest_value", "PROBABILITY": "probability", "UNIT_MEASURE": "unit"}.items():
        assert own[name].tolist() == summary.loc[own.index, column].tolist()
    assert set(own.loc[own["OBS_VALUE"] == "", "OBS_STATUS"]) == {"O"}
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", one) for one in own.loc[own["OBS_VALUE"] != "", "VINTAGE"])
