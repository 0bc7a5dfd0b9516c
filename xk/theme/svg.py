"""A matplotlib figure as a small inline ``<svg>``: text stays text, colours follow the page."""

import io
import json
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from typing import Literal

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import LoadFlags
from matplotlib.typing import RcKeyType

from xk.errors import UsageError
from xk.theme.colours import svg_variables
from xk.theme.fonts import PAGE_FAMILY

SVG_SETTINGS: dict[RcKeyType, str | None] = {"svg.fonttype": "none", "svg.hashsalt": "xk", "svg.id": None}

HOVER = "hover:"
"""Begins the gid of marks that say what they are to who points at them; what follows is a JSON list, a text a mark."""
LAYER = "layer:"
"""Begins the gid of a mark that is seen in one view of a chart alone; what follows is a JSON list: its number and what
the chart says in it. The first view is that of paper, and of a page without styles."""

_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_ROOT_STYLE = (
    f"font-family:{PAGE_FAMILY},sans-serif;stroke-linejoin:round;stroke-linecap:butt;"
    "width:100%;max-width:{width}px;--xk-width:{width}px"
)
_POINTS_PER_INCH = 72
_CAPITAL = 0.75  # ems: height of capitals, figures and Chinese characters above the baseline
_CSS_PIXELS_PER_POINT = 96 / _POINTS_PER_INCH
_REFERENCE = re.compile(r"url\(#([^)]+)\)|^#(.+)$")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?![\d.]*e)")
_GEOMETRY = {"viewBox", "d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points"}
_NO_ROTATION = re.compile(r"rotate\(-?0( [^)]*)?\)")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def figure_svg(fig: Figure, prefix: str, *, alt: str, views: Sequence[int] = ()) -> str:
    """Return `fig` as one inline ``<svg>`` element and close the figure.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; it is closed, so that no notebook shows it a second time.
    prefix : str
        Begins every id inside, so that several charts can stand in one page: unique in the page, an ASCII
        letter first, then letters, digits, ``-`` or ``_``.
    alt : str
        What the chart says, for those who cannot see it; what it is of where its views say that (see `LAYER`).
    views : sequence of int
        The views in which it is seen; empty for all.

    Returns
    -------
    str
        No prolog, script, metadata or fixed size: it fills its box up to its natural width. Text is text in
        the family of the page; ink, grid and paper colours of the theme follow its light or dark scheme. The
        same figure gives the same bytes.

    Raises
    ------
    UsageError
        `prefix` is no valid beginning of an id, or `alt` is empty.
    """
    if not _PREFIX.fullmatch(prefix):
        raise UsageError(f"prefix {prefix!r} cannot begin an id; use ASCII letters, digits, '-' and '_'")
    if not alt.strip():
        raise UsageError("a chart needs a written alternative: alt is empty")
    root = ET.fromstring(_matplotlib_svg(fig))
    import matplotlib.pyplot as plt  # there already where somebody draws, not where pages are only served

    plt.close(fig)
    _drop_default_style(root)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        _tidy_attributes(element)
    _add_titles(root)
    layers = _lay(root)
    _rename_ids(root, prefix)
    _drop_unseen(root)
    classes = " ".join(["xk-chart", *([view_class(*views)] if views else [])])
    _set_root(root, alt, classes, role="group" if layers else "img")
    return ET.tostring(root, encoding="unicode", short_empty_elements=True).replace(" />", "/>")


class _Renderer(RendererSVG):
    """Measures a text by its characters' advances, where matplotlib loads their outlines each time.

    The page places text by its baseline and anchor; what is measured here lays out what stands around it.
    """

    # Private in matplotlib, which else reads the font's tables for every text: a seventh of a chart's time.
    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float] | tuple[None, None, None]:
        return _font_heights(prop.copy())

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | Literal["TeX"]
    ) -> tuple[float, float, float]:
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        path, size = font_manager.findfont(prop), prop.get_size_in_points()
        return size * sum(_advance(path, char) for char in s), size * _CAPITAL, 0.0


@lru_cache(maxsize=8192)
def _advance(path: str, char: str) -> float:
    """Return how far a character moves the pen, in ems."""
    face = font_manager.get_font(path)
    if not face.get_char_index(ord(char)):
        warnings.warn(f"Glyph {ord(char)} ({char}) missing from font {face.family_name}", stacklevel=2)
        return 1.0
    return float(face.load_char(ord(char), flags=LoadFlags.NO_SCALE).horiAdvance) / face.units_per_EM


@lru_cache(maxsize=64)
def _font_heights(font: FontProperties) -> tuple[float, float, float] | tuple[None, None, None]:
    """Return ascent, descent and gap between lines in points; None of a font that matplotlib has to measure itself."""
    face = font_manager.get_font(font_manager.findfont(font))
    scale = font.get_size_in_points() / face.units_per_EM
    if wide := face.get_sfnt_table("OS/2"):
        return scale * wide["sTypoAscender"], -scale * wide["sTypoDescender"], scale * wide["sTypoLineGap"]
    return None, None, None


