"""Indicators of official target programmes: one scale, distance to target, projection, reports."""
