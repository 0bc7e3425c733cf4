from odoo import models


class CivicReport(models.Model):
    """Where a text times an emergency from its verification (BG Phần 2, mục 4.1), the
    time before it is an alarm: the Centre is reminded, and nothing is late by it."""

    _inherit = "civic.report"

    def _react_end_alarm(self, act):
        unverified = self.filtered(
            lambda report: report._awaits_verification(act.before[report]["state"])
        )
        unverified._end_alarm("done" if "intake" in act.transition.ends else "dropped")

    def _react_start_intake(self, act):
        """What came in has been found true. Until then its time is an alarm, by which
        nothing is late."""
        verified = self.filtered(
            lambda report: report._awaits_verification(act.before[report]["state"])
        )
        if verified:
            verified._end_alarm("done")
            verified._open_steps(("intake",))

    def _awaits_verification(self, state=None):
        """Whether this is an emergency whose time has not begun.

        :param state: the one so far, of a report that leaves it
        """
        return (
            (state or self.state) == "new"
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
