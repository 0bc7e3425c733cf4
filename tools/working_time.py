"""Working time: when a limit that starts now runs out.

Units, after Bộ luật Dân sự 2015, Điều 147–148 (how a term begins and ends):

``minute``, ``hour``
    elapsed time, day and night.
``working_hour``
    time inside the calendar's intervals of work.
``day``
    calendar days. The day of the start does not count; the term ends at 24:00 local
    time of the n-th day after it, or of the next day on which there is work (Điều
    148.5: a last day that is a weekend day or a holiday).
``working_day``
    days on which there is work. The day of the start does not count; the term ends at
    the close of the last interval of the n-th such day after it.

Moments are naive UTC datetimes, as Odoo stores them; dates are local dates of the
calendar's time zone. An aware datetime is accepted wherever a moment is, and converted.

A :class:`WorkingTime` holds the intervals of a bounded span of dates. It never guesses
beyond: it raises :class:`SpanTooShort`, and :func:`compute` then loads a longer span.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import accumulate
from numbers import Real
from zoneinfo import ZoneInfo

UNITS = ("minute", "hour", "working_hour", "day", "working_day")
WORKING_UNITS = ("working_hour", "working_day")
# Their end depends on which days are worked.
CALENDAR_UNITS = (*WORKING_UNITS, "day")

# About ten years in each unit: more is a slip of the keyboard, not a limit.
MAX_VALUE = {
    "minute": 5_270_400,
    "hour": 87_840,
    "working_hour": 20_000,
    "day": 3_660,
    "working_day": 2_500,
}
# A year without a working minute is a calendar without work, not a long holiday.
IDLE_DAYS = 366
# compute() never loads more dates than these (the longest limit, with room).
MAX_SPAN_DAYS = 40 * 366

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
ZERO = timedelta()
SECONDS = {"minute": 60, "hour": 3600, "working_hour": 3600}

Interval = tuple[datetime, datetime]
Hours = tuple[float, float]
Zone = str | tzinfo


class WorkingTimeError(ValueError):
    """Base of this module's errors. ``code`` is stable; models translate it."""

    code = "working_time"


class InvalidLimit(WorkingTimeError):
    """A limit that means nothing.

    ``reason`` is one of ``unit`` (unknown), ``number`` (not a finite number),
    ``negative``, ``fraction`` (a part of a day), ``absurd`` (over ten years).
    """

    code = "invalid_limit"

    def __init__(self, reason: str, value: object, unit: object):
        super().__init__(f"invalid limit ({reason}): {value!r} {unit!r}")
        self.reason = reason
        self.value = value
        self.unit = unit


class InvalidCalendar(WorkingTimeError):
    """Opening hours or a time zone that mean nothing; ``detail`` is what was given."""

    code = "invalid_calendar"

    def __init__(self, detail: object):
        super().__init__(f"invalid working calendar: {detail!r}")
        self.detail = detail


class InvalidHold(WorkingTimeError):
    """A hold that ends before it starts."""

    code = "invalid_hold"

    def __init__(self, start: datetime, end: datetime):
        super().__init__(f"hold ends before it starts: {start} – {end}")
        self.start = start
        self.end = end


class SpanTooShort(WorkingTimeError):
    """The answer lies outside the dates known: ``first_date`` to ``last_date``."""

    code = "span_too_short"

    def __init__(self, first_date: date | None, last_date: date | None):
        super().__init__(f"working time is known only from {first_date} to {last_date}")
        self.first_date = first_date
        self.last_date = last_date


class NoWorkingTime(WorkingTimeError):
    """The calendar has no working time, or none for over a year."""

    code = "no_working_time"

    def __init__(self) -> None:
        super().__init__("the working calendar has no working time")


# --- moments and dates ---------------------------------------------------------------


def zone(tz: Zone) -> tzinfo:
    """Return the time zone for a name, a ``tzinfo`` or a pytz zone.

    :raise InvalidCalendar: no such zone.
    """
    name = tz if isinstance(tz, str) else getattr(tz, "zone", None)
    if name is None and isinstance(tz, tzinfo):
        return tz
    try:
        return ZoneInfo(name)
    except (TypeError, ValueError, OSError, LookupError):
        raise InvalidCalendar(tz) from None


