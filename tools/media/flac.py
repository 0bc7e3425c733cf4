"""FLAC (RFC 9639): blocks of notes in front of the sound."""

from __future__ import annotations

from .mpeg import tail

STREAM_INFO, PADDING, SEEK_TABLE = 0, 1, 3
KEPT_BLOCKS = (STREAM_INFO, SEEK_TABLE)
LAST = 0x80


def is_flac(data: bytes, start: int = 0) -> bool:
    """Tell whether a stream begins here with what it says of itself."""
    return data[start : start + 4] == b"fLaC" and data[start + 4] & 0x7F == STREAM_INFO


def clean_flac(data: bytes) -> bytes:
    """Leave out comments, pictures, cue sheets, data of programs, and padding.

    :raise ValueError: the blocks are cut off.
    """
    head, sound = _parts(data)
    last = len(head) - 1
    return b"".join(
        [
            b"fLaC",
            *(
                bytes([kind | (LAST if number == last else 0)])
                + len(block).to_bytes(3)
                + block
                for number, (kind, block) in enumerate(head)
            ),
            sound,
        ]
    )


def essence_flac(data: bytes) -> tuple:
    """Return what a player reads of the stream and its sound."""
    return _parts(data)


def _parts(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Return the blocks that a player reads, and the sound."""
    at = data.find(b"fLaC")
    if at < 0 or not is_flac(data, at):
        raise ValueError("no FLAC")
    at += 4
    head, is_last = [], False
    while not is_last:
        is_last, kind = bool(data[at] & LAST), data[at] & 0x7F
        size = int.from_bytes(data[at + 1 : at + 4])
        at += 4
        if at + size > len(data):
            raise ValueError("a block is cut off")
        if kind in KEPT_BLOCKS:
            head.append((kind, data[at : at + size]))
        at += size
    return head, data[at : max(at, tail(data))]
