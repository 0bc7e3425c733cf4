"""What would have been late by another regulation.

A draft is tried on what really happened: each duty keeps the moments at which it began
and ended, its track, its agency, its extension and the times during which its clock
stood still; what is counted anew is its limit. Nothing is simulated that nobody knows:
where a draft has duties that the regulation of then did not have, a deadline lies
between two moments, and a duty that ended between them is neither late nor in time, it
is not known.

The rules from when a limit counts are those by which duties are opened: delay in taking
in earns no time, what is sent back goes on with the clock that it had, an extension
puts its date in the limit's place.

Moments are naive UTC datetimes. Nothing here reads a database: rows come in as
:class:`Duty`, calendars as a function that loads a span of dates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from .working_time import (
    MAX_SPAN_DAYS,
    InvalidCalendar,
    InvalidHold,
    InvalidLimit,
    NoWorkingTime,
    SpanTooShort,
    WorkingTime,
    Zone,
    local_date,
)

# As the table of transitions has them; a test holds them equal.
HANDLING = frozenset({"process", "co_process", "consolidate"})
APPROVING = frozenset({"approve", "co_approve"})
RETURNING = frozenset({"return_wrong", "co_return"})
# May be left undone: counted where they are done.
OPTIONAL = frozenset({"return_wrong", "co_return", "invite"})
# Nobody's of the administration, or never late.
LEFT_OUT = frozenset({"supplement", "outcome"})
# After the answer: not the report's own lateness.
AFTERWARDS = frozenset({"interaction"})
# Of no agency: of the Centre, but for what the province decides.
OF_PROVINCE = frozenset({"designate"})
CONSULTED = frozenset({"consult", "concur"})
TRACKS = ("normal", "emergency", "sensitive")

# Fields of a procedure that say from when a limit counts, or whether there is one.
FLAGS = (
    "accept_step",
    "assign_step",
    "process_from_dispatch",
    "emergency_from_verification",
    "extension_allowed",
    "return_in_accept",
    "penalty_lifts_limit",
    "sensitive_consult",
)
# Deadlines that are kept at hand; beyond that they are counted again.
MOST_KEPT = 200_000
# Dates that a calendar is first loaded for beyond those asked for.
MARGIN_DAYS = 60

# Verdicts. NONE: there is no limit, or it does not count.
NONE, PENDING, IN_TIME, LATE, UNKNOWN = "none", "pending", "in_time", "late", "unknown"

COUNTS = (
    "then_count",
    "then_on_time",
    "draft_count",
    "draft_on_time",
    "lost_count",
    "won_count",
    "unknown_count",
)

Span = tuple[datetime, datetime]


class Limit(NamedTuple):
    """A figure of a regulation, see :mod:`.working_time`; the grace in minutes."""

    value: float
    unit: str
    grace: int = 0

    @property
    def amount(self) -> tuple[float, str]:
        """Value and unit alone."""
        return self.value, self.unit


@dataclass(frozen=True)
class Terms:
    """What a procedure says of time.

    :param limits: dict track → dict step code → :class:`Limit`
    :param calendar: key of the calendar of agencies without one of their own
    """

    limits: Mapping[str, Mapping[str, Limit]]
    calendar: int = 0
    accept_step: bool = True
    assign_step: bool = False
    process_from_dispatch: bool = False
    emergency_from_verification: bool = False
    extension_allowed: bool = False
    return_in_accept: bool = False
    penalty_lifts_limit: bool = False
    sensitive_consult: bool = False

    def of(self, track: str) -> Mapping[str, Limit]:
        """Return the limits of a track, those of the normal one where it has none."""
        return self.limits.get(track) or self.limits.get("normal") or {}

    def assigns(self, track: str) -> bool:
        """Tell whether a leader names the handler before work begins."""
        return self.assign_step and (track != "emergency" or "assign" in self.of(track))

    def knows(self, track: str, code: str) -> bool:
        """Tell whether there is such a duty, be it limited or not."""
        if code == "accept":
            return self.accept_step
        if code == "assign":
            return self.assigns(track)
        if code in CONSULTED:
            return self.sensitive_consult
        return True

    def from_completion(self, track: str, code: str) -> bool:
        """Tell whether a result is timed from the completion on the spot."""
        return (
            track == "emergency"
            and code in APPROVING
            and code in self.limits.get(track, {})
        )

    def to_json(self) -> dict:
        """Return what :meth:`from_json` reads."""
        limits = {
            track: {code: list(limit) for code, limit in rows.items()}
            for track, rows in self.limits.items()
        }
        flags = {name: bool(getattr(self, name)) for name in FLAGS}
        return {"limits": limits, "calendar": self.calendar, **flags}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Terms:
        """Read what :meth:`to_json` has written."""
        limits = {
            track: {code: Limit(*row) for code, row in rows.items()}
            for track, rows in data["limits"].items()
        }
        flags = {name: bool(data.get(name)) for name in FLAGS}
        return cls(limits, data.get("calendar") or 0, **flags)


class Duty(NamedTuple):
    """A duty as it was kept; the columns in this order.

    ``agency``, ``assignment`` and ``interaction`` are ids or None; ``held`` is what the
    step keeps of times that did not count; the last three are of its assignment.
    """

    id: int
    report: int
    assignment: int | None
    interaction: int | None
    agency: int | None
    code: str
    track: str
    started: datetime
    ended: datetime | None
    state: str
    counted_from: datetime | None = None
    deadline: datetime | None = None
    overdue_from: datetime | None = None
    value: float | None = None
    unit: str | None = None
    extended: bool | None = False
    own: bool | None = False
    untimed: bool | None = False
    late: bool | None = False
    held: Mapping | None = None
    dispatched: datetime | None = None
    completed: datetime | None = None
    penalty: datetime | None = None

    @property
    def origin(self) -> datetime:
        """When its limit began to count, before any hold."""
        if self.held:
            return _moment(self.held["since"])
        return self.counted_from or self.started

    @property
    def spans(self) -> tuple[Span, ...]:
        """Times during which its clock stood still."""
        if not self.held:
            return ()
        return tuple((_moment(a), _moment(b)) for a, b in self.held.get("spans", ()))

    @property
    def is_lifted(self) -> bool:
        """Whether an administrative penalty had lifted its limit."""
        return (
            self.deadline is None
            and bool(self.unit)
            and not self.untimed
            and self.code in HANDLING
        )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Judged(NamedTuple):
    """What became of a duty: then, and by the draft."""

    duty: Duty
    then: str
    draft: str


# --- calendars -----------------------------------------------------------------------


class Calendars:
    """Working time of many calendars, each loaded once for as many dates as are asked.

    :param load: function (key, first date, last date) → :class:`WorkingTime`; calendars
        with the same hours may give the same object
    :param zones: dict key → time zone
    :param first, last: local dates to begin with
    """

    def __init__(
        self,
        load: Callable[[int, date, date], WorkingTime],
        zones: Mapping[int, Zone],
        first: date,
        last: date,
    ):
        self._load = load
        self._zones = zones
        self._margin = timedelta(days=MARGIN_DAYS)
        self._first, self._last = first - self._margin, last + self._margin
        self._times: dict[int, WorkingTime] = {}
        self._kept: dict[tuple, datetime | None] = {}

    def deadline(
        self, key: int, start: datetime, value: float, unit: str
    ) -> datetime | None:
        """Return when a limit that begins at a moment runs out; None where the calendar
        has no working time to count in."""
        # Of days only the day of the start counts, so they share what was counted.
        by_day = unit in ("day", "working_day") and value
        mark = local_date(start, self._zones[key]) if by_day else start
        name = (key, mark, value, unit)
        if name in self._kept:
            return self._kept[name]
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        found = self._asked(key, lambda times: times.deadline(start, value, unit))
        self._kept[name] = found
        return found

    def shift(
        self, key: int, moment: datetime, hold: Span, unit: str
    ) -> datetime | None:
        """Return a deadline after the time of a hold is given back; as it was where the
        calendar has no working time."""
        found = self._asked(key, lambda times: times.shift(moment, *hold, unit))
        return found or moment

    def _asked(self, key, question):
        while True:
            times = self._times.get(key)
            if times is None:
                times = self._times[key] = self._load(key, self._first, self._last)
            try:
                return question(times)
            except SpanTooShort:
                if (self._last - self._first).days > MAX_SPAN_DAYS:
                    return None
                self._widen()
            except (NoWorkingTime, InvalidCalendar, InvalidLimit, InvalidHold):
                return None

    def _widen(self) -> None:
        self._first -= self._margin
        self._last += 2 * self._margin
        self._margin *= 2
        self._times.clear()


# --- one report ----------------------------------------------------------------------


@dataclass
class _Group:
    """Duties of one assignment, or of a report itself, in their order."""

    duties: list[Duty] = field(default_factory=list)
    # (code, from when it counted) → from when it counts by the draft.
    sinces: dict[tuple, Span] = field(default_factory=dict)
    # Id of a duty → its deadline by the draft, without grace.
    deadlines: dict[int, Span | None] = field(default_factory=dict)

    def before(self, duty: Duty) -> list[Duty]:
        return [other for other in self.duties if other.id < duty.id]

    def last(self, code: str) -> Duty | None:
        """The last duty of a code, one that was done first."""
        rows = [duty for duty in self.duties if duty.code == code]
        done = [duty for duty in rows if duty.state == "done"]
        return (done or rows or [None])[-1]

    def base(self, duty: Duty) -> Duty:
        """The duty whose limit an extension or a penalty has replaced; else itself."""
        if not (duty.extended or duty.is_lifted):
            return duty
        rows = [
            other
            for other in self.before(duty)
            if other.code in HANDLING and not other.extended and other.deadline
        ]
        return rows[-1] if rows else duty

    def goes_on(self, duty: Duty) -> bool:
        """Tell whether a dropped duty is one that only went on in another's place."""
        for other in self.duties:
            if other.id <= duty.id or other.code != duty.code:
                continue
            if other.interaction != duty.interaction:
                continue
            if other.started == duty.started:
                return True
            if (
                other.started == duty.ended
                and other.counted_from == duty.counted_from
                and other.deadline == duty.deadline
                and other.extended == duty.extended
            ):
                return True
        return False


