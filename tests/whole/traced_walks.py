"""The walks of the house, traced: run by `./dev walks`, not with the tests.

Each line: files entered, moves between files, wings entered, moves between wings.
"""

from odoo.tests import tagged

from ..rig.inbox import InboxCase
from ..rig.outbox import OutboxCase
from ..rig.site import WebsiteCase
from ..rig.traced import Trace
from ..rig.webhooks import WebhookCase

HEAD = ("walk", "files", "moves", "wings", "moves")


class Walks:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        print("\n", *(f"{word:>12}" for word in HEAD))

    def walk(self, name, action):
        self.env.flush_all()  # what came before is not counted with it
        with Trace().watched() as trace:
            result = action()
        print(f"{name:>12}", *(f"{number:>12}" for number in trace.line()))
        return result


@tagged("-at_install", "post_install")
class TraceSite(Walks, WebsiteCase):
    def test_site(self):
        self.authenticate("civic_citizen", "civic_citizen")
        self.send()
        report = self.sent_report(self.walk("submit", self.send))
        own = f"/my/phan-anh/{report.name.lower()}"
        self.page(own)
        self.walk("own page", lambda: self.page(own))
        public = self.path(self.published())
        self.page(public)
        self.walk("public page", lambda: self.page(public))


@tagged("-at_install", "post_install")
class TraceVerbs(Walks, OutboxCase):
    def test_verbs(self):
        self.go_through(lambda _name, action: action())
        self.go_through(self.walk)

    def go_through(self, walk):
        refused, report = self.make_report(), self.make_report()
        walk("refuse", lambda: refused.refuse("incomplete", "Thiếu địa điểm."))
        walk("receive", report.receive)
        agencies = [self.agency.id]
        walk("dispatch", lambda: report.dispatch(agencies, incomplete_reason="Rõ rồi."))
        assignments = report.assignment_ids
        assignments.with_user(self.handler).accept()
        self.submit(assignments)
        assignments.with_user(self.leader).approve()
        walk("publish", report.publish)
        walk("outbox", self.deliver)


@tagged("-at_install", "post_install")
class TraceWebhook(Walks, WebhookCase):
    def test_webhook(self):
        self.zalo()
        self.env["civic.inbox"].search([]).unlink()
        self.walk("webhook", self.zalo)


@tagged("-at_install", "post_install")
class TraceInbox(Walks, InboxCase):
    def test_inbox(self):
        self.receive_mail(self.mail())
        self.hand_in(self.mail(text="Ổ gà sâu trước nhà số 20."))
        self.walk("inbox", self.run_reader)
