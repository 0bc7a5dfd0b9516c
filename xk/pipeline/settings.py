"""What is asked of the data: region, years, method, levels."""

from dataclasses import dataclass, replace

import pandas as pd

from xk.arithmetic.projection import METHODS
from xk.contracts.forms import check_year, is_year
from xk.contracts.scheme import Scheme
from xk.errors import UsageError, check_known
from xk.pipeline.result import ends_of
from xk.vocab import YEAR_RANGE


@dataclass(frozen=True)
class Settings:
    """What is asked of the data.

    Parameters
    ----------
    region : str
        Region to report on.
    as_of : int, optional
        Last year that counts as known; if not given the scheme's own default, else the last year in which at least half
        of the indicators that have any figure in the region have one, at most the target year.
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
    """Return `settings` with the years filled in.

    Parameters
    ----------
    settings : Settings
    scheme : Scheme
    observations : DataFrame
        Of the region and of those that lend it their trends: all that is read.
    regions : DataFrame
        The known ones.

    Raises
    ------
    UsageError
        Unknown region or method; years that are none; an as-of year more than a year after the last figure; a last year
        of the projections before it.
    """
    check_known(settings.region, regions["region"], "region")
    check_known(settings.method, METHODS, "method")
    figures = observations[observations["indicator"].isin(list(scheme.lines))]
    if settings.as_of is None:
        as_of = _usual_year(scheme, figures[figures["region"] == settings.region])
    else:
        as_of = _checked(settings.as_of, figures)
    to = max(scheme.target_year, as_of) if settings.to is None else check_year(settings.to, "the year to project to")
    if to < as_of:
        raise UsageError(f"the last year of the projections ({to}) is before the last known year ({as_of})")
    return replace(settings, as_of=as_of, to=to)


def _usual_year(scheme: Scheme, own: pd.DataFrame) -> int:
    """Return the last year that counts as known where none is asked for; a single figure does not move it."""
    if scheme.as_of is not None:
        return scheme.as_of
    seen = own.groupby("year")["indicator"].nunique()
    if seen.empty:
        return scheme.target_year
    enough = min(own["indicator"].nunique() / 2, seen.max())
    return min(int(seen.index[seen >= enough].max()), scheme.target_year)


def _checked(as_of: object, figures: pd.DataFrame) -> int:
    """Return the as-of year that was asked for; raise UsageError unless it is up to a year after the last figure."""
    last = YEAR_RANGE[1] if figures.empty else int(figures["year"].max()) + 1
    if not is_year(as_of) or int(as_of) > last:
        told = "" if figures.empty else ", a year after the last figure"
        raise UsageError(f"the as-of year must be a whole year in {YEAR_RANGE[0]}-{last}{told}, not {as_of!r}")
    return int(as_of)
