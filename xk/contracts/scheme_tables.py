"""What is wrong with a scheme: its tables by their contracts, and the sums and links between them."""

import math
from collections.abc import Iterable, Mapping

import pandas as pd

from xk.contracts.borrow_rules import KEY as BORROW
from xk.contracts.declarations import FORMS, NUMBERS, Column, contract_of
from xk.contracts.faults import contract_faults, row_faults
from xk.contracts.forms import is_year
from xk.contracts.observations import bounds_of
from xk.contracts.scheme import OFFICES, Scheme
from xk.errors import Fault, nearest

TABLES = ("domains", "indicators", "offices", "tasks", "milestones", "phases", "schedule", "serving", "done")
OPTIONAL_TABLES = ("offices", "tasks", "milestones", "phases", "schedule", "serving", "done")
TASKS = (
    ("milestones", "tasks", ["indicator", "task"]), ("done", "tasks", ["indicator", "task"]),
    ("done", "milestones", ["indicator", "task", "milestone"]),
)  # fmt: skip
"""Tables that name tasks or milestones, the table in which these stand, and by what."""
HEAVIEST = 1e12
"""Weight of an indicator: the sum of any more of them would soon be more than numbers hold."""
Tables = Mapping[str, pd.DataFrame]
Files = Mapping[str, str]


def scheme_faults(
    tables: Tables, files: Files, facts: Mapping[str, object], *, units: Mapping[str, str]
) -> list[Fault]:
    """Return everything that is wrong with the typed tables of a scheme.

    Parameters
    ----------
    tables : mapping of DataFrame
        The :data:`TABLES`, typed, index = line of the file.
    files : mapping of str
        Table -> file name for the faults.
    facts : mapping
        The scheme's identity (scheme.toml).
    units : mapping of str
        Every name of a unit of measure -> the unit.
    """
    indicators = tables["indicators"]
    known: dict[str, Iterable[str]] = {
        "domain": tables["domains"]["domain"].dropna(),
        "indicator": indicators["indicator"].dropna(),
        "composite parent": indicators.loc[indicators["direction"] == "composite", "indicator"].dropna(),
        "unit of measure": units,
        "responsible office": tables["offices"]["office"].dropna(),
    }
    faults: list[Fault] = []
    for name in TABLES:
        faults += contract_faults(tables[name], contract_of(name), files[name], known=known)
    if indicators.empty:
        faults.append(Fault(files["indicators"], None, "", "has no rows", "list the programme's indicators"))
    faults += _repeated_office_faults(tables, files)
    faults += _part_faults(indicators, files["indicators"]) + _schedule_faults(tables, files["schedule"])
    faults += _borrowed_office_faults(tables, files["tasks"])
    for table, named, key in TASKS:
        faults += _task_faults(tables[table], tables[named], key, files[table], f"{named}.csv")
    return faults + _weight_faults(tables, files, facts) + _domain_faults(tables, files["domains"])


def _repeated_office_faults(tables: Tables, files: Files) -> list[Fault]:
    """Find offices that stand twice in one row, where they would lead and support, or lead twice."""
    faults = []
    for table, columns in OFFICES.items():
        listed = [tables[table][column].dropna().str.split(";").explode().to_frame("name") for column in columns]
        names = pd.concat(listed)
        lines = names.set_index("name", append=True).index
        twice = names[lines.duplicated(keep=False) & ~lines.duplicated()].sort_values("name", kind="stable")
        faults += row_faults(twice, files[table], columns[-1], "{name!r} stands twice", "keep the first")
    return faults


def _borrowed_office_faults(tables: Tables, file: str) -> list[Fault]:
    """Find tasks said to take their offices from the indicator that list others."""
    leads = tables["indicators"].drop_duplicates("indicator").set_index("indicator")["lead_offices"]
    tasks = tables["tasks"][tables["tasks"]["offices_from"] == "indicator"]
    rows = tasks.assign(wanted=tasks["indicator"].map(leads)).dropna(subset=["indicator", "lead_offices", "wanted"])
    others = rows[(rows["lead_offices"] != rows["wanted"]) | rows["support_offices"].notna()]
    return row_faults(others, file, "lead_offices", "are not those of {indicator}", "write {wanted}, and no others")


def _task_faults(rows: pd.DataFrame, named: pd.DataFrame, key: list[str], file: str, where: str) -> list[Fault]:
    """Find rows that name a task or milestone which the programme has not."""
    rows = rows.dropna(subset=key)
    known = pd.MultiIndex.from_frame(rows[key]).isin(pd.MultiIndex.from_frame(named[key]))
    message = f"{{indicator}} has no {key[-1]} {{{key[-1]}}}"
    return row_faults(rows[~known], file, key[-1], message, f"use a number of {where}")


