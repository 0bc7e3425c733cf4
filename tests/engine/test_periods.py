"""Which days belong to which period: NĐ 09/2019 Điều 12 as ST Điều 28.5 has it."""

import unittest
from datetime import date, datetime, timedelta

from ...tools.periods import (
    KINDS,
    Period,
    bounds,
    closing_period,
    interior_month,
    period_of,
)

HANOI = "Asia/Ho_Chi_Minh"
# kind, a day in it, cut-off → first and last day
PERIODS = """
day      2026-11-14 14 2026-11-14 2026-11-14
week     2026-11-15 14 2026-11-09 2026-11-15
week     2026-11-16 14 2026-11-16 2026-11-22
month    2026-11-14 14 2026-10-15 2026-11-14
month    2026-11-15 14 2026-11-15 2026-12-14
month    2026-12-31 14 2026-12-15 2027-01-14
month    2026-02-28  0 2026-02-01 2026-02-28
month    2028-02-29 27 2028-02-28 2028-03-27
quarter  2026-12-14 14 2026-09-15 2026-12-14
quarter  2026-12-15 14 2026-12-15 2027-03-14
quarter  2026-11-15  0 2026-10-01 2026-12-31
half     2026-06-14 14 2025-12-15 2026-06-14
half     2026-06-15 14 2026-06-15 2026-12-14
half     2026-06-30  0 2026-01-01 2026-06-30
year     2026-12-14 14 2025-12-15 2026-12-14
year     2026-12-15 14 2026-12-15 2027-12-14
year     2026-12-15  0 2026-01-01 2026-12-31
"""


class TestPeriods(unittest.TestCase):
    def rows(self):
        for line in PERIODS.strip().splitlines():
            kind, day, cutoff, first, last = line.split()
            dates = map(date.fromisoformat, (day, first, last))
            yield (kind, *dates, int(cutoff))

    def test_first_and_last_day(self):
        for kind, day, first, last, cutoff in self.rows():
            with self.subTest(kind=kind, day=day, cutoff=cutoff):
                found = period_of(kind, day, cutoff)
                self.assertEqual((found.first, found.last), (first, last))
                self.assertTrue(found.holds(day))

    def test_periods_join_without_gap(self):
        for kind, day, _first, _last, cutoff in self.rows():
            period = period_of(kind, day, cutoff)
            for _time in range(30):
                before = period.previous()
                with self.subTest(period=period):
                    self.assertEqual(before.last + timedelta(days=1), period.first)
                    self.assertEqual(before, period_of(kind, before.last, cutoff))
                    self.assertEqual(before, period_of(kind, before.first, cutoff))
                period = before

    def test_interior_closes_in_its_month(self):
        """QN 15/10–14/10, HUE 15/11–14/11."""
        for month, last in ((10, date(2026, 10, 14)), (11, date(2026, 11, 14))):
            found = period_of("interior", date(2026, 6, 1), 14, month)
            self.assertEqual(found.last, last)
            self.assertEqual(found.first, date(2025, month, 15))
            self.assertEqual(found.previous().last, date(2025, month, 14))
        year = period_of("year", date(2026, 6, 1), 14)
        interior = period_of("interior", date(2026, 6, 1), 14)
        self.assertEqual((interior.first, interior.last), (year.first, year.last))

    def test_month_of_home_affairs(self):
        """The last cut-off at least five working days before the due day."""

        def weekdays(due):
            return lambda day: sum(
                (day + timedelta(days=n)).weekday() < 5
                for n in range(1, (due - day).days + 1)
            )

        for due, month in (
            (date(2026, 11, 15), 10),  # QN: the 14th itself is too late
            (date(2026, 11, 30), 11),  # HUE
            (date(2026, 11, 19), 10),  # four working days after Saturday the 14th
            (date(2026, 11, 20), 11),
        ):
            self.assertEqual(interior_month(due, 14, weekdays(due)), month, due)

    def test_the_one_that_has_ended(self):
        for today, last in (("2026-11-14", "2026-10-14"), ("2026-11-15", "2026-11-14")):
            found = closing_period("month", date.fromisoformat(today), 14)
            self.assertEqual(found.last, date.fromisoformat(last))

    def test_numbers(self):
        self.assertEqual(period_of("month", date(2026, 12, 20), 14).number, 1)
        self.assertEqual(period_of("month", date(2026, 12, 20), 14).year, 2027)
        self.assertEqual(period_of("quarter", date(2026, 10, 1), 14).number, 4)
        self.assertEqual(period_of("half", date(2026, 6, 15), 14).number, 2)
        self.assertEqual(period_of("week", date(2026, 11, 16)).number, 47)
        self.assertEqual(period_of("year", date(2026, 11, 16)).number, 0)

    def test_moments(self):
        """14/11 23:59 belongs to it, 15/11 00:00 to the next one."""
        start, end = bounds(period_of("month", date(2026, 11, 14), 14), HANOI)
        self.assertEqual(start, datetime(2026, 10, 14, 17))
        self.assertEqual(end, datetime(2026, 11, 14, 17))
        closes = datetime(2026, 11, 13, 10), datetime(2026, 11, 16, 10)
        day = period_of("day", date(2026, 11, 16))
        self.assertEqual(bounds(day, HANOI, closes), closes)
        self.assertEqual(bounds(day, HANOI)[1], datetime(2026, 11, 16, 17))

    def test_what_means_nothing(self):
        day = date(2026, 11, 16)
        for cutoff in (-1, 28, 31):
            with self.assertRaises(ValueError):
                period_of("month", day, cutoff)
        for kind in ("demand", "decade"):
            with self.assertRaises(ValueError):
                period_of(kind, day)
        with self.assertRaises(ValueError):
            Period("demand", day, day - timedelta(days=1))
        with self.assertRaises(ValueError):
            Period("decade", day, day)
        self.assertIn("demand", KINDS)
        self.assertEqual(Period("demand", day, day).previous().last, date(2026, 11, 15))
