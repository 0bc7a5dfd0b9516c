"""The index in words: what it is called, over how much it is, why it is withheld."""

from xk.arithmetic.index import MIN_COVERAGE
from xk.contracts.records import Record, records
from xk.exhibits.pieces import begun
from xk.exhibits.wording import Wording


def latest_index(words: Wording, level: str) -> Record:
    """Return the row of the index of a level (domain or total) by the latest figures (see `build_index`)."""
    index = words.results.index
    return records(index[(index["level"] == level) & (index["basis"] == "latest")])[0]


def level_name(words: Wording, row: Record) -> str:
    """Return what the index of a row is called; over part of the domains it is not the total."""
    if row["level"] != "total":
        return words.text("index_of_domain", domain=words.domain(row["level"]))
    if row["reason"] or row["domains"] == len(words.results.scheme.domain_names()):
        return words.text("index_total")
    return words.text("index_of_domains", n=row["domains"])


def level_title(words: Wording, row: Record) -> str:
    """Return what the index of a row is called where the name stands alone."""
    return begun(level_name(words, row))


def index_and_coverage(words: Wording, row: Record) -> str:
    """Return the index of a row with its coverage."""
    return words.text("index_with_coverage", value=words.points(row["value"]), coverage=words.share(row["coverage"]))


def why_withheld(words: Wording, row: Record) -> str:
    """Return why the index of a row is withheld; nothing where it is not."""
    if not row["reason"]:
        return ""
    minimum, coverage = words.text("per_cent", value=f"{100 * MIN_COVERAGE:g}"), words.share(row["coverage"])
    return words.text(f"index_withheld_{row['reason']}", coverage=coverage, minimum=minimum)


def index_sentence(words: Wording, level: str = "total") -> str:
    """Return how the index of a level stands by the latest figures, over how much, or why it is withheld."""
    row = latest_index(words, level)
    name = level_name(words, row)
    if row["reason"]:
        return words.text("key_index_withheld", level=name, reason=why_withheld(words, row))
    said = words.text("key_index", level=name, value=words.points(row["value"]),
                      coverage=words.share(row["coverage"]), n=row["indicators"])  # fmt: skip
    left = domains_left_out(words) if level == "total" else []
    named = words.listed(map(words.domain, left))
    return said + words.text("key_index_left_out", domains=named) if left else said


def domains_left_out(words: Wording) -> list[str]:
    """Return the domains whose latest index is withheld: they are not in the total."""
    index = words.results.index
    rows = index[(index["basis"] == "latest") & (index["level"] != "total") & (index["reason"] != "")]
    return list(rows["level"])
