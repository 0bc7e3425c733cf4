from odoo import api, fields, models

from ..province.limit import has_passed
from ..workflow.transitions import OPEN_ASSIGNMENT_STATES


class CivicAssignment(models.Model):
    """What the agencies' screens need beside the assignment itself."""

    _inherit = "civic.assignment"

    _open_states = OPEN_ASSIGNMENT_STATES

    is_emergency = fields.Boolean(
        compute="_compute_is_emergency", store=True, precompute=True
    )
    cover_url = fields.Char(compute="_compute_cover_url")
    category_icon = fields.Char("Category Icon", related="report_id.category_id.icon")

    is_returnable = fields.Boolean(
        compute="_compute_is_returnable",
        help="The time to return what is not the agency's still runs.",
    )

    @api.depends("return_deadline")
    def _compute_is_returnable(self):
        now = self._now()
        for assignment in self:
            deadline = assignment.return_deadline
            assignment.is_returnable = bool(deadline) and not has_passed(deadline, now)

    @api.depends("report_id.is_emergency")
    def _compute_is_emergency(self):
        """Stored, since boards sort by it: emergencies stand first."""
        for assignment in self:
            assignment.is_emergency = assignment.report_id.is_emergency

    @api.depends("report_id.attachment_ids")
    def _compute_cover_url(self):
        # sudo: only which files are pictures; the pictures check their reader
        covers = self._cover_urls(
            {row: row.report_id.sudo().attachment_ids for row in self}
        )
        for assignment in self:
            assignment.cover_url = covers[assignment]
