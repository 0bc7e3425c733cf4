from odoo import models
from odoo.exceptions import MissingError, UserError

from ...tools.text import clean
from ..ground.guard import id_of, required_text


class CivicReport(models.Model):
    """What the sender asks about an answer (HUE Điều 12)."""

    _inherit = "civic.report"

    def follow_up(self, body, assignment_id=None):
        """Ask, as the sender, to make the result clearer (HUE Điều 12.1–2).

        :param body: the question
        :param assignment_id: id of the part of the answer that it is about; by default
            the main agency's
        """
        self.ensure_one()
        report = self._enter("follow_up")
        body = required_text(self.env, body, self.env._("what you want to know"))[:2000]
        assignment = report._answering(assignment_id)
        asked = report.interaction_ids.filtered(
            lambda row: row.state == "open" and not row.by_other
        )
        if clean(body) in asked.mapped("body"):
            raise UserError(
                self.env._("You have asked this already; the answer will come here.")
            )
        interaction = report.env["civic.interaction"].create(
            {
                "report_id": report.id,
                "assignment_id": assignment.id,
                "company_id": report.company_id.id,
                "agency_id": assignment._agency_in_charge().id,
                "body": clean(body),
                "sent_at": self._now(),
            }
        )
        report._walk("follow_up", note=body)
        step = assignment._prepare_step("interaction")
        report.env["civic.step"]._open([{**step, "interaction_id": interaction.id}])
        assignment._refresh_clock()
        return True

    def _answered_parts(self):
        """Assignments whose agency answers for its result, the main one first."""
        return self.assignment_ids.filtered(
            lambda row: row.state == "approved" and row.role != "co"
        ).sorted(lambda row: (row.agency_id != self.agency_id, row.id))

    def _has_answer(self):
        """Whether there is an answer about which its sender can ask."""
        return bool(self._answered_parts())

    def _guard_answered(self):
        if not self._has_answer():
            return self.env._("No agency has answered this report.")
        return None

    def _part_values(self):
        """Whom a question can be put to, where several agencies answered."""
        return [
            {"id": part.id, "agency": part.agency_id.name}
            for part in self._answered_parts()
        ]

    def _interaction_values(self):
        """What the sender asked about the answer, and whom more can be asked.

        :return: dict: can_follow_up, parts, interactions
        """
        may_ask = self._may_as_sender("follow_up")
        return {
            "can_follow_up": may_ask,
            "parts": self._part_values() if may_ask else [],
            "interactions": [
                {
                    "body": row.body,
                    "sent_at": row.sent_at,
                    "agency": row.agency_id.name,
                    "answer": "" if self.visibility == "secret" else row.answer or "",
                    "answered_at": row.answered_at,
                }
                for row in self.interaction_ids
                if not row.by_other
            ],
        }

    def _answering(self, assignment_id=None):
        """The part that a question is about.

        :raises MissingError: for a part that is none of this report's
        """
        parts = self._answered_parts()
        if not assignment_id:
            return parts[0]
        part = parts.filtered(lambda row: row.id == id_of(assignment_id))
        if not part:
            raise MissingError(
                self.env._("Not found: choose an agency that has answered.")
            )
        return part

    def _follow_up_as(self, proof, body, assignment_id=None):
        """Ask about the answer to the own report, see `follow_up`.

        :param proof: see `_as_sender`
        """
        report = self._as_sender(proof)
        report.follow_up(body, assignment_id)
        report._flush_as_citizen()


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def answer(self, interaction_id, body):
        """Answer a citizen's follow-up (HUE Điều 12.2).

        :param interaction_id: id of a follow-up on this assignment
        :param body: the answer, which the citizen reads
        """
        self.ensure_one()
        assignment = self._enter("answer")
        interaction = assignment.interaction_ids.filtered(
            lambda row: row.id == id_of(interaction_id)
        )
        if not interaction:
            raise UserError(self.env._("Choose a follow-up of this report."))
        if interaction.state == "answered":
            raise UserError(self.env._("This follow-up has been answered already."))
        if not interaction.is_open:
            raise UserError(
                self.env._(
                    "The report has been taken up again since this was asked: what "
                    "comes of it is the answer."
                )
            )
        body = required_text(self.env, body, self.env._("the answer"))
        interaction.write(
            {
                "answer": clean(body),
                "answered_at": self._now(),
                "answered_by_id": self.env.uid,
                "state": "answered",
            }
        )
        assignment.step_ids.filtered(
            lambda step: step.interaction_id == interaction and step.state == "open"
        )._close("done")
        # Whose question it was decides who is told that it is answered.
        code = {"code": "answer_other"} if interaction.by_other else {}
        assignment._walk("answer", note=body, event_values=code, about=interaction)
        return True
