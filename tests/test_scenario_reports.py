"""Reports of scenarios: reasons that name the assumption, the reference beside it, several set beside each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from xk.bench import Question, results_of, words_of
from xk.charts import table_index_beside
from xk.errors import InputError, UsageError
from xk.exhibits import Wording
from xk.exhibits.assumption_words import assumptions, idle_said
from xk.readers import read_store
from xk.running.cli import main
from xk.running.runs.edition import Extent
from xk.tables import key_points, table_sources, table_summary, tiles

LINE = "services_share_of_gdp"


def worded(rules: dict[str, Any], lang: str = "zh", *, of: str = LINE) -> Wording:
    """Return the words for Yunfu under a scenario of one line."""
    scenario = {"name": "own", "title_zh": "自拟", "title_en": "Own", "indicators": {of: rules}}
    question = Question(scenario=scenario, lang=lang)
    return words_of(question, read_store(), results_of(question, read_store()))


@pytest.mark.parametrize(
    ("rules", "zh", "en"),
    [
        # 38.46 in 2016, target 56 in 2020: 38.46 + 4 x 4.4 = 56.06
        (
            {"change": 4.4},
            "每年+4.4点，2020年为56.06，达到目标",
            "+4.4 points a year; 2020 then comes to 56.06, which meets",
        ),
        (
            {"change": -1},
            "每年-1点，2020年为34.46，比最新数值离目标更远（假定的走势背离目标）",
            "-1 points a year; 2020 then comes to 34.46, further from",
        ),
        # 38.46 x 1.1 ^ 4 = 56.309
        ({"growth": 10}, "每年+10%，2020年为56.31，达到目标", "+10 % a year; 2020 then comes to 56.31, which meets"),
        # 38.46 x 1.3 ^ 4 = 109.85, but a share ends at 100
        ({"growth": 30}, "每年+30%，至100为止，2020年为100.00", "+30 % a year, up to its bound of 100; 2020 then"),
        (
            {"level": {"2018": 40, "2020": 55}},
            "2018年为40、2020年为55，2020年为55.00，达不到",
            "40 in 2018, 55 in 2020;",
        ),
        (
            {"halt": True},
            "停留在最新数值，2020年为38.46，达不到目标",
            "stays at the latest figure; 2020 then comes to 38.46",
        ),
        (
            {"reach": True},
            "逐年等量变化直至达到目标，2020年为56.00，达到",
            "in equal steps to the target; 2020 then comes",
        ),
        # no figure of 2016 or before is another: the year said is the one that the path starts from
        (
            {"accelerate": {"factor": 1.5, "from": 2015}},
            "2016年以后的变化为基准情景的1.5倍，2020年为",
            "after 2016, 1.5 times the change of the reference; 2020 then",
        ),
        ({"delay": 1}, "比基准情景推迟1年，2020年为", "1 year later than in the reference; 2020 then comes to"),
        ({"delay": 2}, "比基准情景推迟2年，2020年为", "2 years later than in the reference; 2020 then comes to"),
        (
            {"accelerate": {"factor": 1.5, "from": 2017}},
            "2017年以后的变化为基准情景的1.5倍，2020年为",
            "after 2017, 1.5 times the change of the reference; 2020 then comes to",
        ),
        ({"match": "china"}, "按中国的速度变化，2020年为", "moves at the pace of China; 2020 then comes to"),
    ],
)
def test_the_reason_names_the_assumption(rules: dict[str, Any], zh: str, en: str) -> None:
    for lang, begin, said in (("zh", "情景假定：", zh), ("en", "assumed: ", en)):
        words = worded(rules, lang)
        result = words.results.line(LINE)
        reason = words.reason(result.verdict.why, result)
        assert reason.startswith(begin + said), reason
        assert "趋势" not in reason and "trend" not in reason and "广东" not in reason
        assert result.trend.kind == "scenario"
        assert words.projected(result).endswith("（情景）" if lang == "zh" else "(assumed)")


def test_what_the_figures_tell_stays_in_the_figures_words() -> None:
    """38.2 meets its target already: whatever is assumed for later years, the reason is the figure."""
    words = worded({"halt": True}, of="county_town_wastewater_treatment")
    result = words.results.line("county_town_wastewater_treatment")
    assert result.trend.kind == "scenario"
    assert "85" in words.reason(result.verdict.why, result) and "假定" not in words.reason(result.verdict.why, result)


def test_a_path_of_the_reference_is_needed_to_change_it() -> None:
    """Line 5 has one figure and nothing to borrow: it can be neither delayed nor matched; a domain passes it over."""
    for rules, message in (({"delay": 1}, "needs a path in the reference"), ({"match": "china"}, "a path of china")):
        with pytest.raises(InputError, match=message):
            worded(rules, of="science_technology_contribution")
    scenario = {"name": "late", "domains": {"economy": {"delay": 1}}}
    lines = results_of(Question(scenario=scenario), read_store()).lines
    assert lines["science_technology_contribution"].trend.kind == "none"
    assert lines[LINE].trend.kind == "scenario"


def test_what_an_assumption_rests_on_is_kept() -> None:
    """A multiple of the reference's change rests on Guangdong's series, a change of one's own on none."""
    name = "rd_expenditure_intensity"
    rests = worded({"accelerate": {"factor": 2, "from": 2017}}, of=name).results.line(name).trend
    own = worded({"change": 0.1}, of=name).results.line(name).trend
    matched = worded({"match": "china"}, of=name).results.line(name).trend
    assert (rests.region, own.region, matched.region) == ("guangdong", "", "china")
    assert rests.series.startswith("guangdong.") and own.series == "" and matched.series.startswith("china.")


