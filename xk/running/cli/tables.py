"""Commands on tables: check, build, project, score."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import pandas as pd

from xk import readers
from xk.arithmetic.projection import project
from xk.bench import Question, results_of, store_of, words_of
from xk.contracts.scheme import Scheme
from xk.errors import UsageError, raise_faults
from xk.readers.adding import accept, left_out
from xk.readers.annexes import refuse_planned, said_unpriced
from xk.readers.changing import changing
from xk.readers.own_figures import read_own
from xk.readers.plausibility import jumps, off_schedule, off_target
from xk.readers.store import faults_of
from xk.readers.told_notes import said_prices
from xk.running.cli.options import in_scenario, question_of
from xk.vocab import PLANNED_KINDS

SCORE_COLUMNS = [
    "no", "indicator", "name", "unit", "year", "value", "score", "attainment", "planned_value", "status", "reason",
    "probability", "projected_value",
]  # fmt: skip


def run_check(asked: Namespace) -> int:
    """Check all tables, or those of one scheme and what they share with others; or files, as observations."""
    root = readers.find_root()
    if asked.files:
        return _check_files(asked.files, asked.scheme or "", asked.region)
    is_folder = bool(asked.scheme) and (Path(asked.scheme) / "scheme.toml").is_file()
    if asked.accept:
        changed = accept(root, scheme="" if is_folder else asked.scheme or "")
        print("\n".join(f"{file}: checksum renewed" for file in changed) or "all checksums are as recorded")
    if is_folder:
        scheme = readers.read_scheme(Path(asked.scheme))
        print("\n".join([f"{scheme.id}: no faults", *_in_one_language([scheme])]))
        return 0
    store, faults = readers.read_everything(root)
    if asked.scheme is not None:
        store.scheme(asked.scheme)
    raise_faults(faults_of(faults, asked.scheme, store.schemes))
    names = [asked.scheme] if asked.scheme else list(store.schemes)
    checked = [store.schemes[name] for name in names]
    planned = [f"? {one.said('en')}" for scheme in checked for one in off_schedule(scheme)]
    told = [*planned, *_in_one_language(checked), *filter(None, (_unseen_baselines(one, store) for one in checked))]
    print("\n".join([f"{', '.join(names)}: no faults; {len(store.observations)} observations", *told]))
    return 0


def _check_files(files: list[str], scheme: str, region: str | None) -> int:
    store = readers.read_store()
    slug = readers.read_names(store).slug("region", region) if region else ""
    reading = readers.read_files(files, store=store, region=slug, scheme=scheme)
    judge_planned(reading, store, scheme)
    print("\n".join(reading.answer()))
    raise_faults(reading.faults)
    planned = int(reading.rows["kind"].isin(PLANNED_KINDS).sum()) if len(reading.rows) else 0
    found = {
        "targets and evaluations": planned, "tasks and milestones done": len(reading.done),
        "new regions": len(reading.regions),
    }  # fmt: skip
    is_observed = len(reading.rows) > planned or not any(found.values())
    own = readers.read_observations(files, store=store, scheme=scheme, region=slug) if is_observed else ()
    counts = [f"{len(own)} observations", *(f"{count} {what}" for what, count in found.items() if count)]
    print(f"{', '.join(readers.shown(Path(file)) for file in files)}: no faults; {', '.join(counts)}")
    print("".join(f"{one}\n" for one in said_left_out(reading, store)), end="")
    return 0


def said_left_out(reading: readers.Reading, store: readers.Store) -> list[str]:
    """Say how many figures of files take no part, if any."""
    left = left_out(reading.rows, store)
    said = f"{left} of {len(reading.rows)} figures were left out: their region or indicator is not known"
    return [said] if left else []


def judge_planned(reading: readers.Reading, store: readers.Store, scheme: str) -> None:
    """Refuse planned values that the programme they belong to does not take; remark on those that are not its targets.

    Said as well is which of them state no prices.
    """
    planned = store.schemes.get(scheme or reading.scheme or Question.scheme)
    reading.remarks += off_target(reading.rows, planned)
    reading.doubts += said_unpriced(reading.rows, planned)
    refuse_planned(reading, planned)


def _in_one_language(schemes: Sequence[Scheme]) -> list[str]:
    """Return which schemes name all of their lines, or some, in one language only."""
    said, told = "names in one language only; they stand in every report", []
    for scheme in schemes:
        lines = scheme.in_one_language
        some = "" if len(lines) == len(scheme.lines) else f": {', '.join(lines)}"
        told += [f"{scheme.id}: {said}{some}"] if lines else []
    return told


def _unseen_baselines(scheme: Scheme, store: readers.Store) -> str:
    """Return which baselines of a scheme are no figures of its region: none of their year was observed there."""
    region = scheme.home_region()
    seen = store.observations[store.observations["region"] == region]
    known = set(zip(seen["indicator"], seen["year"], strict=True))
    based = [one for one in scheme.lines.values() if one.has_baseline]
    lines = [one for one in based if (one.indicator, one.baseline_year) not in known]
    if not lines:
        return ""
    named = ", ".join(f"{one.indicator} ({one.baseline_year}: {one.baseline_value:.15g})" for one in lines)
    return (
        f"{scheme.id}: no figure of {region} is on file for the baseline years of {named}; the programme's baselines "
        "are no figures, trends begin without them; if they were observed: xk add FILE --source 'PUBLISHER: TITLE'"
    )


def run_build(asked: Namespace) -> int:
    """Write the tables in data/processed: registers, and the results of every region that a scheme names."""
    with changing(readers.find_root()):
        store = readers.read_store()
        names = [asked.scheme] if asked.scheme else list(store.schemes)
        written = readers.write_tables(processed_tables(store, names), store.root)
    print("\n".join(map(str, written)))
    return 0


def processed_tables(store: readers.Store, schemes: list[str]) -> dict[str, pd.DataFrame]:
    """Return the processed tables by name: observations, indicators, results, summary and index."""
    asked = [Question(scheme=name, region=region) for name in schemes for region in store.scheme(name).regions]
    results = [results_of(question, store) for question in asked]
    keyed = [(one.scheme.id, one.settings.region, one) for one in results]
    summary = [one.summary.drop(columns=["reason", "stretch_reason"]).assign(scheme=s, region=r) for s, r, one in keyed]
    return {
        "observations": store.observations,
        "indicators": pd.concat([store.scheme(name).indicators.assign(scheme=name) for name in schemes]),
        "results": pd.concat([one.yearly for one in results]),
        "summary": pd.concat(summary),
        "index": pd.concat([one.index.assign(scheme=s, region=r) for s, r, one in keyed]),
    }


def run_read(asked: Namespace) -> int:
    """Print what is understood of files of an office; write its figures where -o says so; 1 where there are faults."""
    if asked.output:
        readers.check_output(asked.output, inputs=[*asked.files, *own_folders()])
    store = readers.read_store()
    region = readers.read_names(store).slug("region", asked.region) if asked.region else ""
    reading = readers.read_files(asked.files, store=store, region=region, scheme=asked.scheme)
    judge_planned(reading, store, asked.scheme)
    print("\n".join([*reading.answer(), f"{len(reading.rows)} figures"]))
    if asked.output:
        readers.write_table(reading.table(), asked.output)
    raise_faults(reading.faults)
    return 0


def own_folders() -> list[Path]:
    """Return the folders of the project's own tables, which no output is written to; none outside of a project."""
    try:
        return [readers.find_root() / folder for folder in (readers.RAW, readers.OWN)]
    except UsageError:
        return []


