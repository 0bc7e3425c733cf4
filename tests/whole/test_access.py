import io
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image

from odoo.tests import HttpCase, tagged

from ..rig.common import CivicCase, local_text

TABLE = Path(__file__).parents[2] / "docs" / "access.md"


class AccessCase(CivicCase, HttpCase):
    """Each role over HTTP on each other's records: a table of docs/access.md."""

    # The part of the page whose first table it is.
    heading = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wall = cls.make_user("wall", "civic_report.group_wall")
        cls.password = "civic-access-password"
        for role in cls.roles():
            getattr(cls, role).password = cls.password

    @classmethod
    def roles(cls):
        """Names of the test's users, from the heads of the table."""
        heads = cls.rows()[0][1:]
        special = {"plain user": "plain", "citizen who sent it": "citizen"}
        return [special.get(head, head.replace(" ", "_")) for head in heads]

    @classmethod
    def rows(cls):
        part = TABLE.read_text().split(f"# {cls.heading}\n")[1].split("\n#")[0]
        [table, *_others] = re.findall(r"(?:^\|.+\|\n)+", part, re.MULTILINE)
        lines = table.strip().splitlines()
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        return [row for row in rows if set("".join(row)) - set("-")]

    def assert_table(self):
        wanted = {row[0]: row[1:] for row in self.rows()[1:]}
        self.assertEqual(set(wanted), set(self.records))
        for index, role in enumerate(self.roles()):
            self.authenticate(getattr(self, role).login, self.password)
            for name, (record, field) in self.records.items():
                self.assertTrue(record, name)
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


@tagged("-at_install", "post_install")
class TestAccess(AccessCase):
    heading = "Who may read what, over the API"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_table")
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

    def test_table(self):
        self.assert_table()

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


