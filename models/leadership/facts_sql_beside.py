"""Statements that count what lies beside the parts of agencies: extensions, urgings,
follow-ups, recurrences, directives."""

from .facts_sql import RETRACKED, taken_in

# Whose part an assignment was at the end of the period.
AGENCY_OF = """
    (SELECT COALESCE(
        (SELECT kept.agency_id FROM civic_agency_deadline kept
          WHERE kept.assignment_id = part.id AND kept.at < %(end)s
          ORDER BY kept.at DESC, kept.id DESC LIMIT 1),
        part.agency_id))
"""


def _by_agency(name, source, condition=""):
    """Rows of what belongs to parts, counted by the agency whose part it was.

    :param name: of the figure
    :param source: a table with `assignment_id`, and its alias if it has one
    """
    alias = source.split()[-1]
    where = f"WHERE {condition}" if condition else ""
    return f"""
        SELECT {AGENCY_OF}, '{name}', count(*)
          FROM {source}
          JOIN civic_assignment part ON part.id = {alias}.assignment_id
          JOIN civic_report report ON report.id = part.report_id AND %(where)s
         {where}
         GROUP BY 1
    """


# What was asked of reports of those matters that an agency answered, and accepted.
RECURRENCES = (
    """
    again AS MATERIALIZED (
        SELECT report.id, report.recurrence_of_id AS first_id, report.received_at
          FROM civic_report report
         WHERE report.company_id = %(company)s
           AND report.recurrence_of_id IS NOT NULL AND report.received_at < %(end)s
           AND """
    + taken_in("report.id")
    + """
           -- None that was turned away by then.
           AND NOT COALESCE((
               SELECT event.to_state IN %(turned_away)s
                 FROM civic_event event
                WHERE event.report_id = report.id AND event.assignment_id IS NULL
                  AND event.code IN %(moves)s AND event.at < %(end)s
                ORDER BY event.at DESC, event.id DESC LIMIT 1), FALSE))
"""
)
FOLLOW_UPS = """
    asked AS MATERIALIZED (
        SELECT interaction.id, interaction.assignment_id, interaction.report_id,
               interaction.sent_at,
               interaction.answered_at < %(end)s AS answered,
               EXISTS (SELECT FROM civic_violation violation
                        WHERE violation.interaction_id = interaction.id
                          AND violation.found_at < %(end)s
                          AND NOT (violation.state = 'lifted'
                                   AND violation.decided_at < %(end)s)) AS violating,
               EXISTS (SELECT FROM civic_agency_deadline kept
                        WHERE kept.assignment_id = interaction.assignment_id
                          AND kept.code = 'drop' AND kept.at >= interaction.sent_at
                          AND kept.at < %(end)s) AS overtaken
          FROM civic_interaction interaction
         WHERE interaction.company_id = %(company)s
           AND interaction.sent_at >= %(start)s AND interaction.sent_at < %(end)s)
"""
UNANSWERED = "NOT COALESCE(answered, FALSE) AND NOT violating AND NOT overtaken"
# Rows (agency, name of a figure, number).
COUNT_BESIDE = (
    "WITH"
    + RECURRENCES
    + ","
    + FOLLOW_UPS
    + """,
    matters AS MATERIALIZED (
        SELECT again.first_id, count(*) AS times,
               count(*) FILTER (WHERE again.received_at >= %(start)s) AS new
          FROM again GROUP BY again.first_id),
    answered AS MATERIALIZED (
        SELECT DISTINCT part.report_id, """
    + AGENCY_OF
    + """ AS agency_id
          FROM matters
          JOIN civic_assignment part
            ON part.report_id = matters.first_id AND part.role IN %(answering)s
          JOIN civic_report report ON report.id = part.report_id AND %(where)s
         WHERE matters.new > 0
           AND EXISTS (SELECT FROM civic_agency_deadline kept
                        WHERE kept.assignment_id = part.id AND kept.code = 'approve'
                          AND kept.at < %(end)s)),
    counted (agency_id, name, number) AS (
"""
    + _by_agency(
        "extended",
        "civic_extension extension",
        """
        extension.company_id = %(company)s AND extension.state = 'granted'
           AND extension.decided_at >= %(start)s AND extension.decided_at < %(end)s
        """,
    )
    + "UNION ALL"
    + _by_agency(
        "urged",
        "civic_event event",
        """
        event.company_id = %(company)s AND event.code = 'urge'
           AND event.at >= %(start)s AND event.at < %(end)s
        """,
    )
    + "UNION ALL"
    + _by_agency("asked", "asked")
    + "UNION ALL"
    + _by_agency("unanswered", "asked", UNANSWERED)
    + """
     UNION ALL
        SELECT answered.agency_id, 'recurred', sum(matters.new)
          FROM matters JOIN answered ON answered.report_id = matters.first_id
         WHERE matters.new > 0
         GROUP BY 1
     UNION ALL
        SELECT answered.agency_id, 'recurred_over', count(*)
          FROM matters JOIN answered ON answered.report_id = matters.first_id
         WHERE matters.new > 0 AND %(recurrence_limit)s > 0
           AND matters.times > %(recurrence_limit)s
         GROUP BY 1)
    SELECT agency_id, name, number FROM counted
"""
)
COUNT_FOLLOW_UPS = (
    "WITH"
    + RETRACKED
    + ","
    + FOLLOW_UPS
    + """,
    told AS MATERIALIZED (
        SELECT asked.*, %(keys)s
          FROM asked
          JOIN civic_report report ON report.id = asked.report_id AND %(where)s
     LEFT JOIN retracked ON retracked.report_id = asked.report_id)
    SELECT GROUPING(category, channel, ward, track, kind) AS grouped,
           category, channel, ward, track, kind,
           count(*) AS asked,
           count(*) FILTER (WHERE answered) AS answered,
           count(*) FILTER (WHERE """
    + UNANSWERED
    + """) AS unanswered
      FROM told
     GROUP BY GROUPING SETS ((), (category), (channel), (ward), (track), (kind))
"""
)
# What was withdrawn by the end counts no more; what was then in force, and has ended
# since, does.
IN_FORCE = """
    directive.company_id = %(company)s AND directive.issued_at IS NOT NULL
    AND NOT (directive.state = 'withdrawn' AND directive.ended_at < %(end)s)
"""
COUNT_DIRECTIVES = (
    """
    SELECT rel.agency_id,
           count(*) FILTER (WHERE directive.issued_at >= %(start)s),
           count(*) FILTER (
               WHERE directive.due_at < %(end)s
                 AND (directive.ended_at IS NULL OR directive.ended_at >= %(end)s)
                 AND NOT EXISTS (SELECT FROM civic_directive_answer answer
                                  WHERE answer.directive_id = directive.id
                                    AND answer.agency_id = rel.agency_id
                                    AND answer.answered_at < %(end)s))
      FROM civic_directive directive
      JOIN civic_directive_agency_rel rel ON rel.directive_id = directive.id
     WHERE directive.issued_at < %(end)s AND """
    + IN_FORCE
    + """
       AND (directive.issued_at >= %(start)s
            OR directive.due_at < %(end)s
               AND (directive.ended_at IS NULL OR directive.ended_at >= %(end)s))
     GROUP BY rel.agency_id
"""
)
