"""The diagram of the layers in docs/en/architecture.md, drawn from the imports of the library.

python tests/layers.py      writes it anew; a test fails where it is not what the imports say
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "xk"
PAGE = ROOT / "docs" / "en" / "architecture.md"
BLOCK = re.compile(r"(?s)(?<=```mermaid\n).*?(?=```)")

# From the lowest to the highest; a folder imports only from layers before its own, or from its own.
LAYERS = {
    "words": ("vocab", "errors"),
    "contracts": ("contracts",),
    "arithmetic": ("arithmetic",),
    "composition": ("pipeline",),
    "disk": ("readers",),
    "drawing": ("exhibits", "theme", "charts", "tables"),
    "benches": ("bench",),
    "running": ("running", "__main__", "__init__"),
}
FACES = ("__main__", "__init__")


def part_of(path: Path) -> str:
    """Return the folder (or the module) of the library that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield every imported module with its dots; names taken from xk itself count as its modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "xk":
            yield from (f"xk.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def arrows() -> set[tuple[str, str]]:
    """Return which part imports which other."""
    known = {part for parts in LAYERS.values() for part in parts}
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            pieces = name.split(".")
            if pieces[0] == "xk" and len(pieces) > 1 and pieces[1] in known:
                found.add((part_of(path), pieces[1]))
    return {(above, below) for above, below in found if above != below and above not in FACES}


def shortest(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the arrows but for those that follow from others: what a part imports through another."""
    below = {part: {low for high, low in found if high == part} for part in {high for high, _ in found}}

    def reached(part: str) -> set[str]:
        return {low for one in below.get(part, ()) for low in {one, *reached(one)}}

    return {(high, low) for high, low in found if not any(low in reached(other) for other in below[high] - {low})}


def drawn() -> str:
    """Return the diagram: the layers from the highest down, an arrow for each part that another imports."""
    lines = ["flowchart TB"]
    for layer, parts in reversed(LAYERS.items()):
        shown = [part for part in parts if part not in FACES]
        lines += [f"  subgraph layer_{layer}[ ]", *(f"    {part}" for part in shown), "  end"]
    order = [part for parts in reversed(LAYERS.values()) for part in parts]
    ranked = sorted(shortest(arrows()), key=lambda arrow: (order.index(arrow[0]), order.index(arrow[1])))
    return "\n".join([*lines, *(f"  {above} --> {below}" for above, below in ranked)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(BLOCK.sub(lambda _: drawn(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
