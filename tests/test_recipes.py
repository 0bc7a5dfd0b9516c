"""Two recipes of CONTRIBUTING.md, followed by machine: the files that they name are all that has to be touched."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LABELS = "xk/vocab/labels.csv"
NOTEBOOK = "notebooks/reports/domain.ipynb"

RULEBOOK = '''"""A toy programme: whatever has two figures is fine."""

from __future__ import annotations

from xk.arithmetic.rulebooks.case import Case, Verdict, unavailable, verdict
from xk.arithmetic.rulebooks.case import Reason
from xk.arithmetic.rulebooks.rulebook import Rulebook


def judge_toy(case: Case) -> Verdict:
    """Judge by whether there are two figures.

    Formula: fine where n >= 2, no unit. Source: made up for a test.
    """
    if len(case.years) < 2:
        return unavailable("rulebook_few_years", n=len(case.years), needed=2)
    year, value = case.latest
    return verdict("fine", value, Reason("achieved", {"year": year, "value": value}))


RULEBOOK = Rulebook("toy", 7, judge_toy, {"fine": 3, "poor": 1}, years=2)
'''
RULEBOOK_LABELS = {
    "rulebook_short_toy": ("玩具规则", "Toy rulebook"),
    "rulebook_need_toy": ("玩具规则", "the toy"),
    "status_toy_fine": ("尚好", "fine"),
    "status_toy_poor": ("欠佳", "poor"),
}
CHART = '''"""A toy chart: the attainment of each line as a bar."""

from __future__ import annotations

from matplotlib.axes import Axes

from xk.charts.marks import draw_field
from xk.charts.marks import WIDTH, Margins, figure_of, new_axes
from xk.exhibits import Exhibit, figure
from xk.exhibits.columns import Columns, folded
from xk.exhibits.wording import Wording
from xk.pipeline.result import LineResult
from xk.theme import INK


def toy_rows(words: Wording, domain: str | None) -> list[LineResult]:
    """Return the lines whose attainment is known."""
    lines = (words.results.lines[name] for name in words.results.scheme.lines_in(domain))
    return [result for result in lines if result.distance.attainment >= 0]


def plot_toy(words: Wording, rows: list[LineResult]) -> Axes:
    """Draw a bar a line."""
    axes = new_axes(WIDTH, 2.0, Margins(0.1, 0.1, 0.1, 0.1))
    axes.set_xlim(0, 100)
    axes.set_ylim(len(rows), -1)
    for place, result in enumerate(rows):
        ends = 0, result.distance.attainment
        draw_field(axes, ends, (place, place + 0.5), color=INK, gid=words.line(result.indicator))
    return axes


def show_toy(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the attainment of each line as a bar."""
    rows, show = toy_rows(words, domain), Columns(words)
    caption, alt = words.text("caption_toy", domain=words.domain(domain)), words.text("alt_toy", n=len(rows))
    data = folded(words, rows, [show.line(), show.share("column_attainment", "distance.attainment")], caption)
    return figure(figure_of(plot_toy(words, rows)), "toy", caption=caption, alt=alt, data=data)
