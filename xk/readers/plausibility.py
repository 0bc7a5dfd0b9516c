"""Plausibility: figures likely in another unit, that jump, turn negative, do not fit their parts or are fewer."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd

from xk.contracts.records import Record, records
from xk.contracts.scheme import Scheme
from xk.readers.distances import (
    MANY,
    ROOM,
    SHORT,
    UNUSUAL,
    is_another_power,
    is_beyond,
    is_far,
    is_unusual,
    power_near,
    times,
    widest_moves,
    widest_points,
)
from xk.readers.impossible import known_figures
from xk.readers.remarks import Remark
from xk.readers.store import Store
from xk.vocab import OWN_GRADE

UNITS = {("%", -2): "share_as_fraction", ("元", -4): "ten_thousands", ("元", -8): "hundred_millions",
         ("%", -1): "share_in_tenths", ("人", -4): "ten_thousand_persons"}  # fmt: skip
"""Unit of the register and power of ten -> what is likely."""
MOST_SAID = 5
TINY = 1e-9
SLACK = 0.1
"""By how many points a share may leave the range of its parts: all of them are rounded."""


PRICES = {"current": Remark("prices_current"), "not_stated": Remark("prices_not_stated")}


def implausible(rows: pd.DataFrame, store: Store) -> list[Remark]:
    """Return what is doubtful about the figures of known indicators: the first of a kind, and how many more there are.

    Parameters
    ----------
    rows : DataFrame
        Figures with region, indicator, unit, year, value, cell and kind, as of a `Reading`.
    store : Store
        Whose published figures, baselines, regions and composites they are compared with.
    """
    if rows.empty or (rows["indicator"] == "").all():
        return []
    known = known_figures(rows).sort_values(["region", "indicator", "year"], kind="stable").reset_index(drop=True)
    published = _published(store)
    known["widest"] = known["indicator"].map(widest_moves(store))
    known["points"] = known["indicator"].map(widest_points(store))
    odd, unlike = _against(known, published), _unlike_others(known, published, store)
    said = _told("likely", odd, lambda row: _fold(row) | {"likely": _likely(row["unit"], row["power"])})
    jumping = _jumping(known.drop([*odd.index, *unlike.index[unlike["grave"]]]))
    said += _told("unlike_others", unlike.drop(jumping.index, errors="ignore"), _unlike)
    compared = [*displacing(known, store), *said, *_told("fold", jumping, _fold), *_signs(known)]
    return [*compared, *_of_regions(known, store), *_of_composites(known, store), *_fewer(known)]


def displacing(rows: pd.DataFrame, store: Store) -> list[Remark]:
    """Return the last figures in other prices than their targets' that serve in place of published ones in these."""
    wanted = store.measures.set_index("indicator")["price_base"].dropna()
    own, known = (frame[frame["indicator"].isin(wanted.index)] for frame in (rows, store.observations))
    found = own["price_base"].astype(object).replace("", "not_stated")
    own = own.assign(found=found, wanted=own["indicator"].map(wanted))
    known = known[known["price_base"] == known["indicator"].map(wanted)]
    key, same = ["region", "indicator"], own["found"] == own["wanted"]
    sound = pd.concat([own.loc[same, key], known.loc[known["grade"] == OWN_GRADE, key]])  # own ones that serve first
    last = own[~same & ~pd.MultiIndex.from_frame(own[key]).isin(pd.MultiIndex.from_frame(sound))]
    joined = last.drop_duplicates(key, keep="last").merge(known, on=key, suffixes=("", "_other"))
    joined = joined[joined["year_other"] <= joined["year"]].sort_values([*key, "year_other"], kind="stable")
    return _told("displaces", joined.drop_duplicates(key, keep="last"), _displaced)


def _displaced(row: Record) -> Record:
    bases = {name: row[name] for name in ("found", "wanted")}
    prices = {name: PRICES.get(base) or Remark("prices_of", facts={"base": base}) for name, base in bases.items()}
    return prices | _other(row)


