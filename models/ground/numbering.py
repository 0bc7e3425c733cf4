"""Numbers of documents: from 01 each year, without gaps or doubles (Nghị định
30/2020/NĐ-CP, Điều 15)."""

import psycopg2.extensions

from odoo.sql_db import db_connect
from odoo.tools import SQL

# Who waits longer begins anew, as after any conflict.
LOCK_TIMEOUT = "20s"


def next_number(env, series, last):
    """The number after the last one that a series has given.

    The transaction reads as of its beginning and cannot see what another one has
    committed since. So a second session takes the lock of the series, reads what is
    committed under it, and lets go only when this transaction has ended, either way: no
    gaps, no doubles, nobody has to try again.

    :param series: (int, int) that no other series has, four bytes each
    :param last: function of a cursor: the highest number that it sees given, or 0
    """
    committed = _lock_series(env, series, last)
    return max(committed, last(env.cr)) + 1


def _lock_series(env, series, last):
    """Take the lock, once in a transaction, and return what was committed then.

    What comes after it is this transaction's own.
    """
    cr = env.cr
    # Unlike the cursor's cache it outlives savepoints that are undone, as the lock
    # does; a session that forgot its lock would wait for itself.
    locks = cr.postrollback.data.setdefault("civic_report.number_locks", {})
    if series not in locks:
        # Not the registry's: tests would be given their own transaction again.
        other = db_connect(cr.dbname).cursor()
        cr.postcommit.add(other.close)
        cr.postrollback.add(other.close)
        other._cnx.set_isolation_level(
            psycopg2.extensions.ISOLATION_LEVEL_READ_COMMITTED
        )
        other.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        other.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", *series))
        is_there = env.registry.ready or _is_installed(other)
        locks[series] = last(other) if is_there else 0
    return locks[series]


def _is_installed(other):
    """Whether another session sees what is counted: not while the module is being
    installed, as of its demo data; nobody else draws numbers then."""
    other.execute(
        "SELECT FROM ir_module_module WHERE name = 'civic_report' AND state IN "
        "('installed', 'to upgrade', 'to remove')"
    )
    return bool(other.rowcount)
