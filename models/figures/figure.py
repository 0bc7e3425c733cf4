import re
from dataclasses import dataclass
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..workflow.transitions import (
    ANSWERED_STATES,
    ANSWERING,
    ENDED_WITHOUT_RESULT,
    OPEN_ASSIGNMENT_STATES,
    OPEN_REPORT_STATES,
    TURNED_AWAY,
)

# Duties whose lateness is neither the Centre's nor an agency's, or that come after the
# answer: what waited for the province is told apart.
NOT_COUNTED = ("supplement", "designate", "interaction")
COUNTS = ("received", "refused", "handled", "on_time", "overdue", "rated", "satisfied")
PERIOD = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?")
MONTHS = 12
# Rows of one dimension that a page shows; there are no more wards in a province.
MAX_ROWS = 400
# Transactions that began before a pass may still write events of then.
OVERLAP = timedelta(hours=1)
SEEN = "civic_report.figures_seen"


NAMES = {
    "category": "civic.category",
    "agency": "civic.agency",
    "ward": "civic.ward",
}
# Counts the months of one dimension.
COUNT_MONTHS = """
    INSERT INTO civic_figure (company_id, dimension, month, key, received,
           refused, handled, on_time, overdue, rated, satisfied)
    SELECT %(company)s, %(dimension)s, month, key, count(*),
           count(*) FILTER (WHERE state IN %(refused)s),
           count(*) FILTER (WHERE state IN %(handled)s),
           count(*) FILTER (WHERE state IN %(handled)s AND NOT is_late),
           count(*) FILTER (WHERE state IN %(open)s AND is_overdue),
           count(*) FILTER (WHERE is_rated),
           count(*) FILTER (WHERE is_satisfied)
      FROM (SELECT date_trunc('month', %(local)s)::date AS month,
                   COALESCE(%(key)s, 0) AS key,
                   %(alias)s.state AS state,
                   %(alias)s.overdue_from < %(now)s AS is_overdue,
                   %(is_late)s AS is_late,
                   -- Not of `is_satisfied`: false is kept as NULL.
                   level.id IS NOT NULL AS is_rated,
                   level.is_satisfied AS is_satisfied
              FROM civic_report report
            %(join)s
         LEFT JOIN civic_rating_level level
                ON level.id = report.rating_level_id AND %(is_rated)s
             WHERE report.company_id = %(company)s) counted
     WHERE month IN %(months)s
     GROUP BY month, key
"""


@dataclass(frozen=True)
class Matter:
    """What a dimension counts once: a whole report, or an agency's part of it.

    :param alias: its table in the statement
    :param join: what joins it to the report
    :param is_late: whether a duty of it ended late
    :param is_rated: whether what the sender thinks of the answer is said of it
    :param open: states in which it is in hand, and so on
    """

    alias: SQL
    join: SQL
    is_late: SQL
    is_rated: SQL
    open: tuple
    refused: tuple
    handled: tuple


LATE = SQL("late.is_late AND late.code NOT IN %s", NOT_COUNTED)
WHOLE = Matter(
    alias=SQL("report"),
    join=SQL(),
    is_late=SQL(
        "EXISTS (SELECT FROM civic_step late WHERE late.report_id = report.id AND %s)",
        LATE,
    ),
    is_rated=SQL("TRUE"),
    open=OPEN_REPORT_STATES,
    refused=TURNED_AWAY,
    handled=ANSWERED_STATES,
)
GOES_ON = SQL("part.state NOT IN %s", ENDED_WITHOUT_RESULT)
# Once for each agency on a report, however often it was sent there. What was given back
# or taken away in time is nobody's part; what was late before that is handled late.
PART = Matter(
    alias=SQL("part"),
    join=SQL(
        """
        JOIN civic_assignment part
          ON part.report_id = report.id AND part.role IN %(roles)s
         AND (%(goes_on)s OR part.id = (
             SELECT given.id
               FROM civic_assignment given
          LEFT JOIN civic_step late ON late.assignment_id = given.id AND %(late)s
              WHERE given.report_id = part.report_id
                AND given.agency_id = part.agency_id
                AND given.role IN %(roles)s
                AND (late.id IS NOT NULL OR given.state NOT IN %(ended)s)
              ORDER BY given.state IN %(ended)s, given.id
              LIMIT 1))
        """,
        roles=ANSWERING,
        goes_on=GOES_ON,
        late=LATE,
        ended=ENDED_WITHOUT_RESULT,
    ),
    is_late=SQL(
        """
        EXISTS (SELECT
                  FROM civic_step late
                  JOIN civic_assignment given ON given.id = late.assignment_id
                 WHERE late.report_id = part.report_id
                   AND given.agency_id = part.agency_id AND %s)
        """,
        LATE,
    ),
    is_rated=GOES_ON,
    open=OPEN_ASSIGNMENT_STATES,
    refused=("none",),  # an agency refuses nothing, it returns
    handled=("approved", *ENDED_WITHOUT_RESULT),
)


