"""The question: one list of parameters, for the command line, the notebooks and the manifests."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from xk.bench import results_of
from xk.bench.question import PARAMETERS, Question
from xk.errors import UsageError
from xk.readers import read_store
from xk.running.cli import build_parser

PUSH = {"name": "push", "indicators": {"services_share_of_gdp": {"change": 3.0}}}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"region": 5}, "parameter region must be str or None, not 5"),
        ({"as_of": "2016"}, "parameter as_of must be int or None, not '2016'"),
        ({"as_of": True}, "parameter as_of must be int or None, not True"),
        ({"scheme": None}, "parameter scheme must be str, not None"),
        ({"scenario": "push.toml"}, "parameter scenario must be Mapping or None, not 'push.toml'"),
        ({"lang": "de"}, "unknown language 'de'"),
        ({"method": "linaer"}, "did you mean 'linear'"),
        ({"regoin": "yunfu"}, "unknown parameter 'regoin'; did you mean 'region'"),
    ],
)
def test_questions_that_cannot_be(values: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Question.of(values)


def test_parameters_go_through_json_and_back() -> None:
    question = Question("economy", "national-2013", as_of=2016, scenario=PUSH, lang="en")
    values = json.loads(json.dumps(question.parameters()))
    assert tuple(values) == PARAMETERS
    assert list(values["scenario"]) == ["indicators", "name"]
    assert Question.of(values) == question and hash(Question.of(values)) == hash(question)


def test_every_parameter_is_an_option_with_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    asked = build_parser().parse_args(["report"])
    several: dict[str, object] = {"region": [], "domain": [], "scenario": []}
    assert {name: getattr(asked, name) for name in PARAMETERS} == Question().parameters() | several
    with pytest.raises(SystemExit):
        build_parser().parse_args(["score", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for item in fields(Question):
        option = f"--{item.name.replace('_', '-')} "
        # what must be given has nothing that stands in for it
        what = item.metadata["help"].split("; ")[0] if item.name in ("scheme", "region") else item.metadata["help"]
        assert (option in said and what in said) != (item.name == "domain")


def test_questions_alike_are_answered_once() -> None:
    store, question = read_store(), Question(scenario=PUSH)
    answer = results_of(question, store)
    assert results_of(replace(question, domain="economy", region="yunfu", lang="en"), store) is answer
    assert results_of(Question(), store) is not answer


def test_a_scenario_that_is_changed_in_place_is_another_question() -> None:
    store, own = read_store(), json.loads(json.dumps(PUSH))
    answer = results_of(Question(scenario=own), store)
    own["indicators"]["services_share_of_gdp"]["change"] = 1.0
    assert results_of(Question(scenario=own), store) is not answer
    assert results_of(Question(scenario=PUSH), store).line("2").outlook == answer.line("2").outlook
