"""Commands on what users bring: begin a project, add figures, keep another name."""

import shlex
from argparse import Namespace
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd

from xk import readers
from xk.bench import Question
from xk.contracts.records import records
from xk.errors import Fault, InputError, UsageError
from xk.pipeline.figures import Figure, figures_of, level_figures, read_figures
from xk.readers.adding import add_reading, source_of
from xk.readers.changing import changing
from xk.readers.naming import fold
from xk.readers.own_aliases import check_alias, confirm_alias, remove_alias
from xk.readers.plausibility import fewer_than_last
from xk.readers.starting import EXAMPLE, start_project, start_scheme
from xk.readers.templates import Asked, offices_asked, template_bytes
from xk.running.cli.tables import judge_planned, own_folders, said_left_out
from xk.vocab import LANGUAGES, NAMED, text

SURELY_NEAR = 0.75
"""How like a name a text of no said kind must be for it to be proposed."""
UNWRITTEN = "nothing was written"


def run_init(asked: Namespace) -> int:
    """Lay out a project folder and say what to do next."""
    folder = Path(asked.folder)
    from xk.running.report.dictionary import PAGES, dictionary_page  # takes the workbook along

    pages = {page: dictionary_page(lang).encode() for lang, page in PAGES.items()}
    start_project(folder, scheme=Question.scheme, lang=asked.lang, pages=pages)
    for lang in LANGUAGES:
        print(text("init_done", lang, folder=readers.shown(folder), example=EXAMPLE, asked=shlex.quote(asked.folder)))
    return 0


def run_add(asked: Namespace) -> int:
    """Add what stands in files to data/raw, with its source; all or nothing."""
    with changing(readers.find_root()):
        return _add(asked)


def _add(asked: Namespace) -> int:
    store = readers.read_store()
    names = readers.read_names(store)
    source = source_of(asked.source, vintage=asked.vintage, paths=asked.files)
    region = names.slug("region", asked.region) if asked.region else ""
    reading = readers.read_files(asked.files, store=store, region=region, scheme=asked.scheme or "")
    if not reading.faults:  # what is refused is not lacking
        reading.remarks += fewer_than_last(reading.rows, store, publisher=source.publisher, title=source.title)
    judge_planned(reading, store, asked.scheme or "")
    print("\n".join(reading.answer()))
    scheme = asked.scheme or reading.scheme or Question.scheme
    try:
        added = add_reading(reading, store, source, scheme=scheme, accept=asked.accept)
    except InputError as error:
        said = [] if str(error).startswith(UNWRITTEN) else [Fault("", None, "", UNWRITTEN)]
        raise InputError([*error.faults, *said]) from None
    for file, count in added.items():
        path = readers.shown(store.root / readers.RAW / file)
        print(f"{path}: {count} rows written", flush=True)  # whatever ends it now
    if not added:
        print("nothing new: data/raw has all of it already")
    elif not asked.vintage:
        print(f"vintage {source.vintage}, the day on which the file was last changed; --vintage says another")
    told = _said_otherwise(store, readers.read_store()) if added else []
    told += said_left_out(reading, store)
    print("".join(f"{one}\n" for one in told), end="")
    return 0


def _said_otherwise(before: readers.Store, after: readers.Store) -> list[str]:
    """Return what was there, what was added, and which now serves, of each figure that was another before."""
    marks = ["series", "year", "vintage"]
    known, rows = (pd.MultiIndex.from_frame(store.vintages[marks]) for store in (before, after))
    new = after.vintages[~rows.isin(known)].sort_values(["indicator", "region", "year"], kind="stable")
    newest = before.observations[["series", "year", "value"]]
    again = len(new.merge(newest, on=["series", "year", "value"]))
    last: dict[tuple[str, str], int] = {}
    for row in records(new):
        last[row["region"], row["indicator"]] = row["year"]  # ascending
    old, now = (_serving(store, last) for store in (before, after))
    said = []
    for row in records(new):
        place = (row["region"], row["indicator"], row["year"])
        if place in old and place in now and old[place].value != row["value"]:
            there, added = f"{old[place].value:.15g} ({old[place].vintage})", f"{row['value']:.15g} ({row['vintage']})"
            serves = f"{now[place].value:.15g} serves as of {last[place[:2]]}"
            said.append(f"{' '.join(map(str, place))}: {there} was there, {added} is added; {serves}")
    as_before = [f"{again} of {len(new)} figures are those that their source gave before, said again"] if again else []
    return as_before + said


