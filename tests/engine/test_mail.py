import base64
import struct
from email.message import EmailMessage
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from odoo.tests import BaseCase, tagged

from ...tools.courtesy import is_thanks
from ...tools.mail import answer_of, html_text, read, read_head, without_signature
from ...tools.mail.delivery import is_permanent
from ...tools.mail.page import read_page
from ...tools.mail.tnef import unpack
from ...tools.text import InvalidEmail, email_normalized


def mail(head="", body=""):
    return f"From: A <a@example.com>\r\n{head}\r\n{body}".encode()


def tnef(*attributes):
    """A file such as Outlook makes: (level, name, type, content) of each attribute."""
    packed = struct.pack("<IH", 0x223E9F78, 1)
    for level, name, kind, content in attributes:
        packed += struct.pack("<BHHI", level, name, kind, len(content)) + content
        packed += struct.pack("<H", sum(content) & 0xFFFF)
    return packed


@tagged("-at_install", "post_install")
class TestMail(BaseCase):
    """Reading mail: by tables, whatever it is made of."""

    def test_from(self):
        for written, address in {
            "A <A@Example.com>": "a@example.com",
            "a@example.com": "a@example.com",
            "a@b.com, c@d.com": "a@b.com",
            "a@example.com\r\n Bcc: x@example.com": "a@example.com",
            "nobody": "",
            "": "",
        }.items():
            with self.subTest(written=written):
                raw = f"From: {written}\r\n\r\n".encode()
                self.assertEqual(read_head(raw).sender, address)

    def test_recipients(self):
        raw = mail("To: b@example.com\r\nDelivered-To: C@example.com\r\nCc: x\r\n")
        self.assertEqual(read_head(raw).recipients, {"b@example.com", "c@example.com"})

    def test_words_of_headers(self):
        for written, subject in {
            "=?utf-8?b?xJDDqG4gaOG7j25n?=": "Đèn hỏng",
            "Đèn hỏng": "Đèn hỏng",
            "=?no-such?q?abc?=": "abc",
            "=?utf-8?b?!!!?=": "",
            "a\x00b": "ab",
            "a\r\n  b": "a b",
        }.items():
            with self.subTest(written=written):
                raw = mail(f"Subject: {written}\r\n")
                self.assertEqual(read_head(raw).subject, subject)

    def test_tokens_and_codes(self):
        token = "0123456789abcdef" * 2
        raw = mail(
            f"References: <x@y> <{token}.civic@example.com>\r\n"
            f"In-Reply-To: <{token}.civic@example.com>\r\n"
            "Subject: Re: PA-26-004217 và PA-26-000001\r\n"
        )
        head = read_head(raw)
        self.assertEqual(head.tokens, (token,))
        self.assertEqual(head.codes, ("PA-26-004217", "PA-26-000001"))

    def test_content_is_the_same_whichever_way_it_came(self):
        one = read(mail("Subject: s\r\n", "text"))
        moved = read(b"Received: from x\r\n" + mail("Subject: s\r\n", "text"))
        other = read(mail("Subject: s\r\n", "text!"))
        self.assertEqual(one.content_id, moved.content_id)
        self.assertNotEqual(one.content_id, other.content_id)

    def test_alternatives(self):
        message = EmailMessage()
        message.set_content("Số 5\nngõ 3")
        message.add_alternative("<p>Số <b>5</b> ngõ 3</p>", subtype="html")
        self.assertEqual(read(message.as_bytes()).text, "Số 5\nngõ 3")
        message = EmailMessage()
        message.set_content(" ")
        message.add_alternative("<p>rich</p>", subtype="html")
        self.assertEqual(read(message.as_bytes()).text, "rich")

    def test_html(self):
        for html, text in {
            "<p>a</p><p>b &amp; c</p>": "a\n\nb & c",
            "a<br>b": "a\nb",
            "<ul><li>x</li></ul>": "* x",
            "<script>x</script>y<style>z</style>": "y",
            "<title>t</title><b>a</b> b": "a b",
            "<": "<",
            "": "",
        }.items():
            with self.subTest(html=html):
                self.assertEqual(html_text(html), text)

    def test_names_are_decoded_after_the_header_is_taken_apart(self):
        for written, sender, name in (
            ("=?utf-8?b?a2hhY0B2ZC5leGFtcGxl?= <a@vd.example>", "a", "khac@vd.example"),
            (
                "=?utf-8?b?Tmd1eeG7hW4sIFbEg24gQQ==?= <a@vd.example>",
                "a",
                "Nguyễn, Văn A",
            ),
            ("=?utf-8?b?a2hhY0B2ZC5leGFtcGxlLA==?= <a@vd.example>", "a", None),
            ('"Nguyễn, A" <a@vd.example>', "a", "Nguyễn, A"),
            ("Nguyễn Văn A <a@vd.example>", "a", "Nguyễn Văn A"),
            ('"=?utf-8?b?Tmd1eeG7hW4=?= A" <a@vd.example>', "a", "Nguyễn A"),
        ):
            with self.subTest(written=written):
                head = read_head(f"From: {written}\r\n\r\n".encode())
                self.assertEqual(head.sender, f"{sender}@vd.example")
                if name:
                    self.assertEqual(head.sender_name, name)

    def test_folded_words_keep_their_spaces(self):
        for written, subject in {
            "Nước ngập\r\n đường số 5": "Nước ngập đường số 5",
            "=?utf-8?q?N=C6=B0=E1=BB=9Bc?=\r\n ngap 5": "Nước ngap 5",
            "=?utf-8?q?N=C6=B0=E1?=\r\n =?utf-8?q?=BB=9Bc?=": "Nước",
            "Re: =?utf-8?b?xJDDqG4=?=\r\n =?utf-8?b?IGjhu49uZw==?= 5": "Re: Đèn hỏng 5",
        }.items():
            with self.subTest(written=written):
                raw = mail(f"Subject: {written}\r\n")
                self.assertEqual(read_head(raw).subject, subject)

    def test_senders_in_other_letters(self):
        for written, address in {
            "A <a@tỉnh.example>": "a@xn--tnh-dlz.example",
            "A <ngườidân@vd.example>": "ngườidân@vd.example",
            "A <NGƯỜI@tỉnh.example>": "người@xn--tnh-dlz.example",
            "A <a b@tỉnh.example>": "",
        }.items():
            with self.subTest(written=written):
                raw = f"From: {written}\r\n\r\n".encode()
                self.assertEqual(read_head(raw).sender, address)
        for raw in ("ngườidân@vd.example", "a@tỉnh.example"):
            with self.assertRaises(InvalidEmail):
                email_normalized(raw)

    def test_reply_to(self):
        raw = mail("Reply-To: A <A@example.com>, =?utf-8?b?QsOg?= <ba@example.com>\r\n")
        head = read_head(raw)
        self.assertEqual((head.reply_to, head.reply_to_name), ("ba@example.com", "Bà"))
        self.assertFalse(read_head(mail("Reply-To: a@example.com\r\n")).reply_to)

    def test_mailing_lists(self):
        listed = "List-Id: Dân phố <dan.pho.example>\r\nReply-To: {}\r\n"
        head = read_head(mail(listed.format("dan@pho.example")))
        self.assertEqual((head.is_list, head.reply_to), (False, ""))
        raw = b"From: B by the list <dan@pho.example>\r\n"
        raw += listed.format("dan@pho.example, B <b@vd.example>").encode() + b"\r\n"
        head = read_head(raw)
        self.assertEqual((head.is_list, head.reply_to), (True, "b@vd.example"))

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    def test_choosing_a_text_drops_no_file(self):
        """Apple Mail: plain, or HTML together with the pictures."""
        mixed = MIMEMultipart("mixed")
        mixed.attach(MIMEText("<html><p>Cây đổ, ảnh kèm.", "html"))
        for name in ("1.jpg", "2.jpg", "1.jpg"):
            picture = MIMEImage(name.encode(), "jpeg", name=name)
            picture["Content-Disposition"] = "inline"
            mixed.attach(picture)
        message = MIMEMultipart("alternative")
        message.attach(MIMEText("Cây đổ, ảnh kèm."))
        message.attach(mixed)
        read_mail = read(message.as_bytes())
        self.assertEqual(read_mail.text, "Cây đổ, ảnh kèm.")
        self.assertEqual([file.data for file in read_mail.files], [b"1.jpg", b"2.jpg"])

    def test_every_leaf_is_read_or_said(self):
        calendar = MIMEText("BEGIN:VCALENDAR", "calendar")
        related = MIMEMultipart("related")
        related.attach(MIMEText("<p>Mời họp.</p>", "html"))
        related.attach(MIMEImage(b"logo", "png", name="logo.png"))
        message = MIMEMultipart("alternative")
        for part in (MIMEText("Mời họp."), related, calendar):
            message.attach(part)
        read_mail = read(message.as_bytes())
        self.assertEqual(read_mail.text, "Mời họp.")
        self.assertEqual(len(read_mail.files), 2)

    def test_a_plain_text_that_says_nothing(self):
        for plain, html, text in (
            (
                "Please use an HTML viewer.",
                "<p>Cây đổ chắn đường 12.",
                "Cây đổ chắn đường 12.",
            ),
            (
                "Cây đổ.",
                "<p>Cây đổ.<p>" + "Đoạn trước chợ số 12. " * 5,
                "Cây đổ.\n\nĐoạn",
            ),
            (
                "Cây đổ https://a.example/1",
                "<a href='https://a.example/1'>Cây đổ",
                "Cây đổ https",
            ),
            ("Thư " * 3 + "một hai ba bốn năm sáu bảy", "<p>khác", "khác\n\nThư"),
        ):
            with self.subTest(plain=plain):
                message = MIMEMultipart("alternative")
                message.attach(MIMEText(plain))
                message.attach(MIMEText(html, "html"))
                self.assertTrue(read(message.as_bytes()).text.startswith(text))

    def test_two_of_a_kind_say_two_things(self):
        message = MIMEMultipart("alternative")
        more = " ".join(f"từ{number}" for number in range(15))
        for part in (MIMEText("Một."), MIMEText("<p>Một.", "html"), MIMEText(more)):
            message.attach(part)
        self.assertEqual(read(message.as_bytes()).text, f"Một.\n\n{more}")

    def test_a_mail_within_a_mail(self):
        inner = EmailMessage()
        inner["Subject"] = "Ống nước vỡ"
        inner.set_content("Trước số 5.")
        message = EmailMessage()
        message.set_content("Chuyển đến Trung tâm.")
        message.add_attachment(inner)
        text = read(message.as_bytes()).text
        self.assertEqual(text, "Chuyển đến Trung tâm.\n\nỐng nước vỡ\n\nTrước số 5.")

    def test_what_is_not_read_is_said(self):
        for kind, problem in {
            "application/pgp-signature": "signed",
            "application/pkcs7-mime": "encrypted",
            "application/ms-tnef": "winmail",
        }.items():
            with self.subTest(kind=kind):
                self.assertIn(
                    problem, read(mail(f"Content-Type: {kind}\r\n", "x")).problems
                )

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    def test_pages(self):
        for html, text in {
            "<table><tr><td>Địa điểm<td>12 Lê Lợi<tr><td>Việc<td>Ngập</table>": (
                "Địa điểm | 12 Lê Lợi\nViệc | Ngập"
            ),
            "<tr><td><p>Việc</p></td><td><p>Ngập</p></td>": "Việc | Ngập",
            "<table><tr><td>a<p>b<td>c</table>": "a\n\nb\n\nc",
            "<table><tr><td><p>Việc</p><td><p>Ngập</p></table>": "Việc | Ngập",
            "<a href='https://b.example/?q=1,2'>Vị trí</a>": (
                "Vị trí (https://b.example/?q=1,2)"
            ),
            "<a href='https://b.example/'>b.example</a>": "b.example",
            "<a href='javascript:x'>a</a>": "a",
            "<p style='display: none'>x</p><p hidden>y</p><p>z": "z",
            "<html><head><style>p {}</style><p>không đóng head": "không đóng head",
            "<style>p {} <p>không đóng style": ">p {} không đóng style",
            "a<!-- b -->c<o:p>&nbsp;</o:p>": "ac",
            "<div>" * 5000 + "sâu": "sâu",
            "<p>x</p>" + "<br>" * 30_000 + "y": "x\ny",
        }.items():
            with self.subTest(html=html[:80]):
                self.assertEqual(html_text(html), text)

    def test_pictures_within_a_page(self):
        page = read_page(
            "<img src='data:image/png;base64,AAEC'><img src='https://x/1'>"
        )
        self.assertEqual(page.pictures, [b"\x00\x01\x02"])
        self.assertEqual(page.problems, {"elsewhere"})
        page = read_page("<img src='data:image/svg+xml,%3Csvg/%3E'>")
        self.assertEqual(page.pictures, [b"<svg/>"])

    def test_pages_cannot_grow(self):
        """Neither styles nor tables nor lists make more of a page than it is."""
        for name, html in {
            "margins": "<p style='margin-top: 99999em; border-top: solid #e1e1e1'>x"
            * 99,
            "lists": "<ul>" * 150 + "<li>x" * 5000,
            "table": f"<table><tr><td>{'x' * 9999}</td></tr>" + "<tr><td>a" * 5000,
            "scripts": "<script>" * 50_000 + "</script>",
            "links": "<a href='https://a.example'>" * 5000,
        }.items():
            with self.subTest(name=name):
                self.assertLess(len(html_text(html)), len(html) + 100)

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def test_what_an_answer_repeats(self):
        ours = "Kính gửi Ông/Bà,\nXin cho biết số nhà.\nTrân trọng"
        quoted = "\n".join(f"> {line}" for line in ours.split("\n"))
        for name, text in {
            "gmail": f"Số 12.\n\nVào Th 2, 16 thg 11, 2026 vào lúc 10:00 Trung tâm "
            f"<t@tinh.example> đã viết:\n\n{quoted}",
            "wrapped": f"Số 12.\n\nOn Mon, Nov 16, 2026 at 10:00 Trung tâm\n"
            f"<t@tinh.example> wrote:\n\n{quoted}",
            "unquoted": f"Số 12.\n\nOn 16 Nov 2026, Trung tâm wrote:\n\n{ours}",
            "outlook": f"Số 12.\n\n-----Original Message-----\nFrom: T\n\n{ours}",
            "thư gốc": f"Số 12.\n\n----- Thư gốc -----\n{ours}",
            "outlook vi": "Số 12.\n________________________________\nTừ: T\n"
            f"Đã gửi: Thứ Hai\nĐến: D\nChủ đề: x\n\n{ours}",
            "no line": f"Số 12.\n\n*Từ:* T\n*Ngày gửi:* 1\n*Đến:* D\n\n{ours}",
            "new outlook": f"Số 12.\n\nFrom: T <t@x>\nSent: Mon\nTo: D\n{ours}",
            "apple": f"Số 12.\n\nGửi từ iPhone của tôi\n\n"
            f"Vào 10:00, 16 thg 11, 2026, T <t@x> đã viết:\n\n{quoted}",
            "signature": "Số 12.\n-- \nNgười Gửi Mẫu\nĐT 0905 000 456",
        }.items():
            with self.subTest(name=name):
                self.assertEqual(answer_of(text), "Số 12.")

    def test_what_is_said_stays(self):
        for text in (
            "Báo đã viết:\nđèn hỏng.",
            "Từ: ngã tư Lê Lợi\nvào trong 20 mét.",
            "Ngày 16: nước ngập.\n- Đến: 17 giờ",
            "Gửi từ điện thoại hỏng hóc thì báo ai?",
            "--\n" + "dòng\n" * 30 + "hết",
        ):
            with self.subTest(text=text[:20]):
                self.assertEqual(answer_of(text), text)
        below = "> Đoạn nào?\nTrước chợ.\n> Mấy giờ?\n7 giờ."
        self.assertEqual(answer_of(below), "Trước chợ.\n7 giờ.")
        below = "Vào 1/1, T <t@x> đã viết:\n> Mấy giờ?\n\n7 giờ."
        self.assertEqual(answer_of(below), "7 giờ.")
        self.assertEqual(without_signature("-- \nMột mình."), "-- \nMột mình.")

    def test_what_a_page_marks_as_repeated(self):
        old = "<p><b>From:</b> T</p><p>cũ"
        for html in (
            f"<div>Số 12.</div><div class='gmail_quote'>T đã viết:{old}</div>",
            f"<div>Số 12.</div><blockquote type='cite'>{old}</blockquote>",
            f"<div>Số 12.</div><hr id='stopSpelling'>{old}",
            f"<div>Số 12.<div id='appendonsend'></div></div><hr>{old}",
            f"<p>Số 12.</p><div style='border-top:solid #E1E1E1 1pt'>{old}</div>cũ",
            "<div>Số 12.</div><div class='gmail_signature'>Tên, ĐT</div>",
        ):
            with self.subTest(html=html):
                page = MIMEText(html, "html").as_bytes()
                self.assertEqual(read(page).said, "Số 12.")
                if "signature" not in html:
                    self.assertIn("cũ", read(page).text)

    def test_thanks(self):
        for text in (
            "Cảm ơn Trung tâm!",
            "Vâng, xin cảm ơn anh chị rất nhiều",
            "Thanks",
        ):
            self.assertTrue(is_thanks(text), text)
        for text in (
            *("Cảm ơn, nhưng chưa xong.", "Vâng.", "", "Cảm ơn, số 12.", "Cảm ơn?"),
            "Cảm ơn, gửi hồ sơ cho tôi.",
        ):
            self.assertFalse(is_thanks(text), text)

    # ------------------------------------------------------------------
    # Machines
    # ------------------------------------------------------------------

    def test_who_is_a_machine(self):
        token = "0123456789abcdef" * 2
        for head, automatic, silent in (
            ("", "", ""),
            ("Precedence: bulk\r\n", "", "precedence"),
            ("X-Auto-Response-Suppress: DR, OOF, AutoReply\r\n", "", "suppressed"),
            ("X-Auto-Response-Suppress: OOF\r\n", "", ""),
            ("Auto-Submitted: no\r\n", "", ""),
            (
                "Auto-Submitted: auto-replied\r\nReturn-Path: <>\r\n",
                "auto_submitted",
                "",
            ),
            ("Return-Path: <>\r\n", "bounce", ""),
            (
                "Content-Type: multipart/report; report-type=delivery-status\r\n",
                "delivery",
                "",
            ),
            (
                "Content-Type: multipart/report;\r\n"
                " report-type=disposition-notification\r\n",
                *("receipt", ""),
            ),
            (f"Message-ID: <{token}.civic@example.com>\r\n", "own", ""),
        ):
            with self.subTest(head=head):
                read_mail = read_head(mail(head))
                self.assertEqual(
                    (read_mail.automatic, read_mail.silent), (automatic, silent)
                )

    def test_permanent_refusals(self):
        for text in ("550 unknown", "status 5.1.1", "smtp; 554 5.7.1 no"):
            self.assertTrue(is_permanent(text), text)
        for text in ("nghỉ đến 15.5.2026", "số 1550", "450 4.2.0 later", "gọi 0550 12"):
            self.assertFalse(is_permanent(text), text)

    def test_what_outlook_packs(self):
        inner = tnef(
            (1, 0x9006, 6, struct.pack("<IQ", 1258, 0)[:8]),
            (1, 0x800C, 2, b"Nuoc ngap.\0"),
            (2, 0x9002, 6, b"\0" * 14),
            (2, 0x8010, 1, b"anh.jpg\0"),
            (2, 0x800F, 6, b"jpeg"),
        )
        unpacked = unpack(inner)
        self.assertEqual(unpacked.text, "Nuoc ngap.")
        self.assertEqual(unpacked.files, [("anh.jpg", b"jpeg")])
        message = EmailMessage()
        message.add_attachment(inner, "application", "ms-tnef", filename="winmail.dat")
        read_mail = read(message.as_bytes())
        self.assertEqual((read_mail.text, len(read_mail.files)), ("Nuoc ngap.", 1))
        self.assertNotIn("winmail", read_mail.problems)

    def test_a_forged_count_keeps_nobody_busy(self):
        many = struct.pack("<III", 2**32 - 1, 0x10020000, 2**32 - 1)
        self.assertIsNone(unpack(tnef((1, 0x9003, 6, many))))
        self.assertIsNone(unpack(b"\x78\x9f\x3e\x22" + b"\x01\x00" * 200))
        self.assertIsNone(unpack(b""))

    def test_bombs(self):
        deep = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 3000
        many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (
            b"--b\r\n\r\nx\r\n" * 5000
        )
        for name, raw in {
            "deep": deep,
            "many": many,
            "tags": mail("Content-Type: text/html\r\n", "<div>" * 100_000),
            "addresses": mail("To: " + "(" * 10_000 + "\r\n"),
            "head": mail("X: " + "x" * 5_000_000 + "\r\n"),
            "nothing": b"",
            "zeros": b"\0" * 10_000,
        }.items():
            with self.subTest(name=name):
                self.assertLess(len(read(raw).text), 10_000)
        self.assertTrue(read(deep).problems)
        self.assertIn("parts", read(many).problems)


