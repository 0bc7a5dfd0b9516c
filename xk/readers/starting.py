"""To begin with: a folder of a project, or of a programme with three indicators that passes every check."""

import json
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from xk.contracts.declarations import contract_of
from xk.errors import UsageError
from xk.readers.adding import registered, said_in_all, table_bytes, write_raw
from xk.readers.changing import changing
from xk.readers.clock import this_year, today
from xk.readers.schemes import CLONE, OWN, RAW, read_scheme
from xk.readers.store import Store, read_store
from xk.readers.templates import Asked, template_bytes
from xk.readers.text import shown
from xk.readers.writing import write_bytes

CARRIED = Path(__file__).with_name("project")
"""What a project begins with. The wheel has figures and notebooks there, which a clone has at its top."""
EXAMPLE = "example.xlsx"
DOCS = ("docs/zh", "docs/en", "docs/pictures")
OUTSIDE = re.compile(r"\[([^\]]*)\]\(\.\./\.\./[^)]*\)")
"""A link to what only a clone has; its words are kept."""
LAID_OUT = ("README.md", "crontab", EXAMPLE, "docs", "notebooks", "reports", "data")
"""In the order in which they come to their place: a folder with data is one of a project."""
AHEAD = 5
SHARE = {"domain": "example", "unit": "%", "comparable": "yes", "lower_bound": 0, "upper_bound": 100}
LINES = {
    "starting_positive": {"baseline_value": 40, "target_value": 60},
    "starting_inverse": {"baseline_value": 5, "target_value": 3},
    "starting_interval": {
        "baseline_value": 35, "target_low": 40, "target_high": 60, "limit_low": 20, "limit_high": 80,
    },
}  # fmt: skip
"""Label of an indicator, which ends in its direction -> its values."""


def start_project(folder: Path, *, scheme: str, lang: str, pages: Mapping[str, bytes]) -> None:
    """Lay out the folder of a project: figures, notebooks, documents, a workbook of `scheme` to fill in; or nothing.

    `lang` is that of the workbook; `pages`: file -> content, of documents that are made.

    Raises
    ------
    UsageError
        `folder` is a file, or has one of these already.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{shown(folder)} is no folder; name a new one")
    if there := [name for name in LAID_OUT if (folder / name).exists()]:
        raise UsageError(f"{shown(folder)} has {', '.join(there)} already, and nothing was written; name a new folder")
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".xk-", suffix=".part", dir=folder))
    try:
        _lay_out(stage, folder.resolve(), scheme, lang)
        for name, content in pages.items():
            write_bytes(content, stage / name)
        for name in LAID_OUT:
            (stage / name).rename(folder / name)
        stage.rmdir()
    except BaseException:
        shutil.rmtree(folder if is_new else stage)
        raise


def _lay_out(stage: Path, folder: Path, scheme: str, lang: str) -> None:
    home = CARRIED if (CARRIED / RAW).is_dir() else CLONE
    for name in (RAW, "notebooks", *DOCS):
        shutil.copytree(home / name, stage / name, ignore=shutil.ignore_patterns(".*"), copy_function=shutil.copyfile)
    for page in (stage / "docs").glob("*/*.md"):
        write_bytes(OUTSIDE.sub(r"\1", page.read_text(encoding="utf-8")).encode(), page)
    for name in (OWN, "reports"):
        (stage / name).mkdir()
    script = shutil.which("xk", path=Path(sys.executable).parent)
    command = shlex.join([script] if script else [sys.executable, "-m", "xk"])
    line = (CARRIED / "crontab").read_text(encoding="utf-8").replace("{xk}", command)
    write_bytes(line.replace("{folder}", shlex.quote(str(folder)).replace("%", r"\%")).encode(), stage / "crontab")
    shutil.copyfile(CARRIED / "README.md", stage / "README.md")
    store = read_store(stage)
    asked = Asked(store.scheme(scheme), store.scheme(scheme).default_region(), "", lang)
    write_bytes(template_bytes("observations", asked, store), stage / EXAMPLE)


def start_scheme(folder: Path, store: Store, *, region: str) -> list[Path]:
    """Write a scheme with three toy indicators into a new folder; among the project's schemes, register it too.

    Raises
    ------
    UsageError
        The folder is there already.
    """
    if folder.exists():
        raise UsageError(f"{shown(folder)} is there already; name a new folder")
    raw, files = (store.root / RAW).resolve(), _files(folder.name, region)
    if folder.resolve().parent == raw / "schemes":
        changed = {f"schemes/{folder.name}/{name}": content for name, content in files.items()}
        with changing(store.root):
            write_raw(store.root, registered(changed, raw))
    else:
        folder.mkdir(parents=True)
        for name, content in files.items():
            write_bytes(content, folder / name)
        read_scheme(folder, root=store.root)
    return [folder / name for name in files]


def _files(name: str, region: str) -> dict[str, bytes]:
    """Return file -> its content."""
    indicators: list[dict[str, object]] = [
        SHARE | line | said_in_all("name", key) | {
            "indicator": key.replace("starting", "example"), "direction": key.removeprefix("starting_"),
            "no": number, "clause": number,
            "lead_offices": "example_office", "baseline_kind": "observed",
            "baseline_year": this_year() - 1, "target_year": this_year() + AHEAD,
        }
        for number, (key, line) in enumerate(LINES.items(), 1)
    ]  # fmt: skip
    office = {"office": "example_office", "kind": "municipal_department", **said_in_all("name", "starting_office")}
    rows: dict[str, list[dict[str, object]]] = {
        "domains": [{"domain": "example", "no": 1} | said_in_all("name", "starting_domain")],
        "indicators": indicators, "offices": [office], "tasks": [], "milestones": [], "phases": [],
    }  # fmt: skip
    tables = {f"{table}.csv": table_bytes(contract_of(table).columns, each) for table, each in rows.items()}
    return {"scheme.toml": _identity(name, region)} | tables


def _identity(name: str, region: str) -> bytes:
    facts = {
        "id": name, **said_in_all("name", "starting_name", name=name), "number": "",
        **said_in_all("issuer", "starting_issuer"), "issued": today(), "published": today(),
        "source_id": f"scheme_{name}", "target_year": this_year() + AHEAD,
        "weights": "equal", "regions": [region], **said_in_all("note", "starting_note"),
    }  # fmt: skip
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in facts.items()).encode("utf-8")
