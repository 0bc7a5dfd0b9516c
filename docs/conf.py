"""Settings of Sphinx for the documentation, the same for each language: `make docs`."""

import re
from importlib.metadata import version as version_of

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
nitpick_ignore_regex = [("py:.*", ".*")]
templates_path = ["templates"]
html_sidebars = {"**": ["languages.html", "searchfield.html", "globaltoc.html"]}


class Chinese(SearchLanguage):
    """Words for the search without a dictionary: runs of characters, and every two that stand together."""

    lang, language_name = "zh", "Chinese"
    js_stemmer_code, stopwords = "", frozenset()

    def split(self, text: str) -> list[str]:
        words = re.findall(r"[一-鿿]+|[A-Za-z0-9_]+", text)
        pairs = [word[i : i + 2] for word in words if word > "一" for i in range(len(word) - 1)]
        return words + pairs

    def word_filter(self, word: str) -> bool:
        return len(word) > 1


languages["zh"] = Chinese

CONTENTS = (
    "tutorial", "howto", "running", "benches", "files", "reports", "method", "projection", "rulebooks", "limits",
    "data_sources", "licences", "dictionary", "cli", "api", "comparison", "releasing",
)  # fmt: skip


def add_contents(app: Sphinx, name: str, source: list[str]) -> None:  # noqa: ARG001
    """Give the first page its contents, which a reader of the plain file has as a table."""
    if name == "index":
        source[0] += "\n```{toctree}\n:hidden:\n\n" + "\n".join(CONTENTS) + "\n```\n"


def setup(app: Sphinx) -> None:
    """Connect what is above."""
    app.connect("source-read", add_contents)
