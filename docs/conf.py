"""Settings of Sphinx for the documentation, the same for each language: `make docs`."""

import re
from importlib.metadata import version as version_of
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage, languages

project, author, copyright = "xk", "the xk developers", "2026 the xk developers"
version = release = version_of("xk")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 4
autodoc_typehints = "none"  # the docstrings say them
napoleon_google_docstring = False
html_theme = "alabaster"  # comes with Sphinx and fetches nothing
html_theme_options = {"fixed_sidebar": True, "page_width": "72rem", "sidebar_width": "15rem"}
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_search_summary = False  # it would read pages, which browsers refuse of those on the disk
html_context = {"english_alone": ("architecture", "dependencies")}
templates_path = ["templates"]
html_sidebars = {"**": ["languages.html", "searchfield.html", "globaltoc.html"]}


class Chinese(SearchLanguage):
    """Words for the search without a dictionary: runs of characters, and every two that stand together."""

    lang, language_name = "zh", "Chinese"
    js_stemmer_code, stopwords = "class Stemmer { stemWord(word) { return word; } }", frozenset()

    def split(self, text: str) -> list[str]:
        words = re.findall(r"[一-鿿]+|[A-Za-z0-9_]+", text)
        pairs = [word[i : i + 2] for word in words if word > "一" for i in range(len(word) - 1)]
        return words + pairs

    def word_filter(self, word: str) -> bool:
        return len(word) > 1


languages["zh"] = Chinese

PROJECT = Path(__file__).resolve().parent.parent
CONTENTS = (
    "tutorial", "howto", "running", "benches", "files", "reports", "method", "projection", "rulebooks", "limits",
    "data_sources", "licences", "dictionary", "cli", "api", "comparison", "releasing",
    "architecture", "dependencies",
)  # fmt: skip


def lead_out(found: re.Match[str]) -> str:
    """Return a link to a file of the project as one to a copy in the site."""
    label, name = found.groups()
    return f"{{download}}`{label} <../../{name}>`" if (PROJECT / name).is_file() else f"`{label}`"


def prepare(app: Sphinx, name: str, source: list[str]) -> None:
    """Give the first page its contents, which the plain file has as a table, and links a place to lead to."""
    text = source[0]
    if name == "index":
        here = [one for one in CONTENTS if one in app.env.found_docs]
        text += "\n```{toctree}\n:hidden:\n\n" + "\n".join(here) + "\n```\n"
    text = re.sub(r"\[([^]]+)\]\(\.\./en/(\w+)\.md\)", r'<a href="../en/\2.html">\1</a>', text)
    text = re.sub(r"\[([^]]+)\]\(\.\./\.\./([^)#]+)(?:#[^)]*)?\)", lead_out, text)
    text = re.sub(r"(?<=[一-鿿。，；：、）])\n(?=[一-鿿（“])", "", text)  # no blank where a line of Chinese ends
    source[0] = text.replace("```mermaid", "```text")


def setup(app: Sphinx) -> None:
    """Connect what is above."""
    app.connect("source-read", prepare)
