"""What telephones note in recordings, read and blanked out."""

from __future__ import annotations

import struct

from .flac import clean_flac, essence_flac
from .iso import clean_iso, essence_iso, notes_of_iso
from .kinds import ISO_MEDIA, MATROSKA, MediaError, Withheld
from .matroska import clean_matroska, essence_matroska
from .mpeg import clean_adts, clean_mp3, essence_adts, essence_mp3
from .ogg import clean_ogg, essence_ogg
from .riff import clean_wav, essence_wav

# How each kind is cleaned, and what must be the same afterwards.
CLEANERS = {
    **dict.fromkeys(ISO_MEDIA, (clean_iso, essence_iso)),
    **dict.fromkeys(("video/webm", MATROSKA), (clean_matroska, essence_matroska)),
    "audio/ogg": (clean_ogg, essence_ogg),
    "audio/wav": (clean_wav, essence_wav),
    "audio/mpeg": (clean_mp3, essence_mp3),
    "audio/aac": (clean_adts, essence_adts),
    "audio/flac": (clean_flac, essence_flac),
}
MALFORMED = (IndexError, ValueError, OverflowError, struct.error)


def clean_recording(data: bytes, mimetype: str) -> bytes:
    """Return a recording without place, time, names and notes.

    See :func:`clean_iso`, :func:`clean_matroska`, :func:`clean_ogg`, :func:`clean_wav`,
    :func:`clean_mp3`, :func:`clean_flac`. AMR has no room for notes. What a player
    reads is compared before and after: where it differs, nothing is returned.

    :raise MediaError: broken.
    :raise Withheld: changed.
    """
    if mimetype not in CLEANERS:
        return data
    clean, essence = CLEANERS[mimetype]
    try:
        cleaned = clean(data)
    except MediaError as error:
        raise MediaError(error.code, mimetype) from error
    except MALFORMED as error:
        raise Withheld("changed", mimetype) from error
    try:
        if essence(cleaned) == essence(data):
            return cleaned
    except MALFORMED as error:
        raise Withheld("changed", mimetype) from error
    raise Withheld("changed", mimetype)


def recording_notes(data: bytes, mimetype: str) -> dict:
    """Return what a recording tells of itself: ``latitude``, ``longitude``,
    ``taken_at``; nothing of other kinds than MP4, QuickTime, 3GP and M4A.

    :raise MediaError: broken.
    """
    if mimetype not in ISO_MEDIA:
        return {}
    try:
        return notes_of_iso(data)
    except MediaError:
        raise
    except MALFORMED:
        return {}
