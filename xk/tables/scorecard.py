"""What came of the odds that were published: in a line on every report, by class and domain in the review."""

from collections.abc import Sequence

from xk.arithmetic.calibration import EDGES, FEWEST
from xk.contracts.records import Record
from xk.exhibits import Columns, Exhibit, Wording, bullets, join, number, paragraph


def trust_said(words: Wording, card: Record) -> str:
    """Return in a line how far the odds published of a region can be trusted; nothing where none came to a test.

    `card`: see `build_card`.
    """
    total = card["total"]
    if not total["scored"]:
        return ""
    return words.text("trust_said", n=total["scored"], **_told(words, total))


def _told(words: Wording, tally: Record) -> dict[str, object]:
    brier = number(tally["brier"], words.lang, decimals=3)
    return {"stated": words.share(100 * tally["stated"]), "came": tally["came"], "brier": brier}


def show_scorecard(words: Wording, card: Record | None) -> Exhibit:
    """Return what came of the odds that earlier runs published of the region: class by class, then by domain.

    `card`: as `build_card` gives it; None where no record was asked for.
    """
    if not card or not card["stated"]:
        return paragraph(words.text("scorecard_none"))
    total, apart = card["total"], card["apart"]
    region = words.region(words.results.settings.region)
    counts = {"n": card["stated"], "odds": card["odds"], "runs": card["runs"], "scored": total["scored"]}
    said = [words.text("scorecard_scope", region=region, **counts)]
    if total["scored"]:
        said += [_classes(words, total["classes"]), words.text("scorecard_score", **_told(words, total))]
    if apart:
        named = ((words.text(f"apart_{reason}"), n) for reason, n in apart.items())
        reasons = [words.text("scorecard_reason", reason=reason, n=n) for reason, n in named]
        said.append(words.text("scorecard_apart", reasons=words.listed(reasons)))
    return join([bullets(said), _by_domain(words, card)])


def _classes(words: Wording, classes: Sequence[Sequence[float]]) -> str:
    """Return of each class that was stated how many came true: of 12 lines given 60-80 %, 9."""
    named = zip(EDGES, EDGES[1:], classes, strict=False)
    said = [
        words.text("scorecard_class", low=round(100 * low), high=round(100 * high), n=cases, came=came)
        for low, high, (cases, came, _) in named
        if cases
    ]
    few = words.text("scorecard_few", n=FEWEST) if min(cases for cases, *_ in classes) < FEWEST else ""
    return words.sentences(words.text("scorecard_classes", said=words.several(said)), few)


def _by_domain(words: Wording, card: Record) -> Exhibit:
    named = {words.domain(domain): tally for domain, tally in (card["domains"] | {None: card["total"]}).items()}
    if card["everywhere"] != card["total"]:
        named[words.text("scorecard_everywhere")] = card["everywhere"]
    rows = [{"name": name, **tally} for name, tally in named.items() if tally["scored"] or tally["in80"][1]]
    if not rows:
        return Exhibit("")

    def share(row: Record) -> str:
        return words.text("dash") if row["stated"] is None else words.share(100 * row["stated"])

    show = Columns(words)
    columns = [
        show.text("column_domain", lambda row: row["name"], head=True),
        show.number("column_odds_scored", lambda row: str(row["scored"])),
        show.number("column_odds_stated", share),
        show.number("column_odds_came", lambda row: str(row["came"])),
        show.share("column_brier", "brier", decimals=3),
        *(show.number("column_odds_inside", lambda row, name=f"in{level}": _inside(words, *row[name]), level=level)
          for level in (80, 95)),
    ]  # fmt: skip
    return show.table("scorecard", rows, columns, note=True)


def _inside(words: Wording, inside: int, known: int) -> str:
    return f"{inside} / {known}" if known else words.text("dash")
