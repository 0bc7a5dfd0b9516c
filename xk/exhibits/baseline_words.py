"""A baseline in words: beside figures in the prices of the target it stands in these, or its own are said."""

import math

from xk.contracts.scheme import Line
from xk.exhibits.wording import Wording


def say_baseline(words: Wording, line: Line) -> str:
    """Return a baseline with its year; one in other prices than its target is converted, or its prices are said."""
    if not line.has_baseline:
        return words.text("dash")
    value, year = words.given(line.baseline_value), line.baseline_year
    said = words.text("baseline_of", value=value, year=year)
    if line.baseline_price_base != line.price_base:
        prices, known = words.price_base(line.baseline_price_base), words.results.lines[line.indicator].baseline
        said = words.text("baseline_in_prices", value=value, year=year, prices=prices)
        if not math.isnan(known):
            shown = words.given(known)
            said = words.text("baseline_converted", value=shown, year=year, prices=prices, given=value)
    return words.of_kind(said, line.baseline_kind)
