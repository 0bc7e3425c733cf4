"""The log of events: what each entry commits to, and how a log is checked.

An event is sealed once: it gets the next place of one log over all events, and a hash
that is the leaf of the tree (:mod:`.merkle`) and the next link of its report's chain at
once. The hash is over ``{"body", "prev", "v"}`` alone: `prev` is the hash of the
report's event before, `body` commits to what happened. Commitments are salted, so that
hashes tell nothing, a single event can be shown without the others, and what the law
has deleted leaves nothing behind by which it could be guessed:

- the body: number, report, what, when, when recorded, states, whether public, and the
  two commitments below; its salt is the first half of `salt`;
- the office: who and in which assignment; its salt is the second half;
- the note, the one place where personal data can stand; its salt, `note_salt`, is
  deleted with the note. The commitment, `note_digest`, stays: the body is still right.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from .log_times import Times
from .merkle import Frontier, leaf_hash

SALT_BYTES = 32
NOTE_SALT_BYTES = 16
# Hexadecimal digits of each half of a salt.
HALF = SALT_BYTES
# The events by which the deletion of notes is on record.
WIPED = frozenset({"wipe", "forget"})

COLUMNS = (
    *("leaf_index", "id", "report_id", "assignment_id", "user_id", "code", "at"),
    *("create_date", "from_state", "to_state", "is_public", "note", "salt"),
    *("note_salt", "note_digest", "hash", "on_behalf_of_id"),
)


class Event(NamedTuple):
    """A row of the table of events; what is not sealed yet has no place and no hash.

    Moments are naive UTC; salts, digests and hashes are hexadecimal.
    """

    leaf_index: int | None
    id: int
    report_id: int
    assignment_id: int | None
    user_id: int | None
    code: str
    at: datetime
    create_date: datetime
    from_state: str | None
    to_state: str | None
    is_public: bool | None
    note: str | None
    salt: str | None
    note_salt: str | None
    note_digest: str | None
    hash: str | None
    on_behalf_of_id: int | None = None
    # Of an entry of an exported log, which holds no note, no officer and half a salt.
    office: str | None = None


def canonical(value: Any) -> bytes:
    """The one written form of a value: JSON, keys sorted, no spaces, UTF-8."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def commitment(salt: str, data: bytes) -> str:
    """A hash that binds to data and tells nothing of it to who lacks the salt."""
    return hashlib.sha256(bytes.fromhex(salt) + data).hexdigest()


def moment(when: datetime) -> str:
    """A moment as entries have it: 2026-11-20T09:30:00.000000Z."""
    return when.isoformat(timespec="microseconds") + "Z"


def note_digest(event: Event) -> str | None:
    """What an entry keeps of a note; nothing where there is none."""
    if not event.note:
        return None
    return commitment(event.note_salt, event.note.encode())


def office_of(event: Event) -> str:
    """The commitment to who has done it, in whose place, and in which assignment."""
    office = {"assignment": event.assignment_id, "user": event.user_id}
    if event.on_behalf_of_id:
        office["on_behalf_of"] = event.on_behalf_of_id
    return commitment((event.salt or "")[HALF:], canonical(office))


def body_of(event: Event) -> dict[str, Any]:
    """What an entry says of an event that has its salts and its `note_digest`."""
    return {
        "at": moment(event.at),
        "code": event.code,
        "event": event.id,
        "from": event.from_state or None,
        "note": event.note_digest or None,
        "office": event.office or office_of(event),
        "public": bool(event.is_public),
        "recorded": moment(event.create_date),
        "report": event.report_id,
        "to": event.to_state or None,
    }


def body_salt(event: Event) -> str:
    """What opens the body, and neither the office nor the note."""
    return (event.salt or "")[:HALF]


def entry_hash(body: str, prev: str | None) -> str:
    """The leaf and the link of an event.

    :param body: its commitment
    :param prev: the hash of the report's event before; none for its first
    """
    before = f'"{prev}"' if prev else "null"
    return leaf_hash(f'{{"body":"{body}","prev":{before},"v":1}}'.encode()).hex()


def hash_of(event: Event, prev: str | None) -> str:
    """The hash of an event, computed anew from what its row says."""
    return entry_hash(commitment(body_salt(event), canonical(body_of(event))), prev)


