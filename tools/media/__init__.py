"""Files that citizens and officers send: known by their content, cleaned, named anew.

Neither the name nor the declared type of an upload is believed. What is let in is a
short list of kinds. Pictures lose all metadata (:func:`clean_picture`), recordings of
telephones the place and the names noted in them (:func:`clean_recording`), documents
their makers (:func:`clean_pdf`). A file of which that cannot be done without harm is
:class:`Withheld`.

``kind``       accepted types
``picture``    JPEG, PNG, WEBP, GIF, TIFF, HEIC, AVIF
``video``      MP4, QuickTime, 3GP, WEBM, Matroska
``audio``      MP3, M4A, AAC, OGG, WAV, FLAC, AMR
``document``   PDF; DOCX, XLSX and ODT only where asked for (officers)
"""

from .boxes import MAX_BOXES, Box, checked_boxes, redact
from .iso import ISO_EPOCH
from .kinds import (
    AVIF,
    DOCX,
    HEIC,
    ISO_MEDIA,
    MATROSKA,
    MAX_BYTES,
    ODT,
    TYPES,
    XLSX,
    Media,
    MediaError,
    Withheld,
    inspect,
    safe_name,
)
from .pdf import PDF, clean_pdf
from .picture import clean_picture, likeness, thumbnail
from .recording import clean_recording, recording_notes
