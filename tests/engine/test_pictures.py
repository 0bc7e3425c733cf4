"""Pictures of today's telephones: large, cut off, in other formats and colours."""

import io
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import pillow_heif
from PIL import Image, ImageCms, ImageFile

from ...tools import media
from ...tools.media import picture as drawing_anew
from ...tools.media.whole import tiff_pages
from ..rig.media import HUE, MediaCase, corners, drawing, exif, saved

ROOT = Path(__file__).resolve().parents[2]
# Cameras of 50, 64, 108 and 200 million pixels.
SENSORS = ((8192, 6144), (9248, 6936), (12000, 9000), (16320, 12240))
# Cleans the file that is named and says by how many KB its memory grew at most.
MEASURE = """
import sys
sys.path.insert(0, sys.argv[1])
from tools import media
data = open(sys.argv[2], "rb").read()
def peak():
    rows = open("/proc/self/status")
    return next(int(row.split()[1]) for row in rows if row.startswith("VmHWM"))
before = peak()
cleaned, _mimetype, metadata = media.clean_picture(data)
print(peak() - before, metadata["width"], metadata["height"])
"""
# Primaries in the XYZ of ICC profiles, red, green and blue.
DISPLAY_P3 = (
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
)
ADOBE_RGB = (
    (0.60974, 0.31111, 0.01947),
    (0.20528, 0.62567, 0.06087),
    (0.14919, 0.06322, 0.74457),
)


def profile(primaries, name=b"Canary colours"):
    """An ICC profile of version 2 of these primaries, its gamma 2.2."""

    def xyz(values):
        fixed = [round(value * 65536) for value in values]
        return b"XYZ " + bytes(4) + struct.pack(">3i", *fixed)

    gamma = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    words = b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name + bytes(79)
    tags = {
        b"desc": words + bytes(-len(words) % 4),
        b"cprt": b"text" + bytes(4) + b"none" + bytes(4),
        b"wtpt": xyz((0.9642, 1.0, 0.8249)),
        **dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(xyz, primaries), strict=True)),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), gamma),
    }
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for tag, part in tags.items():
        table += tag + struct.pack(">2I", at + len(body), len(part))
        body += part
    head = struct.pack(">I", at + len(body)) + bytes(4) + b"\x02\x10\0\0mntrRGB XYZ "
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


