from odoo import fields, models


class CivicWizardAnswerConsult(models.TransientModel):
    """Say, as the coordinating agency, who is competent (HUE Điều 11.2)."""

    _name = "civic.wizard.answer.consult"
    _inherit = ["civic.wizard"]
    _description = "Answer of the coordinating agency"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    agency_ids = fields.Many2many(
        "civic.agency",
        "civic_wizard_answer_consult_agency_rel",
        string="Competent Agencies",
        required=True,
    )
    note = fields.Text("Note to the Centre")

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.answer_consult(self.agency_ids.ids, self.note)
