"""Numbers learned from other series: data of the package, made by benchmarks/fit_projection.py."""

import csv
from functools import cache
from importlib.resources import files

import numpy as np

from xk.arithmetic.projection.looks import LOOKS
from xk.arithmetic.projection.panel import Array
from xk.arithmetic.projection.rules import RULES

SHARPNESS = "sharpness"


@cache
def read_rule_weights() -> tuple[Array, float]:
    """Return what each look adds to the logit of each rule (looks, rules), and the sharpness of the errors."""
    lines = files("xk.arithmetic.projection").joinpath("rule_weights.csv").read_text(encoding="utf-8").split("\n")
    rows = {row["rule"]: row for row in csv.DictReader(lines)}
    fitted = np.array([[float(rows[rule][look]) for rule in RULES] for look in LOOKS])
    return fitted, float(rows[SHARPNESS][LOOKS[0]])
