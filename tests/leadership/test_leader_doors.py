"""Over HTTP, against the leaders' files, screens, channel and tables: as nobody, as a
citizen, as other agencies, as another province, and as who belongs to two of them."""

import io
import json
from datetime import timedelta
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.fields import Command
from odoo.tests import HttpCase, mute_logger, tagged

from ..rig.acts import ActsCase
from ..rig.common import local_text

PASSWORD = "civic-doors-password"
# What the Centre, the province and one agency have written, each word once.
SECRETS = {
    "report": "Khokhanxanh",
    "note": "Ghichuvang",
    "directive": "Chidaotim",
    "answer": "Traloinau",
    "explanation": "Nguyennhando",
    "evaluation": "Lydotrang",
    "reward": "Thanhtichden",
}
PERIODIC = "civic.periodic.report"
LINE = "civic.periodic.line"
PLAIN = ("draft", "approve", "issue", "make_files")
WITH_REASON = ("drop", "send_back", "replace")
REFUSED = ("MissingError", "AccessError")
TABLES = (
    *(PERIODIC, LINE, "civic.periodic.note", "civic.periodic.event"),
    *("civic.directive", "civic.directive.answer"),
    *("civic.explanation", "civic.explanation.line", "civic.act.event"),
    *("civic.evaluation", "civic.reward", "civic.now", "civic.period.figures"),
)
TEXTS = {
    PERIODIC: ("title", "difficulties"),
    LINE: ("label", "figures", "report_title", "words"),
    "civic.periodic.note": ("text",),
    "civic.periodic.event": ("note",),
    "civic.directive": ("number", "subject", "body", "end_reason"),
    "civic.directive.answer": ("text",),
    "civic.explanation": ("display_name", "period_to"),
    "civic.explanation.line": ("code", "cause", "remedy"),
    "civic.act.event": ("note",),
    "civic.evaluation": ("display_name", "reason", "breaches"),
    "civic.reward": ("display_name", "merit"),
    "civic.now": ("counts", "matters"),
    "civic.period.figures": ("figures",),
}


