from odoo import models
from odoo.exceptions import UserError

from ..workflow.transitions import (
    ANSWERING,
    ENDED_WITHOUT_RESULT,
    OPEN_ASSIGNMENT_STATES,
)


class CivicReport(models.Model):
    """What agencies finish and return, and how that moves their report."""

    _inherit = "civic.report"

    def _has_part_back(self):
        """Whether the Centre has yet to say who takes a returned part."""
        return self.state == "processing" and "intake" in self._open_codes()

    def _guard_part_back(self):
        if not self._has_part_back():
            return self.env._("%s: no agency has returned its part.", self.name)
        return None

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
        handled = partly = returned = self.browse()
        for report in self.filtered(lambda row: row.state == "processing"):
            states = set(report._parts().mapped("state"))
            has_part_back = report._has_part_back()
            if not states:
                returned |= report
            elif note and not has_part_back:
                partly |= report
            elif not has_part_back and not states & set(OPEN_ASSIGNMENT_STATES):
                handled |= report
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

    def _check_may_have_more(self):
        """No guard: that no agency takes the part is possible all the same, and may be
        the way out.

        :raises UserError: before more agencies get what is sensitive
        """
        for report in self:
            if report._guard_consulted():
                raise UserError(
                    self.env._(
                        "%s is sensitive and the coordinating agency has not said who "
                        "is competent: hand the part on to nobody, and say why, or put "
                        "it to the province.",
                        report.name,
                    )
                )
