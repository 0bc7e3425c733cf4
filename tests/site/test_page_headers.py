import threading
import unittest
from unittest.mock import patch

from lxml import html
from markupsafe import Markup

from odoo.tests import tagged
from odoo.tools import config

from ...models.ground.paths import is_our_path
from ...models.platform.ir_qweb import PLACEHOLDER
from ...tools import page_policy
from ..canary.routes import rules_of
from ..rig.site import WebsiteCase

PROXY = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "phan-anh.example.vn",
    "X-Forwarded-For": "203.0.113.7",
}
ODOO = (
    "/xmlrpc",
    "/jsonrpc",
    "/web/",
    "/html_editor/",
    "/web_editor/",
    "/my/home",
    "/my/counters",
)


def directives(policy):
    """A policy as dict of directive → set of sources."""
    parts = (part.split() for part in policy.split(";"))
    return {name: set(values) for name, *values in parts}


class TestPolicy(unittest.TestCase):
    """What the policy says."""

    def test_nothing_comes_from_elsewhere(self):
        policy = directives(page_policy.page_policy({}))
        for name, values in policy.items():
            for value in values:
                self.assertTrue(value.startswith("'") or value in ("data:", "blob:"))
                self.assertNotEqual((name, value), ("script-src", "data:"))
        self.assertEqual(policy["frame-ancestors"], {"'self'"})
        self.assertEqual(policy["object-src"], {"'none'"})
        self.assertEqual(policy["form-action"], {"'self'"})

    def test_scripts_bear_a_nonce(self):
        scripts = directives(page_policy.page_policy({}, "abc"))["script-src"]
        self.assertIn("'nonce-abc'", scripts)
        self.assertNotIn("'unsafe-inline'", scripts)
        free = page_policy.page_policy({"script-src": ["'unsafe-inline'"]}, "abc")
        self.assertNotIn("nonce", free)

    def test_what_an_administrator_allows(self):
        sources = page_policy.read_sources(
            "img-src https://a.example *.b.example ;\n connect-src 'none' x\ty;; z"
        )
        self.assertEqual(
            sources,
            {
                "img-src": ["https://a.example", "*.b.example"],
                "connect-src": ["'none'", "x", "y"],
                "z": [],
            },
        )
        policy = page_policy.page_policy(page_policy.read_sources("evil-src a, \x01 é"))
        self.assertNotIn("evil", policy)
        for text in ("img-src a\r\nSet-Cookie: x", "img-src a,b", None, ""):
            policy = page_policy.page_policy(page_policy.read_sources(text))
            self.assertEqual(policy.splitlines(), [policy])
            self.assertNotIn(",", policy)

    def test_cookies(self):
        plain = "session_id=abc; HttpOnly; Path=/"
        self.assertEqual(
            page_policy.safe_cookie(plain, True), f"{plain}; SameSite=Lax; Secure"
        )
        self.assertEqual(
            page_policy.safe_cookie(plain, False), f"{plain}; SameSite=Lax"
        )
        own = "secure=1; samesite=Strict; SECURE"
        self.assertEqual(page_policy.safe_cookie(own, True), own)


