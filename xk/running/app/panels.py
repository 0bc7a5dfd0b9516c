"""The frame of every bench: controls, picture, what changed, what was wrong, the way back, how to get this again."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.resources import files

import ipywidgets as widgets
from IPython.core.formatters import DisplayFormatter

from xk import theme
from xk.bench import store_of
from xk.errors import XkError, check_known
from xk.exhibits import Exhibit, escape, join
from xk.readers import Store, read_store
from xk.running.app.onlooker import in_page, query_of_page, somebody_looks_on
from xk.running.app.pickers import Control, picker_of
from xk.running.app.view import View
from xk.running.report.export import stylesheet
from xk.vocab import LANGUAGES, read_labels, text

PICTURES_KEPT = 64
"""Pictures kept in memory: some ten kB each."""
STEPS_KEPT = 100

Draw = Callable[[View, Store], Exhibit]


@dataclass(frozen=True)
class Bench:
    """A bench: what can be asked in it, and what is shown for an answer.

    Parameters
    ----------
    name : str
        That of its notebook.
    controls : sequence of Control
    pictures : mapping of callable
        Name of a picture -> what draws it of a view and its store; label ``picture_<name>``.
    read : callable
        Text, view, store -> the view that a whole question means, typed in one box or pasted as a link.
    static : sequence of str
        The pictures that stand one below the other where nobody looks on.
    ready : callable
        View and store -> the view with what it cannot do without.
    again : callable
        View and store -> label key and text of further fields to copy, besides link, command and lines.
    says : callable
        View and store -> what is shown, in a sentence for the status line; empty where there is nothing to say.
    """

    name: str
    controls: Sequence[Control] = field(hash=False)
    pictures: Mapping[str, Draw] = field(hash=False)
    read: Callable[[str, View, Store], View]
    static: tuple[str, ...]
    ready: Callable[[View, Store], View] = lambda view, store: view  # noqa: ARG005
    again: Callable[[View, Store], Sequence[tuple[str, str]]] = lambda view, store: ()  # noqa: ARG005
    says: Callable[[View, Store], str] = lambda view, store: ""  # noqa: ARG005

    def picture(self, view: View) -> str:
        """Return the name of the picture that a view shows; raise UsageError for an unknown one."""
        if view.picture:
            check_known(view.picture, self.pictures, "picture")
        return view.picture or next(iter(self.pictures))


@lru_cache(maxsize=PICTURES_KEPT)
def draw(bench: Bench, view: View, store: Store) -> Exhibit:
    """Return the picture of a view; the same one is drawn once."""
    return bench.pictures[bench.picture(view)](view, store)


class Panel:
    """A bench as it stands in a notebook: with its controls where somebody looks on, else as pictures alone.

    Parameters
    ----------
    bench : Bench
    view : View
        What is asked first; in a page of Voila its address goes before it.
    base : Store, optional
        The project's data.

    Attributes
    ----------
    view : View
        What is asked now.
    said, wrong : str
        What changed last, in a sentence; what was wrong with the last thing that was asked for.
    """

    def __init__(self, bench: Bench, view: View, base: Store | None = None) -> None:
        self.bench, self.base = bench, base or read_store()
        self.said = self.wrong = ""
        self.first = self.view = self._ready(view)
        self._past: list[View] = []
        if query := query_of_page():
            self.open(query)
            self.first, self._past, self.said = self.view, [], ""

    @property
    def store(self) -> Store:
        """The data of the question, with its own figures."""
        return store_of(self.view.question, self.base)

    @property
    def shown(self) -> Exhibit:
        """What is shown now."""
        return draw(self.bench, self.view, self.store)

    def change(self, view: View) -> None:
        """Show another view, if it can be shown; else say why not, and leave what stands."""
        self._try(lambda: view)

    def ask(self, words: str) -> None:
        """Show what a whole question asks for, typed in words or pasted as a link."""
        self._try(lambda: self.bench.read(words, self.view, self.store))

    def open(self, query: str) -> None:
        """Show the view of an address (see `View.opened`)."""
        self._try(lambda: self.view.opened(query))

    def choose(self, control: Control, value: object) -> None:
        """Show the view with another value of a control."""
        self._try(lambda: control.put(self.view, self.store, value))

    def undo(self) -> None:
        """Show what stood before the last change."""
        if self._past:
            self.view, self.wrong = self._past.pop(), ""
            self._settle(self.text("bench_undone"))

    def reset(self) -> None:
        """Show what stood at first."""
        self.change(self.first.asks(lang=self._lang))

    def _try(self, asked: Callable[[], View | tuple[View, str]]) -> None:
        try:
            answer = asked()
            view, said = answer if isinstance(answer, tuple) else (answer, "")
            view = self._ready(view)
            draw(self.bench, view, store_of(view.question, self.base))
        except XkError as error:
            self.wrong = say_wrong(error, self._lang)
            self._settle("")
            return
        old, self.view, self.wrong = self.view, view, ""
        if view != old:
            self._past = [*self._past[-STEPS_KEPT:], old]
        self._settle(said or self._changed(old))

    def _ready(self, view: View) -> View:
        """Return a view with slugs for names and all that its bench needs."""
        named = view.resolved(self.base)
        return self.bench.ready(named, store_of(named.question, self.base))

    def _changed(self, old: View) -> str:
        """Return what of the view is another than before, in a sentence."""
        before = store_of(old.question, self.base)
        said = []
        for control in self.bench.controls:
            one, other = control.get(old, before), control.get(self.view, self.store)
            if one != other and control.shown(self.view):
                said.append(text("bench_now", self._lang, name=self.text(f"control_{control.name}"),
                                 value=_named(control, self.view, self.store, one)))  # fmt: skip
        if not said:
            return ""
        changed = self.text("bench_changed", changes=self.text("clause_separator").join(said))
        return " ".join(filter(None, [changed, self.bench.says(self.view, self.store)]))

    @property
    def _lang(self) -> str:
        return self.view.question.lang

    def text(self, key: str, **values: object) -> str:
        """Return a label in the language of the view."""
        return text(key, self._lang, **values)

    def _settle(self, said: str) -> None:
        self.said = said
        if "page" in self.__dict__:
            self.page.settle()

    @cached_property
    def page(self) -> Page:
        """Its widgets, made when they are asked for."""
        return Page(self)

    @property
    def static(self) -> Exhibit:
        """The pictures that stand for it where nobody looks on, with the letters that they need."""
        views = [replace(self.view, picture=name) for name in self.bench.static]
        shown = join(draw(self.bench, view, self.store) for view in views)
        return replace(shown, html=f"<style>{theme.font_face_css(shown.html)}</style>{shown.html}")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> object:
        shown = self.page.root if somebody_looks_on() else self.static
        return DisplayFormatter().format(shown, include, exclude)


WRONG = (
    (r"unknown (?P<what>[\w ]+?) (?P<name>'.*?'); did you mean (?P<near>.*)\?", "wrong_unknown_near"),
    (r"unknown (?P<what>[\w ]+?) (?P<name>'.*?'); known: (?P<known>.*)", "wrong_unknown"),
    (r"unknown word (?P<name>'.*?'); it is .*", "wrong_word"),
    (r"(?P<name>'.*?') may be (?P<known>.*); say more of it", "wrong_several"),
    (r"(?P<name>'.*?') names more than two .*", "wrong_too_many"),
    (r"the as-of year must be a whole year in (?P<span>[\d-]+).*, not (?P<name>.*)", "wrong_as_of"),
    (r"the last year of the projections \((?P<to>\d+)\) is before the last known year \((?P<as_of>\d+)\)", "wrong_to"),
    (r"(?P<name>'.*?') is outside the project; .*", "wrong_file"),
    (r"(?P<name>'.*?') is no year with a figure; .*", "wrong_points"),
    (r"(?P<name>'.*?') is no day of release; .*", "wrong_day"),
    (r"a logarithmic axis needs values above 0", "wrong_log"),
    (r"scale '(?P<name>.*)' divides by .*", "wrong_scale"),
    (r"current prices need .*", "wrong_prices"),
    (r"(?P<name>\w+) has no figure in (?P<region>.*): there is no series .*", "wrong_no_series"),
)
"""What the library says of mistakes that are easily made here -> the label that says it in every language."""
WHAT = ("method", "region", "indicator", "scheme", "parameter", "picture", "scale", "word")
"""What may be unknown, of which there is a word in every language."""


def say_wrong(error: XkError, lang: str) -> str:
    """Return what an error says in a language; of one that has no words in it, as the library says it."""
    message = str(error)
    for pattern, key in WRONG:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            said = {name: value.strip("'") for name, value in found.groupdict().items()}
            if said.get("what") in WHAT:
                said["what"] = text(f"wrong_what_{said['what']}", lang)
            return text(key, lang, **said)
    return text("wrong_other", lang, message=message)


def _named(control: Control, view: View, store: Store, before: object) -> str:
    """Return the value of a control in words; of several numbers those that were others before."""
    value, options = control.get(view, store), control.options(view, store)
    words = {one: said.partition(" · ")[0] for said, one in options}
    if isinstance(value, Mapping):
        old = before if isinstance(before, Mapping) else {}
        changed = [(words.get(one, str(one)), number) for one, number in value.items() if old.get(one) != number]
        return ", ".join(f"{name} {number:g}" for name, number in changed) or "—"
    if isinstance(value, float):
        return f"{value:.10g}"
    listed = value if isinstance(value, tuple | list) else [value]
    return ", ".join(words.get(one, str(one)) for one in listed) or "—"


class Page:
    """The widgets of a panel."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.pickers = [picker_of(control, panel.choose) for control in panel.bench.controls]
        self.asked = widgets.Text(continuous_update=False).add_class("xk-asked")
        self.asked.observe(lambda change: self._ask(change["new"]), "value")
        self.lang = widgets.ToggleButtons(options=[(text(f"runs_lang_{lang}", lang), lang) for lang in LANGUAGES])
        self.lang.observe(lambda change: self._speak(change["new"]), "value")
        self.undo, self.reset = widgets.Button(), widgets.Button()
        self.undo.on_click(lambda _: panel.undo())
        self.reset.on_click(lambda _: panel.reset())
        self.picture = widgets.HTML().add_class("xk-shown")
        html = [widgets.HTML().add_class(f"xk-{name}") for name in ("said", "wrong", "again")]
        self.status, self.wrong, self.again = html
        bar = widgets.HBox([self.asked, self.undo, self.reset, self.lang]).add_class("xk-bar")
        for picker in self.pickers:
            picker.widget.add_class("xk-rare" if picker.control.rare else "xk-usual")
        self.more = widgets.ToggleButton().add_class("xk-more")
        left = widgets.VBox([*(picker.widget for picker in self.pickers), self.more]).add_class("xk-controls")
        self.more.observe(lambda change: (left.add_class if change["new"] else left.remove_class)("xk-open"), "value")
        right = widgets.VBox([self.wrong, self.status, self.picture, self.again]).add_class("xk-answer")
        frame = widgets.Box([bar, left, right]).add_class("xk-frame")
        self.root = widgets.Box([widgets.HTML(_style(panel.base) + _script()), frame]).add_class("xk-bench")
        self.settle()

    def _speak(self, lang: str) -> None:
        if lang != self.panel.view.question.lang:
            self.panel.change(self.panel.view.asks(lang=lang))

    def _ask(self, words: str) -> None:
        if words.strip():
            self.panel.ask(words)
            if not self.panel.wrong:
                self.asked.value = ""

    def settle(self) -> None:
        """Show what the panel says."""
        panel, view, store = self.panel, self.panel.view, self.panel.store
        for picker in self.pickers:
            picker.settle(view, store)
        self.asked.description = panel.text("control_question")
        self.asked.placeholder = panel.text(f"hint_question_{panel.bench.name}")
        self.more.description = panel.text("bench_more")
        self.undo.description, self.reset.description = panel.text("bench_undo"), panel.text("bench_reset")
        self.lang.value = view.question.lang
        self.picture.value = panel.shown.html
        self.status.value = f'<div role="status" aria-live="polite">{escape(panel.said)}</div>'
        self.wrong.value = f'<div role="alert">{escape(panel.wrong)}</div>' if panel.wrong else ""
        self.again.value = _again(panel)


