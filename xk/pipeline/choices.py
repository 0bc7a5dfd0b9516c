"""How firm a verdict is: what other methods, rulebooks, vintages and rules of borrowing would have said of the line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from xk.arithmetic.projection import METHODS
from xk.arithmetic.rulebooks import HOUSE, RULEBOOKS
from xk.contracts.borrow_rules import ANY, NOBODY
from xk.pipeline import Results
from xk.pipeline.paths import Paths, build_paths, project_by, reference_regions
from xk.pipeline.result import LineResult, Trend
from xk.pipeline.summary import build_lines
from xk.pipeline.surroundings import Surroundings
from xk.vocab import BEHIND, GOOD

KINDS = ("method", "vintage", "borrow", "rulebook")
"""Respects in which a choice may differ from the default, in the order in which a flip is looked for."""
EARLIER = 2
"""Earlier days of release that are asked."""


def word_of(rulebook: str, status: str) -> str:
    """Return which of three words a status comes to: ``reach``, ``miss`` or ``open``.

    The house's achieved, met and on track say that the target will be reached (or is), lagging, regressing, missed and
    not held that it will not, all others that it cannot be said; of other rulebooks grade 3, grades 2 and 1, grade 0.
    """
    if rulebook == HOUSE:
        return "reach" if status in GOOD else "miss" if status in BEHIND else "open"
    return {3: "reach", 0: "open"}.get(RULEBOOKS[rulebook].grade(status), "miss")


@dataclass(frozen=True)
class Choice:
    """A choice that differs from the default in one respect (of `KINDS`), and the word that it comes to."""

    kind: str
    name: str
    word: str


@dataclass(frozen=True)
class Firmness:
    """What is said of a line by default, and by the choices that bear on it, one vote each."""

    indicator: str
    word: str
    choices: tuple[Choice, ...]

    @property
    def votes(self) -> int:
        """How many are counted: the default, and each choice that bears on the line."""
        return 1 + len(self.choices)

    @property
    def same(self) -> int:
        """How many of them say the same as the default, itself among them."""
        return 1 + sum(one.word == self.word for one in self.choices)

    @property
    def share(self) -> float:
        """Share that says the same, 0-1."""
        return self.same / self.votes

    @property
    def others(self) -> tuple[Choice, ...]:
        """The choices that say something else: the first is the one that flips the verdict.

        Those that say the opposite go before those that cannot say, either in the order of `KINDS`.
        """
        said = [one for one in self.choices if one.word != self.word]
        return tuple(sorted(said, key=lambda one: (one.word == "open", KINDS.index(one.kind))))


def build_firmness(
    results: Results, around: Surroundings, earlier: Mapping[str, Mapping[str, LineResult]] | None = None
) -> dict[str, Firmness]:
    """Return how firm the verdict on each line with a target is.

    A choice has a vote where it bears on the line: every rulebook; every projection method on a line that has a
    projection of its own; on one that borrows its trend that none is borrowed, and that each region above lends it; an
    earlier day of release where a figure behind the line, or of those that lend its trend, came out after it. A line
    with parts has the choices that bear on any of them. Source: own definition (docs/en/rulebooks.md).

    Parameters
    ----------
    results : Results
        Of the default choices, no scenario in them.
    around : Surroundings
        Figures of all regions.
    earlier : mapping, optional
        Day of release -> the lines by what was out by then (see `earlier_days`).
    """
    found: dict[str, list[Choice]] = {name: [] for name in results.lines}
    for kind, name, bears, lines in _choices(results, around, earlier or {}):
        for indicator, choices in found.items():
            if bears.intersection(results.scheme.parts(indicator) or [indicator]):
                choices.append(Choice(kind, name, word_of(HOUSE, lines[indicator].status)))
    for one in results.verdicts:
        if one.goal == "target" and one.rulebook != HOUSE:
            found[one.indicator].append(Choice("rulebook", one.rulebook, word_of(one.rulebook, one.status)))
    return {
        name: Firmness(name, word_of(HOUSE, result.status), tuple(found[name]))
        for name, result in results.lines.items()
        if result.status != "no_target"
    }


def _choices(
    results: Results, around: Surroundings, earlier: Mapping[str, Mapping[str, LineResult]]
) -> Iterator[tuple[str, str, set[str], Mapping[str, LineResult]]]:
    """Yield kind and name of each choice but the rulebooks, the lines that it bears on, and the lines by it."""
    scheme, settings, paths = results.scheme, results.settings, results.paths
    as_of, _ = settings.years()
    kinds = {name: line.trend.kind for name, line in results.lines.items() if line.outlook.kind}
    own = {name for name, kind in kinds.items() if kind == "own"}
    for method in METHODS if own else ():
        if method != settings.method:
            changed = project_by(paths, method)
            yield "method", method, own, build_lines(scheme, changed, settings=replace(settings, method=method))
    borrowed = {name for name, kind in kinds.items() if kind == "borrowed"}
    for donor in (NOBODY, *reference_regions(settings.region, around.regions)) if borrowed else ():
        if scheme.borrow.get(ANY) != donor:
            lent = replace(scheme, borrow={ANY: donor})
            changed = build_paths(lent, around, settings=settings, years=[as_of])[as_of]
            yield "borrow", donor, borrowed, build_lines(scheme, changed, settings=settings)
    newest = _newest(results)
    for day, lines in earlier.items():
        yield "vintage", day, {name for name, last in newest.items() if last > day}, lines


def _newest(results: Results) -> dict[str, str]:
    """Return line -> the last day on which a figure behind it was released."""
    return {name: max(days) for name, days in _days(results.paths).items() if days}


def earlier_days(results: Results) -> list[str]:
    """Return the last days of release before the newest one of the figures behind the results."""
    days = set().union(*_days(results.paths).values())
    return sorted(days)[:-1][-EARLIER:]


def _days(paths: Paths) -> dict[str, set[str]]:
    """Return line -> the days on which the figures behind it were released: its own, and those that lend its trend."""
    of_peers, found = paths.of_peers, {}
    by_definition: dict[str, set[str]] = {}
    if len(of_peers):
        by_definition = {str(name): {*rows["vintage"].dropna()} for name, rows in of_peers.groupby("definition")}
    for name, line in paths.seen.items():
        trend = paths.trends.get(name, Trend())
        peers = by_definition.get(trend.definition, set()) if trend.peers else set()
        found[name] = {one.vintage for one in (*line, *paths.lent.get(name, ())) if one.vintage} | peers
    return found
