"""What was asked of the data, how the figures were made, and by which formulas."""

from collections.abc import Sequence

from xk.exhibits import Exhibit, Wording, begun, bullets, escape
from xk.exhibits.assumption_words import donors
from xk.pipeline.localising import CHOSEN
from xk.readers import Store
from xk.theme.formulas import FORMULAS, formula
from xk.vocab import text


def run_facts(
    words: Wording, domain: str | None = None, *, scenarios: Sequence[str] = (), issued: str = "",
    store: Store | None = None, region: str = "",
) -> dict[str, str]:  # fmt: skip
    """Return what was asked, label -> value: programme, region, domain, years, scenario, date of issue and so on.

    `scenarios`: titles of all that are compared, if several are; `issued`: the newest day of release if not given, on
    which a user's file was changed being none; `store`: the data, if they are others than those of the project;
    `region`: the one that is meant where the results of `words` are of another, so that only what does not depend on
    them is told.
    """
    scheme, settings = words.results.scheme, words.results.settings
    as_of, to = settings.years()
    newest, own = words.results.vintage, store.own if store else None
    released = max(words.results.released, own.released if own else "") or newest
    pairs = {
        "scheme": scheme.name(words.lang),
        "number": scheme.facts["number"],
        "issuer": scheme.facts[f"issuer_{words.lang}"],
        "region": words.region(region or settings.region),
        "domain": words.domain(domain),
        "as_of": words.text("of_year", year=as_of),
        "to": words.text("of_year", year=to) if to > as_of else "",
        "method": words.text(f"method_{settings.method}") if to > as_of else "",
        "scenario": words.listed(scenarios) or words.scenario_title(),
        "weights": words.text("weights_chosen") if scheme.weights == CHOSEN else "",
        "own": words.text("own_files", n=len(own.files)) if own else "",
        "vintage": (store.asked.vintage if store else None) or "",
        "issued": issued or released * (not region),
        "newest": newest or words.text("dash"),
    }
    if region:
        pairs = {name: value for name, value in pairs.items() if name not in ("as_of", "to", "method", "newest")}
    return {words.text(f"fact_{name}"): begun(value) for name, value in pairs.items() if value}


def method_notes(words: Wording) -> Exhibit:
    """Return what the programme leaves open and how the figures were made, in a few lines (docs/en/method.md: all)."""
    scheme = words.results.scheme
    note = scheme.facts.get(f"note_{words.lang}", "")
    as_of, to = words.results.settings.years()
    ahead = ("projection", "borrowed"), ("outlook",)
    before, after = ahead if to > as_of else ((), ())
    keys = ("scores", "composite", "planned", *before, "status", *after)
    method = words.text(f"method_{words.results.settings.method}")
    said = [*donors(words, scheme.borrow), *(words.text(f"method_text_{key}", method=method) for key in keys)]
    return bullets([note, *said] if note else said) + show_formulas(words.lang)


def show_formulas(lang: str) -> Exhibit:
    """Return all formulas, each with what it gives, and what the letters stand for."""
    names = {key: text(f"formula_{key}", lang) for key in FORMULAS}
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{formula(key)}</dd></div>" for key, name in names.items())
    letters = text("formula_letters", lang)
    inside = f'<dl class="xk-formulas">{items}</dl><p class="xk-note">{escape(letters)}</p>'
    summary = escape(text("formula_title", lang))
    return Exhibit(f"<details><summary>{summary}</summary>{inside}</details>", "\n".join([*names.values(), letters]))
