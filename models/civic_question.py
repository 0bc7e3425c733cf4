import re

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, MissingError, UserError

from ..tools.own_words import BY_FORM, mask
from ..tools.redaction import NOBODY as NOBODY_KNOWN
from ..tools.text import clean
from .citizen import as_citizen
from .civic_report_submission import MAX_LENGTHS, FormError
from .civic_words import SIGNATURE
from .door import lock_rows
from .words_field import MODE

NOBODY = fields.NO_ACCESS
MAX_QUESTION = 2000
# What is filled in on the page of a report; whatever else is sent is ignored.
QUESTION_FIELDS = ("body", "name", "phone", "email", "consent", "part", "key", "proof")
KEY = re.compile(r"[0-9a-f-]{36}")


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    anyone_follows_up = fields.Boolean(
        "Anybody May Ask About an Answer",
        help="Not the sender alone; the Centre looks at each question first (HUE Điều "
        "12.1). Empty: the text gives this right to the sender.",
    )


class CivicInteraction(models.Model):
    _inherit = "civic.interaction"

    by_other = fields.Boolean(
        "Asked by Somebody Else",
        readonly=True,
        help="Not by the sender of the report. The Centre alone knows who it was.",
    )


class CivicQuestion(models.Model):
    """What somebody who did not send a report asks about its published answer (HUE
    Điều 12.1).

    The Centre alone reads it as it came, and knows who asks. What it passes on goes to
    the agency as a follow-up, without anything of who asked.
    """

    _name = "civic.question"
    _inherit = ["civic.kept", "civic.sealed", "civic.secret.link"]
    _description = "Question about an Answer"
    _order = "sent_at, id"
    _link_page = "/phan-anh/hoi"
    _link_purpose = "question-link"

    report_id = fields.Many2one(
        "civic.report", required=True, index=True, ondelete="restrict", readonly=True
    )
    assignment_id = fields.Many2one(
        "civic.assignment",
        "About the Answer Of",
        ondelete="restrict",
        readonly=True,
        help="Empty: of the main agency.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    joined_report_id = fields.Many2one(
        "civic.report",
        "By the Sender Of",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="A report that was answered together with this one.",
    )
    reporter_id = fields.Many2one(
        "civic.reporter",
        "Asked By",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    body = fields.Text("Question", required=True, readonly=True)
    sent_at = fields.Datetime("Sent", required=True, readonly=True)
    is_flagged = fields.Boolean(
        "Like a Locked Sender",
        readonly=True,
        help="From the telephone or e-mail of a locked sender.",
    )
    state = fields.Selection(
        [
            ("new", "To be looked at"),
            ("passed", "Passed on"),
            ("declined", "Declined"),
        ],
        required=True,
        default="new",
        readonly=True,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime("Decided", readonly=True)
    reason = fields.Text("Why It Was Declined", readonly=True)
    interaction_id = fields.Many2one(
        "civic.interaction",
        "Follow-up",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    passed_body = fields.Text("Passed On As", compute="_compute_passed_body")
    answer = fields.Text(related="interaction_id.answer")
    violation = fields.Boolean(readonly=True)
    submission_key = fields.Char(groups=NOBODY, copy=False)
    # Of the link only its key and its hash are kept; see tools/secret_link.py.
    link_key = fields.Char(groups=NOBODY, copy=False, index="btree_not_null")
    link_hash = fields.Char(groups=NOBODY, copy=False)

    _once = models.UniqueIndex(
        "(report_id, submission_key) WHERE submission_key IS NOT NULL",
        "This question has been asked already.",
    )
    _once_passed = models.UniqueIndex(
        "(interaction_id) WHERE interaction_id IS NOT NULL",
        "This question was passed on already.",
    )

    @api.depends("report_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """By the code, see `civic.interaction`."""
        for question in self:
            question.display_name = self.env._(
                "Question about %s", question.report_id.name
            )

    @api.depends("interaction_id")
    @api.depends_context("uid", MODE)
    def _compute_passed_body(self):
        for question in self:
            question.passed_body = question.interaction_id.body

    # ------------------------------------------------------------------
    # Moderation by the Centre
    # ------------------------------------------------------------------

    def pass_on(self, body=None):
        """Hand a question to the agency that answered, as a follow-up.

        Its time runs from when the question was sent (HUE Điều 12.2). What tells who
        asks is masked.

        :param body: the words in which it is handed on; as it came by default
        :raises UserError: where it was decided already, or the answer is public no more
        """
        question = self._enter_moderation()
        report = question.report_id
        report._lock_rows()
        if not report._has_public_answer():
            raise UserError(
                self.env._(
                    "%s has no answer that is public any more: decline the question, "
                    "and say so.",
                    report.name,
                )
            )
        body = report._required_text(
            clean(body or question.body), self.env._("the question")
        )
        body = question._without_asker(body[:MAX_QUESTION])
        assignment = question._answered_part()
        now = question.env["civic.door"]._now()
        interaction = question.env["civic.interaction"].create(
            {
                "report_id": report.id,
                "assignment_id": assignment.id,
                "company_id": report.company_id.id,
                "agency_id": assignment._agency_in_charge().id,
                "body": body,
                "sent_at": question.sent_at,
                "by_other": True,
            }
        )
        question._decide("passed", {"interaction_id": interaction.id}, now)
        report._log_note("question_passed", body)
        question.env["civic.step"]._open(
            [
                {
                    **assignment._prepare_step("interaction"),
                    "interaction_id": interaction.id,
                    "counted_from": question.sent_at,
                }
            ]
        )
        assignment._refresh_clock()
        return True

    def decline(self, reason):
        """Answer a question without handing it on.

        :param reason: why, as whoever asked is told
        """
        question = self._enter_moderation()
        reason = self.env["civic.report"]._required_text(
            reason, self.env._("why, as whoever asked is told")
        )
        question._decide("declined", {"reason": clean(reason)})
        question.report_id._log_note("question_declined", False)
        return True

    def _enter_moderation(self, states=("new",)):
        """Check who asks for what, and give the question, locked and elevated.

        :raises MissingError, AccessError, UserError: in words for the officer
        """
        self.ensure_one()
        if self != self.exists()._filtered_access("read"):
            raise MissingError(self.env._("Not found: there is no such question."))
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(
                self.env._("Only operators of the intake centre look at questions.")
            )
        question = self.with_env(self.env["civic.report"]._elevated().env)
        lock_rows(question)
        if question.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._("This question is “%s” already.", labels[question.state])
            )
        return question

    def _decide(self, state, values, now=None):
        self.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": now or self.env["civic.door"]._now(),
                **values,
            }
        )

    def _answered_part(self):
        """The part that it is about, or the main one where that was done anew."""
        parts = self.report_id._answered_parts()
        return self.assignment_id if self.assignment_id in parts else parts[:1]

    def _without_asker(self, text):
        """A text without what is known of who asks."""
        asker, report = self.reporter_id, self.report_id
        known = NOBODY_KNOWN if asker.anonymised_at else report._identity_of(asker)
        return mask(text, known, forms=SIGNATURE | BY_FORM, kept=report._offices())

    # ------------------------------------------------------------------
    # The link for whoever asked
    # ------------------------------------------------------------------

    def _link_path(self):
        """Path of the page on which whoever asked reads the answer."""
        return self._secret_path() or "/phan-anh"

    def _vault_again(self):
        return self._new_link(self.link_key) if self.link_key else {}

    def _vault_write(self, values):
        self.with_env(self.env["civic.report"]._elevated().env).write(values)

    def _page_values(self):
        """What whoever asked reads: the own words, and of the answer what is public.

        :return: dict of plain values
        """
        self.ensure_one()
        interaction, report = self.interaction_id, self.report_id
        shown = report.filtered("is_published")
        return {
            "code": report.name,
            "subject": shown._masked_words().subject or "",
            "path": shown._website_path() if shown else "",
            "body": self.body,
            "sent_at": self.sent_at,
            "state": self.state,
            "reason": self.reason or "",
            "agency": interaction.agency_id.name or "",
            # What was public when it was asked about may not be so any more.
            "answer": (interaction.answer or "") if shown else "",
            "answered_at": interaction.answered_at,
            "is_overtaken": interaction.state == "overtaken",
        }


class CivicReport(models.Model):
    """Questions by anybody about a published answer."""

    _inherit = "civic.report"

    def _takes_questions(self):
        """Whether anybody may ask about the answer (HUE Điều 12.1)."""
        self.ensure_one()
        return self.procedure_id.anyone_follows_up and self._has_public_answer()

    def _has_public_answer(self):
        return bool(
            self.state == "done" and self.is_published and self._answered_parts()
        )

    def _question_values(self, user):
        """What the public page shows of asking; for elevated records.

        :param user: res.users of the visitor
        :return: dict: is_open, own_path (where the sender, signed in, asks), parts,
            limits, name, email and phone that are known of an account
        """
        is_open = self._takes_questions()
        known = {}
        if is_open and not user._is_public():
            is_mail = "@" in (user.email or "")
            known = {
                "name": user.name if user.name != user.login else "",
                "email": user.email if is_mail else "",
                "phone": user.phone or "",
            }
        is_own = bool(known) and self._is_sent_by(user)
        return {
            "is_open": is_open,
            "own_path": self._own_path() if is_own else "",
            "known": known,
            "most": MAX_QUESTION,
            "lengths": MAX_LENGTHS,
            "parts": [
                {"id": part.id, "agency": part.agency_id.name}
                for part in (self._answered_parts() if is_open else ())
            ],
        }

    def _ask_sudo(self, form, *, user, visitor=None):
        """Take a question about the published answer, for the Centre to look at.

        :param form: dict of strings as the browser sent them, see `QUESTION_FIELDS`
        :param user: res.users who is signed in, or the public user
        :param visitor: for whom it is counted, see `civic.throttle`; not counted where
            none is given
        :return: civic.question, elevated; the earlier one if `key` was sent before
        :raises MissingError: where nobody may ask
        :raises FormError: with every error of the form at once
        :raises UserError: of a locked sender
        :raises TooMany: when a limit against floods is reached
        """
        self.ensure_one()
        # sudo: visitors have no rights on the tables; what they set is listed here
        report = as_citizen(self).sudo()._whole_words()._elevated()
        if not report._takes_questions():
            raise MissingError(self.env._("Not found: there is nothing to ask about."))
        questions = report.env["civic.question"]
        key = (form.get("key") or "").lower()
        key = key if KEY.fullmatch(key) else False
        if key:
            same = [("report_id", "=", report.id), ("submission_key", "=", key)]
            if earlier := questions.search(same, limit=1):
                return earlier
        sender = user if not user._is_public() else self.env["res.users"]
        values, identity = report._read_question(form)
        if visitor:
            counted = {**visitor, "phone": not sender and identity["phone"]}
            self.env["civic.throttle"]._check("send", counted, form.get("proof"))
        lang = self.env["civic.reporter"]._page_lang()
        asker = report.env["civic.reporter"]._for_sender(
            {**identity, "lang": lang}, report.company_id, sender
        )
        asker._check_may_follow_up()
        try:
            question = questions.create(
                {
                    **values,
                    "report_id": report.id,
                    "company_id": report.company_id.id,
                    "reporter_id": asker.id,
                    "sent_at": report._now(),
                    "is_flagged": asker._is_like_locked(),
                    "submission_key": key,
                    **questions._new_link(),
                }
            )
        except UniqueViolation:
            # Sent twice at once: run again, to see the other.
            raise ConcurrencyError("this question is being sent by another request")
        report._log_note("question_asked", False)
        question._tell_centre()
        report._flush_as_citizen()
        return question

    def _read_question(self, form):
        """Values of a question and who asks it, from a form.

        :return: (values of civic.question, identity by the names of civic.reporter)
        :raises FormError: with every error of the form at once
        """
        _, errors = self.env._, {}
        body = clean(form.get("body") or "")
        name = clean(form.get("name") or "", multiline=False)
        identity = {
            "name": name,
            "phone": self._read_phone(clean(form.get("phone") or ""), errors),
            "email_from": self._read_email(clean(form.get("email") or ""), errors),
        }
        if not body:
            errors["body"] = _("Write what you want to know about the answer.")
        elif len(body) > MAX_QUESTION:
            errors["body"] = _(
                "At most %(limit)s characters; this has %(length)s.",
                limit=MAX_QUESTION,
                length=len(body),
            )
        if not name:
            errors["name"] = _("Give your full name; only the intake centre sees it.")
        elif len(name) > MAX_LENGTHS["name"]:
            errors["name"] = _(
                "At most %(limit)s characters; this has %(length)s.",
                limit=MAX_LENGTHS["name"],
                length=len(name),
            )
        if not (identity["phone"] or identity["email_from"] or errors):
            errors["email"] = _(
                "Give an e-mail address or a telephone number: the answer goes there."
            )
        if not form.get("consent"):
            errors["consent"] = self._consent_words()
        if errors:
            raise FormError(errors)
        part = form.get("part") or ""
        parts = self._answered_parts().filtered(lambda row: str(row.id) == part)
        return {"body": body, "assignment_id": parts.id}, identity


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def answer(self, interaction_id, body):
        """Whoever asked is told of the answer, and nobody that it was theirs to ask."""
        result = super().answer(interaction_id, body)
        asked = self.env["civic.interaction"].browse(
            getattr(interaction_id, "id", interaction_id)
        )
        # sudo: who asked is the Centre's to know; the agency's answer goes there
        asked.sudo()._tell_asker()
        return result
