from odoo import fields, models

from ...tools.periods import MAX_CUTOFF


class CivicProcedure(models.Model):
    """What a regulation says of periods, and of evaluating agencies."""

    _inherit = "civic.procedure"

    interaction_answer_days = fields.Integer(
        "Follow-ups Count as Unanswered After (working days)",
        default=5,
        help="In the evaluation of agencies, where the text gives no time to answer "
        "them (ST Điều 17.3).",
    )
    penalty_lifts_agency_deadline = fields.Boolean(
        "A Penalty Lifts the Agency's Deadline",
        help="While it is imposed its agency is not late either (HUE Điều 7.3, 10.4; "
        "BG Phần 2, mục 4.1).",
    )
    ranking_public = fields.Boolean(
        "Ranking of Agencies Is Public", help="No text asks for it."
    )

    _periods_sensible = models.Constraint(
        f"CHECK (period_cutoff_day BETWEEN 0 AND {MAX_CUTOFF} "
        "AND interaction_answer_days BETWEEN 0 AND 60)",
        f"Periods close on a day from 1 to {MAX_CUTOFF}, or with the month: 0. "
        "Follow-ups count as unanswered after 0 to 60 days.",
    )
