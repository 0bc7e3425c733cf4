from odoo import fields, models


class CivicWizardPeriodicNote(models.TransientModel):
    """Add a note to a line of a draft."""

    _name = "civic.wizard.periodic.note"
    _inherit = ["civic.wizard"]
    _description = "Note to a line of a periodic report"
    _target = "line_id"

    line_id = fields.Many2one(
        "civic.periodic.line", required=True, readonly=True, ondelete="cascade"
    )
    label = fields.Char(related="line_id.label")
    figures = fields.Char(related="line_id.words", string="Figures")
    text = fields.Text("Note", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.line_id.report_id.note_line(self.line_id.id, self.text)
