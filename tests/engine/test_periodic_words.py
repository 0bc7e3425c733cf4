"""How periodic reports write periods, numbers and rates."""

import unittest
from datetime import date

from ...tools import periodic_words as words
from ...tools.periodic_columns import (
    AGENCIES,
    LIST,
    NOTHING,
    OVERVIEW,
    UNTIMED,
    Column,
    cell,
    cell_text,
    number_text,
    percent,
    tenths,
)

FIRST, LAST = date(2026, 10, 15), date(2026, 11, 14)


class TestPeriodNames(unittest.TestCase):
    def test_names(self):
        for kind, last, name in (
            ("day", LAST, "ngày 14/11/2026"),
            ("week", date(2026, 11, 22), "tuần 47 năm 2026"),
            ("week", date(2027, 1, 3), "tuần 53 năm 2026"),
            ("month", LAST, "tháng 11 năm 2026"),
            ("month", date(2026, 2, 14), "tháng 02 năm 2026"),
            ("month", date(2026, 3, 14), "tháng 3 năm 2026"),
            ("quarter", date(2026, 3, 14), "quý I năm 2026"),
            ("quarter", date(2026, 12, 14), "quý IV năm 2026"),
            ("half", date(2026, 6, 14), "6 tháng đầu năm 2026"),
            ("half", date(2026, 12, 14), "6 tháng cuối năm 2026"),
            ("year", date(2026, 12, 14), "năm 2026"),
            ("interior", LAST, "năm 2026"),
            ("demand", LAST, "từ ngày 15/10/2026 đến ngày 14/11/2026"),
        ):
            with self.subTest(kind=kind, last=last):
                self.assertEqual(words.period_name(kind, FIRST, last), name)

    def test_short_names(self):
        for kind, last, name in (
            ("week", date(2026, 11, 22), "tuần 47"),
            ("month", LAST, "tháng 11/2026"),
            ("quarter", date(2026, 12, 14), "quý IV/2026"),
            ("year", date(2026, 12, 14), "năm 2026"),
            ("demand", LAST, "15/10-14/11"),
        ):
            self.assertEqual(words.short_name(kind, FIRST, last), name)

    def test_titles(self):
        self.assertEqual(
            words.title("whole", "month", FIRST, LAST),
            "Kết quả tiếp nhận, xử lý phản ánh hiện trường tháng 11 năm 2026",
        )
        for form in words.TITLES:
            self.assertNotIn("{", words.title(form, "month", FIRST, LAST))


class TestNumbers(unittest.TestCase):
    def test_written(self):
        for value, text in (
            (0, "0"),
            (1234567, "1.234.567"),
            (83.3, "83,3"),
            (1234.5, "1.234,5"),
            (None, NOTHING),
        ):
            self.assertEqual(number_text(value), text)

    def test_rates_are_rounded_away_from_zero_and_of_nothing_there_is_none(self):
        self.assertEqual(percent(1, 3), 33.3)
        self.assertEqual(percent(2, 3), 66.7)
        self.assertEqual(percent(1, 16), 6.3)  # 6.25
        self.assertEqual(percent(-1, 16), -6.3)
        self.assertIsNone(percent(0, 0))
        self.assertEqual(percent(0, 5), 0.0)
        self.assertEqual(tenths(4.25), 4.3)

    def test_compared_with_the_period_before(self):
        figures = {"received": 21, "before": 17}
        plus, rate = OVERVIEW[-2:]
        self.assertEqual(cell_text(plus, cell(plus, figures)), "+4")
        self.assertEqual(cell_text(rate, cell(rate, figures)), "+23,5")
        figures = {"received": 3, "before": 4}
        self.assertEqual(cell_text(plus, cell(plus, figures)), "-1")
        self.assertEqual(cell_text(rate, cell(rate, figures)), "-25,0")
        figures = {"received": 3, "before": 0}
        self.assertEqual(cell_text(rate, cell(rate, figures)), NOTHING)
        self.assertEqual(cell_text(plus, cell(plus, {"received": 3})), NOTHING)

    def test_what_no_text_times(self):
        """BP has no limit: that is neither 0 % nor 100 %."""
        [column] = [each for each in AGENCIES if each.kind == "percent"]
        figures = {"on_time": 0, "timed": 0, "no_limit": 5}
        self.assertEqual(cell(column, figures), UNTIMED)
        self.assertEqual(cell_text(column, UNTIMED), UNTIMED)
        self.assertIsNone(cell(column, {"on_time": 0, "timed": 0, "no_limit": 0}))

    def test_few_are_marked_and_count(self):
        [column] = [each for each in LIST if each.kind == "fraction"]
        self.assertEqual(cell(column, {"c_part": 3, "c_whole": 9}), "3/9 (ít hơn 10)")
        self.assertEqual(cell(column, {"c_part": 3, "c_whole": 10}), "3/10")
        self.assertIsNone(cell(column, {"c_part": 0, "c_whole": 0}))

    def test_words_and_days(self):
        text, day = Column("x", "X", "text"), Column("x", "X", "day")
        self.assertEqual(cell_text(text, cell(text, {})), "")
        self.assertEqual(cell(day, {"x": "2026-11-14"}), "14/11/2026")
        self.assertEqual(cell_text(day, cell(day, {"x": ""})), "")


class TestSentences(unittest.TestCase):
    def test_of_nothing(self):
        for said in (
            words.intake({}, [], []),
            words.results({}),
            words.overdue({}),
            words.satisfaction({}, []),
        ):
            self.assertNotIn("None", " ".join(said))
        self.assertIn(f"({NOTHING})", " ".join(words.results({})))

    def test_compared(self):
        whole = {"received": 12, "before": 12}
        self.assertIn("không đổi", " ".join(words.intake(whole, [], [])))
        whole = {"received": 6, "before": 12}
        self.assertIn("giảm 6 (50,0 %)", " ".join(words.intake(whole, [], [])))
        whole = {"received": 6, "before": 0}
        self.assertIn("tăng 6.", " ".join(words.intake(whole, [], [])))

    def test_the_seven_lines(self):
        rows = words.day_lines(
            {"received": 5, "refused": 1, "late_centre": 2}, {"received": 1200}
        )
        self.assertEqual(len(rows), 7)
        self.assertEqual(rows[0][1], "trong ngày 5; luỹ kế tháng 1.200")
        self.assertEqual(rows[5][1], "Trung tâm 2; cơ quan 0")
