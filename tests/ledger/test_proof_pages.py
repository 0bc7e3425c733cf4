import json
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...controllers import proof
from ...tools import receipts, verify
from ..rig.ledger import SealCase
from ..rig.site import WebsiteCase


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

    def test_earlier_roots(self):
        """All that were ever published can be had, each with its proof."""
        self.patch(proof, "MOST", 2)
        for ago in (4, 3, 2, 1):
            self.walk_to("received")
            self.close(ago)
        path, links, pages = "/phan-anh/kiem-chung.json", [], 0
        with TemporaryDirectory() as folder:
            while path and pages < 9:
                answer = self.url_open(path)
                file = Path(folder, "site.json")
                file.write_bytes(answer.content)
                links += verify.links_in(file)
                path, pages = answer.json().get("earlier"), pages + 1
        for link in links:
            receipts.check_link(link)
        self.assertEqual(
            {link.second.size for link in links} | {links[-1].first.size},
            {root.size for root in self.known()},
        )
        for wrong in ("x", "-1", "9" * 40, "%00", "1 OR 1=1"):
            answer = self.url_open(f"/phan-anh/kiem-chung.json?up_to={wrong}")
            self.assertEqual(len(answer.json()["roots"]), 2)

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
        hashes = receipts.check_receipt(receipt)
        self.assertIn(receipts.short_form(hashes[-1]), self.text(page))
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
