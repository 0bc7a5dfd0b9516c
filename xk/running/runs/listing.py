"""The index of all runs: which, of what, how they went; plain links show only some of them, without script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from xk.errors import UsageError
from xk.pipeline.weighting import CHOSEN
from xk.running.report import Page, render_page
from xk.running.runs.diff import count_changes, diff_runs, previous_run, table_changes
from xk.running.runs.history import PastRun, list_runs
from xk.running.runs.pages import status_tiles
from xk.running.runs.publish import latest_run
from xk.vocab import NATIVE, text

FACETS: tuple[str, ...] = ("scheme", "region", "scenario", "weights", "lang")
"""What runs can be chosen by."""

Row = dict[str, Any]

_NAMED = 3


def runs_page(out: Path, lang: str) -> str:
    """Return the index of all runs below `out`, the newest first, with what changed in that since the one before.

    It stands outside of the runs: what a run holds depends on its own inputs alone.
    """
    rows = [_row(run) for run in list_runs(out)]
    facets = [facet for name in FACETS if (facet := _facet(name, rows, lang))["links"]]
    page = Page(text("runs_title", lang), lang)
    changes = _changes(out, rows[0], lang) if rows else {}
    is_weighed = any(CHOSEN in row["values"]["weights"] for row in rows)
    shown = {"runs": rows, "facets": facets, "latest": latest_run(out), "is_weighed": is_weighed}
    return render_page("runs.html.j2", page, **shown, **changes)


def _changes(out: Path, newest: Row, lang: str) -> dict[str, str]:
    """Return what changed in the newest run since the one before: said in a sentence, and as a table."""
    name = newest["name"]
    past = previous_run(out, name)
    if past is None:
        return {"changes_said": text("diff_first", lang)}
    try:
        changes = diff_runs(past, out / name)
    except UsageError as error:
        return {"changes_said": text("diff_unlike", lang, reason=error)}
    told = table_changes(changes, lang, region_names=newest["names"]).html if len(changes) else ""
    return {"changes_said": count_changes(changes, lang), "changes": told, "before": past.name, "after": name}


def _row(run: PastRun) -> Row:
    """Return what the index tells of a run, in the run's own language."""
    manifest, lang = run.manifest, str(run.manifest.get("lang", NATIVE))
    asked, facts = manifest.get("parameters", {}), manifest.get("facts", {})
    reports = manifest.get("reports", {}).values()
    regions, names = asked.get("regions") or [], manifest.get("names", {})
    weights = CHOSEN if asked.get("weights") else "programme"
    named = {name: str(facts.get(text(f"fact_{name}", lang), "")) for name in ("scheme", "region", "scenario")}
    if names:
        named["region"] = _listed([names.get(region, region) for region in regions], lang)
    return {
        "name": run.name,
        "lang": lang,
        "readable": bool(manifest),
        "title": str(manifest.get("title", "")),
        "started": str(manifest.get("started", ""))[:16].replace("T", " "),
        "failed": sum(not report.get("ok") for report in reports),
        "total": len(reports),
        "statuses": status_tiles(manifest.get("statuses", {}), lang),
        "said": named | {"weights": text(f"weights_{weights}", lang), "lang": text(f"runs_lang_{lang}", lang)},
        "names": names,
        "values": {
            "scheme": [asked.get("scheme")] if asked else [],
            "region": list(regions),
            "scenario": [_scenario_name(asked.get("scenario"))] if asked else [],
            "weights": [weights] if asked else [],
            "lang": [lang] if manifest else [],
        },
        "of": [],
    }


def _listed(names: Sequence[str], lang: str) -> str:
    if len(names) > _NAMED:
        return text("runs_regions", lang, region=names[0], n=len(names))
    return text("list_separator", lang).join(names)


def _scenario_name(scenario: object) -> str:
    return str(scenario.get("name")) if isinstance(scenario, Mapping) else str(scenario or "")


def _facet(name: str, rows: Sequence[Row], lang: str) -> dict[str, Any]:
    """Return the links of one facet, none where all runs have the same value; mark the rows that they show."""
    values = dict.fromkeys(value for row in rows for value in row["values"][name])
    links = []
    for number, value in enumerate(values if len(values) > 1 else (), start=1):
        anchor = f"only-{name}-{number}"
        chosen = [row for row in rows if value in row["values"][name]]
        links.append({"anchor": anchor, "label": _label(name, value, chosen, lang), "n": len(chosen)})
        for row in chosen:
            row["of"].append(anchor)
    return {"label": text(f"runs_by_{name}", lang), "links": links}


def _label(name: str, value: str, rows: Iterable[Row], lang: str) -> str:
    """Return how the runs that have `value` name it: in `lang` if one of them does."""
    ordered = sorted(rows, key=lambda row: row["lang"] != lang)
    if name == "region":
        return next((str(row["names"][value]) for row in ordered if value in row["names"]), str(value))
    return next((str(row["said"][name]) for row in ordered if row["said"][name]), str(value))
