import re
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.vault.vault import VaultError
from ..rig.frozen import frozen
from ..rig.live import LiveCase, together
from ..rig.outbox import OutboxCase


@tagged("-at_install", "post_install")
class TestOneTimeCodes(OutboxCase):
    """Six digits that prove who sent a report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = cls.env["civic.code"]

    def setUp(self):
        super().setUp()
        self.report = self.make_report()
        self.rows().write({"state": "dropped"})

    def issue(self, report=None, purpose="lookup"):
        """Have a code sent.

        :return: the digits, as the mail server got them
        """
        self.server.received.clear()
        report = self.report if report is None else report
        self.assertTrue(self.codes._issue_sudo(report, purpose))
        self.deliver("cron_outbox_urgent")
        [message] = self.server.messages
        return self.digits(message)

    def told(self):
        """What the message about a new code says."""
        self.issue()
        [message] = self.server.messages
        return message.get_body(("plain",)).get_content()

    def digits(self, message):
        text = message.get_body(("plain",)).get_content()
        [digits] = re.findall(r"^(\d{6})\s*$", text, re.MULTILINE)
        return digits

    def check(self, digits, report=None, purpose="lookup"):
        report = self.report if report is None else report
        return self.codes._check_sudo(report, purpose, digits)

    def wrong(self, digits):
        return f"{(int(digits) + 1) % 10**6:06d}"

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def test_the_sender_gets_six_digits_that_are_right_once(self):
        digits = self.issue()
        [message] = self.server.messages
        self.assertEqual(message["To"], "nguoi.phan.anh@example.com")
        self.assertTrue(self.check(digits))
        self.assertFalse(self.check(digits), "used")

    def test_at_any_hour_and_whatever_its_visibility(self):
        with self.at("2026-11-16 23:30"):
            self.report.set_visibility("secret", "Có tin mật.")
            self.assertTrue(self.check(self.issue()))

    def test_how_long_it_is_valid_stands_in_one_place(self):
        """Also in the notices that a province has edited: these say it or do not."""
        target = "odoo.addons.civic_report.models.messages.one_time_code.VALID"
        self.startPatcher(patch(target, timedelta(minutes=7)))
        notices = self.env["civic.notice"].search([("event", "=", "code")])
        self.assertEqual(set(notices.mapped("channel")), {"email", "sms", "zalo"})
        self.assertIn("valid once and for 7 minutes", self.told())
        self.report.set_visibility("secret", "Có tin mật.")
        self.assertIn("valid once and for 7 minutes", self.told())
        for notice in notices.filtered(lambda notice: notice.channel == "sms"):
            for name in ("body", "discreet_body"):
                self.assertIn("valid for {valid_minutes} minutes", notice[name])
        notices.write({"body": "{one_time_code}", "discreet_body": False})

    def test_a_reader_of_the_database_learns_no_digits(self):
        digits = self.issue()
        self.env.flush_all()
        for table in ("civic_code", "civic_outbox", "civic_event"):
            self.cr.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            kept = " ".join(text for (text,) in self.cr.fetchall())
            self.assertNotRegex(kept, rf"(?<!\d){digits}(?!\d)")
        before = self.codes.search([("report_id", "=", self.report.id)])._digits()
        self.assertEqual(before, digits)
        with patch.object(
            type(self.env["civic.vault"]), "_fingerprint", lambda *args: "f" * 64
        ):
            other = self.codes.search([("report_id", "=", self.report.id)])._digits()
        self.assertNotEqual(other, digits, "the nonce alone does not give them")

    def test_nothing_is_logged(self):
        with self.assertLogs("odoo", "DEBUG") as logs:
            digits = self.issue()
            self.check(digits)
        said = [record.getMessage() for record in logs.records]
        self.assertFalse([text for text in said if digits in text])

    def test_nobody_reads_or_writes_codes(self):
        self.issue()
        for user in (self.administrator, self.operator, self.citizen, self.plain):
            codes = self.codes.with_user(user)
            with self.assertRaises(AccessError):
                codes.search([])

    def test_a_code_that_comes_too_late_is_not_sent(self):
        self.codes._issue_sudo(self.report, "lookup")
        with frozen(fields.Datetime.now() + timedelta(minutes=11)):
            self.deliver()
        self.assertEqual(self.rows(self.report)[-1].state, "expired")
        self.assertFalse(self.server.messages)

    def test_the_message_of_an_older_code_tells_the_newer(self):
        self.codes._issue_sudo(self.report, "lookup")
        self.codes._issue_sudo(self.report, "lookup")
        self.deliver()
        first, second = map(self.digits, self.server.messages)
        self.assertEqual(first, second)
        self.assertTrue(self.check(first))

    def test_whoever_cannot_be_reached_gets_none(self):
        self.reporter.email_from = False
        for report in (self.report, self.report.browse()):
            before = self.rows(), self.codes.search([])
            self.assertFalse(self.codes._issue_sudo(report, "lookup"))
            self.assertEqual((self.rows(), self.codes.search([])), before)

    def test_as_much_is_done_in_vain(self):
        """Who may be reached cannot be told by the time it takes."""

        def cost(report):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.codes._issue_sudo(report, "lookup")
            return self.cr.sql_log_count - before

        cost(self.report)
        right = cost(self.report)
        in_vain = cost(self.report.browse())
        # Two statements open the savepoint, two end it.
        self.assertLessEqual(abs(in_vain - right), 6, (right, in_vain))

    def test_without_the_key_nothing_is_sent(self):
        absent = VaultError("no key")
        with (
            patch.object(
                type(self.env["civic.vault"]), "_active_key", side_effect=absent
            ),
            self.assertRaises(VaultError),
        ):
            self.codes._issue_sudo(self.report, "lookup")
        self.assertFalse(self.codes.search([("report_id", "=", self.report.id)]))

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------

    def test_five_tries(self):
        digits = self.issue()
        for _index in range(4):
            self.assertFalse(self.check(self.wrong(digits)))
        self.assertTrue(self.check(digits))
        digits = self.issue()
        for _index in range(5):
            self.assertFalse(self.check(self.wrong(digits)))
        self.assertFalse(self.check(digits), "five tries are over")
        self.assertTrue(self.check(self.issue()), "a new code has tries of its own")

    def test_ten_minutes(self):
        digits = self.issue()
        now = fields.Datetime.now()
        with frozen(now + timedelta(minutes=10, seconds=1)):
            self.assertFalse(self.check(digits))
        with frozen(now + timedelta(minutes=9, seconds=50)):
            self.assertTrue(self.check(digits))

    def test_a_new_code_voids_the_older(self):
        old = self.issue()
        new = self.issue()
        if old != new:
            self.assertFalse(self.check(old))
        self.assertTrue(self.check(new))

    def test_each_report_and_purpose_has_its_own(self):
        other = self.make_report()
        self.rows().write({"state": "dropped"})
        digits = self.issue()
        theirs, verify = self.issue(other), self.issue(purpose="verify")
        self.assertEqual(len({digits, theirs, verify}), 3)
        self.assertFalse(self.check(digits, report=other))
        self.assertFalse(self.check(digits, purpose="verify"))
        self.assertFalse(self.check(digits, report=other.browse()))
        self.assertTrue(self.check(digits))
        self.assertTrue(self.check(theirs, report=other))

    def test_what_is_typed(self):
        digits = self.issue()
        for typed in ("", None, "abc", "١٢٣٤٥٦", "9" * 10**5, digits + "0"):
            # A try each: the code would be used up.
            self.codes.search([]).tries_left = 5
            self.assertFalse(self.check(typed), typed)
        self.assertTrue(self.check(f" {digits[:3]} {digits[3:]} "))

    def test_under_a_key_that_is_replaced(self):
        digits = self.issue()
        vault = type(self.env["civic.vault"])
        known = self.env["civic.vault"]._fingerprints

        def two_keys(vault, kind, value):
            return ["0" * 64, *known(kind, value)]

        with patch.object(vault, "_fingerprints", two_keys):
            self.assertTrue(self.check(digits))

    def test_old_codes_are_forgotten(self):
        self.issue()
        now = fields.Datetime.now()
        with frozen(now + timedelta(hours=24)):
            self.codes._gc_old()
        self.assertTrue(self.codes.search_count([]))
        with frozen(now + timedelta(hours=25)):
            self.codes._gc_old()
        self.assertFalse(self.codes.search_count([]))


@tagged("-at_install", "post_install")
class TestCodesAtOnce(LiveCase):
    """Many at the same moment have no more tries than one after the other."""

    def test_ten_guesses_at_once_are_no_more_than_five(self):
        with self.committed():
            report = self.make_report().sudo()
            self.env["civic.code"]._issue_sudo(report, "lookup")

        def guess(index, wait):
            with self.registry.cursor() as cr:
                codes = report.with_env(report.env(cr=cr)).env["civic.code"]
                wait()
                # What the server does with a transaction that met another one.
                for _again in range(20):
                    try:
                        with cr.savepoint(flush=False):
                            return bool(codes._take_try(report, "lookup"))
                    except SerializationFailure:
                        cr.rollback()
            return None

        with mute_logger("odoo.sql_db"):
            taken = together(10, guess)
        self.assertEqual(taken.count(True), 5, taken)
        self.assertEqual(taken.count(False), 5, taken)
