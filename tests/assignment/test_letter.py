import base64
import unittest
from datetime import date
from io import BytesIO

from PIL import Image

from odoo.exceptions import MissingError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.letters import enumeration, long_date, paragraphs
from ..rig.asked import ROUTES, trial
from ..rig.letters import (
    ALPHABET,
    ANONYMOUS,
    MILLIMETRE,
    NAMED,
    LetterCase,
    LetterPdfCase,
)
from ..rig.media import pdf


class TestPieces(unittest.TestCase):
    def test_long_date(self):
        rows = {
            date(2026, 2, 5): "ngày 05 tháng 02 năm 2026",
            date(2026, 1, 31): "ngày 31 tháng 01 năm 2026",
            date(2026, 3, 10): "ngày 10 tháng 3 năm 2026",
            date(2026, 12, 1): "ngày 01 tháng 12 năm 2026",
        }
        for day, words in rows.items():
            self.assertEqual(long_date(day), words)

    def test_paragraphs(self):
        self.assertEqual(paragraphs(" a \n\n b\r\nc"), ["a", "b", "c"])
        self.assertEqual(paragraphs(None), [])

    def test_enumeration(self):
        self.assertEqual(enumeration([]), "")
        self.assertEqual(enumeration(["A"]), "A")
        self.assertEqual(enumeration(["A", "B"]), "A và B")
        self.assertEqual(enumeration(["A", "B", "C"]), "A, B và C")


