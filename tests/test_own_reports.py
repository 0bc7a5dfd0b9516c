"""From six raw files of a bureau to reports with own trends: one command, no edit of data/raw."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from files.bureau import SERIES, YEARS, write_bureau
from made_up import LINES, indicator, points, results, worded

from xk.bench import Question, own_of, results_of, store_of, words_of
from xk.contracts.provenance import sha256_of
from xk.errors import InputError, UsageError
from xk.pipeline.clashes import build_own_figures
from xk.readers import check_own_regions, read_store
from xk.running.cli import main
from xk.running.runs import Run, RunResult
from xk.tables.notes import run_facts
from xk.vocab import OWN_GRADE

DAY = 1_520_000_000
"""2018-03-02, when the files were last changed."""
HEAD = "region,indicator,year,value\n"


def fingerprints(folder: Path) -> dict[str, str]:
    return {str(path): sha256_of(path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project with the six files of a bureau in it, and its reports on one domain by them."""
    folder = tmp_path_factory.mktemp("bureau")
    for name in ("data/raw", "notebooks"):
        shutil.copytree(root / name, folder / name)
    (folder / "in").mkdir()
    files = [f"in/{name}" for name in write_bureau(folder / "in")]
    for name in files:
        os.utime(folder / name, (DAY, DAY))
    before, said = fingerprints(folder / "data"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        patch.chdir(folder)
        assert main(["report", "--observations", *files, "--as-of", "2017", "--domain", "economy"]) == 0
    assert fingerprints(folder / "data") == before
    assert said.getvalue().startswith("2 targets and evaluations are no observations and take no part")
    return folder


@pytest.fixture
def at(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project)
    return project


def table(project: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(project / "reports" / "latest" / "data" / f"{name}.csv", dtype={"no": str})


def test_the_trends_are_own(project: Path) -> None:
    summary = table(project, "summary").set_index("indicator")
    for name in SERIES:
        series = f"yunfu.{name}.own" + ("_2010" if name == "gdp_per_capita" else "")
        row = summary.loc[name]
        assert (row["series"], row["latest_year"], row["latest_value"]) == (series, 2017, SERIES[name][2][-1]), name
        assert (row["trend"], row["trend_series"]) == ("own", series), name
    assert summary.loc["services_share_of_gdp", ["baseline_year", "baseline_value"]].tolist() == [2016, 38.5]


def test_every_figure_stands_with_its_cell_beside_the_published_one(project: Path) -> None:
    own = table(project, "own")
    assert len(own) == len(SERIES) * len(YEARS)
    row = own.set_index(["indicator", "year"]).loc[("services_share_of_gdp", 2016)]
    assert row[["value", "unit", "vintage", "file", "cell", "published", "difference", "use"]].tolist() == [
        38.9, "%", "2018-03-02", "1_国民经济核算.xls", "C5", 38.46, 0.44, "used",
    ]  # fmt: skip
    assert not own[["published_source", "published"]].dropna().empty
    assert own[own["indicator"] == "lawyers_per_10000"]["file"].unique().tolist() == ["4_司法.ods"]


def test_the_page_says_what_it_rests_on(project: Path) -> None:
    html = (project / "reports" / "latest" / "economy.html").read_text(encoding="utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("</head>", 1)[1]))
    assert "自有数据 6个文件" in text
    assert (
        "自有数据：48个数值，来自4个文件" in text and "文件和单元格" in text and " 3_科技年鉴.xlsx Sheet1 B10" in text
    )
    assert re.search(r"2016 38\.9 38\.46 \+0\.44 1_国民经济核算\.xls C5", text)
    assert re.search(r"2016 64 64 相同", text)
    assert str(project) not in html


def test_files_are_inputs_as_they_were_named(project: Path) -> None:
    manifest = json.loads((project / "reports" / "latest" / "manifest.json").read_text(encoding="utf-8"))
    files = sorted(f"in/{path.name}" for path in (project / "in").iterdir())
    assert manifest["parameters"]["observations"] == files
    assert {name: manifest["inputs"][name] for name in files} == {
        name: sha256_of((project / name).read_bytes()) for name in files
    }
    notebook = (project / "reports" / "latest" / "notebooks" / "economy.ipynb").read_text(encoding="utf-8")
    assert "2_信息化.csv" in notebook and str(project) not in notebook


def test_the_run_is_made_again_from_the_same_files(
    at: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[Run] = []

    def make(_: object, run: Run) -> RunResult:
        runs.append(run)
        return RunResult(at, ())

    monkeypatch.setattr("xk.running.cli.reports.run_reports", make)
    monkeypatch.setattr("xk.running.cli.reports.compare_runs", lambda *_: [])
    assert main(["verify", "reports/latest", "--again"]) == 0
    assert [name for name in runs[0].inputs if name.startswith("in/")] == runs[0].about["observations"]
    hidden = (at / "in" / "2_信息化.csv").rename(at / "in" / "hidden.csv")
    assert main(["verify", "reports/latest", "--again"]) == 1
    hidden.rename(at / "in" / "2_信息化.csv")
    assert "in/2_信息化.csv: there is no such file" in capsys.readouterr().err


def test_faulty_files_are_told_before_anything_is_made(
    at: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    faulty = tmp_path / "faulty.csv"
    faulty.write_text(HEAD + "yunfu,services_share_of_gdp,2017,385\n", encoding="utf-8")
    asked = ["report", "--out", str(tmp_path / "out"), "--as-of", "2017", "--observations"]
    assert main([*asked, str(faulty), "none.csv", "in/4_司法.ods"]) == 1
    said = capsys.readouterr().err
    assert "none.csv: there is no such file" in said and "385 lies outside the natural bounds" in said
    faulty.write_text(HEAD + "luoding,services_share_of_gdp,2017,38\n", encoding="utf-8")
    assert main([*asked, str(faulty)]) == 2
    assert "no row of region 'yunfu'; its regions: luoding" in capsys.readouterr().err
    assert main([*asked, "in/2_信息化.csv", "--region", "yunfu", "luoding"]) == 2
    assert "in/2_信息化.csv: a table names no region; of several regions say in the file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists() and at.is_dir()


# the data of a question


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a file with a figure of Yunfu, and one of Luoding that was released in 2019."""
    path = tmp_path / "own.csv"
    path.write_text(
        "region,indicator,year,value,vintage\nyunfu,2,2016,41,\nluoding,doctors_per_1000,2016,2,2019-01-01\n",
        encoding="utf-8",
    )
    os.utime(path, (DAY, DAY))
    return path


@pytest.mark.usefixtures("at")
def test_the_same_files_are_read_once_whatever_the_region(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(Question(observations=[str(own)]))
    monkeypatch.setattr("xk.readers.own_figures.read_files", None)
    assert store_of(Question("economy", observations=[str(own)], region="luoding", lang="en")) is store
    assert store.observations["series"].isin(["yunfu.services_share_of_gdp.own"]).sum() == 1
    assert store_of(Question()) is read_store()
    own.touch()
    with pytest.raises(TypeError):
        store_of(Question(observations=[str(own)]))


@pytest.mark.usefixtures("at")
def test_a_table_that_names_no_region_is_of_the_one_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "nameless.csv"
    path.write_text("年份,服务业增加值占GDP比重(%)\n2015,30\n2016,31\n", encoding="utf-8")
    found = {
        region: store_of(Question(observations=[str(path)], region=region)) for region in (None, "云浮市", "guangdong")
    }
    regions = {region: set(store.own.frame["region"]) for region, store in found.items() if store.own}
    assert regions == {None: {"yunfu"}, "云浮市": {"yunfu"}, "guangdong": {"guangdong"}}
    assert found[None] is found["云浮市"]
    with pytest.raises(UsageError, match="a table names no region"):
        check_own_regions(found[None], ["yunfu", "guangdong"])


@pytest.mark.usefixtures("at")
def test_other_data_than_the_questions_are_refused(own: Path) -> None:
    question = Question(observations=[str(own)])
    with pytest.raises(UsageError, match="take store_of"):
        results_of(question, read_store())
    with pytest.raises(UsageError, match="take store_of"):
        results_of(Question(), store_of(question))


@pytest.mark.usefixtures("at")
def test_figures_released_later_do_not_count(own: Path) -> None:
    """All but 50 figures were read in 2026; of the own ones that of Luoding is of 2019, the other as the question."""
    everything, question = read_store(), Question(observations=[str(own)], vintage="2018-12-31", region="yunfu")
    store = store_of(question)
    assert store.own is not None and store.own.frame["vintage"].tolist() == ["2018-12-31", "2019-01-01"]
    assert store.observations["vintage"].max() == "2018-12-31"
    assert len(store.observations) == (everything.vintages["vintage"] <= "2018-12-31").sum() + 1
    assert own_of(question, store)["use"].tolist() == ["used"]
    luoding = own_of(replace(question, region="luoding", as_of=2016), store_of(replace(question, region="luoding")))
    assert luoding["use"].tolist() == ["released"]
    with pytest.raises(UsageError, match="'2018-13-01' is no day of release"):
        Question(vintage="2018-13-01")
    with pytest.raises(InputError, match="a figure of 2016, which had not come in 2014"):
        store_of(Question(observations=[str(own)], vintage="2014-12-31"))
    first = everything.vintages["vintage"].min()
    with pytest.raises(UsageError, match=f"no figure was released by 2014-12-31; the first was on {first}"):
        store_of(Question(vintage="2014-12-31"))
    store_of(Question(vintage=first))


@pytest.mark.usefixtures("at")
def test_the_day_of_a_file_is_no_date_of_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of release that the file names is one; else the newest of the published figures counts."""
    monkeypatch.setattr("xk.readers.office_files.last_day", lambda: "2099-12-31")
    for more, head, issued in ((",2099-05-01", ",vintage", "2099-05-01"), ("", "", None)):
        path = tmp_path / f"own{len(more)}.csv"
        path.write_text(HEAD.replace("\n", f"{head}\n") + f"yunfu,services_share_of_gdp,2017,42.1{more}\n")
        os.utime(path, (4_000_000_000, 4_000_000_000))  # 2096-10-02
        question = Question(observations=[str(path)], as_of=2017)
        store = store_of(question)
        words = words_of(question, store, results_of(question, store))
        assert run_facts(words, store=store)["发布日期"] == (issued or words.results.released) != "2096-10-02"


@pytest.mark.usefixtures("at")
def test_the_newest_of_two_vintages_counts_unless_another_is_asked_for() -> None:
    store = read_store()
    first = store.vintages[store.vintages["series"] == "yunfu.lawyers_per_10000.plan"]
    both = pd.concat([store.vintages, first.assign(value=0.6, vintage="2019-05-01")], ignore_index=True)
    revised = replace(store, vintages=both)
    found = {day: store_of(Question(vintage=day), revised).observations for day in ("2018-12-31", "2019-12-31")}
    values = {day: rows.loc[rows["series"].isin(first["series"]), "value"].tolist() for day, rows in found.items()}
    assert values == {"2018-12-31": [0.4], "2019-12-31": [0.6]}


# which series serves


LEVEL = [
    indicator("plain", "1", unit="元", upper_bound="", baseline_year=2016, baseline_value=40, target_value=60,
              baseline_kind="observed"),
    *LINES[1:],
]  # fmt: skip
PUBLISHED = points("city", "plain", {2014: 30, 2015: 35, 2016: 40}, unit="元")


@pytest.mark.parametrize(
    ("own", "published", "trend", "ahead"),
    [
        # published: 5 a year, 45 in 2017; 54 is 1.2 times that: 36, 42, 48, then 54 and 6 a year to 72
        ({2017: 54}, True, "city.plain", 72),
        # four are too few beside a published trend
        ({2014: 51, 2015: 52, 2016: 53, 2017: 54}, True, "city.plain", 72),
        # five lead by themselves, 1 a year
        ({2013: 50, 2014: 51, 2015: 52, 2016: 53, 2017: 54}, True, "city.plain.own", 57),
        # so do three beside nothing
        ({2015: 52, 2016: 53, 2017: 54}, False, "city.plain.own", 57),
    ],
)
def test_own_figures_give_the_level_and_the_trend_where_they_are_enough(
    own: dict[int, float], published: bool, trend: str, ahead: float
) -> None:
    mine = points("city", "plain", own, unit="元", series="city.plain.own", definition="plain.own", grade=OWN_GRADE)
    found = results(pd.concat([PUBLISHED, mine] if published else [mine], ignore_index=True), LEVEL, as_of=2017)
    line = found.line("plain")
    assert (line.latest.year, line.latest.value, line.line.baseline_value) == (2017, 54, 40)
    assert (line.trend.kind, line.trend.series) == ("own", trend)
    assert line.outlook.value == pytest.approx(ahead)


MINE = {"unit": "元", "grade": OWN_GRADE}
RELEASED = points("city", "plain", {year: year - 1963 for year in range(2013, 2018)}, series="city.plain.a",
                  definition="plain.a", vintage="2018-03-15", **MINE)  # fmt: skip
"""50 to 54 in 2013 to 2017: 1 a year, 57 in 2020."""


@pytest.mark.parametrize(
    ("corrected", "level", "ahead"),
    [
        # of the same year the newest word counts, and the longer own series brings its trend: 57 x 60 / 54
        ({2017: 60, "vintage": "2018-12-01"}, 60, 57 * 60 / 54),
        ({2017: 60, "vintage": "2018-01-01"}, 54, 57),
        # a newer word about a year before is of no later year
        ({2016: 60, "vintage": "2018-12-01"}, 54, 57),
    ],
)
def test_of_own_series_the_newest_word_of_the_latest_year_counts(corrected: dict, level: float, ahead: float) -> None:
    values = {year: value for year, value in corrected.items() if year != "vintage"}
    other = points("city", "plain", values, series="city.plain.b", definition="plain.b",
                   vintage=corrected["vintage"], **MINE)  # fmt: skip
    for parts in ([RELEASED, other], [other, RELEASED], [PUBLISHED, other, RELEASED]):
        line = results(pd.concat(parts, ignore_index=True), LEVEL, as_of=2017).line("plain")
        assert (line.latest.value, line.trend.kind) == (level, "own")
        assert line.outlook.value == pytest.approx(ahead)


def test_three_own_figures_go_before_what_others_lend() -> None:
    """51 to 54 in 2014 to 2017 are 57 in 2020; the province doubles each year; the plan has its baseline alone."""
    mine = points("city", "plain", {year: year - 1963 for year in range(2014, 2018)}, series="city.plain.a",
                  definition="plain.a", **MINE)  # fmt: skip
    base = points("city", "plain", {2016: 40}, unit="元")
    above = points("province", "plain", {2014: 10, 2015: 20, 2016: 40, 2017: 80}, unit="元")
    line = results(pd.concat([base, mine, above], ignore_index=True), LEVEL, as_of=2017).line("plain")
    assert (line.trend.kind, line.trend.region, line.trend.series) == ("own", "", "city.plain.a")
    assert line.outlook.value == pytest.approx(57)
    # one that ends a year before the published level lends its pace: 52, 53, 54 in 2017 to 57; 40 is brought along
    base = points("city", "plain", {2017: 40}, unit="元")
    mine = mine[mine["year"] < 2017]
    line = results(pd.concat([base, mine, above], ignore_index=True), LEVEL, as_of=2017).line("plain")
    assert (line.trend.kind, line.trend.region, line.latest.value) == ("own", "city", 40)
    assert line.outlook.value == pytest.approx(40 * 57 / 54)


def test_own_figures_that_end_before_the_published_ones_are_shown_and_do_not_serve() -> None:
    mine = points("city", "plain", {2015: 99}, unit="元", series="city.plain.own", grade=OWN_GRADE)
    found = results(pd.concat([PUBLISHED, mine], ignore_index=True), LEVEL, as_of=2016)
    assert (found.line("plain").latest.year, found.line("plain").latest.value) == (2016, 40)
    rows = build_own_figures(
        found, mine.assign(file="a.csv", sheet="", cell="D2"), PUBLISHED, counted=pd.Series(True, mine.index)
    )
    assert rows[["value", "published", "difference", "use"]].to_numpy().tolist() == [[99, 35, 64, "aside"]]


def test_an_own_figure_is_called_one_where_nothing_is_known_of_its_scope() -> None:
    """54 of 60 in 2020, the plan's 40 of 2016 is of another series."""
    words = {
        "该数值为自有数据，基期（2016年40）取自方案": {"series": "city.plain.own", "grade": OWN_GRADE},
        "该数值是修订后或另一口径的数值，与基期（2016年40）不相接": {"series": "city.plain.b"},
    }
    for said, more in words.items():
        found = results(points("city", "plain", {2020: 54}, unit="元", **more), LEVEL, as_of=2020)
        assert said in worded(found).reason(found.line("plain").verdict.why, found.line("plain"))
