from odoo import models


class CivicReport(models.Model):
    """Where a text times an emergency from its verification (BG Phần 2, mục 4.1), the
    time before it is an alarm: the Centre is reminded, and nothing is late by it."""

    _inherit = "civic.report"

    def _walk(self, verb, values=None, note=None, event_values=None):
        transition = self._transition(verb)
        unverified = self.filtered(lambda report: report._awaits_verification())
        for state, codes in (("done", transition.ends), ("dropped", transition.drops)):
            if "intake" in codes:
                unverified._end_alarm(state)
        return super()._walk(verb, values, note, event_values)

    def _awaits_verification(self):
        """Whether this is an emergency whose time has not begun."""
        return (
            self.state == "new"
            and self.track == "emergency"
            and self.procedure_id.emergency_from_verification
        )

    def _end_alarm(self, state):
        """End what reminded the Centre to verify these reports.

        :param state: as of `civic.step._close`
        """
        if not self:
            return
        steps = self.env["civic.step"].with_env(self.env)
        alarms = steps.search([*self._step_domain(), ("code", "=", "intake")])
        alarms._close(state, was_owed=False)


class CivicStep(models.Model):
    _inherit = "civic.step"

    def _rule_words(self):
        words = super()._rule_words()
        if (
            self.code == "intake"
            and self.state == "open"
            and self.report_id._awaits_verification()
        ):
            words.append(
                self.env._(
                    "Until the report has been found true this reminds the Centre; "
                    "nothing is late by it."
                )
            )
        return words
