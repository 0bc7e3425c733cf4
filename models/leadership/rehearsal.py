from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.periods import EARLIEST
from ..ground.guard import check_visible

BUSY = ("queued", "running")
ENDED = ("done", "failed", "stopped")
# What is asked for; another draft or period is another rehearsal.
ASKED = frozenset({"company_id", "draft_id", "date_from", "date_to"})
MOST_DAYS = 3 * 366


class CivicRehearsal(models.Model):
    """A draft regulation tried on a past period: what really happened, timed by the
    draft's limits; see :mod:`..tools.rehearsal`.

    Nothing of a report changes. The draft's figures are copied when it begins, so that
    a result stays true of what was tried; it runs in the background, some thousand
    reports in a transaction, and goes on where it was.
    """

    _name = "civic.rehearsal"
    _inherit = ["civic.buttons", "civic.links"]
    _description = "Rehearsal of a Regulation"
    _order = "id desc"
    _kept_fields = frozenset(
        {
            *("state", "user_id", "counted_at", "ended_at", "problem", "terms"),
            *("owed", "report_count", "line_ids", "batch_ids"),
        }
    )

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    draft_id = fields.Many2one(
        "civic.procedure",
        required=True,
        ondelete="restrict",
        context={"active_test": False},
        help="The regulation that is tried: a copy on which you have changed the "
        "limits. It need not be in force, now or ever.",
    )
    date_from = fields.Date(
        "Reports From",
        required=True,
        default=lambda self: self._last_month()[0],
        help="Reports that came in on these days, with all that has become of them.",
    )
    date_to = fields.Date(
        "Up to and With", required=True, default=lambda self: self._last_month()[1]
    )
    state = fields.Selection(
        [
            ("queued", "Waiting its turn"),
            ("running", "Being counted"),
            ("done", "Counting ended"),
            ("failed", "Could not be counted"),
            ("stopped", "Stopped"),
        ],
        required=True,
        default="queued",
        readonly=True,
        copy=False,
    )
    user_id = fields.Many2one(
        "res.users",
        "Asked By",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    counted_at = fields.Datetime(
        "As of",
        readonly=True,
        copy=False,
        help="What was open at this moment is looked at as it stood then.",
    )
    ended_at = fields.Datetime("Ended", readonly=True, copy=False)
    problem = fields.Char(readonly=True, copy=False)
    report_count = fields.Integer("Reports", readonly=True, copy=False, aggregator=None)
    done_count = fields.Integer("Reports Counted", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", aggregator=None)
    # What the draft was when it was tried, and in what it differs.
    terms = fields.Json(readonly=True, copy=False)
    owed = fields.Json(readonly=True, copy=False)

    line_ids = fields.One2many(
        "civic.rehearsal.line", "rehearsal_id", "Results", readonly=True
    )
    batch_ids = fields.One2many(
        "civic.rehearsal.batch", "rehearsal_id", groups=fields.NO_ACCESS
    )
    step_line_ids = fields.One2many(
        "civic.rehearsal.line",
        "rehearsal_id",
        "By Duty",
        readonly=True,
        domain=[("dimension", "=", "step")],
    )
    agency_line_ids = fields.One2many(
        "civic.rehearsal.line",
        "rehearsal_id",
        "By Agency",
        readonly=True,
        domain=[("dimension", "=", "agency")],
    )
    category_line_ids = fields.One2many(
        "civic.rehearsal.line",
        "rehearsal_id",
        "By Category",
        readonly=True,
        domain=[("dimension", "=", "category")],
    )

    # Whose turn is next.
    _waiting = models.Index("(id) WHERE state IN ('queued', 'running')")

    @api.depends("draft_id.name", "date_from", "date_to")
    def _compute_display_name(self):
        for row in self:
            row.display_name = " · ".join(
                filter(None, [row.draft_id.name, row._period_words()])
            )

    def _period_words(self):
        if not (self.date_from and self.date_to):
            return ""
        first, last = (
            day.strftime("%d/%m/%Y") for day in (self.date_from, self.date_to)
        )
        return f"{first}–{last}"

    @api.depends("state", "report_count")
    def _compute_progress(self):
        counted = self._counted_so_far_sudo()
        for row in self:
            is_done = row.state == "done"
            row.done_count = row.report_count if is_done else counted.get(row.id, 0)
            row.progress = 100.0 * row.done_count / (row.report_count or 1)

    def _counted_so_far_sudo(self):
        """:return: dict id → reports counted, of what is being counted"""
        # sudo: of what the job keeps, whoever reads the rehearsal may know how much
        rows = self.env["civic.rehearsal.batch"].sudo()
        counts = rows._read_group(
            [("rehearsal_id", "in", self.ids)], ["rehearsal_id"], ["report_count:sum"]
        )
        return {rehearsal.id: count for rehearsal, count in counts}

    @api.model
    def _last_month(self):
        """First and last day of the month before this one."""
        last = self.env.company._civic_today().replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._wake_rehearsals()
        return rows

    def write(self, vals):
        if ASKED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "What was tried stays as it was: try another draft or period anew."
                )
            )
        return super().write(vals)

    @api.constrains("date_from", "date_to", "company_id", "draft_id")
    def _check_period(self):
        for row in self:
            if row.date_from < EARLIEST:
                raise ValidationError(self.env._("Choose days since the year 2000."))
            if row.date_from > row.date_to:
                raise ValidationError(
                    self.env._("The period ends before it begins: look at the dates.")
                )
            if row.date_to >= row.company_id._civic_today():
                raise ValidationError(
                    self.env._(
                        "Choose days that are over: only what has happened can be "
                        "timed by a draft."
                    )
                )
            if (row.date_to - row.date_from).days > MOST_DAYS:
                raise ValidationError(self.env._("Choose at most three years."))
            # sudo: whose a procedure is
            owner = row.draft_id.sudo().company_id
            if owner and owner != row.company_id:
                raise ValidationError(
                    self.env._(
                        "%s belongs to another province.", row.draft_id.display_name
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_busy(self):
        if self.filtered(lambda row: row.state in BUSY):
            raise UserError(self.env._("It is being counted: stop it first."))

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_again(self):
        """Count anew: by the draft as it is now, with what has happened since."""
        row = self._enter_rehearsal(ENDED)
        row._forget_result()
        row.write({"state": "queued", "user_id": self.env.uid})
        row._wake_rehearsals()
        return True

    def action_stop(self):
        """Stop counting; nothing of the result is kept."""
        row = self._enter_rehearsal(BUSY)
        row._forget_result()
        row.write({"state": "stopped", "ended_at": fields.Datetime.now()})
        return True

    def action_results(self):
        """Show all lines, to sort, filter and export them.

        :return: action
        """
        self.ensure_one()
        check_visible(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "civic_report.civic_rehearsal_line_action"
        )
        return {**action, "domain": [("rehearsal_id", "=", self.id)]}

    def _enter_rehearsal(self, states):
        """Check that the user may do it now.

        :return: the row, locked and elevated
        """
        self.ensure_one()
        if not self.env.user.has_group("civic_report.group_centre_manager"):
            raise AccessError(
                self.env._("Drafts are tried by Centre managers and administrators.")
            )
        check_visible(self, operation="write")
        # sudo: the group has been checked; what the job keeps is nobody's to write
        row = self.sudo()
        if not row.try_lock_for_update():
            raise UserError(
                self.env._("It is being worked on right now: wait a moment.")
            )
        row.invalidate_recordset()
        if row.state not in states:
            raise UserError(
                self.env._(
                    "This rehearsal is “%s”: that is not possible now.",
                    dict(self._fields["state"]._description_selection(self.env))[
                        row.state
                    ],
                )
            )
        return row

    def _forget_result(self):
        self.line_ids.unlink()
        self.batch_ids.unlink()
        names = ("terms", "owed", "problem", "counted_at", "ended_at")
        self.write({**dict.fromkeys(names, False), "report_count": 0})

    @api.model
    def _wake_rehearsals(self):
        # sudo: Centre managers need not be those of the server
        self.env.ref("civic_report.cron_rehearsals").sudo()._trigger()
