"""The register of sources: every file has its line and its checksum."""

from __future__ import annotations

import pandas as pd
import pytest
from made_up import SmallProject

from xk.contracts.provenance import sha256_of, source_faults
from xk.readers import read_everything

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def register(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    """Return a typed register of (source_id, file, sha256)."""
    frame = pd.DataFrame(rows, columns=["source_id", "file", "sha256"], index=range(2, len(rows) + 2))
    return frame.assign(publisher="x", title="x", url=None, retrieved="2026-01-01", note=None).astype("str")


def test_checksum_of_nothing_is_the_published_one() -> None:
    assert sha256_of(b"") == EMPTY


def test_a_complete_register_has_no_faults() -> None:
    assert source_faults(register(("a", "a.csv", EMPTY), ("b", None, None)), "f", {"a.csv": EMPTY}) == []


@pytest.mark.parametrize(
    ("rows", "hashes", "fault"),
    [
        ([("a", "a.csv", EMPTY)], {}, "f:2: column 'file': a.csv is not there; mend the name or drop the line"),
        (
            [("a", "a.csv", EMPTY)],
            {"a.csv": "1" * 64},
            f"f:2: column 'sha256': a.csv is not the file recorded here; if the change is meant, write {'1' * 64}",
        ),
        (
            [("a", "a.csv", None)],
            {"a.csv": EMPTY},
            f"f:2: column 'sha256': a.csv is not the file recorded here; if the change is meant, write {EMPTY}",
        ),
        (
            [("a", None, None)],
            {"b.csv": EMPTY},
            "f: column 'file': b.csv has no line; add a line with its sha256, " + EMPTY,
        ),
        (
            [("a", None, None), ("a", None, None)],
            {},
            "f:3: column 'source_id': source_id a stands in line 2 already; keep one of the two",
        ),
        ([("a", "a.csv", "abc")], {"a.csv": "abc"}, "f:2: column 'sha256': 'abc' is no sha256; write 64 hex digits"),
    ],
)
def test_a_wrong_register_is_told(
    rows: list[tuple[str, str | None, str | None]], hashes: dict[str, str], fault: str
) -> None:
    assert [str(found) for found in source_faults(register(*rows), "f", hashes)] == [fault]


def test_a_date_must_be_one() -> None:
    (fault,) = source_faults(register(("a", None, None)).assign(retrieved="last week"), "f", {})
    assert (fault.row, fault.column, fault.message) == (2, "retrieved", "'last week' is no date")


def test_a_changed_file_is_found(small_project: SmallProject) -> None:
    small_project.put("observations/china.csv", 2, value="1")
    (fault,) = read_everything(small_project.root)[1]
    assert fault.column == "sha256"
    assert fault.message == "observations/china.csv is not the file recorded here"


def test_a_new_file_is_found_and_hidden_ones_are_not(small_project: SmallProject) -> None:
    (small_project.raw / "note.txt").write_text("x", encoding="utf-8")
    (small_project.raw / ".hidden").write_text("x", encoding="utf-8")
    (fault,) = read_everything(small_project.root)[1]
    assert fault.message == "note.txt has no line"
