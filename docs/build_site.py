"""The documentation as a site: `make docs`. Pictures, data dictionary and references are made here, from data and code.

`python docs/build_site.py [OUT]` writes ``zh/`` and ``en/``, which need neither network nor server. Pages made from the
code (``MADE``) are not in git; the pictures are, for those who read the plain files: ``--pictures`` draws them anew.
"""

from __future__ import annotations

import argparse
import csv
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import xk
from xk import bench, charts, theme
from xk.running.cli import build_parser
from xk.running.report.dictionary import dictionary_page, table
from xk.theme.fonts import font_face_css
from xk.vocab import LANGUAGES

DOCS = Path(__file__).resolve().parent
MADE = ("cli", "api", "dictionary")
LINE = "services_share_of_gdp"


def two_columns(name: str) -> dict[str, tuple[str, str]]:
    """Return what a table of words beside this module says: first column -> words in Chinese and English."""
    with (DOCS / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return {row[0]: (row[1], row[-1] if len(row) > 2 else row[0]) for row in rows}


def words_in(lang: str) -> dict[str, str]:
    """Return the words of the made pages in a language."""
    return {key: said[lang == "en"] for key, said in two_columns("words.csv").items()}


def begun(words: dict[str, str], page: str) -> list[str]:
    """Return title and first words of a made page."""
    return [f"# {words[f'{page}_title']}", words[f"{page}_about"]]


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the commands by name, as the command line has them."""
    (found,) = (one for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(found.choices)


def help_texts() -> set[str]:
    """Return every help text of the command line."""
    (found,) = (one for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction))
    options = (option for one in found.choices.values() for option in one._actions)
    return {str(one.help) for one in (*found._choices_actions, *options) if one.help}


def cli_page(lang: str) -> str:
    """Return the reference of the commands; Chinese words of the help stand in ``help.csv``."""
    said, words = two_columns("help.csv"), words_in(lang)
    (found,) = (one for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction))
    about = {one.dest: str(one.help) for one in found._choices_actions}

    def told(help_text: str | None) -> str:
        return said[help_text][lang == "en"] if help_text else ""

    pieces = begun(words, "cli")
    for name, parser in commands().items():
        usage = re.sub(r"\s+", " ", parser.format_usage().removeprefix("usage: ")).strip()
        pieces += [f"## xk {name}", told(about[name]), f"```text\n{usage}\n```"]
        rows = []
        for one in parser._actions:
            if "--help" in one.option_strings:
                continue
            default = (
                ""
                if one.default in (None, False, "==SUPPRESS==") or one.nargs == 0
                else f" ({words['default']}: {one.default})"
            )
            names = ", ".join(one.option_strings) or str(one.metavar or one.dest)
            rows.append((f"`{names}`", told(one.help) + default))
        if rows:
            pieces.append(table((words["option"], words["meaning"]), *rows))
    return "\n\n".join(pieces) + "\n"


def api_page(lang: str) -> str:
    """Return directives for every public call of the library, which Sphinx fills from the docstrings."""
    pieces = begun(words_in(lang), "api")
    for name in sorted(xk.__all__, key=str.lower):
        kind = "class" if inspect.isclass(getattr(xk, name)) else "function"
        home = f"{getattr(xk, name).__module__}.{name}" if kind == "class" else f"xk.{name}"
        pieces.append(f"## {name}\n\n```{{eval-rst}}\n.. auto{kind}:: {home}\n```")
    return "\n\n".join(pieces) + "\n"


def pictures(lang: str) -> Iterator[tuple[str, str]]:
    """Yield name and SVG of figures of the real reports."""
    question = bench.Question(lang=lang)
    store = bench.store_of(question)
    words = bench.words_of(question, store, bench.results_of(question, store))
    shown = {
        "gaps": charts.show_gaps(words, "economy"),
        "trajectory": charts.show_trajectory(words, LINE),
        "peers": charts.show_strip(words, LINE),
    }
    for name, exhibit in shown.items():
        yield name, re.findall(r"<svg.*?</svg>", exhibit.html, re.DOTALL)[0]


def standing_alone(svg: str) -> str:
    """Return a figure as a file: on white, with the glyphs that it uses."""
    space = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    style = f'<style>{font_face_css(svg)}</style><rect width="100%" height="100%" fill="#fff"/>'
    return re.sub(r"^<svg([^>]*>)", lambda found: space + found[1] + style, svg) + "\n"


def write_pictures() -> None:
    """Write the pictures in both languages."""
    theme.use()
    for lang in LANGUAGES:
        for name, svg in pictures(lang):
            (DOCS / "pictures" / f"{name}-{lang}.svg").write_text(standing_alone(svg), encoding="utf-8")


def build(out: Path) -> int:
    """Make the site in every language; return 0 where Sphinx found nothing to warn of."""
    makers = dict(zip(MADE, (cli_page, api_page, dictionary_page), strict=True))
    status = 0
    for lang in LANGUAGES:
        for name, make in makers.items():
            (DOCS / lang / f"{name}.md").write_text(make(lang), encoding="utf-8")
        tag = {"zh": "zh_CN"}.get(lang, lang)
        asked = ["-q", "-W", "--keep-going", "-c", str(DOCS), "-D", f"language={tag}", "-d", str(out / f".{lang}")]
        sphinx = [sys.executable, "-m", "sphinx", *asked, str(DOCS / lang), str(out / lang)]
        status |= subprocess.run(sphinx, check=False).returncode  # in one process the second would speak the first's
        pages = "".join(path.read_text(encoding="utf-8") for path in (out / lang).glob("*.html"))
        style = out / lang / "_static" / "site.css"
        style.write_text(f"{style.read_text(encoding='utf-8')}{font_face_css(pages)}\n", encoding="utf-8")
    start = '<meta charset="utf-8"><meta http-equiv="refresh" content="0;url=zh/index.html">\n'
    (out / "index.html").write_text(start, encoding="utf-8")
    return status


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("out", nargs="?", type=Path, default=DOCS.parent / "build" / "docs")
    asked.add_argument("--pictures", action="store_true")
    given = asked.parse_args()
    if given.pictures:
        write_pictures()
    sys.exit(build(given.out))
