from collections import Counter, defaultdict

import pytz
from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.working_time import end_of_day, start_of_day
from ..ground.sql_states import sql_states
from ..workflow.transitions import (
    CENTRE_CODES,
    ENDED_WITHOUT_RESULT,
    OPEN_ASSIGNMENT_STATES,
    OPEN_REPORT_STATES,
    WORKING_ASSIGNMENT_STATES,
)

# What is counted of an agency's open work, in all and of each person.
OF_PART = (
    "open",
    "pending",
    "in_hand",
    "submitted",
    "overdue",
    "due_today",
    "sent_back",
)
# Rows: company, agency, person, the counts of OF_PART, since when the oldest is
# overdue. Parts for follow-up owe nothing.
PARTS = """
    SELECT part.company_id, part.agency_id, part.handler_id,
           count(*),
           count(*) FILTER (WHERE part.state = 'pending'),
           count(*) FILTER (WHERE part.state IN %(working)s),
           count(*) FILTER (WHERE part.state = 'submitted'),
           count(*) FILTER (WHERE part.overdue_from < %(now)s),
           count(*) FILTER (WHERE part.overdue_from >= %(now)s
                              AND part.deadline < day.ends),
           count(*) FILTER (WHERE part.state IN %(working)s
                              AND part.send_back_count > 0),
           min(part.overdue_from) FILTER (WHERE part.overdue_from < %(now)s)
      FROM civic_assignment part
      JOIN %(days)s ON day.company_id = part.company_id
     WHERE part.state IN %(open_parts)s AND part.role <> 'follow_up'
     GROUP BY part.company_id, part.agency_id, part.handler_id
"""
# What is counted of reports that are open; the company's, and each ward's.
OF_REPORT = ("open", "overdue", "due_today", "secret")
# Where a secret report lies is nobody's to read off a map.
REPORTS = """
    SELECT report.company_id, report.state,
           CASE WHEN report.visibility <> 'secret' THEN report.ward_id END AS ward,
           count(*),
           count(*) FILTER (WHERE report.overdue_from < %(now)s),
           count(*) FILTER (WHERE report.overdue_from >= %(now)s
                              AND report.deadline < day.ends),
           count(*) FILTER (WHERE report.visibility = 'secret')
      FROM civic_report report
      JOIN %(days)s ON day.company_id = report.company_id
     WHERE report.state IN %(open_reports)s
     GROUP BY report.company_id, report.state, ward
"""
# Rows: what, company, agency or none, how many, since when.
OTHERS = """
    SELECT 'emergency', report.company_id, NULL::int, count(*),
           min(report.received_at)
      FROM civic_report report
      JOIN %(days)s ON day.company_id = report.company_id
     WHERE report.state IN %(open_reports)s AND report.track = 'emergency'
     GROUP BY report.company_id
     UNION ALL
    SELECT 'designating', report.company_id, NULL, count(DISTINCT report.id),
           min(COALESCE(step.started_at, report.received_at))
      FROM civic_report report
      JOIN %(days)s ON day.company_id = report.company_id
 LEFT JOIN civic_step step ON step.report_id = report.id
                          AND step.state = 'open' AND step.code = 'designate'
     WHERE report.state = 'designating'
     GROUP BY report.company_id
     UNION ALL
    SELECT 'received_today', report.company_id, NULL, count(*), NULL
      FROM civic_report report
      JOIN %(days)s ON day.company_id = report.company_id
     WHERE report.received_at >= %(earliest)s AND report.received_at >= day.begins
     GROUP BY report.company_id
     UNION ALL
    SELECT 'done_today', report.company_id, NULL, count(*), NULL
      FROM civic_report report
      JOIN %(days)s ON day.company_id = report.company_id
                   AND report.closed_at >= day.begins
     WHERE report.state = 'done'
     GROUP BY report.company_id
     UNION ALL
    SELECT 'parts_given_today', part.company_id, part.agency_id, count(*), NULL
      FROM civic_assignment part
      JOIN %(days)s ON day.company_id = part.company_id
     WHERE part.dispatched_at >= %(earliest)s AND part.dispatched_at >= day.begins
       AND part.role IN ('lead', 'parallel') AND part.state NOT IN %(without_result)s
     GROUP BY part.company_id, part.agency_id
     UNION ALL
    SELECT 'parts_done_today', part.company_id, part.agency_id, count(*), NULL
      FROM civic_assignment part
      JOIN %(days)s ON day.company_id = part.company_id
     WHERE part.approved_at >= %(earliest)s AND part.approved_at >= day.begins
       AND part.role IN ('lead', 'parallel') AND part.state NOT IN %(without_result)s
     GROUP BY part.company_id, part.agency_id
     UNION ALL
    SELECT 'centre_overdue', step.company_id, NULL, count(*), min(step.overdue_from)
      FROM civic_step step
     WHERE step.state = 'open' AND step.overdue_from < %(now)s
       AND step.code IN %(centre)s
     GROUP BY step.company_id
     UNION ALL
    SELECT 'unanswered', question.company_id, question.agency_id, count(*),
           min(question.sent_at)
      FROM civic_interaction question
     WHERE question.state = 'open'
     GROUP BY question.company_id, question.agency_id
     UNION ALL
    SELECT 'explanations', owed.company_id, owed.agency_id, count(*), min(owed.due_at)
      FROM civic_explanation owed
     WHERE owed.state = 'open'
     GROUP BY owed.company_id, owed.agency_id
     UNION ALL
    SELECT 'directives', directive.company_id, told.agency_id,
           count(DISTINCT directive.id), min(directive.due_at)
      FROM civic_directive directive
      JOIN civic_directive_agency_rel told ON told.directive_id = directive.id
     WHERE directive.state = 'issued'
       AND NOT EXISTS (SELECT FROM civic_directive_answer answer
                        WHERE answer.directive_id = told.directive_id
                          AND answer.agency_id = told.agency_id)
     -- Of the province each once, however many have not answered.
     GROUP BY GROUPING SETS ((directive.company_id, told.agency_id),
                             (directive.company_id))
"""
KEEP = """
    INSERT INTO civic_now AS kept
           (company_id, agency_id, counts, matters, counted_at)
    VALUES %s
        ON CONFLICT (company_id, COALESCE(agency_id, 0))
        DO UPDATE SET counts = EXCLUDED.counts, matters = EXCLUDED.matters,
                      counted_at = EXCLUDED.counted_at
     RETURNING id, company_id, (
               SELECT before.counts IS DISTINCT FROM kept.counts
                   OR before.matters IS DISTINCT FROM kept.matters
                 FROM civic_now before WHERE before.id = kept.id)
"""


