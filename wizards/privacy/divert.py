from odoo import api, fields, models


class CivicWizardDivert(models.TransientModel):
    """Pass a complaint or denunciation on."""

    _name = "civic.wizard.divert"
    _inherit = ["civic.wizard"]
    _description = "Complaint or denunciation passed on"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    agency_id = fields.Many2one("civic.agency", "Competent Agency")
    authority = fields.Char("Other Competent Body")
    document_number = fields.Char("Letter", required=True, help="Number and date.")
    note = fields.Text()

    @api.onchange("agency_id")
    def _onchange_agency_id(self):
        if self.agency_id:
            self.authority = False

    def action_confirm(self):
        self.ensure_one()
        diversion_id = self.report_id.divert(
            self.document_number, self.agency_id.id, self.authority, self.note
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "civic.diversion",
            "res_id": diversion_id,
            "views": [(False, "form")],
        }


class CivicWizardWipe(models.TransientModel):
    """Delete the copy of what was passed on: the second step."""

    _name = "civic.wizard.wipe"
    _inherit = ["civic.wizard"]
    _description = "Deletion of what was passed on"
    _target = "diversion_id"

    diversion_id = fields.Many2one("civic.diversion", required=True, readonly=True)
    code = fields.Char("Code of the Report", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.diversion_id.wipe(self.code)


class CivicWizardTakeOutAgain(models.TransientModel):
    """Let the file be taken out once more."""

    _name = "civic.wizard.take.out.again"
    _inherit = ["civic.wizard"]
    _description = "File to be taken out once more"
    _target = "diversion_id"

    diversion_id = fields.Many2one("civic.diversion", required=True, readonly=True)
    reason = fields.Text("What Became of the First One", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.diversion_id.take_out_again(self.reason)
