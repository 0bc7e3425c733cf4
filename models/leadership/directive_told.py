from odoo import api, models

from .act_clock import LATE


class CivicDirective(models.Model):
    """Who is told of a directive: the leaders of its agencies; who issued it, of
    answers; the province and the Centre, when its day has passed."""

    _inherit = "civic.directive"

    def _react_tell_addressed(self, act):
        """What was issued is told, stands in the reports that it names, and reminds."""
        self._tell_leaders("directive_issued")
        for directive in self.filtered("report_ids"):
            directive.report_ids._log_note("directive", directive._event_words())
        self.filtered("due_at")._remind_owing()

    def _react_tell_answered(self, act):
        agency = act.about.agency_id
        outbox = self.env["civic.outbox"]
        above = outbox._officers_above(
            self.company_id, "centre_manager", "province_leader"
        )
        outbox._queue_acts(
            "directive_answered",
            [(self, agency, audience, people) for audience, people in above],
        )
        self._end_settled_reminders()

    def _react_end_addressed(self, act):
        """Nothing is expected any more; of what is withdrawn its agencies are told."""
        if act.transition.verb == "withdraw":
            self.filtered("issued_at")._tell_leaders("directive_withdrawn")
        self._end_settled_reminders()

    def _tell_leaders(self, event, agencies=None, again=""):
        """:param agencies: civic.agency; by default all to which it is addressed"""
        self.env["civic.outbox"]._queue_acts(
            event,
            [
                (directive, agency, "leader", agency._leaders_told())
                for directive in self
                for agency in (directive.agency_ids if agencies is None else agencies)
            ],
            again,
        )

    def _event_words(self):
        return " · ".join(filter(None, [self.number, self.subject]))

    # ------------------------------------------------------------------
    # Its clock
    # ------------------------------------------------------------------

    @api.model
    def _cron_directives(self, limit=200):
        """Warn of the days of directives, and tell of those that have passed."""
        return self._pass_clock(limit)

    def _tell_owing(self, level):
        self._tell_leaders("directive_due", self._owing_agencies(), f":{level}")

    def _become_late(self):
        waiting = self._owing_agencies()
        self._tell_leaders("directive_due", waiting, f":{LATE}")
        above = self.env["civic.outbox"]._officers_above(
            self.company_id, "province_leader", "centre_manager"
        )
        nobody = waiting.browse()
        self.env["civic.outbox"]._queue_acts(
            "directive_late",
            [(self, nobody, audience, people) for audience, people in above],
        )
        self._log_act("directive_late", ", ".join(waiting.mapped("name")))

    def _words_of_notice(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "number": self.number or "",
            "date": f"{self.date:%d/%m/%Y}" if self.date else "",
            "kind": kinds.get(self.kind, ""),
            "subject": self.subject or "",
            "waiting": ", ".join(self._owing_agencies().mapped("name")),
            "reason": self.end_reason or "",
        }
