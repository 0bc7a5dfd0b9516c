"""Results in words: values with measures, targets, changes, reasons; the same for tables and charts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from xk.arithmetic.status import Reason
from xk.exhibits import decimals_of, number
from xk.pipeline import Results
from xk.vocab import text


class Wording:
    """Words for the results of one report in one language.

    Parameters
    ----------
    results : Results
    lang : str
        One of `xk.vocab.LANGUAGES`.
    region_names, measure_labels : mapping
        Region -> name and unit of measure -> label, in `lang`.
    """

    def __init__(
        self, results: Results, lang: str, *, region_names: Mapping[str, str], measure_labels: Mapping[str, str]
    ) -> None:
        self.results, self.lang = results, lang
        self.names = results.scheme.names(lang)
        self.office_names = results.scheme.office_names(lang)
        self.domain_names = dict(
            zip(results.scheme.domains["domain"], results.scheme.domains[f"name_{lang}"], strict=True)
        )
        self.region_names, self.measure_labels = region_names, measure_labels

    def text(self, key: str, **values: object) -> str:
        """Return the label `key` in this language."""
        return text(key, self.lang, **values)

    def month(self, value: str) -> str:
        """Return a month (YYYY-MM) as the language writes it."""
        year, part = value.split("-")
        return self.text("month_of_year", year=year, month=self.text(f"month_{int(part)}"))

    def domain(self, domain: str | None) -> str:
        """Return a domain's name; all domains for None."""
        return self.domain_names[domain] if domain else self.text("all_domains")

    def line(self, row: Mapping[str, Any]) -> str:
        """Return number and name of an indicator; no line break comes between the two."""
        return f"{row['no']}\u00a0{self.names[row['indicator']]}"

    def level(self, level: str) -> str:
        """Return a level of the index: a domain's name, or the word for the total."""
        return self.text("total") if level == "total" else self.domain(level)

    def kind(self, kind: object) -> str:
        """Return what kind a figure is of."""
        return self.text(f"kind_{kind}") if isinstance(kind, str) else self.text("dash")

    def odds(self, probability: float) -> str:
        """Return a probability as a share in per cent; near 0 and 1 it is not said to be certain."""
        if math.isnan(probability):
            return self.text("dash")
        if probability < 0.01 or probability > 0.99:
            return self.text("per_cent", value="< 1" if probability < 0.01 else "> 99")
        return self.text("per_cent", value=number(100 * probability, self.lang, decimals=0))

    def ahead(self, horizon: int) -> str:
        """Return how many years ahead; 0 stands for all of them."""
        key = {0: "all_years_ahead", 1: "year_ahead"}.get(horizon, "years_ahead")
        return self.text(key, n=horizon)

    def decimals_beside(self, value: float) -> int:
        """Return the decimals for a derived figure beside a published one: one more than that has."""
        return decimals_of(value) + 1

    def reached(self, row: Mapping[str, Any]) -> str:
        """Return the year in which the target is met along the central path."""
        if row["year_reached"] is None or pd.isna(row["year_reached"]):
            return self.text("dash" if pd.isna(row["projected_value"]) else "not_reached")
        return f"{int(row['year_reached'])}"

    def region(self, region: str) -> str:
        """Return a region's name."""
        return self.region_names.get(region, region)

    def measure(self, row: Mapping[str, Any]) -> str:
        """Return an indicator's unit of measure with its price base, for a column head or a caption."""
        label = self.measure_labels.get(row["unit"], row["unit"])
        base = row["price_base"]
        if not isinstance(base, str) or not base:
            return label
        return label + self.text("in_brackets", word=self.price_base(base))

    def price_base(self, base: str) -> str:
        """Return a price base in words."""
        if base.isdigit():
            return self.text("prices_of", year=base)
        return self.text(f"prices_{base or 'none'}")

    def offices(self, listed: object) -> str:
        """Return responsible offices (``a;b``) by their names, in order."""
        if not isinstance(listed, str) or not listed:
            return self.text("dash")
        return self.text("office_separator").join(self.office_names.get(office, office) for office in listed.split(";"))

    def decimals(self, row: Mapping[str, Any]) -> int:
        """Return the decimals of an indicator's figures: those of its baseline, latest value and target."""
        return decimals_of(row["baseline_value"], row["target_value"], row["latest_value"])

    def value(self, value: float, row: Mapping[str, Any], *, signed: bool = False) -> str:
        """Return a derived figure of an indicator with the decimals of its published ones."""
        return number(value, self.lang, decimals=self.decimals(row), signed=signed)

    def given(self, value: object) -> str:
        """Return a published figure as it was published."""
        return number(value, self.lang)

    def share(self, value: float) -> str:
        """Return a per-cent figure with one decimal and its sign."""
        return self.text("per_cent", value=number(value, self.lang, decimals=1))

    def share_number(self, value: float) -> str:
        """Return a per-cent figure with one decimal, its sign being in the head of the column."""
        return number(value, self.lang, decimals=1)

    def mark(self, value: float, direction: str) -> str:
        """Return a target value with the sign that says on which side of it to be."""
        key = "at_most_mark" if direction == "inverse" else "at_least_mark"
        return self.text(key, value=self.given(value))

    def target(self, row: Mapping[str, Any]) -> str:
        """Return what is asked of an indicator: target, years to be held, stretch target."""
        if row["direction"] == "interval" and not pd.isna(row["target_low"]):
            low, high = self.given(row["target_low"]), self.given(row["target_high"])
            return self.text("between_mark", low=low, high=high)
        if pd.isna(row["target_value"]):
            return self.text("dash")
        words = self.mark(row["target_value"], row["direction"])
        if not pd.isna(row["hold_from"]):
            words = self.text("held_target", first=int(row["hold_from"]), last=int(row["hold_to"]), value=words)
        elif int(row["target_year"]) != self.results.scheme.target_year:
            words += self.text("in_brackets", word=self.text("by_year", year=int(row["target_year"])))
        if not pd.isna(row["target_stretch"]):
            words += self.text("stretch_target", value=self.mark(row["target_stretch"], row["direction"]))
        return words

    def baseline(self, row: Mapping[str, Any]) -> str:
        """Return the baseline with its year; estimates are marked."""
        if pd.isna(row["baseline_value"]):
            return self.text("dash")
        year = f"{int(row['baseline_year'])}"
        words = self.text("baseline_of", value=self.given(row["baseline_value"]), year=year)
        if row["baseline_kind"] == "estimated":
            closing = words[-1]
            words = words[:-1] + self.text("estimated_mark") + closing
        return words

    def latest(self, row: Mapping[str, Any]) -> str:
        """Return the latest figure with its year."""
        if pd.isna(row["latest_value"]):
            return self.text("dash")
        return self.text("baseline_of", value=self.given(row["latest_value"]), year=int(row["latest_year"]))

    def change(self, change: float, growth: float, row: Mapping[str, Any]) -> str:
        """Return a yearly change with its growth."""
        if math.isnan(change):
            return self.text("dash")
        decimals = max(self.decimals(row), 2) if abs(change) < 10 else self.decimals(row)
        words = number(change, self.lang, decimals=decimals, signed=True)
        if math.isnan(growth):
            return words
        return self.text("change_with_growth", change=words, growth=number(growth, self.lang, decimals=1, signed=True))

    def required(self, row: Mapping[str, Any]) -> str:
        """Return what is still required each year."""
        if row["required_change"] == 0:
            return self.text("none_needed" if row["required_years"] or not pd.isna(row["hold_from"]) else "dash")
        return self.change(row["required_change"], row["required_growth"], row)

    def projected(self, row: Mapping[str, Any]) -> str:
        """Return the projected value with its interval, or with the region whose trend it borrows."""
        if pd.isna(row["projected_value"]):
            return self.text("dash")
        value = self.value(row["projected_value"], row)
        if row["projected_kind"] == "borrowed":
            return self.text("borrowed_from", value=value, region=self.reference(row))
        if pd.isna(row.get("projected_lo80", math.nan)):
            return value
        low, high = (self.value(row[f"projected_{end}80"], row) for end in ("lo", "hi"))
        return self.text("with_interval", value=value, low=low, high=high)

    def reference(self, row: Mapping[str, Any]) -> str:
        """Return the name of the region whose trend is borrowed."""
        name = self.region(row["trend_region"])
        return self.text("proxy_of", region=name) if row["trend_proxy"] else name

    def years(self, years: Iterable[int]) -> str:
        """Return years as a list, runs of them as ranges."""
        runs: list[list[int]] = []
        for year in sorted(years):
            if runs and year == runs[-1][-1] + 1:
                runs[-1].append(year)
            else:
                runs.append([year])
        words = [f"{run[0]}" if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
        return self.text("list_separator").join(words)

    def reason(self, reason: Reason, row: Mapping[str, Any]) -> str:
        """Return the reason of a status in words."""
        values: dict[str, Any] = dict(reason.values)
        for name in ("value", "projected"):
            if name in values:
                values[name] = self.given(values[name]) if name == "value" else self.value(values[name], row)
        if "years" in values:
            values["years"] = self.years(values["years"])
        if values.get("region"):
            values["region"] = self.reference(row)
        for name in ("found", "wanted"):
            if name in values:
                values[name] = self.price_base(values[name])
        if "parts" in values:
            parts = [f"{no} {self.text(f'status_{status}')}" for no, status in values["parts"]]
            values["parts"] = self.text("list_separator").join(parts)
        return self.text(f"reason_{reason.key}", **values)

    def note(self, indicator: str) -> str:
        """Return the scheme's note on an indicator, or nothing."""
        note = self.results.scheme.indicator(indicator)[f"note_{self.lang}"]
        return note if isinstance(note, str) else ""
