import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import event_log
from .test_event_seal import SealCase
from .test_website import WebsiteCase


@tagged("-at_install", "post_install")
class TestProofPages(SealCase, WebsiteCase):
    """What everybody sees of the roots, and senders of their receipts."""

    def test_roots(self):
        page = self.page("/phan-anh/kiem-chung")
        self.assertFalse(page.xpath("//table"))
        self.walk_to("done")
        root = self.close()
        page = self.page("/phan-anh/kiem-chung")
        self.assertIn(root.root, self.text(page))
        answer = self.url_open("/phan-anh/kiem-chung.json")
        self.assertEqual(
            answer.json()["roots"],
            [
                {
                    "day": str(root.day),
                    "size": root.size,
                    "root": root.root,
                    "closed_at": f"{root.closed_at.isoformat()}Z",
                    "consistency": [],
                }
            ],
        )
        self.assertIn("public", answer.headers["Cache-Control"])

    def test_receipt(self):
        report = self.walk_to("done")
        path = f"/my/phan-anh/{report.name.lower()}"
        self.authenticate(self.citizen.login, self.citizen.login)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(f"{path}/bien-nhan.json").status_code, 404)
        page = self.page(path)
        self.assertFalse(page.xpath("//a[contains(@href, 'bien-nhan')]"))
        self.close()
        page = self.page(path)
        [link] = page.xpath("//a[contains(@href, 'bien-nhan')]/@href")
        answer = self.url_open(link)
        self.assertIn(f"{report.name}.json", answer.headers["Content-Disposition"])
        self.assertIn("no-store", answer.headers["Cache-Control"])
        receipt = json.loads(answer.content)
        hashes = event_log.check_receipt(receipt, self.known())
        self.assertIn(event_log.short_form(hashes[-1]), self.text(page))
        self.assertEqual(receipt["code"], report.name)

    def test_receipts_of_others(self):
        report = self.walk_to("done")
        self.close()
        code = report.name.lower()
        with mute_logger("odoo.http"):
            self.authenticate(self.handler.login, self.handler.login)
            other = self.url_open(f"/my/phan-anh/{code}/bien-nhan.json")
            missing = self.url_open("/my/phan-anh/pa-26-999999/bien-nhan.json")
        self.assertEqual((other.status_code, missing.status_code), (404, 404))
        self.authenticate(None, None)
        for path in ("/my/phan-anh", "/phan-anh/tra-cuu"):
            answer = self.url_open(f"{path}/{code}/bien-nhan.json")
            self.assertNotIn("links", answer.text)
