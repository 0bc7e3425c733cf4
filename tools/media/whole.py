"""Whether a picture has all its bytes: decoders draw what is missing in grey."""

from __future__ import annotations

import zlib

from .kinds import HEIC, box_names


def is_whole(data: bytes, mimetype: str) -> bool:
    """Tell whether a picture goes on to its end.

    Decoders tell as well, but not within Odoo, which sets ``LOAD_TRUNCATED_IMAGES`` for
    the whole process; only that of WEBP does not heed it.

    :raise MediaError: broken.
    """
    try:
        if mimetype == "image/jpeg":
            return _jpeg_ends(data)
        if mimetype == "image/png":
            return _png_ends(data)
        if mimetype == "image/gif":
            return _gif_ends(data)
    except IndexError:
        return False
    return mimetype != HEIC or b"meta" in box_names(data)


def _jpeg_ends(data: bytes) -> bool:
    """Tell whether an end follows the first scan (within EXIF there are others)."""
    at = 2
    while (at := data.find(b"\xff", at)) >= 0:
        marker = data[at + 1]
        if marker == 0xDA:
            return data.find(b"\xff\xd9", at) > 0
        if marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD8:  # of no length
            at += 1
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


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