@tagged("-at_install", "post_install")
class TestLetter(LetterCase):
    def test_words_of_the_regulation(self):
        report, work = self.make_done()
        named = self.words(self.render(NAMED, report, self.operator))
        self.assertForm(named)
        self.assertIn("Kính gửi: Quý cá nhân Trần Thị Bí Mật Vấn đề", named)
        self.assertIn("Đã vá 3 m² ổ gà <b>xong</b> {{7*7}}.", named, "literal")
        self.assertIn(report.name, named)
        anonymous = self.words(self.render(ANONYMOUS, work, self.handler))
        self.assertForm(anonymous)
        self.assertIn("Kính gửi: Quý cá nhân Vấn đề", anonymous)
        self.assertIn(ALPHABET.lower(), anonymous)

    def test_no_name_in_the_anonymous_letter(self):
        _report, work = self.make_done()
        for user in (self.handler, self.leader, self.operator, self.province_leader):
            html = self.render(ANONYMOUS, work, user)
            for word in ("Bí Mật", "nguoi.phan.anh", "912345678"):
                self.assertNotIn(word, html)

    def test_organisation(self):
        self.reporter.is_organisation = True
        report, work = self.make_done()
        self.assertForm(
            self.words(self.render(NAMED, report, self.operator)), "tổ chức"
        )
        self.assertForm(
            self.words(self.render(ANONYMOUS, work, self.leader)), "tổ chức"
        )

    def test_words_stay_vietnamese(self):
        report, _work = self.make_done()
        html = self.render(NAMED, report, self.operator, lang="en_US")
        self.assertForm(self.words(html))

    def test_edited_result_goes_to_the_citizen(self):
        report, work = self.make_done(state="resolved")
        report.public_result = "Đã vá xong.\n\nSẽ rải nhựa trước ngày 30."
        report.publish()
        named = self.words(self.render(NAMED, report, self.operator))
        self.assertIn("Đã vá xong. Sẽ rải nhựa trước ngày 30. Chân thành", named)
        self.assertIn("3 m²", self.words(self.render(ANONYMOUS, work, self.leader)))

    def test_several_agencies(self):
        report = self.walk_to("received")
        report.dispatch([self.agency.id, self.other_agency.id])
        for user, leader in (
            (self.handler, self.leader),
            (self.other_handler, self.other_leader),
        ):
            work = self.env["civic.assignment"].with_user(user).search([])
            work.accept()
            work.submit(f"Phần việc của {work.agency_id.code}.")
            work.with_user(leader).approve()
        report.publish()
        text = self.words(self.render(NAMED, report, self.operator))
        self.assertForm(text, agency="Sở Xây dựng và UBND phường Thuận Hóa")
        self.assertIn("Phần việc của SXD.", text)
        self.assertIn("Phần việc của TH.", text)

    def test_evidence(self):
        _report, work = self.make_done(
            files=[("truoc.jpg", self.picture()), ("bien-ban.pdf", pdf())]
        )
        secret = self.env["ir.attachment"].create(
            {
                "name": "khac.jpg",
                "raw": self.picture(),
                "res_model": "civic.reporter",
                "res_id": self.reporter.id,
            }
        )
        work._elevated().result_attachment_ids = [Command.link(secret.id)]
        values = self.env["report.civic_report.letter_anonymous"].with_user(self.leader)
        (letter,) = values._get_report_values(work.ids)["letters"]
        self.assertEqual(len(letter["pictures"]), 1, "not what hangs on other records")
        self.assertTrue(letter["pictures"][0].startswith("data:image/jpeg;base64,"))
        self.assertEqual(len(letter["files"]), 1)
        small = Image.open(
            BytesIO(base64.b64decode(letter["pictures"][0].split(",")[1]))
        )
        self.assertLessEqual(max(small.size), 1000)

    def test_who_may_have_the_named_letter(self):
        report, _work = self.make_done()
        for user in (self.operator, self.manager, self.citizen):
            self.assertIn("Bí Mật", self.render(NAMED, report, user))
        for user in (
            self.handler,
            self.leader,
            self.other_handler,
            self.coordinator,
            self.province_leader,
            self.plain,
            self.other_citizen,
            self.env.ref("base.public_user"),
        ):
            with self.subTest(user.login), self.assertRaises(MissingError):
                self.render(NAMED, report, user)
            # As if a route had raised the rights.
            with self.subTest(user.login), self.assertRaises(MissingError):
                sudo = (
                    self.env["report.civic_report.letter_named"].with_user(user).sudo()
                )
                sudo._get_report_values(report.ids)

    def test_who_may_have_the_anonymous_letter(self):
        _report, work = self.make_done()
        for user in (
            self.other_handler,
            self.other_leader,
            self.plain,
            self.citizen,
            self.env.ref("base.public_user"),
        ):
            with self.subTest(user.login), self.assertRaises(MissingError):
                self.render(ANONYMOUS, work, user)

    def test_operators_of_another_company(self):
        report, work = self.make_done()
        company = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.manager.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        for name, record in ((NAMED, report), (ANONYMOUS, work)):
            with self.assertRaises(MissingError):
                self.render(name, record, self.manager)

    def test_one_foreign_id_refuses_all(self):
        report, _work = self.make_done()
        missing = report.browse(report.ids + [2**31 - 1])
        with self.assertRaises(MissingError):
            self.render(NAMED, missing, self.operator)
        with self.assertRaises(MissingError):
            self.render(NAMED, report.browse(), self.operator)

    def test_only_after_approval(self):
        report, work = self.make_done(state="submitted")
        with self.assertRaises(UserError):
            self.render(ANONYMOUS, work, self.leader)
        with self.assertRaises(UserError):
            self.render(NAMED, report, self.operator)
        work.with_user(self.leader).approve()
        self.assertForm(self.words(self.render(ANONYMOUS, work, self.leader)))
        self.assertForm(self.words(self.render(NAMED, report, self.operator)))
        with self.assertRaises(UserError):
            self.render(NAMED, report, self.citizen)

    def test_many_at_once_are_bounded(self):
        values = self.env["report.civic_report.letter_named"]
        with self.assertRaises(UserError):
            values._get_report_values(list(range(1, 52)))


