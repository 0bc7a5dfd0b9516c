"""What the points of a trajectory say to who points at them."""

import math

import numpy as np
from matplotlib.axes import Axes

from xk.charts.drawn import DrawnLine
from xk.charts.marks import draw_hover
from xk.exhibits.wording import Wording


def say_points(axes: Axes, line: DrawnLine, words: Wording) -> None:
    """Say year, value and kind of each point; of projected ones the interval too, of later ones that they are."""
    ends = dict(sorted(line.ends.items())[:1])

    def said(place: int) -> str:
        value, kind = line.value[place], line.kind[place]
        shown = words.value(value, line.result) if line.ahead[place] else words.given(value)
        spans = [words.text("hover_interval", level=level, low=words.value(low[place], line.result),
                            high=words.value(high[place], line.result))
                 for level, (low, high) in ends.items() if not math.isnan(low[place])]  # fmt: skip
        how = words.text("in_brackets", word=words.kind(kind))
        return "".join([f"{line.year[place]:.0f}: {shown}", how, *spans])

    known = np.flatnonzero(~np.isnan(line.value)).tolist()
    draw_hover(axes, line.year[known], line.value[known], [said(place) for place in known])
    came = [(year, value) for points in line.later.values() for year, value in points]
    later = words.text("in_brackets", word=words.text("legend_later"))
    told = [f"{year}: {words.given(value)}{later}" for year, value in came]
    draw_hover(axes, [year for year, _ in came], [value for _, value in came], told)
