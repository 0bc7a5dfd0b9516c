"""Colours and symbols: one visual language for charts, tables and pages.

Status colours are those of Okabe and Ito (2008), which readers with any common colour vision keep apart; no
status rests on colour alone, each has its own symbol.
"""

from __future__ import annotations

from collections.abc import Mapping

INK = "#1f2430"
MUTED = "#59616e"
GRID = "#d9dde4"
PAPER = "#fefefe"
ON_LIGHT = "#111111"
ON_DARK = "#ffffff"

STATUS_COLOURS: dict[str, str] = {
    "achieved": "#009e73",
    "on_track": "#0072b2",
    "lagging": "#e69f00",
    "regressing": "#d55e00",
    "no_target": "#8a919e",
    "no_data": "#a8aeb8",
    "not_comparable": "#737a87",
}
STATUS_SYMBOLS: dict[str, str] = {
    "achieved": "●",
    "on_track": "▲",
    "lagging": "◆",
    "regressing": "▼",
    "no_target": "○",
    "no_data": "□",
    "not_comparable": "◇",
}
STATUS_MARKERS: dict[str, str] = {
    "achieved": "o",
    "on_track": "^",
    "lagging": "D",
    "regressing": "v",
    "no_target": "o",
    "no_data": "s",
    "not_comparable": "D",
}
"""Matplotlib markers that match `STATUS_SYMBOLS`; the last three are drawn hollow."""

SERIES_COLOURS: tuple[str, ...] = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#737a87",
)  # fmt: skip

_CHROME = {"ink": INK, "muted": MUTED, "grid": GRID, "paper": PAPER}
_CHROME_DARK = {"ink": "#e7e9ee", "muted": "#a7afbc", "grid": "#3a404b", "paper": "#15181e"}
# Symbols in running text need 4.5:1 against the page, which the chart colours do not reach.
_STATUS_TEXT = {
    "achieved": "#00684c",
    "on_track": "#005f95",
    "lagging": "#855900",
    "regressing": "#a84300",
    "no_target": MUTED,
    "no_data": MUTED,
    "not_comparable": MUTED,
}
_STATUS_TEXT_DARK = {
    "achieved": "#3fcb9f",
    "on_track": "#6fbcec",
    "lagging": "#f2b933",
    "regressing": "#ff935a",
    "no_target": "#a7afbc",
    "no_data": "#a7afbc",
    "not_comparable": "#a7afbc",
}


def svg_variables() -> dict[str, str]:
    """Return colour -> CSS value for the colours that follow the page's light or dark scheme."""
    return {colour: f"var(--xk-{name},{colour})" for name, colour in _CHROME.items()}


def css_variables() -> str:
    """Return the style rules that give pages the same colours as the charts, light and dark."""
    light = _declarations(_CHROME, _STATUS_TEXT)
    dark = _declarations(_CHROME_DARK, _STATUS_TEXT_DARK)
    marks = "".join(f"--xk-mark-{slug}:{colour};" for slug, colour in STATUS_COLOURS.items())
    status = "".join(
        f'[data-status="{slug}"]{{--xk-status:var(--xk-text-{slug});--xk-mark:var(--xk-mark-{slug})}}\n'
        for slug in STATUS_COLOURS
    )
    return f":root{{{light}{marks}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{status}"


def ink_on(background: str) -> str:
    """Return the text colour, near-black or white, that contrasts more with `background` ("#rrggbb").

    Contrast is that of WCAG 2.2: (L1 + 0.05) / (L2 + 0.05) with relative luminance L.
    """
    luminance = relative_luminance(background)
    on_dark = 1.05 / (luminance + 0.05)
    on_light = (luminance + 0.05) / (relative_luminance(ON_LIGHT) + 0.05)
    return ON_DARK if on_dark > on_light else ON_LIGHT


def relative_luminance(colour: str) -> float:
    """Return the relative luminance (0 black, 1 white) of "#rrggbb" as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _declarations(chrome: Mapping[str, str], status: Mapping[str, str]) -> str:
    names = {f"--xk-{name}": colour for name, colour in chrome.items()}
    names |= {f"--xk-text-{slug}": colour for slug, colour in status.items()}
    return "".join(f"{name}:{colour};" for name, colour in names.items())
