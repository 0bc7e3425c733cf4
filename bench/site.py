"""The citizens' site over HTTP at 1,000, 100,000 and 1,000,000 published reports."""

import io
import os
from itertools import cycle
from statistics import median, quantiles
from time import perf_counter

import requests
from lxml import html
from PIL import Image
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from odoo.sql_db import db_connect

from odoo.addons.civic_report.bench.serving import (
    BLANK,
    get_timed,
    make_blank_page,
    served,
)

SIZES = tuple(
    int(size) for size in os.environ.get("SITE_SIZES", "1000 100000 1000000").split()
)
ROUNDS = 40
SENT = 12
MAP = "/phan-anh/ban-do.geojson"
# Varied words, states, places, categories and moments: equal rows would flatter the
# planner. Agencies follow categories, as in life; one town has most of the reports;
# one flood of words lies far back.
FILL = """
    INSERT INTO civic_report (
        company_id, procedure_id, channel_id, name, subject, description,
        standardised_description, address, kind, state, track, visibility,
        is_published, received_at, dispatched_at, published_at, category_id, ward_id,
        agency_id, latitude, longitude, map_cell, deadline, overdue_from,
        public_search_text, search_text, support_count, create_uid, write_uid,
        create_date, write_date
    )
    SELECT %(company)s, %(procedure)s, %(channel)s,
           'BX-26-' || lpad(n::text, 7, '0'),
           'Ổ gà số ' || n, 'Nguyên văn ' || n, 'Đã sửa ' || n, 'Đường ' || n %% 977,
           'field_report', CASE WHEN is_open THEN 'processing' ELSE 'done' END,
           'normal', 'public', true,
           now() - n * interval '3 minutes', now() - n * interval '2 minutes',
           CASE WHEN is_open THEN NULL ELSE now() - n * interval '1 minute' END,
           (%(categories)s)[1 + category %% %(category_count)s],
           (%(wards)s)[1 + ward %% %(ward_count)s],
           (%(agencies)s)[1 + (category + (n %% 10 = 0)::int * n) %% %(agency_count)s],
           latitude, longitude, %(cell)s,
           CASE WHEN is_open THEN now() + interval '1 day' - n * interval '30 seconds'
            END,
           CASE WHEN is_open THEN now() + interval '1 day' - n * interval '30 seconds'
            END,
           ' bx 26 ' || lpad(n::text, 7, '0') || ' o ga so ' || n || ' da sua duong '
               || n %% 977 || CASE WHEN n %% 40009 = 7 THEN ' hiemhoi' ELSE '' END
               || CASE WHEN n %% 100 = 9 THEN ' caycoi' ELSE '' END
               || CASE WHEN n BETWEEN 600000 AND 620000 THEN ' lulut' ELSE '' END
               || CASE WHEN n %% 5003 = 9 THEN ' xe' ELSE '' END || ' ',
           '', 0, 1, 1, now(), now()
      FROM (SELECT n, n * 31 %% 1009 AS category, n * 17 %% 83 AS ward,
                   n %% 50 = 0 OR n < 3000 AND n %% 3 = 0 AS is_open,
                   CASE WHEN n %% 3 = 0 THEN 15.9 + n * 7 %% 6007 * 0.0001
                        ELSE 16.44 + n * 7 %% 601 * 0.0001 END AS latitude,
                   CASE WHEN n %% 3 = 0 THEN 107.1 + n * 11 %% 7001 * 0.0001
                        ELSE 107.56 + n * 11 %% 701 * 0.0001 END AS longitude
              FROM generate_series(%(first)s, %(last)s) AS n) made
"""
# As tools/geo.py numbers them.
CELL = """
    floor((longitude::float8 + 180) / 360 * 16384)::int * 16384
    + floor((0.5 - ln((1 + sin(radians(latitude::float8)))
                      / (1 - sin(radians(latitude::float8)))) / (4 * pi()))
            * 16384)::int
"""
DUTIES = """
    INSERT INTO civic_step (
        report_id, company_id, code, track, agency_id, started_at, counted_from,
        deadline, ended_at, state, limit_value, limit_unit)
    SELECT id, company_id, 'dispatch', track, agency_id, received_at, received_at,
           received_at + interval '1 hour', dispatched_at, 'done', 1, 'hour'
      FROM civic_report
     WHERE name LIKE 'BX-26-%%' AND NOT EXISTS (
           SELECT 1 FROM civic_step WHERE report_id = civic_report.id)
"""


