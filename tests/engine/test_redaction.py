"""Personal data in texts: found in the forms that people write, struck out whole."""

import unicodedata
import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.redaction import (
    STRUCK,
    Identity,
    Span,
    find,
    strike,
)

REPORTER = Identity(
    name="Nguyễn Văn Hùng",
    phone="+84912345678",
    email="hung.nguyen@example.com",
    citizen_id="046090001234",
    address="12/3 Nguyễn Huệ, phường Thuận Hóa",
)

BY_FORM = {
    "phone": (
        *("0905123456", "0905 123 456", "0905.123.456", "0905-123-456", "+84905123456"),
        *("84 905 123 456", "(+84) 905 123 456", "0234 3822 222", "(0234) 3822222"),
        *("O905123456", "090 5123 456", "01234567890"),
    ),
    "email": (
        *("a.b@example.com", "A_B+c@mail.example.vn", "lan (a) gmail.com"),
        *("lan[at]gmail[dot]com", "lan a còng gmail chấm com", "lan＠gmail.com"),
    ),
    "citizen_id": ("046090009999", "046 090 009 999", "001.085.000.123"),
    "plate": (
        *("75A-123.45", "75A12345", "75a 123.45", "75-H1 234.56", "29-X5 8888"),
        *("75AB 123.45", "43C1-1234", "80-NG-123-45", "30E-922.91"),
    ),
}
HARMLESS = (
    "",
    "Ổ gà sâu 20 cm trước số 10 Lê Lợi.",
    "Quyết định số 43/2020/QĐ-UBND ngày 04/8/2020",
    "PA-26-004217 gửi lúc 16:30 ngày 28/08/2026",
    "Gọi 1022 hoặc 1900 1075, tổng đài 113.",
    "Kinh phí 1.250.000.000 đồng, đợt 2026-2030",
    "Điều 12 khoản 3, tờ bản đồ 45 thửa 1234",
    "Tuyến 75 dài 1234 m, rộng 12 m",
    "Mã số 123456789",
)


class TestRedaction(unittest.TestCase):
    def test_by_form(self):
        for kind, samples in BY_FORM.items():
            for sample in samples:
                with self.subTest(kind=kind, sample=sample):
                    text = f"Liên hệ {sample}, cảm ơn"
                    (span,) = find(text)
                    self.assertEqual(span.kind, kind)
                    self.assertEqual(text[span.start : span.end], sample)

    def test_what_is_called_so(self):
        rows = (
            ("CMND 191234567", "citizen_id", "191234567"),
            ("căn cước công dân số: 191 234 567", "citizen_id", "191 234 567"),
            ("STK 0011004123456 Vietcombank", "account", "0011004123456"),
            (
                "số tài khoản ở ngân hàng: 1903 1234 5678 90",
                "account",
                "1903 1234 5678 90",
            ),
        )
        for text, kind, part in rows:
            with self.subTest(text):
                (span,) = find(text)
                self.assertEqual((span.kind, text[span.start : span.end]), (kind, part))

    def test_what_is_nobody_s(self):
        for text in HARMLESS:
            with self.subTest(text):
                self.assertEqual(find(text, REPORTER), [])

    def test_the_reporter_s_own(self):
        rows = (
            ("Tôi là Nguyễn Văn Hùng ở đây", "name"),
            ("NGUYEN VAN HUNG", "name"),
            ("nguyễn   văn\nhùng", "name"),
            ("nhà anh Văn Hùng", "name"),
            ("Anh Hùng báo tin", "name"),
            ("tên tôi là Hùng", "name"),
            ("gọi 0912 345 678", "phone"),
            ("gọi +84912345678", "phone"),
            ("gọi 0912.34.56.78a", "phone"),
            ("Hung.Nguyen@Example.com", "email"),
            ("hung.nguyen (a) example.com", "email"),
            ("số 046090001234", "citizen_id"),
            ("nhà 12/3 Nguyen Hue", "address"),
            ("12/3 Nguyễn Huệ, Phường Thuận Hóa", "address"),
        )
        for text, kind in rows:
            with self.subTest(text):
                found = {span.kind for span in find(text, REPORTER)}
                self.assertEqual(found, {f"own_{kind}"})
        for text in ("Hùng", "đường Nguyễn Huệ", "công trình hùng vĩ", "Văn Lan Hùng"):
            with self.subTest(text):
                self.assertEqual(find(text, REPORTER), [])

    def test_only_the_name_is_struck_not_the_title(self):
        text = "Anh Hùng nói"
        self.assertEqual(strike(text, find(text, REPORTER)), f"Anh {STRUCK} nói")

    def test_decomposed_letters(self):
        text = unicodedata.normalize("NFD", "Gặp ông Nguyễn Văn Hùng nhé")
        struck = strike(text, find(text, REPORTER))
        struck = unicodedata.normalize("NFC", struck)
        self.assertEqual(struck, f"Gặp ông {STRUCK} nhé")

    def test_names_of_organisations_and_nobody(self):
        self.assertEqual(find("Công ty Minh Long", Identity(name="An")), [])
        firm = find("cong ty minh long", Identity(name="Công ty Minh Long"))
        self.assertEqual({span.kind for span in firm}, {"own_name"})

    def test_overlaps_are_one(self):
        text = "STK 0912345678"
        self.assertEqual(find(text, REPORTER), [Span(4, 14, "own_phone")])

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(
        st.from_regex(r"0[35789][0-9]{8}", fullmatch=True),
        st.lists(st.sampled_from(["", " ", ".", "-"]), min_size=9, max_size=9),
        st.text(alphabet="ăâêôơưđ áàảãạ\n,;", max_size=20),
        st.text(alphabet="ăâêôơưđ áàảãạ\n;", max_size=20),
    )
    def test_a_known_number_is_found_however_it_is_spaced(
        self, number, gaps, before, after
    ):
        written = number[0] + "".join(
            gap + digit for gap, digit in zip(gaps, number[1:], strict=True)
        )
        text = f"{before} {written} {after}"
        struck = strike(text, find(text, Identity(phone="+84" + number[1:])))
        self.assertFalse(any(char.isdigit() for char in struck), struck)

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(st.text(max_size=200))
    def test_any_text(self, text):
        spans = find(text, REPORTER)
        for one, other in zip(spans, spans[1:], strict=False):
            self.assertLessEqual(one.end, other.start)
        for span in spans:
            self.assertTrue(0 <= span.start < span.end <= len(text))
        struck = strike(text, spans)
        self.assertEqual(struck.count(STRUCK) - text.count(STRUCK), len(spans))
