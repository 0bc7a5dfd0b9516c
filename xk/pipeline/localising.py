"""A scheme as another region than its own has it: its targets, but neither its baselines nor its offices.

A scheme under other weights than its own.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from xk.contracts.scheme import OFFICES, Scheme
from xk.contracts.scheme_tables import weight_faults
from xk.errors import raise_faults
from xk.pipeline.figures import figures_of, level_series, read_figures
from xk.vocab import columns_of


def localise_scheme(scheme: Scheme, region: str, observations: pd.DataFrame) -> Scheme:
    """Return the scheme for a region; unchanged for the one that its baselines and offices belong to.

    Any other region has a baseline only where a figure of its own for that year is given (in the prices of the target
    and of the closest definition, where there are several; of a proxy as far as one gives a level), no office, and no
    planned values of the programme.

    Parameters
    ----------
    scheme : Scheme
    region : str
    observations : DataFrame
        As `build_results` takes them, up to the last known year.
    """
    if region == scheme.home_region():
        return scheme
    changed = {name: getattr(scheme, name).assign(**dict.fromkeys(columns)) for name, columns in OFFICES.items()}
    own = figures_of(scheme, observations[observations["region"] == region])
    serves = own["series"].isin(level_series(scheme, read_figures(scheme, own)))
    indicators = _with_baselines(changed["indicators"], own[serves])
    return replace(scheme, **changed | {"indicators": indicators, "schedule": scheme.schedule[:0]})


def _with_baselines(indicators: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    asked = indicators[["indicator", "baseline_year", "price_base"]].rename(columns={"price_base": "wanted"})
    found = own.merge(asked.dropna(subset="baseline_year"), on="indicator")
    found = found[found["year"] == found["baseline_year"]]
    other = found["price_base"].fillna("") != found["wanted"].fillna("")
    found = found.assign(other=other).sort_values(["other", "grade"], kind="stable").drop_duplicates("indicator")
    columns = {name: f"baseline_{name}" for name in ("value", "kind", "price_base")}
    found = found[["indicator", *columns]].rename(columns=columns)
    out = indicators.drop(columns=list(columns.values())).merge(found, on="indicator", how="left")
    # the programme's notes on lines with a baseline are about that; what it bars from comparison is that, too
    notes = {name: out[name].where(indicators["baseline_value"].isna().to_numpy()) for name in columns_of("note")}
    out = out.assign(**notes, baseline_year=out["baseline_year"].where(out["baseline_value"].notna()), comparable="yes")
    return out[list(indicators.columns)]


CHOSEN = "chosen"


def weigh_scheme(scheme: Scheme, weights: Mapping[str, float]) -> Scheme:
    """Return the scheme with chosen weights in place of its own; it is not changed itself.

    Parameters
    ----------
    scheme : Scheme
    weights : mapping
        Line -> weight, relative, 0 leaving it out: of every indicator; parts without one weigh the same.

    Raises
    ------
    InputError
        With every fault that `weight_faults` finds.
    """
    raise_faults(weight_faults(weights, scheme))
    column = scheme.indicators["indicator"].map(weights).astype(float)
    return replace(scheme, indicators=scheme.indicators.assign(weight=column), weights=CHOSEN)
