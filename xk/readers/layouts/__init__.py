"""Layouts: where in a sheet the figures stand, and what says region, name, unit and year of each; rules with names."""
