"""Units of measure between which figures convert."""

import re
from decimal import Decimal

import pandas as pd

from xk.readers.cells import SCALES, fold, power_of, unit_scale
from xk.readers.naming import Match, Names
from xk.vocab import NATIVE

HEADS = rf"(?P<heads>[0-9,]*\s*(?:{'|'.join(SCALES)})*)\s*"
PER_HEADS = re.compile(rf"\s*(?:[/每]+|\bper\b)\s*{HEADS}(?:人口?|persons?|people|inhabitants|population)$")
OF_HEADS = re.compile(rf"(?:每|\bper\b)\s*{HEADS}")


def factor_between(unit: str, register: str, names: Names, *, called: str = "") -> Decimal | None:
    """Return what a figure in `unit` is multiplied with to be in that of the register; None where it cannot be.

    A unit that is not said is that of the register. Of what is per head, 元/人 and 元 are the same. Of what is `called`
    so many per 10,000 (每万人) 人 is 人/万人, and 件/10万人 a tenth of it; of what is not, 人/万人 is another unit.
    """
    if not unit or names.sure("unit", unit) == register:
        return Decimal(1)
    (bare, per), (base, wanted) = _heads_apart(unit), _heads_apart(register)
    said = next((heads for one in OF_HEADS.finditer(called.casefold()) if (heads := power_of(one["heads"])) > 1), 0)
    if max(per, wanted) > 1 or said and (per or wanted):
        per, wanted = per or said, wanted or said
        rest = factor_between(bare, base, names)
        return rest * wanted / per if per and wanted and rest is not None else None
    own, other = unit_scale(unit), unit_scale(register)
    bases = {one[1].removesuffix("/人") for one in (own, other) if one}
    if own and other and len(bases) == 1 and bases & {own[1], other[1]}:
        return own[0] / other[0]
    return None


def _heads_apart(unit: str) -> tuple[str, int]:
    """Return a unit without the heads that it is per, and how many these are; 0 where it is per none."""
    found = PER_HEADS.search(fold(unit).casefold())
    return (fold(unit)[: found.start()], power_of(found["heads"])) if found else (unit, 0)


def in_unit(found: Match, unit: str, names: Names, measures: pd.DataFrame) -> Match:
    """Return what a name may have meant, without what is measured in a unit to which its own does not convert."""
    columns = (measures[what] for what in ("indicator", "unit", f"name_{NATIVE}"))
    register = {slug: (own, called) for slug, own, called in zip(*columns, strict=True)}

    def fits(name: str) -> bool:
        own, called = register.get(names.sure("indicator", name), (unit, ""))
        return factor_between(unit, own, names, called=called) is not None

    return found._replace(proposals=tuple(filter(fits, found.proposals)))
