"""The leaders' work at 1,000, 100,000 and 1,000,000 reports a year: what counts, beside
a raw count of the rows; what is looked at, beside a blank page."""

import os
from datetime import timedelta
from functools import partial
from itertools import cycle
from statistics import median
from time import perf_counter

from lxml import etree

from odoo.tools import SQL

from odoo.addons.civic_report.bench.create import _people, _values
from odoo.addons.civic_report.bench.leaders_rows import DAY, make_places, populate
from odoo.addons.civic_report.bench.rehearsal import make_draft
from odoo.addons.civic_report.bench.serving import (
    BLANK,
    call_kw,
    get_timed,
    make_blank_page,
    served,
    sign_in,
)
from odoo.addons.civic_report.tools.periods import period_of

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 3
SHOWN = 30
PASSWORD = "bench_leaders_1"
# Reading the rows that are counted, and nothing else.
RAW = """
    SELECT (SELECT count(*) FROM civic_report WHERE company_id = %(company)s),
           (SELECT count(*) FROM civic_event WHERE company_id = %(company)s),
           (SELECT count(*) FROM civic_step WHERE company_id = %(company)s),
           (SELECT count(*) FROM civic_agency_deadline WHERE company_id = %(company)s)
"""


def main(env, sizes=None):
    """Print seconds and queries of what counts, and milliseconds of what is looked at.

    :param sizes: numbers of reports a year, growing; by default those that
        CIVIC_BENCH_SIZES names, such as 1000,1000000
    """
    named = os.environ.get("CIVIC_BENCH_SIZES")
    sizes = sizes or ([int(size) for size in named.split(",")] if named else SIZES)
    pattern, agencies, wards = _make_province(env)
    draft = make_draft(env)
    made = 0
    with served(env) as site:
        readers = _sign_in(env, site)
        for size in sizes:
            populate(env, pattern, agencies, wards, made, size)
            made = size
            _measure_counting(env, size, draft)
            _measure_screens(env, size, site, readers)


def _make_province(env):
    people = _people(env)
    agencies, wards = make_places(env)
    _make_readers(env, agencies[:1])
    make_blank_page(env)
    pattern = env["civic.report"].create(_values(env, people))
    env.cr.commit()  # the server reads it
    return pattern, agencies, wards


def _make_readers(env, agency):
    """A province leader, the wall, and a leader of the first agency."""
    users = {
        role: env["res.users"].create(
            {
                "name": f"bench {role}",
                "login": f"bench_{role}_leaders",
                "password": PASSWORD,
                "group_ids": [(6, 0, env.ref(f"civic_report.group_{role}").ids)],
            }
        )
        for role in ("province_leader", "wall", "leader")
    }
    agency.leader_ids = users["leader"]


def _sign_in(env, site):
    """:return: dict of role → requests.Session"""
    return {
        role: sign_in(site, env.cr.dbname, f"bench_{role}_leaders", PASSWORD)
        for role in ("province_leader", "wall", "leader")
    }


# --- counting ------------------------------------------------------------------------


def _measure_counting(env, size, draft):
    print(
        f"{'reports':>10}{'what':>24}{'queries':>9}{'s':>9}{'raw, s':>9}{'ratio':>8}"
        f"{'load':>7}"
    )
    raw = _timed(lambda: env.execute_query(SQL(RAW, company=env.company.id)))[0]
    for name, (rounds, act) in _acts(env, draft).items():
        seconds, queries = _timed(act, env, rounds)
        print(
            f"{size:10}{name:>24}{queries:9}{seconds:9.2f}{raw:9.3f}"
            f"{seconds / max(raw, 0.001):8.1f}{os.getloadavg()[0]:7.1f}",
            flush=True,
        )
    env.cr.commit()


