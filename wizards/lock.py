from odoo import fields, models


class CivicWizardLock(models.TransientModel):
    """Lock or unlock a sender by hand."""

    _name = "civic.wizard.lock"
    _inherit = ["civic.wizard"]
    _description = "Lock"
    _target = "reporter_id"

    reporter_id = fields.Many2one(
        "civic.reporter", required=True, readonly=True, ondelete="cascade"
    )
    verb = fields.Selection(
        [("lock", "Lock the sender"), ("unlock", "Unlock the sender")],
        required=True,
        readonly=True,
    )
    what = fields.Selection(
        [("account", "Sending reports"), ("follow_up", "Asking about answers")],
        required=True,
        default="account",
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        reporter = self.reporter_id
        verbs = {"lock": reporter.lock, "unlock": reporter.unlock}
        return verbs[self.verb](self.reason, self.what)
