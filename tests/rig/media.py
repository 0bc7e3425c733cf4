"""Files that people send, made for the purpose: pictures, recordings, documents."""

import io
import struct
import unittest
import zipfile
import zlib

from PIL import ExifTags, Image, ImageDraw
from reportlab.pdfgen import canvas

from ...tools import media
from ...tools.media import ogg

CANARY = b"CANARY-0912345678"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + CANARY + b"</x:xmpmeta>"
SCRIPT = b"<html><script>alert('" + CANARY + b"')</script></html>"
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def drawing(width=60, height=40, mode="RGB"):
    """A picture with another colour in each corner: red, green, blue, white."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    middle = (width // 2, height // 2)
    for x, y, colour in ((0, 0, RED), (1, 0, GREEN), (0, 1, BLUE), (1, 1, WHITE)):
        left, top = x * middle[0], y * middle[1]
        draw.rectangle((left, top, left + middle[0], top + middle[1]), fill=colour)
    return image.convert(mode)


def saved(image, kind="JPEG", **options):
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def corners(data):
    """Name the colours of the corners, from the top left in reading order."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    right, bottom = image.width - 4, image.height - 4
    names = {RED: "R", GREEN: "G", BLUE: "B", WHITE: "W"}
    return "".join(
        min(names.items(), key=lambda item: distance(item[0], image.getpixel(at)))[1]
        for at in ((3, 3), (right, 3), (3, bottom), (right, bottom))
    )


def distance(one, other):
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def exif(orientation=1, gps=None, taken="2026:03:06 16:30:05", offset="+07:00"):
    values = Image.Exif()
    values[ExifTags.Base.Orientation] = orientation
    values[ExifTags.Base.Software] = "Canary Editor 1.0"
    values[ExifTags.Base.Artist] = CANARY.decode()
    details = values.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    details[ExifTags.Base.UserComment] = CANARY
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    if gps:
        place = values.get_ifd(ExifTags.IFD.GPSInfo)
        tags = ExifTags.GPS
        place[tags.GPSLatitudeRef], place[tags.GPSLatitude] = gps[:2]
        place[tags.GPSLongitudeRef], place[tags.GPSLongitude] = gps[2:]
    return values


HUE = ("N", (16.0, 27.0, 48.96), "E", (107.0, 35.0, 43.8))


def chunk(name, body):
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def png(width, height, *chunks):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = b"".join(chunks) or chunk(b"IDAT", zlib.compress(bytes(100)))
    return b"\x89PNG\r\n\x1a\n" + header + body + chunk(b"IEND", b"")


def gif(frames, trailer=b";"):
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    header = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    return header + frame * frames + trailer


def box(name, *parts):
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def recording(brand, *inside):
    return box(b"ftyp", brand, bytes(4), b"isom") + box(b"moov", *inside)


def element(number, body):
    """An EBML element whose length takes eight bytes."""
    return number + b"\x01" + len(body).to_bytes(7) + body


def webm(*parts):
    header = b"\x1aE\xdf\xa3\x8b\x42\x86\x81\x01\x42\x82\x84webm"
    return header + element(b"\x18\x53\x80\x67", b"".join(parts))


def ogg_page(*packets, serial=1, whole=True):
    """A page with whole packets; the last goes on on the next unless `whole`."""
    laces = b""
    for number, packet in enumerate(packets, start=1):
        last = not whole and number == len(packets)
        rest = b"" if last else bytes([len(packet) % 255])
        laces += b"\xff" * (len(packet) // 255) + rest
    is_first = packets[0].startswith((b"\x01vorbis", b"OpusHead", b"\x80kate"))
    head = (
        b"OggS\x00" + bytes([2 * is_first]) + bytes(8) + struct.pack("<II", serial, 0)
    )
    body = bytes([len(laces)]) + laces + b"".join(packets)
    crc = ogg.checksum(head + bytes(4) + body)
    return head + crc + body


def wav(*chunks):
    body = b"WAVE" + b"".join(
        name + struct.pack("<I", len(part)) + part + bytes(len(part) % 2)
        for name, part in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def archive(*members, **options):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", **options) as written:
        for name, body in members:
            written.writestr(name, body)
    return output.getvalue()


def pdf(text="Page 1", **information):
    """A PDF of one page."""
    output = io.BytesIO()
    page = canvas.Canvas(output)
    for name, value in information.items():
        getattr(page, f"set{name.title()}")(value)
    page.drawString(100, 700, text)
    page.save()
    return output.getvalue()


DOCX_MEMBERS = (("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>"))
XLSX_MEMBERS = (("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<w/>"))
MP3 = (b"\xff\xfb\x90\x00" + bytes(413)) * 10
ACCEPTED = {
    "image/jpeg": saved(drawing()),
    "image/png": saved(drawing(), "PNG"),
    "image/webp": saved(drawing(), "WEBP"),
    "image/gif": saved(drawing(), "GIF"),
    "image/tiff": saved(drawing(), "TIFF"),
    media.HEIC: saved(drawing(), "HEIF"),
    media.AVIF: saved(drawing(), "AVIF", quality=90),
    "video/mp4": recording(b"mp42"),
    "video/quicktime": recording(b"qt  "),
    "video/3gpp": recording(b"3gp5"),
    "video/webm": webm(b""),
    media.MATROSKA: webm(b"")
    .replace(b"\x8b\x42", b"\x8f\x42", 1)
    .replace(b"\x84webm", b"\x88matroska", 1),
    "audio/mpeg": MP3,
    "audio/mp4": recording(b"M4A "),
    "audio/ogg": ogg_page(b"\x01vorbis" + bytes(23))
    + ogg_page(b"\x03vorbis" + bytes(8) + b"\x01", b"setup"),
    "audio/wav": wav((b"fmt ", bytes(16)), (b"data", bytes(8))),
    "audio/aac": (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)) * 10,
    "audio/flac": b"fLaC\x80\0\0\x22" + bytes(34) + b"\xff\xf8" + bytes(20),
    "audio/amr": b"#!AMR\n" + bytes(40),
    "application/pdf": pdf(),
}
OFFICE = {
    media.DOCX: archive(*DOCX_MEMBERS),
    media.XLSX: archive(*XLSX_MEMBERS),
    media.ODT: archive(("mimetype", media.ODT), ("content.xml", "<o/>")),
}


class MediaCase(unittest.TestCase):
    def refused(self, code, function, *args, **kwargs):
        with self.assertRaises(media.MediaError) as caught:
            function(*args, **kwargs)
        self.assertEqual(caught.exception.code, code)
        return caught.exception


# A recording: silence.
WAV = (
    b"RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00"
    b"\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x08\x00\x00" + bytes(2048)
)