def fewer_than_last(rows: pd.DataFrame, store: Store, *, publisher: str, title: str) -> list[Remark]:
    """Return what the figures that were last added from a source had, and those from it now have not.

    A title that differs in its digits alone, those of a year, is that of the same source.
    """
    sources = store.sources.fillna({"publisher": "", "title": ""})
    same = (sources["publisher"] == publisher) & (sources["title"].map(_undated) == _undated(title))
    old, new = store.observations, known_figures(rows) if len(rows) else rows
    old = old[old["source_id"].isin(sources.loc[same, "source_id"]) & (old["grade"] == OWN_GRADE)]
    if old.empty or new.empty:
        return []
    if not all(set(old[what]) & set(new[what]) for what in ("region", "indicator")):
        return []  # another part of the same source
    vintage = old["vintage"].max()
    last, own = (frame[["region", "indicator", "year"]].astype(str).agg("|".join, axis=1) for frame in (old, new))
    if set(own) < set(last) and 2 * own.nunique() < last.nunique():
        return []  # a correction of some
    old, about = old[old["vintage"] == vintage], {"source": f"{publisher}: {title}", "vintage": vintage}
    keys = {"last_regions": "region", "last_indicators": "indicator"}
    found = [_lost(key, old[column], new[column], about) for key, column in keys.items()]
    years = {"n": new["year"].nunique(), "whole": old["year"].nunique()}
    if years["n"] < years["whole"]:
        found.append([Remark("last_years", facts=years | about)])
    return list(chain.from_iterable(found))


def off_target(rows: pd.DataFrame, scheme: Scheme | None) -> list[Remark]:
    """Return which planned values of a target's year are not the target of the programme, or not within it."""
    if rows.empty or scheme is None:
        return []
    found = []
    for row in records(rows[rows["kind"] == "target"]):
        line = scheme.lines.get(str(row["indicator"]))
        if line is None or line.target_year != row["year"]:
            continue
        ends = [line.target_low, line.target_high] if pd.isna(line.target_value) else [line.target_value] * 2
        if not ends[0] - TINY <= row["value"] <= ends[1] + TINY:
            other = "-".join(dict.fromkeys(f"{end:.15g}" for end in ends))
            facts = {name: row[name] for name in ("cell", "value", "year")} | {"unit": line.unit, "other": other}
            found.append(Remark("target", "", line.indicator, facts))
    return found


def off_schedule(scheme: Scheme) -> list[Remark]:
    """Return the same of the schedule of a programme."""
    rows = scheme.schedule.rename(columns={"planned_value": "value"}).dropna(subset="value")
    found = off_target(rows.assign(kind="target", cell=""), scheme)
    return [replace(one, facts={**one.facts, "cell": Remark("schedule")}) for one in found]


def _undated(title: str) -> str:
    return re.sub(r"[\d\s]+", "", title)


def _published(store: Store) -> pd.DataFrame:
    """Return the figures on file and the baselines by region and indicator, with their years and whose they are."""
    figures = [store.observations[["region", "indicator", "year", "value"]]]
    figures[0] = figures[0].assign(whose=np.where(store.observations["grade"] == OWN_GRADE, "own", "published"))
    for scheme in store.schemes.values():
        lines = scheme.indicators.dropna(subset=["baseline_value"])
        base = lines[["indicator", "baseline_year", "baseline_value"]].set_axis(["indicator", "year", "value"], axis=1)
        figures += [base.assign(region=region, whose="baseline") for region in scheme.regions]
    return pd.concat(figures).dropna()


def _told(key: str, rows: pd.DataFrame, facts: Callable[[Record], Record] = lambda _: {}) -> list[Remark]:
    """Return a remark on each of the first figures, and how many more there are."""
    found = []
    for row in records(rows.head(MOST_SAID)):
        about = {name: row[name] for name in ("cell", "value", "unit", "year")}
        found.append(Remark(key, row["region"], row["indicator"], about | facts(row)))
    left = rows[MOST_SAID:]
    power = {"power": int(left["power"].abs().max())} if len(left) and "power" in left else {}
    far = {"far": True} if len(left) and "far" in left and left["far"].any() else {}
    return found + ([Remark("more", facts={"n": len(left), **power, **far})] if len(left) else [])


