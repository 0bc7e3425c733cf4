from odoo import api, fields, models


class CivicWizardSettings(models.TransientModel):
    """Under which regulation a company takes reports in.

    Companies are Odoo's to configure; this dialog opens the one setting of this module
    to its own administrators.
    """

    _name = "civic.wizard.settings"
    _description = "Settings of civic reports"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    procedure_id = fields.Many2one(
        "civic.procedure",
        required=True,
        default=lambda self: self.env.company.sudo().civic_procedure_id,
        domain="[('company_id', 'in', (company_id, False))]",
        help="New reports are taken in under it; open ones keep the one they came "
        "in under.",
    )
    calendar_id = fields.Many2one("resource.calendar", compute="_compute_calendar_id")

    @api.depends("procedure_id")
    def _compute_calendar_id(self):
        for wizard in self:
            wizard.calendar_id = (
                wizard.procedure_id.calendar_id
                or wizard.company_id.resource_calendar_id
            )

    def action_confirm(self):
        self.ensure_one()
        # sudo: only system administrators may write companies; whoever may open this
        # dialog, an administrator of civic reports, chooses for the own company
        company_sudo = self.env.company.sudo()
        company_sudo.civic_procedure_id = self.procedure_id
        return True
