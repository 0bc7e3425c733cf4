import pytz

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...tools.queues import awake
from ...tools.text import InvalidEmail, email_normalized

# How telephones and mail servers in Vietnam and elsewhere begin an automatic reply.
AUTO_SUBJECTS = """\
Automatic reply
Auto reply
Auto-reply
Autoreply
Auto response
Auto-response
Auto:
Out of office
Out of the office
OOO:
Away from
On vacation
Vacation reply
Trả lời tự động
Tự động trả lời
Thư trả lời tự động
Phản hồi tự động
Tự động phản hồi
Thông báo tự động
Vắng mặt
Ngoài văn phòng
Đi vắng
Nghỉ phép
"""


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
    civic_auto_subjects = fields.Text(
        "Subjects of Automatic Replies",
        default=lambda self: AUTO_SUBJECTS,
        help="One a line, as the subject begins; accents and capitals do not matter. "
        "An answer to a message of ours that begins so is put aside.",
    )
    civic_mail_rate = fields.Integer(
        "Most Mails of One Sender in an Hour",
        default=60,
        help="More than that is taken for a loop and put aside.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(vals.get("civic_email") for vals in vals_list):
            self.env.registry.clear_cache("stable")
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "civic_email" in vals:
            self.env.registry.clear_cache("stable")
        return result

    @api.model
    @tools.ormcache(cache="stable")
    def _civic_mailboxes(self):
        """Ids of companies by their address of civic reports.

        Cached: it is asked of each mail that comes in, whosever it is.
        """
        # sudo: whoever hands a mail in need not see each company
        companies = self.sudo().search_fetch(
            [("civic_email", "!=", False)], ["civic_email"]
        )
        return {company.civic_email: company.id for company in companies}

    @api.model
    def _civic_mailbox_of(self, recipients):
        """The company to whose address of civic reports a mail was sent, or empty.

        :param recipients: set of normalized addresses
        """
        mailboxes = self._civic_mailboxes()
        known = sorted(mailboxes.keys() & recipients)
        return self.browse([mailboxes[address] for address in known[:1]])

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
        tz = pytz.timezone(company._civic_calendar()._civic_tz())
        local = pytz.utc.localize(moment).astimezone(tz).replace(tzinfo=None)
        ready = awake(local, company.civic_quiet_from, company.civic_quiet_until)
        if ready == local:
            return moment
        return tz.localize(ready).astimezone(pytz.utc).replace(tzinfo=None)
