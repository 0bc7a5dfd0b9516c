"""Theme: Chinese has real glyphs, charts are clean and always the same, colours can be told apart."""

from __future__ import annotations

import base64
import io
import logging
import re
import sys
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
import seaborn as sns
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.figure import Figure

from xk import theme
from xk.errors import UsageError, XkError
from xk.theme import colours, fonts
from xk.vocab import STATUSES

ASKS_FOR_NAME = "云浮市全面建成小康社会"


@pytest.fixture(autouse=True)
def fresh_style() -> Iterator[None]:
    with mpl.rc_context():
        theme.use()
        yield
    plt.close("all")


def draw(title: str = ASKS_FOR_NAME, **title_options: object) -> Figure:
    figure, axes = plt.subplots()
    axes.plot([2014, 2017], [-1.5, 3.123456], marker="o", label="实际值")
    axes.fill_between([2014, 2017], [-2, 2], [0, 4], alpha=0.2, hatch="//")
    axes.set_title(title, **title_options)
    axes.legend()
    return figure


def svg_of(figure: Figure, prefix: str = "fig") -> str:
    return theme.figure_svg(figure, prefix, alt="一句话")


def warnings_and_log(caplog: pytest.LogCaptureFixture, figure: Figure) -> list[str]:
    with warnings.catch_warnings(record=True) as caught, caplog.at_level(logging.WARNING):
        warnings.simplefilter("always")
        svg_of(figure)
    return [str(warning.message) for warning in caught] + [record.message for record in caplog.records]


def test_font_file_is_found_without_importing_its_package() -> None:
    assert theme.font_path().name == "NotoSansSC-Regular.ttf"
    assert "zhplot" not in sys.modules


def test_missing_font_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(XkError, match=r"pip install zhplot==1\.0\.0"):
        theme.font_path()


@pytest.mark.parametrize("weight", ["normal", "bold", 600])
def test_chinese_is_drawn_without_a_word(caplog: pytest.LogCaptureFixture, weight: str | int) -> None:
    assert warnings_and_log(caplog, draw(fontweight=weight)) == []


@pytest.mark.parametrize("reset", [sns.set_theme, lambda: sns.set_theme(style="darkgrid", context="talk")])
def test_chinese_survives_seaborn(caplog: pytest.LogCaptureFixture, reset: object) -> None:
    assert callable(reset)
    reset()
    assert mpl.rcParams["font.family"] == ["sans-serif"]
    assert warnings_and_log(caplog, draw(fontweight="bold")) == []


def test_font_wins_over_an_installed_one_of_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """On machines with a real Arial, which has no Chinese, ours is still the one that is found."""
    manager = font_manager.fontManager
    other = next(entry for entry in manager.ttflist if entry.name == "DejaVu Sans")
    arial = font_manager.FontEntry(fname=other.fname, name="Arial", weight=400, size="scalable")
    ours = str(theme.font_path())
    installed = [entry for entry in manager.ttflist if entry.fname != ours]
    monkeypatch.setattr(manager, "ttflist", [arial, *installed])
    theme.use()
    sns.set_theme()
    assert font_manager.findfont(font_manager.FontProperties()) == ours


def test_missing_glyph_is_told(caplog: pytest.LogCaptureFixture) -> None:
    told = warnings_and_log(caplog, draw("㐂 ✗"))
    assert any("10007" in message and "missing from font" in message for message in told)


def test_use_twice_registers_once() -> None:
    before = len(font_manager.fontManager.ttflist)
    theme.use()
    assert len(font_manager.fontManager.ttflist) == before


def test_minus_and_dollar_are_plain_characters() -> None:
    svg = svg_of(draw("人均 $5 与 $10"))
    assert "人均 $5 与 $10" in svg
    assert "−" not in svg and ">-2" in svg


def test_svg_is_clean() -> None:
    svg = svg_of(draw())
    root = ET.fromstring(svg)
    assert svg.startswith("<svg ") and svg.endswith("</svg>")
    assert (root.get("role"), root.get("aria-label"), root.get("width"), root.get("height")) == (
        "img",
        "一句话",
        None,
        None,
    )
    assert ASKS_FOR_NAME in [element.text for element in root.iter("text")]
    for unwanted in ("<?xml", "<!", "http", "xmlns", "xlink", "<style", "<metadata", "Noto", "Arial", "font:"):
        assert unwanted not in svg
    assert len(svg) < 9000


def test_svg_is_the_same_each_time_and_closes_its_figure() -> None:
    assert svg_of(draw()) == svg_of(draw())
    assert not plt.get_fignums()


def test_svg_ids_are_those_referenced_and_begin_with_the_prefix() -> None:
    first, second = (svg_of(draw(), prefix) for prefix in ("a", "b"))
    ids = re.findall(r' id="([^"]+)"', first)
    assert ids and all(re.fullmatch(r"a-\d+", name) for name in ids)
    assert set(ids) == set(re.findall(r'#(a-\d+)[)"]', first))
    assert not set(ids) & set(re.findall(r' id="([^"]+)"', second))


