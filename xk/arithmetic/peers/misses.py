"""How far borrowed trends ended from what came: the errors of borrowing, and the width of an interval from them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xk.arithmetic.peers.donors import Donors
from xk.arithmetic.peers.region_grid import Ints, Values
from xk.arithmetic.peers.transfer import Transfer
from xk.arithmetic.projection.distribution import Distribution
from xk.arithmetic.projection.normal import normal_positions, normal_quantile

Flags = npt.NDArray[np.bool_]
# fewer regions than this neither lend a median nor tell how far it misses
FEWEST_PEERS = 8
# the scale of a definition counts as many origins as were seen, the common one as one
COMMON_ORIGINS = 1.0
# a departure is this at least, on the scale of the transfer
SLIVER = 1e-4
LEVELS = (0.80, 0.95)
POSITIONS = tuple(normal_quantile(0.5 + level / 2) for level in LEVELS)
TAILS = np.linspace(0.005, 6.0, 1200)
TAIL_RATIOS = np.sinh(POSITIONS[1] * TAILS) / np.sinh(POSITIONS[0] * TAILS)


@dataclass(frozen=True, eq=False)
class Moves:
    """Changes from a start `lag` years before each origin: what the regions' paths lend, and what came.

    Parameters
    ----------
    lent, came : array (origins, definitions, years ahead, regions)
        Changes on the scale of the transfer since the start: of each region's own path, and of its figures as far as
        they are known and lie in the segment of the start.
    at_bound : array (origins, definitions, regions)
        Whether a share lay at one of its bounds at the start.
    order, rank, count : arrays
        The changes that peers lend, sorted; the place of each region among them; how many there are.
    group : array (regions,)
        Which regions are peers of each other.
    """

    lent: Values
    came: Values
    at_bound: Flags
    order: Values
    rank: Ints
    count: Ints
    group: Flags

    def medians(self, own: int | None) -> Values:
        """Return for each region the median of what its peers lend, itself and `own` left out; NaN under 8."""
        out = self.rank if own is None else np.broadcast_to(self.rank[..., own : own + 1], self.rank.shape)
        first, second = np.minimum(self.rank, out), np.maximum(self.rank, out)
        count = self.count[..., None]
        # a region left out twice, or without a path, takes nothing away
        left = count - (first < count) - ((second < count) & (second != first))
        second = np.where(second == first, self.order.shape[-1], second)
        low, high = (self._pick(place, first, second) for place in ((left - 1) // 2, left // 2))
        return np.where(self.group & (left >= FEWEST_PEERS), (low + high) / 2, np.nan)

    def _pick(self, place: Ints, first: Ints, second: Ints) -> Values:
        """Return what stands in a place of the order once those in two places have been taken out of it."""
        place = place + (place >= first)
        place = place + (place >= second)
        return np.take_along_axis(self.order, np.clip(place, 0, self.order.shape[-1] - 1), axis=-1)


def scaled_paths(donors: Donors, transfers: list[Transfer]) -> tuple[Values, Values]:
    """Return paths and figures on the scale of each definition's transfer."""
    paths, values = np.empty_like(donors.paths), np.empty_like(donors.values)
    for line, transfer in enumerate(transfers):
        paths[:, line], values[line] = transfer.apply(donors.paths[:, line]), transfer.apply(donors.values[line])
    return paths, values


def build_moves(donors: Donors, scaled: tuple[Values, Values], edges: Values, *, lag: int, group: Flags) -> Moves:
    """Return the changes from starts `lag` years before each origin, as far ahead as the paths go.

    Parameters
    ----------
    donors, scaled : Donors and pair of arrays
        As `scaled_paths` gives them.
    edges : array (definitions,)
        Upper bound on the scale of the transfer; infinite for what is no share.
    """
    paths, values = scaled
    origins = np.arange(lag, values.shape[2])
    starts = origins - lag
    columns = starts[:, None] + np.arange(1, donors.horizon + lag + 1)
    whole = np.concatenate([values, np.full((*values.shape[:2], donors.horizon), np.nan)], axis=2)
    segments = np.pad(donors.segments, ((0, 0), (0, 0), (0, donors.horizon)), constant_values=-1)
    # (origins, years ahead, definitions, regions) -> (origins, definitions, years ahead, regions)
    ways = paths.transpose(0, 3, 1, 2)
    lent = ways[origins[:, None], columns] - ways[origins, starts][:, None]
    base = values.transpose(2, 0, 1)[starts]
    came = whole.transpose(2, 0, 1)[columns] - base[:, None]
    same = segments.transpose(2, 0, 1)[columns] == segments.transpose(2, 0, 1)[starts][:, None]
    lent, came = lent.transpose(0, 2, 1, 3), np.where(same, came, np.nan).transpose(0, 2, 1, 3)
    peers = np.where(group, lent, np.nan)
    place = np.argsort(peers, axis=-1)
    rank = np.empty_like(place)
    np.put_along_axis(rank, place, np.broadcast_to(np.arange(len(group)), place.shape), axis=-1)
    order, count = np.take_along_axis(peers, place, axis=-1), (~np.isnan(peers)).sum(axis=-1)
    return Moves(lent, came, np.abs(base) >= edges[:, None], order, rank, count, group)


