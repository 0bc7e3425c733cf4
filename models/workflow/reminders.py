from functools import partial

from odoo import api, fields, models


class CivicProcedure(models.Model):
    """Duties to which no text gives a time: they are reminded of, and never overdue."""

    _inherit = "civic.procedure"

    designate_reminder_days = fields.Integer(
        "Province Reminded After (working days)",
        default=1,
        help="Where the procedure sets no limit for it: how long a designation or a "
        "disagreement may wait for the province's decision before its leaders are "
        "reminded, and again after as long. 0: not reminded.",
    )
    interaction_reminder_days = fields.Integer(
        "Follow-Ups Reminded After (working days)",
        default=5,
        help="How long a citizen's follow-up may wait for its answer before its holder "
        "is reminded, and again after as long, where the regulation sets no limit. "
        "0: not reminded.",
    )

    _designate_reminder_sensible = models.Constraint(
        "CHECK (designate_reminder_days BETWEEN 0 AND 30)",
        "The province is reminded after 1 to 30 working days, or 0 for not at all.",
    )
    _interaction_reminder_sensible = models.Constraint(
        "CHECK (interaction_reminder_days BETWEEN 0 AND 30)",
        "Follow-ups are reminded of after 1 to 30 working days, or 0 for not at all.",
    )

    def _reminder(self, code):
        """After how long a duty without a limit is reminded of.

        :param code: of the step
        :return: (value, unit), see :mod:`..tools.working_time`; 0 for never
        """
        days = {
            "designate": self.designate_reminder_days,
            "interaction": self.interaction_reminder_days,
        }
        return days.get(code, 0), "working_day"


class CivicStep(models.Model):
    _inherit = "civic.step"

    @api.model
    def _prepare_warnings(self, row, load):
        values = super()._prepare_warnings(row, load)
        if row.values.get("deadline"):
            return values
        value, unit = row.procedure._reminder(row.values["code"])
        if not value:
            return values
        start = row.values["started_at"]
        first, second = row.calendar._civic_deadlines(
            partial(load, row.calendar),
            [(start, after, unit) for after in (value, 2 * value)],
        )
        return {**values, "half_at": first, "most_at": second, "alert_at": first}


class CivicAlert(models.Model):
    _inherit = "civic.alert"

    @api.depends("step_id.deadline")
    def _compute_label(self):
        """Where there is no time, no part of it has passed."""
        answer = super()._compute_label()
        for alert in self.filtered(lambda row: not row.step_id.deadline):
            alert.label = self.env._("Reminder: no regulation sets a time for it")
        return answer
