from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.working_time import WORKING_UNITS
from .limit import UNITS, Limit

# Duties that may be left undone: an open one is never overdue.
OPTIONAL_CODES = frozenset({"return_wrong", "co_return", "invite"})
# Duties without an officer to warn.
UNWARNED_CODES = OPTIONAL_CODES | {"supplement"}


@dataclass
class TimedRow:
    """Values of a step to come, and what its time is counted by."""

    values: dict
    calendar: models.Model
    limit: tuple | None
    procedure: models.Model


class CivicStep(models.Model):
    """One timed duty of one holder.

    Every deadline, overdue mark, activity, reminder and on-time figure is read from
    steps and from nothing else. The limit is copied in when the step opens, so that a
    later change of the procedure never moves an old deadline.
    """

    _name = "civic.step"
    _inherit = ["civic.kept"]
    _description = "Timed duty"
    _order = "started_at, id"
    _rec_name = "code"

    report_id = fields.Many2one(
        "civic.report", required=True, index=True, ondelete="restrict", readonly=True
    )
    assignment_id = fields.Many2one(
        "civic.assignment", index="btree_not_null", ondelete="restrict", readonly=True
    )
    interaction_id = fields.Many2one(
        "civic.interaction", index="btree_not_null", ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    code = fields.Selection("_selection_code", "Duty", required=True, readonly=True)
    track = fields.Selection("_selection_track", required=True, readonly=True)
    agency_id = fields.Many2one(
        "civic.agency", index="btree_not_null", ondelete="restrict", readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Holder",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    started_at = fields.Datetime("Started", required=True, readonly=True)
    counted_from = fields.Datetime(
        readonly=True,
        help="Since when the limit counts: before the start where the clock of an "
        "earlier duty goes on.",
    )
    deadline = fields.Datetime(
        "Due", readonly=True, help="Empty: the duty has a clock but no limit."
    )
    overdue_from = fields.Datetime(
        readonly=True, help="The deadline and the grace that the procedure grants."
    )
    half_at = fields.Datetime("First Warning", readonly=True)
    most_at = fields.Datetime("Second Warning", readonly=True)
    centre_at = fields.Datetime("Centre Told", readonly=True)
    province_at = fields.Datetime("Province Told", readonly=True)
    alert_at = fields.Datetime("Next Alert", readonly=True)
    alert_level = fields.Integer(
        readonly=True, default=0, help="The last rung of the ladder that was climbed."
    )
    ended_at = fields.Datetime("Ended", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
        required=True,
        default="open",
        readonly=True,
    )
    limit_value = fields.Float("Limit", readonly=True)
    limit_unit = fields.Selection(UNITS, "Unit", readonly=True)
    is_extended = fields.Boolean(
        "Extended", readonly=True, help="Its deadline comes from an extension."
    )
    is_late = fields.Boolean(
        "Ended Late", readonly=True, help="Set when a duty ends after its deadline."
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    time_left = fields.Char(compute="_compute_time_left")

    _one_open = models.UniqueIndex(
        "(report_id, COALESCE(assignment_id, 0), COALESCE(interaction_id, 0), code) "
        "WHERE state = 'open'",
        "This duty is already open.",
    )
    # The sweep for what has passed reads open duties by their time alone.
    _open_by_deadline = models.Index("(overdue_from) WHERE state = 'open'")
    # The minute's pass of the clock takes those whose alert has come.
    _open_by_alert = models.Index("(alert_at) WHERE state = 'open'")

    # ------------------------------------------------------------------
    # Selections and words
    # ------------------------------------------------------------------

    @api.model
    def _selection_code(self):
        _ = self.env._
        return [
            ("intake", _("Check, classify and dispatch")),
            ("intake_receive", _("Receive and check")),
            ("intake_classify", _("Classify")),
            ("intake_forward", _("Dispatch")),
            ("supplement", _("Complete the report")),
            ("consult", _("Say who is competent")),
            ("designate", _("Designate the agency")),
            ("accept", _("Take in")),
            ("assign", _("Assign the work")),
            ("return_wrong", _("Return if not competent")),
            ("invite", _("Invite co-agencies")),
            ("process", _("Handle")),
            ("co_process", _("Handle as co-agency")),
            ("co_return", _("Return to the lead if not competent")),
            ("co_approve", _("Approve as co-agency")),
            ("consolidate", _("Consolidate the results")),
            ("approve", _("Approve")),
            ("concur", _("Agree with the result")),
            ("publish", _("Check and publish")),
            ("interaction", _("Answer the follow-up")),
        ]

    @api.model
    def _selection_track(self):
        _ = self.env._
        return [
            ("normal", _("Normal")),
            ("emergency", _("Emergency")),
            ("sensitive", _("Sensitive")),
        ]

    @api.model
    def _time_left_words(self, deadline, now):
        """Say how far a deadline is: “2 h 15 min left”, “late by 1 day 3 h”.

        :param deadline: naive UTC datetime or False
        :param now: naive UTC datetime
        """
        if not deadline:
            return ""
        minutes = int(abs(deadline - now).total_seconds() // 60)
        words = self._duration_words(minutes)
        if deadline < now:
            return self.env._("late by %s", words)
        return self.env._("%s left", words)

    @api.model
    def _duration_words(self, minutes):
        """Two largest parts of a duration given in whole minutes."""
        days, rest = divmod(minutes, 24 * 60)
        hours, minutes = divmod(rest, 60)
        _ = self.env._
        if days:
            words = [_("%s day(s)", days), hours and _("%s h", hours)]
        elif hours:
            words = [_("%s h", hours), minutes and _("%s min", minutes)]
        else:
            words = [_("%s min", minutes)]
        return " ".join(word for word in words if word)

    # ------------------------------------------------------------------
    # Overdue
    # ------------------------------------------------------------------

    @api.depends("state", "overdue_from", "is_late")
    def _compute_is_overdue(self):
        now = self.env["civic.door"]._now()
        for step in self:
            if step.state == "open" and step.code not in OPTIONAL_CODES:
                step.is_overdue = bool(step.overdue_from and step.overdue_from < now)
            else:
                step.is_overdue = step.is_late

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [
            "|",
            ("is_late", "=", True),
            "&",
            "&",
            ("state", "=", "open"),
            ("code", "not in", list(OPTIONAL_CODES)),
            ("overdue_from", "<", self.env["civic.door"]._now()),
        ]
        wanted = set(value)
        if wanted >= {True, False}:
            return [(1, "=", 1)]
        return late if True in wanted else ["!", *late]

    @api.depends("deadline", "state")
    @api.depends_context("lang")
    def _compute_time_left(self):
        now = self.env["civic.door"]._now()
        for step in self:
            # What may be left undone is not late: its time is over, that is all.
            is_over = (
                step.code in OPTIONAL_CODES and step.deadline and step.deadline < now
            )
            step.time_left = (
                self._time_left_words(step.deadline, now)
                if step.state == "open" and not is_over
                else ""
            )

    # ------------------------------------------------------------------
    # Life
    # ------------------------------------------------------------------

    @api.model
    def _open(self, specs):
        """Open duties, with their deadlines and activities, in a constant number of
        queries.

        :param specs: list of dicts: report (record), assignment (record or empty),
            code, agency and holder (records or empty), started_at, and optionally
            deadline (the clock of an earlier step that goes on; False for none),
            is_extended, interaction_id
        :return: the steps
        """
        rows = [self._prepare_open(spec) for spec in specs]
        self._time(rows)
        # An ended duty must leave its place in the index before its successor comes.
        self.flush_model(["state"])
        steps = self.create([row.values for row in rows])
        steps._schedule_activities()
        return steps

    @api.model
    def _prepare_open(self, spec):
        report = spec["report"]
        limit = report.procedure_id._limit(report.track, spec["code"])
        agency = spec.get("agency") or self.env["civic.agency"]
        values = {
            "report_id": report.id,
            "assignment_id": spec["assignment"].id if spec.get("assignment") else False,
            "company_id": report.company_id.id,
            "code": spec["code"],
            "track": report.track,
            "agency_id": agency.id,
            "user_id": spec["holder"].id if spec.get("holder") else False,
            "started_at": spec["started_at"],
            "counted_from": spec["started_at"],
            "limit_value": limit.value if limit else 0.0,
            "limit_unit": limit.unit if limit else False,
            **{
                name: spec[name]
                for name in (
                    "deadline",
                    "is_extended",
                    "interaction_id",
                    "counted_from",
                )
                if name in spec
            },
        }
        return TimedRow(
            values,
            agency.calendar_id or report._working_calendar(),
            limit,
            report.procedure_id,
        )

    # ------------------------------------------------------------------
    # Deadlines and warnings
    # ------------------------------------------------------------------

    @api.model
    def _time(self, rows):
        """Give rows their deadline and the moments of their warnings.

        Each calendar is read once for all of them.

        :param rows: list of TimedRow; a deadline that is there already stays
        """
        if not rows:
            return
        load = self._loader(
            [row.values["counted_from"] for row in rows],
            [row.calendar for row in rows],
        )
        timed = [row for row in rows if row.limit and "deadline" not in row.values]
        deadlines = self._deadlines(
            [row.values["counted_from"] for row in timed],
            [(row.limit.value, row.limit.unit) for row in timed],
            [row.calendar for row in timed],
            load,
        )
        for row, deadline in zip(timed, deadlines, strict=True):
            row.values["deadline"] = deadline
        for row in rows:
            row.values.update(self._prepare_warnings(row, load))

    @api.model
    def _prepare_warnings(self, row, load):
        """When to warn of one duty, and when to climb the ladder.

        :return: dict of the step's fields
        """
        deadline = row.values.get("deadline")
        if not deadline:
            return {}
        procedure = row.procedure
        grace = row.limit.grace_minutes if row.limit else 0
        overdue_from = deadline + timedelta(minutes=grace)
        values = {"overdue_from": overdue_from}
        if row.values["code"] in UNWARNED_CODES:
            return values
        half, most = row.calendar._civic_moments(
            partial(load, row.calendar),
            row.values["started_at"],
            deadline,
            row.values["limit_unit"] or "hour",
            (procedure.warn_half / 100, procedure.warn_most / 100),
        )
        # What is due at once, or sent back after its time, is not warned of.
        in_time = half < deadline
        return {
            **values,
            "half_at": half,
            "most_at": most,
            "centre_at": overdue_from + timedelta(minutes=procedure.centre_after),
            "province_at": overdue_from + timedelta(minutes=procedure.province_after),
            "alert_at": half if in_time else overdue_from,
        }

    @api.model
    def _loader(self, starts, calendars):
        """Read the calendars, each once; see `resource.calendar._civic_loader`."""
        return (
            self.env["resource.calendar"].concat(*calendars)._civic_loader(min(starts))
        )

    @api.model
    def _deadlines(self, starts, limits, calendars=None, load=None):
        """When duties that start then, with such limits, end.

        Each calendar is read once, whatever the number of duties.

        :param starts: list of naive UTC datetimes
        :param limits: list of (value, unit), see :mod:`..tools.working_time`
        :param calendars: list of resource.calendar records; the company's by default
        :param load: what `_loader` gave for these calendars, if at hand
        :return: list of naive UTC datetimes, in the same order
        :raises UserError: when a calendar has no working time to count in
        """
        if not starts:
            return []
        calendars = calendars or [self.env.company._civic_calendar()] * len(starts)
        load = load or self._loader(starts, calendars)
        jobs = defaultdict(list)
        for index, calendar in enumerate(calendars):
            jobs[calendar].append(index)
        deadlines = [None] * len(starts)
        for calendar, indexes in jobs.items():
            ends = calendar._civic_deadlines(
                partial(load, calendar),
                [(starts[index], *limits[index]) for index in indexes],
            )
            for index, end in zip(indexes, ends, strict=True):
                deadlines[index] = end
        return deadlines

    @api.model
    def _move_deadlines(self, calendars):
        """Count the open duties of these calendars anew, from when they count.

        :return: how many deadlines have moved
        """
        # sudo: the administrator has asked for it; see the calendar
        door = self.env["civic.report"]._elevated()
        steps = self.with_env(door.env).search(
            [
                ("state", "=", "open"),
                ("limit_unit", "in", WORKING_UNITS),
                ("deadline", "!=", False),
                ("is_extended", "=", False),
            ]
        )
        rows = {step: step._timed_row() for step in steps}
        rows = {step: row for step, row in rows.items() if row.calendar in calendars}
        steps._time(list(rows.values()))
        moved = steps.browse()
        for step, row in rows.items():
            if row.values["deadline"] != step.deadline:
                step._log_move(row.values["deadline"])
                step.write(step._retimed(row.values))
                moved |= step
        moved._close_activities()
        moved._schedule_activities()
        self._refresh_clocks(moved.assignment_id)
        self._refresh_clocks(moved.report_id)
        return len(moved)

    def _timed_row(self):
        """This duty as it would be timed now."""
        report = self.report_id
        limit = report.procedure_id._limit(self.track, self.code)
        return TimedRow(
            {name: self[name] for name in ("code", "started_at", "limit_unit")}
            | {"counted_from": self.counted_from},
            self.agency_id.calendar_id or report._working_calendar(),
            Limit(
                self.limit_value, self.limit_unit, limit.grace_minutes if limit else 0
            ),
            report.procedure_id,
        )

    def _retimed(self, values):
        """Values that a moved deadline changes; alerts that were given stay given."""
        names = ("half_at", "most_at", "overdue_from", "centre_at", "province_at")
        ladder = [values.get(name) for name in names]
        following = ladder[self.alert_level :]
        return {
            "deadline": values["deadline"],
            **dict(zip(names, ladder, strict=True)),
            "alert_at": following[0] if following else False,
        }

    def _log_move(self, deadline):
        self.ensure_one()
        record = self.assignment_id or self.report_id
        self.env["civic.event"]._log(
            [
                {
                    **record._event_target(),
                    "code": "deadline_moved",
                    "at": record._now(),
                    "from_state": record.state,
                    "to_state": record.state,
                    "note": f"{self.code}: {self.deadline} → {deadline} UTC",
                }
            ]
        )

    # ------------------------------------------------------------------
    # End
    # ------------------------------------------------------------------

    @api.model
    def _end(self, records, codes, state):
        """End the open duties of these codes that hang on these records.

        :param records: reports (their own duties) or assignments
        :param state: "done" or "dropped"
        """
        if not codes or not records:
            return self.browse()
        steps = self.search([*records._step_domain(), ("code", "in", list(codes))])
        steps._close(state)
        return steps

    def _close(self, state, was_due=False):
        """:param was_due: a dropped duty counts as late if it already was"""
        now = self.env["civic.door"]._now()
        late = self.filtered(lambda step: step.deadline and step.overdue_from < now)
        values = {"state": state, "ended_at": now}
        if state == "done" or was_due:
            late.write({**values, "is_late": True})
            (self - late).write(values)
        else:
            self.write(values)
        self._close_activities()

    # ------------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------------

    def _schedule_activities(self):
        """One activity on each known holder, in one insert."""
        vals_list = [
            step._prepare_activity()
            for step in self
            if step.user_id and step.code not in OPTIONAL_CODES
        ]
        if vals_list:
            # Quick update: no mail one by one; who must be told is told in a digest.
            self.env["mail.activity"].with_context(
                mail_activity_quick_update=True
            ).create(vals_list)

    def _prepare_activity(self):
        self.ensure_one()
        record = self.assignment_id or self.report_id
        return {
            "res_model_id": self.env["ir.model"]._get_id(record._name),
            "res_id": record.id,
            # Given here so that it is not computed once per record.
            "res_name": self.report_id.name,
            "activity_type_id": self._activity_type_id(self.code),
            "summary": self.report_id.name,
            "user_id": self.user_id.id,
            "date_deadline": self._local_date(self.deadline or self.started_at),
            "automated": True,
            "civic_step_id": self.id,
        }

    @api.model
    def _activity_type_id(self, code):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            f"civic_report.activity_{code}", raise_if_not_found=True
        )

    def _local_date(self, moment):
        """The day of a naive UTC datetime where the company works."""
        tz = self.report_id._working_calendar().tz
        return fields.Datetime.context_timestamp(
            self.with_context(tz=tz), moment
        ).date()

    def _close_activities(self):
        activities = self.env["mail.activity"].search(
            [("civic_step_id", "in", self.ids)]
        )
        activities.action_archive()

    def _hand_over(self, user):
        """Give open duties, and the reminders of them, to another holder."""
        self.write({"user_id": user.id})
        self._close_activities()
        self._schedule_activities()

    # ------------------------------------------------------------------
    # The duty in force
    # ------------------------------------------------------------------

    @api.model
    def _refresh_clocks(self, records):
        """Copy onto each record its open duty that is due first, in one query each
        way.

        :param records: reports, whose every duty counts, or assignments
        """
        if not records:
            return
        link = "report_id" if records._name == "civic.report" else "assignment_id"
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (%(link)s) %(link)s, id
                  FROM civic_step
                 WHERE state = 'open' AND code NOT IN %(optional)s
                   AND %(link)s IN %(ids)s
                 ORDER BY %(link)s, deadline NULLS LAST, id
                """,
                link=SQL.identifier(link),
                optional=tuple(OPTIONAL_CODES),
                ids=tuple(records.ids),
            )
        )
        first = dict(rows)
        steps = self.browse(first.values())
        by_record = {step[link].id: step for step in steps}
        for record in records:
            record._show_clock(by_record.get(record.id, self.browse()))
