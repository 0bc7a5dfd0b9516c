"""Private parts of matplotlib make charts faster and nothing else: without them they are the same, to the byte."""

from __future__ import annotations

from functools import cache

import pytest
from matplotlib.axes import Axes

from xk import theme
from xk.bench import Question, results_of, words_of
from xk.charts import heatmap, marks, show_index_years, show_offices, trajectory
from xk.exhibits import Wording
from xk.readers import read_store
from xk.theme import svg


@cache
def words() -> Wording:
    theme.use()
    store, question = read_store(), Question()
    return words_of(question, store, results_of(question, store))


def drawn() -> list[str]:
    said = words()
    years = show_index_years(said, said.results.index_years)
    lines = [trajectory.show_trajectory(said, name) for name in list(said.results.scheme.lines)[:6]]
    return [piece.html for piece in (*lines, years, heatmap.show_heatmap(said), show_offices(said))]


def test_plain_axes_give_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = drawn()
    monkeypatch.setattr(marks, "_Sheet", Axes)
    assert drawn() == fast


def test_fonts_measured_by_matplotlib_give_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = drawn()
    monkeypatch.delattr(svg._Renderer, "_get_font_height_metrics")
    assert drawn() == fast
    monkeypatch.undo()
    monkeypatch.setattr(svg, "_font_heights", lambda _: (None, None, None))
    assert drawn() == fast
