"""Engine: a forked process shows what a kernel shows, to the byte, and no end of it goes unnoticed."""

from __future__ import annotations

import builtins
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import made_up
import nbformat
import papermill
import pytest
from made_up import ENDLESS, HANG, hanging, is_gone, let_time_end, wait_until
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from tqdm.auto import tqdm  # as papermill has it

from xk.errors import UsageError
from xk.running import kernels
from xk.running.kernels import FailedReport, kernel_of
from xk.running.kernels.children import CAN_FORK, Child
from xk.running.kernels.engine import ForkEngine
from xk.running.report import settled

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="notebooks are forked on Linux only")

# Everything that a cell can show, in ways that go through different parts of IPython.
SHOWN = [
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]);",
    "figure, axes = plt.subplots(figsize=(3, 2))\naxes.bar([1, 2], [3, 4])\nplt.show()\nprint('after')",
    "figure",
    "plt.figure(facecolor='none')\nplt.plot([1, 3])",
    "import pandas as pd\nframe = pd.DataFrame({'a': [1, 2.5], 'b': ['x', '云浮']})\nprint(frame)\nframe",
    "from IPython.display import HTML, Latex, clear_output, display\ndisplay(HTML('<b>1</b>'))",
    "display(Latex('$x$'), 1)",
    "from xk.exhibits import subheading\ndisplay(subheading('a', '云'))\nsubheading('b', '浮')",
    "shown = display('first', display_id='one')\nshown.update('second')",
    "print('gone')\nclear_output()\nprint('stays')",
    "x = 5\nx + 1",
    "_ + 1, len(Out), _i[:5]",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "class Both:\n    def _repr_html_(self): return '<i>r</i>'\n    def _repr_png_(self): return b'\\x89PNG'\nBoth()",
    "print('\\rone\\rtwo')",
    "plt.rcParams['figure.dpi'], plt.get_backend(), __name__, type(get_ipython()).__name__",
    "%matplotlib inline\nplt.plot([3, 2]);",
    "%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = 'x'\nplt.plot([1, 2]);",
    "try:\n    input()\nexcept Exception as error:\n    print(type(error).__name__, error)",
    "import os, sys\nprint('careful', file=sys.stderr)\nos.environ['SOURCE_DATE_EPOCH'], os.environ['PAGER']",
    "def fails():\n    return 1 / 0\nfails()",
]  # fmt: skip

# What happens in a cell -> code, and what is said of it.
ENDS: dict[str, tuple[str, str]] = {
    "raises": ("1 / 0", r"cell \[1\] raised ZeroDivisionError: division by zero"),
    "interrupts itself": ("raise KeyboardInterrupt", r"cell \[1\] raised KeyboardInterrupt"),
    "exits with a status": ("import sys; sys.exit(3)", r"cell \[1\] raised SystemExit: 3"),
    "quits": ("exit()", "did not come to its end: Kernel died: its process ended with exit status 0"),
    "exits at once": ("import os; os._exit(0)", "Kernel died: its process ended with exit status 0"),
    "is killed": ("import os; os.kill(os.getpid(), 9)", "Kernel died: its process was killed by SIGKILL"),
    "is asked to end": ("import os; os.kill(os.getpid(), 15)", "Kernel died: its process was killed by SIGTERM"),
    "crashes": (
        "import ctypes, faulthandler\nfaulthandler.disable()\nctypes.string_at(0)",
        "Kernel died: its process was killed by SIGSEGV",
    ),
    "hangs": (ENDLESS, r"did not come to its end: A cell timed out .*after 1[78]\d\d seconds"),
    "hangs in C": ("sum(range(10**15))", r"did not come to its end: A cell timed out .*after 1[78]\d\d seconds"),
    "eats memory": ("x = bytearray(1 << 40)", r"cell \[1\] raised MemoryError"),
    "eats memory bit by bit": (
        "import resource as r\nr.setrlimit(r.RLIMIT_DATA, (1 << 30, -1))\nx = [bytearray(10**7) for _ in range(10**4)]",
        # at the limit the process may also die while it tells of the error
        r"cell \[1\] raised MemoryError|Kernel died",
    ),
    "recurses": ("import sys\nsys.setrecursionlimit(150)\ndef f(): f()\nf()", r"cell \[1\] raised RecursionError"),
    "closes its pipe": ("import os; os.closerange(3, 200)", "Kernel died: its process ended with exit status 1"),
}  # fmt: skip


def write_notebook(folder: Path, *sources: str) -> Path:
    return made_up.write_notebook(folder / "notebook.ipynb", *sources)


