from odoo import fields, models


class CivicWizardAnswerDirective(models.TransientModel):
    """What was asked, and the answer of an agency, on one screen."""

    _name = "civic.wizard.answer.directive"
    _inherit = ["civic.wizard"]
    _description = "Answer a directive"
    _target = "directive_id"

    directive_id = fields.Many2one("civic.directive", required=True, readonly=True)
    number = fields.Char(related="directive_id.number")
    date = fields.Date(related="directive_id.date")
    issuer = fields.Char(related="directive_id.issuer")
    subject = fields.Char(related="directive_id.subject")
    body = fields.Text(related="directive_id.body")
    due_date = fields.Date(related="directive_id.due_date")
    document_ids = fields.Many2many(
        related="directive_id.attachment_ids", string="The Document"
    )
    owed_agency_ids = fields.Many2many(related="directive_id.owed_agency_ids")
    agency_id = fields.Many2one(
        "civic.agency",
        "Answer For",
        required=True,
        domain="[('id', 'in', owed_agency_ids)]",
    )
    text = fields.Text(
        "Answer", required=True, help="What was done, or why not, and by when."
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_wizard_answer_directive_attachment_rel",
        string="Files",
    )

    def _prepare_default(self, record):
        return {
            **super()._prepare_default(record),
            "agency_id": record.owed_agency_ids[:1].id,
        }

    def action_confirm(self):
        self.ensure_one()
        return self.directive_id.answer(
            self.text, self.attachment_ids.ids, self.agency_id.id
        )
