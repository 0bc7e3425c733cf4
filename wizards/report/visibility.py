from odoo import api, fields, models


class CivicWizardVisibility(models.TransientModel):
    """Decide who may see a report, and say why (HUE Điều 9.1, 11; ST Điều 15.3)."""

    _name = "civic.wizard.visibility"
    _inherit = ["civic.wizard.public.text"]
    _description = "Who may see a report"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    visibility = fields.Selection(
        selection=lambda self: (
            self.env["civic.report"]
            ._fields["visibility"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    reason = fields.Text("Why", required=True)
    needs_consent = fields.Boolean(compute="_compute_needs_consent")
    consent = fields.Text("How the Sender Agreed")

    def _prepare_default(self, record):
        return {**super()._prepare_default(record), "visibility": record.visibility}

    @api.depends("report_id", "visibility")
    def _compute_needs_consent(self):
        for wizard in self:
            wizard.needs_consent = (
                wizard.visibility == "public" and wizard.report_id.asked_private
            )

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.set_visibility(
            self.visibility, self.reason, self.consent, self.identity_reason
        )

    def _published_text(self):
        """What was given to agencies before is public at once."""
        report = self.report_id._whole_words()
        return "\n".join(report._public_texts()) if report.dispatched_at else ""
