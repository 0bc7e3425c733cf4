"""When periodic reports are due: the texts' days, and the edges of months and years."""

import unittest
from datetime import date, timedelta

from ...tools.due_days import (
    DueRule,
    cut_off,
    due_day,
    interior_period,
    worked_day_until,
    working_days_from,
)

OFF = {date(2026, 1, 1), date(2026, 9, 2), date(2027, 1, 1)}
MADE_UP = {date(2026, 8, 22)}  # a Saturday


def worked(day):
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


def never(day):
    return False


def d(text):
    return date.fromisoformat(text)


class TestDueDays(unittest.TestCase):
    """“Before the 20th” is the 19th, or the working day before it."""

    def assertDue(self, rule, last, due, days=worked):
        self.assertEqual(due_day(rule, d(last), days), d(due))

    def test_before_a_day_of_the_closing_month(self):
        rule = DueRule(before_day=20)
        self.assertDue(rule, "2026-11-14", "2026-11-19")  # a Thursday
        self.assertDue(rule, "2026-07-14", "2026-07-17")  # the 19th is a Sunday
        self.assertDue(rule, "2026-12-14", "2026-12-18")  # a Saturday
        # Calendar months: the first 20th after the end.
        self.assertDue(rule, "2026-11-30", "2026-12-18")
        self.assertDue(rule, "2026-12-31", "2027-01-19")

    def test_before_the_first_of_a_month(self):
        self.assertDue(DueRule(before_day=1), "2026-11-14", "2026-11-30")

    def test_before_a_day_that_the_month_lacks(self):
        self.assertDue(DueRule(before_day=31), "2026-02-14", "2026-02-27")

    def test_a_day_of_the_year(self):
        self.assertDue(DueRule(before_day=30, month=11), "2026-11-14", "2026-11-27")
        self.assertDue(DueRule(before_day=15, month=11), "2026-10-14", "2026-11-13")
        # Named too late for this year.
        self.assertDue(DueRule(before_day=15, month=11), "2026-11-14", "2027-11-12")

    def test_what_is_not_over_is_not_due(self):
        """The working day before lies before the end: the day off it is."""
        # Ends on Friday, before Monday is Sunday.
        self.assertDue(DueRule(before_day=16), "2026-11-13", "2026-11-15")

    def test_working_days_after_the_end(self):
        self.assertDue(DueRule(working_days=1), "2026-11-15", "2026-11-16")
        self.assertDue(DueRule(working_days=3), "2026-11-14", "2026-11-18")
        self.assertDue(DueRule(working_days=1), "2026-08-30", "2026-08-31")
        self.assertDue(DueRule(working_days=3), "2026-08-30", "2026-09-03")
        # A Saturday that is made up for counts.
        self.assertDue(DueRule(working_days=1), "2026-08-21", "2026-08-22")

    def test_at_the_end_itself(self):
        self.assertDue(DueRule(), "2026-11-20", "2026-11-20")

    def test_without_a_working_day_it_is_due_all_the_same(self):
        self.assertDue(DueRule(before_day=20), "2026-11-14", "2026-11-19", never)
        self.assertDue(DueRule(working_days=2), "2026-11-14", "2026-11-16", never)

    def test_working_days_back(self):
        self.assertEqual(
            working_days_from(d("2026-11-19"), -3, worked), d("2026-11-16")
        )
        self.assertEqual(
            working_days_from(d("2026-11-16"), -1, worked), d("2026-11-13")
        )
        self.assertEqual(worked_day_until(d("2026-09-02"), worked), d("2026-09-01"))

    def test_cut_offs(self):
        self.assertEqual(cut_off(2026, 2, 14), d("2026-02-14"))
        self.assertEqual(cut_off(2026, 2, 0), d("2026-02-28"))
        self.assertEqual(cut_off(2028, 2, 30), d("2028-02-29"))


class TestInteriorYears(unittest.TestCase):
    """Twelve months that end with a cut-off which leaves five working days."""

    HUE = DueRule(before_day=30, month=11)
    QUANG_NINH = DueRule(before_day=15, month=11)

    def assertPeriod(self, rule, today, first, last, cutoff=14, days=worked):
        found = interior_period(rule, d(today), cutoff, days)
        self.assertEqual(found, (d(first), d(last)))

    def test_as_the_texts_have_them(self):
        self.assertPeriod(self.HUE, "2026-11-15", "2025-11-15", "2026-11-14")
        self.assertPeriod(self.QUANG_NINH, "2026-10-15", "2025-10-15", "2026-10-14")

    def test_it_opens_the_day_after_the_cut_off(self):
        self.assertPeriod(self.HUE, "2026-11-14", "2024-11-15", "2025-11-14")
        self.assertPeriod(self.HUE, "2026-12-31", "2025-11-15", "2026-11-14")

    def test_years_join_without_a_gap(self):
        for rule in (self.HUE, self.QUANG_NINH, DueRule(before_day=8, month=1)):
            end = None
            for year in range(2020, 2040):
                first, last = interior_period(rule, date(year, 12, 31), 14, worked)
                if end:
                    self.assertEqual(first, end + timedelta(days=1))
                end = last

    def test_calendar_months(self):
        self.assertPeriod(self.HUE, "2026-12-01", "2025-11-01", "2026-10-31", 0)

    def test_without_a_working_day_there_is_an_answer(self):
        self.assertPeriod(self.HUE, "2026-11-15", "2025-10-15", "2026-10-14", 14, never)
