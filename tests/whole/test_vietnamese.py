import unittest

from ...models.province.limit import UNITS as LIMIT_UNITS
from ...tools.vietnamese import UNITS, figures_and_words, term


class TestVietnamese(unittest.TestCase):
    def test_figures_and_words(self):
        rows = {
            0: "00 (không)",
            1: "01 (một)",
            4: "04 (bốn)",
            5: "05 (năm)",
            6: "06 (sáu)",
            10: "10 (mười)",
            11: "11 (mười một)",
            14: "14 (mười bốn)",
            15: "15 (mười lăm)",
            20: "20 (hai mươi)",
            21: "21 (hai mươi mốt)",
            25: "25 (hai mươi lăm)",
            48: "48 (bốn mươi tám)",
            100: "100 (một trăm)",
            105: "105 (một trăm lẻ năm)",
            115: "115 (một trăm mười lăm)",
            366: "366 (ba trăm sáu mươi sáu)",
            999: "999 (chín trăm chín mươi chín)",
        }
        for number, words in rows.items():
            self.assertEqual(figures_and_words(number), words)

    def test_what_cannot_be_said(self):
        for number in (-1, 0.5, 1000):
            with self.subTest(number), self.assertRaises(ValueError):
                figures_and_words(number)
        with self.assertRaises(ValueError):
            term(6, "week")

    def test_term(self):
        self.assertEqual(term(6.0, "working_day"), "06 (sáu) ngày làm việc")
        self.assertEqual(term(48, "hour"), "48 (bốn mươi tám) giờ")

    def test_units_are_those_of_the_limits(self):
        self.assertEqual(set(UNITS), {unit for unit, _name in LIMIT_UNITS})
