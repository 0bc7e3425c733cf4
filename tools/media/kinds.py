"""What a file is, by its content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

import pillow_heif

# Imported by name: Odoo keeps Pillow from loading plugins by itself.
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from . import flac, mpeg

try:
    import magic
except ImportError:  # without libmagic, refused types go unnamed
    magic = None

pillow_heif.register_heif_opener(thumbnails=False)

MAX_BYTES = 25 * 1024 * 1024
# An office document is a ZIP archive: bounds on what it says it unpacks to.
MAX_MEMBERS = 5_000
MAX_UNPACKED = 200 * 1024 * 1024

HEIC = "image/heic"
AVIF = "image/avif"
MATROSKA = "video/x-matroska"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
OFFICE_TYPES = (DOCX, XLSX, ODT)

# mimetype -> (kind, extension of the names that we give)
TYPES = {
    "image/jpeg": ("picture", "jpg"),
    "image/png": ("picture", "png"),
    "image/webp": ("picture", "webp"),
    "image/gif": ("picture", "gif"),
    "image/tiff": ("picture", "tif"),
    HEIC: ("picture", "heic"),
    AVIF: ("picture", "avif"),
    "video/mp4": ("video", "mp4"),
    "video/quicktime": ("video", "mov"),
    "video/3gpp": ("video", "3gp"),
    "video/webm": ("video", "webm"),
    MATROSKA: ("video", "mkv"),
    "audio/mpeg": ("audio", "mp3"),
    "audio/mp4": ("audio", "m4a"),
    "audio/ogg": ("audio", "ogg"),
    "audio/wav": ("audio", "wav"),
    "audio/aac": ("audio", "aac"),
    "audio/flac": ("audio", "flac"),
    "audio/amr": ("audio", "amr"),
    "application/pdf": ("document", "pdf"),
    DOCX: ("document", "docx"),
    XLSX: ("document", "xlsx"),
    ODT: ("document", "odt"),
}
PILLOW_FORMATS = {
    "image/jpeg": JpegImagePlugin.JpegImageFile.format,
    "image/png": PngImagePlugin.PngImageFile.format,
    "image/webp": WebPImagePlugin.WebPImageFile.format,
    "image/gif": GifImagePlugin.GifImageFile.format,
    "image/tiff": TiffImagePlugin.TiffImageFile.format,
    HEIC: "HEIF",
    AVIF: AvifImagePlugin.AvifImageFile.format,
}
# The brand of an ISO base media file (ISO/IEC 14496-12) -> its type.
BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"), HEIC),
    **dict.fromkeys((b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6"), "video/mp4"),
    **dict.fromkeys((b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"), "video/mp4"),
    b"qt  ": "video/quicktime",
}
ISO_MEDIA = ("video/mp4", "video/quicktime", "video/3gpp", "audio/mp4")
# Names that Windows or a browser would run, whatever the content.
RUNNABLE = (
    *("apk", "app", "bat", "cmd", "com", "dll", "exe", "hta", "htm", "html", "jar"),
    *("js", "lnk", "msi", "php", "pif", "ps1", "py", "scr", "sh", "svg", "vbs", "wsf"),
    *("xhtml", "xml"),
)


class MediaError(ValueError):
    """A file that is not accepted.

    ``code`` is one of ``empty``, ``too_large``, ``unknown_type``, ``type_not_allowed``,
    ``broken``, ``too_many_pixels``, ``too_many_frames``, ``infected``, and those of
    :class:`Withheld`. ``mimetype`` is what the content turned out to be, if known;
    ``limit`` the bound that was passed, in bytes, pixels or frames; ``virus`` what a
    scanner calls it.
    """

    def __init__(
        self,
        code: str,
        mimetype: str | None = None,
        limit: int | None = None,
        virus: str | None = None,
    ):
        super().__init__(f"file not accepted: {code} ({mimetype or 'unknown'})")
        self.code = code
        self.mimetype = mimetype
        self.limit = limit
        self.virus = virus


class Withheld(MediaError):
    """A file that may be sound, but that could not be rewritten without its notes.

    ``code`` is ``locked`` (a password is needed), ``changed`` (what is seen or heard
    would not have stayed the same) or ``too_complex`` (it took too long, or too much
    memory). Nobody is harmed if it is kept sealed.
    """


class Media(NamedTuple):
    """What a file is, by its content."""

    kind: str
    mimetype: str
    extension: str


def inspect(
    data: bytes,
    filename: str | None = None,
    *,
    documents: bool = False,
    max_bytes: int = MAX_BYTES,
) -> Media:
    """Tell what an upload is, or refuse it.

    The content decides. The name can only speak against a file: one that would run
    (``photo.jpg.exe``) is refused whatever it holds.

    :param documents: accept DOCX, XLSX and ODT too.
    :raise MediaError: empty, too_large, unknown_type, type_not_allowed, broken.
    """
    if len(data) > max_bytes:
        raise MediaError("too_large", limit=max_bytes)
    mimetype = identify(data)
    if mimetype in OFFICE_TYPES and not documents:
        raise MediaError("type_not_allowed", mimetype)
    if filename and filename.rpartition(".")[2].strip().lower() in RUNNABLE:
        raise MediaError("type_not_allowed", mimetype)
    if mimetype in ISO_MEDIA and b"moov" not in box_names(data):
        raise MediaError("broken", mimetype)
    kind, extension = TYPES[mimetype]
    return Media(kind, mimetype, extension)


def safe_name(kind: str, mimetype: str, index: int) -> str:
    """Return our own name for a file, "picture-01.jpg"; an upload's is never used.

    :raise MediaError: unknown_type, for a type that is not on the list.
    """
    if TYPES.get(mimetype, (None,))[0] != kind:
        raise MediaError("unknown_type", mimetype)
    return f"{kind}-{int(index):02d}.{TYPES[mimetype][1]}"


def identify(data: bytes) -> str:
    """Return the type of a file if it is on the list, or refuse it."""
    if not data:
        raise MediaError("empty")
    mimetype = _signature(data)
    if mimetype is None:
        # libmagic only says what it is that is refused.
        mimetype = _libmagic(data)
        if mimetype in TYPES:
            raise MediaError("broken", mimetype)
        raise MediaError("type_not_allowed" if mimetype else "unknown_type", mimetype)
    if mimetype not in TYPES:
        raise MediaError("type_not_allowed", mimetype)
    return mimetype


def _signature(data: bytes) -> str | None:
    """Return the type that the first bytes tell, None if they tell nothing."""
    head = data[:64]
    for start, mimetype in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"fLaC", "audio/flac"),
        (b"#!AMR\n", "audio/amr"),
        (b"#!AMR-WB\n", "audio/amr"),
    ):
        if head.startswith(start):
            return mimetype
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _iso_type(data)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"\x42\x82\x84webm" in head else MATROSKA
    if head.startswith(b"OggS"):
        return "video/ogg" if b"\x80theora" in data[:512] else "audio/ogg"
    if head.startswith(b"PK\x03\x04"):
        return _office_type(data)
    if head.startswith(b"ID3") or head[0] == 0xFF or not any(head):
        return _tagged_type(data)
    return None


def _tagged_type(data: bytes) -> str | None:
    """Return the type of what begins with a tag, or with what proves little: sound has
    to follow, frame by frame."""
    start = mpeg.tags_end(data)
    if data[start : start + 4] == b"fLaC":
        return "audio/flac" if flac.is_flac(data, start) else None
    return mpeg.frame_type(data, start)


def _libmagic(data: bytes) -> str | None:
    """Return what libmagic takes the content for, None if for mere bytes."""
    if magic is None:
        return None
    mimetype = magic.from_buffer(data[:65536], mime=True)
    return None if mimetype == "application/octet-stream" else mimetype


def _iso_type(data: bytes) -> str | None:
    size = int.from_bytes(data[:4], "big")
    brands = [data[8:12]]
    brands += [data[at : at + 4] for at in range(16, min(size, 256), 4)]
    if brands[0] in (b"mif1", b"msf1") and b"avif" in brands:
        return AVIF
    for brand in brands:
        if brand in BRANDS:
            return BRANDS[brand]
        if brand[:3] in (b"3gp", b"3g2"):
            return "video/3gpp"
    return None


def iso_boxes(
    data: bytes, start: int, end: int
) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield (name, start, start of content, end) of the boxes between two places.

    :raise MediaError: broken, when a box is cut off.
    """
    while end - start >= 8:
        size = int.from_bytes(data[start : start + 4], "big")
        name = data[start + 4 : start + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise MediaError("broken")
        yield name, start, start + head, start + size
        start += size


def box_names(data: bytes) -> list[bytes]:
    """Return the names of the outer boxes of a whole file."""
    return [name for name, *_places in iso_boxes(data, 0, len(data))]


def _office_type(data: bytes) -> str:
    """Return the type of a ZIP archive, without unpacking anything large.

    :raise MediaError: broken; type_not_allowed for macros, encryption and bombs.
    """
    zipped = "application/zip"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
                raise MediaError("type_not_allowed", zipped)
            names = {member.filename for member in members}
            if any(member.flag_bits & 1 for member in members) or _has_macros(names):
                raise MediaError("type_not_allowed", zipped)
            if "[Content_Types].xml" in names:
                if "word/document.xml" in names:
                    return DOCX
                if "xl/workbook.xml" in names:
                    return XLSX
            first = members[0] if members else None
            if first and first.filename == "mimetype" and first.file_size == len(ODT):
                return ODT if archive.read(first) == ODT.encode() else zipped
    except MediaError:
        raise
    except Exception as error:  # zipfile raises many kinds on malformed input
        raise MediaError("broken", zipped) from error
    return zipped


def _has_macros(names: set[str]) -> bool:
    return any(
        name.lower().endswith("vbaproject.bin")
        or name.startswith(("Basic/", "Scripts/"))
        for name in names
    )
