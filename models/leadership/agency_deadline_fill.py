from odoo import api, models

from ...tools.agency_deadline import AHEAD, APPROVING, HANDLING, was_late
from .agency_deadline import ENDS

# What of a part's history changes its agency's deadline besides duties that open.
HALTS = ("ask_designation", "escalate")
EVENTS = (*ENDS, *HALTS, "fix", "invite")
BATCH = 500
# At one second a part ends before another round of it begins, duties open last.
ORDER = {"event": 0, "duty": 1}


class CivicAgencyDeadline(models.Model):
    """Deadlines of agencies out of duties and events, where they were not kept: cases
    of an older system, and those from before this was kept."""

    _inherit = "civic.agency.deadline"

    @api.model
    def _fill(self, parts):
        """Keep for parts of agencies what their duties and events say, as it would have
        been kept then, in some queries for any number of them.

        Limits of what was ahead are those of the procedure now.

        :param parts: civic.assignment, elevated, of which nothing is kept yet
        """
        parts = parts.filtered(lambda part: part.role != "follow_up")
        if not parts:
            return
        self.env.flush_all()
        histories = self._histories(parts)
        calendars = {part: part._own_calendar() for part in parts}
        every = self.env["resource.calendar"].concat(*calendars.values())
        load = every._civic_loader(min(parts.mapped("dispatched_at")))
        self._keep(
            [
                vals
                for part in parts
                for vals in self._replay(part, histories[part], calendars[part], load)
            ]
        )

    @api.model
    def _fill_all(self, commit=None):
        """Fill everything of which nothing is kept, in batches.

        :param commit: called after each batch
        """
        last = 0
        assignments = self.env["civic.report"]._elevated().env["civic.assignment"]
        domain = [("role", "!=", "follow_up"), ("deadline_ids", "=", False)]
        while parts := assignments.search(
            [*domain, ("id", ">", last)], order="id", limit=BATCH
        ):
            self._fill(parts)
            last = parts[-1].id
            self.env.flush_all()
            self.env.invalidate_all()
            if commit:
                commit()

    @api.model
    def _histories(self, parts):
        """What happened to parts, in its order.

        :return: dict of assignment → list of (moment, "event" or "duty", record)
        """
        events = self.env["civic.event"].search_fetch(
            [
                ("report_id", "in", parts.report_id.ids),
                ("code", "in", EVENTS),
                *("|", ("assignment_id", "in", parts.ids)),
                *("&", ("assignment_id", "=", False), ("code", "in", HALTS)),
            ],
            ["report_id", "assignment_id", "code", "at", "from_state"],
            order="at, id",
        )
        of_part = events.grouped("assignment_id")
        of_report = of_part.get(self.env["civic.assignment"], events.browse())
        halts = of_report.grouped("report_id")
        return {
            part: sorted(
                [
                    *(
                        (event.at, "event", event)
                        for event in (
                            *of_part.get(part, ()),
                            *halts.get(part.report_id, ()),
                        )
                        if event.at >= part.dispatched_at
                    ),
                    *(
                        (step.started_at, "duty", step)
                        for step in part.step_ids
                        if step.code in (*AHEAD, *APPROVING)
                    ),
                ],
                key=lambda row: (row[0], ORDER[row[1]], row[2].id),
            )
            for part in parts
        }

    @api.model
    def _replay(self, part, history, calendar, load):
        """Yield the rows that would have been kept of one part."""
        replay = _Replay(self, part, calendar, load)
        yield replay.begin()
        for at, kind, record in history:
            step = replay.meet if kind == "event" else replay.open
            if vals := step(at, record):
                yield vals


class _Replay:
    """One part's rows in the making."""

    def __init__(self, model, part, calendar, load):
        self._model, self._part = model, part
        self._calendar, self._load = calendar, load
        self._deadline, self._is_late, self._state = False, False, "open"
        self._approved_at = None
        # Handled once already; under a penalty that lifts its limit; with the province.
        self._is_handled, self._was_lifted, self._is_halted = False, False, False
        self._procedure = part.report_id.procedure_id

    def begin(self):
        return self._kept("dispatch", False, self._part.dispatched_at)

    def meet(self, at, event):
        """What an event does."""
        code = event.code
        if code == "fix":
            self._state = "open"
            return self._kept("fix", self._shifted(at), at)
        if self._state != "open" and code != "drop":
            return None
        if code in HALTS:
            self._is_halted = True
        if code in (*HALTS, "invite"):
            self._is_late = was_late(self._deadline, at, self._is_late)
            return self._kept("stand", False, at)
        return self._end(ENDS[code], at, event)

    def _end(self, code, at, event):
        if code == "approve":
            self._approved_at = self._moment_of_result(at, event)
            self._is_late = was_late(self._deadline, self._approved_at, self._is_late)
        elif self._state == "open":
            self._is_late = was_late(self._deadline, at, self._is_late)
        self._state = code
        return self._kept(code, self._deadline, at)

    def _moment_of_result(self, at, event):
        """When the result was there; what the Centre entered, when it was sent."""
        if event.code != "record_result":
            return at
        ended = self._part.step_ids.filtered(
            lambda step: step.code in APPROVING and step.ended_at
        ).mapped("ended_at")
        return max((moment for moment in ended if moment <= at), default=at)

    def open(self, at, step):
        """What a duty that opens does."""
        is_handling = step.code in HANDLING
        is_again = is_handling and self._is_handled
        if is_handling:
            self._is_handled = step.state == "done"
        if self._state != "open" or self._is_halted or is_again:
            return None
        if step.code in APPROVING and not self._procedure._counts_from_completion(
            step.track, step.code
        ):
            return None
        if step.code == "accept" and self._procedure.process_from_dispatch:
            return None
        is_lifted = is_handling and self._is_lifted(at)
        was_lifted = is_handling and self._was_lifted
        if is_handling:
            self._was_lifted = is_lifted
        if (
            is_lifted or was_lifted
        ) and not self._procedure.penalty_lifts_agency_deadline:
            return None
        duty = {"code": step.code, "track": step.track, "deadline": step.deadline}
        deadline = not is_lifted and self._model._whole(
            self._part, duty, self._calendar, self._load
        )
        if deadline != self._deadline:
            self._is_late = was_late(self._deadline, at, self._is_late)
        return self._kept(self._why(step, at, is_lifted), deadline, at)

    def _why(self, step, at, is_lifted):
        if at == self._part.dispatched_at:
            return "dispatch"
        if is_lifted:
            return "lift"
        if step.is_extended:
            return "extend"
        if step.code in APPROVING:
            return "completion"
        return "gather" if step.code == "consolidate" else "accept"

    def _is_lifted(self, at):
        part = self._part
        confirmed, ended = part.penalty_confirmed_at, part.penalty_ended_at
        return bool(
            self._procedure.penalty_lifts_limit
            and confirmed
            and confirmed <= at
            and not (ended and ended <= at)
        )

    def _shifted(self, at):
        if not (self._deadline and self._approved_at):
            return self._deadline
        calendar, load = self._calendar, self._load
        return calendar._civic_shifted(
            lambda first, last: load(calendar, first, last),
            (self._approved_at, max(at, self._approved_at)),
            self._part._handling_unit(),
            self._deadline,
        )

    def _kept(self, code, deadline, at):
        self._deadline = deadline
        return self._model._prepare_kept(self._part, code, deadline, self._is_late, at)
