from odoo import models

from ..ground.guard import reason_text


class CivicPeriodicReport(models.Model):
    """What was opened on demand by mistake is dropped: it stays to be seen, has no
    number, and nobody owes anything for it."""

    _inherit = "civic.periodic.report"

    def drop(self, reason):
        """Drop a report on demand that is not issued.

        :param reason: why, as its history says
        """
        self.ensure_one()
        report = self._enter("drop")
        reason = reason_text(self.env, reason, self.env._("why it is dropped"))
        report._check_names_nobody([reason])
        report._walk("drop", note=reason)
        report._excuse_agencies()
        return True

    def _guard_on_demand(self):
        if self.period_kind != "demand":
            return self.env._(
                "It was not opened on demand: what the regulation orders is owed. Draw "
                "it up and issue it."
            )
        return None

    def _excuse_agencies(self):
        """Whoever was asked to explain delays for it need not; what is signed stays."""
        asked = self.env["civic.explanation"].search(
            [("periodic_report_id", "in", self.ids)]
        )
        if asked:
            asked._lock_rows()
            # One may have been signed while this waited for it.
            asked.filtered("is_open")._walk("excuse", {"alert_at": False})
