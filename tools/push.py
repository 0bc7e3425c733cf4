"""What a browser tells us to notify it by: a PushSubscription (RFC 8030, RFC 8291).

It comes from a stranger: the address decides where this server posts to, so that only
push services that are known by name are taken.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from .fetch import is_allowed

# The push services of browsers, as `fetch` names hosts: Chromium and all that is made
# of it, Firefox, Edge, Safari. https://web.dev/articles/push-notifications-faq,
# https://developer.apple.com/documentation/usernotifications
SERVICES = (
    "fcm.googleapis.com",
    "android.googleapis.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
LONGEST_ENDPOINT = 1000
# A point of P-256, uncompressed, and a secret, both in base64url.
KEY_BYTES, SECRET_BYTES = 65, 16
# Names that lead to nobody on the Internet.
INNER_ENDINGS = ("localhost", "local", "internal", "lan", "home.arpa", "invalid")
NAME = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


class InvalidSubscription(ValueError):
    """It is nothing that a browser gives."""


def subscription(
    endpoint: str, p256dh: str, auth: str, services: Collection[str] = SERVICES
) -> dict:
    """Return what is kept of a browser's subscription.

    :param services: the push services that are asked, see `fetch.fetch`
    :raise InvalidSubscription: for what is none, or leads to none of the services
    """
    if not (is_public_endpoint(endpoint) and is_allowed(endpoint, services)):
        raise InvalidSubscription("endpoint")
    point = _decoded(p256dh, KEY_BYTES)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise InvalidSubscription("p256dh") from None
    _decoded(auth, SECRET_BYTES)
    keys = {"p256dh": p256dh.rstrip("="), "auth": auth.rstrip("=")}
    return {"endpoint": endpoint, **keys}


def is_public_endpoint(endpoint: str) -> bool:
    """Tell whether an address can be one of a push service.

    Where its name leads is checked when something is sent there, see `fetch.post`.
    """
    if len(endpoint) > LONGEST_ENDPOINT or not re.fullmatch(r"[!-~]+", endpoint):
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and port in (None, 443)
        and not (parts.username or parts.password or parts.fragment)
        and "\\" not in endpoint
        and is_public_name(host)
    )


def is_public_name(host: str) -> bool:
    """Tell whether a host's name may be known on the Internet; addresses are none."""
    if not NAME.fullmatch(host) or len(host) > 253:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return not f".{host}".endswith(tuple(f".{end}" for end in INNER_ENDINGS))
    return False


def _decoded(text, size):
    try:
        if len(text) > 2 * size:
            raise ValueError
        padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        data = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise InvalidSubscription("key") from None
    if len(data) != size:
        raise InvalidSubscription("key")
    return data