def _again(panel: Panel) -> str:
    """Return how to get this again, and the figures and the drawing of what is shown, as HTML."""
    view, frame = panel.view, panel.shown.frame
    name = f"{panel.bench.name}-{panel.bench.picture(view)}"
    saved = []
    if frame is not None:
        plain = frame.to_csv(index=False)
        coded = base64.b64encode(plain.encode("utf-8-sig")).decode()
        saved = [f'<a download="{name}.csv" href="data:text/csv;base64,{coded}">CSV</a>',
                 _copier(plain, panel.text("bench_copy_csv"))]  # fmt: skip
    if "<svg" in panel.shown.html:
        saved += [f'<button type="button" data-save="{kind}" data-name="{name}">{kind.upper()}</button>'
                  for kind in ("svg", "png")]  # fmt: skip
    rows = [
        (panel.text("bench_link"), f"{'' if in_page() else panel.bench.name}?{view.query}"),
        (panel.text("bench_command"), view.command()),
        (panel.text("bench_lines"), view.lines()),
        *((panel.text(key), words) for key, words in panel.bench.again(view, panel.store)),
    ]
    fields = "".join(
        f'<div class="xk-copied"><label>{escape(said)}<textarea readonly rows="{words.count(chr(10)) + 1}">'
        f"{escape(words)}</textarea></label>{_copier(words, panel.text('bench_copy'))}</div>"
        for said, words in rows
    )
    heads = panel.text("bench_save"), panel.text("bench_again")
    return (f'<div class="xk-downloads"><span>{escape(heads[0])}</span>{"".join(saved)}</div>'
            f'<details><summary>{escape(heads[1])}</summary>{fields}</details>')  # fmt: skip


