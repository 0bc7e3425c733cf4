"""Visitors who say “me too” and follow a report."""

from unittest.mock import patch

from lxml import html

from .outbox import OutboxCase
from .site import WebsiteCase

ADDRESS = "nguoi.theo.doi@example.com"


class SupportCase(OutboxCase, WebsiteCase):
    """One published report in hand, visitors and a mail server."""

    def setUp(self):
        super().setUp()
        self.startPatcher(
            patch.object(
                type(self.env["res.company"]), "_civic_awake", lambda _self, at: at
            )
        )
        self.report = self.walk_to("accepted").sudo()
        self.page_path = self.report._website_path()
        self.support = self.env["civic.support"]

    def rows_of(self, **values):
        domain = [("report_id", "=", self.report.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.support.search(domain)

    def form_of(self, act):
        """The form of the page by which a browser without scripts acts."""
        page = self.page(self.page_path)
        [form] = page.xpath(f"//form[@action='{self.page_path}/{act}']")
        return form

    def press(self, act, wish="on", status=200, **fields):
        form = self.form_of(act)
        token = form.xpath(".//input[@name='csrf_token']")[0].value
        answer = self.url_open(
            f"{self.page_path}/{act}",
            data={"csrf_token": token, "wish": wish, **fields},
        )
        self.assertEqual(answer.status_code, status)
        return html.fromstring(answer.content)

    def become_somebody_else(self):
        """Another browser, without a session."""
        self.opener.cookies.clear()
        self.authenticate(None, None)