class Rehearsal:
    """Judges duties by a draft.

    :param draft: :class:`Terms` of the regulation that is tried
    :param calendars: :class:`Calendars`
    :param at: the moment at which what is open is looked at
    :param agency_calendars: dict agency → key of its own calendar
    :param own_limits: dict agency → dict category (0: all) → (value, unit): the shorter
        time that it sets itself to handle
    :param lines: dict category → ids from its root down to itself
    :param trust: keep a deadline as it was where nothing that times it differs; the
        calendar may have been corrected since
    """

    def __init__(
        self,
        draft: Terms,
        calendars: Calendars,
        at: datetime,
        agency_calendars: Mapping[int, int] | None = None,
        own_limits: Mapping[int, Mapping[int, tuple]] | None = None,
        lines: Mapping[int, tuple] | None = None,
        trust: bool = True,
    ):
        self.draft = draft
        self.calendars = calendars
        self.at = at
        self.agency_calendars = agency_calendars or {}
        self.own_limits = own_limits or {}
        self.lines = lines or {}
        self.trust = trust

    def judge(
        self, duties: Iterable[Duty], old: Terms, category: int = 0
    ) -> list[Judged]:
        """Return what became of the duties of one report, and what would have.

        :param duties: all of them, by id
        :param old: the terms that the report came in under
        """
        groups: dict[int, _Group] = {}
        for duty in duties:
            groups.setdefault(duty.assignment or 0, _Group()).duties.append(duty)
        return [
            self._judged(duty, group, old, category)
            for group in groups.values()
            for duty in group.duties
        ]

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------

    def _judged(self, duty: Duty, group: _Group, old: Terms, category: int) -> Judged:
        term = self._term(duty, group, old, category)
        if duty.code in LEFT_OUT or not self._is_owed(duty, group, old):
            return Judged(duty, NONE, NONE)
        then = self._then(duty)
        draft = NONE if term is None else self._by(duty, term)
        if PENDING in (then, draft):
            then, draft = _settled(then, draft)
        return Judged(duty, then, draft)

    def _end(self, duty: Duty) -> datetime | None:
        """When it ended, as far as is known at the moment of counting."""
        return duty.ended if duty.ended and duty.ended <= self.at else None

    def _is_owed(self, duty: Duty, group: _Group, old: Terms) -> bool:
        end = self._end(duty)
        if end is None:
            return duty.code not in OPTIONAL
        # What was not owed is not late, though its time had passed.
        overdue = duty.overdue_from or duty.deadline
        if overdue and overdue < end and not duty.late:
            return False
        if duty.state == "done":
            return not self._is_alarm(duty, group, old)
        return duty.code not in OPTIONAL and not group.goes_on(duty)

    def _is_alarm(self, duty: Duty, group: _Group, old: Terms) -> bool:
        """Tell whether it only reminded of verifying an emergency."""
        if not (
            old.emergency_from_verification
            and duty.code == "intake"
            and duty.track == "emergency"
        ):
            return False
        rows = [other for other in group.duties if other.code == "intake"]
        is_first = all(
            other.started == duty.started for other in rows if other.id < duty.id
        )
        return is_first and any(
            other.started == duty.ended for other in rows if other.id > duty.id
        )

    def _then(self, duty: Duty) -> str:
        overdue = duty.overdue_from or duty.deadline
        if overdue is None:
            return NONE
        end = self._end(duty)
        if end is None:
            return LATE if overdue < self.at else PENDING
        if duty.late:
            return LATE
        return IN_TIME if duty.state == "done" else PENDING

    def _by(self, duty: Duty, term: Span) -> str:
        end = self._end(duty) or self.at
        soonest, latest = term
        if latest < end:
            return LATE
        if soonest < end:
            return UNKNOWN
        is_done = duty.state == "done" and self._end(duty)
        return IN_TIME if is_done else PENDING

    # ------------------------------------------------------------------
    # Deadlines by the draft
    # ------------------------------------------------------------------

    def _term(
        self, duty: Duty, group: _Group, old: Terms, category: int
    ) -> Span | None:
        """Return between which moments it is overdue; None where it has no limit."""
        limit = self._limit(duty, category)
        if limit is None:
            return self._untimed_term(duty, group)
        if duty.is_lifted and self.draft.penalty_lifts_limit:
            return None
        span = self._deadline(duty, group, old, limit)
        group.deadlines[duty.id] = span
        if span is None:
            return None
        grace = timedelta(minutes=limit.grace)
        soonest, latest = span[0] + grace, span[1] + grace
        if self._may_be_lifted(duty, old):
            latest = max(latest, self._end(duty) or self.at)
        return soonest, latest

    def _untimed_term(self, duty: Duty, group: _Group) -> Span | None:
        """What has no limit of its own may be part of another duty, or extended."""
        is_there = self.draft.knows(duty.track, duty.code)
        if is_there and self.draft.extension_allowed and duty.extended:
            return duty.deadline and (duty.deadline, duty.deadline)
        if duty.code in RETURNING and self.draft.return_in_accept:
            taking_in = group.last("accept")
            if taking_in and taking_in.id in group.deadlines:
                return group.deadlines[taking_in.id]
        return None

    def _may_be_lifted(self, duty: Duty, old: Terms) -> bool:
        """Tell whether the draft lifts a limit for a penalty, of which the duties do
        not say when it ran."""
        return bool(
            duty.penalty
            and duty.code in HANDLING
            and self.draft.penalty_lifts_limit
            and not old.penalty_lifts_limit
        )

    def _limit(self, duty: Duty, category: int) -> Limit | None:
        if not self.draft.knows(duty.track, duty.code):
            return None
        whole = self.draft.of(duty.track).get(duty.code)
        if not whole or duty.code != "process" or not duty.agency:
            return whole
        own = self._own_limit(duty, category)
        if own and own[1] == whole.unit and own[0] <= whole.value:
            return Limit(own[0], own[1], whole.grace)
        return whole

    def _own_limit(self, duty: Duty, category: int) -> tuple | None:
        """Return the time that the agency set itself: as it was then, else as it is."""
        if duty.own:
            return duty.value, duty.unit
        rows = self.own_limits.get(duty.agency)
        if not rows:
            return None
        for key in (*reversed(self.lines.get(category, ())), 0):
            if key in rows:
                value, unit = rows[key]
                # Set since: then it would have been in force.
                was_later = unit == duty.unit and value <= (duty.value or 0)
                return None if was_later else (value, unit)
        return None

    def _deadline(
        self, duty: Duty, group: _Group, old: Terms, limit: Limit
    ) -> Span | None:
        base = group.base(duty)
        since = self._since(base, group, old)
        spans = self._spans(duty, base, group)
        is_same = (
            limit.amount == (duty.value, duty.unit)
            and since == (base.origin, base.origin)
            and self._calendar(duty, self.draft) == self._calendar(duty, old)
        )
        if duty.extended and self.draft.extension_allowed and duty.deadline:
            if limit.amount == (duty.value, duty.unit):
                return duty.deadline, duty.deadline
        elif self.trust and is_same and base is duty and spans == duty.spans:
            if duty.deadline and self._has_grace(duty, limit):
                return duty.deadline, duty.deadline
        ends = [self._counted(duty, moment, limit, spans) for moment in since]
        if None in ends:
            return None
        if duty.extended and self.draft.extension_allowed and duty.deadline:
            ends = [max(end, duty.deadline) for end in ends]
        return ends[0], ends[1]

    @staticmethod
    def _has_grace(duty: Duty, limit: Limit) -> bool:
        if not duty.overdue_from:
            return not limit.grace
        return duty.overdue_from - duty.deadline == timedelta(minutes=limit.grace)

    def _counted(
        self, duty: Duty, since: datetime, limit: Limit, spans: tuple[Span, ...]
    ) -> datetime | None:
        key = self._calendar(duty, self.draft)
        end = self.calendars.deadline(key, since, *limit.amount)
        for span in spans:
            if end is None:
                return None
            end = self.calendars.shift(key, end, span, limit.unit)
        return end

    def _calendar(self, duty: Duty, terms: Terms) -> int:
        return self.agency_calendars.get(duty.agency) or terms.calendar

    def _spans(self, duty: Duty, base: Duty, group: _Group) -> tuple[Span, ...]:
        """Times that do not count; a penalty's only where the draft says so."""
        spans = base.spans if base is duty else (*base.spans, *duty.spans)
        if spans and not self.draft.penalty_lifts_limit:
            lifted = {other.started for other in group.duties if other.is_lifted}
            spans = tuple(span for span in spans if span[0] not in lifted)
        return spans

    # ------------------------------------------------------------------
    # From when a limit counts
    # ------------------------------------------------------------------

    def _since(self, duty: Duty, group: _Group, old: Terms) -> Span:
        name = (duty.code, duty.origin)
        if name not in group.sinces:
            group.sinces[name] = self._first_since(duty, group, old)
        return group.sinces[name]

    def _first_since(self, duty: Duty, group: _Group, old: Terms) -> Span:
        """Of a duty that does not go on with an earlier one's clock."""
        if duty.track == "emergency" and duty.code == "intake":
            return self._since_verified(duty, group, old)
        if duty.code in APPROVING and duty.track == "emergency":
            return self._since_completed(duty, old)
        if duty.code in ("process", "assign") and self._is_by_rule(duty, group):
            return self._since_begun(duty, group)
        return duty.origin, duty.origin

    def _since_verified(self, duty: Duty, group: _Group, old: Terms) -> Span:
        was, would = (terms.emergency_from_verification for terms in (old, self.draft))
        if would and not was:
            # Found true at some moment between.
            return duty.origin, max(duty.origin, self._end(duty) or self.at)
        if was and not would:
            alarms = [
                other
                for other in group.before(duty)
                if self._is_alarm(other, group, old) and other.ended == duty.started
            ]
            if alarms:
                return alarms[-1].origin, alarms[-1].origin
        return duty.origin, duty.origin

    def _since_completed(self, duty: Duty, old: Terms) -> Span:
        was, would = (
            terms.from_completion(duty.track, duty.code) for terms in (old, self.draft)
        )
        if would and not was:
            if duty.completed:
                return duty.completed, duty.completed
            # Completed between the dispatch and the submission; nobody asked when.
            return min(duty.dispatched or duty.started, duty.started), duty.started
        if was and not would and duty.origin == duty.completed:
            return duty.started, duty.started
        return duty.origin, duty.origin

    @staticmethod
    def _is_by_rule(duty: Duty, group: _Group) -> bool:
        """Tell whether it counts from where the rule puts it: it is the first of its
        kind, and did not begin anew for another reason."""
        before = group.before(duty)
        if any(other.code == duty.code for other in before):
            return False
        due = {
            other.deadline
            for other in group.duties
            if other.code in ("accept", "assign") and other.deadline
        }
        return duty.origin in {duty.started, duty.dispatched, *due}

    def _since_begun(self, duty: Duty, group: _Group) -> Span:
        """Of handling, or of assigning: after taking in, and after the assignment.

        What comes before has a limit of its own; delay in it earns no time.
        """
        draft, track = self.draft, duty.track
        if duty.code == "process" and draft.process_from_dispatch:
            begun = duty.dispatched or duty.started
            return begun, begun
        codes = ("accept", "assign") if duty.code == "process" else ("accept",)
        known = {code: group.last(code) for code in codes if group.last(code)}
        begun = duty.dispatched if known and duty.dispatched else duty.started
        span = (begun, begun)
        for code in codes:
            if not draft.knows(track, code):
                continue
            if code in known:
                is_last = code == [*known][-1]
                span = self._after(known[code], duty, group, is_last)
            else:
                span = span[0], self._latest(duty, span[1], code)
        return span

    def _after(self, other: Duty, duty: Duty, group: _Group, is_last: bool) -> Span:
        """From when what follows a duty counts: when it was done, or due."""
        end = self._end(other) if other.state == "done" else None
        end = end or self._end(duty) or self.at
        if is_last:
            # Both begin in one act, if not later.
            end = max(end, duty.started)
        due = group.deadlines.get(other.id)
        return (min(end, due[0]), min(end, due[1])) if due else (end, end)

    def _latest(self, duty: Duty, since: datetime, code: str) -> datetime:
        """Until when a duty that nobody had would have been done at the latest."""
        limit = self.draft.of(duty.track).get(code)
        end = limit and self._counted(duty, since, limit, ())
        return end or max(since, self._end(duty) or self.at)


