from odoo import fields, models


class CivicWizardSendBack(models.TransientModel):
    """Send a result back to the handler (HUE Điều 8.1a)."""

    _name = "civic.wizard.send.back"
    _inherit = ["civic.wizard"]
    _description = "Result sent back"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    reason = fields.Text("What Must Be Done Again", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.send_back(self.reason)
