"""Identities and original files, which stood in clear, are sealed by the vault."""

import logging

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# What stood in clear then.
IDENTITY = ("name", "phone", "email_from", "address", "citizen_id", "user_id")

BATCH = 1000


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["civic.vault.key"]._register_sudo(env["civic.vault"]._active_key())
    reporters = _seal_reporters(env)
    originals = env["ir.attachment"]._civic_seal_plain()
    _logger.info("sealed %s reporters and %s original files", reporters, originals)


def _seal_reporters(env):
    columns = SQL(", ").join(map(SQL.identifier, IDENTITY))
    env.cr.execute(
        "SELECT count(*) FROM information_schema.columns"
        " WHERE table_name = 'civic_reporter' AND column_name IN %s",
        [IDENTITY],
    )
    if env.cr.fetchone()[0] != len(IDENTITY):
        return 0
    reporters, sealed, last = env["civic.reporter"], 0, 0
    while rows := env.execute_query_dict(
        SQL(
            "SELECT id, %s FROM civic_reporter WHERE id > %s ORDER BY id LIMIT %s",
            columns,
            last,
            BATCH,
        )
    ):
        for row in rows:
            reporters.browse(row["id"])._seal_plain(row)
        env.flush_all()
        env.invalidate_all()
        sealed, last = sealed + len(rows), rows[-1]["id"]
    drops = SQL(", ").join(
        SQL("DROP COLUMN %s", SQL.identifier(name)) for name in IDENTITY
    )
    env.cr.execute(SQL("ALTER TABLE civic_reporter %s", drops))
    return sealed
