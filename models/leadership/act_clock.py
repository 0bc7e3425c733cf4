from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from ..province.limit import has_passed
from ..workflow.activity import MAX_REMINDED

# Rungs of an act's own ladder.
SOON, SOONER, LATE = range(1, 4)
DEFAULT_SHARES = (0.5, 0.8)


class CivicActTimed(models.AbstractModel):
    """An act of leaders that agencies owe an answer by a day.

    Whoever owes it is warned twice as of any duty; when the day has passed, those above
    are told, once.
    """

    _name = "civic.act.timed"
    _inherit = ["civic.act", "mail.activity.mixin"]
    _description = "Act with a day"

    # Reminders go away by the verbs, see `mail.activity`.
    _reminders_end_by_verbs = True
    # Kind of the activities that remind of it.
    _reminder_kind = None

    due_at = fields.Datetime("Due", readonly=True, copy=False)
    most_at = fields.Datetime("Second Warning", readonly=True, copy=False)
    alert_at = fields.Datetime("Next Alert", readonly=True, copy=False)
    alert_level = fields.Integer(
        readonly=True,
        copy=False,
        default=0,
        help="The last rung of its ladder that was climbed.",
    )
    is_overdue = fields.Boolean(
        "Overdue",
        compute="_compute_is_overdue",
        search="_search_is_overdue",
    )
    time_left = fields.Char(compute="_compute_time_left")

    @api.model
    def _owed_domain(self):
        """Of which of them an answer is still owed."""
        return Domain("state", "in", list(self._open_states))

    @api.depends("due_at", "state")
    def _compute_is_overdue(self):
        now = self._now()
        owed = self.filtered_domain(self._owed_domain())
        for record in self:
            record.is_overdue = record in owed and has_passed(record.due_at, now)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._owed_domain() & Domain("due_at", "<", self._now())
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        return late if True in wanted else ~late

    @api.depends("due_at", "state")
    @api.depends_context("lang")
    def _compute_time_left(self):
        now = self._now()
        owed = self.filtered_domain(self._owed_domain())
        for record in self:
            record.time_left = (
                self.env["civic.step"]._time_left_words(record.due_at, now)
                if record in owed
                else ""
            )

    # ------------------------------------------------------------------
    # Its clock
    # ------------------------------------------------------------------

    @api.model
    def _close_of_office(self, company, date):
        """End of work on a date where the company works; of a day off its midnight."""
        return company._civic_calendar()._civic_close_of(date)

    @api.model
    def _timed_values(self, company, due_at):
        """Values of a clock that begins now.

        :param due_at: naive UTC datetime, or empty: nothing is timed
        """
        if not due_at:
            return {"due_at": False, "most_at": False, "alert_at": False}
        now = self._now()
        # What is due already is not warned of.
        half, most = due_at, due_at
        if now < due_at:
            calendar = company._civic_calendar()
            load = partial(calendar._civic_loader(now), calendar)
            half, most = calendar._civic_moments(
                load, now, due_at, "working_day", self._warning_shares(company)
            )
        return {
            "due_at": due_at,
            "most_at": most,
            "alert_at": half if half < due_at else due_at,
            "alert_level": 0,
        }

    @api.model
    def _warning_shares(self, company):
        # sudo: officers have no rights on the company's settings
        procedure = company.sudo().civic_procedure_id
        if not procedure:
            return DEFAULT_SHARES
        return procedure.warn_half / 100, procedure.warn_most / 100

    @api.model
    def _pass_clock(self, limit=200):
        """Climb the ladder of those whose alert has come; one alert each."""
        now = self._now()
        due = self.search(
            self._owed_domain() & Domain("alert_at", "<", now),
            order="alert_at, id",
            limit=limit,
        )
        for record in due:
            record._climb_rung(now)
        remaining = limit if len(due) == limit else 0
        self.env["ir.cron"]._commit_progress(len(due), remaining=remaining)

    def _climb_rung(self, now):
        self.ensure_one()
        record = self._elevated()
        if not record.try_lock_for_update():
            return  # a verb is at it: the next pass sees what it made of it
        record.invalidate_recordset()
        if not record._is_owed():
            return
        level = SOON
        if has_passed(record.due_at, now):
            level = LATE
        elif has_passed(record.most_at, now):
            level = SOONER
        following = {SOON: record.most_at, SOONER: record.due_at}.get(level, False)
        record.write({"alert_level": level, "alert_at": following})
        if level == LATE:
            record._become_late()
        else:
            record._tell_owing(level)

    def _tell_owing(self, level):
        """Say to whoever owes it that its day comes near.

        :param level: rung of the ladder
        """
        raise NotImplementedError

    def _become_late(self):
        """Its day has passed: those above are told."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------------

    def _owing_agencies(self):
        """Agencies that still owe it."""
        raise NotImplementedError

    def _remind_owing(self):
        """One activity on a leader of each agency that owes it."""
        activities = self.env["mail.activity"]
        activities._civic_remind(
            [
                activities._civic_reminder(
                    record,
                    record._reminder_kind,
                    leader,
                    record._reminder_day(),
                    record.display_name,
                )
                for record in self
                for leader in record._reminded_leaders()
            ]
        )

    def _reminder_day(self):
        company = self.company_id
        if not self.due_at:
            return company._civic_today()
        # The end of a day is midnight, which the calendar calls the next day.
        return company._civic_date(self.due_at - timedelta(minutes=1))

    def _reminded_leaders(self):
        leaders = self.env["res.users"]
        for agency in self._owing_agencies():
            leaders |= agency._leaders_told()[:1]
        return leaders[:MAX_REMINDED]

    def _end_settled_reminders(self):
        """Nobody is reminded of what is owed no more."""
        activities = self.env["mail.activity"]
        owed = self.filtered_domain(self._owed_domain())
        if ended := self - owed:
            activities._civic_reminders(ended).action_archive()
        for record in owed:
            still = record._reminded_leaders()
            activities._civic_reminders(record).filtered_domain(
                [("user_id", "not in", still.ids)]
            ).action_archive()

    def _is_owed(self):
        return bool(self.filtered_domain(self._owed_domain()))

    @api.private
    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Nobody follows: leaders are reminded, and that is all."""
        return True
