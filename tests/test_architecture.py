"""The shape of the library: layers, one door each, sizes and names. CONTRIBUTING.md says why."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from pkgutil import resolve_name

import pytest
from layers import BLOCK, LAYERS, PAGE, drawn, imported

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "xk"
SCHEMES = ROOT / "data" / "raw" / "schemes"

LEVEL = {module: level for level, modules in enumerate(LAYERS.values()) for module in modules}
DRAWING = LAYERS["drawing"]
PURE = (*LAYERS["words"], *LAYERS["contracts"], *LAYERS["arithmetic"], *LAYERS["composition"])

MAX_BODY, MAX_MODULE, MAX_ARGUMENTS, MAX_POSITIONAL = 40, 400, 6, 2
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "process", "stuff", "tools"}
# Disk, clock, environment, network, plots.
OUTSIDE = {
    "os", "pathlib", "shutil", "tempfile", "glob", "io", "subprocess", "time", "datetime", "random", "socket",
    "urllib", "requests", "importlib", "matplotlib", "seaborn", "papermill", "nbconvert", "nbformat", "tqdm",
}  # fmt: skip
CARRIED = "importlib.resources"  # the one way to files of the package itself
CLOCK = {"now", "today", "utcnow"}
DISK = {
    "open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "unlink", "rmdir", "rmtree",
    "touch", "read_csv", "read_excel", "read_parquet", "to_csv", "to_excel", "to_parquet", "to_pickle",
    "savefig",
}  # fmt: skip
ENGINES = {"papermill", "nbconvert", "nbclient"}
STYLE_SETTERS = {"rcParams", "rc_context", "rcdefaults", "set_theme", "set_style", "set_palette"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """A module of the library, parsed where a test asks: all processes collect the tests, one runs them."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.relative_to(ROOT).as_posix()
        self.part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        self.is_face = path.parent in (PACKAGE, PACKAGE / "arithmetic") or path.name == "__init__.py"

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def public_functions(self) -> Iterator[Function]:
        found = (node for node in self.tree.body if isinstance(node, Function) and node.name[0] != "_")
        return (node for node in found if not any(last_name(mark) == "overload" for mark in node.decorator_list))

    def calls(self) -> Iterator[tuple[str, int]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield last_name(node.func), node.lineno


Check = Callable[[Source], None]
SOURCES = [Source(path) for path in sorted(PACKAGE.rglob("*.py"))]


CHECKS: list[tuple[Check, tuple[str, ...]]] = []


def each_source(*parts: str) -> Callable[[Check], Check]:
    """Have a check made of every module, or of those of the given parts."""

    def listed(check: Check) -> Check:
        CHECKS.append((check, parts))
        return check

    return listed


def last_name(node: ast.AST) -> str:
    """Return `c` for `a.b.c`, and `c` for `c`."""
    return getattr(node, "attr", getattr(node, "id", ""))


def imported_parts(tree: ast.AST) -> set[str]:
    """Return the modules of xk that are imported; `__init__` where a name of xk itself is."""
    own = [name.split(".") for name in imported(tree) if name.split(".")[0] == "xk"]
    return {parts[1] if len(parts) > 1 and parts[1] in LEVEL else "__init__" for parts in own}


def outside_packages(tree: ast.AST) -> set[str]:
    return {name.split(".")[0] for name in imported(tree) if name != CARRIED}


def touched(source: Source, doors: set[str]) -> list[str]:
    """Return the calls among `doors`, but for the reading of what the package itself carries."""
    free = {"read_text"} if CARRIED in imported(source.tree) else set()
    return [f"{source.name}:{line} {name}()" for name, line in source.calls() if name in doors - free]


def docstrings(tree: ast.AST) -> set[ast.AST]:
    """Return the nodes that are docstrings, or other strings that stand alone."""
    alone = (node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {node.value for node in alone if isinstance(node.value, ast.Constant)}


def body_lines(function: Function) -> int:
    """Return the lines of the body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def arguments(function: Function) -> tuple[int, int]:
    """Return the number of all arguments and of those that may be given by position, without self and cls."""
    spec = function.args
    positional = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
    by_position = len(positional) - (positional[:1] in (["self"], ["cls"]))
    return by_position + len(spec.kwonlyargs), by_position


def tracked_files() -> list[Path]:
    """Return the files of the project: what git knows or would add; without git, what is no product."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    product = re.compile(r"(^|/)(\.git|\.venv|__pycache__|[^/]*_cache|[^/]*\.egg-info)/|^(reports|data/processed)/")
    files = (path for path in ROOT.rglob("*") if path.is_file())
    return [path for path in files if not product.search(path.relative_to(ROOT).as_posix())]


def test_library_is_found() -> None:
    assert len(SOURCES) > 10


@each_source()
def imports_go_downwards(source: Source) -> None:
    assert source.part in LEVEL, f"{source.name}: give {source.part!r} its layer in LAYERS"
    assert not any(name.startswith(".") for name in imported(source.tree)), "import by full name: xk.part"
    upwards = {part for part in imported_parts(source.tree) if LEVEL[part] > LEVEL[source.part]}
    assert not upwards, f"{source.name} imports {sorted(upwards)} from a layer above"


def test_the_diagram_of_the_layers_is_what_the_imports_say() -> None:
    (shown,) = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert shown == drawn(), "run python tests/layers.py"


def test_a_file_name_stands_in_one_place() -> None:
    names = [path.name for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    assert len(names) > len(SOURCES) / 2
    assert not sorted(name for name in set(names) if names.count(name) > 1)


@each_source()
def no_star_imports(source: Source) -> None:
    steps = (node for node in ast.walk(source.tree) if isinstance(node, ast.ImportFrom))
    assert "*" not in [alias.name for step in steps for alias in step.names]


@each_source()
def no_name_is_offered_twice(source: Source) -> None:
    steps = (node for node in source.tree.body if isinstance(node, ast.Assign))
    offered = [step.value for step in steps if last_name(step.targets[0]) == "__all__"]
    names = [last.value for listed in offered for last in ast.walk(listed) if isinstance(last, ast.Constant)]
    assert len(names) == len(set(names)), f"{source.name}: {sorted({n for n in names if names.count(n) > 1})}"


@each_source(*DRAWING)
def drawing_receives_results(source: Source) -> None:
    """Charts and tables show what was computed; a figure computed there would be in no table."""
    steps = [node for node in ast.walk(source.tree) if isinstance(node, ast.ImportFrom)]
    arithmetic = [step for step in steps if imported_parts(step) & set(LAYERS["arithmetic"])]
    # types of results are welcome: they begin with a capital
    computing = [alias.name for step in arithmetic for alias in step.names if not alias.name[0].isupper()]
    assert not computing, f"{source.name} computes with {computing}: do it in the pipeline"


@each_source(*PURE)
def lower_layers_know_no_outside(source: Source) -> None:
    """Words, contracts, arithmetic and composition: no disk, clock, environment, chance or plot."""
    assert not outside_packages(source.tree) & OUTSIDE
    assert not touched(source, DISK | CLOCK)
    assert "default_rng()" not in source.text, "give the random generator a seed"


@each_source()
def one_door_to_the_disk(source: Source) -> None:
    if source.part not in {"readers", *LAYERS["running"]}:
        # theme saves figures to memory
        doors = DISK - {"savefig"} if source.part == "theme" else DISK
        assert not touched(source, doors), "only readers reads and writes files"


@each_source()
def one_door_to_the_engines(source: Source) -> None:
    if source.part != "running":
        assert not outside_packages(source.tree) & ENGINES


@each_source()
def one_door_to_the_style(source: Source) -> None:
    if source.part != "theme":
        names = {last_name(node) for node in ast.walk(source.tree)}
        assert not names & STYLE_SETTERS, "fonts and colours are set in theme alone"


@each_source()
def sizes(source: Source) -> None:
    assert source.text.count("\n") <= MAX_MODULE, f"{source.name} has more than {MAX_MODULE} lines"
    long = [f.name for f in source.functions() if body_lines(f) > MAX_BODY]
    assert not long, f"{source.name}: more than {MAX_BODY} lines of body in {long}"
    many = [f.name for f in source.functions() if arguments(f)[0] > MAX_ARGUMENTS]
    assert not many, f"{source.name}: more than {MAX_ARGUMENTS} arguments in {many}"


def loose_calls(source: Source, names: set[str]) -> list[str]:
    """Return the functions among `names` that take more than two arguments by position."""
    public = [function for function in source.public_functions() if function.name in names]
    return [function.name for function in public if arguments(function)[1] > MAX_POSITIONAL]


def test_calls_for_users_take_keywords_after_the_second_argument() -> None:
    face = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    steps = (node for node in ast.walk(face) if isinstance(node, ast.ImportFrom))
    names = {alias.name for step in steps for alias in step.names if (step.module or "").startswith("xk.")}
    assert names, "xk/__init__.py offers no calls"
    loose = [name for source in SOURCES for name in loose_calls(source, names)]
    assert not loose, f"put a * after the second argument of {loose}"


@each_source()
def names_say_something(source: Source) -> None:
    defined = [f.name for f in source.functions()] + [
        node.name for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)
    ]
    parts = [*source.name.removesuffix(".py").split("/"), *defined]
    assert not EMPTY_NAMES & {part.lower().strip("_") for part in parts}


@each_source(*LAYERS["arithmetic"])
def arithmetic_says_what_it_computes(source: Source) -> None:
    """Every public function is described; those of a module's face with formula and source."""
    for function in source.public_functions():
        text = ast.get_docstring(function) or ""
        where = f"{source.name}:{function.lineno} {function.name}"
        assert text, f"{where}: no docstring"
        if source.is_face:
            assert re.search(r"Formula|``|as in `", text), f"{where}: no formula"
            assert re.search(r"[Ss]ource|References|Notes", text), f"{where}: no source"


@each_source()
def no_error_is_swallowed(source: Source) -> None:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{source.name}:{node.lineno}: name the exception"
            broad = last_name(node.type) in {"Exception", "BaseException"}
            silent = all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
            assert not (broad and silent), f"{source.name}:{node.lineno}: an error would vanish here"


@each_source()
def target_year_comes_from_the_scheme(source: Source) -> None:
    """No 2020 in code; names of scheme folders may hold it."""
    schemes = re.compile("|".join(re.escape(path.name) for path in SCHEMES.iterdir()))
    notes = docstrings(source.tree)
    constants = [n for n in ast.walk(source.tree) if isinstance(n, ast.Constant) and n not in notes]
    found = [n.lineno for n in constants if re.search(r"(?<!\d)2020(?!\d)", schemes.sub("", repr(n.value)))]
    assert not found, f"{source.name}: lines {found}"


PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))]
METADATA = {"xk.expect", "xk.parts"}  # of notebooks


