"""The bench of a statistician: any region, indicator, method and horizon, looked at in many ways."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial

import pandas as pd

from xk import charts, tables
from xk.arithmetic.projection import METHODS
from xk.arithmetic.scales import SCALES
from xk.bench import (
    Question,
    assume,
    backtest_of,
    by_method,
    indices_of,
    results_of,
    surroundings_of,
    weights_of,
    words_of,
)
from xk.contracts.records import Record, records
from xk.errors import UsageError
from xk.exhibits import Exhibit, Wording, join, paragraph
from xk.pipeline.scaled import Scaled, build_scaled, prices_of_line
from xk.readers import Store, read_names
from xk.running.app.panels import Bench, Panel
from xk.running.app.pickers import SECOND, Control, Options
from xk.running.app.typed import read_typed
from xk.running.app.view import LEVELS, View, read_points
from xk.vocab import LANGUAGES, text

LEVEL_CHOICES: tuple[tuple[int, ...], ...] = (LEVELS, (80,), (95,), (50, 90))
YEARS_AHEAD = 15
ADDRESS = re.compile(r"\S*\?\S+|[a-z_]+=\S*")
"""A link, or what stands in one behind the question mark."""


def explore(question: Question, *indicators: str, **looks: object) -> Panel:
    """Return the bench on a question; `looks`: further fields of a `View`, by name."""
    return Panel(EXPLORE, View(question, indicators=indicators, **looks))  # type: ignore[arg-type]


def begun(view: View, store: Store) -> View:
    """Return the view on an indicator: on the first of the programme where none is named."""
    first = store.scheme(view.question.scheme).plain_lines()[0].indicator
    return view if view.indicators else replace(view, indicators=(first,))


def worded(view: View, store: Store, **changes: object) -> Wording:
    """Return the answer to the view's question in words, with what it assumes; `changes`: of the question."""
    question, data = _assumed(view, store)
    asked = replace(question, **changes)  # type: ignore[arg-type]  # each is named as its field
    return words_of(asked, data, results_of(asked, data, levels=view.levels))


def _assumed(view: View, store: Store) -> tuple[Question, Store]:
    return assume(view.question, store, view.indicators[0], view.points)


def own_region(view: View, store: Store) -> str:
    """Return the region of the question."""
    return view.question.region or store.scheme(view.question.scheme).default_region()


def _scaled(view: View, store: Store, indicator: str, scale: str) -> dict[str, Scaled]:
    """Return name -> path of the region and of those beside it; indices all of the same first year."""
    worded_all = [worded(view, store, region=region) for region in (own_region(view, store), *view.beside)]
    starts = [path.min() for words in worded_all if len(path := _years_of(words, indicator))]
    since = int(max(starts)) if scale == "index" and starts else None
    paths = [
        build_scaled(words.results, indicator, scale, since=since,
                     indices=indices_of(words.results.settings.region, store))
        for words in worded_all
    ]  # fmt: skip
    return {words.region(path.region): path for words, path in zip(worded_all, paths, strict=True)}


def _years_of(words: Wording, indicator: str) -> pd.Series:
    path = words.results.path(indicator)
    return path.loc[path["value"].notna(), "year"]


def _trajectory(view: View, store: Store) -> Exhibit:
    words, (indicator, *_) = worded(view, store), view.indicators
    if view.scale == SCALES[0] and not view.beside:
        return charts.show_trajectory(words, indicator, hover=True)
    caption = words.text("caption_abreast", name=words.line(indicator), scale=words.text(f"scale_{view.scale}"))
    return charts.show_abreast(words, _scaled(view, store, indicator, view.scale), caption=caption)


