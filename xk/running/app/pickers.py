"""Controls as data, and what stands for each on the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import ipywidgets as widgets

from xk.readers import Store
from xk.running.app.view import View
from xk.vocab import text

Options = Sequence[tuple[str, object]]
Change = Callable[["Control", object], None]


@dataclass(frozen=True)
class Control:
    """A control of a bench; its words are the labels ``control_<name>`` and, in an empty field, ``hint_<name>``.

    Parameters
    ----------
    name : str
    kind : str
        ``choice`` of a short list, ``search`` as one types, ``several`` found in the same way, ``text``;
        ``knob``, ``knobs`` and ``fields`` for numbers, ``deed`` for a button.
    get : callable
        View and store -> its value; a sequence for ``several``.
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
    options: Callable[[View, Store], Options] = lambda view, store: ()  # noqa: ARG005
    shown: Callable[[View], bool] = lambda view: True  # noqa: ARG005
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
    "choice": widgets.Dropdown, "search": _search, "several": _search,
    "text": lambda: widgets.Text(continuous_update=False), "knob": lambda: widgets.FloatSlider(readout=False),
}  # fmt: skip


class Knob(Picker):
    """A number: a slider, and beside it a field to type it in. Options: ``low``, ``high``, ``step`` -> number."""

    def __init__(self, control: Control, change: Change) -> None:
        super().__init__(control, change)
        self.number = widgets.FloatText(continuous_update=False, step=None).add_class("xk-number")
        self.number.observe(self._told, "value")
        self.widget = widgets.HBox([self.field, self.number]).add_class("xk-knob")

    def _fill(self, value: object, options: Options) -> None:
        ends = {name: float(str(one)) for name, one in options}
        at = float(str(value))
        low, high = min(ends["low"], at), max(ends["high"], at)
        with self.field.hold_sync():
            if low > self.field.max:
                self.field.max, self.field.min = high, low
            else:
                self.field.min, self.field.max = low, high
            self.field.step, self.field.value = ends["step"], at
        self.number.value = at
        self.number.layout.display = "" if math.isfinite(at) else "none"

    def show(self, words: str, value: float, options: Options) -> None:
        """Show a number under words of its own, without telling anybody."""
        self._is_settling = True
        try:
            self.field.description = words
            self._fill(value, options)
        finally:
            self._is_settling = False


class Deed(Picker):
    """A button; what it does is what `put` of its control does, with True."""

    def __init__(self, control: Control, change: Change) -> None:
        self.control, self._change, self._is_settling = control, change, False
        self.field = widgets.Button().add_class("xk-deed")
        self.field.on_click(lambda _: change(control, True))
        self.widget = self.field

    def settle(self, view: View, store: Store) -> None:  # noqa: ARG002
        """Show its words, if it has a meaning there."""
        self.field.description = text(f"control_{self.control.name}", view.question.lang)
        self.field.layout.display = None if self.control.shown(view) else "none"


class Knobs(Picker):
    """Several numbers under one heading: value and change are a mapping; options: words and key of each."""

    def __init__(self, control: Control, change: Change) -> None:
        self.control, self._change, self._is_settling = control, change, False
        self.knobs: dict[str, Knob] = {}
        self.head, self.box = widgets.HTML(), widgets.VBox()
        self.field = self.head
        self.widget = widgets.VBox([self.head, self.box]).add_class("xk-knobs")

    def settle(self, view: View, store: Store) -> None:
        """Show what the view says."""
        is_shown = self.control.shown(view)
        self.widget.layout.display = None if is_shown else "none"
        self.head.value = text(f"control_{self.control.name}", view.question.lang)
        if is_shown:
            self._fill(self.control.get(view, store), self.control.options(view, store))

    def _fill(self, value: object, options: Options) -> None:
        held = dict(value) if isinstance(value, Mapping) else {}
        if [str(key) for _, key in options] != list(self.knobs):
            old = list(self.knobs.values())
            self.knobs = {str(key): self._knob(str(key)) for _, key in options}
            self.box.children = [knob.widget for knob in self.knobs.values()]
            for knob in old:
                knob.widget.close()
        top = max([100.0, *held.values()])
        for words, key in options:
            self.knobs[str(key)].show(words, held[str(key)], [("low", 0.0), ("high", top), ("step", 0.5)])

    def _knob(self, key: str) -> Knob:
        control = Control(self.control.name, "knob", self.control.get, self.control.put)
        return Knob(control, lambda _, value: self._change(self.control, {key: value}))


class Fields(Knobs):
    """Several numbers to type: a table of fields."""

    def __init__(self, control: Control, change: Change) -> None:
        super().__init__(control, change)
        self.fields: dict[str, widgets.FloatText] = {}
        self.widget.add_class("xk-fields")

    def _fill(self, value: object, options: Options) -> None:
        held = dict(value) if isinstance(value, Mapping) else {}
        if [str(key) for _, key in options] != list(self.fields):
            self.fields = {str(key): self._field(str(key)) for _, key in options}
            self.box.children = list(self.fields.values())
        self._is_settling = True
        for words, key in options:
            self.fields[str(key)].description, self.fields[str(key)].value = words, held.get(str(key), 0.0)
        self._is_settling = False

    def _field(self, key: str) -> widgets.FloatText:
        field = widgets.FloatText(continuous_update=False, step=None)
        field.observe(lambda change: self._typed(key, change["new"]), "value")
        return field

    def _typed(self, key: str, value: float) -> None:
        if not self._is_settling:
            self._change(self.control, {key: value})


PICKERS: dict[str, type[Picker]] = {
    "search": Search, "several": Several, "fields": Fields, "knob": Knob, "deed": Deed, "knobs": Knobs,
}  # fmt: skip
"""Kind of a control -> what stands for it, where it is more than a field."""


def picker_of(control: Control, change: Change) -> Picker:
    """Return what stands for a control."""
    return PICKERS.get(control.kind, Picker)(control, change)
