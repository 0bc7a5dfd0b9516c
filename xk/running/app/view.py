"""The state of a bench: a question, how its answer is looked at, and its address, command line and lines of Python."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from xk.arithmetic.scales import SCALES
from xk.bench import store_of
from xk.bench.question import PARAMETERS, Question, parameter_types
from xk.errors import UsageError, check_known
from xk.readers import Store, read_names

LEVELS: tuple[int, ...] = (80, 95)
OF_SERVER = ("token",)
"""What a server puts into an address for itself."""


@dataclass(frozen=True)
class View:
    """What is asked in a bench, and how the answer is looked at: all that its address says.

    Attributes
    ----------
    question : Question
    bench : str
        Name of the notebook: explore, scenarios, counties.
    picture : str
        What is shown; the bench knows which there are. Empty: its first.
    indicators : tuple of str
        One or two lines of the programme.
    beside : tuple of str
        Regions beside that of the question.
    scale : str
        One of `SCALES`.
    levels : tuple of int
        Intervals that are shown, in per cent.
    points : mapping
        Year -> figure assumed of the first indicator in place of what was observed, or will be.
    scenarios : tuple of str or mapping
        Scenarios beside the reference: their names, or what they say.
    divided : mapping
        What a target is divided by among counties: kind, years, baselines, weights.
    """

    question: Question = Question()
    _: KW_ONLY
    bench: str = "explore"
    picture: str = ""
    indicators: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    scale: str = SCALES[0]
    levels: tuple[int, ...] = LEVELS
    points: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    scenarios: tuple[str | Mapping[str, object], ...] = ()
    divided: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        check_known(self.scale, SCALES, "scale")
        for level in self.levels:
            check_known(str(level), map(str, range(1, 100)), "level")

    def __hash__(self) -> int:
        return hash((self.bench, self.query))

    def asks(self, **changes: object) -> View:
        """Return the view with some parameters of its question changed."""
        return replace(self, question=Question.of(self.question.parameters() | changes))

    def resolved(self, store: Store) -> View:
        """Return the view with slugs in place of all other names; raise UsageError for unknown ones.

        Files of own figures must lie below the folder of the project: an address may come from anybody.
        """
        for file in self.question.observations or ():
            inside(file, store.root)
        question = self.question.resolved(store_of(self.question, store))
        scheme = store.scheme(question.scheme)
        names = read_names(store).under(scheme.id)
        lines = tuple(scheme.line(names.slug("indicator", name)).indicator for name in self.indicators)
        beside = tuple(names.slug("region", name) for name in self.beside)
        own = question.region or scheme.default_region()
        others = tuple(dict.fromkeys(name for name in beside if name != own))
        return replace(self, question=question, indicators=lines, beside=others)

    @classmethod
    def of_query(cls, text: str, *, bench: str = "explore") -> View:
        """Return the view of an address, or of what stands behind its question mark.

        Raises
        ------
        UsageError
            A parameter is not known (the nearest is named), or cannot be what it says.
        """
        given: dict[str, list[str]] = {}
        for name, value in _pairs(text):
            check_known(name, [*PARAMETERS, *_OWN], "parameter")
            given.setdefault(name, []).append(value)
        asked = {name: _asked(name, values) for name, values in given.items() if name in PARAMETERS}
        own = {name: _OWN[name](name, values) for name, values in given.items() if name in _OWN}
        return cls(Question.of(asked), bench=bench, **own)

    def opened(self, text: str) -> View:
        """Return the view of an address. One that says no more than a language is this view in it."""
        view, said = View.of_query(text, bench=self.bench), {name for name, _ in _pairs(text)}
        return view if said - {"lang"} else self.asks(lang=view.question.lang if said else self.question.lang)

    @property
    def query(self) -> str:
        """The part of its address behind the question mark: its programme, and what differs from the defaults."""
        plain, pairs = View(), []
        for name, value in self.question.parameters().items():
            if value != getattr(Question, name) or name == "scheme":
                listed = value if isinstance(value, list) else [value]
                pairs += [(name, json.dumps(one) if isinstance(one, dict) else str(one)) for one in listed]
        for name in _OWN:
            value = getattr(self, name)
            if value != getattr(plain, name):
                written = json.dumps(value, default=dict) if _OWN[name] in (_scenarios, _divided) else _written(value)
                pairs.append((name, written))
        return urlencode(pairs, safe=",:/")

    def command(self) -> str:
        """Return the command line that gives reports with the same numbers."""
        options = []
        for name, value in self.question.parameters("scenario", "weights", "domain").items():
            if value != getattr(Question, name) and value is not None:
                options += [f"--{name.replace('_', '-')}", *map(str, value if isinstance(value, list) else [value])]
        said = (self.question.scenario, *self.scenarios)
        named = [str(one["name"]) if isinstance(one, Mapping) else one for one in said if one]
        options += ["--scenario", *named] if named else []
        options += ["--weights", "weights.csv"] if self.question.weights else []
        return shlex.join(["xk", "report", *options])

    def lines(self) -> str:
        """Return the lines of Python that give the same numbers."""
        given = [f"{name}={value!r}" for name, value in self.question.parameters().items()
                 if value != getattr(Question, name)]  # fmt: skip
        shown = [f'results.path("{name}")' for name in self.indicators[:1]]
        return "\n".join([
            "from xk import bench",
            f"question = bench.Question({', '.join(given)})",
            "results = bench.results_of(question, bench.store_of(question))",
            *shown,
        ])  # fmt: skip


def inside(file: str, root: Path) -> Path:
    """Return the path of a file with own figures; raise UsageError where it is not below the folder of the project."""
    path = (root / file).resolve()
    if not path.is_relative_to(root.resolve()):
        raise UsageError(f"{file!r} is outside the project; own figures are read from below its folder")
    return path


def reads(put: Callable[[View, Store, object], View]) -> Callable[[str, View, Store], View]:
    """Return how a bench reads a question: a link as the view that it means, words as what `put` chooses by them."""
    return lambda words, view, store: view.opened(words) if "=" in words else put(view, store, words)


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return what an address says, but for what a server puts in, name by name."""
    pairs = parse_qsl(text.rpartition("?")[2], keep_blank_values=True)
    return [(name, value) for name, value in pairs if name not in OF_SERVER]


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{year}:{figure!r}" for year, figure in sorted(value.items()))
    return value if isinstance(value, str) else ",".join(map(str, value))  # type: ignore[call-overload]


