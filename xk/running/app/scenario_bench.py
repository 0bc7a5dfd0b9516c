"""The bench of a policy researcher: turn a line or a domain, see trajectory, odds, status and index move."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from xk import tables
from xk.bench import Question, store_of
from xk.contracts.records import records
from xk.contracts.scenario_rules import Argument
from xk.errors import UsageError
from xk.pipeline.levers import solve_domain, weigh_domains
from xk.readers import Store, read_names, shown
from xk.readers import scenarios as kept
from xk.running.app import differences
from xk.running.app.explore import meant, named_lines, named_pictures, named_regions, own_region
from xk.running.app.panels import Bench, Panel
from xk.running.app.pickers import SECOND, Control, Options
from xk.running.app.scenario_pictures import PICTURES, reference_words, say_effect
from xk.running.app.view import View, read_points, reads
from xk.vocab import LANGUAGES, columns_of, text

Told = tuple[View, str]


def scenarios(question: Question, chosen: str = "", **looks: object) -> Panel:
    """Return the bench on a question; `chosen`: the line or the domain that is turned first."""
    view = View(question, bench="scenarios", **looks)  # type: ignore[arg-type]
    return Panel(SCENARIOS, _put_scope(view, store_of(question), chosen) if chosen else view)


# --- what is turned


def _scopes(view: View, store: Store) -> Options:
    """Return domains and lines by their names in both languages."""
    first, *others = sorted(LANGUAGES, key=lambda lang: lang != view.question.lang)
    scheme = store.scheme(view.question.scheme)
    whole = text("scope_domain", view.question.lang)
    domains = [
        (SECOND.join([f"{whole}{row[f'name_{first}']}", *(str(row[f"name_{one}"]) for one in others)]), row["domain"])
        for row in records(scheme.domains)
    ]
    plain = {line.indicator for line in scheme.plain_lines()}
    return [*domains, *(one for one in named_lines(view, store) if one[1] in plain)]


def _put_scope(view: View, store: Store, value: object) -> View:
    names, said = read_names(store).under(view.question.scheme), str(value)
    chosen, scheme = {words: str(slug) for words, slug in _scopes(view, store)}.get(said, said), view.question.scheme
    try:
        line = store.scheme(scheme).line(names.slug("indicator", chosen))
    except UsageError:
        domain = names.known("domain", chosen)
        if domain not in store.scheme(scheme).domain_names():
            raise
        return view.asks(domain=domain)
    if line.is_composite:
        parts = ", ".join(store.scheme(scheme).parts(line.indicator))
        raise UsageError(f"{line.no} has parts and no figures of its own; turn one of {parts}")
    return replace(view.asks(domain=None), indicators=(line.indicator,))


def _rules(view: View, store: Store) -> Options:  # noqa: ARG001
    lang = view.question.lang
    rules = [(text(f"rule_{rule}", lang), rule) for rule in differences.rules_for(view)]
    return [(text("rule_none", lang), ""), *rules]


def _rule_name(view: View) -> str:
    rule = differences.rule_of(view)
    return rule[0] if rule else ""


def _argument(view: View, name: str) -> Argument:
    """Return the argument of the rule that is turned, None where it is another rule, or there is none."""
    rule = differences.rule_of(view)
    return rule[1] if rule and rule[0] == name else None


def _put_rule(view: View, store: Store, value: object) -> View:
    return differences.with_rule(view, differences.first_rule(view, store, str(value)) if value else None)


def _has(*rules: str) -> Callable[[View], bool]:
    return lambda view: _rule_name(view) in rules


def _number(view: View, store: Store) -> float:  # noqa: ARG001
    rule = differences.rule_of(view)
    return differences.number_of(rule) if rule and rule[0] in differences.NUMBERED else 0.0


def _put_number(view: View, store: Store, value: object) -> View:  # noqa: ARG001
    rule = differences.rule_of(view)
    return differences.with_rule(view, differences.turned(rule, round(float(str(value)), 10))) if rule else view


def _since(view: View, store: Store) -> float:
    turned = _argument(view, "accelerate")
    return float(turned["from"] if turned else _years(view, store)["low"])


def _years(view: View, store: Store) -> dict[str, float]:
    results = differences.reference_of(view, store)
    return {"low": float(results.settings.years()[0]), "high": float(results.scheme.target_year - 1), "step": 1.0}


def _put_since(view: View, store: Store, value: object) -> View:  # noqa: ARG001
    rule = differences.rule_of(view)
    return differences.with_rule(view, (rule[0], {**rule[1], "from": round(float(str(value)))})) if rule else view


def _levels(view: View, store: Store) -> str:  # noqa: ARG001
    return ",".join(f"{year}:{value!r}" for year, value in (_argument(view, "level") or {}).items())


def _put_levels(view: View, store: Store, value: object) -> View:  # noqa: ARG001
    points = {str(year): figure for year, figure in read_points("level", [str(value)]).items()}
    return differences.with_rule(view, ("level", points) if points else None)


def _solve(view: View, store: Store, value: object) -> Told:  # noqa: ARG001
    rule, (group, name) = differences.solved(view, store), differences.scope_of(view)
    if rule is None:
        return view, text("bench_unsolved", view.question.lang)
    if group == "indicators":
        return differences.with_rule(view, rule), ""
    words = reference_words(view, store)
    found = solve_domain(words.results, name, since=rule[1]["from"])
    return differences.with_rule(view, rule), tables.common_said(words, found)


# --- the differences so far


def _differences(view: View, store: Store) -> list[str]:  # noqa: ARG001
    content = differences.content_of(view)
    return [f"{group}/{name}" for group in ("domains", "indicators") for name in content[group]]


def _differences_named(view: View, store: Store) -> Options:
    words, content = reference_words(view, store), differences.content_of(view)
    lines = words.results.scheme.lines
    options: list[tuple[str, object]] = []
    for group in ("domains", "indicators"):
        for name, rules in content[group].items():
            line = lines.get(name)
            what = words.line(name) if line else words.domain(name)
            options += [(words.text("assumed_for", what=what, said=words.assumption(rule, line)),
                         f"{group}/{name}") for rule in rules.items()]  # fmt: skip
    return options


def _put_differences(view: View, store: Store, value: object) -> View:  # noqa: ARG001
    kept = {str(one) for one in value} if isinstance(value, Sequence) else set()
    content = differences.content_of(view)
    for group in ("domains", "indicators"):
        content[group] = {name: rule for name, rule in content[group].items() if f"{group}/{name}" in kept}
    return differences.with_content(view, content)


# --- scenarios that are kept


def _kept_named(view: View, store: Store) -> Options:  # noqa: ARG001
    return [(name, name) for name in kept.list_scenarios(store.root)]


def _beside(view: View, store: Store) -> list[str]:  # noqa: ARG001
    return [str(one["name"]) if isinstance(one, Mapping) else one for one in view.scenarios]


def _put_beside(view: View, store: Store, value: object) -> View:  # noqa: ARG001
    asked = list(dict.fromkeys(map(str, value))) if isinstance(value, Sequence) else []
    known = {str(one["name"]): one for one in view.scenarios if isinstance(one, Mapping)}
    return replace(view, scenarios=tuple(known.get(name, name) for name in asked))


def _name(view: View, store: Store) -> str:  # noqa: ARG001
    return str(differences.content_of(view).get("name", differences.NAME))


def _put_name(view: View, store: Store, value: object) -> View:  # noqa: ARG001
    if not view.question.scenario:
        raise UsageError("a scenario without a difference has no name yet; choose a rule first")
    content, old = differences.content_of(view), _name(view, store)
    titles = {title: str(value) for title in columns_of("title") if content.get(title, old) == old}
    return differences.with_content(view, {**content, "name": str(value), **titles})


def _title(view: View, store: Store) -> str:  # noqa: ARG001
    return str(differences.content_of(view).get(f"title_{view.question.lang}", ""))


def _put_title(view: View, store: Store, value: object) -> View:
    if not view.question.scenario:
        return _put_name(view, store, value)
    content = differences.content_of(view)
    here, *others = sorted(columns_of("title"), key=lambda one: view.question.lang not in one)
    same = {title: str(value) for title in others if content.get(title) in (content.get(here), content.get("name"), "")}
    return differences.with_content(view, {**content, here: str(value), **same})


def _save(view: View, store: Store, value: object) -> Told:  # noqa: ARG001
    if not view.question.scenario:
        raise UsageError("there is no difference from the reference to save; choose a rule first")
    path = kept.write_scenario(dict(view.question.scenario), store, store.scheme(view.question.scheme))
    return view, text("bench_saved", view.question.lang, file=shown(path), name=path.stem)


def _delete(view: View, store: Store, value: object) -> Told:  # noqa: ARG001
    path, content = kept.delete_scenario(_name(view, store), store.root)
    title = str(content.get(f"title_{view.question.lang}", path.stem))
    return view, text("bench_deleted", view.question.lang, file=shown(path), title=title)


# --- weights


def _weights(view: View, store: Store) -> dict[str, float]:
    """Return the weights of the lines without their parts, the programme's own adding up to 100."""
    chosen = view.question.weights
    top = [line for line in store.scheme(view.question.scheme).lines.values() if not line.parent]
    whole = dict(chosen) if chosen else weigh_domains(differences.reference_of(view, store), {})
    return {line.indicator: whole[line.indicator] for line in top}