def is_there(name: str) -> bool:
    """Return whether a dotted name is a module of the library or stands in one."""
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    calls = set(re.findall(r"`(xk(?:\.\w+)+)", text)) - METADATA
    files = re.findall(r"`((?:xk|tests|docs|notebooks|data/raw|benchmarks)/[\w/.-]+)`", text)
    missing = [name for name in files if not (ROOT / name).exists()]
    assert not missing + sorted(name for name in calls if not is_there(name))


def machine_paths(text: str) -> list[str]:
    """Return the absolute paths of one machine in a text; paths within web addresses do not count."""
    return re.findall(r"(?<![\w.:/~-])(?:/(?:home|root|tmp|work|mnt|Users)/\w[^\s\"']*|[A-Z]:\\\w+)", text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see " + "/".join(["", "home", "li", "xk"]), 1),
        ('path = "' + "/".join(["", "tmp", "out.csv"]) + '"', 1),
        ("https://example.org/home/li", 0),
        ("/usr/bin/chromium and data/raw", 0),
    ],
)
def test_machine_paths_are_recognised(text: str, found: int) -> None:
    assert len(machine_paths(text)) == found


def test_no_machine_paths() -> None:
    files = tracked_files()
    assert len(files) > len(SOURCES)
    found = {}
    for path in files:
        content = path.read_bytes()
        if b"\0" in content:  # a font, a workbook: what looks like a path in it is chance
            continue
        if paths := machine_paths(content.decode("utf-8", errors="ignore")):
            found[path.relative_to(ROOT).as_posix()] = paths[:3]
    assert not found


