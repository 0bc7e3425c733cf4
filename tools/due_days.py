"""When a periodic report has to be sent, in plain Python.

Dates are local dates; which of them are worked the caller says. “Before day n” is sent
at the latest on day n−1; where that is no working day, on the working day before it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
# A year without work is no calendar: what is looked for there is not waited for.
MOST_IDLE = 366
# Working days that are left between a cut-off and the due day of a report whose period
# is told by that day.
ROOM = 5
MOST_MONTHS = 12

Worked = Callable[[date], bool]


@dataclass(frozen=True)
class DueRule:
    """When a report on a period is due.

    :param before_day: of a month; 0 where the text names none
    :param month: of the year; 0: the first such day after the cut-off
    :param working_days: after the cut-off, where there is no such day; 0: the cut-off
        itself
    """

    before_day: int = 0
    month: int = 0
    working_days: int = 0


def due_day(rule: DueRule, last: date, worked: Worked) -> date:
    """Return the last day on which a report is in time.

    :param last: last day of its period
    """
    if rule.before_day:
        latest = _latest(rule, last)
        day = worked_day_until(latest, worked)
        # What is not over cannot be reported: then the day off is the due day.
        return day if day > last else latest
    if rule.working_days:
        return working_days_from(last, rule.working_days, worked)
    return last


def interior_period(
    rule: DueRule, today: date, cutoff_day: int, worked: Worked
) -> tuple[date, date]:
    """Return the last twelve months that are over and that a yearly report with a due
    day of its own covers: they end with the last month's cut-off that leaves `ROOM`
    working days, so that one year follows the other without a gap.

    :param today: days before it are over
    """
    for year in (today.year + 1, today.year, today.year - 1):
        last = _interior_last(rule, year, cutoff_day, worked)
        if last < today:
            return _interior_last(rule, year - 1, cutoff_day, worked) + ONE_DAY, last
    raise ValueError(today)  # a cut-off lies at most a year back


def _interior_last(rule: DueRule, year: int, cutoff_day: int, worked: Worked) -> date:
    due = worked_day_until(_day_of(year, rule.month, rule.before_day) - ONE_DAY, worked)
    months = [_month_before(due, back) for back in range(MOST_MONTHS)]
    cut_offs = [cut_off(*month, cutoff_day) for month in months]
    for last in cut_offs:
        days = (last + ONE_DAY * n for n in range(1, (due - last).days + 1))
        if last < due and sum(map(worked, days)) >= ROOM:
            return last
    return cut_offs[1]


def _month_before(day: date, back: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return year, month + 1


def cut_off(year: int, month: int, cutoff_day: int) -> date:
    """Return the last day of a month's period; 0: of the month itself."""
    return _day_of(year, month, cutoff_day or 31)


def worked_day_until(day: date, worked: Worked) -> date:
    """Return a day, or the last working day before it."""
    for back in range(MOST_IDLE):
        if worked(day - ONE_DAY * back):
            return day - ONE_DAY * back
    return day


def working_days_from(day: date, count: int, worked: Worked) -> date:
    """Return the working day that is so many working days after a day, or before it
    where the number is below 0."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    left, at = abs(count), day
    for _idle in range(MOST_IDLE):
        if not left:
            break
        at += step
        left -= worked(at)
    return at if not left else day + step * abs(count)


def _latest(rule: DueRule, last: date) -> date:
    """The day before the day that a rule names, the first one after a cut-off."""
    if rule.month:
        days = [(last.year + n, rule.month) for n in range(2)]
    else:
        days = [_month_before(last, -n) for n in range(3)]
    found = [_day_of(*day, rule.before_day) - ONE_DAY for day in days]
    return next((day for day in found if day > last), found[-1])


def _day_of(year: int, month: int, day: int) -> date:
    """A day of a month, or its last one."""
    return date(year, month, min(day, monthrange(year, month)[1]))
