"""Statements that count ratings: the one that stands at the end of a period."""

from .facts_sql import RETRACKED

STANDING = """
    given AS MATERIALIZED (
        SELECT DISTINCT ON (rating.report_id) rating.report_id, rating.level_id,
               rating.grade, rating.at
          FROM civic_rating rating
         WHERE rating.company_id = %(company)s
           AND rating.at >= %(start)s AND rating.at < %(end)s
         ORDER BY rating.report_id, rating.at DESC, rating.id DESC),
    taken_up AS MATERIALIZED (
        SELECT event.report_id, max(event.at) AS at
          FROM civic_event event
         WHERE event.company_id = %(company)s AND event.assignment_id IS NULL
           AND event.code IN %(reopening)s
           AND event.at >= %(start)s AND event.at < %(end)s
         GROUP BY event.report_id),
    rated AS MATERIALIZED (
        SELECT given.*, %(keys)s
          FROM given
          JOIN civic_report report ON report.id = given.report_id AND %(where)s
     LEFT JOIN retracked ON retracked.report_id = given.report_id
     LEFT JOIN taken_up ON taken_up.report_id = given.report_id
         WHERE taken_up.at IS NULL OR taken_up.at < given.at)
"""
NUMBERS_OF_RATINGS = """
           count(*) AS rated,
           count(*) FILTER (WHERE grade = 'satisfied') AS satisfied,
           count(*) FILTER (WHERE grade IN ('satisfied', 'acceptable')) AS accepted
"""
COUNT_RATINGS = (
    "WITH"
    + RETRACKED
    + ","
    + STANDING
    + """
    SELECT GROUPING(category, channel, ward, track, kind) AS grouped,
           NULL::int AS agency_id, level_id, category, channel, ward, track, kind,"""
    + NUMBERS_OF_RATINGS
    + """
      FROM rated
     GROUP BY GROUPING SETS (
           (level_id), (category), (channel), (ward), (track), (kind))
 UNION ALL
    SELECT NULL, agency_id, level_id, NULL, NULL, NULL, NULL, NULL,"""
    + NUMBERS_OF_RATINGS
    + """
      FROM (SELECT rated.grade, rated.level_id, latest.agency_id
              FROM rated
              JOIN civic_assignment part
                ON part.report_id = rated.report_id AND part.role IN %(answering)s
              JOIN LATERAL (
                   SELECT kept.agency_id, kept.code
                     FROM civic_agency_deadline kept
                    WHERE kept.assignment_id = part.id AND kept.at < %(end)s
                    ORDER BY kept.at DESC, kept.id DESC LIMIT 1) latest
                ON latest.code = 'approve') of_agencies
     GROUP BY agency_id, level_id
"""
)