def _asked(name: str, values: Sequence[str]) -> object:
    """Return a parameter of a question as its type wants it."""
    kinds, last = parameter_types()[name], values[-1]
    if Sequence in kinds:
        return list(values)
    if Mapping in kinds:
        return _json(name, last)
    return _whole(name, last) if int in kinds else last


def _json(name: str, text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise UsageError(f"parameter {name} must be JSON, not {text!r}") from None


def _whole(name: str, text: str) -> int:
    if not text.strip().isdecimal():
        raise UsageError(f"parameter {name} must be a whole number, not {text!r}")
    return int(text)


def _words(_: str, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def read_points(name: str, values: Sequence[str]) -> dict[int, float]:
    """Return the figures of a text like ``2018:55.2,2019:56``; UsageError where it is none."""
    found = {}
    for part in _words(name, values):
        year, _, figure = part.partition(":")
        try:
            found[_whole(name, year)] = float(figure)
        except ValueError:
            raise UsageError(f"{part!r} is no year with a figure; write it as 2018:55.2") from None
    return found


def _scenarios(name: str, values: Sequence[str]) -> tuple[object, ...]:
    found = _json(name, values[-1])
    return tuple(found) if isinstance(found, list) else (found,)


def _divided(name: str, values: Sequence[str]) -> Mapping[str, object]:
    found = _json(name, values[-1])
    if not isinstance(found, Mapping):
        raise UsageError(f"parameter {name} must be a JSON object, not {values[-1]!r}")
    return found


_READ = {
    "picture": lambda _, values: values[-1], "scale": lambda _, values: values[-1],
    "levels": lambda name, values: tuple(_whole(name, part) for part in _words(name, values)),
    "points": read_points, "scenarios": _scenarios, "divided": _divided,
}  # fmt: skip
_OWN = {item.name: _READ.get(item.name, _words) for item in fields(View) if item.name not in ("question", "bench", "_")}
"""What an address says besides the question -> how it is read."""
