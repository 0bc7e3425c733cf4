"""Asking a provider over HTTP, so that each way in which it may fail is understood.

What a provider answers may repeat a telephone number or a key: no error here holds any
of its words.
"""

from __future__ import annotations

import json
from time import monotonic
from urllib.parse import urlsplit

import requests

# For connecting and for each piece of the answer; for all of it.
PIECE_SECONDS, WHOLE_SECONDS = 10, 20
LARGEST_ANSWER = 256 * 1024
LOCAL = ("127.0.0.1", "localhost", "::1")


class AskError(Exception):
    """Why there is no answer.

    :param kind: server (nobody is served now, or our keys are wrong), temporary (not
        now), unsure (it may have been done), refused (never)
    :param code: unreachable, silent, busy, denied, moved, broken, refused, garbled
    :param status: of the HTTP answer, if there was one
    """

    def __init__(self, kind: str, code: str, status: int | None = None):
        super().__init__(code)
        self.kind = kind
        self.code = code
        self.status = status


def is_safe_url(url: str | None) -> bool:
    """Tell whether an address may be asked: encrypted, or on this very machine."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)


def ask(method: str, url: str, **options) -> dict:
    """Return what a provider answers, a JSON object.

    :param options: headers, json, data and params, as `requests` knows them
    :raise AskError: whatever else comes back, or nothing
    """
    answer = _talk(method, url, options)
    try:
        values = json.loads(answer)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise AskError("unsure", "garbled")
    return values


def hand_over(url: str, **options) -> None:
    """Post something to a server that says by its status alone whether it took it.

    :param options: as of `ask`
    :raise AskError: when it did not, or nobody knows
    """
    _talk("POST", url, options)


def _talk(method: str, url: str, options: dict) -> bytes:
    deadline = monotonic() + WHOLE_SECONDS
    try:
        with (
            requests.Session() as session,
            session.request(
                method,
                url,
                timeout=PIECE_SECONDS,
                allow_redirects=False,
                stream=True,
                **options,
            ) as response,
        ):
            return _read(response, deadline)
    except (requests.ConnectTimeout, requests.exceptions.SSLError):
        raise AskError("server", "unreachable") from None
    except requests.ConnectionError as error:
        raise _hung_up(error) from None
    except requests.RequestException:
        raise AskError("unsure", "silent") from None
    except UnicodeError:
        # A key with letters that no header can hold.
        raise AskError("server", "denied") from None


def _hung_up(error: Exception) -> AskError:
    """Tell a provider that nobody reached from one that fell silent."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if reason is not None:
        # urllib3 gave up on connecting: nothing was said.
        return AskError("server", "unreachable")
    return AskError("unsure", "silent")


def _read(response: requests.Response, deadline: float) -> bytes:
    check_status(response.status_code)
    body = b""
    for chunk in response.iter_content(8192):
        body += chunk
        if len(body) > LARGEST_ANSWER or monotonic() > deadline:
            raise AskError("unsure", "garbled", response.status_code)
    return body


def check_status(status: int) -> None:
    """:raise AskError: with what a status means, unless it means that all went well"""
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise AskError("server", "moved", status)
    if status in (401, 403, 407):
        raise AskError("server", "denied", status)
    if status in (408, 425, 429):
        raise AskError("temporary", "busy", status)
    if status < 500:
        raise AskError("refused", "refused", status)
    if status in (502, 503):
        raise AskError("server", "broken", status)
    raise AskError("unsure", "broken", status)