def _settled(then: str, draft: str) -> tuple[str, str]:
    """What is not fulfilled yet, or never, counts where it is late by one of both: in
    time by the other so far."""
    if {then, draft} <= {PENDING, NONE}:
        return NONE, NONE
    return tuple(IN_TIME if side == PENDING else side for side in (then, draft))


# --- counting ------------------------------------------------------------------------


def joined(verdicts: Iterable[str]) -> str:
    """Return what is said of a matter: late where one of its duties is."""
    found = set(verdicts)
    for verdict in (LATE, UNKNOWN, IN_TIME):
        if verdict in found:
            return verdict
    return NONE


class Tally:
    """Counts of duties by step, and of matters by agency and category."""

    def __init__(self):
        self.rows: dict[tuple, list[int]] = {}
        # (track, code) → how often duties of it had which limit
        self.limits: dict[tuple, Counter] = {}

    def merge(self, data: Mapping) -> None:
        """Add what another one has counted, as its :meth:`to_json` gave it."""
        for *key, counts in data["rows"]:
            row = self.rows.setdefault(tuple(key), [0] * len(COUNTS))
            for index, count in enumerate(counts):
                row[index] += count
        for track, code, amounts in data["limits"]:
            counter = self.limits.setdefault((track, code), Counter())
            for value, unit, count in amounts:
                counter[value, unit] += count

    def to_json(self) -> dict:
        """Return all that is counted, as lists."""
        return {
            "rows": [[*key, counts] for key, counts in self.rows.items()],
            "limits": [
                [track, code, [[*amount, n] for amount, n in counter.items()]]
                for (track, code), counter in self.limits.items()
            ],
        }

    def add(self, judged: list[Judged], category: int = 0, is_secret: bool = False):
        """Count the duties of one report.

        :param is_secret: it counts in the whole and by step alone
        """
        agencies: dict[int, list[Judged]] = {}
        for one in judged:
            duty = one.duty
            if duty.code in LEFT_OUT:
                continue
            self._seen(duty)
            self._count(("step", duty.track, duty.code), one.then, one.draft)
            if duty.code not in OF_PROVINCE and duty.code not in AFTERWARDS:
                agencies.setdefault(duty.agency or 0, []).append(one)
        rows = [one for one in judged if one.duty.code not in AFTERWARDS]
        self._count_matter(("whole", "", 0), rows)
        if is_secret:
            return
        self._count_matter(("category", "", category), rows)
        for agency, theirs in agencies.items():
            self._count_matter(("agency", "", agency), theirs)

    def _seen(self, duty: Duty) -> None:
        counter = self.limits.setdefault((duty.track, duty.code), Counter())
        if duty.unit:
            counter[duty.value, duty.unit] += 1
        else:
            counter[0, ""] += 1

    def _count_matter(self, key: tuple, rows: list[Judged]) -> None:
        then = joined(one.then for one in rows)
        draft = joined(one.draft for one in rows)
        self._count(key, then, draft)

    def _count(self, key: tuple, then: str, draft: str) -> None:
        if then == NONE and draft == NONE:
            return
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = [0] * len(COUNTS)
        if then in (IN_TIME, LATE):
            row[0] += 1
            row[1] += then == IN_TIME
        if draft in (IN_TIME, LATE):
            row[2] += 1
            row[3] += draft == IN_TIME
        if draft == LATE and then != LATE:
            row[4] += 1
        elif then == LATE and draft in (IN_TIME, NONE):
            row[5] += 1
        if draft == UNKNOWN:
            row[6] += 1

    def usual_limit(self, track: str, code: str) -> tuple[float, str] | None:
        """Return the limit that most duties of a step had; None for none."""
        counter = self.limits.get((track, code))
        amount = counter.most_common(1)[0][0] if counter else None
        return amount if amount and amount[1] else None


