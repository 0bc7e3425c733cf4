from odoo import api, fields, models
from odoo.fields import Domain

from ..workflow.transitions import APPROVING, OPEN_ASSIGNMENT_STATES

# Duties of leaders; every other one is the handler's.
LEADERS_CODES = (*APPROVING, "assign", "confirm_penalty")


class CivicAgency(models.Model):
    """Work outlives who held it: whoever is named takes up what nobody holds."""

    _inherit = "civic.agency"

    last_focal_handler_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="Before the vacancy."
    )
    last_focal_leader_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="Before the vacancy."
    )

    def _roster(self, role):
        """Who has a role here: of this agency and of those above it; work is assigned
        to handlers of branches as well.

        :param role: "handler" or "leader"
        """
        people, agency = self[f"{role}_ids"], self.parent_id
        branches = self.child_ids if role == "handler" else self.browse()
        while branches:
            people |= branches.handler_ids
            branches = branches.child_ids
        while agency:
            people |= agency[f"{role}_ids"]
            agency = agency.parent_id
        return people

    def _focal_changed(self, name, former):
        result = super()._focal_changed(name, former)
        last = f"last_{name}"
        if not self[name]:
            self[last] = former
            return result
        role = name.removeprefix("focal_").removesuffix("_id")
        # sudo: the administrator changes people, not assignments
        assignments = self.env["civic.assignment"].sudo()
        if former:
            assignments._hand_over(self, role, former, self[name])
        assignments._adopt(self, role, self[last])
        self[last] = False
        return result


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    @api.model
    def _adopt(self, agency, role, last):
        """Give the agency's new focal person what the last one still holds, or anybody
        who has left, or nobody.

        :param role: "handler" or "leader"
        :param last: res.users, may be empty: the focal person before a vacancy
        """
        name = f"{role}_id"
        members = agency._roster(role).filtered("active") - last
        successor = agency[f"focal_{role}_id"]
        assignments = self.search(
            Domain("agency_id", "=", agency.id)
            & Domain("state", "in", list(OPEN_ASSIGNMENT_STATES))
            & (Domain(name, "=", False) | Domain(name, "not in", members.ids))
        )._elevated()
        for former, rows in assignments.grouped(name).items():
            if former == successor:
                continue
            rows.write({name: successor.id})
            rows._log_note("hand_over", f"{former.name or '–'} → {successor.name}")
        steps = self.env["civic.step"].search(
            Domain("agency_id", "=", agency.id)
            & Domain("state", "=", "open")
            & Domain("code", "in" if role == "leader" else "not in", LEADERS_CODES)
            & (
                Domain("user_id", "=", False)
                | Domain("user_id.active", "=", False)
                | Domain("user_id", "in", last.ids)
                # In a vacancy the leader had them.
                | Domain("assignment_id", "in", assignments.ids)
            )
        )
        steps.with_env(self._elevated().env)._find_holders()

    def _step_holder(self, code):
        """Who has left holds nothing any more: the focal person does, or who has the
        duties while there is none."""
        return self._holder_in(self._agency_in_charge(), code)

    def _holder_in(self, agency, code):
        role = "leader" if code in LEADERS_CODES else "handler"
        person, focal = self[f"{role}_id"], agency[f"focal_{role}_id"]
        if person.active and (person == focal or person in agency._roster(role)):
            return person
        return focal or agency._vacancy_holder(role)


class CivicStep(models.Model):
    _inherit = "civic.step"

    def _find_holders(self, otherwise=None, former=None):
        """Give open duties, and their reminders, to who holds their records now.

        :param otherwise: function of a duty → res.users, for those that their records
            name nobody for
        :param former: res.users who leaves, and counts as nobody
        """
        holders = {}
        for step in self:
            part = step.assignment_id
            holder = (
                part._holder_in(step.agency_id, step.code)
                if part
                else step.report_id._step_holder(step.code)
            )
            if former and holder == former:
                holder = former.browse()
            if not holder and otherwise:
                holder = otherwise(step)
            if holder != step.user_id:
                holders.setdefault(holder, []).append(step.id)
        for holder, ids in holders.items():
            self.browse(ids)._hand_over(holder)
