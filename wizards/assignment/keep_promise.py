from odoo import fields, models


class CivicWizardKeepPromise(models.TransientModel):
    """Tell that the work to which a result committed is done (HUE Phụ lục 1)."""

    _name = "civic.wizard.keep.promise"
    _inherit = ["civic.wizard"]
    _description = "Commitment kept"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    note = fields.Text("What Was Done", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.keep_promise(self.note)
