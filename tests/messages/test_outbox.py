from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rig.outbox import OutboxCase


@tagged("-at_install", "post_install")
class TestOutbox(OutboxCase):
    """Who is told of what, in which words, and when."""

    # ------------------------------------------------------------------
    # Queueing
    # ------------------------------------------------------------------

    def test_each_step_tells_the_citizen_once(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("done")
        told = self.rows(report, audience="reporter").mapped("notice_id.event")
        self.assertEqual(told, ["send", "receive", "dispatch", "publish"])
        self.env["civic.outbox"]._queue_events(report.sudo().event_ids)
        self.assertEqual(len(self.rows(report, audience="reporter")), 4)

    def test_agency_and_handler_are_told_of_a_new_assignment(self):
        report = self.walk_to("processing")
        rows = self.rows(report, notice_id=None) or self.rows(report)
        rows = rows.filtered(lambda row: row.notice_id.event == "assigned")
        self.assertEqual(
            {(row.audience, (row.agency_id or row.user_id).name) for row in rows},
            {("agency", "Sở Xây dựng"), ("user", self.handler.name)},
        )

    def test_nothing_is_told_of_what_is_rolled_back(self):
        report = self.make_report()
        before = self.rows(report)
        with self.assertRaises(UserError), self.cr.savepoint():
            report.receive()
            report.dispatch([])
        self.assertEqual(self.rows(report), before)

    def test_rows_hold_no_identity(self):
        report = self.walk_to("done")
        self.deliver()
        self.env.flush_all()
        self.cr.execute(
            "SELECT row_to_json(o)::text FROM civic_outbox o WHERE report_id = %s",
            [report.id],
        )
        kept = "".join(text for (text,) in self.cr.fetchall())
        for secret in (self.reporter.name, self.reporter.phone, "nguoi.phan.anh"):
            self.assertNotIn(secret, kept)

    def test_quiet_hours_are_for_citizens_and_not_for_emergencies(self):
        self.keep_quiet(22, 7)
        with self.at("2026-11-16 22:30"):
            report = self.walk_to("processing")
            urgent = self.make_report(track="emergency")
        rows = self.rows(report)
        for row in rows.filtered(lambda row: row.audience == "reporter"):
            self.assertLocal(row.due_at, "2026-11-17 07:00")
        for row in rows.filtered(lambda row: row.audience != "reporter"):
            self.assertLocal(row.due_at, "2026-11-16 22:30")
        for row in self.rows(urgent):
            self.assertLocal(row.due_at, "2026-11-16 22:30")

    def test_unknown_channel_is_refused(self):
        outbox = self.env["civic.outbox"]
        with self.assertRaisesRegex(ValueError, "pigeon"):
            outbox._prepare_row((1, "reporter", "pigeon", 0), self.company)

    def test_texts_name_only_what_is_known(self):
        notice = self.env.ref("civic_report.notice_send")
        with self.assertRaisesRegex(ValidationError, "{name}"):
            notice.body = "Dear {name}"

    # ------------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------------

    def test_the_citizen_gets_a_letter(self):
        with self.at("2026-11-16 10:00"):
            report = self.make_report()
            self.deliver()
        row = self.rows(report)
        self.assertEqual((row.state, row.attempts), ("sent", 1))
        [message] = self.server.messages
        self.assertEqual(message["To"], "nguoi.phan.anh@example.com")
        self.assertIn("phananh@example.com", message["From"])
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        self.assertIn(row.external_id, message["Message-ID"])
        for kind in ("plain", "html"):
            text = message.get_body((kind,)).get_content()
            self.assertIn(report.name, text)
            self.assertIn("Dear Sir or Madam", text)
            self.assertNotIn(self.reporter.name, text)
        self.assertTrue(self.server.received[0].isascii())

    def test_what_citizens_write_stays_literal(self):
        evil = "{{7*7}} <t t-out='7*7'/> <script>alert(1)</script> {code} %(code)s"
        with self.at("2026-11-16 10:00"):
            report = self.make_report()
            report.request_supplement(evil)
            self.deliver()
        plain = self.server.messages[-1].get_body(("plain",)).get_content()
        html = self.server.messages[-1].get_body(("html",)).get_content()
        self.assertIn(evil, plain)
        self.assertNotIn("<script", html)
        self.assertNotIn("<t ", html)
        self.assertIn("&lt;script&gt;", html)
        self.assertIn("{{7*7}}", html)

    def test_private_reports_are_named_by_code_alone(self):
        with self.at("2026-11-16 10:00"):
            report = self.make_report(visibility="private")
            report.request_supplement("Cho biết số thửa đất.")
            report.with_user(self.citizen).supply("Thửa 17.")
            self.walk_to("done", report)
            report._elevated().public_result = "Đã xử phạt hộ liền kề."
            self.deliver()
        for message in self.server.messages:
            if message["To"] != "nguoi.phan.anh@example.com":
                continue
            text = message.get_body(("plain",)).get_content() + message["Subject"]
            self.assertIn(report.name, text)
            for secret in ("thửa", "xử phạt", "vá ổ gà", "Sở Xây dựng", report.subject):
                self.assertNotIn(secret, text)

    def test_an_alert_is_told_to_its_holder(self):
        with self.at("2026-11-16 10:00"):
            self.walk_to("processing")
        self.env["civic.outbox"].search([]).write({"state": "dropped"})
        with self.at("2026-11-16 14:00"):
            alerts = self.env["civic.alert"]._raise_due(
                self.env["civic.door"]._now(), 100
            )
            self.env["civic.alert"]._tell(alerts)
            self.env["civic.alert"]._tell(alerts)
            self.deliver("cron_outbox_urgent")
        mine = [row for row in self.server.messages if "handler@" in row["To"]]
        self.assertEqual(len(mine), 1, "told once")
        self.assertIn("Overdue: 1", mine[0].get_body(("plain",)).get_content())

    def test_an_alert_of_an_emergency_goes_by_every_way(self):
        """Leaders of the province hear of it after 30 minutes, whatever they wish."""
        self.startPatcher(
            patch.object(
                type(self.env["civic.outbox"]), "_goes_by", lambda *_args: True
            )
        )
        self.province_leader.write(
            {
                "email": "lanh.dao@example.com",
                "phone": "0912000555",
                "civic_tell_sms": False,
                "civic_tell_zalo": False,
            }
        )
        for track, ways in (("normal", {"email"}), ("emergency", {"email", "sms"})):
            with self.subTest(track=track):
                with self.at("2026-11-16 10:00"):
                    self.make_report(track=track)
                with self.at("2026-11-18 10:00"):
                    alerts = self.env["civic.alert"]
                    alerts._tell(alerts._raise_due(alerts.env["civic.door"]._now(), 9))
                rows = self.rows(user_id=self.province_leader.id).filtered(
                    lambda row: row.state == "waiting"
                )
                told = set(rows.mapped("channel"))
                self.assertEqual(told - {"zalo"}, ways)
                self.assertEqual("zalo" in told, track == "emergency")
                self.assertEqual(set(rows.mapped("priority")) == {0}, "sms" in ways)
                rows.state = "dropped"

    def test_the_urgent_lane_leaves_letters_to_citizens(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("processing")
            self.deliver("cron_outbox_urgent")
        rows = self.rows(report)
        self.assertEqual(
            set(rows.filtered(lambda row: row.state == "sent").mapped("audience")),
            {"agency", "user"},
        )

    def test_emergencies_first(self):
        with self.at("2026-11-16 10:00"):
            ordinary = self.make_report()
            urgent = self.make_report(track="emergency")
            self.deliver()
        subjects = [message["Subject"] for message in self.server.messages]
        self.assertIn(ordinary.name, subjects.pop())
        self.assertTrue(subjects)
        for subject in subjects:
            self.assertIn(urgent.name, subject)

    def test_no_address_nobody_to_tell(self):
        self.reporter.email_from = False
        with self.at("2026-11-16 10:00"):
            report = self.make_report()
            self.deliver()
        self.assertEqual(self.rows(report).state, "dropped")
        self.assertIn("no e-mail address", self.rows(report).error)

    def test_what_is_pointless_is_not_sent(self):
        with self.at("2026-11-16 10:00"):
            report = self.make_report()
            report.request_supplement("Cho biết đoạn nào.")
            report.with_user(self.citizen).supply("Trước cổng trường.")
        with self.at("2026-11-20 10:00"):
            self.deliver()
        self.assertFalse(self.server.received)
        self.assertEqual(set(self.rows(report).mapped("state")), {"expired"})

    def test_older_cases_tell_nobody(self):
        from ...models.ground.key import Clock

        clock = Clock(self.env["civic.door"]._now() - timedelta(days=30))
        reports = self.env["civic.report"].with_context(civic_clock=clock)
        report = reports.create(self.report_values())
        self.assertFalse(self.rows(report))

    # ------------------------------------------------------------------
    # Failure
    # ------------------------------------------------------------------

    def after(self, mode):
        """The message after one try at a server that fails so."""
        with self.at("2026-11-16 10:00"):
            report = self.make_report()
            self.server.mode = mode
            if mode == "down":
                self.server.stop()
            self.deliver()
        if mode == "down":
            self.server.start()
        return self.rows(report)

    def test_server_down_counts_nothing_and_drains(self):
        row = self.after("down")
        self.assertEqual((row.state, row.attempts, row.strikes), ("waiting", 1, 0))
        self.assertIn("cannot be reached", row.error)
        with self.at("2026-11-16 10:05"):
            self.deliver()
        self.assertEqual(row.state, "sent")
        self.assertEqual(len(self.server.received), 1)

    def test_refused_is_given_up_without_repeating_the_address(self):
        row = self.after("refuse")
        self.assertEqual(row.state, "dead")
        self.assertEqual(row.error, "The mail server refused it (550).")

    def test_busy_is_tried_again_later_and_later(self):
        row = self.after("busy")
        waits = []
        moment = row.due_at
        while row.state == "waiting":
            before = moment
            with self.at("2026-11-16 10:00") as clock:
                clock.move_to(moment)
                self.deliver()
            moment = row.due_at
            waits.append(moment - before)
        self.assertEqual((row.state, row.attempts), ("dead", 12))
        self.assertGreater(waits[3], waits[0])
        self.assertFalse(self.server.received)

    def test_silence_after_the_text_is_repeated_recognisably_and_not_for_ever(self):
        row = self.after("silent")
        for _again in range(4):
            with self.at("2026-11-16 10:00") as clock:
                clock.move_to(row.due_at)
                self.deliver()
        self.assertEqual(row.state, "dead")
        self.assertEqual(len(self.server.ids), 3)
        self.assertEqual(len(set(self.server.ids)), 1)

    def test_an_unforeseen_error_is_not_repeated_for_ever(self):
        with self.at("2026-11-16 10:00"):
            row = self.rows(self.make_report())
        driver = self.env.registry["civic.driver.email"]
        for _again in range(5):
            with (
                self.at("2026-11-16 10:00") as clock,
                patch.object(driver, "_deliver", side_effect=KeyError("a@b.com")),
                mute_logger("odoo.addons.civic_report.models.messages.queue"),
            ):
                clock.move_to(row.due_at)
                self.deliver()
        self.assertEqual((row.state, row.attempts), ("dead", 3))
        self.assertEqual(row.error, "Something unforeseen: KeyError.")

    # ------------------------------------------------------------------
    # What operators decide
    # ------------------------------------------------------------------

    def test_replay_after_the_cause_is_mended(self):
        row = self.after("refuse").with_user(self.operator)
        self.server.mode = "accept"
        with self.at("2026-11-16 10:01"):
            row.replay()
            self.deliver()
        self.assertEqual((row.state, row.decided_by_id), ("sent", self.operator))
        events = row.report_id.event_ids.mapped("code")
        self.assertIn("notice_replayed", events)
        with self.assertRaisesRegex(UserError, "Sent"):
            row.replay()

    def test_dropped_with_a_reason(self):
        row = self.after("refuse").with_user(self.operator)
        with self.assertRaisesRegex(UserError, "reason"):
            row.drop(" ")
        row.drop("Đã gọi điện báo.")
        self.assertEqual((row.state, row.decision), ("dropped", "Đã gọi điện báo."))
        event = row.report_id.event_ids.filtered(
            lambda event: event.code == "notice_dropped"
        )
        self.assertEqual(event.user_id, self.operator)
        self.assertFalse(event.is_public)

    def test_only_the_centre_decides(self):
        row = self.after("refuse")
        for user in (self.handler, self.leader, self.citizen, self.plain):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                row.with_user(user).replay()
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.operator.company_ids += other
        row.company_id = other
        with self.assertRaises(MissingError):
            row.with_user(self.operator).with_company(self.company).replay()
        with self.assertRaises(AccessError):
            row.with_user(self.operator).write({"state": "sent"})
