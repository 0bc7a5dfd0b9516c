"""The main job as its user does it: make the reports of the plan, then read them back."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from xk.running.cli import main
from xk.running.runs import list_runs

DOMAINS = ("economy", "democracy", "culture", "livelihood", "environment")
REPORTS = {"overview", *DOMAINS, "circular", "projection_review"}
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def run(plan_run: Callable[[str], Path]) -> Path:
    """Make the reports in Chinese and return the folder of the run."""
    return plan_run("zh").resolve()


def page(run: Path, name: str) -> str:
    return (run / f"{name}.html").read_text(encoding="utf-8")


def words_of(html: str) -> str:
    """Return the text of a page without its marks."""
    body = html.split("</head>", 1)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ")


def test_everything_is_there(run: Path) -> None:
    assert {path.stem for path in run.glob("*.html")} == REPORTS | {"index"}
    assert {path.name for path in run.iterdir()} >= {"tables.xlsx", "data", "manifest.json", "notebooks"}
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["exit_status"] == 0 and set(manifest["reports"]) == REPORTS
    assert "data/raw/schemes/yunfu-2020/indicators.csv" in manifest["inputs"]
    assert (run.parent / "index.html").is_file()
    assert ">data/" not in (run / "index.html").read_text(encoding="utf-8"), "files are named by what they are"


def test_pages_are_small_and_ask_for_nothing(run: Path) -> None:
    for path in run.glob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert len(html.encode()) <= (1.5 if path.stem == "overview" else 1.0) * MEGABYTE, path.name
        assert "<script" not in html and "http-equiv" in html
        # addresses of sources are text, never something that the page loads
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html), path.name


@pytest.mark.parametrize("domain", DOMAINS)
def test_domain_report_has_all_parts(run: Path, domain: str) -> None:
    html = page(run, domain)
    for anchor in ("key-points", "summary", "gaps", "trajectories", "unknown", "tasks", "method", "sources"):
        assert f'id="{anchor}"' in html, anchor
    assert 'class="xk-tiles"' in html and "推算方法" in html and "<figcaption>" in html


def test_every_indicator_of_the_plan_has_its_line(run: Path, root: Path) -> None:
    indicators = pd.read_csv(root / "data" / "raw" / "schemes" / "yunfu-2020" / "indicators.csv", dtype=str)
    for row in indicators.itertuples():
        assert f"{row.no} {row.name_zh}" in words_of(page(run, str(row.domain))), row.no


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("livelihood", "未说明数值按何种价格计算，目标值按2010年不变价计算"),
        ("economy", "目标100%是指数"),
        ("economy", "53（2016年，估计值）"),
        ("livelihood", "9.6（2014年）"),
        ("livelihood", "≥100（2018年底前）"),
        ("livelihood", "94.66"),
        ("democracy", "2017—2020年每年≤1"),
        ("culture", "≥110"),
        ("environment", "≤125.4（力争≤80）"),
        ("environment", "没有给出数值"),
        ("livelihood", "方案未给出目标值"),
        ("environment", "农村生活饮用水水质达标率"),
        ("environment", "湿地公园"),
        ("overview", "102.6826"),
        ("overview", "30679"),
        ("circular", "市发展改革局"),
        ("projection_review", "95%区间"),
    ],
)
def test_what_the_plan_leaves_open_is_said(run: Path, name: str, expected: str) -> None:
    assert expected in words_of(page(run, name))


def test_figures_in_the_report_are_those_of_the_tables(run: Path) -> None:
    summary = pd.read_csv(run / "data" / "summary.csv", dtype={"no": str}).set_index("no")
    assert summary.loc["2", "attainment"] == pytest.approx(3846 / 56)
    text = words_of(page(run, "economy"))
    # 38.46 of 56 is 68.68 %, shown with one decimal; (56 - 38.46) / 4 = 4.385 a year, (56/38.46)^(1/4) - 1 = 9.85 %:
    # what is required is rounded up
    assert "38.46（2016年）" in text and "68.7" in text and "+4.39" in text and "+9.9%" not in text
    assert f"{summary.loc['2', 'projected_value']:.2f}" in text
    assert f"{summary.loc['6', 'projected_value']:.2f}（参照广东省）" in text


def test_price_indices_that_convert_are_among_the_sources(run: Path) -> None:
    sources = words_of(page(run, "overview").split('id="sources"', 1)[1].join(["</head>", ""]))
    for named in ("云浮市由名义值与不变价增速推得的GDP平减指数", "中国由名义收入与不变价收入推得的居民消费价格指数"):
        assert sources.count(named) == 1


def test_no_value_that_is_none_is_shown(run: Path) -> None:
    for name in REPORTS:
        assert not re.search(r"(?<![A-Za-z])(nan|NaN|None|NaT|<NA>)(?![A-Za-z])", words_of(page(run, name))), name


def test_english_reports_hold_no_chinese_words(root: Path, plan_run: Callable[[str], Path]) -> None:
    text = words_of(page(plan_run("en"), "economy"))
    assert "Services value added as share of GDP" in text and "lagging" in text
    # names of publications and publishers stay as they were published; an estimate is quoted as the plan has it
    published = (root / "data" / "raw" / "sources.csv").read_text(encoding="utf-8") + "云府预计"
    assert [run for run in re.findall(r"[\u4e00-\u9fff]+", text) if run not in published] == []


def report(out: Path, *more: str) -> int:
    return main(["report", "--out", str(out), "--domain", "democracy", "culture", *more])


def latest(out: Path) -> Path:
    return out / (out / "latest").readlink()


@pytest.fixture(scope="module")
def before(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two reports as of the plan's own year and return the folder of the run."""
    out = tmp_path_factory.mktemp("before")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert report(out, "--as-of", "2016") == 0
    return latest(out)