def _part_faults(indicators: pd.DataFrame, file: str) -> list[Fault]:
    """Find parts in another domain than the whole, and wholes whose parts weigh nothing."""
    wholes = indicators.dropna(subset="indicator").drop_duplicates("indicator").set_index("indicator")
    parts = indicators.dropna(subset=["parent", "domain"])
    rows = parts.assign(whole=parts["parent"].map(wholes["domain"])).dropna(subset="whole")
    message, remedy = "{indicator} is in {domain!r}, but {parent} in {whole!r}", "write {whole!r}"
    faults = row_faults(rows[rows["domain"] != rows["whole"]], file, "domain", message, remedy)
    weighed = parts["weight"].fillna(1).groupby(parts["parent"]).sum()
    empty = indicators[indicators["indicator"].isin(weighed.index[weighed == 0])]
    return faults + row_faults(empty, file, "weight", "all parts of {indicator} weigh 0", "give one of them a weight")


def _schedule_faults(tables: Tables, file: str) -> list[Fault]:
    """Find planned values outside the natural bounds of their indicators."""
    rows = tables["schedule"]
    low, high = bounds_of(rows, tables["indicators"])
    outside = rows[(rows["planned_value"] < low) | (rows["planned_value"] > high)]
    message = "{planned_value:.15g} lies outside the natural bounds of {indicator}"
    return row_faults(outside, file, "planned_value", message, "mend the value or the bounds")


def _domain_faults(tables: Tables, file: str) -> list[Fault]:
    """Find domains without indicators, or whose indicators all weigh 0: they have no index."""
    top = tables["indicators"][tables["indicators"]["parent"].isna()]
    weighed = top["weight"].fillna(1).groupby(top["domain"]).sum()
    domains = tables["domains"].dropna(subset="domain")
    sums = domains["domain"].map(weighed).astype(float)
    faults = row_faults(domains[sums.isna()], file, "domain", "{domain} has no indicators", "add one, or drop the line")
    remedy = "give one of them a weight"
    return faults + row_faults(domains[sums == 0], file, "domain", "all indicators of {domain} weigh 0", remedy)


def _weight_faults(tables: Tables, files: Files, facts: Mapping[str, object]) -> list[Fault]:
    indicators, file = tables["indicators"], files["indicators"]
    top = indicators[indicators["parent"].isna()]
    if facts.get("weights") == "equal":
        given = top[top["weight"].notna() & (top["weight"] != 0)]
        remedy = 'empty it, or write weights = "given" in scheme.toml'
        return row_faults(given, file, "weight", "a weight in a scheme of equal weights", remedy)
    faults = row_faults(top[top["weight"].isna()], file, "weight", "is empty though weights are given", "give it")
    total, wanted = float(top["weight"].sum()), facts.get("weights_sum", 100)
    if isinstance(wanted, int | float) and abs(total - wanted) > 1e-9:
        message = f"weights sum to {total:.12g}, not {wanted:.12g}"
        faults.append(Fault(file, None, "weight", message, "mend the weights or weights_sum"))
    whole = facts.get("weights_total", wanted)
    if not isinstance(wanted, int | float) or not isinstance(whole, int | float):
        return faults  # said of scheme.toml
    return faults + _domain_weight_faults(tables["domains"], top, files["domains"], whole=whole, read=wanted)


def _domain_weight_faults(
    domains: pd.DataFrame, top: pd.DataFrame, file: str, *, whole: float, read: float
) -> list[Fault]:
    """Find domains whose weights do not fit their indicators, or the `whole` where not all of it was `read`."""
    if whole < read - 1e-9:
        remedy = "weights_total is the programme's whole weight, weights_sum what is listed"
        return [Fault(file, None, "weight", f"weights_total is {whole:.12g}, weights_sum {read:.12g}", remedy)]
    given = domains[["domain", "weight"]].dropna()
    sums = given["domain"].map(top.groupby("domain")["weight"].sum()).astype(float).fillna(0.0)
    partly = whole > read + 1e-9
    wrong = given.assign(sum=sums)[(sums - given["weight"]).abs() > 1e-9]
    if not partly:
        message = "weights of {domain} sum to {sum:.12g}, not {weight:.12g}"
        return row_faults(wrong, file, "weight", message, "mend the indicators' weights or this one")
    message, remedy = "weights of {domain} sum to {sum:.12g}, above its own {weight:.12g}", "mend them or this one"
    faults = row_faults(wrong[wrong["sum"] > wrong["weight"]], file, "weight", message, remedy)
    held = float(given["weight"].sum())
    if len(given) < len(domains) or abs(held - whole) > 1e-9:
        message = f"weights of the domains sum to {held:.12g}, not to weights_total {whole:.12g}"
        faults.append(Fault(file, None, "weight", message, "give each domain the weight that the programme prints"))
    return faults


