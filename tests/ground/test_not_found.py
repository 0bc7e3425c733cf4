import json
from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.tests import mute_logger, tagged

from ..canary.methods import planted_ids
from ..canary.planted import PASSWORD, CanaryCase
from ..canary.policy import is_ours

MISSING = 2**31 - 11
# Methods that every model has, and what they take beside the record.
METHODS = {
    "read": {"fields": ["display_name"]},
    "web_read": {"specification": {"display_name": {}}},
    "write": {"vals": {}},
    "web_save": {"vals": {}, "specification": {"display_name": {}}},
    "unlink": {},
    "copy": {},
    "onchange": {"values": {}, "field_names": [], "fields_spec": {"display_name": {}}},
    "export_data": {"fields_to_export": ["display_name"]},
    "get_metadata": {},
    "has_access": {"operation": "read"},
}


@tagged("-at_install", "post_install")
class TestNotFound(CanaryCase):
    maxDiff = None
    """A foreign id and a missing id are answered alike, by whatever way is asked."""

    def setUp(self):
        super().setUp()
        self.muted = mute_logger(
            "odoo.http", "odoo.addons.civic_report.models.ground.not_found"
        )
        self.muted.__enter__()
        self.addCleanup(self.muted.__exit__, None, None, None)

    def json_rpc(self, model, method, id_, values):
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "params": {
                    "model": model,
                    "method": method,
                    "args": [[id_]],
                    "kwargs": values,
                }
            },
        )
        return answer.status_code, answer.text

    def json_2(self, model, method, id_, values):
        answer = self.url_open(
            f"/json/2/{model}/{method}",
            json={"ids": [id_], **values},
            headers={"Authorization": f"bearer {self.key}"},
        )
        return answer.status_code, answer.text

    def compared(self, actor, model, id_, methods):
        """Ask for a foreign and for a missing id.

        :return: dict (way, method) → the two answers, without ids
        """
        user = self.actors[actor]
        self.authenticate(user.login, PASSWORD)
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        self.key = keys._generate("rpc", "test", None)
        answers = {}
        for way in (self.json_rpc, self.json_2):
            for method, values in methods.items():
                rows = []
                for asked in (id_, MISSING):
                    status, text = way(model, method, asked, values)
                    rows.append((status, text.replace(f"({asked},)", "(ID,)")))
                answers[way.__name__, method] = rows
        return answers

    def test_foreign_and_missing(self):
        asked = {
            ("other_handler", "civic.report"): self.reports["private"],
            ("other_citizen", "civic.report"): self.reports["private"],
            ("other_leader", "civic.assignment"): self.assignment,
            ("operator", "civic.report"): self.report_beyond,
            ("handler", "civic.reporter"): self.reporter,
        }
        verbs = {"civic.report": {"receive": {}}, "civic.assignment": {"accept": {}}}
        for (actor, model), record in asked.items():
            methods = {**METHODS, **verbs.get(model, {})}
            for where, (foreign, missing) in self.compared(
                actor, model, record.id, methods
            ).items():
                with self.subTest(actor=actor, model=model, where=where):
                    self.assertEqual(foreign, missing)

    def test_read_says_not_found(self):
        answers = self.compared(
            "other_handler",
            "civic.report",
            self.reports["private"].id,
            {"read": METHODS["read"]},
        )
        error = json.loads(answers["json_rpc", "read"][0][1])["error"]["data"]
        self.assertEqual(error["name"], "odoo.exceptions.MissingError")
        status, text = answers["json_2", "read"][0]
        self.assertEqual(status, 404)
        self.assertEqual(json.loads(text)["name"], "odoo.exceptions.MissingError")

    def test_a_refusal_leaves_nothing_in_memory(self):
        """Who goes on after it finds nothing there that rules had to look at."""
        looked = 0
        for actor in ("operator_beyond", "other_handler", "other_leader", "leader"):
            env = self.env(user=self.actors[actor], su=False, context={})
            for name, ids in planted_ids(self.env).items():
                records = env[name].browse(ids)
                if not is_ours(name) or not records.browse().has_access("read"):
                    continue
                foreign = records - records._filtered_access("read")
                for fetched in (foreign, records) if foreign else ():
                    env.invalidate_all()
                    with suppress(AccessError):  # `assertRaises` would forget, too
                        fetched.fetch()
                    kept = {
                        field.name
                        for field in records._fields.values()
                        if field.store and set(field._get_cache(env)) & set(foreign.ids)
                    }
                    with self.subTest(actor=actor, model=name):
                        self.assertFalse(kept)
                    looked += 1
        self.assertGreater(looked, 20)

    def test_copies_of_what_others_have(self):
        """Also where some of the records are one's own."""
        events = self.env["civic.event"].sudo().search([])
        events = events.with_user(self.operator).sudo(False)
        own = events._filtered_access("read")
        foreign = events - own
        self.assertTrue(own and foreign)
        events.invalidate_recordset()
        with self.assertRaises(AccessError):
            (own + foreign).copy_data()

    def test_what_is_seen_and_not_changed_is_refused_as_ever(self):
        """And so are records of other modules."""
        answers = self.compared(
            "handler", "civic.event", self.assignment.sudo().event_ids[:1].id, {}
        )
        self.assertFalse(answers)
