"""The bench of targets for counties: their figures, three rules side by side, held against the city's own figure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from xk import charts, tables
from xk.arithmetic.allocation import KINDS, RULES, allocate_targets, whole_of
from xk.arithmetic.target import attainment
from xk.bench import Question, results_of, words_of
from xk.errors import InputError, UsageError
from xk.exhibits import Exhibit, Wording, join, paragraph
from xk.readers import Store, read_counties, read_names
from xk.running.app.explore import choices, meant, named_lines, named_pictures, own_region
from xk.running.app.panels import Bench, Panel
from xk.running.app.pickers import Control, Options
from xk.running.app.view import View, inside, reads
from xk.vocab import text

START: Mapping[str, object] = {"kind": "share", "years": 4, "baselines": {}, "weights": {}}


def counties(question: Question, indicator: str, **divided: object) -> Panel:
    """Return the bench on a question; `divided`: baselines and weights by county, kind and years, by name."""
    return Panel(COUNTIES, View(question, bench="counties", indicators=(indicator,), divided={**START, **divided}))


def _figures(view: View, name: str) -> dict[str, float]:
    found = view.divided.get(name, {})
    return {str(county): float(value) for county, value in found.items()} if isinstance(found, Mapping) else {}


def _years(view: View) -> int:
    return int(str(view.divided["years"]))


def _worded(view: View, store: Store) -> Wording:
    return words_of(view.question, store, results_of(view.question, store))


def divide(view: View, store: Store) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Return rule -> the city's target divided by it, and rule -> why it cannot be."""
    line, kind = results_of(view.question, store).line(view.indicators[0]).line, str(view.divided["kind"])
    found, refused = {}, {}
    for rule in RULES:
        try:
            found[rule] = allocate_targets(
                line.target_value, _figures(view, "baselines"), weights=_figures(view, "weights") or None, rule=rule,
                kind=kind, years=_years(view), direction=line.direction,
            )  # fmt: skip
        except InputError as error:
            refused[rule] = str(error)
    return found, refused


def _rules(view: View, store: Store) -> Exhibit:
    words, (found, refused) = _worded(view, store), divide(view, store)
    kind, weights = str(view.divided["kind"]), _figures(view, "weights")
    said = [paragraph(words.text("rule_refused", rule=words.text(f"allocation_{rule}"), why=why))
            for rule, why in refused.items()]  # fmt: skip
    if not found:
        return join(said)
    whole = whole_of(_figures(view, "baselines"), weights or None, kind=kind)
    shown = [tables.say_whole(words, view.indicators[0], whole, kind=kind),
             tables.table_rules(words, found, view.indicators[0], kind=kind), *said]  # fmt: skip
    rows = pd.concat([frame.assign(rule=rule) for rule, frame in found.items()], ignore_index=True)
    return replace(join(shown), rows=rows)


def _tiles(view: View, store: Store) -> Exhibit:
    words, figures = _worded(view, store), _figures(view, "baselines")
    line = words.results.line(view.indicators[0]).line
    values: dict[str, float] = {}
    if view.divided["kind"] != "sum":  # an amount of a county is no part of the city's target: it has no attainment
        attained = attainment([*figures.values()], target=line.target_value, direction=line.direction)
        values = dict(zip(figures, attained.tolist(), strict=True))
    tiles = charts.tiles_of(store.regions, words.results.settings.region, values)
    return charts.show_tiles(words, tiles, line.indicator)


PICTURES = {"rules": lambda view, store: join([_rules(view, store), _tiles(view, store)]), "tiles": _tiles}


def _named(view: View, store: Store) -> Options:
    name = f"name_{view.question.lang}"
    held = store.regions[store.regions["region"].isin(list(_figures(view, "baselines")))]
    return list(zip(held[name], held["region"], strict=True))


def _with(view: View, **changes: object) -> View:
    return replace(view, divided={**view.divided, **changes})


def _put_figures(name: str) -> Callable[[View, Store, object], View]:
    def put(view: View, store: Store, value: object) -> View:  # noqa: ARG001
        return _with(view, **{name: _figures(view, name) | (dict(value) if isinstance(value, Mapping) else {})})

    return put


def _put_file(view: View, store: Store, value: object) -> View:
    file = str(value).strip()
    if not file:
        return view
    asked = {"scheme": view.question.scheme, "region": own_region(view, store), "indicator": view.indicators[0]}
    own, weights, year = read_counties(inside(file, store.root), store=store, **asked)
    line = store.scheme(view.question.scheme).line(view.indicators[0])
    years = max((line.target_year or year + 1) - year, 1)
    return _with(view, baselines=own, weights=weights or dict.fromkeys(own, 1.0), years=years)


def _put_indicator(view: View, store: Store, value: object) -> View:
    return replace(view, indicators=(meant("indicator", view, store, value),))


CONTROLS = (
    Control("indicator", "search", lambda view, _: view.indicators[0], _put_indicator, named_lines),
    Control("kind", "choice", lambda view, _: view.divided["kind"],
            lambda view, _, value: _with(view, kind=str(value)),
            choices(KINDS, lambda kind, lang: text(f"kind_{kind}", lang))),
    Control("years", "knob", lambda view, _: _years(view),
            lambda view, _, value: _with(view, years=round(float(str(value)))),
            lambda *_: [("low", 1), ("high", 10), ("step", 1)]),
    Control("baselines", "fields", lambda view, _: _figures(view, "baselines"), _put_figures("baselines"), _named),
    Control("shares", "fields", lambda view, _: _figures(view, "weights"), _put_figures("weights"), _named,
            lambda view: bool(view.divided["weights"])),
    Control("file", "text", lambda *_: "", _put_file),
    Control("picture", "choice", lambda view, _: COUNTIES.picture(view),
            lambda view, _, value: replace(view, picture=str(value)), named_pictures(PICTURES)),
)  # fmt: skip


def _ready(view: View, store: Store) -> View:
    """Return the view with slugs for the names of counties; raise UsageError for a line that has no one target."""
    names, scheme = read_names(store).under(view.question.scheme), store.scheme(view.question.scheme)
    line = scheme.line((view.indicators or (next(iter(scheme.lines)),))[0])
    if line.target_value != line.target_value:
        raise UsageError(f"{line.no} has no single target that could be divided; choose another line")
    given = {**START, **view.divided}
    for name in given:
        if name not in START:
            raise UsageError(f"unknown parameter {name!r} of a division; known: {', '.join(START)}")
    named = {name: names.keys("region", dict(given[name])) for name in ("baselines", "weights")}  # type: ignore[call-overload]
    return replace(view, indicators=(line.indicator,), divided={**given, **named})


def _again(view: View, store: Store) -> list[tuple[str, str]]:
    """Return the lines of Python that divide the target by every rule."""
    line = results_of(view.question, store).line(view.indicators[0]).line
    figures, weights = _figures(view, "baselines"), _figures(view, "weights") or None
    kind = str(view.divided["kind"])
    call = f"xk.allocate_targets({line.target_value!r}, {figures!r}, weights={weights!r}, rule=rule, kind={kind!r}"
    asked = f"{call}, years={_years(view)}, direction={line.direction!r})"
    return [("bench_division", f"import xk\n{{rule: {asked} for rule in {RULES!r}}}")]


COUNTIES: Bench = Bench("counties", CONTROLS, PICTURES, reads(_put_indicator), ("rules",), ready=_ready, again=_again)