@tagged("-at_install", "post_install")
class TestNothingIsLost(BaseCase):
    """Words that mailers put where few look for them."""

    def parts(self, *parts, kind="mixed"):
        made = [f"--x\r\n{part}\r\n" for part in parts]
        head = f'MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="x"\r\n'
        return read(mail(head, "".join([*made, "--x--\r\n"])))

    def test_what_follows_the_end_of_a_page(self):
        for html, text in {
            "<html><body>a</body></html><html><body>b</body></html>": "a\n\nb",
            "<html><body><p>a</p></body></html>\n<p>b</p>": "a\n\nb",
            "<html><body>a</body></html> b": "a\n\nb",
            "<html><body>a</BODY ></HTML>": "a",
        }.items():
            with self.subTest(html=html):
                self.assertEqual(html_text(html), text)

    def test_a_text_that_has_a_name(self):
        for head in (
            'Content-Type: text/plain; charset="utf-8"; name="body.txt"',
            'Content-Type: text/html; charset="utf-8"; name="body.htm"',
            "Content-Disposition: attachment",
            "Content-Disposition: attachment; filename=a.txt",
        ):
            with self.subTest(head=head):
                found = read(mail(f"{head}\r\n", "Đèn hỏng trước nhà"))
                self.assertEqual(found.text, "Đèn hỏng trước nhà")
                self.assertEqual((found.body, found.said), (found.text, found.text))
                self.assertFalse(found.files)

    def test_a_text_file_beside_a_text_is_a_file(self):
        named = "Content-Type: text/plain; name=log.txt\r\n\r\nlog"
        found = self.parts("Content-Type: text/plain\r\n\r\nx", named)
        self.assertEqual(found.text, "x")
        self.assertEqual([file.name for file in found.files], ["log.txt"])
        picture = "Content-Type: image/png; name=a.png\r\n\r\nx"
        found = self.parts(named, picture, named)
        self.assertEqual(found.text, "log")
        self.assertEqual([file.name for file in found.files], ["a.png"])

    def test_a_mail_in_a_mail_that_is_encoded(self):
        inner = (
            "Subject: Chuyển\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSố 12"
        )
        encoded = base64.encodebytes(inner.encode()).decode()
        for name, content in (
            ("base64", encoded),
            ("8bit", inner),
            ("base64", inner),
        ):
            with self.subTest(name=name):
                found = self.parts(
                    "Content-Type: message/rfc822\r\n"
                    f"Content-Transfer-Encoding: {name}\r\n\r\n{content}"
                )
                self.assertEqual(found.text, "Chuyển\n\nSố 12")

    def test_a_text_that_was_cut_off_is_noted(self):
        encoded = base64.b64encode("Đèn hỏng trước nhà".encode()).decode()
        head = "Content-Type: text/plain; charset=utf-8\r\n"
        head += "Content-Transfer-Encoding: base64\r\n"
        self.assertFalse(read(mail(head, encoded)).problems)
        for cut in (1, 5):
            with self.subTest(cut=cut):
                self.assertIn("broken", read(mail(head, encoded[:-cut])).problems)

    def test_a_name_that_looks_like_an_address(self):
        for written, sender, name in (
            ("khac@vd.example <a@vd.example>", "a", "khac@vd.example"),
            ("a@vd.example <a@vd.example>", "a", "a@vd.example"),
            ("'khac@vd.example' <a@vd.example>", "a", "khac@vd.example"),
            ("khac@vd.example, A <a@vd.example>", "khac", ""),
            ("<a@vd.example>", "a", ""),
            ("A <a@vd.example>, khac@vd.example <b@vd.example>", "a", "A"),
        ):
            with self.subTest(written=written):
                head = read_head(f"From: {written}\r\n\r\n".encode())
                self.assertEqual(head.sender, f"{sender}@vd.example")
                self.assertEqual(head.sender_name, name)

    def test_a_sentence_is_no_repetition(self):
        for said in (
            "Ngày 12/11/2026 UBND phường đã viết:\nsẽ sửa trong tuần, nay chưa sửa.",
            "Trên bảng ghi.\nThứ 2 ngày 16 ông tổ trưởng viết:\nNước không sạch",
        ):
            with self.subTest(said=said):
                self.assertEqual(answer_of(said), said)
        for repeated in (
            "Vào Thứ Hai, 16 tháng 11, 2026 lúc 10:00:00 GMT+7, T đã viết:\nThưa",
            "Ngày 16/11/2026, T <t@tinh.example> viết:\nThưa",
            "Vào 16/11/2026, T đã viết:\n> Thưa",
        ):
            with self.subTest(repeated=repeated):
                self.assertEqual(answer_of(f"Số 12.\n\n{repeated}"), "Số 12.")

    def test_what_programs_add(self):
        for added in (
            "Tải Outlook cho iOS<https://aka.ms/o0ukef>",
            "Lấy Outlook dành cho Android",
            "Được gửi từ Thư dành cho Windows",
            "Sent with Proton Mail secure email.",
        ):
            with self.subTest(added=added):
                self.assertEqual(without_signature(f"Số 12.\n\n{added}"), "Số 12.")
