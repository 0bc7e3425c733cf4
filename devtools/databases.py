"""Databases: a shared template with the dependencies, a clone for each purpose."""

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import psycopg2

from . import odoo, odoo_source, postgres
from .machine import (
    CACHE,
    CHECKOUT,
    CHECKOUT_ID,
    MODULE,
    STATE,
    Failure,
    files,
    lock,
    manifest,
    say,
    short_hash,
)

TEMPLATES = CACHE / "templates"  # their data folder, with the filestores
LANGUAGE = "vi_VN"
# The first is the one of new users; the demo changes that.
LANGUAGES = "en_US,vi_VN"
# Debian leaves this file out, and every backend page would log its absence.
LEFT_OUT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"

TEMPLATE_SQL = f"""
INSERT INTO ir_asset (name, bundle, directive, path, sequence, active)
VALUES ('left out by Debian', 'web.assets_backend', 'remove', '{LEFT_OUT}', 99, true);
-- Nothing may call home, and no tour greets the administrator.
UPDATE ir_cron SET active = false WHERE id IN (
    SELECT res_id FROM ir_model_data WHERE model = 'ir.cron' AND name IN (
        'ir_cron_module_update_notification', 'ir_cron_partner_autocomplete'));
UPDATE res_users SET tour_enabled = false;
-- The website speaks both languages.
INSERT INTO website_lang_rel (website_id, lang_id)
SELECT website.id, res_lang.id FROM website, res_lang WHERE res_lang.active
ON CONFLICT DO NOTHING;
"""
# Vietnamese for all; and Odoo loads demo data of a module only on top of
# dependencies that have theirs, whose sample companies would only be in the way.
DEMO_SQL = f"""
UPDATE ir_module_module SET demo = true WHERE state = 'installed';
UPDATE res_partner SET lang = '{LANGUAGE}', tz = 'Asia/Ho_Chi_Minh';
UPDATE website SET default_lang_id = (
    SELECT id FROM res_lang WHERE code = '{LANGUAGE}');
INSERT INTO ir_default (field_id, json_value)
SELECT id, CASE name WHEN 'lang' THEN '"{LANGUAGE}"' ELSE '"Asia/Ho_Chi_Minh"' END
FROM ir_model_fields WHERE model = 'res.partner' AND name IN ('lang', 'tz');
"""

# What most pages load: made once, not again by every class of browser tests.
BUNDLES = (
    *("web.assets_web", "web.assets_web_print", "bus.websocket_worker_assets"),
    *("mail.assets_public", "web.report_assets_common", "web.assets_tests"),
    *("web.assets_unit_tests", "web.assets_unit_tests_setup"),
)
# A website has bundles of its own.
SITE_BUNDLES = (
    *("web.assets_frontend", "web.assets_frontend_minimal"),
    *("web.assets_frontend_lazy", "web.__assets_tests_call__"),
)
MAKE_BUNDLES = f"""
qweb = env["ir.qweb"]
site = env["website"].search([], limit=1)
site_qweb = qweb.with_context(website_id=site.id)
for maker, names in ((qweb, {BUNDLES}), (site_qweb, {SITE_BUNDLES})):
    for name in names:
        maker._get_asset_bundle(name, css=False, js=True).js()
        maker._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()
"""


def name(kind: str) -> str:
    return f"civic_{CHECKOUT_ID}_{kind}"


def demo() -> str:
    """The demo database, which must be there already."""
    if not exists(name("demo")):
        raise Failure("There is no demo yet: ./dev demo")
    return name("demo")


@contextlib.contextmanager
def cursor(database: str = "postgres"):
    """A cursor that commits each statement."""
    connection = psycopg2.connect(
        dbname=database,
        host=str(postgres.SOCKETS),
        port=postgres.PORT,
        user=postgres.USER,
    )
    connection.autocommit = True
    try:
        with connection.cursor() as opened:
            yield opened
    finally:
        connection.close()


def exists(database: str) -> bool:
    with cursor() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return bool(cr.fetchone())


def used_by_others() -> bool:
    """Whether another checkout, or the making of a template, is at work."""
    with cursor() as cr:
        cr.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname LIKE 'civic%%'"
            " AND datname NOT LIKE %s",
            [name("%")],
        )
        return bool(cr.fetchone())


def drop(database: str) -> None:
    with cursor() as cr:
        cr.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(_filestore(database), ignore_errors=True)


def clone(source: str, target: str) -> None:
    drop(target)
    with cursor() as cr:
        cr.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [source],
        )
        cr.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')
    if _filestore(source).is_dir():
        # Files there are named by their content and never change: links will do.
        shutil.copytree(_filestore(source), _filestore(target), copy_function=os.link)


def _filestore(database: str) -> Path:
    data = TEMPLATES if database.startswith("civic_template") else odoo.DATA
    return data / "filestore" / database


def _dependencies() -> list[str]:
    return sorted(manifest()["depends"])


