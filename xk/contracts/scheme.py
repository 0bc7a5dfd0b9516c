"""A scheme: the indicators, targets, offices and tasks of one official programme, read from a folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from xk.contracts.records import Record, records, text_of
from xk.errors import UsageError, check_known


@dataclass(frozen=True, eq=False)
class Scheme:
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
        ``equal`` (within a domain and across domains) or ``given`` (points printed by the programme).
    regions : tuple of str
        Regions for which the programme is reported.
    domains, indicators, offices, tasks, milestones, phases, schedule : DataFrame
        Tables; columns as docs/data_sources.md says.
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

    def name(self, lang: str) -> str:
        """Return the programme's name in `lang`."""
        return self.facts[f"name_{lang}"]

    def domain_names(self) -> list[str]:
        """Return the domains' identifiers in the programme's order."""
        return list(self.domains["domain"])

    def check_domain(self, domain: str) -> None:
        """Raise UsageError unless the programme has the `domain`."""
        check_known(domain, self.domain_names(), "domain")

    @cached_property
    def lines(self) -> dict[str, Record]:
        """Indicator -> its row, in the programme's order; for work line by line."""
        return {row["indicator"]: row for row in records(self.indicators)}

    def in_order(self, rows: list[Record]) -> list[Record]:
        """Return rows of indicators in the programme's order of these, each with the number ``no``."""
        places = {name: place for place, name in enumerate(self.lines)}
        ordered = sorted(rows, key=lambda row: places[row["indicator"]])
        return [row | {"no": self.lines[row["indicator"]]["no"]} for row in ordered]

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
        """Unit, and whether it leads (is named first) -> the tasks that it leads, or in which it supports others."""
        found: dict[tuple[str, bool], list[Record]] = {}
        for row in self.ordered_tasks:
            for place, office in enumerate(dict.fromkeys(text_of(row["offices"]).split(";"))):
                found.setdefault((office, place == 0), []).append(row)
        return found

    @cached_property
    def stones(self) -> dict[tuple[str, int], list[Record]]:
        """Indicator and task -> its quantified milestones."""
        found: dict[tuple[str, int], list[Record]] = {}
        for row in self.ordered_milestones:
            found.setdefault((row["indicator"], row["task"]), []).append(row)
        return found

    def plain_lines(self) -> list[Record]:
        """Return the rows of the indicators that have no parts: those with figures of their own."""
        return [line for line in self.lines.values() if line["direction"] != "composite"]

    @cached_property
    def _lines(self) -> dict[str, pd.Series]:
        rows = [row for _, row in self.indicators.iterrows()]
        return {str(row["no"]): row for row in rows} | {str(row["indicator"]): row for row in rows}

    def indicator(self, indicator: str) -> pd.Series:
        """Return one indicator's row by slug or by the plan's number."""
        if indicator not in self._lines:
            check_known(indicator, self.indicators["indicator"], "indicator")
        return self._lines[indicator]

    def parts(self, indicator: str) -> list[str]:
        """Return the parts of a composite indicator (empty for others)."""
        return [name for name, line in self.lines.items() if line["parent"] == indicator]

    def in_domain(self, domain: str | None) -> pd.DataFrame:
        """Return the indicators of one `domain`, or all of them for None."""
        if domain is None:
            return self.indicators
        self.check_domain(domain)
        return self.indicators[self.indicators["domain"] == domain]

    def lines_in(self, domain: str | None) -> dict[str, Record]:
        """Return indicator -> its row, of one `domain`, or of all for None."""
        if domain is None:
            return self.lines
        self.check_domain(domain)
        return {name: line for name, line in self.lines.items() if line["domain"] == domain}

    def names(self, lang: str) -> dict[str, str]:
        """Return indicator -> name in `lang`."""
        return dict(zip(self.indicators["indicator"], self.indicators[f"name_{lang}"], strict=True))

    def office_names(self, lang: str) -> dict[str, str]:
        """Return responsible office -> name in `lang`."""
        return dict(zip(self.offices["office"], self.offices[f"name_{lang}"], strict=True))

    def default_region(self) -> str:
        """Return the first region of the programme; raise UsageError where it names none."""
        if not self.regions:
            raise UsageError(f"scheme {self.id!r} names no region; say which with --region")
        return self.regions[0]
