"""The Human Development Index, as the best-known example of goalposts and a geometric mean."""

import numpy as np
import pandas as pd

from xk.arithmetic.index.weights import Array
from xk.arithmetic.normalise import normalise

LIFE = (20.0, 85.0)  # years
EXPECTED_SCHOOLING = (0.0, 18.0)  # years
MEAN_SCHOOLING = (0.0, 15.0)  # years
INCOME = (100.0, 75_000.0)  # GNI per head, PPP dollars of 2017 (2021 from the report of 2025)

Numbers = float | Array | pd.Series


def hdi(
    life_expectancy: Numbers, expected_schooling: Numbers, *, mean_schooling: Numbers, gni_per_capita: Numbers
) -> Numbers:
    """Return the Human Development Index.

    Parameters
    ----------
    life_expectancy, expected_schooling, mean_schooling : number, array or Series
        Years.
    gni_per_capita : number, array or Series
        Gross national income per head in PPP dollars of the report's price base.

    Returns
    -------
    float, array or Series
        ``(I_life * (I_eys + I_mys)/2 * I_income)^(1/3)``, 0..1, unrounded; NaN where a component is missing.
        Each I is ``(x - low)/(high - low)`` cut to 0..1, income in natural logarithms.

    Notes
    -----
    Source: UNDP, Human Development Report, technical note 1.
    """
    income = np.maximum(gni_per_capita, INCOME[0])  # so that the logarithm stands; below the post it is 0
    life = _share(life_expectancy, LIFE)
    education = (_share(expected_schooling, EXPECTED_SCHOOLING) + _share(mean_schooling, MEAN_SCHOOLING)) / 2
    return (life * education * _share(income, INCOME, log=True)) ** (1 / 3)


def _share(values: Numbers, posts: tuple[float, float], *, log: bool = False) -> Numbers:
    if isinstance(values, pd.Series):
        return normalise(values, "goalposts", low=posts[0], high=posts[1], log=log) / 100
    score = normalise(np.asarray(values), "goalposts", low=posts[0], high=posts[1], log=log) / 100
    return score if score.ndim else float(score)
