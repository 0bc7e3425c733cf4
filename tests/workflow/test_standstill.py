"""When an agency's clock stands still, and what is late all the same (MATRIX §2)."""

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ...models.figures.figure import SEEN
from ..rig.common import CivicCase
from ..rig.walks import written_notice


@tagged("-at_install", "post_install")
class TestWithTheCentre(CivicCase):
    """HUE: 6 working days to handle, 1 to approve."""

    def submitted(self, at="2026-10-20 16:00"):
        """Taken in on Monday 12 October: due on Tuesday 20, 17:00."""
        with self.at("2026-10-12 10:00"):
            report = self.walk_to("accepted")
        with self.at(at):
            self.submit(report.assignment_ids)
        return report

    def approve(self, report, at):
        with self.at(at):
            report.assignment_ids.with_user(self.leader).approve()

    def fix(self, report, at):
        """:return: the duty to handle that goes on"""
        with self.at(at):
            report.request_fix(report.assignment_ids.ids, "Thiếu ảnh.")
        return self.step_of(report, "process")

    def lines(self, step):
        return step.with_user(self.handler).explain()

    def test_in_time_at_every_step_is_in_time(self):
        report = self.submitted()
        self.approve(report, "2026-10-21 09:00")
        process = self.fix(report, "2026-10-21 10:00")
        self.assertLocal(process.deadline, "2026-10-21 17:00")
        self.assertIn(
            "The clock stood still from Tue 20/10 – Wed 21/10: 1 working day(s) given "
            "back, due 21/10/2026 17:00",
            self.lines(process),
        )
        with self.at("2026-10-21 16:00"):
            self.submit(report.assignment_ids)
        self.assertFalse(report.sudo().step_ids.filtered("is_late"))
        # Again, from where it was then.
        self.approve(report, "2026-10-22 09:00")
        process = self.fix(report, "2026-10-23 10:00")
        self.assertLocal(process.deadline, "2026-10-23 17:00")
        self.assertEqual(len(process.held["spans"]), 2)

    def test_what_the_leader_sends_back_goes_on(self):
        report = self.submitted()
        with self.at("2026-10-21 09:00"):
            report.assignment_ids.with_user(self.leader).send_back("Chưa rõ.")
            process = self.step_of(report, "process")
            self.assertTrue(process.is_overdue)
        self.assertLocal(process.deadline, "2026-10-20 17:00")

    def test_a_late_approval_earns_no_time(self):
        """It was due on Tuesday 20; what passed until Thursday is the agency's."""
        report = self.submitted("2026-10-19 10:00")
        self.approve(report, "2026-10-22 10:00")
        process = self.fix(report, "2026-10-23 10:00")
        # One day for approving in time, one for the Centre.
        self.assertLocal(process.deadline, "2026-10-22 17:00")
        self.assertNotIn("has changed", "\n".join(self.lines(process)))

    def test_late_before_it_was_submitted_is_late_after(self):
        report = self.submitted("2026-10-21 10:00")
        self.approve(report, "2026-10-21 11:00")
        process = self.fix(report, "2026-10-21 14:00")
        self.assertLocal(process.deadline, "2026-10-20 17:00")
        self.assertTrue(self.step_of(report, "process", "done").is_late)

    def test_a_penalty_that_ends_while_the_centre_has_it(self):
        with self.at("2026-10-12 10:00"):
            report = self.walk_to("accepted")
            part = report.assignment_ids.with_user(self.handler)
            today = self.company._civic_today()
            part.ask_penalty("Nghị định 16/2022/NĐ-CP", "07/BB", today)
            part.with_user(self.leader).confirm_penalty()
        with self.at("2026-10-13 10:00"):
            self.submit(part)
        self.approve(report, "2026-10-13 11:00")
        with self.at("2026-10-14 10:00"):
            part.end_penalty("Đã ra quyết định.")
        process = self.fix(report, "2026-10-16 10:00")
        # Two days of the penalty, two more with the Centre.
        self.assertLocal(process.deadline, "2026-10-26 17:00")
        self.assertNotIn("has changed", "\n".join(self.lines(process)))

    def test_a_change_of_track_forgets_no_standstill(self):
        report = self.submitted()
        self.approve(report, "2026-10-21 09:00")
        self.fix(report, "2026-10-21 10:00")
        with self.at("2026-10-21 11:00"):
            report.set_track("emergency", "Cháy.")
        with self.at("2026-10-21 12:00"):
            report.set_track("normal", "Không cháy.")
        process = self.step_of(report, "process")
        self.assertLocal(process.deadline, "2026-10-21 17:00")
        self.assertNotIn("has changed", "\n".join(self.lines(process)))


