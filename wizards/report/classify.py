from odoo import fields, models


class CivicWizardClassify(models.TransientModel):
    """Put a report under a category, where a regulation times that apart (BG)."""

    _name = "civic.wizard.classify"
    _inherit = ["civic.wizard"]
    _description = "Classification"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    category_id = fields.Many2one("civic.category", required=True)

    def _prepare_default(self, record):
        return {
            **super()._prepare_default(record),
            "category_id": record.category_id.id,
        }

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.classify(self.category_id.id)
