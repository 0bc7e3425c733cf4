from odoo import fields, models


class CivicWizardCorrect(models.TransientModel):
    """Correct a result and approve it, where the procedure lets leaders do so
    (HUE Điều 8.1)."""

    _name = "civic.wizard.correct"
    _inherit = ["civic.wizard"]
    _description = "Correction and approval"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    result = fields.Text(required=True)

    def _prepare_default(self, record):
        return {**super()._prepare_default(record), "result": record.result}

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.approve(self.result)
