from odoo import models

from ..ground.guard import reason_text
from .periodic_texts import WORDS


class CivicPeriodicReport(models.Model):
    """A correction is a new report, which takes the place of the issued one."""

    _inherit = "civic.periodic.report"

    def replace(self, reason):
        """Open the report that takes the place of an issued one; that one stays as it
        is, and in force until the new one is issued.

        :param reason: what is wrong with the old one
        :return: id of the new report
        """
        self.ensure_one()
        report = self._enter("replace")
        reason = reason_text(self.env, reason, self.env._("what is corrected"))
        new = report._open_periods(
            [(report.kind_id, report._period())],
            report.company_id,
            {
                "replaces_id": report.id,
                "filters": report.filters,
                "scope": report.scope,
                **{name: report[name] for name in (*WORDS, "recipients", "copies")},
                # It is no new period: what was due is done.
                "due_date": False,
                "due_at": False,
            },
        )
        report._walk("replace", note=reason)
        return new.id

    def _guard_not_replaced(self):
        if self.replacement_ids:
            return self.env._(
                "The report that takes its place is there already: finish that one."
            )
        return None
