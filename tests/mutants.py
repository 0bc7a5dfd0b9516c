"""Mutation testing: does a test fail when the arithmetic is changed? ``python tests/mutants.py [PATTERN ...]``.

mutmut makes the mutants of the modules that pyproject.toml names. Its own runner starts pytest anew for each of them;
here the tests are collected once, and each mutant is tried in a fork with the tests that reach it, the quickest first,
until one fails. What is known stays in ``mutants/results.json``, so that a run that was stopped goes on; a pattern
tries the mutants that it fits again. After a change of code or tests, delete ``mutants/``.
"""

from __future__ import annotations

import gc
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from pkgutil import resolve_name

import pytest

ROOT = Path(__file__).resolve().parent.parent
MUTANTS = ROOT / "mutants"
RESULTS, REACHED = MUTANTS / "results.json", MUTANTS / "reached.json"
SECONDS, BYTES = 30, 6 << 30  # of processor time and memory, which no mutant needs that comes to its end
SWITCH = "MUTANT_UNDER_TEST"
run_protocol = resolve_name("_pytest.runner:runtestprotocol")


class Trial:
    """In place of the loop over the tests: which tests reach which function, then every mutant in a fork."""

    def __init__(self, patterns: list[str]) -> None:
        files = sorted(MUTANTS.rglob("*.meta"))
        self.names = [name for file in files for name in json.loads(file.read_text())["exit_code_by_key"]]
        self.patterns = patterns

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try what is not known yet, in an order by chance, so that what is done so far is a sample of the whole."""
        gc.collect()
        gc.freeze()
        gc.disable()
        if not REACHED.exists():
            assert _in_fork(lambda: _reach(session.items)) == 0, "a test fails without a mutant"
        reached: dict[str, list[str]] = json.loads(REACHED.read_text())
        items = {item.nodeid: item for item in session.items}
        done: dict[str, str] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        asked = [name for name in self.names if any(fnmatch(name, pattern) for pattern in self.patterns)]
        asked = asked if self.patterns else [name for name in self.names if name not in done]
        random.Random(1).shuffle(asked)
        for name in asked:
            tests = [items[test] for test in reached.get(re.sub(r"__mutmut_\d+$", "", name), []) if test in items]
            done[name] = _tried(name, tests)
            RESULTS.write_text(json.dumps(done))
        _tell(done, len(self.names))
        return True


def _in_fork(work: Callable[[], object]) -> int:
    """Run `work` in a fork and return its exit status: 0 unless it raised, was killed or said otherwise."""
    pid = os.fork()
    if pid == 0:
        status = 70
        try:
            status = int(bool(work()))
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _failed(tests: list[pytest.Item]) -> bool:
    following = [*tests[1:], None]
    return any(
        report.failed
        for item, after in zip(tests, following, strict=True)
        for report in run_protocol(item, nextitem=after, log=False)
    )


def _reach(items: list[pytest.Item]) -> None:
    """Write which tests reach a function, the quickest first."""
    state = resolve_name("mutmut.state:state")  # which no lock has
    os.environ[SWITCH] = "stats"
    found: dict[str, list[tuple[float, str]]] = {}
    for item in items:
        start = time.process_time()
        if _failed([item]):
            raise AssertionError(item.nodeid)
        for function in state()._stats:
            found.setdefault(function, []).append((time.process_time() - start, item.nodeid))
        state()._stats.clear()
    REACHED.write_text(json.dumps({name: [test for _, test in sorted(tests)] for name, tests in found.items()}))


def _tried(name: str, tests: list[pytest.Item]) -> str:
    def work() -> bool:
        os.environ[SWITCH] = name
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
        return _failed(tests)

    return "survived" if not tests or _in_fork(work) == 0 else "killed"


def _tell(done: dict[str, str], whole: int) -> None:
    """Print the share that was killed, by module, and what survived."""
    counts: dict[str, Counter[str]] = {}
    for name, end in done.items():
        counts.setdefault(name.rpartition(".")[0].removeprefix("xk.arithmetic."), Counter())[end] += 1
    counts["all"] = sum(counts.values(), Counter())
    print(f"\n\n{len(done)} of {whole} mutants tried\n\n| module | mutants | killed | survived | share killed |")
    print("|---|---|---|---|---|")
    for module, count in sorted(counts.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        share = 100 * count["killed"] / max(count.total(), 1)
        print(f"| {module} | {count.total()} | {count['killed']} | {count['survived']} | {share:.1f} % |")
    print(
        "\n".join(["", "survived (mutmut show NAME):", *sorted(name for name, end in done.items() if end != "killed")])
    )


def main() -> int:
    """Have the mutants made where there are none, and try them."""
    os.chdir(ROOT)
    if not MUTANTS.exists():
        one = "xk.arithmetic.target.x_cap__mutmut_1"  # mutmut makes all before it tries one
        subprocess.run([Path(sys.executable).parent / "mutmut", "run", "--max-children", "1", one], check=True)
    chosen = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    os.environ[SWITCH] = ""
    os.chdir(MUTANTS)
    sys.path = [
        str(MUTANTS),
        *(place for place in sys.path if Path(place or ".").resolve() not in (ROOT, ROOT / "tests")),
    ]
    asked = [
        "--rootdir=.",
        "--tb=native",
        *chosen["pytest_add_cli_args"],
        *chosen["pytest_add_cli_args_test_selection"],
    ]
    return int(pytest.main(asked, plugins=[Trial(sys.argv[1:])]))


if __name__ == "__main__":
    sys.exit(main())
