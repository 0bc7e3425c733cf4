"""Uploads: known by content, cleaned, refused when they are not what they should be."""

import io
import struct
import zipfile
import zlib
from datetime import datetime, timedelta, timezone
from random import Random
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import (
    ExifTags,
    Image,
    ImageFile,
    MpoImagePlugin,
    PngImagePlugin,
)
from PIL.TiffImagePlugin import IFDRational

from ...tools import media
from ..rig.media import (
    ACCEPTED,
    CANARY,
    DOCX_MEMBERS,
    HUE,
    MP3,
    OFFICE,
    SCRIPT,
    WHITE,
    XMP,
    MediaCase,
    archive,
    box,
    chunk,
    corners,
    drawing,
    exif,
    gif,
    png,
    recording,
    saved,
)

assert MpoImagePlugin  # registers its format: Odoo keeps Pillow from finding it


# --- files made here -----------------------------------------------------------------


def vorbis_comments(head, *comments):
    rows = (b"encoder", *comments)
    parts = [struct.pack("<I", len(row)) + row for row in rows]
    return head + parts[0] + struct.pack("<I", len(comments)) + b"".join(parts[1:])


class TestInspect(MediaCase):
    def test_what_is_accepted(self):
        for mimetype, data in ACCEPTED.items():
            with self.subTest(mimetype):
                kind, extension = media.TYPES[mimetype]
                self.assertEqual(media.inspect(data), (kind, mimetype, extension))
                # The name is not what decides.
                found = media.inspect(data, "x.pdf")
                self.assertEqual(found.mimetype, mimetype)

    def test_other_forms_of_the_same(self):
        rows = {
            "audio/mpeg": b"ID3\x03\x00\x00\x00\x00\x00\x10" + bytes(16) + MP3,
            "audio/amr": b"#!AMR-WB\n" + bytes(40),
            "image/gif": saved(drawing(), "GIF").replace(b"GIF87a", b"GIF89a"),
            "video/mp4": recording(b"isom", box(b"trak")),
            "video/3gpp": recording(b"3g2a"),
            "audio/ogg": b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead" + bytes(40),
        }
        for mimetype, data in rows.items():
            with self.subTest(mimetype):
                self.assertEqual(media.inspect(data).mimetype, mimetype)
        unknown_brand = box(b"ftyp", b"xxxx", bytes(4), b"mp42") + box(b"moov")
        self.assertEqual(media.inspect(unknown_brand).mimetype, "video/mp4")

    def test_office_documents_only_where_asked_for(self):
        for mimetype, data in OFFICE.items():
            with self.subTest(mimetype):
                error = self.refused("type_not_allowed", media.inspect, data)
                self.assertEqual(error.mimetype, mimetype)
                found = media.inspect(data, documents=True)
                self.assertEqual(found[:2], ("document", mimetype))

    def test_empty_and_too_large(self):
        self.refused("empty", media.inspect, b"")
        self.refused("empty", media.clean_picture, b"")
        data = ACCEPTED["image/png"]
        error = self.refused("too_large", media.inspect, data, max_bytes=len(data) - 1)
        self.assertEqual(error.limit, len(data) - 1)
        media.inspect(data, max_bytes=len(data))
        self.refused("too_large", media.inspect, bytes(media.MAX_BYTES + 1))

    def test_known_types_that_are_not_wanted(self):
        rows = {
            "text/html": SCRIPT,
            "image/svg+xml": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
            "application/x-dosexec": b"MZ" + bytes(200),
            "text/plain": b"hello",
            "application/zip": archive(("a.txt", "a")),
            "image/bmp": saved(drawing(), "BMP"),
            "video/ogg": b"OggS\x00\x02" + bytes(22) + b"\x01\x2a\x80theora" + bytes(9),
        }
        for mimetype, data in rows.items():
            # The name that a browser would believe changes nothing.
            for filename in (None, "photo.jpg"):
                with self.subTest(mimetype=mimetype, filename=filename):
                    error = self.refused(
                        "type_not_allowed", media.inspect, data, filename
                    )
                    self.assertEqual(error.mimetype, mimetype)
        avif = box(b"ftyp", b"mif1", bytes(4), b"mif1avif") + box(b"meta")
        self.assertEqual(media.inspect(avif).mimetype, media.AVIF)
        self.refused("type_not_allowed", media.clean_picture, ACCEPTED["video/mp4"])
        self.refused("type_not_allowed", media.clean_picture, SCRIPT)

    def test_nothing_known(self):
        rows = [b"\x00\x01\x02\x03", b"\xff", b"RIFF", b"\xff\xd8", bytes(100)]
        for data in (*rows, recording(b"xxxx").replace(b"isom", b"yyyy")):
            with self.subTest(data[:12]):
                with self.assertRaises(media.MediaError) as caught:
                    media.inspect(data)
                self.assertIn(
                    caught.exception.code, ("unknown_type", "type_not_allowed")
                )
        self.refused("unknown_type", media.inspect, b"\x00\x01\x02\x03")
        with patch.object(media.kinds, "magic", None):
            self.refused("unknown_type", media.inspect, SCRIPT)
            self.assertEqual(media.inspect(MP3).mimetype, "audio/mpeg")

    def test_a_weak_start_needs_more_than_two_bytes(self):
        for data in (b"ID3" + SCRIPT, b"\xff\xfe" + "<html>".encode("utf-16-le")):
            with self.assertRaises(media.MediaError):
                media.inspect(data)

    def test_a_document_behind_something_else(self):
        data = b"\x00" * 10 + ACCEPTED["application/pdf"]
        with self.assertRaises(media.MediaError):
            media.inspect(data)
        with patch.object(media.kinds, "_libmagic", return_value="application/pdf"):
            self.refused("broken", media.inspect, data)

    def test_names_that_would_run(self):
        data = ACCEPTED["application/pdf"]
        for name in ("x.pdf.exe", "exe", "x.EXE", "x.pdf.js ", "x.html", "x.svg"):
            with self.subTest(name):
                self.refused("type_not_allowed", media.inspect, data, name)
        for name in ("x.pdf", "x", "", "../../x", "a\r\nb.jpg", "a" * 300):
            with self.subTest(name):
                media.inspect(data, name)

    def test_recordings_that_are_cut_off(self):
        whole = recording(b"mp42", box(b"mvhd", bytes(100)))
        for length in (20, 30, 60, len(whole) - 1):
            with self.subTest(length):
                self.refused("broken", media.inspect, whole[:length])
        early_index = whole + box(b"mdat", bytes(100))
        self.refused("broken", media.inspect, early_index[:-1])
        self.refused("broken", media.inspect, whole + b"\x00\x00\x00\x04junk")
        no_index = box(b"ftyp", b"mp42", bytes(4)) + box(b"mdat", bytes(10))
        self.refused("broken", media.inspect, no_index)
        endless = b"\x00\x00\x00\x01mdat" + bytes(8)
        self.refused("broken", media.inspect, no_index + endless)
        media.inspect(whole + b"\x00\x00\x00\x00mdat" + bytes(10))
        long = struct.pack(">I4sQ", 1, b"mdat", 26) + bytes(10)
        media.inspect(long.join((whole, whole)))

    def test_archives_that_are_not_what_they_say(self):
        macros = archive(*DOCX_MEMBERS, ("word/vbaProject.bin", "x"))
        scripts = archive(("mimetype", media.ODT), ("Basic/Standard/Module1.xml", "x"))
        other = archive(("mimetype", "x" * len(media.ODT)))
        many = archive(*DOCX_MEMBERS, *((f"a{n}", "") for n in range(5_000)))
        bomb = archive(
            *DOCX_MEMBERS,
            *((f"a{n}", bytes(50 * 1024 * 1024)) for n in range(5)),
            compression=zipfile.ZIP_DEFLATED,
        )
        locked = bytearray(archive(*DOCX_MEMBERS))
        locked[locked.index(b"PK\x01\x02") + 8] |= 1
        for data in (macros, scripts, other, many, bomb, bytes(locked)):
            with self.subTest(len(data)):
                self.refused("type_not_allowed", media.inspect, data, documents=True)
        half = OFFICE[media.DOCX][:-30]
        self.refused("broken", media.inspect, half, documents=True)

    def test_names_of_our_own(self):
        self.assertEqual(media.safe_name("picture", "image/jpeg", 1), "picture-01.jpg")
        self.assertEqual(
            media.safe_name("video", "video/quicktime", 12), "video-12.mov"
        )
        for mimetype, (kind, _extension) in media.TYPES.items():
            self.assertRegex(
                media.safe_name(kind, mimetype, 3), r"\A[a-z]+-03\.[a-z0-9]+\Z"
            )
        self.refused("unknown_type", media.safe_name, "picture", "text/html", 1)
        self.refused("unknown_type", media.safe_name, "../x", "image/jpeg", 1)

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(
        st.sampled_from([*ACCEPTED.values(), *OFFICE.values()]),
        st.binary(max_size=30),
        st.integers(0, 2000),
        st.integers(0, 2000),
    )
    def test_damaged_files_are_taken_or_refused(self, data, junk, start, length):
        start %= len(data)
        damaged = data[:start] + junk + data[start + length % 40 :]
        try:
            found = media.inspect(damaged, documents=True)
            if found.kind == "picture":
                _cleaned, mimetype, _metadata = media.clean_picture(damaged)
                self.assertIn(mimetype, ("image/jpeg", "image/png"))
        except media.MediaError:
            return  # anything else is a fault of ours
        self.assertIn(found.mimetype, media.TYPES)


