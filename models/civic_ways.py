from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.text import InvalidPhone, phone_e164


class CivicReport(models.Model):
    """How the sender of a report is told of the own reports."""

    _inherit = "civic.report"

    def _tell_by_as(self, proof, way):
        """Keep how the sender wishes to be told.

        :param proof: see `_as_sender`
        :param way: one of those that `_own_ways` offers
        :raises UserError: for another one
        """
        # sudo: senders do not write reporters; this says nothing of who they are
        report = self._as_sender(proof).sudo()
        if way not in [known for known, _label in report._own_ways()]:
            raise UserError(self.env._("Choose one of the ways."))
        report.reporter_id.tell_by = way

    def _own_ways(self):
        """The ways that the sender may choose from: those by which the sender can be
        reached, and the province can tell. For elevated code.

        :return: list of (way, label)
        """
        reporter = self.reporter_id
        gateways, company = self.env["civic.gateway"], self.company_id
        possible = {
            "auto": True,
            "email": reporter.email_hash,
            "sms": reporter.phone_hash and gateways._of(company, "sms"),
            "zalo": reporter.phone_hash and gateways._of(company, "zalo"),
            "none": True,
        }
        labels = reporter._fields["tell_by"]._description_selection(self.env)
        return [(way, label) for way, label in labels if possible[way]]

    def _own_values(self):
        chosen = self.reporter_id.tell_by or "auto"
        return {**super()._own_values(), "tell_by": chosen, "ways": self._own_ways()}


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
