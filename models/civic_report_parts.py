from odoo import models
from odoo.exceptions import UserError

from .transitions import ANSWERING, ENDED_WITHOUT_RESULT, OPEN_ASSIGNMENT_STATES


class CivicReport(models.Model):
    """What agencies finish and return, and how that moves their report."""

    _inherit = "civic.report"

    def _has_part_back(self):
        """Whether the Centre has yet to say who takes a returned part."""
        return self.state == "processing" and "intake" in self._open_codes()

    def _parts(self):
        """Assignments of agencies that answer to the Centre and keep their part."""
        return self.assignment_ids.filtered(
            lambda row: row.role in ANSWERING and row.state not in ENDED_WITHOUT_RESULT
        )

    def _after_assignments(self, note=None):
        """Move on reports whose agencies have finished or returned their parts.

        While the province decides, whatever agencies do moves nothing.

        :param note: why an agency returned its part just now
        """
        busy = handled = partly = returned = self.browse()
        for report in self:
            states = set(report._parts().mapped("state"))
            if report.state != "processing":
                busy |= report
            elif not states:
                returned |= report
            elif note and not report._has_part_back():
                partly |= report
            elif states & set(OPEN_ASSIGNMENT_STATES) or report._has_part_back():
                busy |= report
            else:
                handled |= report
        busy._refresh_clock()
        handled._resolve()
        partly._part_returned(note)
        returned._take_back(note)

    def _take_back(self, note):
        """Back at the Centre, since no agency is left at work on it."""
        if not self:
            return
        self._lock_rows()
        self._walk("take_back", {"agency_id": False}, note=note)

    def _part_returned(self, note):
        """The Centre's turn to hand on what one of several agencies returned."""
        for report in self:
            report._lock_rows()
            agencies = report._parts().sorted("id").agency_id
            main = report.agency_id if report.agency_id in agencies else agencies[:1]
            report._walk("part_returned", {"agency_id": main.id}, note=note)

    def redispatch(self, agency_ids=None, note=None, other_reason=None):
        """Hand on a part that one of several agencies returned (HUE Điều 7.1b).

        :param agency_ids: ids of civic.agency; none when those that kept their parts
            are enough
        :param note: what the agencies should know, or why there is none
        :param other_reason: as of `dispatch`
        """
        reports = self._enter("redispatch")
        agencies = self._known_agencies(agency_ids)
        if agencies:
            reports._check_dispatch(agencies, None)
            reports._check_designated(agencies, other_reason)
        else:
            note = reports._required_text(note, self.env._("why no agency is needed"))
        for report in reports:
            report._check_part(agencies)
        reports._walk(
            "redispatch",
            note="\n".join(filter(None, [", ".join(agencies.mapped("name")), note])),
        )
        Assignment = self.env["civic.assignment"].with_env(reports.env)
        Assignment._dispatch(reports, agencies, None, note)
        reports._after_assignments()
        return True

    def _check_part(self, agencies):
        """:raises UserError: unless a part waits that these agencies can take"""
        if not self._has_part_back():
            raise UserError(
                self.env._("%s: no agency has returned its part.", self.name)
            )
        at_work = agencies & self._parts().agency_id
        if at_work:
            raise UserError(
                self.env._(
                    "%s is at work on this report already.",
                    ", ".join(at_work.mapped("name")),
                )
            )
