"""How a deadline came about: what an account lists is what was counted."""

import unittest
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ...tools import working_time as wt
from ...tools import working_time_account as wta
from ...tools.working_time import WorkingTime
from ..rig.hours import (
    CLOSURES_2026,
    MAKEUP_2026,
    OFFICE,
    ROUND_THE_CLOCK,
    VN,
    at,
    office_2026,
    properties,
)

FIRST, LAST = date(2025, 12, 1), date(2027, 1, 31)
HOLIDAYS = {date(2026, 4, 27): "Giỗ Tổ", date(2026, 8, 22): "Làm bù"}


def names(day):
    return HOLIDAYS.get(day, "")


def told(lines):
    """Lines as a table of worked examples writes them."""
    return [
        (line.kind, f"{line.first:%d/%m}", f"{line.last:%d/%m}", line.amount, line.name)
        for line in lines
    ]


def hours(number):
    return timedelta(hours=number)


class TestAccount(unittest.TestCase):
    def check(self, start, value, unit, expected, calendar=None):
        calendar = calendar or office_2026()
        lines = wta.account(calendar, at(start), value, unit, names)
        self.assertEqual(told(lines), expected)
        self.assertEqual(lines[-1].end, calendar.deadline(at(start), value, unit))

    def test_working_hours(self):
        """Half an hour of Friday, then the weekend, then an hour of Monday."""
        self.check(
            "2026-03-06 16:30",
            1.5,
            "working_hour",
            [
                ("counted", "06/03", "06/03", hours(0.5), ""),
                ("off", "07/03", "08/03", 0, ""),
                ("counted", "09/03", "09/03", hours(1), ""),
            ],
        )

    def test_mornings_and_afternoons_stand_apart(self):
        self.check(
            "2026-03-06 11:00",
            1,
            "working_hour",
            [
                ("counted", "06/03", "06/03", hours(0.5), ""),
                ("counted", "06/03", "06/03", hours(0.5), ""),
            ],
        )

    def test_a_start_after_work_is_no_day_off(self):
        self.check(
            "2026-03-06 18:00",
            1,
            "working_hour",
            [
                ("off", "07/03", "08/03", 0, ""),
                ("counted", "09/03", "09/03", hours(1), ""),
            ],
        )
        self.check(
            "2026-03-07 10:00",
            1,
            "working_hour",
            [
                ("off", "07/03", "08/03", 0, ""),
                ("counted", "09/03", "09/03", hours(1), ""),
            ],
        )

    def test_long_limits_are_told_by_runs_of_days(self):
        self.check(
            "2026-03-02 07:30",
            80,
            "working_hour",
            [
                ("counted", "02/03", "06/03", hours(40), ""),
                ("off", "07/03", "08/03", 0, ""),
                ("counted", "09/03", "13/03", hours(40), ""),
            ],
        )

    def test_working_days(self):
        self.check(
            "2026-04-23 10:00",
            3,
            "working_day",
            [
                ("start_day", "23/04", "23/04", 0, ""),
                ("counted", "24/04", "24/04", 1, ""),
                ("off", "25/04", "26/04", 0, ""),
                ("off", "27/04", "27/04", 0, "Giỗ Tổ"),
                ("counted", "28/04", "29/04", 2, ""),
            ],
        )

    def test_a_make_up_saturday_counts_and_is_named(self):
        self.check(
            "2026-08-20 10:00",
            3,
            "working_day",
            [
                ("start_day", "20/08", "20/08", 0, ""),
                ("counted", "21/08", "21/08", 1, ""),
                ("counted", "22/08", "22/08", 1, "Làm bù"),
                ("off", "23/08", "23/08", 0, ""),
                ("counted", "24/08", "24/08", 1, ""),
            ],
        )

    def test_days_are_put_off_to_a_day_of_work(self):
        self.check(
            "2026-04-23 10:00",
            2,
            "day",
            [
                ("start_day", "23/04", "23/04", 0, ""),
                ("counted", "24/04", "25/04", 2, ""),
                ("put_off", "25/04", "28/04", 0, ""),
            ],
        )

    def test_day_and_night_and_at_once(self):
        self.check(
            "2026-03-07 23:50",
            30,
            "minute",
            [("counted", "07/03", "08/03", timedelta(minutes=30), "")],
        )
        for unit in wt.UNITS:
            nothing = wta.zero(unit)
            self.check(
                "2026-03-07 23:50",
                0,
                unit,
                [("counted", "07/03", "07/03", nothing, "")],
            )

    def test_a_hold_gives_back_what_lay_in_it(self):
        line = wta.hold(
            office_2026(),
            at("2026-03-10 17:00"),
            at("2026-03-05 10:00"),
            at("2026-03-09 09:00"),
            "working_day",
        )
        self.assertEqual(told([line]), [("hold", "05/03", "09/03", 2, "")])
        self.assertEqual(line.end, at("2026-03-12 17:00"))

    def test_an_extension_and_what_stood_still_after_it(self):
        """The calendar is read again, as far as the last deadline lies."""
        read = []

        def load(first, last):
            read.append(last)
            return WorkingTime.from_pattern(OFFICE, VN, first, last, CLOSURES_2026)

        lines = wta.trace(
            load,
            VN,
            at("2026-03-02 10:00"),
            (5, "working_day"),
            extended=(
                at("2026-06-12 17:00"),
                [(at("2026-06-12 10:00"), at("2026-06-15 09:00"))],
            ),
        )
        self.assertEqual(
            told(lines)[-2:],
            [
                ("extension", "12/06", "12/06", 0, ""),
                ("hold", "12/06", "15/06", 1, ""),
            ],
        )
        self.assertEqual(lines[-1].end, at("2026-06-15 17:00"))
        self.assertGreater(max(read), date(2026, 6, 15))