class TestCleanPicture(MediaCase):
    def clean(self, data, **kwargs):
        """Clean, and check what is true of every result."""
        cleaned, mimetype, metadata = media.clean_picture(data, **kwargs)
        self.assertNotIn(CANARY, cleaned)
        image = Image.open(io.BytesIO(cleaned))
        image.load()
        self.assertEqual(Image.MIME[image.format], mimetype)
        self.assertIn(mimetype, ("image/jpeg", "image/png"))
        self.assertEqual(image.size, (metadata["width"], metadata["height"]))
        self.assertFalse(image.getexif())
        leftover = set(image.info) - {"jfif", "jfif_version", "jfif_unit"}
        leftover -= {"jfif_density", "progressive", "progression"}
        self.assertFalse(leftover)
        return cleaned, mimetype, metadata

    def test_every_format_becomes_jpeg(self):
        for mimetype, data in ACCEPTED.items():
            if not mimetype.startswith("image/"):
                continue
            with self.subTest(mimetype):
                cleaned, result, metadata = self.clean(data)
                del metadata["likeness"]
                self.assertEqual(result, "image/jpeg")
                self.assertEqual(corners(cleaned), "RGBW")
                self.assertEqual(
                    metadata,
                    {
                        "latitude": None,
                        "longitude": None,
                        "taken_at": None,
                        "altitude": None,
                        "direction": None,
                        "software": None,
                        "width": 60,
                        "height": 40,
                        "frames": 1,
                    },
                )

    def test_modes(self):
        for mode, kind in (
            ("CMYK", "JPEG"),
            ("L", "JPEG"),
            ("P", "PNG"),
            ("1", "PNG"),
            ("L", "PNG"),
            ("RGBA", "PNG"),  # opaque all over
            ("LA", "PNG"),
            ("P", "GIF"),
        ):
            with self.subTest(mode=mode, kind=kind):
                data = saved(drawing(mode=mode), kind)
                cleaned, mimetype, _metadata = self.clean(data)
                self.assertEqual(mimetype, "image/jpeg")
                if mode in ("CMYK", "P", "RGBA"):
                    self.assertEqual(corners(cleaned), "RGBW")

    def test_sixteen_bits_of_grey(self):
        grey = Image.new("I;16", (8, 8), 0x4000)
        cleaned, _mimetype, _metadata = self.clean(saved(grey, "PNG"))
        value = Image.open(io.BytesIO(cleaned)).getpixel((4, 4))
        self.assertAlmostEqual(value, 0x40, delta=2)

    def test_what_is_transparent_stays_so(self):
        clear = drawing(mode="RGBA")
        clear.putpixel((30, 20), (0, 0, 0, 0))
        palette = drawing(mode="P")
        index = palette.getpixel((30, 20))
        grey = drawing(mode="LA")
        grey.putpixel((30, 20), (0, 0))
        for kind, data in (
            ("RGBA", saved(clear, "PNG")),
            ("WEBP", saved(clear, "WEBP", lossless=True)),
            ("GIF", saved(clear, "GIF")),
            ("LA", saved(grey, "PNG")),
            ("one colour", saved(drawing(), "PNG", transparency=WHITE)),
            ("one of the palette", saved(palette, "PNG", transparency=index)),
            (
                "all of the palette",
                saved(palette, "PNG", transparency=bytes([200] * index + [0])),
            ),
        ):
            with self.subTest(kind):
                cleaned, mimetype, _metadata = self.clean(data)
                self.assertEqual(mimetype, "image/png")
                alpha = Image.open(io.BytesIO(cleaned)).getchannel("A")
                self.assertEqual(alpha.getpixel((30, 20)), 0)

    def test_orientation(self):
        # The corners after turning, and whether width and height are exchanged.
        expected = {
            1: ("RGBW", False),
            2: ("GRWB", False),
            3: ("WBGR", False),
            4: ("BWRG", False),
            5: ("RBGW", True),
            6: ("BRWG", True),
            7: ("WGBR", True),
            8: ("GWRB", True),
            0: ("RGBW", False),
            9: ("RGBW", False),
        }
        for orientation, (colours, turned) in expected.items():
            for kind in ("JPEG", "PNG", "WEBP"):
                with self.subTest(orientation=orientation, kind=kind):
                    data = saved(drawing(), kind, exif=exif(orientation))
                    cleaned, _mimetype, metadata = self.clean(data)
                    self.assertEqual(corners(cleaned), colours)
                    size = metadata["width"], metadata["height"]
                    self.assertEqual(size, (40, 60) if turned else (60, 40))

    def test_all_metadata_is_gone(self):
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", CANARY.decode())
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        profile = b"\x00" * 128 + CANARY
        samples = [
            saved(drawing(), exif=exif(gps=HUE), comment=CANARY, xmp=XMP),
            saved(drawing(), icc_profile=profile, exif=exif(gps=HUE)),
            saved(drawing(), "PNG", pnginfo=text, exif=exif(gps=HUE)),
            saved(drawing(mode="RGBA").resize((9, 9)), "PNG", pnginfo=text),
            saved(drawing(), "WEBP", exif=exif(gps=HUE), xmp=XMP, icc_profile=profile),
            saved(drawing(), "GIF", comment=CANARY),
        ]
        clear = drawing(mode="RGBA")
        clear.putalpha(100)
        samples.append(saved(clear, "PNG", pnginfo=text, icc_profile=profile))
        samples.append(saved(clear, "WEBP", xmp=XMP, exif=exif(gps=HUE)))
        samples.append(saved(drawing(), "HEIF", exif=exif(gps=HUE), xmp=XMP))
        samples.append(saved(drawing(), "AVIF", exif=exif(gps=HUE), xmp=XMP))
        samples.append(saved(drawing(), "TIFF", exif=exif(gps=HUE)))
        for number, data in enumerate(samples):
            with self.subTest(number):
                if number not in (3, 6):  # their text is compressed or profiled
                    self.assertIn(CANARY, data)
                self.clean(data)

    def test_a_jpeg_holds_nothing_but_the_picture(self):
        data = saved(drawing(), exif=exif(gps=HUE), comment=CANARY, xmp=XMP)
        cleaned, _mimetype, _metadata = self.clean(data)
        at, markers = 2, []
        while cleaned[at + 1] != 0xDA:
            markers.append(cleaned[at + 1])
            at += 2 + int.from_bytes(cleaned[at + 2 : at + 4], "big")
        # JFIF, tables, frame: no APP1 to APP15, no comment.
        self.assertLessEqual(set(markers), {0xE0, 0xDB, 0xC0, 0xC2, 0xC4})

    def test_motion_photos(self):
        """Telephones hang a video behind the picture, and name it in XMP."""
        video = recording(b"mp42", box(b"udta", CANARY)) + box(b"mdat", CANARY)
        data = saved(drawing(), xmp=XMP, exif=exif(gps=HUE)) + video
        cleaned, _mimetype, _metadata = self.clean(data)
        self.assertNotIn(b"ftyp", cleaned)

    def test_altitude_and_direction(self):
        values = exif(gps=HUE)
        place = values.get_ifd(ExifTags.IFD.GPSInfo)
        tags = ExifTags.GPS
        for altitude, below, direction, expected in (
            (12.34, b"\x00", 271.5, (12.3, 271.5)),
            (3.0, b"\x01", 0.0, (-3.0, 0.0)),
            (99999.0, b"\x00", 400.0, (None, None)),
        ):
            place[tags.GPSAltitude], place[tags.GPSAltitudeRef] = altitude, below
            place[tags.GPSImgDirection] = direction
            metadata = self.clean(saved(drawing(), exif=values))[2]
            self.assertEqual((metadata["altitude"], metadata["direction"]), expected)

    def test_likeness(self):
        random = Random(1)
        noise, other = (
            Image.frombytes("L", (9, 8), random.randbytes(72)).resize((300, 200), 0)
            for _ in range(2)
        )

        def like(image, kind="PNG", **options):
            return self.clean(saved(image, kind, **options))[2]["likeness"]

        self.assertRegex(like(noise), "^[0-9a-f]{16}$")
        self.assertEqual(like(noise), like(noise, "JPEG", quality=70))
        self.assertEqual(like(noise), like(noise.convert("RGB"), exif=exif(gps=HUE)))
        self.assertNotEqual(like(noise), like(other))
        self.assertIsNone(like(Image.new("RGB", (60, 40), "white")))

    def test_what_hides_behind_the_end(self):
        for mimetype in ("image/jpeg", "image/png", "image/gif"):
            with self.subTest(mimetype):
                cleaned, _mimetype, _metadata = self.clean(ACCEPTED[mimetype] + SCRIPT)
                self.assertNotIn(b"<script", cleaned)

    def test_place_and_time(self):
        hanoi = timezone(timedelta(hours=7))
        for kind in ("JPEG", "PNG", "WEBP", "HEIF", "AVIF"):
            with self.subTest(kind):
                data = saved(drawing(), kind, exif=exif(gps=HUE))
                metadata = self.clean(data)[2]
                self.assertAlmostEqual(metadata["latitude"], 16.4636, places=6)
                self.assertAlmostEqual(metadata["longitude"], 107.5955, places=6)
                self.assertEqual(
                    metadata["taken_at"], datetime(2026, 3, 6, 16, 30, 5, tzinfo=hanoi)
                )
                self.assertEqual(metadata["software"], "Canary Editor 1.0")

    def test_south_and_west(self):
        place = ("S", (10.0, 30.0, 0.0), "W", (20.0, 0.0, 36.0))
        metadata = self.clean(saved(drawing(), exif=exif(gps=place)))[2]
        self.assertEqual((metadata["latitude"], metadata["longitude"]), (-10.5, -20.01))

    def test_places_that_cannot_be(self):
        nothing = IFDRational(0, 0)
        for place in (
            ("N", (0.0, 0.0, 0.0), "E", (0.0, 0.0, 0.0)),
            ("N", (91.0, 0.0, 0.0), "E", (107.0, 0.0, 0.0)),
            ("N", (16.0, 0.0, 0.0), "E", (181.0, 0.0, 0.0)),
            ("N", (nothing, nothing, nothing), "E", (107.0, 0.0, 0.0)),
            ("N", (16.0, 0.0), "E", (107.0, 0.0, 0.0)),
            ("X", (16.0, 0.0, 0.0), "E", (107.0, 0.0, 0.0)),
            ("", (16.0, 0.0, 0.0), "E", (107.0, 0.0, 0.0)),
            ("N", (16.0, 0.0, 0.0), "SW", (107.0, 0.0, 0.0)),
        ):
            with self.subTest(place):
                metadata = self.clean(saved(drawing(), exif=exif(gps=place)))[2]
                self.assertIsNone(metadata["latitude"])
                self.assertIsNone(metadata["longitude"])

    def test_times(self):
        naive = datetime(2026, 3, 6, 16, 30, 5)
        for taken, offset, expected in (
            ("2026:03:06 16:30:05", None, naive),
            ("2026:03:06 16:30:05", "   :  ", naive),
            ("2026:03:06 16:30:05\x00", None, naive),
            ("0000:00:00 00:00:00", "+07:00", None),
            ("1980:01:01 00:00:00", None, None),
            ("2026:13:06 16:30:05", None, None),
            ("yesterday", None, None),
            ("", None, None),
        ):
            with self.subTest(taken=taken, offset=offset):
                data = saved(drawing(), exif=exif(taken=taken, offset=offset))
                self.assertEqual(self.clean(data)[2]["taken_at"], expected)

    def test_malformed_exif_is_no_reason_to_refuse(self):
        whole = exif(gps=HUE).tobytes()
        junk = b"Exif\x00\x00" + bytes(range(100))
        for broken in (
            b"Exif\x00\x00",
            junk,
            whole[:30],
            whole[:14] + b"\xff" * 40,
            b"junk",
        ):
            with self.subTest(broken[:20]):
                self.clean(saved(drawing(), exif=broken))
        with patch.object(Image.Image, "getexif", side_effect=SyntaxError):
            media.clean_picture(ACCEPTED["image/jpeg"])

    def test_size(self):
        for size, side, expected in (
            ((3000, 1500), 2560, (2560, 1280)),
            ((1500, 3000), 600, (300, 600)),
            ((100, 50), 2560, (100, 50)),
            ((3000, 2), 300, (300, 1)),
        ):
            for kind in ("JPEG", "PNG"):
                with self.subTest(size=size, side=side, kind=kind):
                    data = saved(drawing(*size), kind)
                    metadata = self.clean(data, max_side=side)[2]
                    got = metadata["width"], metadata["height"]
                    self.assertEqual(got, expected)

    def test_a_large_jpeg_is_decoded_small(self):
        data = saved(drawing(4000, 3000))
        loaded = []
        load = ImageFile.ImageFile.load

        def noted(image):
            result = load(image)
            loaded.append(image.size)
            return result

        with patch.object(ImageFile.ImageFile, "load", noted):
            cleaned, _mimetype, _metadata = self.clean(data, max_side=500)
        self.assertEqual(loaded[0], (1000, 750))
        self.assertEqual(corners(cleaned), "RGBW")

    def test_thumbnail(self):
        data = saved(drawing(600, 400), exif=exif(6, gps=HUE))
        small, mimetype = media.thumbnail(data, 100)
        self.assertEqual(mimetype, "image/jpeg")
        self.assertEqual(Image.open(io.BytesIO(small)).size, (67, 100))
        self.assertEqual(corners(small), "BRWG")
        self.assertNotIn(CANARY, small)

    # --- what is refused

    def test_too_many_pixels_by_the_header_alone(self):
        with patch.object(
            ImageFile.ImageFile, "load", side_effect=AssertionError("decoded")
        ):
            for data in (
                png(50_000, 50_000),
                png(10_000, 10_000),
                saved(drawing()).replace(  # the size in the frame header
                    struct.pack(">HH", 40, 60), struct.pack(">HH", 50_000, 50_000), 1
                ),
                gif(1).replace(
                    struct.pack("<HH", 1, 1), struct.pack("<HH", 50_000, 50_000), 1
                ),
            ):
                with self.subTest(data[:8]):
                    self.refused("too_many_pixels", media.clean_picture, data)
        data = ACCEPTED["image/jpeg"]
        error = self.refused("too_many_pixels", media.clean_picture, data, 60 * 40 - 1)
        self.assertEqual(error.limit, 60 * 40 - 1)
        media.clean_picture(data, 60 * 40)

    def test_too_many_frames(self):
        self.refused("too_many_frames", media.clean_picture, gif(5_000))
        self.refused("too_many_frames", media.clean_picture, gif(500_000))
        frames = [drawing().rotate(number) for number in range(3)]
        for kind in ("WEBP", "PNG", "GIF"):
            data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
            with self.subTest(kind):
                error = self.refused(
                    "too_many_frames", media.clean_picture, data, max_frames=2
                )
                self.assertEqual(error.limit, 2)
                cleaned, _mimetype, metadata = self.clean(data, max_frames=3)
                self.assertEqual(metadata["frames"], 3)
                self.assertEqual(corners(cleaned), "RGBW")

    def test_two_pictures_in_one_jpeg(self):
        # As telephones write them: a second picture behind the first, which is shown.
        data = saved(
            drawing(), "MPO", save_all=True, append_images=[drawing().rotate(180)]
        )
        cleaned, _mimetype, metadata = self.clean(data)
        self.assertEqual(metadata["frames"], 1)
        self.assertEqual(corners(cleaned), "RGBW")

    def test_cut_off(self):
        noise = Image.effect_noise((300, 200), 90).convert("RGB")
        kinds = ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF", "TIFF"]
        # Odoo sets the first for the whole process.
        for lenient in (True, False):
            for kind in kinds:
                options = {"exif": thumbnailed()} if kind == "JPEG" else {}
                whole = saved(noise, kind, **options)
                media.clean_picture(whole)
                for part in (0.3, 0.6, 0.9, 0.99):
                    if kind == "JPEG" and part == 0.99:
                        continue  # see test_jpegs_cut_at_the_end
                    data = whole[: int(len(whole) * part)]
                    with (
                        self.subTest(kind=kind, part=part, lenient=lenient),
                        patch.object(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient),
                    ):
                        self.refused("broken", media.clean_picture, data)

    def test_broken(self):
        for data in (
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xe0" + bytes(100),
            b"\xff\xd8\xff\xda\xff\xd9",
            b"\x89PNG\r\n\x1a\n",
            png(10, 10).replace(zlib.compress(bytes(100)), zlib.compress(bytes(99))),
            png(0, 10),
            b"GIF89a",
            gif(1, b""),
            gif(0),
            gif(1, b"x"),
            b"RIFF\x04\x00\x00\x00WEBP",
            box(b"ftyp", b"heic", bytes(4)),
            box(b"ftyp", b"heic", bytes(4)) + box(b"meta", bytes(4)),
        ):
            for lenient in (True, False):
                with (
                    self.subTest(data=data[:40], lenient=lenient),
                    patch.object(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient),
                ):
                    self.refused("broken", media.clean_picture, data)

    def test_pixels_that_do_not_decode(self):
        data = png(10, 10, chunk(b"IDAT", b"junk"))
        with patch.object(ImageFile, "LOAD_TRUNCATED_IMAGES", False):
            self.refused("broken", media.clean_picture, data)
        with patch.object(ImageFile, "LOAD_TRUNCATED_IMAGES", True):
            self.clean(data)  # black, which harms nobody

    def test_junk_between_the_parts_of_a_jpeg(self):
        data = saved(drawing())
        for junk in (b"\xff\xff\xff", b"\xff\x00", b"\x00\x01"):
            with self.subTest(junk):
                at = data.index(b"\xff\xdb")
                self.clean(data[:at] + junk + data[at:])

    def test_a_server_without_memory_is_no_fault_of_the_picture(self):
        with (
            patch.object(Image, "open", side_effect=MemoryError),
            self.assertRaises(MemoryError),
        ):
            media.clean_picture(ACCEPTED["image/png"])

    def test_bombs_of_text(self):
        text = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(100_000_000)))
        profile = chunk(b"iCCP", b"x\x00\x00" + zlib.compress(bytes(100_000_000)))
        rows = zlib.compress(bytes((10 * 3 + 1) * 10))
        for extra in (text, profile):
            data = png(10, 10, extra, chunk(b"IDAT", rows))
            try:
                self.clean(data)
            except media.MediaError as error:
                self.assertEqual(error.code, "broken")

    def test_odoo_keeps_pillow_from_loading_plugins(self):
        with patch.object(Image, "_initialized", 2):
            for mimetype, data in ACCEPTED.items():
                if mimetype.startswith("image/"):
                    self.clean(data)


