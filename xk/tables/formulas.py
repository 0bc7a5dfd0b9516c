"""The formulas behind the figures, folded under the method notes."""

from __future__ import annotations

from xk.exhibits import Exhibit, escape
from xk.theme.formulas import FORMULAS, formula
from xk.vocab import text


def show_formulas(lang: str) -> Exhibit:
    """Return all formulas, each with what it gives, and what the letters stand for."""
    names = {key: text(f"formula_{key}", lang) for key in FORMULAS}
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{formula(key)}</dd></div>" for key, name in names.items())
    letters = text("formula_letters", lang)
    inside = f'<dl class="xk-formulas">{items}</dl><p class="xk-note">{escape(letters)}</p>'
    summary = escape(text("formula_title", lang))
    return Exhibit(f"<details><summary>{summary}</summary>{inside}</details>", "\n".join([*names.values(), letters]))
