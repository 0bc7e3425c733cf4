from odoo import models
from odoo.fields import Domain

AGENCY_ROLES = frozenset({"handler", "leader"})


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
