import json
import time
from hashlib import sha256

from odoo.tests import HttpCase, tagged

from ..rig.ways import WaysCase


@tagged("-at_install", "post_install")
class TestOutboxZalo(WaysCase, HttpCase):
    """Citizens are told by templates of Zalo, through a provider on this machine."""

    way = "zalo"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_zalo()
        notices = cls.env["civic.notice"].search([("channel", "=", "zalo")])
        cls.env["civic.gateway.template"].create(
            [
                {
                    "gateway_id": cls.zalo.id,
                    "notice_id": notice.id,
                    "template": f"2000{notice.id}",
                }
                for notice in notices
            ]
        )
        cls.reporter.tell_by = "zalo"

    def test_the_citizen_gets_a_template(self):
        row = self.after(self.zns, "accept")
        self.assertEqual((row.state, row.attempts), ("sent", 1))
        [asked] = self.zns.requests
        self.assertEqual(asked["path"], "/message/template")
        self.assertEqual(asked["headers"]["access_token"], "access-1")
        self.assertEqual(
            asked["body"],
            {
                "phone": "84912345678",
                "template_id": f"2000{row.notice_id.id}",
                "template_data": {
                    "code": row.report_id.name,
                    "province": self.company.name,
                },
                "tracking_id": row.external_id,
            },
        )

    def test_a_notice_without_a_template_goes_another_way(self):
        notice = self.env.ref("civic_report.notice_send_zalo")
        self.zalo.template_ids.filtered(lambda row: row.notice_id == notice).unlink()
        report = self.make_report()
        self.assertEqual(self.rows(report).channel, "email")

    def test_templates_want_all_their_parameters(self):
        notice = self.env.ref("civic_report.notice_dispatch_zalo")
        values = {"code": "PA-1", "province": "Huế", "deadline": ""}
        self.assertEqual(
            notice._parameters(values, False),
            {"code": "PA-1", "province": "Huế", "deadline": "-"},
        )
        values["deadline"] = "20/11/2026"
        self.assertEqual(notice._parameters(values, True)["deadline"], "-")

    def test_a_token_that_has_ended_is_renewed_on_the_way(self):
        self.zns.expire()
        with self.at("2026-11-16 10:00"):
            reports = [self.make_report() for _number in range(3)]
            self.deliver()
        rows = self.env["civic.outbox"].union(*map(self.rows, reports))
        self.assertEqual(set(rows.mapped("state")), {"sent"})
        self.assertEqual(self.zns.renewed, 1)
        self.assertEqual(self.zalo._secret("refresh_key"), "refresh-2")

    def test_no_token_holds_up_zalo_alone(self):
        self.zns.expire()
        self.zns.refresh = "nobody has this one"
        row = self.after(self.zns, "accept")
        self.assertEqual((row.state, row.strikes), ("waiting", 0))
        self.assertEqual(self.zalo.state, "failing")
        self.assertIn("does not accept our keys", self.zalo.failure)

    def test_whom_zalo_does_not_reach_is_told_by_email(self):
        for code in ("-118", "-114", "-108", "-141"):
            with self.subTest(code=code):
                row = self.after(self.zns, code)
                self.assertEqual(row.state, "dropped")
                self.assertIn(code, row.error)
                second = self.rows(row.report_id) - row
                self.assertEqual((second.channel, second.state), ("email", "sent"))

    def test_no_credit_and_quota_wait(self):
        for code in ("-115", "-144", "-105"):
            row = self.after(self.zns, code)
            self.assertEqual((row.state, row.strikes), ("waiting", 0), code)

    def test_at_night_and_unknown_later(self):
        for code in ("-133", "-100", "-999"):
            row = self.after(self.zns, code)
            self.assertEqual((row.state, row.strikes), ("waiting", 1), code)

    def test_faults(self):
        for mode, strikes in {
            "error": 4,
            "garbled": 4,
            "busy": 1,
            "refused": 0,
        }.items():
            row = self.after(self.zns, mode)
            with self.subTest(mode=mode):
                state = "dropped" if mode == "refused" else "waiting"
                self.assertEqual(row.state, state)
                if strikes:
                    self.assertEqual(row.strikes, strikes)

    def tell(self, event, secret="oa-secret"):
        """Zalo tells us of an event, signed."""
        raw = json.dumps({**event, "timestamp": str(int(time.time() * 1000))})
        timestamp = json.loads(raw)["timestamp"]
        mac = sha256(f"app-1{raw}{timestamp}{secret}".encode()).hexdigest()
        response = self.url_open(
            f"/civic_report/webhook/{self.zalo.token}",
            data=raw,
            headers={
                "Content-Type": "application/json",
                "X-ZEvent-Signature": f"mac={mac}",
            },
        )
        self.env.invalidate_all()
        return response.status_code, response.content

    def received(self, tracking_id):
        return {
            "event_name": "user_received_message",
            "app_id": "app-1",
            "message": {
                "msg_id": "msg-1",
                "tracking_id": tracking_id,
                "delivery_time": "1",
            },
        }

    def test_it_arrived(self):
        row = self.after(self.zns, "accept")
        inbox = self.env["civic.inbox"].search_count([])
        known = self.tell(self.received(row.external_id), secret="another")
        self.assertEqual((known[0], row.delivered_at), (401, False))
        unknown = self.tell(self.received("0" * 32))
        self.assertFalse(row.delivered_at)
        self.assertEqual(self.tell(self.received(row.external_id)), unknown)
        self.assertEqual(unknown, (200, b""))
        self.assertTrue(row.delivered_at)
        self.assertEqual(self.env["civic.inbox"].search_count([]), inbox)

    def test_what_is_about_none_of_our_messages(self):
        driver = self.env["civic.driver.zalo"]
        for event in (
            {"event_name": "user_send_text", "message": {"text": "x"}},
            {"event_name": "user_received_message"},
            {"event_name": "user_received_message", "message": {"tracking_id": 7}},
        ):
            self.assertFalse(driver._take_receipt(self.zalo, event))