def main(env):
    """Print p50 and p95 of pages, beside a blank page of the same run, and how they
    grow; then what searches cost in SQL alone."""
    people = _people(env)
    paths = _paths(people)
    results, searches, first = {}, {}, 1
    with served(env) as site:
        for size in SIZES:
            start = perf_counter()
            _fill(env, people, first, size)
            print(f"{size:,} reports ({perf_counter() - start:.0f} s)", flush=True)
            first = size + 1
            results[size] = _measure_site(site, paths | {"deep page": [_deep(env)]})
            searches[size] = _measure_searches(env, people)
    _print_pages(results)
    _print_searches(searches)


def _people(env):
    agencies = env["civic.agency"].create(
        [{"name": f"Cơ quan {number}", "code": f"BX{number}"} for number in range(24)]
    )
    wards = env["civic.ward"].create(
        [{"name": f"Phường {number}"} for number in range(40)]
    )
    make_blank_page(env)
    # What floods are is measured elsewhere.
    env["civic.throttle.limit"].search([]).unlink()
    env.cr.commit()  # the server reads it
    return {
        "company": env.company.id,
        "procedure": env.company._civic_procedure().id,
        "channel": env.ref("civic_report.channel_web").id,
        "agencies": agencies.ids,
        "categories": env["civic.category"].search([("accepted", "=", True)]).ids,
        "wards": wards.ids,
    }


def _fill(env, people, first, last):
    counts = {
        "category_count": len(people["categories"]),
        "ward_count": len(people["wards"]),
        "agency_count": len(people["agencies"]),
    }
    values = {**people, **counts, "first": first, "last": last}
    env.cr.execute(FILL.replace("%(cell)s", CELL), values)
    env.cr.execute(DUTIES)
    env.cr.commit()
    # As a database is that has been running: indexes tidy, figures known.
    with db_connect(env.cr.dbname).cursor() as cr:
        cr._cnx.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        cr.execute("VACUUM ANALYZE civic_report")
        cr.execute("VACUUM ANALYZE civic_step")


def _deep(env):
    """The list's address nine tenths of the way back."""
    reports = env["civic.report"]
    env.cr.execute("SELECT min(received_at), max(received_at) FROM civic_report")
    oldest, latest = env.cr.fetchone()
    moment = oldest + (latest - oldest) / 10
    found = reports.search([("received_at", "<=", moment)], limit=1)
    return f"/phan-anh?older={found._page_key()}"


# --- over HTTP -----------------------------------------------------------------------


def _paths(people):
    """What is asked for, by name; several addresses take turns."""
    categories, wards, agencies = (
        people[name][:12] for name in ("categories", "wards", "agencies")
    )
    pairs = list(zip(wards, categories, agencies, strict=False))
    return {
        "blank page": [BLANK],
        "list": ["/phan-anh"],
        "one category": [f"/phan-anh?category={row}" for row in categories],
        "one agency": [f"/phan-anh?agency={row}" for row in agencies],
        "one ward": [f"/phan-anh?ward={row}" for row in wards],
        "in hand": ["/phan-anh?state=open"],
        "answered": ["/phan-anh?state=done"],
        "late": ["/phan-anh?overdue=1"],
        "30 days": ["/phan-anh?period=30"],
        "ward, category": [f"/phan-anh?ward={w}&category={c}" for w, c, _a in pairs],
        "ward, category, agency": [
            f"/phan-anh?ward={w}&category={c}&agency={a}" for w, c, a in pairs
        ],
        "ward, category, late": [
            f"/phan-anh?ward={w}&category={c}&overdue=1" for w, c, _a in pairs
        ],
        "words": [f"/phan-anh?search=duong {number}" for number in range(100, 112)],
        "words, ward, in hand": [
            f"/phan-anh?search=duong&ward={row}&state=open" for row in wards
        ],
        "rare word": ["/phan-anh?search=hiemhoi"],
        "a code": [f"/phan-anh?search=BX-26-{n:07}" for n in range(500, 512)],
        "map of the province": [f"{MAP}?bbox=107,15.8,108,16.8"],
        "map of a town": [f"{MAP}?bbox=107.56,16.44,107.63,16.5"],
        "map of a street": [f"{MAP}?bbox=107.59,16.46,107.6,16.465"],
        "map of a street, a ward": [
            f"{MAP}?bbox=107.59,16.46,107.6,16.465&ward={row}" for row in wards
        ],
        "feed": ["/phan-anh/feed.atom"],
        "one report": [f"/phan-anh/bx-26-{n:07}" for n in range(500, 512)],
        "form": ["/phan-anh/gui"],
    }


def _measure_site(site, paths):
    """:return: dict of name → (p50, p95, times a blank page asked for in turn)"""
    measured = {}
    with requests.Session() as session:
        for name, addresses in paths.items():
            # Each once before, and where it leads to in the end.
            ends = [session.get(site + path, timeout=60).url for path in addresses]
            turns, taken, blanks = cycle(ends), [], []
            for _round in range(ROUNDS):
                blanks.append(get_timed(session, site + BLANK))
                taken.append(get_timed(session, next(turns)))
            measured[name] = _percentiles(taken, blanks)
    blanks, taken = [], []
    with requests.Session() as session:
        for _round in range(SENT):
            blanks.append(get_timed(session, site + BLANK))
            taken.append(_send(site))
    measured["sending"] = _percentiles(taken, blanks)
    return measured


