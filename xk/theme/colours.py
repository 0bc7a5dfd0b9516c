"""Colours and symbols: one visual language for charts, tables and pages.

Status colours are those of Okabe and Ito (2008), which readers with any common colour vision keep apart; no
status rests on colour alone, each has its own symbol.
"""

from collections.abc import Mapping
from typing import NamedTuple

INK = "#1f2430"
MUTED = "#59616e"
GRID = "#d9dde4"
PAPER = "#fefefe"
ON_LIGHT = "#111111"
ON_DARK = "#ffffff"


class Look(NamedTuple):
    """What shows a status: its colour in charts, symbol, matplotlib marker, and colours of text, light and dark.

    Symbols in running text need 4.5:1 against the page, which the chart colours do not reach.
    """

    colour: str
    symbol: str
    marker: str
    text: str
    text_dark: str


_LOOKS: dict[str, Look] = {
    "achieved": Look("#009e73", "●", "o", "#00684c", "#3fcb9f"),
    "met_to_hold": Look("#3f8f7a", "■", "s", "#00684c", "#3fcb9f"),
    "on_track": Look("#0072b2", "▲", "^", "#005f95", "#6fbcec"),
    "uncertain": Look("#b07aa1", "▶", ">", "#8f3a6d", "#e39ac6"),
    "lagging": Look("#e69f00", "◆", "D", "#855900", "#f2b933"),
    "regressing": Look("#d55e00", "▼", "v", "#a84300", "#ff935a"),
    "missed": Look("#9b2226", "×", "X", "#8c1c20", "#ff8a8a"),
    "not_held": Look("#6d1a36", "◀", "<", "#6d1a36", "#f59ab5"),
    "not_seen": Look("#8a919e", "△", "^", MUTED, "#a7afbc"),
    "no_trend": Look("#6a7380", "▽", "v", MUTED, "#a7afbc"),
    "no_data": Look("#a8aeb8", "□", "s", MUTED, "#a7afbc"),
    "not_comparable": Look("#737a87", "◇", "D", MUTED, "#a7afbc"),
    "no_target": Look("#8a919e", "○", "o", MUTED, "#a7afbc"),
}
STATUS_COLOURS = {status: look.colour for status, look in _LOOKS.items()}
STATUS_SYMBOLS = {status: look.symbol for status, look in _LOOKS.items()}
STATUS_MARKERS = {status: look.marker for status, look in _LOOKS.items()}
"""Matplotlib markers that match `STATUS_SYMBOLS`; those of `xk.vocab.UNJUDGED` are drawn hollow."""

SERIES_COLOURS: tuple[str, ...] = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#737a87",
)  # fmt: skip

_CHROME = {"ink": INK, "muted": MUTED, "grid": GRID, "paper": PAPER}
_CHROME_DARK = {"ink": "#e7e9ee", "muted": "#a7afbc", "grid": "#3a404b", "paper": "#15181e"}
_STATUS_TEXT = {status: look.text for status, look in _LOOKS.items()}
_STATUS_TEXT_DARK = {status: look.text_dark for status, look in _LOOKS.items()}


def svg_variables() -> dict[str, str]:
    """Return colour -> CSS value for the colours that follow the page's light or dark scheme."""
    return {colour: f"var(--xk-{name},{colour})" for name, colour in _CHROME.items()}


def css_variables(where: str = ":root", *, dark: bool = True) -> str:
    """Return the style rules that give pages, or a part of one, the same colours as the charts, light and `dark`."""
    light = _declarations(_CHROME, _STATUS_TEXT)
    deep = _declarations(_CHROME_DARK, _STATUS_TEXT_DARK)
    marks = "".join(f"--xk-mark-{slug}:{colour};" for slug, colour in STATUS_COLOURS.items())
    status = "".join(
        f'[data-status="{slug}"]{{--xk-status:var(--xk-text-{slug});--xk-mark:var(--xk-mark-{slug})}}\n'
        for slug in STATUS_COLOURS
    )
    night = f"@media screen and (prefers-color-scheme:dark){{{where}{{{deep}}}}}\n" if dark else ""
    return f"{where}{{{light}{marks}}}\n{night}{status}"


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