@pytest.mark.parametrize(
    ("code", "loose"),
    [("def judge(years, values, target): pass", ["judge"]), ("def judge(years, values, *, target): pass", [])],
)
def test_loose_calls_are_recognised(code: str, loose: list[str]) -> None:
    assert loose_calls(made_up(code, "arithmetic"), {"judge"}) == loose


def made_up(code: str, name: str) -> Source:
    source = Source.__new__(Source)
    source.name, source.text, source.tree = f"xk/{name}.py", code, ast.parse(code)
    source.part, source.is_face = name, True
    return source


def failures(check: Check, source: Source) -> str:
    """Return what `check` says about a module, empty if nothing."""
    try:
        check(source)
    except AssertionError as error:
        return str(error) or "failed"
    return ""


@pytest.mark.parametrize(("check", "parts"), CHECKS, ids=lambda value: getattr(value, "__name__", ""))
def test_every_module_of_the_library(check: Check, parts: tuple[str, ...]) -> None:
    chosen = [source for source in SOURCES if not parts or source.part in parts]
    assert chosen
    assert not {source.name: said for source in chosen if (said := failures(check, source))}


@pytest.mark.parametrize(
    ("check", "name", "code"),
    [
        (imports_go_downwards, "arithmetic", "from xk.readers import read_scheme"),
        (imports_go_downwards, "arithmetic", "from xk import readers"),
        (imports_go_downwards, "arithmetic", "import xk"),
        (imports_go_downwards, "arithmetic", "from . import errors"),
        (imports_go_downwards, "novelty", "import math"),
        (drawing_receives_results, "charts", "from xk.arithmetic.target import score"),
        (lower_layers_know_no_outside, "arithmetic", "from pathlib import Path"),
        (lower_layers_know_no_outside, "arithmetic", "import matplotlib.pyplot as plt"),
        (lower_layers_know_no_outside, "arithmetic", "year = clock.now().year"),
        (one_door_to_the_disk, "charts", "figure.savefig('a.png')"),
        (one_door_to_the_engines, "bench", "import papermill as pm"),
        (one_door_to_the_style, "charts", "sns.set_theme()"),
        (one_door_to_the_style, "charts", "plt.rcParams['font.size'] = 9"),
        (sizes, "running", "def f(a, b, c, d, e, f, g): pass"),
        (sizes, "running", "def f():\n" + "    x = 1\n" * 41),
        (sizes, "running", "x = 1\n" * 401),
        (names_say_something, "running", "class Manager: pass"),
        (arithmetic_says_what_it_computes, "arithmetic", "def judge(): pass"),
        (arithmetic_says_what_it_computes, "arithmetic", "def judge():\n    'Judge.'"),
        (no_error_is_swallowed, "running", "try:\n    f()\nexcept Exception:\n    pass"),
        (no_error_is_swallowed, "running", "try:\n    f()\nexcept:\n    raise"),
        (target_year_comes_from_the_scheme, "running", "def f(to=2020): pass"),
        (target_year_comes_from_the_scheme, "running", "label = 'by 2020'"),
    ],
)
def test_checks_find_faults(check: Check, name: str, code: str) -> None:
    assert failures(check, made_up(code, name))


@pytest.mark.parametrize(
    ("check", "name", "code"),
    [
        (imports_go_downwards, "pipeline", "from xk.arithmetic.target import score\nfrom xk import arithmetic"),
        (drawing_receives_results, "charts", "from xk.arithmetic.rulebooks import Reason"),
        (target_year_comes_from_the_scheme, "running", "seed = 20_200_101"),
        (target_year_comes_from_the_scheme, "running", "'''Up to 2020.'''\nscheme = 'yunfu-2020'"),
        (no_error_is_swallowed, "running", "try:\n    f()\nexcept ValueError:\n    pass"),
    ],
)
def test_checks_let_good_code_pass(check: Check, name: str, code: str) -> None:
    assert not failures(check, made_up(code, name))
