"""A draft tried on 1,000 and 100,000 reports, six duties each, more by REHEARSAL_SIZES;
early sight over the same rows; beside a raw count of them."""

import os
import resource
from datetime import datetime
from statistics import median
from time import perf_counter

from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from odoo.sql_db import db_connect
from odoo.tools import SQL

SIZES = tuple(
    int(size) for size in os.environ.get("REHEARSAL_SIZES", "1000 100000").split()
)
CALENDARS = 40
FIRST, LAST = "2026-01-01", "2026-06-30"
START = datetime(2025, 12, 31, 17, 0)
SECONDS = 181 * 86_400
# What a duty's rows differ by: hours from the arrival at which it begins and ends, and
# the hours until it is due.
DUTIES = (
    ("intake", None, 0, 2, 4),
    ("accept", "part", 2, 6, 6),
    ("return_wrong", "part", 2, 6, 26),
    ("process", "part", 6, 120, 190),
    ("approve", "part", 120, 140, 150),
    ("publish", None, 140, 146, 148),
)
LIMITS = {
    "intake": (3, "working_hour"),
    "accept": (3, "working_hour"),
    "return_wrong": (2, "working_day"),
    "process": (5, "working_day"),
    "approve": (5, "working_hour"),
    "publish": (3, "working_hour"),
}


def main(env):
    """Print seconds, memory and ratios of a rehearsal and of early sight."""
    people = _people(env)
    draft = make_draft(env)
    first = 1
    print(
        f"{'reports':>10}{'rehearsal s':>13}{'raw s':>8}{'ratio':>7}{'MB':>7}"
        f"{'sight s':>9}{'raw s':>8}{'queries':>9}"
    )
    for size in SIZES:
        _fill(env, people, first, size)
        first = size + 1
        raw = _timed(lambda: _raw(env))
        seconds, row = _rehearse(env, draft)
        sight, queries = _look(env)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{size:10,}{seconds:13.1f}{raw:8.2f}{seconds / raw:7.1f}{memory:7}"
            f"{sight:9.2f}{_timed(lambda: _raw_reports(env)):8.2f}{queries:9}",
            flush=True,
        )
        whole = row.line_ids.filtered(lambda line: line.dimension == "whole")
        print(f"{'':10}in time {whole.then_rate} → {whole.draft_rate}")


def _people(env):
    company = env.company
    calendars = env["resource.calendar"].create(
        [
            {
                **company._prepare_civic_calendar(),
                "name": f"bench {number}",
                "tz": "Asia/Ho_Chi_Minh",
            }
            for number in range(CALENDARS)
        ]
    )
    calendars._civic_load_holidays(range(2025, 2028))
    agencies = env["civic.agency"].create(
        [{"name": f"Cơ quan {row.id}", "calendar_id": row.id} for row in calendars]
    )
    wards = env["civic.ward"].create(
        [{"name": f"Phường {number}"} for number in range(40)]
    )
    return {
        "company": company.id,
        "procedure": company._civic_procedure().id,
        "channel": env.ref("civic_report.channel_web").id,
        "agencies": agencies.ids,
        "categories": env["civic.category"].search([("accepted", "=", True)]).ids,
        "wards": wards.ids,
    }


def make_draft(env):
    """A copy of the company's procedure, with other limits."""
    draft = env.company._civic_procedure().copy({"code": "bench", "name": "bench"})
    draft.limit_ids.unlink()
    draft.limit_ids = [
        (0, 0, {"step": step, "value": value, "unit": unit})
        for step, (value, unit) in LIMITS.items()
    ]
    return draft


