from collections import namedtuple

from odoo.exceptions import MissingError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...report.letter import TEMPLATES
from ..rig.asked import ROUTES, trial
from ..rig.letters import (
    ALPHABET,
    ANONYMOUS,
    MILLIMETRE,
    NAMED,
    LetterCase,
    LetterPdfCase,
)

# The annexes, to the letter: what stands in brackets there, in braces here.
OFFICIAL = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: {number}",
    "{place}, ngày {day}",
    "Kính gửi: Quý {addressee}",
    "{agency} xin thông báo kết quả xử lý phản ánh của quý {addressee} như sau:",
    "{result}",
    "Chúng tôi cảm ơn cá nhân/tổ chức và mong tiếp tục nhận được phản ánh.",
    "Trân trọng./.",
)
FORMS = {
    # ST Phụ lục I
    "st": (
        *OFFICIAL,
        "Nơi nhận: - Như trên; - Lưu: VT.",
        "THỦ TRƯỞNG ĐƠN VỊ",
    ),
    # QN Phụ lục II
    "qn": (
        *OFFICIAL,
        "Nơi nhận: - Như trên; - Trung tâm điều hành Thành phố thông minh tỉnh (b/c); "
        "- Văn phòng Đoàn ĐBQH, HĐND và UBND tỉnh (b/c); - Lưu: VT.",
        "LÃNH ĐẠO ĐƠN VỊ (Ký tên, đóng dấu)",
    ),
    # BG, Mẫu hiển thị thông tin kết quả xử lý
    "bg": (
        "{agency}",
        "Kính chào: {you}",
        "Sau khi nhận được phản ánh của {you}, {agency} đã tiến hành kiểm tra, xử lý "
        "và thông báo kết quả như sau:",
        "{result}",
        "Chúng tôi chân thành cảm ơn {You} đã kịp thời phản ánh và mong tiếp tục nhận "
        "được phản ánh trong thời gian tới.",
        "Trân trọng.",
    ),
}
FORMS["bp"] = (
    *OFFICIAL,
    "Nơi nhận: - Như trên; "
    "- Trung tâm Giám sát, điều hành đô thị thông minh tỉnh (b/c); - Lưu: VT.",
    "LÃNH ĐẠO ĐƠN VỊ (Ký tên, đóng dấu)",
)
WORDS = {
    "number": "01/SXD",
    "place": "………",
    "day": "05 tháng 02 năm 2026",
    "addressee": "cá nhân",
    "you": "Ông/bà",
    "You": "Ông/Bà",
    "agency": "Sở Xây dựng",
    "result": "Đã vá ổ gà.",
}
ORGANISATION = {"addressee": "tổ chức", "you": "Quý tổ chức", "You": "Quý tổ chức"}
HOSTILE = "Sở <b>X</b> & {{7*7}} <t t-out='1'/> 😀"
LONG = "\n".join(
    f"Đoạn {number}: " + "kiểm tra hiện trường. " * 40 for number in range(8)
)

Piece = namedtuple("Piece", "text left baseline size font")


class FormCase(LetterCase):
    """Letters of the regulations, approved at the beginning of February."""

    def use(self, code):
        self.complete_sender()
        self.procedure = self.env.ref(f"civic_report.procedure_{code}")
        self.company.civic_procedure_id = self.procedure

    def make_letter(self, code, moment="2026-02-05 10:00", **values):
        self.use(code)
        values.setdefault("result", WORDS["result"])
        with self.at(moment):
            return self.make_done(**values)

    def make_led(self, result="Đã tổng hợp.", contribution="Đã kiểm tra cống."):
        """A report that a lead and a co-agency have handled."""
        self.use("st")
        report = self.walk_to("received")
        report.dispatch([self.agency.id, self.other_agency.id], lead_id=self.agency.id)
        lead = report.assignment_ids.filtered(lambda row: row.role == "lead")
        co = lead.co_ids
        lead.with_user(self.handler).accept()
        co.with_user(self.other_handler).accept()
        own = co.with_user(self.other_handler)
        file = self.attach(own, "cong.jpg", self.picture())
        own.result_attachment_ids = [Command.link(file.id)]
        own.submit(contribution)
        co.with_user(self.other_leader).approve()
        lead.with_user(self.handler).submit(result)
        lead.with_user(self.leader).approve()
        report.publish()
        return report, lead, co

    def set_up_office(self, **values):
        self.agency.write(
            {
                "letter_superior": "Ủy ban nhân dân tỉnh",
                "letter_place": "Sóc Trăng",
                "letter_symbol": "SXD-PAHT",
                "letter_authority": "KT. Giám đốc",
                "letter_office": "Phó Giám đốc",
                "letter_signatory": "Người ký",
                "letter_recipients": "- Thanh tra Sở;\nPhòng Quản lý hạ tầng.",
                **values,
            }
        )

    def assertWords(self, text, code, **words):
        """The words of the annex, in their order."""
        at = 0
        for sentence in FORMS[code]:
            sentence = sentence.format(**{**WORDS, **words})
            self.assertIn(sentence, text[at:])
            at = text.index(sentence, at) + len(sentence)


