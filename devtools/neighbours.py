"""./dev neighbours: what other apps notice of this add-on.

Odoo's own tests, and the queries of ordinary work, in a database with the add-on and in
one without; then an uninstallation, after which both must be alike.
"""

import argparse
import json
import os
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

from . import databases, odoo, odoo_source, postgres
from .machine import CHECKOUT, MODULE, PYTHON, STATE, Failure, lock, say
from .testing import PLUGINS

SUITES = ("mail", "test_mail", "portal", "website", "resource", "sms", "web")
# Neighbours that are installed in both databases.
APPS = ("test_mail", "sale_management")
WORK = CHECKOUT / "devtools" / "ordinary_work.py"
DATA = CHECKOUT / "devtools" / "uninstall_data.py"
PARTS = ("suites", "counts", "uninstall")
# Tables that ordinary work or the making of test data fills, whatever is installed.
NOISE = {
    *("bus_bus", "bus_presence", "ir_cron_trigger", "ir_logging", "ir_profile"),
    *("orm_signaling_registry", "orm_signaling_assets", "orm_signaling_stable"),
    *("ir_attachment", "ir_config_parameter"),  # compared by what they hold
    # Accounts of the people who worked meanwhile.
    *("res_users", "res_partner", "res_users_settings", "res_company_users_rel"),
    *("res_groups_users_rel", "discuss_channel_member", "digest_digest_res_users_rel"),
    *("mail_message", "mail_followers", "mail_followers_mail_message_subtype_rel"),
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./dev neighbours")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {PARTS}")
    parser.add_argument("--suite", action="append", choices=SUITES, help="only this")
    parser.add_argument("-k", default="", help="as pytest's: tests of these names")
    parser.add_argument("--browser", action="store_true", help="tours and scripts too")
    parser.add_argument("--fresh", action="store_true", help="install from scratch")
    options = parser.parse_args(arguments)
    parts = options.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        raise Failure(f"no such part: {', '.join(unknown)}; there are {PARTS}")
    postgres.ensure()
    odoo.configure()
    with lock("neighbours", STATE):
        without, beside = _prepare(options.fresh)
        wrong = 0
        if "counts" in parts:
            wrong += _compare_counts(without, beside)
        if "uninstall" in parts:
            wrong += _compare_uninstalled(without, beside)
        if "suites" in parts:
            for suite in options.suite or SUITES:
                wrong += _compare_suite(suite, without, beside, options)
    return 1 if wrong else 0


def _prepare(fresh: bool) -> tuple[str, str]:
    """Names of a database without the add-on and of one with it and its demo off."""
    without, beside = databases.name("without"), databases.name("beside")
    if fresh or not databases.exists(without):
        say(f"installing {', '.join(APPS)}")
        databases.clone(databases.template(), without)
        odoo.logged("without", *_options(without), "-i", ",".join(APPS))
    code = STATE / "beside.code"
    current = databases.installed_hash()
    if (
        fresh
        or not databases.exists(beside)
        or not code.exists()
        or code.read_text() != current
    ):
        say(f"installing {MODULE} beside them")
        code.unlink(missing_ok=True)
        databases.clone(without, beside)
        odoo.logged("beside", *_options(beside), "-i", MODULE)
        code.write_text(current)
    return without, beside


def _options(database: str) -> list:
    return ["-c", odoo.CONFIG, "-d", database, "--no-http", "--stop-after-init"]


# ----------------------------------------------------------------------
# Odoo's own tests
# ----------------------------------------------------------------------


def _compare_suite(suite: str, without: str, beside: str, options) -> int:
    """Run a module's tests in both; the number that fail only beside the add-on."""
    results = {}
    for label, base in (("without", without), ("with", beside)):
        database = f"{base}_run"
        databases.clone(base, database)
        try:
            results[label] = _run_suite(suite, database, label, options)
        finally:
            databases.drop(database)
    failed = {
        label: {name for name, outcome in outcomes.items() if outcome == "failed"}
        for label, outcomes in results.items()
    }
    new = sorted(failed["with"] - failed["without"])
    for label, outcomes in results.items():
        kinds = [*outcomes.values()]
        counts = {kind: kinds.count(kind) for kind in ("passed", "failed", "skipped")}
        print(f"{suite:10} {label:8} {counts}", flush=True)
    print(f"{suite:10} new failures: {len(new)}", flush=True)
    for name in new:
        print(f"  {name}")
    return len(new)


