"""``borrow`` in a scheme or a scenario: which donor lends a trend to lines with too few figures, or that none does."""

from collections.abc import Mapping, Sequence

from xk.errors import Fault, nearest

NOBODY = "none"
KEY = "borrow"
ANY = ""


def read_borrow(given: object) -> dict[str, str]:
    """Return indicator or domain -> donor, all of them under an empty name; a donor is a region or ``none``."""
    if isinstance(given, str):
        return {ANY: given}
    return {str(name): str(donor) for name, donor in given.items()} if isinstance(given, Mapping) else {}


def donor_for(rules: Mapping[str, str], indicator: str, domain: str) -> str | None:
    """Return the donor that is named for a line, by itself, its domain or for all; None where none is."""
    return next((rules[name] for name in (indicator, domain, ANY) if name in rules), None)


def borrow_faults(
    given: object, file: str, *, names: Sequence[str] | None = None, regions: Sequence[str] | None = None
) -> list[Fault]:
    """Return what is wrong with a ``borrow``.

    Parameters
    ----------
    given : str or mapping
        A donor for all lines, or indicator or domain -> donor.
    file : str
        Name for the faults.
    names, regions : sequence of str, optional
        Known indicators and domains, and known regions; what is not given is not checked.
    """
    if not isinstance(given, str | Mapping) or (isinstance(given, Mapping) and not given):
        remedy = "write borrow = 'none', borrow = 'region' or borrow = { indicator = 'region' }"
        return [Fault(file, None, KEY, f"{given!r} names no donor", remedy)]
    faults = []
    for name, donor in given.items() if isinstance(given, Mapping) else [(ANY, given)]:
        if names is not None and name and name not in names:
            message = f"unknown indicator or domain {name!r}"
            faults.append(Fault(file, None, KEY, message, nearest(str(name), names)))
        if not isinstance(donor, str):
            faults.append(Fault(file, None, KEY, f"{donor!r} is no region", "write its name in quotes, or 'none'"))
        elif regions is not None and donor not in (*regions, NOBODY):
            message = f"unknown region {donor!r}"
            faults.append(Fault(file, None, KEY, message, nearest(donor, [*regions, NOBODY])))
    return faults
