"""Emergencies: no duty that the text does not name, timed from the completion."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rig.common import CivicCase, local


@tagged("-at_install", "post_install")
class TestCompletion(CivicCase):
    """When the work on the spot was done is the handler's to say."""

    def fire(self, state="accepted"):
        with self.at("2026-11-14 23:00"):
            return self.walk_to(state, self.make_report(track="emergency"))

    def submit_at(self, text, *arguments):
        assignment = self.fire().assignment_ids.with_user(self.handler)
        with self.at(text):
            return assignment.submit("Đã dập tắt.", *arguments)

    def test_it_has_to_be_said(self):
        with self.assertRaisesRegex(UserError, "completed"):
            self.submit_at("2026-11-15 01:00")

    def test_it_lies_between_the_dispatch_and_now(self):
        for wrong in ("2026-11-14 22:59", "2026-11-15 01:01"):
            with self.subTest(wrong), self.assertRaises(UserError):
                self.submit_at("2026-11-15 01:00", local(wrong))
        for senseless in ("hôm qua", "2026-13-01", [1], "9999-12-31 00:00:00"):
            with self.subTest(senseless), self.assertRaises(UserError):
                self.submit_at("2026-11-15 01:00", senseless)

    def test_it_may_be_kept_with_the_draft(self):
        report = self.fire()
        assignment = report.assignment_ids.with_user(self.handler)
        with self.at("2026-11-15 01:00"):
            with self.assertRaises(UserError):
                assignment.completed_at = local("2026-11-15 01:01")
            assignment.write(
                {"result": "Đã dập.", "completed_at": local("2026-11-15 00:40")}
            )
            self.assertEqual(assignment.state, "processing")
            assignment.submit()
        approve = self.step_of(report, "approve")
        self.assertLocal(approve.counted_from, "2026-11-15 00:40")
        self.assertLocal(approve.deadline, "2026-11-15 01:40")
        event = report.sudo().event_ids.filtered(lambda row: row.code == "submit")
        self.assertIn("15/11/2026 00:40", event.note)

    def test_written_two_hours_later_it_is_late(self):
        report = self.fire()
        with self.at("2026-11-15 03:00"):
            report.assignment_ids.with_user(self.handler).submit(
                "Đã dập.", local("2026-11-15 01:00")
            )
            self.assertTrue(self.step_of(report, "approve").is_overdue)

    def test_nobody_else_is_asked(self):
        self.assertFalse(self.walk_to("accepted").assignment_ids.asks_completion)
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_qn")
        self.assertFalse(self.fire().assignment_ids.asks_completion)

    def test_only_the_handler_says_it(self):
        report = self.fire()
        for user in (self.operator, self.leader, self.manager):
            with self.subTest(user.login), self.assertRaises(UserError):
                report.assignment_ids.with_user(user).completed_at = local(
                    "2026-11-14 23:10"
                )


@tagged("-at_install", "post_install")
class TestNobodyAssigns(CivicCase):
    """BG: a leader assigns what is normal; nobody waits for it in an emergency."""

    def setUp(self):
        super().setUp()
        self.procedure = self.env.ref("civic_report.procedure_bg")
        self.company.civic_procedure_id = self.procedure

    def accepted(self, **values):
        with self.at("2026-11-16 10:00"):
            report = self.make_report(**values)
            report.receive()
            report.dispatch([self.agency.id])
            report.assignment_ids.with_user(self.handler).accept()
        return report

    def test_an_emergency_is_handled_at_once(self):
        report = self.accepted(track="emergency")
        assignment = report.assignment_ids
        self.assertEqual(assignment.clock_code, "process")
        self.assertFalse(assignment.with_user(self.leader).is_mine)
        self.assertTrue(assignment.with_user(self.handler).is_mine)
        verbs = assignment.with_user(self.leader).allowed_verbs
        self.assertNotIn("assign", verbs)

    def test_it_is_received_and_dispatched_in_one_act(self):
        report = self.make_report(track="emergency")
        self.assertLessEqual({"receive", "dispatch"}, set(report.allowed_verbs))
        report.dispatch([self.agency.id])
        codes = report.event_ids.sorted("id").mapped("code")
        self.assertEqual(codes[-2:], ["receive", "dispatch"])
        other = self.make_report()
        self.assertNotIn("dispatch", other.allowed_verbs)
        with self.assertRaisesRegex(UserError, "receive it before"):
            other.dispatch([self.agency.id])

    def test_without_taking_in_a_leader_assigns_first(self):
        self.procedure.accept_step = False
        report = self.walk_to("processing")
        assignment = report.assignment_ids
        self.assertEqual(assignment.clock_code, "assign")
        assignment.with_user(self.leader).assign(self.handler.id)
        self.assertEqual(assignment.clock_code, "process")

    def test_a_text_that_names_it_has_it(self):
        self.procedure = self.procedure.copy({"code": "BG2"})
        self.env["civic.procedure.limit"].create(
            {
                "procedure_id": self.procedure.id,
                "track": "emergency",
                "step": "assign",
                "value": 10,
                "unit": "minute",
            }
        )
        self.company.civic_procedure_id = self.procedure
        report = self.accepted(track="emergency")
        self.assertLocal(report.assignment_ids.deadline, "2026-11-16 10:10")

    def test_what_waits_for_a_leader_becomes_an_emergency_and_back(self):
        report = self.accepted()
        assignment = report.assignment_ids
        self.assertEqual(assignment.clock_code, "assign")
        self.assertTrue(assignment.with_user(self.leader).is_mine)
        with self.at("2026-11-16 10:10"):
            report.set_track("emergency", "Bắt đầu cháy.")
        process = self.step_of(report, "process")
        self.assertFalse(process.deadline)
        self.assertEqual(process.user_id, self.handler)
        with self.at("2026-11-16 10:20"):
            report.set_track("normal", "Đã tắt từ trước.")
        assign = self.step_of(report, "assign")
        self.assertEqual(assign.user_id, self.leader)
        # Half an hour from when it was taken in: it is as if nothing had been raised.
        self.assertLocal(assign.deadline, "2026-11-16 10:30")
        self.assertNotIn("process", report._open_codes())

    def test_a_result_that_waits_goes_back_to_the_normal_time(self):
        report = self.accepted(track="emergency")
        with self.at("2026-11-16 14:00"):
            report.assignment_ids.with_user(self.handler).submit(
                "Đã dập.", local("2026-11-16 11:00")
            )
            self.assertLocal(report.assignment_ids.deadline, "2026-11-16 12:00")
            report.set_track("normal", "Không cháy.")
        # One working hour from the submission.
        self.assertLocal(report.assignment_ids.deadline, "2026-11-16 15:00")
