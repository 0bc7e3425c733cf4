import math
from collections import defaultdict
from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ...tools.sight import projected, rising
from ...tools.working_time import NoWorkingTime, SpanTooShort, end_of_day, local_date
from ..workflow.transitions import ANSWERING, OPEN_ASSIGNMENT_STATES, TURNED_AWAY

# Whole weeks, so that each weekday is among them as often.
RECENT_DAYS = 4 * 7
BEFORE_DAYS = 8 * 7
YEAR_DAYS = 52 * 7
PLACE_DAYS = 26 * 7
# A place is shown from so many reports, so many of them after an answer.
PLACE_REPORTS = 4
PLACE_AGAIN = 2
# Rows of a kind that are kept: more is no early sight.
MOST_ROWS = 50
# Open matters of one agency that are looked at, those due first.
MOST_OPEN = 5_000
# Coming days for which working time is looked up.
AHEAD_DAYS = 400
# What came in, and not twice: joined and cancelled ones are another report's matter.
NOT_A_MATTER = ("joined", "cancelled")

# Of a category in all its wards and of a ward in all categories, too: 1 and 2.
CELLS = """
    SELECT grouping(category_id, ward_id), category_id, ward_id,
           count(*) FILTER (WHERE received_at >= %(recent)s),
           count(*) FILTER (WHERE received_at >= %(before)s
                              AND received_at < %(recent)s),
           count(*) FILTER (WHERE received_at < %(year_until)s)
      FROM civic_report
     WHERE company_id = %(company)s AND state NOT IN %(left_out)s
       AND visibility != 'secret'
       AND (received_at >= %(before)s AND received_at < %(until)s
            OR received_at >= %(year_ago)s AND received_at < %(year_until)s)
     GROUP BY GROUPING SETS ((category_id, ward_id), (category_id), (ward_id))
"""
PLACES = """
    SELECT category_id, y, x, mode() WITHIN GROUP (ORDER BY ward_id), count(*),
           count(*) FILTER (WHERE received_at > first_answer) AS again,
           min(received_at), max(received_at)
      FROM (SELECT category_id, ward_id, received_at,
                   round(latitude::numeric, 3) AS y, round(longitude::numeric, 3) AS x,
                   min(COALESCE(published_at, closed_at)) OVER (
                       PARTITION BY category_id, round(latitude::numeric, 3),
                                    round(longitude::numeric, 3)) AS first_answer
              FROM civic_report
             WHERE company_id = %(company)s AND state NOT IN %(left_out)s
               AND visibility != 'secret' AND map_cell > 0
               AND category_id IS NOT NULL
               AND received_at >= %(since)s AND received_at < %(until)s) placed
     GROUP BY category_id, y, x
    HAVING count(*) >= %(reports)s
       AND count(*) FILTER (WHERE received_at > first_answer) >= %(again)s
     ORDER BY again DESC, count(*) DESC, category_id, y, x
     LIMIT %(limit)s
"""
OPEN_PARTS = """
    SELECT agency_id, deadline, most
      FROM (SELECT agency_id, deadline, count(*) OVER agency AS most,
                   row_number() OVER (agency ORDER BY deadline, id) AS place
              FROM civic_assignment
             WHERE company_id = %(company)s AND state IN %(open)s
               AND role IN %(roles)s
            WINDOW agency AS (PARTITION BY agency_id)) numbered
     WHERE place <= %(limit)s
     ORDER BY agency_id, place
"""
RESULTS = """
    SELECT agency_id,
           floor(extract(epoch FROM (%(until)s - approved_at)) / 604800)::int AS week,
           count(*)
      FROM civic_assignment
     WHERE company_id = %(company)s AND role IN %(roles)s
       AND approved_at >= %(since)s AND approved_at < %(until)s
     GROUP BY agency_id, week
"""


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    # The results of the last weeks.
    _results_by_moment = models.Index("(approved_at) WHERE approved_at IS NOT NULL")


