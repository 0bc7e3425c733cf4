from odoo import api, fields, models


class CivicWizardAssign(models.TransientModel):
    """Name the person who handles an assignment (BG Phần 2, mục 2, bước 2)."""

    _name = "civic.wizard.assign"
    _inherit = ["civic.wizard"]
    _description = "Assignment of the work"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    user_id = fields.Many2one(
        "res.users", "Handler", required=True, domain="[('id', 'in', candidate_ids)]"
    )

    @api.depends("assignment_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard.assignment_id._assignable()

    def _prepare_default(self, record):
        return {**super()._prepare_default(record), "user_id": record.handler_id.id}

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.assign(self.user_id.id)
