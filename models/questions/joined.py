from odoo import fields, models
from odoo.exceptions import MissingError, UserError

from ...tools.text import clean
from ..ground.guard import id_of, required_text
from .question import MAX_QUESTION


class CivicReport(models.Model):
    """The sender of a report that was answered with an earlier one is a sender, too,
    and asks about that answer (HUE Điều 12.1, ST Điều 16.1, BP Điều 8.1).

    The first report's sender is not to learn of it: the question goes by the Centre.
    """

    _inherit = "civic.report"

    joined_question_ids = fields.One2many(
        "civic.question",
        "joined_report_id",
        "Questions About the Answer",
        groups="civic_report.group_operator",
    )

    def follow_up(self, body, assignment_id=None):
        self.ensure_one()
        self._check_found()
        # sudo: whether it is joined, not to which one
        if not self.sudo().joined_to_id:
            return super().follow_up(body, assignment_id)
        report = self._enter("follow_up")
        body = required_text(
            self.env, clean(body or ""), self.env._("what you want to know")
        )[:MAX_QUESTION]
        first = report.joined_to_id
        parts = first._answered_parts()
        part = parts.filtered(lambda row: row.id == id_of(assignment_id))
        if assignment_id and not part:
            raise MissingError(
                self.env._("Not found: choose an agency that has answered.")
            )
        asked = report.joined_question_ids
        waiting = asked.filtered(lambda row: not row.answer and row.state != "declined")
        if body in waiting.mapped("body"):
            raise UserError(
                self.env._("You have asked this already; the answer will come here.")
            )
        question = asked.create(
            {
                "report_id": first.id,
                "joined_report_id": report.id,
                "assignment_id": part.id,
                "company_id": first.company_id.id,
                "reporter_id": report.reporter_id.id,
                "body": body,
                "sent_at": report._now(),
                **asked._new_link(),
            }
        )
        report._walk("follow_up", note=body)
        first._log_note("question_asked", False)
        question._tell_centre()
        return True

    def _has_answer(self):
        first = self.joined_to_id
        return first._has_public_answer() if first else super()._has_answer()

    def _interaction_values(self):
        """Of a report that was answered with an earlier one: what its sender asked
        about that answer, and whom more can be asked."""
        values = super()._interaction_values()
        # sudo: of the first report what everybody may read, and of the own questions
        report = self.sudo()
        first = report.joined_to_id
        if not first:
            return values
        return {
            **values,
            "parts": first._part_values() if values["can_follow_up"] else [],
            "interactions": [
                question._own_values() for question in report.joined_question_ids
            ],
        }


class CivicQuestion(models.Model):
    _inherit = "civic.question"

    def _own_values(self):
        """This question on the own page of who asked, as `civic.interaction` there."""
        shown = self._page_values()
        is_declined = self.state == "declined"
        centre = self.env._("The intake centre")
        asked = self._answered_part().agency_id.name or centre
        return {
            "body": self.body,
            "sent_at": self.sent_at,
            "agency": centre if is_declined else shown["agency"] or asked,
            "answer": shown["reason"] if is_declined else shown["answer"],
            "answered_at": self.decided_at if is_declined else shown["answered_at"],
        }
