from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import MissingError

from ..ground.guard import required_text
from ..ground.words_field import MODE
from ..privacy.data_copy import MAX_REPORTS, _iso


@dataclass(frozen=True)
class AskerGrant:
    """The right of whoever holds the link of these questions."""

    question_ids: frozenset


class CivicQuestion(models.Model):
    """What breaks the rules of conduct counts against who asked, never against the
    sender of the report (ST Điều 17.1)."""

    _inherit = "civic.question"

    violation_ids = fields.One2many("civic.violation", "question_id", "Violations")

    def mark_violation(self, kind, note):
        """Find that a question breaks the rules of conduct.

        :param kind: key of `civic.violation.kind`
        :param note: what was found, as whoever asked is told
        """
        self.ensure_one()
        question = self._enter("mark_violation")
        note = required_text(self.env, note, self.env._("what was found"))
        question.interaction_id.write({"violation": True})
        question.env["civic.violation"]._find(
            [
                {
                    # Not the report's: its sender has nothing to do with it.
                    "question_id": question.id,
                    "reporter_id": question.reporter_id.id,
                    "company_id": question.company_id.id,
                    "about": "follow_up",
                    "kind": kind,
                    "note": note,
                    "source": question.report_id.procedure_id._conduct_words(),
                    "sent_at": question.sent_at,
                }
            ]
        )
        question._walk("mark_violation", {"violation": True}, note=note)
        return True

    def _guard_question_unmarked(self):
        if self.violation:
            return self.env._("This question was found in violation already.")
        return None

    def _appeal(self, body):
        """Appeal, as whoever holds the link, against the finding about a question.

        :raises MissingError: where nothing was found
        """
        finding = self.violation_ids.filtered(lambda row: row.state == "found")[:1]
        if not finding:
            raise MissingError(self.env._("Not found: it is not about what you sent."))
        grant = AskerGrant(frozenset(self.ids))
        finding.with_context(civic_asker=grant).appeal(body)

    def _page_values(self):
        finding = self.violation_ids.sorted("id")[-1:]
        return {
            **super()._page_values(),
            "finding": {
                "kind": finding._kind_label(),
                "note": finding.note,
                "source": finding.source or "",
                "state": finding.state,
                "can_appeal": finding._lets({"reporter"}, "appeal"),
                "appeal": finding.appeal_text or "",
                "decision": finding.decision_note or "",
            }
            if finding
            else {},
        }


class CivicViolation(models.Model):
    _inherit = "civic.violation"

    question_id = fields.Many2one(
        "civic.question",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )

    _once_per_question = models.UniqueIndex(
        "(question_id) WHERE question_id IS NOT NULL AND state != 'lifted'",
        "This question was found in violation already.",
    )

    @api.depends("question_id")
    @api.depends_context("uid", MODE)
    def _compute_text(self):
        answer = super()._compute_text()
        for violation in self.filtered("question_id"):
            violation.text = violation.question_id.body
        return answer

    def _is_senders(self, env):
        if not self.question_id:
            return super()._is_senders(env)
        # The sender of the report has no say here, whatever was proved.
        grant = env.context.get("civic_asker")
        if isinstance(grant, AskerGrant):
            return self.question_id.id in grant.question_ids
        account = self.reporter_id.user_id
        return bool(account) and account == env.user

    def _react_unmark(self, act):
        asked = self.question_id
        asked.write({"violation": False})
        asked.interaction_id.write({"violation": False})
        return super()._react_unmark(act)


class CivicInteraction(models.Model):
    _inherit = "civic.interaction"

    def mark_violation(self, kind, note):
        """What somebody else asked counts against that person."""
        self.ensure_one()
        asked = self.env["civic.question"].search([("interaction_id", "in", self.ids)])
        if asked:
            return asked.mark_violation(kind, note)
        if self.sudo().by_other:  # sudo: only whether; the question is the Centre's
            raise MissingError(self.env._("Not found: there is no such follow-up."))
        return super().mark_violation(kind, note)

    def _guard_finding_possible(self):
        """Whose question it was counts, and not what is known of the sender."""
        return None if self.by_other else super()._guard_finding_possible()


class CivicReporter(models.Model):
    _inherit = "civic.reporter"

    question_ids = fields.One2many(
        "civic.question",
        "reporter_id",
        "Questions About Answers",
        groups="civic_report.group_operator",
    )

    def _is_like_locked(self):
        """Whether somebody who may not ask is known by the same telephone or e-mail."""
        self.ensure_one()
        return not self.user_id and any(
            other._is_locked_now(what)
            for other in self._same_contact()
            for what in ("account", "follow_up")
        )

    def _is_too_many(self, what, violations, procedure):
        # What was asked about another's report is counted under no report of the own.
        procedure = procedure or self.company_id._civic_procedure()
        return super()._is_too_many(what, violations, procedure)

    def _lock_procedure(self):
        last = self.question_ids.sorted("sent_at")[-1:].report_id
        if last and not self._latest_report():
            return last.procedure_id
        return super()._lock_procedure()

    def _copy_of_data(self, when=_iso):
        copied = super()._copy_of_data(when)
        # sudo: whose data it is has it copied; the own words and what came of them
        questions = self.sudo().question_ids[:MAX_REPORTS]
        return {
            **copied,
            "questions": [
                {
                    "code": row.report_id.name,
                    "sent_at": when(row.sent_at),
                    "question": row.body,
                    "answer": row._page_values()["answer"],
                    "reason": row.reason or "",
                }
                for row in questions
            ],
        }

    def _deletion_obstacle(self):
        words = super()._deletion_obstacle()
        if words:
            return words
        # sudo: only codes of reports are told
        waiting = self.sudo().question_ids.filtered(lambda row: row.state == "new")
        if waiting:
            return self.env._(
                "A question is still to be looked at: %s.",
                ", ".join(waiting.report_id.mapped("name")),
            )
        return words
