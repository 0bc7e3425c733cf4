"""The citizen's side: forms filled in, and a website that takes them."""

import base64
import json
import re
from contextlib import contextmanager
from unittest.mock import patch

import altcha
from lxml import html

from odoo.tests import HttpCase

from ...models.report.form import FormError
from ...models.site.submission import Sending
from .common import CivicCase
from .media import HUE, drawing, exif, saved


class SubmissionCase(CivicCase):
    """A province that takes reports in, and a form filled in as it should be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photo = saved(drawing())
        cls.ward = cls.env["civic.ward"].create(
            {"name": "Phường Thuận Hóa", "kind": "ward", "code": "TH"}
        )
        cls.anonymous = cls.env.ref("base.public_user")

    def form(self, **changes):
        return {
            "subject": "Ổ gà lớn trên đường Lê Lợi",
            "description": "Ổ gà sâu khoảng 20 cm giữa làn đường.",
            "category_id": str(self.category.id),
            "ward_id": str(self.ward.id),
            "address": "Trước số 10 Lê Lợi",
            "occurred_at": "2026-01-20T08:15",
            "name": "Người gửi thử",
            "phone": "0912 345 678",
            "email": "nguoi.gui@example.com",
            "consent": "1",
            "key": "khoa-1",
            **changes,
        }

    def send_form(self, form=None, files=None, user=None, **options):
        return self.env["civic.form"]._submit_sudo(
            Sending(
                self.form() if form is None else form,
                [self.photo] if files is None else files,
                user=user or self.anonymous,
                company=self.company,
                **options,
            )
        )

    def errors(self, files=None, **changes):
        """Errors of a form that differs from a good one only by `changes`."""
        with self.assertRaises(FormError) as caught:
            self.send_form(self.form(**changes), files)
        return caught.exception.errors

    def assertNoTrace(self, report, user):
        """No row that hangs on a report names the account of whoever sent it."""
        # A request ends so: what is left is written in the name of its account.
        self.env(user=user.id).flush_all()
        rows = [report, *report.event_ids, *report.step_ids, *report.attachment_ids]
        for row in [*rows, *self.originals(report)]:
            self.assertNotIn(user, row.create_uid | row.write_uid, row)
        self.assertNotIn(user, report.event_ids.user_id | report.step_ids.user_id)

    def originals(self, report):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", "civic.reporter"),
                ("res_id", "=", report.reporter_id.id),
            ]
        )


XSS = "<script>alert('x')</script> {{7*7}} <t t-out=\"7*7\"/>"


class WebsiteCase(SubmissionCase, HttpCase):
    """The public site, seen from outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_english_site()
        cls.reports = cls.env["civic.report"].search([])
        # What a demo holds already would fill the first page of the list.
        cls.reports._elevated().visibility = "private"

    def setUp(self):
        super().setUp()
        self.forget_counts()
        self.refused_by_policy = []
        self.addCleanup(lambda: self.assertFalse(self.refused_by_policy))

    def authenticate(self, user, password, *, browser=None, **options):
        """Sign in; a browser says what the pages' policy has kept from running."""
        if browser:
            browser._handlers["Log.entryAdded"] = self._take_log_entry
            browser._websocket_request("Log.enable")
        return super().authenticate(user, password, browser=browser, **options)

    def _take_log_entry(self, entry, **_more):
        if "Content Security Policy" in entry["text"]:
            self.refused_by_policy.append(entry["text"])

    @contextmanager
    def routed(self, controller, name, method):
        """Another method behind a route; Odoo remembers which one it found there."""
        method.original_routing = getattr(controller, name).original_routing
        self.registry.clear_cache("routing")
        with patch.object(controller, name, method):
            yield
        self.registry.clear_cache("routing")

    def page(self, path, status=200, **options):
        answer = self.url_open(path, **options)
        self.assertEqual(answer.status_code, status, path)
        return html.fromstring(answer.content)

    def text(self, page):
        return " ".join(page.text_content().split())

    def send(
        self, changes=None, photos=None, token=True, path="/phan-anh/gui", **options
    ):
        """Fill in the form as a browser without scripts does.

        :param path: of the page on which it is
        """
        page = self.page(path)
        hidden = {
            field.name: field.value
            for field in page.forms[-1].inputs
            if field.get("type") == "hidden"
        }
        form = {**hidden, **self.form(key=hidden["key"]), **(changes or {})}
        if not token:
            del form["csrf_token"]
        if photos is None:
            photos = [("anh.jpg", self.photo, "image/jpeg")]
        files = [("files", photo) for photo in photos]
        # An empty choice of files is sent as a part without a name.
        files = files or [("files", ("", b"", "application/octet-stream"))]
        return self.url_open("/phan-anh/gui", data=form, files=files, **options)

    def sent_report(self, answer):
        code = re.search(r"/phan-anh/da-gui/([\w-]+)$", answer.url)
        self.assertTrue(code, answer.url)
        return self.env["civic.report"].search([("name", "=", code[1].upper())])

    def published(self, state="done", **values):
        """A report that everybody can see, with one picture that is ticked."""
        report = self.make_report(**values)
        attachments = self.env["ir.attachment"]
        read = attachments._civic_read(
            [saved(drawing(), exif=exif(gps=HUE)), self.photo]
        )
        attachments._civic_attach(report.sudo(), read, self.reporter)
        report.standardised_description = "Ổ gà sâu, cần vá."
        report.public_attachment_ids = report._own_files()[:1]
        return self.walk_to(state, report).sudo()

    def path(self, report):
        return report._website_path()


