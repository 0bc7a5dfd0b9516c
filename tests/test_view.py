"""The state of a bench: address, command line and lines of Python, to and fro."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from xk.bench import Question, results_of, store_of
from xk.errors import UsageError
from xk.readers import read_store
from xk.running.app import View
from xk.running.cli import build_parser
from xk.running.cli.options import question_of

ASKED = Question(scheme="national-2013", region="guangdong", as_of=2014, method="theta")
FULL = View(
    Question(
        scheme="national-2013", region="guangdong", as_of=2014, to=2022, method="theta", lang="en",
        vintage="2018-03-31",
        observations=["data/own/a b.csv", "data/own/c.csv"],
        scenario={"name": "push", "indicators": {"services_share_of_gdp": {"change": 3.0}}},
        weights={"gdp_per_capita": 2.0},
    ),
    picture="scatter", indicators=("services_share_of_gdp", "urban_population_share"), beside=("china",),
    scale="index", levels=(50, 90), points={2018: 55.2, 2019: 56.0},
    scenarios=("push", {"name": "other", "indicators": {}}),
)  # fmt: skip


@pytest.mark.parametrize("view", [View(), View(ASKED), FULL])
def test_an_address_gives_the_same_view(view: View) -> None:
    assert View.of_query(view.query) == view
    assert View.of_query(f"http://127.0.0.1:8866/voila/render/explore.ipynb?{view.query}") == view


def test_an_address_says_its_programme_and_what_differs_from_the_defaults() -> None:
    assert View().query == "scheme=yunfu-2020"
    assert View(ASKED).query == "scheme=national-2013&region=guangdong&as_of=2014&method=theta"


def test_an_address_is_a_whole_view_but_for_one_that_says_a_language_alone() -> None:
    notebook = View(ASKED, bench="counties", indicators=("services_share_of_gdp",))
    assert notebook.opened("lang=en&token=x") == notebook.asks(lang="en")
    assert notebook.opened("?token=x") == notebook
    assert notebook.opened(View(bench="counties").query) == View(bench="counties")
    assert notebook.opened("method=drift&lang=en") == View(Question(method="drift", lang="en"), bench="counties")


def test_what_a_server_adds_is_no_part_of_a_view() -> None:
    assert View.of_query("?token=abc&method=theta") == View(Question(method="theta"))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("methd=theta", "unknown parameter 'methd'; did you mean 'method'"),
        ("method=thetta", "did you mean 'theta'"),
        ("as_of=soon", "as_of must be a whole number, not 'soon'"),
        ("scale=indx", "unknown scale 'indx'; did you mean 'index'"),
        ("levels=0", "unknown level '0'"),
        ("points=2018", "write it as 2018:55.2"),
        ("scenario={", "must be JSON"),
        ("scenario=[1]", "parameter scenario must be"),
        ("lang=fr", "unknown language 'fr'"),
    ],
)
def test_addresses_that_cannot_be(query: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        View.of_query(query)


def test_names_of_all_kinds_are_taken() -> None:
    store = read_store()
    view = View.of_query(
        "scheme=national-2013&region=广东&indicators=2,Urban share of population&beside=全国,Guangdong"
    )
    found = view.resolved(store)
    assert found.question.region == "guangdong" and found.beside == ("china",)
    assert found.indicators == ("services_share_of_gdp", "urban_population_share")


@pytest.mark.parametrize("file", ["/etc/passwd", "../other/a.csv", "data/../../a.csv"])
def test_own_figures_come_from_below_the_project_alone(file: str) -> None:
    with pytest.raises(UsageError, match="outside the project"):
        View(Question(observations=[file])).resolved(read_store())


def test_command_line_and_lines_ask_the_same_question() -> None:
    view, store = View(ASKED, indicators=("services_share_of_gdp",)), read_store()
    program, *arguments = shlex.split(view.command())
    asked = build_parser().parse_args(arguments)
    assert program == "xk" and asked.region == ["guangdong"]
    assert question_of(asked, store, left_out=("region", "domain", "scenario")).method == "theta"
    scope: dict[str, object] = {}
    exec(view.lines().rpartition("\n")[0], scope)  # noqa: S102  # the lines that a user copies
    assert scope["results"] is results_of(ASKED, store_of(ASKED))


def test_an_outside_file_is_named_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=tmp_path.name):
        View(Question(observations=[str(tmp_path / "a.csv")])).resolved(read_store())
