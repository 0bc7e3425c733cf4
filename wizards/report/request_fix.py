from odoo import fields, models
from odoo.fields import Command


class CivicWizardRequestFix(models.TransientModel):
    """Have agencies correct results that do not follow the form (HUE Điều 9.1a)."""

    _name = "civic.wizard.request.fix"
    _inherit = ["civic.wizard"]
    _description = "Request for a correction"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    assignment_ids = fields.Many2many(
        "civic.assignment",
        "civic_wizard_request_fix_assignment_rel",
        string="Results to Correct",
        domain="[('report_id', '=', report_id), ('state', '=', 'approved')]",
        required=True,
    )
    reason = fields.Text("What Must Be Corrected", required=True)

    def _prepare_default(self, record):
        approved = record.assignment_ids.filtered(lambda row: row.state == "approved")
        return {
            **super()._prepare_default(record),
            "assignment_ids": [Command.set(approved.ids)],
        }

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.request_fix(self.assignment_ids.ids, self.reason)