LOOKUP = "/phan-anh/tra-cuu"


class LookupCase(WebsiteCase):
    """A visitor without an account, and a report sent without one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender = cls.reporter.create(
            {
                "name": "Người gửi ẩn danh",
                "phone": "0912 345 600",
                "email_from": "nguoi.gui@example.com",
            }
        )

    def setUp(self):
        super().setUp()
        self.report = self.make_report(reporter_id=self.sender.id).sudo()
        self.path = f"{LOOKUP}/{self.report.name.lower()}"

    def token(self, page):
        return page.xpath("//input[@name='csrf_token']")[0].value

    def post(self, path, page=None, **form):
        page = self.page(LOOKUP) if page is None else page
        form["csrf_token"] = self.token(page)
        return self.url_open(path, data=form)

    def digits(self, report=None, purpose="lookup"):
        """The digits as the last message tells them."""
        codes = self.env["civic.code"].search(
            [
                ("report_id", "=", (report or self.report).id),
                ("purpose", "=", purpose),
            ],
            order="id desc",
            limit=1,
        )
        return codes._digits()

    def ask(self, code=None):
        return self.post(LOOKUP, code=code or self.report.name)

    def enter(self, digits, code=None):
        code = code or self.report.name
        return self.post(f"{LOOKUP}/ma", code=code, digits=digits)

    def prove(self):
        """Look the report up, to its page.

        :return: the page
        """
        self.ask()
        answer = self.enter(self.digits())
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.url.endswith(self.path), answer.url)
        return html.fromstring(answer.content)

    def shown(self, answer, *gone):
        """The words of a page, without what differs by the code that was typed."""
        page = html.fromstring(answer.content)
        text = self.text(page.get_element_by_id("wrap"))
        for word in gone:
            text = text.replace(word, "…")
        return text


SPOT = (16.4637, 107.5909)
JSON = {"Accept": "application/json"}


class SendCase(WebsiteCase):
    def count(self):
        return self.env["civic.report"].search_count([])

    def twin(self, **values):
        """A published report of the matter of `form`, at the same place."""
        report = self.walk_to(
            "processing",
            self.make_report(latitude=SPOT[0], longitude=SPOT[1], **values),
        )
        report.standardised_description = report.description
        return report

    def posted(self, changes=None, **options):
        answer = self.send(changes, headers=JSON, **options)
        return answer.status_code, answer.json()

    def ask(self, path, **params):
        answer = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()


WHERE = {"address": "Chợ Đông Ba"}
EMPTY = {
    **dict.fromkeys(("subject", "name", "phone", "email", "consent"), ""),
    **dict.fromkeys(("ward_id", "occurred_at", "latitude", "longitude"), ""),
    "description": "Cháy lớn ở dãy hàng vải, có người mắc kẹt.",
}


def solved(challenge):
    """What a browser sends that has worked."""
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
    answer = {"challenge": challenge, "solution": solution.to_dict()}
    return base64.b64encode(json.dumps(answer).encode()).decode()


ASKER = {
    "name": "Người hỏi",
    "phone": "0912 000 777",
    "email": "nguoihoi@example.com",
}
