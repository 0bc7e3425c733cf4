#!/usr/bin/env python3
"""Check the log of events: a database, a copy of it, an exported log, a receipt.

It needs this folder alone: Python, and psycopg2 where a database is asked; no Odoo.
Roots that were kept outside (e-mails of the system, its page, receipts) are what nobody
who can write the database can change: give them with --roots.

  python3 tools/verify.py --database "dbname=civic host=/run/postgresql"
  python3 tools/verify.py --database dbname=copy --roots mails/*.eml roots.json
  python3 tools/verify.py --database dbname=civic --export log.jsonl
  python3 tools/verify.py --log log.jsonl --roots roots.json
  python3 tools/verify.py --receipt receipt.json --roots mail.eml --proofs site.json
  python3 tools/verify.py --receipt receipt.json --database dbname=civic
  python3 tools/verify.py --proofs site.json --roots mails/*.eml

It ends with 0 where all fits, 1 where something does not, 2 where it could not check: a
receipt that fits itself alone proves nothing, whoever made it up.
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
from itertools import pairwise
from pathlib import Path
from typing import Any

from .event_log import (
    COLUMNS,
    Checker,
    Event,
    Found,
    Root,
    exported,
    hash_of,
    imported,
)
from .merkle import Frontier
from .receipts import (
    Link,
    check_link,
    prove_receipt,
    receipt_hashes,
    root_named,
)

ROWS_AT_ONCE = 20_000
# Late events of the log's first hour whose numbers are printed.
LATE_NAMED = 100
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
HASHES = "SELECT hash FROM civic_event WHERE leaf_index IS NOT NULL ORDER BY leaf_index"


class Unreadable(Exception):
    """What was to be checked cannot be read; the words say why."""


def main(arguments: list[str] | None = None, database: str = "") -> int:
    """Check what the arguments name, print what is found.

    :param database: where no other is named
    :return: exit status
    """
    options = _parser(database).parse_args(arguments)
    try:
        lost = {row[1:3] for path in options.lost for row in roots_in(path)}
        given = [row for path in options.roots for row in roots_in(path)]
        outside = [row for row in given if row[1:3] not in lost]
        _say_lost(given, lost)
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
        if options.proofs:
            return _say_proofs(options, outside)
    except (Unreadable, OSError, ValueError, OverflowError) as error:
        print(f"could not check: {error}", file=sys.stderr)
        return 2
    print("name a --database, a --log, a --receipt or --proofs", file=sys.stderr)
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
    text = (
        "roots that a record of a restored database declares lost: they are listed, "
        "and not asked for"
    )
    parser.add_argument(
        "--lost", nargs="+", type=Path, default=[], metavar="FILE", help=text
    )
    text = (
        "JSON of the site of today: its roots are not believed, its proofs lead from "
        "one root to another"
    )
    parser.add_argument(
        "--proofs", nargs="+", type=Path, default=[], metavar="FILE", help=text
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
        found = [_root(row) for row in _listed(text)]
    except (ValueError, KeyError, TypeError, AttributeError):
        lines = ROOT_LINE.findall(text)
        found = [Root(day, int(size), root) for day, size, root in lines]
    if not found:
        raise Unreadable(f"no roots in {path}")
    return found


def links_in(path: Path) -> list[Link]:
    """Proofs in the JSON of the site: from each root in it to the next.

    Where a database was restored the log may be smaller than it was: no proof leads
    on from there.

    :raises Unreadable: it is no such file
    """
    try:
        rows = _listed(path.read_text("utf-8"))
        listed = [(_root(row), tuple(row["consistency"])) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"no proofs in {path}") from error
    # The latest stands first.
    return [
        Link(first, second, proof)
        for (second, proof), (first, _proof) in pairwise(listed)
    ]


def _listed(text: str) -> list[dict[str, Any]]:
    data = json.loads(text)
    return data.get("roots", [data]) if isinstance(data, dict) else data


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


def roots_at(connection: Any, sizes: Iterable[int]) -> dict[int, str]:
    """Roots of a database's log as it is now, computed from its hashes.

    :param sizes: numbers of entries
    :return: size → root in hexadecimal; of sizes that the log does not have, nothing
    """
    wanted, found, tree = set(sizes), {}, Frontier()
    with connection.cursor("hashes") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(HASHES)
        for (hashed,) in cursor:
            tree.append(bytes.fromhex(hashed))
            if tree.size in wanted:
                found[tree.size] = tree.root().hex()
    return found


class Receipts:
    """Checks receipts, all against the same roots, proofs and database.

    :param outside: roots that are believed
    :param links: proofs between roots
    """

    def __init__(self, outside: list[Root], links: list[Link], connection: Any = None):
        self._outside = outside
        self._links = [row for row in links if row.first.size <= row.second.size]
        self._connection = connection

    def check(self, data: Any) -> tuple[list[str], str]:
        """Check a receipt.

        :return: what does not fit, in words; what proves it, where anything does
        """
        try:
            known = prove_receipt(data, self._outside, self._links)
        except ValueError as error:
            return [str(error)], ""
        by = f"the root of {known.day} that was kept outside" if known else ""
        if not self._connection:
            return [], by
        faults = check_receipt_against(self._connection, data)
        more, inside = self._compare(data)
        return faults + more, by or inside

    def _compare(self, data: Any) -> tuple[list[str], str]:
        """Roots of the receipt and of outside, with those of the database's log."""
        named = root_named(data)
        sizes = {named.size, *(row.size for row in self._outside)}
        now = roots_at(self._connection, sizes)
        faults = [
            f"the log of the database does not come to the root of {row.day} over "
            f"{row.size} entries, {row.root}"
            for row in (named, *self._outside)
            if now.get(row.size) != row.root
        ]
        for row in self._outside:
            if data["index"] < row.size:
                return faults, f"the root of {row.day} that was kept outside"
        return faults, "the database itself, which who can write it can make up"


