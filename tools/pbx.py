"""Webhook of a telephone switchboard: a call rings, is answered, has ended, was
recorded.

One JSON object: ``{"event": "pbx.call.ringing", "timestamp": "2026-06-29T03:30:00Z",
"data": {"call_uuid", "extension", "direction", "caller_number", "destination_number",
"started_at", "answered_at", "ended_at", "billsec", "recording_url"}}``, with the
events ringing, answered, hangup and cdr.created (which brings the recording).
Switchboards without a form of their own send ``event`` as ringing, answered or ended
and the same names beside it, not within ``data``.

Signature: ``X-Civic-Signature``, see :func:`.signed.is_signed`, or
``X-Zorio-Signature: sha256=<hex>``, HMAC-SHA256 of the body, in which ``timestamp`` is
then what tells its age: five minutes either way.

Source: https://docs.zorio.vn/en/api/pbx/webhooks and …/webhooks/hmac, a switchboard
used in Viet Nam.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from .signed import Malformed, hmac_hex, is_recent, read_json, same, text_at
from .signed import is_signed as _is_signed
from .text import InvalidPhone, is_number, phone_e164

HEADER = "X-Civic-Signature"
OTHER_HEADER = "X-Zorio-Signature"
# How far a call has come; it never goes back, whatever order events come in.
PHASES = ("ringing", "answered", "ended")
EVENTS = {
    "ringing": "ringing",
    "answered": "answered",
    "hangup": "ended",
    "ended": "ended",
    "cdr.created": "ended",
    "recorded": "ended",
}


@dataclass(frozen=True)
class Call:
    """One event of a call.

    :param phase: one of `PHASES`; "" for an event that is none of ours
    :param number: the citizen's, as E.164; "" where it is hidden
    :param extension: of the officer at whom it rings
    """

    call_id: str
    phase: str = ""
    direction: str = "in"
    number: str = ""
    extension: str = ""
    at: datetime | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    duration: int = 0
    recording_url: str = ""

    @property
    def event_id(self) -> str:
        """What tells this event of the call from the others."""
        recorded = ":recorded" if self.recording_url else ""
        return f"{self.call_id}:{self.phase}:{self.extension}{recorded}"


def progress(known, event: Call, now: datetime) -> dict:
    """What an event says anew of a call; never back, whatever order events come in.

    :param known: the call so far, with phase, extension, answered_at and ended_at
    :param now: the time that counts where the event tells none
    :return: dict of those that change: phase, extension, answered_at, ended_at,
        duration in seconds
    """
    news = {}
    if not known.phase or PHASES.index(event.phase) > PHASES.index(known.phase):
        news["phase"] = event.phase
    answered_at = event.answered_at
    if event.phase == "answered":
        answered_at = answered_at or event.at or now
    if answered_at and event.phase != "ringing" and not known.answered_at:
        news["answered_at"] = answered_at
    if event.phase == "ended" and not known.ended_at:
        news["ended_at"] = event.ended_at or event.at or now
    if event.phase == "ended" and event.duration:
        news["duration"] = event.duration
    # A later ring elsewhere is not where it was answered.
    if event.extension and (event.phase != "ringing" or not known.extension):
        news["extension"] = event.extension
    return news


def is_signed(raw: bytes, headers, secret: str, now: float) -> bool:
    """Check the signature and the age of an event.

    :param headers: mapping of the request's headers
    """
    ours = headers.get(HEADER)
    if ours:
        return _is_signed(secret, raw, ours, now)
    given = headers.get(OTHER_HEADER, "").strip()
    if not secret or not same(f"sha256={hmac_hex(secret, raw)}", given):
        return False
    try:
        moment = _moment(text_at(read_json(raw), "timestamp"))
    except Malformed:
        return False
    return bool(moment) and is_recent(
        moment.replace(tzinfo=timezone.utc).timestamp(), now
    )


def read(raw: bytes) -> Call:
    """Return an event of a call.

    :raise Malformed: it is no JSON object, or names no call.
    """
    body = read_json(raw)
    data = body["data"] if isinstance(body.get("data"), dict) else body
    call_id = text_at(data, "call_uuid") or text_at(data, "call_id")
    if not call_id:
        raise Malformed("no call")
    event = text_at(body, "event").lower()
    phase = next(
        (phase for name, phase in EVENTS.items() if _is_named(event, name)), ""
    )
    outgoing = text_at(data, "direction").startswith("out")
    caller = "destination_number" if outgoing else "caller_number"
    moments = {
        name: _moment(text_at(data, name))
        for name in ("started_at", "answered_at", "ended_at")
    }
    return Call(
        call_id=call_id[:200],
        phase=phase,
        direction="out" if outgoing else "in",
        number=_number(text_at(data, caller) or text_at(data, "caller")),
        extension=text_at(data, "extension")[:20],
        at=_moment(text_at(data, "timestamp") or text_at(body, "timestamp")),
        duration=_seconds(data),
        recording_url=text_at(data, "recording_url"),
        **moments,
    )


def _is_named(event, name):
    return event == name or event.endswith(f".{name}")


def _number(raw):
    try:
        return phone_e164(raw)
    except InvalidPhone:
        return ""


def _seconds(data):
    value = text_at(data, "billsec") or text_at(data, "duration")
    return min(int(value), 86400) if is_number(value) else 0


def _moment(text):
    """Naive UTC of ISO 8601; None for what is none."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        moment = moment.replace(tzinfo=moment.tzinfo or timezone.utc)
        return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError):
        return None
