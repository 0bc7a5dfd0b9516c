"""Units of measure between which figures convert."""

import re
from decimal import Decimal

import pandas as pd

from xk.readers.cells import SCALES, unit_scale
from xk.readers.naming import Match, Names
from xk.vocab import NATIVE

PER_HEADS = re.compile("[/每]([十百千万亿]+)人口?$")


def factor_between(unit: str, register: str, names: Names, *, called: str = "") -> Decimal | None:
    """Return what a figure in `unit` is multiplied with to be in that of the register; None where it cannot be.

    A unit that is not said is that of the register. Of what is per head, 元/人 and 元 are the same, and 人/万人 and
    人 of what is `called` so many per 10,000 (每万人); of what is not, 人/万人 is another unit.
    """
    if not unit or names.sure("unit", unit) == register:
        return Decimal(1)
    if heads := PER_HEADS.search(unit) or PER_HEADS.search(register):
        number = f"{SCALES.get(heads[1], 1):,}"  # as English names have it, 千 being 1,000
        same = re.search(rf"每{heads[1]}(?![十百千万亿])|per {number}(?![,0-9])", called.casefold())
        return factor_between(unit.removesuffix(heads[0]), register.removesuffix(heads[0]), names) if same else None
    own, other = unit_scale(unit), unit_scale(register)
    bases = {one[1].removesuffix("/人") for one in (own, other) if one}
    if own and other and len(bases) == 1 and bases & {own[1], other[1]}:
        return own[0] / other[0]
    return None


def in_unit(found: Match, unit: str, names: Names, measures: pd.DataFrame) -> Match:
    """Return what a name may have meant, without what is measured in a unit to which its own does not convert."""
    columns = (measures[what] for what in ("indicator", "unit", f"name_{NATIVE}"))
    register = {slug: (own, called) for slug, own, called in zip(*columns, strict=True)}

    def fits(name: str) -> bool:
        own, called = register.get(names.sure("indicator", name), (unit, ""))
        return factor_between(unit, own, names, called=called) is not None

    return found._replace(proposals=tuple(filter(fits, found.proposals)))