# ----------------------------------------------------------------------
# Saying
# ----------------------------------------------------------------------


def _say_lost(given: list[Root], lost: set[tuple[int, str]]) -> None:
    """What was lost with a restored database stands apart: it is no fault of the log,
    and nothing proves what it was."""
    days = sorted({row.day for row in given if row[1:3] in lost})
    if days:
        print(f"{len(days)} roots are declared lost: {', '.join(days)}")


def _say_receipts(options: argparse.Namespace, outside: list[Root]) -> int:
    links = [link for path in options.proofs for link in links_in(path)]
    if not options.database:
        return _say_each(options.receipt, Receipts(outside, links))
    with connected(options.database) as connection:
        return _say_each(options.receipt, Receipts(outside, links, connection))


def _say_each(paths: list[Path], receipts: Receipts) -> int:
    """:return: 1 where something does not fit, else 2 where something is not proved"""
    states = set()
    for path in paths:
        try:
            data = json.loads(path.read_bytes())
        except ValueError:
            faults, by = ["this is no receipt"], ""
        else:
            faults, by = receipts.check(data)
        if faults:
            states.add(1)
            print(f"{path}: FAULT: {'; '.join(faults)}")
        elif by:
            print(f"{path}: proved by {by}")
        else:
            states.add(2)
            print(
                f"{path}: it fits itself, and nothing proves it: give roots kept "
                f"outside (--roots), and where none of them is that of "
                f"{root_named(data).day}, the site's proofs (--proofs)"
            )
    return min(states, default=0)


def _say_proofs(options: argparse.Namespace, outside: list[Root]) -> int:
    """Whether each log that was published begins with the one before it, and with
    those of which the roots were kept."""
    links = [link for path in options.proofs for link in links_in(path)]
    listed = {row for link in links for row in (link.first, link.second)}
    faults = []
    for link in links:
        try:
            check_link(link)
        except ValueError as error:
            faults.append(str(error))
    roots = {row.size: row for row in listed}
    for row in sorted(set(outside)):
        if row.size in roots and roots[row.size].root != row.root:
            faults.append(f"the root of {row.day} was {row.root}: another is published")
    missing = [row.day for row in sorted(set(outside)) if row.size not in roots]
    print(f"{len(listed)} roots are published, {len(set(outside))} were kept outside")
    if missing:
        print(f"not among those published: {', '.join(missing)}")
    for fault in faults:
        print(f"FAULT root: {fault}")
    print(f"{len(faults)} faults" if faults else "no fault")
    return int(bool(faults)) or 2 * int(bool(missing or not links))


def _export(connection: Any, path: Path) -> int:
    with path.open("wb") as file:
        for event in _rows(connection, "sealed", SEALED):
            file.write(exported(event))
    return 0


def _say(found: Found, outside: int, inside: int) -> int:
    print(f"{found.entries} events of {found.reports} reports, root {found.root}")
    print(f"{found.waiting} events wait to be sealed")
    if found.late:
        print(f"{found.late} events are of {found.cases} older cases, entered whole")
    if found.first:
        ids = ", ".join(str(event.id) for event in found.first[:LATE_NAMED])
        print(
            f"{len(found.first)} events were entered later than they happened, in the "
            f"first hour of the log: {ids}"
        )
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
