"""What sealing identities costs, beside a table with the same fields in clear."""

from statistics import median
from time import perf_counter

from odoo import api, fields, models
from odoo.orm.model_classes import add_to_registry

from .create import _people, _values

SIZES = (1, 100, 1000)
PAGE = 80
SHOWN = ("name", "phone", "email_from", "verified", "display_name")
HEADS = ("clear: queries", "ms", "sealed: queries", "ms", "ratio", "µs/row more")


def main(env):
    """Print queries and milliseconds in clear and sealed, measured in turn.

    Ratios of one run count; milliseconds vary with the machine.
    """
    people = _people(env)
    operator = people["operator"]
    tables = {
        "clear": _clear_model(env).with_user(operator),
        "sealed": env["civic.reporter"].with_user(operator),
    }
    print(f"{'act':38}{''.join(f'{head:>17}' for head in HEADS)}")
    for size in SIZES:
        acts = {name: _creating(table, size) for name, table in tables.items()}
        _compare(env, f"create {size} reporters", acts, size)
    sender = _creating(tables["sealed"], 1)()
    for size in SIZES:
        acts = {
            "clear": _sending(env, people, tables["clear"], size, sender),
            "sealed": _sending(env, people, tables["sealed"], size),
        }
        _compare(env, f"create {size} reporters and reports", acts, size)
    acts = {name: _listing(table) for name, table in tables.items()}
    _compare(env, f"list of {PAGE} reporters", acts, PAGE)
    rows = {name: table.search([], limit=1) for name, table in tables.items()}
    acts = {name: _opening(row) for name, row in rows.items()}
    _compare(env, "form of a reporter", acts, 1)
    acts = {name: _finding(table) for name, table in tables.items()}
    _compare(env, "reporter by telephone", acts, 1)
    report = _sending(env, people, tables["sealed"], 1)()
    acts = {
        "clear": lambda: (_report(report), _opening(rows["clear"])()),
        "sealed": lambda: _report(report, reporter_id=_spec(rows["sealed"])),
    }
    _compare(env, "form of a report, with its sender", acts, 1)
    reports = _sending(env, people, tables["sealed"], PAGE)()
    spec = {"reporter_id": _spec(rows["sealed"])}
    acts = {"clear": lambda: _reports(reports), "sealed": lambda: _reports(reports)}
    _compare(env, f"operator's list of {PAGE} reports", acts, PAGE)
    acts = {
        "clear": lambda: _reports(reports),
        "sealed": lambda: _reports(reports, **spec),
    }
    _compare(env, f"the same with {PAGE} masked senders", acts, PAGE)
    env.cr.rollback()


def _clear_model(env):
    """The fields of a reporter as ordinary columns, indexed where they are found by."""

    class ClearReporter(models.Model):
        _name = "civic.bench.reporter"
        _description = "Reporter in clear"
        _module = "civic_report"
        _order = "id desc"

        name = fields.Char(required=True)
        phone = fields.Char(index="btree_not_null")
        email_from = fields.Char(index="btree_not_null")
        address = fields.Char()
        citizen_id = fields.Char(index="btree_not_null")
        user_id = fields.Many2one("res.users", index="btree_not_null")
        company_id = fields.Many2one(
            "res.company", index=True, default=lambda self: self.env.company
        )
        is_organisation = fields.Boolean()
        verified = fields.Boolean()

        @api.model_create_multi
        def create(self, vals_list):
            normalized = self.env["civic.reporter"]._normalized
            return super().create([normalized(vals) for vals in vals_list])

    add_to_registry(env.registry, ClearReporter)
    env.registry._setup_models__(env.cr, ["civic.bench.reporter"])
    env.registry.init_models(
        env.cr, ["civic.bench.reporter"], {"module": "civic_report"}
    )
    env["ir.model.access"].create(
        {
            "name": "bench",
            "model_id": env["ir.model"]._get("civic.bench.reporter").id,
            "group_id": env.ref("civic_report.group_operator").id,
            **dict.fromkeys(("perm_read", "perm_write", "perm_create"), True),
        }
    )
    return env["civic.bench.reporter"]


def _compare(env, name, acts, rows):
    rounds = 3 if rows >= 1000 else 25 if rows <= PAGE else 9
    times = {kind: [] for kind in acts}
    queries = {}
    for number in range(rounds + 2):
        for kind, act in acts.items():
            env.flush_all()
            env.invalidate_all()
            before, start = env.cr.sql_log_count, perf_counter()
            act()
            env.flush_all()
            if number > 1:  # the first ones fill the caches
                times[kind].append(perf_counter() - start)
            queries[kind] = env.cr.sql_log_count - before
    clear, sealed = (median(times[kind]) for kind in ("clear", "sealed"))
    more = (sealed - clear) / rows * 1e6
    print(
        f"{name:38}{queries['clear']:17}{clear * 1000:17.2f}{queries['sealed']:17}"
        f"{sealed * 1000:17.2f}{sealed / clear:17.2f}{more:17.1f}"
    )


def _creating(table, count):
    rows = [
        {
            "name": f"Người phản ánh thứ {number}",
            "phone": f"09{number:08}",
            "email_from": f"nguoi{number}@example.com",
            "address": f"Số {number} đường Lê Lợi, phường Thuận Hóa",
        }
        for number in range(10_000_000, 10_000_000 + count)
    ]
    return lambda: table.create(rows)


def _sending(env, people, table, count, sender=None):
    """Reporters and one report of each; of one sender where the table is another."""
    create = _creating(table, count)
    reports = env["civic.report"].with_user(people["operator"])
    values = _values(env, people)

    def act():
        made = create()
        ids = sender.ids * count if sender else made.ids
        return reports.create([{**values, "reporter_id": id_} for id_ in ids])

    return act


def _spec(row):
    return {"fields": {name: {} for name in SHOWN}}


def _listing(table):
    spec = {name: {} for name in SHOWN}
    return lambda: table.web_search_read([], spec, limit=PAGE)


def _opening(row):
    spec = {name: {} for name in (*SHOWN, "address", "citizen_id", "is_organisation")}
    return lambda: row.web_read(spec)


def _finding(table):
    return lambda: table.search([("phone", "=", "0910000007")])


def _report(report, **more):
    names = ("name", "subject", "description", "state", "deadline", "category_id")
    return report.web_read({**{name: {} for name in names}, **more})


def _reports(reports, **more):
    names = ("name", "subject", "state", "deadline", "category_id", "received_at")
    return reports.web_read({**{name: {} for name in names}, **more})
