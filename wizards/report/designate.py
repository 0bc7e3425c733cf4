from odoo import api, fields, models


class CivicWizardDesignate(models.TransientModel):
    """Decide, as the province, who handles a report (ST Điều 5; HUE Điều 3.8)."""

    _name = "civic.wizard.designate"
    _inherit = ["civic.wizard"]
    _description = "Designation"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    question = fields.Text("What Is to Be Decided", compute="_compute_question")
    agency_ids = fields.Many2many(
        "civic.agency",
        "civic_wizard_designate_agency_rel",
        string="Agencies",
        required=True,
    )
    note = fields.Text("Decision", required=True)

    @api.depends("report_id")
    def _compute_question(self):
        """In the Centre's words."""
        for wizard in self:
            asked = wizard.report_id.event_ids.filtered(
                lambda event: event.code in ("ask_designation", "escalate")
            )
            wizard.question = asked[:1].note

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.designate(self.agency_ids.ids, self.note)
