from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.text import clean
from ..ground.guard import check_length
from ..ground.key import check_inside, elevated, is_inside

# What the agency's leader writes.
WORDS = frozenset({"cause", "remedy", "new_date"})
MAX_WORDS = 2000
LONGEST = timedelta(days=366)


class CivicExplanationLine(models.Model):
    """One matter that was late or is not handled, as it stood, and why."""

    _name = "civic.explanation.line"
    _inherit = ["civic.kept", "civic.links"]
    _description = "Line of an explanation"
    _order = "deadline, id"
    _rec_name = "code"

    explanation_id = fields.Many2one(
        "civic.explanation",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    # Own columns: rules ask them.
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agency_id = fields.Many2one(
        "civic.agency", required=True, index=True, readonly=True, ondelete="restrict"
    )
    assignment_id = fields.Many2one(
        "civic.assignment", index=True, readonly=True, ondelete="restrict"
    )
    code = fields.Char("Report", required=True, readonly=True)
    given_at = fields.Datetime("Given to the Agency", readonly=True)
    deadline = fields.Datetime("Due", readonly=True)
    done_at = fields.Datetime("Result", readonly=True)
    days_late = fields.Float(readonly=True, aggregator=None)
    cause = fields.Text()
    remedy = fields.Text("What Is Done About It")
    new_date = fields.Date("Done By")

    def write(self, vals):
        """Its leader writes the words, until it is signed; nobody anything else."""
        if is_inside(self.env):
            return super().write(vals)
        if not vals or set(vals) - WORDS:
            check_inside(self.env)
        self.check_access("write")
        self.explanation_id._check_may_explain()
        values = self._checked_words(vals)
        # The door's key: what may be written, and by whom, was asked above.
        return super(CivicExplanationLine, elevated(self)).write(values)

    def _checked_words(self, vals):
        values = {
            name: check_length(self.env, clean(value), MAX_WORDS)
            if isinstance(value, str)
            else False
            for name, value in vals.items()
            if name != "new_date"
        }
        if "new_date" in vals:
            values["new_date"] = self._checked_date(vals["new_date"])
        return values

    def _checked_date(self, value):
        if not value:
            return False
        try:
            date = fields.Date.to_date(value)
        except (TypeError, ValueError):
            date = None
        today = self.company_id[:1]._civic_today()
        if not date or not today <= date <= today + LONGEST:
            raise UserError(self.env._("Give a day from today on and within a year."))
        return date


class CivicExplanation(models.Model):
    _inherit = "civic.explanation"

    line_ids = fields.One2many(
        "civic.explanation.line", "explanation_id", "Late Matters"
    )
