from odoo import api, models

from ..workflow.alert import OVERDUE, PROVINCE

DESIGNATE = "designate"


class CivicStep(models.Model):
    """What waits for the province (ST Điều 5.2, 13.3; HUE Điều 3.8; QN Điều 3.6; BP
    Điều 3.8) has a limit of the procedure, and the ladder."""

    _inherit = "civic.step"

    def _holder_words(self):
        if self.code == DESIGNATE:
            return self.env._("The provincial People's Committee")
        return super()._holder_words()


class CivicAlert(models.Model):
    _inherit = "civic.alert"

    @api.model
    def _audience(self, alerts):
        """Any of the province's leaders may decide: all of them are warned."""
        return [*super()._audience(alerts), *self._audience_deciding(alerts)]

    @api.model
    def _audience_deciding(self, alerts):
        """The leaders besides the one who holds a designation; those who are told as
        the last rung are told by that."""
        warned = {
            step: level
            for step, before, level in alerts
            if before < OVERDUE and level < PROVINCE
        }
        if not warned:
            return []
        steps = self.env["civic.step"].search_fetch(
            [("id", "in", list(warned)), ("code", "=", DESIGNATE)],
            ["company_id", "user_id"],
        )
        leaders = {
            company: self.env["res.users"]._civic_officers("province_leader", company)
            for company in steps.company_id
        }
        return [
            (leader.id, warned[step.id], 1)
            for step in steps
            for leader in leaders[step.company_id] - step.user_id
        ]
