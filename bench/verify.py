"""What sealing and checking a million events costs, and whether planted faults are
found."""

import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from odoo.addons.civic_report.tools import merkle, verify

EVENTS, REPORTS, DAYS = 1_000_000, 125_000, 100
PROGRAM = Path(verify.__file__)
# Makes rows without reports: the database is thrown away.
MAKE = """
    ALTER TABLE civic_event DROP CONSTRAINT civic_event_report_id_fkey;
    INSERT INTO civic_event (report_id, company_id, user_id, code, at, create_date,
                             from_state, to_state, is_public, note)
    SELECT 1000000 + number %% %(reports)s, %(company)s, %(user)s,
           CASE WHEN number < %(reports)s THEN 'send' ELSE 'add' END, moment, moment,
           'new', 'new', true,
           CASE WHEN number %% 3 = 0 THEN 'Ghi chú của sự kiện số ' || number END
      FROM generate_series(0, %(events)s - 1) AS number,
           LATERAL (SELECT now() AT TIME ZONE 'UTC' - interval '100 days'
                           + number * interval '8 seconds') AS at (moment)
"""
FAULTS = {
    "a state changed": [
        "UPDATE civic_event SET to_state = 'done' WHERE leaf_index = 500000"
    ],
    "a note changed": [
        "UPDATE civic_event SET note = 'khác' WHERE leaf_index = 600000"
    ],
    "one removed": ["DELETE FROM civic_event WHERE leaf_index = 700000"],
    "the last one removed": ["DELETE FROM civic_event WHERE leaf_index = 999999"],
    "two changed places": [
        "UPDATE civic_event SET leaf_index = leaf_index + 1000000"
        " WHERE leaf_index IN (300000, 300001)",
        "UPDATE civic_event SET leaf_index = 600001 - (leaf_index - 1000000)"
        " WHERE leaf_index IN (1300000, 1300001)",
    ],
    "one put in and dated back": [
        "INSERT INTO civic_event (report_id, company_id, code, at, create_date)"
        " SELECT report_id, company_id, 'add', at - interval '5 days',"
        " create_date - interval '5 days' FROM civic_event WHERE leaf_index = 999999"
    ],
}


def main(env):
    """Print seconds and memory, and for each fault what was said."""
    start = perf_counter()
    env.cr.execute(
        MAKE,
        {
            "events": EVENTS,
            "reports": REPORTS,
            "company": env.company.id,
            "user": env.uid,
        },
    )
    env.cr.commit()
    print(f"{EVENTS} rows made: {perf_counter() - start:.1f} s", flush=True)
    _seal(env)
    _close(env)
    seconds, said = _run(env)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(said, end="")
    spent, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(f"checked: {seconds:.1f} s, {spent:.1f} s of the processor, {memory:.0f} MB")
    for name, statements in FAULTS.items():
        for statement in statements:
            env.cr.execute(statement)
        _tell(env, name)
    _seal_anew(env)
    _tell(env, "a state changed and everything after it sealed anew")
    _prove(env)


def _seal(env):
    start = perf_counter()
    while env["civic.event"]._seal():
        env.cr.commit()
    print(f"sealed: {perf_counter() - start:.1f} s", flush=True)


def _close(env):
    """A root for each day, as if each had been closed."""
    start, events = perf_counter(), env["civic.event"]
    for day in range(1, DAYS + 1):
        size = EVENTS * day // DAYS
        env.cr.execute(
            """
            INSERT INTO civic_event_root (day, size, root, closed_at)
            SELECT current_date - %s, %s, %s, at FROM civic_event WHERE leaf_index = %s
            """,
            [DAYS - day, size, events._tree(size)(0, size).hex(), size - 1],
        )
    env.cr.commit()
    print(f"{DAYS} days closed: {perf_counter() - start:.1f} s", flush=True)


def _run(env):
    """:return: seconds and words of `tools/verify.py` by itself"""
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, PROGRAM, "--database", env.cr._cnx.dsn],
        capture_output=True,
        text=True,
        check=False,
    )
    return perf_counter() - start, done.stdout + done.stderr


def _tell(env, name):
    """Check what was planted, and take it out again."""
    start, connection = perf_counter(), env.cr._cnx
    found = verify.check_database(connection, verify.roots_of(connection))
    print(f"{name}: {dict(found.counts)}, {perf_counter() - start:.1f} s")
    for fault in found.faults[:2]:
        print(f"    {fault.words[:150]}", flush=True)
    env.cr.rollback()


def _seal_anew(env):
    """What somebody could do who writes the database, and knows how it is sealed."""
    env.cr.execute("UPDATE civic_event SET to_state = 'done' WHERE leaf_index = 990000")
    env.cr.execute(
        """
        UPDATE civic_event SET leaf_index = NULL, hash = NULL, tile_hash = NULL
         WHERE leaf_index >= 990000
        """
    )
    while env["civic.event"]._seal():
        pass


def _prove(env):
    start, count = perf_counter(), 20
    for number in range(count):
        index = EVENTS * number // count
        tree = env["civic.event"]._tree(EVENTS, index)
        merkle.inclusion_proof(index, EVENTS, tree)
    print(f"a proof: {(perf_counter() - start) / count * 1000:.1f} ms")
