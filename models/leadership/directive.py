from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.text import words
from ..ground.guard import check_length, reason_text, required_text
from ..ground.key import is_inside

MAX_BODY = 20_000
LONGEST_WORDS = {"number": 100, "issuer": 300, "subject": 1000}
# Agencies and reports of one document: more is a list of another kind.
MOST_AGENCIES, MOST_REPORTS = 500, 200
LONGEST = timedelta(days=366)
DRAFTED = (
    *("number", "date", "issuer", "is_provincial", "kind", "subject", "body"),
    *("attachment_ids", "agency_ids", "report_ids", "due_date"),
)


class CivicDirective(models.Model):
    """A document that directs agencies (ST Điều 13.2, 17.3, 28.2–3; HUE Điều 3.8; QN
    Điều 3.6; BP Điều 3.8).

    The province's leaders issue it here, or the Centre records what was issued on
    paper. Drafts are written freely; what has been issued stays as it is.
    """

    _name = "civic.directive"
    _inherit = ["civic.act.timed"]
    _description = "Directive"
    _order = "date desc, id desc"
    _rec_names_search = ["number", "subject"]
    _open_states = ("issued",)
    _files_field = "attachment_ids"
    _act_link = "directive_id"
    _typed_lines = ("number", "issuer", "subject")
    _typed_texts = ("body",)
    _reminder_kind = "activity_directive"
    _editable_fields = frozenset(DRAFTED)
    _creatable_fields = frozenset({"company_id"})

    number = fields.Char(copy=False, help="As the document bears it: 12/CT-UBND.")
    date = fields.Date(copy=False, help="The day that the document bears.")
    issuer = fields.Char("Issued By", help="The body whose document it is.")
    is_provincial = fields.Boolean(
        "Of the Provincial People's Committee",
        default=True,
        help="Those that correct a violation count for the evaluation of the year (ST "
        "Điều 17.3).",
    )
    kind = fields.Selection(
        [
            ("correct", "Correct a violation"),
            ("handle", "Direct how to handle"),
            ("report", "Demand a report"),
        ],
        required=True,
        default="handle",
    )
    subject = fields.Char("Subject Line", required=True)
    body = fields.Text("Contents")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_directive_attachment_rel",
        string="The Document",
        bypass_search_access=True,
        copy=False,
    )
    agency_ids = fields.Many2many(
        "civic.agency",
        "civic_directive_agency_rel",
        "directive_id",
        "agency_id",
        string="Addressed To",
        # Whom a document was addressed to stays true.
        ondelete="restrict",
        # One that has ended since is addressed all the same.
        context={"active_test": False},
    )
    report_ids = fields.Many2many(
        "civic.report",
        "civic_directive_report_rel",
        "directive_id",
        "report_id",
        string="About the Reports",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("issued", "Issued"),
            ("closed", "Closed"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    due_date = fields.Date("To Be Answered By", copy=False)
    is_recorded = fields.Boolean(
        "Recorded From Paper",
        readonly=True,
        copy=False,
        help="The Centre entered what was issued on paper.",
    )
    issued_at = fields.Datetime("Issued", readonly=True, copy=False)
    issued_by_id = fields.Many2one(
        "res.users", "Entered By", readonly=True, copy=False, ondelete="restrict"
    )
    answered_all_at = fields.Datetime("All Have Answered", readonly=True, copy=False)
    ended_at = fields.Datetime("Ended", readonly=True, copy=False)
    end_reason = fields.Text("Why It Ended", readonly=True, copy=False)
    event_ids = fields.One2many("civic.act.event", "directive_id", "History")
    drafting = fields.Boolean(compute="_compute_drafting")

    _number_once = models.UniqueIndex(
        "(company_id, number, date) WHERE state IN ('issued', 'closed') "
        "AND number IS NOT NULL",
        "A directive of this number and date is there already.",
    )

    @api.depends("number", "subject")
    def _compute_display_name(self):
        for directive in self:
            directive.display_name = " · ".join(
                filter(None, [directive.number, directive.subject])
            )

    @api.depends("answered_all_at")
    def _compute_is_overdue(self):
        return super()._compute_is_overdue()

    @api.depends("answered_all_at")
    def _compute_time_left(self):
        return super()._compute_time_left()

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_drafting(self):
        for directive in self:
            directive.drafting = directive.state == "draft" and (directive._may_draft())

    @api.constrains("agency_ids", "report_ids", "company_id")
    def _check_directive_company(self):
        for directive in self.sudo():
            companies = (
                directive.agency_ids.company_id | directive.report_ids.company_id
            )
            if companies - directive.company_id:
                raise ValidationError(
                    self.env._("Choose agencies and reports of this province.")
                )
            if (
                len(directive.agency_ids) > MOST_AGENCIES
                or len(directive.report_ids) > MOST_REPORTS
            ):
                raise ValidationError(
                    self.env._(
                        "A directive names at most %(agencies)s agencies and "
                        "%(reports)s reports.",
                        agencies=MOST_AGENCIES,
                        reports=MOST_REPORTS,
                    )
                )

    @api.constrains("body", "number", "issuer", "subject")
    def _check_body_length(self):
        for directive in self:
            for name, most in LONGEST_WORDS.items():
                check_length(self.env, directive[name], most)
            if len(directive.body or "") > MAX_BODY:
                raise ValidationError(
                    self.env._("Attach the document: the text is too long.")
                )

    # ------------------------------------------------------------------
    # Drafting
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        directives = super().create(vals_list)
        directives._claim_files()
        directives._log_act("directive_drafted")
        return directives

    def write(self, vals):
        if not is_inside(self.env) and vals:
            self._check_is_draft()
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._claim_files()
        return result

    def _claim_files(self):
        """What was uploaded before there was a draft belongs to it, so that others
        than who uploaded it can open it."""
        for directive in self:
            # sudo: files that whoever writes the draft has linked, which is checked
            loose = directive.sudo().attachment_ids.filtered(lambda row: not row.res_id)
            loose.write({"res_id": directive.id})

    def _check_is_draft(self):
        """:raises UserError: what was issued stays as it is"""
        self.check_access("read")
        if gone := self.filtered(lambda row: row.state != "draft")[:1]:
            raise UserError(
                self.env._(
                    "%s has been issued and stays as it is. Withdraw it, and issue "
                    "another one.",
                    gone.display_name,
                )
            )

    def _may_draft(self):
        user = self.env.user
        return user.has_group("civic_report.group_centre_manager") or user.has_group(
            "civic_report.group_province_leader"
        )

    def _may_lose_files(self):
        return self.state == "draft"

    # ------------------------------------------------------------------
    # Issuing
    # ------------------------------------------------------------------

    def issue(self, identity_reason=None):
        """Issue a draft, or enter what was issued on paper: its agencies are told.

        :param identity_reason: why what names somebody stays in its words
        """
        self.ensure_one()
        directive = self._enter("issue")
        directive._check_may_be_issued()
        left = directive.report_ids._check_words_to_agencies(
            [directive.subject, directive.body],
            directive.company_id,
            directive.report_ids,
            identity_reason,
            may_stay=True,
        )
        due_at = directive.due_date and directive._close_of_office(
            directive.company_id, directive.due_date
        )
        leader = self.env.user.has_group("civic_report.group_province_leader")
        directive._walk(
            "issue",
            {
                "issued_at": self._now(),
                "issued_by_id": self.env.uid,
                "is_recorded": not leader,
                **directive._timed_values(directive.company_id, due_at),
            },
            note="\n".join(filter(None, [directive._issued_words(), left])),
        )
        return True

    def _issued_words(self):
        return ", ".join(self.agency_ids.mapped("name"))

    def _check_may_be_issued(self):
        """:raises UserError: what is missing, or does not fit"""
        _ = self.env._
        required_text(self.env, self.number, _("the number of the document"))
        required_text(self.env, self.issuer, _("which body issues it"))
        required_text(self.env, self.subject, _("what it is about"))
        today = self.company_id._civic_today()
        if not self.date or not today - LONGEST <= self.date <= today:
            raise UserError(_("Give the day of the document: within the last year."))
        if not self.agency_ids:
            raise UserError(_("Choose at least one agency."))
        if ended := self.agency_ids.filtered(lambda agency: not agency.active):
            raise UserError(
                _(
                    "%s has ended: choose who stands in its place.",
                    ", ".join(ended.mapped("name")),
                )
            )
        if self.kind == "report" and not self.due_date:
            raise UserError(_("Say by when the report is due."))
        if self.due_date and not (
            today <= self.due_date <= today + LONGEST and self.due_date >= self.date
        ):
            raise UserError(_("Give a day from today on and within a year."))
        if not (self.body or self.attachment_ids):
            raise UserError(_("Write the text, or attach the document."))
        leader = self.env.user.has_group("civic_report.group_province_leader")
        if not leader and not self.attachment_ids:
            raise UserError(_("Attach the document that you enter from paper."))

        if self._same_number():
            raise UserError(_("A directive of this number and date is there already."))

    def _same_number(self):
        """Whether one of this number and day has been issued, however it is typed: one
        document counts once (ST Điều 17.3). Of two at once the index refuses the
        second."""
        # sudo: also one that whoever issues this does not see
        others = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "=", self.date),
                ("state", "in", ("issued", "closed")),
            ]
        )
        number = _number_key(self.number)
        return any(_number_key(other.number) == number for other in others)

    # ------------------------------------------------------------------
    # End
    # ------------------------------------------------------------------

    def close(self, reason):
        """Say that nothing more is expected.

        :param reason: what came of it
        """
        return self._end_directive("close", reason, self.env._("what came of it"))

    def withdraw(self, reason):
        """Take a directive back; it stays with its answers, and counts no more.

        :param reason: why, as the agencies are told
        """
        return self._end_directive("withdraw", reason, self.env._("why"))

    def _end_directive(self, verb, reason, what):
        directives = self._enter(verb)
        reason = reason_text(self.env, reason, what)
        for company, rows in directives.grouped("company_id").items():
            rows.report_ids._check_words_to_agencies([reason], company, rows.report_ids)
        directives._walk(
            verb,
            {"ended_at": self._now(), "end_reason": reason, "alert_at": False},
            note=reason,
        )
        return True

    # ------------------------------------------------------------------
    # Helpers of the door
    # ------------------------------------------------------------------

    def _own_roles(self):
        """Leaders of the agencies to which it is addressed."""
        led = self._led_agency_ids()
        # sudo: whom it is addressed to is asked, whatever the reader sees of agencies
        return {
            row: {"leader"} if led & set(row.sudo().agency_ids.ids) else set()
            for row in self
        }

    @api.model
    def _owed_domain(self):
        return super()._owed_domain() & Domain("answered_all_at", "=", False)


def _number_key(number):
    """What tells the number of a document from another: neither spaces, dashes and
    capitals nor zeros in front do."""
    parts = [part.lstrip("0") for part in words(number)]
    return parts or [number]
