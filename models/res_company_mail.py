import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.queues import awake
from ..tools.text import InvalidEmail, email_normalized


class ResCompany(models.Model):
    """What a province says about the messages of its civic reports."""

    _inherit = "res.company"

    civic_email = fields.Char(
        "Address of Civic Reports",
        help="The official address: citizens write to it, and what the centre sends "
        "comes from it.",
    )
    civic_quiet_from = fields.Float(
        "Quiet From", default=21.0, help="Citizens are left alone from then on."
    )
    civic_quiet_until = fields.Float("Quiet Until", default=7.0)
    civic_mail_rate = fields.Integer(
        "Most Mails of One Sender in an Hour",
        default=60,
        help="More than that is taken for a loop and put aside.",
    )

    @api.constrains("civic_email")
    def _check_civic_email(self):
        for company in self.filtered("civic_email"):
            try:
                same = email_normalized(company.civic_email) == company.civic_email
            except InvalidEmail:
                same = False
            if not same:
                raise ValidationError(
                    self.env._(
                        "Write the address of civic reports like ten@example.com, in "
                        "small letters."
                    )
                )
            twice = [("civic_email", "=", company.civic_email)]
            if self.search_count(twice, limit=2) > 1:
                raise ValidationError(
                    self.env._("Another company uses this address for its reports.")
                )

    @api.constrains("civic_quiet_from", "civic_quiet_until", "civic_mail_rate")
    def _check_civic_quiet(self):
        for company in self:
            hours = (company.civic_quiet_from, company.civic_quiet_until)
            if not all(0 <= hour < 24 for hour in hours):
                raise ValidationError(
                    self.env._("Quiet hours lie between 00:00 and 24:00.")
                )
            if company.civic_mail_rate < 1:
                raise ValidationError(
                    self.env._("At least one mail an hour must be let in.")
                )

    def _civic_awake(self, moment):
        """The first moment from this one on at which citizens may be told something.

        :param moment: naive UTC datetime
        """
        self.ensure_one()
        company = self.sudo()  # sudo: officers have no rights on the settings
        tz = pytz.timezone(company._civic_calendar().tz)
        local = pytz.utc.localize(moment).astimezone(tz).replace(tzinfo=None)
        ready = awake(local, company.civic_quiet_from, company.civic_quiet_until)
        if ready == local:
            return moment
        return tz.localize(ready).astimezone(pytz.utc).replace(tzinfo=None)
