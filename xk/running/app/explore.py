"""The bench of a statistician: any region, indicator, method and horizon, looked at in many ways."""

from __future__ import annotations

from dataclasses import replace

from xk import charts, tables
from xk.arithmetic.projection import METHODS
from xk.bench import by_method, results_of, words_of
from xk.exhibits import Exhibit
from xk.exhibits.wording import Wording
from xk.question import Question
from xk.readers import Store, read_names
from xk.running.app.panels import Bench, Panel
from xk.running.app.pickers import SECOND, Control, Options
from xk.running.app.view import View
from xk.vocab import LANGUAGES, text


def explore(question: Question, *indicators: str, **looks: object) -> Panel:
    """Return the bench on a question; `looks`: further fields of a `View`, by name."""
    return Panel(EXPLORE, View(question, indicators=indicators, **looks))  # type: ignore[arg-type]


def _words(view: View, store: Store) -> Wording:
    return words_of(view.question, store, results_of(view.question, store))


def _trajectory(view: View, store: Store) -> Exhibit:
    return charts.show_trajectory(_words(view, store), view.indicators[0])


def _methods(view: View, store: Store) -> Exhibit:
    return tables.table_methods(_words(view, store), by_method(view.question, store, view.indicators[0]))


def _figures(view: View, store: Store) -> Exhibit:
    return tables.table_path(_words(view, store), view.indicators[0])


def _sources(view: View, store: Store) -> Exhibit:
    return tables.table_sources(_words(view, store), store, indicator=view.indicators[0])


PICTURES = {"trajectory": _trajectory, "methods": _methods, "figures": _figures, "sources": _sources}


def named_regions(view: View, store: Store) -> Options:
    """Return the regions by their names in both languages."""
    first, *others = _languages(view)
    rows = store.regions.to_dict("records")
    return [
        (SECOND.join([row[f"name_{first}"], *(row[f"name_{one}"] for one in others)]), row["region"]) for row in rows
    ]


def named_indicators(view: View, store: Store) -> Options:
    """Return the lines of the programme by number and their names in both languages."""
    first, *others = _languages(view)
    rows = store.scheme(view.question.scheme).indicators.to_dict("records")
    return [
        (
            SECOND.join([f"{row['no']} {row[f'name_{first}']}", *(str(row[f"name_{one}"]) for one in others)]),
            row["indicator"],
        )
        for row in rows
    ]


def _languages(view: View) -> list[str]:
    return sorted(LANGUAGES, key=lambda lang: lang != view.question.lang)


def _pictures(view: View, store: Store) -> Options:  # noqa: ARG001
    return [(text(f"picture_{name}", view.question.lang), name) for name in PICTURES]


def _methods_named(view: View, store: Store) -> Options:  # noqa: ARG001
    return [(text(f"method_{name}", view.question.lang), name) for name in METHODS]


def meant(kind: str, words: str, options: Options, view: View, store: Store) -> str:
    """Return the slug of what was chosen from a list or typed; raise UsageError with the nearest name."""
    chosen = {said: str(slug) for said, slug in options}
    return chosen.get(words) or read_names(store).under(view.question.scheme).slug(kind, words)


def _put_region(view: View, store: Store, value: object) -> View:
    return view.asks(region=meant("region", str(value), named_regions(view, store), view, store))


def _put_indicator(view: View, store: Store, value: object) -> View:
    slug = meant("indicator", str(value), named_indicators(view, store), view, store)
    return replace(view, indicators=(slug, *view.indicators[1:]))


def _own_region(view: View, store: Store) -> str:
    return view.question.region or store.scheme(view.question.scheme).default_region()


def _picture(view: View, store: Store) -> str:  # noqa: ARG001
    return view.picture or next(iter(PICTURES))


CONTROLS = (
    Control("picture", "choice", _picture,
            lambda view, _, value: replace(view, picture=str(value)), _pictures),
    Control("region", "search", _own_region, _put_region, named_regions),
    Control("indicator", "search", lambda view, _: view.indicators[0], _put_indicator, named_indicators),
    Control("method", "choice", lambda view, _: view.question.method,
            lambda view, _, value: view.asks(method=value), _methods_named),
)  # fmt: skip


def read_words(words: str, view: View, store: Store) -> View:
    """Return the view that a question means, typed in words or pasted as a link."""
    if "?" in words or "=" in words:
        return View.of_query(words, bench=view.bench)
    return _put_indicator(view, store, words)


EXPLORE = Bench("explore", CONTROLS, PICTURES, read_words, ("trajectory", "methods", "figures", "sources"))
