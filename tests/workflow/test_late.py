"""Delay earns no time, and is not forgotten (MATRIX §2, for all procedures)."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestLate(CivicCase):
    def test_who_takes_in_late_has_less_left(self):
        """HUE: half a working hour to take in, then 6 working days."""
        with self.at("2026-10-12 10:00"):
            report = self.walk_to("processing")
        with self.at("2026-10-14 10:00"):
            report.assignment_ids.with_user(self.handler).accept()
        process = self.step_of(report, "process")
        self.assertLocal(process.counted_from, "2026-10-12 10:30")
        self.assertLocal(process.deadline, "2026-10-20 17:00")
        self.assertLocal(process.started_at, "2026-10-14 10:00")

    def test_who_takes_in_early_counts_from_then(self):
        with self.at("2026-10-12 17:00"):
            report = self.walk_to("processing")
        with self.at("2026-10-13 07:40"):
            report.assignment_ids.with_user(self.handler).accept()
        process = self.step_of(report, "process")
        self.assertLocal(process.counted_from, "2026-10-13 07:40")
        self.assertLocal(process.deadline, "2026-10-21 17:00")

    def test_two_delays_in_a_row(self):
        """BG: half a working hour to take in, another to assign."""
        self.procedure = self.env.ref("civic_report.procedure_bg")
        self.company.civic_procedure_id = self.procedure
        with self.at("2026-10-12 10:00"):
            report = self.make_report()
            report.receive()
            report.classify(self.category.id)
            report.dispatch([self.agency.id])
        assignment = report.assignment_ids
        with self.at("2026-10-13 10:00"):
            assignment.with_user(self.handler).accept()
            assign = self.step_of(report, "assign")
            self.assertLocal(assign.counted_from, "2026-10-12 10:30")
            self.assertLocal(assign.deadline, "2026-10-12 11:00")
        with self.at("2026-10-14 10:00"):
            assignment.with_user(self.leader).assign(self.handler.id)
        self.assertTrue(self.step_of(report, "assign", "done").is_late)
        process = self.step_of(report, "process")
        self.assertLocal(process.counted_from, "2026-10-12 11:00")

    def test_a_lead_that_invites_two_days_late(self):
        """ST: the lead's own time ends with the invitation, its delay does not."""
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        self.complete_sender()
        with self.at("2026-11-02 10:00"):
            report = self.walk_to("accepted")
        process = self.step_of(report, "process")
        self.assertLocal(process.deadline, "2026-11-09 17:00")
        with self.at("2026-11-11 10:00"):
            report.assignment_ids.with_user(self.handler).invite(
                [self.other_agency.id], "Phối hợp."
            )
        self.assertEqual(process.state, "dropped")
        self.assertTrue(process.is_late)

    def test_what_may_be_left_undone_is_never_late(self):
        with self.at("2026-10-12 10:00"):
            report = self.walk_to("accepted")
        with self.at("2026-10-16 10:00"):
            self.submit(report.assignment_ids)
        self.assertFalse(self.step_of(report, "return_wrong", "dropped").is_late)

    def test_the_clock_stands_still_at_the_centre(self):
        with self.at("2026-10-12 10:00"):
            report = self.walk_to("resolved")
        before = self.step_of(report, "process", "done").deadline
        self.assertLocal(before, "2026-10-20 17:00")
        # From Tuesday to Friday it lies there.
        with self.at("2026-10-16 15:00"):
            report.request_fix(report.assignment_ids.ids, "Thiếu ảnh.")
        self.assertLocal(report.assignment_ids.deadline, "2026-10-26 17:00")
        self.assertFalse(report.assignment_ids.approved_at)
        # What the leader sends back lay with the agency.
        with self.at("2026-10-19 10:00"):
            self.submit(report.assignment_ids)
            report.assignment_ids.with_user(self.leader).send_back("Chưa rõ.")
            self.assertLocal(report.assignment_ids.deadline, "2026-10-26 17:00")

    def test_late_before_it_lay_there_is_late_after(self):
        with self.at("2026-11-02 10:00"):
            report = self.walk_to("accepted")
        with self.at("2026-11-12 10:00"):
            self.submit(report.assignment_ids)
            report.assignment_ids.with_user(self.leader).approve()
        with self.at("2026-11-13 10:00"):
            report.request_fix(report.assignment_ids.ids, "Thiếu ảnh.")
            self.assertTrue(report.assignment_ids.is_overdue)
        self.assertTrue(self.step_of(report, "process", "done").is_late)


@tagged("-at_install", "post_install")
class TestNoHours(CivicCase):
    """A calendar without hours is never at the citizen's cost."""

    def calendar(self):
        return self.company._civic_calendar()

    def empty(self):
        """By a way that nothing guards."""
        self.calendar().attendance_ids.unlink()

    def test_it_cannot_be_emptied(self):
        with self.assertRaisesRegex(UserError, "working hours"):
            self.calendar().attendance_ids = [Command.clear()]
        other = self.env["resource.calendar"].create({"name": "Khác"})
        other.attendance_ids = [Command.clear()]

    def test_an_agencys_cannot_either(self):
        self.agency.calendar_id = self.env["resource.calendar"].create(
            {"name": "Trực", "company_id": self.company.id}
        )
        with self.assertRaises(UserError):
            self.agency.calendar_id.attendance_ids = [Command.clear()]

    def test_reports_come_in_and_are_handled_all_the_same(self):
        self.empty()
        with mute_logger("odoo.addons.civic_report.models.province.calendar"):
            report = self.walk_to("done")
        steps = report.sudo().step_ids
        self.assertTrue(steps.filtered("is_untimed"))
        self.assertFalse(steps.filtered("is_late"))
        self.assertFalse(report.is_overdue)
        # What is counted in minutes, day and night, is timed.
        with mute_logger("odoo.addons.civic_report.models.province.calendar"):
            urgent = self.make_report(track="emergency")
        self.assertTrue(urgent.deadline)
        self.assertFalse(urgent.sudo().step_ids.filtered("is_untimed"))

    def test_administrators_see_it_and_time_what_waits(self):
        hours = self.calendar().attendance_ids.copy_data()
        self.empty()
        with (
            self.at("2026-10-12 10:00"),
            mute_logger("odoo.addons.civic_report.models.province.calendar"),
        ):
            report = self.make_report()
        self.assertFalse(report.deadline)
        health = self.env["civic.health"]._health_check_hours()
        self.assertEqual(health.state, "broken")
        self.calendar().attendance_ids = [Command.create(row) for row in hours]
        self.assertEqual(self.env["civic.health"]._health_check_hours().state, "ok")
        self.env["civic.step"]._move_deadlines(self.calendar())
        self.assertLocal(report.deadline, "2026-10-12 11:00")
        self.assertFalse(report.sudo().step_ids.is_untimed)
