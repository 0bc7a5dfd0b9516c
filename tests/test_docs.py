"""The documentation: both languages say the same, commands run, worked examples come out, the site builds."""

from __future__ import annotations

import doctest
import importlib.util
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType, SimpleNamespace

import nbformat
import pytest
import xlsxwriter
from made_up import ROOT, fill, own_figures, results

from xk import theme
from xk.arithmetic.projection import METHODS
from xk.contracts.declarations import read_contracts
from xk.running.cli import build_parser, main
from xk.running.kernels.parameters import notebook_parameters
from xk.running.report.dictionary import column_words, head_in
from xk.vocab import LANGUAGES

DOCS = ROOT / "docs"
MADE = {"cli", "api", "dictionary"}
"""Pages that `make docs` makes."""
IN_ENGLISH = {"architecture", "dependencies"}
"""Pages for developers."""


def pages(lang: str) -> dict[str, Path]:
    """Return the pages of a language by name."""
    return {path.stem: path for path in sorted((DOCS / lang).glob("*.md")) if path.stem not in MADE}


def blocks(text: str, *kinds: str) -> list[str]:
    """Return the fenced blocks of some kinds."""
    return [body for kind, body in re.findall(r"^```(\w*)[^\n]*\n(.*?)^```$", text, re.M | re.S) if kind in kinds]