def _run_suite(suite: str, database: str, label: str, options) -> dict[str, str]:
    folder = next(
        path / suite / "tests"
        for path in odoo_source.addons_folders()
        if (path / suite / "tests").is_dir()
    )
    report = STATE / f"neighbours-{suite}-{label}.xml"
    report.unlink(missing_ok=True)
    environment = odoo.environment()
    environment["PYTHONPATH"] += f":{PLUGINS}"
    command = [
        *(PYTHON, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", folder),
        *("--confcutdir", folder, "-p", "no:cacheprovider", "--odoo-http"),
        *("--odoo-config", odoo.CONFIG, "--odoo-database", database),
        *("--odoo-log-level", "critical", "--junitxml", report, "--tb=short"),
        *(() if options.browser else ("-p", "pytest_neighbours")),
        *(("-k", options.k) if options.k else ()),
        folder,
    ]
    log = odoo.LOGS / f"neighbours-{suite}-{label}.log"
    with open(log, "w") as output:
        subprocess.run(
            [str(part) for part in command],
            env=environment,
            cwd=STATE,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if not report.exists():
        raise Failure(f"{log.read_text()[-3000:]}\npytest failed; its log: {log}")
    return _read_report(report)


def _read_report(report: Path) -> dict[str, str]:
    """Outcome of each test by its name; one failed subtest fails its test."""
    outcomes: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it
        name = f"{case.get('classname')}.{case.get('name')}"
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            outcomes[name] = "failed"
        else:
            outcomes.setdefault(name, "skipped" if "skipped" in kinds else "passed")
    return outcomes


# ----------------------------------------------------------------------
# Queries of ordinary work
# ----------------------------------------------------------------------


def _compare_counts(without: str, beside: str) -> int:
    """Print how many queries each kind of work takes; the number that take more."""
    counted = {
        label: _count(base, label)
        for label, base in (("without", without), ("with", beside))
    }
    print(f"{'queries of':34} {'without':>8} {'with':>8}")
    more = 0
    for name, count in counted["without"].items():
        other = counted["with"][name]
        more += other > count
        print(f"{name:34} {count:8} {other:8}{'  <<<' if other > count else ''}")
    return more


def _count(base: str, label: str) -> dict[str, int]:
    database = f"{base}_run"
    databases.clone(base, database)
    log = f"neighbours-counts-{label}"
    options = ["-c", odoo.CONFIG, "-d", database, "--no-http"]
    try:
        odoo.logged(log, "shell", *options, code=WORK.read_text())
    finally:
        databases.drop(database)
    text = (odoo.LOGS / f"{log}.log").read_text()
    return json.loads(text.rpartition("COUNTED ")[2].partition("\n")[0])


# ----------------------------------------------------------------------
# Uninstalling
# ----------------------------------------------------------------------


def _compare_uninstalled(without: str, beside: str) -> int:
    """Install, work, uninstall; print what is left; its number."""
    database = f"{beside}_run"
    base = f"{without}_run"
    databases.clone(beside, database)
    databases.clone(without, base)
    options = ["-c", odoo.CONFIG, "-d"]
    try:
        say(f"uninstalling {MODULE} after some work")
        code = DATA.read_text()
        odoo.logged("uninstall-data", "shell", *options, database, code=code)
        odoo.logged("uninstall", "module", "uninstall", *options, database, MODULE)
        left = [*_left(_snapshot(base), _snapshot(database))]
    finally:
        databases.drop(database)
        databases.drop(base)
    for line in left:
        print(f"left behind: {line}")
    print(f"uninstall  left behind: {len(left)}")
    return len(left)


def _snapshot(database: str) -> dict[str, set]:
    """What a database holds, by kind, as comparable rows."""
    kinds = {
        "relation": "SELECT relkind, relname FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relname !~ '^pg_'",
        "column": "SELECT table_name, column_name, data_type"
        " FROM information_schema.columns WHERE table_schema = 'public'",
        "function": "SELECT proname FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace",
        "external id": "SELECT module, name FROM ir_model_data",
        "constraint": "SELECT name FROM ir_model_constraint",
        "parameter": "SELECT key FROM ir_config_parameter",
        "file of": "SELECT DISTINCT res_model FROM ir_attachment"
        " WHERE res_model IS NOT NULL",
        "reminder of": "SELECT DISTINCT res_model FROM mail_activity",
        "message of": "SELECT DISTINCT model FROM mail_message WHERE model IS NOT NULL",
        "account": "SELECT login FROM res_users WHERE login !~ '^civic_[a-z_]+$'",
        "menu": "SELECT website_id, url FROM website_menu",
        "working hours of": "SELECT id, resource_calendar_id FROM res_company",
    }
    found: dict[str, set] = {}
    with databases.cursor(database) as cr:
        for kind, query in kinds.items():
            cr.execute(query)
            found[kind] = {*cr.fetchall()}
        tables = [name for kind, name in found["relation"] if kind == "r"]
        for table in set(tables) - NOISE:
            cr.execute(f'SELECT count(*) FROM "{table}"')
            found.setdefault("rows", set()).add((table, cr.fetchone()[0]))
    return found


def _left(before: dict[str, set], after: dict[str, set]):
    for kind in before:
        for row in sorted(before[kind] ^ after[kind], key=str):
            yield f"{kind} {row} {'gone' if row in before[kind] else 'is new'}"