def _send(site):
    """Seconds of sending a report with a picture, from a browser of its own."""
    with requests.Session() as session:
        page = html.fromstring(session.get(f"{site}/phan-anh/gui", timeout=60).content)
        form = page.get_element_by_id("civic_form")
        values = {
            field.name: field.value or ""
            for field in form.inputs
            if field.get("type") == "hidden"
        }
        category = form.xpath(".//*[@name='category_id']//option[@value!='']/@value")
        values |= {
            "subject": "Ổ gà trước trường",
            "description": "Ổ gà sâu khoảng 20 cm giữa làn đường.",
            "category_id": category[0],
            "address": "Trước số 10 Lê Lợi",
            "occurred_at": "2026-01-20T08:15",
            "name": "Người gửi thử",
            "phone": "0912 345 678",
            "email": "nguoi.gui@example.com",
            "consent": "1",
        }
        files = {"files": ("anh.jpg", _picture(), "image/jpeg")}
        start = perf_counter()
        answer = session.post(
            f"{site}/phan-anh/gui",
            data=values,
            files=files,
            allow_redirects=False,
            timeout=60,
        )
        taken = perf_counter() - start
        errors = html.fromstring(answer.content or "<p/>").find_class("o_civic_error")
        assert answer.status_code == 303, [row.text_content() for row in errors]
        return taken


def _picture():
    """A photograph of a telephone: 12 megapixels, each time another."""
    noise = Image.frombytes("RGB", (80, 60), os.urandom(80 * 60 * 3))
    output = io.BytesIO()
    noise.resize((4000, 3000)).save(output, "JPEG", quality=85)
    return output.getvalue()


def _percentiles(seconds, blanks):
    most = quantiles(seconds, n=20, method="inclusive")[-1]
    return median(seconds), most, median(seconds) / median(blanks)


# --- in SQL alone --------------------------------------------------------------------


def _measure_searches(env, people):
    """:return: dict of name → median seconds of finding a page of reports"""
    ward, category, agency = (
        str(people[name][3]) for name in ("wards", "categories", "agencies")
    )
    searches = {
        "common word": {"search": "duong"},
        "two words": {"search": "duong 101"},
        "rare word": {"search": "hiemhoi"},
        "a word of one flood": {"search": "lulut"},
        "one in a hundred": {"search": "caycoi"},
        "a short word": {"search": "ga"},
        "a short rare word": {"search": "xe"},
        "not there": {"search": "khongcotunay"},
        "a word, one ward": {"search": "caycoi", "ward": ward},
        "flood, late": {"search": "lulut", "overdue": "1"},
        "ward, category, agency": {
            "ward": ward,
            "category": category,
            "agency": agency,
        },
        "ward, in hand": {"ward": ward, "state": "open"},
        "ward, late": {"ward": ward, "overdue": "1"},
        "agency, late": {"agency": agency, "overdue": "1"},
        "a day long ago, ward": {
            "ward": ward,
            "from": "2024-01-01",
            "to": "2024-01-02",
        },
    }
    return {name: _found_in(env, filters) for name, filters in searches.items()}


def _found_in(env, filters):
    reports, taken = env["civic.site.list"], []
    for _round in range(7):
        env.invalidate_all()
        start = perf_counter()
        reports._search_published_sudo(env.company, filters, limit=18)
        taken.append(perf_counter() - start)
    return median(taken)


# --- printed -------------------------------------------------------------------------


def _print_pages(results):
    """Growth is that of the ratio to the blank page: the machine's moods cancel out."""
    heads = "".join(f"{f'{size:,}: p50':>15}{'p95':>8}{'/blank':>8}" for size in SIZES)
    print(f"\n{'ms':26}{heads}{'growth':>9}")
    for name in results[SIZES[0]]:
        line = f"{name:26}"
        for size in SIZES:
            half, most, ratio = results[size][name]
            line += f"{half * 1000:15.1f}{most * 1000:8.1f}{ratio:8.2f}"
        growth = results[SIZES[-1]][name][2] / results[SIZES[0]][name][2]
        print(f"{line}{growth:9.2f}")


def _print_searches(searches):
    heads = "".join(f"{f'{size:,}':>15}" for size in SIZES)
    print(f"\n{'ms of finding 18, SQL':26}{heads}")
    for name in searches[SIZES[0]]:
        line = "".join(f"{searches[size][name] * 1000:15.1f}" for size in SIZES)
        print(f"{name:26}{line}")
