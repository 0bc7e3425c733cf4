from odoo import models
from odoo.fields import Domain


class CivicReporter(models.Model):
    """Which words of leaders and agencies may name the person; see
    :mod:`..privacy.forgetting`."""

    _inherit = "civic.reporter"

    def _forgotten_acts(self, model, domain):
        # sudo: the caller has checked that the law wants it
        return self.env[model].sudo().with_context(active_test=False).search(domain)

    def _forgotten_directives(self):
        return self._forgotten_acts(
            "civic.directive", Domain("report_ids", "in", self.report_ids.ids)
        )

    def _forgotten_directive_answers(self):
        return self._forgotten_directives().answer_ids

    def _forgotten_explanation_lines(self):
        return self._forgotten_acts(
            "civic.explanation.line",
            Domain("assignment_id.report_id", "in", self.report_ids.ids),
        )

    def _forgotten_rewards(self):
        return self._forgotten_acts(
            "civic.reward", Domain("report_id", "in", self.report_ids.ids)
        )

    def _forgotten_act_events(self):
        acts = self._forgotten_directives().event_ids
        acts |= self._forgotten_explanation_lines().explanation_id.event_ids
        return acts | self._forgotten_rewards().event_ids
