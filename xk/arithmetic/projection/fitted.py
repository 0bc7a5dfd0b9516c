"""Numbers learned from other series: data of the package, made by benchmarks/fit_projection.py."""

import csv
from functools import cache
from importlib.resources import files

import numpy as np

from xk.arithmetic.projection.looks import LOOKS
from xk.arithmetic.projection.panel import Array
from xk.arithmetic.projection.rules import RULES

SHARPNESS = "sharpness"


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of this folder."""
    lines = files("xk.arithmetic.projection").joinpath(name).read_text(encoding="utf-8").split("\n")
    return list(csv.DictReader(lines))


@cache
def read_rule_weights() -> tuple[Array, float]:
    """Return what each look adds to the logit of each rule (looks, rules), and the sharpness of the errors."""
    rows = {row["rule"]: row for row in read_rows("rule_weights.csv")}
    fitted = np.array([[float(rows[rule][look]) for rule in RULES] for look in LOOKS])
    return fitted, float(rows[SHARPNESS][LOOKS[0]])


@cache
def read_width_weights() -> tuple[Array, Array]:
    """Return the powers of the measures in the width of the intervals and in their tails, in the order of the file."""
    rows = read_rows("width_weights.csv")
    spread, tails = ([float(row["power"]) for row in rows if row["part"] == part] for part in ("spread", "tails"))
    return np.array(spread), np.array(tails)
