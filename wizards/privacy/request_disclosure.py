from odoo import api, fields, models

from ...models.privacy.disclosure import IDENTITY_FIELDS


class CivicWizardIdentity(models.AbstractModel):
    """What every request for an identity has to say."""

    _name = "civic.wizard.identity"
    _inherit = ["civic.wizard"]
    _description = "Request for an identity"

    reason = fields.Text(
        "Needed For", required=True, help="The citizen reads it before answering."
    )
    legal_basis = fields.Char(required=True)
    wants_name = fields.Boolean("Full name", default=True)
    wants_phone = fields.Boolean("Telephone number", default=True)
    wants_email_from = fields.Boolean("E-mail address")
    wants_address = fields.Boolean("Home address")
    wants_citizen_id = fields.Boolean("Citizen identity number")
    days = fields.Integer("For How Many Days", required=True, default=7)
    max_days = fields.Integer(compute="_compute_max_days")
    user_ids = fields.Many2many(
        "res.users", string="Who May Look", default=lambda self: self.env.user
    )
    people_ids = fields.Many2many("res.users", compute="_compute_people_ids")

    @api.model
    def _target_report(self):
        raise NotImplementedError

    def _compute_max_days(self):
        for wizard in self:
            wizard.max_days = wizard._target_report().procedure_id.disclosure_max_days

    def _compute_people_ids(self):
        """Who may be named."""
        raise NotImplementedError

    def _field_names(self):
        return [name for name in IDENTITY_FIELDS if self[f"wants_{name}"]]


class CivicWizardRequestDisclosure(models.TransientModel):
    """Ask, as an agency, who sent a report."""

    _name = "civic.wizard.request.disclosure"
    _inherit = ["civic.wizard.identity"]
    _description = "Request for the reporter's identity"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)

    def _target_report(self):
        return self.assignment_id.report_id

    @api.depends("assignment_id")
    def _compute_people_ids(self):
        for wizard in self:
            agency = wizard.assignment_id.agency_id
            wizard.people_ids = agency.handler_ids | agency.leader_ids

    def action_confirm(self):
        self.ensure_one()
        self.assignment_id.request_disclosure(
            self.reason,
            self.legal_basis,
            self._field_names(),
            self.user_ids.ids,
            self.days,
        )
        return True


class CivicWizardAuthorityDisclosure(models.TransientModel):
    """Write down, as the Centre, that an authority asks who sent a report."""

    _name = "civic.wizard.authority.disclosure"
    _inherit = ["civic.wizard.identity"]
    _description = "Request of an authority for the reporter's identity"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    authority = fields.Char(required=True)
    document = fields.Char("Written Request", required=True, help="Number and date.")

    def _target_report(self):
        return self.report_id

    @api.depends("report_id")
    def _compute_people_ids(self):
        operators = self.env.ref("civic_report.group_operator").all_user_ids
        for wizard in self:
            company = wizard.report_id.company_id
            wizard.people_ids = operators.filtered(
                lambda user, company=company: company in user.company_ids
            )

    def action_confirm(self):
        self.ensure_one()
        self.report_id.request_disclosure_for(
            self.authority,
            self.document,
            self.reason,
            self.legal_basis,
            self._field_names(),
            self.user_ids.ids,
            self.days,
        )
        return True
