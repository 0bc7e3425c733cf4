import json
import re
import unittest
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from ...models.province.address import BASE_URL, FREEZE, KEPT
from ...tools.site_address import is_loopback, is_public_site
from ..rig.outbox import OutboxCase
from ..rig.site import WebsiteCase

SITE = "https://phan-anh.example.vn"
EVIL = "evil.example.com"


class TestSiteAddress(unittest.TestCase):
    def test_loopback(self):
        for url in (
            "http://localhost:8069",
            "http://127.0.0.1",
            "http://127.8.9.1:80",
            "http://[::1]:8069",
            "http://a.localhost",
        ):
            self.assertTrue(is_loopback(url), url)
        for url in (
            SITE,
            "http://10.0.0.1",
            "http://localhost.evil.vn",
            "",
            "http://[",
        ):
            self.assertFalse(is_loopback(url), url)

    def test_public_sites(self):
        self.assertTrue(is_public_site(SITE))
        for url in (
            "http://phan-anh.example.vn",
            "https://10.0.0.1",
            "https://server",
            "https://server.local",
            "https://[::1]",
            "https://localhost:8069",
            "",
            None,
        ):
            self.assertFalse(is_public_site(url), url)


class AddressCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"]
        cls.forget_address(cls.env)
        cls.company = cls.env.company

    @classmethod
    def forget_address(cls, env):
        """As in a database where nobody has said where the site is."""
        env["website"].search([]).domain = False
        env["ir.config_parameter"].search([("key", "in", (FREEZE, KEPT))]).unlink()


@tagged("-at_install", "post_install")
class TestBaseUrl(AddressCase):
    """Which address links in messages begin with."""

    def state(self):
        self.env.invalidate_all()
        state = self.company._civic_base_url_state()
        return state["url"], state["source"], state["is_sure"]

    def keep(self, url):
        self.parameters.set_param(BASE_URL, url)
        self.company._civic_keep_base_url()

    def test_installed_before_the_domain_is_there(self):
        self.keep("http://localhost:8069")
        self.assertFalse(self.parameters.get_param(FREEZE))
        self.assertEqual(self.state(), ("http://localhost:8069", "loopback", False))
        self.parameters.set_param(BASE_URL, f"https://{EVIL}")
        self.assertEqual(self.state(), ("http://localhost:8069", "kept", False))
        self.assertIn("localhost", self.company._civic_base_url_problem())
        self.company.website_id.domain = SITE
        self.assertEqual(self.state(), (SITE, "domain", True))
        self.assertFalse(self.company._civic_base_url_problem())

    def test_installed_where_the_site_is(self):
        self.keep(SITE)
        self.assertEqual(self.parameters.get_param(FREEZE), "True")
        self.assertEqual(self.state(), (SITE, "frozen", True))

    def test_installed_on_an_inner_address(self):
        """Other apps' links follow the signing in as before, ours do not."""
        self.keep("http://10.1.2.3:8069")
        self.assertFalse(self.parameters.get_param(FREEZE))
        self.parameters.set_param(BASE_URL, f"https://{EVIL}")
        self.assertEqual(self.state(), ("http://10.1.2.3:8069", "kept", False))

    def test_kept_once(self):
        self.keep("http://10.1.2.3:8069")
        self.keep(f"https://{EVIL}")
        self.assertEqual(self.state()[0], "http://10.1.2.3:8069")

    def test_a_domain_without_https_is_said(self):
        self.keep(SITE)
        self.company.website_id.domain = "http://phan-anh.example.vn/"
        self.assertEqual(self.state(), ("http://phan-anh.example.vn", "domain", False))
        self.assertIn("https://", self.company._civic_base_url_problem())

    def test_each_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.env["website"].create(
            {
                "name": "Khác",
                "company_id": other.id,
                "domain": "https://khac.example.vn",
            }
        )
        self.keep(SITE)
        self.assertEqual(other._civic_base_url(), "https://khac.example.vn")
        self.assertEqual(self.company._civic_base_url(), SITE)


@tagged("-at_install", "post_install")
class TestLinks(OutboxCase):
    """No message names the server as whoever signed in last called it."""

    def test_messages(self):
        AddressCase.forget_address(self.env)
        self.env["ir.config_parameter"].set_param(BASE_URL, SITE)
        self.env["res.company"]._civic_keep_base_url()
        for frozen in (True, False):
            if not frozen:
                self.env["ir.config_parameter"].search([("key", "=", FREEZE)]).unlink()
            self.env["ir.config_parameter"].set_param(
                BASE_URL, SITE if frozen else f"https://{EVIL}"
            )
            report = self.walk_to("done")
            rows = self.env["civic.outbox"].search([("report_id", "=", report.id)])
            self.assertTrue(rows)
            joined = rows[0].with_context(civic_joined=rows[1:].ids)
            facts = {"period": "", "count": 1, "people": []}
            self.env["civic.outbox"]._queue_to_managers(
                "looks_week", f"tuần {frozen}", self.company, self.manager, facts
            )
            looks = self.env["civic.outbox"].search([], order="id desc", limit=1)
            self.assertEqual(looks.notice_id.event, "looks_week")
            for row in (*rows, joined, looks):
                self.assertTrue(row._link().startswith(f"{SITE}/"), row._link())
                self.assertNotIn(EVIL, " ".join(row._words()))
            self.assertTrue(rows[0]._receipt_url().startswith(f"{SITE}/"))
            share = report.sudo()._share_values()
            self.assertTrue(share["url"].startswith(f"{SITE}/"))


@tagged("-at_install", "post_install")
class TestForgedHost(WebsiteCase):
    """Whatever name the server is called by, pages and messages say its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        AddressCase.forget_address(cls.env)
        cls.env["ir.config_parameter"].set_param(KEPT, SITE)

    def assertOwn(self, answer):
        text = answer.text + json.dumps(dict(answer.headers))
        found = re.search(rf".{{0,80}}{re.escape(EVIL)}.{{0,40}}", text)
        self.assertFalse(found, found)

    def paths(self):
        report = self.published("processing")
        yield from ("/phan-anh", "/phan-anh/gui", "/phan-anh/tra-cuu")
        yield from ("/phan-anh/thong-ke", "/phan-anh/thong-ke.json")
        yield from ("/phan-anh/feed.atom", "/phan-anh/ban-do.geojson")
        yield from (self.path(report), "/phan-anh/khong-co-99", "/my/phan-anh")
        yield f"/phan-anh/{report.name.lower()}"  # leads to the address with a title
        yield "/phan-anh/danh-tinh/sai"

    def test_a_forged_host(self):
        for path in self.paths():
            with self.subTest(path=path):
                answer = self.url_open(
                    path, headers={"Host": EVIL}, allow_redirects=False
                )
                self.assertOwn(answer)

    def test_a_forged_header_of_a_proxy(self):
        forged = {"X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https"}
        for path in self.paths():
            for proxied in (False, True):
                with (
                    self.subTest(path=path, proxied=proxied),
                    patch.dict(config.options, {"proxy_mode": proxied}),
                ):
                    answer = self.url_open(path, headers=forged, allow_redirects=False)
                    self.assertOwn(answer)

    def test_signing_in_by_another_name(self):
        """As Odoo does it: the name is kept as the server's address from then on."""
        self.env["ir.config_parameter"].set_param(BASE_URL, f"https://{EVIL}")
        for path in self.paths():
            with self.subTest(path=path):
                self.assertOwn(self.url_open(path, allow_redirects=False))
        feed = self.url_open("/phan-anh/feed.atom").text
        self.assertIn(f"{SITE}/phan-anh/", feed)
