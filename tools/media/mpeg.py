"""Sound in frames without a container: MP3 (ISO/IEC 11172-3) and AAC (ADTS)."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Kilobits per second: MPEG 1 layers 1 to 3, MPEG 2 layer 1, layers 2 and 3.
RATES = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
HERTZ = (44100, 48000, 32000)
# Of MPEG 1, 2 and 2.5, by the two bits that tell them.
VERSIONS = {3: (1, 1), 2: (2, 2), 0: (2, 4)}
# How tags begin.
TAG = re.compile(rb"TAG|ID3|APETAGEX|LYRICSBEGIN|3DI")
# How far into a file sound may begin, behind what a recorder left there.
MAX_LEAD = 4096


def frame_type(data: bytes, start: int) -> str | None:
    """Return ``audio/mpeg`` or ``audio/aac`` if frames follow one another here."""
    for mimetype, length in (("audio/mpeg", mp3_frame), ("audio/aac", adts_frame)):
        if _first(data, start, length) is not None:
            return mimetype
    return None


def clean_mp3(data: bytes) -> bytes:
    """Cut off ID3, APE and Lyrics3 tags, and what else stands around the frames.

    :raise ValueError: tags and no sound.
    """
    return b"".join(data[start:end] for start, end in _sound(data, mp3_frame))


def clean_adts(data: bytes) -> bytes:
    """The same for AAC."""
    return b"".join(data[start:end] for start, end in _sound(data, adts_frame))


def essence_mp3(data: bytes) -> list[bytes]:
    """Return the frames, as they are told by their headers alone."""
    return [data[start:end] for start, end in _frames(data, mp3_frame)]


def essence_adts(data: bytes) -> list[bytes]:
    return [data[start:end] for start, end in _frames(data, adts_frame)]


# --- frames --------------------------------------------------------------------------


def mp3_frame(data: bytes, at: int) -> int:
    """Return the length in bytes of the frame that begins here, 0 for none."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version = VERSIONS.get(head[1] >> 3 & 3)
    layer = 4 - (head[1] >> 1 & 3)
    rate, hertz = head[2] >> 4, head[2] >> 2 & 3
    if not version or layer == 4 or rate in (0, 15) or hertz == 3:
        return 0
    generation, divisor = version
    rates = RATES[generation, layer if generation == 1 else min(layer, 2)]
    bits, frequency = 1000 * rates[rate - 1], HERTZ[hertz] // divisor
    padding = head[2] >> 1 & 1
    if layer == 1:
        return 4 * (12 * bits // frequency + padding)
    samples = 72 if layer == 3 and generation == 2 else 144
    return samples * bits // frequency + padding


def adts_frame(data: bytes, at: int) -> int:
    """Return the length in bytes of the frame that begins here, 0 for none."""
    head = data[at : at + 7]
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length >= 7 and head[2] >> 2 & 15 < 13 else 0


def _first(data: bytes, start: int, length) -> int | None:
    """Return where frames begin: one that another follows, or the end of the file."""
    for at in range(start, min(start + MAX_LEAD, len(data))):
        if data[at] != 0xFF:
            continue
        after = at + length(data, at)
        if after > at and (
            length(data, after) or (at == start and tail(data) <= after <= len(data))
        ):
            return at
    return None


def _frames(data: bytes, length) -> Iterator[tuple[int, int]]:
    """Yield every frame, whatever stands between them."""
    at = _first(data, tags_end(data), length)
    while at is not None and at < len(data):
        size = length(data, at)
        if size and at + size <= len(data):
            yield at, at + size
            at += size
        elif (at := _tag_end(data, at) or data.find(b"\xff", at + 1)) < 0:
            return


# --- tags ----------------------------------------------------------------------------


def _sound(data: bytes, length) -> list[tuple[int, int]]:
    """Return what lies between the tags, at both ends and in the middle."""
    at = _first(data, tags_end(data), length)
    if at is None:
        raise ValueError("tags and no sound")
    end = tail(data)
    kept, start = [], at
    while at < end:
        size = length(data, at)
        if size:
            at += size
            continue
        after = _tag_end(data, at)
        if after:
            kept.append((start, at))
            start = at = after
            continue
        # No frame and no tag: it stays if frames follow, for players pass over it.
        found = _next_frame(data, at + 1, end, length)
        if found is None:
            break
        if TAG.search(data, at, found):
            # Recordings that were joined: tags of the first at its end.
            kept.append((start, at))
            start = found
        at = found
    kept.append((start, min(at, end)))
    return [(start, end) for start, end in kept if start < end]


def _next_frame(data: bytes, at: int, end: int, length) -> int | None:
    while (at := data.find(b"\xff", at, end)) >= 0:
        size = length(data, at)
        if size and (length(data, at + size) or at + size == end):
            return at
        at += 1
    return None


def tags_end(data: bytes, at: int = 0) -> int:
    """Return where the tags end that begin here."""
    while after := _tag_end(data, at):
        at = after
    return at


def _tag_end(data: bytes, at: int) -> int:
    """Return where the tag ends that begins here, 0 if there is none."""
    if data[at : at + 3] == b"ID3":
        sizes = data[at + 6 : at + 10]
        if len(sizes) < 4 or max(sizes) > 0x7F:
            return 0
        size = sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3]
        return min(len(data), at + 10 + size + (10 if data[at + 5] & 0x10 else 0))
    if data[at : at + 8] == b"APETAGEX" and len(data) >= at + 32:
        size = int.from_bytes(data[at + 12 : at + 16], "little")
        is_head = data[at + 23] & 0x20
        return min(len(data), at + 32 + (size if is_head else 0))
    if data[at : at + 3] == b"TAG" and at + 128 >= len(data):
        return len(data)
    return 0


def tail(data: bytes) -> int:
    """Return where the tags begin that stand at the end."""
    end = len(data)
    while True:
        before = end
        if data[max(end - 128, 0) : end].startswith(b"TAG") and end >= 128:
            end -= 128
            if data[max(end - 227, 0) : end].startswith(b"TAG+"):
                end -= 227
        elif data[max(end - 32, 0) : end].startswith(b"APETAGEX") and end >= 32:
            size = int.from_bytes(data[end - 20 : end - 16], "little")
            size += 32 if data[end - 9] & 0x80 else 0  # with its header
            end -= min(max(size, 32), end)
        elif data[max(end - 9, 0) : end] in (b"LYRICS200", b"LYRICSEND"):
            begin = data.rfind(b"LYRICSBEGIN", 0, end)
            end = begin if begin >= 0 else end - 9
        elif data[max(end - 10, 0) : end].startswith(b"3DI") and end >= 10:
            sizes = data[end - 4 : end]
            size = sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3]
            end -= min(size + 20, end)
        if end == before:
            return end
