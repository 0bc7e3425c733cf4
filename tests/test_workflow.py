from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from .common import CivicCase


@tagged("-at_install", "post_install")
class TestWorkflow(CivicCase):
    """A report from the citizen to the answer, under Huế's regulation."""

    def test_normal_track_with_deadlines(self):
        # Fri 28 Aug 2026 16:30; Mon 31 Aug to Wed 2 Sep are days off.
        with self.at("2026-08-28 16:30"):
            report = self.make_report()
            self.assertEqual(report.state, "new")
            self.assertRegex(report.name, r"^PA-26-\d{6}$")
            # 30 minutes left on Friday, 30 more from Thursday 07:30.
            self.assertLocal(report.deadline, "2026-09-03 08:00")
        with self.at("2026-08-28 16:50"):
            report.receive()
            report.dispatch([self.agency.id])
            assignment = report.assignment_ids
            self.assertEqual(report.state, "processing")
            self.assertEqual(assignment.role, "lead")
            self.assertEqual(assignment.handler_id, self.handler)
            self.assertLocal(
                self.step_of(assignment, "accept").deadline, "2026-09-03 07:50"
            )
            self.assertLocal(
                self.step_of(assignment, "return_wrong").deadline, "2026-09-03 17:00"
            )
        with self.at("2026-09-03 07:45"):
            assignment.with_user(self.handler).accept()
            self.assertEqual(assignment.state, "accepted")
            # Fri 4 is day 1, then 7 to 11: Friday the 11th is day 6.
            self.assertLocal(
                self.step_of(assignment, "process").deadline, "2026-09-11 17:00"
            )
        with self.at("2026-09-10 10:00"):
            assignment.with_user(self.handler).result = "Đã vá ổ gà."
            self.assertEqual(assignment.state, "processing")
            assignment.with_user(self.handler).submit()
            self.assertLocal(
                self.step_of(assignment, "approve").deadline, "2026-09-11 17:00"
            )
        with self.at("2026-09-11 16:00"):
            assignment.with_user(self.leader).approve("Đã vá xong ổ gà.")
            self.assertEqual(report.state, "resolved")
            self.assertEqual(report.public_result, "Đã vá xong ổ gà.")
            self.assertLocal(report.deadline, "2026-09-11 17:00")
        with self.at("2026-09-11 16:10"):
            report.publish()
            self.assertEqual(report.state, "done")
            self.assertTrue(report.is_published)
            self.assertFalse(report.deadline)
        level = self.procedure.scale_id.level_ids[0]
        report.with_user(self.citizen).rate(level.id, "Cảm ơn")
        self.assertEqual(report.rating_level_id, level)
        codes = report.event_ids.sorted(lambda event: (event.at, event.id)).mapped("code")
        self.assertEqual(
            codes,
            "send receive dispatch accept draft submit approve resolve publish rate".split(),
        )
        rated = report.event_ids.filtered(lambda event: event.code == "rate")
        self.assertFalse(rated.user_id, "the citizen stays unknown in the history")
        self.assertFalse(report.step_ids.filtered(lambda step: step.state == "open"))
        self.assertFalse(report.step_ids.filtered("is_late"))
