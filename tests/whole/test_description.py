import re

import lxml.html
from PIL import Image

from odoo.modules import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_open, file_path

PAGE = "civic_report/static/description/index.html"


def words(page):
    root = lxml.html.document_fromstring(page)
    return " ".join(root.find("body").text_content().split())


@tagged("post_install", "-at_install")
class TestDescription(TransactionCase):
    """The add-on's page in the Apps store, and in Odoo's own list of apps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = cls.env.ref("base.module_civic_report")
        cls.shown = lxml.html.document_fromstring(module.description_html)
        with file_open(PAGE) as page:
            cls.written = page.read()

    def test_nothing_is_lost_by_the_cleaning_of_html(self):
        self.assertEqual(
            words(lxml.html.tostring(self.shown, encoding="unicode")),
            words(self.written),
        )
        self.assertNotRegex(self.written, r"<(script|style|link|iframe|form)\b")
        self.assertNotIn("//", self.written, "pictures and links of other servers")

    def test_its_pictures_are_there_and_told_to_who_does_not_see_them(self):
        pictures = self.shown.findall(".//img")
        self.assertGreater(len(pictures), 5)
        for picture in pictures:
            with self.subTest(picture=picture.get("src")):
                self.assertTrue(file_path(picture.get("src").lstrip("/")))
                self.assertTrue(picture.get("alt") or "icon" in picture.get("src"))

    def test_both_languages(self):
        sections = {
            section.get("lang") or "en": section.findall(".//h4")
            for section in self.shown.findall(".//section")
            if section.findall(".//h4")
        }
        self.assertEqual(sections.keys(), {"en", "vi"})
        self.assertEqual(len(sections["en"]), len(sections["vi"]))

    def test_pictures_of_the_manifest(self):
        images = Manifest.for_addon("civic_report")["images"]
        for name in images:
            with file_open(f"civic_report/{name}", "rb") as opened:
                picture = Image.open(opened)
                self.assertEqual(picture.format, "PNG")
                if re.search("banner", name):
                    self.assertEqual(picture.width, 2 * picture.height)
        self.assertIn("banner", images[0], "the first one is the cover")
