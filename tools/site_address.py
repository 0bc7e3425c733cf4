"""Addresses of the site, as they stand in messages."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from .push import is_public_name


def is_loopback(url: str) -> bool:
    """Tell whether an address leads nowhere but to the machine that follows it."""
    host = _host(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_public_site(url: str) -> bool:
    """Tell whether an address can be that of a site on the Internet, over HTTPS."""
    return (url or "").startswith("https://") and is_public_name(_host(url))


def _host(url):
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