def _matplotlib_svg(fig: Figure) -> str:
    buffer = io.StringIO()
    fig.dpi = _POINTS_PER_INCH
    fig.patch.set_visible(False)  # charts stand on the page's own ground
    width, height = fig.get_size_inches() * _POINTS_PER_INCH
    with mpl.rc_context(SVG_SETTINGS):
        renderer = _Renderer(width, height, buffer, metadata=_NO_METADATA)
        fig.draw(renderer)
        renderer.finalize()
    return buffer.getvalue()


def _drop_default_style(root: ET.Element) -> None:
    # Its selector is "*": inside a page it would restyle the whole page.
    for parent in root.iter():
        for child in list(parent):
            if child.tag.endswith("}style"):
                parent.remove(child)


def _tidy_attributes(element: ET.Element) -> None:
    attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    element.attrib.clear()
    for key, value in attributes.items():
        if key == "type":
            continue
        if key == "style":
            value = _tidy_style(value)
        elif key in _GEOMETRY:
            value = " ".join(_LONG_NUMBER.sub(_two_decimals, value).split())
        if value and not _NO_ROTATION.fullmatch(value):
            element.set(key, value)
    for name in ("text", "tail"):
        if not (getattr(element, name) or "").strip():
            setattr(element, name, None)


@lru_cache(maxsize=4096)
def _tidy_style(style: str) -> str:
    variables = svg_variables()
    kept = []
    for declaration in style.split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key and key != "font-family":
            kept.append(f"{key}:{variables.get(value, value)}")
    return ";".join(kept)


def _two_decimals(match: re.Match[str]) -> str:
    return f"{float(match.group()):.2f}".rstrip("0").rstrip(".")


def _add_titles(root: ET.Element) -> None:
    """Give each mark of a group that has texts for them its own as a title."""
    for group in root.iter("g"):
        if (name := group.get("id", "")).startswith(HOVER):
            for mark, said in zip(group.iter("use"), json.loads(name.removeprefix(HOVER)), strict=True):
                ET.SubElement(mark, "title").text = said


def _lay(root: ET.Element) -> int:
    """Give each mark of a view its class, unseen by itself but in the first; return how many there are."""
    found = [group for group in root.iter("g") if group.get("id", "").startswith(LAYER)]
    for group in found:
        number, said = json.loads(group.attrib.pop("id").removeprefix(LAYER))
        looks = {"class": view_class(number)} | ({"display": "none"} if number > 1 else {})
        looks |= {"role": "img", "aria-label": said} if said else {}
        group.attrib.update(looks)
    return len(found)


def view_class(*numbers: int) -> str:
    """Return the classes of what is seen in some views alone."""
    return " ".join(["xk-only", *(f"xk-only-{number}" for number in numbers)])


def _rename_ids(root: ET.Element, prefix: str) -> None:
    used = {name for element in root.iter() for value in element.attrib.values() for name in _references(value)}
    numbers = count(1)
    names: dict[str, str] = {}
    for element in root.iter():
        old = element.attrib.pop("id", "")
        if old in used:
            names[old] = f"{prefix}-{next(numbers)}"
            element.set("id", names[old])
    for element in root.iter():
        for key, value in element.attrib.items():
            if key != "id" and "#" in value:
                element.set(key, _REFERENCE.sub(lambda match: _renamed(match, names), value))


def _references(value: str) -> list[str]:
    return [match[1] or match[2] for match in _REFERENCE.finditer(value)] if "#" in value else []


def _renamed(match: re.Match[str], names: dict[str, str]) -> str:
    return f"url(#{names[match[1]]})" if match[1] else f"#{names.get(match[2], match[2])}"


def _drop_unseen(element: ET.Element) -> None:
    children: list[ET.Element] = []
    for child in element:
        _drop_unseen(child)
        if child.tag == "g" and not child.attrib:
            children.extend(child)
        elif not _is_unseen(child):
            children.append(child)
    element[:] = children


def _is_unseen(element: ET.Element) -> bool:
    if element.tag == "path":
        return set(element.attrib) == {"d", "style"} and element.get("style") == "fill:none"
    return element.tag == "defs" and not len(element)


def _set_root(root: ET.Element, alt: str, classes: str, *, role: str) -> None:
    view_box = root.attrib["viewBox"]
    width = round(float(view_box.split()[2]) * _CSS_PIXELS_PER_POINT)
    root.attrib.clear()
    style = "fill:" + svg_variables()["#1f2430"] + ";" + _ROOT_STYLE.format(width=width)
    root.attrib.update({"class": classes, "viewBox": view_box, "role": role, "aria-label": alt, "style": style})
