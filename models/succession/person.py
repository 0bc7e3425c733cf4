from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..ground.key import lock_rows
from ..leadership.act import ACT_MODELS
from .move import IN_HAND, OPEN_REPORTS, by_value

AGENCY_ROLES = ("handler", "leader")


class CivicSuccession(models.Model):
    """What a person has in hand in one province, by the roles in which it is held:
    each successor needs the role of what it gets, and no other."""

    _inherit = "civic.succession"

    # ------------------------------------------------------------------
    # What there is
    # ------------------------------------------------------------------

    def _here(self):
        """Somebody may work in several provinces: each says who goes on there."""
        return Domain("company_id", "=", self.company_id.id)

    def _held_domain(self, role):
        """Assignments in hand that the person holds in a role of agencies."""
        held = Domain(f"{role}_id", "=", self.user_id.id)
        return IN_HAND & held & self._here()

    def _taken_domain(self):
        return OPEN_REPORTS & Domain("operator_id", "=", self.user_id.id) & self._here()

    def _work_domains(self):
        if self.kind != "person":
            return super()._work_domains()
        parts = {
            role: Domain("assignment_ids", "any", self._held_domain(role))
            for role in AGENCY_ROLES
        }
        return {**parts, "operator": self._taken_domain()}

    def _rosters(self):
        """:return: dict of role → agencies of this province in which the person has
        it"""
        agencies = self.env["civic.agency"].with_context(active_test=False)
        return {
            role: agencies.search(
                self._here() & Domain(f"{role}_ids", "in", self.user_id.ids)
            )
            for role in AGENCY_ROLES
        }

    def _left_without_coordinator(self):
        """Agencies in which nobody else could answer when they are asked."""
        user, rosters = self.user_id, self._rosters()
        return (rosters["handler"] | rosters["leader"]).filtered(
            lambda agency: (
                user in agency._coordinators()
                and not agency._coordinators() - user
                and not agency.parent_id._coordinators() - user
            )
        )

    def _others_deciding(self):
        """The province's other leaders, and whether the person is one of them."""
        leaders = self.env["res.users"]._civic_officers(
            "province_leader", self.company_id
        )
        return leaders - self.user_id, self.user_id in leaders

    # ------------------------------------------------------------------
    # Who is fit
    # ------------------------------------------------------------------

    def _fit(self, role):
        """Those in the person's place who have a role; everybody for none."""
        people = self._successors()
        if not role:
            return people
        group = f"civic_report.group_{role}"
        return people.filtered(lambda user: user.has_group(group))

    def _first_fit(self, role):
        return (self._fit(role) or self._successors())[:1]

    def _roster_role(self, role):
        """What whoever takes the person's place in a roster has to be: coordinators
        are in the rosters of their agencies, and need be no handlers."""
        for own in (role, "coordinator"):
            if self.user_id.has_group(f"civic_report.group_{own}"):
                return own
        return role

    def _check_fit_person(self):
        """:raises UserError: where a successor lacks the role of what it gets"""
        labels = dict(self.env["res.users"]._selection_civic_work_role())
        for role, people in self._getters().items():
            for person in people - self._fit(role):
                raise UserError(
                    self.env._(
                        "%(name)s lacks the role “%(role)s”, which the work needs: "
                        "have it given in Settings › Users first.",
                        name=person.name,
                        role=labels[role],
                    )
                )
        if self.archive_account:
            self._check_nothing_elsewhere()

    def _getters(self):
        """:return: dict of role → those who get what needs it"""
        getters = defaultdict(self.env["res.users"].browse)
        for role, domain in self._work_domains().items():
            route = self._place_router(role)
            for ward, category, _number in self._open_by_place(domain, limit=None):
                getters[role] |= route(ward, category)
        for role, agencies in self._rosters().items():
            if agencies:
                needed = self._roster_role(role)
                getters[needed] |= self._first_fit(needed)
        if self._left_without_coordinator():
            getters["coordinator"] |= self._first_fit("coordinator")
        others, decides = self._others_deciding()
        if decides and not others:
            getters["province_leader"] |= self._first_fit("province_leader")
        return getters

    def _check_nothing_elsewhere(self):
        """An account is archived in all provinces at once.

        :raises UserError: where another has work in the person's hands
        """
        elsewhere = self.user_id.company_ids - self.company_id
        if work := self.user_id._civic_open_work(elsewhere) if elsewhere else ():
            raise UserError(
                self.env._(
                    "%(name)s still has in hand in %(provinces)s: %(work)s. Leave "
                    "“Archive the Account” off, or have a succession entered there "
                    "first.",
                    name=self.user_id.name,
                    provinces=", ".join(elsewhere.mapped("name")),
                    work=", ".join(work),
                )
            )

    # ------------------------------------------------------------------
    # Moving
    # ------------------------------------------------------------------

    def _succeed_person(self):
        numbers, gets = self._pass_assignments()
        self._pass_memberships(gets)
        self._pass_reports()
        self._pass_duties()
        who = Domain("handler_id", "=", self.user_id.id)
        who |= Domain("leader_id", "=", self.user_id.id)
        self._answered(who & self._here())._pass_promises()
        self._pass_reminders()
        if self.archive_account:
            self.user_id.write({"active": False})
        self._tell(numbers)

    def _pass_assignments(self):
        """:return: (dict of successor → number of assignments,
        dict of (agency, role) → who gets work there)"""
        assignments = self.env["civic.assignment"].search(
            Domain.OR(self._held_domain(role) for role in AGENCY_ROLES)
        )
        lock_rows(assignments)
        gets = defaultdict(self.env["res.users"].browse)
        moved = defaultdict(assignments.browse)
        for role in AGENCY_ROLES:
            route, name = self._router(role), f"{role}_id"
            held = assignments.filtered(lambda row, n=name: row[n] == self.user_id)
            moves = {row: route(row.report_id) for row in held}
            for target, rows in by_value(moves).items():
                rows = assignments.browse().concat(*rows)
                rows.write({name: target.id})
                moved[target] |= rows
                for agency in rows.agency_id:
                    gets[agency, role] |= target
        for target, rows in moved.items():
            rows._log_note("hand_over", self._note(self.user_id, target))
        return {target: len(rows) for target, rows in moved.items()}, gets

    def _pass_memberships(self, gets):
        """In each agency, who gets work there takes the person's place; where there is
        no work, the first who may."""
        user, bereft = self.user_id, self._left_without_coordinator()
        for role, agencies in self._rosters().items():
            first = self._first_fit(self._roster_role(role))
            for agency in agencies:
                people = gets.get((agency, role)) or first
                joining = people
                if agency in bereft:
                    joining |= self._first_fit("coordinator")
                was_focal = agency[f"focal_{role}_id"] == user
                values = {
                    f"{role}_ids": [
                        *(Command.link(person.id) for person in joining),
                        Command.unlink(user.id),
                    ]
                }
                if was_focal:
                    values[f"focal_{role}_id"] = people[:1].id
                agency.write(values)

    def _pass_reports(self):
        route = self._router("operator")
        reports = self.env["civic.report"].search(self._taken_domain())
        for target, rows in by_value({row: route(row) for row in reports}).items():
            rows = reports.browse().concat(*rows)
            rows.write({"operator_id": target.id})
            rows._log_note("succeed", self._note(self.user_id, target))

    def _pass_duties(self):
        route = self._router("operator")
        steps = self.env["civic.step"].search(
            Domain("user_id", "=", self.user_id.id)
            & Domain("state", "=", "open")
            & self._here()
        )
        deciding = steps.filtered(lambda step: step.code == "designate")
        if deciding:
            others, _decides = self._others_deciding()
            heir = self._fit("province_leader") or others or self._successors()
            deciding._hand_over(heir[:1])
        (steps - deciding)._find_holders(
            lambda step: route(step.report_id), former=self.user_id
        )

    def _pass_reminders(self):
        """Other reminders than those of duties and commitments: whoever goes on is
        reminded, once."""
        reminders = self.env["mail.activity"].search(
            Domain("user_id", "=", self.user_id.id)
            & Domain("res_model", "=like", "civic.%")
            & Domain("civic_step_id", "=", False)
        )
        reminders = reminders._civic_of(self.company_id)
        moves = {row: self._reminded(row) for row in reminders}
        for target, rows in by_value(moves).items():
            reminders.browse().concat(*rows)._civic_hand_over(target)

    def _reminded(self, reminder):
        """Who is reminded in the person's place."""
        record = self.env[reminder.res_model].browse(reminder.res_id)
        if record._name == "civic.report":
            return self._router("operator")(record)
        if record._name == "civic.assignment":
            return self._router("handler")(record.report_id)
        if record._name in ACT_MODELS:
            return self._first_fit("leader")
        return self._first_fit("centre_manager")