def _methods(view: View, store: Store) -> Exhibit:
    words, (question, data), indicator = worded(view, store), _assumed(view, store), view.indicators[0]
    results = by_method(question, data, levels=view.levels)
    scale = view.scale if view.scale != "current_prices" else SCALES[0]  # nothing ahead is at current prices
    paths = {words.text(f"method_{name}"): build_scaled(one, indicator, scale) for name, one in results.items()}
    caption = words.text("caption_methods", name=words.line(indicator))
    return join([
        charts.show_abreast(words, paths, caption=caption),
        tables.table_methods(words, {name: one.line(indicator) for name, one in results.items()}),
        tables.table_weights(words, weights_of(question, data, indicator)),
    ])  # fmt: skip


def _scatter(view: View, store: Store) -> Exhibit:
    if len(view.indicators) < 2:
        return paragraph(text("scatter_needs_two", view.question.lang))
    across, up = (_scaled(view, store, name, SCALES[0]) for name in view.indicators)
    return charts.show_scatter(worded(view, store), {name: (across[name], up[name]) for name in across})


def _backtest(view: View, store: Store) -> Exhibit:
    question, data = _assumed(view, store)
    compared = backtest_of(question, data, view.indicators[0])
    return charts.show_past_paths(worded(view, store), view.indicators[0], compared)


def _figures(view: View, store: Store) -> Exhibit:
    words, indicator = worded(view, store), view.indicators[0]
    _, data = _assumed(view, store)
    return join([
        tables.table_path(words, indicator),
        tables.table_evidence(words, data, indicator),
        tables.table_sources(words, data, indicator=indicator),
    ])  # fmt: skip


def _told(draw: Callable[[View, Store], Exhibit], view: View, store: Store) -> Exhibit:
    """Return a picture, with what is assumed in it said above."""
    shown = draw(view, store)
    if not view.points:
        return shown
    words = worded(view, store)
    points = [words.text("point_assumed", year=year, value=words.given(value)) for year, value in view.points.items()]
    listed = words.listed(points)
    said = paragraph(words.text("note_assumed", name=words.names[view.indicators[0]], points=listed))
    return replace(shown, html=f'<div class="xk-notice">{said.html}</div>{shown.html}', plain=said.plain + shown.plain)


_DRAWN: dict[str, Callable[[View, Store], Exhibit]] = {
    "trajectory": _trajectory, "methods": _methods, "scatter": _scatter,
    "peers": lambda view, store: charts.show_strip(worded(view, store), view.indicators[0]),
    "backtest": _backtest,
    "rulebooks": lambda view, store: tables.table_judged(worded(view, store), view.indicators[0]),
    "figures": _figures,
}  # fmt: skip
PICTURES = {name: partial(_told, draw) for name, draw in _DRAWN.items()}


def named_regions(view: View, store: Store) -> Options:
    """Return the regions by their names in both languages."""
    return _listed(store, "", view.question.lang)


def named_lines(view: View, store: Store) -> Options:
    """Return the lines of the programme by number and their names in both languages."""
    return _listed(store, view.question.scheme, view.question.lang)


@lru_cache(maxsize=16)
def _listed(store: Store, scheme: str, lang: str) -> Options:
    """Return the regions, or the lines of a programme, in the order of languages that is asked for."""
    if not scheme:
        return [(_named(row, lang), row["region"]) for row in records(store.regions)]
    return [(f"{row['no']} {_named(row, lang)}", row["indicator"]) for row in records(store.scheme(scheme).indicators)]


def _named(row: Record, lang: str) -> str:
    langs = sorted(LANGUAGES, key=lambda one: one != lang)
    return SECOND.join(dict.fromkeys(str(row[f"name_{one}"]) for one in langs))


def meant(kind: str, view: View, store: Store, value: object) -> str:
    """Return the slug of what was chosen from a list or typed; raise UsageError with the nearest name."""
    options = (named_regions if kind == "region" else named_lines)(view, store)
    chosen = {said: str(slug) for said, slug in options}
    names = read_names(store).under(view.question.scheme)
    return chosen.get(str(value)) or names.slug(kind, str(value).partition(SECOND)[0])


