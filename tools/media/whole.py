"""Whether a picture has all its bytes: decoders draw what is missing in grey."""

from __future__ import annotations

import io
import math
import zlib

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from . import jpeg
from .kinds import AVIF, HEIC, box_names

# Of the rows of a JPEG without an end so many must be there.
NEARLY_ALL = 0.9
# A progressive one without an end is seen whole, if less sharp, after so many scans.
ENOUGH_SCANS = 7
# Rows of the blocks that a decoder holds back until the next ones come.
LAST_BLOCKS = 32
# TIFF: where the strips or tiles begin, and their lengths.
TIFF_PARTS = ((273, 279), (324, 325))
# What a directory holds: bit 0 for a small version of another page (TIFF 6.0, 8).
SUBFILE_TYPE, REDUCED = 254, 1
MAX_PAGES = 1000


def is_whole(data: bytes, mimetype: str) -> bool:
    """Tell whether a picture goes on to its end, as far as its parts tell.

    Of a JPEG see :func:`mended`, of a TIFF :func:`has_its_parts`.

    Decoders tell as well, but not within Odoo, which sets ``LOAD_TRUNCATED_IMAGES`` for
    the whole process; only that of WEBP does not heed it.

    :raise MediaError: broken.
    """
    try:
        if mimetype == "image/jpeg":
            return jpeg.scans(data)[0] > 0
        if mimetype == "image/png":
            return _png_ends(data)
        if mimetype == "image/gif":
            return _gif_ends(data)
    except IndexError:
        return False
    return mimetype not in (HEIC, AVIF) or b"meta" in box_names(data)


def mended(data: bytes, max_side: int) -> Image.Image | None:
    """Decode a JPEG without an end if nearly all of it is there.

    Cameras and chat programs cut it off; decoders draw in grey what is missing.

    :return: the picture, without the last rows where they are missing; None if too
        much is
    """
    count, is_held = jpeg.scans(data)
    if is_held and count < ENOUGH_SCANS:
        return None
    image = JpegImageFile(io.BytesIO(data + b"\xff\xd9"))
    height = image.height
    image.draft(None, (max_side, max_side))
    image.load()
    if is_held:
        return image
    rows = _decoded_rows(JpegImageFile(io.BytesIO(data)), max_side)
    if rows < NEARLY_ALL * image.height:
        return None
    # What was decoded of the last blocks was not given out.
    rows += math.ceil(LAST_BLOCKS * image.height / height)
    return image.crop((0, 0, image.width, min(rows, image.height)))


def _decoded_rows(image: Image.Image, max_side: int) -> int:
    """Return how many rows come out before the data ends."""
    image.draft(None, (max_side, max_side))
    # Without the end that Pillow makes up, rows that are missing stay black.
    image.load_read = image.fp.read
    try:
        image.load()
    except OSError:
        image.tile = []  # what there is has been decoded
        image.load()
    box = image.getbbox()
    return box[3] if box else 0


def has_its_parts(image: Image.Image, length: int) -> bool:
    """Tell whether all parts of the first picture of a TIFF lie in the file."""
    tags = image.tag_v2
    for offsets, lengths in TIFF_PARTS:
        if offsets in tags and lengths in tags:
            pairs = zip(tags[offsets], tags[lengths], strict=True)
            return all(0 < start < start + size <= length for start, size in pairs)
    return False


def tiff_pages(data: bytes) -> int:
    """Return how many pages a TIFF has, small versions of a page not counted; at most
    ``MAX_PAGES``."""
    order = "little" if data[:2] == b"II" else "big"

    def number(at, length):
        return int.from_bytes(data[at : at + length], order)

    at, seen, pages = number(4, 4), set(), 0
    while at and at not in seen and len(seen) < MAX_PAGES:
        seen.add(at)
        end = at + 2 + 12 * number(at, 2)
        kinds = [
            number(entry + 8, 4)
            for entry in range(at + 2, min(end, len(data)), 12)
            if number(entry, 2) == SUBFILE_TYPE
        ]
        pages += not any(kind & REDUCED for kind in kinds)
        at = number(end, 4)
    return max(pages, 1)


def _png_ends(data: bytes) -> bool:
    """Tell whether the chunks lead to an end, and those of pixels are sound."""
    at = 8
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if name == b"IEND":
            return True
        checksum = int.from_bytes(data[end : end + 4], "big")
        if name == b"IDAT" and zlib.crc32(data[at + 4 : end]) != checksum:
            return False
        at = end + 4
    return False


def _gif_ends(data: bytes) -> bool:
    """Tell whether the blocks lead to an end (GIF89a, appendix B).

    :raise IndexError: it stops before.
    """
    at = 13 + _gif_colours(data[10])
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            at += 11 + _gif_colours(data[at + 9])
        elif data[at] == 0x21:
            at += 2
        else:
            return False
        while data[at]:  # blocks of data, up to one of no length
            at += 1 + data[at]
        at += 1
    return True


def _gif_colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0
