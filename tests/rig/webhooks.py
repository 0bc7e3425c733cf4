"""Events as Zalo, Facebook and gateways of our own form post them."""

import hashlib
import hmac
import json
import time

from odoo.tests import HttpCase

from .common import CivicCase

NOW = 1_763_262_000.0  # 2025-11-16 03:00 UTC
MS = str(int(NOW * 1000))
SECRET = "bi-mat-thu-nghiem"


def body(data):
    return json.dumps(data, ensure_ascii=False).encode()


def hex_of(secret, data):
    return hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def ours(raw, secret=SECRET, at=NOW):
    """Our own header, as a gateway makes it."""
    return f"t={int(at)},v1={hex_of(secret, f'{int(at)}.'.encode() + raw)}"


def zalo_event(name="user_send_text", **message):
    return {
        "app_id": "1234567890",
        "sender": {"id": "246845883529197922"},
        "user_id_by_app": "552177279717587730",
        "recipient": {"id": "388613280878808645"},
        "event_name": name,
        "message": {"msg_id": "96d3cdf3af150460909", "text": "Ổ gà", **message},
        "timestamp": MS,
    }


def zalo_mac(raw, secret=SECRET, app_id="1234567890", timestamp=MS):
    signed_bytes = app_id.encode() + raw + timestamp.encode() + secret.encode()
    return f"mac={hashlib.sha256(signed_bytes).hexdigest()}"


def facebook_body(*messaging, changes=()):
    entry = {"id": "1906385232743451", "time": int(MS), "messaging": list(messaging)}
    if changes:
        entry["changes"] = list(changes)
    return {"object": "page", "entry": [entry]}


def facebook_event(mid="m_1", sender="6543210987654321", **message):
    return {
        "sender": {"id": sender},
        "recipient": {"id": "1906385232743451"},
        "timestamp": int(MS),
        "message": {"mid": mid, "text": "Ổ gà", **message},
    }


APP_ID = "1234567890"


class WebhookCase(CivicCase, HttpCase):
    """A province whose providers reach it at their addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateways = {
            kind: cls.env["civic.gateway"].create(
                {
                    "name": kind,
                    "kind": kind,
                    "account": APP_ID,
                    "sender": "1022",
                    "webhook_secret": SECRET,
                }
            )
            for kind in ("zalo", "facebook", "sms", "pbx")
        }

    def setUp(self):
        super().setUp()
        self.gateways = dict(self.gateways)

    def path(self, kind):
        return f"/civic_report/webhook/{self.gateways[kind].token}"

    def post(self, kind, raw, path=None, **headers):
        """What a provider's post is answered."""
        self.env.flush_all()
        answer = self.url_open(
            path or self.path(kind),
            data=raw,
            headers={
                "Content-Type": "application/json",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        self.env.invalidate_all()
        return answer

    def rows(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["civic.inbox"].search(domain, order="id")

    # What each provider sends, signed now.

    def zalo(self, event=None, **headers):
        now = str(int(time.time() * 1000))
        raw = body({**(event or zalo_event()), "timestamp": now})
        mac = zalo_mac(raw, timestamp=now)
        return self.post("zalo", raw, **{"X-ZEvent-Signature": mac, **headers})

    def facebook(self, *events, **headers):
        data = facebook_body(*(events or (facebook_event(),)))
        data["entry"][0]["time"] = int(time.time() * 1000)
        raw = body(data)
        signature = f"sha256={hex_of(SECRET, raw)}"
        return self.post(
            "facebook", raw, **{"X-Hub-Signature-256": signature, **headers}
        )

    def sms(self, event=None, **headers):
        event = event or {"id": "s1", "from": "0912345678", "text": "Ổ gà"}
        raw = event if isinstance(event, bytes) else body(event)
        signature = ours(raw, at=time.time())
        return self.post("sms", raw, **{"X-Civic-Signature": signature, **headers})
