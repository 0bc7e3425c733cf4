from odoo import models
from odoo.exceptions import MissingError, UserError

from ..ground.guard import ids_of, required_text


class CivicReport(models.Model):
    """From what agencies answer to what everybody reads."""

    _inherit = "civic.report"

    def _resolve(self):
        """All results are in: the Centre's turn to publish."""
        if not self:
            return
        self._lock_rows()
        for report in self:
            report.public_result = report._joined_results()
        self._walk("resolve", {"resolved_at": self._now()})

    def _joined_results(self):
        """The agencies' results as the draft of what is published."""
        approved = self.assignment_ids.filtered(
            lambda row: row.state == "approved" and row.role != "co"
        )
        if len(approved) == 1:
            return approved.result
        return "\n\n".join(f"{row.agency_id.name}:\n{row.result}" for row in approved)

    def request_fix(self, assignment_ids, reason):
        """Have agencies correct results that do not follow the form (HUE Điều 9.1a).

        :param assignment_ids: ids of approved assignments of this report
        :param reason: what must be corrected
        """
        self.ensure_one()
        report = self._enter("request_fix")
        reason = required_text(self.env, reason, self.env._("what must be corrected"))
        ids = ids_of(assignment_ids)
        assignments = report.assignment_ids.filtered(
            lambda row: row.id in ids and row.role != "co"
        )
        if not ids or len(assignments) != len(set(ids)):
            raise MissingError(
                self.env._("Not found: choose results of this report to send back.")
            )
        # What changes after the coordinating agency agreed needs its agreement again.
        report._walk(
            "request_fix", {"resolved_at": False, "concurred_at": False}, note=reason
        )
        assignments._fix(reason)
        report._refresh_clock()
        return True

    def _guard_results_in(self):
        if not self._answered_parts():
            return self.env._("%s: no agency's result is there to correct.", self.name)
        return None

    def publish(self, identity_reason=None):
        """Publish the result, or answer the citizen alone where it is not public
        (HUE Điều 9).

        :param identity_reason: why what names somebody stays in the public text
        """
        reports = self._enter("publish")
        now = self._now()
        for report in reports:
            if not (report.public_result or "").strip():
                raise UserError(
                    self.env._("%s: write the result to publish first.", report.name)
                )
        shown = reports.filtered(lambda report: report.visibility == "public")
        shown._check_identity(identity_reason, with_result=True)
        reports._walk("publish", {"published_at": now, "closed_at": now})
        return True
