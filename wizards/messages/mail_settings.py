from odoo import api, fields, models
from odoo.exceptions import AccessError

# Fields of the company that this dialog edits, by the same names.
SETTINGS = (
    *("civic_email", "civic_quiet_from", "civic_quiet_until", "civic_mail_rate"),
    *("civic_auto_subjects", "civic_sms_plain"),
)


class CivicWizardMailSettings(models.TransientModel):
    """The address of civic reports and when citizens are left alone."""

    _name = "civic.wizard.mail.settings"
    _description = "E-mail of civic reports"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    civic_email = fields.Char("Official Address")
    civic_quiet_from = fields.Float("Citizens Are Left Alone From")
    civic_quiet_until = fields.Float("Until")
    civic_mail_rate = fields.Integer("Most Mails of One Sender in an Hour")
    civic_auto_subjects = fields.Text(
        "Subjects of Automatic Replies",
        help="One a line, as the subject begins; accents and capitals do not matter. "
        "An answer to a message of ours that begins so is put aside.",
    )
    civic_sms_plain = fields.Boolean(
        "SMS Without Accents",
        help="An SMS with accents holds 70 letters, one without them 160.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        # sudo: administrators of reports need no rights on the company's other settings
        company = self.env.company.sudo()
        values.update({name: company[name] for name in SETTINGS if name in fields})
        return values

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.company_id in self.env.user.company_ids:
            company = self.company_id.sudo()  # sudo: a company of the administrator's
            for name in SETTINGS:
                self[name] = company[name]

    def action_confirm(self):
        """Keep the settings.

        :raises AccessError: for all but administrators, and for other companies
        """
        self.ensure_one()
        if not self.env.user.has_group("civic_report.group_administrator"):
            raise AccessError(self.env._("Only administrators set up the e-mail."))
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("Choose a company of your own."))
        # sudo: administrators of the module have no rights on companies; checked above
        self.company_id.sudo().write({name: self[name] for name in SETTINGS})
        return True
