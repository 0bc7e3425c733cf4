import logging
import threading
from base64 import b64encode
from unittest.mock import patch

from odoo import http
from odoo.http import request
from odoo.tests import tagged

from ..rig.asked import trial
from .methods import Matrix, Reach
from .oracle import Oracle
from .pairs import Pairs, Twins, pairs_of
from .planted import CanaryCase
from .routes import Routes, rules_of

_logger = logging.getLogger("odoo.addons.civic_report.planted")


@tagged("-at_install", "post_install")
@trial("ground")
class TestCanaryPlanted(CanaryCase):
    """Leaks that are planted are found: else the matrix would prove nothing."""

    def setUp(self):
        # First added, last done: when the planted fields are gone from the database.
        self.addCleanup(self.forget_planted)
        super().setUp()
        self.has_planted_fields = False

    def forget_planted(self):
        if self.has_planted_fields:
            self.registry._setup_models__(self.cr)

    def caught(self, model, actors, name=None):
        """What the matrix finds in a model, taken from the registry as ever."""
        methods = [
            row
            for row in Reach(self.env).methods()
            if row[0] == model and name in (None, row[1])
        ]
        self.assertTrue(methods, "not picked up")
        leaks = Matrix(self, actors).run(methods).leaks
        return {(method, kind) for _model, method, kind in leaks}

    def plant_method(self, model, name, function):
        registered = type(self.env[model])
        self.startPatcher(patch.object(registered, name, function, create=True))

    def plant_field(self, model, **values):
        self.has_planted_fields = True
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id(model),
                "state": "manual",
                **values,
            }
        )
        self.env.flush_all()

    # ------------------------------------------------------------------
    # Methods and fields
    # ------------------------------------------------------------------

    def test_sudo_method(self):
        def sender_name(records):
            return records.sudo().mapped("reporter_id.name")

        self.plant_method("civic.report", "sender_name", sender_name)
        self.assertEqual(
            self.caught("civic.report", ["plain"], "sender_name"),
            {("sender_name", "name"), ("sender_name", "beyond")},
        )

    def test_words_of_an_error(self):
        def complain(records):
            raise ValueError(records.sudo().mapped("reporter_id.phone"))

        self.plant_method("civic.report", "complain", complain)
        found = self.caught("civic.report", ["handler"], "complain")
        self.assertEqual(found, {("complain", "phone")})

    def test_hidden_in_base64_and_with_spaces(self):
        def hidden(records):
            data = records.sudo().mapped("reporter_id.email_from")
            return b64encode(str(data).encode()), "0936 47-15.28"

        self.plant_method("civic.report", "hidden", hidden)
        found = self.caught("civic.report", ["handler"], "hidden")
        self.assertLessEqual({("hidden", "email"), ("hidden", "phone")}, found)

    def test_log(self):
        def tell(records):
            _logger.info("sent by %s", records.sudo().mapped("reporter_id.name"))

        self.plant_method("civic.report", "tell", tell)
        self.assertIn(("tell", "name"), self.caught("civic.report", ["plain"], "tell"))

    def test_message(self):
        """As a tracked field would: the value goes to whoever follows."""

        def follow(records):
            for record in records.sudo():
                record.env["mail.message"].create(
                    {"body": f"Reporter: {record.reporter_id.name}"}
                )

        self.plant_method("civic.report", "follow", follow)
        found = self.caught("civic.report", ["operator"], "follow")
        self.assertIn(("follow", "name"), found)

    def test_stored_compute(self):
        self.plant_field(
            "civic.report",
            name="x_sender",
            ttype="char",
            field_description="Sender",
            store=True,
            depends="reporter_id",
            compute="for r in self: r['x_sender'] = r.sudo().reporter_id.name",
        )
        found = self.caught("civic.report", ["handler"])
        self.assertLessEqual({("read", "name"), ("web_read", "name")}, found)

    def test_related(self):
        self.plant_field(
            "civic.assignment",
            name="x_phone",
            ttype="char",
            field_description="Telephone",
            related="report_id.reporter_id.phone",
        )
        self.assertIn(("read", "phone"), self.caught("civic.assignment", ["leader"]))

    def test_model_without_rules(self):
        model = self.env["ir.model"].create({"name": "Leak", "model": "x_leak"})
        self.plant_field("x_leak", name="x_text", ttype="char", field_description="X")
        self.env["ir.model.access"].create(
            {
                "name": "x_leak",
                "model_id": model.id,
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        self.env["x_leak"].create({"x_text": self.reporter.sudo().name})
        self.env.flush_all()
        self.assertIn(("search_read", "name"), self.caught("x_leak", ["plain"]))

    # ------------------------------------------------------------------
    # Models and ids
    # ------------------------------------------------------------------

    def test_named_past_the_rights_of_who_asks(self):
        """As Odoo names what a message is about, where nobody looks at who asks."""

        def by_words(records):
            for record in records:
                record.display_name = record.body

        self.plant_method("civic.interaction", "_compute_display_name", by_words)
        pairs = [pair for pair in pairs_of(self.env) if pair.model == "mail.message"]
        self.assertFalse(Pairs(self, ["other_citizen"]).run(pairs).leaks)
        self.plant_method("mail.message", "_civic_check_named", lambda *_values: None)
        leaks = set(Pairs(self, ["other_citizen"]).run(pairs).leaks)
        self.assertLessEqual(
            {
                ("mail.message", "onchange", "question"),
                ("mail.message", "onchange", "that civic.report is there"),
                ("mail.message", "onchange", "that res.partner is there"),
            },
            leaks,
        )

    def test_a_missing_record_is_told_from_a_foreign_one(self):
        def tell(records):
            return bool(records.sudo().exists())

        self.plant_method("civic.report", "tell_apart", tell)
        methods = [row for row in Reach(self.env).methods() if row[1] == "tell_apart"]
        leaks = Twins(self, ["other_handler"]).run(methods).leaks
        self.assertIn(("civic.report", "tell_apart", "that it is there"), leaks)

    # ------------------------------------------------------------------
    # Searching
    # ------------------------------------------------------------------

    def test_search_through_a_link(self):
        field = self.env["civic.report"]._fields["reporter_id"]
        self.startPatcher(patch.object(field, "groups", None))
        self.startPatcher(patch.object(field, "bypass_search_access", True))
        self.plant_field(
            "civic.reporter",
            name="x_nick",
            ttype="char",
            field_description="Nickname",
        )
        self.reporter.sudo().x_nick = self.reporter.sudo().name
        self.env.flush_all()
        leaks = Oracle(self, ["handler"]).run(["civic.report"]).leaks
        self.assertIn(("civic.report", "reporter_id.x_nick", "name"), leaks)

    # ------------------------------------------------------------------
    # Routes and reports
    # ------------------------------------------------------------------

    def routes_caught(self, actors, address):
        threading.current_thread().dbname = self.env.cr.dbname
        self.registry.clear_cache("routing")
        rules = [row for row in rules_of(self.env) if address in row.rule]
        self.assertTrue(rules, "not picked up")
        leaks = Routes(self, actors).run(rules, lambda rule: True).leaks
        return {kind for _rule, _verb, kind in leaks}

    def test_route(self):
        class Leaking(http.Controller):
            @http.route("/phan-anh/ro-ri/<string:code>", type="http", auth="public")
            def leak(self, code):
                report = request.env["civic.report"].sudo()
                return report.search([("name", "=", code.upper())]).description

        known = http.Controller.children_classes["civic_report"]
        self.addCleanup(self.registry.clear_cache, "routing")
        self.addCleanup(known.remove, Leaking)
        self.assertLessEqual(
            {"own", "private"},
            self.routes_caught(["anonymous"], "/phan-anh/ro-ri"),
        )

    def test_report_template(self):
        self.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "key": "civic_report.planted",
                "name": "planted",
                "arch": (
                    "<t t-name='civic_report.planted'><t t-call='web.html_container'>"
                    "<p t-foreach='docs.sudo()' t-as='d' t-out='d.reporter_id.name'/>"
                    "</t></t>"
                ),
            }
        )
        self.env["ir.actions.report"].create(
            {
                "name": "Planted",
                "model": "civic.report",
                "report_type": "qweb-html",
                "report_name": "civic_report.planted",
            }
        )
        self.assertIn("name", self.routes_caught(["plain"], "/report/<converter>"))
