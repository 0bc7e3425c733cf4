"""The public list and its search at 1,000 and at many more published reports."""

from statistics import median
from time import perf_counter

SMALL = 1_000
LARGE = 1_000_000
ROUNDS = 9
# Varied words, states, categories and moments: equal rows would flatter the planner.
FILL = """
    INSERT INTO civic_report (
        company_id, procedure_id, channel_id, name, subject, description,
        standardised_description, address, kind, state, track, visibility,
        is_published, received_at, dispatched_at, published_at, category_id, ward_id,
        agency_id, public_search_text, search_text, support_count, create_uid,
        write_uid, create_date, write_date
    )
    SELECT %(company)s, %(procedure)s, %(channel)s,
           'BX-26-' || lpad(n::text, 7, '0'),
           'Ổ gà số ' || n, 'Nguyên văn ' || n, 'Đã sửa ' || n, 'Đường ' || n %% 977,
           'field_report',
           CASE WHEN n %% 50 = 0 THEN 'processing' ELSE 'done' END,
           'normal', 'public', true,
           now() - n * interval '3 minutes', now() - n * interval '2 minutes',
           CASE WHEN n %% 50 = 0 THEN NULL ELSE now() - n * interval '1 minute' END,
           (%(categories)s)[1 + n * 31 %% 1009 %% %(category_count)s],
           (%(wards)s)[1 + n %% %(ward_count)s],
           %(agency)s,
           'bx-26-' || lpad(n::text, 7, '0') || ' o ga so ' || n || ' da sua duong '
               || n %% 977 || CASE WHEN n %% 40009 = 7 THEN ' hiemhoi' ELSE '' END,
           '', 0, 1, 1, now(), now()
      FROM generate_series(%(first)s, %(last)s) AS n
"""


def main(env):
    """Print queries and milliseconds of reading pages, and how they grow."""
    people = _people(env)
    _fill(env, people, 1, SMALL)
    small = _measure_all(env, people)
    _fill(env, people, SMALL + 1, LARGE)
    large = _measure_all(env, people)
    heads = f"{f'{SMALL:,}: ms':>14}{f'{LARGE:,}: ms':>16}{'ratio':>8}"
    print(f"{'page':32}{'queries':>8}{heads}")
    for name, (queries, seconds) in large.items():
        before = small[name][1]
        print(
            f"{name:32}{queries:8}{before * 1000:14.1f}{seconds * 1000:16.1f}"
            f"{seconds / before:8.2f}"
        )
    env.cr.rollback()


def _people(env):
    wards = env["civic.ward"].search([]) or env["civic.ward"].create(
        [{"name": f"Phường {number}"} for number in range(40)]
    )
    return {
        "company": env.company.id,
        "procedure": env.company._civic_procedure().id,
        "channel": env.ref("civic_report.channel_web").id,
        "agency": env["civic.agency"].create({"name": "Sở Xây dựng", "code": "BX"}).id,
        "categories": env["civic.category"].search([("accepted", "=", True)]).ids,
        "wards": wards.ids,
    }


def _fill(env, people, first, last):
    env.flush_all()
    env.cr.execute(
        FILL,
        {
            **people,
            "category_count": len(people["categories"]),
            "ward_count": len(people["wards"]),
            "first": first,
            "last": last,
        },
    )
    env.cr.execute("ANALYZE civic_report")


def _measure_all(env, people):
    reports = env["civic.report"]
    company = env.company
    env.cr.execute("SELECT count(*) FROM civic_report")
    (count,) = env.cr.fetchone()
    env.cr.execute(
        "SELECT id, received_at FROM civic_report ORDER BY received_at DESC, id DESC "
        "OFFSET %s LIMIT 1",
        [count * 9 // 10],
    )
    deep = reports.browse(env.cr.fetchone()[0])._page_key()
    pages = {
        "first page": {},
        "deep page": {"older": deep},
        "in hand": {"state": "open"},
        "one category": {"category_id": str(people["categories"][0])},
        "one ward": {"ward_id": str(people["wards"][0])},
        "common word": {"search": "duong"},
        "rare word": {"search": "hiemhoi"},
        "code": {"search": "BX-26-0000500"},
        "word that is not there": {"search": "khongcotunay"},
    }
    return {
        name: _measure(env, lambda query=query: _read(reports, company, query))
        for name, query in pages.items()
    }


def _read(reports, company, query):
    found, _older = reports._search_published_sudo(
        company, query, older=query.get("older"), limit=18
    )
    return [report._public_card_values() for report in found]


def _measure(env, read):
    read()
    results = []
    for _round in range(ROUNDS):
        env.invalidate_all()
        queries, start = env.cr.sql_log_count, perf_counter()
        read()
        results.append((env.cr.sql_log_count - queries, perf_counter() - start))
    return median(row[0] for row in results), median(row[1] for row in results)
