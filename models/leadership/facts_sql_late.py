"""Statements that list what was late, and what waits for the province."""

from .facts_sql import OWED_BY_CENTRE
from .facts_sql_parts import PARTS

# Matters of agencies that were late: open past their deadline at the end, or with a
# result in the period that came after it.
LATE_PARTS = (
    "WITH"
    + PARTS
    + """,
    results AS MATERIALIZED (
        SELECT part.*, report.name AS code_of_report,
               report.visibility <> 'public' AS is_private,
               CASE WHEN part.done THEN COALESCE((
                    SELECT max(step.ended_at)
                      FROM civic_step step
                     WHERE step.assignment_id = part.id AND step.code IN %(approving)s
                       AND step.state = 'done' AND step.ended_at <= part.ended_at),
                    part.ended_at) END AS done_at
          FROM part
          JOIN civic_report report ON report.id = part.report_id
         WHERE part.role <> 'co' AND report.visibility <> 'secret'
           AND (part.overdue OR part.done AND part.late)),
    listed AS MATERIALIZED (
        SELECT results.*,
               GREATEST(EXTRACT(EPOCH FROM
                   COALESCE(done_at, %(end)s) - deadline) / 86400, 0) AS days_late
          FROM results
         ORDER BY done, days_late DESC, id
         LIMIT %(limit)s)
    SELECT part.id AS assignment_id, part.report_id, part.agency_id,
           part.code_of_report AS code, part.dispatched_at AS given_at, part.deadline,
           part.done_at, part.days_late,
           (SELECT extension.granted_until FROM civic_extension extension
             WHERE extension.assignment_id = part.id AND extension.state = 'granted'
               AND extension.decided_at < %(end)s
             ORDER BY extension.decided_at DESC, extension.id DESC LIMIT 1)
               AS extended_to,
           (SELECT step.code FROM civic_step step
             WHERE step.assignment_id = part.id AND step.started_at < %(end)s
               AND (step.ended_at IS NULL OR step.ended_at >= %(end)s)
               AND step.code NOT IN %(optional)s
             ORDER BY step.deadline NULLS LAST, step.id LIMIT 1) AS step,
           COALESCE((SELECT step.user_id FROM civic_step step
                      WHERE step.assignment_id = part.id AND step.started_at < %(end)s
                        AND step.code IN %(handling)s
                      ORDER BY step.started_at DESC, step.id DESC LIMIT 1),
                    part.handler_id) AS handler_id,
           COALESCE((SELECT step.user_id FROM civic_step step
                      WHERE step.assignment_id = part.id AND step.started_at < %(end)s
                        AND step.code IN %(approving)s
                      ORDER BY step.started_at DESC, step.id DESC LIMIT 1),
                    part.leader_id) AS leader_id,
           part.is_private
      FROM listed part
     ORDER BY part.done, part.days_late DESC, part.id
"""
)
# Duties of the Centre itself that were open past their time at the end.
LATE_CENTRE = (
    """
    SELECT NULL::int AS assignment_id, step.report_id, 0 AS agency_id,
           report.name AS code, step.started_at AS given_at, step.deadline,
           NULL::timestamp AS done_at,
           EXTRACT(EPOCH FROM %(end)s - step.overdue_from) / 86400 AS days_late,
           NULL::date AS extended_to, step.code AS step, step.user_id AS handler_id,
           NULL::int AS leader_id, report.visibility <> 'public' AS is_private
      FROM civic_step step
      JOIN civic_report report ON report.id = step.report_id AND %(where)s
     WHERE """
    + OWED_BY_CENTRE
    + """ AND report.visibility <> 'secret'
     ORDER BY days_late DESC, step.id
     LIMIT %(limit)s
"""
)
# What waits for the province at the end of the period.
STUCK = """
    SELECT step.report_id, step.started_at AS since,
           CASE WHEN (SELECT event.code FROM civic_event event
                       WHERE event.report_id = step.report_id
                         AND event.assignment_id IS NULL
                         AND event.code IN ('ask_designation', 'escalate')
                         AND event.at <= step.started_at
                       ORDER BY event.at DESC, event.id DESC LIMIT 1) = 'escalate'
                THEN 'disagree' ELSE 'designate' END AS what,
           COALESCE((SELECT array_agg(DISTINCT part.agency_id)
                       FROM civic_assignment part
                      WHERE part.report_id = step.report_id
                        AND part.dispatched_at < %(end)s
                        AND part.role IN %(answering)s), '{}') AS agencies
      FROM civic_step step
      JOIN civic_report report ON report.id = step.report_id AND %(where)s
     WHERE step.company_id = %(company)s AND step.code = 'designate'
       AND step.started_at < %(end)s
       AND (step.ended_at IS NULL OR step.ended_at >= %(end)s)
       AND report.visibility <> 'secret'
     ORDER BY step.started_at, step.id
     LIMIT %(limit)s
"""
