"""Webhook of an SMS gateway: one message that came to the Centre's number.

Providers differ; most can be told what to send. A body is one JSON object:
``{"id": "…", "from": "0912345678", "text": "…", "received_at": "2026-11-16T03:00:00Z",
"media": ["https://…"]}``, with the names that other providers use for the same taken
too, see `NAMES`. Header ``X-Civic-Signature: t=<seconds>,v1=<hex>``, see
:func:`.signed.is_signed`: signed anew at each try, so that five minutes are enough.

Sources of the names: https://docs.textlinksms.com/receive, https://docs.ycloud.com
(sms.inbound.received), https://docs.surge.app (message.received).
"""

from __future__ import annotations

from datetime import datetime, timezone

from .chat import Message
from .signed import Malformed, is_signed, read_json, text_at
from .text import InvalidPhone, is_number, phone_e164

__all__ = ["HEADER", "is_signed", "read", "split"]

HEADER = "X-Civic-Signature"
# What the same is called by different gateways, the first one ours.
NAMES = {
    "id": ("id", "message_id", "messageId", "sms_id", "textlink_id"),
    "from": ("from", "phone_number", "sender", "phone", "msisdn"),
    "text": ("text", "message", "body", "content"),
    "received_at": ("received_at", "timestamp", "sendTime", "createTime"),
}


def split(raw: bytes) -> list[tuple[Message, bytes]]:
    """Return the one message of a body, and the body.

    :raise Malformed: it is none, or from a number that cannot be answered.
    """
    return [(read(raw), raw)]


def read(raw: bytes) -> Message:
    """Return a message; its sender is the number as E.164.

    Names of senders ("VIETTEL") and short numbers are machines': they are no sender.

    :raise Malformed: it is no JSON object, or there is nothing in it.
    """
    data = read_json(raw)
    values = {
        name: next(filter(None, (text_at(data, key) for key in keys)), "")
        for name, keys in NAMES.items()
    }
    if not values["from"]:
        raise Malformed("no sender")
    media = data.get("media")
    urls = media if isinstance(media, list) else []
    try:
        sender = phone_e164(values["from"])
    except InvalidPhone:
        return Message(event_id=values["id"])
    return Message(
        event_id=values["id"],
        kind="message",
        sender=sender,
        sent_at=_moment(values["received_at"]),
        text=values["text"],
        media=tuple(url for url in urls if isinstance(url, str)),
    )


def _moment(text):
    """Naive UTC of ISO 8601 or of seconds since 1970; None for no such."""
    try:
        if is_number(text):
            moment = datetime.fromtimestamp(int(text[:12]), timezone.utc)
        else:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
            moment = moment.replace(tzinfo=moment.tzinfo or timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
