"""Until when an agency as a whole has time to bring its approved result.

A duty has its holder's deadline. That of the agency is the deadline of handling, as
extended, and the time of whoever approves behind it (ST Điều 14.1, 14.5: 5 + 1 working
days from the dispatch; HUE 6 + 1, QN 5 + 1 from taking in, or from when that was due; a
lead with co-agencies: 1 + 1 from their last result). Before handling has begun it is
what the duties ahead come to. The result of an emergency has one only where the text
times it from the completion on the spot. It stands still while the result lies with the
Centre.

Plain rules: which limits come after a duty's own deadline, and what an opened duty does
to the deadline so far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

HANDLING = ("process", "co_process", "consolidate")
APPROVING = ("approve", "co_approve")
# Duty → those that come after it until the result is approved.
AHEAD = {
    "accept": ("assign", "process", "approve"),
    "assign": ("process", "approve"),
    "process": ("approve",),
    "consolidate": ("approve",),
    "co_process": ("co_approve",),
}
# On a co-agency's part the same duties have other names.
CO = {"process": "co_process", "approve": "co_approve"}
# What an opened duty does.
KEEP, SET, LIFT = "keep", "set", "lift"


@dataclass(frozen=True)
class Opened:
    """What is known when a duty of an agency's part opens.

    :param code: of the duty
    :param is_co: whether the part is a co-agency's
    :param is_first: whether it opens with the dispatch
    :param earlier: state of the last duty of its kind before it, or None
    :param is_timed_anew: whether the track of a result that awaits approval changed
    :param is_halted: whether the province is deciding who handles it
    :param from_completion: whether the track times this duty from the completion
    :param from_dispatch: whether the time to handle runs beside taking in
    :param is_lifted: whether a penalty is being imposed that lifts the duty's limit
    :param was_lifted: whether such a penalty has just ended
    :param lifts_agency: whether that lifts the agency's deadline too
    """

    code: str
    is_co: bool = False
    is_first: bool = False
    earlier: str | None = None
    is_timed_anew: bool = False
    is_halted: bool = False
    from_completion: bool = False
    from_dispatch: bool = False
    is_lifted: bool = False
    was_lifted: bool = False
    lifts_agency: bool = False


def effect(opened: Opened) -> str:
    """Return what an opened duty does to its agency's deadline: `KEEP` it as it is,
    `SET` it by the duty's own deadline and what is ahead, or `LIFT` it."""
    code = opened.code
    if opened.is_halted:
        return KEEP
    if code in APPROVING:
        # A leader's lateness counts against persons; that of an emergency's result is
        # timed from the completion, and a new track times it anew.
        return SET if opened.from_completion or opened.is_timed_anew else KEEP
    if code not in AHEAD:
        return KEEP
    if code in HANDLING and opened.is_lifted:
        return LIFT if opened.lifts_agency else KEEP
    if code in HANDLING and opened.was_lifted:
        return SET if opened.lifts_agency else KEEP
    if code in HANDLING and opened.earlier == "done":
        # Sent back: by its leader the days go on, by the Centre they are given back
        # for as long as it had the result.
        return KEEP
    if code == "accept" and opened.from_dispatch:
        return KEEP  # handling is open beside it, and says so
    return SET


def ahead(
    code: str,
    is_co: bool,
    limits: Mapping[str, object],
    assigns: bool,
) -> list | None:
    """Return the limits that come after a duty's own deadline, in order; None where one
    that has to be there is missing: then the agency has no deadline.

    :param limits: step code → limit with `value` and `unit`
    :param assigns: whether a leader says who handles it before work begins
    """
    found = []
    for name in AHEAD.get(code, ()):
        if name == "assign" and not assigns:
            continue
        own = CO.get(name, name) if is_co else name
        limit = limits.get(own)
        if limit is None:
            if own in HANDLING:
                return None
            continue  # no time of its own: it adds none
        found.append(limit)
    return found


def whole(
    deadline: datetime | None,
    after: list | None,
    add: Callable[[datetime, float, str], datetime | None],
) -> datetime | None:
    """Return the agency's deadline: the duty's own and what is ahead of it.

    :param deadline: of the duty, None where it has none
    :param after: as of :func:`ahead`
    :param add: of a moment and a limit, when it has run out; None where the calendar
        has no working time
    """
    if not deadline or after is None:
        return None
    for limit in after:
        deadline = add(deadline, limit.value, limit.unit)
        if not deadline:
            return None
    return deadline


def was_late(
    deadline: datetime | None, ended_at: datetime, was_late_before: bool = False
) -> bool:
    """Whether what ends or changes then had been late: what was, stays so.

    At its very second a deadline has not passed.
    """
    return was_late_before or bool(deadline and deadline < ended_at)
