"""Statements that count whole reports.

A report is closed by an event that leads from a state that is not final to one that is,
and reopened by one that leads back. What stood at the start is told by the first such
event since; where there is none it stands as today.
"""

from .facts_sql import OWED_BY_CENTRE, RETRACKED, taken_in
from .facts_sql_time import CLOCK, seconds_of, since_known, worked

MOVED = """
    moved AS MATERIALIZED (
        SELECT event.report_id, event.id, event.at, event.code, event.to_state,
               event.from_state IN %(final)s AS was_closed
          FROM civic_event event
         WHERE event.company_id = %(company)s AND event.assignment_id IS NULL
           AND event.code IN %(moves)s AND event.at >= %(start)s
           AND (event.from_state IN %(final)s) <> (event.to_state IN %(final)s)),
    begun AS MATERIALIZED (
        SELECT DISTINCT ON (report_id) report_id, at, was_closed
          FROM moved ORDER BY report_id, at, id),
    ended AS MATERIALIZED (
        SELECT DISTINCT ON (report_id) report_id, at, code, to_state, was_closed
          FROM moved WHERE at < %(end)s ORDER BY report_id, at DESC, id DESC)
"""
# Reports that were open in the period: carried into it, received or reopened in it.
REPORTS = (
    RETRACKED
    + ","
    + MOVED
    + """,
    stood AS MATERIALIZED (
        SELECT report.id, report.received_at, report.reason_id,
               report.recurrence_of_id, %(keys)s,
               report.received_at < %(start)s AND CASE
                   WHEN begun.report_id IS NULL
                   THEN report.closed_at IS NULL AND report.state NOT IN %(final)s
                   ELSE NOT begun.was_closed END AS carried,
               report.received_at >= %(start)s AS received,
               COALESCE(report.received_at < %(start)s AND begun.was_closed
                        AND begun.at < %(end)s, FALSE) AS reopened,
               ended.at AS ended_at, ended.code AS ended_by,
               NOT COALESCE(ended.was_closed, TRUE) AS closed,
               ended.to_state AS ended_in
          FROM civic_report report
     LEFT JOIN begun ON begun.report_id = report.id
     LEFT JOIN ended ON ended.report_id = report.id
     LEFT JOIN retracked ON retracked.report_id = report.id
         WHERE report.company_id = %(company)s AND report.received_at < %(end)s
           AND (report.closed_at IS NULL OR report.closed_at >= %(start)s)
           AND %(where)s),
    counted AS MATERIALIZED (
        SELECT stood.*,
               closed AND ended_by IN %(answers)s AS done,
               closed AND ended_by IN %(forwards)s AS forwarded,
               closed AND ended_in IN %(turned_away)s AS refused
          FROM stood WHERE carried OR received OR reopened)
"""
)
# What is counted of each report.
TOLD = (
    "WITH"
    + REPORTS
    + ","
    + CLOCK
    + """,
    late_part AS MATERIALIZED (
        SELECT DISTINCT kept.report_id
          FROM civic_agency_deadline kept
          JOIN civic_assignment part ON part.id = kept.assignment_id
         WHERE kept.company_id = %(company)s AND kept.is_late
           AND kept.at < %(end)s AND part.role IN %(answering)s),
    turned_away_since AS MATERIALIZED (
        SELECT DISTINCT event.report_id
          FROM civic_event event
         WHERE event.company_id = %(company)s AND event.assignment_id IS NULL
           AND event.code IN %(grounded)s AND event.at >= %(end)s),
    late_centre AS MATERIALIZED (
        SELECT DISTINCT step.report_id
          FROM civic_step step
         WHERE step.is_late AND step.assignment_id IS NULL
           AND step.company_id = %(company)s AND step.code IN %(centre)s
           AND step.ended_at < %(end)s),
    owed_centre AS MATERIALIZED (
        SELECT DISTINCT step.report_id
          FROM civic_step step
         WHERE """
    + OWED_BY_CENTRE
    + """),
    owed_part AS MATERIALIZED (
        SELECT DISTINCT counted.id AS report_id
          FROM counted
          JOIN civic_assignment part
            ON part.report_id = counted.id AND part.role IN %(answering)s
          JOIN LATERAL (
               SELECT kept.deadline, kept.code
                 FROM civic_agency_deadline kept
                WHERE kept.assignment_id = part.id AND kept.at < %(end)s
                ORDER BY kept.at DESC, kept.id DESC LIMIT 1) latest ON TRUE
         WHERE NOT counted.closed
           AND latest.code NOT IN %(ended)s AND latest.deadline < %(end)s),
    told AS MATERIALIZED (
        SELECT counted.*,
               late_part.report_id IS NOT NULL OR late_centre.report_id IS NOT NULL
                   AS was_late,
               owed_part.report_id IS NOT NULL OR owed_centre.report_id IS NOT NULL
                   AS is_owed,
               recurrence_of_id IS NOT NULL AND """
    + taken_in("counted.id")
    + """ AS is_recurrence,
               CASE WHEN NOT refused THEN NULL
                    WHEN ended_by = 'withdraw' THEN 'withdrawn'
                    WHEN ended_by = 'mark_duplicate' THEN 'duplicate'
                    WHEN turned_away_since.report_id IS NOT NULL
                    THEN ''  -- the ground of another closing stands there now
                    ELSE COALESCE(reason.code, '') END AS ground
          FROM counted
     LEFT JOIN late_part ON late_part.report_id = counted.id
     LEFT JOIN late_centre ON late_centre.report_id = counted.id
     LEFT JOIN owed_part ON owed_part.report_id = counted.id
     LEFT JOIN owed_centre ON owed_centre.report_id = counted.id
     LEFT JOIN turned_away_since ON turned_away_since.report_id = counted.id
     LEFT JOIN civic_reason reason ON reason.id = counted.reason_id)
"""
)
LIST_REPORTS = (
    TOLD
    + """
    SELECT id FROM told WHERE %(counted_as)s ORDER BY id LIMIT %(limit)s
"""
)
# What counts once for each report, for the whole, each dimension and each ground.
COUNT_REPORTS = (
    TOLD
    + """,
    moments AS MATERIALIZED (
        SELECT category, channel, ward, track, kind,
               """
    + since_known("received_at")
    + "::date AS opened_on, "
    + seconds_of(since_known("received_at"))
    + " AS opened, ended_at::date AS closed_on, "
    + seconds_of("ended_at")
    + """ AS closed
          FROM counted WHERE done),
    timed AS MATERIALIZED (
        SELECT category, channel, ward, track, kind, """
    + worked("moments.closed", "closes")
    + " - "
    + worked("moments.opened", "opens")
    + """ AS seconds
          FROM moments
          JOIN clock closes ON closes.day = moments.closed_on
          JOIN clock opens ON opens.day = moments.opened_on)
    SELECT GROUPING(category, channel, ward, track, kind, ground) AS grouped,
           category, channel, ward, track, kind, ground,
           count(*) FILTER (WHERE carried) AS carried,
           count(*) FILTER (WHERE received) AS received,
           count(*) FILTER (WHERE reopened) AS reopened,
           count(*) FILTER (WHERE refused) AS refused,
           count(*) FILTER (WHERE forwarded) AS forwarded,
           count(*) FILTER (WHERE done) AS done,
           count(*) FILTER (WHERE NOT closed) AS open,
           count(*) FILTER (WHERE done AND NOT was_late) AS on_time,
           count(*) FILTER (WHERE %(late)s) AS late,
           count(*) FILTER (WHERE %(overdue)s) AS overdue,
           count(*) FILTER (WHERE ground = 'duplicate') AS duplicates,
           count(*) FILTER (WHERE ground = 'withdrawn') AS withdrawn,
           count(*) FILTER (WHERE ground = 'no_answer') AS no_answer,
           count(*) FILTER (WHERE %(recurred)s) AS recurred,
           NULL::float[] AS seconds
      FROM told
     GROUP BY GROUPING SETS (
           (), (category), (channel), (ward), (track), (kind), (ground))
 UNION ALL
    -- Apart from the counts: each of these sorts what it is of.
    SELECT GROUPING(category, channel, ward, track, kind) * 2 + 1,
           category, channel, ward, track, kind, NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           NULL, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds)
      FROM timed
     GROUP BY GROUPING SETS ((), (category), (channel), (ward), (track), (kind))
"""
)
# Emergencies of the period: minutes until somebody had them; at its end, what waits for
# the province, and how many duties of the Centre are past their time.
COUNT_URGENT = (
    "WITH"
    + RETRACKED
    + """,
    urgent AS MATERIALIZED (
        SELECT report.id, report.received_at, report.visibility <> 'secret' AS is_named,
               (SELECT min(event.at) FROM civic_event event
                 WHERE event.report_id = report.id AND event.assignment_id IS NULL
                   AND event.code IN %(handed)s AND event.at < %(end)s) AS handed_at,
               EXISTS (SELECT FROM civic_step step
                        WHERE step.report_id = report.id
                          AND step.assignment_id IS NULL
                          AND step.code IN %(intake)s AND step.started_at < %(end)s
                          AND step.overdue_from < COALESCE(
                              LEAST(step.ended_at, %(end)s), %(end)s)
                          AND (step.is_late OR step.ended_at IS NULL
                               OR step.ended_at >= %(end)s)) AS is_late
          FROM civic_report report
     LEFT JOIN retracked ON retracked.report_id = report.id
         WHERE report.company_id = %(company)s
           AND report.received_at >= %(start)s AND report.received_at < %(end)s
           AND COALESCE(retracked.track, report.track) = 'emergency' AND %(where)s)
    SELECT count(*),
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY EXTRACT(EPOCH FROM handed_at - received_at) / 60),
           max(EXTRACT(EPOCH FROM handed_at - received_at) / 60),
           count(*) FILTER (WHERE is_late),
           (array_agg(id ORDER BY id) FILTER (WHERE is_late AND is_named))[1:200],
           (SELECT count(DISTINCT step.report_id)
              FROM civic_step step
              JOIN civic_report report ON report.id = step.report_id AND %(where)s
             WHERE step.company_id = %(company)s AND step.code = 'designate'
               AND step.started_at < %(end)s
               AND (step.ended_at IS NULL OR step.ended_at >= %(end)s)),
           (SELECT count(*)
              FROM civic_step step
              JOIN civic_report report ON report.id = step.report_id AND %(where)s
             WHERE """
    + OWED_BY_CENTRE
    + """)
      FROM urgent
"""
)
