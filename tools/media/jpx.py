"""Notes in JPEG 2000 (ITU-T T.800, annexes A and I). Imports nothing: see pdf_rewrite.

They are blanked in place, for some files tell where their parts lie.
"""

# What a decoder needs; ``uuid`` and ``xml`` hold EXIF and XMP, ``asoc`` places.
KEPT = frozenset(
    (
        *(b"jP  ", b"ftyp", b"rreq", b"jp2h", b"jpch", b"jplh", b"jp2c"),
        *(b"ftbl", b"mdat", b"comp", b"copt", b"inst", b"cref", b"dtbl"),
    )
)
START, COMMENT, TILE, DATA, END = b"\xff\x4f", 0xFF64, 0xFF90, 0xFF93, 0xFFD9


def blank(data):
    """Blank what cameras and programs note; the picture stays as it is.

    :raise IndexError: cut off.
    """
    blanked = bytearray(data)
    if data.startswith(START):
        _blank_comments(data, blanked, 0, len(data))
        return bytes(blanked)
    at = 0
    while at < len(data):
        size, name, inside = _number(data, at, 4), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, inside = _number(data, at + 8, 8), at + 16
        end = at + size if size else len(data)
        if end > len(data) or end < inside:
            raise IndexError("a box is cut off")
        if name not in KEPT:
            blanked[at + 4 : at + 8] = b"free"
            blanked[inside:end] = bytes(end - inside)
        elif name == b"jp2c":
            _blank_comments(data, blanked, inside, end)
        at = end
    return bytes(blanked)


def _blank_comments(data, blanked, at, end):
    """Blank the comments of a codestream, in its head and in those of its tiles."""
    at, tile_end = at + 2, end
    while at + 2 <= end:
        marker = _number(data, at, 2)
        if marker == END:
            return
        if marker == DATA:
            at = tile_end
            continue
        size = _number(data, at + 2, 2)
        if marker == TILE:
            length = _number(data, at + 6, 4)
            tile_end = at + length if length else end
            if tile_end <= at:
                raise IndexError("a tile is cut off")
        elif marker == COMMENT:
            blanked[at + 4 : at + 2 + size] = bytes(size - 2)
        at += 2 + size


def _number(data, at, length):
    if at + length > len(data):
        raise IndexError("a number is cut off")
    return int.from_bytes(data[at : at + length], "big")