def test_what_moves_no_line_is_said() -> None:
    """In a final assessment nothing is projected."""
    for scenario, as_of, said in (
        ({"name": "own", "indicators": {LINE: {"change": 4.4}}}, None, ""),
        ({"name": "own", "indicators": {LINE: {"halt": True}}}, 2020, "各项与基准情景相同"),
    ):
        question = Question(scenario=scenario, as_of=as_of)
        told = idle_said(words_of(question, read_store(), results_of(question, read_store())))
        assert said in "".join(told) and len(told) == bool(said)


def test_the_reference_stands_beside_the_scenario() -> None:
    words = worded({"reach": True})
    reference = words.beside
    assert reference is not None and reference.beside is None
    assert reference.results is results_of(Question(), read_store())
    # the one line that reaches its target is on track in place of lagging
    assert "基准情景" in tiles(words, "economy").html and "基准情景" not in tiles(reference, "economy").html
    summary = table_summary(words, "economy").html
    assert "56.00（情景）" in summary and "（参照广东省）" in summary and "基准情景" in summary
    assert "基准情景" not in table_summary(reference, "economy").html


def test_a_line_of_a_scenario_is_counted_as_borrowed_nowhere() -> None:
    scenario = {"name": "all", "domains": dict.fromkeys(["economy", "livelihood", "environment"], {"halt": True})}
    question = Question(scenario=scenario)
    words = words_of(question, read_store(), results_of(question, read_store()))
    shown = key_points(words, "economy").html + table_sources(words, read_store(), domain="economy").html
    assert "借用" not in shown and "参照" not in shown
    assert "borrowed" not in set(words.results.summary["trend"]) | set(words.results.yearly["kind"].dropna())


def test_points_between_scenarios_are_known_where_the_index_is_withheld() -> None:
    """Held at 1.74 of 2.5 attainment is 69.6 %, on the way to the target 100 %: 30.4 points of 1 of 14 indicators.

    That is 30.4 / 14 = 2.1714 points of its domain and, a fifth of that, 0.4343 of the total; no other line moves. 20,
    24, 26, 27 and half of 23 have a figure of 2020, 32 % of the domain: no index is given.
    """
    halted, reached = (worded({rule: True}, of="doctors_per_1000") for rule in ("halt", "reach"))
    shift = halted.results.index_shift(reached.results).set_index("level")
    assert shift["points"].round(4).to_dict() == {
        "economy": 0, "democracy": 0, "culture": 0, "livelihood": 2.1714, "environment": 0, "total": 0.4343,
    }  # fmt: skip
    assert shift.loc["livelihood", "indicators"] == 5 and shift.loc["democracy", "indicators"] == 0
    html = table_index_beside([halted, reached]).html
    assert "+2.17点（5项）" in html and "+0.43点" in html and "—（覆盖32.1%）" in html


def test_assumptions_are_listed_by_what_they_are_of() -> None:
    scenario = {
        "name": "mixed", "domains": {"economy": {"delay": 1}, "culture": {"change": 1}},
        "indicators": {LINE: {"change": 4.4}, "life_expectancy": {"change": 0.1}},
    }  # fmt: skip
    question = Question(scenario=scenario)
    words = words_of(question, read_store(), results_of(question, read_store()))
    assert assumptions(words) == [
        "经济发展：比基准情景推迟1年",
        "文化建设：每年+1（各按其计量单位）",
        "2\u00a0服务业增加值占GDP比重：每年+4.4点",
        "24\u00a0平均预期寿命：每年+0.1岁",
    ]
    assert words.beside is not None and assumptions(words.beside) == []


