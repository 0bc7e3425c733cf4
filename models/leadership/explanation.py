from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ground.key import is_inside
from ..province.limit import has_passed
from .act_clock import LATE


class CivicExplanation(models.Model):
    """Why matters of a period were late or are not handled: the agency's own words,
    signed by its leader (BP Điều 13.7; ST Điều 28.2).

    It opens by itself with its lines; what is signed stays, and goes with the report of
    the period.
    """

    _name = "civic.explanation"
    _inherit = ["civic.act.timed"]
    _description = "Explanation of delays"
    _order = "period_to desc, id desc"
    # What is not handed in can still be.
    _open_states = ("open", "missed")
    _act_link = "explanation_id"
    _reminder_kind = "activity_explanation"
    _editable_fields = frozenset({"line_ids"})

    agency_id = fields.Many2one(
        "civic.agency", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    period_from = fields.Date("From", required=True, readonly=True)
    period_to = fields.Date("To", required=True, readonly=True)
    periodic_report_id = fields.Many2one(
        "civic.periodic.report",
        "Goes With",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        groups="civic_report.group_operator,civic_report.group_province_leader",
    )
    state = fields.Selection(
        [
            ("open", "To be signed"),
            ("signed", "Signed"),
            ("missed", "Not handed in"),
            ("excused", "No longer asked for"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    signed_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    signed_at = fields.Datetime("Signed", readonly=True)
    is_late = fields.Boolean("Late", readonly=True, help="Signed after its day.")
    line_count = fields.Integer("Number of Matters", readonly=True)
    event_ids = fields.One2many("civic.act.event", "explanation_id", "History")

    _once = models.UniqueIndex(
        "(periodic_report_id, agency_id) WHERE periodic_report_id IS NOT NULL",
        "This agency explains this period already.",
    )

    @api.depends("agency_id", "period_from", "period_to")
    def _compute_display_name(self):
        for row in self:
            # sudo: the name of the agency, whoever reads
            agency = row.sudo().agency_id.name
            row.display_name = f"{agency} · {row._period_words()}"

    def _period_words(self):
        if not (self.period_from and self.period_to):
            return ""
        return f"{self.period_from:%d/%m/%Y}–{self.period_to:%d/%m/%Y}"

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def write(self, vals):
        if not is_inside(self.env) and vals:
            self._check_may_explain()
        return super().write(vals)

    def _check_may_explain(self):
        """As `_enter` of signing, without holding the rows.

        :raises AccessError, UserError: unless the caller leads the agency, before it is
            signed
        """
        self.check_access("read")  # whoever may not see it reads no name of it
        transition = self._transition("sign")
        self._check_roles(transition)
        self._check_state(transition)

    def sign(self):
        """Sign what was written: it goes to the Centre, and stays as it is.

        :raises UserError: where a line says nothing
        """
        explanations = self._enter("sign")
        explanations._check_explained()
        now = self._now()
        by_time = explanations.grouped(lambda row: has_passed(row.due_at, now))
        for is_late, rows in by_time.items():
            rows._walk(
                "sign",
                {
                    "signed_by": self.env.uid,
                    "signed_at": now,
                    "is_late": is_late,
                    "alert_at": False,
                },
            )
        return True

    def _check_explained(self):
        for line in self.line_ids:
            if not (line.cause and line.remedy):
                raise UserError(
                    self.env._(
                        "%s: write why it was late, and what is done about it.",
                        line.code,
                    )
                )
            if not line.done_at and not line.new_date:
                raise UserError(
                    self.env._("%s: say by when it will be done.", line.code)
                )
        for company, rows in self.grouped("company_id").items():
            lines = rows.line_ids
            words = [*lines.mapped("cause"), *lines.mapped("remedy")]
            reports = self.env["civic.report"]
            reports._check_words_to_agencies(words, company, reports)

    # ------------------------------------------------------------------
    # Whom it is told
    # ------------------------------------------------------------------

    def _react_tell_signed(self, act):
        """The Centre hears of what was signed, and its leader is reminded no more."""
        outbox = self.env["civic.outbox"]
        above = {
            company: outbox._officers_above(company, "centre_manager")
            for company in self.company_id
        }
        outbox._queue_acts(
            "explanation_signed",
            [
                (row, row.agency_id, audience, people)
                for row in self
                for audience, people in above[row.company_id]
            ],
        )
        self._end_settled_reminders()

    def _react_tell_excused(self, act):
        self._tell_explaining("explanation_excused")
        self._end_settled_reminders()

    def _tell_explaining(self, event, again=""):
        self.env["civic.outbox"]._queue_acts(
            event,
            [
                (row, row.agency_id, "leader", row.agency_id._leaders_told())
                for row in self
            ],
            again,
        )

    @api.model
    def _cron_explanations(self, limit=200):
        """Warn of the days of explanations, and list those that were not handed in."""
        return self._pass_clock(limit)

    def _tell_owing(self, level):
        self._tell_explaining("explanation_due", f":{level}")

    def _become_late(self):
        self._walk("miss")
        self._tell_explaining("explanation_due", f":{LATE}")
        above = self.env["civic.outbox"]._officers_above(
            self.company_id, "centre_manager", "province_leader"
        )
        self.env["civic.outbox"]._queue_acts(
            "explanation_late",
            [(self, self.agency_id, audience, people) for audience, people in above],
        )

    def _words_of_notice(self):
        return {"period": self._period_words(), "number": str(self.line_count)}

    def _owing_agencies(self):
        return self.agency_id

    # ------------------------------------------------------------------
    # Helpers of the door
    # ------------------------------------------------------------------

    def _own_roles(self):
        led = self._led_agency_ids()
        # sudo: a branch may be hidden from this list, not from the check
        return {
            row: {"leader"} if row.sudo().agency_id.id in led else set() for row in self
        }
