from odoo.tests import HttpCase, tagged

from ..rig.asked import ROUTES, trial


def job_id(name):
    """The id by which Hoot knows a suite."""
    total = 0
    for char in name:
        total = ((total << 5) - total + ord(char)) & 0xFFFFFFFF
    return f"{total:08x}"


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestJavaScript(HttpCase):
    """The unit tests of static/tests, in a browser."""

    def test_backend(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={job_id('@civic_report')}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
