"""The rules and the index against what official programmes published about their own figures."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from xk.arithmetic.index import hdi
from xk.arithmetic.rulebooks import judge

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "conformance"
WAYS = {1: "positive", -1: "inverse", "up": "positive", "down": "inverse"}

pytestmark = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published results are not beside the checkout")


def rows(name: str) -> list[dict[str, object]]:
    return pd.read_csv(PUBLISHED / name).to_dict("records") if PUBLISHED.is_dir() else [{}]


@pytest.mark.parametrize("row", rows("opensdg_statcan.csv"), ids=lambda row: str(row.get("series_key")))
def test_open_sdg_agrees_with_statistics_canada(row: dict[str, object]) -> None:
    points = {row["base_year"]: row["base_value"], row["current_year"]: row["current_value"]}
    found = judge(
        list(points), list(points.values()), target=row["target"], target_year=row["target_year"],
        direction=WAYS[row["direction"]], rule="opensdg",
    )  # fmt: skip
    assert found.status == row["status_published"]
    published = float(row["progress_value_published"])
    if math.isnan(published):
        assert math.isnan(found.value)
    else:
        assert found.value == pytest.approx(published, abs=1e-9, rel=0)


@pytest.mark.parametrize(
    "row", rows("destatis_status.csv"), ids=lambda row: f"{row.get('series_id')}-{row.get('year')}"
)
def test_destatis_agrees_with_the_german_symbols(row: dict[str, object]) -> None:
    series = pd.read_csv(PUBLISHED / "destatis_series.csv")
    seen = series[(series["series_id"] == row["series_id"]) & (series["year"] <= row["year"])]
    found = judge(
        seen["year"], seen["value"], target=row["target"], target_year=row["target_year"],
        direction=WAYS[row["direction"]], rule="destatis", hold=row["kind"] == "constant",
    )  # fmt: skip
    assert found.status == row["published"]


def test_hdi_agrees_with_undp_to_three_decimals() -> None:
    table = pd.read_csv(PUBLISHED / "undp_hdi.csv")
    found = hdi(
        table["life_expectancy"], table["expected_schooling"], mean_schooling=table["mean_schooling"],
        gni_per_capita=table["gni_per_capita"],
    )  # fmt: skip
    assert len(table) > 0
    assert found.round(3).tolist() == table["hdi_published"].tolist()