class CivicSight(models.Model):
    """Counting, in as many queries for a hundred reports as for a million."""

    _inherit = "civic.sight"

    @api.model
    def _cron_look_ahead(self):
        """Count anew for each province."""
        now = self.env["civic.door"]._now()
        for company in self.env["res.company"].search(
            [("civic_procedure_id", "!=", False)]
        ):
            self._look_ahead(company, now)

    @api.model
    def _look_ahead(self, company, now):
        """Put what is seen now in the place of what was seen before.

        :param now: naive UTC datetime
        """
        self.env.flush_all()
        rows = [
            *self._rising_rows(company, now),
            *self._place_rows(company, now),
            *self._agency_rows(company, now),
        ]
        self.search([("company_id", "=", company.id)]).unlink()
        self.create(
            [{"company_id": company.id, "counted_at": now, **row} for row in rows]
        )

    @api.model
    def _midnight_before(self, company, now):
        """When the company's day began, naive UTC, and the day before it."""
        tz = company._civic_calendar()._civic_tz()
        yesterday = local_date(now, tz) - timedelta(days=1)
        return end_of_day(yesterday, tz), yesterday

    # ------------------------------------------------------------------
    # What rises
    # ------------------------------------------------------------------

    @api.model
    def _rising_rows(self, company, now):
        until, yesterday = self._midnight_before(company, now)
        recent = until - timedelta(days=RECENT_DAYS)
        year = timedelta(days=YEAR_DAYS)
        counted = self.env.execute_query(
            SQL(
                CELLS,
                company=company.id,
                left_out=NOT_A_MATTER,
                until=until,
                recent=recent,
                before=recent - timedelta(days=BEFORE_DAYS),
                year_ago=recent - year,
                year_until=until - year,
            )
        )
        cells, years = [], {}
        for level, category_id, ward_id, *counts, year_ago in counted:
            is_stated = (category_id or level == 2) and (ward_id or level == 1)
            if is_stated:
                cells.append(((category_id, ward_id), *counts))
                years[category_id, ward_id] = year_ago
        share = RECENT_DAYS / (RECENT_DAYS + BEFORE_DAYS)
        for place, rise in enumerate(rising(cells, share)[:MOST_ROWS]):
            category_id, ward_id = rise.key
            yield {
                "kind": "rising",
                "sequence": place,
                "category_id": category_id,
                "ward_id": ward_id,
                "date_from": yesterday - timedelta(days=RECENT_DAYS - 1),
                "date_to": yesterday,
                "first_at": recent,
                "last_at": until - timedelta(seconds=1),
                "recent_count": rise.recent,
                "before_count": rise.before,
                "expected": rise.expected,
                "year_ago_count": years[rise.key],
                "chance": rise.chance,
                "adjusted": rise.adjusted,
                "compared": rise.compared,
            }

    # ------------------------------------------------------------------
    # What comes again
    # ------------------------------------------------------------------

    @api.model
    def _place_rows(self, company, now):
        until, yesterday = self._midnight_before(company, now)
        found = self.env.execute_query(
            SQL(
                PLACES,
                company=company.id,
                left_out=(*TURNED_AWAY, "joined"),
                since=until - timedelta(days=PLACE_DAYS),
                until=until,
                reports=PLACE_REPORTS,
                again=PLACE_AGAIN,
                limit=MOST_ROWS,
            )
        )
        for place, row in enumerate(found):
            category_id, latitude, longitude, ward_id, count, again, first, last = row
            yield {
                "kind": "place",
                "sequence": place,
                "category_id": category_id,
                "ward_id": ward_id,
                "latitude": float(latitude),
                "longitude": float(longitude),
                "date_from": yesterday - timedelta(days=PLACE_DAYS - 1),
                "date_to": yesterday,
                "recent_count": count,
                "again_count": again,
                "first_at": first.replace(microsecond=0),
                "last_at": last.replace(microsecond=0),
            }

    # ------------------------------------------------------------------
    # What will be late
    # ------------------------------------------------------------------

    @api.model
    def _agency_rows(self, company, now):
        deadlines, most = self._open_deadlines(company)
        weeks = self._results_of_weeks(company, now)
        agencies = self.env["civic.agency"].with_context(active_test=False)
        agencies = agencies.browse(deadlines).exists()
        days = self._working_days_around(company, agencies, now)
        rows = []
        for agency in agencies:
            row = self._agency_row(
                deadlines[agency.id], weeks[agency.id], days[agency.id], now
            )
            if row:
                total = {"agency_id": agency.id, "open_count": most[agency.id]}
                rows.append({**row, **total})
        rows.sort(key=lambda row: (-row["late_at_best_count"], row["late_from"]))
        for place, row in enumerate(rows[:MOST_ROWS]):
            yield {"kind": "agency", "sequence": place, **row}

    @api.model
    def _agency_row(self, deadlines, weeks, days, now):
        """What will be late at the pace of four weeks and of the best of them; None
        where nothing will even at that.

        Few results may only mean that little came: the best week says more of what an
        agency can do.

        :param weeks: results of each of the last four weeks
        :param days: (working days of those weeks, closes of the coming ones)
        """
        worked, closes = days
        if not worked:
            return None
        pace = sum(weeks) / worked
        best = max(weeks, default=0) / math.ceil(worked * 7 / RECENT_DAYS)
        at_best = projected(deadlines, max(best, pace), closes, now)
        if not at_best.late:
            return None
        usual = projected(deadlines, pace, closes, now)
        return {
            "overdue_count": at_best.overdue,
            "late_count": usual.late,
            "late_at_best_count": at_best.late,
            "late_from": at_best.first,
            "done_in_weeks": sum(weeks),
            "pace": pace,
            "best_pace": best,
        }

    @api.model
    def _open_deadlines(self, company):
        """:return: dicts agency id → deadlines, and → how many are open in all"""
        deadlines, most = defaultdict(list), {}
        for agency_id, deadline, count in self.env.execute_query(
            SQL(
                OPEN_PARTS,
                company=company.id,
                open=OPEN_ASSIGNMENT_STATES,
                roles=ANSWERING,
                limit=MOST_OPEN,
            )
        ):
            deadlines[agency_id].append(deadline)
            most[agency_id] = count
        return dict(deadlines), most

    @api.model
    def _results_of_weeks(self, company, now):
        """:return: dict agency id → results of each of the last four weeks"""
        weeks = defaultdict(lambda: [0] * (RECENT_DAYS // 7))
        until, _yesterday = self._midnight_before(company, now)
        for agency_id, week, count in self.env.execute_query(
            SQL(
                RESULTS,
                company=company.id,
                roles=ANSWERING,
                until=until,
                since=until - timedelta(days=RECENT_DAYS),
            )
        ):
            weeks[agency_id][min(week, len(weeks[agency_id]) - 1)] += count
        return weeks

    @api.model
    def _working_days_around(self, company, agencies, now):
        """Each calendar read once.

        :return: dict agency id → (working days of the last four weeks, closes of the
            coming ones)
        """
        usual = company._civic_calendar()
        until, yesterday = self._midnight_before(company, now)
        since = until - timedelta(days=RECENT_DAYS)
        calendars = {row.id: row.calendar_id or usual for row in agencies}
        every = self.env["resource.calendar"].concat(*calendars.values(), usual)
        load = every._civic_loader(since)
        first = yesterday - timedelta(days=RECENT_DAYS - 1)
        last = yesterday + timedelta(days=AHEAD_DAYS)
        found = {
            calendar: _days_of(partial(load, calendar), first, yesterday, last, now)
            for calendar in every
        }
        return {key: found[calendar] for key, calendar in calendars.items()}


def _days_of(load, first, yesterday, last, now):
    """How many days were worked up to yesterday, and when those to come close."""
    times = load(first, last)
    try:
        worked = len(times.worked_days(first, yesterday))
        coming = times.worked_days(yesterday + timedelta(days=1), last)
    except (NoWorkingTime, SpanTooShort):
        return 0, []
    closes = [times.day_close(day) for day in coming]
    return worked, [close for close in closes if close > now]