def thumbnailed():
    """EXIF with a whole JPEG inside, as cameras write it: an end before the end."""
    values = exif()
    details = values.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.UserComment] = saved(drawing())
    return values


class TestRedact(MediaCase):
    """Black boxes: what was under them is in no byte of the result."""

    def test_a_box_is_black_and_the_rest_stays(self):
        for kind, mode in (("JPEG", "RGB"), ("PNG", "L"), ("PNG", "RGBA")):
            data = media.clean_picture(saved(drawing(200, 100, mode), kind))[0]
            boxes = media.checked_boxes([[0, 0, 0.5, 0.5], [0.9, 0.9, 0.5, 0.5]])
            redacted, mimetype, width, height = media.redact(data, boxes)
            self.assertEqual((width, height), (200, 100))
            image = Image.open(io.BytesIO(redacted)).convert("RGB")
            self.assertEqual(
                Image.MIME[Image.open(io.BytesIO(redacted)).format], mimetype
            )
            for at in ((0, 0), (99, 49), (50, 25), (181, 91), (199, 99)):
                self.assertLess(sum(image.getpixel(at)), 60, at)
            for at in ((110, 10), (110, 60), (10, 60), (170, 80)):
                self.assertGreater(sum(image.getpixel(at)), 40, at)

    def test_transparency_hides_nothing_under_a_box(self):
        clear = drawing(60, 40, "RGBA")
        clear.putalpha(100)
        redacted = media.redact(saved(clear, "PNG"), [media.Box(0, 0, 0.5, 0.5)])[0]
        image = Image.open(io.BytesIO(redacted))
        self.assertEqual(image.getpixel((5, 5)), (0, 0, 0, 255))
        self.assertEqual(image.getpixel((50, 30))[3], 100)

    def test_thin_boxes_cover_whole_pixels(self):
        box_ = media.Box(0.5001, 0.5001, 0.002, 0.002)
        redacted = media.redact(saved(drawing(100, 100), "PNG"), [box_])[0]
        self.assertLess(sum(Image.open(io.BytesIO(redacted)).getpixel((50, 50))), 200)

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(st.lists(st.lists(st.floats(), min_size=4, max_size=4), max_size=4))
    def test_any_boxes(self, rows):
        try:
            boxes = media.checked_boxes(rows)
        except ValueError:
            return
        for box_ in boxes:
            self.assertTrue(0 <= box_.x < box_.x + box_.width <= 1)
            self.assertTrue(0 <= box_.y < box_.y + box_.height <= 1)
        media.redact(ACCEPTED["image/png"], boxes)

    def test_no_boxes(self):
        for rows in (
            None,
            "abcd",
            [[0, 0, 1]],
            [[0, 0, "x", 1]],
            [[0, 0, 0, 1]],
            [[2, 2, 1, 1]],
            [[0, 0, float("nan"), 1]],
            [[0, 0, 1, 1]] * (media.MAX_BOXES + 1),
        ):
            with self.subTest(rows=str(rows)[:40]), self.assertRaises(ValueError):
                media.checked_boxes(rows)

    def test_no_picture(self):
        self.refused("type_not_allowed", media.redact, MP3, [])
        self.refused("too_many_pixels", media.redact, png(50_000, 50_000), [])
