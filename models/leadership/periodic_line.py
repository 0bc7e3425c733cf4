from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ground.key import is_inside

DIMENSIONS = [
    ("whole", "Whole"),
    ("month", "Since the month's cut-off"),
    ("category", "Category"),
    ("channel", "Channel"),
    ("ward", "Ward"),
    ("agency", "Agency"),
    ("level", "Level of the rating scale"),
    ("rating", "Satisfaction by agency"),
    ("late", "Late matter"),
    ("stuck", "Waits for the province"),
    ("list", "Agency to be reported"),
    ("evaluation", "Evaluated agency"),
    ("explanation", "Explained matter"),
]


class CivicPeriodicLine(models.Model):
    """A row of a periodic report: its figures as they were counted, its words as they
    were then. PDF and spreadsheet are made of these rows."""

    _name = "civic.periodic.line"
    _inherit = ["civic.kept"]
    _description = "Line of a Periodic Report"
    _order = "report_id desc, sequence, id"
    _rec_name = "label"
    _log_access = False

    report_id = fields.Many2one(
        "civic.periodic.report",
        "Periodic Report",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    dimension = fields.Selection(DIMENSIONS, required=True, readonly=True)
    key = fields.Integer(
        required=True,
        readonly=True,
        aggregator=None,
        help="Id of what the row is about; 0: none.",
    )
    sequence = fields.Integer(readonly=True, aggregator=None)
    label = fields.Char(readonly=True)
    # Whose row it is: its leader may read it.
    agency_id = fields.Many2one(
        "civic.agency", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    figures = fields.Json("Figures as Counted", readonly=True)
    report_title = fields.Char(
        "Which Report", compute="_compute_report_title", compute_sudo=True
    )
    words = fields.Char("Figures", compute="_compute_words")

    _in_order = models.Index("(report_id, dimension, sequence)")

    @api.depends("report_id.title", "report_id.number", "report_id.state")
    @api.depends_context("lang")
    def _compute_report_title(self):
        """Whoever reads an own row need not read the report; of one that is in force no
        more it is said."""
        for line in self:
            report = line.report_id
            name = report.display_name
            line.report_title = {
                "replaced": self.env._("%s (replaced)", name),
                "dropped": self.env._("%s (dropped)", name),
            }.get(report.state, name)

    @api.depends("figures", "dimension")
    def _compute_words(self):
        for line in self:
            line.words = line._figures_words()

    def _figures_words(self):
        """The main figures of a row in one line, for lists."""
        columns = self.env["civic.periodic.report"]._columns_of(self.dimension)
        return "; ".join(
            f"{column.title}: {text}"
            for column in columns
            if (text := self._cell_words(column)) not in ("", "–")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """A draft that is counted anew has new rows; what was issued stays."""
        drafts = all(report.state in ("open", "drafted") for report in self.report_id)
        if is_inside(self.env) and drafts:
            return None
        return super()._unlink_never()

    def _check_write(self):
        raise UserError(self.env._("What was counted does not change: draft it anew."))
