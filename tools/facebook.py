"""Webhook of a Facebook page: messages to it (Messenger Platform).

A body holds ``object: page`` and ``entry[].messaging[]``, each with ``sender.id`` (the
person as this page knows them), ``timestamp`` in milliseconds, and ``message`` with
``mid``, ``text`` and ``attachments`` (type and payload.url; a sticker has
payload.sticker_id; a position has payload.coordinates with lat and long). A message
taken back has ``is_deleted``, an edited one comes as ``message_edit``, what the page
says itself has ``is_echo``. Posts and comments come as ``entry[].changes[]``: they are
kept and not read, since only messages are reports.

Header ``X-Hub-Signature-256: sha256=<hex>``: HMAC-SHA256 of the body with the app's
secret. A new address is asked first: GET with hub.mode, hub.verify_token and
hub.challenge, which is answered.

Source: https://developers.facebook.com/docs/messenger-platform/webhooks and
…/reference/webhook-events. Facebook repeats a body that is not answered 200 for up to
36 hours, its times unchanged: that is how old one may be. A message that comes twice
is known by its mid.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from .chat import Message, coordinates
from .signed import (
    Malformed,
    hmac_hex,
    is_recent,
    list_at,
    moment_of,
    read_json,
    same,
    text_at,
)
from .text import is_number

HEADER = "X-Hub-Signature-256"
REPEATED_SECONDS = 36 * 3600
MOST_EVENTS = 1000
MEDIA = frozenset({"image", "video", "audio", "file"})


def is_signed(raw: bytes, header: str, app_secret: str) -> bool:
    """Check the signature of a body, before it is read."""
    if not app_secret:
        return False
    return same(f"sha256={hmac_hex(app_secret, raw)}", header.strip())


def challenge(query: Mapping, verify_token: str) -> str:
    """Return what to answer when Facebook asks whether the address is ours; "" if it
    does not know our token."""
    known = verify_token and same(query.get("hub.verify_token", ""), verify_token)
    if not known or query.get("hub.mode") != "subscribe":
        return ""
    return query.get("hub.challenge", "")[:200]


def is_fresh(raw: bytes, now: float) -> bool:
    """Tell whether something in a signed body happened within the time of repeats.

    :raise Malformed: it is no body of Facebook's.
    """
    data = read_json(raw)
    times = [text_at(entry, "time") for entry in list_at(data, "entry")]
    times += [text_at(row, "timestamp") for _page, row in _events(data)]
    return any(
        is_recent(int(value) / 1000, now, REPEATED_SECONDS)
        for value in times
        if is_number(value)
    )


def split(raw: bytes) -> list[tuple[Message, bytes]]:
    """Return each event of a body, and the bytes to keep of it.

    :raise Malformed: it is no body of Facebook's.
    """
    data = read_json(raw)
    if text_at(data, "object") != "page":
        raise Malformed("not of a page")
    events = _events(data)
    if len(events) > MOST_EVENTS:
        raise Malformed("too many events")
    return [(_message(row), _kept(page, row)) for page, row in events]


def read(raw: bytes) -> Message:
    """Return the event of which `split` gave the bytes.

    :raise Malformed: it is no JSON object.
    """
    return _message(read_json(raw).get("event") or {})


def _events(data):
    """(id of the page, event) of each."""
    return [
        (text_at(entry, "id"), row)
        for entry in list_at(data, "entry")
        for row in (*list_at(entry, "messaging"), *list_at(entry, "changes"))
    ]


def _kept(page, event):
    return json.dumps({"page": page, "event": event}, ensure_ascii=False).encode()


def _message(event):
    said = event.get("message") if isinstance(event.get("message"), dict) else {}
    edit = event.get("message_edit")
    common = {
        "sender": text_at(event, "sender", "id"),
        "sent_at": moment_of(text_at(event, "timestamp")),
    }
    mid = text_at(said, "mid")
    if isinstance(edit, dict):
        about = text_at(edit, "mid")
        number = text_at(edit, "num_edit")
        return Message(
            event_id=f"{about}:edit:{number}",
            kind="edited",
            text=text_at(edit, "text"),
            about=about,
            **common,
        )
    if not mid or said.get("is_echo"):
        return Message(event_id="")
    if said.get("is_deleted"):
        return Message(event_id=f"{mid}:deleted", kind="retracted", about=mid, **common)
    attachments = list_at(said, "attachments")
    place = next(filter(None, map(_place, attachments)), None)
    return Message(
        event_id=mid,
        kind="message",
        text=text_at(said, "text"),
        media=tuple(filter(None, map(_url, attachments))),
        latitude=place and place[0],
        longitude=place and place[1],
        unread=_unread(attachments),
        **common,
    )


def _unread(attachments):
    """Kinds of what is neither a file nor a place."""
    kinds = {
        "sticker" if _is_sticker(row) else text_at(row, "type")
        for row in attachments
        if not (_url(row) or _place(row))
    }
    return tuple(sorted(kinds - {""}))


def _is_sticker(attachment):
    return bool(text_at(attachment, "payload", "sticker_id"))


def _url(attachment):
    if text_at(attachment, "type") not in MEDIA or _is_sticker(attachment):
        return ""
    return text_at(attachment, "payload", "url")


def _place(attachment):
    return coordinates(
        text_at(attachment, "payload", "coordinates", "lat"),
        text_at(attachment, "payload", "coordinates", "long"),
    )
