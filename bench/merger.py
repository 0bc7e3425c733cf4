"""Two provinces of some thousand reports become one: queries, seconds, and what fits.

Both are filled as a province is: cases of an older system, a fifth of them in hand,
wards of the same name, citizens with an account in both who are locked in both and have
asked both for their data. Afterwards the log of events is checked as a whole.
"""

import os
from datetime import timedelta
from time import perf_counter

from odoo.fields import Command

from odoo.addons.civic_report.tools import event_log, verify

from . import imports

REPORTS = int(os.environ.get("CIVIC_BENCH_LINES", "3000"))
CITIZENS = 50
WARDS = 40


def main(env):
    """Print what is found before, and what moving it takes."""
    administrator = env.ref("base.user_admin")
    target = env.company
    source = env["res.company"].create({"name": "bench: tỉnh kết thúc"})
    administrator.company_ids |= source
    source.with_env(env(context={"allowed_company_ids": source.ids}))._civic_set_up()
    source.civic_procedure_id = target.civic_procedure_id
    accounts = _accounts(env)
    imports.LINES = REPORTS
    for company in (target, source):
        _fill(env, company, administrator, accounts)
    size = _seal(env)
    print(f"two provinces of {REPORTS:,} reports each, {size:,} events in all")
    merger = (
        env["civic.merger"]
        .with_user(administrator)
        .with_context(allowed_company_ids=(target | source).ids)
        .create({"source_id": source.id, "company_id": target.id})
    )
    _measure(env, "look", merger.action_look)
    for line in merger.line_ids:
        print(f"  {line.number:9,}  {line.name}")
    _measure(env, "merge", merger.action_merge)
    sudo = merger.sudo()
    left = sum(sudo._count(model) for model in sudo._owned())
    renamed = env["civic.report.former.code"].search_count([])
    print(f"  rows left behind {left}, reports with another code {renamed:,}")
    _measure(env, "merge again", merger.action_merge)
    _check(env)


def _accounts(env):
    group = env.ref("base.group_portal")
    return env["res.users"].create(
        [
            {
                "name": f"bench {number}",
                "login": f"bench_citizen_{number}",
                "group_ids": [Command.set(group.ids)],
            }
            for number in range(CITIZENS)
        ]
    )


def _fill(env, company, administrator, accounts):
    here = env(context={"allowed_company_ids": company.ids})
    agency = here["civic.agency"].create(
        {"name": "bench", "code": "BENCH", "company_id": company.id}
    )
    here["civic.ward"].create(
        [
            {"name": f"Phường {n}", "code": f"B{n}", "company_id": company.id}
            for n in range(WARDS)
        ]
    )
    here["resource.calendar.leaves"].create(
        {
            "name": "bench",
            "company_id": company.id,
            "calendar_id": False,
            "date_from": "2030-01-07 00:00:00",
            "date_to": "2030-01-08 00:00:00",
        }
    )
    _people_of(here, company, accounts)
    row = (
        here["civic.import"]
        .with_user(administrator)
        .create(
            {
                "name": "bench",
                "source": "bench",
                "company_id": company.id,
                "procedure_id": company.civic_procedure_id.id,
                "upload": imports.base64.b64encode(imports._file(agency)),
            }
        )
    )
    may_go_on = imports._commit(env)
    if row.action_check() and row.state == "checking":
        row.sudo()._go_on(may_go_on)
    row.action_start()
    row.sudo()._go_on(may_go_on)
    print(f"{company.name}: taken in {row.made_count:,}, left {row.left_count:,}")


def _people_of(env, company, accounts):
    door = env["civic.report"]._elevated()
    now = door._now()
    reporters = env["civic.reporter"].create(
        [
            {"name": user.name, "user_id": user.id, "company_id": company.id}
            for user in accounts
        ]
    )
    door.env["civic.lock"].create(
        [
            {
                "reporter_id": reporter.id,
                "company_id": company.id,
                "what": "account",
                "since": now,
                "until": now + timedelta(days=30 + reporter.id % 60),
                "reason": "bench",
            }
            for reporter in reporters
        ]
    )
    for reporter in reporters:
        reporter._ask_about_data("copy", {})


def _seal(env):
    env.flush_all()
    while env["civic.event"]._seal():
        env.cr.commit()
    env.cr.commit()
    return env["civic.event"]._log_size()


def _check(env):
    size = _seal(env)
    start = perf_counter()
    rows = []
    for query in (verify.SEALED, verify.WAITING):
        env.cr.execute(query)
        rows.append([event_log.Event(*row) for row in env.cr.fetchall()])
    found = event_log.Checker().check(*rows)
    print(
        f"log of {size:,} events checked in {perf_counter() - start:.1f} s: "
        f"{sum(found.counts.values())} faults"
    )


def _measure(env, name, act):
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, perf_counter()
    act()
    env.cr.commit()
    print(
        f"{name:12}{env.cr.sql_log_count - queries:9,} queries"
        f"{perf_counter() - start:9.1f} s",
        flush=True,
    )
