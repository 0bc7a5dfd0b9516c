"""Indicators of official target programmes: one scale, distance to target, projection, reports."""

from importlib import import_module
from inspect import isfunction
from typing import TYPE_CHECKING

from xk.errors import hinting

if TYPE_CHECKING:
    from xk.arithmetic.allocation import allocate_targets
    from xk.arithmetic.index import composite_index, hdi
    from xk.arithmetic.normalise import normalise
    from xk.arithmetic.prices import deflate
    from xk.arithmetic.projection import backtest, project
    from xk.arithmetic.rulebooks import Verdict, judge
    from xk.arithmetic.scenario import build_scenario
    from xk.arithmetic.target import attainment
    from xk.pipeline import Settings, apply_scenario, build_results
    from xk.readers import read_observations, read_scenario, read_scheme, read_store

__all__ = [
    "Settings", "Verdict", "allocate_targets", "apply_scenario", "attainment", "backtest", "build_results",
    "build_scenario", "composite_index", "deflate", "hdi", "judge", "normalise", "project", "read_observations",
    "read_scenario", "read_scheme", "read_store",
]  # fmt: skip

# Where a name is, to be loaded when it is first asked for: whoever brings values to one scale needs no reader.
_HOMES = {
    "allocate_targets": "arithmetic.allocation", "apply_scenario": "pipeline", "attainment": "arithmetic.target",
    "backtest": "arithmetic.projection", "build_results": "pipeline", "build_scenario": "arithmetic.scenario",
    "composite_index": "arithmetic.index", "deflate": "arithmetic.prices", "hdi": "arithmetic.index",
    "judge": "arithmetic.rulebooks", "normalise": "arithmetic.normalise", "project": "arithmetic.projection",
    "read_observations": "readers", "read_scenario": "readers", "read_scheme": "readers", "read_store": "readers",
    "Settings": "pipeline", "Verdict": "arithmetic.rulebooks",
}  # fmt: skip


if not TYPE_CHECKING:  # a type checker would take every name for one that is there

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        if isfunction(found):  # a call that does not fit is answered with what to write
            found = hinting(found)
            found.__module__ = __name__  # where pickle finds it again
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return __all__