def _copier(words: str, label: str) -> str:
    return f'<button type="button" data-copy="{escape(words)}">{escape(label)}</button>'


@lru_cache(maxsize=2)
def _style(store: Store) -> str:
    """Return the style sheet of the panel, with the letters that it may need."""
    shown = "".join(label for lang in LANGUAGES for label in read_labels()[lang].values())
    own = files("xk.running.app").joinpath("panel.css").read_text(encoding="utf-8")
    page = f".xk-shown{{{stylesheet()}}}"
    colours = theme.css_variables(".xk-bench", dark=False)
    return f"<style>{theme.font_face_css(shown + _letters(store))}{colours}{page}{own}</style>"


@lru_cache(maxsize=1)
def _script() -> str:
    """Return what copies, saves pictures and tells screen readers of changes; without it the rest works as well."""
    code = files("xk.running.app").joinpath("panel.js").read_text(encoding="utf-8")
    return f'<img alt="" src="data:," hidden onerror="{escape(code)}">'


def _letters(store: Store) -> str:
    """Return the names of everything in a store."""
    frames = [store.regions, store.sources, store.series, store.measure_labels]
    frames += [frame for scheme in store.schemes.values() for frame in (scheme.indicators, scheme.domains)]
    cells = (frame.select_dtypes(exclude="number").to_numpy().ravel() for frame in frames)
    return "".join({letter for part in cells for cell in part if isinstance(cell, str) for letter in cell})
