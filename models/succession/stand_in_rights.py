from odoo import api, fields, models

from ..agencies.deputies import AGENCY_ROLES
from ..workflow.transitions import TRANSITIONS


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _stood_in_for(self, roles):
        """The absent person in whose place the current user acts here; empty for none.

        :param roles: what the act asks for, of "handler" and "leader"
        """
        self.ensure_one()
        user = self.env.user
        absent = user._civic_absent()
        if not absent:
            return absent
        agency_id = self.sudo().agency_id.id
        lending = {
            role: absent.filtered(
                lambda person, role=role: (
                    agency_id in person._civic_lent_agency_ids(role)
                )
            )
            for role in roles
        }
        for role, people in lending.items():
            if held := people & self.sudo()[f"{role}_id"]:
                return held
        for role, people in lending.items():
            own = user.has_group(f"civic_report.group_{role}")
            if not own or agency_id not in user._civic_own_agency_ids(role):
                if people:
                    return people[:1]
        return absent.browse()

    def _acting_user(self, role):
        """The absent person, where it is done in that person's place."""
        return self._stood_in_for({role}) or super()._acting_user(role)

    def _compute_is_mine(self):
        result = super()._compute_is_mine()
        absent = self.env.user._civic_absent()
        for row in self if absent else ():
            turn = row.leader_id if row._is_leaders_turn() else absent.browse()
            if row.state != "submitted":
                turn |= row.handler_id
            row.is_mine = row.is_mine or bool(turn & absent)
        return result


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _stood_in_for(self, actors):
        """As of assignments, for the Centre's and the coordinating agency's acts."""
        self.ensure_one()
        user, report = self.env.user, self.sudo()
        absent = user._civic_absent()
        if absent and "operator" in actors:
            operators = absent.filtered(
                lambda person: person.has_group("civic_report.group_operator")
            )
            return report.operator_id & operators
        if absent and "province_leader" in actors:
            return self._deciding() & absent.filtered(
                lambda person: person.has_group("civic_report.group_province_leader")
            )
        if absent and "coordinator" in actors:
            agency_id = report.coordinator_agency_id.id
            if agency_id not in user._civic_own_agency_ids("coordinator"):
                return absent.filtered(
                    lambda person: (
                        agency_id in person._civic_lent_agency_ids("coordinator")
                    )
                )[:1]
        return absent.browse()

    def _deciding(self):
        """Whose the decision of the province is, or was last: the act has ended that
        duty already."""
        # sudo: officers need not read duties
        steps = self.sudo().step_ids.filtered(lambda step: step.code == "designate")
        return steps.sorted("id")[-1:].user_id


class CivicEvent(models.Model):
    _inherit = "civic.event"

    on_behalf_of_id = fields.Many2one(
        "res.users",
        "In Place Of",
        readonly=True,
        ondelete="restrict",
        help="Who was away; the deputy acted.",
    )

    @api.model
    def _sign_stand_in(self, vals_list):
        # Only deputies act in others' places; everybody else is asked nothing more.
        if self.env.user._civic_absent():
            for vals in vals_list:
                vals.setdefault("on_behalf_of_id", self._behalf_of(vals).id)

    @api.model
    def _behalf_of(self, vals):
        link = "assignment_id" if vals.get("assignment_id") else "report_id"
        record = self.env[self._fields[link].comodel_name].browse(vals.get(link) or ())
        transition = TRANSITIONS.get((record._name, vals["code"]))
        if not record or not transition:
            return self.env["res.users"]
        actors = transition.actors
        if link == "assignment_id":
            actors &= AGENCY_ROLES
        return record._stood_in_for(actors)


class CivicStep(models.Model):
    _inherit = "civic.step"

    def _prepare_activity(self):
        return {
            **super()._prepare_activity(),
            "user_id": self.user_id._civic_deputies().id,
        }


class CivicAlert(models.Model):
    _inherit = "civic.alert"

    @api.model
    def _audience(self, alerts):
        """Who is away is told by the deputy."""
        deputies = dict(self.env["civic.stand.in"]._running())
        return [
            (deputies.get(user_id, user_id), level, number)
            for user_id, level, number in super()._audience(alerts)
        ]


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    @api.model
    def _prepare_for_officer(self, row, report, assignment):
        rows = super()._prepare_for_officer(row, report, assignment)
        users = self.env["res.users"]
        for row in rows:
            row["user_id"] = users.browse(row["user_id"])._civic_deputies().id
        return rows

    @api.model
    def _people_of(self, turn, who, officers):
        return super()._people_of(turn, who, officers)._civic_deputies()

    @api.model
    def _told_of(self, succession, successor, notice):
        return [
            (agency, user._civic_deputies())
            for agency, user in super()._told_of(succession, successor, notice)
        ]
