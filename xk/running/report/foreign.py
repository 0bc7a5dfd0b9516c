"""Passages in Chinese on an English page are marked as such, so that screen readers change their voice."""

import re
from html import unescape

from xk.vocab import NATIVE, language

# The beginning of an element, with whatever its attributes hold, and the text right behind it.
_BEGINNING = re.compile(r"""<([A-Za-z][^\s/>]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>([^<]*)""")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_LANG = re.compile(r"\slang\s*=", re.I)
_SILENT = {"style", "title"}


def mark_chinese(html: str) -> str:
    """Return a page with ``lang`` on every element that begins with a text which is Chinese for the most part."""
    start = max(html.find("<body"), 0)
    return html[:start] + _BEGINNING.sub(_marked, html[start:])


def _marked(found: re.Match[str]) -> str:
    name, attributes, text = found.groups()
    if not _HAN.search(text) or name.lower() in _SILENT or _LANG.search(attributes) or attributes.endswith("/"):
        return found[0]
    if len(_HAN.findall(text)) <= len(_LATIN.findall(unescape(text))):
        return found[0]
    return f'<{name} lang="{language(NATIVE).html}"{attributes}>{text}'
