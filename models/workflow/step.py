from odoo import api, fields, models

from ..province.limit import UNITS, has_passed

# Duties that may be left undone: an open one is never overdue.
OPTIONAL_CODES = frozenset({"return_wrong", "co_return", "invite"})


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
    is_untimed = fields.Boolean(
        "Without a Deadline",
        readonly=True,
        help="Its calendar has no working hours: an administrator enters them, then "
        "moves the deadlines.",
    )
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
    # Figures ask which duties of a report or of an agency's part of it ended late: few
    # among all.
    _ended_late = models.Index("(report_id, assignment_id, code) WHERE is_late")

    # ------------------------------------------------------------------
    # Selections and words
    # ------------------------------------------------------------------

    @api.model
    def _selection_code(self):
        _ = self.env._
        # A dict: of tuples the export would take the codes for terms.
        labels = {
            "intake": _("Check, classify and dispatch"),
            "intake_receive": _("Receive and check"),
            "intake_classify": _("Classify"),
            "intake_forward": _("Dispatch"),
            "supplement": _("Complete the report"),
            "consult": _("Say who is competent"),
            "designate": _("Designate the agency"),
            "accept": _("Take in"),
            "assign": _("Assign the work"),
            "return_wrong": _("Return if not competent"),
            "invite": _("Invite co-agencies"),
            "process": _("Handle"),
            "co_process": _("Handle as co-agency"),
            "co_return": _("Return to the lead if not competent"),
            "co_approve": _("Approve as co-agency"),
            "consolidate": _("Consolidate the results"),
            "approve": _("Approve"),
            "concur": _("Agree with the result"),
            "publish": _("Check and publish"),
            "interaction": _("Answer the follow-up"),
            "outcome": _("Ask for the outcome"),
            "confirm_penalty": _("Confirm the penalty"),
            "execute_penalty": _("Follow up the penalty decision"),
        }
        return list(labels.items())

    def _code_words(self):
        return dict(self._selection_code())[self.code]

    def _holder_words(self):
        """Whose duty it is, as everybody may know it: never a person."""
        if self.code == "supplement":
            return self.env._("The sender")
        return self.agency_id.name or self.env._("The intake centre")

    @api.model
    def _selection_track(self):
        _ = self.env._
        labels = {
            "normal": _("Normal"),
            "emergency": _("Emergency"),
            "sensitive": _("Sensitive"),
        }
        return list(labels.items())

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
        if has_passed(deadline, now):
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
                step.is_overdue = has_passed(step.overdue_from, now)
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
            is_over = step.code in OPTIONAL_CODES and has_passed(step.deadline, now)
            step.time_left = (
                self._time_left_words(step.deadline, now)
                if step.state == "open" and not is_over
                else ""
            )
