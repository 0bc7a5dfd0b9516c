"""Faults say where and what to do; names are matched with the nearest known one; each family has its status."""

from __future__ import annotations

import pickle

import pytest

from xk.errors import Fault, InputError, ReportError, UsageError, XkError, check_known, nearest, raise_faults


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("a.csv", 3, "value", "is empty", "fill it in"), "a.csv:3: column 'value': is empty; fill it in"),
        (Fault("a.csv", 3, "", "is ragged"), "a.csv:3: is ragged"),
        (Fault("a.csv", None, "", "is missing", "make it"), "a.csv: is missing; make it"),
        (Fault("", 2, "year", "is empty"), "row 2: column 'year': is empty"),
    ],
)
def test_a_fault_names_file_row_column_and_remedy(fault: Fault, words: str) -> None:
    assert str(fault) == words


def test_input_error_tells_all_faults_one_a_line() -> None:
    faults = [Fault("a.csv", 2, "year", "is empty"), Fault("b.csv", 9, "value", "is empty")]
    with pytest.raises(InputError, match=r"\Aa\.csv:2: .*\nb\.csv:9: .*\Z") as caught:
        raise_faults(faults)
    assert caught.value.faults == faults


def test_no_faults_raise_nothing_and_an_error_without_faults_cannot_be() -> None:
    raise_faults([])
    with pytest.raises(ValueError, match="at least one fault"):
        InputError([])


def test_input_error_survives_the_way_between_processes() -> None:
    error = InputError([Fault("a.csv", 2, "year", "is empty", "fill it in")])
    assert pickle.loads(pickle.dumps(error)).faults == error.faults


def test_input_error_takes_a_sentence() -> None:
    assert InputError("there is nothing").faults == [Fault("", None, "", "there is nothing")]


@pytest.mark.parametrize(("error", "status"), [(InputError, 1), (UsageError, 2), (ReportError, 3), (XkError, 1)])
def test_exit_status(error: type[XkError], status: int) -> None:
    assert error.exit_status == status


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("guandong", ["china", "guangdong"], "did you mean 'guangdong'?"),
        ("VALUE", ["year", "value"], "did you mean 'value'?"),
        ("  Yunfu ", ["yunfu"], "did you mean 'yunfu'?"),
        ("xyz", ["china", "guangdong"], "known: china, guangdong"),
        ("xyz", [], "none is known"),
        ("0", [f"name_{i}" for i in range(30)], ", ..."),
    ],
)
def test_nearest(name: str, known: list[str], hint: str) -> None:
    assert nearest(name, known).endswith(hint)


def test_check_known() -> None:
    check_known("china", iter(["china"]))
    with pytest.raises(UsageError, match=r"unknown region 'chna'; did you mean 'china'\?"):
        check_known("chna", iter(["china", "guangdong"]), "region")
