"""Sender's words, masked: what is known of the sender goes, the matter stays."""

import unittest

from ...tools.own_words import mask, mask_forms
from ...tools.redaction import Identity, find
from ..rig.effort import calls_of

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
    *("12/3 Nguyễn Huệ", "12/3 nguyen hue, phuong thuan hoa", "12/3, đường Nguyễn Huệ"),
    *("０９１２ 345 678", "٠٩١٢٣٤٥٦٧٨", "٠٤٦٠٩٠٠٠١٢٣٤", "hung.nguyen+tin@example.com"),
    *("Hùng Nguyễn Văn", "Văn Hùng Nguyễn", "Nguyễn Hùng", "Hùng Nguyễn"),
    *("NguyenVanHung", "nguyenvanhung90", "Nguyen_Van_Hung"),
)
LEFT = (
    *("anh hùng dân tộc", "chị Hùng bán nước", "vườn hùng vĩ", "Ổ gà văn hùng"),
    *("đường Nguyễn Văn Hùng", "Trường THCS Nguyễn Văn Hùng", "phố Văn Hùng"),
    *("gọi 0905 123 456", "a.b@example.com", "số 12 Lê Lợi", "046090009999"),
    *("đường Nguyễn Huệ", "", "[…]", "12 Nguyễn Hùng", "vỉa hè Nguyễn Hùng"),
    *(
        "Nguyễn Hùng Sơn",
        "nguyễn hùng",
        "13/3 Nguyễn Huệ",
        "Huệ, phường Thuận Hóa",
        "phường Thuận Hóa",
    ),
)
# A home, and how else it is written.
HOMES = {
    "12 Lê Lợi": ("12, đường Lê Lợi", "12 đường Lê Lợi", "12 đ. Lê Lợi"),
    "số nhà 12, đường Lê Lợi": ("12 Lê Lợi", "12 le loi"),
    "Số 15, ngõ 27 đường Nguyễn Huệ, phường Phú Nhuận": (
        *("15, ngõ 27 đường Nguyễn Huệ", "15/27 Nguyễn Huệ", "15 ngõ 27 Nguyễn Huệ"),
    ),
    "K54/12 Nguyễn Trãi": ("K54/12 Nguyễn Trãi", "54/12 Nguyễn Trãi"),
    "Buôn Ako Dhong": ("Buôn Ako Dhong", "buon ako dhong"),
    "Ấp Bình Hòa": ("Ấp Bình Hòa", "ấp bình hòa"),
    "Thôn Đông, xã An Phú": ("Thôn Đông, xã An Phú", "thôn Đông xã An Phú"),
}
# Where it is that many live, or drive.
STREETS = ("đường Lê Lợi", "Lê Lợi", "phường Phú Nhuận", "thôn Đông", "xã An Phú")
SIGNED = (
    ("Trân trọng,", "Nguyễn Văn Mẫu\nĐT: 0905 000 456\nSố 5 Trần Phú"),
    ("Xin cảm ơn", "Lê Thị Hoa Mai\nSĐT 0905000456"),
    ("Thân ái,", "\nNgười Gửi Mẫu\nDi động 0905 000 111\nCCCD 046188000779"),
    ("Kính thư", "NGUYỄN VĂN MẪU"),
    ("Xin trân trọng cảm ơn.", "nguyen van mau"),
    ("Trân trọng cảm ơn quý cơ quan!", "Nguyễn Văn Mẫu\n12/3 Trần Phú, P. Thuận Hóa"),
    ("Kính mong Trung tâm sớm xử lý.", "Công dân: Trần Bình"),
    ("Best regards,", "Nguyen Van Mau"),
)
UNSIGNED = (
    "Trân trọng cảm ơn!\nĐèn vẫn hỏng từ hôm qua, chưa ai sửa.",
    "Cảm ơn Trung tâm đã sửa.\nNhưng đèn lại hỏng.",
    "Xin cảm ơn\n\nGần cột đèn.",
    "Xin cảm ơn!\nTrước chợ Đông Ba có ổ gà",
    "Nguyễn Văn Mẫu đổ rác.\nSố 5 Trần Phú ngập.",
    "Người dân kính mong\nsửa đèn",
    "Xin chào Trung tâm,\nĐường Lê Lợi\nngập.",
    "Kính gửi Trung tâm\nNguyễn Huệ ngập",
    "Xin cảm ơn.\nĐường Nguyễn Huệ",
    "Xin cảm ơn.\nSố 5 Trần Phú",
    "Xin cảm ơn.\nGọi 0905 000 456 để mở cổng.",
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
        self.assertEqual(mask("0912 345 678", others=[SENDER]), "[…]")

    def test_a_name_after_a_number(self):
        self.assertEqual(mask("0905 123 456 Nguyễn Hùng", SENDER)[-3:], "[…]")

    def test_homes(self):
        for address, others in HOMES.items():
            for written in (address, *others):
                with self.subTest(address=address, written=written):
                    sender = Identity(address=address)
                    masked = mask(f"Tôi ở {written} ạ.", sender)
                    self.assertRegex(masked, r"^Tôi ở (?:số nhà |số |Số )?\[…\] ạ\.$")
                    found = {span.kind for span in find(written, sender)}
                    self.assertEqual(found, {"own_address"})
            for street in STREETS:
                with self.subTest(address=address, street=street):
                    text = f"Ngập ở {street} ạ."
                    self.assertEqual(mask(text, Identity(address=address)), text)
        for street in ("đường Lê Lợi", "phường Hòa Bình", "Lê Lợi, phường Phú Nhuận"):
            text = f"Ngập ở {street}."
            self.assertEqual(mask(text, Identity(address=street)), text)

    def test_mailboxes(self):
        sender = Identity(email="x.y+tin@gmail.com")
        for written in ("xy@gmail.com", "X.Y@Gmail.com", "xy+a (a) gmail.com"):
            with self.subTest(written=written):
                self.assertEqual(mask(f"Gửi {written}.", sender), "Gửi […].")
        self.assertEqual(mask("xyz@gmail.com", sender), "xyz@gmail.com")

    def test_signatures(self):
        for valediction, below in SIGNED:
            with self.subTest(valediction=valediction):
                said = f"Đèn hỏng.\n\n{valediction}\n"
                masked = mask(said + below, forms=["signature"])
                gap = "\n" * below.startswith("\n")
                self.assertEqual(masked, f"{said}{gap}[…]")
                more = mask(f"{said}{below}\n\nGần cột đèn.", forms=["signature"])
                self.assertEqual(more, f"{said}{gap}[…]\n\nGần cột đèn.")
        text = "Đèn hỏng. \nTrân trọng, Nguyễn Văn Mẫu - 0905 000 456"
        masked = "Đèn hỏng. \nTrân trọng, […]"
        self.assertEqual(mask(text, forms=["signature"]), masked)

    def test_what_is_no_signature(self):
        for text in UNSIGNED:
            with self.subTest(text=text):
                self.assertEqual(mask(text, forms=["signature"]), text)

    def test_by_form_but_for_offices(self):
        text = "Gọi 0234 3822 222, 0905 123 456, a@b.vn, 046090009999, 75A-123.45"
        masked = mask(
            text,
            forms=["phone", "email", "citizen_id"],
            kept={("phone", "343822222"), ("email", "a@b.vn")},
        )
        kept = "Gọi […], […], a@b.vn, […], 75A-123.45"
        self.assertEqual(masked, kept.replace("[…]", "0234 3822 222", 1))

    def test_twice_the_text_is_twice_the_work(self):
        line = "Ổ gà sâu trước số nhà 12 đường Lê Lợi, gọi 0905 123 456.\n"
        forms = ["phone", "email", "citizen_id", "signature"]

        def work(lines):
            text = line * lines
            return calls_of(lambda: mask(text, SENDER, forms=forms, others=[SENDER]))

        work(1)  # what is remembered from one call to the next
        self.assertLess(work(80), 2.1 * work(40))
        self.assertLess(work(2000), 2.1 * work(1000), "in pieces")
        self.assertLess(work(40), 12 * len(line * 40), "a letter, or a word, at a time")
