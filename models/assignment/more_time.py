from datetime import timedelta
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError

from ..ground.guard import required_text
from ..province.limit import has_passed
from ..workflow.transitions import APPROVING, HANDLING


class CivicAssignment(models.Model):
    """More time for an assignment, and answers after its end."""

    _inherit = "civic.assignment"

    extension_ids = fields.One2many("civic.extension", "assignment_id", "Extensions")
    interaction_ids = fields.One2many(
        "civic.interaction", "assignment_id", "Follow-ups"
    )
    committed_date = fields.Date(
        readonly=True, help="The date to which the limit was extended."
    )

    # ------------------------------------------------------------------
    # From when a duty counts
    # ------------------------------------------------------------------

    def _prepare_step(self, code):
        spec = super()._prepare_step(code)
        if code in HANDLING:
            return {**spec, **self._handling_clock(code)}
        if code == "assign":
            return {**spec, **self._clock_after(("accept",))}
        return spec

    def _handling_clock(self, code):
        """What times a duty to handle other than its limit from now."""
        earlier = self.step_ids.filtered(lambda step: step.code == code)[-1:]
        # What is being extended now is under the date that was granted.
        if earlier.state == "open" and self.committed_date:
            return self._granted_clock()
        # Co-agencies invited after a consolidation begin the next one anew.
        if earlier and (code != "consolidate" or earlier.state == "done"):
            return self._clock_going_on(earlier)
        if self.committed_date:
            return self._granted_clock()
        if code != "process":
            return {}
        if self.report_id.procedure_id.process_from_dispatch:
            return {"counted_from": self.dispatched_at}
        return self._clock_after(("accept", "assign"))

    def _granted_clock(self):
        """What an extension has put in the limit's place."""
        if self.committed_date:
            return {
                "deadline": self._close_of(self.committed_date),
                "is_extended": True,
            }
        return {}

    def _clock_going_on(self, earlier):
        """Sent back: the days of the law go on, they do not begin anew."""
        granted = self._granted_clock().get("deadline")
        if granted and earlier.deadline and granted <= earlier.deadline:
            granted = None
        holds = self._holds_since(earlier)
        if holds and (granted or earlier.deadline):
            return self._shifted_clock(earlier, *holds, granted=granted)
        if granted:
            return self._granted_clock()
        return {
            "deadline": earlier.deadline,
            "counted_from": earlier.counted_from,
            "held": earlier.held,
            "is_extended": earlier.is_extended,
        }

    def _shifted_clock(self, earlier, *holds, granted=None):
        """The clock of an earlier duty after times that do not count.

        :param earlier: civic.step with a deadline
        :param holds: (start, end) of each of these times, in order
        :param granted: the deadline that an extension has put in its place since
        """
        calendar = self.agency_id.calendar_id or self.report_id._working_calendar()
        deadline, since = granted or earlier.deadline, earlier.counted_from
        load = partial(calendar._civic_loader(min(since, deadline)), calendar)
        # An extension is to the close of a day, whatever there was before it.
        unit = earlier.limit_unit or "working_day"
        for hold in holds:
            shift = partial(calendar._civic_shifted, load, hold, unit)
            deadline, since = shift(deadline), shift(since)
        return {
            "deadline": deadline,
            "counted_from": since,
            "held": earlier._held_until(*holds, granted=granted),
            "is_extended": bool(granted or earlier.is_extended),
        }

    def _holds_since(self, earlier):
        """When the agency's clock has stood still since it submitted its result.

        It waited for approval, which has a limit of its own, then it lay with the
        Centre; an approval that was late earns no time.

        :param earlier: civic.step: the duty to handle that ended with the submission
        :return: list of (start, end), naive UTC; empty where the leader sent it back
        """
        if not self.approved_at:
            return []
        approving = self.step_ids.filtered(
            lambda step: step.code in APPROVING and step.state == "done"
        )[-1:]
        centre = (self.approved_at, self._now())
        if not approving.is_late:
            return [(min(earlier.ended_at, self.approved_at), self._now())]
        if earlier.ended_at < approving.deadline:
            return [(earlier.ended_at, approving.deadline), centre]
        return [centre]

    def _clock_after(self, codes):
        """Delay earns no time: a duty counts from the end of the one before it, or from
        when that was due."""
        before = self.step_ids.filtered(
            lambda step: step.code in codes and step.state == "done"
        )[-1:]
        if has_passed(before.deadline, self._now()):
            return {"counted_from": before.deadline}
        return {}

    # ------------------------------------------------------------------
    # Extension (ST Điều 14.3)
    # ------------------------------------------------------------------

    def request_extension(self, document, committed_date, reason, attachment_ids=None):
        """Ask the Centre for more time.

        :param document: number and date of the written notice
        :param committed_date: date by which the work will be done, ISO or date
        :param reason: why it takes longer
        :param attachment_ids: ids of uploaded files: the notice, which the citizen gets
        """
        self.ensure_one()
        assignment = self._enter("request_extension")
        document = required_text(self.env, document, self.env._("the written notice"))
        reason = required_text(self.env, reason, self.env._("why it takes longer"))
        date = self._checked_commitment(committed_date)
        self.env["civic.extension"].with_env(assignment.env).create(
            {
                "assignment_id": assignment.id,
                "document": document,
                "committed_date": date,
                "reason": reason,
                "requested_at": self._now(),
                "attachment_ids": [(6, 0, self._notice_files(attachment_ids).ids)],
            }
        )
        assignment._walk("request_extension", note=f"{document} · {date}\n{reason}")
        return True

    def _guard_extension_known(self):
        procedure = self.report_id.procedure_id
        if not procedure.extension_allowed:
            return self.env._(
                "%s knows no extension: answer with a commitment and its date.",
                procedure.name,
            )
        return None

    def _guard_no_extension_asked(self):
        if "asked" in self.extension_ids.mapped("state"):
            return self.env._("An extension has been asked for already.")
        return None

    def _checked_commitment(self, committed_date):
        try:
            date = fields.Date.to_date(committed_date)
        except (TypeError, ValueError):
            date = None
        today = self.company_id._civic_today()
        if not date or not today < date <= today + timedelta(days=366):
            raise UserError(
                self.env._("Commit to a date after today and within a year.")
            )
        return date

    def _extend(self, date):
        """Give the work until the close of the committed date."""
        self.write({"committed_date": date})
        self._retime()

    def _close_of(self, date):
        """End of work on a date, or its midnight when nobody works that day."""
        calendar = self.agency_id.calendar_id or self.report_id._working_calendar()
        return calendar._civic_close_of(date)

    def _retime(self):
        """Let the open duty to handle go on under the deadline that now holds.

        The duty so far ends; whether it was late by then is kept.
        """
        steps = self.step_ids.filtered(
            lambda step: step.state == "open" and step.code in HANDLING
        )
        specs = [step.assignment_id._prepare_step(step.code) for step in steps]
        steps._close("dropped")
        steps._open(specs)
        self._refresh_clock()

    # ------------------------------------------------------------------
    # Follow-ups
    # ------------------------------------------------------------------

    def _guard_question_open(self):
        if "open" not in self.interaction_ids.mapped("state"):
            return self.env._("%s: no question waits for an answer.", self.display_name)
        return None
