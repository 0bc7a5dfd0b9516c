"""Small numbers in words and lists that end in "and", as labels ask for them."""

from __future__ import annotations

import re

import pytest

from xk.vocab import read_labels
from xk.vocab.counting import WRITTEN_OUT, Counted, listed


@pytest.mark.parametrize(
    ("number", "lang", "word"),
    [(6, "en", "six"), (6, "zh", "六"), (2, "zh", "两"), (12, "en", "twelve"), (13, "en", "13"), (0, "zh", "0")],
)
def test_small_numbers_have_words(number: int, lang: str, word: str) -> None:
    counted = Counted(number, lang)
    assert f"{counted:word}" == word
    assert f"{counted}" == f"{counted:d}" == str(number)


def test_every_small_number_has_another_word() -> None:
    for lang in ("zh", "en"):
        words = {f"{Counted(number, lang):word}" for number in range(1, WRITTEN_OUT + 1)}
        assert len(words) == WRITTEN_OUT and not any(word.isdigit() for word in words)


@pytest.mark.parametrize(
    ("names", "zh", "en"),
    [(["A"], "A", "A"), (["A", "B"], "A和B", "A and B"), (["A", "B", "C"], "A、B和C", "A, B and C")],
)
def test_lists_end_in_and(names: list[str], zh: str, en: str) -> None:
    assert (listed(names, "zh"), listed(names, "en")) == (zh, en)


COUNTS = "n|of|lines|whole|windows|votes|cases|years|offices|regions|parts"
# a limit of the code, or a number that is two at least
NEVER_ONE = {
    "empty_trajectories", "note_index_range", "note_index_years_ahead", "note_reliability", "note_strips_some",
    "parts_known", "reliability_few", "remark_range", "remark_times", "rulebooks_need", "scorecard_few",
    "tasks_counted", "years_ahead",
}  # fmt: skip


def test_a_noun_after_a_number_has_both_its_forms() -> None:
    """One milestone, not 1 milestones."""
    counted = re.compile(rf"\{{({COUNTS})(:word)?\}}(?: [a-z-]+)? [a-z]+s\b")
    fixed = {key for key, said in read_labels()["en"].items() if counted.search(said)}
    assert fixed <= NEVER_ONE | {"diff_count_status"}  # status changes
