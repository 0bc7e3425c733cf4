"""What a browser may do with a page of ours: the Content Security Policy (W3C, CSP 3)
and the headers beside it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping

# Odoo's templates hold styles, and its components are made of text by the browser
# (which is what 'unsafe-eval' is about): without these no script of the site runs.
PAGE = {
    "default-src": ("'self'",),
    "script-src": ("'self'", "'unsafe-eval'"),
    "style-src": ("'self'", "'unsafe-inline'"),
    "img-src": ("'self'", "data:", "blob:"),
    "media-src": ("'self'", "blob:"),
    "font-src": ("'self'", "data:"),
    "connect-src": ("'self'",),
    "worker-src": ("'self'", "blob:"),
    "frame-src": ("'self'",),
    "object-src": ("'none'",),
    "base-uri": ("'self'",),
    "form-action": ("'self'",),
    # The site's editor shows the page in a frame of its own site.
    "frame-ancestors": ("'self'",),
}
# By this handler Odoo's own scripts tell that they were not loaded; no other runs.
HANDLER = "__odooAssetError=1"
HANDLER_SOURCES = (
    "'unsafe-hashes'",
    f"'sha256-{base64.b64encode(hashlib.sha256(HANDLER.encode()).digest()).decode()}'",
)
# What a page needs besides where the site's fonts come from Google.
FONTS = {
    "style-src": ("https://fonts.googleapis.com",),
    "connect-src": ("https://fonts.googleapis.com",),
    "font-src": ("https://fonts.gstatic.com",),
}
# Who builds the page needs pictures and videos of everywhere to choose from.
BUILDER = ("object-src", "base-uri", "form-action", "frame-ancestors")
# Of what is no page: pictures, files, data, the worker for notifications.
NO_PAGE = "default-src 'none'; connect-src 'self'; frame-ancestors 'self'"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    # Other sites learn the name of this one and no report.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": (
        "camera=(self), geolocation=(self), microphone=(), display-capture=(), "
        "midi=(), payment=(), usb=(), accelerometer=(), gyroscope=(), magnetometer=()"
    ),
}
# A year, for this host alone: others of the domain may not be on https.
HSTS = "max-age=31536000"

# A source as an administrator may write it: a host, a scheme or a word in quotes.
SOURCE = re.compile(r"[\w.*:/%~?&=+@-]+|'[\w-]+'", re.ASCII)


def page_policy(more: Mapping[str, Iterable[str]], nonce: str = "") -> str:
    """Return the policy of a page.

    :param more: directive → sources that are allowed besides; directives that are not
        in `PAGE` are left out
    :param nonce: what the page's own scripts bear; without it, and where `more` says
        so, every script in the page runs
    """
    allowed = {name: [*kept, *more.get(name, ())] for name, kept in PAGE.items()}
    if nonce and "'unsafe-inline'" not in allowed["script-src"]:
        allowed["script-src"] += (f"'nonce-{nonce}'", *HANDLER_SOURCES)
    else:
        allowed["script-src"].append("'unsafe-inline'")
    return _written(allowed)


def builder_policy() -> str:
    """Return the policy of a page for those who design the site."""
    return _written({name: PAGE[name] for name in BUILDER})


def read_sources(text: str | None) -> dict[str, list[str]]:
    """Return what an administrator allows besides, written as in a policy.

    "img-src https://tiles.example.vn; connect-src https://a.example" gives
    {"img-src": ["https://tiles.example.vn"], "connect-src": ["https://a.example"]}.
    What is no source is left out.
    """
    sources = {}
    for part in (text or "").split(";"):
        name, *values = part.split() or [""]
        good = [value for value in values if SOURCE.fullmatch(value)]
        sources.setdefault(name.lower(), []).extend(good)
    sources.pop("", None)
    return sources


def safe_cookie(header: str, is_https: bool) -> str:
    """Return a Set-Cookie header that other sites' requests do not carry (RFC 6265bis).

    :param is_https: whether it was asked for over https; then it goes by no other way
    """
    names = {part.partition("=")[0].strip().lower() for part in header.split(";")[1:]}
    if "samesite" not in names:
        header += "; SameSite=Lax"
    if is_https and "secure" not in names:
        header += "; Secure"
    return header


def _written(policy):
    return "; ".join(
        " ".join((name, *dict.fromkeys(values))) for name, values in policy.items()
    )
