"""What surrounds a command never decides how it ends: streams closed, full or narrow, a home that is not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_up import ROOT

from xk.running.runs.latest import run_at

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="streams and names as Linux has them")

NARROW = {"PYTHONIOENCODING": "ascii", "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
REPORT = (
    "-m",
    "xk",
    "report",
    "--scheme",
    "national-2013",
    "--region",
    "guangdong",
    "--as-of",
    "2016",
    "--domain",
    "culture",
)
KEPT = ("MPLCONFIGDIR", "XDG_CACHE_HOME", "IPYTHONDIR", "PYTHONIOENCODING")


def called(*command: str, streams: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a shell does, its streams as the shell is told; without a home of its own."""
    environment = {name: value for name, value in os.environ.items() if name not in KEPT} | {"HOME": "/proc/no"} | more
    shell = ["sh", "-c", f'exec "$0" "$@" {streams}', sys.executable, *command]
    return subprocess.run(shell, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_good_run_is_good_whatever_surrounds_it(tmp_path: Path) -> None:
    """No home, a terminal of ASCII, a Chinese name, one not in UTF-8; nothing is on stderr."""
    out = tmp_path / os.fsdecode("云浮".encode("gb18030")) / "报告"
    done = called(*REPORT, "--out", str(out), **NARROW)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("1 of 1 reports: ")
    assert run_at(out) and not list(tmp_path.glob("*/.*"))


@pytest.mark.parametrize("streams", ["<&- >&- 2>&-", ">/dev/full 2>/dev/full", "| true"])
def test_what_is_said_is_lost_and_the_work_goes_on(tmp_path: Path, streams: str) -> None:
    """No file that is opened later stands in the place of a closed stream: it would be written to."""
    code = (
        "import os, sys; from xk.running.cli.streams import settle_streams; settle_streams()\n"
        f"file = open({str(tmp_path / 'made')!r}, 'w'); assert file.fileno() > 2\n"
        "for _ in range(1000): print('云浮' * 50); print('云浮', file=sys.stderr)\n"
        "sys.stdin.read(); file.write('whole'); sys.exit(7)"
    )
    done = called("-c", code, streams=f"</dev/null {streams}", PYTHONIOENCODING="ascii")
    assert (tmp_path / "made").read_text() == "whole"
    assert done.returncode == (0 if streams == "| true" else 7)


def test_the_folder_of_settings_is_made_whole_and_once(tmp_path: Path) -> None:
    """Two that begin at once, and one beside what a killed one left."""
    (tmp_path / "xk" / "tmpkilled").mkdir(parents=True)
    code = "from xk.running.cli.streams import settle_folders; settle_folders(); import matplotlib.font_manager"
    environment = {name: value for name, value in os.environ.items() if name not in KEPT}
    environment["XDG_CACHE_HOME"] = str(tmp_path)
    both = [subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=ROOT) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    names = sorted(path.name.partition("-")[0] for path in (tmp_path / "xk").iterdir())
    assert names == ["matplotlib", "tmpkilled"]


def test_an_answer_that_is_lost_is_none(tmp_path: Path) -> None:
    """Of a command that does nothing but answer."""
    (tmp_path / "r1").mkdir()
    (tmp_path / "r1" / "manifest.json").write_text("{}")
    done = called("-m", "xk", "runs", "--out", str(tmp_path), streams=">/dev/full")
    said = "xk: the answer could not be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (3, said)
