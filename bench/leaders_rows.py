"""Rows of reports for the bench of the leaders' work: more than a year of them."""

from datetime import date, timedelta

from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from odoo.sql_db import db_connect
from odoo.tools import SQL

AGENCIES = 60
WARDS = 40
DAY = date(2026, 6, 1)
TABLES = ("report", "assignment", "step", "event", "agency_deadline", "rating")


def make_places(env):
    agencies = env["civic.agency"].create(
        [{"name": f"Cơ quan {number}", "kind": "local"} for number in range(AGENCIES)]
    )
    wards = env["civic.ward"].create(
        [{"name": f"Phường {number}"} for number in range(WARDS)]
    )
    return agencies, wards


def populate(env, pattern, agencies, wards, made, size):
    """Reports of 1.2 years, all moments different, with their duties, history, kept
    deadlines and ratings."""
    parameters = {
        "pattern": pattern.id,
        "made": made,
        "size": size,
        "agencies": agencies.ids,
        "wards": wards.ids,
        "categories": env["civic.category"].search([], limit=20).ids,
        "channels": env["civic.channel"].search([], limit=5).ids,
        "levels": env.ref("civic_report.scale_hue").level_ids.ids,
        "start": DAY - timedelta(days=220),
        # So that the year holds as many as the size says, more or less.
        "step": 31_536_000 / size,
    }
    counts = {
        f"{name}_count": len(value)
        for name, value in parameters.items()
        if isinstance(value, list)
    }
    parameters |= counts
    for statement in STATEMENTS:
        env.cr.execute(SQL(statement, **_named(statement, parameters)))
    # As in a database that has stood for a while: rows of an open transaction take
    # longer to read.
    env.cr.commit()
    with db_connect(env.cr.dbname).cursor() as cr:
        cr._cnx.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        tables = SQL(", ").join(SQL.identifier(f"civic_{name}") for name in TABLES)
        cr.execute(SQL("VACUUM ANALYZE %s", tables))


def _named(statement, parameters):
    return {
        name: value for name, value in parameters.items() if f"%({name})s" in statement
    }


