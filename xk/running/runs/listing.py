"""The index of all runs: which, of what, how they went; plain links show only some of them, without script."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xk.errors import UsageError
from xk.pipeline.localising import CHOSEN
from xk.running.report import Page, render_page
from xk.running.runs.diff import count_changes, diff_runs, previous_run, table_changes
from xk.running.runs.history import PastRun, list_runs
from xk.running.runs.pages import status_tiles
from xk.running.runs.publish import latest_run
from xk.vocab import text

FACETS: tuple[str, ...] = ("scheme", "region", "scenario", "weights", "lang")
"""What runs can be chosen by."""

_NAMED = 3

Facet = dict[str, str | list[dict[str, object]]]


@dataclass(frozen=True)
class Row:
    """What the index tells of a run, in the run's own language.

    Parameters
    ----------
    run : PastRun
    statuses : list
        Its statuses, counted.
    said : mapping
        Facet -> in words.
    values : mapping
        Facet -> what the run can be chosen by; none where its manifest does not say.
    of : list of str
        Anchors of the links that show it.
    """

    run: PastRun
    statuses: list[dict[str, object]]
    said: dict[str, str]
    values: dict[str, list[str]]
    of: list[str] = field(default_factory=list)


def runs_page(out: Path, lang: str) -> str:
    """Return the index of all runs below `out`, the newest first, with what changed in that since the one before.

    It stands outside of the runs: what a run holds depends on its own inputs alone.
    """
    rows = [_row(run) for run in list_runs(out)]
    facets = [facet for name in FACETS if (facet := _facet(name, rows, lang))["links"]]
    page = Page(text("runs_title", lang), lang)
    changes = _changes(out, rows[0], lang) if rows else {}
    is_weighed = any(CHOSEN in row.values.get("weights", ()) for row in rows)
    shown = {"rows": rows, "facets": facets, "latest": latest_run(out), "is_weighed": is_weighed}
    return render_page("runs.html.j2", page, **shown, **changes)


def _changes(out: Path, newest: Row, lang: str) -> dict[str, str]:
    """Return what changed in the newest run since the one before: said in a sentence, and as a table."""
    name = newest.run.name
    past = previous_run(out, name)
    if past is None:
        return {"changes_said": text("diff_first", lang)}
    try:
        changes = diff_runs(past, out / name)
    except UsageError as error:
        return {"changes_said": text("diff_unlike", lang, reason=error)}
    told = table_changes(changes, lang, region_names=newest.run.manifest.get("names", {})).html if len(changes) else ""
    return {"changes_said": count_changes(changes, lang), "changes": told, "before": past.name, "after": name}


def _row(run: PastRun) -> Row:
    manifest, lang = run.manifest, run.lang
    asked, facts, names = manifest.get("parameters", {}), manifest.get("facts", {}), manifest.get("names", {})
    regions: list[str] = asked.get("regions") or []
    weights = CHOSEN if asked.get("weights") else "programme"
    said = {name: facts.get(text(f"fact_{name}", lang), "") for name in ("scheme", "region", "scenario")}
    if names:
        said["region"] = _listed([names.get(region, region) for region in regions], lang)
    said |= {"weights": text(f"weights_{weights}", lang), "lang": text(f"runs_lang_{lang}", lang)}
    values = {"lang": [lang]} if manifest else {}
    if asked:
        scenarios = [_scenario_name(one) for one in asked.get("scenarios") or [asked.get("scenario")]]
        values |= {
            "scheme": [str(asked.get("scheme"))], "region": regions, "scenario": scenarios, "weights": [weights],
        }  # fmt: skip
    return Row(run, status_tiles(manifest.get("statuses", {}), lang), said, values)


def _listed(names: Sequence[str], lang: str) -> str:
    if len(names) > _NAMED:
        return text("runs_regions", lang, region=names[0], n=len(names))
    return text("list_separator", lang).join(names)


def _scenario_name(scenario: object) -> str:
    return str(scenario.get("name")) if isinstance(scenario, Mapping) else str(scenario or "")


def _facet(name: str, rows: Sequence[Row], lang: str) -> Facet:
    """Return the links of one facet, none where all runs have the same value; mark the rows that they show."""
    values = dict.fromkeys(value for row in rows for value in row.values.get(name, ()))
    links: list[dict[str, object]] = []
    for number, value in enumerate(values if len(values) > 1 else (), start=1):
        anchor = f"only-{name}-{number}"
        chosen = [row for row in rows if value in row.values.get(name, ())]
        links.append({"anchor": anchor, "label": _label(name, value, chosen, lang), "n": len(chosen)})
        for row in chosen:
            row.of.append(anchor)
    return {"label": text(f"runs_by_{name}", lang), "links": links}


def _label(name: str, value: str, rows: Iterable[Row], lang: str) -> str:
    """Return how the runs that have `value` name it: in `lang` if one of them does."""
    ordered = sorted(rows, key=lambda row: row.run.lang != lang)
    if name == "region":
        named = (row.run.manifest.get("names", {}).get(value) for row in ordered)
    else:
        named = (row.said[name] for row in ordered)
    return next(filter(None, named), value)
