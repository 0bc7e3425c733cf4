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

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

# Imported by name: Odoo keeps Pillow from loading plugins by itself.
from PIL import (
    ExifTags,
    GifImagePlugin,
    Image,
    ImageDraw,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from .text import clean, shorten

try:
    import magic
except ImportError:  # without libmagic, refused types go unnamed
    magic = None
try:
    import pillow_heif
except ImportError:
    pillow_heif = None
else:
    pillow_heif.register_heif_opener(thumbnails=False)

MAX_BYTES = 25 * 1024 * 1024
# The cameras of today's telephones make 48 to 50 million pixels.
MAX_PIXELS = 50_000_000
MAX_SIDE = 2560
MAX_FRAMES = 100
# Boxes on one picture, and the least side of one as a share of the picture's.
MAX_BOXES = 50
MIN_BOX = 0.002
# An office document is a ZIP archive: bounds on what it says it unpacks to.
MAX_MEMBERS = 5_000
MAX_UNPACKED = 200 * 1024 * 1024

HEIC = "image/heic"
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
    HEIC: ("picture", "heic"),
    "video/mp4": ("video", "mp4"),
    "video/quicktime": ("video", "mov"),
    "video/3gpp": ("video", "3gp"),
    "video/webm": ("video", "webm"),
    "audio/mpeg": ("audio", "mp3"),
    "audio/mp4": ("audio", "m4a"),
    "audio/ogg": ("audio", "ogg"),
    "audio/wav": ("audio", "wav"),
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
    HEIC: "HEIF",
}
# The brand of an ISO base media file (ISO/IEC 14496-12) -> its type.
BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"), HEIC),
    **dict.fromkeys((b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
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
ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIGNS = {"N": 1, "E": 1, "S": -1, "W": -1}
AWARE = "%Y-%m-%d %H:%M:%S %z"


class MediaError(ValueError):
    """A file that is not accepted.

    ``code`` is one of ``empty``, ``too_large``, ``unknown_type``, ``type_not_allowed``,
    ``broken``, ``too_many_pixels``, ``too_many_frames``, ``infected``. ``mimetype`` is
    what the content turned out to be, if known; ``limit`` the bound that was passed, in
    bytes, pixels or frames; ``virus`` what a scanner calls it.
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


class Box(NamedTuple):
    """A part of a picture, in shares of its width and height from the top left."""

    x: float
    y: float
    width: float
    height: float


class Media(NamedTuple):
    """What a file is, by its content."""

    kind: str
    mimetype: str
    extension: str


# --- what a file is ------------------------------------------------------------------


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
    mimetype = _identify(data)
    if mimetype in OFFICE_TYPES and not documents:
        raise MediaError("type_not_allowed", mimetype)
    if filename and filename.rpartition(".")[2].strip().lower() in RUNNABLE:
        raise MediaError("type_not_allowed", mimetype)
    if mimetype in ISO_MEDIA and b"moov" not in _box_names(data):
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


def _identify(data: bytes) -> str:
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
    if mimetype not in TYPES or (mimetype == HEIC and pillow_heif is None):
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
        return "video/webm" if b"\x42\x82\x84webm" in head else "video/x-matroska"
    if head.startswith(b"OggS"):
        return "video/ogg" if b"\x80theora" in data[:512] else "audio/ogg"
    if head.startswith(b"PK\x03\x04"):
        return _office_type(data)
    if head.startswith(b"ID3") or (head[0] == 0xFF and head[1:2] >= b"\xe0"):
        # Two bytes prove little: libmagic has to see an MP3 as well.
        return "audio/mpeg" if _libmagic(data) == "audio/mpeg" else None
    return None


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
        return "image/avif"
    for brand in brands:
        if brand in BRANDS:
            return BRANDS[brand]
        if brand[:3] in (b"3gp", b"3g2"):
            return "video/3gpp"
    return None


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (name, start, end) of the boxes between two places, ends included in data.

    :raise MediaError: broken, when a box is cut off.
    """
    while end - start >= 8:
        size = int.from_bytes(data[start : start + 4], "big")
        name = data[start + 4 : start + 8]
        if size == 1:
            size = int.from_bytes(data[start + 8 : start + 16], "big")
            if size < 16:
                raise MediaError("broken")
        elif size == 0:
            size = end - start
        if size < 8 or start + size > end:
            raise MediaError("broken")
        yield name, start, start + size
        start += size


def _box_names(data: bytes) -> list[bytes]:
    """Return the names of the outer boxes of a whole file."""
    return [name for name, _start, _end in _boxes(data, 0, len(data))]


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


# --- pictures ------------------------------------------------------------------------


def clean_picture(
    data: bytes,
    max_pixels: int = MAX_PIXELS,
    max_side: int = MAX_SIDE,
    max_frames: int = MAX_FRAMES,
    quality: int = 85,
) -> tuple[bytes, str, dict]:
    """Draw a picture anew, upright and without anything but its pixels.

    EXIF, XMP, comments, colour profiles, thumbnails, further frames and whatever is
    hidden behind the end are gone; only the first frame of an animation is kept.
    Pictures in which something is transparent become PNG, all others JPEG.

    :param max_side: the longer side of the result, in pixels; nothing is enlarged.
    :return: the picture, its mimetype, and what the original told: ``latitude`` and
        ``longitude`` in degrees WGS 84 or None; ``taken_at``, a datetime, aware if the
        camera noted its zone, else naive by the camera's own clock, or None;
        ``altitude`` in metres and ``direction`` in degrees from north, or None;
        ``software`` that wrote the file, or None; and ``width``, ``height`` of the
        result, ``frames`` of the original, ``likeness`` (see :func:`likeness`).
    :raise MediaError: as :func:`inspect`, and too_many_pixels, too_many_frames; also
        type_not_allowed for what is not a picture.
    """
    mimetype = _identify(data)
    if mimetype not in PILLOW_FORMATS:
        raise MediaError("type_not_allowed", mimetype)
    if not _is_whole(data, mimetype):
        raise MediaError("broken", mimetype)
    try:
        image = _open(data, mimetype, max_pixels, max_frames)
        frames = getattr(image, "n_frames", 1)
        image, exif = _upright(image, max_side)
        cleaned, mimetype = _encode(image, quality)
    except (MediaError, MemoryError):
        raise
    except Exception as error:  # decoders raise any kind on malformed input
        raise MediaError("broken", mimetype) from error
    metadata = _metadata(exif)
    metadata.update(
        width=image.width,
        height=image.height,
        frames=frames,
        likeness=likeness(image),
    )
    return cleaned, mimetype, metadata


def thumbnail(data: bytes, side: int = 320) -> tuple[bytes, str]:
    """Return a small picture, cleaned as :func:`clean_picture` does, and its type."""
    small, mimetype, _metadata = clean_picture(data, max_side=side, quality=80)
    return small, mimetype


def likeness(image: Image.Image) -> str | None:
    """Return 64 bits, in hexadecimal, that stay when a picture is saved anew or shrunk.

    They say of neighbouring spots which one is darker. None for a picture that is too
    plain to be told from another plain one.
    """
    small = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    spots = small.tobytes()
    bits = [
        spots[row * 9 + column] > spots[row * 9 + column + 1] + 2
        for row in range(8)
        for column in range(8)
    ]
    if not 6 <= sum(bits) <= 58:
        return None
    return f"{int(''.join('01'[bit] for bit in bits), 2):016x}"


# --- the edited picture --------------------------------------------------------------


def checked_boxes(rows: object) -> list[Box]:
    """Return boxes that lie on the picture, of what a browser sent.

    :param rows: rows of four numbers: x, y, width, height; what lies beyond the edge is
        cut off
    :raise ValueError: too many boxes, or one that is none.
    """
    if not isinstance(rows, (list, tuple)) or len(rows) > MAX_BOXES:
        raise ValueError(f"not a list of at most {MAX_BOXES} boxes")
    return [_checked_box(row) for row in rows]


def _checked_box(row: object) -> Box:
    try:
        x, y, width, height = map(float, row)
    except (TypeError, ValueError):
        raise ValueError("a box is four numbers") from None
    if not all(map(math.isfinite, (x, y, width, height))):
        raise ValueError("a box is four numbers")
    left, top = (min(max(at, 0.0), 1.0) for at in (x, y))
    right, bottom = (min(max(at, 0.0), 1.0) for at in (x + width, y + height))
    if right - left < MIN_BOX or bottom - top < MIN_BOX:
        raise ValueError("a box has an area")
    return Box(left, top, right - left, bottom - top)


def redact(
    data: bytes, boxes: Iterable[Box], quality: int = 85
) -> tuple[bytes, str, int, int]:
    """Draw a picture anew with solid black boxes on it.

    What is under a box is not in the result: it is painted over before the picture is
    encoded. Boxes are widened to whole pixels.

    :param data: a picture that :func:`clean_picture` made.
    :return: the picture, its mimetype, width and height.
    :raise MediaError: as :func:`clean_picture`.
    """
    mimetype = _identify(data)
    if mimetype not in PILLOW_FORMATS:
        raise MediaError("type_not_allowed", mimetype)
    image = _open(data, mimetype, MAX_PIXELS, 1)
    try:
        image.load()
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except OSError as error:
        raise MediaError("broken", mimetype) from error
    pen = ImageDraw.Draw(image)
    for box in boxes:
        left, top = math.floor(box.x * image.width), math.floor(box.y * image.height)
        right = math.ceil((box.x + box.width) * image.width) - 1
        bottom = math.ceil((box.y + box.height) * image.height) - 1
        pen.rectangle((left, top, max(right, left), max(bottom, top)), fill="black")
    redacted, mimetype = _encode(image, quality)
    return redacted, mimetype, image.width, image.height


def _open(data: bytes, mimetype: str, max_pixels: int, max_frames: int) -> Image.Image:
    """Read the header and refuse by it, before a pixel is decoded."""
    too_many = MediaError("too_many_pixels", mimetype, max_pixels)
    try:
        image = Image.open(io.BytesIO(data), formats=(PILLOW_FORMATS[mimetype],))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many from None
    if image.width * image.height > max_pixels:
        raise too_many
    if getattr(image, "n_frames", 1) > max_frames:
        raise MediaError("too_many_frames", mimetype, max_frames)
    return image


def _upright(image: Image.Image, max_side: int) -> tuple[Image.Image, Image.Exif]:
    """Decode, shrink and turn; return the picture and its EXIF.

    A JPEG is decoded at the smallest scale that will do, the others whole: 50 million
    pixels take 150 to 350 MB while it lasts, with transparency 500 MB.
    """
    image.draft(None, (max_side, max_side))  # nothing but JPEG heeds it
    image.load()
    exif = _exif(image)
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in ("P", "PA"):
        transparent = image.has_transparency_data
        image = image.convert("RGBA" if transparent else "RGB")
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    turn = ORIENTATIONS.get(exif.get(ExifTags.Base.Orientation))
    if turn is not None:
        image = image.transpose(turn)
    return image, exif


def _encode(image: Image.Image, quality: int) -> tuple[bytes, str]:
    output = io.BytesIO()
    if image.has_transparency_data:
        image = image.convert("RGBA")
    if image.mode == "RGBA" and image.getextrema()[3][0] < 255:
        # What an encoder may copy into the file: comments, profiles, text.
        image.info = {}
        image.save(output, "PNG")
        return output.getvalue(), "image/png"
    image = image.convert("L" if image.mode == "L" else "RGB")
    image.info = {}
    image.save(output, "JPEG", quality=quality, optimize=True, progressive=True)
    return output.getvalue(), "image/jpeg"


def _is_whole(data: bytes, mimetype: str) -> bool:
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
    return mimetype != HEIC or b"meta" in _box_names(data)


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


# --- what a picture tells ------------------------------------------------------------


def _exif(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except Exception:  # malformed EXIF raises any kind, and is no reason to refuse
        return Image.Exif()


def _metadata(exif: Image.Exif) -> dict:
    """Read place and time; what is malformed or impossible counts as absent."""
    try:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        details = exif.get_ifd(ExifTags.IFD.Exif)
        software = exif.get(ExifTags.Base.Software)
    except Exception:  # as above
        gps, details, software = {}, {}, None
    latitude, longitude = _position(gps)
    return {
        "latitude": latitude,
        "longitude": longitude,
        "altitude": _altitude(gps),
        "direction": _number(gps.get(ExifTags.GPS.GPSImgDirection), 0, 360),
        "taken_at": _taken_at(details),
        "software": _short_text(software),
    }


def _position(gps: dict) -> tuple[float | None, float | None]:
    tags = ExifTags.GPS
    latitude = _degrees(gps.get(tags.GPSLatitude), gps.get(tags.GPSLatitudeRef), 90)
    longitude = _degrees(gps.get(tags.GPSLongitude), gps.get(tags.GPSLongitudeRef), 180)
    # 0/0 is what a camera writes that does not know where it is.
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None
    return latitude, longitude


def _degrees(parts: object, reference: object, limit: int) -> float | None:
    """Return signed decimal degrees of (degrees, minutes, seconds) and "N"…"W"."""
    try:
        degrees, minutes, seconds = map(float, parts)
        value = degrees + minutes / 60 + seconds / 3600
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    sign = str(_short_text(reference)).upper()
    if not 0 <= value <= limit or sign not in SIGNS:
        return None
    return round(SIGNS[sign] * value, 7)


def _altitude(gps: dict) -> float | None:
    metres = _number(gps.get(ExifTags.GPS.GPSAltitude), 0, 10_000)
    below = gps.get(ExifTags.GPS.GPSAltitudeRef) in (1, b"\x01")
    return -metres if metres and below else metres


def _number(value: object, least: float, most: float) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return round(number, 1) if least <= number <= most else None


def _taken_at(details: dict) -> datetime | None:
    taken = _short_text(details.get(ExifTags.Base.DateTimeOriginal)) or ""
    offset = _short_text(details.get(ExifTags.Base.OffsetTimeOriginal)) or ""
    try:
        moment = datetime.strptime(taken[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    if moment.year < 1990:  # a camera whose clock was never set
        return None
    try:
        return datetime.strptime(f"{moment:%Y-%m-%d %H:%M:%S} {offset}", AWARE)
    except ValueError:
        return moment


def _short_text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if not isinstance(value, str):
        return None
    return shorten(clean(value, multiline=False), 80) or None


# --- recordings ----------------------------------------------------------------------

# Boxes that hold others, and boxes that hold what telephones note about a recording.
CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf")
NOTES = (b"udta", b"meta", b"uuid")
# ISO 6709, as telephones note a place: +16.4636+107.5955+012.3/
PLACE = re.compile(
    rb"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?/"
)
# Seconds in MP4 files count from here.
ISO_EPOCH = datetime(1904, 1, 1, tzinfo=timezone.utc)
# Matroska: what holds others; what holds titles, tags and attached files.
EBML_SEGMENT, EBML_INFO, EBML_VOID = 0x18538067, 0x1549A966, 0xEC
EBML_NOTES = (0x1254C367, 0x1941A469, 0x7BA9, 0x7384, 0x4461)
# How the packet begins that holds a stream's comments.
OGG_COMMENTS = (b"\x03vorbis", b"OpusTags")
# Chunks of a WAV file that are heard; all others are notes.
WAV_SOUND = (b"fmt ", b"data", b"fact", b"JUNK")


def clean_recording(data: bytes, mimetype: str) -> bytes:
    """Blank out place, names and notes in a recording.

    MP4, QuickTime, 3GP, M4A: boxes ``udta``, ``meta``, ``uuid``. WEBM: tags, titles,
    attached files. WAV: every chunk but the sound. These become empty space of the same
    length, so that picture and sound stay where the file's index says. OGG: comments
    become spaces. MP3: tags at both ends are cut off. AMR has no room for notes. Tracks
    of positions that dashboard cameras record beside the picture are not found.

    :raise MediaError: broken.
    """
    if mimetype in ISO_MEDIA:
        return _clean_iso(data)
    cleaner = {
        "video/webm": _clean_webm,
        "audio/ogg": _clean_ogg,
        "audio/wav": _clean_wav,
        "audio/mpeg": _clean_mp3,
    }.get(mimetype)
    if cleaner is None:
        return data
    try:
        return cleaner(data)
    except (IndexError, ValueError) as error:
        raise MediaError("broken", mimetype) from error


def recording_notes(data: bytes, mimetype: str) -> dict:
    """Return what a recording tells of itself: ``latitude``, ``longitude``,
    ``taken_at``; nothing of other kinds than MP4, QuickTime, 3GP and M4A.

    :raise MediaError: broken.
    """
    notes = {}
    if mimetype not in ISO_MEDIA:
        return notes
    for name, inside, end in _iso_parts(data):
        if name in NOTES:
            match = PLACE.search(data, inside, end)
            place = match and (float(match[1]), float(match[2]))
            if place and abs(place[0]) <= 90 and abs(place[1]) <= 180 and any(place):
                notes["latitude"], notes["longitude"] = place
        elif name == b"mvhd":
            long = data[inside : inside + 1] == b"\x01"
            seconds = int.from_bytes(data[inside + 4 : inside + (12 if long else 8)])
            # Zero and the years before digital cameras: a clock that was never set.
            if 2_700_000_000 < seconds < 2**32:
                notes["taken_at"] = ISO_EPOCH + timedelta(seconds=seconds)
    return notes


def _iso_parts(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield (name, start of content, end) of every box that is read or blanked."""
    pending = [(0, len(data))]
    while pending:
        for name, start, end in _boxes(data, *pending.pop()):
            inside = start + (16 if data[start : start + 4] == b"\0\0\0\1" else 8)
            yield name, inside, end
            if name in CONTAINERS:
                pending.append((inside, end))


def _clean_iso(data: bytes) -> bytes:
    cleaned = bytearray(data)
    for name, inside, end in _iso_parts(data):
        if name in NOTES:
            long = data[inside - 16 : inside - 12] == b"\0\0\0\1"
            at = inside - (12 if long else 4)
            cleaned[at : at + 4] = b"free"
            cleaned[inside:end] = bytes(end - inside)
    return bytes(cleaned)


def _clean_webm(data: bytes) -> bytes:
    """Turn elements that hold notes into void ones (RFC 8794, 11.3)."""
    cleaned = bytearray(data)
    pending = [(0, len(data))]
    while pending:
        at, end = pending.pop()
        while at < end:
            number, inside = _ebml_id(data, at)
            length, inside = _ebml_size(data, inside)
            # Of unknown length, as in live recordings: up to the end, or read through.
            after = inside if length is None else min(inside + length, end)
            if number in (EBML_SEGMENT, EBML_INFO):
                after = end if length is None else after
                pending.append((inside, after))
            elif number in EBML_NOTES and length is not None:
                cleaned[at:after] = _ebml_void(after - at)
            at = after
    return bytes(cleaned)


def _ebml_id(data: bytes, at: int) -> tuple[int, int]:
    length = 9 - data[at].bit_length()
    if length > 4:
        raise ValueError("no EBML")
    return int.from_bytes(data[at : at + length]), at + length


def _ebml_size(data: bytes, at: int) -> tuple[int | None, int]:
    length = 9 - data[at].bit_length()
    if length > 8:
        raise ValueError("no EBML")
    bits = (1 << 7 * length) - 1
    size = int.from_bytes(data[at : at + length]) & bits
    return (None if size == bits else size), at + length


def _ebml_void(length: int) -> bytes:
    """Return an empty element that fills so many bytes, two at least."""
    if length < 9:
        return bytes([EBML_VOID, 0x80 | length - 2]) + bytes(length - 2)
    return bytes([EBML_VOID, 0x01]) + (length - 9).to_bytes(7) + bytes(length - 9)


def _clean_ogg(data: bytes) -> bytes:
    """Make the comments of each stream spaces, and each page's checksum right again."""
    cleaned = bytearray(data)
    for parts in _ogg_second_packets(data):
        packet = bytearray(b"".join(data[start:end] for start, end in parts))
        _blank_comments(packet)
        for start, end in parts:
            cleaned[start:end] = packet[: end - start]
            del packet[: end - start]
    for start, end in _ogg_pages(data):
        if cleaned[start:end] != data[start:end]:
            cleaned[start + 22 : start + 26] = bytes(4)
            cleaned[start + 22 : start + 26] = _ogg_crc(cleaned[start:end])
    return bytes(cleaned)


def _blank_comments(packet: bytearray) -> None:
    """Make the comments of a Vorbis or Opus stream spaces; each keeps its length."""
    head = next((head for head in OGG_COMMENTS if packet.startswith(head)), None)
    if head is None:
        return
    at = len(head)
    at += 4 + int.from_bytes(packet[at : at + 4], "little")  # the encoder's name
    count = int.from_bytes(packet[at : at + 4], "little")
    at += 4
    for _comment in range(count):
        size = int.from_bytes(packet[at : at + 4], "little")
        at += 4
        if at + size > len(packet):
            raise ValueError("comments are cut off")
        packet[at : at + size] = b"A=".ljust(size)[:size]
        at += size


def _ogg_pages(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the pages (RFC 3533, 6)."""
    at = 0
    while data[at : at + 4] == b"OggS":
        body = at + 27 + data[at + 26]
        end = body + sum(data[at + 27 : body])
        if end > len(data):
            break
        yield at, end
        at = end


def _ogg_second_packets(data: bytes) -> list[list[tuple[int, int]]]:
    """Return the parts of each stream's second packet: it holds the comments."""
    found: dict[bytes, tuple[int, list[tuple[int, int]]]] = {}
    for start, _end in _ogg_pages(data):
        serial = data[start + 14 : start + 18]
        number, parts = found.get(serial, (0, []))
        place = start + 27 + data[start + 26]
        for size in data[start + 27 : place]:
            if number == 1:
                parts.append((place, place + size))
            place += size
            number += size < 255
        found[serial] = number, parts
    return [parts for _number, parts in found.values()]


def _ogg_table() -> list[int]:
    table = []
    for byte in range(256):
        crc = byte << 24
        for _bit in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(crc)
    return table


OGG_CRC = _ogg_table()


def _ogg_crc(page: bytes) -> bytes:
    """Return the checksum of a page whose own field is zero."""
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ OGG_CRC[crc >> 24 ^ byte]
    return crc.to_bytes(4, "little")


def _clean_wav(data: bytes) -> bytes:
    cleaned = bytearray(data)
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = min(at + 8 + size, len(data))
        if data[at : at + 4] not in WAV_SOUND:
            cleaned[at : at + 4] = b"JUNK"
            cleaned[at + 8 : end] = bytes(end - at - 8)
        at = end + size % 2
    return bytes(cleaned)


def _clean_mp3(data: bytes) -> bytes:
    """Cut off ID3 tags, of both versions, and APE tags."""
    while data[:3] == b"ID3":
        sizes = data[6:10]
        size = sum(
            part << shift for part, shift in zip(sizes, (21, 14, 7, 0), strict=False)
        )
        data = data[10 + size + (10 if data[5] & 0x10 else 0) :]
    while True:
        if data[-128:-125] == b"TAG":
            data = data[:-128]
        elif data[-32:-24] == b"APETAGEX":
            size = int.from_bytes(data[-20:-16], "little")  # without its header
            size += 32 if data[-9] & 0x80 else 0
            data = data[: max(len(data) - max(size, 32), 0)]
        elif not data:
            raise ValueError("tags and no sound")
        else:
            return data