class TestLargePictures(MediaCase):
    def test_cameras_of_many_million_pixels(self):
        for size in SENSORS:
            with self.subTest(size), tempfile.NamedTemporaryFile() as file:
                Image.new("L", size, 128).save(file, "JPEG", quality=50)
                file.flush()
                done = subprocess.run(
                    [sys.executable, "-c", MEASURE, str(ROOT), file.name],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                grown, width, height = map(int, done.stdout.split())
                self.assertLess(grown / 1024, 150, "MB")
                self.assertEqual((width, height), (2560, 1920))

    def test_limits_by_format(self):
        """Only what is decoded at a fraction may be so large."""
        image = drawing(600, 400)
        for limit, options, kinds in (
            ("MAX_PIXELS_JPEG", {}, ("JPEG",)),
            ("MAX_PIXELS", {"progressive": True}, ("JPEG",)),
            ("MAX_PIXELS", {}, ("PNG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF")),
        ):
            for kind in kinds:
                data = saved(image, kind, **options)
                with (
                    self.subTest(kind=kind, limit=limit),
                    patch.object(drawing_anew, limit, 600 * 400 - 1),
                ):
                    self.refused("too_many_pixels", media.clean_picture, data)

    def test_scans_apart_are_held_whole_too(self):
        """Not progressive, but with a scan for each part of the colours."""
        data = saved(drawing())
        at = data.index(b"\xff\xda")
        apart = data[: at + 4] + b"\x01\x01\x00\x00\x3f\x00" + data[at + 14 :]
        self.assertEqual(media.jpeg.scans(data), (1, False))
        self.assertEqual(media.jpeg.scans(apart), (1, True))


class TestCutOff(MediaCase):
    def test_jpegs_cut_at_the_end(self):
        noise = Image.effect_noise((600, 400), 90).convert("RGB")
        # Odoo sets it for the whole process.
        for lenient in (True, False):
            for options in ({}, {"progressive": True}, {"exif": exif(6, gps=HUE)}):
                whole = saved(noise, **options)
                for missing in (1, 2, 200, len(whole) // 20):
                    with (
                        self.subTest(missing=missing, options=str(options)[:20]),
                        patch.object(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient),
                    ):
                        cut = media.clean_picture(whole[:-missing])
                        sides = sorted((cut[2]["width"], cut[2]["height"]))
                        self.assertEqual(sides[1], 600)
                        self.assertGreaterEqual(sides[0], 360)
                        if missing < 3:
                            self.assertEqual(cut, media.clean_picture(whole))
                for part in (0.1, 0.5, 0.8 if not options.get("progressive") else 0.5):
                    with patch.object(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient):
                        cut = whole[: int(part * len(whole))]
                        self.refused("broken", media.clean_picture, cut)

    def test_a_large_one_is_decoded_small(self):
        noise = Image.effect_noise((4000, 3000), 40)
        result = media.clean_picture(saved(noise)[:-2], max_side=500)
        self.assertEqual((result[2]["width"], result[2]["height"]), (500, 375))

    def test_no_grey_where_something_is_missing(self):
        noise = Image.effect_noise((600, 1200), 90)
        whole = saved(noise, quality=95)
        cleaned = media.clean_picture(whole[: int(0.94 * len(whole))])[0]
        image = Image.open(io.BytesIO(cleaned))
        self.assertLess(image.height, 1180)
        last = image.crop((0, image.height - 60, 600, image.height - 40))
        self.assertGreater(len(set(last.tobytes())), 50)


class TestColours(MediaCase):
    def colour(self, data):
        cleaned = media.clean_picture(data)[0]
        return Image.open(io.BytesIO(cleaned)).convert("RGB").getpixel((20, 20))

    def test_wide_profiles_become_srgb(self):
        """As bright as on the telephone: red more, the others less."""
        plain = Image.new("RGB", (40, 40), (200, 100, 60))
        for primaries in (DISPLAY_P3, ADOBE_RGB):
            wide = profile(primaries)
            for kind in ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"):
                with self.subTest(kind):
                    options = {"quality": 95} if kind != "PNG" else {}
                    red, green, _blue = self.colour(
                        saved(plain, kind, icc_profile=wide, **options)
                    )
                    self.assertGreater(red, 207)
                    self.assertLess(green, 103)

    def test_what_is_transparent_stays_so(self):
        clear = Image.new("RGBA", (40, 40), (200, 100, 60, 90))
        data = saved(clear, "PNG", icc_profile=profile(DISPLAY_P3))
        image = Image.open(io.BytesIO(media.clean_picture(data)[0]))
        self.assertEqual(image.getpixel((9, 9))[3], 90)
        self.assertGreater(image.getpixel((9, 9))[0], 207)

    def test_profiles_that_change_nothing(self):
        plain = Image.new("RGB", (40, 40), (200, 100, 60))
        same = self.colour(saved(plain, quality=95))
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        for odd in (
            srgb,
            b"junk",
            profile(DISPLAY_P3)[:200],
            profile(DISPLAY_P3).replace(b"RGB XYZ", b"CMYKXYZ"),
            bytes(drawing_anew.MAX_PROFILE + 1),
        ):
            self.assertEqual(
                self.colour(saved(plain, quality=95, icc_profile=odd)), same
            )
        grey = saved(Image.new("L", (40, 40), 99), icc_profile=profile(DISPLAY_P3))
        self.assertEqual(self.colour(grey), (99, 99, 99))


class TestOtherFormats(MediaCase):
    def test_ten_bits_for_a_colour(self):
        deep = pillow_heif.from_bytes("RGB;16", (64, 64), b"\x00\xc0" * (64 * 64 * 3))
        output = io.BytesIO()
        deep.save(output, quality=-1)
        found = pillow_heif.open_heif(output.getvalue(), convert_hdr_to_8bit=False)
        self.assertGreater(found.info["bit_depth"], 8)
        cleaned = media.clean_picture(output.getvalue())[0]
        value = Image.open(io.BytesIO(cleaned)).getpixel((30, 30))[0]
        self.assertAlmostEqual(value, 0xC0, delta=2)

    def test_tiff(self):
        pages = [drawing(), drawing().rotate(180)]
        for options in (
            {},
            {"compression": "tiff_lzw"},
            {"compression": "jpeg"},
            {"compression": "tiff_adobe_deflate"},
            {"save_all": True, "append_images": pages[1:]},
        ):
            cleaned, mimetype, _metadata = media.clean_picture(
                saved(pages[0], "TIFF", **options)
            )
            self.assertEqual((corners(cleaned), mimetype), ("RGBW", "image/jpeg"))
        for mode in ("CMYK", "L", "1", "LA", "RGBA", "P"):
            media.clean_picture(saved(drawing(mode=mode), "TIFF"))
        for mode in ("I", "I;16", "I;16B", "F", "LAB"):
            media.clean_picture(saved(Image.new(mode, (60, 40)), "TIFF"))
        whole = saved(drawing(), "TIFF")
        start = whole.index(struct.pack("<HHI", 273, 4, 1))
        outside = whole[: start + 8] + b"\xff\xff\xff\x7f" + whole[start + 12 :]
        for data in (outside, whole[:40], b"II*\0" + bytes(60), b"MM\0*"):
            self.refused("broken", media.clean_picture, data)

    def test_pages_of_a_tiff_are_told(self):
        pages = [drawing(), drawing().rotate(180), drawing(mode="L")]
        scan = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
        self.assertEqual(media.clean_picture(scan)[2]["frames"], 3)
        self.assertEqual(media.clean_picture(saved(pages[0], "TIFF"))[2]["frames"], 1)
        # A small version of a page is none: the second directory says so.
        small = [drawing(), drawing()]
        preview = saved(small[0], "TIFF", save_all=True, append_images=small[1:])
        self.assertEqual(tiff_pages(preview), 2)
        first = int.from_bytes(preview[4:8], "little")
        after = first + 2 + 12 * int.from_bytes(preview[first : first + 2], "little")
        second = int.from_bytes(preview[after : after + 4], "little")
        reduced = bytearray(preview)
        reduced[second + 2 : second + 14] = struct.pack("<HHII", 254, 4, 1, 1)
        self.assertEqual(tiff_pages(bytes(reduced)), 1)
        self.assertEqual(tiff_pages(scan[: first + 4]), 1)

    def test_pages_of_a_tiff_that_go_round(self):
        data = bytearray(saved(drawing(), "TIFF"))
        # The directory names itself as the next one.
        at = int.from_bytes(data[4:8], "little")
        count = int.from_bytes(data[at : at + 2], "little")
        following = at + 2 + 12 * count
        data[following : following + 4] = at.to_bytes(4, "little")
        cleaned, _mimetype, metadata = media.clean_picture(bytes(data))
        self.assertEqual((corners(cleaned), metadata["frames"]), ("RGBW", 1))
