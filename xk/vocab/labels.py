"""The label table: every text that a reader of a report sees stands under a key in ``labels.csv``, in each language."""

import csv
import re
from functools import cache
from importlib.resources import files

from xk.vocab.languages import LANGUAGES, NATIVE, language

_FORMS = re.compile(r"\{(\w+)\|([^{}]*)\}")


@cache
def read_labels() -> dict[str, dict[str, str]]:
    """Return language -> key -> text; the file is read when the first text is asked for, once a process."""
    lines = files("xk.vocab").joinpath("labels.csv").read_text(encoding="utf-8").split("\n")
    rows = list(csv.DictReader(lines))
    return {lang: {row["key"]: row[lang] for row in rows} for lang in LANGUAGES}


def text(key: str, lang: str = NATIVE, **values: object) -> str:
    """Return the label `key` in `lang`, with `values` put in its places.

    ``{n|year|years}`` is the form that the language has for the number `n`.

    Raises
    ------
    KeyError
        The label table has no such key, or no such language: a gap in the table, not in the data.
    """
    tongue = language(lang)
    label = read_labels()[lang][key]
    if "|" in label:
        label = _FORMS.sub(lambda found: found[2].split("|")[tongue.plural(str(values[found[1]]))], label)
    return label.format(**values)
