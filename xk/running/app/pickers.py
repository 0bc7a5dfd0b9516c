"""Controls as data, and what stands for each on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ipywidgets as widgets

from xk.readers import Store
from xk.running.app.view import View
from xk.vocab import text

Options = Sequence[tuple[str, object]]
Change = Callable[["Control", object], None]


def _no_options(view: View, store: Store) -> Options:  # noqa: ARG001
    return ()


def _always(view: View) -> bool:  # noqa: ARG001
    return True


@dataclass(frozen=True)
class Control:
    """A control of a bench; its words are the labels ``control_<name>`` and, in an empty field, ``hint_<name>``.

    Parameters
    ----------
    name : str
    kind : str
        One of `KINDS`: ``choice`` of a short list, ``search`` as one types, ``several`` found in the same way,
        ``ticks``, ``text``.
    get : callable
        View and store -> its value; a sequence for ``several`` and ``ticks``.
    put : callable
        View, store and value -> the view with it, or that and what was done in words; UsageError where it cannot be.
    options : callable
        View and store -> words and values to choose from. Words may end in ``hidden`` ones after " · ".
    shown : callable
        View -> whether it has a meaning there.
    hint : bool
        Whether it has a hint.
    rare : bool
        Whether a narrow page shows it only when more is asked for.
    """

    name: str
    kind: str
    get: Callable[[View, Store], object]
    put: Callable[[View, Store, object], View | tuple[View, str]]
    options: Callable[[View, Store], Options] = _no_options
    shown: Callable[[View], bool] = _always
    hint: bool = False
    rare: bool = False


class Picker:
    """What stands for a control on the page: it follows the view, and tells what somebody chose."""

    def __init__(self, control: Control, change: Change) -> None:
        self.control, self._change, self._is_settling = control, change, False
        self.field = _FIELDS[control.kind]()
        self.field.add_class(f"xk-{control.kind}")
        self.field.observe(self._told, "value")
        self.widget: widgets.DOMWidget = self.field

    def settle(self, view: View, store: Store) -> None:
        """Show what the view says."""
        lang, control = view.question.lang, self.control
        self._is_settling = True
        try:
            self.field.description = text(f"control_{control.name}", lang)
            if control.hint:
                self.field.placeholder = text(f"hint_{control.name}", lang)
            self.widget.layout.display = None if control.shown(view) else "none"
            self._fill(control.get(view, store), control.options(view, store))
        finally:
            self._is_settling = False

    def _fill(self, value: object, options: Options) -> None:
        if options and self.field.options != tuple(options):
            self.field.options = tuple(options)
        self.field.value = value

    def _told(self, change: dict[str, object]) -> None:
        if not self._is_settling:
            self._change(self.control, change["new"])


class Search(Picker):
    """A field that lists what its letters occur in; what is chosen stands in it in grey until somebody types."""

    def _fill(self, value: object, options: Options) -> None:
        listed = tuple(words for words, _ in options)
        if self.field.options != listed:
            self.field.options = listed
        chosen = next((words for words, one in options if one == value), "")
        self.field.value, self.field.placeholder = "", chosen.partition(SECOND)[0] or self.field.placeholder

    def _told(self, change: dict[str, object]) -> None:
        if change["new"]:
            super()._told(change)


class Several(Search):
    """A search whose finds are listed below it, each to be taken out by a button."""

    def __init__(self, control: Control, change: Change) -> None:
        super().__init__(control, change)
        self._held: list[str] = []
        self.chips = widgets.HBox().add_class("xk-chips")
        self.widget = widgets.VBox([self.field, self.chips]).add_class("xk-picker")

    def _fill(self, value: object, options: Options) -> None:
        super()._fill(None, options)
        named = {one: words.partition(SECOND)[0] for words, one in options}
        held = [str(one) for one in value]  # type: ignore[attr-defined]  # of this kind values are sequences
        if [named.get(one, one) for one in held] == [chip.description[:-2] for chip in self.chips.children]:
            return
        self._held, old = held, self.chips.children
        self.chips.children = [self._chip(named.get(one, one), [x for x in held if x != one]) for one in held]
        for chip in old:
            chip.close()

    def _chip(self, words: str, rest: list[str]) -> widgets.Button:
        chip = widgets.Button(description=f"{words} ×")
        chip.on_click(lambda _: self._change(self.control, rest))
        return chip

    def _told(self, change: dict[str, object]) -> None:
        if change["new"] and not self._is_settling:
            self._change(self.control, [*self._held, str(change["new"])])


SECOND = " · "
"""Stands in a list between the name in one language and what it is found by besides."""


def _search() -> widgets.Combobox:
    return widgets.Combobox(continuous_update=False, ensure_option=False)


_FIELDS: dict[str, Callable[[], widgets.DescriptionWidget]] = {
    "choice": widgets.Dropdown, "search": _search, "several": _search, "ticks": widgets.SelectMultiple,
    "text": lambda: widgets.Text(continuous_update=False), "knob": lambda: widgets.FloatSlider(readout=False),
}  # fmt: skip
KINDS = tuple(_FIELDS)


def picker_of(control: Control, change: Change) -> Picker:
    """Return what stands for a control."""
    return {"search": Search, "several": Several}.get(control.kind, Picker)(control, change)