@tagged("-at_install", "post_install")
class TestExtended(CivicCase):
    """ST Điều 14.3: a committed date in the place of the limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.civic_procedure_id = cls.env.ref("civic_report.procedure_st")
        cls.complete_sender()

    def ask(self, report, day="2026-11-20"):
        part = report.assignment_ids.with_user(self.handler)
        part.request_extension("5/CV", day, "Chờ vật tư.", written_notice(part.env))

    def grant(self, report):
        extension = report.sudo().assignment_ids.extension_ids.filtered(
            lambda row: row.state == "asked"
        )
        extension.with_user(self.operator).sudo(False).grant()
        # As between two requests.
        self.env.flush_all()

    def extended(self):
        """Due on Monday 16 November, then at the close of Friday 20."""
        with self.at("2026-11-09 10:00"):
            report = self.walk_to("accepted")
        with self.at("2026-11-12 10:00"):
            self.ask(report)
            self.grant(report)
        return report

    def finish(self, report, at):
        with self.at(at):
            self.submit(report.assignment_ids)
            report.assignment_ids.with_user(self.leader).approve()

    def fix(self, report, at):
        with self.at(at):
            report.request_fix(report.assignment_ids.ids, "Sai mẫu.")
            process = self.step_of(report, "process")
            self.assertFalse(process.is_overdue)
        self.assertTrue(process.is_extended)
        lines = process.with_user(self.handler).explain()
        self.assertIn("Extended to 20/11/2026 17:00", lines)
        self.assertNotIn("has changed", "\n".join(lines))
        return process

    def test_the_centre_asks_for_a_correction(self):
        report = self.extended()
        self.finish(report, "2026-11-20 16:00")
        process = self.fix(report, "2026-11-23 10:00")
        self.assertLocal(process.deadline, "2026-11-23 17:00")
        self.assertIn(
            "The clock stood still from Fri 20/11 – Mon 23/11: 1 working day(s) given "
            "back, due 23/11/2026 17:00",
            process.with_user(self.handler).explain(),
        )
        self.assertIn("extended", process._counted_words()[process])
        # The leader sends it back: that date stays.
        with self.at("2026-11-23 11:00"):
            self.submit(report.assignment_ids)
            report.assignment_ids.with_user(self.leader).send_back("Chưa rõ.")
        again = self.step_of(report, "process")
        self.assertLocal(again.deadline, "2026-11-23 17:00")
        self.assertTrue(again.is_extended)
        self.finish(report, "2026-11-23 15:00")
        self.assertFalse(report.sudo().step_ids.filtered("is_late"))
        process = self.fix(report, "2026-11-25 10:00")
        self.assertLocal(process.deadline, "2026-11-25 17:00")

    def test_granted_when_it_had_been_submitted(self):
        with self.at("2026-11-09 10:00"):
            report = self.walk_to("accepted")
            self.ask(report)
        with self.at("2026-11-16 16:00"):
            self.submit(report.assignment_ids)
            self.grant(report)
        with self.at("2026-11-17 10:00"):
            report.assignment_ids.with_user(self.leader).approve()
        process = self.fix(report, "2026-11-18 10:00")
        # 20 November, and two days that it waited and lay there: 23 and 25, the 24th
        # is off.
        self.assertLocal(process.deadline, "2026-11-25 17:00")

    def test_extended_again(self):
        """What is granted now holds, whatever stood still before."""
        report = self.extended()
        self.finish(report, "2026-11-20 16:00")
        self.fix(report, "2026-11-23 10:00")
        with self.at("2026-11-23 11:00"):
            self.ask(report, "2026-12-01")
            self.grant(report)
        process = self.step_of(report, "process")
        self.assertLocal(process.deadline, "2026-12-01 17:00")
        self.assertFalse(process.held)


@tagged("-at_install", "post_install")
class TestForbidden(CivicCase):
    """Nobody is late with what the province's decision makes wait."""

    def test_nothing_climbs_while_the_province_decides(self):
        with self.at("2026-11-16 08:00"):
            report = self.walk_to("accepted")
            submitted = self.walk_to("submitted")
        with self.at("2026-11-16 09:00"):
            (report | submitted).escalate("Không thống nhất.")
        with self.at("2026-12-14 09:00"):
            alerts = self.env["civic.alert"]
            alerts._raise_due(report._now(), 1000)
            parts = (report | submitted).sudo().assignment_ids
            self.assertFalse(parts.step_ids.filtered("is_overdue"))
            self.assertFalse(
                alerts.search([("step_id", "in", parts.step_ids.ids)]).filtered(
                    lambda alert: alert.step_id.code in ("process", "approve")
                )
            )
            # What is late is the province's decision.
            self.assertEqual(report.clock_code, "designate")
            self.assertEqual(submitted.clock_code, "designate")
            self.assertNotIn("Handle", [row["label"] for row in report._open_duties()])
            # Taking back from the leader begins no time to handle either.
            submitted.assignment_ids.with_user(self.leader).send_back("Chưa rõ.")
            self.assertFalse(
                submitted.sudo().step_ids.filtered(
                    lambda step: step.state == "open" and step.code == "process"
                )
            )
            report.with_user(self.province_leader).designate(
                self.other_agency.ids, "Giao phường."
            )
            self.assertFalse(parts.step_ids.filtered("is_late"))

    def test_taken_in_meanwhile(self):
        with self.at("2026-11-16 08:00"):
            report = self.walk_to("processing")
            report.escalate("Không thống nhất.")
            report.assignment_ids.with_user(self.handler).accept()
        codes = report.sudo().step_ids.filtered(lambda s: s.state == "open")
        self.assertEqual(set(codes.mapped("code")), {"designate", "return_wrong"})
        self.assertFalse(report.assignment_ids.deadline)

    def test_late_before_is_late_after(self):
        with self.at("2026-11-16 08:00"):
            report = self.walk_to("accepted")
        with self.at("2026-11-26 08:00"):
            report.escalate("Không thống nhất.")
            self.assertFalse(report.is_overdue)
        self.assertTrue(self.step_of(report, "process", "dropped").is_late)

    def test_old_databases(self):
        """Asked before work was ended by that: it ends now, figures begin anew."""
        with self.at("2026-11-16 08:00"):
            report = self.walk_to("accepted")
            part = report._elevated().assignment_ids
            before = self.step_of(report, "process")._prepare_again()
            report.escalate("Không thống nhất.")
            self.env["civic.step"].with_env(part.env)._open([before])
            part._refresh_clock()
        path = file_path("civic_report/migrations/19.0.1.4.0/post-designation.py")
        with self.at("2026-12-14 08:00"):
            load_script(path, "post_designation").migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        step = part.step_ids.filtered(lambda step: step.code == "process")
        self.assertEqual(set(step.mapped("state")), {"dropped"})
        self.assertFalse(step.filtered("is_late"))
        self.assertFalse(part.deadline)
        self.assertFalse(self.env["ir.config_parameter"].get_param(SEEN))


@tagged("-at_install", "post_install")
class TestReturnedLate(CivicCase):
    """What was overdue when the report was given back stays so."""

    def test_not_taken_in_for_hours(self):
        with self.at("2026-11-16 08:00"):
            late, early = self.walk_to("processing"), self.walk_to("processing")
        with self.at("2026-11-16 08:20"):
            early.assignment_ids.with_user(self.handler).return_wrong("Không phải.")
        with self.at("2026-11-16 13:00"):
            late.assignment_ids.with_user(self.handler).return_wrong("Không phải.")
        self.assertFalse(early.sudo().step_ids.filtered("is_late"))
        self.assertEqual(
            late.sudo().step_ids.filtered("is_late").mapped("code"), ["accept"]
        )