def test_svg_chrome_follows_the_page_and_status_colours_stay() -> None:
    figure, axes = plt.subplots()
    axes.plot([0, 1], color=theme.STATUS_COLOURS["lagging"])
    svg = svg_of(figure)
    assert f"var(--xk-ink,{theme.INK})" in svg and f"var(--xk-muted,{theme.MUTED})" in svg
    assert f"stroke:{theme.STATUS_COLOURS['lagging']}" in svg


@pytest.mark.parametrize(
    ("prefix", "alt", "message"),
    [
        ("1a", "x", "cannot begin an id"),
        ('a"', "x", "cannot begin an id"),
        ("", "x", "cannot begin an id"),
        ("a", " ", "alt is empty"),
    ],
)
def test_svg_refuses_bad_arguments(prefix: str, alt: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        theme.figure_svg(plt.figure(), prefix, alt=alt)


def embedded_font(css: str) -> TTFont:
    found = re.search(r"base64,([^\"]+)", css)
    assert found
    return TTFont(io.BytesIO(base64.b64decode(found[1])))


def test_font_face_holds_the_characters_and_ascii() -> None:
    css = theme.font_face_css("云浮云\n")
    assert set(embedded_font(css).getBestCmap()) == {ord(char) for char in "云浮"} | set(range(0x20, 0x7F))
    assert css.startswith('@font-face{font-family:"xk"') and "http" not in css


def test_font_face_is_small_and_the_same_each_time() -> None:
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 300)))
    css = theme.font_face_css(text)
    fonts._face.cache_clear()
    assert css == theme.font_face_css(text[::-1])
    assert len(css) < 120_000


def test_font_face_is_the_same_from_what_is_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_AT_HAND", {})
    texts = ["", "云", "云浮市①→∑▲ÅÉ\u3000，。", "".join(map(chr, range(0x4E00, 0x4E00 + 700, 3)))]
    points = [fonts._points(text) for text in texts]
    whole = [fonts._subset(each) for each in points]
    theme.keep_at_hand("".join(texts))
    (held,) = fonts._AT_HAND
    assert all(each <= held for each in points), "else it would be the whole font again"
    assert [fonts._subset(each) for each in points] == whole
    assert [fonts._subset(each) for each in reversed(points)] == whole[::-1], "no cut leaves a trace"


def test_font_face_has_characters_that_are_not_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_AT_HAND", {})
    theme.keep_at_hand("云")
    assert set(map(ord, "云浮")) <= set(embedded_font(theme.font_face_css("云浮")).getBestCmap())


def test_missing_characters() -> None:
    assert theme.missing_characters("云浮 ✗\n\u200b①✔") == "✔✗"
    assert theme.missing_characters("≥≤—“”〔〕《》·×²→" + "".join(theme.STATUS_SYMBOLS.values())) == ""


def test_every_status_has_colour_symbol_and_marker() -> None:
    for table in (theme.STATUS_COLOURS, theme.STATUS_SYMBOLS, theme.STATUS_MARKERS):
        assert set(table) == set(STATUSES)
    assert len(set(theme.STATUS_SYMBOLS.values())) == len(STATUSES)
    assert all(f'[data-status="{slug}"]' in theme.css_variables() for slug in STATUSES)


# met_to_hold and not_held keep the colour of their kin, achieved and missed: their symbols tell them apart
JUDGED = ("achieved", "on_track", "uncertain", "lagging", "regressing", "missed")


def seen_by_deuteranope(colour: str) -> tuple[float, float, float]:
    """Return linear RGB after Vienot, Brettel and Mollon (1999), where red and green fall together."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (channel**2.2 for channel in (red, green, blue))
    yellow = 0.29275 * red + 0.70725 * green
    return (yellow, yellow, -0.02234 * red + 0.02234 * green + blue)


def test_judged_statuses_differ_for_colour_blind_readers() -> None:
    judged = [seen_by_deuteranope(theme.STATUS_COLOURS[slug]) for slug in JUDGED]
    for one, other in combinations(judged, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) > 0.02


def contrast(one: str, other: str) -> float:
    light, dark = sorted(map(colours.relative_luminance, (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_texts_have_contrast_with_the_page(dark: bool) -> None:
    chrome = colours._CHROME_DARK if dark else colours._CHROME
    status = colours._STATUS_TEXT_DARK if dark else colours._STATUS_TEXT
    for colour in (chrome["ink"], chrome["muted"], *status.values()):
        assert contrast(colour, chrome["paper"]) >= 4.5


@pytest.mark.parametrize(
    ("background", "ink"),
    [("#ffffff", theme.ON_LIGHT), ("#000000", theme.ON_DARK), ("#e69f00", theme.ON_LIGHT), ("#005a8c", "#ffffff")],
)
def test_ink_on(background: str, ink: str) -> None:
    assert theme.ink_on(background) == ink


def test_relative_luminance() -> None:
    # WCAG: white is 1, black 0; mid grey #808080 = ((128/255 + 0.055) / 1.055) ** 2.4 = 0.2159
    assert colours.relative_luminance("#ffffff") == pytest.approx(1)
    assert colours.relative_luminance("#000000") == 0
    assert colours.relative_luminance("#808080") == pytest.approx(0.2159, abs=1e-4)
