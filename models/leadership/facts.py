from datetime import datetime, time, timedelta
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.periods import bounds
from ...tools.ranking import rate
from ...tools.working_time import WorkingTimeError, local_date
from ..workflow.transitions import ANSWERING
from .facts_sql import MOVES, TRACK, constants

# How far back working time is known: who waited longer is counted from there.
YEARS_BACK = timedelta(days=3 * 366)
# No holidays are longer than this.
LONGEST_REST = 40
PIECES_A_DAY = 4
# Narrowed down to these, a count would say where a secret report lies, and what it is
# about.
OPEN_TO_ALL = ("ward", "category", "channel")
ONE_DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1)
# Seconds since then of an interval that there is not: nothing lies behind them.
NEVER = 1e12
# Sorts of a year stay in memory; the plans are sure, and no machine code pays for them.
ROOM = """
    SELECT set_config('work_mem', '64MB', TRUE), set_config('jit', 'off', TRUE)
"""


def _by_date(begin, end):
    """Yield an interval's parts by date of UTC: date, seconds since 1970 twice."""
    while begin < end:
        midnight = datetime.combine(begin.date() + ONE_DAY, time())
        stop = min(end, midnight)
        yield (
            begin.date(),
            (begin - EPOCH).total_seconds(),
            (stop - EPOCH).total_seconds(),
        )
        begin = stop


def _listed(codes):
    """Codes as an index's condition and a statement's both write them."""
    return ", ".join(f"'{code}'" for code in sorted(codes))


class CivicReport(models.Model):
    _inherit = "civic.report"

    # Those that were open in a period: still open, or closed since.
    _facts_closed = models.Index("(company_id, closed_at)")


class CivicEvent(models.Model):
    _inherit = "civic.event"

    # What closed reports within a period, opened them again or changed their track.
    _facts_moves = models.Index(
        "(company_id, at) WHERE assignment_id IS NULL "
        f"AND code IN ({_listed((*MOVES, TRACK))})"
    )
    _facts_urged = models.Index("(company_id, at) WHERE code = 'urge'")


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    _facts_given = models.Index("(company_id, dispatched_at)")


class CivicStep(models.Model):
    _inherit = "civic.step"

    # Duties that were open at a moment, or ended within a period.
    _facts_ended = models.Index("(company_id, ended_at)")


