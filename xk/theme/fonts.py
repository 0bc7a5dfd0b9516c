"""The font: Noto Sans SC, which comes with the locked dependency ``zhplot`` (font under the OFL).

Only the font file is taken from that package: importing it would change matplotlib's settings.
"""

import base64
import copy
import importlib.util
import io
import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from matplotlib import font_manager

from xk.errors import XkError

FAMILY = "Noto Sans SC"
PAGE_FAMILY = "xk"
"""Name of the embedded subset in pages and charts."""

# seaborn.set_theme() sets the family back to sans-serif, Arial first: the font answers to that name as well.
_ALIASES = (FAMILY, "Arial")
# One file for all weights: matplotlib logs a warning for every weight that it does not find.
_WEIGHTS = tuple(range(100, 1000, 100))
_UNUSED_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "gasp", "prep", "meta", "DSIG"]
# Latin, punctuation, arrows, mathematics, shapes: what a report may use beyond the words of its sources.
_SIGNS = frozenset({*range(0x20, 0x100), *range(0x2000, 0x2700), *range(0x3000, 0x3040)})
# Characters -> a font of just these, from which those of pages are cut; one at a time.
_AT_HAND: dict[frozenset[int], TTFont] = {}


def font_path() -> Path:
    """Return the path of the font file.

    Raises
    ------
    XkError
        The package that brings the font is not installed, or the font is not in it.
    """
    spec = importlib.util.find_spec("zhplot")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "fonts" / "NotoSansSC-Regular.ttf"
        if path.is_file():
            return path
    raise XkError("the font Noto Sans SC is missing; install it with: pip install zhplot==1.0.0")


def register() -> None:
    """Make the font known to matplotlib under its own name and the one that seaborn resets to."""
    manager, path = font_manager.fontManager, str(font_path())
    if any(entry.fname == path and entry.name == _ALIASES[-1] for entry in manager.ttflist):
        return
    entries = [
        font_manager.FontEntry(fname=path, name=name, weight=weight, size="scalable")
        for name in _ALIASES
        for weight in _WEIGHTS
    ]
    manager.ttflist[:0] = entries  # in front: of equally good matches matplotlib takes the first
    manager.addfont(path)  # the public call; it also forgets the matches found before


@lru_cache(maxsize=1)
def covered_characters() -> frozenset[int]:
    """Return the code points that the font has."""
    with TTFont(font_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing_characters(text: str) -> str:
    """Return the characters of `text` that are meant to be seen and that the font lacks, sorted."""
    wanted = {char for char in set(text) if unicodedata.category(char)[0] not in "CZ"}
    return "".join(sorted(char for char in wanted if ord(char) not in covered_characters()))


def keep_at_hand(text: str) -> None:
    """Cut a font of the characters of `text`, and signs, out of the whole, from which those of pages to come are cut.

    That takes a twentieth of the time and gives the same bytes; a page with other characters is served from the whole.
    """
    points = _points(text) | (_SIGNS & covered_characters())
    if points not in _AT_HAND:
        _AT_HAND.clear()
        _AT_HAND[points] = _loaded(_subset(points, flavor=None))


def font_face_css(text: str) -> str:
    """Return an @font-face rule whose font holds just the characters of `text`, ASCII always included.

    The format is WOFF: for the 800 characters of a usual report it takes 0.18 s and 164 kB in base64, WOFF2
    0.81 s and 127 kB; 0.01 s where they are at hand. The same set of characters gives the same rule, to the byte.
    """
    return _face(_points(text))


def font_woff(text: str) -> bytes:
    """Return the font of :func:`font_face_css` as a file, for pages that fetch it."""
    return _subset(_points(text))


def _points(text: str) -> frozenset[int]:
    return frozenset({ord(char) for char in set(text)} & covered_characters() | set(range(0x20, 0x7F)))


@lru_cache(maxsize=16)
def _face(points: frozenset[int]) -> str:
    data = base64.b64encode(_subset(points)).decode("ascii")
    return (
        f'@font-face{{font-family:"{PAGE_FAMILY}";font-display:block;'
        f'src:url("data:font/woff;base64,{data}") format("woff")}}'
    )


def _subset(points: frozenset[int], *, flavor: str | None = "woff") -> bytes:
    options = _options(flavor)
    held = next((font for held, font in _AT_HAND.items() if points <= held), None)
    font = _copied(held) if held else subset.load_font(str(font_path()), options, dontLoadGlyphNames=True)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=sorted(points))
    worker.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    font.close()
    return buffer.getvalue()


def _options(flavor: str | None) -> subset.Options:
    options = subset.Options(
        flavor=flavor, hinting=False, layout_features=[], name_IDs=[6], glyph_names=False,
        notdef_outline=True, recalc_timestamp=False,
    )  # fmt: skip
    options.drop_tables += _UNUSED_TABLES
    return options


def _loaded(content: bytes) -> TTFont:
    """Return a font that was cut out, read to the last table: the better part of what a cut costs."""
    font = subset.load_font(io.BytesIO(content), _options(None), dontLoadGlyphNames=True)
    font.ensureDecompiled(recurse=False)  # outlines stay as they are written
    font["cmap"].ensureDecompiled()
    font.close()
    return font


def _copied(font: TTFont) -> TTFont:
    """Return a copy to cut from: tables, characters and outlines of its own, all that a cut may change."""
    copied = copy.copy(font)
    copied.tables = {tag: copy.copy(table) for tag, table in font.tables.items()}
    copied["cmap"].tables = [copy.copy(table) for table in font["cmap"].tables]
    # A blank one has no data.
    outlines = {name: getattr(glyph, "data", b"") for name, glyph in font["glyf"].glyphs.items()}
    copied["glyf"].glyphs = {name: Glyph(outline) for name, outline in outlines.items()}
    copied["glyf"].prune_post_subset = lambda *_: True  # hinting and padding went at the first cut
    return copied