def listed(value: object) -> list[str]:
    """Return the value of a control that several things are chosen in."""
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _put_indicator(view: View, store: Store, value: object) -> View:
    return replace(view, indicators=(meant("indicator", view, store, value), *view.indicators[1:]), points={})


def _put_against(view: View, store: Store, value: object) -> View:
    others = [meant("indicator", view, store, one) for one in listed(value)][-1:]
    looks = {"picture": "scatter"} if others else {"picture": ""} if view.picture == "scatter" else {}
    return replace(view, indicators=(*view.indicators[:1], *others), **looks)  # type: ignore[arg-type]  # a name


def _put_beside(view: View, store: Store, value: object) -> View:
    return replace(view, beside=tuple(meant("region", view, store, one) for one in listed(value)))


def _put_scheme(view: View, store: Store, value: object) -> View:
    """Return the view under another programme, on the same indicators where that has them, else on its first."""
    lines = store.scheme(str(value)).plain_lines()
    names = {line.indicator for line in lines}
    kept = tuple(name for name in view.indicators if name in names)
    return replace(view.asks(scheme=value, as_of=None, to=None), indicators=kept or (lines[0].indicator,), points={})


def _put_points(view: View, store: Store, value: object) -> View:  # noqa: ARG001
    typed = str(value).replace("=", ":").replace("：", ":").replace("，", ",").replace("；", ",").replace(";", ",")
    return replace(view, points=read_points("points", [typed]))


def _put_files(view: View, store: Store, value: object) -> View:  # noqa: ARG001
    return view.asks(observations=[part.strip() for part in str(value).split(";") if part.strip()] or None)


def _years_known(view: View, store: Store) -> Options:
    years = _observed(store, own_region(view, store), view.question.scheme)
    return [(text("choice_usual", view.question.lang), None), *((str(year), year) for year in years)]


@lru_cache(maxsize=16)
def _observed(store: Store, region: str, scheme: str) -> list[int]:
    """Return the years of which a region has a figure of a programme, the latest first."""
    figures = surroundings_of(store).figures_in([region])
    known = figures.loc[figures["indicator"].isin(list(store.scheme(scheme).lines)), "year"]
    return sorted(map(int, known.unique()), reverse=True)


def _years_ahead(view: View, store: Store) -> Options:
    first = view.question.as_of or store.scheme(view.question.scheme).target_year
    years = dict.fromkeys([*range(first, first + YEARS_AHEAD + 1), *([view.question.to] if view.question.to else [])])
    return [(text("choice_usual", view.question.lang), None), *((str(year), year) for year in sorted(years))]


def _schemes(view: View, store: Store) -> Options:
    return [(str(scheme.facts[f"name_{view.question.lang}"]), name) for name, scheme in store.schemes.items()]


def named_pictures(names: Iterable[str]) -> Callable[[View, Store], Options]:
    """Return the pictures of a bench to choose from."""
    return choices(names, lambda name, lang: text(f"picture_{name}", lang))


def choices(names: Iterable[str], said: Callable[[str, str], str]) -> Callable[[View, Store], Options]:
    """Return a closed list to choose from; `said`: how a word of it is called in a language."""
    return lambda view, _: [(said(name, view.question.lang), name) for name in names]


def _asks(name: str) -> tuple[Callable[[View, Store], object], Callable[[View, Store, object], View]]:
    """Return how a parameter of the question is read and put; an empty text is none."""
    empty = "" if name == "vintage" else None
    return (lambda view, _: getattr(view.question, name) or empty,
            lambda view, _, value: view.asks(**{name: value if value != "" else None}))  # fmt: skip


def _scales(view: View, store: Store) -> Options:
    """Return the scales; that of current prices where an index leads there."""
    indices, scheme = indices_of(own_region(view, store), store), store.scheme(view.question.scheme)
    priced = prices_of_line(scheme, view.indicators[0], indices)
    listed = [name for name in SCALES if name != "current_prices" or priced]
    return [(text(f"scale_{name}", view.question.lang), name) for name in listed]


