from odoo import fields, models


class CivicWizardNoteFollowUp(models.TransientModel):
    """Note what was done about what was passed on for follow-up (ST Điều 21)."""

    _name = "civic.wizard.note.follow.up"
    _inherit = ["civic.wizard"]
    _description = "Note of a follow-up"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    note = fields.Text("What Was Done", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.note_follow_up(self.note)
