from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from ..rig.common import CivicCase


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
        self.assertEqual(
            " ".join(
                report.event_ids.sorted(lambda row: (row.at, row.id)).mapped("code")
            ),
            "send receive dispatch accept draft submit approve resolve publish rate",
        )
        rated = report.event_ids.filtered(lambda event: event.code == "rate")
        self.assertFalse(rated.user_id, "the citizen stays unknown in the history")
        self.assertFalse(report.step_ids.filtered(lambda step: step.state == "open"))
        self.assertFalse(report.step_ids.filtered("is_late"))

    # ------------------------------------------------------------------
    # Supplement, refusal, cancellation
    # ------------------------------------------------------------------

    def test_supplement_and_answer(self):
        with self.at("2026-11-16 10:00"):
            report = self.make_report()
            report.request_supplement("Cho biết ổ gà ở đoạn nào.")
            self.assertEqual(report.state, "supplementing")
            self.assertFalse(report.step_ids.filtered(lambda step: step.user_id))
            # Two days after Monday end on Wednesday at 24:00.
            self.assertLocal(report.deadline, "2026-11-19 00:00")
        with self.at("2026-11-18 16:30"):
            report.with_user(self.citizen).supply("Trước cổng trường.")
            self.assertEqual(report.state, "new")
            self.assertEqual(report.supplied_text, "Trước cổng trường.")
            self.assertLocal(report.deadline, "2026-11-19 08:00")
            self.assertEqual(report.description, self.report_values()["description"])

    def test_no_answer_cancels_after_two_days(self):
        with self.at("2026-11-16 10:00"):
            late, early = self.make_report(), self.make_report()
            late.request_supplement("Cho biết ổ gà ở đoạn nào.")
        with self.at("2026-11-16 10:00"), self.enter_registry_test_mode():
            cron = self.env.ref("civic_report.cron_lapse_supplements")
            cron.method_direct_trigger()
        self.assertEqual(late.state, "supplementing", "its two days are not over")
        with self.at("2026-11-19 00:01"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(late.state, "cancelled")
        self.assertEqual(late.reason_id.code, "no_answer")
        self.assertFalse(late.event_ids.sorted()[0].user_id)
        self.assertEqual(early.state, "new")

    def test_refusal_says_why(self):
        report = self.make_report()
        with self.assertRaisesRegex(UserError, "reason"):
            report.refuse("", "")
        report.refuse("poor_media", "")
        self.assertEqual(report.state, "refused")
        self.assertIn("clear pictures", report.reason_message)
        self.assertFalse(report.deadline)
        self.assertFalse(report.is_published)

    # ------------------------------------------------------------------
    # Agency
    # ------------------------------------------------------------------

    def test_returned_goes_back_to_the_centre(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("processing")
            assignment = report.assignment_ids
        with self.at("2026-11-18 09:00"):
            assignment.with_user(self.handler).return_wrong(
                "Đường do phường quản lý.", self.other_agency.id
            )
            self.assertEqual(assignment.state, "returned")
            self.assertEqual(assignment.suggested_agency_id, self.other_agency)
            self.assertEqual(report.state, "received")
            self.assertLocal(report.deadline, "2026-11-18 10:00")
            # One working day from Monday ended on Tuesday at 17:00.
            self.assertTrue(self.step_of(assignment, "return_wrong", "done").is_late)
            # What was overdue when it was dropped stays late.
            self.assertTrue(self.step_of(assignment, "accept", "dropped").is_late)
            self.assertFalse(assignment.activity_ids)
            report.dispatch([self.other_agency.id])
        self.assertEqual(report.agency_id, self.other_agency)
        with self.assertRaises(MissingError):
            report.assignment_ids.filtered(
                lambda row: row.state == "returned"
            ).with_user(self.handler).accept()

    def test_window_to_return_is_no_duty(self):
        """Whoever keeps the assignment is not late for not returning it."""
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("accepted")
        with self.at("2026-11-18 09:00"):
            self.assertFalse(report.step_ids.filtered("is_overdue"))
            assignment = report.assignment_ids.with_user(self.handler)
            assignment.submit("Đã vá ổ gà.")
            self.step_of(assignment, "return_wrong", "dropped")

    def test_sent_back_keeps_the_clock_and_counts(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("submitted")
            assignment = report.assignment_ids
            due = self.step_of(assignment, "process", "done").deadline
        with self.at("2026-11-17 10:00"):
            assignment.with_user(self.leader).send_back("Thiếu ảnh sau khi sửa.")
            self.assertEqual(assignment.state, "processing")
            self.assertEqual(assignment.send_back_count, 1)
            self.assertEqual(self.step_of(assignment, "process").deadline, due)
            self.assertEqual(assignment.activity_ids.user_id, self.handler)

    def test_centre_requests_a_correction(self):
        report = self.walk_to("resolved")
        assignment = report.assignment_ids
        with self.assertRaises(MissingError):
            report.request_fix([assignment.id + 1000], "Sai mẫu.")
        report.request_fix([assignment.id], "Chưa theo mẫu tại Phụ lục 1.")
        self.assertEqual(report.state, "processing")
        self.assertEqual(assignment.state, "processing")
        self.assertEqual(assignment.send_back_count, 1)
        self.assertFalse(report.resolved_at)

    def test_parallel_agencies_resolve_together(self):
        report = self.walk_to("received")
        report.dispatch([self.agency.id, self.other_agency.id])
        self.assertEqual(set(report.assignment_ids.mapped("role")), {"parallel"})
        first, second = report.assignment_ids.sorted("id")
        for assignment, handler, leader in (
            (first, self.handler, self.leader),
            (second, self.other_handler, self.other_leader),
        ):
            self.assertEqual(report.state, "processing")
            assignment.with_user(handler).accept()
            assignment.with_user(handler).submit("Đã xong.")
            assignment.with_user(leader).approve()
        self.assertEqual(report.state, "resolved")
        self.assertIn(self.other_agency.name, report.public_result)

    def test_own_result_needs_another_hand(self):
        self.agency.leader_ids = [(4, self.handler.id)]
        self.handler.group_ids = [(4, self.env.ref("civic_report.group_leader").id)]
        report = self.walk_to("submitted")
        assignment = report.assignment_ids.with_user(self.handler)
        with self.assertRaisesRegex(AccessError, "another leader"):
            assignment.approve()
        self.procedure.handler_may_approve = True
        assignment.approve()
        self.assertEqual(report.state, "resolved")

    # ------------------------------------------------------------------
    # Activities and overdue
    # ------------------------------------------------------------------

    def test_activities_follow_the_duties(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("processing")
            assignment = report.assignment_ids
            self.assertEqual(assignment.activity_ids.user_id, self.handler)
            with self.assertRaisesRegex(UserError, "by itself"):
                assignment.activity_ids.with_user(self.handler).action_done()
            assignment.with_user(self.handler).accept()
            self.assertEqual(
                assignment.activity_ids.activity_type_id,
                self.env.ref("civic_report.activity_process"),
            )
            self.assertEqual(str(assignment.activity_ids.date_deadline), "2026-11-25")
            assignment.with_user(self.handler).submit("Đã vá ổ gà.")
            self.assertEqual(assignment.activity_ids.user_id, self.leader)

    def test_overdue_needs_no_cron(self):
        with self.at("2026-11-16 10:00"):
            report = self.make_report()
            self.assertFalse(report.is_overdue)
        with self.at("2026-11-16 11:01"):
            report.invalidate_recordset()
            self.assertTrue(report.is_overdue)
            self.assertIn("late", report.time_left)
            found = self.env["civic.report"].search(
                [("is_overdue", "=", True), ("id", "=", report.id)]
            )
            self.assertEqual(found, report)
            report.receive()
            report.dispatch([self.agency.id])
        self.assertTrue(self.step_of(report, "intake", "done").is_late)

    def test_track_retimes_the_intake(self):
        with self.at("2026-11-14 23:50"):  # a Saturday
            report = self.make_report()
            self.assertLocal(report.deadline, "2026-11-16 08:30")
        with self.at("2026-11-14 23:55"):
            report.category_id = self.env.ref("civic_report.category_emergency")
            self.assertEqual(report.track, "emergency")
            self.assertLocal(report.deadline, "2026-11-15 00:20")

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def test_no_way_round_the_door(self):
        report = self.walk_to("accepted")
        step = report.step_ids[0]
        event = report.event_ids[0]
        for attempt in (
            lambda: report.sudo().write({"state": "done"}),
            lambda: report.with_context(civic_door=True).write({"state": "done"}),
            lambda: report.sudo().write({"deadline": "2030-01-01"}),
            lambda: report.sudo().write({"description": "Khác"}),
            lambda: report.assignment_ids.sudo().write({"state": "approved"}),
            lambda: report.sudo().unlink(),
            lambda: step.sudo().write({"deadline": "2030-01-01"}),
            lambda: step.sudo().unlink(),
            lambda: event.sudo().write({"note": "Khác"}),
            lambda: event.sudo().unlink(),
            lambda: event.sudo().copy(),
            lambda: self.make_report(state="done"),
            lambda: self.make_report(procedure_id=self.procedure.id),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()

    def test_twice_has_one_effect(self):
        report = self.make_report()
        report.receive()
        with self.assertRaisesRegex(UserError, "Received"):
            report.receive()
        self.assertEqual(report.event_ids.mapped("code").count("receive"), 1)

    def test_no_links_to_what_is_not_seen(self):
        """A link would show the other record through its name or related fields."""
        report = self.walk_to("accepted")
        foreign = self.env["ir.attachment"].create(
            {
                "name": "hồ sơ mật",
                "raw": b"x",
                "res_model": "civic.reporter",
                "res_id": self.reporter.id,
            }
        )
        assignment = report.assignment_ids.with_user(self.handler)
        missing = foreign.id + 1000
        for ids in (foreign.ids, [missing]):
            with self.assertRaises(MissingError):
                assignment.result_attachment_ids = [(6, 0, ids)]
        with self.assertRaises(MissingError):
            report.write({"ward_id": 10**6})
