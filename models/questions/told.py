from odoo import api, fields, models

from ..messages.occasions.duty_way import LISTED, PATHS
from ..messages.outbox import CITIZENS

# Somebody's turn at the Centre: a question is to be looked at.
LOOK = "question"
# What whoever asked is told of.
ANSWERED, DECLINED = "question_answered", "question_declined"
FOUND, DECIDED = "question_found", "question_decided"
ASKER_GAPS = frozenset(
    {"code", "link", "province", "subject", "question", "answer", "reason", "agencies"}
)
# No words of a citizen or an officer on a locked screen.
ASKER_SHORT_GAPS = ASKER_GAPS - {"subject", "question", "answer", "reason"}
PATHS[LOOK] = "civic-questions"
LISTED[LOOK] = "civic.question"


class CivicQuestion(models.Model):
    _name = "civic.question"
    _inherit = ["civic.question", "civic.waiting"]

    _turn_code = LOOK

    is_told = fields.Boolean(
        "Told by Itself",
        compute="_compute_is_told",
        help="Else the Centre has to call: there is no way but the telephone.",
    )

    @api.depends("reporter_id")
    def _compute_is_told(self):
        for question in self:
            # sudo: whether there is a way, not which address
            way = self.env["civic.outbox"].sudo()._way_to_asker(question.sudo())
            question.is_told = bool(way)

    def _react_tell_asker(self, act):
        self._tell({"decline": DECLINED, "mark_violation": FOUND}[act.transition.verb])

    def _tell(self, event):
        """Tell whoever asked, by the own way; nobody else.

        :param event: one of those above
        """
        for question in self.sudo():  # sudo: the vault knows the address, not officers
            self.env["civic.outbox"].sudo()._queue_asker(event, question)


class CivicViolation(models.Model):
    _inherit = "civic.violation"

    def _react_tell_asker(self, act):
        self.question_id._tell(DECIDED)


class CivicInteraction(models.Model):
    _inherit = "civic.interaction"

    def _tell_asker(self):
        """Tell who is no sender that the own question is answered."""
        asked = self.filtered("by_other")
        if asked:
            questions = self.env["civic.question"]
            questions.search([("interaction_id", "in", asked.ids)])._tell(ANSWERED)


class CivicDutyWay(models.Model):
    _inherit = "civic.duty.way"

    @api.model
    def _selection_code(self):
        label = self.env._("Look at a question about an answer")
        return [*super()._selection_code(), (LOOK, label)]


class CivicNotice(models.Model):
    _inherit = "civic.notice"

    audience = fields.Selection(
        selection_add=[("asker", "Whoever asked about an answer")],
        ondelete={"asker": "cascade"},
    )

    @api.model
    def _selection_event(self):
        labels = {
            ANSWERED: self.env._("Question about another's report answered"),
            FOUND: self.env._("Question found in violation"),
            DECIDED: self.env._("Appeal about a question decided"),
        }
        return [*super()._selection_event(), *labels.items()]

    def _known_gaps(self):
        if self.audience == "asker":
            return ASKER_SHORT_GAPS if self._is_short() else ASKER_GAPS
        return super()._known_gaps()


class CivicOutbox(models.Model):
    """Whoever asked about an answer is told what came of it."""

    _inherit = "civic.outbox"

    audience = fields.Selection(
        selection_add=[("asker", "Whoever asked about an answer")],
        ondelete={"asker": "cascade"},
    )
    question_id = fields.Many2one(
        "civic.question",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )

    # ------------------------------------------------------------------
    # Queueing
    # ------------------------------------------------------------------

    @api.model
    def _prepare_for_asker(self, row, report, assignment):
        return []  # see `_queue_asker`: an event of the report names no question

    @api.model
    def _queue_asker(self, event, question):
        """Queue what whoever asked is told.

        :param question: civic.question, elevated
        """
        way = self._way_to_asker(question)
        happening = question.violation_ids[:1].id if event in (FOUND, DECIDED) else 0
        self._queue(
            [
                {
                    **self._prepare_row(notice, question.company_id),
                    "key": f"question:{question.id}:{happening}:{notice[0]}",
                    "audience": "asker",
                    "question_id": question.id,
                    "report_id": question.report_id.id,
                    "priority": CITIZENS,
                }
                for notice in self.env["civic.notice"]._by_event().get(event, ())
                if notice[1] == "asker" and notice[2] == way
            ]
        )

    @api.model
    def _way_to_asker(self, question):
        """By which channel whoever asked is told; empty where only a call reaches."""
        asker, drivers = question.reporter_id, self.env["civic.driver"]
        ways = [
            way
            for way in ("email", "sms")
            if drivers._of(way)._reaches(asker)
            and drivers._of(way)._is_set_up(question.company_id)
        ]
        return asker.tell_by if asker.tell_by in ways else next(iter(ways), "")

    @api.model
    def _not_before(self, row, moment):
        if row["audience"] != "asker":
            return super()._not_before(row, moment)
        company = self.env["res.company"].browse(row["company_id"])
        return company._civic_awake(moment)

    # ------------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------------

    def _recipient(self):
        if self.audience != "asker":
            return super()._recipient()
        return self.sudo().question_id.reporter_id

    def _wording(self):
        if self.audience != "asker":
            return super()._wording()
        row = self.with_context(lang=self._recipient_lang())
        is_hidden = not row.report_id.is_published
        return row.notice_id, row._asker_values(), is_hidden

    def _asker_values(self):
        question = self.sudo().question_id
        shown = question._page_values()
        finding = question.violation_ids[:1]
        reasons = {
            FOUND: finding.note,
            DECIDED: finding.decision_note,
            DECLINED: question.reason,
        }
        return {
            **self._common_values(),
            "subject": shown["subject"],
            "question": question.body,
            "answer": shown["answer"],
            "agencies": shown["agency"],
            "reason": reasons.get(self.notice_id.event) or "",
        }

    def _link(self):
        if self.audience != "asker":
            return super()._link()
        return self._site() + self.sudo().question_id._link_path()

    def _turn_line(self):
        if (self.facts or {}).get("duty") != LOOK:
            return super()._turn_line()
        return f"{self._site()}/odoo/{PATHS[LOOK]}"
