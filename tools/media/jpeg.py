"""The segments of a JPEG (ITU-T T.81, annex B). Imports nothing: see pdf_rewrite."""

import re

# In coded data: a marker that is not one of restart, nor a byte that is no marker.
IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
FRAMES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC)))
FRAMES |= {0xCD, 0xCE, 0xCF}
PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))
SCAN, END = 0xDA, 0xD9
# Of what programs note, decoders need how colours are coded.
KEPT_NOTES = (0xE0, 0xEE)


def segments(data, at=2):
    """Yield (marker, start, end) from the first to the end of the picture.

    A scan ends where its coded data does. The last one goes to the end of what there is
    if no end follows.

    :raise IndexError: a segment is cut off.
    """
    while (at := data.find(b"\xff", at)) >= 0:
        marker = data[at + 1]
        if marker == END:
            yield marker, at, at + 2
            return
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:  # of no length
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data):
            raise IndexError("a segment is cut off")
        if marker == SCAN:
            found = IN_SCAN.search(data, end)
            end = found.start() if found else len(data)
        yield marker, at, end
        at = end


def has_end(data):
    """Tell whether an end follows the last scan (within EXIF there are others)."""
    return any(marker == END for marker, _start, _end in segments(data))


def scans(data):
    """Return the number of scans, and whether a decoder has to hold them all at once.

    It has if the first does not hold every component of every part.
    """
    count, components, is_held = 0, 0, False
    for marker, start, _end in segments(data):
        if marker in FRAMES:
            components = data[start + 9]
            is_held = marker in PROGRESSIVE
        elif marker == SCAN:
            count += 1
            is_held = is_held or data[start + 4] != components
    return count, is_held


def strip(data):
    """Leave out what cameras and programs note, and all behind the end.

    The coded picture stays as it is.
    """
    kept = [data[:2]]
    for marker, start, end in segments(data):
        is_note = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if not is_note or marker in KEPT_NOTES:
            kept.append(data[start:end])
    return b"".join(kept)
