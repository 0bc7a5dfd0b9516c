"""How things look, in one place: the only caller of seaborn's set_theme, the only one to know the font."""

from xk.theme.colours import (
    GRID,
    INK,
    MUTED,
    ON_DARK,
    ON_LIGHT,
    PAPER,
    SERIES_COLOURS,
    STATUS_COLOURS,
    STATUS_MARKERS,
    STATUS_SYMBOLS,
    css_variables,
    ink_on,
)
from xk.theme.fonts import FAMILY, font_face_css, font_path, font_woff, keep_at_hand, missing_characters, register
from xk.theme.svg import HOVER, LAYER, SVG_SETTINGS, figure_svg, view_class

__all__ = [
    "FAMILY", "GRID", "HOVER", "INK", "LAYER", "MUTED", "ON_DARK", "ON_LIGHT", "PAPER", "SERIES_COLOURS",
    "STATUS_COLOURS", "STATUS_MARKERS", "STATUS_SYMBOLS", "css_variables", "figure_svg", "font_face_css", "font_path",
    "font_woff", "ink_on", "keep_at_hand", "missing_characters", "use", "view_class",
]  # fmt: skip

_SETTINGS = {
    "axes.unicode_minus": False, "axes.edgecolor": MUTED, "axes.facecolor": "none", "axes.labelcolor": INK,
    "axes.titlecolor": INK, "axes.titlelocation": "left", "axes.titleweight": "bold", "axes.spines.right": False,
    "axes.spines.top": False, "figure.constrained_layout.use": True, "figure.facecolor": "none",
    "figure.figsize": (6.6, 3.6), "grid.color": GRID, "legend.frameon": False, "savefig.facecolor": "none",
    "text.color": INK, "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
    # A dollar sign in a label is a dollar sign.
    "text.parse_math": False, **SVG_SETTINGS,
}  # fmt: skip


def use() -> None:
    """Set fonts, colours and sizes for every chart that is drawn from now on.

    Chinese text stays legible after a later ``seaborn.set_theme()``: the font answers to the family that
    seaborn sets as well. Another ``font=`` given there is obeyed.

    Raises
    ------
    XkError
        The font is not installed.
    """
    import seaborn as sns  # brings scipy.stats along, which whoever only serves pages does without

    register()
    sns.set_theme("paper", "ticks", list(SERIES_COLOURS), font=FAMILY, font_scale=1.12, rc=_SETTINGS)