@tagged("-at_install", "post_install")
@trial("assignment", ROUTES)
class TestLetterPdf(LetterPdfCase):
    """The file itself, and the ways to it from outside."""

    def test_named(self):
        report, _work = self.make_done(files=[("sau.jpg", self.picture())] * 2)
        reader = self.pdf(NAMED, report, self.citizen)
        self.assertEqual(len(reader.pages), 1)
        text = self.text(reader)
        self.assertForm(text)
        self.assertIn("Kính gửi: Quý cá nhân Trần Thị Bí Mật", text)
        # The long word is broken at the margin.
        self.assertIn(ALPHABET + ALPHABET.lower(), text.replace(" ", ""))

    def test_anonymous(self):
        _report, work = self.make_done()
        text = self.text(self.pdf(ANONYMOUS, work, self.handler))
        self.assertForm(text)
        self.assertNotIn("Bí Mật", text)
        self.assertNotIn("Trần Thị", text)

    def test_page_and_fonts(self):
        report, _work = self.make_done()
        page = self.pdf(NAMED, report, self.operator).pages[0]
        width, height = (float(side) / MILLIMETRE for side in page.mediabox[2:])
        self.assertAlmostEqual(width, 210, delta=0.5)
        self.assertAlmostEqual(height, 297, delta=0.5)
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        self.assertTrue(fonts)
        for font in fonts:
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            self.assertIn("Tinos", descriptor["/FontName"])
            self.assertIn("/FontFile2", descriptor, "embedded")
            self.assertIn("/ToUnicode", font, "can be searched")
        sizes, lefts = self.sizes_and_lefts(page)
        self.assertGreaterEqual(min(sizes), 12.5)
        self.assertLessEqual(max(sizes), 14.5)
        self.assertGreaterEqual(min(lefts), 29.5 * MILLIMETRE)
        self.assertLessEqual(min(lefts), 35 * MILLIMETRE)

    def sizes_and_lefts(self, page):
        """Sizes of the letters and where lines begin, in points on paper."""
        sizes, lefts = [], []

        def visit(text, cm, tm, _font, size):
            if text.strip():
                sizes.append(abs(size * tm[3] * cm[3]))
                lefts.append(tm[4] * cm[0] + cm[4])

        page.extract_text(visitor_text=visit)
        return sizes, lefts

    def test_many(self):
        reports = self.make_done()[0] | self.make_done()[0]
        reader = self.pdf(NAMED, reports, self.operator)
        self.assertEqual(len(reader.pages), 2)
        for page, report in zip(reader.pages, reports, strict=True):
            self.assertIn(report.name, page.extract_text())

    def test_reports_over_http(self):
        report, work = self.make_done()
        for converter in ("pdf", "html", "text"):
            path = f"/report/{converter}/{NAMED}/{report.id}"
            self.assertIn("Bí Mật", self.open(self.operator, path).content.decode())
            for user in (self.handler, self.leader, self.province_leader, self.plain):
                with mute_logger("odoo.http"):
                    answer = self.open(user, path)
                self.assertEqual(answer.status_code, 404, (converter, user.login))
                self.assertNotIn("Bí Mật", answer.content.decode())
        path = f"/report/pdf/{ANONYMOUS}"
        answer = self.open(self.leader, f"{path}/{work.id}")
        self.assertForm(self.words(answer.content.decode()))
        with mute_logger("odoo.http"):
            foreign = self.open(self.other_leader, f"{path}/{work.id}")
            missing = self.open(self.other_leader, f"{path}/{2**31 - 1}")
        self.assertEqual((foreign.status_code, missing.status_code), (404, 404))

    def test_own_letter(self):
        report, _work = self.make_done()
        path = f"/my/phan-anh/{report.name.lower()}/thu"
        answer = self.open(self.citizen, path)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertIn(f"{report.name}.pdf", answer.headers["Content-Disposition"])
        self.assertIn("Bí Mật", answer.content.decode())
        for user in (self.other_citizen, self.handler, self.operator):
            self.assertEqual(self.open(user, path).status_code, 404, user.login)
        self.logout()
        self.assertIn("/web/login", self.url_open(path).url)

    def test_own_letter_before_publication(self):
        report, _work = self.make_done(state="resolved")
        path = f"/my/phan-anh/{report.name.lower()}/thu"
        self.assertEqual(self.open(self.citizen, path).status_code, 404)
        self.assertEqual(
            self.open(self.citizen, "/my/phan-anh/pa-26-999999/thu").status_code, 404
        )
