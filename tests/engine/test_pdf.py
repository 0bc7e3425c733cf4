"""PDF files: the same pages, without who made them."""

import io
import struct
import zlib
from unittest.mock import patch

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

# Imported by name: Odoo keeps Pillow from loading plugins by itself.
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

from ...tools import media
from ...tools.media import jpeg, jpx
from ...tools.media import pdf as rewriting
from ..rig.media import XMP, MediaCase, pdf, saved
from ..rig.pdfs import CANARY, WORDS, locked, photograph, picture_in, telling
from ..rig.recordings import MAKER, played, run, told


def pages(data):
    """What is drawn on each page, as poppler's or any other program would read it."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        return [
            (
                [float(side) for side in page.mediabox],
                b"".join(
                    part.read_bytes()
                    for part in (
                        page.Contents
                        if isinstance(page.Contents, Array)
                        else [page.Contents]
                    )
                ),
            )
            for page in opened.pages
        ]


def every_string(data):
    """All that is in a file, with whatever is packed unpacked."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        output = io.BytesIO()
        opened.save(output, qdf=True, static_id=True, fix_metadata_version=False)
    return output.getvalue()


class TestPdf(MediaCase):
    def test_nothing_tells_of_its_makers(self):
        for save in ({}, {"linearize": True}, {"encryption": locked(user="")}):
            data = telling(**save)
            clean = media.clean_pdf(data)
            unpacked = every_string(clean)
            for words in (CANARY, b"JavaScript", b"D:2026", b"EmbeddedFile", b"XFA"):
                self.assertNotIn(words, unpacked)
            self.assertIn(CANARY, every_string(data))
            for tag, value in told(clean, ".pdf").items():
                self.assertNotRegex(str(value), f"{WORDS}|{MAKER}|2026", tag)
            self.assertFalse(
                {"PDF:Author", "PDF:Creator", "PDF:Producer", "PDF:CreateDate"}
                & told(clean, ".pdf").keys()
            )

    def test_the_pages_stay(self):
        data = telling()
        clean = media.clean_pdf(data)
        self.assertEqual(pages(clean), pages(data))
        unpacked = every_string(clean)
        for words in (b"Kept words", b"kept.example", b"Kept answer", b"Field1"):
            self.assertIn(words, unpacked)
        # Once more it stays to the byte.
        self.assertEqual(media.clean_pdf(clean), clean)

    def test_photographs_stay_to_the_pixel(self):
        for options in ({}, {"progressive": True}):
            data = photograph(**options)
            stripped = jpeg.strip(data + CANARY)
            self.assertNotIn(CANARY, stripped)
            self.assertEqual(played(stripped, "v"), played(data, "v"))
            self.assertEqual(told(stripped, ".jpg").keys() & {"IFD0:Artist"}, set())

    def test_earlier_versions_are_gone(self):
        data = pdf("first")
        with pikepdf.open(io.BytesIO(data)) as opened:
            opened.Root.Secret = WORDS
            hidden = io.BytesIO()
            opened.save(hidden)
        start = data.rindex(b"startxref")
        newer = hidden.getvalue() + b"\n" + data[start:]
        self.assertIn(CANARY, newer)
        self.assertNotIn(b"%%EOF\n%", media.clean_pdf(newer))

    def test_locked(self):
        self.refused("locked", media.clean_pdf, telling(encryption=locked("secret")))

    def test_broken(self):
        for data in (b"%PDF-1.7\n%%EOF", b"%PDF-1.4\n" + bytes(500), pdf()[:60]):
            error = self.refused("broken", media.clean_pdf, data)
            self.assertNotIsInstance(error, media.Withheld)
        damaged = pdf().replace(b"/Catalog", b"/Kat\0log").replace(b"trailer", b"tr")
        self.refused("changed", media.clean_pdf, damaged.replace(b"/Root", b"/R00t"))
        # Every viewer mends this one.
        mended = media.clean_pdf(pdf().replace(b"startxref", b"startxxxx"))
        self.assertEqual(len(pages(mended)), 1)

    def test_photographs_of_jpeg_2000_tell_nothing_and_stay(self):
        noise = Image.effect_noise((300, 200), 80).convert("RGB")
        plain = saved(noise, Jpeg2KImageFile.format)
        commented = saved(
            noise,
            Jpeg2KImageFile.format,
            comment=CANARY,
            tile_size=(128, 128),
        )
        uuid = struct.pack(">I4s", 24 + len(XMP) + len(CANARY), b"uuid") + bytes(16)
        noted = plain + uuid + XMP + CANARY
        bare = commented[commented.index(jpx.START) :]
        for name, photo in {"boxes": noted, "comment": commented, "bare": bare}.items():
            with self.subTest(name=name):
                self.assertIn(CANARY, photo)
                blanked = jpx.blank(photo)
                self.assertNotIn(CANARY, blanked)
                self.assertNotIn(b"xmpmeta", blanked)
                self.assertEqual(
                    Image.open(io.BytesIO(blanked)).convert("RGB").tobytes(),
                    Image.open(io.BytesIO(photo)).convert("RGB").tobytes(),
                )
                self.assertNotIn(CANARY, every_string(self.cleaned_with(photo)))

    def cleaned_with(self, photo):
        made = pikepdf.open(io.BytesIO(pdf("x")))
        picture = picture_in(made, photo, Filter=Name.JPXDecode)
        made.pages[0].Resources.XObject = Dictionary(Im0=made.make_indirect(picture))
        made.Root.OCProperties = Dictionary(D=Dictionary(Creator=WORDS), OCGs=[])
        output = io.BytesIO()
        made.save(output)
        return media.clean_pdf(output.getvalue())

    def test_damaged_jpeg_2000(self):
        for photo in (b"\xff", b"\0\0\0", b"\0\0\0\x09jP  ", jpx.START + b"\xff\x64\0"):
            with self.subTest(photo=photo), self.assertRaises(IndexError):
                jpx.blank(photo)

    def test_neither_memory_nor_time_without_bounds(self):
        zeros = zlib.compress(zlib.compress(bytes(1_500_000_000), 9), 9)
        with pikepdf.open(io.BytesIO(pdf())) as made:
            picture = Stream(made, zeros)
            picture.Subtype = Name.Image
            picture.Filter = Array([Name.FlateDecode, Name.FlateDecode, Name.DCTDecode])
            resources = made.pages[0].Resources
            resources.XObject = Dictionary(Im0=made.make_indirect(picture))
            bomb = io.BytesIO()
            made.save(bomb)
        with patch.object(rewriting, "_logger"):
            self.refused("too_complex", media.clean_pdf, bomb.getvalue())
        with (
            patch.object(rewriting, "SECONDS", 0.01),
            patch.object(rewriting, "_logger"),
        ):
            self.refused("too_complex", media.clean_pdf, pdf())

    def test_a_rewrite_that_changes_the_pages_is_not_given_out(self):
        with (
            patch.object(rewriting, "MOST_GROWTH", -(10**9)),
            patch.object(rewriting, "_logger"),
        ):
            self.refused("too_complex", media.clean_pdf, pdf())
        for code, status in (("changed", 5), ("too_complex", -11), ("too_complex", 1)):
            ended = run("true")
            ended.returncode = status
            with (
                patch.object(rewriting.subprocess, "run", return_value=ended),
                patch.object(rewriting, "_logger"),
            ):
                self.refused(code, media.clean_pdf, pdf())
