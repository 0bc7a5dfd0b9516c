"""The benches: notebooks whose questions are asked with the hand, in JupyterLab and as a page (Voila)."""

from xk.running.app.county_bench import counties
from xk.running.app.explore import explore
from xk.running.app.panels import Bench, Panel
from xk.running.app.pickers import Control
from xk.running.app.scenario_bench import scenarios
from xk.running.app.view import View

__all__ = ["Bench", "Control", "Panel", "View", "counties", "explore", "scenarios"]
