"""The clock of duties: the minute's pass and deadlines, beside the plainest SQL."""

from datetime import datetime, timedelta
from statistics import median
from time import perf_counter

from odoo.tools import SQL

from odoo.addons.civic_report.models.workflow.alert import BATCH

STEPS = 100_000
CALENDARS = 40
NOW = datetime(2026, 11, 16, 3, 0)


def main(env):
    """Print what a pass costs with nothing, 1,000 and 100,000 duties due."""
    _populate(env)
    _passes(env)
    _deadlines(env)
    env.cr.rollback()


def _populate(env):
    """100,000 open duties of 40 agencies with 40 calendars, deadlines all different."""
    agencies = _make_agencies(env)
    _make_reports(env)
    _make_duties(env, agencies)
    env.cr.execute("ANALYZE civic_step")


def _make_agencies(env):
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
    calendars.action_civic_load_holidays()
    return env["civic.agency"].create(
        [
            {"name": f"bench {calendar.name}", "calendar_id": calendar.id}
            for calendar in calendars
        ]
    )


def _make_reports(env):
    """One real report, and 100,000 rows like it."""
    report = env["civic.report"].create(
        {
            "subject": "bench",
            "description": "bench",
            "channel_id": env.ref("civic_report.channel_web").id,
        }
    )
    env.flush_all()
    env.execute_query(
        SQL(
            """
            INSERT INTO civic_report (name, subject, description, kind, state, track,
                                      channel_id, company_id, procedure_id, visibility,
                                      received_at)
            SELECT 'BENCH-' || number, subject, description, kind, 'processing', track,
                   channel_id, company_id, procedure_id, visibility, received_at
              FROM civic_report, generate_series(1, %s) number
             WHERE id = %s
         RETURNING id
            """,
            STEPS,
            report.id,
        )
    )


def _make_duties(env, agencies):
    env.execute_query(
        SQL(
            """
            INSERT INTO civic_step (report_id, company_id, code, track, agency_id,
                                    started_at, counted_from, deadline, overdue_from,
                                    half_at, most_at, centre_at, province_at, alert_at,
                                    alert_level, state, limit_value, limit_unit)
            SELECT id, company_id, 'process', track,
                   (%(agencies)s::int[])[1 + id %% %(calendars)s],
                   due.at - interval '6 days', due.at - interval '6 days', due.at,
                   due.at, due.at - interval '3 days', due.at - interval '1 day',
                   due.at + interval '4 hours', due.at + interval '1 day',
                   due.at, 2, 'open', 6, 'working_day'
              FROM civic_report,
                   LATERAL (SELECT %(now)s + interval '1 hour'
                                   + id * interval '37 seconds' AS at) due
             WHERE name LIKE 'BENCH-%%'
         RETURNING id
            """,
            agencies=agencies.ids,
            calendars=CALENDARS,
            now=NOW,
        )
    )


def _passes(env):
    print(f"{'pass':36}{'queries':>9}{'s':>9}{'raw UPDATE, s':>15}{'ratio':>8}")
    moments = env.execute_query(
        SQL(
            """
            SELECT %s::timestamp,
                   (SELECT alert_at FROM civic_step WHERE code = 'process'
                    ORDER BY alert_at OFFSET 999 LIMIT 1),
                   (SELECT max(province_at) + interval '1 day' FROM civic_step)
            """,
            NOW,
        )
    )[0]
    names = ("nothing due", "1,000 due", f"{STEPS:,} due after an outage")
    for name, moment in zip(names, moments, strict=True):
        queries, seconds, alerts = _undone(env, lambda at=moment: _pass(env, at))
        _count, raw, _rows = _undone(env, lambda at=moment: _raw(env, at))
        ratio = seconds / raw if alerts else float("nan")
        print(f"{name:36}{queries:9}{seconds:9.3f}{raw:15.3f}{ratio:8.2f}")


def _pass(env, moment):
    """The pass as the cron makes it, without its commits."""
    total = 0
    while True:
        alerts = env["civic.alert"]._raise_due(moment, BATCH)
        env["civic.alert"]._tell(alerts)
        total += len(alerts)
        if len(alerts) < BATCH:
            return total


def _raw(env, moment):
    """The least that marking the same rows can cost."""
    rows = env.execute_query(
        SQL(
            """
            UPDATE civic_step SET alert_level = 3, alert_at = NULL
             WHERE state = 'open' AND alert_at <= %s
         RETURNING id
            """,
            moment,
        )
    )
    return len(rows)


def _undone(env, action, rounds=3):
    """Medians of queries and seconds of an act that is taken back each time."""
    queries, seconds = [], []
    for _round in range(rounds):
        env.flush_all()
        with env.cr.savepoint() as savepoint:
            before, start = env.cr.sql_log_count, perf_counter()
            result = action()
            seconds.append(perf_counter() - start)
            queries.append(env.cr.sql_log_count - before)
            savepoint.rollback()
        env.invalidate_all()
    return median(queries), median(seconds), result


def _deadlines(env):
    """1,000 deadlines in one call, beside a loop over `plan_hours`."""
    calendar = env.company._civic_calendar()
    calendar.civic_makeup_ids.unlink()  # plan_hours knows no make-up days
    starts = [
        datetime(2026, 1, 5, 1, 0) + timedelta(hours=7 * number)
        for number in range(1000)
    ]
    hours = [1 + number % 40 for number in range(1000)]
    env.flush_all()
    env.invalidate_all()
    before, begun = env.cr.sql_log_count, perf_counter()
    ours = env["civic.step"]._deadlines(
        starts, [(value, "working_hour") for value in hours]
    )
    seconds, queries = perf_counter() - begun, env.cr.sql_log_count - before
    before, begun = env.cr.sql_log_count, perf_counter()
    theirs = [
        calendar.plan_hours(value, start, compute_leaves=True)
        for start, value in zip(starts, hours, strict=True)
    ]
    loop, loop_queries = perf_counter() - begun, env.cr.sql_log_count - before
    # Odoo ends days off at 23:59:59: compared to the minute.
    same = sum(
        abs((mine - other).total_seconds()) < 60
        for mine, other in zip(ours, theirs, strict=True)
    )
    print(
        f"1,000 deadlines: {queries} queries, {seconds * 1000:.1f} ms; a loop over "
        f"plan_hours: {loop_queries} queries, {loop * 1000:.0f} ms, "
        f"{loop / seconds:.0f} times as long; {same} of 1000 equal"
    )
