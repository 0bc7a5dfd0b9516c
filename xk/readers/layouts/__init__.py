"""Layouts: where in a sheet the figures stand, and what says region, name, unit and year of each; rules with names."""

from xk.readers.layouts.axes import find_blocks
from xk.readers.sheets import Block

__all__ = ["Block", "find_blocks"]
