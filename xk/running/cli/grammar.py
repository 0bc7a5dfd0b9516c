"""The one import that a command leaves out: a second of every `xk report`, for what no notebook needs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_grammar() -> Iterator[None]:
    """Let nobody import the grammar of international web addresses inside of the block.

    jsonschema, which comes with nbformat, does where it can, and the grammar takes a second to build. Only the formats
    ``iri`` and ``iri-reference`` are checked with it, and no schema of notebooks has them. None in its place is how
    Python says that a module cannot be imported; behind the block it can.
    """
    if GRAMMAR in sys.modules:
        yield
        return
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]
