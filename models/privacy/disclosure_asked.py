from odoo import fields, models

from ..ground.guard import required_text
from .disclosure import UNANSWERED


class CivicAssignment(models.Model):
    """An agency at work on a report asks who sent it."""

    _inherit = "civic.assignment"

    disclosure_ids = fields.One2many(
        "civic.disclosure",
        "assignment_id",
        "Disclosures",
        groups="civic_report.group_operator,civic_report.group_handler,"
        "civic_report.group_leader,civic_report.group_province_leader",
    )

    def request_disclosure(self, reason, legal_basis, field_names, user_ids, days):
        """Ask the Centre for the identity of the reporter (HUE Điều 5.5).

        The Centre examines it, then the citizen agrees or does not.

        :param reason: what it is needed for
        :param legal_basis: the law under which the agency acts
        :param field_names: list of what is needed: name, phone, email_from, address,
            citizen_id
        :param user_ids: ids of the persons of the agency who are to see it
        :param days: for how long, in days from the citizen's answer
        :return: id of the civic.disclosure
        """
        self.ensure_one()
        assignment = self._enter("request_disclosure")
        agency = assignment.agency_id
        disclosure = self.env["civic.disclosure"]._request(
            assignment,
            agency.handler_ids | agency.leader_ids,
            {
                "reason": reason,
                "legal_basis": legal_basis,
                "field_names": field_names,
                "user_ids": user_ids,
                "days": days,
            },
        )
        assignment._walk("request_disclosure", note=disclosure.asked_data)
        return disclosure.id

    def _guard_sender_known(self):
        return self.report_id._guard_sender_known()

    def _guard_data_kept(self):
        return self.report_id._guard_data_kept()

    def _guard_identity_not_asked(self):
        asked = self.report_id.disclosure_ids.filtered(
            lambda row: row.agency_id == self.agency_id and row.state in UNANSWERED
        )
        if asked:
            return self.env._(
                "%s has asked already: wait for the answer.", self.agency_id.name
            )
        return None


class CivicReport(models.Model):
    """A competent authority asks through the Centre who sent a report."""

    _inherit = "civic.report"

    def request_disclosure_for(
        self, authority, document, reason, legal_basis, field_names, user_ids, days
    ):
        """Write down the request of police, a court or another authority.

        :param authority: who asks
        :param document: number and date of its written request, compulsory
        :param user_ids: ids of the operators who hand the answer over
        :return: id of the civic.disclosure

        The others are those of `civic.assignment.request_disclosure`.
        """
        self.ensure_one()
        report = self._enter("request_disclosure_for")
        authority = required_text(
            self.env, authority, self.env._("which authority asks")
        )
        document = required_text(
            self.env, document, self.env._("the number and date of the written request")
        )
        operators = self.env.ref("civic_report.group_operator").all_user_ids
        disclosure = self.env["civic.disclosure"]._request(
            report,
            operators.filtered(lambda user: report.company_id in user.company_ids),
            {
                "authority": authority,
                "document": document,
                "reason": reason,
                "legal_basis": legal_basis,
                "field_names": field_names,
                "user_ids": user_ids,
                "days": days,
            },
        )
        report._walk("request_disclosure_for", note=f"{authority} · {document}")
        return disclosure.id

    def _guard_data_kept(self):
        if self.reporter_id.anonymised_at:
            return self.env._("The citizen's data has been deleted.")
        return None
