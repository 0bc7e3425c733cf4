from odoo import fields, models


class CivicWizardInvite(models.TransientModel):
    """Bring in co-agencies, as the lead (ST Điều 14.2)."""

    _name = "civic.wizard.invite"
    _inherit = ["civic.wizard"]
    _description = "Invitation of co-agencies"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    agency_ids = fields.Many2many(
        "civic.agency",
        "civic_wizard_invite_agency_rel",
        string="Co-agencies",
        required=True,
    )
    note = fields.Text("What Each Is Asked to Do")

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.invite(self.agency_ids.ids, self.note)
