"""Arrivals told to one mailbox are joined: nobody's mailbox is filled by strangers."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..rig.frozen import frozen
from ..rig.outbox import OutboxCase

VICTIM = "nan.nhan@example.com"


@tagged("-at_install", "post_install")
class TestJoinedArrivals(OutboxCase):
    joins_arrivals = True

    def reports_of(self, number, address=VICTIM):
        """So many forms that name an address, each of another telephone."""
        reports = self.env["civic.report"]
        for index in range(number):
            reporter = self.reporter.create(
                {
                    "name": "Người gửi ẩn danh",
                    "phone": f"09123450{index:02}",
                    "email_from": address,
                }
            )
            reports |= self.make_report(reporter_id=reporter.id)
        return reports.sudo()

    def texts(self):
        """What citizens are told: the Centre hears of emergencies, too."""
        return [
            message.get_body(("plain",)).get_content()
            for message in self.server.messages
            if message["To"] == VICTIM
        ]

    def after(self, **time):
        return frozen(fields.Datetime.now() + timedelta(**time))

    def test_a_stranger_gets_one(self):
        reports = self.reports_of(12)
        self.deliver()
        self.assertEqual(len(self.texts()), 1)
        # Those that came before it was sent are told in it.
        for report in reports:
            self.assertIn(report.name, self.texts()[0])
        more = self.reports_of(20)
        self.deliver()
        with self.after(hours=5):
            self.deliver()
        self.assertEqual(len(self.texts()), 1)
        self.assertEqual(set(self.rows(more[0]).mapped("state")), {"waiting"})
        # The next day all of them are told, in one message: each code is learnt.
        with self.after(hours=24, minutes=5):
            self.deliver()
        self.assertEqual(len(self.texts()), 2)
        for report in more:
            self.assertIn(report.name, self.texts()[1])
        states = self.env["civic.outbox"].search(
            [("report_id", "in", (reports | more).ids)]
        )
        self.assertEqual(set(states.mapped("state")), {"sent"})

    def test_whoever_confirmed_gets_one_in_ten_minutes(self):
        [first] = self.reports_of(1)
        self.deliver()
        self.env["civic.code"]._issue_sudo(first, "lookup")
        digits = self.env["civic.code"].search([])._digits()
        held = self.reports_of(3)
        self.deliver()
        self.server.received.clear()
        self.assertTrue(self.env["civic.code"]._check_sudo(first, "lookup", digits))
        with self.after(minutes=11):
            self.deliver()
        [text] = self.texts()
        for report in held:
            self.assertIn(report.name, text)

    def test_once_the_centre_answers_they_are_told(self):
        [first] = self.reports_of(1)
        self.deliver()
        [held] = self.reports_of(1)
        self.deliver()
        self.server.received.clear()
        first.with_user(self.operator).receive()
        self.deliver()
        with self.after(minutes=11):
            self.deliver()
        self.assertTrue([text for text in self.texts() if held.name in text])

    def test_a_mailbox_alone_is_bounded(self):
        self.reports_of(2)
        self.reports_of(1, "khac@example.com")
        self.deliver()
        told = sorted(message["To"] for message in self.server.messages)
        self.assertEqual(told, ["khac@example.com", VICTIM])

    def test_an_emergency_waits_for_an_emergency_alone(self):
        self.reports_of(1)
        self.deliver()
        [held] = self.reports_of(1)
        urgent = self.make_report(track="emergency", reporter_id=held.reporter_id.id)
        self.deliver("cron_outbox_urgent")
        self.assertEqual(len(self.texts()), 2)
        for report in (urgent, held):
            self.assertIn(report.name, self.texts()[1])
        self.make_report(track="emergency", reporter_id=held.reporter_id.id)
        self.deliver("cron_outbox_urgent")
        self.assertEqual(len(self.texts()), 2)
        with self.after(minutes=11):
            self.deliver("cron_outbox_urgent")
        self.assertEqual(len(self.texts()), 3)

    def test_the_limit_is_the_administrators(self):
        self.env["civic.throttle.limit"].search([("scope", "=", "ack")]).unlink()
        for _time in range(3):
            self.reports_of(1)
            self.deliver()
        self.assertEqual(len(self.texts()), 3)

    def test_a_message_that_fails_is_tried_again(self):
        self.reports_of(2)
        self.server.mode = "busy"
        self.deliver()
        self.server.mode = "accept"
        with self.after(hours=1):
            self.deliver()
        self.assertEqual(len(self.texts()), 1)
        self.assertIn(", ", self.texts()[0])
