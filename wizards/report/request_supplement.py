from odoo import api, fields, models


class CivicWizardRequestSupplement(models.TransientModel):
    """Ask the citizen to verify, complete or correct (HUE Điều 13.3–4)."""

    _name = "civic.wizard.request.supplement"
    _inherit = ["civic.wizard"]
    _description = "Request for a supplement"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    reason_id = fields.Many2one(
        "civic.reason",
        "Ready-made Words",
        domain="[('use', '=', 'supplement')]",
    )
    message = fields.Text("What the Citizen Is Asked", required=True)

    @api.onchange("reason_id")
    def _onchange_reason_id(self):
        """Ready-made words come after what was typed, so that nothing is lost."""
        text = self.reason_id.message or ""
        if text and text not in (self.message or ""):
            self.message = "\n\n".join(filter(None, (self.message, text)))

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.request_supplement(self.message)
