"""Creating, receiving, dispatching and accepting reports, beside a bare mail.thread."""

from statistics import median
from time import perf_counter

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry

ROUNDS = 5
BATCH = 100


def main(env):
    """Print queries and milliseconds of each act, for 1 record and for 100.

    Ratios of one run count; milliseconds vary with the machine.
    """
    bare = _bare_model(env)
    people = _people(env)
    acts = {
        "create, bare mail.thread": lambda n: _create_bare(bare, n),
        "create": lambda n: _create(env, people, n),
        "receive": lambda n: _receive(env, people, n),
        "dispatch": lambda n: _dispatch(env, people, n),
        "accept": lambda n: _accept(env, people, n),
    }
    for act in acts.values():
        _measure(env, act, 2)  # fills the caches
    heads = f"{'1: queries':>12}{'ms':>8}{'100: queries':>14}{'ms':>9}{'ratio':>8}"
    print(f"{'act':28}{heads}")
    floor = None
    for name, act in acts.items():
        queries, seconds = _measure(env, act, 1)
        many_queries, many_seconds = _measure(env, act, BATCH)
        floor = floor or many_seconds
        print(
            f"{name:28}{queries:12}{seconds * 1000:8.1f}"
            f"{many_queries:14}{many_seconds * 1000:9.1f}{many_seconds / floor:8.2f}"
        )
    env.cr.rollback()


def _measure(env, act, count):
    """Median of queries and seconds of an act on `count` records."""
    results = []
    for _round in range(ROUNDS):
        action = act(count)
        env.flush_all()
        env.invalidate_all()
        queries, start = env.cr.sql_log_count, perf_counter()
        action()
        env.flush_all()
        results.append((env.cr.sql_log_count - queries, perf_counter() - start))
    return median(row[0] for row in results), median(row[1] for row in results)


def _bare_model(env):
    """A model that is nothing but a mail.thread with the text of a report."""

    class BareThread(models.Model):
        _name = "civic.bench.thread"
        _inherit = ["mail.thread"]
        _description = "Bare mail.thread"
        _module = "civic_report"

        name = fields.Char(required=True)
        description = fields.Text()

    add_to_registry(env.registry, BareThread)
    env.registry._setup_models__(env.cr, ["civic.bench.thread"])
    env.registry.init_models(env.cr, ["civic.bench.thread"], {"module": "civic_report"})
    return env["civic.bench.thread"]


def _people(env):
    users = {}
    for role in ("operator", "handler", "leader"):
        users[role] = env["res.users"].create(
            {
                "name": f"bench {role}",
                "login": f"bench_{role}",
                "group_ids": [(6, 0, env.ref(f"civic_report.group_{role}").ids)],
            }
        )
    users["agency"] = env["civic.agency"].create(
        {
            "name": "Sở Xây dựng",
            "handler_ids": [(6, 0, users["handler"].ids)],
            "leader_ids": [(6, 0, users["leader"].ids)],
            "focal_handler_id": users["handler"].id,
            "focal_leader_id": users["leader"].id,
        }
    )
    users["reporter"] = env["civic.reporter"].create(
        {"name": "Người phản ánh", "phone": "0912345678"}
    )
    return users


def _values(env, people):
    return {
        "subject": "Ổ gà lớn trên đường Lê Lợi",
        "description": "Ổ gà sâu khoảng 20 cm giữa làn đường.",
        "address": "Trước số 10 Lê Lợi",
        "category_id": env.ref("civic_report.category_roads").id,
        "channel_id": env.ref("civic_report.channel_web").id,
        "reporter_id": people["reporter"].id,
    }


def _reports(env, people, count):
    return _create(env, people, count)()


def _create_bare(bare, count):
    rows = [{"name": "Ổ gà", "description": "Ổ gà sâu."} for _ in range(count)]
    return lambda: bare.create(rows)


def _create(env, people, count):
    reports = env["civic.report"].with_user(people["operator"])
    rows = [_values(env, people) for _ in range(count)]
    return lambda: reports.create(rows)


def _receive(env, people, count):
    return _reports(env, people, count).receive


def _dispatch(env, people, count):
    reports = _reports(env, people, count)
    reports.receive()
    return lambda: reports.dispatch(people["agency"].ids)


def _accept(env, people, count):
    reports = _reports(env, people, count)
    reports.receive()
    reports.dispatch(people["agency"].ids)
    return reports.assignment_ids.with_user(people["handler"]).accept
