from odoo import fields, models


class CivicWizardGrantExtension(models.TransientModel):
    """Set the new deadline by an agency's written notice (ST Điều 14.3)."""

    _name = "civic.wizard.grant.extension"
    _inherit = ["civic.wizard"]
    _description = "Granting of an extension"
    _target = "extension_id"

    extension_id = fields.Many2one("civic.extension", required=True, readonly=True)
    document = fields.Char(related="extension_id.document")
    reason = fields.Text(related="extension_id.reason")
    until = fields.Date("New Deadline", required=True)

    def _prepare_default(self, record):
        return {**super()._prepare_default(record), "until": record.committed_date}

    def action_confirm(self):
        self.ensure_one()
        return self.extension_id.grant(self.until)
