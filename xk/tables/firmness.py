"""How firm verdicts are: how many choices say the same, and which one flips a verdict."""

from collections.abc import Mapping

from xk.exhibits import Columns, Exhibit, Wording
from xk.pipeline.choices import Choice, Firmness
from xk.tables.tasks import in_domain


def firm_said(words: Wording, one: Firmness | None) -> str:
    """Return how many choices say the same of a line, and which one says something else; nothing where all are open."""
    if one is None or (one.word == "open" and not one.others):
        return ""
    said = words.text("firm_said", same=one.same, votes=one.votes)
    if not one.others:
        return said
    flip = one.others[0]
    return words.text("firm_flipped", said=said, choice=choice_said(words, flip), word=words.text(f"firm_{flip.word}"))


def _flip(words: Wording, choice: Choice) -> str:
    return words.text("firm_choice", choice=choice_said(words, choice), word=words.text(f"firm_{choice.word}"))


def choice_said(words: Wording, choice: Choice) -> str:
    """Return a choice in words."""
    if choice.kind == "method":
        return words.text(f"method_{choice.name}")
    if choice.kind == "rulebook":
        return words.text("firm_rulebook", name=words.text(f"rulebook_short_{choice.name}"))
    if choice.kind == "vintage":
        return words.text("firm_vintage", day=choice.name)
    return words.text("firm_alone" if choice.name == "none" else "firm_lent", region=words.region(choice.name))


def table_firmness(words: Wording, firmness: Mapping[str, Firmness], domain: str | None = None) -> Exhibit:
    """Return for each line what is said of it, how many choices say the same, and all that say something else.

    Parameters
    ----------
    words : Wording
    firmness : mapping
        As `xk.bench.firmness_of` gives it.
    domain : str, optional
    """

    def others(one: Firmness) -> str:
        return words.several(_flip(words, choice) for choice in one.others) or words.text("dash")

    show = Columns(words)
    columns = [
        show.line(),
        show.text("column_firm_word", lambda one: words.text(f"firm_{one.word}")),
        show.number("column_firm_same", lambda one: words.text("firm_of", same=one.same, votes=one.votes)),
        show.text("column_firm_others", others),
    ]
    return show.table("firmness", in_domain(words, list(firmness.values()), domain), columns, note=True, empty=True)
