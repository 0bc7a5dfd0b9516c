"""Heads of groups over names of indicators, as yearbooks have them: 人口与城镇化 over 常住人口城镇化率."""

from typing import cast

from xk.readers.layouts.meanings import named
from xk.readers.naming import Names, tells_apart
from xk.readers.sheets import Block


def leave_groups(block: Block, names: Names) -> None:
    """Leave out heads of groups over names, where with them none is known, and they tell nothing apart."""
    left = []
    for said in block.by_column:
        pieces = [str(one) for one in cast("list[object]", said.get("lower", []))]
        if not pieces or names.sure("indicator", str(said.get("name", ""))):
            continue
        for at in range(1, len(pieces)):
            lower = str(named(" ".join(pieces[at:])).get("name", ""))
            groups = pieces[:at]
            if names.sure("indicator", lower) and not any(tells_apart(one, names) for one in groups):
                said["name"] = lower
                left += groups
                break
    if left:
        block.doubts.append(f"heads of groups were left out of names: {', '.join(dict.fromkeys(left))}")
