from functools import partial

from odoo import api, fields, models

from .duty_way import LISTED, Turn


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    decision_reminder_hours = fields.Integer(
        "Centre Reminded After (working hours)",
        default=4,
        help="How long a request for an extension, or a question about an answer, may "
        "wait for the Centre before its managers are reminded, and again after as "
        "long; no regulation sets a limit. 0: not reminded.",
    )

    _decision_reminder_sensible = models.Constraint(
        "CHECK (decision_reminder_hours BETWEEN 0 AND 240)",
        "The Centre is reminded after 1 to 240 working hours, or 0 for not at all.",
    )


class CivicWaiting(models.AbstractModel):
    """What waits for a decision of the Centre to which no text gives a time.

    The Centre is told when it comes, its managers while it waits: reminders, which make
    nothing overdue. Models that inherit it have `report_id` and `is_open`.
    """

    _name = "civic.waiting"
    _description = "Waits for the Centre"

    # Of the table of turns.
    _turn_code = None

    remind_at = fields.Datetime("Reminder", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for record in records.filtered("is_open"):
            record.remind_at = record._next_reminder()
        return records

    def _next_reminder(self):
        """When the managers hear of it if it still waits, naive UTC; False: never."""
        report = self.report_id
        hours = report.procedure_id.decision_reminder_hours
        if not hours:
            return False
        calendar, now = report._working_calendar(), self.env["civic.door"]._now()
        load = partial(calendar._civic_loader(now), calendar)
        [moment] = calendar._civic_deadlines(load, [(now, hours, "working_hour")])
        return moment or False

    def _tell_centre(self):
        """It is somebody's turn at the Centre; nobody's own request is told to them."""
        self._queue_waiting("", self.env["res.users"])

    def _remind_managers(self):
        """Say again that it waits, to those who see that somebody does it."""
        for record in self:
            moment = record.remind_at
            ways = self.env["civic.duty.way"]
            managers = ways._officers("centre_manager", record.company_id)
            record._queue_waiting(f":{moment:%Y%m%d%H%M}", managers)
            record.remind_at = record._next_reminder()

    def _queue_waiting(self, again, holders):
        self.env["civic.outbox"].sudo()._queue_turns(
            [Turn.at_centre(self._turn_code, record, holders, again) for record in self]
        )

    @api.model
    def _cron_remind(self, limit=200):
        """Remind of what has waited for its time."""
        waiting = self.search(
            [
                ("is_open", "=", True),
                ("remind_at", "<=", self.env["civic.door"]._now()),
            ],
            order="remind_at",
            limit=limit,
        )
        elevated = waiting.with_env(self.env["civic.report"]._elevated().env)
        elevated._remind_managers()
        remaining = limit if len(waiting) == limit else 0
        self.env["ir.cron"]._commit_progress(len(waiting), remaining=remaining)


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    def _is_moot(self):
        """Nothing of the report waits for the Centre any more."""
        model = LISTED.get((self.facts or {}).get("duty"))
        if not model:
            return super()._is_moot()
        about = [("report_id", "=", self.report_id.id), ("is_open", "=", True)]
        return not self.env[model].search_count(about, limit=1)
