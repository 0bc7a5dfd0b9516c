"""Controls that are turned or pressed: a number on a slider, several of them, a button."""

import math
from collections.abc import Mapping

import ipywidgets as widgets

from xk.readers import Store
from xk.running.app import pickers
from xk.running.app.pickers import Change, Control, Options, Picker
from xk.running.app.view import View
from xk.vocab import text


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


KNOBS: dict[str, type[Picker]] = {"fields": Fields, "knob": Knob, "deed": Deed, "knobs": Knobs}


def picker_of(control: Control, change: Change) -> Picker:
    """Return what stands for a control."""
    return KNOBS[control.kind](control, change) if control.kind in KNOBS else pickers.picker_of(control, change)
