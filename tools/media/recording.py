"""What telephones note in recordings, read and blanked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from .kinds import ISO_MEDIA, MediaError, iso_boxes
from .ogg import clean_ogg

# Boxes that hold others, and boxes that hold what telephones note about a recording.
CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf")
NOTES = (b"udta", b"meta", b"uuid")
# ISO 6709, as telephones note a place: +16.4636+107.5955+012.3/
PLACE = re.compile(
    rb"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?/"
)
# Seconds in MP4 files count from here.
ISO_EPOCH = datetime(1904, 1, 1, tzinfo=timezone.utc)
# Matroska: what holds others; what holds titles, tags and attached files.
EBML_SEGMENT, EBML_INFO, EBML_VOID = 0x18538067, 0x1549A966, 0xEC
EBML_NOTES = (0x1254C367, 0x1941A469, 0x7BA9, 0x7384, 0x4461)
# Chunks of a WAV file that are heard; all others are notes.
WAV_SOUND = (b"fmt ", b"data", b"fact", b"JUNK")


def clean_recording(data: bytes, mimetype: str) -> bytes:
    """Blank out place, names and notes in a recording.

    MP4, QuickTime, 3GP, M4A: boxes ``udta``, ``meta``, ``uuid``. WEBM: tags, titles,
    attached files. WAV: every chunk but the sound. These become empty space of the same
    length, so that picture and sound stay where the file's index says. OGG: comments
    become spaces. MP3: tags at both ends are cut off. AMR has no room for notes. Tracks
    of positions that dashboard cameras record beside the picture are not found.

    :raise MediaError: broken.
    """
    if mimetype in ISO_MEDIA:
        return _clean_iso(data)
    cleaner = {
        "video/webm": _clean_webm,
        "audio/ogg": clean_ogg,
        "audio/wav": _clean_wav,
        "audio/mpeg": _clean_mp3,
    }.get(mimetype)
    if cleaner is None:
        return data
    try:
        return cleaner(data)
    except (IndexError, ValueError) as error:
        raise MediaError("broken", mimetype) from error


def recording_notes(data: bytes, mimetype: str) -> dict:
    """Return what a recording tells of itself: ``latitude``, ``longitude``,
    ``taken_at``; nothing of other kinds than MP4, QuickTime, 3GP and M4A.

    :raise MediaError: broken.
    """
    notes = {}
    if mimetype not in ISO_MEDIA:
        return notes
    for name, inside, end in _iso_parts(data):
        if name in NOTES:
            match = PLACE.search(data, inside, end)
            place = match and (float(match[1]), float(match[2]))
            if place and abs(place[0]) <= 90 and abs(place[1]) <= 180 and any(place):
                notes["latitude"], notes["longitude"] = place
        elif name == b"mvhd":
            long = data[inside : inside + 1] == b"\x01"
            seconds = int.from_bytes(data[inside + 4 : inside + (12 if long else 8)])
            # Zero and the years before digital cameras: a clock that was never set.
            if 2_700_000_000 < seconds < 2**32:
                notes["taken_at"] = ISO_EPOCH + timedelta(seconds=seconds)
    return notes


def _iso_parts(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield (name, start of content, end) of every box that is read or blanked."""
    pending = [(0, len(data))]
    while pending:
        for name, start, end in iso_boxes(data, *pending.pop()):
            inside = start + (16 if data[start : start + 4] == b"\0\0\0\1" else 8)
            yield name, inside, end
            if name in CONTAINERS:
                pending.append((inside, end))


def _clean_iso(data: bytes) -> bytes:
    cleaned = bytearray(data)
    for name, inside, end in _iso_parts(data):
        if name in NOTES:
            long = data[inside - 16 : inside - 12] == b"\0\0\0\1"
            at = inside - (12 if long else 4)
            cleaned[at : at + 4] = b"free"
            cleaned[inside:end] = bytes(end - inside)
    return bytes(cleaned)


def _clean_webm(data: bytes) -> bytes:
    """Turn elements that hold notes into void ones (RFC 8794, 11.3)."""
    cleaned = bytearray(data)
    pending = [(0, len(data))]
    while pending:
        at, end = pending.pop()
        while at < end:
            number, inside = _ebml_id(data, at)
            length, inside = _ebml_size(data, inside)
            # Of unknown length, as in live recordings: up to the end, or read through.
            after = inside if length is None else min(inside + length, end)
            if number in (EBML_SEGMENT, EBML_INFO):
                after = end if length is None else after
                pending.append((inside, after))
            elif number in EBML_NOTES and length is not None:
                cleaned[at:after] = _ebml_void(after - at)
            at = after
    return bytes(cleaned)


def _ebml_id(data: bytes, at: int) -> tuple[int, int]:
    length = 9 - data[at].bit_length()
    if length > 4:
        raise ValueError("no EBML")
    return int.from_bytes(data[at : at + length]), at + length


def _ebml_size(data: bytes, at: int) -> tuple[int | None, int]:
    length = 9 - data[at].bit_length()
    if length > 8:
        raise ValueError("no EBML")
    bits = (1 << 7 * length) - 1
    size = int.from_bytes(data[at : at + length]) & bits
    return (None if size == bits else size), at + length


def _ebml_void(length: int) -> bytes:
    """Return an empty element that fills so many bytes, two at least."""
    if length < 9:
        return bytes([EBML_VOID, 0x80 | length - 2]) + bytes(length - 2)
    return bytes([EBML_VOID, 0x01]) + (length - 9).to_bytes(7) + bytes(length - 9)


def _clean_wav(data: bytes) -> bytes:
    cleaned = bytearray(data)
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = min(at + 8 + size, len(data))
        if data[at : at + 4] not in WAV_SOUND:
            cleaned[at : at + 4] = b"JUNK"
            cleaned[at + 8 : end] = bytes(end - at - 8)
        at = end + size % 2
    return bytes(cleaned)


def _clean_mp3(data: bytes) -> bytes:
    """Cut off ID3 tags, of both versions, and APE tags."""
    while data[:3] == b"ID3":
        sizes = data[6:10]
        size = sum(
            part << shift for part, shift in zip(sizes, (21, 14, 7, 0), strict=False)
        )
        data = data[10 + size + (10 if data[5] & 0x10 else 0) :]
    while True:
        if data[-128:-125] == b"TAG":
            data = data[:-128]
        elif data[-32:-24] == b"APETAGEX":
            size = int.from_bytes(data[-20:-16], "little")  # without its header
            size += 32 if data[-9] & 0x80 else 0
            data = data[: max(len(data) - max(size, 32), 0)]
        elif not data:
            raise ValueError("tags and no sound")
        else:
            return data
