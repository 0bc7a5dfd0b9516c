"""Weights from a file in place of a scheme's own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from xk.arithmetic.index import effective_weights, weight_tree
from xk.errors import InputError
from xk.pipeline.weighting import weigh_scheme
from xk.readers import read_scheme
from xk.readers.weights import read_weights

SCHEME = read_scheme("national-2013")
NAMES = list(SCHEME.indicators["indicator"])


def written(folder: Path, rows: dict[str, object]) -> Path:
    path = folder / "weights.csv"
    lines = ["indicator,weight", *(f"{name},{weight}" for name, weight in rows.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_weights_of_a_file_take_the_place_of_the_schemes(tmp_path: Path) -> None:
    rows = dict.fromkeys(NAMES, 0) | {NAMES[0]: 1, NAMES[1]: 3}
    weighed = weigh_scheme(SCHEME, read_weights(written(tmp_path, rows), scheme=SCHEME, total=4))
    found = effective_weights(
        weight_tree(weighed.indicators[weighed.indicators["weight"] > 0], weighting=weighed.weights)
    )
    assert found.to_dict() == {NAMES[0]: 0.25, NAMES[1]: 0.75}
    assert SCHEME.indicators["weight"].sum() == 81


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    rows = dict.fromkeys(NAMES[2:], 1) | {NAMES[0]: -1, "gdp_per_kapita": 1}
    with pytest.raises(InputError) as caught:
        read_weights(written(tmp_path, rows), scheme=SCHEME)
    said = str(caught.value)
    assert f"weight of '{NAMES[0]}' is -1" in said
    assert "unknown indicator 'gdp_per_kapita'; did you mean 'gdp_per_capita'?" in said
    assert f"{NAMES[1]} has no weight" in said
    assert f"weights.csv:{len(NAMES)}: column 'weight'" in said


def test_weights_that_do_not_sum(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="add up to 33, not 100"):
        read_weights(written(tmp_path, dict.fromkeys(NAMES, 1)), scheme=SCHEME, total=100)


def test_weights_of_a_frame_must_fit() -> None:
    with pytest.raises(InputError, match="has no weight"):
        weigh_scheme(SCHEME, pd.DataFrame({"indicator": NAMES[1:], "weight": 1.0}))
    with pytest.raises(InputError, match="is no indicator"):
        weigh_scheme(SCHEME, pd.DataFrame({"indicator": [*NAMES, "x"], "weight": 1.0}))
