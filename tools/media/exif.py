"""What a picture tells of where, when and with what it was taken."""

from __future__ import annotations

from datetime import datetime

from PIL import ExifTags, Image

from ..text import clean, shorten

SIGNS = {"N": 1, "E": 1, "S": -1, "W": -1}
AWARE = "%Y-%m-%d %H:%M:%S %z"


def read_exif(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except Exception:  # malformed EXIF raises any kind, and is no reason to refuse
        return Image.Exif()


def exif_notes(exif: Image.Exif) -> dict:
    """Read place and time; what is malformed or impossible counts as absent."""
    try:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        details = exif.get_ifd(ExifTags.IFD.Exif)
        software = exif.get(ExifTags.Base.Software)
    except Exception:  # Pillow raises any kind on malformed tags
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
