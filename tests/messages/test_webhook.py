import json
import time
from functools import partial
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.vault.vault import CivicVault, VaultError
from ..rig.webhooks import (
    SECRET,
    WebhookCase,
    body,
    facebook_body,
    facebook_event,
    hex_of,
    ours,
    zalo_event,
    zalo_mac,
)


@tagged("-at_install", "post_install")
class TestWebhook(WebhookCase):
    """Nothing is believed that is not signed, nothing is lost that is."""

    def test_each_provider_is_taken_in(self):
        for kind in ("zalo", "facebook", "sms"):
            with self.subTest(kind):
                answer = getattr(self, kind)()
                self.assertEqual((answer.status_code, answer.text), (200, ""))
                row = self.rows(channel=kind)
                self.assertEqual(row.state, "new")
                self.assertTrue(row.sender)
                self.assertNotIn("set-cookie", map(str.lower, answer.headers))

    def test_it_is_kept_sealed(self):
        self.sms()
        self.env.flush_all()
        self.cr.execute("SELECT to_jsonb(i) FROM civic_inbox i WHERE channel = 'sms'")
        kept = str(self.cr.fetchall())
        for secret in ("912345678", "Ổ gà", "s1"):
            self.assertNotIn(secret, kept)

    def test_wrong_signatures(self):
        raw = body(zalo_event())
        for kind, headers in (
            ("zalo", {}),
            ("zalo", {"X-ZEvent-Signature": "mac=00"}),
            ("zalo", {"X-ZEvent-Signature": "mac=ố"}),
            ("facebook", {}),
            ("facebook", {"X-Hub-Signature-256": "sha256=00"}),
            ("sms", {}),
            ("sms", {"X-Civic-Signature": "t=1,v1=00"}),
            ("sms", {"X-Civic-Signature": f"t={int(time.time())},v1=00"}),
            ("pbx", {}),
            ("pbx", {"X-Zorio-Signature": "sha256=00"}),
        ):
            with self.subTest(kind=kind, headers=headers):
                encoded = {name: text.encode() for name, text in headers.items()}
                answer = self.post(kind, raw, **encoded)
                self.assertEqual((answer.status_code, answer.text), (401, ""))
        self.assertFalse(self.rows())

    def test_anothers_secret(self):
        raw = body({"id": "1", "from": "0912345678", "text": "x"})
        signature = ours(raw, "khac", time.time())
        answer = self.post("sms", raw, **{"X-Civic-Signature": signature})
        self.assertEqual(answer.status_code, 401)
        self.gateways["sms"].webhook_secret = False
        unset = ours(raw, "", time.time())
        answer = self.post("sms", raw, **{"X-Civic-Signature": unset})
        self.assertEqual(answer.status_code, 401, "no secret signs nothing")

    def test_old_times(self):
        raw = body({"id": "1", "from": "0912345678", "text": "x"})
        signature = ours(raw, at=time.time() - 301)
        answer = self.post("sms", raw, **{"X-Civic-Signature": signature})
        self.assertEqual(answer.status_code, 401)
        raw = body(facebook_body(facebook_event()))  # of last year
        signature = f"sha256={hex_of(SECRET, raw)}"
        answer = self.post("facebook", raw, **{"X-Hub-Signature-256": signature})
        self.assertEqual(answer.status_code, 401)
        raw = body(zalo_event())
        answer = self.post("zalo", raw, **{"X-ZEvent-Signature": zalo_mac(raw)})
        self.assertEqual(answer.status_code, 401)
        self.assertFalse(self.rows())

    def test_replays_change_nothing(self):
        for _turn in range(3):
            self.assertEqual(self.sms().status_code, 200)
            self.assertEqual(self.facebook().status_code, 200)
            self.assertEqual(self.zalo().status_code, 200)
        self.assertEqual(len(self.rows(channel="sms")), 1)
        self.assertEqual(len(self.rows(channel="facebook")), 1)

    def test_the_same_name_with_another_content_is_put_aside(self):
        self.sms()
        self.sms({"id": "s1", "from": "0912345678", "text": "khác"})
        rows = self.rows(channel="sms")
        self.assertEqual(rows.mapped("state"), ["new", "ignored"])

    def test_malformed(self):
        deep = b'{"id":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
        xml = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
        for raw in (b"{", b"[]", b"\xff", b"{}", deep, xml):
            with self.subTest(raw=raw[:20]):
                answer = self.sms(raw)
                self.assertEqual((answer.status_code, answer.text), (400, ""))
        self.assertFalse(self.rows())

    def test_too_large(self):
        answer = self.sms(b" " * (1024 * 1024 + 1))
        self.assertEqual((answer.status_code, answer.text), (413, ""))

    def test_unknown_addresses_say_nothing(self):
        archived = self.path("zalo")
        self.gateways["zalo"].active = False
        for path in (
            archived,
            "/civic_report/webhook/x",
            "/civic_report/webhook/%C3%A1",
            "/civic_report/webhook/" + "x" * 500,
        ):
            with self.subTest(path[:40]):
                answer = self.post("sms", b"{}", path)
                self.assertEqual((answer.status_code, answer.text), (404, ""))
                answer = self.url_open(path)
                self.assertEqual((answer.status_code, answer.text), (404, ""))

    def test_a_nul_byte_is_refused_before_any_gateway_is_looked_for(self):
        """No text of a database holds one; the answer is that of a page."""
        for ask in (partial(self.post, "sms", b"{}"), self.url_open):
            answer = ask("/civic_report/webhook/%00")
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn("gateway", answer.text)

    def test_automatic_calls_bring_no_messages(self):
        """What became of them comes here, too; it is nothing for the inbox."""
        gateway = self.env["civic.gateway"].create(
            {"name": "call", "kind": "call", "sender": "1022", "webhook_secret": "x"}
        )
        answer = self.post("", b"{}", f"/civic_report/webhook/{gateway.token}")
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.rows())

    def test_without_the_key_they_are_told_to_come_again(self):
        def missing(*_arguments):
            raise VaultError("no key")

        with patch.object(CivicVault, "_seal", missing):
            answer = self.sms()
        self.assertEqual((answer.status_code, answer.text), (503, ""))
        self.assertFalse(self.rows())
        self.assertEqual(self.sms().status_code, 200)
        self.assertEqual(len(self.rows()), 1)

    def test_facebook_asks_first(self):
        token = self.gateways["facebook"].token
        query = f"?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}"
        answer = self.url_open(self.path("facebook") + query)
        self.assertEqual((answer.status_code, answer.text), (200, "1158201444"))
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
        for path, wrong in (
            (self.path("facebook"), query[:-1]),
            (self.path("facebook"), ""),
            (self.path("zalo"), query),
        ):
            self.assertEqual(self.url_open(path + wrong).status_code, 404)

    def test_many_in_one_body(self):
        events = [facebook_event(f"m_{number}") for number in range(5)]
        self.facebook(*events, facebook_event("m_0"), {"sender": {"id": "1"}})
        self.assertEqual(len(self.rows(channel="facebook")), 6)

    def test_another_province_is_another_inbox(self):
        other = self.env["res.company"].create({"name": "Tỉnh láng giềng"})
        self.gateways["sms"].active = False
        self.gateways["sms"] = self.env["civic.gateway"].create(
            {
                "name": "sms",
                "kind": "sms",
                "sender": "1023",
                "webhook_secret": SECRET,
                "company_id": other.id,
            }
        )
        self.sms()
        self.assertEqual(self.rows(channel="sms").company_id, other)

    def test_no_words_of_theirs_in_the_log(self):
        with self.assertNoLogs("odoo.addons.civic_report", "WARNING"):
            self.sms()
            self.post("sms", b"x")

    def test_forms_are_no_messages(self):
        with mute_logger("odoo.http"):
            answer = self.url_open(self.path("sms"), data={"from": "0912345678"})
        self.assertEqual(answer.status_code, 401)

    def test_body_that_says_nothing_is_kept(self):
        self.zalo({**zalo_event("follow"), "message": {}})
        self.assertEqual(len(self.rows(channel="zalo")), 1)
        self.assertFalse(self.rows(channel="zalo").sender)
        self.assertTrue(json.loads(self.rows(channel="zalo")._open_raw()))

    def test_what_became_of_our_own_message_is_no_message(self):
        """Zalo has one address for all events of an account."""
        message = {"msg_id": "x", "tracking_id": "0" * 32, "delivery_time": "1"}
        event = {**zalo_event("user_received_message"), "message": message}
        self.assertEqual(self.zalo(event).status_code, 200)
        self.assertFalse(self.rows(channel="zalo"))
