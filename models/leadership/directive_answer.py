from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import clean
from ..ground.guard import check_length, id_of, required_text
from ..province.limit import has_passed

MAX_ANSWER = 20_000


class CivicDirectiveAnswer(models.Model):
    """What an agency answers to a directive: once, and it stays."""

    _name = "civic.directive.answer"
    _inherit = ["civic.kept"]
    _description = "Answer to a directive"
    _order = "answered_at, id"
    _rec_name = "agency_id"

    directive_id = fields.Many2one(
        "civic.directive", required=True, index=True, readonly=True, ondelete="restrict"
    )
    agency_id = fields.Many2one(
        "civic.agency", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    text = fields.Text("Answer", required=True, readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_directive_answer_attachment_rel",
        string="Files",
        readonly=True,
        bypass_search_access=True,
    )
    answered_by = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict"
    )
    answered_at = fields.Datetime("Answered", required=True, readonly=True)
    is_late = fields.Boolean("Late", readonly=True, help="After the day had passed.")

    _once = models.UniqueIndex(
        "(directive_id, agency_id)", "This agency has answered already."
    )

    def _may_lose_files(self):
        return False


class CivicDirective(models.Model):
    _inherit = "civic.directive"

    answer_ids = fields.One2many("civic.directive.answer", "directive_id", "Answers")
    answer_count = fields.Integer(
        "Answered",
        compute="_compute_waiting",
        compute_sudo=True,
        groups="civic_report.group_operator,civic_report.group_province_leader",
    )
    waiting_agency_ids = fields.Many2many(
        "civic.agency",
        string="Without an Answer",
        context={"active_test": False},
        compute="_compute_waiting",
        compute_sudo=True,
        groups="civic_report.group_operator,civic_report.group_province_leader",
    )
    owed_agency_ids = fields.Many2many(
        "civic.agency",
        string="Own Answers Owed",
        context={"active_test": False},
        compute="_compute_owed_agency_ids",
        help="Of the agencies that you lead, those that have not answered yet.",
    )

    @api.depends("agency_ids", "answer_ids.agency_id")
    def _compute_waiting(self):
        for directive in self:
            answered = directive.answer_ids.agency_id
            directive.answer_count = len(answered)
            directive.waiting_agency_ids = directive.agency_ids - answered

    @api.depends("state", "agency_ids", "answer_ids.agency_id")
    @api.depends_context("uid")
    def _compute_owed_agency_ids(self):
        led = self._led_agency_ids()
        for directive in self:
            owing = directive._owing_agencies() if directive.state == "issued" else []
            directive.owed_agency_ids = [
                (6, 0, [agency.id for agency in owing if agency.id in led])
            ]

    def _owing_agencies(self):
        """Agencies that have not answered, the ended ones with them."""
        # sudo: of each other agencies see nothing
        directive = self.sudo()
        rows = self.env["civic.directive.answer"].sudo()
        answered = rows.search([("directive_id", "in", self.ids)]).agency_id
        return directive.agency_ids - answered

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------

    def answer(self, text, attachment_ids=None, agency_id=None):
        """Answer for an agency that one leads; an answer stays as it is.

        :param text: what was done, or why not
        :param attachment_ids: ids of uploaded files
        :param agency_id: id of the agency, where one leads several of them
        """
        self.ensure_one()
        directive = self._enter("answer")
        agency = directive._answering_agency(agency_id)
        text = clean(required_text(self.env, text, self.env._("the answer")))
        check_length(self.env, text, MAX_ANSWER)
        directive.report_ids._check_words_to_agencies(
            [text], directive.company_id, directive.report_ids
        )
        now = self._now()
        answer = (
            self.env["civic.directive.answer"]
            .with_env(directive.env)
            .create(
                {
                    "directive_id": directive.id,
                    "agency_id": agency.id,
                    "company_id": directive.company_id.id,
                    "text": text,
                    "answered_by": self.env.uid,
                    "answered_at": now,
                    "is_late": has_passed(directive.due_at, now),
                }
            )
        )
        if files := self.env["ir.attachment"]._civic_take_for(answer, attachment_ids):
            answer.write({"attachment_ids": [(6, 0, files.ids)]})
        waiting = directive._owing_agencies()
        values = {} if waiting else {"answered_all_at": now, "alert_at": False}
        directive._walk("answer", values, note=text[:200], about=answer)
        return True

    def _answering_agency(self, agency_id):
        """The agency for which the caller answers.

        :raises UserError: where it is not said which of several
        """
        led = self._led_agency_ids()
        owing = self._owing_agencies().filtered(lambda agency: agency.id in led)
        if agency_id:
            owing = owing.filtered(lambda agency: agency.id == id_of(agency_id))
        if len(owing) != 1:
            raise UserError(self.env._("Choose for which of your agencies you answer."))
        return owing

    def _guard_answer_owed(self):
        led = self._led_agency_ids()
        if not any(agency.id in led for agency in self._owing_agencies()):
            return self.env._(
                "%s: your agency has answered already.", self.display_name
            )
        return None
