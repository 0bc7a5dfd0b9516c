"""A contract that a wrong table cannot pass: every fault of every table at once, with file, line, column, remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from made_up import SmallProject

from xk.errors import Fault, InputError, UsageError
from xk.readers import read_everything, read_scheme, read_store
from xk.readers.schemes import read_common
from xk.running.cli import main

SCHEME = SmallProject.SCHEME
INDICATORS = f"{SCHEME}/indicators.csv"
CHINA = "observations/china.csv"
Said = tuple[str, int | None, str, str]
Case = tuple[str, int, dict[str, str], str, str, str]
"""Table, line that is repeated, cells that are changed; column, message and remedy of the fault."""


def faults_of(project: SmallProject) -> list[Fault]:
    """Return all faults after the change has been registered."""
    project.register()
    return read_everything(project.root)[1]


def said(project: SmallProject) -> list[Said]:
    """Return file (below data/raw), line, column and message of all faults; each must have a remedy."""
    faults = faults_of(project)
    assert all(fault.remedy for fault in faults)
    raw = f"{project.raw.as_posix()}/"
    return [(fault.file.removeprefix(raw), fault.row, fault.column, fault.message) for fault in faults]


def test_the_sound_tables_have_no_faults(small_project: SmallProject) -> None:
    assert faults_of(small_project) == []
    scheme = read_scheme("national-2013", root=small_project.root)
    assert len(scheme.indicators) == 33
    assert scheme.indicators["weight"].sum() == pytest.approx(81)


WRONG_INDICATORS: list[tuple[dict[str, str], str, str, str]] = [
    ({"direction": "positiv"}, "direction", "unknown word 'positiv'", "use one of positive, inverse, interval"),
    ({"target_value": ""}, "target_value", "is empty though the row claims a target for its target_year", "give"),
    (
        {"target_value": "", "baseline_value": "90", "baseline_year": "2010", "baseline_kind": "observed"},
        "target_value",
        "is empty though the row claims a target for its target_year",
        "empty target_year where the programme sets none",
    ),
    ({"target_value": "abc"}, "target_value", "'abc' is not a number", "plain number"),
    ({"target_year": ""}, "target_year", "is empty though there is a target", "give it"),
    ({"target_year": "1066"}, "target_year", "1066 is out of range", "from 1900 to 2200"),
    ({"target_year": "2020.5"}, "target_year", "'2020.5' is not a whole number", "without a fraction"),
    ({"baseline_value": "40"}, "baseline_value", "baseline_value and baseline_year go together", "both or neither"),
    (
        {"baseline_value": "40", "baseline_kind": "observed", "baseline_year": "2020"},
        "baseline_year",
        "baseline_year is not before target_year",
        "mend",
    ),
    ({"hold_from": "2019", "hold_to": "2017"}, "hold_to", "hold_from is after hold_to", "swap"),
    ({"target_value": "470"}, "target_value", "lies outside the natural bounds", "bounds"),
    ({"lower_bound": "100"}, "lower_bound", "lower_bound is not below upper_bound", "swap"),
    ({"domain": "econmy"}, "domain", "unknown domain 'econmy'", "did you mean 'economy'?"),
    ({"unit": "％"}, "unit", "unknown unit of measure '％'", "known: %"),
    (
        {"unit": "t CO2e"},
        "unit",
        "unknown unit of measure 't CO2e'",
        "; a new one: a line in data/raw/measures.csv, then",
    ),
    ({"unit": "yuan"}, "unit", "unknown unit of measure 'yuan'", "write '元'"),
    ({"price_base": "constant"}, "price_base", "unknown price base 'constant'", "use a year, current"),
    (
        {"lead_offices": "national_bureau"},
        "lead_offices",
        "unknown responsible office 'national_bureau'",
        "none is known",
    ),
    ({"parent": "gdp_per_capita"}, "parent", "unknown composite parent 'gdp_per_capita'", "known: "),
    ({"comparable": "maybe"}, "comparable", "unknown word 'maybe'", "use one of yes, no"),
    ({"name_zh": "", "name_en": " "}, "name_zh", "is empty", "fill it in"),
    ({"indicator": "Services Share"}, "indicator", "'Services Share' is no slug", "lower-case ASCII"),
    ({"no": "1"}, "no", "no 1 stands in line 2 already", "keep one of the two"),
    ({"target_value": "0"}, "target_value", "a positive target is not above 0", "give one above 0"),
    ({"direction": "interval", "target_value": "", "target_year": ""}, "target_low", "without", "give both ends"),
    ({"parent": "public_safety_index"}, "domain", "is in 'economy', but public_safety_index in", "write"),
    ({"target_stretch": "900"}, "target_stretch", "lies outside the natural bounds", "mend"),
    ({"target_stretch": "46"}, "target_stretch", "is not beyond target_value", ""),
    ({"hold_from": "1950", "hold_to": "1960"}, "hold_to", "is before target_year", "mend one of the two"),
]
WRONG: list[Case] = [
    *((INDICATORS, 3, *case) for case in WRONG_INDICATORS),
    (INDICATORS, 13, {"indicator": "x", "parent": "x"}, "parent", "is its own parent", "leave it empty"),
    (INDICATORS, 13, {"parent": "public_transport_service_index"}, "parent", "a composite is part of a composite", ""),
    (f"{SCHEME}/domains.csv", 2, {"domain": "index"}, "domain", "'index' is the name of something else", ""),
]


@pytest.fixture(scope="module")
def wrong(sound_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list[Fault]]:
    """Return the faults of every row of `WRONG`: all of them are in one programme, behind the rows that are right."""
    project = SmallProject(shutil.copytree(sound_tables, tmp_path_factory.mktemp("wrong") / "project"))
    lines = []
    for number, (table, line, cells, *_) in enumerate(WRONG):
        fresh = {"indicator": f"new_{number}", "no": f"new {number}"} if table == INDICATORS else {}
        lines.append((table, project.repeat(table, line, **fresh | cells)))
    with pytest.raises(InputError) as caught:
        read_scheme("national-2013", root=project.root)
    return [
        [one for one in caught.value.faults if one.row == line and one.file.endswith(table)] for table, line in lines
    ]


@pytest.mark.parametrize(("number", "case"), list(enumerate(WRONG)))
def test_a_wrong_row_is_told(wrong: list[list[Fault]], number: int, case: Case) -> None:
    *_, column, message, remedy = case
    found = [fault for fault in wrong[number] if fault.column == column and message in fault.message]
    assert found, [str(fault) for fault in wrong[number]]
    assert remedy in found[0].remedy


def test_an_interval_needs_both_ends_within_its_limits(small_project: SmallProject) -> None:
    small_project.put(INDICATORS, 3, direction="interval", target_low="40")
    small_project.put(
        INDICATORS, 4, direction="interval", target_low="9", target_high="5", limit_low="10", limit_high="7"
    )
    found = {(line, column) for file, line, column, _ in said(small_project) if file == INDICATORS}
    assert {(3, "target_low"), (4, "target_high"), (4, "limit_low")} <= found


def test_duplicate_indicator(small_project: SmallProject) -> None:
    line = small_project.repeat(INDICATORS, 3, no="99", weight="0")
    message = "indicator services_share_of_gdp stands in line 3 already"
    assert (INDICATORS, line, "indicator", message) in said(small_project)


def test_weights_must_sum_to_those_of_domains_and_programme(small_project: SmallProject) -> None:
    small_project.put(INDICATORS, 3, weight="3")
    assert said(small_project) == [
        (f"{SCHEME}/domains.csv", 2, "weight", "weights of economy sum to 23, above its own 22"),
        (INDICATORS, None, "weight", "weights sum to 82, not 81"),
    ]


def test_the_whole_weight_is_that_of_the_domains(small_project: SmallProject) -> None:
    # 81 of 100 points were read; 19 more of the domain of resources and environment were not: 3 of 22
    scheme = read_scheme("national-2013", root=small_project.raw.parents[1])
    assert scheme.unread_weights() == {"environment": 19}
    small_project.put(f"{SCHEME}/domains.csv", 6, weight="21")
    message = "weights of the domains sum to 99, not to weights_total 100"
    assert said(small_project) == [(f"{SCHEME}/domains.csv", None, "weight", message)]
    small_project.replace(f"{SCHEME}/scheme.toml", "weights_total = 100.0", "weights_total = 80.0")
    message = "weights_total is 80, weights_sum 81"
    assert said(small_project) == [(f"{SCHEME}/domains.csv", None, "weight", message)]
    small_project.replace(f"{SCHEME}/scheme.toml", "weights_total = 80.0\n", "")
    message = "weights of environment sum to 3, not 21"
    assert said(small_project) == [(f"{SCHEME}/domains.csv", 6, "weight", message)]


def test_a_weight_must_be_there_and_not_negative(small_project: SmallProject) -> None:
    small_project.put(INDICATORS, 3, weight="")
    small_project.put(INDICATORS, 4, weight="-1")
    found = {(line, column, message) for _, line, column, message in said(small_project)}
    assert {(3, "weight", "is empty though weights are given"), (4, "weight", "-1.0 is negative")} <= found


def test_every_wrong_cell_makes_its_fault_and_no_other(small_project: SmallProject) -> None:
    series = "china.gdp_per_capita.real2010"
    cells: list[tuple[int, dict[str, str], str]] = [
        (2, {"region": "chna", "series": series}, "unknown region 'chna'"),
        (3, {"unit": "万元"}, f"'万元' differs from '元' of {series}"),
        (4, {"price_base": "2015"}, f"'2015' differs from '2010' of {series}"),
        (5, {"price_base": ""}, "is empty"),
        (6, {"year": "3016"}, "3016 is out of range"),
        (7, {"value": "18 498元"}, "'18 498元' is not a number"),
        (8, {"value": ""}, "is empty"),
        (9, {"kind": "guessed"}, "unknown word 'guessed'"),
        (10, {"source_id": "nowhere"}, "unknown source 'nowhere'"),
        (11, {"source_id": ""}, "is empty"),
        (12, {"vintage": "24/11/2026"}, "'24/11/2026' is no date"),
        (13, {"indicator": "gdp_per_capta"}, "unknown indicator 'gdp_per_capta'"),
    ]
    for line, changes, _ in cells:
        small_project.put(CHINA, line, **changes)
    small_project.put("regions.csv", 3, parent="chna")
    small_project.put("measures.csv", 2, name_zh="", name_en="")
    assert said(small_project) == [
        ("measures.csv", 2, "name_zh", "is empty"),
        ("measures.csv", 2, "name_en", "is empty"),
        ("regions.csv", 3, "parent", "unknown region 'chna'"),
        *((CHINA, line, next(iter(changes)), message) for line, changes, message in cells),
    ]


def test_a_duplicate_year_is_told_with_the_first_line(small_project: SmallProject) -> None:
    line = small_project.repeat(CHINA, 2, value="1")
    (fault,) = said(small_project)
    assert fault[:3] == (CHINA, line, "series")
    assert fault[3].endswith("stands in line 2 already")


def test_a_figure_in_two_files_is_told(small_project: SmallProject) -> None:
    small_project.write("observations/more.csv", small_project.read(CHINA)[:1])
    (fault,) = said(small_project)
    assert fault[:3] == ("observations/more.csv", 2, "year")
    assert fault[3].endswith("china.csv:2 already")


def test_a_series_in_another_unit_than_the_programme_is_told(small_project: SmallProject) -> None:
    small_project.put("observations/definitions.csv", 2, unit="个")
    assert ("observations/definitions.csv", 2, "unit") in [fault[:3] for fault in said(small_project)]


def test_faults_of_all_files_come_at_once_in_order_of_lines(small_project: SmallProject) -> None:
    small_project.put(INDICATORS, 5, direction="up")
    small_project.put(INDICATORS, 3, unit="furlong", target_value="abc")
    small_project.put(CHINA, 4, value="abc")
    small_project.put(CHINA, 3, year="1")
    small_project.put("observations/guangdong.csv", 2, kind="guessed")
    small_project.replace(f"{SCHEME}/scheme.toml", "target_year", "target_yaer")
    small_project.register()
    with pytest.raises(InputError) as caught:
        read_store(small_project.root)
    raw = f"{small_project.raw.as_posix()}/"
    found = [(fault.file.removeprefix(raw), fault.row, fault.column) for fault in caught.value.faults]
    expected = {
        (INDICATORS, 5, "direction"),
        (INDICATORS, 3, "unit"),
        (INDICATORS, 3, "target_value"),
        (CHINA, 3, "year"),
        (CHINA, 4, "value"),
        ("observations/guangdong.csv", 2, "kind"),
        (f"{SCHEME}/scheme.toml", None, "target_year"),
        (f"{SCHEME}/scheme.toml", None, "target_yaer"),
    }
    assert expected <= set(found)
    lines = [row or 0 for file, row, _ in found if file == CHINA]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    "cases",
    [
        [
            ('id = "national-2013"', 'id = "national"', "id", "is 'national' in the folder 'national-2013'"),
            ('weights = "given"', 'weights = "some"', "weights", "unknown word 'some'"),
            ("target_year = 2020", 'target_year = "2020"', "target_year", "'2020' is no year"),
            ('issued = "2013"', 'issued = "2013-02-30"', "issued", "'2013-02-30' is no date"),
            ('"guangdong"]', '"guandong"]', "regions", "unknown region 'guandong'"),
            ('name_en = "', 'nmae_en = "', "nmae_en", "unknown key"),
        ],
        [
            ("target_year = 2020", "target_year = 2020\nas_of = 2021", "as_of", "2021 is after target_year, 2020"),
            ('["china", "guangdong"]', '"china"', "regions", "'china' is no list of regions"),
            ("weights_sum = 81.0", 'weights_sum = "hundred"', "weights_sum", "'hundred' is no number above 0"),
            ('issuer_en = "', 'issuer_en = 5 # "', "issuer_en", "5 is no text"),
        ],
        [
            ("target_year = 2020", "target_year = 2020\nas_of = 1066", "as_of", "1066 is no year"),
            ('["china", "guangdong"]', "[]", "regions", "[] is no list of regions"),
            ('weights = "given"', 'weights = ["given"]', "weights", "['given'] is no text"),
        ],
        [
            ("target_year = 2020", "target_year = 20", "target_year", "20 is no year"),
            ('["china", "guangdong"]', '[["china"]]', "regions", "[['china']] is no list of regions"),
        ],
        [('["china", "guangdong"]', '["china", "china"]', "regions", "'china' stands twice")],
    ],
)
def test_a_wrong_identity_is_told(small_project: SmallProject, cases: list[tuple[str, str, str, str]]) -> None:
    for old, new, *_ in cases:
        small_project.replace(f"{SCHEME}/scheme.toml", old, new)
    told = said(small_project)
    for *_, column, message in cases:
        assert (f"{SCHEME}/scheme.toml", None, column, message) in told


def test_broken_toml_is_told_with_its_line(small_project: SmallProject) -> None:
    small_project.replace(f"{SCHEME}/scheme.toml", 'name_zh = "', "name_zh = ")
    (fault,) = [fault for fault in faults_of(small_project) if fault.file.endswith("scheme.toml")]
    assert fault.row == 2
    assert fault.message.startswith("is no TOML")


@pytest.mark.parametrize(
    ("file", "more", "message"),
    [
        (CHINA, b"\xff", "is not UTF-8"),
        (CHINA, b"a\0\n", "has a NUL character"),
        (INDICATORS, b"\xff", "is not UTF-8"),
        (f"{SCHEME}/scheme.toml", b"\xff", "is not UTF-8"),
        (f"{SCHEME}/scheme.toml", b"a\n", "is no TOML"),
    ],
)
def test_of_a_file_that_cannot_be_read_nothing_else_is_said(
    small_project: SmallProject, file: str, more: bytes, message: str
) -> None:
    """That it has no rows would be untrue, and what its weights sum to is not known."""
    path = small_project.raw / file
    path.write_bytes(path.read_bytes() + more)
    told = [fault for fault in faults_of(small_project) if Path(file).parent.as_posix() in fault.file]
    (fault,) = [one for one in told if "definitions" not in one.file]  # these name its indicators
    assert fault.file.endswith(file) and fault.message.startswith(message)
    assert ("CSV" in fault.remedy) == file.endswith(".csv")


@pytest.mark.parametrize("name", ["indicators.csv", "domains.csv", "scheme.toml"])
def test_a_missing_file_of_a_programme_is_told(small_project: SmallProject, name: str) -> None:
    (small_project.raw / SCHEME / name).unlink()
    assert (f"{SCHEME}/{name}", None, "", "there is no such file") in said(small_project)


def test_tables_without_rows_may_be_left_out(small_project: SmallProject) -> None:
    for name in ("offices", "tasks", "milestones", "phases"):
        (small_project.raw / SCHEME / f"{name}.csv").unlink()
    small_project.register()
    assert said(small_project) == []


def test_an_unknown_column_is_told_with_the_right_one(small_project: SmallProject) -> None:
    small_project.replace(INDICATORS, "target_value", "target_valeu")
    faults = [fault for fault in faults_of(small_project) if fault.file.endswith(INDICATORS)]
    assert [(fault.row, fault.column, fault.message, fault.remedy) for fault in faults] == [
        (1, "target_valeu", "unknown column", "did you mean 'target_value'?"),
        (1, "target_value", "column is missing", "add the column 'target_value'"),
    ]


def test_a_programme_without_indicators_is_told(small_project: SmallProject) -> None:
    small_project.write(INDICATORS, small_project.read(INDICATORS)[:0])
    assert (INDICATORS, None, "", "has no rows") in said(small_project)


def test_two_programmes_may_not_measure_a_slug_in_two_units(small_project: SmallProject) -> None:
    other = "schemes/other-2013"
    (small_project.raw / SCHEME).rename(small_project.raw / "schemes" / "kept")
    for folder, name in ((other, "other-2013"), (SCHEME, "national-2013")):
        target = small_project.raw / folder
        target.mkdir()
        for path in (small_project.raw / "schemes" / "kept").iterdir():
            text = path.read_text(encoding="utf-8").replace('id = "national-2013"', f'id = "{name}"')
            (target / path.name).write_text(text, encoding="utf-8")
    for path in (small_project.raw / "schemes" / "kept").iterdir():
        path.unlink()
    (small_project.raw / "schemes" / "kept").rmdir()
    assert faults_of(small_project) == []
    small_project.put(f"{other}/indicators.csv", 3, unit="个")
    (fault,) = said(small_project)
    assert fault[3].startswith("services_share_of_gdp is in '个' under other-2013, but in '%' under national-2013")


def test_an_unknown_programme_is_refused_with_the_nearest(small_project: SmallProject) -> None:
    with pytest.raises(UsageError, match="unknown scheme 'national-2031'; did you mean 'national-2013'"):
        read_scheme("national-2031", root=small_project.root)
    with pytest.raises(UsageError, match="unknown scheme 'nation'"):
        read_store(small_project.root).scheme("nation")


def test_a_programme_is_refused_where_the_common_tables_are_broken(small_project: SmallProject) -> None:
    small_project.put("measures.csv", 2, name_zh="", name_en="")
    with pytest.raises(InputError, match=r"measures\.csv:2: column 'name_zh': is empty"):
        read_scheme("national-2013", root=small_project.root)


def test_a_programme_may_lie_anywhere(small_project: SmallProject) -> None:
    folder = small_project.root / "national-2013"
    (small_project.raw / SCHEME).rename(folder)
    assert read_scheme(folder, root=small_project.root).id == "national-2013"


@pytest.mark.parametrize(
    ("line", "parent", "message"),
    [(3, "guangdong", "is its own parent"), (2, "yunfu", "lies in itself: china < yunfu < guangdong < china")],
)
def test_a_region_lies_in_another(small_project: SmallProject, line: int, parent: str, message: str) -> None:
    small_project.put("regions.csv", line, parent=parent)
    faults = read_common(small_project.raw)[2]
    assert message in [fault.message for fault in faults if (fault.row, fault.column) == (line, "parent")]


def test_an_interval_lies_within_the_natural_bounds(small_project: SmallProject) -> None:
    ends = {"target_low": "150", "target_high": "160", "limit_low": "140", "limit_high": "170"}
    small_project.put(INDICATORS, 3, direction="interval", target_value="", **ends)
    assert said(small_project) == [
        (INDICATORS, 3, "target_low", "the interval or its limits lie outside the natural bounds")
    ]


def test_parents_in_a_circle_are_told(small_project: SmallProject) -> None:
    small_project.put(INDICATORS, 3, direction="composite", parent="gdp_per_capita", target_value="", target_year="")
    small_project.put(
        INDICATORS, 2, direction="composite", parent="services_share_of_gdp", target_value="", target_year=""
    )
    told = [fault for fault in said(small_project) if fault[2] == "parent"]
    assert told == [(INDICATORS, line, "parent", "a composite is part of a composite") for line in (2, 3)]


def test_a_domain_needs_an_indicator_that_weighs(small_project: SmallProject) -> None:
    domains = f"{SCHEME}/domains.csv"
    line = small_project.repeat(domains, 2, domain="leisure", no="6", weight="")
    rows = small_project.read(INDICATORS)
    rows.loc[rows["domain"] == "environment", "weight"] = "0"
    small_project.write(INDICATORS, rows)
    small_project.put(domains, 6, weight="0")
    small_project.replace(f"{SCHEME}/scheme.toml", "weights_sum = 81.0\nweights_total = 100.0", "weights_sum = 78")
    assert said(small_project) == [
        (domains, 6, "domain", "all indicators of environment weigh 0"),
        (domains, line, "domain", "leisure has no indicators"),
    ]


def test_an_official_planned_value_lies_within_the_natural_bounds(small_project: SmallProject) -> None:
    path = small_project.raw / SCHEME / "schedule.csv"
    path.write_text("indicator,year,planned_value\nservices_share_of_gdp,2018,500\n", encoding="utf-8")
    assert said(small_project) == [
        (f"{SCHEME}/schedule.csv", 2, "planned_value", "500 lies outside the natural bounds of services_share_of_gdp")
    ]


def test_what_check_passes_can_be_built_and_scored(
    small_project: SmallProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the edge of what is allowed: a target of 0, an interval, a stretch, parts, weights of 0, a schedule."""
    ends = {"target_low": "40", "target_high": "40", "limit_low": "40", "limit_high": "40"}
    small_project.put(INDICATORS, 3, direction="interval", target_value="", **ends)
    small_project.put(INDICATORS, 4, direction="inverse", target_value="0")
    small_project.put(INDICATORS, 5, target_stretch="3", hold_from="2020", hold_to="2020")
    line = small_project.repeat(INDICATORS, 9, indicator="part", no="12.1", parent="public_safety_index", weight="")
    small_project.put(INDICATORS, line, domain="democracy")
    small_project.repeat(INDICATORS, line, indicator="other_part", no="12.2", weight="0")
    both = small_project.read(INDICATORS)["weight"][7:9].astype(float).sum()
    small_project.put(INDICATORS, 9, weight=str(both))
    small_project.put(INDICATORS, 10, weight="0")
    small_project.put(INDICATORS, 2, target_value="", target_year="")
    schedule = small_project.raw / SCHEME / "schedule.csv"
    schedule.write_text("indicator,year,planned_value\nrd_expenditure_intensity,1900,0\n", encoding="utf-8")
    assert said(small_project) == []
    monkeypatch.chdir(small_project.root)
    assert main(["check"]) == 0
    assert main(["build"]) == 0, capsys.readouterr().err
    for region in ("china", "guangdong", "yunfu", "luoding"):
        asked = ["--scheme", "national-2013", "--region", region]
        assert main(["score", *asked, "-o", f"{region}.csv"]) == 0, capsys.readouterr().err


def test_a_programme_is_judged_once_until_it_changes(small_project: SmallProject) -> None:
    name = SmallProject.SCHEME.partition("/")[2]
    first = read_scheme(name, root=small_project.root)
    assert read_scheme(name, root=small_project.root) is first
    small_project.put(f"{SmallProject.SCHEME}/indicators.csv", 2, name_en="Another name")
    assert read_scheme(name, root=small_project.root).indicators["name_en"].iloc[0] == "Another name"
