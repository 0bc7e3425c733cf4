"""How a deadline came about: what was counted of a limit, day by day.

The answer to “why this moment?”, in the engine's own terms. :func:`account` walks a
limit from its beginning and lists what counted and what did not; :func:`hold` and
:func:`extension` go on from there. What counted adds up to the limit, and the last
line ends at the deadline: the property that the tests hold it to.

Words are the caller's: nothing here is in any language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .working_time import (
    MAX_SPAN_DAYS,
    ONE_DAY,
    ONE_SECOND,
    SECONDS,
    NoWorkingTime,
    SpanTooShort,
    WorkingTime,
    Zone,
    check_limit,
    local_date,
    span_for,
    to_utc,
)

# Kinds of lines. COUNTED alone uses the limit up.
START_DAY = "start_day"  # the day of the start, which a limit in days does not count
COUNTED = "counted"
OFF = "off"  # days on which nobody works
PUT_OFF = "put_off"  # from a last day that is off to the next of work (BLDS 148.5)
HOLD = "hold"  # time given back, the clock having stood still
EXTENSION = "extension"  # another deadline put in the limit's place

# Longer lists of hours are told by the day.
MOST_PIECES = 12
NONE = timedelta()

# Names the days that are special: a holiday, a day worked in exchange.
Names = Callable[[date], str]
# Start and end of a time during which the clock stood still.
Hold = tuple[datetime, datetime]
# A deadline that was granted, and the holds after that.
Extended = tuple[datetime, Iterable[Hold]]


@dataclass(frozen=True)
class Line:
    """One line of an account.

    :param kind: see above
    :param first, last: local dates, both included
    :param start, end: moments between which it lies, naive UTC; of whole days None
        but for the moment at which a term ends
    :param amount: what it counts for: a timedelta of ``minute``, ``hour`` and
        ``working_hour``, a number of days of ``day`` and ``working_day``
    :param name: what is special about these days
    """

    kind: str
    first: date
    last: date
    start: datetime | None = None
    end: datetime | None = None
    amount: timedelta | int = 0
    name: str = ""


def no_names(_day: date) -> str:
    """Nothing is special about any day."""
    return ""


def zero(unit: str) -> timedelta | int:
    """Return nothing at all, in the measure of a unit."""
    return NONE if unit in SECONDS else 0


def counted(lines: list[Line], unit: str) -> timedelta | int:
    """Return the sum of what these lines use up of a limit."""
    return sum((line.amount for line in lines if line.kind == COUNTED), zero(unit))


def limit_amount(value: float, unit: str) -> timedelta | int:
    """Return a limit in the measure in which lines count it.

    :raise InvalidLimit: see :func:`.working_time.check_limit`.
    """
    check_limit(value, unit)
    if unit in SECONDS:
        return timedelta(seconds=round(value * SECONDS[unit]))
    return int(value)


def account(
    times: WorkingTime,
    start: datetime,
    value: float,
    unit: str,
    names: Names = no_names,
) -> list[Line]:
    """List what a limit that begins at a moment counts, up to its deadline.

    :param times: the calendar, known from the start to the deadline
    :param names: what is special about a local date, "" for nothing
    :return: lines in order, at least one; the last ends at the deadline
    :raise InvalidLimit, SpanTooShort, NoWorkingTime: as
        :meth:`.working_time.WorkingTime.deadline`
    """
    start = to_utc(start)
    end = times.deadline(start, value, unit)
    amount = limit_amount(value, unit)
    first, last = (local_date(moment, times.tz) for moment in (start, end))
    if unit in SECONDS and (unit != "working_hour" or not amount):
        return [Line(COUNTED, first, last, start, end, amount)]
    if unit == "working_hour":
        return _hours(times, start, end, names)
    if not amount:
        return [Line(COUNTED, first, last, start, end, amount)]
    # 24:00 of a day is 0:00 of the next.
    last = local_date(end - ONE_SECOND, times.tz)
    lines = [Line(START_DAY, first, first, start, name=names(first))]
    if unit == "working_day":
        lines += _days(times, first + ONE_DAY, last, names)
    else:
        lines += _calendar_days(first, amount, last, names)
    return [*lines[:-1], _ending(lines[-1], end)]


def trace(
    load: Callable[[date, date], WorkingTime],
    tz: Zone,
    start: datetime,
    limit: tuple[float, str],
    holds: Iterable[Hold] = (),
    names: Names = no_names,
    extended: Extended | None = None,
) -> list[Line]:
    """List a limit and the holds after it, loading what of the calendar is needed.

    :param load: called with a first and a last local date, perhaps twice; see
        :func:`.working_time.compute`
    :param limit: (value, unit)
    :param holds: (start, end) of each time during which the clock stood still, in order
    :param extended: (deadline, holds) that an extension put in the limit's place
    :return: lines as of :func:`account`, then one for each hold; then the same of an
        extension
    :raise InvalidLimit, NoWorkingTime: see there
    """
    holds = list(holds)
    if limit[1] in ("minute", "hour"):
        return _traced(WorkingTime((), tz), start, limit, holds, names, extended)
    first = local_date(start, tz)
    later = [end for _start, end in holds]
    if extended:
        later += [extended[0], *(end for _start, end in extended[1])]
    held = local_date(max(map(to_utc, later)), tz) - first if later else NONE
    days = span_for([limit]) + 2 * held.days + 31
    while days <= MAX_SPAN_DAYS:
        try:
            times = load(first, first + days * ONE_DAY)
            return _traced(times, start, limit, holds, names, extended)
        except SpanTooShort:
            days *= 2
    raise NoWorkingTime


def hold(
    times: WorkingTime, deadline: datetime, start: datetime, end: datetime, unit: str
) -> Line:
    """Return the line of a time during which the clock stood still.

    :param deadline: before it
    :return: a line of the hold's dates, its ``amount`` what is given back and its
        ``end`` the deadline after it
    :raise InvalidHold, SpanTooShort, NoWorkingTime: as
        :meth:`.working_time.WorkingTime.shift`
    """
    start, end = to_utc(start), to_utc(end)
    first, last = (local_date(moment, times.tz) for moment in (start, end))
    after = times.shift(deadline, start, end, unit)
    if unit == "working_hour":
        amount = times.worked(start, end)
    elif unit == "working_day":
        amount = times.working_days(start, end)
    elif unit == "day":
        amount = (last - first).days
    else:
        amount = end - start
    return Line(HOLD, first, last, start, after, amount)


def extension(tz: Zone, deadline: datetime, unit: str) -> Line:
    """Return the line of a deadline that was put in the place of the limit's.

    :param tz: the calendar's time zone
    :param deadline: the new one
    """
    deadline = to_utc(deadline)
    day = local_date(deadline - ONE_SECOND, tz)
    return Line(EXTENSION, day, day, None, deadline, zero(unit))


# --- inside


def _traced(
    times: WorkingTime,
    start: datetime,
    limit: tuple[float, str],
    holds: list[Hold],
    names: Names,
    extended: Extended | None,
) -> list[Line]:
    lines = account(times, start, *limit, names)
    _add_holds(lines, times, holds, limit[1])
    if extended:
        deadline, later = extended
        lines.append(extension(times.tz, deadline, limit[1]))
        _add_holds(lines, times, later, limit[1])
    return lines


def _add_holds(
    lines: list[Line], times: WorkingTime, holds: Iterable[Hold], unit: str
) -> None:
    for begin, end in holds:
        lines.append(hold(times, lines[-1].end, begin, end, unit))


def _ending(line: Line, end: datetime) -> Line:
    return Line(
        line.kind, line.first, line.last, line.start, end, line.amount, line.name
    )


def _hours(
    times: WorkingTime, start: datetime, end: datetime, names: Names
) -> list[Line]:
    """Lines of working hours: the pieces of work, and the days off between them."""
    pieces = times.pieces(start, end)
    by_day = len(pieces) > MOST_PIECES
    lines: list[Line] = []
    first = local_date(start, times.tz)
    # Work that is over for the day of the start makes it no day off.
    known = first if times.worked_days(first, first) else first - ONE_DAY
    for day, rows in _runs(pieces, lambda piece: piece[0]):
        lines += _off_days(known + ONE_DAY, day - ONE_DAY, names)
        rows = [
            Line(COUNTED, day, day, *row[1:], row[2] - row[1], names(day))
            for row in rows
        ]
        if by_day:
            rows = [_joined(rows)]
        lines += rows
        known = day
    if not by_day:
        return lines
    return [
        _joined(run) for _key, run in _runs(lines, lambda row: (row.kind, row.name))
    ]


def _runs(items: Iterable, key: Callable) -> Iterator[tuple]:
    """Yield (key, list of items) of those that follow one another with the same key."""
    run: list = []
    for item in items:
        if run and key(item) != key(run[0]):
            yield key(run[0]), run
            run = []
        run.append(item)
    if run:
        yield key(run[0]), run


def _joined(lines: list[Line]) -> Line:
    amount = sum((line.amount for line in lines[1:]), lines[0].amount)
    first, last = lines[0], lines[-1]
    return Line(
        first.kind, first.first, last.last, first.start, last.end, amount, first.name
    )


def _days(times: WorkingTime, first: date, last: date, names: Names) -> Iterator[Line]:
    """Lines of working days: those that count and those off, each run a line."""
    worked = set(times.worked_days(first, last))
    for (counts, name), days in _runs(
        _dates(first, last), lambda day: (day in worked, names(day))
    ):
        yield Line(
            COUNTED if counts else OFF,
            days[0],
            days[-1],
            amount=len(days) if counts else 0,
            name=name,
        )


def _calendar_days(
    first: date, amount: int, last: date, names: Names
) -> Iterator[Line]:
    """Lines of calendar days, and of those by which the end was put off."""
    nth = first + amount * ONE_DAY
    yield Line(COUNTED, first + ONE_DAY, nth, amount=amount)
    if nth < last:
        yield Line(PUT_OFF, nth, last, name=names(nth))


def _off_days(first: date, last: date, names: Names) -> Iterator[Line]:
    for name, days in _runs(_dates(first, last), names):
        yield Line(OFF, days[0], days[-1], name=name)


def _dates(first: date, last: date) -> Iterator[date]:
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)