class DoorsCase(ActsCase, HttpCase):
    """A province with all that leaders do, and another one beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_neighbour()
        cls.second_manager = cls.make_user(
            "second_manager", "civic_report.group_centre_manager"
        )
        cls.wall = cls.make_user("wall", "civic_report.group_wall")
        # Of both provinces, this one the main one.
        cls.both = cls.make_user("both", "civic_report.group_centre_manager")
        cls.both.company_ids |= cls.beyond
        cls.people = {
            name: getattr(cls, name)
            for name in (
                *("operator", "manager", "province_leader", "leader", "handler"),
                *("other_leader", "other_handler", "coordinator", "plain", "citizen"),
                *("beyond_leader", "beyond_manager", "beyond_province", "both", "wall"),
            )
        }
        exports = cls.env.ref("base.group_allow_export")
        for user in cls.people.values():
            user.password = PASSWORD
            if user._is_internal():
                user.group_ids |= exports

    def setUp(self):
        super().setUp()
        for agency in (self.agency, self.other_agency):
            report = self.make_report()
            report.receive()
            report.dispatch([agency.id], incomplete_reason="Rõ rồi.")
        # What was given at the very moment of counting would not be counted.
        later = self.env["civic.door"]._now() + timedelta(minutes=2)
        with self.at(local_text(later)):
            self.periodic = self.issue_periodic()
        self.write_acts()
        self.env["civic.now"]._cron_count()
        self.env.flush_all()
        self.env.invalidate_all()

    def issue_periodic(self):
        """A report on today, with the day before it; issued, its files made."""
        kind = self.env.ref("civic_report.periodic_hue_demand_centre")
        today = self.company._civic_today()
        reports = self.env[PERIODIC].with_user(self.manager).sudo(False)
        days = (today - timedelta(days=1), today)
        report = reports.browse(reports.open_demand(kind.id, *days))
        report.draft()
        report.save_words(difficulties=SECRETS["report"])
        whole = report.line_ids.filtered(lambda line: line.dimension == "whole")
        report.note_line(whole.id, SECRETS["note"])
        report.with_user(self.second_manager).sudo(False).approve()
        report.issue()
        with patch.object(
            self.registry[PERIODIC], "_make_pdf_sudo", lambda _report: b"%PDF-1.4 doors"
        ):
            report._elevated()._keep_files()
        return report

    def write_acts(self):
        """What is addressed to both agencies, and what the first one wrote."""
        both = self.agency | self.other_agency
        directive = self.issued(
            number="77/CT",
            subject=SECRETS["directive"],
            agency_ids=[Command.set(self.agency.ids)],
        )
        joint = self.issued(number="78/CT", agency_ids=[Command.set(both.ids)])
        joint.with_user(self.leader).sudo(False).answer(SECRETS["answer"])
        door = self.env["civic.explanation"]._elevated().env
        today = self.company._civic_today()
        own = {"agency_id": self.agency.id, "company_id": self.company.id}
        explanation = door["civic.explanation"].create(
            {
                **own,
                **{"period_from": today, "period_to": today},
                "periodic_report_id": self.periodic.id,
            }
        )
        line = {"explanation_id": explanation.id, "cause": SECRETS["explanation"]}
        door["civic.explanation.line"].create({**own, **line, "code": "PA-99-1"})
        door["civic.evaluation"].create(
            {
                **own,
                **{"procedure_id": self.procedure.id, "year": today.year},
                **{
                    "date_from": today,
                    "date_to": today,
                    "reason": SECRETS["evaluation"],
                },
                "counted_at": self.env["civic.door"]._now(),
            }
        )
        self.env["civic.reward"].with_user(self.leader).create(
            {
                **{"kind": "agency", "agency_id": self.agency.id},
                "proposer_agency_id": self.agency.id,
                "merit": SECRETS["reward"],
            }
        )
        self.directive, self.joint = directive, joint

    def enter(self, name):
        """Sign in; nobody by None."""
        if name is None:
            self.authenticate(None, None)
        else:
            self.authenticate(self.people[name].login, PASSWORD)

    def get(self, path):
        return self.url_open(path, allow_redirects=False)

    def assertTellsNothing(self, answer):
        for secret in SECRETS.values():
            self.assertNotIn(secret.encode(), answer.content)


@tagged("-at_install", "post_install")
class TestFileRoutes(DoorsCase):
    READ = ("operator", "manager", "province_leader", "both")

    def routes(self, id_):
        return [f"/civic_report/periodic/{id_}/{kind}" for kind in ("pdf", "xlsx")]

    def test_nobody_signed_in(self):
        self.enter(None)
        paths = (
            *self.routes(self.periodic.id),
            "/civic_report/board/province/xlsx",
            "/civic_report/board/unit/xlsx",
        )
        for path in paths:
            with self.subTest(path):
                answer = self.get(path)
                self.assertEqual(answer.status_code, 303)
                self.assertIn("/web/login", answer.headers["Location"])
                self.assertNotIn(b"PDF", answer.content)

    def test_files_of_a_periodic_report(self):
        missing = self.periodic.id + 99999
        for name in self.people:
            self.enter(name)
            for path, none in zip(
                self.routes(self.periodic.id), self.routes(missing), strict=True
            ):
                with self.subTest(name, path=path):
                    answer = self.get(path)
                    if name in self.READ:
                        self.assertEqual(answer.status_code, 200)
                        continue
                    self.assertEqual(answer.status_code, 404)
                    self.assertTellsNothing(answer)
                    # As of one that does not exist.
                    self.assertEqual(self.get(none).status_code, 404)

    def test_odd_addresses(self):
        id_ = self.periodic.id
        self.enter("manager")
        for path in (
            f"/civic_report/periodic/{id_}/PDF",
            f"/civic_report/periodic/{id_}/pdf.xlsx",
            f"/civic_report/periodic/-{id_}/pdf",
            f"/civic_report/periodic/{id_}.0/pdf",
            f"/civic_report/periodic/{10**30}/pdf",
            f"/civic_report/periodic/{id_}/difficulties",
        ):
            with self.subTest(path):
                self.assertEqual(self.get(path).status_code, 404)
        answer = self.url_open(self.routes(id_)[0], data={"x": "1"})
        self.assertEqual(answer.status_code, 405)

    def test_by_the_ways_of_odoo(self):
        """Files of fields, attachments and printed forms have addresses, too."""
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", PERIODIC),
                ("res_id", "=", self.periodic.id),
                ("res_field", "!=", False),
            ]
        )
        self.assertEqual(len(files), 2)
        id_ = self.periodic.id
        paths = [
            f"/web/content/{PERIODIC}/{id_}/pdf",
            f"/web/content?model={PERIODIC}&id={id_}&field=xlsx&download=1",
            f"/web/image/{PERIODIC}/{id_}/pdf",
            *(f"/web/content/{file.id}?download=1" for file in files),
            f"/report/html/civic_report.periodic/{id_}",
            f"/report/pdf/civic_report.periodic_annexes/{id_}",
        ]
        for name in self.people.keys() - {*self.READ}:
            self.enter(name)
            for path in paths:
                with self.subTest(name, path=path), mute_logger("odoo.http"):
                    answer = self.get(path)
                    self.assertTellsNothing(answer)
                    self.assertNotIn(b"%PDF", answer.content)
                    self.assertNotIn(b"PK\x03\x04", answer.content)
                    self.assertNotIn(self.periodic.title.encode(), answer.content)

    # ------------------------------------------------------------------
    # Workbooks of screens
    # ------------------------------------------------------------------

    def book(self, answer):
        self.assertEqual(answer.status_code, 200)
        return [
            cell
            for sheet in load_workbook(io.BytesIO(answer.content))
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if cell is not None
        ]

    def test_workbooks_of_screens(self):
        own = {
            "province": {*self.READ, "beyond_manager", "beyond_province"},
            "unit": {"leader", "other_leader", "beyond_leader"},
            "wall": set(),
        }
        for name in self.people:
            self.enter(name)
            for kind, readers in own.items():
                path = f"/civic_report/board/{kind}/xlsx"
                with self.subTest(name, kind=kind), mute_logger("odoo.http"):
                    answer = self.get(path)
                    if name not in readers:
                        self.assertEqual(answer.status_code, 403)
                        self.assertNotIn(b"PK\x03\x04", answer.content)
                        continue
                    cells = self.book(answer)
                    named = {
                        agency.name in cells
                        for agency in (self.agency, self.other_agency)
                    }
                    if name.startswith("beyond"):
                        self.assertEqual(named, {False})
                    elif kind == "unit":
                        self.assertEqual(named, {True, False})
                        theirs = self.agency
                        if name == "leader":
                            theirs = self.other_agency
                        self.assertNotIn(theirs.name, cells)

    def test_the_workbook_of_the_province_that_the_screen_shows(self):
        self.enter("both")
        path = "/civic_report/board/province/xlsx"
        self.assertIn(self.agency.name, self.book(self.get(path)))
        here = self.book(self.get(f"{path}?company={self.company.id}"))
        self.assertIn(self.agency.name, here)
        there = self.book(self.get(f"{path}?company={self.beyond.id}"))
        self.assertNotIn(self.agency.name, there)

    def test_the_workbook_of_another_province(self):
        for name, company in (
            ("manager", self.beyond),
            ("province_leader", self.beyond),
            ("beyond_manager", self.company),
            ("beyond_province", self.company),
        ):
            self.enter(name)
            for chosen in (company.id, 0, -1, 10**30, "x", "1,2"):
                path = f"/civic_report/board/province/xlsx?company={chosen}"
                with self.subTest(name, chosen=chosen), mute_logger("odoo.http"):
                    answer = self.get(path)
                    self.assertEqual(answer.status_code, 403)
                    self.assertNotIn(b"PK\x03\x04", answer.content)

    def test_odd_periods(self):
        self.enter("manager")
        for period in (
            "x",
            "month:9999-12-31",
            "month:%00",
            "day",
            "'",
            "month:1' OR 1",
        ):
            path = f"/civic_report/board/province/xlsx?period={period}"
            with self.subTest(period), mute_logger("odoo.http"):
                answer = self.get(path)
                self.assertIn(answer.status_code, (400, 422))
                self.assertNotIn(b"Traceback", answer.content)


@tagged("-at_install", "post_install")
class TestBusChannel(DoorsCase):
    """Who can be made to hear that a province's counts have changed."""

    CHANGED = "civic_report.board"
    HEARS = {
        **dict.fromkeys(
            ("operator", "manager", "province_leader", "leader", "other_leader"),
            {"company"},
        ),
        **dict.fromkeys(
            ("beyond_leader", "beyond_manager", "beyond_province"), {"beyond"}
        ),
        "both": {"company", "beyond"},
        "wall": {"company"},
    }

    def poll(self, channels, last):
        params = {"channels": channels, "last": last, "is_first_poll": True}
        answer = self.url_open("/websocket/peek_notifications", json={"params": params})
        return answer.json()

    def asked(self):
        """Names by which a client might ask for the channel: all that it can send."""
        db, id_ = self.env.cr.dbname, self.company.id
        return [
            *("civic_board", f"res.company_{id_}", f"res.company({id_},)"),
            f"('res.company', {id_}, 'civic_board')",
            json.dumps([db, "res.company", id_, "civic_board"]),
            json.dumps(["res.company", id_, "civic_board"], separators=(",", ":")),
        ]

    def heard(self, answer):
        """Of which companies a client was subscribed to the channel."""
        return {
            channel[2]
            for channel in answer["result"]["channels"]
            if len(channel) == 4 and channel[3] == "civic_board"
        }

    def test_who_is_subscribed(self):
        companies = {"company": self.company.id, "beyond": self.beyond.id}
        for name in (None, *self.people):
            self.enter(name)
            with self.subTest(name):
                answer = self.poll(self.asked(), 0)
                expected = {companies[key] for key in self.HEARS.get(name, ())}
                self.assertEqual(self.heard(answer), expected)

    def test_who_hears(self):
        self.env.cr.precommit.run()  # what was told before
        last = self.env["bus.bus"]._bus_last_id()
        self.env["civic.board"]._tell_changed(self.company)
        self.env.cr.precommit.run()
        for name in (None, *self.people):
            self.enter(name)
            with self.subTest(name):
                told = [
                    row["message"]
                    for row in self.poll(self.asked(), last)["result"]["notifications"]
                    if row["message"]["type"] == self.CHANGED
                ]
                self.assertEqual(bool(told), "company" in self.HEARS.get(name, ()))
                self.assertFalse([row for row in told if row["payload"]])

    def test_channels_that_are_no_text(self):
        self.enter("citizen")
        id_ = self.company.id
        for channel in (["res.company", id_, "civic_board"], {"a": 1}, 5, None):
            with self.subTest(channel), mute_logger("odoo.http"):
                self.assertIn("error", self.poll([channel], 0))


