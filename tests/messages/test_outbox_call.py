import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..rig.ways import WaysCase

LONG_AGO = timedelta(minutes=10)


@tagged("-at_install", "post_install")
class TestOutboxCall(WaysCase, HttpCase):
    """In an emergency the agency's duty telephone is called until somebody answers."""

    way = "call"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_call()
        cls.agency.duty_phone = "0234 3456 789"

    def emergency(self, mode="accept"):
        with self.at("2026-11-16 22:00"):
            report = self.make_report(track="emergency")
            if report.state == "new":
                report.receive()
            report.dispatch([self.agency.id])
            self.stringee.mode = mode
            self.deliver("cron_outbox_urgent")
        return self.rows(report, channel="call")

    def again(self, row):
        with self.at("2026-11-16 22:00") as clock:
            clock.move_to(max(row.due_at, fields.Datetime.now()))
            self.deliver("cron_outbox_urgent")

    def report(self, row, at=None, **event):
        event.setdefault("call_id", row.provider_ref or "call-vn-1-1")
        with self.at("2026-11-16 22:00") as clock:
            clock.move_to(at or self.queued(row) + timedelta(seconds=30))
            response = self.url_open(
                f"/civic_report/webhook/{self.calls.token}",
                data=json.dumps(event),
                headers={"Content-Type": "application/json"},
            )
        self.env.invalidate_all()
        self.assertEqual((response.status_code, response.content), (200, b""))

    def queued(self, row):
        return row.queued_at

    def reminders(self, row):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "civic.report"),
                ("res_id", "=", row.report_id.id),
                (
                    "activity_type_id",
                    "=",
                    self.env.ref("civic_report.activity_unanswered").id,
                ),
            ]
        )

    def test_only_emergencies_are_called(self):
        report = self.walk_to("processing")
        self.assertFalse(self.rows(report, channel="call"))
        self.assertTrue(self.emergency())

    def test_the_duty_telephone_rings_and_somebody_answers(self):
        row = self.emergency()
        [asked] = self.stringee.requests
        self.assertEqual(asked["path"], "/call2/callout")
        self.assertEqual(asked["body"]["to"][0]["number"], "842343456789")
        [action] = asked["body"]["actions"]
        self.assertIn(row.report_id.name, action["text"])
        self.assertEqual((row.state, row.calls), ("waiting", 1))
        self.report(row, call_status="answered")
        self.assertEqual(row.state, "sent")
        self.report(row, call_status="ended", answerDuration=0)
        self.again(row)
        self.assertEqual(len(self.stringee.requests), 1)
        self.assertFalse(self.reminders(row))

    def test_grave_cases_ring_without_an_assignment(self):
        """Whoever is on duty at the service to which a call was put through."""
        self.agency.emergency_service = "113"
        with self.at("2026-11-16 22:00"):
            report = self.make_report(track="emergency")
            report._elevated().transferred_to = "113"
            report._elevated()._log_note("grave", "Có người bị thương")
            self.deliver("cron_outbox_urgent")
        row = self.rows(report, channel="call")
        self.assertEqual((row.agency_id, row.calls), (self.agency, 1))
        self.assertEqual(len(self.stringee.requests), 1)

    def test_one_call_at_a_time(self):
        row = self.emergency()
        with self.at("2026-11-16 22:01"):
            self.deliver("cron_outbox_urgent")
            self.deliver()
        self.assertEqual(len(self.stringee.requests), 1, "it still rings")
        self.env["civic.outbox"]._queue_assigned(row.assignment_id.sudo())
        self.assertEqual(len(self.rows(row.report_id, channel="call")), 1)

    def test_busy_is_called_again_soon(self):
        row = self.emergency()
        ended = self.queued(row) + timedelta(seconds=10)
        self.report(
            row,
            ended,
            call_status="ended",
            answerDuration=0,
            endCallCause="486 Busy Here",
        )
        self.assertEqual(row.due_at, ended + timedelta(minutes=1))
        self.again(row)
        self.assertEqual(row.calls, 2)
        self.report(row, call_id="call-vn-1-1", call_status="ended", answerDuration=9)
        self.assertEqual(row.state, "waiting", "of an earlier call")
        self.report(row, call_status="ended", answerDuration=9)
        self.assertEqual(row.state, "sent")

    def test_nobody_answers_and_the_centre_is_told(self):
        row = self.emergency()
        for _number in range(3):
            self.assertFalse(self.reminders(row))
            self.again(row)
        self.assertEqual((row.state, row.calls), ("dead", 3))
        self.assertEqual(len(self.stringee.requests), 3)
        self.assertIn("Nobody answers", row.error)
        people = self.reminders(row).user_id
        self.assertTrue(people)
        self.assertLessEqual(people, row.report_id.operator_id | self.manager | people)
        self.again(row)
        self.assertEqual(len(self.stringee.requests), 3)

    def test_whoever_has_taken_it_in_is_not_called_again(self):
        row = self.emergency()
        row.assignment_id.with_user(self.handler).accept()
        self.again(row)
        self.assertEqual((row.state, len(self.stringee.requests)), ("expired", 1))

    def test_no_call_can_be_made_and_the_centre_is_told(self):
        row = self.emergency("unavailable")
        tries = 0
        while row.state == "waiting" and tries < 10:
            tries, tried = tries + 1, row.due_at
            self.again(row)
        self.assertEqual(row.state, "dead")
        self.assertLess(tried - row.queued_at, timedelta(minutes=15))
        self.assertTrue(self.reminders(row))

    def test_a_call_that_may_ring_is_let_ring(self):
        row = self.emergency("silent")
        self.assertEqual((row.state, row.calls), ("waiting", 1))
        self.assertGreaterEqual(row.due_at - row.queued_at, timedelta(minutes=2))

    def test_a_worker_that_died_may_have_called(self):
        row = self.emergency("unavailable")
        row.write({"state": "sending", "claimed_at": row.queued_at - LONG_AGO})
        self.stringee.mode = "accept"
        asked = len(self.stringee.requests)
        self.again(row)
        self.assertEqual(len(self.stringee.requests), asked)
        self.assertEqual((row.state, row.calls), ("waiting", 1))
        self.again(row)
        self.assertEqual(len(self.stringee.requests), asked + 1)

    def test_nobody_else_speaks_of_calls(self):
        row = self.emergency()
        answered = {"call_id": row.provider_ref, "call_status": "answered"}
        for path in ("x", "ă", self.calls.token[:-1]):
            response = self.url_open(
                f"/civic_report/webhook/{path}",
                data=json.dumps(answered),
                headers={"Content-Type": "application/json"},
            )
            self.assertEqual((response.status_code, response.content), (404, b""))
        for event in ({}, {"call_id": 7}, {"call_id": ""}, {"call_id": "who"}):
            self.report(row, **{"call_id": "", **event})
        self.assertEqual(row.state, "waiting")
