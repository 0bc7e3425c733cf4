from odoo import fields, models


class CivicWizardAnswer(models.TransientModel):
    """Answer a citizen's follow-up (HUE Điều 12.2)."""

    _name = "civic.wizard.answer"
    _inherit = ["civic.wizard"]
    _description = "Answer to a follow-up"
    _target = "interaction_id"

    interaction_id = fields.Many2one("civic.interaction", required=True, readonly=True)
    question = fields.Text(compute="_compute_question")
    body = fields.Text("Answer", required=True)

    def _compute_question(self):
        for wizard in self:
            wizard.question = wizard.interaction_id.body

    def action_confirm(self):
        self.ensure_one()
        interaction = self.interaction_id
        return interaction.assignment_id.answer(interaction.id, self.body)
