"""What a scenario assumes, line by line, and where nobody ever moved so fast."""

from collections.abc import Mapping

from xk.contracts.borrow_rules import NOBODY
from xk.exhibits.peer_words import pace_said
from xk.exhibits.wording import Wording


def assumptions(words: Wording, domain: str | None = None) -> list[str]:
    """Return what the scenario assumes, a line for each (or one) domain and indicator; none in the reference."""
    scenario, scheme = words.results.scenario, words.results.scheme
    named = [domain] if domain else scheme.domain_names()
    of_domains = [(words.domain(name), scenario.domains.get(name, {}), None) for name in named]
    rules = scenario.indicators
    of_lines = [(words.line(name), rules.get(name, {}), line) for name, line in scheme.lines_in(domain).items()]
    said = [
        words.text("assumed_for", what=what, said=words.assumption(rule, line))
        for what, rules, line in (*of_domains, *of_lines)
        for rule in rules.items()
    ]
    return said + donors(words, scenario.borrow)


def donors(words: Wording, named: Mapping[str, str]) -> list[str]:
    """Return whose trends are borrowed where a scheme or scenario names donors, a line for each name."""
    domains = words.results.scheme.domain_names()
    said = []
    for name, donor in named.items():
        what = words.text("assumed_all") if not name else words.domain(name) if name in domains else words.line(name)
        key = "assumed_borrow_none" if donor == NOBODY else "assumed_borrow"
        said.append(words.text("assumed_for", what=what, said=words.text(key, region=words.region(donor))))
    return said


def assumptions_said(words: Wording) -> list[str]:
    """Return what a scenario assumes, for which lines that is a pace that nobody ever reached, and what moves none."""
    said = assumptions(words)
    for name, result in words.results.lines.items():
        rate = result.assumed_rate
        if rate is not None and rate.is_unprecedented:
            said.append(words.text("precedent_assumed", line=words.line(name), said=pace_said(words, result, rate)))
    return said + idle_said(words)


def idle_said(words: Wording) -> list[str]:
    """Return that a scenario moves no line, or which of its domains and indicators move none; nothing where all do."""
    results, scenario = words.results, words.results.scenario
    if results.reference is None:
        return []
    moved = {name for name, one in results.lines.items() if one.outcome != results.reference.lines[name].outcome}
    if not moved:
        return [words.text("scenario_idle")]
    own = {*scenario.indicators}
    idle = [words.domain(name) for name in scenario.domains if moved.isdisjoint({*results.scheme.lines_in(name)} - own)]
    idle += [words.line(name) for name in scenario.indicators if name not in moved]
    return [words.text("assumed_idle", names=words.listed(idle))] if idle else []