@tagged("-at_install", "post_install")
class TestHeaders(WebsiteCase):
    """What browsers are told about each address of ours."""

    def assertSecured(self, answer):
        for name in (*page_policy.HEADERS, "Content-Security-Policy"):
            self.assertTrue(answer.headers.get(name), f"{name} {answer.url}")
        policy = directives(answer.headers["Content-Security-Policy"])
        if "text/html" in answer.headers["Content-Type"]:
            self.assertEqual(policy["frame-ancestors"], {"'self'"})
            self.assertEqual(policy["object-src"], {"'none'"})
        else:
            self.assertEqual(policy["default-src"], {"'none'"})

    def test_every_address_of_ours_is_known_by_its_path(self):
        module = "odoo.addons.civic_report."
        # As the server's threads know it.
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            rules = rules_of(self.env)
        mine = {
            rule.rule
            for rule in rules
            if rule.endpoint.func.__module__.startswith(module)
        }
        self.assertGreater(len([path for path in mine if is_our_path(path)]), 30)
        # Addresses of Odoo at which this module does something, too.
        for path in mine:
            with self.subTest(path=path):
                self.assertTrue(is_our_path(path) or path.startswith(ODOO), path)

    def test_pages_data_and_errors(self):
        report = self.published("processing")
        code = report.name.lower()
        own = self.path(report)
        for path, status in {
            "/phan-anh": 200,
            "/phan-anh?search=khong": 200,
            own: 200,
            f"/phan-anh/anh/{code}/0": None,
            "/phan-anh/gui": 200,
            "/phan-anh/gui/phien": 200,
            "/phan-anh/tra-cuu": 200,
            "/phan-anh/thong-ke": 200,
            "/phan-anh/thong-ke.json": 200,
            "/phan-anh/thong-ke.csv": 200,
            "/phan-anh/feed.atom": 200,
            "/phan-anh/ban-do.geojson?bbox=x": 400,
            "/phan-anh/push.js": 200,
            "/phan-anh/khong-co-99": 404,
            "/phan-anh/khong/co/trang": 404,
            "/phan-anh/da-gui/pa-1": 404,
            "/phan-anh/danh-tinh/sai": None,
            "/civic_report/health": None,
            "/civic_report/webhook/khong": 404,
            "/civic_report/receipt/khong": None,
            "/my/phan-anh": None,
        }.items():
            with self.subTest(path=path):
                answer = self.url_open(path, allow_redirects=False)
                if status:
                    self.assertEqual(answer.status_code, status)
                self.assertSecured(answer)
        expired = self.url_open("/phan-anh/gui", data={"a": "b"})
        self.assertSecured(expired)

    def test_a_language_in_front(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        website = self.env["website"].get_current_website()
        website.language_ids += self.env.ref("base.lang_vi_VN")
        answer = self.url_open("/vi/phan-anh")
        self.assertEqual(answer.status_code, 200)
        self.assertSecured(answer)
        # Redirections on the way to a page go past what answers of pages pass.
        self.opener.cookies.clear()
        answer = self.url_open("/en/phan-anh", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(answer.headers["Location"].rpartition("/")[2], "phan-anh")
        self.assertTrue(answer.headers["Content-Security-Policy"])
        # Each of them: that of the session is added last.
        cookies = answer.raw.headers.getlist("Set-Cookie")
        self.assertIn("session_id", {cookie.partition("=")[0] for cookie in cookies})
        for cookie in cookies:
            with self.subTest(cookie=cookie.partition("=")[0]):
                self.assertIn("SameSite=Lax", cookie)

    def test_bytes_that_no_text_holds(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        for path in ("", "/da-gui", "/anh", "/tra-cuu", "/danh-tinh", "/theo-doi"):
            for start in ("", "/vi", "/en"):
                for end in ("/%00", "/%00/0", "/a%00b"):
                    path_asked = f"{start}/phan-anh{path}{end}"
                    with self.subTest(path=path_asked):
                        answer = self.url_open(path_asked)
                        self.assertEqual(answer.status_code, 404)

    def test_a_page_with_a_secret_says_nothing_of_itself(self):
        answer = self.url_open("/phan-anh/danh-tinh/sai")
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")

    def test_other_apps_answer_as_they_did(self):
        for path in ("/", "/web/login", "/robots.txt", "/khong-co", "/contactus"):
            with self.subTest(path=path):
                answer = self.url_open(path)
                headers = answer.headers
                for name in ("Referrer-Policy", "Permissions-Policy"):
                    self.assertNotIn(name, headers)
                policy = headers.get("Content-Security-Policy", "")
                self.assertNotIn("script-src", policy)
                self.assertNotIn("nonce", answer.text)
                self.assertNotIn("SameSite", headers.get("Set-Cookie", ""))

    def test_https(self):
        plain = self.url_open("/phan-anh/gui", headers={"X-Forwarded-Proto": "https"})
        self.assertNotIn("Strict-Transport-Security", plain.headers)
        self.opener.cookies.clear()
        with patch.dict(config.options, {"proxy_mode": True}):
            answer = self.url_open("/phan-anh/gui", headers=PROXY)
        self.assertEqual(answer.headers["Strict-Transport-Security"], page_policy.HSTS)
        cookies = answer.raw.headers.getlist("Set-Cookie")
        [session] = [row for row in cookies if row.startswith("session_id=")]
        for word in ("HttpOnly", "Secure", "SameSite=Lax"):
            self.assertIn(word, session)
        for cookie in cookies:
            self.assertIn("; Secure", cookie)

    def test_fonts_of_a_site_that_keeps_its_own_look(self):
        policies = []
        for wears_ours in (False, True):
            self.env["website"].get_current_website().civic_theme = wears_ours
            answer = self.url_open("/phan-anh")
            policies.append(answer.headers["Content-Security-Policy"])
        self.assertIn("font-src 'self' data: https://fonts.gstatic.com", policies[0])
        self.assertNotIn("google", policies[1])

    def test_sources_that_are_set(self):
        self.company.write(
            {
                "civic_map_tile_url": "https://tiles.example.vn:8443/{z}/{x}/{y}.png",
                "civic_map_attribution": "Tỉnh",
            }
        )
        self.env["ir.config_parameter"].set_param(
            "civic_report.page_sources", "script-src https://dem.example.vn"
        )
        policy = directives(
            self.url_open("/phan-anh").headers["Content-Security-Policy"]
        )
        self.assertIn("https://tiles.example.vn:8443", policy["img-src"])
        self.assertIn("https://dem.example.vn", policy["script-src"])
        self.assertNotIn("https://dem.example.vn", policy["img-src"])

    def test_scripts_in_templates_alone_run(self):
        """Whatever reaches a page by other ways is no script of it."""
        smuggled = Markup("<script>alert(1)</script>")
        company = type(self.company)
        nonces = set()
        for _turn in range(2):
            with patch.object(company, "_civic_moment_text", lambda *_moment: smuggled):
                answer = self.url_open(self.path(self.published("processing")))
            self.assertIn(smuggled, answer.text)
            page = html.fromstring(answer.content)
            scripts = page.xpath("//script[not(@src)]")
            [nonce] = set(page.xpath("//script/@nonce"))
            self.assertNotEqual(nonce, PLACEHOLDER)
            nonces.add(nonce)
            policy = directives(answer.headers["Content-Security-Policy"])
            self.assertIn(f"'nonce-{nonce}'", policy["script-src"])
            self.assertNotIn("'unsafe-inline'", policy["script-src"])
            for script in scripts:
                self.assertEqual(not script.get("nonce"), script.text == "alert(1)")
        self.assertEqual(len(nonces), 2)

    def test_who_designs_the_site(self):
        self.plain.group_ids += self.env.ref("website.group_website_designer")
        self.authenticate(self.plain.login, self.plain.login)
        policy = self.url_open("/phan-anh").headers["Content-Security-Policy"]
        self.assertEqual(set(directives(policy)), set(page_policy.BUILDER))

    def test_the_watch_in_browsers_sees_what_is_refused(self):
        """The other tests in browsers fail on what the policy keeps from running."""
        code = """
            const script = document.createElement("script");
            script.text = "window.smuggled = true";
            document.head.append(script);
            fetch("https://elsewhere.example/").catch(() =>
                console[window.smuggled ? "error" : "log"]("test successful")
            );
        """
        self.browser_js("/phan-anh", code)
        [script, *connections] = self.refused_by_policy
        self.refused_by_policy.clear()
        self.assertIn("inline script", script)
        self.assertIn("elsewhere.example", connections[0])
