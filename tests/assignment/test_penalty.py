from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..rig.common import CivicCase

BASIS = "Nghị định 16/2022/NĐ-CP"


@tagged("-at_install", "post_install")
class TestPenalty(CivicCase):
    """An administrative penalty: who asks, who confirms, what it does to the limit."""

    def setUp(self):
        super().setUp()
        self.report = self.walk_to("accepted")
        self.assignment = self.report.sudo().assignment_ids
        self.as_handler = self.assignment.with_user(self.handler).sudo(False)
        self.as_leader = self.assignment.with_user(self.leader).sudo(False)
        self.today = self.company._civic_today()

    def ask(self):
        self.as_handler.ask_penalty(BASIS, "07/BB-VPHC", self.today)

    def test_only_the_leader_s_word_lifts_the_limit(self):
        self.ask()
        self.assertFalse(self.assignment.penalty_procedure)
        self.assertTrue(self.assignment.deadline)
        step = self.step_of(self.assignment, "confirm_penalty")
        self.assertEqual(step.user_id, self.leader)
        with self.assertRaises(AccessError):
            self.as_handler.confirm_penalty()
        with self.assertRaisesRegex(UserError, "already"):
            self.ask()
        self.as_leader.confirm_penalty()
        self.assertTrue(self.assignment.penalty_procedure)
        self.assertFalse(self.assignment.deadline)
        with self.assertRaisesRegex(UserError, "no penalty has been asked"):
            self.as_leader.confirm_penalty()

    def test_whether_a_leader_is_waited_for(self):
        """Asked for, and the leader's turn still open."""
        self.assertFalse(self.assignment._awaits_confirmation())
        self.ask()
        self.assertTrue(self.assignment._awaits_confirmation())
        step = self.step_of(self.assignment, "confirm_penalty")
        step.with_env(self.assignment._elevated().env).state = "dropped"
        self.assertEqual(self.assignment.penalty_state, "asked")
        self.assertFalse(self.assignment._awaits_confirmation())
        self.ask()
        self.as_leader.confirm_penalty()
        self.assertFalse(self.assignment._awaits_confirmation())

    def test_nobody_confirms_the_own_wish(self):
        self.handler.group_ids += self.env.ref("civic_report.group_leader")
        self.agency.leader_ids += self.handler
        self.ask()
        self.assertNotIn("confirm_penalty", self.as_handler.allowed_verbs)
        with self.assertRaisesRegex(AccessError, "another leader"):
            self.as_handler.confirm_penalty()

    def test_only_where_the_text_says_so(self):
        for province, lifts, known in (
            ("hue", True, True),
            ("bg", True, True),
            ("bp", False, True),
            ("st", False, False),
            ("qn", False, False),
        ):
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            self.report._elevated().procedure_id = procedure
            self.assignment._elevated().state = "assigned"  # where a leader does so
            self.assignment.invalidate_recordset()
            with self.subTest(province), self.env.cr.savepoint() as savepoint:
                if not known:
                    with self.assertRaisesRegex(UserError, "knows no penalty"):
                        self.ask()
                    self.assertNotIn("ask_penalty", self.as_handler.allowed_verbs)
                    continue
                self.ask()
                self.as_leader.confirm_penalty()
                self.assertEqual(bool(self.assignment.deadline), not lifts)
                savepoint.rollback()

    def test_not_confirmed(self):
        handling = self.step_of(self.assignment, "process")
        self.ask()
        before = self.assignment.deadline
        self.as_leader.end_penalty("Chưa đủ căn cứ.")
        self.assertEqual(self.assignment.penalty_state, "ended")
        self.assertEqual(self.assignment.deadline, before)
        # Nothing was lifted: the duty went on, and did not begin anew.
        self.assertEqual(self.step_of(self.assignment, "process"), handling)
        event = self.assignment.event_ids.filtered(
            lambda row: row.code == "end_penalty"
        )
        self.assertFalse(event.is_public)
        self.ask()
        self.assertEqual(self.assignment.penalty_state, "asked")

    def test_dates_and_numbers(self):
        for basis, number, date in (
            (" ", "7/BB", self.today),
            (BASIS, " ", self.today),
            (BASIS, "7/BB", "x"),
            (BASIS, "7/BB", None),
            (BASIS, "7/BB", "2999-01-01"),
        ):
            with self.assertRaises(UserError):
                self.as_handler.ask_penalty(basis, number, date)
        self.assertFalse(self.assignment.penalty_state)
        with self.assertRaisesRegex(UserError, "no penalty"):
            self.as_handler.record_penalty_decision("9/QĐ", self.today)
        self.ask()
        self.as_leader.confirm_penalty()
        with self.assertRaisesRegex(UserError, "before"):
            self.as_handler.record_penalty_decision("9/QĐ", "2020-01-01")
        with self.assertRaisesRegex(UserError, "no decision"):
            self.as_handler.record_penalty_execution(self.today)
        self.as_handler.record_penalty_decision("9/QĐ-XPHC", self.today)
        step = self.step_of(self.assignment, "execute_penalty")
        self.assertFalse(step.deadline)
        # It is followed up beyond the answer, until it is done.
        self.as_handler.end_penalty("Đã ra quyết định.")
        self.submit(self.assignment)
        self.as_leader.approve()
        self.report.publish()
        self.assertEqual(step.state, "open")
        self.as_handler.record_penalty_execution(self.today)
        self.assertEqual(step.state, "done")
        self.assertEqual(self.assignment.penalty_executed_at, self.today)

    def test_the_citizen_is_told_of_the_progress(self):
        with self.assertRaises(AccessError):
            self.report.sudo(False).assignment_ids.report_progress("Đang xác minh.")
        self.as_handler.report_progress("Đang lập biên bản.")
        event = self.assignment.event_ids.filtered(
            lambda row: row.code == "report_progress"
        )
        self.assertTrue(event.is_public)
        notes = {
            row["code"]: row["note"] for row in self.report.sudo()._timeline(own=True)
        }
        self.assertEqual(notes["report_progress"], "Đang lập biên bản.")
        self.assertNotIn("Đang lập biên bản", str(self.report.sudo()._timeline()))
        told = self.env["civic.outbox"].search(
            [("report_id", "=", self.report.id), ("channel", "=", "email")]
        )
        told = told.filtered(lambda row: row.notice_id.event == "report_progress")
        self.assertIn("Đang lập biên bản.", told._words()[1])

    def test_the_earlier_name(self):
        self.as_handler.mark_penalty(BASIS)
        self.assertEqual(self.assignment.penalty_state, "asked")
        self.assertEqual(self.assignment.penalty_basis, BASIS)
