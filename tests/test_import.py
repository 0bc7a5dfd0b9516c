"""`import xk`: what a caller does not use is not loaded, and every name is there when it is asked for."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from inspect import unwrap

import pytest

import xk

HEAVY = ("matplotlib", "nbformat", "pandas", "pandera", "papermill", "seaborn", "IPython", "jupyter_client")
ARITHMETIC = [name for name, home in xk._HOMES.items() if home.startswith("arithmetic")]


def loaded_after(code: str) -> set[str]:
    """Return the heavy packages that a fresh Python has loaded after `code`."""
    tell = f"import sys\nprint([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{tell}"], capture_output=True, text=True, check=True)
    return set(eval(done.stdout))


def test_import_loads_nothing_heavy() -> None:
    assert loaded_after("import xk") == set()


def test_arithmetic_loads_pandas_and_nothing_else() -> None:
    assert loaded_after(f"from xk import {', '.join(ARITHMETIC)}") == {"pandas"}


@pytest.mark.parametrize("code", ["xk.normalise([1.0, 2.0, 3.0])", "xk.attainment([50.0], target=100)"])
def test_a_call_works_when_it_is_first_asked_for(code: str) -> None:
    assert loaded_after(f"import xk\n{code}") <= {"pandas"}


def test_every_name_is_listed_and_there() -> None:
    assert sorted(xk._HOMES) == sorted(xk.__all__) == dir(xk)
    for name, home in xk._HOMES.items():
        assert unwrap(getattr(xk, name)) is getattr(import_module(f"xk.{home}"), name)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'xk' has no attribute 'normalize'"):
        xk.normalize  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'normalize'"):
        from xk import normalize  # noqa: F401
