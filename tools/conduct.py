"""When violations become a lock: counting within calendar months."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from dateutil.relativedelta import relativedelta


def months_later(day: date, months: int) -> date:
    """Return the day on which a time of months ends, at its close.

    The corresponding day of the last month, or that month's last day where it has no
    such day (Bộ luật Dân sự 2015, Điều 148.3).
    """
    return day + relativedelta(months=months)


def most_within(days: Iterable[date], months: int) -> int:
    """Return how many of these days, at most, lie within one time of months.

    Such a time begins on any of the days and ends with the corresponding day.
    """
    ordered = sorted(days)
    return max(
        (
            bisect_right(ordered, months_later(day, months)) - index
            for index, day in enumerate(ordered)
        ),
        default=0,
    )
