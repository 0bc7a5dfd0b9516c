"""The words of the library: column names, closed lists, the languages and the label table.

Nothing here computes. A word that stands in a table, in a report or on the command line stands here once.
"""

from xk.vocab.labels import read_labels as read_labels
from xk.vocab.labels import text as text
from xk.vocab.languages import LANGUAGES as LANGUAGES
from xk.vocab.languages import NATIVE as NATIVE
from xk.vocab.languages import columns_of as columns_of
from xk.vocab.languages import language as language

DIRECTIONS: tuple[str, ...] = ("positive", "inverse", "interval", "composite")
KINDS: tuple[str, ...] = ("observed", "preliminary", "estimated")
NOT_FINAL = KINDS[1:]
ASSUMED = "assumed"
"""Kind of a figure that a bench was told to take for known; no file has any."""
AHEAD_KINDS: tuple[str, ...] = ("projected", "borrowed", "scenario")
PLANNED_KINDS: tuple[str, ...] = ("target", "evaluation")
"""Kinds of the figures in the annex of a programme."""
OWN_GRADE = "own"
GRADES: tuple[str, ...] = ("A", "B", OWN_GRADE)
"""How near the definition of a series is to the programme's: the same, close; or the figures are a user's own."""
DEFLATOR_KINDS: tuple[str, ...] = ("gdp", "gdp_derived", "cpi", "cpi_derived")
DEFLATORS: tuple[str, ...] = ("output", "per_output", "consumer")
PRICE_BASE_WORDS: tuple[str, ...] = ("current", "not_stated")
WEIGHTINGS: tuple[str, ...] = ("equal", "given")
RELATIONS: tuple[str, ...] = ("at_least", "at_most", "about", "equal", "reduce_by")
DUES: tuple[str, ...] = ("by_year", "by_year_end", "before_year", "in_month")
"""When a milestone of one year is due, as the programme words it."""

GOOD: tuple[str, ...] = ("achieved", "met_to_hold", "on_track")
BEHIND: tuple[str, ...] = ("lagging", "regressing", "missed", "not_held")
"""Statuses of a line that falls short, or will."""
UNJUDGED: tuple[str, ...] = ("not_seen", "no_trend", "no_data", "not_comparable", "no_target")
"""Statuses of a line of which the figures do not tell whether it falls short."""
STATUSES: tuple[str, ...] = (*GOOD, "uncertain", *BEHIND, *UNJUDGED)

NAMED: tuple[str, ...] = ("region", "indicator", "domain", "office", "unit")
"""Kinds of things that have names: slugs, numbers, names in each language, aliases."""

REGION_LEVELS: tuple[str, ...] = ("country", "province", "prefecture", "county")
"""Levels of regions that have a word of their own (label ``peers_of_<level>``)."""

KERNELS: tuple[str, ...] = ("auto", "fork", "process")
"""How a notebook is run: in a fork of this process, in an ordinary kernel, or whichever is safe here."""

YEAR_RANGE = (1900, 2200)
