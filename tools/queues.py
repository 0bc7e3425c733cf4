"""When to try again and when to tell people, and texts with gaps: plain arithmetic."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

FIRST_WAIT = timedelta(minutes=1)
# Waits differ by as much, so that what failed together does not come back together.
SPREAD = 0.25
GAP = re.compile(r"\{([a-z_]+)\}")


def back_off(tries: int, longest: timedelta, random: Callable[[], float]) -> timedelta:
    """Return how long to wait after so many tries: 1, 2, 4, 8 … minutes, at most
    `longest`, a quarter more or less.

    :param random: gives numbers from 0 to 1
    :raise ValueError: nothing has been tried.
    """
    if tries < 1:
        raise ValueError("tries must be at least 1")
    doubled = FIRST_WAIT * 2 ** min(tries - 1, 30)
    return min(doubled, longest) * (1 + SPREAD * (2 * random() - 1))


def awake(moment: datetime, quiet_from: float, quiet_until: float) -> datetime:
    """Return the first local moment, from this one on, outside the quiet hours.

    :param quiet_from: hour at which they begin, 21.5 for 21:30
    :param quiet_until: hour at which they end, on the next day if that is earlier;
        equal hours mean that there are none
    """
    hour = moment.hour + moment.minute / 60 + moment.second / 3600
    if quiet_from <= quiet_until:
        quiet, tomorrow = quiet_from <= hour < quiet_until, False
    else:
        quiet, tomorrow = hour >= quiet_from or hour < quiet_until, hour >= quiet_from
    if not quiet:
        return moment
    day = moment.date() + timedelta(days=tomorrow)
    # midnight plus hours: 24:00 is the next day's beginning
    return datetime.combine(day, time()) + timedelta(hours=quiet_until)


def gaps(text: str) -> set[str]:
    """Return the names of the gaps in a text: "{code}" gives "code"."""
    return set(GAP.findall(text or ""))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its gaps filled, once: what is put in is never read again.

    A line all of whose gaps stay empty is left out.
    """
    lines = []
    for line in (text or "").split("\n"):
        names = GAP.findall(line)
        if names and not any(values.get(name) for name in names):
            continue
        lines.append(GAP.sub(lambda match: values.get(match[1]) or "", line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
