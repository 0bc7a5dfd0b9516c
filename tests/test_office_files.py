"""Files of offices: right ones give exactly their figures, wrong ones their list; fuzzed ones figures or faults."""

# ruff: noqa: E501  # tables read best as tables
from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from office_files.make import LAYOUTS, Case, Key, layouts_by_formats, make_cases, quirks, tables, together

from xk.readers import OUT, Reading, Store, read_files, read_store

FUZZED = 400
PIECES = [
    "2016年", "指标", "地区", "单位：万元", "年份", "\t", ",", ";", "\n", '"', "①", "…", "-", "1,5", "1.234,5", "%", "‰", "续表", "注：",
    "月", "2016Q1", "<td>", "</tr>", "\ufeff", "\u200b", "0", "9" * 20, "1e400", "#N/A", "NaN", "\0", "区域", "频率", "value",
    "云浮市", "目标值", "(", ")", "\\TIME_PERIOD",
]  # fmt: skip
NAMES = [case.name for case in (*layouts_by_formats(), *quirks(), *tables(), *together())] + [
    "tidy.parquet",
    "damaged.parquet",
]


@pytest.fixture(scope="module")
def store() -> Store:
    return read_store()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    cases = make_cases(tmp_path_factory.mktemp("files"))
    assert len({case.name for case in cases}) == len(cases) >= 80
    return {case.name: case for case in cases}


@pytest.fixture(scope="module")
def folder(corpus: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> Path:
    del corpus
    return tmp_path_factory.getbasetemp() / "files0"


def by_key(rows: pd.DataFrame, column: str) -> dict[Key, object]:
    """Return what stands in a column of the figures that are no evaluations, by region, indicator (or name) and year."""
    if rows.empty:
        return {}
    plain = rows.astype({name: object for name in ("region", "indicator", "name", "kind")})
    plain = plain[plain["kind"] != "evaluation"]
    names = plain["indicator"].where(plain["indicator"] != "", plain["name"])
    return dict(zip(zip(plain["region"], names, plain["year"], strict=True), plain[column], strict=True))


def as_told(reading: Reading, words: Sequence[str]) -> bool:
    """Return whether every word is said by a doubt or remark."""
    return all(any(word in said for said in reading.answer() if said.startswith("? ")) for word in words)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_gives_its_figures_or_its_list(name: str, corpus: dict[str, Case], folder: Path, store: Store) -> None:
    case = corpus[name]
    reading = read_files([folder / name], store=store)
    assert by_key(reading.rows, "value") == case.figures
    assert [words for words, fault in zip(case.faults, reading.faults, strict=True) if words not in str(fault)] == []
    assert as_told(reading, case.doubts)
    notes, units = by_key(reading.rows, "note"), by_key(reading.rows, "unit")
    assert {key: words for key, words in case.notes.items() if words not in str(notes[key])} == {}
    assert {key: unit for key, unit in case.units.items() if units[key] != unit} == {}


def test_the_cells_of_a_layout_are_the_same_in_every_format(
    folder: Path, corpus: dict[str, Case], store: Store
) -> None:
    """云浮市 2016: 31502 stands in the third line and fourth column of ``across``: D3."""
    assert corpus
    for ending in (".csv", ".xlsx", ".xls", ".ods", "_gb.csv", "_utf16.tsv", "_page.xls"):
        reading = read_files([folder / f"across{ending}"], store=store)
        assert by_key(reading.rows, "cell")[("yunfu", "gdp_per_capita", 2016)] == "D3"
        assert by_key(reading.rows, "no")[("yunfu", "gdp_per_capita", 2016)] == "1"


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("tidy", "tidy"), ("across", "years across"), ("down", "years down"), ("nbs", "NBS export"),
        ("nbs_regions", "NBS export by region"), ("nbs_regions_no_head", "years across, regions down"),
        ("yearbook", "yearbook, regions down"), ("world_bank", "World Bank download"), ("owid", "OWID download"),
        ("annex", "plan's annex"), ("regions_across", "yearbook"),
    ],
)  # fmt: skip
def test_the_answer_names_the_layout(
    name: str, layout: str, folder: Path, corpus: dict[str, Case], store: Store
) -> None:
    assert corpus
    first, *_ = read_files([folder / f"{name}.csv"], store=store).layouts
    assert re.search(rf": {re.escape(layout)}, [A-Z]+\d+ to", first)


