"""Statements by which facts at the end of a period are counted.

Each begins with the same sets, built once for all rows. Parameters of all: company,
start and end of the period (naive UTC), `where` for what is asked of the reports alone.

* A report is closed by an event that leads from a state that is not final to one that
  is, and reopened by one that leads back. What stood at the start is told by the first
  such event since; where there is none it stands as today.
* An agency's part stands as the last row before a moment says, see
  `civic.agency.deadline`.
"""

from odoo.tools import SQL

from ..workflow.transitions import (
    ANSWERING,
    FINAL_REPORT_STATES,
    INTAKE,
    OPEN_ASSIGNMENT_STATES,
    TURNED_AWAY,
)
from .agency_deadline import ENDED

# Events that close a report or open it again; those that change nothing drop out by
# their states. Others, of cases beside the report, have states of their own.
CLOSING = (
    *("answer_joined", "cancel", "divert", "forward", "forward_joined"),
    *("mark_duplicate", "publish", "refuse", "withdraw"),
)
REOPENING = ("join_again", "reopen")
TRACK = "track"
MOVES = (*CLOSING, *REOPENING)
ANSWERS = ("answer_joined", "publish")
FORWARDS = ("forward", "forward_joined")
# By its verb; of others the ground itself says it.
GROUND_OF = {"withdraw": "withdrawn", "mark_duplicate": "duplicate"}
# Those that put a ground in the place of an earlier one.
GROUNDED = ("refuse", "cancel", "divert", *GROUND_OF)
# Duties of the Centre whose lateness is that of the whole report.
CENTRE = (*INTAKE, "publish")
HANDED = ("dispatch", "transfer")

# What each report is counted under: column → name of the dimension.
DIMENSIONS = {
    "category": "category",
    "channel": "channel",
    "ward": "ward",
    "track": "track",
    "kind": "kind",
}
# Where a secret report lies, or what it is about, is nobody's to read off a table.
KEYS = SQL(
    """
    CASE WHEN report.visibility = 'secret' THEN 0
         ELSE COALESCE(report.category_id, 0) END AS category,
    CASE WHEN report.visibility = 'secret' THEN 0
         ELSE COALESCE(report.channel_id, 0) END AS channel,
    CASE WHEN report.visibility = 'secret' THEN 0
         ELSE COALESCE(report.ward_id, 0) END AS ward,
    COALESCE(retracked.track, report.track) COLLATE "C" AS track,
    report.kind COLLATE "C" AS kind
    """
)
# The track at the end, of those that have changed it since.
RETRACKED = """
    retracked AS MATERIALIZED (
        SELECT DISTINCT ON (step.report_id) step.report_id, step.track
          FROM civic_step step
         WHERE step.report_id IN (
                   SELECT event.report_id
                     FROM civic_event event
                    WHERE event.company_id = %(company)s
                      AND event.assignment_id IS NULL
                      AND event.code = 'track' AND event.at >= %(end)s)
           AND step.started_at < %(end)s
         ORDER BY step.report_id, step.started_at DESC, step.id DESC)
"""
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
# Of a day of UTC: work before it, and its intervals, in seconds; what a moment adds
# lies in them.
CLOCK = """
    clock (day, before, s1, e1, s2, e2, s3, e3, s4, e4) AS MATERIALIZED (
        SELECT * FROM unnest(
            %(days)s::date[], %(before)s::float[],
            %(s1)s::float[], %(e1)s::float[], %(s2)s::float[], %(e2)s::float[],
            %(s3)s::float[], %(e3)s::float[], %(s4)s::float[], %(e4)s::float[]))
"""


def since_known(moment):
    """A moment, or the first one that the clock knows."""
    return f"GREATEST({moment}, %(known_since)s)"


def seconds_of(moment):
    """Seconds since 1970 of a naive UTC moment; not by EXTRACT, whose numbers are exact
    and slow."""
    return f"date_part('epoch', {moment})"


def worked(seconds, alias):
    """Seconds of work up to a moment, by the row of its day in the clock.

    :param seconds: the column of its seconds since 1970
    :param alias: under which the clock is joined on the moment's date
    """
    pieces = " + ".join(
        f"GREATEST(LEAST({seconds}, {alias}.e{n}) - {alias}.s{n}, 0)"
        for n in range(1, 5)
    )
    return f"({alias}.before + {pieces})"


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
         WHERE step.company_id = %(company)s AND step.assignment_id IS NULL
           AND (step.ended_at IS NULL OR step.ended_at >= %(end)s)
           AND step.code IN %(centre)s AND step.started_at < %(end)s
           AND step.overdue_from < %(end)s),
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
# Figures of reports that lists show: what is counted. Of all of a period they are few.
COUNTED_AS = {
    "late": SQL("done AND was_late"),
    "overdue": SQL("NOT closed AND is_owed"),
    "recurred": SQL("received AND recurrence_of_id IS NOT NULL AND NOT refused"),
}
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

