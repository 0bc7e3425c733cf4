import json
import re
import time

from odoo.tests import HttpCase, tagged

from ..rig.asked import ROUTES, trial
from ..rig.privacy import DisclosureCase
from ..rig.site import WebsiteCase
from ..rig.support import ADDRESS, SupportCase

WIDTHS = [390, 1280]
SCRIPT = "/civic_report/static/tests/accessibility.js"
CODE = """
    import("%(script)s")
        .then(({inspect}) => inspect(%(pages)s, %(widths)s))
        .then((faults) => {
            if (faults.length) {
                console.error(faults.join("\\n"));
            } else {
                console.log("test successful");
            }
        });
"""


class Inspecting:
    """Lets axe-core look at pages; for cases of the site."""

    # What the visitor's session holds besides.
    visit = None

    def authenticate(self, user, password, **options):
        return super().authenticate(
            user, password, session_extra=dict(self.visit or {}), **options
        )

    def inspect(self, *pages, login=None):
        """Look at pages of the site.

        :param pages: paths, or dicts: path, form (its selector) and values to send,
            step of the form for sending to go to
        """
        code = CODE % {
            "script": SCRIPT,
            "pages": json.dumps(
                [{"path": page} if isinstance(page, str) else page for page in pages]
            ),
            "widths": json.dumps(WIDTHS),
        }
        # Any page without scripts: the others are loaded in frames of it.
        self.browser_js("/robots.txt", code, login=login, timeout=300)


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestAccessibility(Inspecting, WebsiteCase):
    """WCAG 2.2 AA on each page for citizens, on a phone and on a wide screen.

    axe-core finds what a program can find; the rest is for people to look at.
    """

    def test_list_and_figures(self):
        self.published("processing")
        self.inspect("/phan-anh", "/phan-anh?search=khong+co", "/phan-anh/thong-ke")

    def test_one_report(self):
        self.inspect(
            *[self.path(self.published(state)) for state in ("processing", "done")]
        )

    def test_the_form(self):
        self.inspect(
            "/phan-anh/gui",
            {
                "path": "/phan-anh/gui",
                "form": "#civic_form",
                "values": {"phone": "abc"},
            },
            *({"path": "/phan-anh/gui", "step": step} for step in (1, 2, 3)),
        )

    def test_sent_and_proved(self):
        report = self.published("processing")
        self.visit = {
            "civic_sent": [report.name],
            "civic_proof": {
                "code": report.name,
                "company": self.company.id,
                "at": int(time.time()),
            },
        }
        self.inspect(
            f"/phan-anh/da-gui/{report.name.lower()}",
            f"/phan-anh/tra-cuu/{report.name.lower()}",
        )

    def test_look_up(self):
        code = self.make_report().name
        self.inspect(
            "/phan-anh/tra-cuu",
            f"/phan-anh/tra-cuu?code={code}&sent=1",
            "/phan-anh/tra-cuu?code=sai",
        )

    def test_own_pages(self):
        waiting = self.make_report()
        waiting.request_supplement("Xin gửi ảnh.")
        answered = self.published()
        self.inspect(
            "/my/phan-anh",
            waiting.sudo()._own_path(),
            answered._own_path(),
            "/my/du-lieu",
            login="civic_citizen",
        )


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestAccessibilityOfFollowing(Inspecting, SupportCase):
    """The page behind the link by which somebody begins or ends to follow."""

    def test_the_link(self):
        self.press("theo-doi", email=ADDRESS)
        self.deliver()
        mails = self.server.messages
        texts = [mail.get_body(("plain",)).get_content() for mail in mails]
        [path] = re.findall(r"/phan-anh/theo-doi/\S+", " ".join(texts))
        self.inspect(path)


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestAccessibilityOfDisclosure(Inspecting, DisclosureCase, HttpCase):
    """The page behind the link by which the sender agrees to be named."""

    began_at = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_english_site()

    def test_the_link(self):
        self.inspect(self.forwarded()._link_path())
