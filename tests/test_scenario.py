"""Scenarios: each rule worked out by hand, everything wrong with a scenario told at once, files read from TOML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_up import SmallProject

from xk.arithmetic.scenario import Scenario, build_scenario, scenario_path
from xk.arithmetic.target import Target
from xk.contracts.scenario_rules import RULES
from xk.errors import InputError, UsageError
from xk.readers import read_scenario, read_scheme

YEARS = np.array([2017.0, 2018.0, 2019.0, 2020.0])
REFERENCE = np.array([52.0, 54.0, 56.0, 58.0])
START = (2016, 50.0)
TARGET = Target("positive", value=60.0, year=2020)
INVERSE = Target("inverse", value=30.0, year=2020)
INTERVAL = Target("interval", low=60.0, high=70.0, limit_low=0.0, limit_high=100.0, year=2020)
NAMES: dict[str, Any] = {"indicators": ["gdp", "literacy"], "domains": ["economy", "culture"]}


def path(rule: str, argument: object, **changes: Any) -> list[float]:
    asked: dict[str, Any] = {"reference": REFERENCE, "target": TARGET} | changes
    start = asked.pop("start", START)
    return [round(float(x), 6) for x in scenario_path((rule, argument), start, YEARS, **asked)]


@pytest.mark.parametrize(
    ("rule", "argument", "values"),
    [
        ("growth", 10, [55, 60.5, 66.55, 73.205]),  # 50 * 1.1 ** n
        ("growth", -50, [25, 12.5, 6.25, 3.125]),
        ("growth", 0, [50, 50, 50, 50]),
        ("change", 3, [53, 56, 59, 62]),
        ("change", -0.5, [49.5, 49, 48.5, 48]),
        ("halt", True, [50, 50, 50, 50]),
        ("level", {"2018": 60}, [55, 60, 60, 60]),  # a line to the point, flat after it
        ("level", {2020: 58, 2018: 60}, [55, 60, 59, 58]),
        ("accelerate", {"factor": 2, "from": 2018}, [52, 54, 58, 62]),  # 54 + 2 * (56 - 54), 54 + 2 * (58 - 54)
        ("accelerate", {"factor": 0, "from": 2018}, [52, 54, 54, 54]),
        ("accelerate", {"factor": 1, "from": 2018}, [52, 54, 56, 58]),
        ("accelerate", {"factor": 2, "from": 2010}, [54, 58, 62, 66]),  # from the last observation on
        ("accelerate", {"factor": 2, "from": 2020}, [52, 54, 56, 58]),
        ("delay", 0, [52, 54, 56, 58]),
        ("delay", 1, [50, 52, 54, 56]),
        ("delay", 9, [50, 50, 50, 50]),
        ("delay", 0.5, [51, 53, 55, 57]),
        ("reach", True, [52.5, 55, 57.5, 60]),
    ],
)
def test_every_rule_by_hand(rule: str, argument: object, values: list[float]) -> None:
    assert path(rule, argument) == values


def test_every_rule_is_worked_out_here() -> None:
    marks = test_every_rule_by_hand.pytestmark  # type: ignore[attr-defined]
    assert {case[0] for case in marks[0].args[1]} | {"match"} == set(RULES)


@pytest.mark.parametrize(
    ("target", "start", "values"),
    [
        (INVERSE, (2016, 50.0), [45, 40, 35, 30]),
        (INTERVAL, (2016, 50.0), [52.5, 55, 57.5, 60]),  # the nearer end
        (INTERVAL, (2016, 90.0), [85, 80, 75, 70]),
        (INTERVAL, (2016, 65.0), [65, 65, 65, 65]),
        (TARGET, (2016, 66.0), [66, 66, 66, 66]),  # beyond the target already: no way back
        (INVERSE, (2016, 20.0), [20, 20, 20, 20]),
        (Target("positive", value=60.0, year=2018), START, [55, 60, 60, 60]),  # flat after its year
        (Target("positive", value=60.0, year=2015), START, [60, 60, 60, 60]),  # past: the next year
    ],
)
def test_reach_leads_to_what_is_asked(target: Target, start: tuple[int, float], values: list[float]) -> None:
    assert path("reach", True, target=target, start=start) == values


def test_reach_needs_a_target() -> None:
    with pytest.raises(UsageError, match="reach needs an indicator with a target value"):
        path("reach", True, target=Target("positive"))


def test_a_level_in_a_year_already_observed_is_refused() -> None:
    with pytest.raises(UsageError, match="level of 2016 is not after the last observation, 2016"):
        path("level", {"2016": 60, "2018": 70})


def test_match_takes_the_path_at_the_other_pace() -> None:
    assert path("match", "guangdong", matched=np.array([51.0, 52.0, 53.0, np.nan]))[:3] == [51, 52, 53]
    for nothing in (None, np.full(4, np.nan)):
        with pytest.raises(UsageError, match="there is no path of guangdong to match"):
            path("match", "guangdong", matched=nothing)


def test_without_a_reference_only_its_changes_are_unknown() -> None:
    nothing = np.full(4, np.nan)
    assert path("growth", 10, reference=nothing) == [55, 60.5, 66.55, 73.205]
    assert np.isnan(path("accelerate", {"factor": 2, "from": 2018}, reference=nothing)).all()
    assert np.isnan(path("delay", 1, reference=nothing)[1:]).all()


def test_arguments_are_left_alone() -> None:
    before = REFERENCE.copy()
    path("accelerate", {"factor": 2, "from": 2018})
    assert (before == REFERENCE).all()


def build(**content: Any) -> Scenario:
    return build_scenario(content, regions=["china", "guangdong"], **NAMES)


def test_an_indicators_own_rule_goes_before_its_domains() -> None:
    scenario = build(
        name="push", title_zh="提速", indicators={"gdp": {"growth": 8}}, domains={"economy": {"halt": True}}
    )
    assert scenario.rule_of("gdp", "economy") == ("growth", 8)
    assert scenario.rule_of("jobs", "economy") == ("halt", True)
    assert scenario.rule_of("literacy", "culture") is None
    assert (scenario.titles["zh"], scenario.titles["en"]) == ("提速", "提速")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"indicator": {"gdp": {"halt": True}}}, r"unknown key; did you mean 'indicators'\?"),
        ({"indicators": {"gpd": {"halt": True}}}, r"unknown indicator 'gpd'; did you mean 'gdp'\?"),
        ({"domains": {"econmy": {"halt": True}}}, r"unknown domain 'econmy'; did you mean 'economy'\?"),
        ({"indicators": {"gdp": {"grwoth": 3}}}, r"unknown rule 'grwoth'; did you mean 'growth'\?"),
        ({"indicators": {"gdp": {"growth": 3, "halt": True}}}, "needs exactly one rule, not 2"),
        ({"indicators": {"gdp": {}}}, "needs exactly one rule, not 0"),
        ({"indicators": {"gdp": 3}}, "3 is no rule"),
        ({"indicators": ["gdp"]}, "is no table"),
        ({"indicators": {"gdp": {"growth": "3"}}}, "growth: '3' cannot be"),
        ({"indicators": {"gdp": {"growth": True}}}, "growth: True cannot be"),
        ({"indicators": {"gdp": {"growth": float("nan")}}}, "growth: nan cannot be"),
        ({"indicators": {"gdp": {"growth": -100}}}, "growth: -100 cannot be"),
        ({"indicators": {"gdp": {"change": float("inf")}}}, "change: inf cannot be"),
        ({"indicators": {"gdp": {"delay": -1}}}, "delay: -1 cannot be"),
        ({"indicators": {"gdp": {"growth": 1e300}}}, "growth: 1e.300 cannot be; .* above -100 and at most 1,000"),
        ({"indicators": {"gdp": {"growth": 10**400}}}, "growth: 1000*"),
        ({"indicators": {"gdp": {"change": -1e308}}}, "change: -1e.308 cannot be; .* of at most 1e.15"),
        ({"indicators": {"gdp": {"level": {"2018": 1e300}}}}, "level: .* cannot be; .* none beyond 1e.15"),
        ({"indicators": {"gdp": {"delay": 1e9}}}, "delay: .* cannot be; .* from 0 to 100"),
        ({"indicators": {"gdp": {"accelerate": {"factor": 1e308, "from": 2017}}}}, "accelerate: .* from 0 to 1,000"),
        ({"indicators": {"gdp": {"halt": False}}}, "halt: False cannot be; write halt = true"),
        ({"indicators": {"gdp": {"reach": 1}}}, "reach: 1 cannot be; write reach = true"),
        ({"indicators": {"gdp": {"level": {}}}}, "level: {} cannot be"),
        ({"indicators": {"gdp": {"level": {"soon": 3}}}}, "level: .* cannot be; write level = pairs of year and value"),
        ({"indicators": {"gdp": {"level": {"20180": 3}}}}, "level: .* cannot be"),
        ({"indicators": {"gdp": {"level": {"2018": "x"}}}}, "level: .* cannot be"),
        ({"domains": {"economy": {"level": {"2018": 3}}}}, "level: indicators of a domain have no common unit"),
        ({"indicators": {"gdp": {"accelerate": 2}}}, "accelerate: 2 cannot be"),
        ({"indicators": {"gdp": {"accelerate": {"factor": 2}}}}, "accelerate: .* cannot be"),
        ({"indicators": {"gdp": {"accelerate": {"factor": 2, "form": 2018}}}}, "accelerate: .* cannot be"),
        ({"indicators": {"gdp": {"accelerate": {"factor": -1, "from": 2018}}}}, "accelerate: .* cannot be"),
        ({"indicators": {"gdp": {"match": "guandong"}}}, r"unknown region 'guandong'; did you mean 'guangdong'\?"),
        ({"indicators": {"gdp": {"match": True}}}, "match: True is no region"),
        ({"name": "x"}, "has no rule"),
        ({}, "has no rule"),
        ({"name": "reference", "indicators": {"gdp": {"halt": True}}}, "'reference' is no name for a scenario"),
        ({"name": "攻坚", "indicators": {"gdp": {"halt": True}}}, "'攻坚' is no name for a scenario"),
        ({"title_zh": 3, "indicators": {"gdp": {"halt": True}}}, "3 is no text"),
    ],
)
def test_a_wrong_scenario_is_refused(content: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        build(**content)


BOUNDS = {"gdp": (float("nan"), float("nan")), "literacy": (0.0, 100.0)}


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ({"2018": 99, "2020": 160}, "level: 160 in 2020 is above the natural bound of 100; give a level not above 100"),
        ({"2020": -1}, "level: -1 in 2020 is below the natural bound of 0; give a level not below 0"),
    ],
)
def test_a_level_beyond_natural_bounds_is_refused(levels: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        build_scenario({"indicators": {"literacy": {"level": levels}}}, bounds=BOUNDS, **NAMES)


def test_a_level_at_a_bound_or_without_one_is_taken() -> None:
    levels = {"literacy": {"level": {"2018": 0, "2020": 100}}, "gdp": {"level": {"2020": 160}}}
    assert build_scenario({"indicators": levels}, bounds=BOUNDS, **NAMES).indicators == levels


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        build(nmae="x", indicators={"gpd": {"halt": True}, "gdp": {"grow": 1}}, domains={"economy": {"delay": -1}})
    assert str(caught.value).count("\n") == 3


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a scenario and gives its path."""

    def make(text: str) -> Path:
        file = tmp_path / "scenario.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return make


