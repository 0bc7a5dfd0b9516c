"""Invented provinces: valid by the contract, the same for the same seed, marked as invented wherever they are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from xk.bench import Question, results_of
from xk.errors import UsageError
from xk.readers import Store, read_store
from xk.synthetic import SCHEME, YEARS, write_province


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    folder = tmp_path_factory.mktemp("province") / "synthetic"
    write_province(folder, 3, root=root, seed=7)
    return folder


@pytest.fixture(scope="module")
def store(province: Path) -> Store:
    """Read it: the contract has no fault to find."""
    return read_store(province)


def test_every_region_has_a_figure_a_year(store: Store) -> None:
    scheme = store.scheme(SCHEME)
    assert scheme.regions == ("synthetic_0001", "synthetic_0002", "synthetic_0003")
    measured = (scheme.indicators["direction"] != "composite").sum()
    own = store.observations[store.observations["region"].isin(scheme.regions)]
    assert len(own) == 3 * measured * len(YEARS)


def test_everything_is_marked(store: Store) -> None:
    scheme = store.scheme(SCHEME)
    assert "并非真实" in scheme.name("zh") and "not real" in scheme.name("en")
    named = store.regions[store.regions["region"].isin(scheme.regions)]
    assert named["name_zh"].str.contains("并非真实").all() and named["name_en"].str.contains("not real").all()
    own = store.observations[store.observations["region"].isin(scheme.regions)]
    assert set(own["source_id"]) == {"synthetic"} and set(own["kind"]) == {"estimated"}
    source = store.sources.set_index("source_id").loc["synthetic"]
    assert "并非真实" in source["title"]


def test_regions_differ_and_have_results(store: Store) -> None:
    indices = [
        results_of(Question(scheme=SCHEME, region=region), store).summary["attainment"].mean()
        for region in store.scheme(SCHEME).regions
    ]
    assert len(set(indices)) == 3 and all(0 < index <= 100 for index in indices)


def test_same_seed_same_figures(tmp_path: Path, province: Path, root: Path) -> None:
    for name, seed in (("again", 7), ("other", 8)):
        write_province(tmp_path / name, 3, root=root, seed=seed)
    figures = Path("data", "raw", "observations", "synthetic.csv")
    expected = (province / figures).read_bytes()
    assert (tmp_path / "again" / figures).read_bytes() == expected != (tmp_path / "other" / figures).read_bytes()


def test_no_regions(tmp_path: Path, root: Path) -> None:
    with pytest.raises(UsageError, match="needs 1 region or more, not 0"):
        write_province(tmp_path / "x", 0, root=root)
    assert not (tmp_path / "x").exists()
