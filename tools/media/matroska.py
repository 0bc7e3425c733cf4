"""WEBM and Matroska (RFC 8794, RFC 9559): notes become void elements in place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from .vorbis import blank_private

HEADER, SEGMENT, INFO, TRACKS, TRACK = (
    *(0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE),
)
CLUSTER, BLOCK_GROUP, BLOCK, SIMPLE_BLOCK = 0x1F43B675, 0xA0, 0xA1, 0xA3
SEEK_HEAD, CUES, TAGS, CHAPTERS, ATTACHMENTS = (
    *(0x114D9B74, 0x1C53BB6B, 0x1254C367, 0x1043A770, 0x1941A469),
)
VOID, CHECKSUM = 0xEC, 0xBF
NUMBER, KIND, CODEC, PRIVATE = 0xD7, 0x83, 0x86, 0x63A2
MASTERS = (SEGMENT, INFO, TRACKS, TRACK, CLUSTER)
# One of these ends what is of unknown length before it.
IN_SEGMENT = (SEEK_HEAD, INFO, TRACKS, CUES, CLUSTER)
LEVEL_1 = (*IN_SEGMENT, TAGS, CHAPTERS, ATTACHMENTS)
# Unit and length of time. The programs' names there must be, so they are made empty.
IN_INFO = (0x2AD7B1, 0x4489)
PROGRAMS = (0x4D80, 0x5741)
# Of a track: its name, that of its codec with addresses and settings, links to files.
TRACK_NOTES = (0x536E, 0x258688, 0x3A9697, 0x3B4040, 0x26B240, 0x7446)
PLAYED = (1, 2)  # pictures, sound


class Element(NamedTuple):
    """An element: its number and its parent's, where it starts, its content, its end.

    ``is_sized``: its length is told; live recordings don't know it.
    """

    number: int
    parent: int
    start: int
    inside: int
    end: int
    is_sized: bool


class Track(NamedTuple):
    """A track: its number, whether it is played, its codec and that one's data."""

    number: int
    is_played: bool
    codec: bytes
    private: Element | None


def clean_matroska(data: bytes) -> bytes:
    """Blank what is neither picture nor sound, nor needed to play them.

    Gone are tags, titles, chapters, attached files, dates, names of programs, and
    tracks that are neither seen nor heard. Checksums are given up: they would be false.

    :raise ValueError: not laid out as it should be.
    """
    tracks = _tracks(data)
    cleaned = bytearray(data)
    for element, stays in _judged(data, tracks):
        if not stays:
            cleaned[element.start : element.end] = _void(element.end - element.start)
        elif element.number in PROGRAMS:
            cleaned[element.inside : element.end] = bytes(element.end - element.inside)
    for track in tracks.values():
        if track.is_played and track.private:
            start, end = track.private.inside, track.private.end
            cleaned[start:end] = _blank_private(data, track)
    return bytes(cleaned)


def essence_matroska(data: bytes) -> bytes:
    """Return a digest of all that a player reads of picture and sound."""
    tracks = _tracks(data)
    private = {
        track.private.start: track
        for track in tracks.values()
        if track.is_played and track.private
    }
    digest = hashlib.sha256()
    for element, stays in _judged(data, tracks):
        if not stays or element.number in PROGRAMS:
            continue
        digest.update(f"{element.number} {element.start} {element.end} ".encode())
        if element.start in private:
            digest.update(_blank_private(data, private[element.start]))
        elif element.number not in MASTERS:
            digest.update(memoryview(data)[element.inside : element.end])
    return digest.digest()


def elements(data: bytes) -> Iterator[Element]:
    """Yield every element down to tracks' and clusters' own, parents first.

    :raise ValueError, IndexError: no EBML.
    """
    at, parents = 0, [(0, len(data))]
    while at < len(data):
        number, inside = _number(data, at)
        size, inside = _size(data, inside)
        if number in LEVEL_1:
            while len(parents) > 1 and parents[-1][0] != SEGMENT:
                parents.pop()
        while at >= parents[-1][1]:
            parents.pop()
        parent, border = parents[-1]
        end = border if size is None else min(inside + size, border)
        if inside > border:
            raise ValueError("no EBML")
        yield Element(number, parent, at, inside, end, size is not None)
        if number in MASTERS:
            parents.append((number, end))
            at = inside
        else:
            at = end


