"""Plans among figures: columns and rows whose heads or labels call them planned or forecast are left, and said."""

import re

from xlsxwriter.utility import xl_col_to_name

from xk.readers.cells import fold, read_period
from xk.readers.kind_words import NO_OBSERVATION, kind_said
from xk.readers.layouts.group_lines import spread
from xk.readers.layouts.parts import bare, groups_of, leave, text_alone
from xk.readers.layouts.told_years import YEAR_IN
from xk.readers.sheets import Block, Value
from xk.vocab import AHEAD_KINDS, KINDS, PLANNED_KINDS

MOST_SAID = 5
PRESENT = re.compile(r"基期|现状|\b(baseline|present)\b", re.IGNORECASE)
"""What heads of plans call the value that they begin from."""
EVALUATED, NO_LEVEL = "evaluation", "an evaluation is no observation"
OF_PLANS = re.compile(
    r"计划|预期(?!寿命)|预测|目标(?!监测)|[应要须]达到|指标要求|(?<![截至])到\s*20\d\d年(?!\D{0,2}止)|\b(plan|planned|targets?|forecast)\b",
    re.IGNORECASE,
)
OF_DEEDS = re.compile(
    r"完成|执行|实施|进展|落实|监测|评价|统计|实际|progress|achieved|observed|monitoring", re.IGNORECASE
)
"""Titles of what came of a plan; its figures are observed."""
NO_LEVELS = re.compile(
    r"(?<![及和与、])(?<![及和与、][比较]上年)(?<![及和与、][同环]比)"
    r"((?:[比较]上年|同比|环比)?(?:增长(?=[率速情的(%])|增[速幅]|发展速度|增减(?:情况|幅度?|变化|率|值|额)|提高百分点)[率度]?|[比较]上年|同比|环比"
    r"|排名|排位|位次|名次|排序|实现程度|[完达]成[率度]|得分|评分|分值|上年\s*=\s*1?00|指数(?=$|[(表]|情况)"
    r"|\b(growth|rank(s|ing)?|scores?|index)\b)",
    re.IGNORECASE,
)
"""What a title calls figures that are no values of the indicators themselves."""
READ_AS_LEVELS = "{!r} names {}, and its figures were read as the indicators' own values"


def leave_plans(block: Block, stacks: list[list[Value]], roles: dict[int, str], lines: range) -> list[str]:
    """Take what is no observation out of a block; return what was left, for the doubts.

    An annex keeps its targets: a table in which nothing else stands, or evaluations beside them. Rows that are called
    preliminary or estimated by the label of their year, or in a word of another language, get that kind.
    """
    told = [*_leave_columns(block, stacks, roles), *_leave_rows(block, roles), *_leave_groups(block, lines)]
    block.doubts += [*told, *_beside_present(block, stacks)]
    if block.columns and all(one.get("kind") == "target" for one in block.by_column):
        block.doubts.append("its figures are planned ones: targets, no observations")
    elif not told and not any(one.get("kind") for one in block.by_column) and "kind" not in block.by_row:
        titles = (fold(str(title)) for title in (block.whole.get("title", ""), block.sheet.name))
        for named in titles:
            if OF_PLANS.search(named) and not OF_DEEDS.search(named):
                block.doubts.append(f"{named!r} names a plan, and its figures were read as observed; plans are none")
                break
            if (other := NO_LEVELS.search(named)) and _names_others(block):
                block.doubts.append(READ_AS_LEVELS.format(named, other[0]))
                break
    return told


def _leave_columns(block: Block, stacks: list[list[Value]], roles: dict[int, str]) -> list[str]:
    kinds = [str(one.get("kind") or "") for one in block.by_column]
    is_annex = "evaluation" in kinds or {*kinds} == {"target"}
    refused = [kind for kind in NO_OBSERVATION if not (is_annex and kind == "target")]
    left = {column: kind for column, kind in zip(block.columns, kinds, strict=True) if kind in refused}
    kept = [at for at, column in enumerate(block.columns) if column not in left]
    block.columns, block.by_column = [block.columns[at] for at in kept], [block.by_column[at] for at in kept]
    roles.update(dict.fromkeys(left, "planned"))
    return [
        f"column {xl_col_to_name(column)} ({' '.join(map(str, stacks[column]))}) was not read: {NO_OBSERVATION[kind]}"
        for column, kind in left.items()
    ]