CONTROLS = (
    Control("picture", "choice", lambda view, _: view.picture or "trajectory",
            lambda view, _, value: replace(view, picture=str(value)),
            named_pictures(PICTURES)),
    Control("region", "search", own_region,
            lambda view, store, value: view.asks(region=meant("region", view, store, value)), named_regions),
    Control("beside", "several", lambda view, _: view.beside, _put_beside, named_regions, hint=True, rare=True),
    Control("indicator", "search", lambda view, _: view.indicators[0], _put_indicator, named_lines),
    Control("against", "several", lambda view, _: view.indicators[1:], _put_against, named_lines, hint=True, rare=True),
    Control("as_of", "choice", *_asks("as_of"), _years_known),
    Control("to", "choice", *_asks("to"), _years_ahead, rare=True),
    Control("method", "choice", *_asks("method"), choices(METHODS, lambda name, lang: text(f"method_{name}", lang))),
    Control("scale", "choice", lambda view, _: view.scale, lambda view, _, value: replace(view, scale=str(value)),
            _scales, shown=lambda view: view.picture in ("", "trajectory", "methods"), rare=True),
    Control("levels", "choice", lambda view, _: view.levels,
            lambda view, _, value: replace(view, levels=tuple(map(int, listed(value)))),
            lambda view, _: [(" + ".join(f"{one}%" for one in levels), levels)
                             for levels in dict.fromkeys([*LEVEL_CHOICES, view.levels])], rare=True),
    Control("points", "text", lambda view, _: ", ".join(f"{year}:{value:g}" for year, value in view.points.items()),
            _put_points, hint=True, rare=True),
    Control("scheme", "choice", lambda view, _: view.question.scheme, _put_scheme, _schemes, rare=True),
    Control("observations", "text", lambda view, _: "; ".join(view.question.observations or ()), _put_files,
            hint=True, rare=True),
    Control("vintage", "text", *_asks("vintage"), hint=True, rare=True),
)  # fmt: skip


def read_words(words: str, view: View, store: Store) -> View:
    """Return the view that a question means, typed in words or pasted as a link.

    A first year is the last that counts as known, a later one the last to project to; a first region is that of the
    question, others stand beside it; a programme is asked before all else; what is not named stays as it is.
    """
    if ADDRESS.fullmatch(words.strip()):
        return view.opened(words)
    for name, scheme in store.schemes.items():
        for said_so in (name, *(scheme.name(lang) for lang in LANGUAGES)):
            if (at := words.casefold().find(said_so.casefold())) >= 0:
                words = f"{words[:at]} {words[at + len(said_so) :]}"
                view = _put_scheme(view, store, name)
    said = read_typed(words, store, view.question.scheme, pictures=tuple(_DRAWN))
    lines, regions = said.get("indicator", []), said.get("region", [])
    years = sorted(map(int, said.get("year", [])))
    if len(years) > 2 or len(lines) > 2:
        raise UsageError(f"{words!r} names more than two {'years' if len(years) > 2 else 'indicators'}")
    asked: dict[str, Sequence[object]] = {
        "region": regions[:1], "method": said.get("method", [])[:1], "as_of": years[:1], "to": years[1:],
    }  # fmt: skip
    view = view.asks(**{name: found[0] for name, found in asked.items() if found})
    if years and len(years) == 1 and view.question.to is not None and view.question.to < years[0]:
        view = view.asks(to=None)
    looks: dict[str, object] = {name: said[name][0] for name in ("picture", "scale") if name in said}
    if lines:
        looks |= {"indicators": tuple(lines), "points": {}}
        looks.setdefault("picture", "scatter" if len(lines) > 1 else "")
    if regions:
        looks["beside"] = tuple(regions[1:])
    return replace(view, **looks)  # type: ignore[arg-type]  # each is named as its field


EXPLORE = Bench("explore", CONTROLS, PICTURES, read_words, ("trajectory", "methods", "figures"), begun)
