from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools.plain import as_json

# Matters that a list of a screen shows; all of them are behind it.
MOST_SHOWN = 12
# Those of an agency that are overdue longest. Secret ones are in the counts alone.
STUCK = """
    SELECT company_id, agency_id, id, report_id, code, category, ward, duty, since,
           holder, visibility, track, given_at
      FROM (SELECT part.company_id, part.agency_id, part.id, part.report_id,
                   report.name AS code, report.category_id AS category,
                   report.ward_id AS ward, part.clock_code AS duty,
                   part.overdue_from AS since,
                   CASE WHEN part.state = 'submitted' OR part.clock_code = 'assign'
                        THEN part.leader_id ELSE part.handler_id END AS holder,
                   report.visibility, report.track, part.dispatched_at AS given_at,
                   row_number() OVER (PARTITION BY part.company_id, part.agency_id
                                      ORDER BY part.overdue_from, part.id) AS place
              FROM civic_assignment part
              JOIN civic_report report ON report.id = part.report_id
             WHERE part.state IN %(open_parts)s AND part.role <> 'follow_up'
               AND part.overdue_from < %(now)s AND report.visibility <> 'secret') late
     WHERE place <= %(most)s
     ORDER BY since, id
"""
# The Centre's own duties that are overdue; what waits for the province; emergencies.
OTHERS = """
    SELECT what, company_id, id, report_id, code, category, ward, duty, since, holder,
           agency, deadline
      FROM (SELECT *, row_number() OVER (PARTITION BY what, company_id
                                         ORDER BY since, id) AS place
              FROM (
            SELECT 'centre' AS what, step.company_id, step.id, step.report_id,
                   report.name AS code, report.category_id AS category,
                   report.ward_id AS ward, step.code AS duty,
                   step.overdue_from AS since, step.user_id AS holder,
                   NULL::int AS agency, step.deadline
              FROM civic_step step
              JOIN civic_report report ON report.id = step.report_id
             WHERE step.state = 'open' AND step.code IN %(centre)s
               AND step.overdue_from < %(now)s AND report.visibility <> 'secret'
             UNION ALL
            SELECT 'waiting', report.company_id, report.id, report.id, report.name,
                   report.category_id, report.ward_id, 'designate',
                   COALESCE(step.started_at, report.received_at), NULL, NULL,
                   step.deadline
              FROM civic_report report
         LEFT JOIN civic_step step ON step.report_id = report.id
                                  AND step.state = 'open' AND step.code = 'designate'
             WHERE report.state = 'designating' AND report.visibility <> 'secret'
             UNION ALL
            SELECT 'emergencies', report.company_id, report.id, report.id, report.name,
                   report.category_id, report.ward_id, report.clock_code,
                   report.received_at, NULL, report.agency_id, report.overdue_from
              FROM civic_report report
             WHERE report.state IN %(open_reports)s AND report.track = 'emergency'
               AND report.visibility <> 'secret') matter) listed
     WHERE place <= %(most)s
     ORDER BY since, id
"""
# One row for each agency that has not answered.
DIRECTIVES = """
    SELECT directive.company_id, told.agency_id, directive.id, directive.number,
           directive.due_at, directive.issued_at
      FROM civic_directive directive
      JOIN civic_directive_agency_rel told ON told.directive_id = directive.id
     WHERE directive.state = 'issued'
       AND NOT EXISTS (SELECT FROM civic_directive_answer answer
                        WHERE answer.directive_id = told.directive_id
                          AND answer.agency_id = told.agency_id)
     ORDER BY directive.due_at NULLS LAST, directive.id, told.agency_id
     LIMIT 2000
"""
STUCK_NAMES = (
    *("id", "report", "code", "category", "ward", "duty", "since", "holder"),
    *("visibility", "track", "given_at"),
)
OTHER_NAMES = (
    *("id", "report", "code", "category", "ward", "duty", "since", "holder"),
    *("agency", "deadline"),
)


class CivicNow(models.Model):
    """What waits longest, beside how much there is."""

    _inherit = "civic.now"

    @api.model
    def _list_matters(self, companies, now):
        """:return: dict of (company id, agency id or 0) → dict of lists, each of at
        most `MOST_SHOWN` matters: stuck, directives; of a province besides centre,
        waiting, emergencies"""
        values = {**self._sql_values(companies, now), "most": MOST_SHOWN}
        found = defaultdict(lambda: defaultdict(list))
        for company, agency, *row in self.env.execute_query(SQL(STUCK, **values)):
            matter = {**as_json(dict(zip(STUCK_NAMES, row, strict=True)))}
            matter["agency"] = agency
            _add(found, company, agency, "stuck", matter)
        for what, company, *row in self.env.execute_query(SQL(OTHERS, **values)):
            matter = as_json(dict(zip(OTHER_NAMES, row, strict=True)))
            found[company, 0][what].append(matter)
        for company, agency, *row in self.env.execute_query(SQL(DIRECTIVES)):
            names = ("id", "number", "due_at", "issued_at")
            matter = {**as_json(dict(zip(names, row, strict=True))), "agency": agency}
            _add(found, company, agency, "directives", matter)
        return found


def _add(found, company, agency, name, matter):
    """A matter in the list of its agency and of the province, as long as they are not
    full: rows come the worst first."""
    for key in ((company, agency), (company, 0)):
        if len(found[key][name]) < MOST_SHOWN:
            found[key][name].append(matter)