def _domain_weights(view: View, store: Store) -> dict[str, float]:
    weights, lines = _weights(view, store), store.scheme(view.question.scheme).lines
    sums = dict.fromkeys(store.scheme(view.question.scheme).domain_names(), 0.0)
    for name, weight in weights.items():
        sums[lines[name].domain] += weight
    return {domain: round(weight, 6) for domain, weight in sums.items()}


def _put_domain_weights(view: View, store: Store, value: object) -> View:
    asked = _domain_weights(view, store) | (dict(value) if isinstance(value, Mapping) else {})
    return view.asks(weights=weigh_domains(differences.reference_of(view, store), asked))


def _domains_named(view: View, store: Store) -> Options:
    rows = records(store.scheme(view.question.scheme).domains)
    return [(row[f"name_{view.question.lang}"], row["domain"]) for row in rows]


def _line_weights(view: View, store: Store) -> dict[str, float]:
    lines = store.scheme(view.question.scheme).lines
    domain = view.question.domain
    return {name: round(weight, 6) for name, weight in _weights(view, store).items() if lines[name].domain == domain}


def _put_line_weights(view: View, store: Store, value: object) -> View:
    return view.asks(weights=_weights(view, store) | (dict(value) if isinstance(value, Mapping) else {}))


def _lines_named(view: View, store: Store) -> Options:
    scheme = store.scheme(view.question.scheme)
    names = scheme.names(view.question.lang)
    return [(f"{scheme.lines[name].no} {names[name]}", name) for name in _line_weights(view, store)]


