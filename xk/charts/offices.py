"""Status of the indicators of each lead office: one symbol an indicator."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from xk.charts.frame import draw_legend, draw_scale, drop_scale, ems, fold, plot_statuses
from xk.charts.marks import TEXT, WIDTH, Margins, figure_of, new_axes, write_at
from xk.exhibits import Column, Columns, Exhibit, Wording, figure, folded, paragraph
from xk.pipeline.result import LineResult
from xk.theme import MUTED
from xk.vocab import BEHIND, STATUSES, language
from xk.vocab.counting import listed

# height of a row in inches and width of a name in ems: in wide characters, and in letters
ROW = {True: 0.235, False: 0.26}
NAME_EMS = {True: 13.5, False: 19.0}
STEP = 0.18
NAMED = 3


@dataclass(frozen=True)
class Led:
    """A lead office with its indicators, and the parts that it leads of others', in the plan's order."""

    office: str
    lines: list[LineResult]

    @property
    def statuses(self) -> list[str]:
        """The statuses of its indicators, best first."""
        return sorted((result.status for result in self.lines), key=STATUSES.index)


def office_marks(words: Wording) -> list[Led]:
    """Return the lead offices that have indicators, those with most first, then in the programme's order."""
    found = []
    for office in words.office_names:
        led = words.results.led_lines.get(office, [])
        whole = {result.indicator for result in led}
        lines = [result for result in led if result.line.parent not in whole]
        found += [Led(office, lines)] if lines else []
    return sorted(found, key=lambda led: -len(led.lines))


def plot_offices(words: Wording, rows: Sequence[Led]) -> Axes:
    """Draw a row a lead office: one symbol for each of its indicators, best status first, and how many there are.

    Parameters
    ----------
    words : Wording
    rows : sequence of Led
        As `office_marks` gives them.

    Returns
    -------
    Axes
        Marks ``status-<status>`` at (place, row); texts ``name`` and ``count``.
    """
    wide = language(words.lang).wide
    height, name_ems = ROW[wide], NAME_EMS[wide]
    marks = [(place, row, status) for row, led in enumerate(rows) for place, status in enumerate(led.statuses)]
    across, upright, statuses = zip(*marks, strict=True)
    # room for a legend of one column, where the words are long
    below = 0.25 + 1.5 * TEXT / 72 * len(set(statuses))
    margins = Margins(left=name_ems * TEXT / 72 + 0.1, right=0.3, top=0.06, bottom=below)
    axes = new_axes(WIDTH, height * len(rows) + 0.06 + below, margins)
    axes.set_xlim(-0.8, max((WIDTH - margins.left - margins.right) / STEP - 0.8, max(across) + 1.0))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    plot_statuses(axes, across, upright, statuses, words=words)
    for row, led in enumerate(rows):
        name, n = words.offices(led.office), len(led.lines)
        shown = fold(name, name_ems, lines=1 if ems(name) <= name_ems else 2)
        write_at(axes, shown, (0, row), (-4, 0), on="row", ha="right", va="center", linespacing=0.98, gid="name")
        write_at(axes, str(n), (n - 1, row), (11, 0), va="center", color=MUTED, gid="count")
    drop_scale(axes, "bottom")
    draw_scale(axes, "left", [], [])
    draw_legend(axes, below=0.1)
    return axes


def show_offices(words: Wording) -> Exhibit:
    """Return the statuses of each lead office's indicators, one symbol an indicator."""
    rows = office_marks(words)
    if not rows:
        return paragraph(words.no_offices())
    said, once = most_behind(words, rows), {one.indicator: one for led in rows for one in led.lines}
    alt = words.text("alt_offices", offices=len(rows), most=said)
    caption = words.text("caption_offices_chart", offices=len(rows), most=said)
    note = words.text("note_offices_chart", symbols=words.statuses(once.values()))
    data = folded(words, rows, _columns(words, rows), caption)
    return figure(figure_of(plot_offices(words, rows)), "offices", caption=caption, alt=alt, note=note, data=data)


def most_behind(words: Wording, rows: Sequence[Led]) -> str:
    """Return the offices with the most indicators behind; where many have as many, only how many they are."""
    behind = {led.office: sum(status in BEHIND for status in led.statuses) for led in rows}
    most = max(behind.values())
    if not most:
        return words.stage("offices_none_behind")
    first = [words.offices(office) for office, n in behind.items() if n == most]
    if len(first) > NAMED:
        return words.stage("offices_many_behind", offices=len(first), n=most)
    key = "offices_most_behind" if len(first) == 1 else "offices_tied_behind"
    return words.stage(key, offices=listed(first, words.lang), n=most)


def _columns(words: Wording, rows: Sequence[Led]) -> list[Column]:
    show = Columns(words)
    return [
        show.text("column_lead_offices", lambda led: words.offices(led.office), head=True),
        show.number("column_count", lambda led: str(len(led.lines))),
        *(show.number(f"status_{status}", lambda led, one=status: str(led.statuses.count(one) or words.text("dash")))
          for status in STATUSES if any(status in led.statuses for led in rows)),
    ]  # fmt: skip
