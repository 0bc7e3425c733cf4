from odoo.tests import BaseCase, tagged

from ...tools.short_text import parts, plain


@tagged("-at_install", "post_install")
class TestShortText(BaseCase):
    """Vietnamese in SMS."""

    def test_plain(self):
        for text, expected in {
            "Đường Lê Lợi, phường Thuận Hóa": "Duong Le Loi, phuong Thuan Hoa",
            "Ðã tiếp nhận “PA-26-000001” – hạn 20/11…": (
                'Da tiep nhan "PA-26-000001" - han 20/11...'
            ),
            "Quá hạn 😀!": "Qua han !",
            "a\u0323\u0302 \u00a0": "a  ",
            "": "",
        }.items():
            self.assertEqual(plain(text), expected)
            self.assertEqual(plain(expected), expected)

    def test_parts(self):
        for text, number in {
            "": 1,
            "a" * 160: 1,
            "a" * 161: 2,
            "a" * 306: 2,
            "a" * 307: 3,
            "[" * 80: 1,
            "[" * 81: 2,
            "ắ" * 70: 1,
            "ắ" * 71: 2,
            "😀" * 35: 1,
            "😀" * 36: 2,
        }.items():
            self.assertEqual(parts(text), number, text[:3])