def run_project(asked: Namespace) -> int:
    """Project the series of a file and write observed and projected years, whole or not at all."""
    output = readers.check_output(asked.output, inputs=[asked.input, *own_folders()])
    said: list[str] = []
    points = readers.read_points(asked.input, said=said)
    print("".join(f"{one}\n" for one in said), end="")
    ordered = points.sort_values(["region", "indicator", "year"], kind="stable").reset_index(drop=True)
    for remark in jumps(ordered.assign(cell=asked.input, unit="")):
        print("?", " ".join(remark.said("en").split()))
    ends = {"lower_bound": asked.lower, "upper_bound": asked.upper}
    bounds = pd.DataFrame({"indicator": points["indicator"].unique(), **ends}, dtype=object)
    readers.write_table(project(points, to=asked.to, method=asked.method, levels=asked.levels, bounds=bounds), output)
    return 0


def run_score(asked: Namespace) -> int:
    """Write score, attainment, plan, status and projection of every indicator of a region; say the index by weights.

    Names and reasons are in the language that is asked for.
    """
    from xk.running.report.data import worded_summary  # takes the drawing along

    given = filter(None, (asked.scenario, asked.weights, *(asked.observations or ())))
    readers.check_output(asked.output, inputs=[*given, *own_folders()])
    store = readers.read_store()
    question = question_of(asked, store)
    doubts, store = own_doubts(question, store), store_of(question, store)
    readers.check_own_regions(store, [str(question.region)])
    with in_scenario(*(([question.scenario], [asked.scenario]) if question.scenario else ([], []))):
        results = results_of(question, store)
    say_own(store, as_of=results.settings.years()[0], doubts=doubts)
    worded = worded_summary(words_of(question, store, results))
    summary = worded.rename(columns={"latest_year": "year", "latest_value": "value"})
    readers.write_table(summary.astype({"year": "Int64"})[SCORE_COLUMNS], asked.output)
    if question.weights is not None:  # the rows do not depend on them
        latest = results.index[results.index["basis"] == "latest"]
        index = latest.set_index("level").loc["total"]
        covered = f"figures for {index['coverage']:.1f} % of the weight"
        if index["reason"]:
            print(f"index: withheld, {covered}")
        else:
            print(f"index: {index['value']:.1f} %, {index['domains']} of {len(latest) - 1} domains, {covered}")
    return 0


