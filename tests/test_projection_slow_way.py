"""The combination once more, for one series, in plain loops: rules, their past errors, looks, weights and cap."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from xk.arithmetic.projection import auto, fitted, project_arrays

WEIGHTS = Path(fitted.__file__).with_name("rule_weights.csv")
RANGE = 10.0


def mean(values):
    return sum(values) / len(values)


def sums(damping, ahead):
    """phi + ... + phi^h for h = 1, 2, ..."""
    return [sum(damping**j for j in range(1, h + 1)) for h in range(1, ahead + 1)]


def changed(y, ahead, years, damping):
    years = min(years, len(y) - 1)
    return [y[-1] + (y[-1] - y[-1 - years]) / years * total for total in sums(damping, ahead)]


def run_holt(y, start, alpha, beta, damping):
    (level, trend), errors = start, []
    for value in y:
        expected = level + damping * trend
        errors.append(value - expected)
        level, trend = expected + alpha * errors[-1], damping * trend + alpha * beta * errors[-1]
    return level, trend, np.array(errors)


def holt(y, ahead, alpha, beta, damping):
    # errors are linear in the start: three runs tell all
    plain, one, two = (run_holt(v, s, alpha, beta, damping)[2]
                       for v, s in ((y, (0, 0)), ([0] * len(y), (1, 0)), ([0] * len(y), (0, 1))))  # fmt: skip
    start = np.linalg.lstsq(-np.stack([one, two], axis=1), plain, rcond=None)[0]
    level, trend, _ = run_holt(y, start, alpha, beta, damping)
    return [level + trend * total for total in sums(damping, ahead)]


def least_squares(y):
    slope, level = np.polyfit(np.arange(len(y)), y, 1)
    return slope, level + slope * (len(y) - 1)


def smoothed(y, ahead, alpha, share):
    best = None

    # the squared error is a parabola of the start: three values tell its least
    def squared(start):
        level, total = start, 0.0
        for value in y:
            total += (value - level) ** 2
            level += alpha * (value - level)
        return total, level

    low, middle, high = (squared(start)[0] for start in (-1.0, 0.0, 1.0))
    best = (low - high) / 2 / (low + high - 2 * middle)
    level, slope = squared(best)[1], share * least_squares(y)[0]
    return [level + slope * h for h in range(1, ahead + 1)]


def steady(y, ahead):
    c = [b - a for a, b in zip(y, y[1:], strict=False)]
    most = sum(abs(a) + abs(b) for a, b in zip(c, c[1:], strict=False))
    apart = sum(abs(b - a) for a, b in zip(c, c[1:], strict=False)) / most if most else 0.0
    return [y[-1] + h * (1 - apart) * (y[-1] - y[0]) / (len(y) - 1) for h in range(1, ahead + 1)]


def straight(y, ahead):
    slope, level = least_squares(y)
    return [level + slope * h for h in range(1, ahead + 1)]


def one_rule(name, y, ahead):
    family, *numbers = name.split()
    if family == "growth":
        kind = {"all": "drift all", "5": "drift 5", "3": "recent 3", "holt": "holt 1.0 0.3", "line": "line"}[numbers[0]]
        return one_rule(f"{kind} {numbers[1]}", y, ahead)
    years = [1_000 if number == "all" else float(number) for number in numbers if number not in ("changes", "rates")]
    if name == "line all":
        return straight(y, ahead)
    if family in ("recent", "drift"):
        return changed(y, ahead, int(years[0]), years[1])
    return {
        "constant": lambda: changed(y, ahead, 1, 0.0),
        "holt": lambda: holt(y, ahead, *years),
        "level": lambda: smoothed(y, ahead, years[0], 0.0),
        "line": lambda: smoothed(y, ahead, years[0], 1.0),
        "steady": lambda: steady(y, ahead),
    }[family]()


def project_all(names, y, ahead, *, rated, last):
    """Paths of all rules; a rate leads no further than tenfold the last value of all."""
    found = {}
    for name in names:
        if name.startswith("growth") or name == "steady rates":
            if rated:
                logs = [math.log(abs(value) / abs(last)) for value in y]
                rates = [min(max(r, -math.log(RANGE)), math.log(RANGE)) for r in one_rule(name, logs, ahead)]
                found[name] = [last * math.exp(rate) for rate in rates]
                continue
        found[name] = one_rule(name, y, ahead)
    return found


def roots(names, y, *, rated, origins=6):
    """Mean root of the errors of each rule, shrunk towards all; and what is common."""
    total, weight = dict.fromkeys(names, 0.0), 0.0
    for back in range(1, min(origins, len(y) - 3) + 1):
        paths = project_all(names, y[:-back], back, rated=rated, last=y[-1])
        weight += sum(1 / h for h in range(1, back + 1))
        for name in names:
            for h in range(1, back + 1):
                total[name] += math.sqrt(abs(y[len(y) - back + h - 1] - paths[name][h - 1])) / h
    if not weight:
        return dict.fromkeys(names, 1.0), None
    common = mean(list(total.values())) / weight
    return {name: (total[name] + common) / (weight + 1) + 0.02 * common for name in names}, common


def looks(y, common, *, rated):
    c = [b - a for a, b in zip(y, y[1:], strict=False)]
    m = mean([abs(x) for x in c])
    c = [x / m for x in c]
    d = mean(c)
    along = -1.0 if d < 0 else 1.0
    rest = [x - d for x in c]
    rough = math.sqrt(sum(x * x for x in rest) / max(len(c) - 1, 1))
    acf = sum(a * b for a, b in zip(rest, rest[1:], strict=False)) / (sum(x * x for x in rest) + 0.5)
    signed = all(v > 0 for v in y) or all(v < 0 for v in y)
    place = (y[-1] - min(y)) / (max(y) - min(y))
    return {
        "one": 1.0,
        "length": math.log(len(y) / 12),
        "straight": 2 * abs(d) - 1,
        "rough": math.tanh(math.log(rough + 0.05)),
        "autocorrelation": 2 * acf,
        "last": math.tanh((c[-1] - d) * along / 2),
        "last size": math.tanh(abs(c[-1]) - 1),
        "last three": math.tanh((mean(c[-3:]) - d) * along),
        "rated": 0.5 if rated else -0.5,
        "error": math.tanh(math.log((rough if common is None else common**2 / m) + 0.05)),
        "place": (2 * place - 1) * along,
        "change": math.tanh((math.log(m / abs(y[-1]) + 0.003) + 3) / 2),
        "away": math.copysign(1, y[-1]) * along if signed else 0.0,
    }


def slow_path(y, ahead):
    with WEIGHTS.open(encoding="utf-8") as file:
        rows = {row.pop("rule"): {key: float(cell) for key, cell in row.items()} for row in csv.DictReader(file)}
    sharpness = rows.pop("sharpness")["one"]
    size = [abs(v) for v in y]
    rated = (all(v > 0 for v in y) or all(v < 0 for v in y)) and max(size) < RANGE * min(size)
    error, common = roots(list(rows), y, rated=rated)
    seen = looks(y, common, rated=rated)
    logits = {n: sum(rows[n][key] * seen[key] for key in seen) - sharpness * math.log(error[n]) for n in rows}
    top = max(logits.values())
    weights = {name: math.exp(logit - top) for name, logit in logits.items()}
    paths = project_all(rows, y, ahead, rated=rated, last=y[-1])
    m = mean([abs(b - a) for a, b in zip(y, y[1:], strict=False)])
    found = []
    for h in range(ahead):
        free = sum(weights[name] * paths[name][h] for name in rows) / sum(weights.values()) - y[-1]
        found.append(y[-1] + min(max(free, -2 * m * (h + 1)), 2 * m * (h + 1)))
    return found


SERIES = {
    "three": [1.0, 2.0, 4.0],
    "four": [10.0, 11, 13, 12],
    "rates": [100.0, 108, 115, 126, 139, 149, 165, 180],
    "falling": [-10.0, -12, -11, -14, -17, -16, -19],
    "signs change": [-2.0, 3, 1, 4, -1, 5, 2, 6, 8, 7],
    "tenfold": [1.0, 1.4, 2, 3, 4.5, 7, 11, 16, 24],
    "long": [50 + 0.3 * t + 4 * math.sin(1.7 * t) + 0.02 * t * t for t in range(40)],
    "drawn in": [1.0, 1, 1, 1, 1, 1, 1, 1, 1, 3, 5],
}


@pytest.mark.parametrize("name", SERIES)
def test_auto_is_what_plain_loops_give(name):
    values = SERIES[name]
    found = project_arrays(np.arange(2017 - len(values), 2017), np.array([values]), to=2024)
    assert found.path[0] == pytest.approx(slow_path(values, 8), rel=1e-5, abs=1e-6 * max(map(abs, values)))


def test_a_path_beyond_what_was_ever_seen_is_drawn_in():
    values = SERIES["drawn in"]
    found = project_arrays(np.arange(2006, 2017), np.array([values, list(range(11))]), to=2019)
    assert found.capped[0] in (1, 2, 3)
    assert found.capped[1] == 0
    # the mean yearly change is 0.4: at most 0.8 a year on
    assert (np.abs(found.path[0] - 5) <= auto.CAP * 0.4 * np.arange(1, 4) + 1e-12).all()
