import json
import logging
from collections import defaultdict
from datetime import datetime, time, timedelta
from functools import lru_cache

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.rehearsal import (
    COUNTS,
    FLAGS,
    Calendars,
    Duty,
    Limit,
    Rehearsal,
    Tally,
    Terms,
    differences,
)
from ...tools.working_time import (
    WorkingTime,
    end_of_day,
    local_date,
    start_of_day,
)
from .rehearsal import BUSY

_logger = logging.getLogger(__name__)

# Reports of one transaction: some seconds at most, some ten thousand duties in memory.
BATCH = 3000
# Days off that deadlines of long ago may need.
EARLIER = timedelta(days=800)
# Contents of calendars kept at hand: agencies mostly share a few.
MOST_CALENDARS = 64

REPORTS = """
    SELECT report.id, report.received_at, report.category_id, report.procedure_id,
           report.visibility = 'secret'
      FROM civic_report report
     WHERE report.company_id = %(company)s
       AND report.received_at >= %(start)s AND report.received_at < %(end)s
       AND (report.received_at, report.id) > (%(last_at)s, %(last_id)s)
     ORDER BY report.received_at, report.id
     LIMIT %(limit)s
"""
# The columns of `tools.rehearsal.Duty`, in its order.
DUTIES = """
    SELECT step.id, step.report_id, step.assignment_id, step.interaction_id,
           step.agency_id, step.code, step.track, step.started_at, step.ended_at,
           step.state, step.counted_from, step.deadline, step.overdue_from,
           step.limit_value, step.limit_unit, step.is_extended, step.is_own_limit,
           step.is_untimed, step.is_late, step.held, part.dispatched_at,
           part.completed_at, part.penalty_confirmed_at
      FROM civic_step step
 LEFT JOIN civic_assignment part ON part.id = step.assignment_id
     WHERE step.report_id = ANY(%(reports)s)
     ORDER BY step.report_id, step.id
"""


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    def _time_terms(self, calendar):
        """What this procedure says of time, for the pure engine.

        :param calendar: that of agencies without one of their own
        :return: :class:`..tools.rehearsal.Terms`
        """
        self.ensure_one()
        limits = {
            track: {code: Limit(*limit) for code, limit in rows.items()}
            for track, rows in self._all_limits().items()
        }
        flags = {name: bool(self[name]) for name in FLAGS}
        return Terms(limits, calendar.id, **flags)