def own_doubts(question: Question, store: readers.Store) -> list[str]:
    """Return what `xk read` says of the files of a question that the figures which are taken do not tell.

    Of what was left out or not known, and of other prices than those of the targets; `say_own` tells of prices that are
    not stated, and the region of a table that names none is the question's.
    """
    if not question.observations:
        return []
    reading = read_own(store, question.observations, question.scheme)
    wanted = dict(zip(store.measures["indicator"], store.measures["price_base"], strict=True))
    bases = reading.rows["price_base"].astype(object)
    of_target = reading.rows["indicator"].astype(object).map(wanted).fillna("not_stated")
    others = reading.rows[~bases.isin(["", "not_stated"]) & (of_target != "not_stated") & (bases != of_target)]
    unsaid = said_prices(reading.rows, store.measures)[1]
    return [*said_prices(others, store.measures)[0], *(doubt for doubt in reading.doubts if doubt not in unsaid)]


def say_own(store: readers.Store, *, as_of: int, doubts: Sequence[str] = (), to: TextIO | None = None) -> None:
    """Say what is doubtful about a user's figures, and which take no part: later ones, those in prices not stated.

    Doubts go where `to` says, on stdout with the rest if not given.
    """
    if store.own is None:
        return
    for said in (*doubts, *(remark.said("en") for remark in store.own.remarks)):
        print(f"? {said}", file=to)
    own = store.own.frame
    if planned := store.own.planned:
        print(f"{planned} targets and evaluations are no observations and take no part; xk add takes them in")
    wanted = own["indicator"].map(store.measures.set_index("indicator")["price_base"])
    unsaid = own.loc[(own["price_base"] == "not_stated") & (wanted != "not_stated"), "indicator"]
    if len(unsaid):
        names = ", ".join(unsaid.unique())
        print(f"own {names}: price base not stated, so compared with no target; give the column price_base (2010)")
    if later := int((own["year"] > as_of).sum()):
        print(f"as of {as_of}: {later} of {len(own)} figures given are later and take no part; see --as-of")
    if early := int((~store.asked.counted(own)).sum()):
        print(f"{early} of {len(own)} figures given were released after {store.asked.vintage} and take no part")
