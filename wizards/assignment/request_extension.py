from odoo import fields, models


class CivicWizardRequestExtension(models.TransientModel):
    """Ask the Centre for more time, with a written notice (ST Điều 14.3)."""

    _name = "civic.wizard.request.extension"
    _inherit = ["civic.wizard"]
    _description = "Request for an extension"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    document = fields.Char("Written Notice", required=True, help="Its number and date.")
    committed_date = fields.Date("Done By", required=True)
    reason = fields.Text("Why It Takes Longer", required=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_wizard_request_extension_attachment_rel",
        string="The Notice",
        required=True,
        help="The citizen gets it.",
    )

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.request_extension(
            self.document, self.committed_date, self.reason, self.attachment_ids.ids
        )
