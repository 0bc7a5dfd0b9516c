"""Parameters and data are never code, paths or markup, whatever they hold."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from xk.errors import InputError, UsageError, XkError
from xk.readers import read_points
from xk.running import kernels
from xk.running.runs import Job, Run, run_reports

PACKAGE = Path(__file__).resolve().parents[1] / "xk"

HOSTILE = {
    "path": "../../x",
    "absolute path": "/etc/passwd",
    "end of string": '"; import os; os.mkdir("broken-in")  #',
    "end of long string": '\'\'\'"""\nimport os; os.mkdir("broken-in")\n',
    "backslashes": "\\\"; import os; os.mkdir('broken-in') #\\",
    "end of line": "a\nimport os\nos.mkdir('broken-in')",
    "magic": "%run x\n!mkdir broken-in",
    "braces": "{__import__('os').mkdir('broken-in')}",
    "template": "{{ cycler.__init__.__globals__.os.mkdir('broken-in') }}{% raw %}",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "formula": "=cmd|'/c calc'!A1",
    "direction": "\u202e\u2066",
    "surrogate": "\U0001f600\ufeff",
    "NUL": "a\0b",
}
ESCAPING = (
    "from html import escape\nfrom IPython.display import HTML\n"
    "HTML(f'<h2 id=\"a\">x</h2><p>{len(region)}</p><p>{escape(region)}</p>')"
)


def write_notebook(folder: Path, show: str = ESCAPING) -> Path:
    cells = [
        new_code_cell('region = "yunfu"  # region', id="parameters", metadata={"tags": ["parameters"]}),
        new_code_cell(show, id="show"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "report.ipynb")
    return folder / "report.ipynb"


@pytest.mark.parametrize("name", HOSTILE)
def test_parameter_is_the_string_that_was_given(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_notebook(tmp_path, "import json\nprint(json.dumps(region))")
    executed = kernels.execute(path, {"region": HOSTILE[name]}, cwd=tmp_path, kernel="auto")
    (output,) = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert json.loads(output.text) == HOSTILE[name]
    assert not list(tmp_path.rglob("broken-in"))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_a_run(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Titles, facts and parameters may be anything: pages show it as text, or say what the font cannot show."""
    monkeypatch.chdir(tmp_path)
    value = HOSTILE[name]
    job = Job("a", write_notebook(tmp_path), {"region": value}, value, value, ((value, value),))
    run = Run(tmp_path / "out", "r1", value, about={"region": value}, facts=((value, value),))
    result = run_reports([job], run, progress=False)
    for page in result.folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<script|<img src=x|\sonmouseover=\"alert", text), page.name
    assert json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))["title"] == value
    assert not list(tmp_path.rglob("broken-in"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "report.ipynb"]


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/x", "a\0b", "<script>", "a b", "a;b", ".", "..", "云浮", "a" * 10**7]
)
def test_names_that_become_files(tmp_path: Path, name: str) -> None:
    path = write_notebook(tmp_path)
    for job, run in ((name, "r1"), ("a", name)):
        with pytest.raises(UsageError, match="cannot be the name of a") as caught:
            run_reports([Job(job, path, {}, "x")], Run(tmp_path / "out", run, "x"))
        assert len(str(caught.value)) < 300
    assert not (tmp_path / "out").exists()


def test_ten_megabytes_as_a_parameter(tmp_path: Path) -> None:
    executed = kernels.execute(write_notebook(tmp_path, "print(len(region))"), {"region": "x" * 10**7})
    assert executed.cells[-1].outputs[0].text == "10000000\n"


def test_ten_megabytes_that_are_wrong_make_a_short_message(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'region' takes str, not list") as caught:
        kernels.execute(write_notebook(tmp_path), {"region": ["x" * 10**7]})
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("cell", ['"; import os', "__import__('os').mkdir('broken-in')", "=1+1", "../../x", "a\0b"])
def test_data_is_not_evaluated(tmp_path: Path, cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    quoted = cell.replace('"', '""')
    path = tmp_path / "points.csv"
    path.write_text(f'region,indicator,year,value\n"{quoted}",gdp,2016,1\n', encoding="utf-8")
    try:
        assert read_points(path)["region"].tolist() == [cell]
    except InputError as error:
        assert "\0" in cell and "NUL" in str(error)
    path.write_text(f'region,indicator,year,value\nyunfu,gdp,2016,"{quoted}"\n', encoding="utf-8")
    with pytest.raises(XkError):
        read_points(path)
    assert not list(tmp_path.rglob("broken-in"))


# pickle: only between this package's own processes; what a notebook says comes as JSON.
ALLOWED_PICKLE = {"xk/running/runs/schedule.py", "xk/running/runs/remote.py"}


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE.parent).as_posix()
)
def test_nothing_is_loaded_that_could_be_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(PACKAGE.parent).as_posix()
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not modules & {"yaml", "shelve", "marshal", "dill", "cloudpickle", "joblib"}
    assert "pickle" not in modules or name in ALLOWED_PICKLE
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {getattr(call.func, "id", "") for call in calls}
    assert not called & {"eval", "exec", "compile", "__import__"}, "text would become code"
    attributes = {getattr(call.func, "attr", "") for call in calls}
    assert not attributes & {"system", "popen", "read_pickle", "query"}
    shells = [call for call in calls for word in call.keywords if word.arg == "shell"]
    assert not shells, "a command goes without a shell"


def test_environment_is_in_no_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing notebook, too: its error page and kept notebook name no secret, folder, user or host."""
    monkeypatch.setenv("XK_SECRET_TOKEN", "hunter2-token")
    code = "import warnings\nwarnings.warn('old')\nopen('absent.csv')"
    jobs = [Job("good", write_notebook(tmp_path), {}, "x")]
    (tmp_path / "b").mkdir()
    jobs += [Job("bad", write_notebook(tmp_path / "b", code), {}, "x")]
    monkeypatch.chdir(tmp_path)
    result = run_reports(jobs, Run(tmp_path / "out", "r1", "x"), progress=False)
    assert list(result.failures) == ["bad"]
    secrets = ["hunter2-token", str(tmp_path), sys.prefix, str(Path.home()) + os.sep, os.uname().nodename]
    for file in (path for path in result.folder.rglob("*") if path.is_file()):
        content = file.read_text(encoding="utf-8")
        assert [secret for secret in secrets if len(secret) > 2 and secret in content] == [], file.name


def test_dependencies_have_no_known_holes(root: Path) -> None:
    """pip-audit over the lock of what users install; without its service there is nothing to be known."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--timeout", "5"]
    command += ["--progress-spinner", "off", "--requirement", str(root / "requirements.lock")]
    if os.environ.get("XK_AUDIT") != "1":
        pytest.skip("asks a service on the network: XK_AUDIT=1 switches it on")
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    said = done.stdout + done.stderr
    if re.search(r"ConnectionError|Max retries|Temporary failure|ServiceError|HTTPError", said):
        pytest.skip("the service that knows the holes cannot be reached")
    unknown = len(re.findall(r"could not be audited", said))
    if unknown and done.returncode == 0:
        pytest.skip(f"{unknown} packages have no advisories in the index that is reached from here")
    assert done.returncode == 0, said
