"""Warming up: what reports would each do again is done before they are forked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xk.running.kernels.children import CAN_FORK

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="reports are forked on Linux only")

# matplotlib imports it for itself; anyone else who does is warned.
DEPRECATED = {"matplotlib.style.core"}

# Each notebook tells at its end what has been imported in its process, on short lines: nbclient looks through long ones
# again from each of their characters.
TELLING = """
import json, sys
from pathlib import Path
import nbformat
from xk.bench import Question, results_of
from xk.running.kernels import execute
from xk.readers import read_store
from xk.running.runs.warm import warm_up

results_of(Question(), read_store())
warm_up([])
before, found = set(sys.modules), {}
for path in sorted(Path("notebooks/reports").glob("*.ipynb")):
    notebook = nbformat.read(path, 4)
    notebook.cells.append(nbformat.v4.new_code_cell("import sys; print(*sys.modules, sep=chr(10))"))
    copy = Path(sys.argv[1]) / path.name
    nbformat.write(notebook, copy)
    modules = execute(copy, {}, kernel="fork").cells[-1].outputs[0].text.split()
    found[path.name] = sorted(set(modules) - before)
print(json.dumps(found))
"""


def test_no_report_imports_anything_anew(tmp_path: Path, root: Path) -> None:
    command = [sys.executable, "-c", TELLING, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    told = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True).stdout
    found = {name: set(modules) - DEPRECATED for name, modules in json.loads(told).items()}
    assert len(found) == 5 and not any(found.values()), found
