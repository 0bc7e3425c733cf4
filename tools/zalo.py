"""Webhook of a Zalo Official Account.

Each event is one JSON object: ``app_id``, ``event_name``, ``timestamp`` (milliseconds,
as text), ``sender.id``, ``recipient.id``, ``message`` with ``msg_id``, ``text`` and
``attachments`` (type and payload.url; payload.coordinates with latitude and longitude
as text for a position). Header ``X-ZEvent-Signature: mac=<hex>`` with
mac = sha256(appId + data + timeStamp + OAsecretKey), data being the body as it came.

Source: https://developers.zalo.me/docs/official-account/webhook; a description of the
signature and of the repeats at https://hainh.me (Zalo API: webhook). Zalo repeats an
event for 12 hours until it is answered 200, its timestamp unchanged: that is how old a
signed event may be. One that comes twice is known by its msg_id.

Editing and taking back is not told to Official Accounts.
"""

from __future__ import annotations

import re
from hashlib import sha256

from .chat import Message, coordinates
from .signed import is_recent, list_at, moment_of, read_json, same, text_at

HEADER = "X-ZEvent-Signature"
REPEATED_SECONDS = 12 * 3600
# In a text the quotes would be escaped: only a name of a field looks like this.
TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*"?(\d{10,16})\b')
MOST_TIMESTAMPS = 5
# Attachments that are files; the others say nothing that could be reported.
MEDIA = frozenset({"image", "photo", "gif", "audio", "voice", "video", "file"})


def is_signed(raw: bytes, header: str, app_id: str, oa_secret: str, now: float) -> bool:
    """Check the signature and the age of an event, before it is read."""
    if not (app_id and oa_secret):
        return False
    given = header.strip().lower().removeprefix("mac=")
    for timestamp in TIMESTAMP.findall(raw)[:MOST_TIMESTAMPS]:
        signed = app_id.encode() + raw + timestamp + oa_secret.encode()
        if same(sha256(signed).hexdigest(), given):
            return is_recent(int(timestamp) / 1000, now, REPEATED_SECONDS)
    return False


def split(raw: bytes) -> list[tuple[Message, bytes]]:
    """Return the one event of a body, and the body.

    :raise Malformed: it is none.
    """
    return [(read(raw), raw)]


def read(raw: bytes) -> Message:
    """Return an event; whatever is not known of it is left out.

    :raise Malformed: it is no JSON object.
    """
    data = read_json(raw)
    name = text_at(data, "event_name")
    said = name.startswith("user_send_")
    attachments = list_at(data, "message", "attachments") if said else []
    place = next(filter(None, map(_place, attachments)), None)
    return Message(
        event_id=text_at(data, "message", "msg_id"),
        kind="message" if said else "",
        sender=text_at(data, "sender", "id") if said else "",
        sent_at=moment_of(text_at(data, "timestamp")),
        # A position comes with the name that the map gives it, which is of use.
        text=text_at(data, "message", "text") if said else "",
        media=tuple(filter(None, map(_url, attachments))),
        latitude=place and place[0],
        longitude=place and place[1],
        unread=tuple(
            sorted(
                {
                    text_at(row, "type")
                    for row in attachments
                    if not (_url(row) or _place(row))
                }
                - {""}
            )
        ),
    )


def _url(attachment):
    if text_at(attachment, "type") not in MEDIA:
        return ""
    return text_at(attachment, "payload", "url")


def _place(attachment):
    return coordinates(
        text_at(attachment, "payload", "coordinates", "latitude"),
        text_at(attachment, "payload", "coordinates", "longitude"),
    )
