"""Codes and conditions that all statements of facts share; what the sets of these
statements are called, see `facts_sql_reports` and `facts_sql_parts`.

Parameters of all: company, start and end of the period (naive UTC), `where` for what is
asked of the reports alone.
"""

from odoo.tools import SQL

from ..workflow.transitions import (
    ANSWERING,
    FINAL_REPORT_STATES,
    INTAKE,
    NOT_TAKEN_IN,
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
# Figures of reports that lists show: what is counted. Of all of a period they are few.
COUNTED_AS = {
    "late": SQL("done AND was_late"),
    "overdue": SQL("NOT closed AND is_owed"),
    "recurred": SQL("received AND is_recurrence AND NOT refused"),
}
# Duties of the Centre that are open past their time at the end.
OWED_BY_CENTRE = """
    step.company_id = %(company)s AND step.assignment_id IS NULL
    AND (step.ended_at IS NULL OR step.ended_at >= %(end)s)
    AND step.code IN %(centre)s AND step.started_at < %(end)s
    AND step.overdue_from < %(end)s
"""


def taken_in(report_id):
    """Whether a report had been accepted by the end: what nobody has looked at yet may
    still turn out to be no report at all."""
    return f"""
        EXISTS (SELECT FROM civic_event taken
                 WHERE taken.report_id = {report_id} AND taken.assignment_id IS NULL
                   AND taken.at < %(end)s AND taken.to_state NOT IN %(not_taken_in)s)
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
        "not_taken_in": NOT_TAKEN_IN,
        "open_states": OPEN_ASSIGNMENT_STATES,
        "reopening": REOPENING,
        "turned_away": TURNED_AWAY,
    }
