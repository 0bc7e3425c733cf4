"""Files that citizens and officers send: known by their content, cleaned, named anew.

Neither the name nor the declared type of an upload is believed. What is let in is a
short list of kinds. Pictures lose all metadata (:func:`clean_picture`), recordings of
telephones the place and the names noted in them (:func:`clean_recording`).

``kind``       accepted types
``picture``    JPEG, PNG, WEBP, GIF, and HEIC if ``pillow_heif`` is installed
``video``      MP4, QuickTime, 3GP, WEBM
``audio``      MP3, M4A, OGG, WAV, AMR
``document``   PDF; DOCX, XLSX and ODT only where asked for (officers)
"""

from .boxes import MAX_BOXES, Box, checked_boxes, redact
from .kinds import (
    DOCX,
    HEIC,
    ISO_MEDIA,
    MAX_BYTES,
    ODT,
    TYPES,
    XLSX,
    Media,
    MediaError,
    inspect,
    pillow_heif,
    safe_name,
)
from .picture import clean_picture, likeness, thumbnail
from .recording import ISO_EPOCH, clean_recording, recording_notes
