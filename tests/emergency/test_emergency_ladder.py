"""Who is told of an emergency, who can be called, and how its result comes in."""

from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rig.clock import ClockCase
from ..rig.common import local
from ..rig.law import LawCase


@tagged("-at_install", "post_install")
class TestEmergencyLadder(ClockCase):
    def fire(self, state="new"):
        with self.at("2026-11-14 23:00"):
            return self.walk_to(state, self.make_report(track="emergency"))

    def test_the_centre_at_once_the_province_after_half_an_hour(self):
        report = self.fire()
        step = self.step_of(report, "intake")
        self.assertLocal(step.centre_at, "2026-11-14 23:30")
        self.assertLocal(step.province_at, "2026-11-15 00:00")
        told = dict(self.beat("2026-11-14 23:31"))
        # Nobody has taken it yet: everybody at the Centre is told.
        for login in ("operator", "manager", "administrator"):
            self.assertEqual(told[f"civic_{login}"], "1 overdue", login)
        self.assertNotIn("civic_province_leader", told)
        self.assertEqual(
            self.beat("2026-11-15 00:01"), [("civic_province_leader", "1 overdue")]
        )

    def test_the_figures_are_the_procedures(self):
        self.procedure.write(
            {"emergency_centre_after": 10, "emergency_province_after": 20}
        )
        step = self.step_of(self.fire(), "intake")
        self.assertLocal(step.centre_at, "2026-11-14 23:40")
        self.assertLocal(step.province_at, "2026-11-14 23:50")
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.procedure.emergency_centre_after = -1
            self.env.flush_all()

    def test_what_is_normal_keeps_its_ladder(self):
        with self.at("2026-11-16 10:00"):
            step = self.step_of(self.make_report(), "intake")
        self.assertLocal(step.centre_at, "2026-11-16 15:00")
        told = dict(self.beat("2026-11-16 15:01"))
        self.assertNotIn("civic_operator", told)

    def queued(self):
        rows = self.env["civic.outbox"].search([("audience", "=", "centre")])
        return sorted(rows.mapped("channel"))

    def test_the_centres_duty_telephone_by_call_and_sms(self):
        # Whatever gateway the province has.
        outbox = type(self.env["civic.outbox"])
        self.startPatcher(patch.object(outbox, "_goes_by", lambda *_args: True))
        self.fire()
        self.beat("2026-11-14 23:31")
        self.assertFalse(self.queued(), "no telephone is known")
        self.company.civic_duty_phone = "0234 3 822 822"
        second = self.fire()
        self.beat("2026-11-14 23:32")
        self.assertEqual(self.queued(), ["call", "sms"])
        rows = self.env["civic.outbox"].search([("audience", "=", "centre")])
        self.assertEqual(set(rows.mapped("priority")), {0})
        self.assertEqual(rows[0]._recipient_phone(), "+842343822822")
        self.beat("2026-11-14 23:33")
        self.assertEqual(len(self.queued()), 2, "once")
        with self.at("2026-11-14 23:33"):
            self.assertFalse(rows[0]._is_moot())
            second.dispatch([self.agency.id])
            self.env.invalidate_all()
            self.assertTrue(rows[0]._is_moot(), "somebody has seen to it")

    def test_a_wrong_number_is_refused(self):
        with self.assertRaises(ValidationError):
            self.company.civic_duty_phone = "trực ban"

    # ------------------------------------------------------------------
    # Who cannot be called
    # ------------------------------------------------------------------

    def test_the_centre_is_warned_of_who_cannot_be_called(self):
        report = self.fire("processing")
        kind = self.env.ref("civic_report.activity_unanswered")
        asked = report.activity_ids.filtered(lambda row: row.activity_type_id == kind)
        self.assertEqual(asked.user_id, self.operator)
        self.agency.duty_phone = "0234 3 111 111"
        report = self.fire("processing")
        self.assertNotIn(kind, report.activity_ids.activity_type_id)

    def test_also_of_those_whom_the_lead_invites(self):
        self.procedure.lead_and_co = True
        self.agency.duty_phone = "0234 3 111 111"
        report = self.fire("accepted")
        kind = self.env.ref("civic_report.activity_unanswered")
        self.assertNotIn(kind, report.activity_ids.activity_type_id)
        lead = report.assignment_ids.with_user(self.handler)
        lead.invite(self.other_agency.ids, "Hỗ trợ chữa cháy.")
        self.assertIn(kind, report.activity_ids.activity_type_id)

    def test_the_dialog_warns(self):
        report = self.fire("received")
        wizards = self.env["civic.wizard.dispatch"].with_user(self.operator)
        wizard = wizards.with_context(
            active_model="civic.report", active_id=report.id
        ).create({})
        wizard.line_ids = [
            (5,),
            (0, 0, {"agency_id": self.agency.id, "is_ticked": True}),
        ]
        self.assertEqual(wizard.unreachable, self.agency.name)
        wizard.track = "normal"
        self.assertFalse(wizard.unreachable)

    def test_administrators_see_which_agencies(self):
        fire = self.env.ref("civic_report.category_emergency_fire")
        agencies = self.env["civic.agency"]
        mine = [("id", "in", (self.agency | self.other_agency).ids)]
        bare = [*mine, ("is_unreachable", "=", True)]
        self.assertFalse(agencies.search(bare))
        self.agency.category_ids = fire
        self.other_agency.emergency_service = "114"
        self.assertEqual(agencies.search(bare), self.agency | self.other_agency)
        self.assertTrue(self.agency.is_unreachable)
        health = self.env["civic.health"]._health_check_duty_phones()
        self.assertEqual(health.state, "look")
        self.assertIn(self.agency.name, health.found)
        self.agency.duty_phone = self.other_agency.duty_phone = "0234 3 111 111"
        self.assertFalse(agencies.search(bare))
        self.assertFalse(self.agency.is_unreachable)
        rest = [*mine, ("is_unreachable", "=", False)]
        self.assertEqual(len(agencies.search(rest)), 2)


