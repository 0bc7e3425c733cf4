from odoo import api, fields, models

from ..province.limit import has_passed


class CivicTimed(models.AbstractModel):
    """What goes through the door and is timed: its deadline stands on the record, and
    people are reminded of it."""

    _name = "civic.timed"
    _inherit = ["civic.door", "mail.activity.mixin"]
    _description = "Timed by its duties"

    deadline = fields.Datetime(
        "Due", readonly=True, copy=False, help="End of the duty in force."
    )
    overdue_from = fields.Datetime(
        readonly=True,
        copy=False,
        help="The deadline and the grace that the procedure grants.",
    )
    clock_started_at = fields.Datetime("Clock Started", readonly=True, copy=False)
    clock_code = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_code(),
        string="Duty in Force",
        readonly=True,
        copy=False,
    )
    is_untimed = fields.Boolean(
        "Without a Deadline",
        readonly=True,
        copy=False,
        help="The duty in force has a limit that cannot be counted: its calendar has "
        "no working time.",
    )
    is_overdue = fields.Boolean(
        "Overdue",
        compute="_compute_is_overdue",
        # Whoever may know that it is late need not read since when.
        compute_sudo=True,
        search="_search_is_overdue",
    )
    time_left = fields.Char(compute="_compute_time_left")

    @api.depends("overdue_from")
    def _compute_is_overdue(self):
        now = self._now()
        for record in self:
            record.is_overdue = has_passed(record.overdue_from, now)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Only open duties have a clock on the record, so "not late" is the rest.
        late = [("overdue_from", "<", self._now())]
        on_time = [
            "|",
            ("overdue_from", "=", False),
            ("overdue_from", ">=", self._now()),
        ]
        wanted = set(value)
        if wanted >= {True, False}:
            return [(1, "=", 1)]
        return late if True in wanted else on_time

    @api.depends("deadline")
    @api.depends_context("lang", "tz")
    def _compute_time_left(self):
        now = self._now()
        for record in self:
            record.time_left = self.env["civic.step"]._time_left_words(
                record.deadline, now
            )

    def _show_clock(self, step):
        """Keep what lists and boards sort and colour by.

        :param step: the open duty due first; empty when none is open
        """
        self.write(
            {
                "clock_code": step.code,
                "clock_started_at": step.started_at,
                "deadline": step.deadline,
                "overdue_from": step.overdue_from,
                "is_untimed": step.is_untimed,
            }
        )

    @api.private
    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Nobody follows: followers give away who is concerned."""
        return True