def facts_faults(facts: Mapping[str, object], file: str, *, folder: str, regions: set[str]) -> list[Fault]:
    """Return what is wrong with a scheme's identity (scheme.toml)."""
    keys = contract_of("scheme").columns
    structured = ("regions", BORROW)
    missing = [key for key, column in keys.items() if column.needed == "yes" and key not in facts]
    faults = [Fault(file, None, key, "is missing", "add it") for key in missing]
    faults += [Fault(file, None, key, "unknown key", nearest(key, keys)) for key in facts if key not in keys]
    for key, column in keys.items():
        told = _fact_fault(facts[key], column) if key in facts and key not in structured else None
        faults += [Fault(file, None, key, *told)] if told else []
    if facts.get("id", folder) != folder:
        faults.append(Fault(file, None, "id", f"is {facts['id']!r} in the folder {folder!r}", "make them equal"))
    year, as_of = facts.get("target_year"), facts.get("as_of")
    if is_year(year) and is_year(as_of) and as_of > year:
        remedy = "give the last year that the programme itself knew"
        faults.append(Fault(file, None, "as_of", f"{as_of} is after target_year, {year}", remedy))
    home = facts.get("home_region")
    if isinstance(home, str) and home not in regions:
        faults.append(Fault(file, None, "home_region", f"unknown region {home!r}", nearest(home, regions)))
    return faults + _region_faults(facts.get("regions"), file, regions)


def _fact_fault(value: object, column: Column) -> tuple[str, str] | None:
    """Return message and remedy where a value is not what its column declares."""
    if column.type == "year":
        return None if is_year(value) else (f"{value!r} is no year", "write a whole year, without quotes")
    if column.type in NUMBERS:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf
        return None if fits else (f"{value!r} is no number above 0", "write a number, without quotes")
    if not isinstance(value, str):
        return f"{value!r} is no text", "write it in quotes"
    if column.words and value not in column.words:
        return f"unknown word {value!r}", "use " + " or ".join(column.words)
    form = FORMS.get(column.type)
    if form is not None and value and not form.fits(value):
        return form.message.replace("{case}", repr(value)), form.remedy
    return None


def _region_faults(named: object, file: str, regions: set[str]) -> list[Fault]:
    if named is None:
        return []
    if not isinstance(named, list) or not named or not all(isinstance(name, str) for name in named):
        remedy = 'write the names of regions.csv in brackets, such as ["china"]'
        return [Fault(file, None, "regions", f"{named!r} is no list of regions", remedy)]
    unknown = [name for name in named if name not in regions]
    faults = [Fault(file, None, "regions", f"unknown region {name!r}", nearest(name, regions)) for name in unknown]
    twice = sorted({name for name in named if named.count(name) > 1})
    return faults + [Fault(file, None, "regions", f"{name!r} stands twice", "keep one") for name in twice]


def weight_faults(
    weights: Mapping[str, float], scheme: Scheme, file: str = "", *, rows: Mapping[str, int] | None = None
) -> list[Fault]:
    """Return what is wrong with weights: unknown or missing indicators, no number of 0 or more, nothing but 0 together.

    `rows`: line -> its row in `file`.
    """
    known, at = list(scheme.indicators["indicator"]), rows or {}
    top = scheme.indicators.loc[scheme.indicators["parent"].isna(), "indicator"]
    faults = [Fault(file, None, "indicator", f"{name} has no weight", "add it") for name in top if name not in weights]
    for name, weight in weights.items():
        if name not in known:
            faults.append(Fault(file, at.get(name), "indicator", f"unknown indicator {name!r}", nearest(name, known)))
        if not isinstance(weight, int | float) or not 0 <= weight <= HEAVIEST:
            message = f"weight of {name!r} is {weight!r}"
            remedy = f"give a number of 0 or more, at most {HEAVIEST:g}"
            faults.append(Fault(file, at.get(name), "weight", message, remedy))
    together = scheme.indicators["parent"].fillna(scheme.indicators["domain"])
    for group, lines in scheme.indicators["indicator"].groupby(together, sort=False):
        if not any(weights.get(name, 1) for name in lines):  # a part without one weighs 1
            message = f"all indicators of {group} weigh 0"
            faults.append(Fault(file, None, "weight", message, "give one of them a weight"))
    return faults
