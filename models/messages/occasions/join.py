from odoo import api, models

from ...ground.paths import lookup_path
from ...report.join import COURSE
from ...workflow.transitions import ANSWERED_STATES

# What becomes of the first report is told to the senders of those that are joined to
# it, of each about the own one. A reopened one takes up those that it had answered.
STATES = {
    **dict.fromkeys(COURSE, ("joined",)),
    "publish": ("joined",),
    "forward": ("joined",),
    "reopen": ANSWERED_STATES,
}


class CivicNotice(models.Model):
    """The report in which a matter goes on, as far as its reader may know it."""

    _inherit = "civic.notice"

    def _known_gaps(self):
        known = super()._known_gaps()
        if self.audience != "reporter":
            return known
        # Addresses of reports hold their subjects.
        return known | {
            "first_code",
            *(() if self._is_short() else ("first_link",)),
        }


class CivicOutbox(models.Model):
    """Senders of joined reports hear of the first report's course what is public."""

    _inherit = "civic.outbox"

    @api.model
    def _queue_about(self, happenings):
        followed = [
            (code, joined, assignment, event)
            for code, report, assignment, event in happenings
            if code in STATES and report.joined_count and report.is_published
            # sudo: whoever makes the transition need not see who follows
            for joined in report.sudo()._joined(*STATES[code])
        ]
        return super()._queue_about([*happenings, *followed])

    @api.model
    def _prepare_about(self, notice, report, assignment, event):
        if not event or event.report_id == report:
            return super()._prepare_about(notice, report, assignment, event)
        if notice[1] != "reporter":
            return []  # about the first report alone
        rows = super()._prepare_about(notice, report, assignment, event)
        return [{**row, "key": f"{row['key']}:{report.id}"} for row in rows]

    def _reporter_values(self):
        values = super()._reporter_values()
        report = self.report_id
        if not (report.duplicate_of_id or report.joined_to_id):
            return values
        first = report._first_shown()
        values["first_code"] = first.name or ""
        # What an agency writes to the first one's sender is that sender's.
        values["progress"] = values["answer"] = ""
        values["first_link"] = self._first_link(first) if first else ""
        if first and report.joined_to_id:
            agencies = self.assignment_id.agency_id or first._parts().agency_id
            values["agencies"] = ", ".join(agencies.mapped("name"))
            if first.deadline:
                when = self.company_id._civic_deadline_text
                values["deadline"] = when(first.deadline)
        return values

    def _first_link(self, first):
        if first.is_published:
            return self._site() + first._website_path()
        own = first.reporter_id.user_id
        return self._site() + (first._own_path() if own else lookup_path(first.name))