class CivicReport(models.Model):
    _inherit = "civic.report"

    # What is open is counted each minute from this alone.
    _open_now = models.Index(
        "(company_id, state, ward_id, overdue_from, deadline, track, visibility) "
        f"WHERE state IN {sql_states(OPEN_REPORT_STATES)}"
    )


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    _open_now = models.Index(
        "(company_id, agency_id, handler_id, state, overdue_from, deadline, role, "
        f"send_back_count) WHERE state IN {sql_states(OPEN_ASSIGNMENT_STATES)}"
    )
    # What was done today.
    _done_lately = models.Index("(company_id, approved_at)")


class CivicInteraction(models.Model):
    _inherit = "civic.interaction"

    _open_now = models.Index("(company_id, agency_id, sent_at) WHERE state = 'open'")


class CivicNow(models.Model):
    """How things stand, counted each minute: screens read this and no large table.

    One row a province, and one for each of its agencies with open work, or with some
    given or done today. No words of
    anybody are kept here: counts, codes of reports, who holds what, and since when.
    """

    _name = "civic.now"
    _description = "Kept counts of open work"
    _order = "company_id, agency_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agency_id = fields.Many2one(
        "civic.agency",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: the whole province.",
    )
    counts = fields.Json(readonly=True, help="What is counted → how many.")
    matters = fields.Json(
        readonly=True, help="The matters that wait longest, by code, the worst first."
    )
    counted_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(company_id, COALESCE(agency_id, 0))")

    @api.depends("agency_id", "company_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.agency_id.name or row.company_id.name

    # ------------------------------------------------------------------
    # The pass of every minute
    # ------------------------------------------------------------------

    @api.model
    def _cron_count(self):
        """Count anew, and tell the screens of the provinces where something changed."""
        changed = self._count_now(self.env["civic.door"]._now())
        self.env["civic.board"]._tell_changed(changed)

    @api.model
    def _count_now(self, now):
        """Count all provinces, in a number of statements that does not grow.

        :param now: naive UTC datetime
        :return: res.company: those of which something has changed
        """
        companies = self._counted_companies()
        if not companies:
            return companies
        self.env.flush_all()
        counts = self._count_open_work(companies, now)
        matters = self._list_matters(companies, now)
        changed = self._keep_now(companies, counts, matters, now)
        self.invalidate_model()
        return changed

    @api.model
    def _counted_companies(self):
        # sudo: whoever counts does so for every province
        return (
            self.env["res.company"].sudo().search([("civic_procedure_id", "!=", False)])
        )

    @api.model
    def _day_bounds(self, companies, now):
        """:return: dict of res.company → (begin, end) of its day, naive UTC"""
        bounds = {}
        for company in companies:
            tz = company._civic_calendar()._civic_tz()
            local = pytz.utc.localize(now).astimezone(pytz.timezone(tz)).date()
            bounds[company] = (
                start_of_day(local, tz),
                end_of_day(local, tz),
            )
        return bounds

    @api.model
    def _sql_values(self, companies, now):
        """What the statements of a pass are filled with."""
        days = self._day_bounds(companies, now)
        return {
            "now": now,
            "days": SQL(
                "(VALUES %s) AS day (company_id, begins, ends)",
                SQL(", ").join(
                    SQL("(%s, %s::timestamp, %s::timestamp)", company.id, *bounds)
                    for company, bounds in days.items()
                ),
            ),
            "earliest": min(begins for begins, _ends in days.values()),
            "open_parts": OPEN_ASSIGNMENT_STATES,
            "open_reports": OPEN_REPORT_STATES,
            # What an agency gave back or lost is out of its sight.
            "without_result": ENDED_WITHOUT_RESULT,
            "working": WORKING_ASSIGNMENT_STATES,
            "centre": CENTRE_CODES,
        }

    @api.model
    def _count_open_work(self, companies, now):
        """:return: dict of (company id, agency id or 0) → dict of counts"""
        values = self._sql_values(companies, now)
        found = defaultdict(lambda: {"counts": Counter(), "since": {}})
        for company in companies:
            found[company.id, 0]["states"] = Counter()
            found[company.id, 0]["wards"] = {}
        self._count_parts(found, self.env.execute_query(SQL(PARTS, **values)))
        self._count_reports(found, self.env.execute_query(SQL(REPORTS, **values)))
        self._count_others(found, self.env.execute_query(SQL(OTHERS, **values)))
        return found

    def _count_parts(self, found, rows):
        for company, agency, person, *figures, oldest in rows:
            own, whole = found[company, agency], found[company, 0]
            counted = dict(zip(OF_PART, figures, strict=True))
            people = own.setdefault("people", {})
            people[str(person or 0)] = counted
            own["counts"].update(counted)
            whole["counts"].update(
                {f"agency_{name}": number for name, number in counted.items()}
            )
            _keep_oldest(own, "overdue", oldest)
            _keep_oldest(whole, "agency_overdue", oldest)

    def _count_reports(self, found, rows):
        for company, state, ward, *figures in rows:
            whole = found[company, 0]
            counted = dict(zip(OF_REPORT, figures, strict=True))
            whole["counts"].update(counted)
            whole["states"][state] += counted["open"]
            if ward:
                known = whole["wards"].setdefault(str(ward), [0, 0])
                known[0] += counted["open"]
                known[1] += counted["overdue"]

    def _count_others(self, found, rows):
        for name, company, agency, number, oldest in rows:
            keys = {(company, 0), (company, agency or 0)}
            if name == "directives":
                keys = {(company, agency or 0)}
            for key in keys:
                found[key]["counts"][name] += number
                _keep_oldest(found[key], name, oldest)

    @api.model
    def _keep_now(self, companies, counts, matters, now):
        """Write the rows, and take away those of agencies with nothing to count.

        :return: res.company: those of which something has changed
        """
        rows = []
        for key in {*counts, *matters}:
            if key[0] not in companies.ids:
                continue  # a province whose procedure was taken away
            counted = {**counts[key]} if key in counts else {}
            rows.append(
                (
                    key[0],
                    key[1] or None,
                    Json(counted),
                    Json(matters.get(key, {})),
                    now,
                )
            )
        kept = self.env.cr.execute_values(KEEP, rows, page_size=len(rows), fetch=True)
        changed = {company for _id, company, is_new in kept if is_new is not False}
        # By their ids: a second pass may fall into the same second.
        self.env.cr.execute(
            SQL(
                "DELETE FROM civic_now WHERE id <> ALL(%s) RETURNING company_id",
                [id_ for id_, _company, _is_new in kept],
            )
        )
        changed |= {company for (company,) in self.env.cr.fetchall()}
        return companies.filtered(lambda company: company.id in changed)


def _keep_oldest(row, name, moment):
    """Note since when the oldest of its kind waits."""
    if moment:
        text = f"{moment.isoformat(timespec='seconds')}Z"
        row["since"][name] = min(text, row["since"].get(name, text))
