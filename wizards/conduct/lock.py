from odoo import api, fields, models


class CivicWizardLock(models.TransientModel):
    """Lock or unlock a sender by hand."""

    _name = "civic.wizard.lock"
    _inherit = ["civic.wizard"]
    _description = "Lock"
    _target = "reporter_id"

    reporter_id = fields.Many2one("civic.reporter", required=True, readonly=True)
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
    basis = fields.Char("Legal Basis")
    needs_basis = fields.Boolean(compute="_compute_needs_basis")

    @api.depends("reporter_id")
    def _compute_needs_basis(self):
        for wizard in self:
            # sudo: managers need not read procedures
            procedure = wizard.reporter_id.sudo()._lock_procedure()
            wizard.needs_basis = not procedure.violation_source

    def action_confirm(self):
        self.ensure_one()
        reporter = self.reporter_id
        if self.verb == "lock":
            return reporter.lock(self.reason, self.what, self.basis)
        return reporter.unlock(self.reason, self.what)