@dataclass(frozen=True, eq=False)
class Widths:
    """Width of the predictive distribution of what is borrowed, by definition and years ahead.

    Parameters
    ----------
    half : array (definitions, years ahead)
        Half-width on the scale of the transfer; NaN where fewer than 8 regions can tell.
    tail : float
        Weight of the tails, as in the distribution of a projection.
    errors, origins, seen : arrays (definitions,)
        Errors that were counted, origins that they come from, most years ahead that were seen.
    stays : array (years ahead,)
        Position up to which a share at its bound leaves it.
    """

    half: Values
    tail: float
    errors: Ints
    origins: Ints
    seen: Ints
    stays: Values


def distribute(base: Values, centre: Values, half: Values, widths: Widths, ends: tuple[Values, Values]) -> Distribution:
    """Return the predictive distribution about borrowed paths, on the scale of the transfer.

    What lies on a bound at the start stays there with the odds of `stay_positions`.

    Parameters
    ----------
    base : array (n,)
        Starts, on the scale of the transfer.
    centre, half : array (n, years ahead)
        Paths, and half-widths of their definitions.
    widths : Widths
        Tail and stays of which count.
    ends : pair of arrays (n,)
        Bounds on the scale.
    """
    low, high = ends
    away = half * np.sinh(widths.tail * widths.stays[: half.shape[1]]) / widths.tail
    at_bound = (base >= high).astype(np.float64) - (base <= low)
    tail, never = np.full(len(base), widths.tail), np.zeros(half.shape)
    return Distribution(centre - at_bound[:, None] * away, half, half, tail, low, high, never)


def build_widths(errors: Values, at_bound: Flags, usual: Values, stays: Values) -> Widths:
    """Return the widths that errors of borrowing call for.

    ``e = s_d u_d(h) z``: an error h years ahead is the usual departure of a region from its peers over as many years,
    times a scale of the definition, times a figure of which all definitions share one distribution, symmetrical about
    0. The scale is the squared mean of the roots of ``|e| / u_d(h)`` (robust, yet above 0 where most errors are 0),
    drawn to that of all definitions: ``log s_d`` has the weight of the origins that were seen, the common one that of
    one origin, for regions share the surprises of a year. The distribution of z is the sinh-normal one with the 80 and
    95 % points of all ``|z|``, each definition counting once, at the ranks ``p (1 + 1/n)`` of conformal prediction.
    Shares that lay at a bound at the start stand apart, see `stay_positions`.

    Parameters
    ----------
    errors : array (origins, definitions, years ahead, regions)
        What came less what would have been borrowed, on the scale of the transfer.
    at_bound : array (origins, definitions, regions)
        Which starts lay at a bound.
    usual : array (definitions, years ahead)
        See `usual_departure`.
    stays : array (years ahead,)
        See `stay_positions`.

    Source: split conformal prediction with scaled errors (Lei et al. 2018, section 5.2), shrinkage as in `auto`; the
    scale is an own choice (benchmarks/README.md).
    """
    known = ~np.isnan(errors)
    known &= (known.any(axis=(0, 2)).sum(axis=1) >= FEWEST_PEERS)[:, None, None]
    sizes = np.where(known & ~at_bound[:, :, None], np.abs(errors) / usual[..., None], np.nan)
    scale = _scale(sizes)
    tail, side = _shape(sizes / scale[:, None, None])
    seen = _years_seen(known)
    half = np.where((seen > 0)[:, None], side * scale[:, None] * usual, np.nan)
    return Widths(half, tail, known.sum(axis=(0, 2, 3)), known.any(axis=(2, 3)).sum(axis=0), seen, stays)


def _years_seen(known: Flags) -> Ints:
    """Return the most years ahead (definitions,) that at least 8 regions can tell of."""
    told = known.any(axis=0).sum(axis=2) >= FEWEST_PEERS
    return np.where(told.any(axis=1), told.shape[1] - np.argmax(told[:, ::-1], axis=1), 0)


