from odoo import fields, models, tools

from ..ground.guard import check_length, required_text

MAX_MESSAGE = 2000


class ResUsers(models.Model):
    _inherit = "res.users"

    def _civic_below_ids(self):
        """Ids of the agencies under those that this user leads, the own not with them:
        whoever stands above urges (ST Điều 13.4)."""
        self.ensure_one()
        leading = self if self.has_group("civic_report.group_leader") else self.browse()
        leading |= self._civic_absent().filtered(
            lambda person: person.has_group("civic_report.group_leader")
        )
        return {id_ for person in leading for id_ in person._civic_led_below()}

    @tools.ormcache("self.id")
    def _civic_led_below(self):
        """The same without those for whom the user stands in; kept in memory, since
        the door asks it of every act."""
        # sudo: which agencies a user leads is asked before anything can be read
        agencies = self.env["civic.agency"].sudo().with_context(active_test=False)
        led = agencies.search([("leader_ids", "in", self.ids)])
        below = agencies.search([("id", "child_of", led.ids)]) if led else led
        return frozenset((below - led).ids)


class CivicAssignment(models.Model):
    """Urging an agency to go on (HUE Điều 15.3, 19.2; ST Điều 22.5, 27.7; QN Điều 8.3,
    12.2; BP Điều 11.2, 14.2)."""

    _inherit = "civic.assignment"

    urged_at = fields.Datetime("Last Urged", readonly=True, copy=False)

    def urge(self, message):
        """Urge those who have these assignments to go on; once a day each.

        :param message: what handler and leaders are told
        """
        assignments = self._enter("urge")
        message = required_text(
            self.env, message, self.env._("what they are to do, and by when")
        )
        check_length(self.env, message, MAX_MESSAGE)
        for company, rows in assignments.grouped("company_id").items():
            reports = rows.report_id
            reports._check_words_to_agencies([message], company, reports)
        assignments._walk("urge", {"urged_at": self._now()}, note=message)
        return True

    def _guard_not_urged_today(self):
        today = self.company_id._civic_today()
        if self.urged_at and self.company_id._civic_date(self.urged_at) == today:
            return self.env._(
                "%s has been urged today already. Tomorrow it can be urged again.",
                self.display_name,
            )
        return None

    def _own_roles(self):
        """Whoever leads the agency above stands above it."""
        roles = super()._own_roles()
        below = None
        for assignment in self:
            # Most people lead nothing: they are asked nothing more.
            if "leader" not in roles[assignment]:
                continue
            if below is None:
                below = self.env.user._civic_below_ids()
            # sudo: a branch may be hidden from this list, not from the check
            if assignment.sudo().agency_id.id in below:
                roles[assignment].add("superior")
        return roles
