from odoo import fields, models
from odoo.tools import SQL

from ..workflow.transitions import ANSWERED_STATES, TURNED_AWAY

# What a new report of the same matter starts with.
KEPT = ("category_id", "ward_id", "address", "latitude", "longitude")


class CivicReport(models.Model):
    """The same matter reported again (ST Điều 17.2): linked to the first report of it,
    and counted there."""

    _inherit = "civic.report"

    recurrence_of_id = fields.Many2one(
        "civic.report",
        "Again After",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="civic_report.group_operator",
        help="The first report of the same matter; it may be private.",
    )
    recurrence_count = fields.Integer(
        "Reported Again",
        readonly=True,
        copy=False,
        default=0,
        aggregator="sum",
        help="How often the matter was reported again after it had been answered; what "
        "was not taken in does not count.",
    )

    # Matters that came again, by the agency that had answered (ST Điều 17.2).
    _recurring = models.Index(
        "(agency_id, recurrence_count) WHERE recurrence_count > 0"
    )

    def _react_count_recurrence(self, act):
        for report in self.filtered("recurrence_of_id"):
            counted = act.before[report]["state"] not in TURNED_AWAY
            change = (report.state not in TURNED_AWAY) - counted
            if change:
                report.recurrence_of_id._count_recurrences(change)

    def _count_recurrences(self, change):
        """Add to the figure in one statement: two at once both count."""
        self.ensure_one()
        self.env.execute_query(
            SQL(
                """
                UPDATE civic_report
                   SET recurrence_count = greatest(
                           COALESCE(recurrence_count, 0) + %s, 0)
                 WHERE id = %s
             RETURNING id
                """,
                change,
                self.id,
            )
        )
        self.invalidate_recordset(["recurrence_count"])

    def _again_path(self):
        """Where the same matter is reported again; empty while it is open."""
        # It can happen again once it was answered or passed on.
        if self.state not in ANSWERED_STATES:
            return ""
        return f"/phan-anh/gui?tai-dien={self.name.lower()}"
