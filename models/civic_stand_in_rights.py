from odoo import api, fields, models
from odoo.fields import Domain

from .civic_open_work_people import AGENCY_ROLES
from .transitions import TRANSITIONS


class ResUsers(models.Model):
    """What a deputy may meanwhile: what the absent person might, and no more."""

    _inherit = "res.users"

    def _civic_absent(self):
        """For whom this user stands in now."""
        running = self.env["civic.stand.in"]._running()
        return self.browse([absent for absent, deputy in running if deputy == self.id])

    def _civic_deputies(self):
        """These users, each who is away replaced by the deputy."""
        deputies = dict(self.env["civic.stand.in"]._running())
        if not deputies:
            return self
        return self.browse(dict.fromkeys(deputies.get(id_, id_) for id_ in self.ids))

    def _civic_led_people(self):
        """Handlers and leaders of the agencies that this user leads, and of no other:
        a leave lends all that the absent person may."""
        if not self.has_group("civic_report.group_leader"):
            return self.browse()
        ids = self._civic_own_agency_ids("leader")
        # sudo: of branches that may be hidden from this list, not from the check
        agencies = self.env["civic.agency"].sudo()
        led = agencies.browse(ids)
        people = led.handler_ids | led.leader_ids
        others = agencies.search(
            Domain("id", "not in", ids)
            & (
                Domain("handler_ids", "in", people.ids)
                | Domain("leader_ids", "in", people.ids)
            )
        )
        return (people - others.handler_ids - others.leader_ids).sudo(False)

    def _civic_agency_ids(self, role=None):
        """As everywhere; and the agencies of those for whom this user stands in, as far
        as their own roles give them access."""
        ids = self._civic_own_agency_ids(role)
        for absent in self._civic_absent():
            ids = [*ids, *absent._civic_lent_agency_ids(role)]
        return list(dict.fromkeys(ids))

    def _civic_role_agency_ids(self, role):
        """Ids of the agencies for which this user acts in a role now.

        :param role: "handler" or "leader"
        """
        ids = []
        if self.has_group(f"civic_report.group_{role}"):
            ids = self._civic_own_agency_ids(role)
        for absent in self._civic_absent():
            ids = [*ids, *absent._civic_lent_agency_ids(role)]
        return ids

    def _civic_lent_agency_ids(self, role):
        """What this user, who is away, lends to the deputy.

        :param role: "handler", "leader", "coordinator" or None for handler or leader
        """
        roles = AGENCY_ROLES if role is None else {role}
        if not any(self.has_group(f"civic_report.group_{name}") for name in roles):
            return []
        return self._civic_own_agency_ids(role)

    def _civic_named_domain(self):
        """Secret reports that an absent person has in hand are the deputy's meanwhile,
        as far as that person might see them."""
        named = super()._civic_named_domain()
        for absent in self._civic_absent():
            agencies = absent._civic_lent_agency_ids(None)
            holds = Domain("handler_id", "=", absent.id) | Domain(
                "leader_id", "=", absent.id
            )
            named |= Domain(
                "assignment_ids", "any", holds & Domain("agency_id", "in", agencies)
            )
            if absent.has_group("civic_report.group_operator"):
                named |= Domain("operator_id", "=", absent.id)
        return named


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        """Rules are kept in memory by user; a leave begins and ends at its moment."""
        yield from super()._compute_domain_context_values()
        running = self.env["civic.stand.in"]._running()
        uid = self.env.uid
        yield tuple(absent for absent, deputy in running if deputy == uid)


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
        """Who holds it after an act of the current user: the absent person, where it is
        done in that person's place."""
        return self._stood_in_for({role}) or self.env.user

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
    def _log(self, vals_list):
        # Only deputies act in others' places; everybody else is asked nothing more.
        if self.env.user._civic_absent():
            for vals in vals_list:
                vals.setdefault("on_behalf_of_id", self._behalf_of(vals).id)
        return super()._log(vals_list)

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