def plain(text: str) -> str:
    """Return a page without blocks, pictures, addresses and names of files and code."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    return re.sub(r"`[^`]*`|\]\([^)]*\)|https?://\S+", "", text)


def numbers(text: str) -> Counter[str]:
    """Return the figures in a text, thousands written in one way; 每千 and 万元 have none in Chinese."""
    text = re.sub(r"per 1[\d,]+|1[\d,]+ (?=yuan|persons)", "", plain(text))
    found = re.findall(r"\d[\d,]*(?:\.\d+)?", text.replace("，", ", "))
    return Counter(one.replace(",", "").rstrip(".") for one in found)


def same_words(command: str) -> str:
    """Return a command without what each language says in its own words."""
    return re.sub(r"\s+#.*|\"[^\"]*\"", "", command)


SHARED = sorted(set(pages("zh")) & set(pages("en")))


def test_every_page_is_there_in_every_language() -> None:
    assert SHARED and {lang: sorted(set(pages(lang)) - IN_ENGLISH) for lang in LANGUAGES} == dict.fromkeys(
        LANGUAGES, SHARED
    )


@pytest.mark.parametrize("name", SHARED)
def test_both_languages_say_the_same(name: str) -> None:
    """Headings in the same order of levels, the same commands and code, the same tables, the same figures."""
    zh, en = (pages(lang)[name].read_text(encoding="utf-8") for lang in ("zh", "en"))
    levels = [re.findall(r"^(#+) ", re.sub(r"^```.*?^```$", "", one, flags=re.M | re.S), re.M) for one in (zh, en)]
    assert levels[0] == levels[1]
    code = [[same_words(one) for one in blocks(page, "sh", "python", "toml", "csv", "console")] for page in (zh, en)]
    assert code[0] == code[1]
    assert len(re.findall(r"^\|", zh, re.M)) == len(re.findall(r"^\|", en, re.M))
    assert numbers(zh) - numbers(en) == numbers(en) - numbers(zh) == Counter()


@pytest.mark.parametrize("name", SHARED)
def test_english_pages_hold_no_chinese_sentences(name: str) -> None:
    """Names of things may be Chinese; a whole line is not."""
    text = re.sub(r"^(\||```).*", "", pages("en")[name].read_text(encoding="utf-8"), flags=re.M)
    assert not re.search(r"[一-鿿][^\n]*。", plain(text))


LINKED = [*(path for lang in LANGUAGES for path in pages(lang).values()), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page as GitHub and MyST make them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


ELSEWHERE = {"source", "pip", "conda", "git", "bash", "dask", "mkdir", "cp", "python", "sha256sum"}
"""Programs of others, or with tests of their own."""
SERVERS = {"lab", "app"}
PAPERMILL = re.compile(r"papermill (?:--engine xk )?(notebooks/\S+) \S+(.*)")


class Desk:
    """A project folder in which pages are followed word by word."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.said, self.done = folder, "", set[str]()

    def follow(self, page: str) -> None:
        """Type tables into workbooks, keep files, run commands, look for what the page says that they say."""
        for piece in re.split(r"(^```\w+\n.*?^```$|(?:^\|[^\n]*\n)+)", page, flags=re.M | re.S):
            if piece.startswith("| `"):
                self.type(piece)
            for toml in blocks(piece, "toml"):
                name = re.search(r'^name = "(\w+)"', toml, re.M)
                assert name, toml
                (self.folder / f"{name[1]}.toml").write_text(toml, encoding="utf-8")
            lines = "\n".join(blocks(piece, "sh")).replace("\\\n", " ").splitlines()
            for command in (one for line in lines for one in line.split(" && ")):
                self.run(re.sub(r"^(\w+=\S+ )+", "", command))
            for line in "\n".join(blocks(piece, "text")).splitlines():
                assert line in self.said, f"{line}\n--- is not in ---\n{self.said}"

    def type(self, table: str) -> None:
        """Type a table whose heads are a file's name and letters of columns, into a form or a new workbook."""
        head, _, *rows = ([cell.strip() for cell in line.strip("| ").split("|")] for line in table.strip().splitlines())
        path = self.folder / head[0].strip("`")
        if path.suffix != ".xlsx":
            return
        cells = {
            f"{column}{row[0]}": float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell
            for row in rows
            for column, cell in zip(head[1:], row[1:], strict=False)
            if cell
        }
        if path.exists():
            return fill(path, cells)
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for place, cell in cells.items():
                sheet.write(place, cell)

    def run(self, command: str) -> None:
        """Run one command of the shell, which must succeed; what stands on another page too runs once."""
        program, *words = shlex.split(command, comments=True) or ["#"]
        if program == "cd":
            self.folder /= words[0]
        elif program == "make":
            assert all(f"\n{word}:" in MAKEFILE for word in words if "=" not in word), command
        elif found := PAPERMILL.match(command):
            given = {one.split()[0] for one in found[2].partition("#")[0].split("-p ")[1:]}
            assert given <= set(notebook_parameters(nbformat.read(ROOT / found[1], as_version=4))), command
        elif program == "xk" and words[0] in SERVERS:
            build_parser().parse_known_args(words)
        elif program == "xk" and (command not in self.done or words[0] in ("init", "read")):
            self.done.add(command)
            for start, typed in TYPED.items():
                for path in self.folder.glob(typed[0] if command.startswith(start) else "*none"):
                    fill(path, typed[1])
            self.xk(words)
        else:
            assert program in {*ELSEWHERE, "#", "xk"}, command

    def xk(self, words: list[str]) -> None:
        """Give a command to xk in this process, stars spelled out."""
        words = [word.replace("/srv/", f"{self.folder}/") for word in words]
        spelled = [
            path for word in words for path in (sorted(map(str, self.folder.glob(word))) if "*" in word else [word])
        ]
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(out):
            patch.chdir(self.folder)
            status = main(spelled)
        self.said = out.getvalue()
        assert status == 0, f"{words}\n{self.said}"


MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TYPED: dict[str, tuple[str, dict[str, float | str]]] = {
    'xk add region.xlsx --source "民政部': (
        "region.xlsx", {"A3": 441284, "B3": "四会市", "C3": "Sihui", "D3": "县级", "E3": "肇庆市"},
    ),
    "xk add forms/observations_sihui.xlsx": ("forms/observations_sihui.xlsx", {"H4": 38500}),
    "xk add forms_2031/": ("forms_2031/*.xlsx", {"H4": 45}),
    "xk add tasks.xlsx": ("tasks.xlsx", {"H3": 60, "I3": "2018-06-30", "J3": "云商务〔2018〕3号"}),
}  # fmt: skip
"""Start of a command -> the forms that an office fills in before it, and what it types."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a clean project folder in which the tutorial was followed, to the last step."""
    found = Desk(tmp_path_factory.mktemp("desk"))
    found.follow(pages("zh")["tutorial"].read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
def test_the_tutorial_word_by_word(desk: Desk) -> None:
    """In Chinese; the reports in English are the same command."""
    page = (desk.folder / "reports/latest/economy.html").read_text(encoding="utf-8")
    assert "甲市" in page and "38.5" in page


@pytest.mark.slow
def test_the_english_table_is_understood_as_the_tutorial_says(desk: Desk) -> None:
    """In the folder of the Chinese one, where the region is known; the commands are the same."""
    page = pages("en")["tutorial"].read_text(encoding="utf-8")
    (desk.folder / "bureau.xlsx").unlink()
    desk.follow("## 3." + page.partition("## 3.")[2].partition("`xk read` writes")[0])
    assert "Tertiary share" in desk.said


FOLLOWED = {name: path for name, path in pages("zh").items() if name not in ("tutorial", "releasing")}


@pytest.mark.slow
@pytest.mark.parametrize("page", [ROOT / "README.md", *FOLLOWED.values()], ids=lambda page: page.stem)
def test_every_command_runs(desk: Desk, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the tutorial's folder. Reports are asked for and resolved; what reckons them and makes pages ran there."""

    def asked(jobs: list[object], _run: object) -> SimpleNamespace:
        return SimpleNamespace(folder=Path("reports"), outcomes=jobs, failures={}, note="", exit_status=0)

    monkeypatch.setattr("xk.running.cli.reports.run_reports", asked)
    monkeypatch.setattr("xk.running.cli.reports.results_of", lambda *_: results(own_figures()))
    for ahead in ("firmness_of", "scenarios_of"):  # answered for the pages, before these are forked
        monkeypatch.setattr(f"xk.bench.{ahead}", lambda *_: {})
    shutil.copy(desk.folder / "bureau.xlsx", desk.folder / "统计局.xlsx")
    (desk.folder / "环保局.csv").write_text("指标,年份,数值\n森林覆盖率,2018,68.2\n", encoding="gb18030")
    home = desk.folder
    desk.follow(page.read_text(encoding="utf-8"))
    desk.folder = home


@pytest.mark.parametrize("name", SHARED)
def test_worked_examples_come_out(name: str) -> None:
    """Both languages have the same code, so one is reckoned."""
    page = pages("en")[name].read_text(encoding="utf-8")
    examples = [one for one in blocks(page, "python") if ">>>" in one]
    test = doctest.DocTestParser().get_doctest("\n".join(examples), {}, name, name, 0)
    assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0


@pytest.fixture(scope="module")
def site() -> ModuleType:
    """Return the builder of the site."""
    spec = importlib.util.spec_from_file_location("build_site", DOCS / "build_site.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_option_is_told_in_chinese(site: ModuleType) -> None:
    """A new help text needs its line in docs/help.csv, one that is gone takes its line along."""
    assert set(site.two_columns("help.csv")) == site.help_texts()


def test_every_column_of_the_contracts_is_told() -> None:
    own = column_words()
    columns = {
        f"{table}.{re.sub(r'_(zh|en)$', '', name)}" for table, one in read_contracts().items() for name in one.columns
    }
    assert {name for name in own if "." in name} <= columns
    assert {name for name in own if "." not in name} <= {name.partition(".")[2] for name in columns}
    for table, column in (name.split(".") for name in columns):
        assert all(head_in(table, column, lang) for lang in LANGUAGES)


def test_references_name_every_command_and_call(site: ModuleType) -> None:
    import xk

    for lang in LANGUAGES:
        assert all(f"## xk {name}\n" in site.cli_page(lang) for name in site.commands())
        assert all(f"## {name}\n" in site.api_page(lang) for name in xk.__all__)
        assert all(f"### {name}\n" in site.dictionary_page(lang) for name in read_contracts())


def test_committed_pictures_are_the_reports_own(site: ModuleType) -> None:
    """Words and numbers in each are those that the library draws today; the English ones have the same numbers."""
    theme.use()
    for name, svg in site.pictures("zh"):
        kept = (DOCS / "pictures" / f"{name}-zh.svg").read_text(encoding="utf-8")
        assert re.findall(r">([^<]+)</t", kept) == re.findall(r">([^<]+)</t", svg), f"make docs draws {name} anew"
        english = (DOCS / "pictures" / f"{name}-en.svg").read_text(encoding="utf-8")
        figures = [re.findall(r">[^<]*?(\d[\d.]*)[^<]*</t", one) for one in (kept, english)]
        assert figures[0] == figures[1]


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_fetches_nothing(tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="the site's tools are not installed: pip install 'xk[docs]'")
    done = subprocess.run(
        [sys.executable, str(DOCS / "build_site.py"), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    made = {lang: sorted(path.stem for path in (tmp_path / lang).glob("*.html")) for lang in LANGUAGES}
    assert set(made["zh"]) | IN_ENGLISH == set(made["en"]) >= {*SHARED, *MADE}
    assert "class Stemmer" in (tmp_path / "zh/_static/language_data.js").read_text(encoding="utf-8"), (
        "the search needs one"
    )
    assert json.dumps("覆盖") in (tmp_path / "zh/searchindex.js").read_text(encoding="utf-8")
    for path in tmp_path.rglob("*.html"):
        loads = r'(?:<(?:script|img|iframe)[^>]*\bsrc|<link rel="stylesheet"[^>]*href)="([^"]+)"'
        fetched = re.findall(loads, path.read_text(encoding="utf-8"))
        assert not [one for one in fetched if re.match(r"https?:|//", one)], path.name


def test_the_bill_of_materials_holds_what_the_lock_holds(tmp_path: Path) -> None:
    """Name, version and all hashes of every pin, without asking an index."""
    pytest.importorskip("cyclonedx_py", reason="the tools of a release are not installed: pip install 'xk[docs]'")
    asked = ["requirements", "requirements.lock", "--pyproject", "pyproject.toml", "--mc-type", "application"]
    out = tmp_path / "sbom.json"
    more = ["--output-reproducible", "--no-validate", "--output-file", str(out)]  # make sbom validates, in 5 s
    subprocess.run([sys.executable, "-m", "cyclonedx_py", *asked, *more], cwd=ROOT, check=True, capture_output=True)
    bill = json.loads(out.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "xk")
    lock = re.split(r"^(?=\S.*==)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), flags=re.M)[1:]
    pinned = sorted(
        (*re.findall(r"^([\w.-]+)==([^\s;]+)", one)[0], *sorted(re.findall(r"sha256:(\w+)", one))) for one in lock
    )
    hashes = {
        one["bom-ref"]: sorted(each["content"] for ref in one["externalReferences"] for each in ref.get("hashes", []))
        for one in bill["components"]
    }
    assert sorted((one["name"], one["version"], *hashes[one["bom-ref"]]) for one in bill["components"]) == pinned


def test_citation_names_who_and_what_the_project_does() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {project['version']}\n" in cited and f"license: {project['license']}\n" in cited
    assert re.findall(r"^  - name: (.+)$", cited, re.M) == [one["name"] for one in project["authors"]]
    assert re.findall(r"^  - ([a-z].+)$", cited.partition("keywords:")[2], re.M) == project["keywords"]


def test_every_formula_has_its_source_and_an_example() -> None:
    """Every section of the third level is a formula, and each method of projection is tried."""
    for lang, marks in {"zh": ("**公式。**", "**出处。**"), "en": ("**Formula.**", "**Source.**")}.items():
        for name in ("method", "rulebooks", "projection"):
            page = pages(lang)[name].read_text(encoding="utf-8")
            sections = [one for one in re.split(r"^(?=##+ )", page, flags=re.M) if "### " in one or marks[0] in one]
            assert sections
            for one in sections:
                assert all(mark in one for mark in (*marks, ">>>")), f"{lang}/{name}: {one[:40]}"
    tried = re.findall(r'^>>> (?:ahead\("(\w+)|(theta)\()', page, re.M)
    assert {"".join(one) for one in tried} | {"auto"} == set(METHODS)