@tagged("-at_install", "post_install")
class TestLetterForms(FormCase):
    def test_every_form_has_its_template(self):
        forms = self.env["civic.procedure"]._fields["letter_form"].get_values(self.env)
        self.assertEqual(set(forms), set(TEMPLATES))
        self.assertEqual(len(set(TEMPLATES.values())), len(forms))
        for template in TEMPLATES.values():
            self.assertTrue(self.env.ref(template))

    def test_words_of_the_annexes(self):
        for code in FORMS:
            report, work = self.make_letter(code)
            with self.subTest(code):
                number = {"number": work.letter_number}
                named = self.words(self.render(NAMED, report, self.operator))
                self.assertWords(named, code, **number)
                self.assertRegex(
                    named, "Kính (gửi: Quý cá nhân|chào: Ông/bà) Trần Thị Bí Mật"
                )
                html = self.render(ANONYMOUS, work, self.handler, lang="en_US")
                self.assertWords(self.words(html), code, **number)
                self.assertNotIn("Bí Mật", html)

    def test_organisation(self):
        self.reporter.is_organisation = True
        for code in FORMS:
            _report, work = self.make_letter(code)
            text = self.words(self.render(ANONYMOUS, work, self.leader))
            with self.subTest(code):
                self.assertWords(text, code, number=work.letter_number, **ORGANISATION)

    def test_the_display_form_has_no_office(self):
        report, _work = self.make_letter("bg")
        text = self.words(self.render(NAMED, report, self.operator))
        for word in ("CỘNG HÒA", "Số:", "Nơi nhận", "./."):
            self.assertNotIn(word, text)
        self.assertIn(f"Mã phản ánh: {report.name}", text)

    def test_office(self):
        self.set_up_office()
        report, _work = self.make_letter("st")
        text = self.words(self.render(NAMED, report, self.operator))
        self.assertTrue(
            text.startswith(
                "ỦY BAN NHÂN DÂN TỈNH SỞ XÂY DỰNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM "
                "Độc lập - Tự do - Hạnh phúc Số: 01/SXD-PAHT "
                f"V/v trả lời phản ánh {report.name} "
                "Sóc Trăng, ngày 05 tháng 02 năm 2026 Kính gửi:"
            ),
            text[:300],
        )
        self.assertTrue(
            text.endswith(
                "Trân trọng./. Nơi nhận: - Như trên; - Thanh tra Sở; "
                "- Phòng Quản lý hạ tầng; - Lưu: VT. "
                "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC Người ký"
            ),
            text[-300:],
        )

    def test_what_an_agency_leaves_out(self):
        """Superior and place come from above; nothing is made up."""
        superior = self.env["civic.agency"].create(
            {"name": "UBND tỉnh", "letter_place": "Hạ Long"}
        )
        self.agency.parent_id = superior
        _report, work = self.make_letter("qn")
        text = self.words(self.render(ANONYMOUS, work, self.leader))
        self.assertTrue(text.startswith("UBND TỈNH SỞ XÂY DỰNG CỘNG HÒA"))
        self.assertIn("Hạ Long, ngày 05 tháng 02", text)
        superior.letter_place = False
        self.company.city = "Móng Cái"
        text = self.words(self.render(ANONYMOUS, work, self.leader))
        self.assertIn("Móng Cái, ngày 05 tháng 02", text)

    def test_several_lines_of_authority(self):
        self.set_up_office(
            letter_authority="TM. Ủy ban nhân dân\nKT. Chủ tịch",
            letter_office="Phó Chủ tịch",
        )
        _report, work = self.make_letter("st")
        text = self.words(self.render(ANONYMOUS, work, self.leader))
        self.assertIn("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH", text)

    def test_days_and_months_with_zeros(self):
        for moment, day in (
            ("2026-01-09 10:00", "ngày 09 tháng 01 năm 2026"),
            ("2026-02-10 10:00", "ngày 10 tháng 02 năm 2026"),
            ("2026-03-02 10:00", "ngày 02 tháng 3 năm 2026"),
            ("2026-12-11 10:00", "ngày 11 tháng 12 năm 2026"),
        ):
            _report, work = self.make_letter("st", moment)
            self.assertIn(day, self.words(self.render(ANONYMOUS, work, self.leader)))

    def test_the_letter_keeps_its_date(self):
        report, _work = self.make_letter("st", state="resolved")
        with self.at("2026-02-09 09:00"):
            report.publish()
        text = self.words(self.render(NAMED, report, self.operator))
        self.assertWords(text, "st")

    def test_without_a_number(self):
        """Approved before the form was an official one: room is left for it."""
        report, work = self.make_letter("hue")
        report._elevated().procedure_id = self.env.ref("civic_report.procedure_st")
        text = self.words(self.render(ANONYMOUS, work, self.leader))
        self.assertIn("Số: /SXD", text)
        self.assertIn("ngày 05 tháng 02 năm 2026", text)

    def test_secrecy_mark(self):
        for code in ("hue", *FORMS):
            report, work = self.make_letter(code)
            with self.subTest(code):
                text = self.words(self.render(ANONYMOUS, work, self.operator))
                self.assertNotIn("MẬT", text)
                report._elevated().visibility = "secret"
                text = self.words(self.render(ANONYMOUS, work, self.operator))
                self.assertRegex(text, "MẬT Kính (gửi|chào)")

    def test_edited_result_goes_to_the_citizen(self):
        report, work = self.make_letter("st", state="resolved")
        report.public_result = "Đã vá xong."
        report.publish()
        named = self.words(self.render(NAMED, report, self.operator))
        self.assertIn("như sau: Đã vá xong. Chúng tôi", named)
        anonymous = self.words(self.render(ANONYMOUS, work, self.leader))
        self.assertIn("như sau: Đã vá ổ gà. Chúng tôi", anonymous)

    def test_lead_and_co_agency(self):
        report, lead, co = self.make_led()
        contribution = (
            "Đã tổng hợp. UBND phường Thuận Hóa phối hợp xử lý: Đã kiểm tra cống. "
            "Chúng tôi cảm ơn"
        )
        for name, record, user in (
            (NAMED, report, self.operator),
            (ANONYMOUS, lead, self.handler),
        ):
            html = self.render(name, record, user)
            text = self.words(html)
            self.assertIn("Số: 01/SXD", text)
            self.assertIn("Sở Xây dựng xin thông báo kết quả", text)
            self.assertIn(contribution, text)
            self.assertIn("- Như trên; - UBND phường Thuận Hóa; - Lưu: VT.", text)
            self.assertEqual(html.count("data:image/jpeg"), 1, "the co-agency's")
        with self.assertRaises(UserError):
            self.render(ANONYMOUS, co, self.other_handler)

    def test_a_consolidated_contribution_is_not_said_again(self):
        report, lead, _co = self.make_led("Phần cống:\nĐã kiểm   tra cống. Xong.")
        text = self.words(self.render(ANONYMOUS, lead, self.leader))
        self.assertEqual(text.count("cống"), 2)
        # Nor when the Centre has edited the consolidated text.
        report._elevated().public_result = "Xong."
        text = self.words(self.render(NAMED, report, self.operator))
        self.assertIn("như sau: Xong. Chúng tôi", text)

    def test_a_co_agency_that_has_not_answered_says_nothing(self):
        self.use("st")
        report, lead, co = self.make_led()
        co._elevated().state = "returned"
        text = self.words(self.render(ANONYMOUS, lead, self.leader))
        self.assertNotIn("Thuận Hóa", text)
        self.assertIn("Đã tổng hợp.", text)
        self.assertTrue(report)

    def test_agencies_that_answer_together(self):
        self.use("qn")
        self.set_up_office()
        report = self.walk_to("received")
        report.dispatch([self.agency.id, self.other_agency.id])
        for user, leader in (
            (self.other_handler, self.other_leader),
            (self.handler, self.leader),
        ):
            work = self.env["civic.assignment"].with_user(user).search([])
            work.accept()
            work.submit(f"Phần việc của {work.agency_id.code}.")
            work.with_user(leader).approve()
        report.publish()
        text = self.words(self.render(NAMED, report, self.operator))
        self.assertIn("SỞ XÂY DỰNG UBND PHƯỜNG THUẬN HÓA CỘNG HÒA", text)
        self.assertIn("Số: 01/SXD-PAHT", text, "the main agency's")
        self.assertIn("Sở Xây dựng và UBND phường Thuận Hóa xin thông báo", text)
        self.assertIn("Phần việc của SXD.", text)
        self.assertIn("Phần việc của TH.", text)
        self.assertIn("PHÓ GIÁM ĐỐC (Ký tên, đóng dấu) Người ký LÃNH ĐẠO ĐƠN VỊ", text)

    def test_who_may_have_them(self):
        for code in FORMS:
            report, work = self.make_letter(code)
            strangers = {
                NAMED: (
                    self.handler,
                    self.leader,
                    self.other_handler,
                    self.coordinator,
                    self.province_leader,
                    self.plain,
                    self.other_citizen,
                    self.env.ref("base.public_user"),
                ),
                ANONYMOUS: (
                    self.other_handler,
                    self.other_leader,
                    self.plain,
                    self.citizen,
                    self.env.ref("base.public_user"),
                ),
            }
            for name, record in ((NAMED, report), (ANONYMOUS, work)):
                for user in strangers[name]:
                    with (
                        self.subTest(code, name=name, user=user.login),
                        self.assertRaises(MissingError),
                    ):
                        self.render(name, record, user)
            self.assertIn("Bí Mật", self.render(NAMED, report, self.citizen))

    def test_only_after_approval(self):
        for code in FORMS:
            report, work = self.make_letter(code, state="submitted")
            for name, record in ((NAMED, report), (ANONYMOUS, work)):
                with self.subTest(code, name=name), self.assertRaises(UserError):
                    self.render(name, record, self.operator)