@tagged("-at_install", "post_install")
class TestSentOtherwise(LawCase):
    """ST Điều 19, bước 3: “cập nhật … hoặc gửi thông tin thông qua văn bản hoặc thư
    điện tử cho Trung tâm”, within 4 hours from the completion."""

    province = "st"

    def do_record(self, report, key, completed, sent):
        self.assignment(key).with_user(report.env.user).record_result(
            "Đã dập tắt.",
            "12/CV-PCCC ngày 14/6/2026",
            local(f"2026-{completed.replace('_', ' ')}"),
            local(f"2026-{sent.replace('_', ' ')}"),
        )

    def test_sent_in_time_typed_in_later(self):
        report = self.tell("""
        06-14 03:00 | citizen: send emergency | new | intake 06-14 03:00
        06-14 03:05 | operator: dispatch A | processing A:pending
            | accept@A –, process@A –, return_wrong@A 06-15 17:00
        06-14 09:00 | operator: !record A 06-14_03:04 06-14_08:00
            | processing A:pending | =
        06-14 09:00 | operator: !record A 06-14_06:00 06-14_09:01
            | processing A:pending | =
        06-14 09:00 | operator: !record A 06-14_08:30 06-14_08:00
            | processing A:pending | =
        # It was over at 6, the mail came at 8; at 14:00 it is typed in: not late.
        06-14 14:00 | operator: record A 06-14_06:00 06-14_08:00
            | resolved A:approved | publish 06-15 17:00
        """)
        event = report.sudo().event_ids.filtered(
            lambda row: row.code == "record_result"
        )
        self.assertIn("12/CV-PCCC", event.note)
        self.assertIn("14/06/2026 06:00", event.note)
        self.assertEqual(event.user_id, self.operator)
        self.assertEqual(report.public_result, "Đã dập tắt.")
        assignment = report.assignment_ids
        self.assertFalse(assignment.approved_by_id, "its leader signed elsewhere")

    def test_sent_too_late(self):
        self.tell("""
        06-14 03:00 | citizen: send emergency | new | intake 06-14 03:00
        06-14 03:05 | operator: dispatch A | processing A:pending
            | accept@A –, process@A –, return_wrong@A 06-15 17:00
        # 4 hours from 6 are over at 10.
        06-14 14:00 | operator: record A 06-14_06:00 06-14_10:01
            | resolved A:approved | publish 06-15 17:00 | approve@A
        """)

    def test_of_an_emergency_alone_and_by_the_centre_alone(self):
        report = self.walk_to("processing")
        assignment = report.assignment_ids
        with self.assertRaisesRegex(UserError, "emergency"):
            assignment.with_user(self.operator).record_result("Xong.", "12/CV")
        self.assertNotIn(
            "record_result", assignment.with_user(self.operator).allowed_verbs
        )
        urgent = self.walk_to("processing", self.make_report(track="emergency"))
        assignment = urgent.assignment_ids
        self.assertIn(
            "record_result", assignment.with_user(self.operator).allowed_verbs
        )
        for user in (self.handler, self.leader):
            with self.assertRaises(AccessError):
                assignment.with_user(user).record_result("Xong.", "12/CV")
        for missing in (("", "12/CV"), ("Xong.", " ")):
            with self.assertRaises(UserError):
                assignment.with_user(self.operator).record_result(*missing)

    def test_the_dialog(self):
        report = self.walk_to("processing", self.make_report(track="emergency"))
        assignment = report.assignment_ids
        wizard = (
            self.env["civic.wizard.record.result"]
            .with_user(self.operator)
            .with_context(active_model=assignment._name, active_id=assignment.id)
            .create(
                {
                    "result": "Đã dập tắt.",
                    "document": "Trực ban gọi",
                    "completed_at": assignment.dispatched_at,
                }
            )
        )
        wizard.action_confirm()
        self.assertEqual(assignment.state, "approved")


