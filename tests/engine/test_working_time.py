"""Working time, by tables of worked examples and against a walk minute by minute."""

import itertools
import unittest
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools import working_time as wt
from ...tools.working_time import WorkingTime
from ..rig.hours import (
    CLOSURES_2026,
    OFFICE,
    ROUND_THE_CLOCK,
    VN,
    at,
    local_days,
    office_2026,
    properties,
)

BERLIN = "Europe/Berlin"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class TestDeadline(unittest.TestCase):
    def check(self, rows, calendar=None, tz=VN):
        calendar = calendar or office_2026()
        for start, value, unit, expected in rows:
            with self.subTest(start=start, value=value, unit=unit):
                deadline = calendar.deadline(at(start, tz), value, unit)
                self.assertEqual(deadline, at(expected, tz))

    def test_examples_of_the_matrix(self):
        # 2026-03-06 is a Friday.
        self.check(
            [
                ("2026-03-07 23:50", 30, "minute", "2026-03-08 00:20"),
                ("2026-03-06 16:30", 1, "working_hour", "2026-03-09 08:00"),
                ("2026-03-02 10:00", 6, "working_day", "2026-03-10 17:00"),
                ("2026-03-08 10:00", 1, "working_day", "2026-03-09 17:00"),
                ("2026-03-02 10:00", 2, "day", "2026-03-04 24:00"),
                ("2026-04-23 10:00", 2, "day", "2026-04-28 24:00"),
            ]
        )

    def test_elapsed_units_run_day_and_night(self):
        self.check(
            [
                ("2026-02-17 03:00", 30, "minute", "2026-02-17 03:30"),
                ("2026-03-06 16:30", 48, "hour", "2026-03-08 16:30"),
                ("2026-03-06 16:30", 0.5, "hour", "2026-03-06 17:00"),
                ("2026-03-06 16:30", 0.25, "minute", "2026-03-06 16:30:15"),
                ("2026-12-31 23:59:59", 1, "minute", "2027-01-01 00:00:59"),
                ("2026-03-02 00:00", 1, "day", "2026-03-03 24:00"),
                ("2026-03-02 23:59:59", 1, "day", "2026-03-03 24:00"),
            ]
        )

    def test_days_end_on_a_day_of_work(self):
        self.check(
            [
                ("2026-03-05 10:00", 1, "day", "2026-03-06 24:00"),
                ("2026-03-05 10:00", 2, "day", "2026-03-09 24:00"),
                ("2026-03-06 10:00", 2, "day", "2026-03-09 24:00"),
                ("2026-03-07 10:00", 2, "day", "2026-03-09 24:00"),
                ("2026-03-07 10:00", 3, "day", "2026-03-10 24:00"),
                # Tết, and a Saturday that is worked in exchange.
                ("2026-02-13 12:00", 2, "day", "2026-02-23 24:00"),
                ("2026-01-08 12:00", 2, "day", "2026-01-10 24:00"),
            ]
        )

    def test_days_where_nobody_works(self):
        idle = WorkingTime.from_pattern([], VN, date(2026, 1, 1), date(2030, 1, 1))
        self.check(
            [
                ("2026-03-05 10:00", 2, "day", "2026-03-07 24:00"),
                ("2028-02-28 10:00", 1, "day", "2028-02-29 24:00"),
            ],
            idle,
        )

    def test_working_hours_skip_lunch_night_and_weekend(self):
        self.check(
            [
                ("2026-03-06 11:00", 1, "working_hour", "2026-03-06 13:30"),
                ("2026-03-06 12:00", 1, "working_hour", "2026-03-06 14:00"),
                ("2026-03-06 11:15", 0.5, "working_hour", "2026-03-06 13:15"),
                ("2026-03-05 22:00", 2, "working_hour", "2026-03-06 09:30"),
                ("2026-03-06 03:00", 2, "working_hour", "2026-03-06 09:30"),
                ("2026-03-07 09:00", 4, "working_hour", "2026-03-09 11:30"),
                ("2026-03-07 09:00", 4.5, "working_hour", "2026-03-09 13:30"),
                ("2026-03-02 07:30", 8, "working_hour", "2026-03-02 17:00"),
                ("2026-03-02 07:30", 40, "working_hour", "2026-03-06 17:00"),
                ("2026-03-02 07:30:20", 40, "working_hour", "2026-03-09 07:30:20"),
            ]
        )

    def test_a_term_that_fills_an_interval_ends_with_it(self):
        self.check(
            [
                ("2026-03-06 16:00", 1, "working_hour", "2026-03-06 17:00"),
                ("2026-03-06 10:30", 1, "working_hour", "2026-03-06 11:30"),
                ("2026-03-06 07:30", 4, "working_hour", "2026-03-06 11:30"),
                ("2026-03-06 17:00", 1, "working_hour", "2026-03-09 08:30"),
                ("2026-03-06 16:00:01", 1, "working_hour", "2026-03-09 07:30:01"),
            ]
        )

    def test_the_day_of_the_start_does_not_count(self):
        self.check(
            [
                ("2026-03-02 00:00", 1, "working_day", "2026-03-03 17:00"),
                ("2026-03-02 23:59:59", 1, "working_day", "2026-03-03 17:00"),
                ("2026-03-06 18:00", 1, "working_day", "2026-03-09 17:00"),
                ("2026-03-07 00:00", 1, "working_day", "2026-03-09 17:00"),
                ("2026-03-06 10:00", 5, "working_day", "2026-03-13 17:00"),
            ]
        )

    def test_tet_2026(self):
        self.check(
            [
                ("2026-02-13 16:30", 1, "working_hour", "2026-02-23 08:00"),
                ("2026-02-13 16:30", 1, "working_day", "2026-02-23 17:00"),
                ("2026-02-17 00:05", 1, "working_hour", "2026-02-23 08:30"),
                ("2026-02-17 00:05", 30, "minute", "2026-02-17 00:35"),
                ("2026-02-17 00:05", 1, "working_day", "2026-02-23 17:00"),
                ("2026-02-12 09:00", 6, "working_day", "2026-02-27 17:00"),
            ]
        )

    def test_make_up_saturdays(self):
        self.check(
            [
                # 2 January is off, and Saturday the 10th works instead.
                ("2025-12-31 16:30", 1, "working_hour", "2026-01-05 08:00"),
                ("2026-01-09 16:30", 1, "working_hour", "2026-01-10 08:00"),
                ("2026-01-09 10:00", 1, "working_day", "2026-01-10 17:00"),
                ("2026-01-10 16:30", 1, "working_hour", "2026-01-12 08:00"),
                ("2026-01-05 10:00", 6, "working_day", "2026-01-12 17:00"),
                ("2026-08-21 16:30", 1, "working_hour", "2026-08-22 08:00"),
                ("2026-08-22 12:00", 1, "working_hour", "2026-08-22 14:00"),
            ]
        )

    def test_other_holidays_of_2026(self):
        self.check(
            [
                ("2026-04-24 16:30", 1, "working_hour", "2026-04-28 08:00"),
                ("2026-04-29 16:30", 1, "working_hour", "2026-05-04 08:00"),
                ("2026-04-24 10:00", 3, "working_day", "2026-05-04 17:00"),
                ("2026-08-28 16:30", 1, "working_hour", "2026-09-03 08:00"),
                ("2026-08-28 10:00", 1, "working_day", "2026-09-03 17:00"),
            ]
        )

    def test_half_a_day_off_is_a_working_day_that_closes_early(self):
        afternoon = (at("2026-03-09 11:00"), at("2026-03-09 19:00"))
        calendar = WorkingTime.from_pattern(
            OFFICE, VN, date(2026, 3, 1), date(2026, 3, 31), [afternoon]
        )
        self.check(
            [
                ("2026-03-06 10:00", 1, "working_day", "2026-03-09 11:00"),
                ("2026-03-09 10:30", 1, "working_hour", "2026-03-10 08:00"),
            ],
            calendar,
        )

    def test_zero_is_the_start_itself(self):
        for unit in wt.UNITS:
            for start in ("2026-02-17 03:00", "2026-03-06 17:00", "1990-01-01 00:00"):
                with self.subTest(unit=unit, start=start):
                    start = at(start)
                    self.assertEqual(office_2026().deadline(start, 0, unit), start)

    def test_round_the_clock(self):
        calendar = WorkingTime.from_pattern(
            ROUND_THE_CLOCK, VN, date(2026, 3, 1), date(2026, 3, 31)
        )
        self.check(
            [
                ("2026-03-06 23:30", 1, "working_hour", "2026-03-07 00:30"),
                ("2026-03-06 23:30", 2, "working_day", "2026-03-08 24:00"),
                ("2026-03-06 00:00", 24, "working_hour", "2026-03-06 24:00"),
            ],
            calendar,
        )

    def test_berlin_changes_its_clocks(self):
        # Forward on 2026-03-29 (02:00 to 03:00), back on 2026-10-25 (03:00 to 02:00).
        calendar = WorkingTime.from_pattern(
            ROUND_THE_CLOCK, BERLIN, date(2026, 3, 1), date(2026, 11, 30)
        )
        self.check(
            [
                ("2026-03-28 12:00", 24, "hour", "2026-03-29 13:00"),
                ("2026-03-28 12:00", 24, "working_hour", "2026-03-29 13:00"),
                ("2026-03-28 12:00", 1, "day", "2026-03-29 24:00"),  # a Sunday of work
                ("2026-03-28 12:00", 1, "working_day", "2026-03-29 24:00"),
                ("2026-10-24 12:00", 24, "hour", "2026-10-25 11:00"),
                ("2026-10-24 12:00", 24, "working_hour", "2026-10-25 11:00"),
                ("2026-10-24 12:00", 1, "working_day", "2026-10-25 24:00"),
            ],
            calendar,
            BERLIN,
        )
        day = timedelta(hours=23)
        start, end = local_days("2026-03-29", tz=BERLIN)
        self.assertEqual(calendar.worked(start, end), day)
        start, end = local_days("2026-10-25", tz=BERLIN)
        self.assertEqual(calendar.worked(start, end), timedelta(hours=25))

    def test_parts_of_a_second(self):
        start = at("2026-03-06 16:30").replace(microsecond=250_000)
        for unit in ("minute", "hour", "working_hour"):
            end = office_2026().deadline(start, 1, unit)
            self.assertEqual(end.microsecond, 250_000)
        third = office_2026().deadline(at("2026-03-06 09:00"), 1 / 3, "working_hour")
        self.assertEqual(third, at("2026-03-06 09:20"))
        uneven = office_2026().deadline(at("2026-03-06 09:00"), 0.0003, "hour")
        self.assertEqual(uneven, at("2026-03-06 09:00:01"))

    def test_aware_moments_are_converted(self):
        start = datetime(2026, 3, 6, 16, 30, tzinfo=ZoneInfo(VN))
        deadline = office_2026().deadline(start, 1, "working_hour")
        self.assertEqual(deadline, at("2026-03-09 08:00"))
        self.assertIsNone(deadline.tzinfo)

    def test_a_batch_keeps_its_order(self):
        jobs = [
            (at("2026-03-06 16:30"), 1, "working_hour"),
            (at("2026-03-02 10:00"), 6, "working_day"),
            (at("2026-03-07 23:50"), 30, "minute"),
        ]
        expected = [office_2026().deadline(*job) for job in jobs]
        self.assertEqual(office_2026().deadlines(iter(jobs)), expected)


