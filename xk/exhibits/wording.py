"""Results in words: values with measures, targets, changes, reasons; the same for tables and charts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from xk.arithmetic.rulebooks import Reason
from xk.arithmetic.target import Rates
from xk.contracts.records import records
from xk.contracts.scenario_rules import Rule
from xk.contracts.scheme import Line
from xk.errors import runs_of
from xk.exhibits.assumptions import assumption, in_effect
from xk.exhibits.numbers import number, published, published_decimals
from xk.pipeline import Results
from xk.pipeline.result import LineResult, Outlook, Trend, count_statuses, split_parts, tally_statuses
from xk.vocab import NOT_FINAL, language, text
from xk.vocab.clauses import say_odds

TIMES = "× "
"""How the label of a unit begins that is a multiple of another."""
PURE = "-"
"""The unit of a figure that has none."""


class Wording:
    """Words for the results of one report in one language.

    Parameters
    ----------
    results : Results
    lang : str
        One of `xk.vocab.LANGUAGES`.
    region_names, measure_labels : mapping
        Region -> name and unit of measure -> label, in `lang`.
    """

    def __init__(
        self, results: Results, lang: str, *, region_names: Mapping[str, str], measure_labels: Mapping[str, str]
    ) -> None:
        self.results, self.lang = results, lang
        self.names = results.scheme.names(lang)
        self.notes = results.scheme.notes(lang)
        self.office_names = results.scheme.office_names(lang)
        domains = results.scheme.domains
        self.domain_names = dict(zip(domains["domain"], domains[f"name_{lang}"], strict=True))
        self.region_names, self.measure_labels = region_names, measure_labels

    @cached_property
    def beside(self) -> Wording | None:
        """The words for the reference beside the scenario that the results are of; None in the reference itself."""
        if self.results.reference is None:
            return None
        names = {"region_names": self.region_names, "measure_labels": self.measure_labels}
        return Wording(self.results.reference, self.lang, **names)

    def scenario_title(self) -> str:
        """Return the title of the scenario that the results are of."""
        scenario = self.results.scenario
        return scenario.titles[self.lang] if self.results.reference else self.text("scenario_reference")

    def text(self, key: str, **values: object) -> str:
        """Return the label `key` in this language."""
        return text(key, self.lang, **values)

    def stage(self, key: str, **values: object) -> str:
        """Return the label `key` for the stage that the results are of: ``<key>_final`` in a final assessment."""
        return self.text(f"{key}_final" if self.results.is_final else key, **values)

    def listed(self, names: Iterable[str]) -> str:
        """Return names as a list: a, b, c."""
        return self.text("list_separator").join(names)

    def several(self, said: Iterable[str]) -> str:
        """Return clauses, or names that may hold a list themselves, as one: a; b; c."""
        return self.text("clause_separator").join(said)

    def bracketed(self, said: str) -> str:
        """Return words as they stand in brackets behind others; nothing for nothing."""
        return self.text("in_brackets", word=said) if said else ""

    def parts_in(self, lines: Iterable[LineResult]) -> str:
        """Return that parts of indicators, or further targets, are among some lines; nothing where none is."""
        some = [kind for kind, found in split_parts(lines).items() if found]
        if len(some) > 1:
            return self.text("parts_and_further_included")
        return self.text(f"{some[0]}_included") if some else ""

    def sentences(self, *sentences: str) -> str:
        """Return sentences as one text, empty ones left out."""
        return language(self.lang).space.join(filter(None, sentences))

    @cached_property
    def parts_known(self) -> dict[tuple[str, int], str]:
        """Composite and year -> how many of its parts are known, where not all are."""
        return {
            (row["indicator"], int(row["year"])): self.text("parts_known", known=row["known"], n=row["parts"])
            for row in records(self.results.composite_years)
            if row["known"] < row["parts"]
        }

    def month(self, value: str) -> str:
        """Return a month (YYYY-MM) as the language writes it."""
        year, part = value.split("-")
        return self.text("month_of_year", year=year, month=self.text(f"month_{int(part)}"))

    def domain(self, domain: str | None) -> str:
        """Return a domain's name; all domains for None."""
        return self.domain_names[domain] if domain else self.text("all_domains")

    def line(self, indicator: str) -> str:
        """Return number and name of a line; no line break comes between the two."""
        return f"{self.results.scheme.lines[indicator].no}\u00a0{self.names[indicator]}"

    def level(self, level: str) -> str:
        """Return a level of the index: a domain's name, or the word for the total."""
        return self.text("total") if level == "total" else self.domain(level)

    def kind(self, kind: object) -> str:
        """Return what kind a figure is of."""
        return self.text(f"kind_{kind}") if isinstance(kind, str) else self.text("dash")

    def odds(self, probability: float) -> str:
        """Return a probability as a share in per cent; near 0 and 1 it is not said to be certain."""
        return self.text("dash") if math.isnan(probability) else say_odds(probability, self.lang)

    def ahead(self, horizon: int) -> str:
        """Return how many years ahead; 0 stands for all of them."""
        return self.text({0: "all_years_ahead", 1: "year_ahead"}.get(horizon, "years_ahead"), n=horizon)

    def decimals_beside(self, value: float) -> int:
        """Return the decimals for a derived figure beside a published one: one more than that has."""
        return published_decimals(value) + 1

    def reached(self, outlook: Outlook) -> str:
        """Return the year in which the target is met along the central path."""
        if outlook.year_reached is None:
            return self.text("dash" if math.isnan(outlook.value) else "not_reached")
        return f"{outlook.year_reached}"

    def region(self, region: str) -> str:
        """Return a region's name."""
        return self.region_names.get(region, region)

    def home(self) -> str:
        """Return the name of the region that the programme's baselines and offices belong to."""
        return self.region(self.results.scheme.home_region())

    def measure(self, line: Line, *, priced: bool = True) -> str:
        """Return a line's unit of measure, with its price base where that is known of what is `priced` in it."""
        return self.in_prices(line.unit, line.price_base if priced and line.price_base != "not_stated" else "")

    def in_prices(self, unit: str, base: str) -> str:
        """Return a unit of measure, and in which prices figures in it are where there are any in them."""
        label = self.measure_labels.get(unit, unit)
        return self.text("priced_measure", measure=label, prices=self.price_base(base)) if base else label

    def numbers(self, indicators: Iterable[str]) -> str:
        """Return the numbers of some lines, each once, in the programme's order."""
        lines, named = self.results.scheme.lines, set(indicators)
        return self.listed(dict.fromkeys(lines[name].no for name in lines if name in named))

    def change_measure(self, line: Line) -> str:
        """Return what changes of a line are counted in: points for shares, else its unit."""
        return self.text("points_of_per_cent") if line.unit == "%" else self.measure(line, priced=False)

    def price_base(self, base: str) -> str:
        """Return a price base in words."""
        return self.text("prices_of", year=base) if base.isdigit() else self.text(f"prices_{base or 'none'}")

    def offices(self, *offices: str) -> str:
        """Return responsible offices by their names, in order."""
        if not offices:
            return self.text("dash")
        return self.text("offices_separator").join(self.office_names.get(office, office) for office in offices)

    def no_offices(self) -> str:
        """Return why no office is shown: the programme names none, or those of another region."""
        if self.office_names and self.results.settings.region != self.results.scheme.home_region():
            return self.text("empty_offices_here", home=self.home())
        return self.text("empty_offices")

    def statuses(self, results: Iterable[LineResult]) -> str:
        """Return how many of some indicators have which status, and in brackets how many parts and further targets."""
        lines = list(results)
        apart = [
            self.text(f"counted_{kind}", n=len(some), counts=self._counts(tally_statuses(one.status for one in some)))
            for kind, some in split_parts(lines).items()
            if some
        ]
        return self._counts(count_statuses(lines)) + self.bracketed(self.several(apart))

    def _counts(self, counts: Mapping[str, int]) -> str:
        return self.text("count_separator").join(self.each_status(counts))

    def each_status(self, counts: Mapping[str, int]) -> list[str]:
        """Return of each status how many have it."""
        return [self.text("count_of_status", status=self.text(f"status_{status}"), n=n) for status, n in counts.items()]

    def decimals(self, result: LineResult) -> int:
        """Return the decimals of a line's figures: those of its baseline, latest value and target."""
        return published_decimals(result.line.baseline_value, result.line.target_value, result.latest.value)

    def value(self, value: float, result: LineResult, *, signed: bool = False, ahead: bool = False) -> str:
        """Return a derived figure with its line's decimals; more to tell it from a target or, `ahead`, the latest."""
        missed = [*result.line.missed_marks(value), *([result.latest.value] if ahead else [])]
        return number(value, self.lang, decimals=self.decimals(result), signed=signed, short_of=missed)

    def gap(self, gap: float, value: float, result: LineResult) -> str:
        """Return by how much a figure misses the target of its line, with the decimals with which that is written."""
        _, _, digits = self.given(value, result.line).partition(".")
        return number(gap, self.lang, decimals=max(self.decimals(result), len(digits)))

    def planned(self, value: float, result: LineResult, *, signed: bool = False) -> str:
        """Return a planned value, or the gap to one, with one decimal more than the baseline; what is held as asked."""
        line = result.line
        if value == line.target_value and line.hold_from is not None:
            return self.given(value)
        if line.hold_from is not None or not line.has_baseline:
            return self.value(value, result, signed=signed)
        decimals, missed = self.decimals_beside(line.baseline_value), () if signed else line.missed_marks(value)
        return number(value, self.lang, decimals=decimals, signed=signed, short_of=missed)

    def given(self, value: object, line: Line | None = None) -> str:
        """Return a published figure as it was published (see `published`); of a `line`, not as a target it misses."""
        missed = line.missed_marks(value) if line and isinstance(value, float) else ()
        return published(value, self.lang, short_of=missed)

    def points(self, value: float, decimals: int = 1) -> str:
        """Return a share in per cent or points of an index, with one decimal; less than 100 never prints as 100."""
        return number(value, self.lang, decimals=decimals, short_of=[100.0] if value < 100 else [])

    def amount(self, value: float, unit: str, *, asked: bool = False, short_of: Iterable[float] = ()) -> str:
        """Return a figure with its unit as a sentence has it: 6.1 million tce for 610 times 10,000; 1 unit, 2 units.

        What is `asked` for keeps every digit of the programme, any other figure those that `published` leaves it.
        `short_of`: targets as which it is not printed.
        """

        def written(one: float) -> str:
            return number(one, self.lang) if asked else published(one, self.lang, short_of=short_of)

        measure = self.measure_labels.get(unit, unit)
        if unit == PURE:
            return written(value)
        if measure.startswith(TIMES):
            factor, _, measure = measure.removeprefix(TIMES).partition(" ")
            value *= float(factor.replace(",", ""))
        first, space, rest = measure.partition(" ")
        if value == 1:
            first = first.removesuffix("(s)").removesuffix("s")
        measure = first.replace("(s)", "s") + space + rest
        said = self.text("million", value=written(value / 1e6)) if value >= 1e6 else written(value)
        return self.text("with_measure", value=said, measure=measure)

    def share(self, value: float) -> str:
        """Return a per-cent figure with one decimal and its sign."""
        return self.text("per_cent", value=self.points(value))

    def mark(self, value: float, direction: str) -> str:
        """Return a target value with the sign that says on which side of it to be."""
        return self.bound(self.given(value), direction)

    def bound(self, value: str, direction: str) -> str:
        """Return a figure in words with the sign that says on which side of it to be."""
        return self.text("at_most_mark" if direction == "inverse" else "at_least_mark", value=value)

    def target(self, line: Line) -> str:
        """Return what is asked of a line: target, years to be held, stretch target."""
        if line.direction == "interval":
            low, high = self.given(line.target_low), self.given(line.target_high)
            return self.text("between_mark", low=low, high=high)
        if math.isnan(line.target_value):
            return self.text("dash")
        words = self.mark(line.target_value, line.direction)
        if line.hold_from is not None:
            words = self.text("held_target", first=line.hold_from, last=line.hold_to, value=words)
        elif line.target_year != self.results.scheme.target_year:
            words += self.bracketed(self.text("by_year", year=line.target_year))
        if line.has_stretch:
            words += self.text("stretch_target", value=self.mark(line.target_stretch, line.direction))
        return words

    def latest(self, result: LineResult) -> str:
        """Return the latest figure with its year."""
        latest = result.latest
        if latest.year is None:
            return self.text("dash")
        said = self.text("baseline_of", value=self.given(latest.value, result.line), year=latest.year)
        return self.of_kind(said, latest.kind)

    def of_kind(self, said: str, kind: str | None) -> str:
        """Return a figure that ends with its year in brackets; there too of what kind one is that is not final."""
        return said[:-1] + self.text("kind_mark", kind=self.kind(kind)) + said[-1] if kind in NOT_FINAL else said

    def change(self, rates: Rates, result: LineResult, *, away: bool = False) -> str:
        """Return a yearly change, with its growth where it is no share, whose growth would be a per cent of a per cent.

        One that is asked for is rounded `away` from zero.
        """
        if math.isnan(rates.change):
            return self.text("dash")
        decimals = self.change_decimals(rates.change, result)
        words = number(rates.change, self.lang, decimals=decimals, signed=True, away=away)
        if math.isnan(rates.growth) or result.line.unit == "%":
            return words
        growth = number(rates.growth, self.lang, decimals=1, signed=True, away=away)
        return self.text("change_with_growth", change=words, growth=growth)

    def required(self, result: LineResult) -> str:
        """Return what is still required each year."""
        required = result.distance.required
        if required.change == 0:
            return self.text("none_needed" if required.years or result.line.hold_from is not None else "dash")
        return self.change(required, result, away=True)

    def change_decimals(self, change: float, result: LineResult) -> int:
        """Return the decimals of a yearly change: those of the line, at least so many as its size calls for."""
        return max(self.decimals(result), 2 if abs(change) < 10 else 1 if abs(change) < 100 else 0)

    def projected(self, result: LineResult) -> str:
        """Return the projected value with its interval, or with whose trend it borrows."""
        outlook = result.outlook
        if math.isnan(outlook.value):
            return self.text("dash")
        value = self.value(outlook.value, result, ahead=True)
        if outlook.kind == "borrowed":
            return self._borrowed(value, result.trend)
        if outlook.kind == "scenario":
            return self.text("assumed_value", value=value)
        if "lo80" not in outlook.ends:
            return value
        low, high = (self.value(outlook.ends[end], result) for end in ("lo80", "hi80"))
        return self.text("with_interval", value=value, low=low, high=high)

    def _borrowed(self, value: str, trend: Trend) -> str:
        if trend.proxy and trend.peers:
            return self.text("borrowed_proxy_peers", value=value)
        if trend.proxy and trend.region == self.results.settings.region:
            return self.text("borrowed_proxy_own", value=value)
        return self.text("borrowed_from", value=value, region=self.reference(trend))

    def reference(self, trend: Trend) -> str:
        """Return the name of the region whose trend is borrowed, or of the peers whose is."""
        name = self.region(trend.region)
        if trend.peers:
            name = self.text("peers_of", region=name, n=trend.peers)
        return self.text("proxy_of", region=name) if trend.proxy else name

    def years(self, years: Iterable[int]) -> str:
        """Return years as a list, runs of them as ranges."""
        words = [
            f"{run[0]}" if len(run) == 1 else self.text("year_range", first=run[0], last=run[-1])
            for run in runs_of(sorted(years))
        ]
        return self.listed(words)

    def reason(self, reason: Reason, result: LineResult) -> str:
        """Return the reason of a status in words."""
        return self.several(self._clause(one, result) for one in reason.clauses())

    def _clause(self, reason: Reason, result: LineResult) -> str:
        writers: dict[str, Callable[..., str]] = {
            "value": lambda value: self.given(value, result.line),
            "projected": lambda value: self.value(value, result, ahead=True),
            "gap": lambda gap: self.gap(gap, float(str(reason.values["value"])), result),
            "years": self.years,
            "figures": lambda figures: self._figures(figures, result.line),
            "odds": self.odds,
            "kind": self.kind,
            "region": lambda region: region and self.reference(result.trend),
            "found": self.price_base,
            "wanted": self.price_base,
            "parts": self._parts,
            "assumption": lambda rule: self.assumption(rule, result.line, stops_at=result.trend.stops_at),
        }
        said = {name: writers[name](value) if name in writers else value for name, value in reason.values.items()}
        return self.text(f"reason_{reason.key}", **said)

    def _figures(self, figures: Iterable[tuple[int, float]], line: Line) -> str:
        said = (self.text("figure_in_year", value=self.given(value, line), year=year) for year, value in figures)
        return self.listed(said)

    def _parts(self, parts: Iterable[tuple[str, str]]) -> str:
        said = (no + self.bracketed(self.text(f"status_{status}")) for no, status in parts)
        return self.listed(said)

    def assumption(self, rule: Rule, line: Line | None, *, stops_at: float = math.nan) -> str:
        """Return what a rule of a scenario assumes of a line, or of a domain."""
        names = {"regions": self.region_names, "measures": self.measure_labels}
        last = None if line is None else self.results.line(line.indicator).latest.year
        return assumption(in_effect(rule, last), line, self.lang, stops_at=stops_at, **names)

    def note(self, indicator: str) -> str:
        """Return the scheme's note on an indicator, or nothing."""
        return self.notes.get(indicator, "")
