from odoo import fields, models


class CivicWizardMarkPenalty(models.TransientModel):
    """An administrative penalty, step by step (HUE Điều 7.3, BP Điều 6.2d)."""

    _name = "civic.wizard.mark.penalty"
    _inherit = ["civic.wizard"]
    _description = "Penalty procedure"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    verb = fields.Selection(
        [
            ("ask_penalty", "Ask for a penalty procedure"),
            ("end_penalty", "End the penalty procedure"),
            ("record_penalty_decision", "Note the decision"),
            ("record_penalty_execution", "Note the execution"),
            ("report_progress", "Tell the citizen how far it has come"),
        ],
        required=True,
        readonly=True,
        default="ask_penalty",
    )
    basis = fields.Char("Legal Basis")
    number = fields.Char()
    date = fields.Date(default=fields.Date.context_today)
    words = fields.Text()

    def action_confirm(self):
        self.ensure_one()
        arguments = {
            "ask_penalty": (self.basis, self.number, self.date),
            "end_penalty": (self.words,),
            "record_penalty_decision": (self.number, self.date),
            "record_penalty_execution": (self.date,),
            "report_progress": (self.words,),
        }[self.verb]
        return getattr(self.assignment_id, self.verb)(*arguments)