@pytest.fixture
def out(before: Path, tmp_path: Path) -> Path:
    """Return a copy of the folder of that run, to write into."""
    return shutil.copytree(before.parent, tmp_path / "out", symlinks=True)


@pytest.fixture
def at_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of data and notebooks to break."""
    for name in ("data/raw", "notebooks"):
        shutil.copytree(root / name, tmp_path / "project" / name)
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def test_failing_notebook_leaves_the_others_and_latest(
    project: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = latest(out)
    notebook = project / "notebooks" / "reports" / "domain.ipynb"
    content = json.loads(notebook.read_text(encoding="utf-8"))
    cell = next(cell for cell in content["cells"] if cell["id"] == "gaps")
    cell["source"] = ['charts.show_gaps(words, {"culture": "cultrue"}.get(domain, domain))']
    notebook.write_text(json.dumps(content), encoding="utf-8")
    assert report(out) == 3
    said = capsys.readouterr().err
    assert "culture: failed" in said and "did you mean 'culture'" in said
    assert latest(out) == good
    (bad,) = [path for path in out.iterdir() if path.is_dir() and not path.is_symlink() and path.name != good.name]
    assert (bad / "notebooks" / "culture.failed.ipynb").is_file() and (bad / "notebooks" / "democracy.ipynb").is_file()
    assert "未能生成" in page(bad, "culture") and "每万人口拥有律师数" in page(bad, "democracy")


def test_faulty_tables_make_no_report(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = project / "data" / "raw" / "observations" / "yunfu.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("38.5", "38.5%", 1), encoding="utf-8")
    assert report(project / "out") == 1
    assert "yunfu.csv:3: column 'value': '38.5%'" in capsys.readouterr().err
    assert not (project / "out").exists()


@pytest.mark.usefixtures("at_root")
def test_two_regions_in_one_run(tmp_path: Path) -> None:
    command = ["report", "--scheme", "national-2013", "--region", "all", "--as-of", "2016", "--out", str(tmp_path)]
    assert main([*command, "--domain", "economy"]) == 0
    run = latest(tmp_path)
    assert {path.stem for path in run.glob("*.html")} == {"china-economy", "guangdong-economy", "index"}
    assert set(pd.read_csv(run / "data" / "summary.csv")["region"]) == {"china", "guangdong"}


@pytest.mark.usefixtures("at_root")
def test_scenario_file_reaches_the_report_and_no_browser_stops_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a browser there is no PDF, which is told, and all the rest."""
    path, out = tmp_path / "faster.toml", tmp_path / "out"
    path.write_text(
        'name = "faster"\ntitle_zh = "提速情景"\ntitle_en = "Faster"\n[indicators.lawyers_per_10000]\nreach = true\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("XK_CHROMIUM", "no-such-browser")
    assert report(out, "--scenario", str(path), "--pdf") == 3
    assert "no-such-browser" in capsys.readouterr().err
    run = latest(out)
    assert (run / "culture.html").is_file() and not list(run.glob("*.pdf"))
    assert "提速情景" in words_of(page(run, "democracy"))
    results = pd.read_csv(run / "data" / "results.csv")
    assert set(results["scenario"]) == {"faster"} and "scenario" in set(results["kind"])


@pytest.mark.usefixtures("at_root")
def test_runs_are_listed_verified_and_made_again(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = latest(out)
    assert main(["runs", "--out", str(out)]) == 0
    assert re.search(rf"\* {run.name}  2/2  ", capsys.readouterr().out)
    assert main(["verify", str(run), "--again"]) == 0
    assert "as it was made, and as it would be" in capsys.readouterr().out
    (run / "culture.html").write_text("changed", encoding="utf-8")
    assert main(["verify", str(run)]) == 1
    assert "culture.html was changed" in capsys.readouterr().out
    assert main(["verify", str(out / "nothing")]) == 2


def test_diff_tells_what_a_new_figure_changed(project: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = latest(out)
    raw = project / "data" / "raw"
    table = raw / "observations" / "yunfu.csv"
    line = "yunfu,lawyers_per_10000,2017,2.5,人,,observed,plan_yunfu_2018_10,yunfu.lawyers_per_10000.plan\n"
    line = line.replace(",2017,", ",2017,2018-02-26,")
    old = hashlib.sha256(table.read_bytes()).hexdigest()
    table.write_text(table.read_text(encoding="utf-8") + line, encoding="utf-8")
    sources = (raw / "sources.csv").read_text(encoding="utf-8")
    (raw / "sources.csv").write_text(
        sources.replace(old, hashlib.sha256(table.read_bytes()).hexdigest()), encoding="utf-8"
    )
    assert report(out, "--as-of", "2017") == 0
    after = out / list_runs(out)[0].name
    capsys.readouterr()
    assert main(["diff", str(before), str(after)]) == 0
    said = capsys.readouterr().out
    assert "每万人口拥有律师数" in said and "2.5" in said and "已达标" in said
    assert main(["diff", str(before), str(after), "--lang", "en"]) == 0
    assert "no trend → met; to be held" in capsys.readouterr().out
