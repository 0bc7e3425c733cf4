"""Mail and chat messages that are handed in, as gateways do."""

import io
from email.message import EmailMessage
from itertools import count

from PIL import Image

from .cdn import FileServer
from .common import local
from .outbox import OutboxCase
from .webhooks import body, facebook_event, zalo_event

PHANANH = "phananh@example.com"
SENDER = "Người gửi <nguoi.gui@example.com>"


class InboxCase(OutboxCase):
    """A province to which mail is handed in, as its gateway does."""

    def setUp(self):
        super().setUp()
        frozen = self.at("2026-11-16 10:00")
        frozen.start()
        self.addCleanup(frozen.stop)
        self.numbers = count()

    def mail(self, subject="Đèn đường hỏng", text="Đèn trước nhà số 5 hỏng.", **head):
        """A mail as bytes; headers by name, None leaves one out."""
        message = EmailMessage()
        headers = {
            "From": SENDER,
            "To": PHANANH,
            "Subject": subject,
            "Message-ID": f"<{next(self.numbers)}@example.com>",
            "Date": "Mon, 16 Nov 2026 03:00:00 +0000",
            **{name.replace("_", "-"): value for name, value in head.items()},
        }
        for name, value in headers.items():
            if value is not None:
                message[name] = value
        message.set_content(text)
        return message

    def inbox(self):
        return self.env["civic.inbox"].search([], order="id")

    def hand_in(self, *mails):
        """Hand mails to the gateway; what they became."""
        known = self.inbox()
        with self.enter_registry_test_mode():
            for mail in mails:
                raw = mail if isinstance(mail, bytes) else mail.as_bytes()
                self.env["mail.thread"].message_process(False, raw)
        return self.inbox() - known

    def run_reader(self):
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_inbox").method_direct_trigger()
        self.env.invalidate_all()

    def receive_mail(self, *mails):
        rows = self.hand_in(*mails)
        self.run_reader()
        return rows

    def picture(self):
        stream = io.BytesIO()
        Image.new("RGB", (40, 30), "gray").save(stream, "JPEG")
        return stream.getvalue()


class ChatCase(InboxCase):
    """A province to which people write by Zalo, Facebook and SMS.

    What a gateway has taken in is handed to the inbox; the pictures lie on a server of
    this machine.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cdn = FileServer().start()
        cls.addClassCleanup(cls.cdn.stop)
        for kind in ("zalo", "facebook", "sms"):
            cls.env["civic.gateway"].create(
                {
                    "name": kind,
                    "kind": kind,
                    "sender": "1022",
                    "media_hosts": cls.cdn.origin,
                }
            )

    def setUp(self):
        super().setUp()
        self.cdn.asked.clear()

    def keep(self, kind, raw):
        """Hand one event to the gateway, its signature being right."""
        known = self.inbox()
        gateway = self.env["civic.gateway"]._of(self.company, kind)
        with self.enter_registry_test_mode():
            gateway._driver()._take_in(gateway, raw)
        return self.inbox() - known

    def zalo(self, text="", name="user_send_text", at="2026-11-16 10:00", **message):
        """One message on Zalo; what it became."""
        number = next(self.numbers)
        event = zalo_event(name, msg_id=f"z{number}", **{"text": text, **message})
        event["timestamp"] = str(int(local(at).timestamp() * 1000))
        return self.keep("zalo", body(event))

    def photo(self, name="anh.jpg"):
        url = self.cdn.keep(f"/{name}", self.picture())
        return {"type": "image", "payload": {"url": url}}

    def sms(self, text, sender="0912345678", **values):
        number = next(self.numbers)
        event = {"id": f"s{number}", "from": sender, "text": text, **values}
        return self.keep("sms", body(event))

    def messenger(self, text="", mid=None, **message):
        """One message to the page; what it became."""
        mid = mid or f"m{next(self.numbers)}"
        return self.facebook(facebook_event(mid, text=text, **message))

    def edited(self, mid, text):
        edit = {"mid": mid, "text": text, "num_edit": 1}
        return self.facebook({**facebook_event(), "message_edit": edit})

    def facebook(self, event):
        event["timestamp"] = int(local("2026-11-16 10:00").timestamp() * 1000)
        raw = body({"object": "page", "entry": [{"id": "1", "messaging": [event]}]})
        return self.keep("facebook", raw)

    def read_at(self, text):
        with self.at(text):
            self.run_reader()