def _fill(env, people, first, last):
    """Reports at moments of their own, with their parts and duties."""
    values = {
        **people,
        "first": first,
        "last": last,
        "start": START,
        "seconds": SECONDS,
        "category_count": len(people["categories"]),
        "ward_count": len(people["wards"]),
        "agency_count": len(people["agencies"]),
    }
    env.cr.execute(
        """
        INSERT INTO civic_report (name, subject, description, kind, state, track,
               channel_id, company_id, procedure_id, visibility, received_at,
               category_id, ward_id, map_cell, latitude, longitude, published_at)
        SELECT 'BR-' || n, 'x', 'x', 'field_report', 'done', 'normal', %(channel)s,
               %(company)s, %(procedure)s, 'public', at, (%(categories)s)[
               1 + n * 31 %% %(category_count)s], (%(wards)s)[1 + n * 17 %%
               %(ward_count)s], 1 + n %% 900, 16.4 + n * 7 %% 601 * 0.0001,
               107.5 + n * 11 %% 701 * 0.0001, at + interval '146 hours'
          FROM generate_series(%(first)s, %(last)s) AS n,
               LATERAL (SELECT date_trunc('second', %(start)s::timestamp
                   + (n::bigint * 7919 %% %(seconds)s) * interval '1 second') AS at) w
        """,
        values,
    )
    env.cr.execute(
        """
        INSERT INTO civic_assignment (report_id, agency_id, company_id, role, state,
               dispatched_at, accepted_at, submitted_at, approved_at)
        SELECT id, (%(agencies)s)[1 + id %% %(agency_count)s], company_id, 'lead',
               'approved', received_at + interval '2 hours', received_at
               + interval '6 hours', received_at + interval '120 hours', received_at
               + interval '140 hours'
          FROM civic_report
         WHERE name LIKE 'BR-%%'
           AND substr(name, 4)::int BETWEEN %(first)s AND %(last)s
        """,
        values,
    )
    for code, part, begins, ends, due in DUTIES:
        _fill_duty(env, values, code, part, begins, ends, due)
    env.cr.commit()
    with db_connect(env.cr.dbname).cursor() as cr:
        cr._cnx.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        cr.execute("VACUUM ANALYZE civic_report, civic_assignment, civic_step")


def _fill_duty(env, values, code, part, begins, ends, due):
    env.cr.execute(
        """
        INSERT INTO civic_step (report_id, assignment_id, company_id, code, track,
               agency_id, started_at, counted_from, deadline, overdue_from, ended_at,
               state, limit_value, limit_unit, is_late, alert_level)
        SELECT report.id, CASE WHEN %(is_part)s THEN part.id END, report.company_id,
               %(code)s, 'normal', CASE WHEN %(is_part)s THEN part.agency_id END,
               begun, begun, due, due, ended, 'done', 6, 'working_day', due < ended, 0
          FROM civic_report report
          JOIN civic_assignment part ON part.report_id = report.id,
               LATERAL (SELECT received_at + %(begins)s * interval '1 hour' AS begun,
                               received_at + (%(ends)s + report.id %% 13)
                                   * interval '1 hour' AS ended,
                               received_at + %(due)s * interval '1 hour' AS due) moment
         WHERE report.name LIKE 'BR-%%'
           AND substr(report.name, 4)::int BETWEEN %(first)s AND %(last)s
        """,
        {
            **values,
            "code": code,
            "is_part": bool(part),
            "begins": begins,
            "ends": ends,
            "due": due,
        },
    )


def _timed(act, rounds=3):
    seconds = []
    for _round in range(rounds):
        start = perf_counter()
        act()
        seconds.append(perf_counter() - start)
    return median(seconds)


def _raw(env):
    """Reading the same rows, and nothing else."""
    env.cr.execute(
        """
        SELECT count(*), count(step.deadline), count(part.dispatched_at)
          FROM civic_report report
          JOIN civic_step step ON step.report_id = report.id
     LEFT JOIN civic_assignment part ON part.id = step.assignment_id
         WHERE report.name LIKE 'BR-%'
        """
    )


def _raw_reports(env):
    env.cr.execute("SELECT count(DISTINCT category_id) FROM civic_report")


def _rehearse(env, draft):
    row = env["civic.rehearsal"].create(
        {"draft_id": draft.id, "date_from": FIRST, "date_to": LAST}
    )
    env.cr.commit()

    def go_on():
        env.cr.commit()
        env.invalidate_all()
        return True

    start = perf_counter()
    row._rehearse(go_on)
    env.cr.commit()
    seconds = perf_counter() - start
    assert row.state == "done", row.problem
    return seconds, row


def _look(env):
    env.flush_all()
    before, start = env.cr.sql_log_count, perf_counter()
    now = env.execute_query(SQL("SELECT max(received_at) FROM civic_report"))[0][0]
    env["civic.sight"]._look_ahead(env.company, now)
    env.cr.commit()
    return perf_counter() - start, env.cr.sql_log_count - before