HEAD = 'name = "push"\ntitle_zh = "提速"\ntitle_en = "Push"\n'


def test_regions_to_keep_pace_with_are_those_of_the_rule_match() -> None:
    rules = {"a": {"match": "china"}, "b": {"halt": True}}
    assert Scenario("s", indicators=rules, domains={"d": {"match": "guangdong"}}).named_regions() == [
        "china",
        "guangdong",
    ]


def test_a_file_gives_what_a_scenario_is_built_from(made: Callable[[str], Path]) -> None:
    content = read_scenario(
        made(
            HEAD
            + "[indicators.gdp]\ngrowth = 8.0\n[indicators.literacy.level]\n2018 = 99\n"
            + "[domains.economy]\nreach = true\n"
        )
    )
    scenario = build_scenario(content, **NAMES)
    assert scenario.rule_of("literacy", "culture") == ("level", {"2018": 99})
    assert scenario.titles == {"zh": "提速", "en": "Push"}


def test_a_title_in_one_language_is_enough_and_without_any_it_is_told(made: Callable[[str], Path]) -> None:
    rule = "[indicators.gdp]\ngrowth = 8.0\n"
    content = read_scenario(made('name = "push"\ntitle_en = "Push"\n' + rule))
    assert build_scenario(content, **NAMES).titles == {"zh": "Push", "en": "Push"}
    with pytest.raises(InputError, match="column 'title_zh': is missing; write title_zh or title_en = '...' in"):
        read_scenario(made('name = "push"\n' + rule))


