from collections import defaultdict
from datetime import timedelta

from odoo import models

from ..report.join import COURSE
from ..workflow.event import SENDER_NOTES
from ..workflow.step import OPTIONAL_CODES
from ..workflow.transitions import TRANSITIONS

SAME_MOMENT = timedelta(minutes=1)
# Open duties that a page shows; a report in more hands than these has its list inside.
MAX_DUTIES = 12


class CivicReport(models.Model):
    """What has happened to a report, as visitors and its sender read it."""

    _inherit = "civic.report"

    def _timeline(self, own=False):
        """Public events, the first one first, each with the deadline it met or missed.

        :param own: for the sender: with the words said between sender and Centre, and
            what everybody may know of the course of the report that it follows
        :return: list of dicts: code, label, at, agency, deadline, is_late, late_by,
            note
        """
        self.ensure_one()
        ended = defaultdict(list)
        for step in self.step_ids.filtered(lambda step: step.state == "done"):
            ended[step.assignment_id.id, step.code].append(step)
        events = self.event_ids.sorted(lambda event: (event.at, event.id))
        rows = [(event, event._timeline_row(ended, own)) for event in events]
        shown = [
            row
            for event, row in rows
            if event.is_public or (own and event._is_for_sender())
        ]
        course = self._followed_course() if own else []
        return sorted([*shown, *course], key=lambda row: row["at"])

    def _followed_course(self):
        """What everybody may know of the course of the report that this one follows,
        each row with its code: some of it was before this report was sent."""
        # sudo: the first report is another sender's; what is published of it is shown
        first = self.sudo().joined_to_id.filtered("is_published")
        return [
            {**row, "label": f"{row['label']} ({first.name})"}
            for row in (first._timeline() if first else ())
            if row["code"] in COURSE
        ]

    def _open_duties(self):
        """What is to be done now, by whom and until when; the one due first, first.

        :return: list of dicts: label, holder, deadline, time_left, is_late, counted
            (how the deadline was counted, in words)
        """
        steps = self._shown_duties()
        counted = steps._counted_words()
        return [
            {
                "label": step._code_words(),
                "holder": step._holder_words(),
                "deadline": step.deadline,
                "time_left": step.time_left,
                "is_late": step.is_overdue,
                "counted": words,
            }
            for step, words in zip(steps, counted.values(), strict=True)
        ]

    def _shown_duties(self):
        """The open duties of `_open_duties`, in its order."""
        self.ensure_one()
        steps = self.step_ids.filtered(
            lambda step: step.state == "open" and step.code not in OPTIONAL_CODES
        )
        # Those without a limit come last.
        return steps.sorted(lambda step: (not step.deadline, step.deadline, step.id))[
            :MAX_DUTIES
        ]


class CivicEvent(models.Model):
    _inherit = "civic.event"

    def _timeline_row(self, ended, own):
        step = self._ended_step(ended)
        return {
            "code": self.code,
            "label": self._code_label(self.code),
            "at": self.at,
            "agency": self.assignment_id.agency_id.name or "",
            "deadline": step.deadline if step else False,
            "is_late": bool(step and step.is_late),
            "late_by": step._time_left_words(step.deadline, step.ended_at)
            if step and step.is_late
            else "",
            "note": (self.note or "") if own and self.code in SENDER_NOTES else "",
        }

    def _ended_step(self, ended):
        """The timed duty that this event fulfilled, taken out of `ended`.

        :param ended: dict of (assignment id, code) → list of steps in order
        """
        model = "civic.assignment" if self.assignment_id else "civic.report"
        transition = TRANSITIONS.get((model, self.code))
        found = None
        for code in transition.ends if transition else ():
            steps = ended[self.assignment_id.id, code]
            # A slow transaction writes step and event some seconds apart.
            near = [
                step for step in steps if abs(step.ended_at - self.at) < SAME_MOMENT
            ]
            if near:
                steps.remove(near[0])
                found = found or (near[0] if near[0].deadline else None)
        return found