# --- what differs --------------------------------------------------------------------


def differences(
    old: Terms, draft: Terms, happened: Callable[[str, str], bool]
) -> list[tuple]:
    """List what one regulation owes and the other does not, and what cannot be known.

    :param happened: whether there were duties of a track and step in the period
    :return: rows (kind, track, step code, old Limit or None, new Limit or None); kinds
        ``more`` (the draft limits it), ``less`` (it does not), ``shorter``, ``longer``,
        ``other`` (in another unit), ``unknown`` (nobody had this duty). Of a flag that
        changes what is known: ("flag", "", its name, None, None).
    """
    rows = []
    for track in TRACKS:
        if track != "normal" and not (old.limits.get(track) or draft.limits.get(track)):
            continue
        before, after = old.of(track), draft.of(track)
        for code in dict.fromkeys([*before, *after]):
            was = before.get(code) if old.knows(track, code) else None
            will = after.get(code) if draft.knows(track, code) else None
            kind = _kind(was, will, happened(track, code))
            if kind:
                rows.append((kind, track, code, was, will))
    for name in ("accept_step", "assign_step", "emergency_from_verification"):
        if getattr(draft, name) and not getattr(old, name):
            rows.append(("flag", "", name, None, None))
    if draft.extension_allowed != old.extension_allowed:
        rows.append(("flag", "", "extension_allowed", None, None))
    return rows


def _kind(was: Limit | None, will: Limit | None, has_happened: bool) -> str | None:
    if was == will:
        return None
    if not was:
        return "more" if has_happened else "unknown"
    if not will:
        return "less"
    if was.unit != will.unit or was.value == will.value:
        return "other"
    return "shorter" if will.value < was.value else "longer"
