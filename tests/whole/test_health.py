"""The administrator's page: what works, what is missing, what to do."""

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from ...models.ground import health as civic_health
from ...models.ground.health import BROKEN, LOOK, OK
from ...models.ground.trigram import trigram_index
from ...models.platform import health as platform_health
from ...models.province.address import BASE_URL, FREEZE, KEPT
from ...models.vault.vault import VARIABLE
from ...tools import vault
from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestHealth(CivicCase):
    def setUp(self):
        super().setUp()
        self.health = self.env["civic.health"].with_user(self.administrator)

    def check(self, name):
        self.env.invalidate_all()
        return self.health.sudo()._asked(f"_health_check_{name}")

    def rows(self):
        self.env.cr.cache.pop("civic_health", None)
        specification = {name: {} for name in ("title", "state", "found", "advice")}
        return self.health.web_search_read([], specification)["records"]

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    def test_every_check_is_on_the_page(self):
        rows = self.rows()
        self.assertEqual(len(rows), len(self.health._health_names()))
        self.assertGreater(len(rows), 9)
        for row in rows:
            with self.subTest(row["title"]):
                self.assertTrue(row["title"] and row["found"])
                self.assertEqual(bool(row["advice"]), row["state"] != OK or False)
                self.assertNotIn("could not be checked", row["found"])
        self.assertEqual(self.health.search_count([("state", "!=", "x")]), len(rows))

    def test_administrators_alone(self):
        for user in (self.operator, self.manager, self.province_leader, self.citizen):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.health.with_user(user).search_read([], ["found"])

    def test_a_page_costs_few_queries(self):
        self.rows()
        self.env.invalidate_all()
        with self.assertQueryCount(65):
            self.rows()

    def test_more_checks_are_added_in_one_place(self):
        def _health_check_weather(self):
            return civic_health.Check("Weather", LOOK, "It rains.", "Wait.")

        model = type(self.health)
        with patch.object(
            model, "_health_check_weather", _health_check_weather, create=True
        ):
            titles = [row["title"] for row in self.rows()]
        self.assertIn("Weather", titles)

    def test_a_check_that_fails_is_an_answer_too(self):
        def broken(self):
            self.env.cr.execute("SELECT nothing FROM nowhere")

        with (
            patch.object(platform_health.CivicHealth, "_health_check_mail", broken),
            mute_logger("odoo.sql_db"),
            self.assertLogs(civic_health.__name__, "WARNING"),
        ):
            rows = self.rows()
        failed = [row for row in rows if "UndefinedTable" in row["found"]]
        self.assertEqual([row["state"] for row in failed], [BROKEN])

    # ------------------------------------------------------------------
    # What it finds
    # ------------------------------------------------------------------

    def test_extensions(self):
        self.assertEqual(self.check("extensions").state, OK)
        with patch.object(self.registry, "has_trigram", False):
            check = self.check("extensions")
            self.assertEqual(check.state, LOOK)
            self.assertIn("pg_trgm", check.found)
            self.assertIn("CREATE EXTENSION pg_trgm;", check.advice)
            with self.assertLogs(platform_health.__name__, "WARNING") as logs:
                self.health._tell_installed()
            self.assertIn("pg_trgm", logs.output[0])
            self.assertEqual(trigram_index("x")(self.registry), "")
        with patch.object(self.registry, "has_unaccent", False):
            self.assertIn("unaccent", self.check("extensions").found)
        with self.assertNoLogs(platform_health.__name__, "WARNING"):
            self.health._tell_installed()

    def test_scheduled_actions(self):
        cron = self.env.ref("civic_report.cron_reseal")
        self.assertEqual(self.check("crons").state, OK)
        cron.active = False
        self.env.flush_all()
        check = self.check("crons")
        self.assertEqual(check.state, BROKEN)
        self.assertIn("seal identities", check.found)

    def test_the_address_in_messages(self):
        parameters = self.env["ir.config_parameter"].sudo()
        sites = self.env["website"].search([])
        sites.domain = False
        parameters.set_param("web.base.url", "https://a.example.vn")
        parameters.set_param("web.base.url.freeze", False)
        self.assertEqual(self.check("base_url").state, LOOK)
        parameters.set_param("web.base.url.freeze", "True")
        self.assertEqual(self.check("base_url").state, OK)
        parameters.set_param("web.base.url", "http://a.example.vn")
        self.assertIn("no https://", self.check("base_url").found)
        parameters.set_param("web.base.url", "https://a.example.vn")
        sites[:1].domain = "https://phananh.example.vn"
        check = self.check("base_url")
        self.assertEqual(check.state, LOOK)
        self.assertIn("phananh.example.vn", check.found)
        parameters.set_param("web.base.url", "http://phananh.example.vn")
        self.assertIn("not encrypted", self.check("base_url").found)
        parameters.set_param("web.base.url", "https://phananh.example.vn")
        self.assertEqual(self.check("base_url").state, OK)

    def test_the_address_that_messages_bear_is_judged(self):
        """Not the one by which somebody signed in last, which they do not follow."""
        parameters = self.env["ir.config_parameter"].sudo()
        self.env["website"].search([]).domain = False
        parameters.set_param(FREEZE, False)
        parameters.set_param(KEPT, "http://10.1.2.3:8069")
        parameters.set_param(BASE_URL, "https://evil.example.com")
        check = self.check("base_url")
        self.assertEqual(check.state, LOOK)
        self.assertIn("http://10.1.2.3:8069", check.found)
        self.assertNotIn("evil", check.found)

    def test_procedure_and_calendar(self):
        calendar = self.company.resource_calendar_id
        companies = self.env["res.company"].search(
            [("civic_procedure_id", "!=", False)]
        )
        companies.civic_procedure_id.calendar_id = calendar
        self.assertEqual(self.check("procedure").state, OK)
        self.procedure.calendar_id = False
        self.assertEqual(self.check("procedure").state, LOOK)
        companies.civic_procedure_id = False
        self.assertEqual(self.check("procedure").state, BROKEN)

    def test_a_manager_alone(self):
        self.assertEqual(self.check("managers").state, OK)
        group = self.env.ref("civic_report.group_centre_manager")
        others = group.all_user_ids - self.manager
        others.write({"active": False})
        self.assertEqual(self.check("managers").state, LOOK)

    def test_libraries(self):
        self.assertEqual(self.check("libraries").state, OK)
        with patch.object(
            platform_health, "_is_installed", lambda name: name != "Pillow"
        ):
            check = self.check("libraries")
        self.assertEqual(check.state, BROKEN)
        self.assertIn("Pillow", check.found)

    # ------------------------------------------------------------------
    # The key
    # ------------------------------------------------------------------

    def ring_at(self, path):
        vault.make_ring(path)
        self.startPatcher(patch.dict(os.environ, {VARIABLE: str(path)}))
        return self.env["civic.vault"]

    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Path(folder.name)

    def test_a_key_file_in_the_data_directory_is_told_until_it_is_moved(self):
        base = self.folder()
        inside = base / "data" / "civic_vault" / "keys.json"
        self.startPatcher(patch.dict(config.options, {"data_dir": str(base / "data")}))
        model = self.ring_at(inside)
        check = self.check("key_place")
        self.assertEqual(check.state, LOOK)
        self.assertIn(str(inside), check.found)
        self.assertIn(
            f"vault.py move {inside} /etc/civic_report/keys.json", check.advice
        )
        with self.assertLogs("odoo.addons.civic_report.models.vault.vault") as logs:
            model._register_hook()
        self.assertEqual([record.levelname for record in logs.records], ["WARNING"])
        settings = self.env["res.config.settings"].with_user(self.administrator)
        self.assertIn(str(inside), settings.new({}).civic_vault_exposure)

        outside = base / "keys.json"
        vault.move_ring(inside, outside)
        self.startPatcher(patch.dict(os.environ, {VARIABLE: str(outside)}))
        self.assertEqual(self.check("key_place").state, OK)
        self.assertFalse(settings.new({}).civic_vault_exposure)
        with self.assertNoLogs("odoo.addons.civic_report.models.vault.vault"):
            model._register_hook()

    def test_a_key_file_for_everybody_s_eyes(self):
        path = self.folder() / "keys.json"
        self.ring_at(path)
        path.chmod(0o644)
        check = self.check("key_place")
        self.assertEqual(
            (check.state, check.advice), (LOOK, f"Run: chmod o-rwx {path}")
        )

    def test_the_key_and_its_backup(self):
        self.assertEqual(self.check("key").state, OK)
        keys = self.env["civic.vault.key"].search([("retired_at", "=", False)])
        keys.write({"backed_up_at": False})
        self.assertEqual(self.check("key_backup").state, LOOK)
        with self.assertRaises(AccessError):
            keys.with_user(self.manager).action_backed_up()
        keys.with_user(self.administrator).action_backed_up()
        self.assertEqual(self.check("key_backup").state, OK)
        self.assertEqual(keys.backed_up_by_id, self.administrator)
        path = self.folder() / "none.json"
        with (
            patch.dict(os.environ, {VARIABLE: str(path)}),
            mute_logger("odoo.addons.civic_report.models.vault.vault"),
        ):
            check = self.check("key")
        self.assertEqual(check.state, BROKEN)
        self.assertIn(str(path), check.found)
