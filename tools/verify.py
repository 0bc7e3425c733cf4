#!/usr/bin/env python3
"""Check the log of events: a database, a copy of it, an exported log, a receipt.

It needs this folder alone: Python, and psycopg2 where a database is asked; no Odoo.
Roots that were kept outside (e-mails of the system, its page, receipts) are what nobody
who can write the database can change: give them with --roots.

  python3 tools/verify.py --database "dbname=civic host=/run/postgresql"
  python3 tools/verify.py --database dbname=copy --roots mails/*.eml roots.json
  python3 tools/verify.py --database dbname=civic --export log.jsonl
  python3 tools/verify.py --log log.jsonl --roots roots.json
  python3 tools/verify.py --receipt PA-26-004217.json --database dbname=civic

It ends with 0 where all fits, 1 where something does not, 2 where it could not check.
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and not __package__:
    # Run as a file: once more, as a module of the folder that it is in.
    import runpy
    from pathlib import Path

    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    runpy.run_module("tools.verify", run_name="__main__")
    sys.exit()

import argparse
import email
import email.policy
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from .event_log import (
    COLUMNS,
    Checker,
    Event,
    Found,
    Root,
    check_receipt,
    exported,
    hash_of,
    imported,
    receipt_hashes,
)

ROWS_AT_ONCE = 20_000
ROOT_LINE = re.compile(r"\b(\d{4}-\d\d-\d\d)\s+(\d{1,12})\s+([0-9a-f]{64})\b")
SELECT = f"SELECT {', '.join(COLUMNS)} FROM civic_event"
SEALED = f"{SELECT} WHERE leaf_index IS NOT NULL ORDER BY leaf_index"
WAITING = f"{SELECT} WHERE leaf_index IS NULL ORDER BY id"
OF_REPORT = (
    f"{SELECT} WHERE report_id = %s AND leaf_index IS NOT NULL ORDER BY leaf_index"
)
# A report that came from another province may have got another code since.
CODES = (
    "SELECT name FROM civic_report WHERE id = %(report)s UNION ALL "
    "SELECT name FROM civic_report_former_code WHERE report_id = %(report)s"
)
ROOTS = "SELECT day::text, size, root, closed_at FROM civic_event_root"


class Unreadable(Exception):
    """What was to be checked cannot be read; the words say why."""


def main(arguments: list[str] | None = None, database: str = "") -> int:
    """Check what the arguments name, print what is found.

    :param database: where no other is named
    :return: exit status
    """
    options = _parser(database).parse_args(arguments)
    try:
        outside = [row for path in options.roots for row in roots_in(path)]
        if options.receipt:
            return _say_receipts(options, outside)
        if options.log:
            return _say(_check_file(options.log, outside), len(set(outside)), 0)
        if options.database:
            with connected(options.database) as connection:
                if options.export:
                    return _export(connection, options.export)
                inside = roots_of(connection)
                found = check_database(connection, [*outside, *inside])
            return _say(found, len(set(outside)), len(inside))
    except (Unreadable, OSError, ValueError, OverflowError) as error:
        print(f"could not check: {error}", file=sys.stderr)
        return 2
    print("name a --database, a --log or a --receipt", file=sys.stderr)
    return 2


def _parser(database: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    text = "connection string of PostgreSQL"
    parser.add_argument("--database", default=database, metavar="DSN", help=text)
    text = "exported log, instead of a database"
    parser.add_argument("--log", type=Path, metavar="FILE", help=text)
    text = "write the log for others, without notes and officers"
    parser.add_argument("--export", type=Path, metavar="FILE", help=text)
    text = "receipts of citizens"
    parser.add_argument("--receipt", nargs="+", type=Path, metavar="FILE", help=text)
    text = "files with roots from outside: e-mails, JSON of the site, text"
    parser.add_argument(
        "--roots", nargs="+", type=Path, default=[], metavar="FILE", help=text
    )
    return parser


# ----------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------


def roots_in(path: Path) -> list[Root]:
    """Roots in a file: an e-mail of the system, the JSON of its page, any text.

    :raises Unreadable: there is none in it
    """
    raw = path.read_bytes()
    text = raw.decode("utf-8", "replace")
    if path.suffix == ".eml":
        message = email.message_from_bytes(raw, policy=email.policy.default)
        part = message.get_body(("plain", "html"))
        text = part.get_content() if part else ""
    try:
        data = json.loads(text)
        rows = data.get("roots", [data]) if isinstance(data, dict) else data
        found = [_root(row) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError):
        lines = ROOT_LINE.findall(text)
        found = [Root(day, int(size), root) for day, size, root in lines]
    if not found:
        raise Unreadable(f"no roots in {path}")
    return found


def _root(row: dict[str, Any]) -> Root:
    closed = row.get("closed_at")
    moment = closed and datetime.fromisoformat(closed.removesuffix("Z"))
    return Root(row["day"], int(row["size"]), row["root"], moment or None)


@contextmanager
def connected(database: str) -> Iterator[Any]:
    """A connection on which one state of the database is read, and nothing written.

    :raises Unreadable: there is no such database, or it has no log
    """
    try:
        import psycopg2
    except ImportError:
        raise Unreadable("psycopg2 is missing: pip install psycopg2-binary") from None
    try:
        connection = psycopg2.connect(database)
        try:
            connection.set_session("REPEATABLE READ", readonly=True)
            yield connection
        finally:
            connection.close()
    except psycopg2.Error as error:
        raise Unreadable(str(error).strip()) from error


def _rows(connection: Any, name: str, query: str) -> Iterator[Event]:
    with connection.cursor(name) as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(query)
        for row in cursor:
            yield Event(*row)


def roots_of(connection: Any) -> list[Root]:
    """The roots that a database itself keeps."""
    with connection.cursor() as cursor:
        cursor.execute(ROOTS)
        return [Root._make(row) for row in cursor.fetchall()]


# ----------------------------------------------------------------------
# Checking
# ----------------------------------------------------------------------


def check_database(connection: Any, roots: Iterable[Root]) -> Found:
    """Check all events of a database against these roots."""
    sealed = _rows(connection, "sealed", SEALED)
    return Checker(roots).check(sealed, _rows(connection, "waiting", WAITING))


def _check_file(path: Path, roots: list[Root]) -> Found:
    with path.open("rb") as lines:
        try:
            return Checker(roots).check(map(imported, lines))
        except ValueError as error:
            raise Unreadable(f"{path}: {error}") from error


def check_receipt_against(connection: Any, data: dict[str, Any]) -> list[str]:
    """Compare a receipt with what the database says of its report now.

    :return: what does not fit, in words
    """
    hashes = receipt_hashes(data)
    with connection.cursor() as cursor:
        cursor.execute(CODES, {"report": data["report"]})
        codes = {code for (code,) in cursor.fetchall()}
        cursor.execute(OF_REPORT, [data["report"]])
        events = [Event(*row) for row in cursor.fetchall()]
    faults = []
    if data.get("code") not in codes:
        faults.append(f"the database has no report {data.get('code')} of that number")
    prev = None
    for number, expected in enumerate(hashes, start=1):
        if number > len(events):
            faults.append(f"step {number} and what follows are gone")
            break
        event = events[number - 1]
        if event.hash != expected or hash_of(event, prev) != expected:
            faults.append(f"step {number} is not what it was (event {event.id})")
            break
        prev = expected
    root = data["root"]
    faults += [
        f"the root of {row.day} is another one now"
        for row in roots_of(connection)
        if row.size == root["size"] and row.root != root["root"]
    ]
    return faults


def _receipt_faults(path: Path, options: Any, outside: list[Root]) -> list[str]:
    try:
        data = json.loads(path.read_bytes())
        check_receipt(data, outside)
    except ValueError as error:
        return [str(error)]
    if not options.database:
        return []
    with connected(options.database) as connection:
        return check_receipt_against(connection, data)


# ----------------------------------------------------------------------
# Saying
# ----------------------------------------------------------------------


def _say_receipts(options: Any, outside: list[Root]) -> int:
    status = 0
    for path in options.receipt:
        faults = _receipt_faults(path, options, outside)
        print(f"{path}: {'; '.join(faults) if faults else 'it fits'}")
        status = status or int(bool(faults))
    return status


def _export(connection: Any, path: Path) -> int:
    with path.open("wb") as file:
        for event in _rows(connection, "sealed", SEALED):
            file.write(exported(event))
    return 0


def _say(found: Found, outside: int, inside: int) -> int:
    print(f"{found.entries} events of {found.reports} reports, root {found.root}")
    print(f"{found.waiting} events wait to be sealed")
    if found.late:
        print(f"{found.late} events were entered later than they happened, as a whole")
    if found.forgotten:
        print(f"{found.forgotten} notes were deleted, and their deletion is on record")
    print(f"{outside} roots from outside, {inside} of the database itself")
    if not outside:
        print("whoever can write the database can write its own roots: give --roots")
    if found.good:
        print(f"all is as it was up to the root of {found.good.day}")
    for fault in found.faults:
        print(f"FAULT {fault.kind}: {fault.words}")
    total = sum(found.counts.values())
    if total > len(found.faults):
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(found.counts.items()))
        print(f"FAULTS in all: {kinds}")
    print(f"{total} faults" if total else "no fault")
    return int(bool(total))


if __name__ == "__main__":
    sys.exit(main())