def _scale(sizes: Values) -> Values:
    """Return the scale of the errors of each definition, drawn to what is common."""
    known = ~np.isnan(sizes)
    origins = known.any(axis=(2, 3)).sum(axis=0)
    own = np.where(origins > 0, np.log(np.maximum(np.nan_to_num(root_mean(sizes, axis=(0, 2, 3))), SLIVER)), 0.0)
    share = origins / (origins + COMMON_ORIGINS)
    common = np.sum(share * own) / share.sum() if origins.any() else np.nan
    return np.asarray(np.exp(share * own + (1.0 - share) * common))


def _shape(sizes: Values) -> tuple[float, float]:
    """Return the weight of the tails and the half-width of the sinh-normal distribution of z."""
    known = ~np.isnan(sizes)
    if not known.any():
        return float(TAILS[0]), np.nan
    count = known.sum(axis=(0, 2, 3))
    size, weight = sizes[known], np.broadcast_to((1.0 / np.maximum(count, 1))[:, None, None], sizes.shape)[known]
    order = np.argsort(size)
    share = np.cumsum(weight[order]) / weight.sum()
    # the sum of the weights may fall short of 1 by rounding
    ranks = np.minimum(np.array(LEVELS) * (1.0 + 1.0 / len(size)), 1.0) - 1e-12
    least, most = size[order][np.minimum(np.searchsorted(share, ranks), len(size) - 1)].tolist()
    tail = float(np.interp(most / max(least, SLIVER), TAIL_RATIOS, TAILS))
    # where no weight of the tails gives both points, the wider of the two
    ends = (end * tail / np.sinh(tail * place) for end, place in zip((least, most), POSITIONS, strict=True))
    return tail, float(max(ends))


def root_mean(sizes: Values, axis: tuple[int, ...]) -> Values:
    """Squared mean of the roots of sizes; NaN where there are none."""
    known = ~np.isnan(sizes)
    total = np.sqrt(np.where(known, sizes, 0.0)).sum(axis=axis)
    count = known.sum(axis=axis)
    return np.where(count > 0, (total / np.maximum(count, 1)) ** 2, np.nan)


def usual_departure(came: Values, group: Flags) -> Values:
    """Return by how much a region's change over some years usually departs from the median change of its peers.

    ``u_d(h)``: squared mean of the roots of the departures, on the scale of the transfer (definitions, years ahead);
    never less for more years, and beyond the years of which 8 regions can tell as many times more as they are years:
    as if regions kept their pace for good.

    Parameters
    ----------
    came : array (starts, definitions, years ahead, regions)
        Changes of figures that are known.
    group : array (regions,)
        Whose changes count.
    """
    changes = np.sort(np.where(group, came, np.nan), axis=-1)
    count = (~np.isnan(changes)).sum(axis=-1, keepdims=True)
    low, high = (np.take_along_axis(changes, np.maximum(place, 0), axis=-1) for place in ((count - 1) // 2, count // 2))
    away = np.abs(changes - (low + high) / 2)
    seen = np.maximum(_years_seen(~np.isnan(away)), 1)[:, None]
    usual = np.maximum(np.nan_to_num(root_mean(away, axis=(0, 3))), SLIVER)
    usual = np.maximum.accumulate(usual, axis=1)
    ahead = np.arange(1, usual.shape[1] + 1)
    return np.where(ahead <= seen, usual, np.take_along_axis(usual, seen - 1, axis=1) * ahead / seen)


def stay_positions(moves: Moves, group: Flags) -> Values:
    """Return the standard normal position (years ahead,) below which a share at its bound is taken to leave it.

    A share at a bound is there h years on with odds ``(m + 1) / (n + 2)`` when m of n were (Laplace), all shares
    together; beyond the years that were seen with ``odds^(h / seen)``, and never the likelier for more years.
    """
    came = np.where(moves.at_bound[:, :, None] & group, moves.came, np.nan)
    cases = (~np.isnan(came)).sum(axis=(0, 1, 3))
    odds = ((came == 0).sum(axis=(0, 1, 3)) + 1.0) / (cases + 2.0)
    ahead = np.arange(1, len(odds) + 1)
    seen = int(np.max(ahead[cases > 0], initial=0))
    if not seen:
        return np.zeros(len(odds))
    odds = np.where(ahead <= seen, odds, odds[seen - 1] ** (ahead / seen))
    return normal_positions(1.0 - np.minimum.accumulate(odds))