def _beside_present(block: Block, stacks: list[list[Value]]) -> list[str]:
    """Return which columns of a year alone stand beside one of the base or present value: they may be planned."""
    heads = {column: fold(" ".join(map(str, stack))) for column, stack in enumerate(stacks)}
    present = next((head for head in heads.values() if PRESENT.search(head)), "")
    later = [heads[column] for column in block.columns if present and not PRESENT.search(heads[column])]
    beside = [head for head in later if YEAR_IN.search(head)]
    said = f"{', '.join(beside)} stands beside {present!r}, and was read as observed; plans are no observations"
    return [said] if beside else []


def _leave_rows(block: Block, roles: dict[int, str]) -> list[str]:
    """Leave the rows whose year or kind is that of a plan; give the others the kind that is said."""
    sheet, columns = block.sheet, {role: column for column, role in roles.items() if role in ("year", "kind")}
    given = list(block.by_row.get("kind", [""] * len(block.rows)))
    left: dict[int, tuple[str, str]] = {}  # row -> the cell that says it, and why
    for at, place in enumerate(block.rows):
        for role, column in columns.items():
            cell = sheet.rows[place][column] if column < len(sheet.rows[place]) else None
            kind = _kind_in(cell) if role == "kind" else getattr(read_period(cell), "kind", "")
            if kind in NO_OBSERVATION or role == "year" and kind == "evaluation":
                why = NO_OBSERVATION.get(kind, NO_OBSERVATION["target"])
                left[place] = f"{sheet.place(place, column)} ({cell})", why
            elif kind:
                given[at] = given[at] if role == "year" and given[at] else kind
    if any(given):
        block.by_row["kind"] = given
    if not left:
        return []
    block.left += left
    block.leave_rows(left)
    reasons = dict.fromkeys(why for _, why in left.values())
    return [_said([where for where, other in left.values() if other == why], why) for why in reasons]


def _names_others(block: Block) -> bool:
    """Return whether rows or columns name indicators, and none that a title of growth, ranks or scores is of itself."""
    names = [*block.by_row.get("name", []), *(one.get("name") for one in block.by_column)]
    return any(names) and not any(NO_LEVELS.search(fold(str(name))) for name in names if name)


def _leave_groups(block: Block, lines: range) -> list[str]:
    """Leave the rows under a line that calls them planned or evaluations; give the others the kind that it says."""
    groups = groups_of(block, lines)
    said, unclear = spread(block, groups, _kind_over)
    if any(said.values()):
        given = block.by_row.get("kind", [""] * len(block.rows))
        block.by_row["kind"] = [one or said.get(row, "") for one, row in zip(given, block.rows, strict=True)]
    left = {
        row: NO_OBSERVATION.get(kind, NO_LEVEL) for row, kind in said.items() if kind in (*NO_OBSERVATION, EVALUATED)
    }
    leave(block, left)
    block.left += [head for head, rows in groups.items() if {*rows} & {*said}]  # and no notes on the whole table
    found = [f"{fault.message}; they were not read" for fault in unclear]
    for head, rows in groups.items():
        over = text_alone(block.sheet.rows[head])
        if {*rows} - {*left} and (other := NO_LEVELS.search(bare(over))):
            block.doubts.append(READ_AS_LEVELS.format(over, other[0]))
        if here := [row for row in rows if row in left]:
            found.append(f"{len(here)} row(s) under {over!r} were not read: {left[here[0]]}")
    return found


def _kind_over(text: str) -> str | None:
    """Return the kind that a line gives the rows under it, nothing for observed ones; None where it says none."""
    kind = kind_said(text) or getattr(read_period(text), "kind", "")
    return kind.replace("observed", "") if kind else None


def _kind_in(cell: Value) -> str:
    """Return the kind that a cell of kinds says in other words than the project's own."""
    own = not isinstance(cell, str) or cell in (*KINDS, *PLANNED_KINDS, *AHEAD_KINDS)
    return "" if own else kind_said(str(cell))


def _said(where: list[str], why: str) -> str:
    more = f" and {len(where) - MOST_SAID} more" if len(where) > MOST_SAID else ""
    rows = "its row was" if len(where) == 1 else "their rows were"
    return f"{', '.join(where[:MOST_SAID])}{more}: {rows} not read: {why}"