def test_evaluations_of_the_annex_are_kept_apart(folder: Path, corpus: dict[str, Case], store: Store) -> None:
    assert corpus
    rows = read_files([folder / "annex.xlsx"], store=store).rows.astype({"kind": object})
    assert rows.loc[rows["kind"] == "target", "value"].tolist() == [31502, 34000]
    assert rows.loc[rows["kind"] == "evaluation", ["value", "unit", "note"]].to_numpy().tolist() == [
        [54.3, "", "evaluation"], [58.6, "", "evaluation"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "unit", "read"),
    [
        ("每万人口拥有律师数", "人/万人", 0.5), ("每万人口拥有律师数", "人", 0.5),
        ("每万人口拥有律师数", "人/千人", None), ("每千人口执业（助理）医师数", "人/千人", 0.5),
        ("每千人口执业（助理）医师数", "人/万人", None), ("人均GDP", "万元/人", 5000),
    ],
)  # fmt: skip
def test_heads_of_which_there_are_so_many_are_those_of_the_name(
    name: str, unit: str, read: float | None, tmp_path: Path, store: Store
) -> None:
    """0.5 per 10,000 is 0.5 of what is counted per 10,000, and nothing of what is counted per 1,000."""
    path = tmp_path / "own.csv"
    path.write_text(f"地区,指标,年份,数值,单位\n云浮市,{name},2017,0.5,{unit}\n", encoding="utf-8")
    reading = read_files([path], store=store)
    known = reading.rows[reading.rows["indicator"] != ""]
    assert known["value"].tolist() == ([] if read is None else [read])
    assert ["nor converts to it" in str(fault) for fault in reading.faults] == ([True] if read is None else [])


def test_a_region_is_given_to_tables_that_name_none(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "own.csv"
    path.write_text("年份,人均GDP(元)\n2015,30152\n2016,31502\n", encoding="utf-8")
    without, given = read_files([path], store=store), read_files([path], store=store, region="yunfu")
    assert set(without.rows["region"]) == {""}
    assert as_told(without, ["give --region"])
    assert set(given.rows["region"]) == {"yunfu"}


def test_what_is_written_has_the_columns_of_the_contract(folder: Path, corpus: dict[str, Case], store: Store) -> None:
    assert corpus
    assert OUT == ["region", "indicator", "no", "name", "unit", "year", "value", "file", "sheet", "cell", "note"]
    assert set(OUT) <= set(read_files([folder / "nbs.xls"], store=store).rows)


def test_faults_of_several_files_come_together(folder: Path, corpus: dict[str, Case], store: Store) -> None:
    assert corpus
    paths = [folder / "login.xls", folder / "tidy.csv", folder / "empty.csv"]
    reading = read_files(paths, store=store)
    assert [Path(fault.file).name for fault in reading.faults] == ["login.xls", "empty.csv"]
    assert len(reading.rows) == 4


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Return content with some bytes changed, put in, taken out or repeated."""
    out = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 3, 8, 30])):
        place = rng.randrange(len(out) + 1)
        step = rng.randrange(5)
        if step == 0 and out:
            out[min(place, len(out) - 1)] = rng.randrange(256)
        elif step == 1:
            out[place:place] = rng.choice(PIECES).encode(rng.choice(["utf-8", "gb18030"]))
        elif step == 2:
            del out[place : place + rng.choice([1, 2, 5, 20])]
        elif step == 3:
            out[place:place] = out[place // 2 : place // 2 + rng.choice([3, 10, 50])]
        elif rng.random() < 0.1:
            del out[place:]
    return bytes(out)


def mutated_archive(content: bytes, rng: random.Random) -> bytes:
    """Return an archive one of whose parts has changed within, so that its checksums are right."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return mutated(content, rng)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        target = rng.choice([name for name in old.namelist() if name.endswith(".xml")])
        for name in old.namelist():
            new.writestr(name, mutated(old.read(name), rng) if name == target else old.read(name))
    return out.getvalue()


def changed_figures(reading: Reading, text: str) -> list[tuple[str, float]]:
    """Return the figures without a note whose digits do not stand in the text that was read."""
    plain = reading.rows[reading.rows["note"].astype(object) == ""] if len(reading.rows) else reading.rows
    numbers = {
        float(found)
        for found in re.findall(r"[0-9.]+(?:[eE][+-]?[0-9]+)?", text)
        if re.fullmatch(r"[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+\.", found)
    }
    return [(row.cell, row.value) for row in plain.itertuples() if abs(row.value) not in numbers]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_fuzzed_files_give_figures_or_named_faults(
    seed: int, corpus: dict[str, Case], tmp_path: Path, store: Store
) -> None:
    """Never a traceback, never nothing, and in text never a figure whose digits are not there."""
    rng, books = random.Random(seed), {".xlsx", ".ods", ".xls"}
    texts = [case for case in corpus.values() if Path(case.name).suffix not in books]
    packed = [case for case in corpus.values() if Path(case.name).suffix in books]
    for turn in range(FUZZED):
        case = rng.choice(packed if turn % 20 == 0 else texts)  # a workbook takes a process of its own
        content = mutated_archive(case.content, rng)
        path = tmp_path / f"{turn}_{case.name}"
        path.write_bytes(content)
        reading = read_files([path], store=store)
        assert len(reading.rows) or reading.faults, path.name
        assert all(str(fault) and Path(fault.file.split(" [")[0]).name == path.name for fault in reading.faults), (
            path.name
        )
        if path.suffix == ".csv":
            text = content.decode("utf-8", "ignore") if b"\0" not in content else ""
            folded = text.translate(str.maketrans("０１２３４５６７８９．", "0123456789.")).replace("\u200b", "")
            assert not text or not changed_figures(reading, folded), path.name


def test_layouts_of_the_corpus_are_in_every_format(corpus: dict[str, Case]) -> None:
    assert {f"{name}.xlsx" for name in LAYOUTS} <= set(corpus)