moments = st.integers(0, 330 * 24 * 60).map(
    lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes)
)
limits = st.one_of(
    st.tuples(st.integers(0, 3000), st.just("minute")),
    st.tuples(st.integers(0, 300), st.just("hour")),
    st.tuples(st.integers(0, 400).map(lambda n: n / 4), st.just("working_hour")),
    st.tuples(st.integers(0, 20), st.just("day")),
    st.tuples(st.integers(0, 15), st.just("working_day")),
)
days = st.integers(0, 364).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
holds = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 9000)), max_size=3)


@st.composite
def calendars(draw):
    """Offices with their own days off and days worked in exchange."""
    pattern = draw(st.sampled_from([OFFICE, ROUND_THE_CLOCK, OFFICE[:4]]))
    closures = [
        (
            wt.end_of_day(day - wt.ONE_DAY, VN),
            wt.end_of_day(day + draw(st.integers(0, 4)) * wt.ONE_DAY, VN),
        )
        for day in draw(st.lists(days, max_size=6))
    ]
    makeup = dict.fromkeys(draw(st.lists(days, max_size=4)), 0)
    return WorkingTime.from_pattern(
        pattern,
        VN,
        FIRST,
        date(2028, 6, 30),
        closures or CLOSURES_2026,
        list(makeup.items()) or MAKEUP_2026,
    )


class TestAccountAddsUp(unittest.TestCase):
    """Whatever the calendar: no more and no less is listed than was counted."""

    @properties
    @given(calendars(), moments, limits)
    def test_lines_add_up_and_end_at_the_deadline(self, times, start, limit):
        value, unit = limit
        lines = wta.account(times, start, value, unit, names)
        self.assertEqual(wta.counted(lines, unit), wta.limit_amount(value, unit))
        self.assertEqual(lines[-1].end, times.deadline(start, value, unit))
        self.check_days(times, lines, start, unit)

    def check_days(self, times, lines, start, unit):
        """Each day is told once, in order; what is off is off, what counts is not."""
        for before, after in zip(lines, lines[1:], strict=False):
            self.assertLessEqual(before.last, after.first)
        if unit in ("minute", "hour", "day"):
            return
        for line in lines:
            worked = times.worked_days(line.first, line.last)
            if line.kind == wta.OFF:
                self.assertEqual(worked, [])
            if line.kind == wta.COUNTED and line.amount:
                self.assertEqual(len(worked), (line.last - line.first).days + 1)

    @properties
    @given(calendars(), moments, limits, holds)
    def test_holds_lead_to_the_deadline_that_the_engine_gives(
        self, times, start, limit, pauses
    ):
        value, unit = limit
        deadline = times.deadline(start, value, unit)
        lines = wta.account(times, start, value, unit)
        at_ = start
        for gap, length in pauses:
            begin = at_ + timedelta(minutes=gap)
            at_ = begin + timedelta(minutes=length)
            lines.append(wta.hold(times, deadline, begin, at_, unit))
            deadline = times.shift(deadline, begin, at_, unit)
        self.assertEqual(lines[-1].end, deadline)
        self.assertEqual(wta.counted(lines, unit), wta.limit_amount(value, unit))

    @properties
    @given(calendars(), moments, limits, days)
    def test_an_extension_ends_at_its_own_day(self, times, start, limit, day):
        value, unit = limit
        lines = wta.account(times, start, value, unit)
        close = times.day_close(day)
        if not close:
            return
        lines.append(wta.extension(VN, close, unit))
        self.assertEqual((lines[-1].end, lines[-1].last), (close, day))
        self.assertEqual(wta.counted(lines, unit), wta.limit_amount(value, unit))