'''
CHART_LABELS = {
    "section_toy": ("玩具图", "A toy chart"),
    "caption_toy": ("{domain}的玩具图", "Toy chart of {domain}"),
    "alt_toy": ("共{n}条。", "{n} {n|bar|bars}."),
}


class Copy:
    """A copy of the project in which a recipe is followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("xk", "data", "docs", "notebooks", "tests", "benchmarks"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("processed"))
        for name in ("CONTRIBUTING.md", "README.md", "CHANGELOG.md", "pyproject.toml", "environment.yml", "Makefile"):
            shutil.copy(ROOT / name, folder)
        self.before = self.contents()

    def contents(self) -> dict[str, bytes]:
        """Return file -> content of what is written by hand."""
        wanted = (path for name in ("xk", "docs", "notebooks", "tests") for path in (self.folder / name).rglob("*"))
        files = (path for path in wanted if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in files}

    def touched(self) -> set[str]:
        """Return the files that differ from the project's."""
        return {name for name, content in self.contents().items() if self.before.get(name) != content}

    def append(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")

    def add_labels(self, labels: dict[str, tuple[str, str]]) -> None:
        path = self.folder / LABELS
        head, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
        out = io.StringIO()
        written = csv.writer(out, lineterminator="\n")
        written.writerows([head, *sorted([*rows, *([key, *texts] for key, texts in labels.items())])])
        path.write_text(out.getvalue(), encoding="utf-8")

    def run(self, *arguments: str) -> str:
        """Return what a Python command says that must go well; the copy's own library is used."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def report(self, *langs: str) -> list[str]:
        """Return the page of the economy in some languages, of the programme whose regions have long series."""
        asked = ["report", "--scheme", "national-2013", "--domain", "economy"]
        calls = [f"main({[*asked, '--lang', lang, '--out', f'out-{lang}']})" for lang in langs]
        self.run("-c", f"import sys\nfrom xk.running.cli import main\nsys.exit({' or '.join(calls)})")
        pages = (self.folder / f"out-{lang}" / "latest" / "economy.html" for lang in langs)
        return [page.read_text(encoding="utf-8") for page in pages]

    def check_house(self, *more: str) -> None:
        """Run the tests that keep the house, of single modules for what is new: nothing else is to be mended."""
        files = "tests/test_vocab.py", "tests/test_architecture.py", *more
        self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-k", "toy or not xk/")


def named_files(recipe: str, **places: str) -> set[str]:
    """Return the files that a recipe of CONTRIBUTING.md says it touches."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = re.search(rf"### {recipe}\n\nTouches (.*?)\.\n\n", text, re.DOTALL)
    assert listed, f"the recipe {recipe!r} names no files"
    names = re.findall(r"`([^`]+)`", listed[1])
    return {re.sub(r"<(\w+)>", lambda place: places[place[1]], name) for name in names}


def add_rulebook(copy: Copy) -> None:
    copy.append("xk/arithmetic/rulebooks/toy.py", RULEBOOK)
    copy.add_labels(RULEBOOK_LABELS)
    for lang in ("zh", "en"):
        copy.append(f"docs/{lang}/rulebooks.md", "\n## Toy\n\nFine where there are two figures. Source: made up.\n")
    test = "\n\ndef test_toy() -> None:\n    assert judge([2015, 2016], [1.0, 2.0], rule='toy').status == 'fine'\n"
    copy.append("tests/test_rulebooks.py", test)


def add_chart(copy: Copy) -> None:
    copy.append("xk/charts/toy_chart.py", CHART)
    face = copy.folder / "xk/charts/__init__.py"
    exported = 'from xk.charts.toy_chart import show_toy\n\n__all__ = [\n    "show_toy",'
    face.write_text(face.read_text(encoding="utf-8").replace("\n__all__ = [", exported, 1), encoding="utf-8")
    copy.add_labels(CHART_LABELS)
    path = copy.folder / NOTEBOOK
    notebook = json.loads(path.read_text(encoding="utf-8"))
    place = next(i for i, cell in enumerate(notebook["cells"]) if "show_gaps" in "".join(cell["source"]))
    source = ['section("toy", charts.show_toy(words, domain), lang=lang)']
    notebook["cells"].insert(place, notebook["cells"][place] | {"id": "toy", "source": source})
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    copy.append("tests/test_charts.py", "\n\ndef test_toy() -> None:\n    assert charts.show_toy\n")


@pytest.mark.slow
def test_a_rulebook_and_a_chart_are_added_by_the_files_that_the_recipes_name(tmp_path: Path) -> None:
    copy = Copy(tmp_path / "project")
    add_rulebook(copy)
    assert copy.touched() == named_files("Add a rulebook", name="toy")
    copy.before = copy.contents()
    add_chart(copy)
    assert copy.touched() == named_files("Add a chart to the domain report", exhibit="toy_chart")
    for number, (page, seven) in enumerate(zip(copy.report("zh", "en"), ("七种", "seven"), strict=True)):
        short, word = (RULEBOOK_LABELS[key][number] for key in ("rulebook_short_toy", "status_toy_fine"))
        assert f">{short}</th>" in page and f"</span> {word[:1].upper()}{word[1:]}</span>" in page, (
            "its column and its verdicts"
        )
        assert seven in page, "the sentence that counts the rulebooks"
        title = CHART_LABELS["section_toy"][number]
        assert re.search(rf'<h2 id="toy">[^<]*{title}</h2>', page), "the section has a heading"
        assert page.count('href="#toy"') >= 1 and page.count('href="#fig-toy"') >= 2, "contents and figures list it"
        assert 'id="fig-toy"' in page
    copy.check_house("tests/test_rulebooks.py", "tests/test_notebooks.py")
