from odoo import fields, models


class CivicWizardViolation(models.TransientModel):
    """Find that a report breaks the rules of conduct (ST Điều 17.1)."""

    _name = "civic.wizard.violation"
    _inherit = ["civic.wizard"]
    _description = "Violation of the rules of conduct"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("wording", "Improper wording"),
            ("unconstructive", "Not constructive"),
            ("untrue", "Untrue, or only a test"),
        ],
        required=True,
    )
    note = fields.Text("What Was Found", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self[self._target].mark_violation(self.kind, self.note)


class CivicWizardViolationFollowUp(models.TransientModel):
    """Find that a follow-up breaks the rules of conduct (ST Điều 17.1)."""

    _name = "civic.wizard.violation.follow.up"
    _inherit = ["civic.wizard.violation"]
    _description = "Violation of the rules of conduct by a follow-up"
    _target = "interaction_id"

    interaction_id = fields.Many2one("civic.interaction", required=True, readonly=True)
    report_id = fields.Many2one(related="interaction_id.report_id", required=False)


class CivicWizardViolationQuestion(models.TransientModel):
    """Find that a question by somebody else breaks the rules of conduct."""

    _name = "civic.wizard.violation.question"
    _inherit = ["civic.wizard.violation"]
    _description = "Violation of the rules of conduct by a question"
    _target = "question_id"

    question_id = fields.Many2one("civic.question", required=True, readonly=True)
    report_id = fields.Many2one(related="question_id.report_id", required=False)