def test_all_faults_of_a_file_are_told_with_their_lines(
    made: Callable[[str], Path], small_project: SmallProject
) -> None:
    scheme = read_scheme("national-2013", root=small_project.root)
    text = (
        'name = "push"\ntitle_zh = "提速"\ntitel_en = "Push"\n\n[indicators.gdp_per_capta]\ngrowth = 8.0\n\n'
        "[domains]\neconomy = { delay = -1 }\n[indicators.services_share_of_gdp]\nmatch = 'guandong'\n"
    )
    with pytest.raises(InputError) as caught:
        read_scenario(made(text), scheme=scheme, regions=["china", "guangdong"])
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (3, "titel_en"),
        (5, "gdp_per_capta"),
        (10, "services_share_of_gdp"),
        (9, "economy"),
    ]
    assert all(fault.file.endswith("scenario.toml") and fault.remedy for fault in caught.value.faults)


def test_a_level_beyond_bounds_is_told_with_file_and_line(
    made: Callable[[str], Path], small_project: SmallProject
) -> None:
    scheme = read_scheme("national-2013", root=small_project.root)
    share = HEAD + "[indicators.services_share_of_gdp]\nlevel = { 2020 = 160 }\n"
    with pytest.raises(
        InputError, match=r"scenario\.toml:4: column 'services_share_of_gdp': level: 160 in 2020 is above"
    ):
        read_scenario(made(share), scheme=scheme)


def test_unreadable_files_are_told(made: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"scenario\.toml:2: is no TOML"):
        read_scenario(made('name = "x"\n[indicators.gdp\n'))
    with pytest.raises(InputError, match=r"scenario\.toml: is no TOML \(maximum recursion depth exceeded"):
        read_scenario(made("a = " + "[" * 100_000))
    with pytest.raises(InputError, match=r"none\.toml: there is no such file; mend the path"):
        read_scenario(tmp_path / "none.toml")
    with pytest.raises(InputError, match="is a folder, not a file"):
        read_scenario(tmp_path)
    (tmp_path / "gbk.toml").write_bytes('name = "提速"'.encode("gbk"))
    with pytest.raises(InputError, match="is not UTF-8"):
        read_scenario(tmp_path / "gbk.toml")


def test_the_examples_that_come_along_are_sound(root: Path) -> None:
    scheme = read_scheme("yunfu-2020", root=root)
    files = sorted((root / "data" / "raw" / "scenarios").glob("*.toml"))
    assert len(files) >= 2
    for file in files:
        content = read_scenario(file, scheme=scheme)
        known = {"indicators": scheme.indicators["indicator"], "domains": scheme.domain_names()}
        assert build_scenario(content, **known).name == file.stem