class CivicFacts(models.AbstractModel):
    """Figures of a period as facts at its end, out of events, duties and kept rows;
    never of what stands today.

    Whoever calls this checks who asks: counts are of a whole province. `civic.figure`
    counts otherwise, by month of arrival and of today, for the public page.
    """

    _name = "civic.facts"
    _description = "Figures of a period"

    # ------------------------------------------------------------------
    # What is counted
    # ------------------------------------------------------------------

    @api.model
    def _count(self, company, period, *, domain=None, now=None):
        """Count a period, in a constant number of queries.

        :param company: res.company
        :param period: tools.periods.Period
        :param domain: dict of what is asked of the reports: lists of ids under
            `agency`, `ward`, `category`, `channel`, of codes under `track`
        :param now: naive UTC datetime: what has not happened by then counts not yet
        :return: dict: `from`, `to` (dates), `start`, `end`, `counted_at` (naive UTC);
            figures of reports of the `whole` and by `category`, `channel`, `ward`,
            `track` and `kind` (0 or "": not stated, or secret); `grounds` of refusals;
            figures by `agency`; ratings by `level` and `agency_level`; `emergency`,
            `time` and `province`. Keys of figures: `REPORT_FIGURES`, `AGENCY_FIGURES`
        """
        now = now or self.env["civic.door"]._now()
        self.env.flush_all()
        scope = self._scope(company, period, domain, now)
        counted = {
            "from": period.first,
            "to": period.last,
            "start": scope["start"],
            "end": scope["end"],
            "counted_at": now,
        }
        counted.update(self._count_reports(scope))
        counted.update(self._count_agencies(scope))
        self._add_ratings(scope, counted)
        self._add_follow_ups(scope, counted)
        counted["time"]["steps"] = self._count_steps(scope)
        counted.update(self._count_urgent(scope))
        return counted

    @api.model
    def _scope(self, company, period, domain, now):
        """Parameters of the statements that count a period."""
        self.env.cr.execute(ROOM)
        calendar = company._civic_calendar()
        start, end, work = self._bounds_of(calendar, period)
        procedure = company.sudo().civic_procedure_id
        is_whole_day = end == work.end_of_day(period.last)
        clock = self._clock_columns(work)
        return {
            **constants(),
            **clock,
            "known_since": datetime.combine((clock["days"] or [start])[0], time()),
            "company": company.id,
            "start": start,
            "end": min(end, max(now, start)),
            "where": self._report_condition(domain or {}),
            "agency_ids": tuple((domain or {}).get("agency") or ()),
            # Whose close of work comes before the end.
            "committed": period.last + timedelta(days=1 if is_whole_day else 0),
            "recurrence_limit": procedure.recurrence_limit or 0,
            "procedure": procedure,
            "work": work,
        }

    @api.model
    def _bounds_of(self, calendar, period):
        """When a period begins and ends, and the working time around it.

        :return: naive UTC datetime, naive UTC datetime, WorkingTime
        """
        tz = calendar._civic_tz()
        start, end = bounds(period, tz)
        load = partial(calendar._civic_loader(start - YEARS_BACK), calendar)
        first = local_date(start - YEARS_BACK, tz)
        work = load(first, period.last + ONE_DAY)
        if period.kind == "day":
            start, end = bounds(period, tz, self._closes_of(work, period) or None)
        return start, end, work

    @api.model
    def _closes_of(self, work, period):
        """The close of work on the working day before a day, and on the day itself; of
        a day without work, nothing (ST Điều 28.1)."""
        try:
            days = work.worked_days(
                period.first - timedelta(days=LONGEST_REST), period.last
            )
        except WorkingTimeError:
            return None
        if len(days) < 2 or days[-1] != period.last:
            return None
        return work.day_close(days[-2]), work.day_close(days[-1])

    @api.model
    def _clock_columns(self, work):
        """Working time by day of UTC, as columns that the statements reckon with."""
        names = [f"{side}{n}" for n in range(1, PIECES_A_DAY + 1) for side in "se"]
        columns = {name: [] for name in ("days", "before", *names)}
        by_day, total = {}, 0.0
        try:
            first = work.end_of_day(work.first_date - ONE_DAY)
            pieces = work.pieces(first, work.end_of_day(work.last_date))
        except (WorkingTimeError, TypeError):
            pieces = []  # a calendar without working hours times nothing
        for _day, begin, end in pieces:
            for day, start, stop in _by_date(begin, end):
                by_day.setdefault(day, []).extend((start, stop))
        if pieces:
            day = work.first_date - ONE_DAY
            while day <= work.last_date + ONE_DAY:
                mine = by_day.get(day, [])[: 2 * PIECES_A_DAY]
                flat = mine + [NEVER] * (2 * PIECES_A_DAY - len(mine))
                for name, value in zip(columns, (day, total, *flat), strict=True):
                    columns[name].append(value)
                total += sum(mine[1::2]) - sum(mine[::2])
                day += ONE_DAY
        return columns

    @api.model
    def _report_condition(self, domain):
        """What is asked of the reports, as a condition on the alias `report`."""
        columns = {
            "ward": SQL("report.ward_id"),
            "category": SQL("report.category_id"),
            "channel": SQL("report.channel_id"),
            "track": SQL("report.track"),
        }
        if unknown := set(domain) - {*columns, "agency"}:
            raise UserError(self.env._("Nothing is counted by %s.", sorted(unknown)))
        conditions = [
            SQL("%s IN %s", column, tuple(domain[name]))
            for name, column in columns.items()
            if domain.get(name)
        ]
        if any(domain.get(name) for name in OPEN_TO_ALL):
            conditions.append(SQL("report.visibility <> 'secret'"))
        if domain.get("agency"):
            conditions.append(
                SQL(
                    """
                    report.id IN (SELECT chosen.report_id FROM civic_assignment chosen
                                   WHERE chosen.agency_id IN %s AND chosen.role IN %s)
                    """,
                    tuple(domain["agency"]),
                    ANSWERING,
                )
            )
        return SQL(" AND ").join(conditions) if conditions else SQL("TRUE")

    @api.model
    def _rows(self, statement, scope):
        """Rows of a statement, by the names of its columns.

        :return: list of dicts
        """
        parameters = {
            name: value for name, value in scope.items() if f"%({name})s" in statement
        }
        cr = self.env.cr
        cr.execute(SQL(statement, **parameters))
        names = [column.name for column in cr.description]
        return [dict(zip(names, row, strict=True)) for row in cr.fetchall()]

    # ------------------------------------------------------------------
    # Rates and balances
    # ------------------------------------------------------------------

    @api.model
    def _rate(self, part, whole):
        """Per cent, unrounded; None of nothing."""
        return rate(part, whole)

    @api.model
    def _check_balance(self, counted):
        """What came in and what went out have to be the same, for the whole, for each
        dimension and for each agency.

        :param counted: as `_count` gives it
        :raises UserError: naming what does not balance
        """
        reports = [("whole", "", counted["whole"])]
        for name in ("category", "channel", "ward", "track", "kind"):
            reports += [(name, key, row) for key, row in counted[name].items()]
        wrong = [
            f"{name} {key}".strip()
            for name, key, row in reports
            if row["carried"] + row["received"] + row["reopened"]
            != row["refused"] + row["forwarded"] + row["done"] + row["open"]
        ]
        wrong += [
            f"agency {key}"
            for key, row in counted["agency"].items()
            if row["carried"] + row["given"] + row["reopened"]
            != row["returned"] + row["dropped"] + row["done"] + row["open"]
        ]
        if wrong:
            raise UserError(
                self.env._(
                    "The figures do not balance (%s): tell whoever maintains the "
                    "software, and issue no report with them.",
                    ", ".join(wrong[:20]),
                )
            )