class CivicFigure(models.Model):
    """Counts by month, kept: what citizens are told of the whole costs the same however
    many reports there are.

    A report counts in the month in which it came in, wherever it stands now, so that
    “on time” is said of the same reports as “received” (MATRIX §8's contents).
    """

    _name = "civic.figure"
    _description = "Figure"
    _order = "month desc, dimension, key"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    month = fields.Date(required=True, readonly=True, help="Its first day.")
    dimension = fields.Selection(
        [
            ("category", "Category"),
            ("agency", "Agency"),
            ("ward", "Ward"),
        ],
        required=True,
        readonly=True,
    )
    key = fields.Integer(
        required=True, readonly=True, help="Id of what is counted; 0: none."
    )
    received = fields.Integer(readonly=True)
    refused = fields.Integer(readonly=True, help="Refused or cancelled.")
    handled = fields.Integer(
        readonly=True,
        help="Answered or forwarded; of an agency also what was late before it was "
        "given back or taken away.",
    )
    on_time = fields.Integer(readonly=True, help="Of these, with every duty in time.")
    overdue = fields.Integer(readonly=True, help="In hand, the duty in force overdue.")
    rated = fields.Integer(readonly=True)
    satisfied = fields.Integer(readonly=True)

    _once = models.UniqueIndex("(company_id, dimension, month, key)")

    # ------------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Count the months anew in which something has happened since."""
        parameters = self.env["ir.config_parameter"]
        now = self.env["civic.door"]._now()
        seen = fields.Datetime.to_datetime(parameters.get_param(SEEN))
        self._refresh(now, seen and seen - OVERLAP)
        parameters.set_param(SEEN, fields.Datetime.to_string(now))

    @api.model
    def _refresh(self, now, since=None):
        """Count anew.

        :param since: months of reports that something has happened to since then, and
            those where something became overdue; all months without
        """
        self.env.flush_all()
        for company in self.env["res.company"].search(
            [("civic_procedure_id", "!=", False)]
        ):
            months = self._changed_months(company, since, now)
            if months:
                self._count(company, months, now)
        self.env.invalidate_all()

    @api.model
    def _changed_months(self, company, since, now):
        """First days of the months to be counted."""
        tz = company._civic_calendar()._civic_tz()
        query = SQL(
            """
            SELECT DISTINCT date_trunc('month', %(local)s)::date
              FROM civic_report report
             WHERE report.company_id = %(company)s AND report.received_at IS NOT NULL
            """,
            local=_local("report.received_at", tz),
            company=company.id,
        )
        if since:
            query = SQL(
                """
                %(query)s AND (report.overdue_from BETWEEN %(since)s AND %(now)s
                    OR report.id IN (SELECT part.report_id FROM civic_assignment part
                                      WHERE part.overdue_from BETWEEN %(since)s
                                                                  AND %(now)s)
                    OR EXISTS (SELECT 1 FROM civic_event event
                                WHERE event.report_id = report.id
                                  AND event.at >= %(since)s))
                """,
                query=query,
                since=since,
                now=now,
            )
        return [month for (month,) in self.env.execute_query(query)]

    @api.model
    def _count(self, company, months, now):
        self.env.cr.execute(
            SQL(
                "DELETE FROM civic_figure WHERE company_id = %s AND month IN %s",
                company.id,
                tuple(months),
            )
        )
        self._insert(company, "category", SQL("report.category_id"), WHOLE, months, now)
        self._insert(company, "ward", SQL("report.ward_id"), WHOLE, months, now)
        self._insert(company, "agency", SQL("part.agency_id"), PART, months, now)

    @api.model
    def _insert(self, company, dimension, key, matter, months, now):
        """Count the months of one dimension in one statement.

        :param key: the column that the dimension groups by
        :param matter: a `Matter`: what is counted once
        """
        self.env.cr.execute(
            SQL(
                COUNT_MONTHS,
                company=company.id,
                dimension=dimension,
                refused=matter.refused,
                handled=matter.handled,
                open=matter.open,
                local=_local(
                    "report.received_at", company._civic_calendar()._civic_tz()
                ),
                key=key,
                alias=matter.alias,
                join=matter.join,
                is_late=matter.is_late,
                is_rated=matter.is_rated,
                now=now,
                months=tuple(months),
            )
        )

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    @api.model
    def _public_figures_sudo(self, company, period="", current=False):
        """What everybody may know: counts, never reports.

        :param period: a year "2026" or a month "2026-11"; anything else is the last
            twelve months
        :param current: whether what has ended is summed under the one in its place,
            instead of by the name of its day
        :return: dict: period, current, periods (to choose from), total, and rows of
            months, category, agency, ward; each a dict of counts with label and rates
        """
        # sudo: visitors have no rights on the tables; counts are public
        model = self.sudo().with_company(company)
        first, last = model._bounds(period, company._civic_today())
        rows = model.search_fetch(
            [
                ("company_id", "=", company.id),
                ("month", ">=", first),
                ("month", "<=", last),
            ],
            ["month", "dimension", "key", *COUNTS],
        )
        by = {name: rows.filtered(lambda r, n=name: r.dimension == n) for name in NAMES}
        return {
            "period": period if PERIOD.fullmatch(period or "") else "",
            "current": current,
            "first": first,
            "last": last,
            "periods": model._periods(company),
            "total": _counted(by["category"]),
            "rules": _counted(
                rows.filtered(lambda row: row.dimension == "rules" and row.key)
            ),
            "months": [
                {**_counted(group), "label": month.strftime("%m/%Y")}
                for month, group in sorted(by["category"].grouped("month").items())
            ],
            **{name: model._rows(name, by[name], current) for name in NAMES},
        }

    @api.model
    def _bounds(self, period, today):
        match = PERIOD.fullmatch(period or "")
        if not match:
            year, month = divmod(today.year * 12 + today.month - MONTHS, 12)
            return date(year, month + 1, 1), today.replace(day=1)
        year = int(match[1])
        if match[2]:
            return (date(year, int(match[2]), 1),) * 2
        return date(year, 1, 1), date(year, 12, 1)

    @api.model
    def _periods(self, company):
        """The years and the latest months of which something is counted."""
        found = self._read_group(
            [("company_id", "=", company.id), ("dimension", "=", "category")],
            ["month:month"],
            order="month:month desc",
        )
        months = [month for (month,) in found if month]
        years = sorted({month.year for month in months}, reverse=True)
        return [
            *((str(year), str(year)) for year in years),
            *((f"{m:%Y-%m}", f"{m:%m/%Y}") for m in months[:MONTHS]),
        ]

    @api.model
    def _rows(self, dimension, figures, current=False):
        """Counts of one dimension, the most received first."""
        groups = figures.grouped("key")
        if current:
            keys = self.env[NAMES[dimension]]._current_keys(groups)
            groups = figures.grouped(lambda row: keys[row.key])
        names = {
            record.id: record.name
            for record in self.env[NAMES[dimension]]
            .with_context(active_test=False)
            .browse([key for key in groups if key])
            .exists()
        }
        rows = [
            {**_counted(group), "label": names.get(key) or self.env._("Not stated")}
            for key, group in groups.items()
        ]
        rows.sort(key=lambda row: (-row["received"], row["label"]))
        return rows[:MAX_ROWS]


def _local(column, tz):
    """A UTC column as local time."""
    return SQL("%s AT TIME ZONE 'UTC' AT TIME ZONE %s", SQL(column), tz)


def _counted(figures):
    """Sums and rates of figures; a rate of nothing is None."""
    sums = {name: sum(figures.mapped(name)) for name in COUNTS}
    return {
        **sums,
        "in_hand": sums["received"] - sums["refused"] - sums["handled"],
        "on_time_rate": _percent(sums["on_time"], sums["handled"]),
        "satisfied_rate": _percent(sums["satisfied"], sums["rated"]),
    }


def _percent(part, whole):
    return round(100 * part / whole, 1) if whole else None
