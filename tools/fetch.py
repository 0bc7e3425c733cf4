"""Fetching what a provider keeps for us (pictures of a chat, recordings of a call), and
posting to servers that a stranger named.

An address comes from outside, so it decides nothing: only hosts that the administrator
has named are asked, over HTTPS, at public addresses, for so many bytes and so long.
The address that was checked is the one that is connected to: a name that answers
otherwise the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Collection
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urljoin, urlsplit

MOST_REDIRECTS = 2
REDIRECTS = frozenset({301, 302, 303, 307, 308})
READ_SECONDS = 10
# For all of what is posted, so that a stranger's server does not keep others waiting.
POST_SECONDS = 8
CHUNK = 64 * 1024
# All IPv6 addresses of the Internet (RFC 4291), and those under which a network without
# IPv4 has that of others (RFC 6052). What else holds an IPv4 address leads anywhere.
INTERNET = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class FetchError(Exception):
    """It was not fetched.

    :param code: refused (the address is none that we ask), too_large, gone (the host
        does not have it), unreachable (perhaps later)
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fetch(
    url: str, hosts: Collection[str], most_bytes: int, seconds: float = 30
) -> bytes:
    """Return the bytes at an address.

    :param hosts: whom to ask: "cdn.example.com", ".example.com" for all below it, or a
        whole origin such as "https://pbx.example.com:8443", which may lie in the
        province's own network since somebody who knows it has named it
    :param most_bytes: more than that is not read
    :param seconds: after which it is given up, however slowly it comes
    :raise FetchError: with why.
    """
    ends = time.monotonic() + seconds
    for _turn in range(MOST_REDIRECTS + 1):
        with closing(_connect(url, hosts)) as connection:
            try:
                response = connection.getresponse()
                if response.status not in REDIRECTS:
                    _check_status(response.status)
                    return _read(response, most_bytes, ends)
                url = urljoin(url, response.headers.get("Location", ""))
            except (HTTPException, OSError, ValueError):
                raise FetchError("unreachable") from None
    raise FetchError("refused")


def post(
    url: str,
    headers: dict,
    data: bytes,
    hosts: Collection[str],
    seconds: float = POST_SECONDS,
) -> int:
    """Hand something to a server and return the status of its answer.

    Nothing of the answer but its status is used, and it leads nowhere else.

    :param hosts: to whom it may go, see `fetch`
    :param seconds: after which it is given up, however slowly it answers
    :raise FetchError: refused or unreachable
    """
    with (
        _Deadline(seconds) as deadline,
        closing(_connect(url, hosts, "POST", data, headers, deadline)) as connection,
    ):
        try:
            status = connection.getresponse().status
        except (HTTPException, OSError, ValueError):
            raise FetchError("unreachable") from None
        if deadline.is_over:
            raise FetchError("unreachable")  # what came is cut off
        return status


class _Deadline:
    """Ends a connection at its time, whatever it is waiting for."""

    def __init__(self, seconds):
        self.is_over = False
        self._socket = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self):
        return self

    def watch(self, plain):
        self._socket = plain.dup()  # encrypting takes the first one away
        self._timer.start()

    def _end(self):
        self.is_over = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def __exit__(self, *_error):
        self._timer.cancel()
        if self._socket:
            self._socket.close()


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Tell whether an address is at one of these hosts, see `fetch`."""
    return bool(_parts(url, hosts))


def _parts(url, hosts):
    """(scheme, host, port, path, whether its whole origin was named), or nothing."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not host.isascii() or parts.username or parts.password or "\\" in url:
        return None
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    if not all(" " < char < "\x7f" for char in target):
        return None
    default = {"https": 443, "http": 80}.get(parts.scheme)
    origins = {f"{parts.scheme}://{host}:{port or default}"}
    if port in (None, default):
        origins.add(f"{parts.scheme}://{host}")
    if default and origins & set(hosts):
        return parts.scheme, host, port or default, target, True
    if (
        parts.scheme != "https"
        or port not in (None, 443)
        or not _is_listed(host, hosts)
    ):
        return None
    return parts.scheme, host, 443, target, False


def _is_listed(host, hosts):
    return any(
        host == entry or (entry.startswith(".") and host.endswith(entry))
        for entry in hosts
        if "/" not in entry
    )


def _connect(url, hosts, method="GET", body=None, headers=None, deadline=None):
    """A connection on which the address has been asked for."""
    parts = _parts(url, hosts)
    if not parts:
        raise FetchError("refused")
    scheme, host, port, target, named = parts
    connection = HTTPConnection(host, port, timeout=READ_SECONDS)
    try:
        address = _address(host, port, named)
        plain = socket.create_connection((address, port), timeout=READ_SECONDS)
        connection.sock = plain
        if deadline:
            deadline.watch(plain)
        if scheme == "https":
            trusted = ssl.create_default_context()
            connection.sock = trusted.wrap_socket(plain, server_hostname=host)
        headers = {"Accept-Encoding": "identity", **(headers or {})}
        connection.request(method, target, body, headers)
    except (HTTPException, OSError):
        connection.close()
        raise FetchError("unreachable") from None
    return connection


def _check_status(status):
    if status >= 500 or status == 429:
        raise FetchError("unreachable")
    if status != 200:
        raise FetchError("gone")


def _address(host, port, named):
    """The address to connect to: a public one, unless the origin was named whole."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError("unreachable") from None
    addresses = [row[4][0] for row in found]
    if not addresses:
        raise FetchError("unreachable")
    if not named and not all(_is_public(address) for address in addresses):
        raise FetchError("refused")
    return addresses[0]


def _is_public(address):
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None)
    if parsed in NAT64:
        inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    elif not inner and parsed.version == 6:
        if parsed not in INTERNET or parsed.sixtofour or parsed.teredo:
            return False
    inner = inner or parsed
    return inner.is_global and not inner.is_multicast


def _read(response, most_bytes, ends):
    chunks, size = [], 0
    while chunk := response.read1(CHUNK):
        size += len(chunk)
        if size > most_bytes:
            raise FetchError("too_large")
        if time.monotonic() > ends:
            raise FetchError("unreachable")
        chunks.append(chunk)
    return b"".join(chunks)
