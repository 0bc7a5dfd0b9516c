"""A scheme: the indicators, targets, offices and tasks of one official programme, read from a folder."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from operator import itemgetter

import pandas as pd

from xk.contracts.records import Record, grouped, records, text_of
from xk.errors import UsageError, check_known
from xk.vocab import LANGUAGES, columns_of
from xk.vocab.cards import Card, Shown, both, joined, said

LEAD, SUPPORT = "lead_offices", "support_offices"
OFFICES = {"indicators": (LEAD,), "tasks": (LEAD, SUPPORT), "milestones": (LEAD, SUPPORT)}
"""Table of a scheme -> its columns of offices, those that lead first."""


@dataclass(frozen=True, repr=False)
class Line(Shown):
    """What a programme says of an indicator, or of a part of one: a row of its table of indicators.

    What it leaves open is NaN among the numbers, None among the years and empty among the words. Values are in `unit`
    and in prices of `price_base`; docs/en/data_sources.md says what each column means. `counted`: it is one of the
    programme's own indicators, not a part of one and no further target beside one (41.2 where there is a 41). `names`:
    in the order of the languages.
    """

    indicator: str
    no: str
    parent: str
    domain: str
    unit: str
    price_base: str
    direction: str
    hold_from: int | None
    hold_to: int | None
    once: bool
    baseline_year: int | None
    baseline_value: float
    baseline_kind: str
    baseline_price_base: str
    target_year: int | None
    target_value: float
    target_low: float
    target_high: float
    limit_low: float
    limit_high: float
    target_stretch: float
    lower_bound: float
    upper_bound: float
    weight: float
    lead_offices: tuple[str, ...]
    comparable: str
    counted: bool = True
    names: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, row: Record) -> Line:
        """Return the line of a row of the table of indicators."""
        own = [item for item in fields(cls) if item.name not in ("counted", "names")]
        names = tuple(text_of(row.get(f"name_{lang}")) for lang in LANGUAGES)
        cells = {item.name: _READ[str(item.type)](row[item.name]) for item in own}
        return cls(**cells, names=names)  # type: ignore[arg-type]

    @property
    def title(self) -> str:
        """Number and names of the line."""
        return f"{self.no} {joined(self.names) or self.indicator}"

    @property
    def asked(self) -> str:
        """What is asked of it, with its unit: a target or the ends of an interval."""
        ends = (self.target_low, self.target_high)
        value = f"{said(ends[0])}–{said(ends[1])}" if self.direction == "interval" else said(self.target_value)
        return f"{value} {self.unit}" if value != said(None) else value

    def card(self) -> Card:
        """Return names, unit, direction, baseline and target."""
        baseline = f"{said(self.baseline_value)} ({said(self.baseline_year)})"
        return Card(self.title, [
            (both("field_indicator"), self.indicator), (both("field_unit"), self.unit),
            (both("field_direction"), both(f"direction_{self.direction}")),
            (both("field_baseline_value"), baseline if self.has_baseline else None),
            (both("field_target_value"), self.asked), (both("field_target_year"), self.target_year),
            (both("field_price_base"), self.price_base), (both("field_lead_offices"), "; ".join(self.lead_offices)),
        ])  # fmt: skip

    @property
    def is_composite(self) -> bool:
        """Whether it is made of parts and has no figures of its own."""
        return self.direction == "composite"

    @property
    def has_baseline(self) -> bool:
        """Whether the programme gives a baseline."""
        return not math.isnan(self.baseline_value)

    @property
    def has_stretch(self) -> bool:
        """Whether there is a further target to strive for."""
        return not math.isnan(self.target_stretch)

    def missed_marks(self, value: float) -> list[float]:
        """Return the targets that a value is short of."""
        if self.direction == "interval":
            return [self.target_low] if value < self.target_low else [self.target_high]
        marks = [mark for mark in (self.target_value, self.target_stretch) if not math.isnan(mark)]
        return [mark for mark in marks if (value > mark if self.direction == "inverse" else value < mark)]


_READ: dict[str, Callable[..., object]] = {
    "str": text_of,
    "float": float,
    "bool": lambda cell: text_of(cell) == "yes",
    "int | None": lambda cell: None if pd.isna(cell) else int(cell),
    "tuple[str, ...]": lambda cell: offices_in(cell),
}


def offices_in(cell: object) -> tuple[str, ...]:
    """Return the offices that a cell lists, in their order."""
    return tuple(dict.fromkeys(text_of(cell).split(";"))) if text_of(cell) else ()


@dataclass(frozen=True)
class Serving:
    """The definitions that serve for a line, in order: for its level, for its trend, and those that only lend one."""

    level: tuple[str, ...] = ()
    trend: tuple[str, ...] = ()
    proxy: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Scheme(Shown):
    """One official target programme as tables; how they must look stands in :mod:`xk.contracts.scheme_tables`.

    Attributes
    ----------
    id : str
        Name of its folder, for example ``yunfu-2020``.
    facts : dict
        Identity of the programme: names, number, issuer, dates, source.
    target_year : int
        Year of the targets unless an indicator names its own.
    weights : str
        ``equal`` (within a domain and across domains), ``given`` (points printed by the programme) or ``chosen``
        (in place of the programme's).
    regions : tuple of str
        Regions for which the programme is reported.
    domains, indicators, offices, tasks, milestones, phases, schedule, serving, done : DataFrame
        Tables; columns as docs/en/data_sources.md says. `serving`: which series serve, line by line; `done`: what was
        done of tasks and milestones, as offices report it.
    as_of : int or None
        Last year that counts as known where none is asked for: the last one that the programme itself knew.
    borrow : dict
        Indicator, domain or nothing (all lines) -> region that lends its trend where a line has too few figures, or
        ``none``; the regions about it where nothing is named.
    """

    id: str
    facts: dict[str, str]
    target_year: int
    weights: str
    regions: tuple[str, ...]
    domains: pd.DataFrame = field(repr=False)
    indicators: pd.DataFrame = field(repr=False)
    offices: pd.DataFrame = field(repr=False)
    tasks: pd.DataFrame = field(repr=False)
    milestones: pd.DataFrame = field(repr=False)
    phases: pd.DataFrame = field(repr=False)
    schedule: pd.DataFrame = field(repr=False)
    serving: pd.DataFrame = field(repr=False)
    done: pd.DataFrame = field(repr=False)
    as_of: int | None = None
    borrow: Mapping[str, str] = field(default_factory=dict)

    def card(self) -> Card:
        """Return what the programme is, and of what it is made, domain by domain."""
        issuer = joined(self.facts.get(f"issuer_{lang}", "") for lang in LANGUAGES)
        facts = [
            (both("fact_number"), self.facts.get("number")), (both("fact_issuer"), issuer),
            (both("field_target_year"), self.target_year), (both("fact_region"), ", ".join(self.regions)),
            (both("fact_weights"), self.weights),
            (both("field_source_id"), self.facts.get("source_id")),
        ]  # fmt: skip
        names = ["domain", *columns_of("name")]
        rows = [
            [joined(names), sum(line.counted for line in lines.values()), len(lines), ", ".join(lines)]
            for domain, *names in self.domains[names].itertuples(index=False)
            for lines in [self.lines_in(domain)]
        ]
        head = ["field_domain", "card_indicators", "card_lines", "field_indicator"]
        return Card(f"{self.id}: {joined(map(self.name, LANGUAGES))}", facts, [both(key) for key in head], rows)

    def name(self, lang: str) -> str:
        """Return the programme's name in `lang`."""
        return self.facts[f"name_{lang}"]

    @property
    def in_one_language(self) -> list[str]:
        """The lines whose names are the same in every language: they have them in one alone."""
        names = [self.names(lang) for lang in LANGUAGES]
        return [line for line in self.lines if len({one[line] for one in names}) == 1]

    def home_region(self) -> str:
        """Return the region that the programme's baselines and offices belong to; empty where it names none."""
        return self.facts.get("home_region") or next(iter(self.regions), "")

    def domain_names(self) -> list[str]:
        """Return the domains' identifiers in the programme's order."""
        return list(self.domains["domain"])

    def unread_weights(self) -> dict[str, float]:
        """Return domain -> weight that the programme prints for it beyond the indicators that could be read."""
        if self.weights != "given":
            return {}
        read = self.indicators[self.indicators["parent"].isna()].groupby("domain")["weight"].sum()
        pairs = zip(self.domains["domain"], self.domains["weight"], strict=True)
        left = {name: float(weight) - float(read.get(name, 0.0)) for name, weight in pairs if not pd.isna(weight)}
        return {name: weight for name, weight in left.items() if weight > 1e-9}

    def check_domain(self, domain: str) -> None:
        """Raise UsageError unless the programme has the `domain`."""
        check_known(domain, self.domain_names(), "domain")

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Indicator -> its line, in the programme's order."""
        rows = records(self.indicators)
        numbers = {row["no"] for row in rows}

        apart = {row["no"] for row in rows if text_of(row["parent"]) or row["no"].rpartition(".")[0] in numbers}
        return {row["indicator"]: replace(Line.of(row), counted=row["no"] not in apart) for row in rows}

    @cached_property
    def served_by(self) -> dict[str, Serving]:
        """Indicator -> the definitions that serve for it, of those for which the scheme names any."""
        columns = ("level", "trend", "proxy")
        return {
            row["indicator"]: Serving(*(tuple(filter(None, text_of(row[name]).split(";"))) for name in columns))
            for row in records(self.serving)
        }

    def serving_notes(self, lang: str) -> dict[str, str]:
        """Return indicator -> note on the series that serve for it, in a language."""
        return {row["indicator"]: text_of(row[f"note_{lang}"]) for row in records(self.serving)}

    def in_order(self, rows: list[Record]) -> list[Record]:
        """Return rows of indicators in the programme's order of these, each with the number ``no``."""
        places = {name: place for place, name in enumerate(self.lines)}
        ordered = sorted(rows, key=lambda row: places[row["indicator"]])
        return [row | {"no": self.lines[row["indicator"]].no} for row in ordered]

    @cached_property
    def ordered_tasks(self) -> list[Record]:
        """The tasks in the programme's order of indicators."""
        return self.in_order(records(self.tasks.sort_values("task", kind="stable")))

    @cached_property
    def ordered_milestones(self) -> list[Record]:
        """The quantified milestones in the programme's order of indicators."""
        return self.in_order(records(self.milestones))

    @cached_property
    def ordered_phases(self) -> list[Record]:
        """The phases by their start."""
        return records(self.phases.sort_values("start", kind="stable"))

    @cached_property
    def office_tasks(self) -> dict[tuple[str, bool], list[Record]]:
        """Unit, and whether it leads -> the tasks that it leads, or in which it supports others."""
        found: dict[tuple[str, bool], list[Record]] = {}
        for row in self.ordered_tasks:
            for column in OFFICES["tasks"]:
                for office in offices_in(row[column]):
                    found.setdefault((office, column == LEAD), []).append(row)
        return found

    @cached_property
    def stones(self) -> dict[tuple[str, int], list[Record]]:
        """Indicator and task -> its quantified milestones."""
        return grouped(self.ordered_milestones, itemgetter("indicator", "task"))

    @cached_property
    def recorded(self) -> dict[tuple[str, int, int], Record]:
        """Indicator, task and milestone (0: the task itself) -> what was last recorded of it."""
        done = self.done.astype({"milestone": object}).fillna({"milestone": 0}).sort_values("date", kind="stable")
        return {(row["indicator"], int(row["task"]), int(row["milestone"])): row for row in records(done)}

    def plain_lines(self) -> list[Line]:
        """Return the lines that have no parts: those with figures of their own."""
        return [line for line in self.lines.values() if not line.is_composite]

    def bounds(self) -> dict[str, tuple[float, float]]:
        """Return indicator -> its natural bounds, NaN where it has none."""
        return {name: (line.lower_bound, line.upper_bound) for name, line in self.lines.items()}

    def line(self, indicator: str) -> Line:
        """Return one line by slug or by the plan's number."""
        by_number = {line.no: name for name, line in self.lines.items()}
        name = by_number.get(indicator, indicator)
        check_known(name, self.lines, "indicator")
        return self.lines[name]

    def parts(self, indicator: str) -> list[str]:
        """Return the parts of a composite indicator (empty for others)."""
        return [name for name, line in self.lines.items() if line.parent == indicator]

    def only(self, indicators: Collection[str]) -> Scheme:
        """Return the programme with some of its lines alone, and with the domains that they are of."""
        rows = self.indicators[self.indicators["indicator"].isin(indicators)]
        return replace(self, indicators=rows, domains=self.domains[self.domains["domain"].isin(rows["domain"])])

    def lines_in(self, domain: str | None) -> dict[str, Line]:
        """Return indicator -> its line, of one `domain`, or of all for None."""
        if domain is None:
            return self.lines
        self.check_domain(domain)
        return {name: line for name, line in self.lines.items() if line.domain == domain}

    def names(self, lang: str) -> dict[str, str]:
        """Return indicator -> name in `lang`."""
        return dict(zip(self.indicators["indicator"], self.indicators[f"name_{lang}"], strict=True))

    def notes(self, lang: str) -> dict[str, str]:
        """Return indicator -> the programme's note on it in `lang`, of those that have one."""
        notes = zip(self.indicators["indicator"], self.indicators[f"note_{lang}"], strict=True)
        return {name: note for name, note in notes if isinstance(note, str)}

    def office_names(self, lang: str) -> dict[str, str]:
        """Return responsible office -> name in `lang`."""
        return dict(zip(self.offices["office"], self.offices[f"name_{lang}"], strict=True))

    def default_region(self) -> str:
        """Return the first region of the programme; raise UsageError where it names none."""
        if not self.regions:
            raise UsageError(f"scheme {self.id!r} names no region; say which with --region")
        return self.regions[0]
