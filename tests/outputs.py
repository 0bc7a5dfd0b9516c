"""Does a refactoring leave what the project makes as it was? The outputs of two revisions, byte by byte.

    python tests/outputs.py              the working tree against HEAD
    python tests/outputs.py OLD          the working tree against another revision
    python tests/outputs.py OLD NEW      two revisions

All reports of every scheme in every language for every region (pages, figures, workbooks, outputs of notebooks), and
the outputs of the benches as JupyterLab would show them. Where a refactoring renames what goes out, the old words are
read as the new ones: ``--rename OLD=NEW``, a regular expression and what stands in its place. ``--quick`` makes a
tenth: the first scheme's reports in the first language. Exit status 1 where a file differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("zh", "en")
Renames = list[tuple[str, str]]


def make_outputs(tree: Path, out: Path, *, quick: bool) -> None:
    """Make what the checkout `tree` makes with its own code, in `out`."""
    for scheme, lang in runs_of(tree)[: 1 if quick else None]:
        place = out / f"{scheme}-{lang}"
        asked = ["--scheme", scheme, "--region", "all", "--lang", lang, "--out", str(place)]
        _call(["-m", "xk", "report", *asked], tree)
        shutil.move((place / "latest").resolve(), place / "run")
    benches = [] if quick else sorted((tree / "notebooks").glob("*.ipynb"))
    for notebook, lang in product(benches, LANGUAGES):
        written = out / f"bench-{notebook.stem}-{lang}.ipynb"
        _call(["-m", "papermill", "-p", "lang", lang, str(notebook), str(written)], tree)


def runs_of(tree: Path) -> list[tuple[str, str]]:
    """Return every scheme of a checkout with every language, the project's default first."""
    schemes = sorted((folder.name for folder in (tree / "data/raw/schemes").iterdir()), reverse=True)
    return list(product(schemes, LANGUAGES))


def _call(command: list[str], tree: Path) -> None:
    env = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *command], cwd=tree, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\nin {tree} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def hashes(out: Path, renames: Renames) -> dict[str, str]:
    """Return file -> sha256 of what it shows: of a notebook its outputs, of a workbook what is packed in it."""
    wanted = ("*-*/run/*.html", "*-*/run/data/*.csv", "*-*/run/tables.xlsx", "*-*/run/notebooks/*.ipynb", "*.ipynb")
    files = sorted(path for pattern in wanted for path in out.glob(pattern))
    if not files:
        raise SystemExit(f"nothing was made in {out}")
    return {path.relative_to(out).as_posix(): _hash(path, renames) for path in files}


def _hash(path: Path, renames: Renames) -> str:
    words = _content(path)
    for old, new in renames:
        words = re.sub(old, new, words)
    return hashlib.sha256(words.encode()).hexdigest()


def _content(path: Path) -> str:
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        outputs = [cell["outputs"] for cell in cells if cell["cell_type"] == "code"]
        shown = [[{"data": one.get("data"), "text": one.get("text")} for one in cell] for cell in outputs]
        return json.dumps([cell for cell in shown if cell], ensure_ascii=False, sort_keys=True)
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as packed:
            return "\n".join(f"{name}\n{packed.read(name).decode()}" for name in sorted(packed.namelist()))
    return path.read_text(encoding="utf-8")


def compare(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return a line for each file that differs, is gone or is new."""
    lines = []
    for name in sorted({*before, *after}):
        if name not in after or name not in before:
            lines.append(f"{'gone' if name in before else 'new'}: {name}")
        elif before[name] != after[name]:
            lines.append(f"differs: {name}")
    return lines


def outputs_of(revision: str, keep: Path, *, quick: bool) -> Path:
    """Return the folder with the outputs of a revision, made once in the folder `keep`."""
    asked = ["git", "rev-parse", f"{revision}^{{commit}}"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    whole, place = keep / commit, keep / f"{commit}{'-quick' if quick else ''}"
    if whole.is_dir() or place.is_dir():
        return whole if whole.is_dir() else place
    with tempfile.TemporaryDirectory() as folder:
        tree, out = Path(folder) / "tree", Path(folder) / "out"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", tree, revision], cwd=ROOT, check=True)
        try:
            make_outputs(tree, out, quick=quick)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)
        shutil.move(out, place)
    return place


def main() -> int:
    """Compare, print what differs, and say in one line how many files and in what they sum up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", nargs="?", default="HEAD")
    parser.add_argument("new", nargs="?", help="the working tree if not given")
    parser.add_argument("--rename", action="append", default=[], metavar="OLD=NEW")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "xk-outputs", metavar="DIR")
    asked = parser.parse_args()
    renames = [(old, new) for old, _, new in (one.rpartition("=") for one in asked.rename)]
    asked.keep.mkdir(parents=True, exist_ok=True)
    before = hashes(outputs_of(asked.old, asked.keep, quick=asked.quick), renames)
    with tempfile.TemporaryDirectory() as folder:
        if asked.new is None:
            make_outputs(ROOT, Path(folder), quick=asked.quick)
        made = Path(folder) if asked.new is None else outputs_of(asked.new, asked.keep, quick=asked.quick)
        after = hashes(made, renames)
    if asked.quick:
        made_now = {name.split("/")[0] for name in after}
        before = {name: one for name, one in before.items() if name.split("/")[0] in made_now}
    lines = compare(before, after)
    print("\n".join(lines))
    total = hashlib.sha256(json.dumps(after, sort_keys=True).encode()).hexdigest()
    print(f"{len(after)} files, {len(lines)} differ from {asked.old}; all together: {total}")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
