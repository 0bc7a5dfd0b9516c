"""The index of all runs: which, of what, how they went; plain links show only some of them, without script."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xk.errors import UsageError
from xk.pipeline.localising import CHOSEN
from xk.readers import write_bytes
from xk.running.report.export import Page, render_page
from xk.running.runs.diff import count_changes, diff_runs, previous_run, table_changes
from xk.running.runs.history import PastRun, list_runs
from xk.running.runs.manifest import Parameters
from xk.running.runs.pages import status_tiles
from xk.running.runs.publish import INDEX, INDEX_IN
from xk.vocab import LANGUAGES, text

FACETS: tuple[str, ...] = ("scheme", "region", "scenario", "weights", "lang")
"""What runs can be chosen by."""

_NAMED = 3

Facet = dict[str, str | list[dict[str, object]]]


@dataclass(frozen=True)
class Row:
    """What the index tells of a run, in the language of who reads it.

    Parameters
    ----------
    run : PastRun
    statuses : list
        Its statuses, counted.
    said : mapping
        Facet, and last known year -> in words.
    lang : str
        Language of programme, region and scenario: that of the run where an older version made it.
    values : mapping
        Facet -> what the run can be chosen by -> in words, empty if not known; none where its manifest does not say.
    of : list of str
        Anchors of the links that show it.
    """

    run: PastRun
    statuses: list[dict[str, object]]
    said: dict[str, str]
    lang: str
    values: dict[str, dict[str, str]]
    of: list[str] = field(default_factory=list)


def write_index(out: Path) -> None:
    """Write the index of all runs, in each language that runs are in; the plain one in that of ``latest``.

    It stands outside of the runs: what a run holds depends on its own inputs alone.
    """
    runs = list_runs(out)
    main = next((run.lang for run in runs if run.is_latest), runs[0].lang)
    for lang in LANGUAGES:
        path = out / INDEX_IN.format(lang=lang)
        if all(run.lang != lang for run in runs):
            path.unlink(missing_ok=True)
            continue
        page = runs_page(out, lang).encode()
        for one in (path, out / INDEX)[: 1 + (lang == main)]:
            write_bytes(page, one)


def runs_page(out: Path, lang: str) -> str:
    """Return the index of all runs below `out`, the newest first, with what changed in that since the one before."""
    rows = list_rows(out, lang)
    facets = [facet for name in FACETS if (facet := _facet(name, rows, lang))["links"]]
    others = [one for one in LANGUAGES if one != lang and any(row.run.lang == one for row in rows)]
    ways = [(INDEX_IN.format(lang=one), text(f"runs_lang_{one}", one)) for one in others]
    page = Page(text("runs_title", lang), lang, links=tuple(ways))
    changes = _changes(out, rows[0], lang) if rows else {}
    is_weighed = any(CHOSEN in row.values.get("weights", ()) for row in rows)
    linked = [row.run for row in rows if row.run.links]
    # where the next good run of the same question will stand, where the system has links
    addresses = {run.name: run.links[0] if (out / run.links[0]).is_symlink() else run.name for run in linked}
    latest = next((addresses[row.run.name] for row in rows if row.run.is_latest), "")
    shown = {"rows": rows, "facets": facets, "latest": latest, "addresses": addresses, "is_weighed": is_weighed}
    return render_page("runs.html.j2", page, **shown, **changes)


def list_rows(out: Path, lang: str) -> list[Row]:
    """Return what is told of each run below `out`, the newest first."""
    return [_row(run, lang) for run in list_runs(out)]


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
    told = table_changes(changes, lang, region_names=_regions(newest.run, lang)).html if len(changes) else ""
    return {"changes_said": count_changes(changes, lang), "changes": told, "before": past.name, "after": name}


def _row(run: PastRun, lang: str) -> Row:
    manifest, asked, regions = run.manifest, run.asked, _regions(run, lang)
    told, facts = manifest.get("said", {}).get(lang, {}), manifest.get("facts", {})
    own = lang if told else run.lang  # an older version said it in the language of the reports alone
    names = ("scheme", "region", "scenario", "as_of")
    said = {name: str(told.get(name) or facts.get(text(f"fact_{name}", run.lang), "")) for name in names}
    if regions:
        said["region"] = _listed([regions.get(one, one) for one in asked.get("regions") or regions], own)
    weights = CHOSEN if asked.get("weights") else "programme"
    said |= {"weights": text(f"weights_{weights}", lang), "lang": text(f"runs_lang_{run.lang}", lang)}
    values = {"lang": {run.lang: said["lang"]}} if manifest else {}
    if asked:
        values |= {
            "scheme": {str(asked.get("scheme")): said["scheme"]},
            "region": {one: regions.get(one, "") for one in asked.get("regions") or []},
            "scenario": _scenarios(asked, said["scenario"], own),
            "weights": {weights: said["weights"]},
        }  # fmt: skip
    return Row(run, status_tiles(manifest.get("statuses", {}), lang), said, own, values)


def _scenarios(asked: Parameters, said: str, lang: str) -> dict[str, str]:
    """Return the scenarios of a run in words: of several each by its own title, the only one as it is `said`."""
    several = asked.get("scenarios") or []
    words = {}
    for one in several or [asked.get("scenario")]:
        told = one if isinstance(one, Mapping) else {"name": one or ""}
        name = str(told.get("name", ""))
        words[name] = str(told.get(f"title_{lang}") or name) if several else said
    return words


def _listed(names: Sequence[str], lang: str) -> str:
    if len(names) > _NAMED:
        return text("runs_regions", lang, region=names[0], n=len(names))
    return text("list_separator", lang).join(names)


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
    ordered = sorted(rows, key=lambda row: row.lang != lang)
    return next(filter(None, (row.values[name][value] for row in ordered)), value)


def _regions(run: PastRun, lang: str) -> dict[str, str]:
    said = run.manifest.get("said", {}).get(lang, {})
    return said.get("region") or run.manifest.get("names", {})