def sealed(event: Event, index: int, prev: str | None, salts: tuple[str, str]) -> Event:
    """An event with its place in the log.

    :param salts: `SALT_BYTES` and `NOTE_SALT_BYTES` random bytes, in hexadecimal
    """
    salt, note_salt = salts
    event = event._replace(
        leaf_index=index, salt=salt, note_salt=note_salt if event.note else None
    )
    event = event._replace(note_digest=note_digest(event))
    return event._replace(hash=hash_of(event, prev))


# ----------------------------------------------------------------------
# Handing a log to somebody else
# ----------------------------------------------------------------------


def exported(event: Event) -> bytes:
    """A sealed event as a line of a file for others: no note, no officer, no name."""
    line = {"place": event.leaf_index, "hash": event.hash, "salt": body_salt(event)}
    return canonical(body_of(event) | line) + b"\n"


def imported(line: bytes) -> Event:
    """The event of a line of such a file.

    :raises ValueError: it is no such line
    """
    try:
        row = json.loads(line)
        return Event(
            *(row["place"], row["event"], row["report"], None, None, row["code"]),
            *(_moment_of(row["at"]), _moment_of(row["recorded"]), row["from"]),
            *(row["to"], row["public"], None, row["salt"], None, row["note"]),
            *(row["hash"], None, row["office"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("this is no line of a log") from error


def _moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))


# ----------------------------------------------------------------------
# Checking a whole log
# ----------------------------------------------------------------------


class Root(NamedTuple):
    """A root as it was published.

    :param day: the day that it closes, or where it was found
    :param size: number of entries
    :param root: in hexadecimal
    :param closed: when, naive UTC, where that is known
    """

    day: str
    size: int
    root: str
    closed: datetime | None = None


class Fault(NamedTuple):
    """What does not fit.

    :param kind: changed, removed, twice, backdated, ahead, note or root
    :param words: what and where, in English
    """

    kind: str
    words: str


@dataclass
class Found:
    """What a check of a log has found.

    :param faults: the first `most` of them
    :param counts: kind → how many
    :param late: events of older cases, entered whole later than they happened
    :param cases: how many these cases are
    :param first: other events entered later than they happened, in the first hour of
        the log: demo data
    :param forgotten: notes that were deleted, their deletion on record
    :param good: the last root that fits
    """

    faults: list[Fault] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    entries: int = 0
    reports: int = 0
    waiting: int = 0
    late: int = 0
    cases: int = 0
    first: list[Event] = field(default_factory=list)
    forgotten: int = 0
    root: str = ""
    good: Root | None = None
    roots: int = 0


class Checker:
    """Reads events in the order of their places and compares all that must fit.

    Memory grows with the number of reports, not of events.

    :param roots: those that are known, from the database or, better, from outside
    :param most: how many faults are described; all are counted
    """

    def __init__(self, roots: Iterable[Root] = (), most: int = 100):
        self.found = Found()
        self._most = most
        self._place = 0
        self._tree = Frontier()
        self._last: dict[int, str] = {}  # hash of the last event of each report
        self._times = Times(self._fault_of)
        self._wanting: dict[int, list[int]] = {}
        self._forgotten = 0
        self._roots: dict[int, list[Root]] = {}
        for root in set(roots):
            self._roots.setdefault(root.size, []).append(root)
        self._horizons = horizons(
            root for rows in self._roots.values() for root in rows
        )

    def check(self, events: Iterable[Event], waiting: Iterable[Event] = ()) -> Found:
        """Check a log.

        :param events: the sealed ones, by their places
        :param waiting: those that are not sealed yet
        """
        for event in events:
            self._add(event)
        for event in waiting:
            self.found.waiting += 1
            self._times.add(event)
        return self._finish()

    def _fault(self, kind: str, words: str) -> None:
        self.found.counts[kind] += 1
        if len(self.found.faults) < self._most:
            self.found.faults.append(Fault(kind, words))

    def _fault_of(self, kind: str, event: Event, words: str) -> None:
        self._fault(kind, f"{_name(event)}: {words}")

    def _add(self, event: Event) -> None:
        self._check_note(event)
        self._times.add(event, self._horizon(event.leaf_index))
        self._check_hash(event)
        self._check_place(event)
        self._last[event.report_id] = event.hash

    def _horizon(self, place: int) -> datetime | None:
        """When the first root that holds a place was closed, where that is known."""
        while self._horizons and self._horizons[-1][0] <= place:
            self._horizons.pop()
        return self._horizons[-1][1] if self._horizons else None

    def _check_place(self, event: Event) -> None:
        """Places follow each other without a gap; at each root's size it must fit."""
        size = self._place
        if event.leaf_index > size:
            self._fault(
                "removed",
                f"{event.leaf_index - size} entries from place {size} on are gone",
            )
            # What stood there is not known: only the places after it can be compared.
            while self._place < event.leaf_index:
                self._append(b"\x00" * 32)
        elif event.leaf_index < size:
            self._fault(
                "twice", f"{_name(event)}: there is another at place {event.leaf_index}"
            )
            return
        try:
            hashed = bytes.fromhex(event.hash or "")
        except ValueError:
            hashed = b""
        self._append(hashed)

    def _append(self, hashed: bytes) -> None:
        self._place += 1
        self._tree.append(hashed)
        for known in self._roots.pop(self._tree.size, ()):
            self.found.roots += 1
            if known.root == self._tree.root().hex():
                self.found.good = known
                self._pass(known)
            else:
                since = self.found.good
                after = f"after that of {since.day}" if since else "from the beginning"
                self._fault(
                    "root",
                    f"the root of {known.day} over {known.size} entries was "
                    f"{known.root}: something has changed {after} and up to it",
                )

    def _pass(self, known: Root) -> None:
        """What comes after a root was recorded after it, and no root after it was
        closed before, unless a clock was wrong."""
        later = self._horizon(known.size)
        if known.closed and not (later and later < known.closed):
            self._times.closed(known.closed)

    def _check_hash(self, event: Event) -> None:
        prev = self._last.get(event.report_id)
        try:
            expected = hash_of(event, prev)
        except ValueError:  # salts that are none
            expected = ""
        if event.hash != expected:
            before = "its predecessor, or the order of the two" if prev else "its place"
            self._fault("changed", f"{_name(event)}: it has been changed, or {before}")

    def _check_note(self, event: Event) -> None:
        if event.code in WIPED:
            self._forgotten += len(self._wanting.pop(event.report_id, ()))
        if event.office:
            return  # an exported log has no notes
        if not event.note_digest and not event.note and not event.note_salt:
            return
        if not event.note and not event.note_salt:
            # Deleted; whether by the law is seen when the chain goes on.
            self._wanting.setdefault(event.report_id, []).append(event.id)
            return
        try:
            fits = event.note and note_digest(event) == event.note_digest
        except (TypeError, ValueError):
            fits = False
        if not fits:
            self._fault("note", f"{_name(event)}: its note has been changed")

    def _finish(self) -> Found:
        found = self.found
        for report, events in self._wanting.items():
            numbers = ", ".join(map(str, events[:5]))
            self._fault(
                "note",
                f"report {report}: notes of events {numbers} are gone, and no deletion "
                "is on record",
            )
        size = self._tree.size
        left = (row for rows in self._roots.values() for row in rows)
        for known in sorted(left, key=lambda row: row.size):
            self._fault(
                "removed",
                f"the root of {known.day} is over {known.size} entries, and there are "
                f"{size}: the last ones are gone",
            )
        self._times.finish()
        found.late, found.cases = self._times.imported, self._times.cases
        found.first = self._times.first
        found.entries, found.reports = size, len(self._last)
        found.forgotten = self._forgotten
        found.root = self._tree.root().hex()
        return found


def horizons(roots: Iterable[Root]) -> list[tuple[int, datetime]]:
    """Sizes, the largest first, and when the log was surely that large: a root that
    was closed by a wrong clock is put right by one after it."""
    found: list[tuple[int, datetime]] = []
    closed = [(root.size, root.closed) for root in roots if root.closed]
    for size, moment_ in sorted(closed, reverse=True):
        earliest = min(moment_, found[-1][1]) if found else moment_
        found.append((size, earliest))
    return found


def _name(event: Event) -> str:
    return f"event {event.id} ({event.code}) of report {event.report_id}"
