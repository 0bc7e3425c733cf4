"""Periods of reports: which days they hold, and which one has ended.

A month closes on its cut-off day and the next one begins the day after (NĐ 09/2019 Điều
12: from the 15th to the 14th); quarters, halves and years are made of such months.
Without a cut-off day (0) they are the calendar's. Weeks run from Monday to Sunday.

Days are local dates, both ends included. Moments are naive UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .working_time import end_of_day, start_of_day

ONE_DAY = timedelta(days=1)
WEEK = 7
# What people name before it is a slip of the keys.
EARLIEST = date(2000, 1, 1)
YEAR = 12
# Months in each kind that is made of months.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": YEAR, "interior": YEAR}
KINDS = ("day", "week", *MONTHS, "demand")
# Every month has these days, and in none of them one is the last.
MAX_CUTOFF = 27


@dataclass(frozen=True)
class Period:
    """A span of days of which is reported.

    :param kind: one of `KINDS`
    :param first: its first date
    :param last: its last date
    """

    kind: str
    first: date
    last: date

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"no kind of period: {self.kind!r}")
        if self.last < self.first:
            raise ValueError(f"a period ends before it begins: {self.first}")

    @property
    def year(self) -> int:
        """The year by which it is named: that in which it closes."""
        return self.last.year

    @property
    def number(self) -> int:
        """Its number in that year: of the month, quarter, half or ISO week; 0 where it
        has none."""
        if self.kind == "week":
            return self.last.isocalendar().week
        months = MONTHS.get(self.kind, YEAR)
        return 0 if months == YEAR else -(-self.last.month // months)

    def previous(self) -> Period:
        """The one of its kind that ends the day before it; of a day or on demand, the
        span of as many days before it."""
        last = self.first - ONE_DAY
        if self.kind in MONTHS:
            return Period(self.kind, _months(self.first, -MONTHS[self.kind]), last)
        return Period(self.kind, self.first - (self.last - last), last)

    def holds(self, day: date) -> bool:
        """Whether a date lies in it."""
        return self.first <= day <= self.last


def period_of(
    kind: str, day: date, cutoff_day: int = 0, closing_month: int = YEAR
) -> Period:
    """Return the period of a kind in which a date lies.

    :param cutoff_day: last day of a month's period; 0 or None: that of the calendar
    :param closing_month: month in which a period of the kind `interior` closes, see
        :func:`interior_month`
    :raise ValueError: of the kind `demand`, which has the days that somebody chooses;
        for a cut-off that not every month has
    """
    cutoff_day = cutoff_day or 0
    if not 0 <= cutoff_day <= MAX_CUTOFF:
        raise ValueError(f"months cannot close on day {cutoff_day}")
    if kind == "day":
        return Period(kind, day, day)
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(kind, monday, monday + timedelta(days=WEEK - 1))
    if kind not in MONTHS:
        raise ValueError(f"no day says which period of this kind is meant: {kind!r}")
    size = MONTHS[kind]
    # Counted from year 0, so that closing months of a kind are multiples of its size.
    month = day.year * YEAR + day.month - 1
    if cutoff_day and day.day > cutoff_day:
        month += 1
    ahead = (closing_month if kind == "interior" else YEAR) % size
    closes = month + (ahead - 1 - month) % size
    first = _at(closes - size + 1, 1)
    if cutoff_day:
        return Period(
            kind, _at(closes - size, cutoff_day) + ONE_DAY, _at(closes, cutoff_day)
        )
    return Period(kind, first, _at(closes + 1, 1) - ONE_DAY)


def closing_period(
    kind: str, today: date, cutoff_day: int = 0, closing_month: int = YEAR
) -> Period:
    """Return the last period of a kind that had ended before a date."""
    return period_of(kind, today, cutoff_day, closing_month).previous()


def interior_month(
    due: date, cutoff_day: int, days_before: Callable[[date], int], least: int = 5
) -> int:
    """Return the month in which the twelve months of a report to Home Affairs close.

    It is the last one whose cut-off is so many working days before its due day.

    :param due: the day before which it is due, in any year
    :param days_before: of a date, how many working days there are after it up to the
        due day
    """
    month = due.year * YEAR + due.month - 1
    while True:
        last = _at(month, cutoff_day) if cutoff_day else _at(month + 1, 1) - ONE_DAY
        if last < due and days_before(last) >= least:
            return last.month
        month -= 1


def bounds(
    period: Period, tz: object, closes: tuple[datetime, datetime] | None = None
) -> tuple[datetime, datetime]:
    """Return when a period begins and when it has ended, naive UTC.

    What happens at its very end belongs to the next one.

    :param tz: time zone in which its days begin
    :param closes: of a `day`: the close of work on the working day before, and on its
        own; what comes between them belongs to it (ST Điều 28.1)
    """
    if period.kind == "day" and closes:
        return closes
    return start_of_day(period.first, tz), end_of_day(period.last, tz)


def _at(month: int, day: int) -> date:
    year, month = divmod(month, YEAR)
    return date(year, month + 1, day)


def _months(day: date, count: int) -> date:
    """The same day of another month; periods begin on days that every month has."""
    return _at(day.year * YEAR + day.month - 1 + count, day.day)
