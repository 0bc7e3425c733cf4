"""Histories of reports as the door writes them, without a database."""

from datetime import timedelta

from ...tools import rehearsal as engine
from ...tools.rehearsal import Calendars, Duty, Limit, Terms
from .hours import VN, office_2026

CALENDAR = 1
AGENCY = 7


def calendars(key=CALENDAR):
    """The office of 2026, for every key."""
    office = office_2026()
    return Calendars(
        lambda _key, _first, _last: office,
        {key: VN, 0: VN},
        office.first_date,
        office.last_date,
    )


def terms(limits=None, **flags):
    """Terms with limits of the normal track: code → (value, unit) or with a grace."""
    rows = {code: Limit(*row) for code, row in (limits or {}).items()}
    return Terms({"normal": rows}, CALENDAR, **flags)


class History:
    """The duties of one report, timed as they are when they open (see `more_time.py`).

    :param old: Terms that the report came in under
    """

    def __init__(self, old, start):
        self.old = old
        self.now = start
        self.duties = []
        self.office = office_2026()
        self.dispatched = None
        self.approved = None

    def later(self, hours):
        self.now += timedelta(hours=hours)
        return self

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------

    def open(self, code, assignment=None, **values):
        limit = self.old.of("normal").get(code)
        counted_from = values.pop("counted_from", None) or self.now
        deadline = values.pop("deadline", None)
        if deadline is None and limit:
            deadline = self.office.deadline(counted_from, limit.value, limit.unit)
        grace = timedelta(minutes=limit.grace if limit else 0)
        duty = Duty(
            id=len(self.duties) + 1,
            report=1,
            assignment=assignment,
            interaction=None,
            agency=AGENCY if assignment else None,
            code=code,
            track="normal",
            started=self.now,
            ended=None,
            state="open",
            counted_from=counted_from,
            deadline=deadline,
            overdue_from=deadline and deadline + grace,
            value=limit.value if limit else 0.0,
            unit=limit.unit if limit else None,
            dispatched=self.dispatched if assignment else None,
            **values,
        )
        self.duties.append(duty)
        return duty

    def end(self, code, state="done"):
        for index, duty in enumerate(self.duties):
            if duty.code == code and duty.state == "open":
                overdue = duty.overdue_from
                late = bool(overdue and overdue < self.now)
                self.duties[index] = duty._replace(
                    state=state, ended=self.now, late=late
                )

    def last(self, *codes):
        return [duty for duty in self.duties if duty.code in codes][-1:]

    # ------------------------------------------------------------------
    # Verbs
    # ------------------------------------------------------------------

    def receive(self):
        self.open("intake")
        return self

    def dispatch(self):
        self.end("intake")
        self.dispatched = self.now
        if self.old.accept_step:
            self.open("accept", 1)
            if self.old.process_from_dispatch:
                self._begin()
        elif self.old.assigns("normal"):
            self.open("assign", 1)
        else:
            self._begin()
        return self

    def accept(self):
        self.end("accept")
        if self.old.assigns("normal"):
            after = self._after("accept")
            self.open("assign", 1, counted_from=after)
        elif not self.last("process"):
            self._begin()
        return self

    def assign(self):
        self.end("assign")
        if not self.last("process"):
            self._begin()
        return self

    def _begin(self):
        since = self._after("accept", "assign")
        if self.old.process_from_dispatch:
            since = self.dispatched
        self.open("process", 1, counted_from=since)

    def _after(self, *codes):
        done = [duty for duty in self.last(*codes) if duty.state == "done"]
        if done and done[0].deadline and done[0].deadline < self.now:
            return done[0].deadline
        return None

    def extend(self, days):
        """More time, to the close of a day."""
        day = (self.now + timedelta(days=days)).date()
        until = self.office.day_close(day) or self.office.end_of_day(day)
        self.end("process", "dropped")
        self.open("process", 1, deadline=until, extended=True)
        return self

    def submit(self):
        self.end("process")
        self.open("approve", 1)
        return self

    def send_back(self):
        self.end("approve")
        before = self.last("process")[0]
        self.open(
            "process",
            1,
            counted_from=before.counted_from,
            deadline=before.deadline,
            held=before.held,
            extended=before.extended,
        )
        return self

    def approve(self):
        self.end("approve")
        self.approved = self.now
        self.open("publish")
        return self

    def fix(self):
        """Back from the Centre: what stood still is given back."""
        self.end("publish")
        before, approving = self.last("process")[0], self.last("approve")[0]
        holds = [(before.ended, self.now)]
        if approving.late and before.ended < approving.deadline:
            holds = [(before.ended, approving.deadline), (self.approved, self.now)]
        elif approving.late:
            holds = [(self.approved, self.now)]
        values = {"counted_from": before.counted_from, "deadline": before.deadline}
        if before.deadline:
            values = self._shifted(before, holds)
        self.open("process", 1, extended=before.extended, **values)
        return self

    def _shifted(self, before, holds):
        deadline, since = before.deadline, before.counted_from
        unit = before.unit or "working_day"
        for hold in holds:
            deadline = self.office.shift(deadline, *hold, unit)
            since = self.office.shift(since, *hold, unit)
        held = before.held or {"since": before.origin.isoformat(), "spans": []}
        if before.extended and "granted" not in held:
            held = {**held, "granted": before.deadline.isoformat()}
        spans = [[start.isoformat(), end.isoformat()] for start, end in holds]
        return {
            "deadline": deadline,
            "counted_from": since,
            "held": {**held, "spans": [*held["spans"], *spans]},
        }

    def publish(self):
        self.end("publish")
        return self


def judged(history, draft, at=None, trust=False, **more):
    """What becomes of a history by a draft.

    :return: list of `tools.rehearsal.Judged`
    """
    trial = engine.Rehearsal(draft, calendars(), at or history.now, trust=trust, **more)
    return trial.judge(history.duties, history.old)
