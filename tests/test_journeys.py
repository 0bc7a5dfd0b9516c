"""From templates to reports, command by command: a region and a programme of one's own, in one language too."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from made_up import ROOT, SmallProject
from test_template import fill

from xk.bench import Question, results_of
from xk.readers import read_files, read_store
from xk.readers.openers import read_sheets
from xk.running.cli import main

NATIONAL = "national-2013"


class Desk:
    """A project in which commands are given and counted."""

    def __init__(self, project: SmallProject) -> None:
        self.project, self.commands = project, 0

    def xk(self, *words: str) -> None:
        """Give a command, which must succeed."""
        self.commands += 1
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.project.root)
            assert main(words) == 0, words

    def fill(self, name: str, figures: Mapping[tuple[str, int], float]) -> None:
        """Type figures, by number of the indicator and year, into a workbook that lies in the project."""
        path = self.project.root / name
        lines = {(row[1], row[4]): line for line, row in enumerate(read_sheets(path)[0].rows, 1)}
        fill(path, {f"H{lines[key]}": value for key, value in figures.items()})

    def page(self, run: str, name: str) -> str:
        """Return a page of the newest run in a folder."""
        return (self.project.root / run / "latest" / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def desk(sound_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a project with notebooks, of its own for this module."""
    folder = tmp_path_factory.mktemp("journey")
    shutil.copytree(sound_tables / "data", folder / "data")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return Desk(SmallProject(folder))


def without_language(folder: Path, lang: str) -> None:
    """Take the columns and keys of a language out of a scheme's files."""
    for path in folder.glob("*.csv"):
        lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
        kept = [place for place, name in enumerate(lines[0]) if not name.endswith(f"_{lang}")]
        path.write_text("".join(",".join(row[place] for place in kept) + "\n" for row in lines), encoding="utf-8")
    toml = folder / "scheme.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(re.sub(rf"^\w+_{lang} = .*\n", "", text, flags=re.M), encoding="utf-8")


@pytest.fixture(scope="module")
def hunan(desk: Desk) -> Desk:
    """Register a new region by its workbook: two commands, one more for a parent that is not known."""
    root = desk.project.root
    desk.xk("template", "region", "--scheme", NATIONAL, "-o", "region.xlsx")
    fill(root / "region.xlsx", {"A3": 430000, "B3": "湖南省", "C3": "Hunan", "D3": "省级", "E3": "全国"})
    assert [fault.message for fault in read_files([root / "region.xlsx"], store=read_store(root)).faults] == [
        "unknown region '全国'"
    ]
    fill(root / "region.xlsx", {"E3": "中国"})
    desk.xk("add", "region.xlsx", "--source", "民政部: 行政区划代码")
    return desk


def test_a_new_region_takes_two_commands_and_no_edit_and_its_figures_two_more(hunan: Desk) -> None:
    """46.4 of 47 is 98.7; a fifth command, xk report, is given for the programme below."""
    assert hunan.commands == 2
    assert hunan.project.read("regions.csv").iloc[-1].to_dict() == {
        "region": "hunan", "code": "430000", "name_zh": "湖南省", "name_en": "Hunan", "level": "province",
        "parent": "china", "tile_row": "", "tile_column": "",
    }  # fmt: skip
    hunan.xk("template", "observations", "--scheme", NATIONAL, "--region", "湖南省", "-o", "forms")
    hunan.fill("forms/observations_hunan.xlsx", {("2", 2016): 44.0, ("2", 2017): 46.4})
    hunan.xk("add", "forms/observations_hunan.xlsx", "--source", "湖南省统计局: 年鉴", "--vintage", "2018-11-01")
    question = Question(scheme=NATIONAL, region="湖南省", as_of=2017)
    line = results_of(question, read_store(hunan.project.root)).line("2")
    assert (line.latest.value, round(line.distance.score, 1)) == (46.4, 98.7)


@pytest.fixture(scope="module")
def toy(hunan: Desk) -> Iterator[Desk]:
    """Make a programme of Chinese names alone for the new region, and its reports in both languages, once."""
    desk = hunan
    desk.commands, folder = 0, desk.project.raw / "schemes" / "province-2031"
    desk.xk("template", "scheme", "--scheme", NATIONAL, "-o", "data/raw/schemes/province-2031", "--region", "湖南省")
    without_language(folder, "en")
    desk.project.replace("schemes/province-2031/offices.csv", "municipal_department", "指挥部办公室")
    desk.xk("check", "--accept")
    desk.xk("template", "observations", "--scheme", "province-2031", "-o", "toy")
    forms = sorted((desk.project.root / "toy").iterdir())
    year = int(str(read_sheets(forms[0])[0].rows[2][4]).partition(".")[0])
    desk.fill(f"toy/{forms[0].name}", {("1", year + 1): 45, ("2", year + 1): 4.5})
    desk.xk("add", f"toy/{forms[0].name}", "--source", "省发展改革委: 填报", "--scheme", "province-2031")
    for lang in ("zh", "en"):
        desk.xk(
            "report",
            "--scheme",
            "province-2031",
            "--region",
            "湖南省",
            "--domain",
            "example",
            "--lang",
            lang,
            "--out",
            f"toy_{lang}",
        )
    yield desk
    shutil.rmtree(folder)
    desk.project.register()


def test_a_new_programme_takes_five_commands_and_one_more_a_language(toy: Desk) -> None:
    """From 40 to 60: 45 of 60 is 75.0."""
    assert toy.commands == 6
    shown = toy.page("toy_zh", "example")
    assert "75.0" in shown and "湖南省" in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_of_one_language_stand_in_every_report(toy: Desk, lang: str) -> None:
    shown = toy.page(f"toy_{lang}", "example")
    for name in ("示例正指标", "示例逆指标", "示例区间指标", "示例单位", "示例方案"):
        assert name in shown, name
    assert not re.search(r"<th[^>]*>\s*</th>|>\s*(nan|None|<NA>)\s*<", shown)


def test_a_programme_in_one_language_is_no_fault_and_is_said(toy: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    toy.xk("check")
    told = capsys.readouterr().out.splitlines()
    assert "province-2031: names in one language only; they stand in every report" in told


def test_english_names_alone_do_too(toy: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    folder = toy.project.root / "mine"
    toy.xk("template", "scheme", "--scheme", NATIONAL, "-o", "mine", "--region", "china")
    without_language(folder, "zh")
    toy.xk("check", "--scheme", "mine")
    assert "mine: names in one language only" in capsys.readouterr().out
    (folder / "offices.csv").write_text("office,name_en,kind\nexample_office,,\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(toy.project.root)
        assert main(["check", "--scheme", "mine"]) == 1
    assert "offices.csv:2: column 'name_en': is empty" in capsys.readouterr().err
