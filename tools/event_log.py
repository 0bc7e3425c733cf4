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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from .merkle import Frontier, is_included, leaf_hash

FORMAT = "civic_report/receipt/1"
SALT_BYTES = 32
NOTE_SALT_BYTES = 16
# Hexadecimal digits of each half of a salt.
HALF = SALT_BYTES
# By how much an entry may be older than one before it: long transactions, crons that
# stood still.
TOLERANCE = timedelta(hours=1)
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
class Chain:
    """What is remembered of a report while a log is read."""

    hash: str
    begun: datetime


@dataclass
class Found:
    """What a check of a log has found.

    :param faults: the first `most` of them
    :param counts: kind → how many
    :param late: events entered later than they happened, with their report: older
        cases
    :param forgotten: notes that were deleted, their deletion on record
    :param good: the last root that fits
    """

    faults: list[Fault] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    entries: int = 0
    reports: int = 0
    waiting: int = 0
    late: int = 0
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
        self._tree = Frontier()
        self._chains: dict[int, Chain] = {}
        self._newest = datetime(1970, 1, 1)
        self._wanting: dict[int, list[int]] = {}
        self._forgotten = 0
        self._roots: dict[int, list[Root]] = {}
        for root in set(roots):
            self._roots.setdefault(root.size, []).append(root)

    def check(self, events: Iterable[Event], waiting: Iterable[Event] = ()) -> Found:
        """Check a log.

        :param events: the sealed ones, by their places
        :param waiting: those that are not sealed yet
        """
        for event in events:
            self._add(event)
        for event in waiting:
            self.found.waiting += 1
            self._check_time(event, self._chains.get(event.report_id))
        return self._finish()

    def _fault(self, kind: str, words: str) -> None:
        self.found.counts[kind] += 1
        if len(self.found.faults) < self._most:
            self.found.faults.append(Fault(kind, words))

    def _add(self, event: Event) -> None:
        chain = self._chains.get(event.report_id)
        self._check_note(event)
        self._check_time(event, chain)
        self._check_hash(event, chain)
        self._check_place(event)
        if chain:
            chain.hash = event.hash
        else:
            self._chains[event.report_id] = Chain(event.hash, event.create_date)

    def _check_place(self, event: Event) -> None:
        """Places follow each other without a gap; at each root's size it must fit."""
        size = self._tree.size
        if event.leaf_index > size:
            self._fault(
                "removed",
                f"{event.leaf_index - size} entries from place {size} on are gone",
            )
            # What stood there is not known: only the places after it can be compared.
            while self._tree.size < event.leaf_index:
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
        self._tree.append(hashed)
        for known in self._roots.pop(self._tree.size, ()):
            self.found.roots += 1
            if known.root == self._tree.root().hex():
                self.found.good = known
                # What comes after it was recorded after it.
                self._newest = max(self._newest, known.closed or self._newest)
            else:
                since = self.found.good
                after = f"after that of {since.day}" if since else "from the beginning"
                self._fault(
                    "root",
                    f"the root of {known.day} over {known.size} entries was "
                    f"{known.root}: something has changed {after} and up to it",
                )

    def _check_hash(self, event: Event, chain: Chain | None) -> None:
        try:
            expected = hash_of(event, chain and chain.hash)
        except ValueError:  # salts that are none
            expected = ""
        if event.hash != expected:
            before = (
                "its predecessor, or the order of the two" if chain else "its place"
            )
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

    def _check_time(self, event: Event, chain: Chain | None) -> None:
        recorded = event.create_date
        if recorded < self._newest - TOLERANCE:
            self._fault(
                "backdated",
                f"{_name(event)}: recorded {moment(recorded)}, it says, but its place "
                f"is after what was recorded or closed {moment(self._newest)}",
            )
        elif event.at < recorded - TOLERANCE:
            if chain and chain.begun < recorded - TOLERANCE:
                self._fault(
                    "backdated",
                    f"{_name(event)}: at {moment(event.at)}, it says, but it was "
                    f"recorded {moment(recorded)}",
                )
            else:
                self.found.late += 1
        elif event.at > recorded + TOLERANCE:
            self._fault(
                "ahead",
                f"{_name(event)}: at {moment(event.at)}, it says, but it was "
                f"recorded before, {moment(recorded)}",
            )
        self._newest = max(self._newest, recorded)

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
        found.entries, found.reports = size, len(self._chains)
        found.forgotten = self._forgotten
        found.root = self._tree.root().hex()
        return found


def _name(event: Event) -> str:
    return f"event {event.id} ({event.code}) of report {event.report_id}"


# ----------------------------------------------------------------------
# Receipts
# ----------------------------------------------------------------------


def receipt(
    events: Iterable[Event], shown: set[int], root: Root, proof: Iterable[bytes]
) -> dict[str, Any]:
    """What proves a report's events to who holds it.

    :param events: of one report, in their order, all within the root
    :param shown: ids of the events that the holder may read
    :param proof: inclusion proof of the last event
    """
    events = list(events)
    links = []
    for event in events:
        body = body_of(event)
        salt = body_salt(event)
        link: dict[str, Any] = {"body": commitment(salt, canonical(body))}
        if event.id in shown:
            link |= {"event": body, "salt": salt}
        links.append(link)
    return {
        "format": FORMAT,
        "report": events[-1].report_id,
        "links": links,
        "index": events[-1].leaf_index,
        "proof": [part.hex() for part in proof],
        "root": {"day": root.day, "size": root.size, "root": root.root},
    }


def short_form(hashed: str) -> str:
    """A hash as it is printed, 64 bits of it: 4F2A-91C0-8D3E-77B1."""
    head = hashed[:16].upper()
    return "-".join(head[start : start + 4] for start in range(0, len(head), 4))


def receipt_hashes(data: dict[str, Any]) -> list[str]:
    """The hashes of a receipt's events, computed anew.

    :raises ValueError: it is no receipt, or what it shows is not what it commits to
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError("this is no receipt")
    try:
        return list(_links(data))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("this receipt is not whole") from error


def _links(data: dict[str, Any]) -> Iterator[str]:
    prev = None
    for number, link in enumerate(data["links"], start=1):
        if "event" in link:
            if link["event"]["report"] != data["report"]:
                raise ValueError(f"step {number} is of another report")
            if commitment(link["salt"], canonical(link["event"])) != link["body"]:
                raise ValueError(f"step {number} has been changed")
        prev = entry_hash(link["body"], prev)
        yield prev


def check_receipt(data: dict[str, Any], roots: Iterable[Root] = ()) -> list[str]:
    """Check a receipt by itself, and against roots from elsewhere.

    :return: hashes of its events
    :raises ValueError: with what does not fit
    """
    hashes = receipt_hashes(data)
    if not hashes:
        raise ValueError("this receipt is empty")
    try:
        root = Root(**data["root"])
        proof = [bytes.fromhex(part) for part in data["proof"]]
        fits = is_included(
            data["index"],
            root.size,
            bytes.fromhex(hashes[-1]),
            proof,
            bytes.fromhex(root.root),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("this receipt is not whole") from error
    if not fits:
        raise ValueError("the events are not under the root that the receipt names")
    for known in roots:
        if known.size == root.size and known.root != root.root:
            raise ValueError(
                f"the root of {known.day} over {known.size} entries was {known.root}, "
                "the receipt names another"
            )
    return hashes
