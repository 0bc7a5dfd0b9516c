"""Every chart of the reports, in both languages: nothing lies beyond its sheet, axes say what they stand for."""

from __future__ import annotations

import re

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from xk import charts, theme
from xk.bench import Question, lending_review_of, results_of, review_of, words_of
from xk.readers import read_store
from xk.theme import svg
from xk.vocab import LANGUAGES

SLACK = 0.02  # inches
CASES = {
    "yunfu-2020": Question(scheme="yunfu-2020", region="yunfu"),
    "national-2013": Question(scheme="national-2013", region="china", as_of=2016),
}


def beyond(figure: Figure) -> float:
    """Return how many inches the drawing reaches beyond its sheet."""
    canvas = FigureCanvasAgg(figure)
    box = figure.get_tightbbox(canvas.get_renderer())
    width, height = figure.get_size_inches()
    return float(max(-box.x0, -box.y0, box.x1 - width, box.y1 - height))


def untrue(figure: Figure) -> list[str]:
    """Return the figures beside the axes that are not what their ticks stand for."""
    found = []
    for axes in figure.axes:
        for tick, label in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True):
            written = label.get_text().replace(",", "")
            if re.fullmatch(r"-?\d+(\.\d+)?", written) and abs(float(written) - tick) > 1e-6 * max(1, abs(tick)):
                found.append(f"{written} at {tick:g}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", list(CASES))
def test_charts_stay_on_their_sheets(case: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    theme.use()
    store, asked = read_store(), CASES[case]
    question = Question(scheme=asked.scheme, region=asked.region, as_of=asked.as_of, lang=lang)
    results = results_of(question, store)
    words = words_of(question, store, results)
    drawn: dict[str, float] = {}
    draw = svg._matplotlib_svg

    def measured(figure: Figure) -> str:
        drawn[f"{len(drawn)}"] = beyond(figure)
        assert untrue(figure) == []
        return draw(figure)

    monkeypatch.setattr(svg, "_matplotlib_svg", measured)
    for domain in results.scheme.domain_names():
        charts.show_small_multiples(words, domain)
        charts.show_gaps(words, domain)
        charts.show_contributions(words, results.contributions, domain)
        charts.show_trajectories(words, domain)
    charts.show_index(words)
    charts.show_index_years(words, results.index_years)
    charts.show_contributions(words, results.contributions)
    charts.show_heatmap(words)
    charts.show_offices(words)
    charts.show_review(words, review_of(question, store), store.observations)
    charts.show_borrowing(words, lending_review_of(question, store))
    assert len(drawn) > 40 and max(drawn.values()) <= SLACK, {key: by for key, by in drawn.items() if by > SLACK}
