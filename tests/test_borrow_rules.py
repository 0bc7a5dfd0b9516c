"""``borrow``: which donor lends, which may not, and what is said of it."""

import pytest

from xk.arithmetic.scenario import Scenario
from xk.bench import Question, results_of, words_of
from xk.contracts.borrow_rules import borrow_faults, donor_for, read_borrow
from xk.exhibits.assumption_words import assumptions
from xk.readers import read_store

RULES = {"": "china", "economy": "guangdong", "gdp_per_capita": "none"}


@pytest.mark.parametrize(
    ("indicator", "domain", "donor"),
    [("gdp_per_capita", "economy", "none"), ("lawyers", "economy", "guangdong"), ("lawyers", "democracy", "china")],
)
def test_a_line_goes_before_its_domain_and_that_before_all(indicator: str, domain: str, donor: str) -> None:
    assert donor_for(RULES, indicator, domain) == donor


def test_nothing_is_named_for_a_line_that_no_rule_is_about() -> None:
    assert donor_for({"economy": "china"}, "lawyers", "democracy") is None
    assert read_borrow(None) == {}
    assert read_borrow("none") == {"": "none"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("chna", "unknown region 'chna'; did you mean 'china'?"),
        ({"gdp": "china"}, "unknown indicator or domain 'gdp'"),
        ({"gdp_per_capita": 3}, "3 is no region"),
        ({}, "{} names no donor"),
        (["china"], "['china'] names no donor"),
    ],
)
def test_a_donor_that_cannot_be_is_refused(given: object, said: str) -> None:
    (fault,) = borrow_faults(given, "scheme.toml", names=["gdp_per_capita", "economy"], regions=["china"])
    assert said in str(fault)


@pytest.mark.parametrize(("donor", "region", "kind"), [("none", "", "none"), ("china", "china", "borrowed")])
def test_a_scenario_names_the_donor_of_a_line_and_says_so(donor: str, region: str, kind: str) -> None:
    """The plan's line 6 has one figure; without the scenario Guangdong lends it its trend."""
    store, line = read_store(), "rd_expenditure_intensity"
    asked = Question(scenario={"name": "other", "borrow": {line: donor}}, lang="en")
    results = results_of(asked, store)
    assert results.reference is not None
    assert (results.reference.line(line).trend.region, results.line("6").trend.region) == ("guangdong", region)
    assert results.line(line).trend.kind == kind
    said = {"none": "borrow no trend where figures are too few", "china": "borrow the trend of China alone"}
    words = words_of(asked, store, results)
    assert said[donor] in assumptions(words)[0]
    if donor == "none":
        assert words.reason(results.line(line).verdict.why, results.line(line)).startswith(
            "only 1 year of figures, and"
        )


def test_donors_are_among_the_regions_whose_figures_are_read() -> None:
    assert Scenario("s", borrow={"": "none", "x": "china"}).named_regions() == ["china"]