# Rows of one report: received, dispatched after an hour, approved after three days,
# published after four; of a hundred nine are late, two refused, three open.
STATEMENTS = (
    """
    INSERT INTO civic_report (name, subject, description, kind, state, track,
                              channel_id,
                              company_id, procedure_id, visibility, category_id,
                              ward_id, received_at, dispatched_at, published_at,
                              closed_at)
    SELECT 'BENCH-' || number, report.subject, report.description, report.kind,
           CASE WHEN number %% 100 < 2 THEN 'refused'
                WHEN number %% 100 < 5 THEN 'processing' ELSE 'done' END,
           CASE WHEN number %% 100 = 7 THEN 'emergency' ELSE 'normal' END,
           (%(channels)s::int[])[1 + number %% %(channels_count)s],
           report.company_id, report.procedure_id, 'public',
           (%(categories)s::int[])[1 + number %% %(categories_count)s],
           (%(wards)s::int[])[1 + number %% %(wards_count)s],
           at.received,
           CASE WHEN number %% 100 >= 2 THEN at.received + interval '1 hour' END,
           CASE WHEN number %% 100 >= 5 THEN at.received + interval '4 days' END,
           CASE WHEN number %% 100 < 2 THEN at.received + interval '1 hour'
                WHEN number %% 100 >= 5 THEN at.received + interval '4 days' END
      FROM civic_report report, generate_series(%(made)s, %(size)s - 1) number,
           LATERAL (SELECT %(start)s::timestamp
                           + number * %(step)s * interval '1 second' AS received) at
     WHERE report.id = %(pattern)s
    """,
    """
    INSERT INTO civic_assignment (report_id, agency_id, company_id, role, state,
                                  dispatched_at, accepted_at, deadline, overdue_from,
                                  approved_at)
    SELECT report.id,
           (%(agencies)s::int[])[1 + report.id %% %(agencies_count)s],
           report.company_id, 'lead',
           CASE WHEN report.state = 'done' THEN 'approved' ELSE 'processing' END,
           report.dispatched_at, report.dispatched_at + interval '10 minutes',
           CASE WHEN report.state = 'processing' THEN due END,
           CASE WHEN report.state = 'processing' THEN due END,
           CASE WHEN report.state = 'done'
                THEN report.received_at + interval '3 days' END
      FROM civic_report report,
           LATERAL (SELECT report.dispatched_at + interval '9 days' AS due) handling
     WHERE report.name LIKE 'BENCH-%%' AND report.dispatched_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM civic_assignment WHERE report_id = report.id)
    """,
    """
    INSERT INTO civic_agency_deadline (assignment_id, report_id, company_id, agency_id,
                                       at, deadline, code, is_late)
    SELECT part.id, part.report_id, part.company_id, part.agency_id, act.at,
           part.dispatched_at + CASE WHEN part.report_id %% 100 < 9
                THEN interval '2 days' ELSE interval '9 days' END,
           act.code, act.code = 'approve' AND part.report_id %% 100 < 9
      FROM civic_assignment part
      JOIN civic_report report ON report.id = part.report_id
      JOIN LATERAL (VALUES ('dispatch', part.dispatched_at),
                           ('accept', part.accepted_at),
                           ('approve', part.approved_at)) act (code, at)
        ON act.at IS NOT NULL
     WHERE report.name LIKE 'BENCH-%%'
       AND NOT EXISTS (SELECT FROM civic_agency_deadline
                        WHERE assignment_id = part.id)
     ORDER BY act.at
    """,
    """
    INSERT INTO civic_step (report_id, assignment_id, company_id, code, track,
                            agency_id, started_at, counted_from, deadline,
                            overdue_from, ended_at, alert_level, state,
                            is_late, limit_value, limit_unit)
    SELECT report.id, part.id, report.company_id, act.code, report.track,
           part.agency_id, act.started, act.started, act.started + interval '7 days',
           act.started + interval '7 days', act.ended, 0,
           CASE WHEN act.ended IS NULL THEN 'open' ELSE 'done' END, FALSE, 6,
           'working_day'
      FROM civic_report report
 LEFT JOIN civic_assignment part ON part.report_id = report.id
      JOIN LATERAL (VALUES
           ('intake', report.received_at, report.received_at + interval '1 hour'),
           ('accept', report.dispatched_at, part.accepted_at),
           ('process', part.accepted_at, part.approved_at - interval '1 hour'),
           ('approve', part.approved_at - interval '1 hour', part.approved_at),
           ('publish', part.approved_at, report.published_at)
           ) act (code, started, ended)
        ON act.started IS NOT NULL
     WHERE report.name LIKE 'BENCH-%%'
       AND NOT EXISTS (SELECT FROM civic_step WHERE report_id = report.id)
     ORDER BY act.started
    """,
    """
    UPDATE civic_step SET assignment_id = NULL
     WHERE code IN ('intake', 'publish') AND assignment_id IS NOT NULL
       AND report_id IN (SELECT id FROM civic_report WHERE name LIKE 'BENCH-%%')
    """,
    """
    INSERT INTO civic_event (report_id, assignment_id, company_id, code, at, from_state,
                             to_state, is_public)
    SELECT report.id, act.part, report.company_id, act.code, act.at, act.before,
           act.after, TRUE
      FROM civic_report report
 LEFT JOIN civic_assignment part ON part.report_id = report.id
      JOIN LATERAL (VALUES
           ('send', report.received_at, NULL, 'new', NULL::int),
           ('receive', report.received_at + interval '30 minutes', 'new', 'received',
            NULL),
           ('refuse', CASE WHEN report.state = 'refused' THEN report.closed_at END,
            'received', 'refused', NULL),
           ('dispatch', report.dispatched_at, 'received', 'processing', NULL),
           ('accept', part.accepted_at, 'pending', 'accepted', part.id),
           ('submit', part.approved_at - interval '1 hour', 'accepted', 'submitted',
            part.id),
           ('approve', part.approved_at, 'submitted', 'approved', part.id),
           ('resolve', part.approved_at, 'processing', 'resolved', NULL),
           ('publish', report.published_at, 'resolved', 'done', NULL),
           ('rate', CASE WHEN report.id %% 3 = 0
                         THEN report.published_at + interval '1 day' END,
            'done', 'done', NULL)) act (code, at, before, after, part)
        ON act.at IS NOT NULL
     WHERE report.name LIKE 'BENCH-%%'
       AND NOT EXISTS (SELECT FROM civic_event WHERE report_id = report.id)
     ORDER BY act.at
    """,
    """
    INSERT INTO civic_rating (report_id, company_id, level_id, grade, is_satisfied, at)
    SELECT report.id, report.company_id, level.id, level.grade,
           level.grade = 'satisfied', report.published_at + interval '1 day'
      FROM civic_report report
      JOIN civic_rating_level level
        ON level.id = (%(levels)s::int[])[1 + report.id %% 3]
     WHERE report.name LIKE 'BENCH-%%' AND report.published_at IS NOT NULL
       AND report.id %% 3 = 0
       AND NOT EXISTS (SELECT FROM civic_rating WHERE report_id = report.id)
    """,
)
