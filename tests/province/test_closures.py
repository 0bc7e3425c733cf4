"""Whose absence moves a duty's end: the office's, and nobody's alone."""

from datetime import timedelta

from odoo.tests import tagged

from ..rig.common import CivicCase, local


@tagged("-at_install", "post_install")
class TestClosures(CivicCase):
    """Monday 16/11/2026 10:00, six working days, Tuesday 24 off: Wednesday, 17:00."""

    NORMALLY = "2026-11-25 17:00"
    ONE_DAY_LATER = "2026-11-26 17:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.company._civic_calendar()
        cls.other_company = cls.env["res.company"].create({"name": "Tỉnh khác"})

    def closed(self, company=None, day="2026-11-18", until=None, **values):
        """A day off, by default the whole office's."""
        start = local(f"{day} 00:00")
        leaves = self.env["resource.calendar.leaves"]
        return leaves.with_company(company or self.company).create(
            {
                "name": "Nghỉ",
                "calendar_id": self.calendar.id,
                "date_from": start,
                "date_to": local(until) if until else start + timedelta(days=1),
                **values,
            }
        )

    def end(self, start="2026-11-16 10:00"):
        with self.at(start):
            report = self.walk_to("accepted")
            return self.step_of(report.assignment_ids, "process").deadline

    def test_the_office_is_closed(self):
        self.assertLocal(self.end(), self.NORMALLY)
        self.closed()
        self.assertLocal(self.end(), self.ONE_DAY_LATER)

    def test_one_person_is_away(self):
        """The duty is the agency's: a colleague does it, or the focal officer."""
        for user in (self.handler, self.leader, self.operator):
            person = self.env["resource.resource"].create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": self.company.id,
                    "calendar_id": self.calendar.id,
                }
            )
            self.closed(resource_id=person.id)
        self.assertLocal(self.end(), self.NORMALLY)

    def test_of_all_calendars_of_the_province(self):
        self.closed(calendar_id=False)
        self.assertLocal(self.end(), self.ONE_DAY_LATER)

    def test_in_another_calendar(self):
        another = self.calendar.copy({"name": "Ca đêm"})
        self.closed(calendar_id=another.id)
        self.assertLocal(self.end(), self.NORMALLY)

    def test_in_another_province(self):
        leave = self.closed(self.other_company, calendar_id=False)
        self.assertEqual(leave.company_id, self.other_company)
        self.assertLocal(self.end(), self.NORMALLY)

    def test_begun_long_before(self):
        """Closed since last year, open again on the third day of the duty."""
        self.closed(day="2025-12-01", until="2026-11-18 13:30")
        # The afternoon of the 18th is the first that counts.
        self.assertLocal(self.end(), self.ONE_DAY_LATER)

    def test_over_before_it_began(self):
        self.closed(day="2026-11-13")
        self.assertLocal(self.end(), self.NORMALLY)

    def test_moved_deadlines_heed_the_office_alone(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("accepted")
        step = self.step_of(report.assignment_ids, "process")
        person = self.env["resource.resource"].create(
            {"name": "Một người", "company_id": self.company.id}
        )
        self.closed(resource_id=person.id)
        calendar = self.calendar.with_user(self.administrator)
        with self.at("2026-11-17 10:00"):
            calendar.action_civic_move_deadlines()
            self.assertLocal(step.deadline, self.NORMALLY)
            self.closed(day="2026-11-19")
            calendar.action_civic_move_deadlines()
        self.assertLocal(step.deadline, self.ONE_DAY_LATER)

    def test_holidays_are_entered_though_somebody_is_away_that_day(self):
        person = self.env["resource.resource"].create(
            {"name": "Một người", "company_id": self.company.id}
        )
        own = self.closed(day="2031-09-02", resource_id=person.id)
        self.calendar._civic_load_holidays([2031])
        same_day = self.calendar.leave_ids.filtered(
            lambda leave: leave.date_from == own.date_from
        )
        self.assertEqual(len(same_day - own), 1)
        self.assertFalse((same_day - own).resource_id)
        before = self.calendar.leave_ids
        self.calendar._civic_load_holidays([2031])
        self.assertEqual(self.calendar.leave_ids, before, "entered once")
