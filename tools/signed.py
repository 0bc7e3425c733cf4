"""Signatures of what other systems send: checked over the bytes as they came.

Nothing here reads the bytes before their signature is found right, and comparing takes
as long for a wrong signature as for the right one.
"""

from __future__ import annotations

import hmac
import json
import re
from datetime import datetime, timezone
from hashlib import sha256

from .text import is_number

# A signed request that is older is refused: somebody may have kept it.
MOST_SECONDS = 300
# Deeper JSON is nobody's message.
MAX_DEPTH = 30
PAIR = re.compile(r"(t|v1)=([0-9a-f]{1,128})")


class Malformed(ValueError):
    """A body that is not what its sender's documentation says."""


def same(left: str, right: str) -> bool:
    """Compare two texts in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def hmac_hex(secret: str, data: bytes) -> str:
    """Return HMAC-SHA256 in hex."""
    return hmac.new(secret.encode(), data, sha256).hexdigest()


def is_recent(moment: float, now: float, most: float = MOST_SECONDS) -> bool:
    """Tell whether seconds since 1970 lie at most so far back, and not ahead."""
    return -MOST_SECONDS <= now - moment <= most


def is_signed(secret: str, raw: bytes, header: str, now: float) -> bool:
    """Check ``t=<seconds>,v1=<hex>``: HMAC-SHA256 of ``<seconds>.<body>``.

    What SMS gateways and switchboards use that have no scheme of their own; the same
    as that of several providers (https://docs.rs/opensms "Webhook signature
    verification", https://docs.surge.app "Signature validation"). More than one v1 may
    be given while the secret is being changed.
    """
    if not secret:
        return False
    pairs = PAIR.findall(header[:1000])
    times = [value for name, value in pairs if name == "t" and is_number(value)]
    if len(times) != 1 or not is_recent(int(times[0][:12]), now):
        return False
    expected = hmac_hex(secret, f"{times[0]}.".encode() + raw)
    return any(same(expected, value) for name, value in pairs if name == "v1")


def read_json(raw: bytes) -> dict:
    """Return the object that a body holds.

    :raise Malformed: it is no JSON, no object, or deeper than any message is.
    """
    try:
        data = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise Malformed("no JSON") from None
    if not isinstance(data, dict):
        raise Malformed("no object")
    _check_depth(data)
    return data


def _check_depth(data):
    level = [data]
    for _depth in range(MAX_DEPTH):
        level = [
            value
            for item in level
            for value in (item.values() if isinstance(item, dict) else item)
            if isinstance(value, (dict, list))
        ]
        if not level:
            return
    raise Malformed("too deep")


def text_at(data, *path) -> str:
    """Return the text, or the number as text, at a path of keys; "" where none is."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    if isinstance(data, bool) or not isinstance(data, (str, int, float)):
        return ""
    return str(data)


def list_at(data, *path) -> list[dict]:
    """Return the objects of the list at a path of keys."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return [row for row in data if isinstance(row, dict)] if _is_list(data) else []


def _is_list(data):
    return isinstance(data, list)


def moment_of(milliseconds: str) -> datetime | None:
    """Return the naive UTC moment of milliseconds since 1970; None for no such."""
    try:
        seconds = int(milliseconds) / 1000
        moment = datetime.fromtimestamp(seconds, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.replace(tzinfo=None)
