"""Peers (同类地区): what other regions managed, where a region stands among them, and what it may borrow from them.

Formulas and sources stand with each function.
"""

from xk.arithmetic.peers.base_rate import MEASURES as MEASURES
from xk.arithmetic.peers.base_rate import BaseRate as BaseRate
from xk.arithmetic.peers.base_rate import Pace as Pace
from xk.arithmetic.peers.base_rate import Windows as Windows
from xk.arithmetic.peers.base_rate import base_rate as base_rate
from xk.arithmetic.peers.base_rate import latest_paces as latest_paces
from xk.arithmetic.peers.base_rate import measure_of as measure_of
from xk.arithmetic.peers.base_rate import paces as paces
from xk.arithmetic.peers.base_rate import usual_step as usual_step
from xk.arithmetic.peers.borrowing import OWN as OWN
from xk.arithmetic.peers.borrowing import PEERS as PEERS
from xk.arithmetic.peers.borrowing import Borrowing as Borrowing
from xk.arithmetic.peers.borrowing import BorrowingTable as BorrowingTable
from xk.arithmetic.peers.borrowing import Skill as Skill
from xk.arithmetic.peers.borrowing import calibrate as calibrate
from xk.arithmetic.peers.region_grid import CELLS as CELLS
from xk.arithmetic.peers.region_grid import RegionGrid as RegionGrid
from xk.arithmetic.peers.region_grid import build_region_grid as build_region_grid
from xk.arithmetic.peers.region_grid import lay_out as lay_out
from xk.arithmetic.peers.standing import Standing as Standing
from xk.arithmetic.peers.standing import place_among as place_among
from xk.arithmetic.peers.standing import place_before as place_before
from xk.arithmetic.peers.transfer import Transfer as Transfer
from xk.arithmetic.peers.transfer import transfer_of as transfer_of
