"""Questions by anybody about a published answer."""

from .site import ASKER, SubmissionCase


class QuestionCase(SubmissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.anyone_follows_up = True

    def asked(self, report=None, user=None, **changes):
        """A question, by somebody without an account."""
        report = (report or self.done()).sudo()
        form = {"body": "Bao giờ sơn lại vạch?", **ASKER, "consent": "1", **changes}
        return report._ask_sudo(form, user=user or self.env.ref("base.public_user"))

    def done(self, **values):
        report = self.make_report(**values)
        report.standardised_description = "Ổ gà sâu, cần vá."
        return self.walk_to("done", report).sudo()

    def looked_at(self, question):
        return question.with_user(self.operator).sudo(False)

    def told(self, question):
        return self.env["civic.outbox"].search([("question_id", "=", question.id)])

    def answered(self, question, words="Tuần sau sơn."):
        interaction = question.interaction_id
        part = interaction.assignment_id.with_user(self.handler).sudo(False)
        part.answer(interaction.id, words)

    def rows_of(self, report, event):
        return self.env["civic.outbox"].search(
            [("report_id", "=", report.id), ("notice_id.event", "=", event)]
        )
