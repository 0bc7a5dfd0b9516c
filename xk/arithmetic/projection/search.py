"""Search of smoothing parameters and exact starting values, for all series at once.

The models of this package are linear in their starting values, so that for given smoothing parameters these are solved
for exactly by least squares; only one to three parameters a series are searched, all series at once.
"""

from collections.abc import Callable

import numpy as np

from xk.arithmetic.projection.panel import Array

SEARCH_ROUNDS = 32
# keeps the equations for the starting values solvable where the data do not determine them
RIDGE = 1e-12


def search(
    score: Callable[[Array], Array], start: Array, low: Array, high: Array, *, rounds: int = SEARCH_ROUNDS
) -> Array:
    """Return the parameters (series, p) at a local minimum of `score(parameters)`, by compass search.

    The step of each series and parameter grows after a success and halves after a failure.
    """
    best = start.copy()
    least = score(best)
    step = np.full_like(best, 0.1) * (high - low)
    for _ in range(rounds):
        for column in range(best.shape[1]):
            won = np.zeros(len(best), dtype=bool)
            for sign in (1.0, -1.0):
                trial = best.copy()
                moved = trial[:, column] + sign * step[:, column]
                trial[:, column] = np.clip(moved, low[column], high[column])
                reached = score(trial)
                better = reached < least
                best[better], least = trial[better], np.where(better, reached, least)
                won |= better
            step[:, column] *= np.where(won, 1.2, 0.4)
    return best


def solve_two(s11: Array, s12: Array, s22: Array, r1: Array, r2: Array) -> tuple[Array, Array]:
    """Solve the symmetric two by two systems of all series; a tiny ridge keeps them solvable."""
    a, d = s11 + RIDGE, s22 + RIDGE
    det = a * d - s12 * s12
    det = np.where(det > 0, det, 1.0)
    return (d * r1 - s12 * r2) / det, (a * r2 - s12 * r1) / det
