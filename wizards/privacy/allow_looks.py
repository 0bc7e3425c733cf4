from odoo import fields, models


class CivicWizardAllowLooks(models.TransientModel):
    """Allow a person to open more identities today."""

    _name = "civic.wizard.allow.looks"
    _inherit = ["civic.wizard"]
    _description = "More looks at identities"
    _target = "day_id"

    day_id = fields.Many2one("civic.look.day", required=True, readonly=True)
    number = fields.Integer("How Many More", default=10)
    reason = fields.Char("Why")

    def action_confirm(self):
        self.ensure_one()
        return self.day_id.allow_more(self.number, self.reason)
