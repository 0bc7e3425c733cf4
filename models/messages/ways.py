from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.text import InvalidPhone, phone_e164


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
        reporter, drivers = self.reporter_id, self.env["civic.driver"]

        def is_open(way):
            driver = drivers._of(way)
            return driver._reaches(reporter) and driver._is_set_up(self.company_id)

        labels = reporter._fields["tell_by"]._description_selection(self.env)
        return [row for row in labels if row[0] in ("auto", "none") or is_open(row[0])]

    def _tell_values(self):
        """How the sender is told, and may choose to be.

        :return: dict: tell_by, ways
        """
        return {
            "tell_by": self.reporter_id.tell_by or "auto",
            "ways": self._own_ways(),
        }


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


def _check_phone(env, number):
    try:
        phone_e164(number)
    except InvalidPhone:
        raise ValidationError(
            env._("“%s” is not a telephone number. Write it like 0234 345 678.", number)
        ) from None