def to_utc(moment: datetime) -> datetime:
    """Return the moment as naive UTC; a naive one is UTC already."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def local_date(moment: datetime, tz: Zone) -> date:
    """Return the local date on which a moment falls."""
    return _local(to_utc(moment), zone(tz)).date()


def end_of_day(day: date, tz: Zone) -> datetime:
    """Return 24:00 local time of a date, as naive UTC."""
    return _at_hour(day, 24, zone(tz))


def start_of_day(day: date, tz: Zone) -> datetime:
    """Return when a date begins, which is when the one before ends, as naive UTC."""
    return end_of_day(day - ONE_DAY, tz)


def _local(moment: datetime, tz: tzinfo) -> datetime:
    return moment.replace(tzinfo=timezone.utc).astimezone(tz)


def _wall_to_utc(wall: datetime, tz: tzinfo) -> datetime:
    """Return the moment at which clocks on the wall first show ``wall`` or later.

    The mapping never runs backwards: a time that is skipped when clocks go forward is
    the moment of the change, a time that occurs twice is its first occurrence.
    """
    moment = to_utc(wall.replace(tzinfo=tz))
    if _local(moment, tz).replace(tzinfo=None) == wall:
        return moment
    # Skipped: find the change, which lies between the two readings of the wall time.
    before = to_utc(wall.replace(tzinfo=tz, fold=1))
    after = moment
    old = _local(before, tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _local(middle, tz).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


@lru_cache(maxsize=8192)
def _offset(day: date, tz: tzinfo) -> timedelta | None:
    """Return the offset from UTC of a whole local day; None on days of a change.

    Kept, since calendars are built over and over of the same days.
    """
    midnight = datetime.combine(day, time(), tz)
    offset = midnight.utcoffset()
    return offset if offset == (midnight + ONE_DAY).utcoffset() else None


def _whole_second(moment: datetime) -> datetime:
    """Round to the second: Odoo ends a day at 23:59:59.999999."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


# --- intervals of work ---------------------------------------------------------------


