from collections import Counter, defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..assignment.coordination import CONSULTED, COORDINATOR
from .move import OPEN_REPORTS, by_value

ROLES = ("handler", "leader")


class CivicSuccession(models.Model):
    """Work of an agency goes to agencies alone in which somebody can do it."""

    _inherit = "civic.succession"

    # ------------------------------------------------------------------
    # Its people
    # ------------------------------------------------------------------

    def _joining(self):
        """:return: dict of agency → those who go there with the work"""
        agency, first = self.agency_id, self._successors()[:1]
        to = {
            line.user_id: line.to_agency_id
            for line in self.line_ids
            if line.kind == "people"
        }
        people = agency.handler_ids | agency.leader_ids
        moves = by_value({person: to.get(person, first) for person in people})
        return {target: people.browse().concat(*rows) for target, rows in moves.items()}

    def _propose_people(self):
        if self.kind != "agency":
            return super()._propose_people()
        agency, first = self.sudo().agency_id, self._successors()[:1]
        busy = self._busy_with()
        return [
            {
                "kind": "people",
                "user_id": person.id,
                # Who holds nothing goes to the first.
                "to_agency_id": max(
                    busy[person], key=busy[person].get, default=first
                ).id,
            }
            for person in agency.handler_ids | agency.leader_ids
        ]

    def _busy_with(self):
        """:return: dict of res.users → Counter of agencies to which what they hold
        would go"""
        # sudo: counts for the administrator, who need not see assignments
        rows = self.env["civic.assignment"].sudo().search(self._assignment_domain())
        places, busy = {}, defaultdict(Counter)
        for row in rows:
            place = (row.report_id.ward_id, row.report_id.category_id)
            if place not in places:
                places[place] = self._most_fitting(*place)
            for person in row.handler_id | row.leader_id:
                busy[person][places[place]] += 1
        return busy

    # ------------------------------------------------------------------
    # Who is fit
    # ------------------------------------------------------------------

    def _check_fit_agency(self):
        """:raises UserError: naming who would get work with nobody to do it"""
        joining = self._joining()
        for target in self._sent(self._handled_domain()):
            for role in ROLES:
                people = self._roster_after(target, role, joining)
                self._check_among(people, target, f"civic_report.group_{role}")
        for target in self._sent(self._coordinated_domain()):
            people = self.env["res.users"]
            for role in ROLES:
                people |= self._roster_after(target, role, joining)
            self._check_among(people, target, COORDINATOR)

    def _check_among(self, people, target, group):
        """:raises UserError: unless somebody in service has a role"""
        if people.filtered(lambda user: user.active and user.has_group(group)):
            return
        raise UserError(
            self.env._(
                "%(agency)s gets work and would have nobody in the role “%(role)s”: "
                "enter its people first, or send some there in the lines.",
                agency=target.name,
                role=self.env.ref(group).sudo().name,
            )
        )

    def _handled_domain(self):
        """Reports of which the agency has to handle or answer something."""
        duties = Domain("agency_id", "=", self.agency_id.id)
        duties &= Domain("state", "=", "open") & Domain("code", "not in", CONSULTED)
        return Domain("assignment_ids", "any", self._assignment_domain()) | Domain(
            "step_ids", "any", duties
        )

    def _coordinated_domain(self):
        return OPEN_REPORTS & Domain("coordinator_agency_id", "=", self.agency_id.id)

    def _sent(self, domain):
        """To whom reports go: list of civic.agency, each once."""
        route = self._place_router()
        places = self._open_by_place(domain, limit=None)
        return list(
            dict.fromkeys(route(ward, category) for ward, category, _n in places)
        )

    def _roster_after(self, target, role, joining):
        """Who will have a role in one of those in its place: of that agency, of those
        above it, and who goes along."""
        name, gone = f"{role}_ids", self.agency_id
        people = target[name] | joining.get(target, gone[name].browse()) & gone[name]
        above = target.parent_id
        while above:
            if above != gone:
                people |= above[name]
            above = above.parent_id
        return people

    # ------------------------------------------------------------------
    # Its own times
    # ------------------------------------------------------------------

    def _pass_own_limits(self, agency):
        """Its own times for a matter go to who is competent for it now and has set
        none; those for all its matters bind nobody else's."""
        successors = self._successors()
        limits = self.env["civic.agency.limit"].search(
            Domain("agency_id", "in", (agency | successors).ids)
            & Domain("category_id", "!=", False)
        )
        taken = {(row.agency_id, row.category_id) for row in limits}
        for row in limits.filtered(lambda r: r.agency_id == agency and r.is_in_force):
            competent = successors.filtered(
                lambda target, row=row: row.category_id in target.category_ids
            )
            for target in competent or successors:
                if (target, row.category_id) not in taken:
                    row.copy({"agency_id": target.id})
