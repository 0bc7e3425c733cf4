import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import mute_logger, tagged

from ...models.ground.ours import is_our_model
from ...models.platform.ir_module import MAY_GO
from ..canary.planted import PASSWORD, CanaryCase
from ..canary.policy import is_ours

CRASH = "what nobody outside should read"


@tagged("-at_install", "post_install")
class TestGuards(CanaryCase):
    """What an Odoo add-on gives away or breaks by default; docs/security.md has the
    list, line by line."""

    def signed_in(self, name):
        self.authenticate(self.actors[name].login, PASSWORD)

    def call_kw(self, model, method, *args, **kwargs):
        path = f"/web/dataset/call_kw/{model}/{method}"
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.url_open(path, json={"params": params})

    def crashing(self):
        def crash(records):
            raise ValueError(CRASH)

        registered = type(self.env["civic.report"])
        self.startPatcher(patch.object(registered, "crash", crash, create=True))

    # ------------------------------------------------------------------
    # Errors
    # ------------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_errors_carry_no_traceback(self):
        self.crashing()
        self.signed_in("handler")
        for method, args in (("crash", [[]]), ("receive", [[self.reports["new"].id]])):
            with self.subTest(method=method):
                data = self.call_kw("civic.report", method, *args).json()["error"][
                    "data"
                ]
                self.assertFalse(data["debug"])
                self.assertNotIn(CRASH, json.dumps(data))

    @mute_logger("odoo.http")
    def test_words_for_the_caller_stay(self):
        self.signed_in("operator")
        answer = self.call_kw("civic.report", "receive", self.reports["done"].ids)
        self.assertIn(
            self.reports["done"].name, answer.json()["error"]["data"]["message"]
        )

    @mute_logger("odoo.http")
    def test_system_administrators_see_why(self):
        self.crashing()
        self.env.ref("base.user_admin").password = PASSWORD
        self.authenticate("admin", PASSWORD)
        data = self.call_kw("civic.report", "crash", []).json()["error"]["data"]
        self.assertIn(CRASH, data["debug"])

    # ------------------------------------------------------------------
    # Ways in that Odoo has and this module has not
    # ------------------------------------------------------------------

    def ours(self):
        return {
            name: self.env[name]
            for name, model in self.env.registry.items()
            if is_our_model(model)
        }

    def test_ours_are_known_by_their_names_too(self):
        """As the matrix knows them."""
        self.assertEqual(set(self.ours()), set(filter(is_ours, self.env.registry)))

    def test_no_chatter_no_portal_tokens_no_ratings(self):
        for name, model in self.ours().items():
            with self.subTest(model=name):
                self.assertFalse(
                    {"message_follower_ids", "access_token", "rating_ids"}
                    & set(model._fields)
                )

    def test_nothing_is_tracked(self):
        for name, model in self.ours().items():
            tracked = [
                field.name
                for field in model._fields.values()
                if getattr(field, "tracking", None)
            ]
            self.assertFalse(tracked, name)

    def test_reports_check_their_readers(self):
        """`/report/…` asks nobody: each report of ours has a model that does."""
        actions = self.env["ir.actions.report"].search([("model", "=like", "civic.%")])
        self.assertTrue(actions)
        for action in actions:
            self.assertIn(f"report.{action.report_name}", self.env.registry)

    def test_a_forbidden_file_looks_like_a_missing_one(self):
        files = self.env["ir.attachment"].sudo()
        forbidden = files.search([("res_model", "=like", "civic.%")], limit=1).id
        missing = files.search([], order="id desc", limit=1).id + 1000
        for actor in ("other_citizen", "other_handler", "plain"):
            self.signed_in(actor)
            for path in ("/web/image/%s", "/web/content/%s", "/web/image/%s/20x20"):
                with self.subTest(actor=actor, path=path):
                    answers = [
                        self.url_open(path % id_) for id_ in (forbidden, missing)
                    ]
                    self.assertEqual(*(row.status_code for row in answers))
                    self.assertEqual(*(row.content for row in answers))

    def test_a_foreign_letter_looks_like_a_missing_one(self):
        self.signed_in("other_handler")
        path = "/report/html/civic_report.letter_anonymous/%s"
        foreign = self.reports["done"].assignment_ids.id
        with mute_logger("odoo.http", "odoo.addons.web.controllers.report"):
            answers = [self.url_open(path % id_) for id_ in (foreign, foreign + 10**6)]
        self.assertEqual(*(row.status_code for row in answers))
        self.assertNotEqual(answers[0].status_code, 200)

    # ------------------------------------------------------------------
    # Back office
    # ------------------------------------------------------------------

    def test_forged_authors(self):
        """Who acted is the one who was signed in, whatever a form says."""
        own = self.reports["own"]
        events = self.env["civic.event"].with_user(self.operator)
        with self.assertRaises(UserError):
            events.create({"report_id": own.id, "code": "send", "user_id": 1})
        with self.assertRaises(UserError):
            own.with_user(self.operator).sudo(False).write({"operator_id": 1})

    def test_a_foreign_link_is_not_found(self):
        """In a saved form and in an unsaved one."""
        assignment = self.assignment.with_user(self.handler).sudo(False)
        spec = {"subject": {}, "report_description": {}}
        foreign = {"report_id": self.reports["new"].id}
        for values in (foreign, {"agency_id": self.agency_beyond.id}):
            with self.subTest(values=values), self.assertRaises(UserError) as caught:
                assignment.onchange(values, list(values), spec)
            self.assertIn("Not found", caught.exception.args[0])
            with self.assertRaises(UserError):
                assignment.write(values)

    def test_defaults_in_the_context_are_no_way_round(self):
        reports = self.env["civic.report"].with_user(self.operator)
        made = reports.with_context(
            default_state="done", default_name="PA-1", default_operator_id=1
        ).create(self.report_values())
        self.assertEqual(made.state, "new")
        self.assertNotEqual(made.name, "PA-1")
        self.assertFalse(made.operator_id)
        closed = self.env["civic.report"].with_user(self.other_handler)
        self.assertFalse(closed.with_context(active_test=False).search([]))

    def test_a_model_in_the_context_names_a_record_too(self):
        """As other apps make activities: the model by context, the id by value."""
        activities = self.env["mail.activity"].with_user(self.operator)
        activities = activities.with_context(default_res_model="civic.report")
        report = self.make_report()
        made = activities.create({"res_id": report.id, "summary": "Gọi lại"})
        self.assertEqual(made.res_name, report.display_name)
        report._elevated().write({"visibility": "secret", "operator_id": False})
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            activities.create({"res_id": report.id, "summary": "Gọi lại"})

    def test_citizens_group_by_nothing_hidden(self):
        reports = self.env["civic.report"].with_user(self.other_citizen)
        for name in ("public_attachment_ids", "operator_id", "create_uid"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                reports.formatted_read_group([], [name], ["__count"])

    def test_a_letter_that_names_the_citizen_is_on_record(self):
        done = self.reports["done"]
        before = self.env["civic.access"].search([])
        self.signed_in("operator")
        self.url_open(f"/report/html/civic_report.letter_named/{done.id}")
        looks = self.env["civic.access"].search([]) - before
        self.assertEqual(looks.mapped("kind"), ["letter"])
        self.assertEqual(looks.user_id, self.operator)
        self.assertEqual(looks.report_id, done)

    # ------------------------------------------------------------------
    # Uninstalling
    # ------------------------------------------------------------------

    def test_uninstalling_wants_a_backup_first(self):
        module = self.env["ir.module.module"].search([("name", "=", "civic_report")])
        portal = self.env["ir.module.module"].search([("name", "=", "portal")])
        for asked in (module, portal):
            with self.assertRaises(UserError) as caught:
                asked.button_uninstall()
            self.assertIn(MAY_GO, caught.exception.args[0])
        self.assertEqual(module.state, "installed")
        self.env["ir.config_parameter"].set_param(MAY_GO, self.env.cr.dbname)
        module.button_uninstall()
        self.assertEqual(module.state, "to remove")
