"""Codes of reports, written and as people give them."""

import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools import codes

PREFIXES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8)


class TestReportCode(unittest.TestCase):
    def test_the_written_form(self):
        rows = {
            ("PA", 2026, 4217): "PA-26-004217",
            ("PA", 2026, 1): "PA-26-000001",
            ("HUE", 2000, 999999): "HUE-00-999999",
            ("PA", 2099, 1000000): "PA-99-1000000",
        }
        for parts, code in rows.items():
            with self.subTest(code):
                self.assertEqual(codes.report_code(*parts), code)

    def test_parts_out_of_range(self):
        for parts in (
            ("", 2026, 1),
            ("pa", 2026, 1),
            ("P A", 2026, 1),
            ("PĐ", 2026, 1),
            ("P1", 2026, 1),
            ("ABCDEFGHI", 2026, 1),
            ("PA\n", 2026, 1),
            ("PA", 26, 1),
            ("PA", 2100, 1),
            ("PA", 2026, 0),
            ("PA", 2026, -1),
            ("PA", 2026, 10**9),
        ):
            with self.subTest(parts), self.assertRaises(codes.InvalidCode) as caught:
                codes.report_code(*parts)
            self.assertEqual(caught.exception.code, "invalid_code")

    def test_as_people_give_it(self):
        for typed in (
            "PA-26-004217",
            "pa-26-004217",
            "  PA-26-004217\n",
            "#PA-26-004217",
            "PA 26 004217",
            "pa 26 4217",
            "PA264217",
            "PA26004217",
            "PA-26-4217",
            "PA–26—004217",
            "PA.26/004217",
            "PA-2026-4217",
            "PA 2026 004217",
            "ＰＡ－２６－００４２１７",
        ):
            with self.subTest(typed):
                code = codes.parse_report_code(typed)
                self.assertEqual(code, ("PA", 2026, 4217))
                self.assertEqual(str(code), "PA-26-004217")
        self.assertEqual(codes.parse_report_code("26-4217", "PA").number, 4217)
        self.assertEqual(codes.parse_report_code("264217", "PA").year, 2026)
        self.assertEqual(codes.parse_report_code("PA20260001").year, 2020)

    def test_not_a_code(self):
        for typed in (
            None,
            False,
            "",
            "PA",
            "PA-26",
            "PA-26-",
            "PA-26-0",
            "PA-26-000000",
            "PA-26-00x217",
            "PA-26-1234567890",
            "26-4217",
            "-26-4217",
            "PA-26-4217 PA-26-4218",
            "PA-26-4217'; DROP TABLE",
            "PA-26-%",
            "PA-٢٦-٤٢١٧",
            "PA-26-4217" + " " * 60 + "x",
            "PA" + " " * 100 + "26-4217",
            "PA-26-" + "9" * 100_000,
        ):
            with self.subTest(typed), self.assertRaises(codes.InvalidCode):
                codes.parse_report_code(typed)
        with self.assertRaises(codes.InvalidCode):
            codes.parse_report_code("PX-26-4217", "PA")

    def test_the_error_does_not_repeat_the_input(self):
        with self.assertRaises(codes.InvalidCode) as caught:
            codes.parse_report_code("0912345678x")
        self.assertNotIn("0912", str(caught.exception))

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(
        PREFIXES,
        st.integers(2000, 2099),
        st.integers(1, 10**9 - 1),
        st.sampled_from(["-", " ", "", " - ", "–"]),
        st.booleans(),
    )
    def test_what_is_written_is_read(self, prefix, year, number, between, zeros):
        code = codes.report_code(prefix, year, number)
        self.assertEqual(str(codes.parse_report_code(code)), code)
        short = f"{number:06d}" if zeros else str(number)
        typed = between.join((prefix.lower(), f"{year - 2000:02d}", short))
        self.assertEqual(codes.parse_report_code(typed), (prefix, year, number))
