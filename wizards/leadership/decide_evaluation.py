from odoo import fields, models

from ...models.leadership.evaluation import DECISIONS


class CivicWizardDecideEvaluation(models.TransientModel):
    """Decide on an agency's year, with the reason."""

    _name = "civic.wizard.decide.evaluation"
    _inherit = ["civic.wizard"]
    _description = "Decision on an evaluation"
    _target = "evaluation_id"

    evaluation_id = fields.Many2one("civic.evaluation", required=True, readonly=True)
    breaches = fields.Char(related="evaluation_id.breaches")
    decision = fields.Selection(DECISIONS, required=True)
    reason = fields.Text(required=True, help="Kept with the figures for good.")

    def _prepare_default(self, record):
        # What the figures say; whoever decides may say otherwise, and why.
        if not record.is_evaluated:
            return {"decision": "not_assessed"}
        return {"decision": "barred" if record.breaches else "excellent_possible"}

    def action_confirm(self):
        self.ensure_one()
        return self.evaluation_id.decide(self.decision, self.reason)
