from odoo import api, fields, models
from odoo.exceptions import UserError

from ..agencies.agency import FOCAL


class CivicAgency(models.Model):
    """Focal people are named by a document (HUE Điều 18.1, ST Điều 26.1); while there
    is none, what is dispatched goes to the agency's leader."""

    _inherit = "civic.agency"

    focal_document = fields.Char(
        "Named by Document",
        help="Number and issuer of the document that names the focal leader and the "
        "focal handler; a change needs a new one.",
    )
    focal_document_date = fields.Date("Date of the Document")
    focal_document_missing = fields.Boolean(
        "Document Missing",
        readonly=True,
        help="The focal people have changed since the document was recorded.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        agencies = super().create(vals_list)
        for agency in agencies:
            named = any(agency[name] for name in FOCAL)
            agency.focal_document_missing = named and not agency.focal_document
        return agencies

    def write(self, vals):
        recorded = {
            agency: (agency.focal_document, agency.focal_document_date)
            for agency in self
        }
        result = super().write(vals)
        if {"focal_document", "focal_document_date"} & set(vals):
            for agency, before in recorded.items():
                document = (agency.focal_document, agency.focal_document_date)
                if document != before and agency.focal_document:
                    agency.focal_document_missing = False
        return result

    def _focal_changed(self, name, former):
        """As everywhere; a change is without a document until one is recorded."""
        result = super()._focal_changed(name, former)
        if self[name]:
            self.focal_document_missing = True
        return result

    def _vacancy_holder(self, role):
        """Who has the duties of a focal person that is missing: the leader, else
        whoever leads the agency above.

        :param role: "handler" or "leader"
        :return: res.users, elevated; empty where nobody leads at all
        """
        agency_sudo = self.sudo()  # sudo: the agency above may be hidden
        while agency_sudo:
            leaders = agency_sudo.focal_leader_id | agency_sudo.leader_ids
            if leaders := leaders.filtered("active"):
                return leaders[:1]
            agency_sudo = agency_sudo.parent_id
        return agency_sudo.leader_ids

    @api.constrains("focal_document_date")
    def _check_focal_document_date(self):
        for agency in self.filtered("focal_document_date"):
            if agency.focal_document_date > fields.Date.context_today(agency):
                raise UserError(
                    self.env._("%s: the document is dated in the future.", agency.name)
                )
