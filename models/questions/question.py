import re

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, MissingError

from ...tools.own_words import BY_FORM, mask
from ...tools.redaction import NOBODY as NOBODY_KNOWN
from ...tools.text import clean
from ..ground.citizen import as_citizen
from ..ground.guard import required_text
from ..ground.words_field import MODE
from ..privacy.words import SIGNATURE
from ..report.form import MAX_LENGTHS, FormError

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


class CivicQuestion(models.Model):
    """What somebody who did not send a report asks about its published answer (HUE
    Điều 12.1).

    The Centre alone reads it as it came, and knows who asks. What it passes on goes to
    the agency as a follow-up, without anything of who asked.
    """

    _name = "civic.question"
    _inherit = ["civic.kept", "civic.case", "civic.sealed", "civic.secret.link"]
    _description = "Question about an Answer"
    _order = "sent_at, id"
    _open_states = ("new",)
    _locked_with = "report_id"
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
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
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
        self.ensure_one()
        question = self._enter("pass_on")
        report = question.report_id
        body = required_text(
            self.env, clean(body or question.body), self.env._("the question")
        )
        body = question._without_asker(body[:MAX_QUESTION])
        assignment = question._answered_part()
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
        question._walk(
            "pass_on",
            {**question._decision_values(), "interaction_id": interaction.id},
            note=body,
        )
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

    def _guard_answer_public(self):
        if not self.report_id._has_public_answer():
            return self.env._(
                "%s has no answer that is public any more: decline the question, "
                "and say so.",
                self.report_id.name,
            )
        return None

    def decline(self, reason):
        """Answer a question without handing it on.

        :param reason: why, as whoever asked is told
        """
        self.ensure_one()
        question = self._enter("decline")
        reason = required_text(
            self.env, reason, self.env._("why, as whoever asked is told")
        )
        question._walk(
            "decline", {**question._decision_values(), "reason": clean(reason)}
        )
        return True

    def _decision_values(self):
        return {"decided_by_id": self.env.uid, "decided_at": self._now()}

    def _event_target(self):
        """The Centre's looking at it stands in the history of the report."""
        self.ensure_one()
        return {"report_id": self.report_id.id, "company_id": self.company_id.id}

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

        :return: `Asked`
        """
        self.ensure_one()
        interaction, report = self.interaction_id, self.report_id
        return {
            **report._named_values(),
            "body": self.body,
            "sent_at": self.sent_at,
            "state": self.state,
            "reason": self.reason or "",
            "agency": interaction.agency_id.name or "",
            # What was public when it was asked about may not be so any more.
            "answer": (interaction.answer or "") if report.is_published else "",
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
        :return: `Asking`
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
            "parts": self._part_values() if is_open else [],
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
        key = (form.get("key") or "").lower()
        key = key if KEY.fullmatch(key) else False
        if earlier := report._asked_before(key):
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
        question = report._keep_question({**values, "submission_key": key}, asker)
        report._log_note("question_asked", False)
        question._tell_centre()
        report._flush_as_citizen()
        return question

    def _asked_before(self, key):
        """The question that came with this key, or empty."""
        questions = self.env["civic.question"]
        same = [("report_id", "=", self.id), ("submission_key", "=", key)]
        return questions.search(same, limit=1) if key else questions

    def _keep_question(self, values, asker):
        """:param asker: civic.reporter"""
        questions = self.env["civic.question"]
        try:
            return questions.create(
                {
                    **values,
                    "report_id": self.id,
                    "company_id": self.company_id.id,
                    "reporter_id": asker.id,
                    "sent_at": self._now(),
                    "is_flagged": asker._is_like_locked(),
                    **questions._new_link(),
                }
            )
        except UniqueViolation:
            # Sent twice at once: run again, to see the other.
            raise ConcurrencyError("this question is being sent by another request")

    def _read_question(self, form):
        """Values of a question and who asks it, from a form.

        :return: (values of civic.question, identity by the names of civic.reporter)
        :raises FormError: with every error of the form at once
        """
        _, errors = self.env._, {}
        model = self.env["civic.form"]
        body = clean(form.get("body") or "")
        name = clean(form.get("name") or "", multiline=False)
        identity = {
            "name": name,
            "phone": model._read_phone(clean(form.get("phone") or ""), errors),
            "email_from": model._read_email(clean(form.get("email") or ""), errors),
        }
        self._check_question_texts(body, name, errors)
        if not (identity["phone"] or identity["email_from"] or errors):
            errors["email"] = _(
                "Give an e-mail address or a telephone number: the answer goes there."
            )
        if not form.get("consent"):
            errors["consent"] = model._consent_words()
        if errors:
            raise FormError(errors)
        part = form.get("part") or ""
        parts = self._answered_parts().filtered(lambda row: str(row.id) == part)
        return {"body": body, "assignment_id": parts.id}, identity

    def _check_question_texts(self, body, name, errors):
        _ = self.env._
        needed = {
            "body": _("Write what you want to know about the answer."),
            "name": _("Give your full name; only the intake centre sees it."),
        }
        for key, text, limit in (
            ("body", body, MAX_QUESTION),
            ("name", name, MAX_LENGTHS["name"]),
        ):
            if not text:
                errors[key] = needed[key]
            elif len(text) > limit:
                errors[key] = _(
                    "At most %(limit)s characters; this has %(length)s.",
                    limit=limit,
                    length=len(text),
                )


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _react_tell_of_answer(self, act):
        """Whoever asked is told of the answer, and nobody that it was theirs to ask."""
        act.about._tell_asker()
