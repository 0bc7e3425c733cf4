from odoo import fields, models


class CivicWizardMarkDuplicate(models.TransientModel):
    """End a report whose matter another report brings already (HUE Điều 13.1)."""

    _name = "civic.wizard.mark.duplicate"
    _inherit = ["civic.wizard"]
    _description = "Duplicate"
    _target = "report_id"

    report_id = fields.Many2one(
        "civic.report", required=True, readonly=True, ondelete="cascade"
    )
    of_id = fields.Many2one(
        "civic.report",
        "Report That Goes On",
        required=True,
        ondelete="cascade",
        domain="[('id', '!=', report_id)]",
    )

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.mark_duplicate(self.of_id.id)
