from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.text import InvalidPhone, phone_e164


class CivicAgency(models.Model):
    """By which ways an agency is told of new work, besides its official e-mail."""

    _inherit = "civic.agency"

    duty_phone = fields.Char(
        "Duty Telephone",
        help="Of whoever is on duty at any hour, not anybody's own. In emergencies it "
        "gets an SMS and is called until somebody answers (HUE Điều 7.1a).",
    )
    tell_sms = fields.Boolean(
        "All New Work by SMS", help="To the duty telephone; else only emergencies."
    )

    @api.constrains("duty_phone")
    def _check_duty_phone(self):
        for agency in self.filtered("duty_phone"):
            _check_phone(agency.env, agency.duty_phone)


class ResUsers(models.Model):
    _inherit = "res.users"

    civic_tell_sms = fields.Boolean(
        "Civic Reports by SMS",
        help="New work and overdue duties also come by SMS. Emergencies do anyway.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "civic_tell_sms"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "civic_tell_sms"]


class ResCompany(models.Model):
    _inherit = "res.company"

    civic_sms_plain = fields.Boolean(
        "SMS Without Accents",
        default=True,
        help="An SMS with accents holds 70 letters, one without them 160.",
    )


def _check_phone(env, number):
    try:
        phone_e164(number)
    except InvalidPhone:
        raise ValidationError(
            env._("“%s” is not a telephone number. Write it like 0234 345 678.", number)
        ) from None
