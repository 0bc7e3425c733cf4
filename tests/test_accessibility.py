import json

from odoo.tests import tagged

from .test_website import WebsiteCase

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


@tagged("-at_install", "post_install")
class TestAccessibility(WebsiteCase):
    """WCAG 2.2 AA on each page for citizens, on a phone and on a wide screen.

    axe-core finds what a program can find; the rest is for people to look at.
    """

    def inspect(self, *pages, login=None):
        """Look at pages of the site.

        :param pages: paths, or dicts: path, form (its selector), values to send
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
