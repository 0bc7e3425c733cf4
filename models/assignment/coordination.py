from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Duties of whoever is asked.
CONSULTED = ("consult", "concur")
COORDINATOR = "civic_report.group_coordinator"
# What a coordinating agency is asked, on a report that no agency has in hand.
ASKING = ("consult", "ask_concurrence")


class CivicAgency(models.Model):
    """Only an agency whose people coordinate can be asked (HUE Điều 11, BG 4.2)."""

    _inherit = "civic.agency"

    coordinates = fields.Boolean(
        compute="_compute_coordinates",
        search="_search_coordinates",
        help="Somebody of the agency, or of one above it, is a coordinator.",
    )

    @api.depends("handler_ids", "leader_ids", "parent_id")
    def _compute_coordinates(self):
        known = self.search([*self._coordinates_domain(), ("id", "in", self.ids)])
        for agency in self:
            agency.coordinates = agency in known

    def _search_coordinates(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        known = self._coordinates_domain()
        return known if True in wanted else ~known

    @api.model
    def _coordinates_domain(self):
        # sudo: who is in which group is asked for everybody alike
        people = self.env.ref(COORDINATOR).sudo().all_user_ids.filtered("active")
        own = Domain("handler_ids", "in", people.ids) | Domain(
            "leader_ids", "in", people.ids
        )
        return Domain("id", "child_of", self.sudo().search(own).ids)

    def _coordinators(self):
        """Who answers for this agency when it is asked; the focal people first.

        :return: res.users, elevated
        """
        # sudo: whoever asks the agency need not read its people's groups
        agency_sudo = self.sudo()
        while agency_sudo:
            people = (
                agency_sudo.focal_handler_id
                | agency_sudo.focal_leader_id
                | agency_sudo.handler_ids
                | agency_sudo.leader_ids
            ).filtered(lambda user: user.active and user.has_group(COORDINATOR))
            if people:
                return people
            agency_sudo = agency_sudo.parent_id
        return agency_sudo.handler_ids

    def _check_coordinates(self):
        """:raises UserError: unless somebody there can answer"""
        for agency in self:
            if not agency._coordinators():
                raise UserError(
                    self.env._(
                        "%s has no coordinator: nobody there could answer. Choose "
                        "the agency that the province has appointed, or have an "
                        "administrator give one of its people that role.",
                        agency.name,
                    )
                )


class CivicReport(models.Model):
    """The agency that coordinates sensitive reports is asked, and is told of it."""

    _inherit = "civic.report"

    def _coordinating(self, agency_id):
        """The agency of this id, which can be asked about these reports.

        :raises MissingError, UserError: where it cannot
        """
        agency = self._known_agencies([agency_id] if agency_id else [])
        if not agency:
            raise UserError(self.env._("Choose the coordinating agency."))
        if agency.company_id != self.company_id:
            raise UserError(self.env._("Choose agencies of the report's province."))
        agency._check_coordinates()
        return agency

    def publish(self, identity_reason=None, make_public=False):
        """Publish the result, or answer the citizen alone where it is not public
        (HUE Điều 9).

        :param identity_reason: why what names somebody stays in the public text
        :param make_public: whether sensitive reports become public with it, once the
            coordinating agency has agreed (HUE Điều 11.4–5)
        """
        if make_public:
            self._check_found()
            for report in self.filtered(lambda row: row.visibility == "sensitive"):
                report._make_public(identity_reason)
        return super().publish(identity_reason)

    def _make_public(self, identity_reason):
        """Open to everybody what the coordinating agency has agreed with; the history
        says what that is."""
        if not self.concurred_at:
            raise UserError(
                self.env._(
                    "%s becomes public only after the coordinating agency has agreed "
                    "with its result.",
                    self.name,
                )
            )
        names = ("subject", "standardised_description", "address", "public_result")
        parts = [
            self._fields[name]._description_string(self.env)
            for name in names
            if self[name]
        ]
        if pictures := len(self.public_attachment_ids):
            parts.append(self.env._("%s picture(s) or recording(s)", pictures))
        reason = self.env._(
            "The coordinating agency agrees. Becomes public: %s.", ", ".join(parts)
        )
        self.set_visibility("public", reason, identity_reason=identity_reason)

    def _usual_coordinator(self):
        """The one agency whose people are coordinators, if there is just one."""
        agencies = self.env["civic.agency"].search(
            [("company_id", "=", self.company_id.id), ("coordinates", "=", True)],
            limit=2,
        )
        return agencies if len(agencies) == 1 else agencies.browse()

    def _step_holder(self, code):
        if code in CONSULTED:
            return self.coordinator_agency_id._coordinators()[:1]
        return super()._step_holder(code)