# --- runs


TOML = 'name = "{name}"\ntitle_zh = "{title}"\ntitle_en = "{name}"\n[indicators.{line}]\n{rule}\n'


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a scenario file and gives its path."""

    def make(name: str, title: str, rule: str) -> Path:
        path = tmp_path / f"{name}-{len(list(tmp_path.iterdir()))}.toml"
        path.write_text(TOML.format(name=name, title=title, line=LINE, rule=rule), encoding="utf-8")
        return path

    return make


def run(out: Path, *options: str) -> Path:
    assert main(["report", "--domain", "economy", "--out", str(out), *options]) == 0
    return out / (out / "latest").readlink()


def test_several_scenarios_of_a_day_are_compared_and_made_again(
    made: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push, stay = made("push", "提速", "reach = true"), made("stay", "停滞", "halt = true")
    folder = run(tmp_path / "out", "--scenario", str(push), "--scenario", str(stay), "--issued", "2018-03-04")
    pages = {path.stem for path in folder.glob("*.html")}
    assert pages == {"index", "comparison", "reference-economy", "push-economy", "stay-economy"}
    said = {name: (folder / f"{name}.html").read_text(encoding="utf-8") for name in pages}
    assert "逐年等量变化直至达到目标" in said["comparison"] and "停留在最新数值" in said["comparison"]
    assert 'id="fig-beside"' in said["comparison"] and 'id="tab-flips"' in said["comparison"]
    for name, title in (("push", "提速"), ("stay", "停滞")):
        assert 'role="note"' in said[f"{name}-economy"] and f"情景报告“{title}”" in said[f"{name}-economy"]
        assert f"（{title}）" in said["index"] and f"{name}-economy.html" in said["index"]
    assert 'role="note"' not in said["reference-economy"] and "（基准情景）" in said["index"]
    summary = pd.read_csv(folder / "data" / "summary.csv").set_index(["scenario", "indicator"])
    assert list(summary.loc[(["reference", "push", "stay"], LINE), "status"]) == ["lagging", "on_track", "lagging"]
    assert not pd.read_csv(folder / "data" / "observations.csv").duplicated(["region", "indicator", "year"]).any()
    # the run is counted by the reference alone: one line more lags there than where it reaches its target
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["facts"]["发布日期"] == manifest["parameters"]["issued"] == "2018-03-04"
    assert "<dt>发布日期</dt><dd>2018-03-04</dd>" in said["push-economy"]
    counted = summary[summary["counted"]]
    lagging = {name: sum(counted.loc[name, "status"] == "lagging") for name in ("reference", "push")}
    assert manifest["statuses"]["lagging"] == lagging["reference"] == lagging["push"] + 1
    capsys.readouterr()
    assert main(["verify", str(folder), "--again"]) == 0
    assert "as it would be" in capsys.readouterr().out
    assert main(["diff", str(folder), str(folder)]) == 0


def test_one_scenario_keeps_the_layout_of_a_plain_run(pushed_run: Path) -> None:
    assert {path.stem for path in pushed_run.glob("*.html")} == {"index", "economy"}
    for page in ("index", "economy"):
        html = (pushed_run / f"{page}.html").read_text(encoding="utf-8")
        assert "情景报告“攻坚提速情景”" in html and "2\u00a0服务业增加值占GDP比重：逐年等量变化直至达到目标" in html


def test_scenarios_of_one_name_are_refused(made: Callable[..., Path], tmp_path: Path) -> None:
    paths = [str(made("push", title, "reach = true")) for title in ("甲", "乙")]
    assert main(["report", "--out", str(tmp_path / "out"), "--scenario", *paths]) == 2
    with pytest.raises(UsageError, match="two scenarios have the name 'push'; give each a name of its own"):
        Extent(scenarios=[{"name": "push"}, {"name": "push"}])


# --- date of issue


def test_without_one_it_is_that_of_the_newest_data(plan_run: Callable[[str], Path]) -> None:
    manifest = json.loads((plan_run("zh") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["facts"]["发布日期"] == manifest["facts"]["最新数据版本"] and "issued" not in manifest["parameters"]


@pytest.mark.parametrize("written", ["2018-02-30", "20180304", "4 March 2018", "2018-3-4", "2018"])
def test_what_is_no_date_is_refused(written: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--out", str(tmp_path / "out"), "--issued", written]) == 2
    assert f"'{written}' is no date of issue; write it as 2018-03-31" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
