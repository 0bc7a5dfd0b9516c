"""A remark: what is doubtful about figures, to be said in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xk.vocab import NATIVE, text


@dataclass(frozen=True)
class Remark:
    """One thing that is doubtful about figures; it is told, and changes nothing.

    Attributes
    ----------
    key : str
        What it is: the label is ``remark_<key>``.
    region, indicator : str
        Slugs of what it is about; empty where it is about several.
    facts : mapping
        What the label names: numbers, texts, slugs, remarks within it, and tuples of slugs.
    """

    key: str
    region: str = ""
    indicator: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_grave(self) -> bool:
        """Whether a figure is far from another, or about a hundred-fold, or a hundredth: another unit may be."""
        return bool(self.facts.get("far")) or abs(int(str(self.facts.get("power", 0)))) > 1

    def said(self, lang: str = NATIVE, names: Mapping[str, str] | None = None) -> str:
        """Return it as a sentence; `names`: slug or unit -> how it is called there, itself if not given."""
        known = names or {}

        def shown(fact: object) -> str:
            if isinstance(fact, Remark):
                return fact.said(lang, known)
            if isinstance(fact, tuple):
                return text("list_separator", lang).join(map(shown, fact))
            return f"{fact:.15g}" if isinstance(fact, float) else known.get(str(fact), str(fact))

        facts = {"region": self.region, "indicator": self.indicator, **self.facts}
        return text(f"remark_{self.key}", lang, **{name: shown(fact) for name, fact in facts.items()})
