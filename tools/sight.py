"""Early sight: what rises, and which open work will be late at the pace that there is.

Plain statistics that can be said in a sentence.

*Rising.* Of all reports of a cell (a category, a ward, a category in a ward) in the
weeks looked at and the weeks before, a known share would fall into the later weeks if
nothing had changed: the share of days. How likely so many or more fall there by chance
is the tail of the binomial distribution (the conditional test of two Poisson counts,
Przyborowski and Wilenski 1940). It supposes that reports come independently of one
another.

*Many comparisons.* Among hundreds of cells some stand out by chance. Benjamini and
Hochberg's step-up rule keeps the expected share of such rows among those shown below a
rate. Cells with too few reports in all to show anything are not compared; that is
decided by the total, of which the test does not depend.

*Late by when.* Open matters done one after the other, the one due first first, at so
many a working day: no other order makes fewer late.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

# The expected share of rows among those shown that are there by chance.
RATE = 0.05
# Fewer reports in all can show nothing.
LEAST_TOTAL = 6
# A rise of less is no news, however certain.
LEAST_RATIO = 1.5
# Terms of a sum that no longer matter.
NEGLIGIBLE = 1e-18


class Rise(NamedTuple):
    """A cell in which more came than before.

    :param key: what was counted
    :param recent, before: reports in the later and in the earlier days
    :param expected: what the later days would have brought had nothing changed
    :param chance: how likely so many or more are by chance, from 0 to 1
    :param adjusted: the same with all other comparisons allowed for
    :param compared: how many cells were compared
    """

    key: Hashable
    recent: int
    before: int
    expected: float
    chance: float
    adjusted: float
    compared: int


class Projection(NamedTuple):
    """What becomes of open work at a pace.

    :param late: how many will be late, those that are late already left out
    :param overdue: how many are late already
    :param first: the deadline of the first that will be late, or None
    """

    late: int
    overdue: int
    first: datetime | None


def chance_of(recent: int, total: int, share: float) -> float:
    """Return how likely at least so many of a total fall into a share of the time.

    :param share: of the days, between 0 and 1
    """
    if recent <= 0:
        return 1.0
    if recent > total:
        return 0.0
    if recent <= total * share:
        # The long tail: what is left of the short one.
        lower = _sum(range(recent - 1, -1, -1), total, share)
        return max(0.0, min(1.0, 1.0 - lower))
    return min(1.0, _sum(range(recent, total + 1), total, share))


def _sum(counts: Iterable[int], total: int, share: float) -> float:
    """Add up binomial chances, from the largest term down."""
    whole = 0.0
    for count in counts:
        term = math.exp(
            math.lgamma(total + 1)
            - math.lgamma(count + 1)
            - math.lgamma(total - count + 1)
            + count * math.log(share)
            + (total - count) * math.log1p(-share)
        )
        whole += term
        if term < NEGLIGIBLE * whole:
            break
    return whole


def adjusted(chances: Sequence[float]) -> list[float]:
    """Return chances with all comparisons allowed for (Benjamini, Hochberg 1995).

    Rows whose adjusted chance is at most a rate are those that the rule keeps.
    """
    order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)
    found = [1.0] * len(chances)
    least = 1.0
    for behind, index in enumerate(order):
        rank = len(chances) - behind
        least = min(least, chances[index] * len(chances) / rank)
        found[index] = least
    return found


def rising(
    cells: Iterable[tuple[Hashable, int, int]], share: float, rate: float = RATE
) -> list[Rise]:
    """Return cells in which more came than chance explains, the surest first.

    :param cells: (key, reports in the later days, reports in the earlier days)
    :param share: of the later days among all
    :param rate: see `RATE`
    """
    compared = [cell for cell in cells if cell[1] + cell[2] >= LEAST_TOTAL]
    chances = [chance_of(recent, recent + b, share) for _key, recent, b in compared]
    rows = []
    for (key, recent, before), chance, after in zip(
        compared, chances, adjusted(chances), strict=True
    ):
        expected = before * share / (1 - share)
        if after <= rate and recent >= LEAST_RATIO * expected:
            rows.append(
                Rise(key, recent, before, expected, chance, after, len(compared))
            )
    return sorted(rows, key=lambda row: (row.adjusted, row.chance, str(row.key)))


def one_in(chance: float) -> int:
    """Return a small chance as people say it, “one in n”, rounded to a round number."""
    if chance <= 0:
        return 10**9
    times = min(1 / chance, 1e9)
    size = 10 ** max(0, math.floor(math.log10(times)))
    return max(1, int(times / size) * size)


def projected(
    deadlines: Iterable[datetime | None],
    pace: float,
    closes: Sequence[datetime],
    now: datetime,
) -> Projection:
    """Return how much of the open work will be late, and from when.

    :param deadlines: of each open matter; None for what has no limit
    :param pace: how many are done on a working day
    :param closes: when the coming working days end, in order; work that needs more
        days than these ends after them
    """
    due = sorted(moment for moment in deadlines if moment is not None)
    overdue = bisect_left(due, now)
    late, first = 0, None
    for number, deadline in enumerate(due, start=1):
        if number <= overdue:
            continue  # it takes its time all the same
        if _done_at(number, pace, closes, deadline):
            continue
        late += 1
        first = first or deadline
    return Projection(late, overdue, first)


def _done_at(
    number: int, pace: float, closes: Sequence[datetime], deadline: datetime
) -> bool:
    """Tell whether the n-th matter is done by its deadline."""
    if pace <= 0:
        return False
    days = math.ceil(number / pace - 1e-9)
    return days <= len(closes) and closes[days - 1] <= deadline
