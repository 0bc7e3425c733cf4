from odoo import models

# Events by which somebody hears that a report was heard.
HEARD = frozenset({"send", "receive"})


class CivicOutbox(models.Model):
    """What citizens are told that differs from one regulation to the next."""

    _inherit = "civic.outbox"

    def _reporter_values(self):
        report = self.report_id
        lifts = report.procedure_id.penalty_lifts_limit
        return {
            **super()._reporter_values(),
            "closed_way": report._closed_way_told()
            if self.notice_id.event in HEARD
            else "",
            "penalty_time": self.env._(
                "Meanwhile the law on penalties sets the time to handle it."
            )
            if lifts
            else "",
        }