def _against(rows: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that are a power of ten, or far, away from the one on file of the nearest year, with that."""
    joined = rows.reset_index().merge(published, on=["region", "indicator"], suffixes=("", "_other"))
    joined["gap"] = (joined["year"].astype(int) - joined["year_other"].astype(int)).abs()
    nearest = joined.sort_values("gap", kind="stable").drop_duplicates("index").set_index("index").sort_index()
    ratio = nearest["value"] / nearest["value_other"]
    nearest["power"] = power = power_near(ratio)
    nearest["far"] = is_far(ratio, nearest["gap"], nearest["widest"])
    tenfold = (power.abs() > 1) | ((power.abs() == 1) & (nearest["gap"] <= SHORT))
    return nearest[tenfold | nearest["far"] | is_unusual(nearest)]


def _unlike_others(rows: pd.DataFrame, published: pd.DataFrame, store: Store) -> pd.DataFrame:
    """Return figures outside the range of all regions and of the targets that lie in it in the unit they likely have.

    Only those of regions of which nothing is on file: others are held against their own.
    """
    key = ["region", "indicator"]
    new = rows[~pd.MultiIndex.from_frame(rows[key]).isin(pd.MultiIndex.from_frame(published[key]))]
    lines = [scheme.indicators[["indicator", "target_value"]] for scheme in store.schemes.values()]
    targets = [one.set_axis(["indicator", "value"], axis=1).dropna() for one in lines]
    known = pd.concat([published[["indicator", "value"]], *targets]).astype({"value": float})
    new = new.join(known.groupby("indicator")["value"].agg(low="min", high="max"), on="indicator")
    new = new.join(published.groupby("indicator")["region"].nunique().rename("regions"), on="indicator")
    new["power"] = 0
    for unit, power in UNITS:
        meant = new["value"] * 10.0**-power
        likely = meant.between(new["low"] / ROOM, new["high"] * ROOM) & (new["value"] < new["low"])
        new["power"] = new["power"].mask((power < -1) & (new["unit"] == unit) & likely & (new["power"] == 0), power)
    new["far"] = is_beyond(new)
    new["grave"] = (new["power"] != 0) | new["far"]
    unusual = is_beyond(new, least=UNUSUAL) & (new["regions"] >= MANY) | is_another_power(new)
    return new[new["grave"] | unusual]


def _ends(row: Record) -> Record:
    return {end: float(f"{row[end]:.4g}") for end in ("low", "high")}


def _unlike(row: Record) -> Record:
    return _ends(row) | {
        "power": int(row["power"]),
        "far": bool(row["far"]),
        "likely": _likely(row["unit"], row["power"]),
    }


def _fold(row: Record) -> Record:
    larger = abs(row["value"]) > abs(row["value_other"])
    fold = Remark("times" if larger else "part", facts={"n": times(row["value"], row["value_other"], row["power"])})
    whose = {"whose": Remark(row["whose"])} if "whose" in row else {}
    return {"power": int(row["power"]), "far": bool(row["far"]), "fold": fold} | _other(row) | whose


def _other(row: Record) -> Record:
    return {"other": row["value_other"], "other_year": int(row["year_other"])}


def _likely(unit: str, power: int) -> Remark:
    return Remark(UNITS.get((unit, power), "other_unit"))


def jumps(rows: pd.DataFrame) -> list[Remark]:
    """Find figures far from, or about a power of ten times, the year before; in order of years; the way back is none.

    Where `rows` have no column ``widest``, what such figures ever moved, none is called far.
    """
    return _told("fold", _jumping(rows), _fold)


def _jumping(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that jump, with those of the year before."""
    key = ["region", "indicator"]
    before = rows.groupby(key)[["value", "year"]].shift().add_suffix("_other")
    ratio, gap = rows["value"] / before["value_other"], rows["year"] - before["year_other"]
    both = rows.join(before).assign(power=power_near(ratio), far=False)
    if "widest" in rows:
        both["far"] = is_far(ratio, gap, rows["widest"])
    odd = ((both["power"] != 0) & (gap <= SHORT)) | both["far"] | is_unusual(both.assign(gap=gap))
    both["way"] = np.where(odd, np.sign(ratio.astype(float) - 1), 0)
    back = both["way"] * both.groupby(key)["way"].shift() < 0
    return both[odd & ~back]


def _signs(rows: pd.DataFrame) -> list[Remark]:
    """Find negative figures in a series that is otherwise positive."""
    mostly = rows.groupby(["region", "indicator"])["value"].transform("median") > 0
    return _told("negative", rows[(rows["value"] < 0) & mostly])


def _of_regions(rows: pd.DataFrame, store: Store) -> list[Remark]:
    """Find shares of a region outside the range of those of all regions that lie in it.

    A share of the whole is a mean of the shares of its parts, whatever they weigh.
    """
    parents = store.regions.set_index("region")["parent"].dropna()
    parents = parents[parents.isin(rows["region"].unique())]
    measures = store.measures.set_index("indicator")
    shares = measures.index[(measures["lower_bound"] == 0) & (measures["upper_bound"] == 100)]
    parts = rows[rows["region"].isin(parents.index) & rows["indicator"].isin(shares)].assign(
        part=lambda some: some["region"], share=lambda some: some["value"]
    )
    return _outside(rows, parts.assign(region=parts["region"].map(parents)), parents.value_counts())


def _of_composites(rows: pd.DataFrame, store: Store) -> list[Remark]:
    """Find composites outside the range of their parts' attainments, of which they are a mean."""
    found, named = [], rows["indicator"].unique()
    for scheme in store.schemes.values():
        lines = scheme.indicators.dropna(subset=["parent"]).set_index("indicator")
        unlike = (lines["direction"] != "positive") | lines["target_value"].isna() | lines["price_base"].notna()
        odd = lines["parent"][unlike]
        parents = lines["parent"][~lines["parent"].isin(odd) & lines["parent"].isin(named)]
        parts = rows[rows["region"].isin(scheme.regions) & rows["indicator"].isin(parents.index)]
        attained = (100 * parts["value"] / parts["indicator"].map(lines["target_value"]).astype(float)).clip(0, 100)
        owned = parts.assign(part=parts["indicator"], share=attained, indicator=parts["indicator"].map(parents))
        found += _outside(rows, owned, parents.value_counts())
    return found


def _outside(rows: pd.DataFrame, parts: pd.DataFrame, wanted: pd.Series) -> list[Remark]:
    """Find figures outside the range of their parts, where all of these are there.

    Parameters
    ----------
    rows : DataFrame
        All figures.
    parts : DataFrame
        Of each part: region, indicator and year of the whole, ``part``, ``share``.
    wanted : Series
        Region or indicator of the whole -> how many parts it has, two or more.
    """
    if parts.empty:
        return []
    key = ["region", "indicator", "year"]
    ranges = parts.groupby(key).agg(low=("share", "min"), high=("share", "max"), n=("part", "nunique")).reset_index()
    whole = ranges["region"].map(wanted).fillna(ranges["indicator"].map(wanted))
    both = rows.merge(ranges[(ranges["n"] == whole) & (whole > 1)], on=key)
    odd = both[(both["value"] < both["low"] - SLACK) | (both["value"] > both["high"] + SLACK)]
    return _told("range", odd, lambda row: {"n": row["n"]} | _ends(row))


def _fewer(rows: pd.DataFrame) -> list[Remark]:
    """Find regions whose last year has fewer indicators than the year before it, and a last year with fewer regions."""
    lacking = [_last_lacks("lacks_indicators", own, str(region)) for region, own in rows.groupby("region")]
    found = list(chain.from_iterable(lacking))
    more = [Remark("more", facts={"n": len(found) - MOST_SAID})] if len(found) > MOST_SAID else []
    return [*found[:MOST_SAID], *more, *_last_lacks("lacks_regions", rows)]


def _last_lacks(key: str, rows: pd.DataFrame, region: str = "") -> list[Remark]:
    years = sorted(rows["year"].unique())[-2:]
    if len(years) < 2:
        return []
    before, last = (rows.loc[rows["year"] == year, "indicator" if region else "region"] for year in years)
    shared = not set(before).isdisjoint(last)  # years that have nothing in common are single figures
    return _lost(key, before, last, {"year": int(years[1]), "before": int(years[0])}, region) if shared else []


def _lost(key: str, before: pd.Series, now: pd.Series, about: Record, region: str = "") -> list[Remark]:
    lost = sorted(set(before) - set(now))
    facts = {"n": len(lost), "whole": before.nunique(), "listed": tuple(lost[:MOST_SAID]), **about}
    return [Remark(key, region, facts=facts)] if lost else []
