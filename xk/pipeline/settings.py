"""What is asked of the data: region, years, method, levels."""

from dataclasses import dataclass, replace

import pandas as pd

from xk.arithmetic.projection import METHODS
from xk.contracts.scheme import Scheme
from xk.errors import UsageError, check_known
from xk.pipeline.result import ends_of


@dataclass(frozen=True)
class Settings:
    """What is asked of the data.

    Parameters
    ----------
    region : str
        Region to report on.
    as_of : int, optional
        Last year that counts as known; the region's last observed year, at most the target year, if not given.
    to : int, optional
        Last year of the projections; the scheme's target year if not given.
    method : str
        Projection method.
    levels : tuple of int
        Levels of the intervals, in per cent.
    """

    region: str
    as_of: int | None = None
    to: int | None = None
    method: str = "auto"
    levels: tuple[int, ...] = (80, 95)

    def years(self) -> tuple[int, int]:
        """Return (as_of, to) of resolved settings."""
        if self.as_of is None or self.to is None:
            raise UsageError("settings are not resolved yet")
        return self.as_of, self.to

    def ends(self) -> list[str]:
        """Return the names of the intervals' ends: lo80, hi80, ..."""
        return ends_of(self.levels)


def resolve_settings(
    settings: Settings, scheme: Scheme, observations: pd.DataFrame, *, regions: pd.DataFrame
) -> Settings:
    """Return `settings` with the years filled in; raise UsageError for what cannot be."""
    check_known(settings.region, regions["region"], "region")
    check_known(settings.method, METHODS, "method")
    own = observations[
        (observations["region"] == settings.region) & observations["indicator"].isin(scheme.indicators["indicator"])
    ]
    last = int(own["year"].max()) if len(own) else scheme.target_year
    as_of = settings.as_of if settings.as_of is not None else min(last, scheme.target_year)
    to = settings.to if settings.to is not None else max(scheme.target_year, as_of)
    if to < as_of:
        raise UsageError(f"the last year of the projections ({to}) is before the last known year ({as_of})")
    return replace(settings, as_of=as_of, to=to)
