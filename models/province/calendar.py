import logging
from collections import defaultdict
from datetime import datetime, time, timedelta
from functools import cache

import holidays
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.working_time import (
    MAX_SPAN_DAYS,
    WORKING_UNITS,
    InvalidCalendar,
    InvalidLimit,
    NoWorkingTime,
    SpanTooShort,
    WorkingTime,
    compute,
    local_date,
)

_logger = logging.getLogger(__name__)

DEFAULT_TZ = "Asia/Ho_Chi_Minh"


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    civic_makeup_ids = fields.One2many(
        "civic.makeup.day",
        "calendar_id",
        "Make-up Days",
        help="Days off that are worked in exchange for another day.",
    )

    # ------------------------------------------------------------------
    # Deadlines
    # ------------------------------------------------------------------

    def _civic_tz(self):
        """The time zone in which its days begin; also where there is no calendar."""
        return self[:1].tz or DEFAULT_TZ

    def _civic_close_of(self, date):
        """End of work on a date, or its midnight when nobody works that day.

        :return: naive UTC datetime
        """
        since = fields.Datetime.to_datetime(date)
        times = self._civic_loader(since)(self, date, date)
        return times.day_close(date) or times.end_of_day(date)

    def _civic_loader(self, since):
        """Read these calendars once, in three queries.

        :param since: naive UTC datetime; nothing that ended before it is read
        :return: function (calendar, first_date, last_date) → WorkingTime
        """
        since -= timedelta(days=2)
        patterns = self._civic_patterns()
        closures = self._civic_closures(since)
        makeup = self._civic_makeup_days(since)

        @cache  # duties of a batch mostly share their days
        def load(calendar, first_date, last_date):
            return WorkingTime.from_pattern(
                patterns[calendar.id],
                calendar._civic_tz(),
                first_date,
                last_date,
                closures[calendar.id] + closures[False, calendar.company_id.id],
                makeup[calendar.id],
            )

        return load

    def _civic_patterns(self):
        """Rows (weekday, hour_from, hour_to, week_type) of work, per calendar id."""
        patterns = defaultdict(list)
        # sudo: officers have no rights on calendars, yet their duties are timed
        rows = self.env["resource.calendar.attendance"].sudo()
        for row in rows.search_fetch(
            [("calendar_id", "in", self.ids)],
            [
                "calendar_id",
                "dayofweek",
                "hour_from",
                "hour_to",
                "week_type",
                "day_period",
                "display_type",
            ],
        ):
            if row._is_work_period():
                week = row.week_type if row.calendar_id.two_weeks_calendar else False
                patterns[row.calendar_id.id].append(
                    (row.dayofweek, row.hour_from, row.hour_to, week)
                )
        return patterns

    def _civic_closures(self, since):
        """Spans off for everybody, per calendar id or per (False, company id)."""
        closures = defaultdict(list)
        # sudo: closures are no secret, yet citizens have no rights on them; leave of
        # single persons (with a resource) is left out.
        leaves = self.env["resource.calendar.leaves"].sudo()
        for leave in leaves.search_fetch(
            [
                ("resource_id", "=", False),
                ("calendar_id", "in", [*self.ids, False]),
                ("date_to", ">=", since),
            ],
            ["calendar_id", "company_id", "date_from", "date_to"],
        ):
            key = leave.calendar_id.id or (False, leave.company_id.id)
            closures[key].append((leave.date_from, leave.date_to))
        return closures

    def _civic_makeup_days(self, since):
        days = defaultdict(list)
        # sudo: make-up days are no secret, yet citizens have no rights on them
        makeups = self.env["civic.makeup.day"].sudo()
        for makeup in makeups.search_fetch(
            [("calendar_id", "in", self.ids), ("date", ">=", since.date())],
            ["calendar_id", "date", "like_weekday"],
        ):
            days[makeup.calendar_id.id].append((makeup.date, int(makeup.like_weekday)))
        return days

    def _civic_deadlines(self, load, jobs):
        """Deadlines of `jobs` in this calendar.

        :param load: function (first_date, last_date) → WorkingTime of this calendar
        :param jobs: list of (start, value, unit)
        :return: list of naive UTC datetimes; None for what needs working time where the
            calendar has none: that is no fault of who sends a report
        :raises UserError: when a limit or the calendar means nothing
        """
        try:
            return compute(load, jobs, self._civic_tz())
        except NoWorkingTime:
            if len(jobs) == 1:
                _logger.warning("calendar %s has no working time", self.id)
                return [None]
            return [self._civic_deadlines(load, [job])[0] for job in jobs]
        except (InvalidCalendar, InvalidLimit) as error:
            raise UserError(
                self.env._(
                    "A limit cannot be counted in the calendar “%(name)s”: %(detail)s. "
                    "Ask an administrator to correct the calendar or the procedure.",
                    name=self.sudo().name,
                    detail=error,
                )
            ) from error

    def _civic_moments(self, load, start, deadline, unit, shares):
        """When these shares of the time between start and deadline have passed.

        :param load: function (first_date, last_date) → WorkingTime of this calendar
        :param shares: numbers from 0 to 1
        :return: list of naive UTC datetimes
        """
        if unit in WORKING_UNITS:
            zone = self._civic_tz()
            dates = (local_date(moment, zone) for moment in (start, deadline))
            times = load(*sorted(dates))
        else:
            times = WorkingTime((), self._civic_tz())
        return [times.moment_at(start, deadline, unit, share) for share in shares]

    def _civic_shifted(self, load, hold, unit, moment):
        """A deadline, or a start that counts, after the time of a hold is given back.

        :param load: function (first_date, last_date) → WorkingTime of this calendar
        :param hold: (start, end) of the time that does not count
        :param unit: of the limit, see :mod:`..tools.working_time`
        :return: naive UTC datetime; as it was where the calendar has no working time
        """
        zone = self._civic_tz()
        dates = [local_date(each, zone) for each in (moment, *hold)]
        days = 2 * (max(dates) - min(dates)).days + 31
        while days <= MAX_SPAN_DAYS:
            times = load(min(dates), max(dates) + timedelta(days=days))
            try:
                return times.shift(moment, *hold, unit)
            except SpanTooShort:
                days *= 4
            except NoWorkingTime:
                break
        return moment

    # ------------------------------------------------------------------
    # Holidays
    # ------------------------------------------------------------------

    def action_civic_load_holidays(self):
        """Enter Viet Nam's public holidays of this year and the next two.

        Bộ luật Lao động 2019, Điều 112; days exchanged by decision of the Prime
        Minister as far as the `holidays` library knows them. Run again each year, when
        the decision is out: what is there already is left alone. Open duties keep
        their deadlines.
        """
        this_year = fields.Date.context_today(self).year
        return self._civic_load_holidays(range(this_year, this_year + 3))

    def _civic_load_holidays(self, years):
        added = 0
        for calendar in self:
            added += calendar._civic_add_closures(years)
            calendar._civic_add_makeup_days(years)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%s public holidays entered. Compare them with the decision of the "
                    "year, and add working days exchanged by it by hand.",
                    added,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _civic_add_closures(self, years):
        known = {
            local_date(leave.date_from, self.tz)
            for leave in self.leave_ids
            if not leave.resource_id
        }
        vals_list = [
            self._prepare_civic_holiday(day, name)
            for day, name in sorted(self._civic_vietnam(years).items())
            if day not in known
        ]
        self.env["resource.calendar.leaves"].create(vals_list)
        return len(vals_list)

    @api.model
    def _civic_vietnam(self, years):
        return holidays.country_holidays("VN", years=list(years), language="vi")

    def _prepare_civic_holiday(self, day, name):
        tz = pytz.timezone(self.tz)
        start = tz.localize(datetime.combine(day, time.min)).astimezone(pytz.utc)
        end = tz.localize(datetime.combine(day, time.max)).astimezone(pytz.utc)
        return {
            "name": name,
            "calendar_id": self.id,
            "company_id": self.company_id.id,
            "resource_id": False,
            "date_from": start.replace(tzinfo=None),
            "date_to": end.replace(tzinfo=None, microsecond=0),
        }

    def _civic_add_makeup_days(self, years):
        known = set(self.civic_makeup_ids.mapped("date"))
        self.env["civic.makeup.day"].create(
            [
                {"calendar_id": self.id, "date": day}
                for day in sorted(self._civic_vietnam(years).weekend_workdays)
                if day not in known and day.year in years
            ]
        )


class CivicMakeupDay(models.Model):
    """A day off that is worked in exchange for another one.

    Calendars of Odoo repeat weekly and know no single working day, so these stand
    beside them. The day has the hours of the weekday it stands for.
    """

    _name = "civic.makeup.day"
    _description = "Make-up working day"
    _order = "date"
    _rec_name = "date"

    calendar_id = fields.Many2one(
        "resource.calendar", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True)
    like_weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        "Hours of",
        required=True,
        default="4",
        help="The weekday whose working hours this day takes over.",
    )
    name = fields.Char("Decision", help="The decision that exchanges the days.")

    _once = models.UniqueIndex("(calendar_id, date)", "This day is already entered.")

    @api.constrains("date")
    def _check_date(self):
        for makeup in self:
            if not 2000 <= makeup.date.year <= 2100:
                raise ValidationError(
                    self.env._("Give a make-up day between 2000 and 2100.")
                )
