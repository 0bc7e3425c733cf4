"""Calendars of which deadlines were counted by hand, and local times to count with."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import settings

from ...tools import working_time as wt
from ...tools.working_time import WorkingTime

VN = "Asia/Ho_Chi_Minh"
OFFICE = [
    (weekday, *hours, None)
    for weekday in range(5)
    for hours in ((7.5, 11.5), (13.0, 17.0))
]
ROUND_THE_CLOCK = [(weekday, 0.0, 24.0, None) for weekday in range(7)]
properties = settings(max_examples=120, deadline=None, derandomize=True, database=None)


def at(text, tz=VN):
    """Read a local time, "2026-03-06 16:30", as naive UTC; 24:00 is allowed."""
    day, _space, clock = text.partition(" ")
    hours, minutes, *seconds = map(int, clock.split(":"))
    local = datetime.fromisoformat(day) + timedelta(
        hours=hours, minutes=minutes, seconds=sum(seconds)
    )
    return wt.to_utc(local.replace(tzinfo=ZoneInfo(tz)))


def local_days(first, last=None, tz=VN):
    """Return the closure of whole local days, both included."""
    return at(f"{first} 00:00", tz), at(f"{last or first} 24:00", tz)


CLOSURES_2026 = [
    local_days("2026-01-01", "2026-01-02"),
    local_days("2026-02-14", "2026-02-22"),
    local_days("2026-04-27"),
    local_days("2026-04-30", "2026-05-01"),
    local_days("2026-08-31", "2026-09-02"),
]
MAKEUP_2026 = [
    (date(2026, 1, 10), date(2026, 1, 2)),
    (date(2026, 8, 22), date(2026, 8, 31)),
]


@lru_cache
def office_2026():
    return WorkingTime.from_pattern(
        OFFICE, VN, date(2025, 12, 1), date(2027, 1, 31), CLOSURES_2026, MAKEUP_2026
    )
