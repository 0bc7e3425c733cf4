from odoo import fields, models


class CivicWizardRejectExtension(models.TransientModel):
    """Keep the deadline, and say why."""

    _name = "civic.wizard.reject.extension"
    _inherit = ["civic.wizard"]
    _description = "Rejection of an extension"
    _target = "extension_id"

    extension_id = fields.Many2one("civic.extension", required=True, readonly=True)
    reason = fields.Text("What the Agency Is Told", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.extension_id.reject(self.reason)
