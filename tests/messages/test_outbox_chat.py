from odoo.tests import tagged

from ..rig.gateways import Facebook
from ..rig.ways import WaysCase

ACCOUNT = "6543210987654321"


@tagged("-at_install", "post_install")
class TestOutboxChat(WaysCase):
    """Who wrote in a chat is answered there, by providers on this machine."""

    way = "chat"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_zalo()
        cls.messenger = cls.serve(Facebook())
        cls.make_gateway("facebook", cls.messenger, access_key="access-1")
        cls.reporter.write({"phone": False, "email_from": False})

    def setUp(self):
        super().setUp()
        self.messenger.clear()
        self.writes_on("zalo")

    def writes_on(self, provider):
        """Let the reports of this case come by a chat."""
        self.web = self.env.ref(f"civic_report.channel_{provider}")
        self.reporter.write({f"{provider}_id": ACCOUNT})

    def report_values(self, **values):
        return super().report_values(channel_id=self.web.id, **values)

    def test_answered_on_zalo(self):
        row = self.after(self.zns, "accept")
        self.assertEqual((row.state, row.channel), ("sent", "chat"))
        [asked] = self.zns.requests
        self.assertEqual(asked["path"], "/v3.0/oa/message/cs")
        self.assertEqual(asked["headers"]["access_token"], "access-1")
        self.assertEqual(asked["body"]["recipient"], {"user_id": ACCOUNT})
        self.assertIn(row.report_id.name, asked["body"]["message"]["text"])
        self.assertEqual(self.zalo.state, "ok")

    def test_answered_on_facebook(self):
        self.writes_on("facebook")
        row = self.after(self.messenger, "accept")
        self.assertEqual(row.state, "sent")
        [asked] = self.messenger.requests
        self.assertTrue(asked["path"].endswith("/me/messages"))
        self.assertEqual(asked["body"]["recipient"], {"id": ACCOUNT})
        self.assertEqual(asked["body"]["messaging_type"], "RESPONSE")
        self.assertIn(row.report_id.name, asked["body"]["message"]["text"])
        self.assertFalse(self.zns.requests)

    def test_told_once_by_the_chat_before_other_ways(self):
        self.make_sms()
        self.reporter.write({"phone": "0912345678", "email_from": "a@example.com"})
        self.assertEqual(self.rows(self.make_report()).mapped("channel"), ["chat"])
        self.reporter.tell_by = "sms"
        self.assertEqual(self.rows(self.make_report()).mapped("channel"), ["sms"])

    def test_by_another_channel_no_chat(self):
        self.web = self.env.ref("civic_report.channel_telephone")
        self.assertNotIn("chat", self.rows(self.make_report()).mapped("channel"))

    def test_without_a_gateway_no_chat(self):
        self.zalo.active = False
        self.assertNotIn("chat", self.rows(self.make_report()).mapped("channel"))

    def test_the_conversation_has_ended(self):
        self.make_sms()
        self.reporter.phone = "0912345678"
        for provider, mode in (("zalo", "-230"), ("facebook", "too_late")):
            with self.subTest(provider):
                self.writes_on(provider)
                server = self.zns if provider == "zalo" else self.messenger
                row = self.after(server, mode)
                self.assertEqual(row.state, "dropped", "told in another way")
                second = self.rows(row.report_id) - row
                self.assertEqual((second.channel, second.state), ("sms", "sent"))

    def test_no_other_way_is_left(self):
        row = self.after(self.zns, "-213")
        self.assertEqual(row.state, "dead")
        self.assertIn("-213", row.error)
        self.assertNotIn(ACCOUNT, row.error)

    def test_faults(self):
        for mode, strikes in {"error": 4, "garbled": 4, "busy": 1, "denied": 0}.items():
            with self.subTest(mode):
                row = self.after(self.zns, mode)
                self.assertEqual((row.state, row.strikes), ("waiting", strikes))

    def test_what_nobody_else_may_see_is_not_said(self):
        report = self.make_report(subject="Chuyện kín", visibility="private")
        self.deliver()
        self.assertEqual(self.rows(report).state, "sent")
        [text] = [body["message"]["text"] for body in self.zns.bodies("cs")]
        self.assertIn(report.name, text)
        self.assertNotIn("Chuyện kín", text)
