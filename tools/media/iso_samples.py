"""Where the samples of an ISO base media file lie (ISO/IEC 14496-12, 8.7 and 8.8)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate

from .iso_tree import Node

Range = tuple[int, int]


def track_ranges(
    data: bytes, root: Node, played: list[Node], others: list[Node]
) -> Iterator[Range]:
    """Yield the place of each chunk of these tracks.

    Uncompressed and old QuickTime sound counts its samples in ways of its own: there a
    chunk goes on to the next of any track, or to the end of its box.
    """
    tables = [track.path(b"mdia", b"minf", b"stbl") for track in (*played, *others)]
    offsets = [_offsets(data, table) for table in tables]
    borders = sorted(
        {offset for row in offsets for offset in row}
        | {node.start for node in root.children}
        | {len(data)}
    )
    for table, row in zip(tables[: len(played)], offsets, strict=False):
        counts = _samples_per_chunk(data, table, len(row)) if row else []
        constant, sizes = _sizes(data, table)
        ends = list(accumulate(sizes, initial=0))
        at = 0
        for offset, count in zip(row, counts, strict=True):
            if constant:
                following = borders[bisect_right(borders, offset) :][:1]
                yield offset, max(offset + count * constant, *following, offset)
            else:
                first, at = min(at, len(sizes)), min(at + count, len(sizes))
                yield offset, offset + ends[at] - ends[first]


def fragment_runs(data: bytes, root: Node, played: Collection[int]) -> Iterator[Range]:
    """Yield the place of each run of samples in fragments."""
    defaults = {}
    for movie in root.named(b"moov"):
        for extends in movie.named(b"mvex"):
            for node in extends.named(b"trex"):
                number, *_values = struct.unpack_from(">5I", data, node.inside + 4)
                defaults[number] = _values[2]
    for moof in root.named(b"moof"):
        before = moof.start  # where the data of the fragment before ends
        for traf in moof.named(b"traf"):
            header = traf.path(b"tfhd")
            if header is None:
                continue
            number, base, size = _fragment_header(data, header, moof.start, before)
            at = base
            for run in traf.named(b"trun"):
                start, at = _run(
                    data, run, base, at, size if size else defaults.get(number, 0)
                )
                if number in played:
                    yield start, at
            before = at


def clipped(ranges: Iterable[Range], end: int) -> list[Range]:
    """Return those that lie in the file, the last bytes of one that does not."""
    return [(start, min(stop, end)) for start, stop in ranges if start < min(stop, end)]


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Return the ranges in order of their places, those that touch as one."""
    rows: list[list[int]] = []
    for start, end in sorted(ranges):
        if rows and start <= rows[-1][1]:
            rows[-1][1] = max(rows[-1][1], end)
        else:
            rows.append([start, end])
    return [(start, end) for start, end in rows]


def _table(data: bytes, node: Node, at: int, count: int, kind: str) -> tuple[int, ...]:
    """Return numbers that a box holds, no more than it has room for."""
    room = (node.end - node.inside - at) // struct.calcsize(kind)
    return struct.unpack_from(
        f">{max(0, min(count, room))}{kind}", data, node.inside + at
    )


def _offsets(data: bytes, table: Node | None) -> tuple[int, ...]:
    for name, kind in ((b"stco", "I"), (b"co64", "Q")):
        node = table and table.path(name)
        if node:
            (count,) = struct.unpack_from(">I", data, node.inside + 4)
            return _table(data, node, 8, count, kind)
    return ()


def _samples_per_chunk(data: bytes, table: Node, chunks: int) -> list[int]:
    node = table.path(b"stsc")
    if node is None:
        raise ValueError("chunks of no known size")
    (count,) = struct.unpack_from(">I", data, node.inside + 4)
    numbers = _table(data, node, 8, 3 * count, "I")
    rows = list(zip(numbers[::3], numbers[1::3], strict=False))
    counts: list[int] = []
    for index, (first, samples) in enumerate(rows):
        after = rows[index + 1][0] if index + 1 < len(rows) else chunks + 1
        counts += [samples] * (min(after, chunks + 1) - max(first, len(counts) + 1))
    if len(counts) != chunks:
        raise ValueError("chunks of no known size")
    return counts


def _sizes(data: bytes, table: Node | None) -> tuple[int, tuple[int, ...]]:
    """Return (the size of every sample or 0, else the size of each)."""
    node = table and table.path(b"stsz")
    if node:
        constant, count = struct.unpack_from(">2I", data, node.inside + 4)
        return constant, () if constant else _table(data, node, 12, count, "I")
    node = table and table.path(b"stz2")
    if not node:
        return 0, ()
    width, count = struct.unpack_from(">2I", data, node.inside + 4)
    if width & 0xFF == 4:
        packed = _table(data, node, 12, (count + 1) // 2, "B")
        halves = [half for byte in packed for half in (byte >> 4, byte & 15)]
        return 0, tuple(halves[:count])
    return 0, _table(data, node, 12, count, "H" if width & 0xFF == 16 else "B")


def _fragment_header(
    data: bytes, node: Node, moof: int, before: int
) -> tuple[int, int, int]:
    """Return (track id, where offsets count from, default size or 0)."""
    flags, number = struct.unpack_from(">2I", data, node.inside)
    at, base, size = node.inside + 8, before, 0
    if flags & 0x1:
        (base,) = struct.unpack_from(">Q", data, at)
        at += 8
    elif flags & 0x20000:
        base = moof
    at += 4 * bool(flags & 0x2) + 4 * bool(flags & 0x8)
    if flags & 0x10:
        (size,) = struct.unpack_from(">I", data, at)
    return number, base, size


def _run(data: bytes, node: Node, base: int, at: int, size: int) -> Range:
    """Return the place of a run.

    :param at: where the run before ended
    :param size: of every sample, where the run does not tell
    """
    flags, count = struct.unpack_from(">2I", data, node.inside)
    place = node.inside + 8
    if flags & 0x1:
        (offset,) = struct.unpack_from(">i", data, place)
        at = base + offset
        place += 4
    place += 4 * bool(flags & 0x4)
    if not flags & 0x200:
        return at, at + count * size
    width = 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
    before = 4 * bool(flags & 0x100)
    if place + count * width > node.end:
        raise ValueError("a run is cut off")
    sizes = struct.unpack_from(f">{count * width // 4}I", data, place)
    return at, at + sum(sizes[before // 4 :: width // 4])
