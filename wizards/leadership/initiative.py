from odoo import fields, models


class CivicWizardInitiative(models.TransientModel):
    """Mark what a citizen proposes as an initiative, or take the mark off."""

    _name = "civic.wizard.initiative"
    _inherit = ["civic.wizard"]
    _description = "Initiative"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    verb = fields.Selection(
        [("mark_initiative", "Initiative"), ("unmark_initiative", "No initiative")],
        required=True,
        readonly=True,
    )
    note = fields.Text("What It Brings, or Why It Is None", required=True)

    def action_confirm(self):
        self.ensure_one()
        report = self.report_id
        verbs = {
            "mark_initiative": report.mark_initiative,
            "unmark_initiative": report.unmark_initiative,
        }
        return verbs[self.verb](self.note)