def execute(path: Path, kernel: str = "fork", **options: Any) -> NotebookNode:
    """Run a notebook that may fail; what it came to."""
    try:
        return kernels.execute(path, {"year": 2016}, kernel=kernel, **options)
    except FailedReport as error:
        assert error.notebook is not None
        return error.notebook


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_same_outputs_as_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MPLBACKEND", "PYTEST_CURRENT_TEST"):  # a kernel behaves otherwise if it sees one of them
        monkeypatch.delenv(name)
    monkeypatch.setattr(builtins, "_", str, raising=False)  # as libraries leave it that translate their words
    path = write_notebook(tmp_path, *SHOWN)
    forked, kernel = (settled(execute(path, kind)) for kind in ("fork", "process"))
    for mine, theirs in zip(forked.cells, kernel.cells, strict=True):
        assert mine == theirs
    assert nbformat.writes(forked) == nbformat.writes(kernel)
    assert sum("xk" in output.get("metadata", {}) for output in outputs(forked)) == 2, "parts travel with the outputs"
    kinds = [output.output_type for output in outputs(forked)]
    assert kinds.count("error") == 1 and kinds.count("display_data") >= 8 and kinds.count("stream") >= 6
    assert sum("image/png" in output.get("data", {}) for output in outputs(forked)) == 6


def test_private_parts_of_other_packages_are_used_in_one_file() -> None:
    """What stands there is compared with an ordinary kernel above; the standard library's parts are typed."""
    private = re.compile(r"(?<!self)(?<!super\(\))(?<!asyncio)(?<!argparse)(?<!os)\._[a-z]")
    running = Path(kernels.__file__).parents[1]
    found = [path.name for path in sorted(running.rglob("*.py")) if private.search(path.read_text(encoding="utf-8"))]
    assert found == ["shell.py"]


def test_what_is_written_past_python_is_kept(tmp_path: Path) -> None:
    """A kernel may lose what C code writes in the last moment of a cell; a fork does not."""
    path = write_notebook(tmp_path, "import os\nprint('before')\n_ = os.write(1, '来自C'.encode())")
    assert outputs(execute(path, "fork"))[0].text == "before\n来自C"


@pytest.mark.parametrize("name", ENDS)
def test_no_end_goes_unnoticed(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, message = ENDS[name]
    if "hangs" in name:
        let_time_end(monkeypatch, tmp_path)
        code = hanging(tmp_path, code)
    path = write_notebook(tmp_path, "print('first')", code, "print('unseen')")
    path = write_notebook(tmp_path, code, "print('unseen')") if r"cell \[1\]" in message else path
    source = nbformat.read(path, as_version=4)
    del source.cells[0]
    nbformat.write(source, path)
    with pytest.raises(FailedReport, match=message) as caught:
        kernels.execute(path, {}, kernel="fork")
    kept = caught.value.notebook
    assert kept is not None
    assert "unseen" not in str(outputs(kept))
    assert r"cell \[1\]" in message or outputs(kept)[0].text == "first\n"


def test_time_of_a_cell_is_limited(tmp_path: Path) -> None:
    with pytest.raises(FailedReport, match="did not come to its end: A cell timed out .*after 1 seconds of the"):
        kernels.execute(write_notebook(tmp_path, ENDLESS), {}, kernel="fork", timeout=1)


def test_a_quiet_exit_stops_the_notebook(tmp_path: Path) -> None:
    """papermill takes it for success; the checks of a report find the cell that did not run."""
    notebook = execute(write_notebook(tmp_path, "import sys; sys.exit(0)", "1"))
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3, None]


@pytest.mark.parametrize("then", ["", "os._exit(4)"])
def test_a_notebook_that_forks_leaves_nothing_behind(tmp_path: Path, then: str) -> None:
    code = (
        "import os, signal\npid = os.fork()\nif pid == 0:\n    signal.pause()\n"
        f"with open('pid', 'w') as file:\n    _ = file.write(str(pid))\n{then}"
    )
    notebook = execute(write_notebook(tmp_path, code, "print('once')"), cwd=tmp_path)
    assert sum(output.get("text") == "once\n" for output in outputs(notebook)) == (not then)
    pid = int((tmp_path / "pid").read_text())
    wait_until(lambda: is_gone(pid))


def test_copies_of_a_notebook_are_silent(tmp_path: Path) -> None:
    notebook = execute(write_notebook(tmp_path, "import os\npid = os.fork()\nprint('here')", "2"))
    assert [output.get("text", output.get("data")) for output in outputs(notebook)] == ["here\n", {"text/plain": "2"}]


def test_this_process_is_left_as_it_was(tmp_path: Path) -> None:
    code = (
        "import os, sys\nos.chdir('/')\nos.environ['XK_TEST'] = '1'\nsys.path.append('x')\nsys.modules['xk'].mark = 1"
    )
    before = Path.cwd(), dict(os.environ), list(sys.path), sys.stdout, sys.stderr
    execute(write_notebook(tmp_path, code))
    assert (Path.cwd(), dict(os.environ), list(sys.path), sys.stdout, sys.stderr) == before
    assert not hasattr(sys.modules["xk"], "mark")