@tagged("-at_install", "post_install")
class TestOutcome(ClockCase):
    """Whoever put a call through asks what became of it."""

    def transferred(self):
        with self.at("2026-11-14 23:00"):
            report = self.make_report(track="emergency")
            report.transfer("114")
        return report

    def test_somebody_has_the_duty_to_ask(self):
        report = self.transferred()
        step = self.step_of(report, "outcome")
        self.assertEqual(step.user_id, self.operator)
        self.assertFalse(step.deadline)
        self.assertFalse(step.is_overdue)
        kind = self.env.ref("civic_report.activity_outcome")
        self.assertIn(kind, report.activity_ids.activity_type_id)
        # Reminded after a day, and after another.
        self.assertEqual(self.beat("2026-11-15 23:00"), [])
        self.assertEqual(
            self.beat("2026-11-15 23:01"), [("civic_operator", "1 due soon")]
        )
        self.assertEqual(
            self.beat("2026-11-16 23:01"), [("civic_operator", "1 due soon")]
        )
        self.assertEqual(self.beat("2027-01-01 00:00"), [])

    def test_what_was_said_is_published(self):
        report = self.transferred()
        self.other_agency.emergency_service = "114"
        with self.at("2026-11-15 08:00"):
            for wrong in ("2026-11-14 22:59", "2026-11-15 08:01"):
                with self.assertRaises(UserError):
                    report.record_outcome("Đã dập tắt.", "12/CV", local(wrong))
            report.record_outcome("Đã dập tắt.", "12/CV", local("2026-11-15 01:00"))
        self.assertEqual(report.state, "resolved")
        self.assertEqual(report.agency_id, self.other_agency)
        self.assertNotIn("outcome", report._open_codes())
        event = report.sudo().event_ids.filtered(
            lambda row: row.code == "record_outcome"
        )
        self.assertIn("12/CV", event.note)
        with self.at("2026-11-16 08:00"):
            report.publish()
        self.assertEqual(report.state, "done")

    def test_an_agency_that_has_it_answers_itself(self):
        report = self.transferred()
        report.dispatch([self.agency.id])
        self.assertNotIn("outcome", report._open_codes())

    def test_put_through_again_it_is_one_duty(self):
        report = self.transferred()
        report.transfer("115")
        self.step_of(report, "outcome")

    def test_only_of_what_was_put_through(self):
        report = self.walk_to("received")
        self.assertNotIn("record_outcome", report.allowed_verbs)
        with self.assertRaisesRegex(UserError, "put through"):
            report.record_outcome("Đã dập tắt.", "12/CV")
