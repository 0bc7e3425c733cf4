"""Receipts: what proves a report's events to who holds it, and to whom it is shown.

A receipt holds its own root, so it always fits itself. It proves something where that
root leads to one that is known from elsewhere: to the same, or by consistency proofs,
which the site publishes for each day, to one before or after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .event_log import (
    Event,
    Root,
    body_of,
    body_salt,
    canonical,
    commitment,
    entry_hash,
)
from .merkle import is_consistent, is_included

FORMAT = "civic_report/receipt/1"


class Link(NamedTuple):
    """A published proof that the log of one root is the beginning of another's.

    :param proof: hexadecimal, as in RFC 9162, 2.1.4
    """

    first: Root
    second: Root
    proof: tuple[str, ...]


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


def check_receipt(data: dict[str, Any]) -> list[str]:
    """Check a receipt by itself: whether it is whole, and under the root that it names.

    :return: hashes of its events
    :raises ValueError: with what does not fit
    """
    hashes = receipt_hashes(data)
    if not hashes:
        raise ValueError("this receipt is empty")
    root = root_named(data)
    try:
        fits = is_included(
            data["index"],
            root.size,
            bytes.fromhex(hashes[-1]),
            [bytes.fromhex(part) for part in data["proof"]],
            bytes.fromhex(root.root),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("this receipt is not whole") from error
    if not fits:
        raise ValueError("the events are not under the root that the receipt names")
    return hashes


def root_named(data: dict[str, Any]) -> Root:
    """The root that a receipt names.

    :raises ValueError: it names none
    """
    try:
        root = Root(*(data["root"][name] for name in ("day", "size", "root")))
    except (KeyError, TypeError) as error:
        raise ValueError("this receipt is not whole") from error
    if not isinstance(root.size, int) or not isinstance(root.root, str):
        raise ValueError("this receipt is not whole")
    return root


def prove_receipt(
    data: dict[str, Any], roots: Iterable[Root], links: Iterable[Link] = ()
) -> Root | None:
    """Check a receipt, and whether its root leads to one from elsewhere.

    :param roots: those that are believed
    :param links: proofs between roots, whoever gave them
    :return: the root that proves the receipt; none where it fits only itself
    :raises ValueError: with what does not fit
    """
    check_receipt(data)
    root = root_named(data)
    known = {(row.size, row.root): row for row in roots}
    for row in known.values():
        if row.size == root.size and row.root != root.root:
            raise ValueError(
                f"the root of {row.day} over {row.size} entries was {row.root}, "
                "the receipt names another"
            )
    after, before = set_out(links)
    # A log that begins with this one holds its events.
    for place in reached(root, after):
        if place in known:
            return known[place]
    # One that is its beginning holds those that are old enough.
    for place in reached(root, before):
        if place in known and data["index"] < place[0]:
            return known[place]
    return None


# ----------------------------------------------------------------------
# From root to root
# ----------------------------------------------------------------------

Place = tuple[int, str]


def set_out(
    links: Iterable[Link],
) -> tuple[dict[Place, list[Place]], dict[Place, list[Place]]]:
    """Ways from each root to those after it, and to those before it.

    :raises ValueError: a proof does not hold
    """
    after: dict[Place, list[Place]] = {}
    before: dict[Place, list[Place]] = {}
    for link in links:
        check_link(link)
        first, second = link.first[1:3], link.second[1:3]
        after.setdefault(first, []).append(second)
        before.setdefault(second, []).append(first)
    return after, before


def check_link(link: Link) -> None:
    """Whether a published proof holds.

    :raises ValueError: it does not
    """
    first, second, proof = link
    try:
        holds = is_consistent(
            first.size,
            second.size,
            bytes.fromhex(first.root),
            bytes.fromhex(second.root),
            [bytes.fromhex(part) for part in proof],
        )
    except (TypeError, ValueError):
        holds = False
    if not holds:
        raise ValueError(
            f"the log of {second.day} does not begin with that of {first.day}: "
            "what is published as its proof is none"
        )


def reached(root: Root, ways: dict[Place, list[Place]]) -> Iterator[Place]:
    """A root, and all that ways lead to from it, the nearest first."""
    places, seen = [(root.size, root.root)], set()
    for place in places:
        if place not in seen:
            seen.add(place)
            yield place
            places += ways.get(place, ())
