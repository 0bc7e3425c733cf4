import base64
import json
import os
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from odoo.tests import tagged

from ..rig.push import PushService
from ..rig.ways import WaysCase


@tagged("-at_install", "post_install")
class TestOutboxPush(WaysCase):
    """Officers are notified on the devices that they have registered with Odoo."""

    way = "push"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.push = cls.serve(PushService())
        cls.startClassPatcher(
            patch.object(
                cls.registry["civic.driver.push"],
                "_push_hosts",
                lambda _row: [cls.push.url],
            )
        )
        devices = cls.env["mail.push.device"].with_user(cls.handler)
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        devices.register_devices(
            endpoint=f"{cls.push.url}/device/1",
            keys={"p256dh": _base64(point), "auth": _base64(os.urandom(16))},
            vapid_public_key=devices.sudo().get_web_push_vapid_public_key(),
        )
        cls.device = cls.env["mail.push.device"].search(
            [("partner_id", "=", cls.handler.partner_id.id)]
        )

    def setUp(self):
        super().setUp()
        self.push.clear()

    def after(self, server, mode, at="2026-11-16 10:00", **values):
        with self.at(at):
            report = self.make_report(**values)
            if report.state == "new":
                report.receive()
            report.dispatch([self.agency.id])
            server.mode = mode
            self.deliver()
        return self.rows(report, channel="push")

    def test_an_officer_is_notified(self):
        row = self.after(self.push, "accept")
        self.assertEqual((row.user_id, row.state), (self.handler, "sent"))
        [asked] = self.push.requests
        self.assertEqual(asked["headers"]["Content-Encoding"], "aes128gcm")
        self.assertTrue(asked["headers"]["Authorization"].startswith("vapid t="))
        self.assertEqual(asked["headers"]["Urgency"], "normal")
        self.assertNotIn(row.report_id.name.encode(), asked["raw"])
        payload = json.loads(row._driver()._payload(row))
        self.assertIn(row.report_id.name, payload["title"])
        self.assertNotIn("Ổ gà", str(payload))
        self.assertEqual(payload["options"]["data"]["res_id"], row.assignment_id.id)

    def test_emergencies_are_urgent(self):
        self.after(self.push, "accept", track="emergency")
        self.assertEqual(self.push.requests[0]["headers"]["Urgency"], "high")

    def test_officers_without_a_device_are_not_queued(self):
        self.device.unlink()
        self.assertFalse(self.after(self.push, "accept"))

    def test_a_device_that_is_gone_is_forgotten(self):
        row = self.after(self.push, "gone")
        self.assertEqual(row.state, "dropped")
        self.assertFalse(self.device.exists())

    def test_a_push_service_that_fails(self):
        for mode in ("error", "busy", "unavailable", "silent"):
            row = self.after(self.push, mode)
            with self.subTest(mode=mode):
                self.assertEqual((row.state, row.strikes), ("waiting", 1))
                self.assertNotIn("127.0.0.1", row.error)

    def test_addresses_inside_are_not_asked(self):
        self.device.endpoint = "http://169.254.169.254/latest"
        self.assertEqual(self.after(self.push, "accept").state, "dropped")
        self.assertFalse(self.device.exists())


def _base64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
