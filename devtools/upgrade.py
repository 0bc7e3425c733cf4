"""./dev upgrade: the demo of an earlier commit, brought up to this code."""

import argparse
import json
import shutil
import subprocess

from . import databases, odoo, postgres
from .machine import CACHE, CHECKOUT, PYTHON, STATE, Failure, lock, run, say, short_hash

# The last one that kept identities in clear.
EARLIER = "9e62170"
FOLDER = STATE / "earlier"
IDENTITY = ("name", "phone", "email_from", "address", "citizen_id", "user_id")
COUNTED = ("report", "reporter", "assignment", "step", "event", "agency", "interaction")
PREPARE = """
from devtools import databases, odoo, postgres
postgres.ensure()
odoo.configure()
print(databases.prepare("earlier", demo=True))
"""
# Run in Odoo's shell on the upgraded database.
LOOK = """
import json
before = json.load(open({path!r}))
for row in before["reporters"]:
    reporter = env["civic.reporter"].browse(row["id"])
    found = {{
        name: (reporter[name].id if name == "user_id" else reporter[name]) or None
        for name in row if name != "id"
    }}
    wanted = {{name: row[name] or None for name in found}}
    assert found == wanted, "identity of %s" % row["id"]
operator = env["civic.reporter"].with_user(env.ref({operator!r}))
assert before["reporters"][0]["phone"] not in str(
    operator.browse(before["reporters"][0]["id"]).read())
report = env["civic.report"].search([("state", "=", "new")], limit=1)
report.with_user(env.ref({operator!r})).receive()
assert report.state == "received"
print("LOOKED", "AT")
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./dev upgrade")
    parser.add_argument("commit", nargs="?", default=EARLIER, help="where to start")
    commit = parser.parse_args(arguments).commit
    postgres.ensure()
    odoo.configure()
    with lock("upgrade", STATE):
        earlier = _make_earlier(commit)
        before = _seen(earlier)
        _upgrade(earlier)
        _compare(before, _seen(databases.name("upgrade")))
        _look(before)
        _search_dump(before)
        _compare_tables()
        databases.drop(databases.name("upgrade"))
    say("upgraded: the same records, identities sealed, tables as in a new database")
    return 0


def _make_earlier(commit: str) -> str:
    """The demo database of an earlier commit, made by that commit's own tools."""
    say(f"making the demo of {commit}")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    run("git", "-C", CHECKOUT, "archive", "-o", FOLDER / "tree.tar", commit)
    run("tar", "xf", FOLDER / "tree.tar", "-C", FOLDER)
    run(FOLDER / "dev", "setup")
    made = run(PYTHON, "-c", PREPARE, cwd=FOLDER, capture_output=True)
    return made.stdout.split()[-1]


def _upgrade(earlier: str) -> None:
    say("upgrading it")
    database = databases.name("upgrade")
    databases.clone(earlier, database)
    files = CACHE / "checkouts" / short_hash(str(FOLDER)) / "data" / "filestore"
    target = odoo.DATA / "filestore" / database
    shutil.copytree(files / earlier, target, dirs_exist_ok=True)
    databases.drop(earlier)
    shutil.rmtree(files / earlier, ignore_errors=True)
    odoo.logged(
        "upgrade",
        *("-c", odoo.CONFIG, "-d", database, "-u", "civic_report"),
        *("--no-http", "--stop-after-init"),
    )


def _seen(database: str) -> dict:
    """How many records of each kind there are, and who the reporters are while it can
    be read."""
    with databases.cursor(database) as cr:
        counts = {}
        for table in COUNTED:
            cr.execute(f"SELECT count(*) FROM civic_{table}")
            [counts[table]] = cr.fetchone()
        cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'civic_reporter' AND column_name = ANY(%s)",
            [list(IDENTITY)],
        )
        columns = [name for (name,) in cr.fetchall()]
        reporters = []
        if columns:
            cr.execute(f"SELECT id, {', '.join(columns)} FROM civic_reporter")
            names = [column.name for column in cr.description]
            reporters = [dict(zip(names, row, strict=True)) for row in cr.fetchall()]
    return {"counts": counts, "reporters": reporters}


def _compare(before: dict, after: dict) -> None:
    if before["counts"] != after["counts"]:
        raise Failure(f"before {before['counts']}\nafter  {after['counts']}")
    if after["reporters"]:
        raise Failure("identities still stand in clear")


def _look(before: dict) -> None:
    """Read the upgraded records as Odoo does."""
    path = STATE / "upgrade.json"
    path.write_text(json.dumps(before))
    code = LOOK.format(path=str(path), operator="civic_report.demo_user_operator1")
    odoo.logged(
        "upgrade-look",
        *("shell", "-c", odoo.CONFIG, "-d", databases.name("upgrade"), "--no-http"),
        code=code,
    )
    path.unlink()
    if "LOOKED AT" not in (odoo.LOGS / "upgrade-look.log").read_text():
        raise Failure((odoo.LOGS / "upgrade-look.log").read_text()[-3000:])


def _search_dump(before: dict) -> None:
    """No telephone and no e-mail address of a reporter is left in a dump."""
    dumped = subprocess.run(
        ["pg_dump", "-h", postgres.SOCKETS, "-p", str(postgres.PORT)]
        + ["-U", postgres.USER, databases.name("upgrade")],
        capture_output=True,
        check=True,
    ).stdout
    for row in before["reporters"]:
        for name in ("phone", "citizen_id"):
            if row[name] and row[name].encode() in dumped:
                raise Failure(f"{name} of reporter {row['id']} is in the dump")


def _compare_tables() -> None:
    """Columns, indexes and rules of access are those of a new database."""
    # What an update leaves alone must not pass for new.
    new = databases.prepare("test", fresh=True)
    shapes = []
    for database in (new, databases.name("upgrade")):
        with databases.cursor(database) as cr:
            cr.execute(
                "SELECT table_name, column_name, data_type, is_nullable"
                "  FROM information_schema.columns WHERE table_name LIKE 'civic_%'"
            )
            columns = set(cr.fetchall())
            cr.execute(
                "SELECT indexname, indexdef FROM pg_indexes"
                " WHERE tablename LIKE 'civic_%'"
            )
            columns |= set(cr.fetchall())
            cr.execute(
                "SELECT data.name, rule.domain_force, rule.perm_read, rule.active"
                "  FROM ir_rule rule JOIN ir_model_data data"
                "    ON data.res_id = rule.id AND data.model = 'ir.rule'"
                " WHERE data.module = 'civic_report'"
            )
            shapes.append(columns | set(cr.fetchall()))
    if different := shapes[0] ^ shapes[1]:
        lines = "\n".join(map(str, sorted(different, key=str)))
        raise Failure(f"not as in a new database:\n{lines}")
