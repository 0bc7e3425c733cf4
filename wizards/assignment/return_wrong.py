from odoo import fields, models


class CivicWizardReturnWrong(models.TransientModel):
    """Give back to the Centre what is not for this agency (HUE Điều 7.1b)."""

    _name = "civic.wizard.return.wrong"
    _inherit = ["civic.wizard"]
    _description = "Return to the Centre"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    reason = fields.Text("Why It Is Not Yours", required=True)
    suggested_agency_id = fields.Many2one(
        "civic.agency", "Competent Agency, If You Know"
    )

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.return_wrong(
            self.reason, self.suggested_agency_id.id or None
        )
