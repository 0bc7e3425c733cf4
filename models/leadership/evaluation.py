from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.ranking import rate
from ..ground.guard import reason_text

# Fewer than these say little; they are shown, and marked.
SMALL = 10
DECISIONS = [
    ("excellent_possible", "May be assessed as excellent"),
    ("barred", "Not assessed as excellent"),
    ("not_assessed", "Not assessed"),
]
# Ground → (threshold of the procedure, whether less than it is the breach).
GROUNDS = {
    "E1": ("directive_limit", False),
    "E2": ("satisfaction_threshold", True),
    "E3": ("unanswered_threshold", False),
    "E4": ("late_return_threshold", False),
    "E5": ("sent_back_threshold", False),
    "E6": ("recurring_threshold", False),
}


def breaches(numbers, thresholds):
    """Which grounds are true; any one of them bars the best assessment (ST Điều 17.3).

    “quá” is strictly more, “dưới” strictly less; of nothing there is no breach, and
    without a figure in the regulation nothing is evaluated.

    :param numbers: dict of ground → (part, whole); the whole of E1 is None
    :param thresholds: dict of ground → figure, 0 or None where the text gives none
    :return: list of grounds, in order
    """
    found = []
    for ground, (_name, is_below) in GROUNDS.items():
        part, whole = numbers[ground]
        limit = thresholds.get(ground)
        if not limit or whole == 0:
            continue
        value = part if whole is None else rate(part, whole)
        if value < limit if is_below else value > limit:
            found.append(ground)
    return found


class CivicEvaluation(models.Model):
    """A year of an agency by the grounds that bar “Hoàn thành xuất sắc nhiệm vụ”
    (ST Điều 17.3): parts and wholes, and what was decided, with the reason.

    Where a regulation has no thresholds the figures stand alone. Counted anew until it
    is decided on, never after.
    """

    _name = "civic.evaluation"
    _inherit = ["civic.kept", "civic.case"]
    _description = "Evaluation of an agency"
    _order = "date_to desc, agency_id"
    _rec_name = "agency_id"
    _open_states = ("draft",)

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    procedure_id = fields.Many2one("civic.procedure", required=True, readonly=True)
    agency_id = fields.Many2one(
        "civic.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True)
    counted_at = fields.Datetime("Counted", required=True, readonly=True)
    given = fields.Integer("Given to It", readonly=True)
    done = fields.Integer("With a Result", readonly=True)
    on_time = fields.Integer("In Time", readonly=True)
    late = fields.Integer(readonly=True)
    e1_part = fields.Integer("E1 Correction Directives", readonly=True)
    e2_part = fields.Integer("E2 Satisfied or Acceptable", readonly=True)
    e2_whole = fields.Integer("E2 Ratings", readonly=True)
    e3_part = fields.Integer("E3 Unanswered", readonly=True)
    e3_whole = fields.Integer("E3 Follow-ups", readonly=True)
    e4_part = fields.Integer("E4 Returned Late", readonly=True)
    e4_whole = fields.Integer("E4 Returns", readonly=True)
    e5_part = fields.Integer("E5 Sent Back", readonly=True)
    e5_whole = fields.Integer("E5 Results", readonly=True)
    e6_part = fields.Integer("E6 Recurring", readonly=True)
    e6_whole = fields.Integer("E6 Answered", readonly=True)
    e2_shown = fields.Char("E2", compute="_compute_shown")
    e3_shown = fields.Char("E3", compute="_compute_shown")
    e4_shown = fields.Char("E4", compute="_compute_shown")
    e5_shown = fields.Char("E5", compute="_compute_shown")
    e6_shown = fields.Char("E6", compute="_compute_shown")
    on_time_shown = fields.Char("In Time (%)", compute="_compute_shown")
    breaches = fields.Char(readonly=True, help="Grounds that are true: E1 to E6.")
    is_evaluated = fields.Boolean(
        "Thresholds Exist",
        readonly=True,
        help="Off: the regulation has none, the figures are for others to judge by.",
    )
    state = fields.Selection(
        [("draft", "To be decided"), ("decided", "Decided on")],
        required=True,
        default="draft",
        readonly=True,
    )
    decision = fields.Selection(DECISIONS, readonly=True)
    reason = fields.Text(readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime("Decided", readonly=True)

    _once = models.UniqueIndex(
        "(company_id, agency_id, date_to)", "This agency is evaluated for it already."
    )

    @api.depends(
        *("e2_part", "e3_part", "e4_part", "e5_part", "e6_part"),
        *("e2_whole", "e3_whole", "e4_whole", "e5_whole", "e6_whole"),
        *("on_time", "late"),
    )
    @api.depends_context("lang")
    def _compute_shown(self):
        for row in self:
            for number in range(2, 7):
                part, whole = row[f"e{number}_part"], row[f"e{number}_whole"]
                row[f"e{number}_shown"] = self._shown_share(part, whole)
            row.on_time_shown = self._shown_share(row.on_time, row.on_time + row.late)

    @api.model
    def _shown_share(self, part, whole):
        """n/m and the rate; of nothing a dash, of little it is said."""
        if not whole:
            return "–"
        words = f"{part}/{whole} ({rate(part, whole):.1f} %)"
        if whole >= SMALL:
            return words
        return self.env._("%(share)s, fewer than %(number)s", share=words, number=SMALL)

    @api.depends("agency_id.name", "year")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.agency_id.name} · {row.year}"

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def decide(self, decision, reason):
        """Decide on the year of agencies, with the reason that is kept (ST Điều 17.3).

        :param decision: one of `DECISIONS`
        :param reason: why, also where it follows the figures
        """
        rows = self._enter("decide")
        if decision not in dict(DECISIONS):
            raise UserError(self.env._("Choose a decision."))
        reason = reason_text(self.env, reason, self.env._("why it is decided so"))
        # The agency's leader reads it, and documents go from hand to hand.
        reports = self.env["civic.report"]
        for company in rows.company_id:
            reports._check_words_to_agencies([reason], company, reports)
        rows._walk(
            "decide",
            {
                "decision": decision,
                "reason": reason,
                "decided_by": self.env.uid,
                "decided_at": self._now(),
            },
        )
        return True
