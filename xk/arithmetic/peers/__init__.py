"""Peers (同类地区): what other regions managed, where a region stands among them, and what it may borrow from them.

Formulas and sources stand with each function.
"""

from xk.arithmetic.peers.base_rate import BaseRate, Windows, base_rate, latest_paces, measure_of, paces, usual_step
from xk.arithmetic.peers.region_grid import CELLS, RegionGrid, lay_out
from xk.arithmetic.peers.standing import Move, Standing, place_among, place_before, places_moved

__all__ = [
    "CELLS", "BaseRate", "Move", "RegionGrid", "Standing", "Windows", "base_rate", "latest_paces", "lay_out",
    "measure_of", "paces", "place_among", "place_before", "places_moved", "usual_step",
]  # fmt: skip