@tagged("-at_install", "post_install")
@trial("assignment", ROUTES)
class TestLetterFormPdf(LetterPdfCase, FormCase):
    """The layout of Nghị định 30/2020/NĐ-CP, measured on the pages."""

    def pieces(self, page):
        """Lines of a page: where they begin, in points from below; sizes on paper."""
        found = []

        def visit(text, cm, tm, font, size):
            text = " ".join(text.split())
            if text:
                left, baseline = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
                points = abs(size * tm[3] * cm[3])
                found.append(Piece(text, left, baseline, points, font["/BaseFont"]))

        page.extract_text(visitor_text=visit)
        return found

    def strokes(self, page):
        """Left ends, heights and lengths of the lines that are drawn."""
        found = []

        def visit(operator, operands, cm, _tm):
            if operator == b"re":
                x, y, width, height = map(float, operands)
                if height <= 2 < width:
                    left, bottom = x * cm[0] + cm[4], y * cm[3] + cm[5]
                    found.append((left, bottom, width * cm[0]))

        page.extract_text(visitor_operand_before=visit)
        return found

    def assertPiece(self, pieces, start, *, size, style="", left=None):
        (piece, *_others) = [row for row in pieces if row.text.startswith(start)]
        self.assertGreaterEqual(piece.size, size[0] - 0.4, start)
        self.assertLessEqual(piece.size, size[1] + 0.4, start)
        font = piece.font.partition("Tinos")[2].strip("-")
        self.assertEqual(font, style, start)
        if left:
            self.assertGreaterEqual(piece.left, left[0] * MILLIMETRE, start)
            self.assertLessEqual(piece.left, left[1] * MILLIMETRE, start)
        return piece

    def assertFonts(self, reader):
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].values():
                font = font.get_object()
                self.assertIn("Tinos", font["/BaseFont"])
                self.assertIn("/ToUnicode", font)
                if "/DescendantFonts" in font:
                    font = font["/DescendantFonts"][0].get_object()
                self.assertIn("/FontFile2", font["/FontDescriptor"], "embedded")

    def test_words(self):
        for code in FORMS:
            report, work = self.make_letter(
                code, result=f"{WORDS['result']}\n{ALPHABET} {ALPHABET.lower()}"
            )
            reader = self.pdf(NAMED, report, self.operator)
            text = self.text(reader)
            with self.subTest(code):
                self.assertFonts(reader)
                self.assertWords(text, code, number=work.letter_number)
                self.assertIn(ALPHABET + ALPHABET.lower(), text.replace(" ", ""))

    def test_cells(self):
        self.set_up_office()
        report, work = self.make_letter("st", result="Đã kiểm tra hiện trường. " * 20)
        (page,) = self.pdf(NAMED, report, self.operator).pages
        pieces = self.pieces(page)
        left, right = (30, 80), (100, 190)
        nation = self.assertPiece(
            pieces, "CỘNG HÒA", size=(12, 13), style="Bold", left=(90, 100)
        )
        motto = self.assertPiece(
            pieces, "Độc lập", size=(13, 14), style="Bold", left=right
        )
        superior = self.assertPiece(pieces, "ỦY BAN", size=(12, 13), left=left)
        agency = self.assertPiece(
            pieces, "SỞ XÂY DỰNG", size=(12, 13), style="Bold", left=left
        )
        number = self.assertPiece(pieces, "Số: 01/", size=(13, 13), left=left)
        place = self.assertPiece(
            pieces, "Sóc Trăng,", size=(13, 14), style="Italic", left=right
        )
        about = self.assertPiece(pieces, "V/v", size=(12, 13), left=left)
        self.assertAlmostEqual(nation.baseline, superior.baseline, delta=1)
        self.assertAlmostEqual(number.baseline, place.baseline, delta=3)
        heights = [row.baseline for row in (superior, agency, number, about)]
        self.assertEqual(heights, sorted(heights, reverse=True))
        self.assertGreater(nation.baseline, motto.baseline)
        self.assertPiece(pieces, "Kính gửi:", size=(13, 14), left=(50, 110))
        first = self.assertPiece(pieces, "Đã kiểm tra", size=(13, 14))
        second = pieces[pieces.index(first) + 1]
        self.assertAlmostEqual(first.left - second.left, 12.7 * MILLIMETRE, delta=2)
        self.assertAlmostEqual(second.left, 30 * MILLIMETRE, delta=1)
        copies = self.assertPiece(
            pieces, "Nơi nhận:", size=(12, 12), style="BoldItalic", left=(29, 31)
        )
        for start in ("- Như trên;", "- Thanh tra Sở;", "- Lưu: VT."):
            self.assertPiece(pieces, start, size=(11, 11), left=(29, 31))
        authority = self.assertPiece(
            pieces, "KT. GIÁM ĐỐC", size=(13, 14), style="Bold", left=right
        )
        self.assertAlmostEqual(copies.baseline, authority.baseline, delta=3)
        office = self.assertPiece(
            pieces, "PHÓ GIÁM ĐỐC", size=(13, 14), style="Bold", left=right
        )
        signatory = self.assertPiece(
            pieces, "Người ký", size=(13, 14), style="Bold", left=right
        )
        room = office.baseline - signatory.baseline
        self.assertGreater(room, 20 * MILLIMETRE, "for signature and seal")
        self.assertIn("/SXD-PAHT", work.letter_number)

    def test_lines_under_motto_and_agency(self):
        report, _work = self.make_letter("st")
        (page,) = self.pdf(NAMED, report, self.operator).pages
        pieces = self.pieces(page)
        lines = self.strokes(page)
        self.assertEqual(len(lines), 2)
        motto = self.assertPiece(pieces, "Độc lập", size=(13, 14), style="Bold")
        agency = self.assertPiece(pieces, "SỞ XÂY", size=(12, 13), style="Bold")
        for left, bottom, length in lines:
            if left > 100 * MILLIMETRE:
                self.assertAlmostEqual(left, motto.left, delta=2)
                self.assertAlmostEqual(motto.baseline - bottom, 5, delta=4)
                # Set in Tinos Bold: 12.22 times the size of the letters.
                self.assertAlmostEqual(length / motto.size, 12.22, delta=0.3)
            else:
                # The text is 7.75 times the size of its letters.
                share = length / agency.size / 7.75
                self.assertGreaterEqual(share, 1 / 3)
                self.assertLessEqual(share, 1 / 2)
                self.assertAlmostEqual(agency.baseline - bottom, 5, delta=4)

    def test_long_letters_are_numbered_from_page_2(self):
        report, _work = self.make_letter("st", result=LONG)
        reader = self.pdf(NAMED, report, self.operator)
        self.assertGreaterEqual(len(reader.pages), 3)
        self.assertFonts(reader)
        for index, page in enumerate(reader.pages):
            margin = [
                row for row in self.pieces(page) if row.baseline > 277 * MILLIMETRE
            ]
            self.assertEqual(
                [row.text for row in margin], [str(index + 1)] if index else []
            )
            for row in margin:
                self.assertAlmostEqual(row.size, 13, delta=0.1)
                self.assertAlmostEqual(row.left, 110 * MILLIMETRE, delta=6)
        text = self.text(reader)
        for number in range(8):
            self.assertIn(f"Đoạn {number}:", text)
        # Recipients and signature stay together, on the last page.
        last = " ".join(reader.pages[-1].extract_text().split())
        self.assertIn("Nơi nhận:", last)
        self.assertIn("THỦ TRƯỞNG ĐƠN VỊ", last)

    def test_each_of_many_letters_has_its_own_numbers(self):
        reports = self.make_letter("st", result=LONG)[0]
        reports |= self.make_letter("st", result=LONG)[0]
        pages = self.pdf(NAMED, reports, self.operator).pages
        numbers = [
            next((row.text for row in self.pieces(page) if row.text.isdecimal()), "")
            for page in pages
        ]
        half = len(pages) // 2
        expected = ["", *(str(number) for number in range(2, half + 1))]
        self.assertEqual(numbers, expected * 2)

    def test_evidence_follows_the_letter(self):
        files = [(f"{name}.jpg", self.picture(name)) for name in ("red", "blue")]
        report, work = self.make_letter("st", files=files)
        reader = self.pdf(NAMED, report, self.operator)
        self.assertEqual(len(reader.pages), 2)
        self.assertFalse(reader.pages[0].images)
        self.assertEqual(len(reader.pages[1].images), 2)
        self.assertIn(
            f"TÀI LIỆU KÈM THEO (Kèm theo Văn bản số {work.letter_number} "
            "ngày 05 tháng 02 năm 2026 của Sở Xây dựng)",
            " ".join(reader.pages[1].extract_text().split()),
        )

    def test_hostile_texts_are_literal(self):
        self.set_up_office(
            name=HOSTILE,
            letter_superior=HOSTILE,
            letter_place=HOSTILE,
            letter_authority=HOSTILE,
            letter_office=HOSTILE,
            letter_signatory=HOSTILE,
            letter_recipients=HOSTILE,
        )
        # Not the text's very words: who sent it is not named in what is published.
        self.reporter.name = f"{HOSTILE} Người gửi"
        for code in FORMS:
            report, _work = self.make_letter(code, result=f"{HOSTILE}\n" + "W" * 300)
            html = self.words(self.render(NAMED, report, self.operator))
            text = self.text(self.pdf(NAMED, report, self.operator))
            with self.subTest(code):
                self.assertIn(HOSTILE, html)
                self.assertNotIn("49", html.replace(report.name, ""))
                self.assertIn("<b>X</b> & {{7*7}} <t t-out='1'/>", text)
                self.assertIn("W" * 300, text.replace(" ", ""))

    def test_one_foreign_letter_refuses_all(self):
        report, work = self.make_letter("st")
        other, _work = self.make_letter("st")
        self.assertTrue(self.pdf(NAMED, report | other, self.operator).pages)
        for records, user in (
            (report.browse([report.id, 2**31 - 1]), self.operator),
            (report | other, self.other_citizen),
        ):
            with self.assertRaises(MissingError):
                self.pdf(NAMED, records, user)
        with self.assertRaises(MissingError):
            self.pdf(ANONYMOUS, work, self.other_handler)

    def test_over_http(self):
        report, work = self.make_letter("st")
        self.assertWords(
            self.words(
                self.open(
                    self.operator, f"/report/html/{NAMED}/{report.id}"
                ).content.decode()
            ),
            "st",
        )
        for name, record, user in (
            (NAMED, report, self.leader),
            (ANONYMOUS, work, self.other_leader),
        ):
            with mute_logger("odoo.http"):
                answer = self.open(user, f"/report/pdf/{name}/{record.id}")
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn("Bí Mật", answer.content.decode())
        path = f"/my/phan-anh/{report.name.lower()}/thu"
        self.assertEqual(self.open(self.citizen, path).status_code, 200)
        self.assertEqual(self.open(self.other_citizen, path).status_code, 404)
