from odoo import fields, models


class CivicWizardMarkPenalty(models.TransientModel):
    """Lift the limit while an administrative penalty is imposed (HUE Điều 7.3)."""

    _name = "civic.wizard.mark.penalty"
    _inherit = ["civic.wizard"]
    _description = "Penalty procedure"
    _target = "assignment_id"

    assignment_id = fields.Many2one(
        "civic.assignment", required=True, readonly=True, ondelete="cascade"
    )
    basis = fields.Char("Legal Basis", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.mark_penalty(self.basis)