class TestRefusals(unittest.TestCase):
    def test_limits_that_mean_nothing(self):
        start = at("2026-03-06 16:30")
        rows = [
            (1, "week", "unit"),
            (1, None, "unit"),
            (None, "hour", "number"),
            ("1", "hour", "number"),
            (True, "hour", "number"),
            (float("nan"), "hour", "number"),
            (float("inf"), "working_hour", "number"),
            (-1, "minute", "negative"),
            (-0.001, "working_hour", "negative"),
            (-1, "working_day", "negative"),
            (0.5, "day", "fraction"),
            (1.5, "working_day", "fraction"),
            (6_000_000, "minute", "absurd"),
            (100_000, "hour", "absurd"),
            (30_000, "working_hour", "absurd"),
            (4_000, "day", "absurd"),
            (3_000, "working_day", "absurd"),
        ]
        for value, unit, reason in rows:
            with self.subTest(value=value, unit=unit):
                with self.assertRaises(wt.InvalidLimit) as caught:
                    office_2026().deadline(start, value, unit)
                self.assertEqual(caught.exception.reason, reason)
                self.assertEqual(caught.exception.code, "invalid_limit")
                self.assertIsInstance(caught.exception, ValueError)

    def test_the_longest_limits_are_accepted(self):
        for unit, value in wt.MAX_VALUE.items():
            wt.check_limit(value, unit)
            with self.assertRaises(wt.InvalidLimit):
                wt.check_limit(value + 1, unit)

    def test_the_end_of_time(self):
        for unit in ("minute", "hour", "day"):
            with self.subTest(unit=unit), self.assertRaises(wt.InvalidLimit):
                office_2026().deadline(datetime(9999, 12, 30), 3000, unit)

    def test_outside_the_span_known(self):
        calendar = office_2026()
        questions = [
            lambda: calendar.deadline(at("2025-11-30 12:00"), 1, "working_hour"),
            lambda: calendar.deadline(at("2025-11-30 12:00"), 1, "working_day"),
            lambda: calendar.deadline(at("2027-01-29 16:00"), 1.01, "working_hour"),
            lambda: calendar.deadline(at("2027-01-29 16:00"), 1, "working_day"),
            lambda: calendar.deadline(at("2027-02-28 16:00"), 1, "working_hour"),
            lambda: calendar.worked(at("2025-11-30 12:00"), at("2026-01-01 12:00")),
            lambda: calendar.worked(at("2027-01-01 12:00"), at("2027-02-01 12:00")),
            lambda: calendar.working_days(
                at("2027-01-01 12:00"), at("2027-02-01 12:00")
            ),
            lambda: calendar.day_close(date(2025, 11, 30)),
            lambda: calendar.day_close(date(2027, 2, 1)),
        ]
        for number, question in enumerate(questions):
            with self.subTest(number), self.assertRaises(wt.SpanTooShort) as caught:
                question()
            self.assertEqual(caught.exception.first_date, date(2025, 12, 1))
            self.assertEqual(caught.exception.last_date, date(2027, 1, 31))
        last = calendar.deadline(at("2027-01-29 16:00"), 1, "working_hour")
        self.assertEqual(last, at("2027-01-29 17:00"))

    def test_elapsed_units_need_no_intervals(self):
        calendar = WorkingTime((), VN)
        start = at("2026-03-06 16:30")
        self.assertEqual(calendar.deadline(start, 2, "hour"), start + 2 * HOUR)
        self.assertEqual(calendar.deadline(start, 2, "day"), at("2026-03-08 24:00"))
        for unit in wt.WORKING_UNITS:
            with self.subTest(unit=unit), self.assertRaises(wt.NoWorkingTime):
                calendar.deadline(start, 1, unit)

    def test_a_year_without_work_is_no_calendar(self):
        def calendar(last_date):
            return WorkingTime.from_pattern([], VN, date(2026, 1, 1), last_date)

        start = at("2026-01-01 12:00")
        with self.assertRaises(wt.SpanTooShort):
            calendar(date(2026, 6, 30)).deadline(start, 1, "working_day")
        with self.assertRaises(wt.NoWorkingTime):
            calendar(date(2027, 1, 2)).deadline(start, 1, "working_day")
        with self.assertRaises(wt.NoWorkingTime):
            calendar(date(2027, 1, 2)).deadline(start, 1, "working_hour")

    def test_calendars_that_mean_nothing(self):
        first, last = date(2026, 3, 1), date(2026, 3, 7)
        rows = [
            (7, 8, 12, None),
            (-1, 8, 12, None),
            (0, 12, 8, None),
            (0, -1, 8, None),
            (0, 8, 24.5, None),
            (0, float("nan"), 8, None),
            (0, "8", 12, None),
            ("x", 8, 12, None),
            (0, 8, 12, 2),
            (0, 8, 12),
        ]
        for row in rows:
            with self.subTest(row), self.assertRaises(wt.InvalidCalendar):
                wt.weekly_intervals([row], VN, first, last)
        for like in (7, -1, "friday", None, [(12, 8)], [8]):
            with self.subTest(like), self.assertRaises(wt.InvalidCalendar):
                wt.weekly_intervals(
                    OFFICE, VN, first, last, makeup_days=[(first, like)]
                )
        for name in ("Asia/Nowhere", "", "../../etc/passwd", None, 7):
            with self.subTest(name), self.assertRaises(wt.InvalidCalendar):
                WorkingTime((), name)