def _ends(ends: Callable[[View, Store], Mapping[str, float]]) -> Callable[[View, Store], Options]:
    return lambda view, store: list(ends(view, store).items())


def _nothing(*_: object) -> None:
    return None


def _has_scenario(view: View) -> bool:
    return view.question.scenario is not None


def _is_weighing(view: View) -> bool:
    return SCENARIOS.picture(view) == "index"


CONTROLS = (
    Control("scope", "search", lambda view, _: differences.scope_of(view)[1], _put_scope, _scopes),
    Control("rule", "choice", lambda view, _: _rule_name(view), _put_rule, _rules),
    Control("amount", "knob", _number, _put_number, _ends(differences.ends_of), _has(*differences.NUMBERED)),
    Control("since", "knob", _since, _put_since, _ends(_years), _has("accelerate")),
    Control("given", "text", _levels, _put_levels, shown=_has("level")),
    Control("match", "search", lambda view, _: _argument(view, "match") or "",
            lambda view, store, value: differences.with_rule(view, ("match", meant("region", view, store, value))),
            named_regions, _has("match")),
    Control("solve", "deed", _nothing, _solve, shown=_has("", *differences.SOLVED)),
    Control("picture", "choice", lambda view, _: SCENARIOS.picture(view),
            lambda view, _, value: replace(view, picture=str(value)), named_pictures(PICTURES)),
    Control("weights", "knobs", _domain_weights, _put_domain_weights, _domains_named, _is_weighing),
    Control("line_weights", "knobs", _line_weights, _put_line_weights, _lines_named,
            lambda view: _is_weighing(view) and view.question.domain is not None),
    Control("own_weights", "deed", _nothing, lambda view, *_: view.asks(weights=None),
            shown=lambda view: view.question.weights is not None),
    Control("differences", "several", _differences, _put_differences, _differences_named, _has_scenario),
    Control("compared", "several", _beside, _put_beside, _kept_named),
    Control("kept", "search", _nothing, lambda view, store, value: view.asks(
        scenario=kept.kept_scenario(str(value), store, store.scheme(view.question.scheme))), _kept_named),
    Control("title", "text", _title, _put_title, shown=_has_scenario),
    Control("name", "text", _name, _put_name, shown=_has_scenario),
    Control("save", "deed", _nothing, _save, shown=_has_scenario),
    Control("delete", "deed", _nothing, _delete, shown=_has_scenario),
    Control("region", "search", own_region, lambda view, store, value: view.asks(
        region=meant("region", view, store, value)), named_regions, rare=True),
)  # fmt: skip


def _ready(view: View, store: Store) -> View:
    """Return the view with a line to turn, and with what kept scenarios say in place of their names."""
    scheme = store.scheme(view.question.scheme)
    names = read_names(store).under(scheme.id)
    if len(view.scenarios) + (view.question.scenario is not None) > differences.MOST:
        raise UsageError(f"at most {differences.MOST} scenarios stand beside the reference; take one out first")
    said = tuple(
        kept.name_scenario(dict(one), names) if isinstance(one, Mapping) else kept.kept_scenario(one, store, scheme)
        for one in view.scenarios
    )
    first = next(line.indicator for line in scheme.plain_lines())
    return replace(view, scenarios=said, indicators=view.indicators[:1] or (first,))


def _again(view: View, store: Store) -> list[tuple[str, str]]:  # noqa: ARG001
    """Return the file of the scenario that is turned, and that of the weights, where they are not the programme's."""
    fields = []
    if view.question.scenario:
        fields.append(("bench_scenario_file", kept.scenario_text(view.question.scenario)))
    if view.question.weights:
        rows = [f"{name},{weight!r}" for name, weight in view.question.weights.items()]
        fields.append(("bench_weights_file", "\n".join(["indicator,weight", *rows, ""])))
    return fields


SCENARIOS: Bench = Bench(
    "scenarios", CONTROLS, PICTURES, reads(_put_scope), tuple(PICTURES), ready=_ready, again=_again, says=say_effect
)