def _judged(data: bytes, tracks: dict[int, Track]) -> Iterator[tuple[Element, bool]]:
    """Yield every element with whether it stays; nothing inside one that does not.

    :raise ValueError: one does not whose end is not known.
    """
    gone_to = 0
    for element in elements(data):
        if element.start < gone_to:
            continue
        stays = _stays(data, element, tracks)
        if not stays:
            if not element.is_sized:
                raise ValueError("notes of unknown length")
            gone_to = element.end
        yield element, stays


def _stays(data: bytes, element: Element, tracks: dict[int, Track]) -> bool:
    number = element.number
    if number in (VOID, CHECKSUM):
        return False
    if element.parent == 0:
        return number in (HEADER, SEGMENT)
    if element.parent == SEGMENT:
        return number in IN_SEGMENT
    if element.parent == INFO:
        return number in IN_INFO or number in PROGRAMS
    if element.parent == TRACKS:
        return number == TRACK and tracks[element.start].is_played
    if element.parent == TRACK:
        return number not in TRACK_NOTES
    if number in (SIMPLE_BLOCK, BLOCK_GROUP):
        return _block_track(data, element) in {
            track.number for track in tracks.values() if track.is_played
        }
    return True


def _tracks(data: bytes) -> dict[int, Track]:
    """Return the tracks by where they start.

    :raise ValueError: none is seen or heard.
    """
    tracks, starts, number = {}, [], 0
    for element in elements(data):
        number = element.number
        if number == TRACK and element.parent == TRACKS:
            starts.append((element.start, {}))
        elif element.parent == TRACK and number in (NUMBER, KIND, CODEC, PRIVATE):
            starts[-1][1][number] = element
        elif number == CLUSTER and starts:
            break
    for start, found in starts:
        value = {
            number: int.from_bytes(data[row.inside : row.end])
            for number, row in found.items()
            if number in (NUMBER, KIND)
        }
        codec = found.get(CODEC)
        tracks[start] = Track(
            value.get(NUMBER, 0),
            value.get(KIND) in PLAYED,
            data[codec.inside : codec.end] if codec else b"",
            found.get(PRIVATE),
        )
    if tracks and not any(track.is_played for track in tracks.values()):
        raise ValueError("nothing to see or hear")
    return tracks


def _block_track(data: bytes, element: Element) -> int | None:
    """Return the number of the track that a block belongs to."""
    at = element.inside
    if element.number == SIMPLE_BLOCK:
        return _size(data, at)[0]
    while at < element.end:
        number, at = _number(data, at)
        size, at = _size(data, at)
        if number == BLOCK:
            return _size(data, at)[0]
        at += size or 0
    return None


def _blank_private(data: bytes, track: Track) -> bytes:
    private = bytearray(data[track.private.inside : track.private.end])
    blank_private(private, track.codec)
    return bytes(private)


def _number(data: bytes, at: int) -> tuple[int, int]:
    length = 9 - data[at].bit_length()
    if length > 4:
        raise ValueError("no EBML")
    return int.from_bytes(data[at : at + length]), at + length


def _size(data: bytes, at: int) -> tuple[int | None, int]:
    """Return (length of what follows, None if it is not told, where it follows)."""
    length = 9 - data[at].bit_length()
    if length > 8:
        raise ValueError("no EBML")
    bits = (1 << 7 * length) - 1
    size = int.from_bytes(data[at : at + length]) & bits
    return (None if size == bits else size), at + length


def _void(length: int) -> bytes:
    """Return an empty element that fills so many bytes, two at least (11.3)."""
    if length < 9:
        return bytes([VOID, 0x80 | length - 2]) + bytes(length - 2)
    return bytes([VOID, 0x01]) + (length - 9).to_bytes(7) + bytes(length - 9)
