from odoo import api, fields, models


class CivicInteraction(models.Model):
    """A citizen's follow-up on a result and the agency's answer (HUE Điều 12)."""

    _name = "civic.interaction"
    _inherit = ["civic.kept", "civic.case"]
    _description = "Follow-up"
    _order = "sent_at, id"
    _open_states = ("open",)
    _locked_with = "report_id"

    report_id = fields.Many2one(
        "civic.report", required=True, index=True, ondelete="restrict", readonly=True
    )
    assignment_id = fields.Many2one(
        "civic.assignment",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agency_id = fields.Many2one("civic.agency", required=True, readonly=True)
    body = fields.Text(required=True, readonly=True)
    sent_at = fields.Datetime("Sent", required=True, readonly=True)
    answer = fields.Text(readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    state = fields.Selection(
        [
            ("open", "Awaiting answer"),
            ("answered", "Answered"),
            ("overtaken", "Overtaken: handled anew"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    violation = fields.Boolean(readonly=True)
    by_other = fields.Boolean(
        "Asked by Somebody Else",
        readonly=True,
        help="Not by the sender of the report. The Centre alone knows who it was.",
    )

    @api.depends("report_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """By the code: names of linked records are shown past the rights of who asks,
        so the citizen's words are none."""
        for interaction in self:
            interaction.display_name = self.env._(
                "Follow-up on %s", interaction.report_id.name
            )