def _serving(store: readers.Store, last: Mapping[tuple[str, str], int]) -> dict[tuple[str, str, int], Figure]:
    """Return region, indicator and year -> the figure of the series that gives the level as of the last year."""
    found: dict[tuple[str, str, int], Figure] = {}
    seen = store.observations[store.observations["region"].isin({region for region, _ in last})]
    for scheme in store.schemes.values():
        figures = read_figures(scheme, figures_of(scheme, seen))
        known = [one for one in figures if one.year <= last.get((one.region, one.indicator), 0)]
        for one in level_figures(scheme, known):
            found.setdefault((one.region, one.indicator, one.year), one)
    return found


def run_alias(asked: Namespace) -> int:
    """Keep another name of something known, or forget it."""
    with changing(readers.find_root()):
        return _alias(asked)


def _alias(asked: Namespace) -> int:
    store = readers.read_store()
    if asked.remove == bool(asked.name):
        raise UsageError("give another name and a known one; to forget one: xk alias --remove TEXT")
    if asked.remove:
        print(f"{asked.alias} is no longer {', '.join(remove_alias(asked.alias, root=store.root))}")
        return 0
    names = readers.read_names(store)
    kinds = [asked.kind] if asked.kind else [kind for kind in NAMED if names.sure(kind, asked.name)]
    if len(kinds) != 1:
        told = f"is a {' and a '.join(kinds)}: give --kind" if kinds else _unknown(names, asked.name)
        raise UsageError(f"{asked.name!r} {told}")
    slug = names.slug(kinds[0], asked.name)
    for kind in NAMED:
        if meant := names.sure(kind, asked.alias):
            raise UsageError(f"{asked.alias!r} is known already, as {meant!r}")
    check_alias(kinds[0], asked.alias, names.written(kinds[0], slug))
    path = readers.shown(confirm_alias(kinds[0], slug, asked.alias, root=store.root))
    print(f"{path}: {asked.alias} is {kinds[0]} {slug}; to undo: xk alias --remove {shlex.quote(asked.alias)}")
    return 0


def _unknown(names: readers.Names, name: str) -> str:
    """Return what may have been meant where no kind is said: of the names of all kinds a text is always near some."""
    proposed = [one for kind in NAMED for one in names.find(kind, name).proposals[:1]]
    near = [one for one in proposed if SequenceMatcher(None, fold(name), fold(one)).ratio() >= SURELY_NEAR]
    if near:
        return f"is no known name; did you mean {' or '.join(map(repr, near))}?"
    return f"is no known name; the nearest of one kind: --kind {'|'.join(NAMED)}"


def run_template(asked: Namespace) -> int:
    """Write workbooks to fill in, one for each office where a folder is named; or a programme to begin with."""
    out = Path(asked.output)
    many = out.is_dir() or not out.suffix
    if asked.kind != "scheme" and not many:
        readers.check_output(out, [".xlsx"], inputs=own_folders())
    elif asked.kind != "scheme" and out.is_dir():
        readers.check_output(out / "any.xlsx", [".xlsx"], inputs=own_folders())
    elif asked.kind != "scheme" and out.exists():
        raise UsageError(f"{readers.shown(out)} is no folder; name a folder, or a workbook that ends in .xlsx")
    store = readers.read_store()
    scheme = store.scheme(asked.scheme)
    names = readers.read_names(store).under(scheme.id)
    region = names.slug("region", asked.region) if asked.region else scheme.default_region()
    if asked.kind == "scheme":
        print("\n".join(map(readers.shown, start_scheme(out, store, region=region))))
        print("" if asked.region else f"regions: {region}, as of {scheme.id}; --region names another\n", end="")
        return 0
    office = names.slug("office", asked.office) if asked.office else ""
    each = asked.kind in ("observations", "tasks") and region == scheme.home_region()  # those of no other region
    offices = offices_asked(scheme, asked.kind) if many and each and not office else [office]
    whole = region if asked.kind == "observations" else scheme.id
    for one in offices or [""]:
        path = out / f"{asked.kind}_{one or whole}.xlsx" if many else out
        path.parent.mkdir(parents=True, exist_ok=True)
        readers.write_output(template_bytes(asked.kind, Asked(scheme, region, one, asked.lang), store), path)
        print(readers.shown(path))
    return 0
