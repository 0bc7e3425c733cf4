from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.letters import paragraphs
from ...tools.periods import Period
from ..ground.guard import check_visible
from ..ground.sql_states import sql_states
from .periodic_kind import BLANK_PLACE, PERIODS

# Until it is issued somebody owes it.
DUE_STATES = ("open", "drafted", "approved")
ISSUED_STATES = ("issued", "replaced")


class CivicPeriodicReport(models.Model):
    """One report to be drawn up, approved by another person, numbered and issued.

    Its lines are counted when it is drafted, its texts are written by people. What was
    issued never changes: a correction is a new report that names the old one.
    """

    _name = "civic.periodic.report"
    _inherit = ["civic.kept", "civic.case"]
    _description = "Periodic Report"
    _order = "period_to desc, id desc"
    _open_states = DUE_STATES
    _rec_name = "title"

    kind_id = fields.Many2one(
        "civic.periodic.kind", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    procedure_id = fields.Many2one(
        "civic.procedure", required=True, readonly=True, ondelete="restrict"
    )
    form = fields.Selection(
        [
            ("day", "Quick report of the day"),
            ("whole", "Report on a period"),
            ("list", "List of agencies"),
            ("evaluation", "Evaluation of agencies"),
            ("slow", "Report on delays"),
            ("rules", "Report on administrative rules"),
        ],
        "Document",
        required=True,
        readonly=True,
    )
    title = fields.Char(required=True, readonly=True)
    period_kind = fields.Selection(PERIODS, "Period", required=True, readonly=True)
    period_from = fields.Date("From", required=True, readonly=True)
    period_to = fields.Date("To", required=True, readonly=True)
    filters = fields.Json(readonly=True, help="What it is narrowed to, by ids.")
    scope = fields.Char(readonly=True, help="What it is narrowed to, in words.")
    opened_at = fields.Datetime("Opened", required=True, readonly=True)
    counted_at = fields.Datetime("Counted", readonly=True)
    due_date = fields.Date("Due", readonly=True)
    due_at = fields.Datetime("Due By", readonly=True)
    warned = fields.Integer(
        readonly=True,
        default=0,
        aggregator=None,
        help="Which warnings were given: 1 and 2 before it is due, 3 when it is late.",
    )
    state = fields.Selection(
        [
            ("open", "To draw up"),
            ("drafted", "Drafted"),
            ("approved", "Approved"),
            ("issued", "Issued"),
            ("replaced", "Replaced"),
            ("dropped", "Dropped, not issued"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    was_late = fields.Boolean("Issued Late", readonly=True)

    number = fields.Char(readonly=True)
    number_sequence = fields.Integer(readonly=True, aggregator=None)
    number_year = fields.Integer(readonly=True, aggregator=None)
    number_series = fields.Char(
        readonly=True,
        help="In whose series it is numbered: of the company that issued it, also when "
        "its province has become part of another.",
    )
    issued_at = fields.Datetime("Issued", readonly=True)
    drafted_by_id = fields.Many2one(
        "res.users",
        "Last Hand",
        readonly=True,
        ondelete="restrict",
        help="Who counted or wrote last.",
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    approved_at = fields.Datetime("Approved", readonly=True)
    issued_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    opening = fields.Text(readonly=True, help="Before the figures.")
    difficulties = fields.Text(readonly=True)
    proposals = fields.Text(readonly=True)
    recipients = fields.Text(readonly=True)
    copies = fields.Text(readonly=True)

    replaces_id = fields.Many2one(
        "civic.periodic.report", readonly=True, ondelete="restrict"
    )
    replacement_ids = fields.One2many(
        "civic.periodic.report",
        "replaces_id",
        "Replaced By",
        domain=[("state", "!=", "dropped")],
        readonly=True,
    )
    line_ids = fields.One2many(
        "civic.periodic.line", "report_id", "Lines", readonly=True
    )
    note_ids = fields.One2many(
        "civic.periodic.note", "report_id", "Notes", readonly=True
    )
    event_ids = fields.One2many(
        "civic.periodic.event", "report_id", "History", readonly=True
    )
    pdf = fields.Binary("PDF", readonly=True, attachment=True, copy=False)
    xlsx = fields.Binary("Spreadsheet", readonly=True, attachment=True, copy=False)
    has_files = fields.Boolean(readonly=True)
    recipients_text = fields.Char(compute="_compute_recipients_text")

    _due_first = models.Index(
        f"(company_id, due_at) WHERE state IN {sql_states(DUE_STATES)}"
    )
    # Not by company: two that become one have both opened theirs.
    _opened_once = models.UniqueIndex(
        "(number_series, kind_id, period_from, period_to) "
        "WHERE replaces_id IS NULL AND period_kind <> 'demand'",
        "This report has been opened already.",
    )
    _number_once = models.UniqueIndex(
        "(number_series, number_year, number_sequence) WHERE number_sequence > 0",
        "This number is taken.",
    )
    _replaced_once = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL AND state <> 'dropped'",
        "A report that takes its place is there already.",
    )

    @api.depends("due_at", "state")
    def _compute_is_late(self):
        now = self.env["civic.door"]._now()
        for report in self:
            owed = report.state in DUE_STATES and report.due_at
            report.is_late = bool(owed and report.due_at < now)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        now = self.env["civic.door"]._now()
        if True in wanted:
            return Domain("state", "in", DUE_STATES) & Domain("due_at", "<", now)
        return (
            Domain("state", "not in", DUE_STATES)
            | Domain("due_at", "=", False)
            | Domain("due_at", ">=", now)
        )

    @api.depends("recipients")
    def _compute_recipients_text(self):
        for report in self:
            report.recipients_text = "; ".join(paragraphs(report.recipients))

    @api.depends("title", "number")
    def _compute_display_name(self):
        for report in self:
            parts = (report.number, report.title)
            report.display_name = " – ".join(filter(None, parts))

    def _period(self):
        """The days that it reports on."""
        self.ensure_one()
        return Period(self.period_kind, self.period_from, self.period_to)

    # ------------------------------------------------------------------
    # What documents show of the issuer
    # ------------------------------------------------------------------

    def _issuer_name(self):
        """The issuing body as the document shows it."""
        return self.kind_id.issuer_name or self.company_id.name

    def _place_of_issue(self):
        company = self.company_id
        return self.kind_id.place or (
            company.state_id.name or company.city or BLANK_PLACE
        )

    def action_open_periodic(self):
        """Open its form.

        :return: action
        """
        self.ensure_one()
        check_visible(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [[False, "form"]],
        }
