from email.message import EmailMessage

from odoo.tests import BaseCase, tagged

from ..tools.mail import html_text, read, read_head


def mail(head="", body=""):
    return f"From: A <a@example.com>\r\n{head}\r\n{body}".encode()


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
        message.set_content("plain")
        message.add_alternative("<p>rich</p>", subtype="html")
        self.assertEqual(read(message.as_bytes()).text, "plain")
        message = EmailMessage()
        message.set_content(" ")
        message.add_alternative("<p>rich</p>", subtype="html")
        self.assertEqual(read(message.as_bytes()).text, "rich")

    def test_html(self):
        for html, text in {
            "<p>a</p><p>b &amp; c</p>": "a\n\nb & c",
            "a<br>b": "a\nb",
            "<ul><li>x</li></ul>": "- x",
            "<script>x</script>y<style>z</style>": "y",
            "<title>t</title><b>a</b> b": "a b",
            "<": "<",
            "": "",
        }.items():
            with self.subTest(html=html):
                self.assertEqual(html_text(html), text)

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
