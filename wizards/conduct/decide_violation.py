from odoo import fields, models


class CivicWizardDecideViolation(models.TransientModel):
    """Decide on a finding, with words for the sender."""

    _name = "civic.wizard.decide.violation"
    _inherit = ["civic.wizard"]
    _description = "Decision on a finding"
    _target = "violation_id"

    violation_id = fields.Many2one("civic.violation", required=True, readonly=True)
    text = fields.Text(related="violation_id.text")
    found = fields.Text(related="violation_id.note")
    appeal_text = fields.Text(related="violation_id.appeal_text")
    verb = fields.Selection(
        [("uphold", "Uphold"), ("lift", "Lift")], required=True, readonly=True
    )
    note = fields.Text("Why", required=True, help="The sender reads these words.")

    def action_confirm(self):
        self.ensure_one()
        violation = self.violation_id
        verbs = {"uphold": violation.uphold, "lift": violation.lift}
        return verbs[self.verb](self.note)
