from odoo import fields, models


class CivicWizardQuestionPass(models.TransientModel):
    """Hand a question about an answer on to the agency (HUE Điều 12.1–2)."""

    _name = "civic.wizard.question.pass"
    _inherit = ["civic.wizard"]
    _description = "Question handed on"
    _target = "question_id"

    question_id = fields.Many2one("civic.question", required=True, readonly=True)
    report_id = fields.Many2one(related="question_id.report_id")
    asked = fields.Text("As It Came", related="question_id.body")
    body = fields.Text("Handed On As", required=True)

    def _prepare_default(self, record):
        # What tells who asks is masked before the operator reads it through.
        question = record.sudo()  # sudo: the mask is made of the identity
        return {"body": question._without_asker(question.body)}

    def action_confirm(self):
        self.ensure_one()
        return self.question_id.pass_on(self.body)


class CivicWizardQuestionDecline(models.TransientModel):
    """Answer a question about an answer without handing it on."""

    _name = "civic.wizard.question.decline"
    _inherit = ["civic.wizard"]
    _description = "Question declined"
    _target = "question_id"

    question_id = fields.Many2one("civic.question", required=True, readonly=True)
    report_id = fields.Many2one(related="question_id.report_id")
    asked = fields.Text("As It Came", related="question_id.body")
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.question_id.decline(self.reason)
