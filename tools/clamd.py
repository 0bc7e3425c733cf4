"""Ask ClamAV's daemon about a file, over its socket (``clamd``, command INSTREAM)."""

from __future__ import annotations

import socket

from .text import is_number

CHUNK = 64 * 1024
MAX_ANSWER = 4096
TIMEOUT = 20  # seconds for each of: connect, send, answer


class Unreachable(Exception):
    """The daemon gave no verdict; the file has to be asked about again."""


def parse_address(text: str) -> str | tuple[str, int]:
    """Return where the daemon listens: "host:port", or a path for a unix socket.

    :raise ValueError: neither.
    """
    text = (text or "").strip()
    if text.startswith("/"):
        return text
    host, colon, port = text.rpartition(":")
    if not (colon and host and is_number(port)):
        raise ValueError("write host:port, or the path of a socket")
    if not 0 < int(port) < 65536:
        raise ValueError("there is no such port")
    return host.strip("[]"), int(port)


def scan(
    address: str | tuple[str, int], data: bytes, timeout: float = TIMEOUT
) -> str | None:
    """Return the name of what infects a file, None for a clean one.

    :param address: as :func:`parse_address` gives it.
    :raise Unreachable: no daemon, no answer, or one that is no verdict.
    """
    try:
        with _connect(address, timeout) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                chunk = data[start : start + CHUNK]
                connection.sendall(len(chunk).to_bytes(4) + chunk)
            connection.sendall(bytes(4))
            answer = _read(connection)
    except OSError as error:
        raise Unreachable(str(error)) from error
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return None
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise Unreachable(f"no verdict: {answer[:100]}")


def _connect(address: str | tuple[str, int], timeout: float) -> socket.socket:
    if isinstance(address, tuple):
        return socket.create_connection(address, timeout)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _read(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < MAX_ANSWER:
        part = connection.recv(MAX_ANSWER)
        if not part:
            break
        answer += part
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
