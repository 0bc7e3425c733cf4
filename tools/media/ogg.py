"""Sound in OGG files (RFC 3533): comments blanked, other streams left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from .vorbis import blank_comments, blank_flac_block

# How a stream begins, and where in its second packet the comments do.
VORBIS, OPUS, SPEEX, FLAC = b"\x01vorbis", b"OpusHead", b"Speex   ", b"\x7fFLAC"
COMMENTS_AT = {VORBIS: 7, OPUS: 8, SPEEX: 0}
FIRST, CONTINUED = 2, 1


class Page(NamedTuple):
    """A page: where it starts, its content, its end."""

    start: int
    inside: int
    end: int


def clean_ogg(data: bytes) -> bytes:
    """Blank the comments of each stream of sound and leave out every other stream.

    Each page keeps its length; its checksum is made right again.

    :raise ValueError: without sound, or the comments are cut off.
    """
    cleaned = bytearray(data)
    kept = []
    for codec, pages_of, packets in _streams(data):
        if codec is None:
            continue
        kept += pages_of
        for parts in packets:
            packet = bytearray(b"".join(data[start:end] for start, end in parts))
            _blank(packet, codec)
            for start, end in parts:
                cleaned[start:end] = packet[: end - start]
                del packet[: end - start]
    if not kept:
        raise ValueError("no sound")
    for page in kept:
        if cleaned[page.start : page.end] != data[page.start : page.end]:
            at = page.start + 22
            cleaned[at : at + 4] = bytes(4)
            cleaned[at : at + 4] = checksum(cleaned[page.start : page.end])
    return b"".join(cleaned[page.start : page.end] for page in sorted(kept))


def essence_ogg(data: bytes) -> list[bytes]:
    """Return a digest of each stream of sound, its comments left out."""
    digests = []
    for codec, pages_of, packets in _streams(data):
        if codec is None:
            continue
        digest = hashlib.sha256()
        notes = {place for parts in packets for place in parts}
        for page in pages_of:
            digest.update(data[page.start : page.start + 22])
            for place in lacing(data, page):
                digest.update(f"{place[1] - place[0]} ".encode())
                if place not in notes:
                    digest.update(data[slice(*place)])
        digests.append(digest.digest())
    return digests


def _blank(packet: bytearray, codec: bytes) -> None:
    if codec == FLAC:
        blank_flac_block(packet)
    else:
        blank_comments(packet, COMMENTS_AT[codec], ends_with_bit=codec == VORBIS)


def pages(data: bytes) -> Iterator[Page]:
    """Yield the whole pages (RFC 3533, 6), whatever stands between them."""
    at = data.find(b"OggS")
    while 0 <= at <= len(data) - 27:
        inside = at + 27 + data[at + 26]
        end = inside + sum(data[at + 27 : inside])
        if end <= len(data):
            yield Page(at, inside, end)
            at = end - 1
        at = data.find(b"OggS", at + 1)


def lacing(data: bytes, page: Page) -> Iterator[tuple[int, int]]:
    """Yield the places of the pieces of packets in a page; one of 255 goes on."""
    at = page.inside
    for size in data[page.start + 27 : page.inside]:
        yield at, at + size
        at += size


def _streams(data: bytes) -> list[tuple[bytes | None, list[Page], list[list]]]:
    """Return of each stream its codec, None if it is no sound, its pages, and the
    packets that hold notes, as places of their pieces.

    :raise ValueError: these are cut off.
    """
    streams, now = [], {}
    for page in pages(data):
        serial = data[page.start + 14 : page.start + 18]
        if data[page.start + 5] & FIRST or serial not in now:
            codec = next(
                (c for c in (*COMMENTS_AT, FLAC) if data.startswith(c, page.inside)),
                None,
            )
            now[serial] = _Stream(codec)
            streams.append(now[serial])
        now[serial].add(data, page)
    for stream in streams:
        if stream.codec and not stream.is_done:
            raise ValueError("comments are cut off")
    return [(stream.codec, stream.pages, stream.notes) for stream in streams]


class _Stream:
    """A stream as its pages come."""

    def __init__(self, codec: bytes | None):
        self.codec = codec
        self.pages: list[Page] = []
        self.notes: list[list[tuple[int, int]]] = []
        self.is_done = False
        self._number = 0
        self._pieces: list[tuple[int, int]] = []

    def add(self, data: bytes, page: Page) -> None:
        self.pages.append(page)
        if not self.codec or self.is_done:
            return
        for start, end in lacing(data, page):
            if self._number and not self.is_done:
                self._pieces.append((start, end))
            if end - start == 255:
                continue
            if self._pieces:
                self.notes.append(self._pieces)
                first = data[self._pieces[0][0]]
                # FLAC has one packet for each block, the last with its first bit set.
                self.is_done = self.codec != FLAC or bool(first & 0x80)
                self._pieces = []
            self._number += 1


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        crc = byte << 24
        for _bit in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(crc)
    return table


CRC = _crc_table()


def checksum(page: bytes) -> bytes:
    """Return the checksum of a page whose own field is zero."""
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ CRC[crc >> 24 ^ byte]
    return crc.to_bytes(4, "little")
