"""Invented provinces: valid by the contract, the same for the same seed, marked as invented wherever they are named."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from synthetic import SCHEME, YEARS, write_province

from xk.bench import Question, methods_of, results_of
from xk.errors import ReportError, UsageError
from xk.readers import Store, read_store
from xk.running.runs import RunResult, run_reports
from xk.running.runs.edition import Extent, build_run


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("province") / "synthetic"
    write_province(folder, 3, seed=7)
    return folder


@pytest.fixture(scope="module")
def store(province: Path) -> Store:
    """Read it: the contract has no fault to find."""
    return read_store(province)


def test_every_region_has_a_figure_a_year(store: Store) -> None:
    scheme = store.scheme(SCHEME)
    assert scheme.regions == ("synthetic_0001", "synthetic_0002", "synthetic_0003")
    measured = (scheme.indicators["direction"] != "composite").sum()
    own = store.observations[store.observations["region"].isin(scheme.regions)]
    assert len(own) == 3 * measured * len(YEARS)


def test_everything_is_marked(store: Store) -> None:
    scheme = store.scheme(SCHEME)
    assert "并非真实" in scheme.name("zh") and "not real" in scheme.name("en")
    named = store.regions[store.regions["region"].isin(scheme.regions)]
    assert named["name_zh"].str.contains("并非真实").all() and named["name_en"].str.contains("not real").all()
    own = store.observations[store.observations["region"].isin(scheme.regions)]
    assert set(own["source_id"]) == {"synthetic"} and set(own["kind"]) == {"estimated"}
    source = store.sources.set_index("source_id").loc["synthetic"]
    assert "并非真实" in source["title"]


def test_regions_differ_and_have_results(store: Store) -> None:
    indices = [
        results_of(Question(scheme=SCHEME, region=region), store).summary["attainment"].mean()
        for region in store.scheme(SCHEME).regions
    ]
    assert len(set(indices)) == 3 and all(0 < index <= 100 for index in indices)


def test_parts_with_figures_of_their_own_are_projected_by_other_methods(store: Store) -> None:
    """A county has figures of the parts, and their whole comes along: without it there would be no weights."""
    question = Question(scheme="synthetic", region="synthetic_0001")
    found = methods_of(question, store, "environment")
    assert found and all("environment_quality_index" in one.results.lines for one in found)


def test_runs_of_one_second_have_names_of_their_own(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xk.running.runs.edition.run_name", lambda _: "20180101T000000Z")
    names = []
    for _ in range(3):
        _, run = build_run(Question(scheme=SCHEME), store, out=tmp_path)
        (tmp_path / run.name).mkdir()
        names.append(run.name)
    assert names == ["20180101T000000Z", "20180101T000000Z-2", "20180101T000000Z-3"]


def test_same_seed_same_figures(tmp_path: Path, province: Path) -> None:
    for name, seed in (("again", 7), ("other", 8)):
        write_province(tmp_path / name, 3, seed=seed)
    figures = Path("data", "raw", "observations", "synthetic.csv")
    expected = (province / figures).read_bytes()
    assert (tmp_path / "again" / figures).read_bytes() == expected != (tmp_path / "other" / figures).read_bytes()


def edition_run(folder: Path, store: Store, regions: str, **question: int) -> RunResult:
    asked = Question.of({"scheme": SCHEME, **question})
    jobs, run = build_run(asked, store, Extent([regions], ["democracy"]), out=folder, name="r")
    return run_reports(jobs, replace(run, workers=2), progress=False)


def test_reports_say_of_what_region_and_years_they_are(
    tmp_path: Path, province: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Title blocks are made where the reports are, with results that the process of a region has computed."""
    monkeypatch.chdir(province)
    result = edition_run(tmp_path, store, "all")
    assert result.failures == {}
    for number in (1, 2, 3):
        page = (result.folder / f"synthetic_{number:04}-democracy.html").read_text(encoding="utf-8")
        assert page.count(f"<dd>合成县{number}（并非真实）</dd>") == 1 and "<dd>2016年</dd>" in page
    summary = pd.read_csv(result.folder / "data" / "summary.csv")
    assert list(summary["region"].unique()) == list(store.scheme(SCHEME).regions)


def test_all_regions_of_a_programme_are_in_no_other_country(store: Store, tmp_path: Path) -> None:
    row = {"region": "norvania", "level": "country", "name_zh": "诺国", "name_en": "Norvania"}
    more = replace(store, regions=pd.concat([store.regions, pd.DataFrame([row])], ignore_index=True))
    jobs, _ = build_run(Question(scheme="national-2013"), more, Extent(["all"], ["economy"]), out=tmp_path)
    assert [job.name for job in jobs] == ["china-economy", "guangdong-economy"]


def test_years_that_cannot_be_are_refused_before_anything_is_written(tmp_path: Path, store: Store) -> None:
    with pytest.raises(UsageError, match=r"\(2016\) is before the last known year \(2017\)"):
        edition_run(tmp_path / "out", store, "all", as_of=2017, to=2016)
    assert not (tmp_path / "out").exists()


def test_data_that_changed_after_they_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_province(tmp_path / "p", 1)
    monkeypatch.chdir(tmp_path / "p")
    store = read_store()
    os.utime(tmp_path / "p" / "data" / "raw" / "regions.csv", (1, 1))
    with pytest.raises(ReportError, match="the data changed just before the run"):
        edition_run(tmp_path / "out", store, "all")
    assert not list((tmp_path / "out").glob("r*"))


def test_no_regions(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs 1 region or more, not 0"):
        write_province(tmp_path / "x", 0)
    assert not (tmp_path / "x").exists()
