import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.text import InvalidEmail, email_normalized

MOST_ADDRESSES = 20
BETWEEN = re.compile(r"[\s,;]+")


class ResCompany(models.Model):
    """Who outside keeps the roots of the history."""

    _inherit = "res.company"

    civic_root_emails = fields.Char(
        "Roots Go To",
        help="E-mail addresses of others, such as the Fatherland Front, the People's "
        "Council, the press: each day they are told the root over all events, by which "
        "anybody finds out later whether the history was rewritten.",
    )

    def _civic_root_addresses(self):
        """:return: list of addresses in lower case, each once"""
        self.ensure_one()
        parts = filter(None, BETWEEN.split(self.civic_root_emails or ""))
        return list(dict.fromkeys(map(email_normalized, parts)))

    @api.constrains("civic_root_emails")
    def _check_civic_root_emails(self):
        for company in self:
            try:
                addresses = company._civic_root_addresses()
            except InvalidEmail as error:
                raise ValidationError(
                    self.env._(
                        "Roots of the history: give e-mail addresses alone, with "
                        "commas between them."
                    )
                ) from error
            if len(addresses) > MOST_ADDRESSES:
                raise ValidationError(
                    self.env._(
                        "Roots of the history: give at most %s addresses.",
                        MOST_ADDRESSES,
                    )
                )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    civic_root_emails = fields.Char(
        related="company_id.civic_root_emails", readonly=False
    )
