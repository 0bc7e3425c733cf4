from odoo import fields, models


class CivicWizardPeriodicReason(models.TransientModel):
    """Send a periodic report back, replace an issued one, or drop one that was opened
    by mistake, with the reason."""

    _name = "civic.wizard.periodic.reason"
    _inherit = ["civic.wizard"]
    _description = "Reason about a periodic report"
    _target = "report_id"

    report_id = fields.Many2one(
        "civic.periodic.report", required=True, readonly=True, ondelete="cascade"
    )
    verb = fields.Selection(
        [
            ("send_back", "Send back"),
            ("replace", "Replace"),
            ("drop", "Drop the report"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        if self.verb == "send_back":
            return self.report_id.send_back(self.reason)
        if self.verb == "drop":
            return self.report_id.drop(self.reason)
        new = self.report_id.browse(self.report_id.replace(self.reason))
        return new.action_open_periodic()