class CivicRehearsal(models.Model):
    """Counting, batch by batch."""

    _inherit = "civic.rehearsal"

    # ------------------------------------------------------------------
    # The queue
    # ------------------------------------------------------------------

    @api.model
    def _cron_rehearse(self):
        """Go on with rehearsals that wait, the first one first, until time is up."""
        cron = self.env["ir.cron"]

        def may_go_on():
            is_left = bool(cron._commit_progress(1, remaining=1))
            self.env.invalidate_all()
            return is_left

        for row in self.search([("state", "in", BUSY)], order="id", limit=100):
            if not row.try_lock_for_update():
                continue
            row.invalidate_recordset()
            if not row._rehearse(may_go_on):
                return
        waiting = self.search_count([("state", "in", BUSY)], limit=100)
        cron._commit_progress(remaining=waiting)

    def _rehearse(self, may_go_on):
        """Count what is left.

        Killed midway, it goes on after the last reports that were committed.

        :param may_go_on: called after each batch, commits it; False: stop here
        :return: whether it has ended
        """
        self.ensure_one()
        row = self.with_company(self.company_id)
        trial = None
        while row.state in BUSY:
            try:
                with row.env.cr.savepoint():
                    if row.state == "queued":
                        row._begin_rehearsal()
                    trial = trial or Trial(row)
                    is_over = row._count_batch(trial)
                    if is_over:
                        row._finish_rehearsal(trial)
            except OperationalError:
                raise  # somebody was at it: the scheduled action comes again
            except Exception as error:  # the next one in the queue has its turn
                row.env.invalidate_all()
                _logger.exception("rehearsal %s", row.id)
                row._give_up(error)
                return True
            if is_over:
                return True
            if not may_go_on():
                return False
        return True  # stopped by somebody meanwhile

    def _give_up(self, error):
        self._forget_result()
        self.write(
            {
                "state": "failed",
                "ended_at": fields.Datetime.now(),
                "problem": self.env._(
                    "%s: look into the server's log, then count anew.",
                    type(error).__name__,
                ),
            }
        )

    # ------------------------------------------------------------------
    # A batch
    # ------------------------------------------------------------------

    def _begin_rehearsal(self):
        """Copy the draft's figures, and look at how much there is."""
        self.env.flush_all()
        company = self.company_id
        draft = self.draft_id
        calendar = (
            draft.calendar_id
            or company.civic_calendar_id
            or company.resource_calendar_id
        )
        start, end = self._bounds_of_days()
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM civic_report
                 WHERE company_id = %s AND received_at >= %s AND received_at < %s
                """,
                company.id,
                start,
                end,
            )
        )
        self._forget_result()
        self.write(
            {
                "state": "running",
                "terms": draft._time_terms(calendar).to_json(),
                "counted_at": self.env["civic.door"]._now(),
                "report_count": count,
            }
        )

    def _bounds_of_days(self):
        """From when to when reports came in, naive UTC; the end is not included."""
        tz = self.company_id._civic_calendar()._civic_tz()
        return start_of_day(self.date_from, tz), end_of_day(self.date_to, tz)

    def _count_batch(self, trial):
        """Count the next reports.

        :return: whether these were the last
        """
        reports = self._next_reports()
        duties = self._duties_of_reports([report[0] for report in reports])
        tally = Tally()
        for report_id, _at, category_id, procedure_id, is_secret in reports:
            judged = trial.judge(duties[report_id], procedure_id, category_id)
            tally.add(judged, category_id or 0, is_secret)
        if reports:
            last_id, last_at = reports[-1][:2]
            self.env["civic.rehearsal.batch"].create(
                {
                    "rehearsal_id": self.id,
                    "report_count": len(reports),
                    "tally": {**tally.to_json(), "procedures": trial.procedure_ids()},
                    "last": [last_at.isoformat(), last_id],
                }
            )
        return len(reports) < BATCH

    def _next_reports(self):
        self.env.flush_all()
        start, end = self._bounds_of_days()
        last = self.batch_ids[-1:].last or [start.isoformat(), 0]
        return self.env.execute_query(
            SQL(
                REPORTS,
                company=self.company_id.id,
                start=start,
                end=end,
                last_at=datetime.fromisoformat(last[0]),
                last_id=last[1],
                limit=BATCH,
            )
        )

    def _duties_of_reports(self, report_ids):
        """:return: dict report id → list of `Duty`"""
        duties = defaultdict(list)
        if report_ids:
            for row in self.env.execute_query(SQL(DUTIES, reports=report_ids)):
                duty = Duty(*row)
                if isinstance(duty.held, str):
                    duty = duty._replace(held=json.loads(duty.held))
                duties[duty.report].append(duty)
        return duties

    def _finish_rehearsal(self, trial):
        tally = Tally()
        procedures = set()
        for batch in self.batch_ids:
            tally.merge(batch.tally)
            procedures |= set(batch.tally["procedures"])
        self.batch_ids.unlink()
        self.line_ids.unlink()
        lines = list(self._prepare_lines(tally, trial))
        self.env["civic.rehearsal.line"].create(lines)
        self.write(
            {
                "state": "done",
                "ended_at": fields.Datetime.now(),
                "owed": trial.differences(sorted(procedures), tally),
            }
        )

    def _prepare_lines(self, tally, trial):
        known = {
            name: set(self.env[model].browse(ids).exists().ids)
            for name, model, ids in (
                ("agency", "civic.agency", trial.keys_of(tally, "agency")),
                ("category", "civic.category", trial.keys_of(tally, "category")),
            )
        }
        for (dimension, track, key), counts in tally.rows.items():
            values = {
                "rehearsal_id": self.id,
                "company_id": self.company_id.id,
                "dimension": dimension,
                **dict(zip(COUNTS, counts, strict=True)),
            }
            if dimension == "step":
                values |= {"track": track, "code": key}
                values |= trial.limit_values(tally, track, key)
            elif dimension in known and key:
                if key not in known[dimension]:
                    continue
                values[f"{dimension}_id"] = key
            yield values


class Trial:
    """The engine with what it needs of a database, read once for all batches.

    :param rehearsal: civic.rehearsal that has begun
    """

    def __init__(self, rehearsal, trust=True):
        self.env = rehearsal.env
        self._company = rehearsal.company_id
        self._draft = Terms.from_json(rehearsal.terms)
        self._old = {}
        self._lines = {}
        agencies = self.env["civic.agency"].with_context(active_test=False)
        agencies = agencies.search([("company_id", "=", self._company.id)])
        own = {row.id: row.calendar_id.id for row in agencies if row.calendar_id}
        self._engine = Rehearsal(
            self._draft,
            self._calendars(rehearsal, set(own.values())),
            rehearsal.counted_at,
            own,
            self._own_limits(agencies),
            self._lines_of_categories(),
            trust,
        )

    def _calendars(self, rehearsal, keys):
        tz = self._company._civic_calendar()._civic_tz()
        first, last = (
            local_date(moment, tz)
            for moment in (rehearsal._bounds_of_days()[0], rehearsal.counted_at)
        )
        calendars = self.env["resource.calendar"].with_context(active_test=False)
        calendars = calendars.browse({*keys, self._draft.calendar} - {0})
        since = datetime.combine(first, time()) - EARLIER
        return Calendars(
            _loader(calendars, since, tz),
            {row.id: row._civic_tz() for row in calendars} | {0: tz},
            first,
            last,
        )

    def _own_limits(self, agencies):
        found = defaultdict(dict)
        rows = self.env["civic.agency.limit"].search(
            [("agency_id", "in", agencies.ids)]
        )
        for row in rows:
            found[row.agency_id.id][row.category_id.id or 0] = (row.value, row.unit)
        return dict(found)

    def _lines_of_categories(self):
        categories = self.env["civic.category"].with_context(active_test=False)
        return {row.id: row._line() for row in categories.search([])}

    def judge(self, duties, procedure_id, category_id):
        """See :meth:`..tools.rehearsal.Rehearsal.judge`."""
        old = self._terms_then(procedure_id)
        return self._engine.judge(duties, old, category_id or 0)

    def _terms_then(self, procedure_id):
        if procedure_id not in self._old:
            procedure = self.env["civic.procedure"].browse(procedure_id)
            calendar = procedure.calendar_id or self._company._civic_calendar()
            self._old[procedure_id] = procedure._time_terms(calendar)
        return self._old[procedure_id]

    def procedure_ids(self):
        """Those under which the reports came in that have been looked at."""
        return sorted(self._old)

    def differences(self, procedure_ids, tally):
        """What the draft owes otherwise than each procedure, as JSON."""
        return [
            [
                procedure_id,
                [
                    list(row)
                    for row in self._differences(self._terms_then(procedure_id), tally)
                ],
            ]
            for procedure_id in procedure_ids
        ]

    def _differences(self, old, tally):
        return differences(
            old, self._draft, lambda track, code: (track, code) in tally.limits
        )

    def limit_values(self, tally, track, code):
        """The usual limit of a step then, and that of the draft."""
        then = tally.usual_limit(track, code)
        draft = self._draft.of(track).get(code)
        if not self._draft.knows(track, code):
            draft = None
        return {
            "then_value": then[0] if then else 0.0,
            "then_unit": then[1] if then else False,
            "draft_value": draft.value if draft else 0.0,
            "draft_unit": draft.unit if draft else False,
        }

    @staticmethod
    def keys_of(tally, dimension):
        """Ids of what is counted in a dimension."""
        return [key for name, _track, key in tally.rows if name == dimension and key]


def _loader(calendars, since, usual_tz):
    """Read calendars once, in three queries; those with the same hours share them.

    :param usual_tz: time zone where there is no calendar
    :return: function (key, first date, last date) → WorkingTime
    """
    patterns = calendars._civic_patterns()
    closures = calendars._civic_closures(since)
    makeup = calendars._civic_makeup_days(since)
    contents = {
        row.id: (
            row._civic_tz(),
            tuple(sorted(patterns[row.id], key=repr)),
            tuple(sorted(closures[row.id] + closures[False, row.company_id.id])),
            tuple(sorted(makeup[row.id])),
        )
        for row in calendars
    }

    @lru_cache(MOST_CALENDARS)
    def shared(content, first, last):
        tz, pattern, closed, worked = content
        return WorkingTime.from_pattern(pattern, tz, first, last, closed, worked)

    def load(key, first, last):
        if key not in contents:
            return WorkingTime((), usual_tz)
        return shared(contents[key], first, last)

    return load
