"""Sender's words, masked: what is known of the sender goes, the matter stays."""

import unittest

from odoo.addons.civic_report.tools.own_words import mask, mask_forms
from odoo.addons.civic_report.tools.redaction import Identity

SENDER = Identity(
    name="Nguyễn Văn Hùng",
    phone="+84912345678",
    email="hung.nguyen@example.com",
    citizen_id="046090001234",
    address="12/3 Nguyễn Huệ, phường Thuận Hóa",
)
OWN = (
    *("0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "(0912) 345 678"),
    *("+84912345678", "+84 912 345 678", "84912345678", "O912 345 678"),
    *("hung.nguyen@example.com", "HUNG.NGUYEN@Example.com"),
    *("hung.nguyen (a) example.com", "hung.nguyen[at]example[dot]com"),
    *("046090001234", "046 090 001 234", "046.090.001.234"),
    *("Nguyễn Văn Hùng", "nguyễn văn hùng", "NGUYỄN VĂN HÙNG", "nguyen van hung"),
    *("Nguyen Van Hung", "Nguyễn\nVăn Hùng", "Văn Hùng", "VĂN HÙNG"),
    *("12/3 Nguyễn Huệ", "12/3 nguyen hue, phuong thuan hoa"),
)
LEFT = (
    *("anh hùng dân tộc", "chị Hùng bán nước", "vườn hùng vĩ", "Ổ gà văn hùng"),
    *("đường Nguyễn Văn Hùng", "Trường THCS Nguyễn Văn Hùng", "phố Văn Hùng"),
    *("gọi 0905 123 456", "a.b@example.com", "số 12 Lê Lợi", "046090009999"),
    *("đường Nguyễn Huệ", "", "[…]"),
)


class TestOwnWords(unittest.TestCase):
    def test_what_is_the_senders(self):
        for own in OWN:
            for text in (f"Liên hệ {own}, cảm ơn.", own, f"“{own}”", f"x\n{own}\ny"):
                with self.subTest(text=text):
                    self.assertEqual(mask(text, SENDER), text.replace(own, "[…]"))

    def test_what_is_not(self):
        for text in LEFT:
            with self.subTest(text=text):
                self.assertEqual(mask(text, SENDER), text)

    def test_given_names_that_are_words(self):
        for name, text in {
            "An": "An ninh ở đây, an toàn. Bác An biết.",
            "Lê Thị Hoa": "Vườn hoa, thị hoa, cô hoa.",
            "Trần Thu": "Vào mùa thu thì trần nhà dột.",
        }.items():
            with self.subTest(name=name):
                self.assertEqual(mask(text, Identity(name=name)), text)

    def test_who_says_the_own_name(self):
        for text in ("Tôi tên Hoa", "toi ten la hoa", "Họ tên: Hoa", "Em tên Hoa ạ"):
            with self.subTest(text=text):
                masked = mask(text, Identity(name="Lê Thị Hoa"))
                self.assertNotIn("hoa", masked.lower())

    def test_the_end_of_a_long_text(self):
        text = f"{'Ổ gà to. ' * 6000}Gọi 0912 345 678, Nguyễn Văn Hùng."
        self.assertTrue(mask(text, SENDER).endswith("Gọi […], […]."))

    def test_what_may_be_shown(self):
        text = "Nguyễn Văn Hùng, 12/3 Nguyễn Huệ"
        self.assertEqual(mask(text, SENDER, ["address"]), "[…], 12/3 Nguyễn Huệ")
        self.assertEqual(mask(text, SENDER, [""]), "[…], […]")

    def test_nobody_is_known(self):
        self.assertEqual(mask("Gọi 0912 345 678", Identity()), "Gọi 0912 345 678")
        self.assertEqual(mask_forms("Gọi 0912 345 678, a@b.vn"), "Gọi […], […]")