@tagged("-at_install", "post_install")
class TestLeadersAccess(AccessCase):
    """What leaders are owed: of one agency, whose other leader is of another one."""

    heading = "The leaders' work"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_table")
        done = case.walk_to("done")
        level = cls.procedure.scale_id.level_ids[0]
        done.with_user(cls.citizen).rate(level.id)
        cls.env.flush_all()
        # What was given at the very moment of counting would not be counted.
        later = cls.env["civic.door"]._now() + timedelta(minutes=2)
        with case.at(local_text(later)):
            issued, drafted = cls.periodic(), cls.periodic()
        issued._elevated().write({"state": "issued", "issued_at": issued.counted_at})
        row = [("dimension", "=", "agency"), ("agency_id", "=", cls.agency.id)]
        issued_lines, drafted_lines = issued.line_ids.sudo(), drafted.line_ids.sudo()
        explanation = cls.explanation(issued)
        cls.count()
        cls.records = {
            "periodic report": (issued, "title"),
            "its figures of the whole province": (
                issued_lines.filtered(lambda line: line.dimension == "whole"),
                "figures",
            ),
            "its row of the agency, once it is issued": (
                issued_lines.filtered_domain(row),
                "figures",
            ),
            "the same row before": (drafted_lines.filtered_domain(row), "figures"),
            "note to a row": (issued.note_ids, "text"),
            "history of a periodic report": (issued.event_ids[:1], "verb"),
            "kind of periodic report": (issued.kind_id, "name"),
            **cls.directives(),
            "explanation of the agency": (explanation, "state"),
            "its line, with the agency's words": (explanation.line_ids, "cause"),
            "the periodic report that it goes with": (
                explanation,
                "periodic_report_id",
            ),
            "history of such an act": (explanation.event_ids, "code"),
            "evaluation of the agency": (cls.evaluation(), "breaches"),
            "reward that the agency proposes": (cls.reward(), "merit"),
            "until when the agency has time": (
                cls.one("civic.agency.deadline", agency_id=cls.agency.id),
                "agency_id",
            ),
            "rating of its answer": (cls.one("civic.rating"), "level_id"),
            **{
                f"{what} of the {whom}": (cls.one(model, agency_id=agency.id), field)
                for model, what, field in (
                    ("civic.now", "kept counts", "counts"),
                    ("civic.period.figures", "figures of a period", "figures"),
                )
                for whom, agency in (
                    ("agency", cls.agency),
                    ("province", cls.agency.browse()),
                )
            },
            **cls.foresight(),
        }

    @classmethod
    def one(cls, model, **values):
        domain = [("company_id", "=", cls.company.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return cls.env[model].search(domain, limit=1)

    @classmethod
    def periodic(cls):
        kind = cls.env.ref("civic_report.periodic_hue_demand_centre")
        reports = cls.env["civic.periodic.report"].with_user(cls.manager)
        today = cls.company._civic_today()
        days = (today - timedelta(days=1), today)
        report = reports.browse(reports.open_demand(kind.id, *days))
        report.draft()
        report.note_line(report.line_ids[:1].id, "Cần thêm nhân lực.")
        return report

    @classmethod
    def door_of(cls, model):
        """A table with the key of the door, under which its rows are made."""
        return cls.env["civic.explanation"]._elevated().env[model]

    @classmethod
    def explanation(cls, periodic):
        own = {"agency_id": cls.agency.id, "company_id": cls.company.id}
        days = {"period_from": periodic.period_from, "period_to": periodic.period_to}
        explanation = cls.door_of("civic.explanation").create(
            {**own, **days, "periodic_report_id": periodic.id}
        )
        cls.door_of("civic.explanation.line").create(
            {
                **own,
                "explanation_id": explanation.id,
                "code": "PA-26-000001",
                "cause": "Thiếu vật tư.",
            }
        )
        explanation._log_act("explanation_opened")
        return explanation

    @classmethod
    def directives(cls):
        agencies = cls.agency | cls.other_agency
        out = {"state": "issued", "issued_at": "2026-01-05"}
        directive, draft, joint = (
            cls.door_of("civic.directive").create(
                {
                    **{"number": number, "subject": "Chấn chỉnh", "body": "Khắc phục."},
                    "agency_ids": [(6, 0, told.ids)],
                    **(out if is_out else {}),
                }
            )
            for number, told, is_out in (
                ("1/CT", cls.agency, True),
                ("2/CT", cls.agency, False),
                ("3/CT", agencies, True),
            )
        )
        answer = cls.door_of("civic.directive.answer").create(
            {
                **{"directive_id": joint.id, "agency_id": cls.agency.id},
                **{"company_id": cls.company.id, "text": "Đã khắc phục."},
                **{"answered_by": cls.leader.id, "answered_at": "2026-01-06"},
            }
        )
        return {
            "directive to the agency": (directive, "body"),
            "directive that is not issued": (draft, "body"),
            "answer of the agency": (answer, "text"),
        }

    @classmethod
    def evaluation(cls):
        today = cls.company._civic_today()
        return cls.door_of("civic.evaluation").create(
            {
                **{"company_id": cls.company.id, "procedure_id": cls.procedure.id},
                **{"agency_id": cls.agency.id, "year": today.year},
                **{"date_from": today, "date_to": today},
                "counted_at": cls.env["civic.door"]._now(),
            }
        )

    @classmethod
    def reward(cls):
        return (
            cls.env["civic.reward"]
            .with_user(cls.leader)
            .create(
                {
                    **{"kind": "agency", "agency_id": cls.agency.id, "merit": "Tốt."},
                    "proposer_agency_id": cls.agency.id,
                }
            )
        )

    @classmethod
    def count(cls):
        cls("test_table").walk_to("processing")
        cls.env["civic.now"]._count_now(cls.env["civic.door"]._now())
        figures = cls.env["civic.period.figures"]
        [period, *_earlier] = figures._shown_periods(cls.company, "month")
        figures._keep_period(cls.company, period)
        cls.env.invalidate_all()

    @classmethod
    def foresight(cls):
        day = cls.company._civic_today() - timedelta(days=1)
        rehearsal = cls.env["civic.rehearsal"].create(
            {
                **{"company_id": cls.company.id, "draft_id": cls.procedure.id},
                **{"date_from": day, "date_to": day},
            }
        )
        own = {"company_id": cls.company.id, "agency_id": cls.agency.id}
        line = cls.env["civic.rehearsal.line"].create(
            {**own, "rehearsal_id": rehearsal.id, "dimension": "agency"}
        )
        batch = cls.env["civic.rehearsal.batch"].create({"rehearsal_id": rehearsal.id})
        now = cls.env["civic.door"]._now()
        sight = cls.env["civic.sight"].create(
            {**own, "kind": "agency", "counted_at": now, "late_from": now}
        )
        return {
            "early sight": (sight, "kind"),
            "rehearsal of a draft regulation": (rehearsal, "state"),
            "its result": (line, "dimension"),
            "its batches": (batch, "report_count"),
        }

    def test_table(self):
        self.assert_table()