class TestWeeklyIntervals(unittest.TestCase):
    def build(self, pattern, first, last, tz=VN, **kwargs):
        return wt.weekly_intervals(
            pattern, tz, date.fromisoformat(first), date.fromisoformat(last), **kwargs
        )

    def test_an_office_week(self):
        intervals = self.build(OFFICE, "2026-03-06", "2026-03-09")
        self.assertEqual(
            intervals,
            [
                (at("2026-03-06 07:30"), at("2026-03-06 11:30")),
                (at("2026-03-06 13:00"), at("2026-03-06 17:00")),
                (at("2026-03-09 07:30"), at("2026-03-09 11:30")),
                (at("2026-03-09 13:00"), at("2026-03-09 17:00")),
            ],
        )

    def test_nothing_to_build(self):
        self.assertEqual(self.build([], "2026-03-06", "2026-03-09"), [])
        self.assertEqual(self.build(OFFICE, "2026-03-09", "2026-03-06"), [])

    def test_rows_that_overlap_or_touch_are_one(self):
        rows = [(0, 9, 12, None), (0, 8, 10, None), (0, 12, 14, None), (0, 9, 9, None)]
        self.assertEqual(
            self.build(rows, "2026-03-02", "2026-03-02"),
            [(at("2026-03-02 08:00"), at("2026-03-02 14:00"))],
        )

    def test_a_long_row_is_not_cut_by_a_short_one(self):
        rows = [(0, 8, 17, None), (0, 9, 10, None)]
        self.assertEqual(
            self.build(rows, "2026-03-02", "2026-03-02"),
            [(at("2026-03-02 08:00"), at("2026-03-02 17:00"))],
        )

    def test_hours_are_whole_minutes(self):
        # 7:20 as Odoo keeps it, exactly and to two digits.
        for hour in (7 + 20 / 60, 7.33, 7.3333):
            intervals = self.build([(0, hour, 24.0, None)], "2026-03-02", "2026-03-02")
            self.assertEqual(
                intervals, [(at("2026-03-02 07:20"), at("2026-03-02 24:00"))]
            )

    def test_two_weekly_calendars_count_weeks_as_odoo_does(self):
        # resource.calendar.attendance.get_week_type: (ordinal - 1) // 7 % 2
        rows = [("0", 8, 12, "0"), ("0", 13, 17, "1"), ("1", 9, 10, False)]
        days = {
            (wt.to_utc(start) + 7 * HOUR).date(): (start + 7 * HOUR).hour
            for start, _end in self.build(rows, "2026-03-01", "2026-03-31")
        }
        for day, hour in days.items():
            if day.weekday() == 0:
                week = int((day.toordinal() - 1) // 7 % 2)
                self.assertEqual(hour, 13 if week else 8)
            else:
                self.assertEqual((day.weekday(), hour), (1, 9))
        self.assertEqual(len(days), 10)

    def test_closures_overlap_and_cover_parts_of_days(self):
        closures = [
            (at("2026-03-02 09:00"), at("2026-03-02 10:00")),
            (at("2026-03-02 09:30"), at("2026-03-02 13:30")),
            (at("2026-03-02 16:00"), at("2026-03-03 08:00")),
            (at("2026-03-03 11:30"), at("2026-03-03 13:00")),
            (at("2026-03-03 15:00"), at("2026-03-03 14:00")),
            (at("2026-03-03 14:00"), at("2026-03-03 14:00")),
            (
                at("2026-03-03 14:30").replace(tzinfo=timezone.utc),
                at("2026-03-03 14:40").replace(tzinfo=timezone.utc),
            ),
        ]
        intervals = self.build(OFFICE, "2026-03-02", "2026-03-03", closures=closures)
        self.assertEqual(
            intervals,
            [
                (at("2026-03-02 07:30"), at("2026-03-02 09:00")),
                (at("2026-03-02 13:30"), at("2026-03-02 16:00")),
                (at("2026-03-03 08:00"), at("2026-03-03 11:30")),
                (at("2026-03-03 13:00"), at("2026-03-03 14:30")),
                (at("2026-03-03 14:40"), at("2026-03-03 17:00")),
            ],
        )

    def test_days_off_that_odoo_ends_a_second_early(self):
        for seconds in (1, 0.000001):
            start, end = local_days("2026-03-03")
            off = (start, end - timedelta(seconds=seconds))
            calendar = WorkingTime.from_pattern(
                ROUND_THE_CLOCK, VN, date(2026, 3, 2), date(2026, 3, 5), [off]
            )
            self.assertIsNone(calendar.day_close(date(2026, 3, 3)))
            self.assertEqual(calendar.worked(start, end), timedelta())

    def test_a_make_up_day_wins_over_a_closure_and_over_its_own_rows(self):
        saturday = "2026-03-07"
        rows = [*OFFICE, (5, 6.0, 7.0, None), (4, 18.0, 19.0, None)]
        friday = [("07:30", "11:30"), ("13:00", "17:00"), ("18:00", "19:00")]
        for like, expected in (
            (4, friday),
            (date(2026, 3, 13), friday),
            ([(8.0, 10.0), (9.0, 24.0)], [("08:00", "24:00")]),
            (6, []),
            ([], []),
        ):
            with self.subTest(like=like):
                intervals = self.build(
                    rows,
                    saturday,
                    saturday,
                    closures=[local_days("2026-03-06", "2026-03-08")],
                    makeup_days=[(date(2026, 3, 7), like)],
                )
                expected = [
                    (at(f"{saturday} {start}"), at(f"{saturday} {end}"))
                    for start, end in expected
                ]
                self.assertEqual(intervals, expected)

    def test_a_make_up_day_takes_over_the_week_of_the_date_it_replaces(self):
        odd = date(2026, 3, 2)
        even = date(2026, 3, 9)
        rows = [(0, 8, 9, wt._week_type(odd)), (0, 14, 15, wt._week_type(even))]
        for like, hours in ((odd, "08:00"), (even, "14:00"), (0, "08:00")):
            intervals = self.build(
                rows, "2026-03-07", "2026-03-07", makeup_days=[(date(2026, 3, 7), like)]
            )
            self.assertEqual(intervals[0][0], at(f"2026-03-07 {hours}"))

    def test_hours_that_the_clock_skips(self):
        # Berlin, 2026-03-29: 02:00 is followed by 03:00, at 01:00 UTC.
        change = datetime(2026, 3, 29, 1)
        cases = {
            (2.0, 3.0): [],
            (2.25, 2.75): [],
            (2.5, 4.0): [(change, change + HOUR)],
            (2.8, 4.0): [(change, change + HOUR)],
            (1.0, 2.5): [(change - HOUR, change)],
            (1.0, 4.0): [(change - HOUR, change + HOUR)],
        }
        for hours, expected in cases.items():
            with self.subTest(hours):
                intervals = self.build(
                    [(6, *hours, None)], "2026-03-29", "2026-03-29", BERLIN
                )
                self.assertEqual(intervals, expected)

    def test_hours_that_the_clock_repeats(self):
        # Berlin, 2026-10-25: 02:00 to 03:00 occurs twice, from 00:00 and 01:00 UTC.
        first = datetime(2026, 10, 25, 0)
        cases = {
            (1.0, 2.0): (first - HOUR, first),
            (2.0, 2.5): (first, first + HOUR / 2),
            (2.5, 3.0): (first + HOUR / 2, first + 2 * HOUR),
            (3.0, 4.0): (first + 2 * HOUR, first + 3 * HOUR),
        }
        for hours, expected in cases.items():
            with self.subTest(hours):
                intervals = self.build(
                    [(6, *hours, None)], "2026-10-25", "2026-10-25", BERLIN
                )
                self.assertEqual(intervals, [expected])

    def test_midnights_that_the_clock_skips_or_crosses(self):
        # Havana skips 00:00–01:00; Samoa skipped a whole day; St John's fell back from
        # 00:01 to 23:01 of the day before.
        for tz, month in (
            ("America/Havana", 3),
            ("Pacific/Apia", 12),
            ("America/St_Johns", 10),
        ):
            first, last = date(2011, month, 1), date(2011, month, 31)
            calendar = WorkingTime.from_pattern(ROUND_THE_CLOCK, tz, first, last)
            start, end = calendar.end_of_day(first), calendar.end_of_day(last)
            with self.subTest(tz):
                self.assertEqual(calendar.worked(start, end), end - start)
        self.assertEqual(
            wt.end_of_day(date(2026, 3, 7), "America/Havana"), datetime(2026, 3, 8, 5)
        )


class TestQuestions(unittest.TestCase):
    def test_worked(self):
        rows = [
            ("2026-03-06 10:00", "2026-03-06 10:00", 0),
            ("2026-03-06 10:00", "2026-03-06 12:00", 90),
            ("2026-03-06 12:00", "2026-03-06 12:30", 0),
            ("2026-03-06 16:00", "2026-03-09 08:00", 90),
            ("2026-03-07 16:00", "2026-03-08 08:00", 0),
            ("2026-02-13 17:00", "2026-02-23 07:30", 0),
            ("2026-03-02 00:00", "2026-03-08 24:00", 40 * 60),
        ]
        for start, end, minutes in rows:
            with self.subTest(start=start, end=end):
                worked = office_2026().worked(at(start), at(end))
                self.assertEqual(worked, minutes * MINUTE)
                back = office_2026().worked(at(end), at(start))
                self.assertEqual(back, -minutes * MINUTE)

    def test_remaining(self):
        now, deadline = at("2026-03-06 16:30"), at("2026-03-09 08:00")
        calendar = office_2026()
        self.assertEqual(calendar.remaining(now, deadline, "working_hour"), HOUR)
        self.assertEqual(calendar.remaining(now, deadline, "working_day"), HOUR)
        self.assertEqual(calendar.remaining(now, deadline, "hour"), deadline - now)
        self.assertEqual(calendar.remaining(deadline, now, "working_hour"), -HOUR)

    def test_days(self):
        calendar = office_2026()
        self.assertEqual(calendar.day_close(date(2026, 3, 6)), at("2026-03-06 17:00"))
        self.assertIsNone(calendar.day_close(date(2026, 3, 7)))
        self.assertIsNone(calendar.day_close(date(2026, 2, 17)))
        self.assertEqual(calendar.day_close(date(2026, 1, 10)), at("2026-01-10 17:00"))
        self.assertEqual(calendar.end_of_day(date(2026, 3, 6)), at("2026-03-06 24:00"))
        self.assertEqual(
            wt.local_date(datetime(2026, 3, 6, 17, 0), VN), date(2026, 3, 7)
        )
        self.assertEqual(
            wt.local_date(datetime(2026, 3, 6, 16, 59, 59), VN), date(2026, 3, 6)
        )

    def test_working_days(self):
        rows = [
            ("2026-03-06 07:30", "2026-03-06 17:00", 0),
            ("2026-03-06 23:00", "2026-03-09 00:00", 1),
            ("2026-02-13 10:00", "2026-02-22 23:00", 0),
            ("2026-02-13 10:00", "2026-02-24 10:00", 2),
            ("2026-03-10 10:00", "2026-03-06 10:00", -2),
        ]
        for start, end, days in rows:
            with self.subTest(start=start, end=end):
                self.assertEqual(office_2026().working_days(at(start), at(end)), days)

    def test_warnings_come_at_a_share_of_the_term(self):
        rows = [
            ("2026-03-06 16:30", 1, "working_hour", 0.5, "2026-03-06 17:00"),
            ("2026-03-06 16:30", 1, "working_hour", 0.8, "2026-03-09 07:48"),
            ("2026-03-02 07:30", 4, "working_day", 0.5, "2026-03-04 11:30"),
            ("2026-03-06 16:30", 2, "hour", 0.5, "2026-03-06 17:30"),
            ("2026-03-06 16:30", 0, "minute", 0.8, "2026-03-06 16:30"),
            ("2026-03-06 16:30", 1, "working_hour", 1.0, "2026-03-09 08:00"),
        ]
        calendar = office_2026()
        for start, value, unit, share, expected in rows:
            with self.subTest(start=start, unit=unit, share=share):
                start = at(start)
                deadline = calendar.deadline(start, value, unit)
                warning = calendar.moment_at(start, deadline, unit, share)
                self.assertEqual(warning, at(expected))
        # Shortened to before the start: warn at once.
        start = at("2026-03-06 16:30")
        self.assertEqual(calendar.moment_at(start, start - DAY, "hour", 0.5), start)

    def test_intervals_in_any_order_cut_to_the_span(self):
        calendar = WorkingTime(
            [
                (at("2026-03-05 13:00"), at("2026-03-05 17:00")),
                (at("2026-03-05 08:00"), at("2026-03-05 14:00")),
                (at("2026-03-02 22:00"), at("2026-03-04 02:00")),
                (at("2026-03-05 23:00"), at("2026-03-06 05:00")),
            ],
            ZoneInfo(VN),
            date(2026, 3, 3),
            date(2026, 3, 5),
        )
        total = calendar.worked(at("2026-03-03 00:00"), at("2026-03-05 24:00"))
        self.assertEqual(total, timedelta(hours=24 + 2 + 9 + 1))
        self.assertEqual(calendar.day_close(date(2026, 3, 4)), at("2026-03-04 02:00"))
        self.assertEqual(calendar.day_close(date(2026, 3, 5)), at("2026-03-05 24:00"))
        with self.assertRaises(wt.SpanTooShort):
            calendar.add_working(at("2026-03-05 23:30"), HOUR)

    def test_the_span_is_that_of_the_intervals_unless_said(self):
        calendar = WorkingTime(
            [
                (at("2026-03-03 08:00"), at("2026-03-03 12:00")),
                (at("2026-03-05 20:00"), at("2026-03-05 24:00")),
            ],
            VN,
        )
        self.assertEqual(calendar.first_date, date(2026, 3, 3))
        self.assertEqual(calendar.last_date, date(2026, 3, 5))

    def test_days_that_odoo_ends_a_microsecond_early(self):
        early = at("2026-03-05 24:00") - timedelta(microseconds=1)
        calendar = WorkingTime([(at("2026-03-05 20:00"), early)], VN)
        deadline = calendar.deadline(at("2026-03-05 21:00"), 3, "working_hour")
        self.assertEqual(deadline, at("2026-03-05 24:00"))

    def test_pytz_zones_are_understood(self):
        class Pytz:
            zone = VN

        self.assertEqual(WorkingTime((), Pytz()).tz, ZoneInfo(VN))


class TestCompute(unittest.TestCase):
    def loader(self, pattern=OFFICE):
        self.loaded = []

        def load(first, last):
            self.loaded.append((first, last))
            return WorkingTime.from_pattern(pattern, VN, first, last, CLOSURES_2026)

        return load

    def test_elapsed_limits_load_nothing(self):
        jobs = [
            (at("2026-03-07 23:50"), 30, "minute"),
            (at("2026-03-07 23:50"), 0, "working_hour"),
            (at("2026-03-07 23:50"), 0, "day"),
        ]
        expected = [at("2026-03-08 00:20"), *[at("2026-03-07 23:50")] * 2]
        self.assertEqual(wt.compute(self.loader(), jobs, VN), expected)
        self.assertEqual(self.loaded, [])
        self.assertEqual(wt.compute(self.loader(), [], VN), [])

    def test_a_batch_loads_once(self):
        jobs = [
            (at("2026-02-13 16:30") + number * HOUR, 1 + number % 9, unit)
            for number in reversed(range(50))
            for unit in wt.UNITS
        ]
        got = wt.compute(self.loader(), jobs, VN)
        self.assertEqual(got, office_2026().deadlines(jobs))
        self.assertEqual(len(self.loaded), 1)
        self.assertEqual(self.loaded[0][0], date(2026, 2, 13))

    def test_it_loads_more_when_the_guess_was_short(self):
        monthly = [(0, 8, 8.5, 0)]
        jobs = [(at("2026-03-07 23:50"), 40, "working_day")]
        load = self.loader(monthly)
        (deadline,) = wt.compute(load, jobs, VN)
        self.assertGreater(len(self.loaded), 1)
        calendar = load(date(2026, 3, 1), date(2029, 3, 1))
        self.assertEqual(deadline, calendar.deadline(*jobs[0]))

    def test_a_calendar_without_work_ends_in_an_error(self):
        jobs = [(at("2026-03-07 23:50"), 1, "working_hour")]
        with self.assertRaises(wt.NoWorkingTime):
            wt.compute(self.loader([]), jobs, VN)
        with self.assertRaises(wt.NoWorkingTime):
            wt.compute(lambda *_span: WorkingTime((), VN), jobs, VN)
        jobs = [(at("2026-03-07 23:50"), 20_000, "working_hour")]
        with self.assertRaises(wt.NoWorkingTime):
            wt.compute(self.loader([(0, 8, 8.5, 0)]), jobs, VN)

    def test_the_guess(self):
        self.assertEqual(wt.span_for([(30, "minute"), (48, "hour")]), 0)
        self.assertGreater(wt.span_for([(30, "minute"), (2, "day")]), 20)
        self.assertEqual(wt.span_for([]), 0)
        self.assertGreater(wt.span_for([(1, "working_hour")]), 14)
        self.assertGreater(wt.span_for([(1, "hour"), (100, "working_day")]), 140)
        with self.assertRaises(wt.InvalidLimit):
            wt.span_for([(-1, "hour")])


class TestHold(unittest.TestCase):
    def test_the_time_of_a_hold_is_given_back(self):
        # deadline | hold from | hold to | unit | new deadline; all in 2026
        table = """
            03-06 10:00 | 03-05 09:00 | 03-05 11:00 | hour         | 03-06 12:00
            03-06 10:00 | 03-05 09:00 | 03-07 09:00 | minute       | 03-08 10:00

            # 11:30 less 09:00, and 14:00 less 13:00: three hours and a half
            03-06 10:00 | 03-05 09:00 | 03-05 14:00 | working_hour | 03-06 15:00
            # over a weekend nothing but Friday afternoon is lost
            03-06 17:00 | 03-06 16:00 | 03-09 07:30 | working_hour | 03-09 08:30
            03-06 17:00 | 03-07 10:00 | 03-08 10:00 | working_hour | 03-06 17:00
            # late by one hour before the hold, late by one hour after it
            03-06 10:00 | 03-06 11:00 | 03-09 11:00 | working_hour | 03-09 10:00
            # asked and answered in the same second
            03-06 10:00 | 03-06 09:00 | 03-06 09:00 | working_hour | 03-06 10:00

            # whole working days; the day on which the hold began does not count
            03-10 17:00 | 03-04 08:00 | 03-04 16:00 | working_day  | 03-10 17:00
            03-10 17:00 | 03-04 16:00 | 03-05 08:00 | working_day  | 03-11 17:00
            03-10 17:00 | 03-06 16:00 | 03-09 08:00 | working_day  | 03-11 17:00
            02-12 17:00 | 02-11 16:00 | 02-20 08:00 | working_day  | 02-23 17:00
            03-04 17:00 | 03-05 08:00 | 03-06 08:00 | working_day  | 03-05 17:00

            03-04 24:00 | 03-03 08:00 | 03-03 20:00 | day          | 03-04 24:00
            03-04 24:00 | 03-03 08:00 | 03-05 20:00 | day          | 03-06 24:00
        """
        for line in filter(None, map(str.strip, table.splitlines())):
            if line.startswith("#"):
                continue
            deadline, start, end, unit, expected = map(str.strip, line.split("|"))
            deadline, start, end, expected = (
                at(f"2026-{moment}") for moment in (deadline, start, end, expected)
            )
            with self.subTest(line):
                got = office_2026().shift(deadline, start, end, unit)
                self.assertEqual(got, expected)

    def test_a_day_that_closes_at_midnight_stays_that_day(self):
        calendar = WorkingTime.from_pattern(
            ROUND_THE_CLOCK, VN, date(2026, 3, 1), date(2026, 3, 31)
        )
        hold = at("2026-03-03 08:00"), at("2026-03-05 20:00")
        got = calendar.shift(at("2026-03-06 24:00"), *hold, "working_day")
        self.assertEqual(got, at("2026-03-08 24:00"))

    def test_refused(self):
        deadline, start = at("2026-03-06 10:00"), at("2026-03-05 10:00")
        with self.assertRaises(wt.InvalidHold) as caught:
            office_2026().shift(deadline, start, start - MINUTE, "hour")
        self.assertEqual(caught.exception.code, "invalid_hold")
        with self.assertRaises(wt.InvalidLimit):
            office_2026().shift(deadline, start, start + MINUTE, "week")


# --- against a walk, step by step ----------------------------------------------------


class Walk:
    """The slow and obvious reference: one step at a time, one look at the clock each.

    Steps are minutes, or quarters of an hour where all hours are such.
    """

    def __init__(self, pattern, tz, first, last, closures=(), makeup=(), step=MINUTE):
        self.tz = ZoneInfo(tz)
        self.step = step
        self.open = {}
        makeup = dict(makeup)
        self.start = wt.to_utc(datetime.combine(first, datetime.min.time(), self.tz))
        self.end = wt.to_utc(datetime.combine(last + DAY, datetime.min.time(), self.tz))
        moment = self.start
        while moment < self.end:
            wall = self.wall(moment)
            day = wall.date()
            hour = wall.hour + wall.minute / 60
            closed = any(start <= moment < end for start, end in closures)
            if day in makeup:
                closed, day = False, makeup[day]
            week = (day.toordinal() - 1) // 7 % 2
            self.open[moment] = not closed and any(
                weekday == day.weekday() and week_type in (None, week)
                for weekday, hour_from, hour_to, week_type in pattern
                if hour_from <= hour < hour_to
            )
            moment += step

    def wall(self, moment):
        return moment.replace(tzinfo=timezone.utc).astimezone(self.tz)

    def date(self, moment):
        return self.wall(moment).date()

    def worked(self, start, end):
        count = 0
        while start < end:
            count += self.open[start]
            start += self.step
        return count * self.step

    def add(self, moment, amount, rest=None):
        """Use up an amount of working time; none is used up between ``rest``."""
        while amount:
            resting = rest and rest[0] <= moment < rest[1]
            if self.open[moment] and not resting:
                amount -= self.step
            moment += self.step
        return moment

    def working_day(self, moment, count):
        seen = self.date(moment)
        while count:
            if self.open[moment] and self.date(moment) != seen:
                seen = self.date(moment)
                count -= 1
            moment += self.step
        close = moment
        while self.date(moment) == seen:
            moment_open = self.open[moment]
            moment += self.step
            close = moment if moment_open else close
        return close

    def day(self, moment, count):
        """End of the count-th day after, or of the first worked day from it on."""
        last = self.date(moment) + count * DAY
        while self.date(moment) < last:
            moment += self.step
        while not self.open[moment]:
            moment += self.step
        last = self.date(moment)
        while self.date(moment) == last:
            moment += self.step
        return moment

    def deadline(self, start, value, unit):
        if not value:
            return start
        if unit == "working_day":
            return self.working_day(start, value)
        if unit == "day":
            return self.day(start, value)
        if unit == "working_hour":
            return self.add(start, value * HOUR)
        return start + value * (HOUR if unit == "hour" else MINUTE)


NIGHT_SHIFTS = [
    (weekday, *hours, None)
    for weekday in (1, 2, 4, 5, 6)
    for hours in ((0.0, 5.0), (9.25, 12.0), (22.0, 24.0))
]
# name: pattern, tz, first, last, closures, make-up days
CALENDARS = {
    "tet": (
        OFFICE,
        VN,
        date(2026, 2, 2),
        date(2026, 3, 22),
        [
            *CLOSURES_2026,
            (at("2026-02-06 10:17"), at("2026-02-06 15:01")),
            (at("2026-02-06 14:17"), at("2026-02-06 15:31")),
        ],
        [(date(2026, 2, 28), date(2026, 2, 16))],
    ),
    "spring": (NIGHT_SHIFTS, BERLIN, date(2026, 3, 16), date(2026, 5, 3), [], []),
    "autumn": (NIGHT_SHIFTS, BERLIN, date(2026, 10, 12), date(2026, 11, 29), [], []),
}


@lru_cache
def pair(name):
    """Return the calendar and its walk."""
    pattern, tz, first, last, closures, makeup = CALENDARS[name]
    calendar = WorkingTime.from_pattern(pattern, tz, first, last, closures, makeup)
    return calendar, Walk(*CALENDARS[name])


def start_in(walk, minutes):
    return walk.start + minutes * MINUTE


names = st.sampled_from(sorted(CALENDARS))
# Starts lie in the first 20 days, so that what follows fits into the span.
minutes = st.integers(0, 20 * 24 * 60)
terms = st.one_of(
    st.tuples(st.integers(0, 3000), st.just("minute")),
    st.tuples(st.integers(0, 100), st.just("hour")),
    st.tuples(st.integers(0, 240).map(lambda n: n / 12), st.just("working_hour")),
    st.tuples(st.integers(0, 9), st.just("day")),
    st.tuples(st.integers(0, 6), st.just("working_day")),
)


class TestAgainstTheWalk(unittest.TestCase):
    @properties
    @given(names, minutes, terms)
    def test_deadline(self, name, offset, term):
        calendar, walk = pair(name)
        start = start_in(walk, offset)
        expected = walk.deadline(start, *term)
        self.assertEqual(calendar.deadline(start, *term), expected)

    @properties
    @given(names, minutes, minutes)
    def test_worked(self, name, first, second):
        calendar, walk = pair(name)
        start, end = sorted((start_in(walk, first), start_in(walk, second)))
        self.assertEqual(calendar.worked(start, end), walk.worked(start, end))

    @properties
    @given(names, minutes, minutes, terms)
    def test_monotonic_in_the_start(self, name, first, second, term):
        calendar, walk = pair(name)
        early, late = sorted((start_in(walk, first), start_in(walk, second)))
        self.assertLessEqual(
            calendar.deadline(early, *term), calendar.deadline(late, *term)
        )

    @properties
    @given(names, minutes, terms, terms)
    def test_monotonic_in_the_value(self, name, offset, term, other):
        calendar, walk = pair(name)
        start, unit = start_in(walk, offset), term[1]
        less, more = sorted((int(term[0]), int(other[0]) % 7))
        deadlines = [calendar.deadline(start, n, unit) for n in (0, less, more)]
        self.assertEqual(deadlines, sorted(deadlines))

    @properties
    @given(names, minutes, st.integers(0, 300), st.integers(0, 300))
    def test_working_hours_add_up(self, name, offset, first, second):
        calendar, walk = pair(name)
        start = start_in(walk, offset)
        whole = calendar.add_working(start, (first + second) * MINUTE)
        middle = calendar.add_working(start, first * MINUTE)
        if second:
            self.assertEqual(calendar.add_working(middle, second * MINUTE), whole)
        else:
            self.assertEqual(middle, whole)
        self.assertEqual(calendar.worked(start, whole), (first + second) * MINUTE)

    @properties
    @given(names, minutes, st.integers(1, 600))
    def test_a_working_deadline_follows_a_working_minute(self, name, offset, amount):
        calendar, walk = pair(name)
        end = calendar.add_working(start_in(walk, offset), amount * MINUTE)
        self.assertTrue(walk.open[end - MINUTE])
        second = timedelta(seconds=1)
        self.assertEqual(calendar.worked(end - second, end), second)

    @properties
    @given(names, minutes, st.integers(1, 600), st.integers(0, 600), minutes)
    def test_hold_in_working_hours(self, name, offset, amount, before, length):
        calendar, walk = pair(name)
        start = start_in(walk, offset // 2)
        deadline = calendar.add_working(start, amount * MINUTE)
        hold = start + before * MINUTE
        resume = hold + length // 2 * MINUTE
        if hold >= deadline:
            hold = start
        expected = walk.add(start, amount * MINUTE, rest=(hold, resume))
        got = calendar.shift(deadline, hold, resume, "working_hour")
        self.assertEqual(got, expected)

    @properties
    @given(names, minutes, st.integers(1, 6), minutes, minutes)
    def test_hold_in_days(self, name, offset, count, before, length):
        calendar, walk = pair(name)
        start = start_in(walk, offset // 2)
        for unit, used in (
            ("working_day", calendar.working_days),
            ("day", lambda a, b: (walk.date(b) - walk.date(a)).days),
        ):
            deadline = calendar.deadline(start, count, unit)
            hold = start + min(before * MINUTE, (deadline - start) / 2)
            hold = hold.replace(second=0)
            resume = hold + length // 2 * MINUTE
            left = count - used(start, hold)
            # With nothing of the term left the deadline lies on the day of the hold.
            expected = walk.deadline(resume, left, unit) if left > 0 else None
            got = calendar.shift(deadline, hold, resume, unit)
            last = walk.date(deadline - MINUTE)
            put_off = unit == "day" and last != walk.date(start) + count * DAY
            if expected and put_off:
                self.assertGreaterEqual(got, expected)
            elif expected:
                self.assertEqual(got, expected)
            self.assertGreaterEqual(got, deadline)

    @properties
    @given(names, minutes, terms, st.lists(minutes, min_size=3, max_size=3))
    def test_two_holds_in_a_row_are_one(self, name, offset, term, cuts):
        calendar, walk = pair(name)
        start = start_in(walk, offset // 4)
        deadline = calendar.deadline(start, *term)
        a, b, c = sorted(start + cut // 4 * MINUTE for cut in cuts)
        unit = term[1]
        once = calendar.shift(deadline, a, c, unit)
        twice = calendar.shift(calendar.shift(deadline, a, b, unit), b, c, unit)
        if term[0] and unit == "day":
            self.assertGreaterEqual(twice, once)
        elif term[0]:
            self.assertEqual(twice, once)
        self.assertGreaterEqual(once, deadline)


quarters = st.integers(0, 96).map(lambda n: n / 4)
rows = st.tuples(
    st.integers(0, 6), quarters, quarters, st.sampled_from([None, None, 0, 1])
).map(lambda row: (row[0], min(row[1:3]), max(row[1:3]), row[3]))
spans = st.tuples(st.integers(0, 20 * 96), st.integers(0, 3 * 96))
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 22)


class TestAnyCalendar(unittest.TestCase):
    """Patterns, closures and make-up days drawn at random, on a grid of 15 minutes."""

    @settings(properties, max_examples=40)
    @given(
        st.lists(rows, max_size=8),
        st.lists(spans, max_size=4),
        st.dictionaries(st.integers(0, 20), st.integers(0, 20), max_size=2),
        st.integers(0, 10 * 96),
        st.integers(0, 40),
        st.integers(0, 5),
    )
    def test_intervals_and_deadlines(
        self, pattern, closed, makeup, offset, amount, days
    ):
        quarter = timedelta(minutes=15)
        origin = at("2026-03-02 00:00")
        closures = [
            (origin + first * quarter, origin + (first + length) * quarter)
            for first, length in closed
        ]
        exchanged = {FIRST + a * DAY: FIRST + b * DAY for a, b in makeup.items()}
        walk = Walk(pattern, VN, FIRST, LAST, closures, exchanged, quarter)
        intervals = wt.weekly_intervals(
            pattern, VN, FIRST, LAST, closures, exchanged.items()
        )
        for (_start, end), (start, _end) in itertools.pairwise(intervals):
            self.assertLess(end, start)
        self.assertEqual(
            {moment for moment, is_open in walk.open.items() if is_open},
            {
                moment
                for moment in walk.open
                if any(start <= moment < end for start, end in intervals)
            },
        )
        calendar = WorkingTime(intervals, VN, FIRST, LAST)
        start = origin + offset * quarter
        for value, unit in ((amount / 4, "working_hour"), (days, "working_day")):
            try:
                expected = walk.deadline(start, value, unit)
            except KeyError:  # walked out of the span
                with self.assertRaises(wt.SpanTooShort):
                    calendar.deadline(start, value, unit)
            else:
                self.assertEqual(calendar.deadline(start, value, unit), expected)