@tagged("-at_install", "post_install")
class TestTables(DoorsCase):
    """Every way in which tables are read, as who must not read these rows."""

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        path = f"/web/dataset/call_kw/{model}/{method}"
        with mute_logger("odoo.http"):
            answer = self.url_open(path, json={"params": params})
        self.assertEqual(answer.status_code, 200)
        return answer

    def ways(self, model, ids):
        """Calls that read rows of a table: (method, arguments, named arguments)."""
        texts = [name for name in TEXTS[model] if name != "display_name"]
        stored = [name for name in texts if self.env[model]._fields[name].store]
        spec = {name: {} for name in (*TEXTS[model], "display_name")}
        yield "name_search", (), {"name": "", "limit": 500}
        yield "search_read", ([], [*TEXTS[model]]), {}
        yield "web_search_read", ([], spec), {}
        yield "read", (ids, [*TEXTS[model], "display_name"]), {}
        yield "web_read", (ids, spec), {}
        yield "export_data", (ids, [*TEXTS[model], "display_name"]), {}
        yield "copy_data", (ids,), {}
        yield "onchange", (ids, {}, [], spec), {}
        for name in stored:
            if self.env[model]._fields[name].type not in ("char", "text"):
                continue
            yield "formatted_read_group", ([],), {"groupby": [name], "aggregates": []}
            yield "web_read_group", ([], [name], ["__count"]), {}
            yield "read_group", ([], [name], [name]), {}

    def rows(self, model):
        return self.env[model].sudo().search([("company_id", "=", self.company.id)])

    def test_of_another_agency_or_province(self):
        """Nothing of what the first agency was told and wrote, nor of the Centre's."""
        for name in (
            *("other_leader", "other_handler", "handler", "coordinator", "plain"),
            *("citizen", "wall", "beyond_leader", "beyond_manager", "beyond_province"),
        ):
            self.enter(name)
            for model in TABLES:
                ids = self.rows(model).ids
                self.assertTrue(ids or model == "civic.period.figures", model)
                for method, args, kwargs in self.ways(model, ids):
                    with self.subTest(name, model=model, method=method):
                        answer = self.call(model, method, *args, **kwargs)
                        self.assertTellsNothing(answer)
                        self.assertNotIn(self.agency.name, self.words(answer))

    def words(self, answer):
        """What an answer says, apart from the words of a refusal."""
        answer = answer.json()
        return json.dumps(answer.get("result", ""), ensure_ascii=False)

    def test_one_s_own_leader_reads_own_rows_alone(self):
        self.enter("leader")
        for model, secret in (
            ("civic.directive", "directive"),
            ("civic.directive.answer", "answer"),
            ("civic.explanation.line", "explanation"),
            ("civic.evaluation", "evaluation"),
            ("civic.reward", "reward"),
        ):
            with self.subTest(model):
                answer = self.call(model, "search_read", [], [*TEXTS[model]])
                self.assertIn(SECRETS[secret], self.words(answer))
        answer = self.call(LINE, "search_read", [], ["label", "agency_id"])
        agencies = {row["agency_id"][0] for row in answer.json()["result"]}
        self.assertEqual(agencies, {self.agency.id})

    def paths(self):
        """Over own rows to what is not the reader's: (who, model, path, secret)."""
        yield "leader", LINE, "report_id.difficulties", "report"
        yield "leader", LINE, "report_id.note_ids.text", "note"
        yield (
            *("leader", "civic.explanation.line"),
            *("explanation_id.periodic_report_id.difficulties", "report"),
        )
        yield (
            *("leader", "civic.explanation"),
            *("periodic_report_id.difficulties", "report"),
        )
        yield "other_leader", "civic.directive", "answer_ids.text", "answer"
        yield "other_leader", LINE, "report_id.difficulties", "report"

    def path_calls(self, model, path, secret, own):
        """Calls that would show what a path leads to, by what they are called."""
        first, _dot, rest = path.partition(".")
        nested = {}
        for part in reversed(rest.split(".")):
            nested = {"fields": {part: nested}}
        slashed = path.replace(".", "/")
        calls = {
            "groups": ("formatted_read_group", [], [path], []),
            "export": ("export_data", own, [slashed]),
            # With what is read past the reader's rights in memory.
            "export after": ("export_data", own, ["display_name", slashed]),
            "nested": ("web_read", own, {first: nested}),
            "searched": ("search_count", [(path, "ilike", SECRETS[secret])]),
        }
        if model == LINE:
            calls["export beside"] = ("export_data", own, ["report_title", slashed])
        return calls

    def test_no_path_leads_over_own_rows_to_others(self):
        for name, model, path, secret in self.paths():
            self.enter(name)
            reader = self.env[model].with_user(self.people[name]).sudo(False)
            own = reader.search([]).ids
            self.assertTrue(own, f"{name} reads no {model}")
            calls = self.path_calls(model, path, secret, own)
            secret = SECRETS[secret]
            for way, (method, *args) in calls.items():
                with self.subTest(name, path=path, way=way):
                    answer = self.call(model, method, *args)
                    self.assertNotIn(secret, self.words(answer))
                    if way == "searched":
                        self.assertFalse(answer.json().get("result"))

    def test_one_company_active_of_two(self):
        """Rows of the province that is not chosen are not read, though they might."""
        self.enter("both")
        there = {"context": {"allowed_company_ids": self.beyond.ids}}
        for model in TABLES:
            ids = self.rows(model).ids
            with self.subTest(model):
                found = self.call(model, "search", [], **there).json()["result"]
                self.assertFalse(set(found) & set(ids))
                if ids:
                    texts = [*TEXTS[model]]
                    answer = self.call(model, "read", ids, texts, **there)
                    self.assertIn("error", answer.json())
                    self.assertTellsNothing(answer)
        for model in (PERIODIC, "civic.directive"):
            found = self.call(model, "search", []).json()["result"]
            self.assertTrue(set(found) & set(self.rows(model).ids))

    def test_the_calls_are_right(self):
        """Whoever may read all of it is told by the same calls."""
        self.enter("manager")
        for model in TABLES:
            for method, args, kwargs in self.ways(model, self.rows(model).ids):
                if method != "onchange":  # not for who may not create
                    with self.subTest(model, method=method):
                        answer = self.call(model, method, *args, **kwargs)
                        self.assertNotIn("error", answer.json())
        for _name, model, path, secret in self.paths():
            own = self.rows(model).ids
            calls = self.path_calls(model, path, secret, own)
            for way in calls.keys() - ({"groups"} if "_ids." in path else set()):
                with self.subTest(path, way=way):
                    answer = self.call(model, *calls[way])
                    if way == "searched":
                        self.assertGreater(answer.json()["result"], 0)
                    else:
                        self.assertIn(SECRETS[secret], self.words(answer))

    def test_verbs_of_who_may_not_see_it(self):
        report, directive = self.periodic, self.directive
        verbs = (
            *((PERIODIC, verb, report.id, ()) for verb in PLAIN),
            *((PERIODIC, verb, report.id, ("Vì thế.",)) for verb in WITH_REASON),
            (PERIODIC, "save_words", report.id, ("x",)),
            (PERIODIC, "note_line", report.id, (report.line_ids[0].id, "x")),
            ("civic.directive", "answer", directive.id, ("Đã xong.",)),
            ("civic.directive", "withdraw", directive.id, ("Vì thế.",)),
        )
        for name in ("other_leader", "handler", "citizen", "wall", "beyond_manager"):
            self.enter(name)
            for model, verb, id_, args in verbs:
                with self.subTest(name, verb=verb):
                    answer = self.call(model, verb, [id_], *args)
                    error = answer.json()["error"]["data"]["name"]
                    self.assertIn(error.rpartition(".")[2], REFUSED)
                    self.assertTellsNothing(answer)
        self.env.invalidate_all()
        self.assertEqual(report.state, "issued")
        self.assertEqual(directive.state, "issued")
