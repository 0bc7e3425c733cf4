from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.agency_deadline import (
    AHEAD,
    APPROVING,
    HANDLING,
    KEEP,
    LIFT,
    Opened,
    ahead,
    effect,
    was_late,
    whole,
)
from ..workflow.transitions import OPEN_ASSIGNMENT_STATES

# How a part ended: verb → code of the row. Until another row it stays ended.
ENDS = {
    "approve": "approve",
    "record_result": "approve",
    "return_wrong": "return",
    "drop": "drop",
}
ENDED = ("approve", "return", "drop")
# Objects that RPC cannot send: why duties open, where the duty does not say it.
DISPATCHED, TIMED_ANEW = object(), object()


class CivicAgencyDeadline(models.Model):
    """Until when an agency as a whole has time for its part of a report, whenever that
    changed, and whether it was late with it.

    What was in force at a moment is the last row before it: figures of a period are
    facts at its end, whatever has happened since. See :mod:`...tools.agency_deadline`.
    """

    _name = "civic.agency.deadline"
    _inherit = ["civic.kept"]
    _description = "Deadline of an agency as a whole"
    _order = "at, id"
    _rec_name = "code"
    _log_access = False

    assignment_id = fields.Many2one(
        "civic.assignment", required=True, readonly=True, ondelete="restrict"
    )
    report_id = fields.Many2one(
        "civic.report", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agency_id = fields.Many2one(
        "civic.agency",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="Whose part it was then.",
    )
    at = fields.Datetime("Since", required=True, readonly=True)
    deadline = fields.Datetime(
        "Due", readonly=True, help="Empty: the agency had none then."
    )
    code = fields.Selection(
        [
            ("dispatch", "Dispatched"),
            ("accept", "Taken in"),
            ("gather", "Co-agencies have answered"),
            ("alone", "Goes on"),
            ("extend", "Extended"),
            ("completion", "Completed on the spot"),
            ("track", "Track changed"),
            ("lift", "Lifted by a penalty"),
            ("resume", "Penalty ended"),
            ("moved", "Moved by the calendar"),
            ("stand", "Stands still"),
            ("fix", "Sent back by the Centre"),
            ("succeed", "Passed on"),
            ("approve", "Result approved"),
            ("return", "Returned"),
            ("drop", "Ended without a result"),
        ],
        "Why",
        required=True,
        readonly=True,
    )
    is_late = fields.Boolean(
        "Was Late",
        readonly=True,
        help="The deadline so far had passed by then. What was late stays late.",
    )

    # The one in force at a moment.
    _of_part = models.Index("(assignment_id, at, id)")
    # What happened within a period.
    _by_moment = models.Index("(company_id, at)")
    # Reports with which an agency was late are few among all.
    _late = models.Index("(company_id, report_id) WHERE is_late")

    # ------------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------------

    @api.model
    def _latest(self, parts):
        """The rows in force now, in one query.

        :return: dict of assignment → civic.agency.deadline; empty where there is none
        """
        if not parts:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (assignment_id) assignment_id, id
                  FROM civic_agency_deadline
                 WHERE assignment_id IN %s
                 ORDER BY assignment_id, at DESC, id DESC
                """,
                tuple(parts.ids),
            )
        )
        found = dict(rows)
        known = self.browse(found.values())
        by_part = dict(zip(found, known, strict=True))
        return {part: by_part.get(part.id, self.browse()) for part in parts}

    @api.model
    def _keep(self, vals_list):
        """Keep rows, in one insert."""
        if vals_list:
            door = self.env["civic.report"]._elevated().env
            self.with_env(door).create(vals_list)

    @api.model
    def _prepare_kept(self, part, code, deadline, is_late, at):
        return {
            "assignment_id": part.id,
            "report_id": part.report_id.id,
            "company_id": part.company_id.id,
            "agency_id": part.agency_id.id,
            "at": at,
            "deadline": deadline,
            "code": code,
            "is_late": is_late,
        }

    @api.model
    def _whole(self, part, duty, calendar, load):
        """The agency's deadline by a duty of its part.

        :param part: civic.assignment
        :param duty: dict: code, track, deadline
        :param load: as of `civic.step._loader`
        :return: naive UTC datetime, or False where it has none
        """
        report = part.report_id
        procedure = report.procedure_id
        limits = dict(procedure._limits(duty["track"]))
        process = limits.get("process")
        if process and duty["code"] in ("accept", "assign"):
            limits["process"] = part.agency_id._limit_here("process", process, report)
        after = ahead(
            duty["code"], part.role == "co", limits, procedure._assigns(duty["track"])
        )

        def add(moment, value, unit):
            jobs = [(moment, value, unit)]
            return calendar._civic_deadlines(partial(load, calendar), jobs)[0]

        return whole(duty["deadline"] or None, after, add) or False


class CivicStep(models.Model):
    """A duty that opens says what time its agency has as a whole."""

    _inherit = "civic.step"

    @api.model
    def _time_beside(self, rows, load):
        result = super()._time_beside(rows, load)
        mine = [row for row in rows if self._is_of_whole(row.values)]
        if not mine:
            return result
        parts = self.env["civic.assignment"].browse(
            [row.values["assignment_id"] for row in mine]
        )
        for part, row in zip(parts, mine, strict=True):
            opened = part._opened_duty(row.values)
            if (does := effect(opened)) != KEEP:
                row.beside |= {
                    "part": part,
                    "opened": opened,
                    "code": part._why_deadline(opened, row),
                    "deadline": does != LIFT and part._whole_by(row, load),
                }
        return result

    @api.model
    def _is_of_whole(self, values):
        """Whether a duty may say what time its agency has."""
        return values.get("assignment_id") and values["code"] in (*AHEAD, *APPROVING)

    @api.model
    def _keep_beside(self, rows):
        result = super()._keep_beside(rows)
        rows = [row.beside for row in rows if "part" in row.beside]
        model, now = self.env["civic.agency.deadline"], self.env["civic.door"]._now()
        changed = [row["part"] for row in rows if _needs_before(row)]
        before = model._latest(self.env["civic.assignment"].concat(*changed))
        vals_list = []
        for row in rows:
            part, known = row["part"], before.get(row["part"], model)
            # A calendar that was wrong made nobody late.
            ends = False if row["code"] == "moved" else known.deadline
            is_late = was_late(ends, now, known.is_late)
            vals_list.append(
                model._prepare_kept(part, row["code"], row["deadline"], is_late, now)
            )
        model._keep(vals_list)
        return result

    def _timed_row(self):
        row = super()._timed_row()
        if self.assignment_id:
            row.values["assignment_id"] = self.assignment_id.id
            row.beside["is_moved"] = True  # and deadlines are what has moved
        return row


def _needs_before(row):
    """Whether there was a deadline that this one may hide: of what has just been given,
    or taken in, there was none, or the same."""
    opened = row["opened"]
    is_new = opened.is_first or (
        opened.earlier is None and opened.code not in APPROVING
    )
    return not is_new or opened.is_timed_anew or row["code"] == "moved"


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    deadline_ids = fields.One2many(
        "civic.agency.deadline", "assignment_id", "Deadlines of the Agency"
    )

    # ------------------------------------------------------------------
    # What a duty that opens means
    # ------------------------------------------------------------------

    def _opened_duty(self, values):
        """What is known of a duty of this part that opens.

        :param values: dict: code, started_at, track
        :return: tools.agency_deadline.Opened
        """
        self.ensure_one()
        procedure, code = self.report_id.procedure_id, values["code"]
        earlier = self.env["civic.step"]
        if code in HANDLING:
            # Read already: whether it is due depends on them.
            earlier = self.step_ids.filtered(lambda step: step.code in HANDLING)[-1:]
        lifts = procedure.penalty_lifts_limit
        is_approving = code in APPROVING
        return Opened(
            code,
            is_co=self.role == "co",
            is_first=self._why_opened() is DISPATCHED,
            earlier=earlier.state or None,
            is_timed_anew=self._why_opened() is TIMED_ANEW,
            is_halted=self.report_id.state == "designating",
            from_completion=is_approving
            and procedure._counts_from_completion(values["track"], code),
            from_dispatch=procedure.process_from_dispatch,
            is_lifted=bool(lifts and self.penalty_procedure),
            was_lifted=bool(
                lifts
                and self.penalty_ended_at
                and earlier.state == "dropped"
                and not earlier.deadline
            ),
            lifts_agency=procedure.penalty_lifts_agency_deadline,
        )

    def _why_opened(self):
        return self.env.context.get("civic_why_opened")

    def _whole_by(self, row, load):
        """The agency's deadline by a duty that is timed; see `_whole`.

        :param row: TimedRow
        """
        duty = {"deadline": False, **row.values}
        return self.env["civic.agency.deadline"]._whole(self, duty, row.calendar, load)

    def _why_deadline(self, opened, row):
        """Code of the row that is kept of it."""
        whys = (
            ("moved", row.beside.get("is_moved")),
            ("dispatch", opened.is_first),
            ("track", opened.is_timed_anew),
            ("completion", opened.code in APPROVING),
            ("lift", opened.is_lifted),
            ("resume", opened.was_lifted),
            ("accept", opened.earlier is None and opened.code != "consolidate"),
            ("extend", row.values.get("is_extended")),
            ("gather", opened.code == "consolidate"),
        )
        return next((code for code, is_so in whys if is_so), "alone")

    def _begin_duties(self):
        given = self.with_context(civic_why_opened=DISPATCHED)
        return super(CivicAssignment, given)._begin_duties()

    # ------------------------------------------------------------------
    # What other things mean
    # ------------------------------------------------------------------

    def _react_keep_deadline(self, act):
        """It stands still while others are asked, goes on when the Centre sends a
        result back, and was kept or missed where the part ends."""
        verb = act.transition.verb
        if verb == "invite":
            self._stand_still()
        elif verb == "fix":
            self._give_back_time()
        else:
            self._keep_ends(
                ENDS[verb], {part: act.before[part]["state"] for part in self}
            )

    def _stand_still(self):
        """Nothing is owed by these parts for now; what was late stays late."""
        self._keep_changed(
            lambda part, known, now: {
                "code": "stand",
                "deadline": False,
                "is_late": was_late(known.deadline, now, known.is_late),
            }
        )

    def _keep_ends(self, code, states):
        """Keep whether parts that end were late by then.

        :param states: dict of part → the state in which it ended
        """

        def values(part, known, now):
            # What was approved in time is not late for being taken up again. A result
            # that the Centre entered was there when it was sent.
            ended_at = part.approved_at if code == "approve" else now
            is_late = known.is_late
            if states[part] != "approved":
                is_late = was_late(known.deadline, ended_at, known.is_late)
            return {"code": code, "deadline": known.deadline, "is_late": is_late}

        self._keep_changed(values)

    def _give_back_time(self):
        """What the Centre had of an approved result is given back, in the unit in which
        its handling is timed."""
        known = self.env["civic.agency.deadline"]._latest(self)
        moments = [
            *filter(None, (known[part].deadline for part in self)),
            *filter(None, self.mapped("approved_at")),
        ]
        calendars = {part: part._own_calendar() for part in self}
        every = self.env["resource.calendar"].concat(*calendars.values())
        load = every._civic_loader(min(moments)) if moments else None

        def values(part, latest, now):
            deadline = latest.deadline
            if deadline and part.approved_at:
                calendar = calendars[part]
                deadline = calendar._civic_shifted(
                    partial(load, calendar),
                    (part.approved_at, now),
                    part._handling_unit(),
                    deadline,
                )
            return {"code": "fix", "deadline": deadline, "is_late": latest.is_late}

        self._keep_changed(values, known)

    def _own_calendar(self):
        """The calendar in which this part's limits are counted."""
        return self.agency_id.calendar_id or self.report_id._working_calendar()

    def _handling_unit(self):
        report = self.report_id
        code = "co_process" if self.role == "co" else "process"
        limit = report.procedure_id._limit(report.track, code)
        return limit.unit if limit else "working_day"

    def _keep_changed(self, values, known=None):
        """Keep what changes for these parts, in a constant number of queries.

        :param values: of a part, its row so far and the moment, the values to keep
        :param known: what `_latest` gave, if at hand
        """
        model, now = self.env["civic.agency.deadline"], self._now()
        known = model._latest(self) if known is None else known
        vals_list = []
        for part in self:
            kept = values(part, known[part], now)
            vals_list.append(model._prepare_kept(part, at=now, **kept))
        model._keep(vals_list)

    def _extend(self, date):
        """Extended while the result awaits approval, no duty of handling opens that
        would say so."""
        result = super()._extend(date)
        waiting = self.filtered(lambda part: part.state == "submitted")
        for part in waiting:
            calendar, end = part._own_calendar(), part._close_of(date)
            duty = {
                "code": "co_process" if part.role == "co" else "process",
                "track": part.report_id.track,
                "deadline": end,
            }
            load = calendar._civic_loader(end)
            deadline = self.env["civic.agency.deadline"]._whole(
                part, duty, calendar, load
            )
            part._keep_changed(
                lambda _part, known, now, deadline=deadline: {
                    "code": "extend",
                    "deadline": deadline,
                    "is_late": was_late(known.deadline, now, known.is_late),
                }
            )
        return result

    def _pass_deadline_on(self):
        """Another agency goes on, within the same time."""
        self._keep_changed(
            lambda _part, known, _now: {
                "code": "succeed",
                "deadline": known.deadline,
                "is_late": known.is_late,
            }
        )


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _time_anew(self, before):
        timed = self.with_context(civic_why_opened=TIMED_ANEW)
        return super(CivicReport, timed)._time_anew(before)

    def _react_halt_agencies(self, act):
        """While the province decides, the time of agencies stands still."""
        result = super()._react_halt_agencies(act)
        self.assignment_ids.filtered(
            lambda part: part.state in OPEN_ASSIGNMENT_STATES
        )._stand_still()
        return result