def test_folder_of_the_notebook(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("value = 7")
    notebook = execute(write_notebook(tmp_path, "import os, beside\nprint(os.getcwd(), beside.value)"), cwd=tmp_path)
    assert outputs(notebook)[0].text == f"{tmp_path} 7\n"


def test_papermill_knows_the_engine(tmp_path: Path) -> None:
    papermill_engines.register("xk", ForkEngine)
    path = write_notebook(tmp_path, "year + 1")
    options = {"engine_name": "xk", "kernel_name": "python3", "progress_bar": False, "cwd": str(tmp_path)}
    done = papermill.execute_notebook(str(path), str(tmp_path / "out.ipynb"), {"year": 1}, **options)
    assert outputs(done)[0].data["text/plain"] == "2"
    assert nbformat.read(tmp_path / "out.ipynb", as_version=4) == done
    assert done.metadata.language_info.name == "python" and done.metadata.papermill.exception is None
    broken = write_notebook(tmp_path, "1 / 0")
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        papermill.execute_notebook(str(broken), str(tmp_path / "out.ipynb"), **options)


def test_engine_without_fork_is_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xk.running.kernels.engine.CAN_FORK", False)
    papermill_engines.register("xk", ForkEngine)
    path = write_notebook(tmp_path, "import os; os.getppid()")
    options = {"engine_name": "xk", "kernel_name": "python3", "progress_bar": False}
    done = papermill.execute_notebook(str(path), None, {"year": 1}, **options)
    assert outputs(done)[0].data["text/plain"].isdigit()


def test_kernels_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kernel_of("fork") == "fork" and kernel_of("process") == "process"
    with pytest.raises(UsageError, match="unknown kernel 'forks'; did you mean 'fork'"):
        kernel_of("forks")
    for safe, chosen in ((True, "fork"), (False, "process")):
        monkeypatch.setattr("xk.running.kernels.is_safe_to_fork", lambda safe=safe: safe)
        assert kernel_of("auto") == chosen
    monkeypatch.setattr("xk.running.kernels.CAN_FORK", False)
    with pytest.raises(UsageError, match="kernel 'fork' runs on Linux only"):
        kernel_of("fork")


def test_no_process_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    """The parent is killed while the notebook sleeps: its process must not outlive it."""
    path = write_notebook(
        tmp_path, f"import os\nwith open('pid', 'w') as file:\n    _ = file.write(str(os.getpid()))\n{ENDLESS}"
    )
    code = (
        "from xk.running import kernels\nfrom pathlib import Path\n"
        f"kernels.execute(Path({str(path)!r}), {{}}, kernel='fork')"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as parent:
        pid = wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        parent.kill()
    wait_until(lambda: is_gone(int(pid)))


def test_child_tells_how_it_ended() -> None:
    def send_and_fail(connection: Any) -> None:
        connection.send_bytes(b"x" * 1_000_000)
        os._exit(7)

    child = Child(send_and_fail)
    assert len(child.receive(HANG)) == 1_000_000
    with pytest.raises(EOFError):
        child.receive(HANG)
    assert child.end() == child.end() == "ended with exit status 7"


def test_child_that_is_late() -> None:
    child = Child(lambda connection: connection.poll(None))
    with pytest.raises(TimeoutError):
        child.receive(0.01)
    child.connection.send_bytes(b"")
    assert child.end() == "ended with exit status 0"
    assert Child(lambda _: signal.pause()).end(patience=0) == "was stopped"


def test_a_killed_child_takes_no_lock_of_the_progress_bars_along() -> None:
    def die(_: Any) -> None:
        tqdm.get_lock().acquire()
        os.kill(os.getpid(), signal.SIGKILL)

    tqdm(disable=True)
    assert Child(die).end() == "was killed by SIGKILL"
    for lock in tqdm.get_lock().locks:
        assert lock.acquire(False)
        lock.release()


def test_paths_of_the_machine_are_not_in_warnings(tmp_path: Path) -> None:
    from xk.running.runs.making import without_places

    notebook = execute(write_notebook(tmp_path, "import warnings\nwarnings.warn('old')"))
    told = without_places(outputs(notebook)[0].text)
    assert re.match(r"cell-\d+\.py:2: UserWarning: old", told)


def test_papermill_finds_the_engine_by_itself() -> None:
    """Also where our package is imported first; test_benches has the command."""
    from importlib.metadata import entry_points

    if "xk" not in entry_points(group="papermill.engine").names:
        pytest.skip("the project was installed before it offered an engine: make distclean, then make test")
    code = (
        "import xk.running.kernels\nfrom papermill.engines import papermill_engines\n"
        "print(papermill_engines.get_engine('xk'))"
    )
    known = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "ForkEngine" in known.stdout
