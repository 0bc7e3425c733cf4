import itertools
import json
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import HttpCase, mute_logger, tagged

from ...models.site.shape import CITIZEN_FIELDS
from ..rig.succession import SuccessionCase
from ..rig.walks import written_notice

PASSWORD = "civic-strangers-password"
NAMES = (
    *("operator", "handler", "leader", "other_handler", "citizen", "plain"),
    *("administrator", "stranger", "manager", "province_leader"),
)
TOLD = ("UserError", "AccessError", "MissingError", "ValidationError")
BAD = (None, True, 10**30, "x\x00y", "9999-12-31", [[]], {"a": 1}, ["x"], "x" * 9000)


@tagged("-at_install", "post_install")
class TestStrangers(SuccessionCase, HttpCase):
    """Over HTTP, as whom it is not meant for, and with what it is not meant for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.there = cls.env["res.company"].create({"name": "Tỉnh khác"})
        cls.there.civic_procedure_id = cls.procedure
        roles = ("centre_manager", "administrator")
        cls.stranger = cls.make_user(
            "there", ",".join(f"civic_report.group_{role}" for role in roles)
        )
        cls.stranger.write(
            {"company_ids": [Command.set(cls.there.ids)], "company_id": cls.there.id}
        )
        for name in NAMES:
            getattr(cls, name).password = PASSWORD

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        path = f"/web/dataset/call_kw/{model}/{method}"
        answer = self.url_open(path, json={"params": params})
        self.assertEqual(answer.status_code, 200)
        return answer.json()

    def failure(self, answer):
        if "error" not in answer:
            return None
        return answer["error"]["data"]["name"].rpartition(".")[2]

    def sign_in(self, name):
        self.authenticate(getattr(self, name).login, PASSWORD)

    # ------------------------------------------------------------------
    # Bad values
    # ------------------------------------------------------------------

    def verbs(self):
        """Who calls what on what: (user's name, record, method, arguments…)."""
        self.procedure.extension_allowed = True
        report, urgent = self.walk_to("accepted"), self.walk_to("accepted")
        urgent.set_track("emergency", "Cháy.")
        part, urgent_part = report.sudo().assignment_ids, urgent.sudo().assignment_ids
        part.with_user(self.handler).sudo(False).request_extension(
            *("5/CV", "2026-12-10", "Chờ vật tư."),
            written_notice(self.env(user=self.handler)),
        )
        new, day = self.make_report(reporter_id=False), "2026-11-16"
        return [
            ("handler", part, "ask_penalty", "x", "7", day),
            ("handler", part, "mark_penalty", "x", "7", day),
            ("handler", part, "report_progress", "x"),
            ("handler", part, "record_penalty_decision", "x", day),
            ("handler", part, "submit", "Đã làm xong.", None),
            ("handler", part, "return_wrong", "x", None),
            ("handler", urgent_part, "request_extension", "x", "2026-12-01", "y", []),
            ("operator", urgent_part, "record_result", "xong", "cv", None, None),
            ("operator", part.extension_ids, "grant", "2026-12-09"),
            ("operator", part.extension_ids, "reject", "x"),
            ("operator", new, "join", report.id),
            ("operator", new, "mark_duplicate", report.id),
            ("operator", new, "forward", self.agency.id, "x"),
            ("operator", report, "set_track", "emergency", "x"),
            ("leader", part, "assign", 1),
        ]

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_bad_values(self):
        with self.at("2026-11-16 09:00"):
            for who, records, method, *args in self.verbs():
                self.sign_in(who)
                for place, bad in itertools.product(range(len(args)), BAD):
                    given = [*args[:place], bad, *args[place + 1 :]]
                    with self.subTest(method, place=place, bad=str(bad)[:20]):
                        self.check_told(records, method, given)

    def check_told(self, records, method, args):
        """It is done, or the words say why not; either way it is undone."""
        with self.env.cr.savepoint() as savepoint:
            answer = self.call(records._name, method, records.ids, *args)
            self.assertIn(self.failure(answer), (None, *TOLD))
            self.assertNotIn("Traceback", json.dumps(answer))
            savepoint.rollback()
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # Strangers
    # ------------------------------------------------------------------

    def rows_of_ours(self):
        """One row of each model, and verbs on it: (record, method, arguments…)."""
        today = self.company._civic_today()
        leave = (
            self.env["civic.stand.in"]
            .with_user(self.leader)
            .create(
                {
                    "user_id": self.leader.id,
                    "deputy_id": self.new_leader.id,
                    "date_from": today + timedelta(days=3),
                    "date_to": today + timedelta(days=9),
                }
            )
        )
        succession = self.end(self.agency, self.new_agency, confirm=False)
        answer = self.env["civic.ready.answer"].create(
            {"name": "x", "body": "Lời của cơ quan", "agency_id": self.agency.id}
        )
        taken = self.env["civic.import"].create({"name": "x", "source": "y"})
        merger = self.env["civic.merger"].create({"source_id": self.there.id})
        report = self.walk_to("accepted")
        part = report.sudo().assignment_ids
        return [
            (leave, ("action_end",)),
            (succession, ("action_confirm",), ("action_propose",), ("action_cancel",)),
            (answer,),
            (taken, ("action_check",), ("action_start",), ("action_reports",)),
            (merger, ("action_look",), ("action_merge",)),
            (report.sudo().step_ids[:1], ("explain",)),
            (part, ("confirm_penalty",), ("record_result", "x", "y")),
            (report, ("join", 1), ("unjoin", "x")),
        ]

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_strangers_read_and_write_nothing(self):
        rows = self.rows_of_ours()
        report = rows[-1][0]
        for who in ("citizen", "plain", "other_handler", "stranger"):
            self.sign_in(who)
            for record, *verbs in rows:
                for method, *args in (
                    ("read",),
                    ("write", {"create_date": "2020-01-01"}),
                    ("unlink",),
                    *verbs,
                ):
                    if (who, method) == ("citizen", "action_reports"):
                        continue
                    answer = self.call(record._name, method, record.ids, *args)
                    with self.subTest(who, model=record._name, method=method):
                        if (who, record, method) == ("citizen", report, "read"):
                            self.assertEqual(set(answer["result"][0]), CITIZEN_FIELDS)
                        else:
                            self.assertIn(self.failure(answer), TOLD)

    @mute_logger("odoo.http")
    def test_packages_for_the_archives(self):
        report = self.walk_to("done")
        for who in ("citizen", "operator", "handler", "stranger"):
            self.sign_in(who)
            for what in (report.name, "2026", "9999"):
                answer = self.url_open(f"/civic_report/archive/{what}")
                self.assertEqual(answer.status_code, 404, (who, what))
        self.sign_in("manager")
        for what in ("9999", "0001", "1e3", "%00", "٢٠٢٦", "x" * 3000):
            answer = self.url_open(f"/civic_report/archive/{what}")
            self.assertEqual(answer.status_code, 404, what[:9])
        answer = self.url_open(f"/civic_report/archive/{report.name}")
        self.assertEqual(answer.status_code, 200)

    def test_answers_are_not_put_before_another_agency(self):
        self.sign_in("handler")
        values = {"name": "x", "body": "y", "agency_id": self.agency.id}
        made = self.call("civic.ready.answer", "create", [values])["result"]
        pushed = self.call(
            "civic.ready.answer", "write", made, {"agency_id": self.other_agency.id}
        )
        self.assertIn(self.failure(pushed), TOLD)
