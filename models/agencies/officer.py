from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            # Who has left is nobody's focal person: the vacancy begins.
            # sudo: user managers need no rights on agencies
            agencies = self.env["civic.agency"].sudo()
            for name, people in agencies._focal_people().items():
                if left := people & set(self.ids):
                    agencies.search([(name, "in", list(left))]).write({name: False})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reporters(self):
        """Accounts that sent reports stay; which they are stands in the vault alone."""
        # sudo: user managers see no reporters
        reporters = self.env["civic.reporter"].sudo()
        if reporters.search_count([("user_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This account has sent reports and cannot be deleted: archive it."
                )
            )

    @api.model
    def _civic_officers(self, role, company):
        """Who has a role in a province now.

        :param role: such as "operator"
        :return: res.users, elevated, by id
        """
        # sudo: whoever asks need not read who is in which group
        people = self.env.ref(f"civic_report.group_{role}").sudo().all_user_ids
        return people.filtered(
            lambda user: user.active and company in user.company_ids
        ).sorted("id")

    def _civic_agency_ids(self, role=None):
        """Ids of the agencies for which this user may act; see stand-ins."""
        return self._civic_own_agency_ids(role)

    def _civic_own_agency_ids(self, role=None):
        """Ids of the agencies in which this user works, branches included.

        :param role: "handler", "leader", "coordinator" (who is either, where the agency
            coordinates) or None for either
        """
        self.ensure_one()
        roles = [role] if role in ("handler", "leader") else ["handler", "leader"]
        # sudo: which agencies a user belongs to is asked before anything can be read
        agencies = self.env["civic.agency"].sudo().with_context(active_test=False)
        own = agencies.browse()
        for name in roles:
            own |= agencies.search([(f"{name}_ids", "in", self.ids)])
        if not own:
            return []
        # What has ended is theirs who stand in its place, its records included.
        ended = agencies._with_ended(own.ids)
        return agencies._with_ended(agencies.search([("id", "child_of", ended)]).ids)

    def _civic_cleared_domain(self, path=None):
        """Secret reports are for those who have them in hand, and the Centre's
        management; anybody may see the others as far as other rules let them.

        :param path: field that leads to the report, from records that belong to one
        :return: domain for a record rule
        """
        self.ensure_one()
        if self.has_group("civic_report.group_centre_manager"):
            return Domain.TRUE
        if not self._is_internal():
            # Their own rules show what is published, and what they sent themselves.
            return Domain.TRUE
        named = self._civic_named_domain()
        if not path:
            return Domain("visibility", "!=", "secret") | named
        return Domain(path, "not any", Domain("visibility", "=", "secret") & ~named)

    def _civic_named_domain(self):
        """Secret reports that this user has in hand."""
        named = Domain("operator_id", "=", self.id) | Domain(
            "assignment_ids",
            "any",
            Domain("handler_id", "=", self.id) | Domain("leader_id", "=", self.id),
        )
        if self.has_group("civic_report.group_coordinator"):
            agencies = self._civic_agency_ids("coordinator")
            named |= Domain("coordinator_agency_id", "in", agencies)
        if self.has_group("civic_report.group_province_leader"):
            named |= Domain("state", "=", "designating")
        return named