# What the running add-on does not read.
NOT_SERVED = (
    *(".", "bench/", "dev", "docs/", "pyproject", "requirements", "tests/"),
    *("CHANGELOG", "CONTRIBUTING", "LICENSE", "README"),
)
STATIC = ("static/", "__manifest__.py")


def _hash(paths: Iterable[str]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.encode() + b"\0" + (CHECKOUT / path).read_bytes())
    return total.hexdigest()


def served_hash() -> str:
    return _hash(path for path in files() if not path.startswith(NOT_SERVED))


def installed_hash() -> str:
    """Of what an update of the module reads."""
    ignored = (*NOT_SERVED, "static/")
    return _hash(path for path in files() if not path.startswith(ignored))


def _static_hash() -> str:
    return _hash(path for path in files() if path.startswith(STATIC))


def template() -> str:
    """The database with all that the manifest depends on; made when missing."""
    depends = _dependencies()
    made_of = json.dumps([odoo_source.version(), depends, LANGUAGES, TEMPLATE_SQL])
    database = f"civic_template_{short_hash(made_of)}"
    if exists(database):
        return database
    with lock("template"):
        if not exists(database):
            _make_template(database, depends)
    return database


def _make_template(database: str, depends: list[str]) -> None:
    say(f"making the template database with {', '.join(depends)}")
    started = time.monotonic()
    building = f"{database}_building"
    drop(building)
    odoo.logged(
        "template",
        *("-c", odoo.CONFIG, "-d", building, "-D", TEMPLATES, "--no-http"),
        *("-i", ",".join(depends), "--load-language", LANGUAGES, "--stop-after-init"),
    )
    with cursor(building) as cr:
        cr.execute(TEMPLATE_SQL)
    shutil.rmtree(_filestore(database), ignore_errors=True)
    if _filestore(building).exists():
        _filestore(building).rename(_filestore(database))
    with cursor() as cr:
        cr.execute(f'ALTER DATABASE "{building}" RENAME TO "{database}"')
    say(f"template made in {time.monotonic() - started:.0f} s")


def _forget_lost_checkouts() -> None:
    """Drop what belongs to checkouts that are gone, such as CI's clones."""
    for state in (CACHE / "checkouts").iterdir():
        link = state / "addons" / MODULE
        if link.is_symlink() and not link.exists():
            with cursor() as cr:
                pattern = f"civic_{state.name}_%"
                cr.execute(
                    "SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]
                )
                names = [lost for (lost,) in cr.fetchall()]
            for lost in names:
                drop(lost)
            # Another checkout may be removing the same at this moment.
            shutil.rmtree(state, ignore_errors=True)


# What people have done there stays, and an update is what their own database gets.
UPDATED = ("demo",)


def prepare(kind: str, *, demo: bool = False, fresh: bool = False) -> str:
    """Bring a database of this checkout up to date with the code; its name.

    An update does not show what has changed in defaults of fields, in data that is
    written once and in what is done when the module is installed; rows that are there
    keep the old values. So what only tests see is installed anew: it costs no more
    (15 s of a core either way).

    The caller holds the lock of that kind.
    """
    database = name(kind)
    base = template()
    code = installed_hash()
    state_file = STATE / f"{kind}.json"
    state = json.loads(state_file.read_text()) if state_file.exists() else {}
    wanted = {"template": base, "code": code, "demo": demo}
    if not fresh and state == wanted and exists(database):
        return database
    # Without a state the next run starts over: this one may fail half-way.
    state_file.unlink(missing_ok=True)
    started = time.monotonic()
    options = ["-c", odoo.CONFIG, "-d", database, "--no-http", "--stop-after-init"]
    same_base = {**state, "code": code} == wanted
    if kind in UPDATED and not fresh and same_base and exists(database):
        say(f"updating {MODULE} in the {kind} database")
        odoo.logged(kind, *options, "-u", MODULE, "--i18n-overwrite")
    else:
        say(f"installing {MODULE} in a new {kind} database")
        _forget_lost_checkouts()
        _bundles_file(kind).unlink(missing_ok=True)
        clone(base, database)
        if demo:
            with cursor(database) as cr:
                cr.execute(DEMO_SQL)
        odoo.logged(kind, *options, "-i", MODULE)
    state_file.write_text(json.dumps(wanted))
    say(f"done in {time.monotonic() - started:.0f} s")
    return database


def _bundles_file(kind: str) -> Path:
    return STATE / f"{kind}.bundles"


def make_bundles(kind: str) -> None:
    """Generate the scripts and styles of pages when their sources changed."""
    sources = _static_hash()
    made = _bundles_file(kind)
    if not made.exists() or made.read_text() != sources:
        say(f"making scripts and styles in the {kind} database")
        options = ["-c", odoo.CONFIG, "-d", name(kind), "--no-http"]
        odoo.logged(f"{kind}-bundles", "shell", *options, code=MAKE_BUNDLES)
        made.write_text(sources)
