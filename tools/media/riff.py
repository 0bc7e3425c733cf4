"""WAV files, written anew with nothing but their sound."""

from __future__ import annotations

from collections.abc import Iterator

# What is heard; all others are notes: LIST, bext, iXML, id3, PEAK (it has a date)…
SOUND = (b"fmt ", b"fact", b"data")
UNKNOWN_LENGTH = (0, 0xFFFFFFFF)


def clean_wav(data: bytes) -> bytes:
    """Leave out every chunk but those of the sound.

    :raise ValueError: without sound.
    """
    chunks = essence_wav(data)
    if not {b"fmt ", b"data"} <= {name for name, _body in chunks}:
        raise ValueError("no sound")
    body = b"WAVE" + b"".join(
        name + len(part).to_bytes(4, "little") + part + bytes(len(part) % 2)
        for name, part in chunks
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def essence_wav(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the chunks of the sound, in their order."""
    return [(name, part) for name, part in _chunks(data) if name in SOUND]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        name = data[at : at + 4]
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"data" and size in UNKNOWN_LENGTH:
            size = len(data)  # of a recorder that did not come back to write it
        end = min(at + 8 + size, len(data))
        yield name, data[at + 8 : end]
        at = end + size % 2