def _acts(env, draft):
    """What is counted, by name: how often, and how."""
    facts, company = env["civic.facts"], env.company
    year, month = (period_of(kind, DAY, 14) for kind in ("year", "month"))
    first = env["civic.agency"].search([], limit=1).ids
    return {
        "year": (ROUNDS, partial(facts._count, company, year)),
        "month": (ROUNDS, partial(facts._count, company, month)),
        "one agency's year": (
            ROUNDS,
            partial(facts._count, company, year, domain={"agency": first}),
        ),
        "late matters": (ROUNDS, partial(facts._late_matters, company, year)),
        "evaluation": (
            ROUNDS,
            partial(env["civic.evaluation"]._evaluated, company, year),
        ),
        "pass of a minute": (
            ROUNDS,
            lambda: env["civic.now"]._count_now(env["civic.door"]._now()),
        ),
        "figures of screens": (1, lambda: _keep_figures(env)),
        "a draft tried": (1, lambda: _rehearse(env, draft)),
    }


def _keep_figures(env):
    """What the hour's pass keeps of one period."""
    env["civic.period.figures"]._keep_period(env.company, period_of("month", DAY, 14))


def _rehearse(env, draft):
    """A year by the limits of the draft."""
    row = env["civic.rehearsal"].create(
        {
            "draft_id": draft.id,
            "date_from": DAY - timedelta(days=220),
            "date_to": DAY + timedelta(days=144),
        }
    )
    env.cr.commit()

    def may_go_on():
        env.cr.commit()
        env.invalidate_all()
        return True

    row._rehearse(may_go_on)
    assert row.state == "done", row.problem


def _timed(act, env=None, rounds=ROUNDS):
    """Median of seconds, and queries of the last time."""
    seconds, queries = [], 0
    for _round in range(rounds):
        if env:
            env.invalidate_all()
            queries = env.cr.sql_log_count
        start = perf_counter()
        act()
        seconds.append(perf_counter() - start)
        if env:
            queries = env.cr.sql_log_count - queries
    return median(seconds), queries


# --- screens -------------------------------------------------------------------------


def _measure_screens(env, size, site, readers):
    print(f"{'reports':>10}{'screen':>24}{'ms':>9}{'blank, ms':>11}{'ratio':>8}")
    for name, (role, act) in _screens(site, readers).items():
        blanks, taken = [], []
        act()
        for _round in range(SHOWN):
            blanks.append(get_timed(readers[role], site + BLANK))
            start = perf_counter()
            act()
            taken.append(perf_counter() - start)
        own, blank = median(taken), median(blanks)
        print(
            f"{size:10}{name:>24}{own * 1000:9.0f}{blank * 1000:11.0f}"
            f"{own / blank:8.2f}",
            flush=True,
        )


def _screens(site, readers):
    """What is opened, by name: who does, and how."""
    province, wall, leader = (
        partial(call_kw, readers[role], site)
        for role in ("province_leader", "wall", "leader")
    )
    day = DAY.isoformat()
    periods = cycle([f"month:{day}", f"quarter:{day}"])
    return {
        "Điều hành": (
            "province_leader",
            lambda: province("civic.board", "read_page", "province"),
        ),
        "Điều hành, by period": (
            "province_leader",
            lambda: province("civic.board", "read_page", "province", next(periods)),
        ),
        "wall": ("wall", lambda: wall("civic.board", "read_page", "wall")),
        "a unit's page": (
            "leader",
            lambda: leader("civic.board", "read_page", "unit"),
        ),
        "list: overdue": ("province_leader", _list_of(province, "agency_overdue")),
        "list: emergencies": ("province_leader", _list_of(province, "emergency")),
    }


def _list_of(ask, figure):
    """The list behind a figure, with the columns that its view shows."""
    action = ask("civic.board", "open_list", "province", figure)
    model = action["res_model"]
    views = ask(model, "get_views", views=[[False, "list"]])
    columns = etree.fromstring(views["views"]["list"]["arch"]).iter("field")
    names = {
        column.get("name"): {"fields": {"display_name": {}}}
        if views["models"][model]["fields"][column.get("name")]["type"] == "many2one"
        else {}
        for column in columns
    }

    def show():
        ask("civic.board", "open_list", "province", figure)
        ask(
            model,
            "web_search_read",
            domain=action["domain"],
            specification=names,
            limit=80,
            count_limit=10_001,
        )

    return show