# How long duties took that ended in the period, by code.
COUNT_STEPS = (
    "WITH"
    + CLOCK
    + """,
    moments AS MATERIALIZED (
        SELECT step.code COLLATE "C" AS code, """
    + since_known("step.started_at")
    + "::date AS opened_on, "
    + seconds_of(since_known("step.started_at"))
    + " AS opened, step.ended_at::date AS closed_on, "
    + seconds_of("step.ended_at")
    + """ AS closed
          FROM civic_step step
          JOIN civic_report report ON report.id = step.report_id AND %(where)s
         WHERE step.company_id = %(company)s AND step.state = 'done'
           AND step.ended_at >= %(start)s AND step.ended_at < %(end)s),
    timed AS MATERIALIZED (
        SELECT moments.code, """
    + worked("moments.closed", "closes")
    + " - "
    + worked("moments.opened", "opens")
    + """ AS seconds
          FROM moments
     LEFT JOIN clock closes ON closes.day = moments.closed_on
     LEFT JOIN clock opens ON opens.day = moments.opened_on)
    SELECT code, count(*),
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds)
      FROM timed
     GROUP BY code
"""
)

# Emergencies of the period: minutes until somebody had them; and what waits for the
# province at its end.
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
               AND (step.ended_at IS NULL OR step.ended_at >= %(end)s))
      FROM urgent
"""
)

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
# Whose part an assignment was at the end of the period.
AGENCY_OF = """
    (SELECT COALESCE(
        (SELECT kept.agency_id FROM civic_agency_deadline kept
          WHERE kept.assignment_id = part.id AND kept.at < %(end)s
          ORDER BY kept.at DESC, kept.id DESC LIMIT 1),
        part.agency_id))
"""
# What was asked of reports of those matters that an agency answered, and accepted.
RECURRENCES = """
    again AS MATERIALIZED (
        SELECT report.id, report.recurrence_of_id AS first_id, report.received_at
          FROM civic_report report
         WHERE report.company_id = %(company)s
           AND report.recurrence_of_id IS NOT NULL AND report.received_at < %(end)s
           -- None that was turned away by then.
           AND NOT COALESCE((
               SELECT event.to_state IN %(turned_away)s
                 FROM civic_event event
                WHERE event.report_id = report.id AND event.assignment_id IS NULL
                  AND event.code IN %(moves)s AND event.at < %(end)s
                ORDER BY event.at DESC, event.id DESC LIMIT 1), FALSE))
"""
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
        SELECT """
    + AGENCY_OF
    + """, 'extended', count(*)
          FROM civic_extension extension
          JOIN civic_assignment part ON part.id = extension.assignment_id
          JOIN civic_report report ON report.id = part.report_id AND %(where)s
         WHERE extension.company_id = %(company)s AND extension.state = 'granted'
           AND extension.decided_at >= %(start)s AND extension.decided_at < %(end)s
         GROUP BY 1
     UNION ALL
        SELECT """
    + AGENCY_OF
    + """, 'urged', count(*)
          FROM civic_event event
          JOIN civic_assignment part ON part.id = event.assignment_id
          JOIN civic_report report ON report.id = part.report_id AND %(where)s
         WHERE event.company_id = %(company)s AND event.code = 'urge'
           AND event.at >= %(start)s AND event.at < %(end)s
         GROUP BY 1
     UNION ALL
        SELECT """
    + AGENCY_OF
    + """, 'asked', count(*)
          FROM asked
          JOIN civic_assignment part ON part.id = asked.assignment_id
          JOIN civic_report report ON report.id = part.report_id AND %(where)s
         GROUP BY 1
     UNION ALL
        SELECT """
    + AGENCY_OF
    + """, 'unanswered', count(*)
          FROM asked
          JOIN civic_assignment part ON part.id = asked.assignment_id
          JOIN civic_report report ON report.id = part.report_id AND %(where)s
         WHERE """
    + UNANSWERED
    + """
         GROUP BY 1
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
LATE_CENTRE = """
    SELECT NULL::int AS assignment_id, step.report_id, 0 AS agency_id,
           report.name AS code, step.started_at AS given_at, step.deadline,
           NULL::timestamp AS done_at,
           EXTRACT(EPOCH FROM %(end)s - step.overdue_from) / 86400 AS days_late,
           NULL::date AS extended_to, step.code AS step, step.user_id AS handler_id,
           NULL::int AS leader_id, report.visibility <> 'public' AS is_private
      FROM civic_step step
      JOIN civic_report report ON report.id = step.report_id AND %(where)s
     WHERE step.company_id = %(company)s AND step.assignment_id IS NULL
       AND (step.ended_at IS NULL OR step.ended_at >= %(end)s)
       AND step.code IN %(centre)s AND step.started_at < %(end)s
       AND step.overdue_from < %(end)s AND report.visibility <> 'secret'
     ORDER BY days_late DESC, step.id
     LIMIT %(limit)s
"""
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
      JOIN civic_report report ON report.id = step.report_id
     WHERE step.company_id = %(company)s AND step.code = 'designate'
       AND step.started_at < %(end)s
       AND (step.ended_at IS NULL OR step.ended_at >= %(end)s)
       AND report.visibility <> 'secret'
     ORDER BY step.started_at, step.id
     LIMIT %(limit)s
"""


def constants():
    """Values of parameters that are the same in every count."""
    return {
        **COUNTED_AS,
        "answering": ANSWERING,
        "answers": ANSWERS,
        "centre": CENTRE,
        "ended": ENDED,
        "final": FINAL_REPORT_STATES,
        "forwards": FORWARDS,
        "grounded": GROUNDED,
        "handed": HANDED,
        "intake": INTAKE,
        "keys": KEYS,
        "moves": MOVES,
        "open_states": OPEN_ASSIGNMENT_STATES,
        "reopening": REOPENING,
        "turned_away": TURNED_AWAY,
    }
