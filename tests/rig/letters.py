"""Result letters: their names, what they must say, and how they are drawn."""

from io import BytesIO

import lxml.html
from PIL import Image
from pypdf import PdfReader

from odoo.fields import Command
from odoo.tests import HttpCase

from .common import CivicCase

NAMED = "civic_report.letter_named"
ANONYMOUS = "civic_report.letter_anonymous"
# HUE Phụ lục 1, to the letter.
FORM = (
    "Kính gửi: Quý {addressee}",
    "Vấn đề quý {addressee} phản ánh, {agency} xin thông báo kết quả xử lý như sau:",
    "Chân thành cảm ơn phản ánh của quý {addressee} và mong tiếp tục nhận được phản "
    "ánh trong thời gian tới.",
    "Trân trọng./.",
)
# Every letter of the alphabet that is not ASCII, in both cases.
ALPHABET = "ĂẮẰẲẴẶÂẤẦẨẪẬÁÀẢÃẠĐÊẾỀỂỄỆÉÈẺẼẸÍÌỈĨỊÔỐỒỔỖỘƠỚỜỞỠỢÓÒỎÕỌƯỨỪỬỮỰÚÙỦŨỤÝỲỶỸỴ"
RESULT = (
    f"Đã vá 3 m² ổ gà <b>xong</b> {{{{7*7}}}}.\nBảng chữ: {ALPHABET} {ALPHABET.lower()}"
)
MILLIMETRE = 72 / 25.4


class LetterCase(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reporter.name = "Trần Thị Bí Mật"

    def make_done(self, result=RESULT, files=(), state="done"):
        """A report that has come as far as `state`, and its assignment."""
        report = self.walk_to("accepted")
        work = report.assignment_ids.with_user(self.handler)
        if self.procedure.assign_step:
            work.with_user(self.leader).assign(self.handler.id)
        for name, raw in files:
            file = self.attach(work, name, raw)
            work.result_attachment_ids = [Command.link(file.id)]
        work.submit(result)
        if state != "submitted":
            work.with_user(self.leader).approve()
        if state == "done":
            report.publish()
        return report, work.with_user(self.operator)

    def attach(self, work, name, raw):
        return work.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": work._name, "res_id": work.id}
        )

    def picture(self, colour="green"):
        data = BytesIO()
        Image.new("RGB", (1600, 1200), colour).save(data, "JPEG")
        return data.getvalue()

    def render(self, name, record, user, **context):
        """HTML of a letter, as this user would see it."""
        reports = self.env["ir.actions.report"].with_user(user).with_context(**context)
        return reports._render_qweb_html(name, record.ids)[0].decode()

    def words(self, html):
        """The visible words of letters, one space between them."""
        root = lxml.html.fromstring(html)
        letters = root.xpath("//div[@class='o_civic_letter']")
        return " ".join(
            " ".join(text for row in letters for text in row.itertext()).split()
        )

    def assertForm(self, text, addressee="cá nhân", agency="Sở Xây dựng"):
        """The words of the regulation, in their order."""
        at = 0
        for sentence in FORM:
            sentence = sentence.format(addressee=addressee, agency=agency)
            self.assertIn(sentence, text[at:])
            at = text.index(sentence, at) + len(sentence)


class LetterPdfCase(LetterCase, HttpCase):
    def pdf(self, name, records, user):
        reports = self.env["ir.actions.report"].with_user(user)
        reports = reports.with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf(name, records.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(BytesIO(content))

    def text(self, reader):
        return " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    def open(self, user, path):
        self.authenticate(user.login, user.login)
        return self.url_open(path)
