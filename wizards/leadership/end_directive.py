from odoo import fields, models


class CivicWizardEndDirective(models.TransientModel):
    """Close a directive, or take it back, with a reason."""

    _name = "civic.wizard.end.directive"
    _inherit = ["civic.wizard"]
    _description = "End of a directive"
    _target = "directive_id"

    directive_id = fields.Many2one("civic.directive", required=True, readonly=True)
    waiting_agency_ids = fields.Many2many(related="directive_id.waiting_agency_ids")
    verb = fields.Selection(
        [("close", "Close"), ("withdraw", "Withdraw")], required=True, readonly=True
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        directive = self.directive_id
        verbs = {"close": directive.close, "withdraw": directive.withdraw}
        return verbs[self.verb](self.reason)
