"""The explore bench, its widgets driven in Python: what is chosen, typed, assumed, undone, and what then is shown."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest

from xk.arithmetic.projection import backtest
from xk.arithmetic.scales import on_scale
from xk.bench import Question, assume, backtest_of, results_of
from xk.errors import UsageError
from xk.pipeline.scaled import build_scaled
from xk.readers import read_store
from xk.running.app import Panel, View, explore, onlooker
from xk.running.app.explore import PICTURES
from xk.running.app.panels import WHAT, WRONG, draw
from xk.running.app.typed import read_typed
from xk.running.kernels import execute
from xk.vocab import LANGUAGES, text

SERVICES, CITIES = "services_share_of_gdp", "urban_population_share"
ASKED = Question(scheme="national-2013", region="guangdong", as_of=2016, to=2022)
pytestmark = pytest.mark.usefixtures("style")


@pytest.fixture
def panel() -> Panel:
    return explore(ASKED, SERVICES)


def field(panel: Panel, name: str) -> Any:
    """Return the widget of a control."""
    return next(picker.field for picker in panel.page.pickers if picker.control.name == name)


def type_in(panel: Panel, words: str) -> None:
    panel.page.asked.value = words


def drawn(panel: Panel) -> str:
    return str(panel.page.picture.value)


@pytest.mark.parametrize(
    "words", ["广东 服务业 theta 2014", "Guangdong's services share, theta, 2014", "theta2014广东服务业"]
)
def test_a_whole_question_is_one_action(panel: Panel, words: str) -> None:
    before = drawn(panel)
    type_in(panel, words)
    asked = panel.view.question
    assert (asked.region, asked.method, asked.as_of) == ("guangdong", "theta", 2014)
    assert panel.view.indicators == (SERVICES,) and not panel.wrong and panel.page.asked.value == ""
    assert drawn(panel) != before and "2014" in panel.page.status.value


@pytest.mark.parametrize("name", ["YUNFU-2020", None])
def test_a_programme_is_named_in_the_line(panel: Panel, name: str | None) -> None:
    """By its slug in any case, or its whole name; the numbers in the line are then its own."""
    name = name or panel.store.scheme("yunfu-2020").name("zh")
    view = panel.bench.read(f"{name} 云浮 3", panel.view, panel.store)
    assert (view.question.scheme, view.question.region, view.indicators) == ("yunfu-2020", "yunfu", (CITIES,))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("全国 深圳 8 2012-2018", {"region": ["china", "shenzhen"], "indicator": [CITIES], "year": ["2012", "2018"]}),
        ("2 4", {"indicator": [SERVICES, "rd_expenditure_intensity"]}),
        ("回测 首年=100 gini", {"picture": ["backtest"], "scale": ["index"], "indicator": ["gini_coefficient"]}),
        ("R&D", {"indicator": ["rd_expenditure_intensity"]}),
    ],
)
def test_words_are_matched_with_names(words: str, said: dict[str, list[str]]) -> None:
    assert read_typed(words, read_store(), "national-2013", pictures=tuple(PICTURES)) == said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("广东 thetta", "did you mean 'theta'"),
        ("xyzzy", "in no name"),
        ("居民 收入", "may be .*say more"),
        ("rural", "may be Rural [ -~]+say more"),
        ("2 3 4", "two indicators"),
    ],
)
def test_words_that_say_nothing_or_too_much(panel: Panel, words: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        panel.bench.read(words, panel.view, panel.store)
    before = drawn(panel)
    type_in(panel, words)
    assert 'role="alert"' in panel.page.wrong.value and panel.page.asked.value == words  # to be mended
    assert drawn(panel) == before


def test_search_takes_names_of_either_language_and_stays_empty_for_the_next(panel: Panel) -> None:
    search = field(panel, "indicator")
    assert search.value == "" and search.placeholder.endswith("第三产业增加值占GDP比重")
    for chosen in (next(one for one in search.options if "Urban share" in one), "8", "城镇人口比重", CITIES):
        panel.reset()
        search.value = chosen
        assert panel.view.indicators == (CITIES,) and search.value == ""


def test_regions_are_added_and_taken_out(panel: Panel) -> None:
    field(panel, "beside").value = "全国"
    assert panel.view.beside == ("china",) and "中国" in drawn(panel)
    (chip,) = next(picker.chips.children for picker in panel.page.pickers if picker.control.name == "beside")
    chip.click()
    assert panel.view.beside == ()


def test_every_picture_is_drawn_in_both_languages_and_leaves_no_figure(panel: Panel) -> None:
    panel.change(replace(panel.view, indicators=(SERVICES, CITIES), beside=("china",), picture="scatter"))
    for lang in LANGUAGES:
        for name in PICTURES:
            panel.change(replace(panel.view.asks(lang=lang), picture=name))
            assert not panel.wrong and text(f"picture_{name}", lang) in dict(field(panel, "picture").options)
            assert ("<svg" in drawn(panel)) or ("<table" in drawn(panel)) or name == "peers"
            if lang == "en":
                labels = re.sub(r"<details.*?</details>", "", drawn(panel), flags=re.DOTALL)
                assert name == "figures" or not re.search("[㐀-鿿]", labels), name
    assert plt.get_fignums() == []


def test_every_point_says_what_it_is(panel: Panel) -> None:
    (svg,) = re.findall(r"<svg.*?</svg>", drawn(panel), re.DOTALL)
    titles = [node.text or "" for node in ET.fromstring(svg).iter("title")]
    assert "2016: 52.01（实际值）" in titles
    assert any(title.startswith("2020: ") and "80%区间" in title for title in titles)
    path = results_of(ASKED, panel.store).path(SERVICES)
    known, later = path["value"].notna().sum(), [title for title in titles if "此后实际" in title]
    assert len(titles) == known + len(later) and len(later) == 6


def test_an_assumed_figure_is_marked_wherever_it_shows_and_counts(panel: Panel) -> None:
    observed = results_of(ASKED, panel.store).line(SERVICES).outlook.value
    field(panel, "points").value = "2018：48.5"
    assert panel.view.points == {2018: 48.5} and not panel.wrong
    for name in set(PICTURES) - {"methods"}:  # eight projections more
        panel.change(replace(panel.view, picture=name))
        assert "假定" in drawn(panel) and "48.5" in drawn(panel), name
    question, data = assume(ASKED, panel.store, SERVICES, {2018: 48.5})
    line = results_of(question, data).line(SERVICES)
    assert (line.latest.year, line.latest.value, line.latest.kind) == (2018, 48.5, "assumed")
    assert line.outlook.value < observed
    # 2017 was observed later than the question knows, and is not known by the way
    assert 2017 not in results_of(question, data).comparable_years(SERVICES)
    field(panel, "points").value = ""
    assert results_of(ASKED, panel.store).line(SERVICES).outlook.value == observed


def test_a_past_figure_is_overwritten_and_the_data_stay(panel: Panel) -> None:
    question, data = assume(ASKED, panel.store, SERVICES, {2015: 40.0})
    path = results_of(question, data).path(SERVICES).set_index("year")
    assert (path.loc[2015, "value"], path.loc[2015, "kind"], path.loc[2016, "value"]) == (40.0, "assumed", 52.01)
    assert "assumed" not in set(read_store().observations["kind"])


def test_nothing_can_be_assumed_of_what_has_no_figure() -> None:
    with pytest.raises(UsageError, match="no figure in guangdong"):
        assume(ASKED, read_store(), "gini_coefficient", {2018: 0.4})


def test_undo_and_reset(panel: Panel) -> None:
    first = panel.view
    field(panel, "method").value = "linear"
    field(panel, "as_of").value = 2014
    panel.page.undo.click()
    assert panel.view.question == replace(ASKED, method="linear") and field(panel, "as_of").value == 2016
    assert text("bench_undone", "zh") in panel.page.status.value
    panel.page.reset.click()
    assert panel.view == first
    panel.page.undo.click()
    assert panel.view.question.method == "linear"


def test_another_programme_keeps_what_it_knows(panel: Panel) -> None:
    field(panel, "scheme").value = "yunfu-2020"
    assert panel.view.indicators == (SERVICES,) and panel.view.question.as_of is None
    panel.change(View(ASKED, indicators=("gini_coefficient",)))
    field(panel, "scheme").value = "yunfu-2020"
    assert panel.view.indicators and not panel.wrong


def test_the_way_to_get_it_again_opens_the_same(panel: Panel) -> None:
    type_in(panel, "全国 城镇 linear 2012")
    link = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", panel.page.again.value)[0].replace("&amp;", "&")
    shown, other = panel.view, explore(ASKED, SERVICES)
    type_in(other, link)
    assert other.view == shown and drawn(other) == drawn(panel)


def test_the_page_of_voila_opens_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    monkeypatch.setenv("QUERY_STRING", "scheme=national-2013&region=china&indicators=8&token=x")
    assert onlooker.somebody_looks_on()
    opened = explore(ASKED, SERVICES)
    assert opened.view == View(Question(scheme="national-2013", region="china"), indicators=(CITIES,))
    monkeypatch.setenv("QUERY_STRING", "lang=en")
    spoken = explore(ASKED, SERVICES)
    assert (spoken.view.question, spoken.view.indicators) == (replace(ASKED, lang="en"), (SERVICES,))
    monkeypatch.setenv("QUERY_STRING", "methd=theta")
    wrong = explore(ASKED, SERVICES)
    assert wrong.view.question == ASKED and "method" in wrong.wrong


def test_the_csv_is_what_is_shown(panel: Panel) -> None:
    (coded,) = re.findall(r'href="data:text/csv;base64,([^"]+)"', panel.page.again.value)
    frame = pd.read_csv(BytesIO(b64decode(coded)))
    assert panel.shown.frame is not None and frame["year"].tolist() == panel.shown.frame["year"].tolist()
    assert frame.loc[frame["year"] == 2016, "value"].item() == 52.01


@pytest.mark.parametrize("lang", LANGUAGES)
def test_mistakes_are_told_in_the_language_of_the_page(panel: Panel, lang: str) -> None:
    panel.change(panel.view.asks(lang=lang))
    told = set()
    for change in (
        lambda: panel.ask("?methd=theta"), lambda: panel.ask("xyzzy"), lambda: panel.ask("2 3 4"),
        lambda: panel.ask("居民 收入"), lambda: panel.open("as_of=1800"), lambda: panel.open("observations=/etc/x"),
        lambda: panel.change(panel.view.asks(to=2001)), lambda: panel.ask("points=2018"),
        lambda: panel.ask("vintage=x"),
        lambda: panel.change(replace(panel.view, indicators=("gini_coefficient",), points={2018: 0.4})),
        lambda: panel.open("picture=trajektory"),
    ):  # fmt: skip
        change()
        assert panel.wrong and not panel.wrong.startswith(text("wrong_other", lang, message="")[:4]), panel.wrong
        assert lang == "en" or re.search("[㐀-鿿]", panel.wrong)
        told.add(panel.wrong)
    assert len(told) == 11


def test_labels_of_mistakes_are_all_there() -> None:
    for lang in LANGUAGES:
        assert all(text(f"wrong_what_{what}", lang) for what in WHAT)
    assert len({key for _, key in WRONG}) == len(WRONG)


def test_the_same_view_is_drawn_once(panel: Panel) -> None:
    shown = panel.shown
    panel.change(replace(panel.view, scale="index"))
    panel.change(replace(panel.view, scale="value"))
    assert panel.shown is shown and draw.cache_info().maxsize is not None


def test_changes_close_what_they_opened(panel: Panel) -> None:
    panel.change(replace(panel.view, beside=("china",)))
    (chip,) = next(picker.chips.children for picker in panel.page.pickers if picker.control.name == "beside")
    for turn in range(200):
        panel.change(replace(panel.view, beside=("china",) if turn % 2 else ()))
    assert chip.comm is None and plt.get_fignums() == []


def test_indices_abreast_have_the_same_first_year(panel: Panel) -> None:
    panel.change(replace(panel.view, indicators=(CITIES,), beside=("china",), scale="index"))
    rows = panel.shown.frame
    assert rows is not None
    firsts = rows.sort_values("year").groupby("region").first()
    assert len(set(firsts["year"])) == 1 and firsts["value"].tolist() == [100, 100]


# --- scales and backtest, on paper


def test_scales_on_paper() -> None:
    years, values = [2010, 2011, 2013], [40.0, 50.0, 60.0]
    assert on_scale(values, years, "index").tolist() == [100, 125, 150]
    np.testing.assert_array_equal(on_scale(values, years, "change"), [np.nan, 10, np.nan])  # 2012 is not known
    assert on_scale(values, years, "target_share", target=80).tolist() == [50, 62.5, 75]
    assert on_scale([], [], "index").size == 0
    # the price index of 2011 is 110, of 2013 not known
    np.testing.assert_array_equal(on_scale(values, years, "current_prices", prices={2010: 100, 2011: 110}),
                                  [40, 55, np.nan])  # fmt: skip


@pytest.mark.parametrize(
    ("values", "scale", "message"),
    [([0.0, 1.0], "index", "first value"), ([1.0, 2.0], "target_share", "target"), ([0.0, 1.0], "log", "above 0"),
     ([1.0, 2.0], "indx", "index"), ([1.0, 2.0], "current_prices", "price index")],
)  # fmt: skip
def test_scales_that_cannot_be(values: list[float], scale: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        on_scale(values, [2010, 2011], scale)


def test_a_path_on_a_scale_keeps_its_interval() -> None:
    results = results_of(ASKED, read_store())
    plain, index = (build_scaled(results, SERVICES, scale) for scale in ("value", "index"))
    factor = 100 / plain.value[0]
    np.testing.assert_allclose(index.ends[80][1][index.ahead], factor * plain.ends[80][1][plain.ahead])
    assert index.target == pytest.approx(factor * 47) and not build_scaled(results, SERVICES, "change").ends


def test_at_current_prices_a_level_is_what_the_yearbook_prints() -> None:
    """30,679 yuan at prices of 2010 are the 31,502 of 2016 that plan and yearbook have; nothing lies ahead."""
    bench = explore(Question(scheme="yunfu-2020", region="yunfu", as_of=2016), "gdp_per_capita")
    bench.change(replace(bench.view, scale="current_prices"))
    rows = bench.shown.frame
    assert rows is not None and not bench.wrong and set(rows["kind"]) == {"observed"}
    assert rows.set_index("year")["value"][2016] == pytest.approx(31502, abs=0.5)
    assert "current_prices" in dict(field(bench, "scale").options).values()
    bench.change(replace(bench.view, indicators=(SERVICES,)))
    assert "价格" in bench.wrong
    bench.change(replace(bench.view, indicators=(SERVICES,), scale="value"))
    assert "current_prices" not in dict(field(bench, "scale").options).values()


def test_the_backtest_is_that_of_the_library() -> None:
    store = read_store()
    found = backtest_of(replace(ASKED, method="drift"), store, SERVICES)
    points = results_of(ASKED, store).path(SERVICES)
    points = points[points["kind"] == "observed"].assign(region="guangdong", indicator=SERVICES)
    alone = backtest(points[["region", "indicator", "year", "value"]], origins=[2013], horizon=3, methods=["drift"])
    ours = found[found["origin"] == 2013].sort_values("year")
    np.testing.assert_allclose(ours["value"], alone.sort_values("year")["value"])
    # 2005-2013: 42.9 ... 47.83; drift goes on by the mean change
    assert sorted(found["origin"].unique()) == list(range(2010, 2016))


# --- where nobody looks on


def outputs(notebook: nbformat.NotebookNode) -> Iterator[dict[str, Any]]:
    yield from (output["data"] for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output)


def test_without_onlookers_the_pictures_stand_alone(root: Path) -> None:
    notebook = execute(root / "notebooks" / "explore.ipynb", {"lang": "en", "method": "drift"})
    (shown,) = outputs(notebook)
    assert set(shown) == {"text/html", "text/plain"} and "widgets" not in notebook.metadata
    assert "@font-face" in shown["text/html"] and "<svg" in shown["text/html"]


def test_whoever_names_the_cell_looks_on(monkeypatch: pytest.MonkeyPatch, panel: Panel) -> None:
    assert not onlooker.somebody_looks_on()
    shell = SimpleNamespace(get_parent=lambda: {"metadata": {"cellId": "a"}})
    monkeypatch.setattr(onlooker, "get_ipython", lambda: shell)
    assert onlooker.somebody_looks_on()
    data, _ = panel._repr_mimebundle_()  # type: ignore[misc]
    assert "application/vnd.jupyter.widget-view+json" in data
