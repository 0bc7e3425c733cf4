"""ISO base media files (ISO/IEC 14496-12) and QuickTime: MP4, MOV, 3GP, M4A.

What a file tells besides picture and sound is blanked in place: nothing moves, so that
every offset in its tables stays true.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import chain

from .iso_samples import Range, clipped, fragment_runs, merged, track_ranges
from .iso_tree import Node, parse

# What may stay in each box; all else becomes empty space.
KEPT = {
    b"": b"ftyp styp moov moof mdat mfra sidx ssix pdin",
    b"moov": b"mvhd iods trak mvex",
    b"mvex": b"mehd trex leva",
    b"trak": b"tkhd edts mdia tref tapt load",
    b"tref": b"auxl cdep hind sbas scal vdep vplx",
    b"edts": b"elst",
    b"mdia": b"mdhd hdlr minf elng",
    b"minf": b"vmhd smhd hmhd nmhd sthd gmhd hdlr dinf stbl",
    b"dinf": b"dref",
    b"stbl": b"stsd stts ctts cslg stss stps stsc stsz stz2 stco co64 sdtp sbgp sgpd "
    b"subs saiz saio padb stdp stsh",
    b"moof": b"mfhd traf",
    b"traf": b"tfhd tfdt trun sbgp sgpd subs saiz saio sdtp",
    b"mfra": b"tfra mfro",
}
KEPT = {box: frozenset(names.split()) for box, names in KEPT.items()}
NOTES = (b"udta", b"meta", b"uuid")
# Tracks that are seen or heard; others tell positions, times of day, words.
PLAYED = (b"vide", b"soun", b"auxv")
# Brands that name a standard and not a maker.
STANDARD_BRAND = re.compile(
    rb"iso.|mp4[12]|avc1|hvc1|hev1|av01|dash|msdh|msix|cm[f2].|M4[ABV] |3g[2ps].|3ge.|"
    rb"qt  |f4[va] |mp71|lmsg|hlsf"
)
# ISO 6709, as telephones note a place: +16.4636+107.5955+012.3/
PLACE = re.compile(
    rb"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?/"
)
# Seconds in these files count from here.
ISO_EPOCH = datetime(1904, 1, 1, tzinfo=timezone.utc)
# Names of a codec by which players tell one layout of bytes from another.
TELLING_NAMES = (b"Planar", b"Sorenson")


def clean_iso(data: bytes) -> bytes:
    """Blank what is neither picture nor sound, nor needed to play them.

    Gone are ``udta``, ``meta``, ``uuid`` and every box that is not known, tracks of
    positions, times of day and words, all dates, the names of makers and programs, and
    what lies between the samples.

    :raise ValueError: not laid out as it should be, or it plays other files.
    """
    root = parse(data, KEPT)
    if any(node.name == b"cmov" for node in root.all()):
        raise ValueError("the index is compressed")
    played = _played(data, root)
    cleaned = bytearray(data)
    for node in _superfluous(data, root, played):
        _make_free(cleaned, node)
    for start, end in _telling_fields(data, root, played):
        cleaned[start:end] = bytes(end - start)
    for node in root.named(b"ftyp", b"styp"):
        _standard_brands(cleaned, node)
    _blank_between(cleaned, root, _sample_ranges(data, root, played))
    return bytes(cleaned)


def essence_iso(data: bytes) -> bytes:
    """Return a digest of all that a player reads of picture and sound.

    It is the same before and after :func:`clean_iso`, or the file was harmed.

    :raise ValueError: not laid out as it should be.
    """
    root = parse(data, KEPT)
    played = _played(data, root)
    left_out = {node.start for node in _superfluous(data, root, played)}
    blank = bytearray(data)
    for start, end in _telling_fields(data, root, played):
        blank[start:end] = bytes(end - start)
    digest = hashlib.sha256()
    for node in root.kept(left_out):
        if node.name in (b"ftyp", b"styp", b"mdat"):
            continue
        head = f"{node.name!r} {node.start} {node.end} "
        digest.update(head.encode())
        if not node.children:
            digest.update(blank[node.inside : node.end])
    for start, end in _sample_ranges(data, root, played):
        digest.update(f"{start} {end} ".encode())
        digest.update(memoryview(data)[start:end])
    return digest.digest()


def notes_of_iso(data: bytes) -> dict:
    """Return ``latitude``, ``longitude``, ``taken_at`` if a file tells them."""
    notes = {}
    for node in parse(data, KEPT).all():
        if node.name in NOTES:
            match = PLACE.search(data, node.inside, node.end)
            place = match and (float(match[1]), float(match[2]))
            if place and abs(place[0]) <= 90 and abs(place[1]) <= 180 and any(place):
                notes["latitude"], notes["longitude"] = place
        elif node.name == b"mvhd":
            start, end = _dates(data, node)
            seconds = int.from_bytes(data[start : (start + end) // 2])
            # Zero and the years before digital cameras: a clock that was never set.
            if 2_700_000_000 < seconds < 2**32:
                notes["taken_at"] = ISO_EPOCH + timedelta(seconds=seconds)
    return notes


# --- what is kept --------------------------------------------------------------------


def _tracks(root: Node) -> Iterator[Node]:
    for movie in root.named(b"moov"):
        yield from movie.named(b"trak")


def _played(data: bytes, root: Node) -> dict[int, Node]:
    """Return the tracks that are seen or heard, by their ids.

    :raise ValueError: there are tracks, but none of these; two have one id.
    """
    tracks = list(_tracks(root))
    played = {}
    for track in tracks:
        if _handler(data, track) in PLAYED:
            number = _track_id(data, track)
            if number in played:
                raise ValueError("two tracks of one id")
            played[number] = track
    if tracks and not played:
        raise ValueError("nothing to see or hear")
    return played


def _handler(data: bytes, track: Node) -> bytes:
    """Return what a track is: ``vide``, ``soun``…"""
    node = track.path(b"mdia", b"hdlr")
    return data[node.inside + 8 : node.inside + 12] if node else b""


def _track_id(data: bytes, track: Node) -> int:
    header = track.path(b"tkhd")
    if header is None:
        raise ValueError("a track without a header")
    at = _dates(data, header)[1]
    return int.from_bytes(data[at : at + 4])


def _superfluous(data: bytes, root: Node, played: dict[int, Node]) -> Iterator[Node]:
    """Yield the boxes that become empty space."""
    kept = {track.start for track in played.values()}
    for node in root.all():
        if not node.is_known or (node.name == b"trak" and node.start not in kept):
            yield node
        elif node.name == b"traf":
            header = node.path(b"tfhd")
            number = header and data[header.inside + 4 : header.inside + 8]
            if number and int.from_bytes(number) not in played:
                yield node
        elif node.name == b"tref":
            yield from (
                reference
                for reference in node.children
                if reference.is_known
                and not set(_numbers(data, reference)) <= played.keys()
            )


def _numbers(data: bytes, node: Node) -> Iterator[int]:
    for at in range(node.inside, node.end - 3, 4):
        yield int.from_bytes(data[at : at + 4])


def _sample_ranges(data: bytes, root: Node, played: dict[int, Node]) -> list[Range]:
    """Return where the picture and sound of these tracks lie, in their order."""
    others = [track for track in _tracks(root) if track not in played.values()]
    ranges = track_ranges(data, root, list(played.values()), others)
    return clipped(chain(ranges, fragment_runs(data, root, played.keys())), len(data))


# --- what is blanked -----------------------------------------------------------------


def _make_free(cleaned: bytearray, node: Node) -> None:
    cleaned[node.start + 4 : node.start + 8] = b"free"
    cleaned[node.inside : node.end] = bytes(node.end - node.inside)


def _blank_between(cleaned: bytearray, root: Node, ranges: list[Range]) -> None:
    """Blank what no sample of a track that is played refers to."""
    kept = merged(ranges)
    for node in root.named(b"mdat"):
        at = node.inside
        for start, end in kept:
            if end <= at or start >= node.end:
                continue
            if start > at:
                cleaned[at:start] = bytes(start - at)
            at = min(end, node.end)
        cleaned[at : node.end] = bytes(node.end - at)


def _standard_brands(cleaned: bytearray, node: Node) -> None:
    """Replace brands that name a maker by the first that names a standard."""
    places = [node.inside, *range(node.inside + 8, node.end - 3, 4)]
    brands = [bytes(cleaned[at : at + 4]) for at in places]
    standard = [brand for brand in brands if STANDARD_BRAND.fullmatch(brand)]
    for at, brand in zip(places, brands, strict=True):
        if brand not in standard:
            cleaned[at : at + 4] = standard[0] if standard else b"isom"
    if brands[:1] == [b"qt  "]:
        # QuickTime notes a date here, others a version that no player reads.
        cleaned[node.inside + 4 : node.inside + 8] = bytes(4)


def _telling_fields(
    data: bytes, root: Node, played: dict[int, Node]
) -> Iterator[Range]:
    """Yield the fields of boxes that stay which tell when, with what, by whom."""
    for movie in root.named(b"moov"):
        yield from (_dates(data, node) for node in movie.named(b"mvhd"))
    for track in played.values():
        handler = _handler(data, track)
        for node in track.all():
            if not node.is_known:
                continue
            if node.name in (b"tkhd", b"mdhd"):
                yield _dates(data, node)
            elif node.name == b"hdlr":  # the program that handled the track
                yield min(node.inside + 12, node.end), node.end
            elif node.name == b"stsd":
                yield from _sample_entry_fields(data, node, handler != b"soun")
            elif node.name == b"dref":
                yield from _reference_fields(data, node)


def _dates(data: bytes, node: Node) -> Range:
    """Return where a header holds its dates of creation and change."""
    length = 16 if data[node.inside] == 1 else 8
    if node.inside + 4 + length > node.end:
        return node.end, node.end
    return node.inside + 4, node.inside + 4 + length


def _entries(data: bytes, node: Node) -> Iterator[Range]:
    """Yield the entries of a box that counts them.

    :raise ValueError: one is cut off.
    """
    at = node.inside + 8
    for _number in range(int.from_bytes(data[node.inside + 4 : at])):
        size = int.from_bytes(data[at : at + 4])
        if size < 8 or at + size > node.end:
            raise ValueError("an entry is cut off")
        yield at, at + size
        at += size


def _sample_entry_fields(data: bytes, node: Node, is_picture: bool) -> Iterator[Range]:
    """Yield the maker's codes and the name of the program that encoded."""
    for start, end in _entries(data, node):
        if end - start < 36:
            continue
        yield start + 20, start + 24
        for vendor in (b"damr", b"d263"):  # in 3GP files (3GPP TS 26.244)
            at = data.find(vendor, start, end - 8)
            if at > 0:
                yield at + 4, at + 8
        name = data[start + 50 : start + 82]
        if is_picture and end - start >= 86:
            if not any(telling in name for telling in TELLING_NAMES):
                yield start + 50, start + 82


def _reference_fields(data: bytes, node: Node) -> Iterator[Range]:
    """Yield what names the file of the media, once it is this one.

    :raise ValueError: it is another.
    """
    for start, end in _entries(data, node):
        if not int.from_bytes(data[start + 8 : start + 12]) & 1:
            raise ValueError("it plays another file")
        yield start + 12, end
