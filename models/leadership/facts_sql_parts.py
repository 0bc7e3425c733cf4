"""Statements that count the parts of agencies.

A part stands as the last row before a moment says, see `civic.agency.deadline`.
"""

# Parts of agencies that were theirs in the period, as they stood at its end.
PARTS = """
    touched AS MATERIALIZED (
        SELECT kept.assignment_id AS id
          FROM civic_agency_deadline kept
         WHERE kept.company_id = %(company)s AND kept.at >= %(start)s
         UNION
        SELECT part.id
          FROM civic_assignment part
         WHERE part.company_id = %(company)s AND part.state IN %(open_states)s),
    known AS MATERIALIZED (
        SELECT part.id, part.report_id, part.role, part.dispatched_at,
               part.handler_id, part.leader_id, part.agency_id AS agency_now
          FROM touched
          JOIN civic_assignment part ON part.id = touched.id
          JOIN civic_report report ON report.id = part.report_id
         WHERE part.company_id = %(company)s AND part.dispatched_at < %(end)s
           AND part.role IN %(roles)s AND %(where)s),
    before AS MATERIALIZED (
        SELECT DISTINCT ON (kept.assignment_id) kept.assignment_id, kept.code
          FROM known
          JOIN civic_agency_deadline kept
            ON kept.assignment_id = known.id AND kept.at < %(start)s
         WHERE known.dispatched_at < %(start)s
         ORDER BY kept.assignment_id, kept.at DESC, kept.id DESC),
    latest AS MATERIALIZED (
        SELECT DISTINCT ON (kept.assignment_id) kept.assignment_id, kept.agency_id,
               kept.code, kept.deadline, kept.at
          FROM known
          JOIN civic_agency_deadline kept
            ON kept.assignment_id = known.id AND kept.at < %(end)s
         ORDER BY kept.assignment_id, kept.at DESC, kept.id DESC),
    was_late AS MATERIALIZED (
        SELECT DISTINCT kept.assignment_id
          FROM civic_agency_deadline kept
         WHERE kept.company_id = %(company)s AND kept.is_late AND kept.at < %(end)s),
    sent_back AS MATERIALIZED (
        SELECT kept.assignment_id, count(*) AS times
          FROM civic_agency_deadline kept
         WHERE kept.company_id = %(company)s AND kept.code = 'fix'
           AND kept.at >= %(start)s AND kept.at < %(end)s
         GROUP BY kept.assignment_id),
    stood AS MATERIALIZED (
        SELECT known.*, COALESCE(latest.agency_id, known.agency_now) AS agency_id,
               latest.deadline, latest.at AS ended_at,
               was_late.assignment_id IS NOT NULL AS late,
               COALESCE(sent_back.times, 0) AS fixed,
               known.dispatched_at < %(start)s
                   AND COALESCE(before.code NOT IN %(ended)s, FALSE) AS carried,
               known.dispatched_at >= %(start)s AS given,
               known.dispatched_at < %(start)s AND sent_back.times IS NOT NULL
                   AND COALESCE(before.code IN %(ended)s, FALSE) AS reopened,
               latest.code
          FROM known
          JOIN latest ON latest.assignment_id = known.id
     LEFT JOIN before ON before.assignment_id = known.id
     LEFT JOIN was_late ON was_late.assignment_id = known.id
     LEFT JOIN sent_back ON sent_back.assignment_id = known.id),
    part AS MATERIALIZED (
        SELECT stood.*,
               code NOT IN %(ended)s AS open, code = 'approve' AS done,
               code = 'return' AS returned, code = 'drop' AS dropped,
               code NOT IN %(ended)s AND deadline < %(end)s AS overdue
          FROM stood
         WHERE (carried OR given OR reopened) AND %(agencies)s)
"""
COUNT_PARTS = (
    "WITH"
    + PARTS
    + """,
    returned_late AS MATERIALIZED (
        SELECT DISTINCT step.assignment_id
          FROM civic_step step
         WHERE step.is_late AND step.company_id = %(company)s
           AND step.code IN %(returning)s AND step.ended_at < %(end)s),
    committed AS MATERIALIZED (
        SELECT DISTINCT ON (extension.assignment_id) extension.assignment_id,
               extension.granted_until
          FROM civic_extension extension
         WHERE extension.company_id = %(company)s AND extension.state = 'granted'
           AND extension.decided_at < %(end)s
         ORDER BY extension.assignment_id, extension.decided_at DESC,
                  extension.id DESC)
    SELECT part.agency_id, part.role = 'co' AS is_co,
           count(*) FILTER (WHERE carried) AS carried,
           count(*) FILTER (WHERE given) AS given,
           count(*) FILTER (WHERE reopened) AS reopened,
           count(*) FILTER (WHERE returned) AS returned,
           count(*) FILTER (WHERE returned
                                  AND returned_late.assignment_id IS NOT NULL)
               AS returned_late,
           count(*) FILTER (WHERE dropped) AS dropped,
           count(*) FILTER (WHERE done) AS done,
           count(*) FILTER (WHERE done AND NOT late AND deadline IS NOT NULL)
               AS on_time,
           count(*) FILTER (WHERE done AND late) AS late,
           count(*) FILTER (WHERE (dropped OR returned) AND late) AS dropped_late,
           count(*) FILTER (WHERE done AND NOT late AND deadline IS NULL) AS no_limit,
           count(*) FILTER (WHERE open) AS open,
           count(*) FILTER (WHERE overdue) AS overdue,
           EXTRACT(EPOCH FROM %(end)s - min(deadline) FILTER (WHERE overdue)) / 86400
               AS oldest_days,
           count(*) FILTER (WHERE open AND committed.granted_until < %(committed)s)
               AS extended_open,
           sum(fixed) AS fixed
      FROM part
 LEFT JOIN returned_late ON returned_late.assignment_id = part.id
 LEFT JOIN committed ON committed.assignment_id = part.id
     GROUP BY part.agency_id, part.role = 'co'
"""
)
