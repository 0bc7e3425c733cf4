from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..ground.guard import required_text
from ..ground.key import Clock
from ..province.limit import has_passed
from ..workflow.transitions import HANDLING, OUTCOME


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    outcome_hours = fields.Integer(
        "Outcome of a Transfer Asked After (hours)",
        default=24,
        help="Whoever put a call through to 113, 114 or 115 asks what became of it; "
        "reminded after so long and after twice as long. No text sets a time: it is "
        "never overdue.",
    )

    _outcome_sensible = models.Constraint(
        "CHECK (outcome_hours BETWEEN 1 AND 8784)",
        "Outcomes are asked for after 1 to 8784 hours.",
    )

    def _reminder(self, code):
        return (
            (self.outcome_hours, "hour") if code == OUTCOME else super()._reminder(code)
        )


class CivicAssignment(models.Model):
    """What an agency did in an emergency and did not enter itself (ST Điều 19, bước 3:
    it may send it to the Centre by letter or e-mail)."""

    _inherit = "civic.assignment"

    def record_result(
        self, result, document, completed_at=None, sent_at=None, attachment_ids=None
    ):
        """Enter, as the Centre, the result of an emergency that its agency sent by
        letter, e-mail or telephone.

        The agency has approved what it sent; its duties end at the moment at which it
        did.

        :param result: what was done
        :param document: how it came: number and date of the letter, the mail, who
            called
        :param completed_at: when the work on the spot was done, UTC
        :param sent_at: when the agency sent it, UTC; now by default
        :param attachment_ids: ids of uploaded files: the letter or the e-mail, pictures
        """
        assignments = self._enter("record_result")
        result = required_text(self.env, result, self.env._("what was done"))
        document = required_text(
            self.env, document, self.env._("the letter, the e-mail or who called")
        )
        completed, sent = map(self._read_completion, (completed_at, sent_at))
        sent = sent or self._now()
        for assignment in assignments:
            assignment._check_recorded(completed, sent)
        values = {"result": result, "submitted_at": sent, "approved_at": sent}
        if completed:
            values["completed_at"] = completed
        for assignment in assignments:
            files = self.browse(assignment.id)._taken_files(attachment_ids)
            assignment._keep_recorded(values, files)
        words = [
            document,
            self.env._("Sent: %s", assignments[:1].company_id._civic_moment_text(sent)),
        ]
        if completed:
            words.append(assignments._completion_words(completed))
        assignments._walk("record_result", note="\n".join(words))
        return True

    def _keep_recorded(self, values, files):
        # What somebody of the agency had typed is not lost.
        if (self.result or values["result"]) != values["result"]:
            self._log_note("draft_replaced", self.result)
        links = [Command.link(file_id) for file_id in files.ids]
        self.write({**values, "result_attachment_ids": links})
        self._end_as_sent(values["submitted_at"])

    def _check_recorded(self, completed, sent):
        """:raises UserError: where the Centre may not enter this result"""
        self._check_completed(completed)
        if has_passed(self._now(), sent) or has_passed(sent, self.dispatched_at):
            raise UserError(
                self.env._(
                    "%s: it was sent after the dispatch and not in the future.",
                    self.display_name,
                )
            )
        if completed and has_passed(sent, completed):
            raise UserError(
                self.env._(
                    "%s: it was completed before the result was sent.",
                    self.display_name,
                )
            )

    def _end_as_sent(self, sent):
        """End the agency's duties at the moment at which it sent its result: what the
        Centre enters later is not late for that."""
        steps = self.step_ids.filtered(lambda step: step.state == "open")
        handling = steps.filtered(lambda step: step.code in HANDLING)
        handling.with_context(civic_clock=Clock(sent))._close("done")
        code = self._own_code("approve")
        approving = steps.filtered(lambda step: step.code == code)
        if not approving:
            spec = {**self._prepare_step(code), "started_at": sent}
            approving = steps._open([{"counted_from": sent, **spec}])
        approving.with_context(civic_clock=Clock(sent))._close("done")
        # What goes on beyond the answer goes on.
        after = steps.filtered(lambda step: step.code == "execute_penalty")
        rest = steps - handling - approving - after
        rest.with_context(civic_clock=Clock(sent))._close("dropped")

    def _guard_emergency(self):
        if self.report_id.track != "emergency":
            return self.env._(
                "%s: only the result of an emergency is entered by the Centre; "
                "others are submitted and approved by the agency.",
                self.display_name,
            )
        return None


class CivicReport(models.Model):
    """What became of a call that was put through to 113, 114 or 115."""

    _inherit = "civic.report"

    outcome_attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_report_outcome_attachment_rel",
        string="Files of the Outcome",
        readonly=True,
        copy=False,
        bypass_search_access=True,
        groups="base.group_user",
        help="The letter or the e-mail of the service, and its pictures.",
    )

    def record_outcome(self, result, document, completed_at=None, attachment_ids=None):
        """Enter what the emergency service said became of a call put through to it.

        :param result: what was done; the Centre edits it before it is published
        :param document: how it came: number and date of the letter, who said it
        :param completed_at: when the work on the spot was done, UTC
        :param attachment_ids: ids of uploaded files: the letter or the e-mail, pictures
        """
        reports = self._enter("record_outcome")
        result = required_text(self.env, result, self.env._("what was done"))
        document = required_text(
            self.env, document, self.env._("the letter, the e-mail or who called")
        )
        assignments = self.env["civic.assignment"]
        completed = assignments._read_completion(completed_at)
        for report in reports:
            report._check_outcome(completed)
        words = [document]
        if completed:
            label = assignments._fields["completed_at"]._description_string(self.env)
            moment = reports[:1].company_id._civic_moment_text(completed)
            words.append(f"{label}: {moment}")
        for report in reports:
            files = self.browse(report.id)._taken_files(attachment_ids)
            report._walk(
                "record_outcome",
                {
                    "outcome_attachment_ids": [Command.set(files.ids)],
                    "public_result": result,
                    "resolved_at": self._now(),
                    "agency_id": report._service().id,
                },
                note="\n".join(words),
            )
        return True

    def _guard_put_through(self):
        if not self.transferred_to:
            return self.env._("%s was not put through to 113, 114 or 115.", self.name)
        return None

    def _check_outcome(self, completed):
        if completed and (
            has_passed(self._now(), completed)
            or has_passed(completed, self.received_at)
        ):
            raise UserError(
                self.env._(
                    "%s: it was completed after the report came in and not in the "
                    "future.",
                    self.name,
                )
            )

    def _result_files(self, assignments=None):
        """And those of the service to which it was put through."""
        return super()._result_files(assignments) | self.outcome_attachment_ids

    def _service(self):
        """The agency that is the emergency service to which it was put through."""
        return self.env["civic.agency"].search(
            [
                ("emergency_service", "=", self.transferred_to),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )

    def _due_steps(self, codes):
        """Nobody asks for the outcome of a call that an agency has in hand."""
        codes = super()._due_steps(codes)
        if OUTCOME in self._open_codes():
            return [code for code in codes if code != OUTCOME]
        return codes