def weekly_intervals(
    pattern: Iterable[tuple],
    tz: Zone,
    first_date: date,
    last_date: date,
    closures: Iterable[Interval] = (),
    makeup_days: Iterable[tuple[date, object]] = (),
) -> list[Interval]:
    """Build the intervals of work of a span of local dates, both ends included.

    :param pattern: rows ``(weekday, hour_from, hour_to, week_type)``: weekday 0
        (Monday) to 6, hours of local time 0.0 to 24.0, to the minute; week type
        ``None`` for every week, 0 or 1 for the weeks of a two-weekly calendar, counted
        as Odoo counts them. Strings and ``False``, as Odoo's selections hold, will do.
        Rows may overlap. Rows of lunch breaks must not be among them.
    :param closures: spans of UTC without work (public holidays, leave of the whole
        agency); they may overlap and may cover parts of days. They are widened to
        whole minutes: Odoo ends a day off at 23:59:59.
    :param makeup_days: ``(date, like)``: a date that works although it is a weekend or
        a closure lies on it (Bộ luật Lao động: working days exchanged by decision).
        ``like`` is a weekday 0–6, the date whose hours it takes over, or the hours
        themselves ``[(7.5, 11.5), (13.0, 17.0)]``. Its own rows do not count then.
    :return: disjoint intervals in order, naive UTC.
    :raise InvalidCalendar: hours, weekdays or the zone mean nothing.
    """
    tz = zone(tz)
    week = _week(pattern)
    exchanged = {day: _hours_like(week, day, like) for day, like in makeup_days}
    ordinary: list[Interval] = []
    makeup: list[Interval] = []
    for ordinal in range(first_date.toordinal(), last_date.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day in exchanged:
            makeup += _day_intervals(day, exchanged[day], tz)
        else:
            hours = week.get((day.weekday(), _week_type(day)), ())
            ordinary += _day_intervals(day, hours, tz)
    closed = _merge(_whole_minutes(start, end) for start, end in closures)
    return _merge(_subtract(_merge(ordinary), closed) + makeup)


def _whole_minutes(start: datetime, end: datetime) -> Interval:
    last = to_utc(end)
    whole = last.replace(second=0, microsecond=0)
    return (
        to_utc(start).replace(second=0, microsecond=0),
        whole if whole == last else whole + timedelta(minutes=1),
    )


def _week_type(day: date) -> int:
    """Return 0 or 1, the turn of the day's week in a two-weekly calendar."""
    return (day.toordinal() - 1) // 7 % 2


def _week(pattern: Iterable[tuple]) -> dict[tuple[int, int], list[Hours]]:
    """Index the pattern's hours by (weekday, week type)."""
    week: dict[tuple[int, int], list[Hours]] = {}
    for row in pattern:
        try:
            weekday, hour_from, hour_to, week_type = row
            weekday = int(weekday)
            every = week_type is None or week_type is False or week_type == ""
            types = (0, 1) if every else (int(week_type),)
        except (TypeError, ValueError):
            raise InvalidCalendar(row) from None
        if weekday not in range(7) or not set(types) <= {0, 1}:
            raise InvalidCalendar(row)
        for one in types:
            hours = _checked_hours((hour_from, hour_to))
            week.setdefault((weekday, one), []).append(hours)
    return week


def _checked_hours(hours: Hours) -> Hours:
    try:
        hour_from, hour_to = hours
        if 0 <= hour_from <= hour_to <= 24:
            return hour_from, hour_to
    except (TypeError, ValueError):
        pass
    raise InvalidCalendar(hours)


def _hours_like(week: dict, day: date, like: object) -> list[Hours]:
    """Return the hours that a make-up day works."""
    if isinstance(like, date):
        return week.get((like.weekday(), _week_type(like)), [])
    if isinstance(like, int) and like in range(7):
        return week.get((like, _week_type(day)), [])
    if isinstance(like, Iterable) and not isinstance(like, str):
        return [_checked_hours(hours) for hours in like]
    raise InvalidCalendar(like)


def _day_intervals(day: date, hours: Iterable[Hours], tz: tzinfo) -> list[Interval]:
    return [
        (_at_hour(day, hour_from, tz), _at_hour(day, hour_to, tz))
        for hour_from, hour_to in hours
    ]


def _at_hour(day: date, hour: float, tz: tzinfo) -> datetime:
    """Return the moment of a local hour, 0 to 24, of a date."""
    wall = datetime.combine(day, time()) + timedelta(minutes=round(hour * 60))
    offset = _offset(day, tz)
    return _wall_to_utc(wall, tz) if offset is None else wall - offset


def _merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Sort; join what overlaps or touches; drop what is empty or runs backwards."""
    merged: list[Interval] = []
    for start, end in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _subtract(intervals: list[Interval], closed: list[Interval]) -> list[Interval]:
    """Cut one merged list out of another."""
    left: list[Interval] = []
    first = 0
    for start, end in intervals:
        while first < len(closed) and closed[first][1] <= start:
            first += 1
        at = first
        while at < len(closed) and closed[at][0] < end:
            if start < closed[at][0]:
                left.append((start, closed[at][0]))
            start = closed[at][1]
            at += 1
        if start < end:
            left.append((start, end))
    return left


# --- limits --------------------------------------------------------------------------


def check_limit(value: float, unit: str) -> None:
    """Refuse a limit that means nothing; 0 is a limit ("at once").

    :raise InvalidLimit: unknown unit; not a finite number; negative; a part of a
        (working) day; over ten years.
    """
    if unit not in UNITS:
        raise InvalidLimit("unit", value, unit)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InvalidLimit("number", value, unit)
    if not math.isfinite(value):
        raise InvalidLimit("number", value, unit)
    if value < 0:
        raise InvalidLimit("negative", value, unit)
    if unit in ("day", "working_day") and value != int(value):
        raise InvalidLimit("fraction", value, unit)
    if value > MAX_VALUE[unit]:
        raise InvalidLimit("absurd", value, unit)


def span_for(limits: Iterable[tuple[float, str]]) -> int:
    """Guess generously how many days of calendar the limits ``(value, unit)`` need.

    Half-time agencies (20 working hours a week) and a Tết of two weeks are inside the
    guess. 0 when no limit needs a calendar.
    """
    needed = 0
    for value, unit in limits:
        check_limit(value, unit)
        if unit == "day" and value:
            needed = max(needed, 21 + int(value))
        elif unit in WORKING_UNITS and value:
            weeks = value / 20 if unit == "working_hour" else value / 5
            needed = max(needed, 21 + math.ceil(weeks * 7 * 1.2))
    return needed


def compute(
    load: Callable[[date, date], WorkingTime],
    jobs: Iterable[tuple[datetime, float, str]],
    tz: Zone,
) -> list[datetime]:
    """Return the deadline of every ``(start, value, unit)``, loading what is needed.

    :param load: called with a first and a last local date; called again with a longer
        span only if the first guess was too short; not called at all when only
        minutes and hours are asked for.
    :raise InvalidLimit: see :func:`check_limit`.
    :raise NoWorkingTime: the calendar has no working time to end in.
    """
    jobs = list(jobs)
    days = span_for((value, unit) for _start, value, unit in jobs)
    if not days:
        return WorkingTime((), tz).deadlines(jobs)
    dates = [local_date(job[0], tz) for job in jobs if job[2] in CALENDAR_UNITS]
    first, last = min(dates), max(dates)
    while days <= MAX_SPAN_DAYS:
        try:
            return load(first, last + timedelta(days=days)).deadlines(jobs)
        except SpanTooShort:
            days *= 2
    raise NoWorkingTime


class WorkingTime:
    """The working time of one calendar over a span of dates. Immutable.

    Each answer costs O(log n) of the number of intervals.
    """

    __slots__ = (
        "_closes",
        "_days",
        "_ends",
        "_from",
        "_starts",
        "_sums",
        "_until",
        "first_date",
        "last_date",
        "tz",
    )

    def __init__(
        self,
        intervals: Iterable[Interval],
        tz: Zone,
        first_date: date | None = None,
        last_date: date | None = None,
    ):
        """Take intervals of work, in any order, overlapping or not.

        :param intervals: ``(start, end)`` pairs, naive UTC or aware; rounded to the
            second.
        :param tz: the calendar's time zone, in which days begin and end.
        :param first_date: first local date about which the intervals tell all;
            by default that of the first interval.
        :param last_date: the last such date, by default that of the last interval.
            Give both: days without work at either end are knowledge too.
        """
        self.tz = zone(tz)
        merged = _merge(
            (_whole_second(to_utc(start)), _whole_second(to_utc(end)))
            for start, end in intervals
        )
        if merged and first_date is None:
            first_date = _local(merged[0][0], self.tz).date()
        if merged and last_date is None:
            last_date = _local(merged[-1][1] - ONE_SECOND, self.tz).date()
        self.first_date = first_date
        self.last_date = last_date
        self._from = self._until = None
        if first_date is not None and last_date is not None:
            self._from = start_of_day(first_date, self.tz)
            self._until = end_of_day(last_date, self.tz)
        self._index(merged)

    @classmethod
    def from_pattern(
        cls,
        pattern: Iterable[tuple],
        tz: Zone,
        first_date: date,
        last_date: date,
        closures: Iterable[Interval] = (),
        makeup_days: Iterable[tuple[date, object]] = (),
    ) -> WorkingTime:
        """Build from a weekly pattern: see :func:`weekly_intervals`."""
        intervals = weekly_intervals(
            pattern, tz, first_date, last_date, closures, makeup_days
        )
        return cls(intervals, tz, first_date, last_date)

    def _index(self, merged: list[Interval]) -> None:
        pieces = list(self._by_day(merged))
        self._starts = [start for _day, start, _end in pieces]
        self._ends = [end for _day, _start, end in pieces]
        # _sums[i]: work before interval i; one more entry holds the total.
        lengths = (end - start for _day, start, end in pieces)
        self._sums = list(accumulate(lengths, initial=ZERO))
        closes = {day: end for day, _start, end in pieces}
        self._days = list(closes)
        self._closes = list(closes.values())

    def _by_day(self, merged: list[Interval]) -> Iterable[tuple]:
        """Yield (local date, start, end), cut at midnight and where the span ends."""
        for start, end in merged:
            end = min(end, self._until)
            day = _local(start, self.tz).date()
            while start < end:
                cut = min(end, end_of_day(day, self.tz))
                if start < cut:
                    yield day, start, cut
                    start = cut
                day += ONE_DAY

    # --- questions about moments

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments; negative if end is before start.

        :raise SpanTooShort: a moment lies outside the dates known.
        """
        return self._worked_until(end) - self._worked_until(start)

    def add_working(self, start: datetime, amount: timedelta) -> datetime:
        """Return the moment at which an amount of working time after start is used up.

        A term that fills an interval ends with it, not at the next opening. Nothing to
        add gives the start itself, also outside working time.

        :raise SpanTooShort: the answer lies outside the dates known.
        :raise NoWorkingTime: there is no work to add.
        """
        if amount < ZERO:
            raise InvalidLimit("negative", amount, "working_hour")
        start = to_utc(start)
        if not amount:
            return start
        target = self._worked_until(start) + amount
        if target > self._sums[-1]:
            raise self._out_of_days()
        at = bisect_left(self._sums, target) - 1
        return self._starts[at] + (target - self._sums[at])

    def pieces(self, start: datetime, end: datetime) -> list[tuple]:
        """Return the intervals of work between two moments, cut at midnight.

        :return: ``(local date, start, end)`` in order; empty if end is before start
        :raise SpanTooShort: a moment lies outside the dates known.
        """
        start, end = self._known(start), self._known(end)
        found = []
        for at in range(bisect_right(self._ends, start), len(self._starts)):
            if self._starts[at] >= end:
                break
            begin = max(start, self._starts[at])
            # By its end: at 0:00 a day's last piece has ended on that day.
            day = local_date(self._ends[at] - ONE_SECOND, self.tz)
            found.append((day, begin, min(end, self._ends[at])))
        return found

    # --- questions about days

    def worked_days(self, first: date, last: date) -> list[date]:
        """Return the local dates on which there is work, both ends included.

        :raise SpanTooShort: a date is not among those known.
        """
        self._known_date(first)
        self._known_date(last)
        return self._days[
            bisect_left(self._days, first) : bisect_right(self._days, last)
        ]

    def day_close(self, day: date) -> datetime | None:
        """Return the end of the last working interval of a local date, None if idle.

        :raise SpanTooShort: the date is not among those known.
        """
        self._known_date(day)
        at = bisect_left(self._days, day)
        if at < len(self._days) and self._days[at] == day:
            return self._closes[at]
        return None

    def end_of_day(self, day: date) -> datetime:
        """Return 24:00 local time of a date."""
        return end_of_day(day, self.tz)

    def working_days(self, start: datetime, end: datetime) -> int:
        """Count the working days after the day of start, up to and with the day of end.

        Negative if end is before start.
        """
        return self._days_until(end) - self._days_until(start)

    # --- limits

    def deadline(self, start: datetime, value: float, unit: str) -> datetime:
        """Return the moment, naive UTC, at which a limit that begins at start runs out.

        A value of 0 gives the start itself in every unit. Parts of a second in the
        value are rounded; parts of a second in the start are kept for ``minute``,
        ``hour`` and ``working_hour``.

        :raise InvalidLimit: see :func:`check_limit`.
        :raise SpanTooShort: the answer lies outside the dates known.
        :raise NoWorkingTime: there is no work to end in.
        """
        check_limit(value, unit)
        start = to_utc(start)
        if not value:
            return start
        if unit == "working_day":
            return self._close_of_nth(start, int(value))
        try:
            if unit == "day":
                return self._end_of_nth(start, int(value))
            amount = timedelta(seconds=round(value * SECONDS[unit]))
            if unit == "working_hour":
                return self.add_working(start, amount)
            return start + amount
        except OverflowError:
            raise InvalidLimit("absurd", value, unit) from None

    def deadlines(self, jobs: Iterable[tuple[datetime, float, str]]) -> list[datetime]:
        """Return the deadline of every ``(start, value, unit)``, in order."""
        return [self.deadline(start, value, unit) for start, value, unit in jobs]

    def remaining(self, now: datetime, deadline: datetime, unit: str) -> timedelta:
        """Return what is left until a deadline, negative when it has passed.

        Working time for working units, elapsed time for the others.
        """
        if unit in WORKING_UNITS:
            return self.worked(now, deadline)
        return to_utc(deadline) - to_utc(now)

    def moment_at(
        self, start: datetime, deadline: datetime, unit: str, share: float
    ) -> datetime:
        """Return the moment at which a share (0 to 1) of a term has been used.

        For warnings at 50 % and 80 % of a limit: by working time for working units, by
        elapsed time for the others; to the second.
        """
        start, deadline = to_utc(start), to_utc(deadline)
        amount = max(ZERO, self.remaining(start, deadline, unit)) * share
        amount = timedelta(seconds=round(amount.total_seconds()))
        if unit in WORKING_UNITS:
            return self.add_working(start, amount)
        return start + amount

    def shift(
        self,
        deadline: datetime,
        start_of_hold: datetime,
        end_of_hold: datetime,
        unit: str,
    ) -> datetime:
        """Return the deadline after the time of a hold has been given back.

        While the citizen completes the report the duty's clock rests. What was left of
        the term when the hold began is left again when it ends, and who was late
        before stays as late: ``minute`` and ``hour`` get the elapsed time of the hold,
        ``working_hour`` the working time in it. ``day`` and ``working_day`` get whole
        days: those after the day on which the hold began, up to and with the day on
        which it ended, as a term does not count the day on which it begins; the
        deadline goes to 24:00 or the close of its new day. A deadline in days that was
        put off to a day of work keeps what it gained by that.

        :raise InvalidHold: the hold ends before it starts.
        :raise SpanTooShort, NoWorkingTime: as :meth:`deadline`.
        """
        deadline, start, end = map(to_utc, (deadline, start_of_hold, end_of_hold))
        if end < start:
            raise InvalidHold(start, end)
        if unit == "working_hour":
            return self.add_working(deadline, self.worked(start, end))
        # 24:00 of a day is 0:00 of the next: look at the moment before the deadline.
        inside = deadline - ONE_SECOND
        if unit == "working_day":
            days = self.working_days(start, end)
            return self._close_of_nth(inside, days) if days else deadline
        if unit == "day":
            days = (local_date(end, self.tz) - local_date(start, self.tz)).days
            return self._end_of_nth(inside, days) if days else deadline
        if unit not in UNITS:
            raise InvalidLimit("unit", None, unit)
        return deadline + (end - start)

    # --- inside

    def _end_of_nth(self, moment: datetime, count: int) -> datetime:
        """Return 24:00 of the count-th local day after that of the moment, or of the
        first day of work after it."""
        day = local_date(moment, self.tz) + timedelta(days=count)
        return end_of_day(self._worked_from(day), self.tz)

    def _worked_from(self, day: date) -> date:
        """Return the first working day from a date on.

        Where a year passes without work nobody can wait for it: the date itself.
        """
        if self._from is None:
            return day
        self._known_date(day)
        at = bisect_left(self._days, day)
        if at < len(self._days):
            return self._days[at]
        if (self.last_date - day).days < IDLE_DAYS:
            raise SpanTooShort(self.first_date, self.last_date)
        return day

    def _close_of_nth(self, moment: datetime, count: int) -> datetime:
        """Return the close of the count-th working day after the day of a moment."""
        at = self._days_until(moment) + count - 1
        if at >= len(self._days):
            raise self._out_of_days()
        return self._closes[at]

    def _days_until(self, moment: datetime) -> int:
        """Count the known working days up to and with the local day of a moment."""
        day = local_date(self._known(moment), self.tz)
        return bisect_right(self._days, day)

    def _worked_until(self, moment: datetime) -> timedelta:
        """Return the known working time before a moment."""
        moment = self._known(moment)
        at = bisect_right(self._starts, moment) - 1
        if at < 0:
            return ZERO
        return self._sums[at] + min(moment, self._ends[at]) - self._starts[at]

    def _known(self, moment: datetime) -> datetime:
        moment = to_utc(moment)
        if self._from is None:
            raise NoWorkingTime
        if not self._from <= moment <= self._until:
            raise SpanTooShort(self.first_date, self.last_date)
        return moment

    def _known_date(self, day: date) -> None:
        if self.first_date is None or self.last_date is None:
            raise NoWorkingTime
        if not self.first_date <= day <= self.last_date:
            raise SpanTooShort(self.first_date, self.last_date)

    def _out_of_days(self) -> WorkingTimeError:
        """Return the error for an answer after the last interval known."""
        last = self._days[-1] if self._days else self.first_date
        if (self.last_date - last).days >= IDLE_DAYS:
            return NoWorkingTime()
        return SpanTooShort(self.first_date, self.last_date)
