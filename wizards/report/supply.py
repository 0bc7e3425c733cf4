from odoo import fields, models


class CivicWizardSupply(models.TransientModel):
    """Write down a supplement that the citizen gave by telephone."""

    _name = "civic.wizard.supply"
    _inherit = ["civic.wizard"]
    _description = "Supplement given to the Centre"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    request = fields.Text(compute="_compute_request")
    message = fields.Text("What the Citizen Added", required=True)

    def _compute_request(self):
        for wizard in self:
            wizard.request = wizard.report_id._supplement_request()

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.supply(self.message)
