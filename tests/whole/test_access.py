import io
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image

from odoo.tests import HttpCase, tagged

from ..rig.common import CivicCase

TABLE = Path(__file__).parents[2] / "docs" / "access.md"


@tagged("-at_install", "post_install")
class TestAccess(CivicCase, HttpCase):
    """Each role over HTTP on each other's records: the table in docs/access.md."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_table")
        cls.password = "civic-access-password"
        for role in cls.roles():
            getattr(cls, role).password = cls.password
        reports = cls.env["civic.report"].with_user(cls.operator)
        new, private, published = reports.create(
            [
                cls.report_values(),
                cls.report_values(visibility="private"),
                cls.report_values(),
            ]
        )
        case.walk_to("accepted", private)
        case.walk_to("accepted", published)
        assignment = published.sudo().assignment_ids
        picture, original = cls.attach(published)
        published.mark_violation("wording", "Lời lẽ xúc phạm.")
        cls.reporter.with_user(cls.manager).lock(
            "Nhiều lần xúc phạm.", basis="Luật An ninh mạng, Điều 16"
        )
        call = (
            cls.env["civic.call"]
            .with_user(cls.operator)
            .create({"number": "0912 000 001"})
        )
        disclosure = cls.env["civic.disclosure"].browse(
            assignment.with_user(cls.handler).request_disclosure(
                "Đo đạc.", "Luật Đất đai", ["name"], cls.handler.ids, 7
            )
        )
        cls.reporter._ask_about_data("deletion", {})
        request = cls.env["civic.data.request"].search([], limit=1)
        refused = reports.create(cls.report_values())
        diversion = cls.env["civic.diversion"].browse(
            refused.divert("21/CV", authority="Thanh tra tỉnh")
        )
        cls.records = {
            "unpublished report": (new, "name"),
            "private report in hand": (private, "name"),
            "published report": (published, "name"),
            "its original text": (published, "description"),
            "who sent it": (published, "reporter_id"),
            "reporter": (cls.reporter, "phone"),
            "assignment": (assignment, "state"),
            "duty of the agency": (assignment.step_ids[0], "code"),
            "duty of the Centre": (
                published.sudo().step_ids.filtered(lambda step: step.code == "intake"),
                "code",
            ),
            "event of the agency": (assignment.event_ids[0], "code"),
            "event of the Centre": (
                published.sudo().event_ids.filtered(lambda row: row.code == "send"),
                "code",
            ),
            "citizen's picture": (picture, "datas"),
            "citizen's original file": (original, "datas"),
            "message to the citizen": (
                cls.env["civic.outbox"].search(
                    [("report_id", "=", published.id), ("audience", "=", "reporter")],
                    limit=1,
                ),
                "state",
            ),
            "incoming e-mail": (cls.make_mail(), "state"),
            "violation found": (published.sudo().violation_ids, "note"),
            "lock of the sender": (cls.reporter.lock_ids, "reason"),
            "call": (call, "number"),
            "its sealed number": (call, "number_sealed"),
            "one-time code": (cls.make_code(published), "purpose"),
            "limit against floods": (
                cls.env.ref("civic_report.throttle_send_phone_day"),
                "count",
            ),
            "gateway of a provider": (
                cls.env["civic.gateway"].create({"name": "SMS", "kind": "sms"}),
                "name",
            ),
            "disclosure asked by the agency": (disclosure, "reason"),
            "whose identity a disclosure gives": (disclosure, "reporter_id"),
            "request about personal data": (request, "kind"),
            "history of personal data": (request.event_ids[0], "code"),
            "complaint passed on": (diversion, "authority"),
            "procedure": (cls.procedure, "name"),
        }

    @classmethod
    def make_code(cls, report):
        codes = cls.env["civic.code"]
        codes._issue_sudo(report, "lookup")
        return codes.search([("report_id", "=", report.id)])

    @classmethod
    def make_mail(cls):
        now = cls.env["civic.door"]._now()
        return cls.env["civic.inbox"].create(
            {
                "channel": "email",
                "external_id": "x",
                "content_id": "x",
                "uuid": "x",
                "company_id": cls.company.id,
                "state": "new",
                "received_at": now,
                "due_at": now,
            }
        )

    @classmethod
    def attach(cls, report):
        stream = io.BytesIO()
        Image.new("RGB", (40, 30), "gray").save(stream, "JPEG")
        attachments = cls.env["ir.attachment"].sudo()
        picture = attachments._civic_attach(
            report.sudo(), attachments._civic_read([stream.getvalue()]), cls.reporter
        )
        original = attachments.search(
            [("res_model", "=", "civic.reporter"), ("res_id", "=", cls.reporter.id)]
        )
        return picture, original

    @classmethod
    def roles(cls):
        """Names of the test's users, from the heads of the table."""
        heads = cls.rows()[0][1:]
        special = {"plain user": "plain", "citizen who sent it": "citizen"}
        return [special.get(head, head.replace(" ", "_")) for head in heads]

    @staticmethod
    def rows():
        lines = re.findall(r"^\|(.+)\|$", TABLE.read_text(), re.MULTILINE)
        rows = [[cell.strip() for cell in line.split("|")] for line in lines]
        return [row for row in rows if set("".join(row)) - set("-")]

    def test_table(self):
        wanted = {row[0]: row[1:] for row in self.rows()[1:]}
        self.assertEqual(set(wanted), set(self.records))
        for index, role in enumerate(self.roles()):
            self.authenticate(getattr(self, role).login, self.password)
            for name, (record, field) in self.records.items():
                with self.subTest(record=name, role=role):
                    found = "read" if self.can_read(record, field) else "no"
                    self.assertEqual(found, wanted[name][index])

    def can_read(self, record, field):
        answer = self.call(record._name, "read", [record.ids, [field]])
        if "error" in answer:
            self.assertNotIn(self.reporter.phone, json.dumps(answer))
            return False
        return bool(answer["result"])

    def call(self, model, method, arguments):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "params": {
                        "model": model,
                        "method": method,
                        "args": arguments,
                        "kwargs": {},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_verbs_over_json_2(self):
        """Agencies' own software calls verbs with explicit arguments."""
        report = self.walk_to("received")
        answers = [
            (self.other_handler, "civic.report", "receive", {}, 404),
            (
                self.operator,
                "civic.report",
                "dispatch",
                {"agency_ids": self.agency.ids},
                200,
            ),
            (self.operator, "civic.report", "receive", {}, 422),
            (self.operator, "civic.report", "_walk", {"verb": "publish"}, 403),
        ]
        for user, model, verb, arguments, status in answers:
            with self.subTest(verb=verb, user=user.login):
                response = self.json_2(user, model, verb, report, arguments)
                self.assertEqual(response.status_code, status, response.text[:300])
        self.assertEqual(report.state, "processing")

    def json_2(self, user, model, verb, record, arguments):
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            ._generate("rpc", "civic test", datetime.now() + timedelta(days=1))
        )
        self.env.flush_all()
        return self.url_open(
            f"/json/2/{model}/{verb}",
            data=json.dumps({"ids": record.ids, **arguments}),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"bearer {key}",
            },
        )
