"""What a valid scheme is: columns, words, keys and the sums and links between its tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa

from xk.contracts.faults import between, duplicate_faults, one_of, rule, table_faults, unknown_faults
from xk.errors import Fault
from xk.vocab import (
    DIRECTIONS,
    INDICATOR_COLUMNS,
    KINDS,
    PRICE_BASE_WORDS,
    RELATIONS,
    WEIGHTINGS,
    YEAR_RANGE,
    columns_of,
)

FACTS = (
    "id", *columns_of("name"), "number", *columns_of("issuer"), "issued", "published", "source_id",
    "target_year", "weights", "regions", *columns_of("note"),
)  # fmt: skip
UNIT_KINDS = (
    "municipal_department", "party_department", "court", "field_office", "public_institution", "people_organisation",
    "management_committee", "enterprise", "collective", "national_agency",
)  # fmt: skip
OPTIONAL_FACTS = ("weights_sum",)
WHOLE = ("hold_from", "hold_to", "baseline_year", "target_year")
NUMBERS = (
    "baseline_value", "target_value", "target_low", "target_high", "limit_low", "limit_high",
    "target_stretch", "lower_bound", "upper_bound", "weight",
)  # fmt: skip
NEEDED = ("indicator", "no", "domain", *columns_of("name"), "unit", "direction", "comparable", "clause")
SLUG = r"^[a-z][a-z0-9_]*$"


def _text(name: str, *, needed: bool = True, checks: list[pa.Check] | None = None) -> pa.Column:
    return pa.Column(str, checks or [], nullable=not needed, name=name)


def _worded(stem: str) -> dict[str, pa.Column]:
    return {name: _text(name) for name in columns_of(stem)}


def _year(name: str, *, needed: bool = False) -> pa.Column:
    return pa.Column("Int64", between(name, *YEAR_RANGE), nullable=not needed, name=name)


def _number(name: str, *, needed: bool = False, checks: list[pa.Check] | None = None) -> pa.Column:
    return pa.Column(float, checks or [], nullable=not needed, name=name)


def _month(name: str) -> list[pa.Check]:
    error = rule(name, "{case} is no month", "write YYYY-MM")
    return [pa.Check.str_matches(r"^\d{4}-(0[1-9]|1[0-2])$", error=error)]


def _slug(name: str) -> pa.Column:
    error = rule(name, "{case} is no slug", "use lower-case ASCII letters, digits and underscores")
    return pa.Column(str, pa.Check.str_matches(SLUG, error=error), name=name)


def _row(column: str, holds: str, message: str, remedy: str) -> pa.Check:
    """Check every row with a pandas expression (missing numbers make comparisons true: they are not judged)."""
    return pa.Check(lambda frame: frame.eval(holds, engine="python"), error=rule(column, message, remedy))


def _indicator_column(name: str) -> pa.Column:
    if name == "indicator":
        return _slug(name)
    if name in WHOLE:
        return _year(name)
    if name in NUMBERS:
        not_negative = pa.Check.ge(0, error=rule(name, "{case} is negative", "give 0 or more"))
        return _number(name, checks=[not_negative] if name == "weight" else [])
    words = {
        "direction": DIRECTIONS,
        "baseline_kind": KINDS,
        "comparable": ("yes", "no"),
    }
    checks = [one_of(name, words[name])] if name in words else []
    return _text(name, needed=name in NEEDED, checks=checks)


INDICATORS = pa.DataFrameSchema(
    {name: _indicator_column(name) for name in INDICATOR_COLUMNS},
    checks=[
        _row(
            "target_value",
            "~direction.isin(['positive', 'inverse']) | target_year.isna() | target_value.notna()",
            "is empty though the row claims a target for its target_year",
            "give the target, or empty target_year where the programme sets none",
        ),
        _row(
            "target_year", "target_value.isna() | target_year.notna()", "is empty though there is a target", "give it"
        ),
        _row(
            "target_low",
            "(direction != 'interval') | target_year.isna() | (target_low.notna() & target_high.notna())",
            "interval without target_low and target_high",
            "give both ends of the target interval",
        ),
        _row(
            "target_high",
            "target_low.isna() | target_high.isna() | (target_low <= target_high)",
            "target_low is above target_high",
            "swap them",
        ),
        _row(
            "limit_low",
            "(direction != 'interval') | target_low.isna() | "
            "(limit_low.notna() & limit_high.notna() & (limit_low <= target_low) & (limit_high >= target_high))",
            "permitted limits must enclose the target interval",
            "give limit_low <= target_low <= target_high <= limit_high",
        ),
        _row(
            "baseline_value",
            "baseline_value.isna() == baseline_year.isna()",
            "baseline_value and baseline_year go together",
            "give both or neither",
        ),
        _row(
            "baseline_kind",
            "baseline_value.isna() == baseline_kind.isna()",
            "baseline_kind goes with baseline_value",
            "say observed, preliminary or estimated",
        ),
        _row(
            "hold_to", "hold_from.isna() == hold_to.isna()", "hold_from and hold_to go together", "give both or neither"
        ),
        _row("hold_to", "~(hold_from > hold_to).fillna(False)", "hold_from is after hold_to", "swap them"),
        _row(
            "hold_to", "~(hold_to > target_year).fillna(False)", "hold_to is after target_year", "mend one of the two"
        ),
        _row(
            "baseline_year",
            "~(baseline_year >= target_year).fillna(False)",
            "baseline_year is not before target_year",
            "mend one of the two",
        ),
        _row(
            "lower_bound",
            "lower_bound.isna() | upper_bound.isna() | (lower_bound < upper_bound)",
            "lower_bound is not below upper_bound",
            "swap them",
        ),
        _row(
            "baseline_value",
            "~((baseline_value < lower_bound) | (baseline_value > upper_bound))",
            "lies outside the natural bounds",
            "mend the value or the bounds",
        ),
        _row(
            "target_value",
            "~((target_value < lower_bound) | (target_value > upper_bound))",
            "lies outside the natural bounds",
            "mend the value or the bounds",
        ),
    ],
    unique=None,
)

DOMAINS = pa.DataFrameSchema(
    {
        "domain": _slug("domain"),
        "no": _text("no"),
        **_worded("name"),
        "weight": _number("weight"),
    }
)
OFFICES = pa.DataFrameSchema(
    {
        "office": _slug("office"),
        **_worded("name"),
        "kind": _text("kind", checks=[one_of("kind", UNIT_KINDS)]),
    }
)
TASKS = pa.DataFrameSchema(
    {
        "indicator": _text("indicator"),
        "task": pa.Column("Int64", between("task", 1, 999)),
        **_worded("title"),
        "offices": _text("offices"),
        "offices_from": _text("offices_from", checks=[one_of("offices_from", ("task", "indicator"))]),
    }
)
MILESTONES = pa.DataFrameSchema(
    {
        "indicator": _text("indicator"),
        "milestone": pa.Column("Int64", between("milestone", 1, 999)),
        "task": pa.Column("Int64", between("task", 1, 999)),
        **_worded("title"),
        "relation": _text("relation", checks=[one_of("relation", RELATIONS)]),
        "value": _number("value", needed=True),
        "unit": _text("unit"),
        "first_year": _year("first_year"),
        "year": _year("year"),
        "offices": _text("offices"),
    },
    checks=[
        _row(
            "first_year",
            "first_year.isna() | year.notna()",
            "first_year without year",
            "give the last year, or empty it",
        ),
        _row("first_year", "~(first_year > year).fillna(False)", "first_year is after year", "swap them"),
    ],
)
PHASES = pa.DataFrameSchema(
    {
        "phase": pa.Column("Int64", between("phase", 1, 99)),
        **_worded("name"),
        "start": _text("start", checks=_month("start")),
        "end": _text("end", checks=_month("end")),
        **_worded("aim"),
    },
    checks=[_row("end", "start <= end", "ends before it starts", "swap start and end")],
)
SCHEDULE = pa.DataFrameSchema({
    "indicator": _text("indicator"), "year": _year("year", needed=True),
    "planned_value": _number("planned_value", needed=True),
})  # fmt: skip

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "domains": DOMAINS, "indicators": INDICATORS, "offices": OFFICES, "tasks": TASKS,
    "milestones": MILESTONES, "phases": PHASES, "schedule": SCHEDULE,
}  # fmt: skip
KEYS = {
    "domains": ["domain"], "indicators": ["indicator"], "offices": ["office"], "tasks": ["indicator", "task"],
    "milestones": ["indicator", "milestone"], "phases": ["phase"], "schedule": ["indicator", "year"],
}  # fmt: skip
OPTIONAL_TABLES = ("schedule",)


def scheme_faults(
    tables: Mapping[str, pd.DataFrame],
    files: Mapping[str, str],
    facts: Mapping[str, object],
    *,
    measure_labels: set[str],
) -> list[Fault]:
    """Return everything that is wrong with the typed tables of a scheme.

    Parameters
    ----------
    tables : mapping of DataFrame
        The tables of :data:`SCHEMAS`, typed, index = line of the file.
    files : mapping of str
        Table -> file name for the faults.
    facts : mapping
        The scheme's identity (scheme.toml).
    measure_labels : set of str
        Units of measure that have labels.
    """
    faults: list[Fault] = []
    for name, schema in SCHEMAS.items():
        faults += table_faults(tables[name], schema, files[name])
        faults += duplicate_faults(tables[name], KEYS[name], files[name])
    faults += duplicate_faults(tables["indicators"], ["no"], files["indicators"])
    if tables["indicators"].empty:
        faults.append(Fault(files["indicators"], None, "", "has no rows", "list the programme's indicators"))
    return faults + _link_faults(tables, files, measure_labels) + _weight_faults(tables, files, facts)


def _link_faults(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str], labels: set[str]) -> list[Fault]:
    indicators, offices = tables["indicators"], tables["offices"]["office"].dropna()
    known = indicators["indicator"].dropna()
    file = files["indicators"]
    composite = indicators.loc[indicators["direction"] == "composite", "indicator"].dropna()
    faults = unknown_faults(indicators["domain"], tables["domains"]["domain"].dropna(), file, what="domain")
    faults += unknown_faults(indicators["parent"], composite, file, what="composite parent")
    faults += unknown_faults(indicators["unit"], labels, file, what="unit of measure")
    faults += unknown_faults(indicators["lead_offices"], offices, file, what="responsible office", separator=";")
    faults += _price_base_faults(indicators, file)
    for name in ("tasks", "milestones", "schedule"):
        faults += unknown_faults(tables[name]["indicator"], known, files[name], what="indicator")
    for name in ("tasks", "milestones"):
        faults += unknown_faults(
            tables[name]["offices"], offices, files[name], what="responsible office", separator=";"
        )
    faults += unknown_faults(tables["milestones"]["unit"], labels, files["milestones"], what="unit of measure")
    for name, column in (("indicators", "lead_offices"), ("tasks", "offices"), ("milestones", "offices")):
        faults += _repeated_office_faults(tables[name][column], files[name])
    faults += _borrowed_office_faults(tables, files["tasks"])
    return faults + _task_faults(tables, files["milestones"])


def _repeated_office_faults(cells: pd.Series, file: str) -> list[Fault]:
    """Find offices that stand twice in one list, where only the first place would tell who leads."""
    faults = []
    for row, cell in cells.dropna().items():
        names = str(cell).split(";")
        faults += [
            Fault(file, int(str(row)), str(cells.name), f"{name!r} stands twice", "keep the first")
            for name in sorted({name for name in names if names.count(name) > 1})
        ]
    return faults


def _borrowed_office_faults(tables: Mapping[str, pd.DataFrame], file: str) -> list[Fault]:
    """Find tasks said to take their offices from the indicator that list others."""
    leads = tables["indicators"].drop_duplicates("indicator").set_index("indicator")["lead_offices"]
    tasks = tables["tasks"][tables["tasks"]["offices_from"] == "indicator"]
    rows = tasks.assign(wanted=tasks["indicator"].map(leads))[["indicator", "offices", "wanted"]].dropna()
    return [
        Fault(file, int(row), "offices", f"are not those of {indicator}", f"write {wanted}")
        for row, indicator, offices, wanted in rows.itertuples(name=None)
        if offices != wanted
    ]


def _task_faults(tables: Mapping[str, pd.DataFrame], file: str) -> list[Fault]:
    tasks = set(zip(tables["tasks"]["indicator"], tables["tasks"]["task"], strict=True))
    rows = tables["milestones"][["indicator", "task"]].dropna()
    return [
        Fault(file, int(row), "task", f"{indicator} has no task {task}", "use a number of tasks.csv")
        for row, indicator, task in rows.itertuples(name=None)
        if (indicator, task) not in tasks
    ]


def _price_base_faults(indicators: pd.DataFrame, file: str) -> list[Fault]:
    faults = []
    for column in ("price_base", "baseline_price_base"):
        cells = indicators[column].dropna()
        bad = cells[~(cells.isin(PRICE_BASE_WORDS) | cells.str.fullmatch(r"\d{4}"))]
        remedy = "use a year, current, not_stated, or leave empty"
        faults += [
            Fault(file, int(str(row)), column, f"unknown price base {cell!r}", remedy) for row, cell in bad.items()
        ]
    return faults


def _weight_faults(
    tables: Mapping[str, pd.DataFrame], files: Mapping[str, str], facts: Mapping[str, object]
) -> list[Fault]:
    indicators, file = tables["indicators"], files["indicators"]
    top = indicators[indicators["parent"].isna()]
    if facts.get("weights") == "equal":
        given = top[top["weight"].notna() & (top["weight"] != 0)]
        remedy = 'empty it, or write weights = "given" in scheme.toml'
        return [Fault(file, int(row), "weight", "a weight in a scheme of equal weights", remedy) for row in given.index]
    missing = top[top["weight"].isna()]
    faults = [Fault(file, int(row), "weight", "is empty though weights are given", "give it") for row in missing.index]
    total, wanted = float(top["weight"].sum()), float(str(facts.get("weights_sum", 100)))
    if abs(total - wanted) > 1e-9:
        faults.append(
            Fault(
                file,
                None,
                "weight",
                f"weights sum to {total:g}, not {wanted:g}",
                "mend the weights or weights_sum",
            )
        )
    sums = top.groupby("domain")["weight"].sum()
    for row, domain, weight in tables["domains"][["domain", "weight"]].dropna().itertuples(name=None):
        if abs(float(sums.get(domain, 0.0)) - weight) > 1e-9:
            message = f"weights of {domain} sum to {sums.get(domain, 0.0):g}, not {weight:g}"
            faults.append(
                Fault(files["domains"], int(row), "weight", message, "mend the indicators' weights or this one")
            )
    return faults


def facts_faults(facts: Mapping[str, object], file: str, *, folder: str, regions: set[str]) -> list[Fault]:
    """Return what is wrong with a scheme's identity (scheme.toml)."""
    faults = [Fault(file, None, key, "is missing", "add it") for key in FACTS if key not in facts]
    known = (*FACTS, *OPTIONAL_FACTS)
    faults += [Fault(file, None, key, "unknown key", "remove it") for key in facts if key not in known]
    if facts.get("id", folder) != folder:
        faults.append(Fault(file, None, "id", f"is {facts['id']!r} in the folder {folder!r}", "make them equal"))
    if facts.get("weights", "equal") not in WEIGHTINGS:
        faults.append(Fault(file, None, "weights", f"unknown word {facts['weights']!r}", "use equal or given"))
    year = facts.get("target_year", YEAR_RANGE[0])
    if not isinstance(year, int) or not YEAR_RANGE[0] <= year <= YEAR_RANGE[1]:
        faults.append(Fault(file, None, "target_year", f"{year!r} is no year", "write a whole year"))
    named = facts.get("regions", [])
    listed = named if isinstance(named, list) else [named]
    faults += [
        Fault(file, None, "regions", f"unknown region {region!r}", "add it to regions.csv")
        for region in listed
        if region not in regions
    ]
    return faults
