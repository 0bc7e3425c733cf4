import base64
import json
import re
from contextlib import contextmanager
from unittest.mock import patch
from xmlrpc import client as xmlrpc

from odoo.exceptions import AccessError, RedirectWarning
from odoo.http import serialize_exception
from odoo.sql_db import Cursor
from odoo.tests import HttpCase, TransactionCase, mute_logger, tagged
from odoo.tools import SQL

from ...hooks import uninstall_hook
from ..rig.common import Province

CRASH = "what nobody outside should read"
PASSWORD = "civic-neighbour-password"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
# A query that looks into a table of this module, or chooses rows by a column of it.
OURS = re.compile(
    r'(?:FROM|JOIN|INTO|UPDATE)\s+"?civic_|WHERE(?:.*?)"civic_',
    re.IGNORECASE | re.DOTALL,
)
MAIL = """\
From: somebody@example.com
To: {to}
Subject: Hello
Message-ID: <neighbour-{to}>

Text with https://elsewhere.example.com/
"""


@contextmanager
def queries():
    """The statements that are run meanwhile."""
    ran, execute = [], Cursor.execute

    def watched(cursor, query, params=None, log_exceptions=True):
        ran.append(query.code if isinstance(query, SQL) else query)
        return execute(cursor, query, params, log_exceptions)

    with patch.object(Cursor, "execute", watched):
        yield ran


@tagged("-at_install", "post_install")
class TestErrors(HttpCase, Province):
    """What fails in other apps is answered as ever; our own failures tell nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_province()
        cls.handler.password = PASSWORD

    def setUp(self):
        super().setUp()
        self.authenticate(self.handler.login, PASSWORD)

    def failing(self, model, error):
        """A public method of a model that fails so."""

        def fail(records, *_args, **_options):
            raise type(error)(*error.args)  # Odoo keeps its answer with an error

        registered = type(self.env[model])
        self.startPatcher(patch.object(registered, "fail", fail, create=True))

    def call_kw(self, model, method="fail", *args):
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "params": {
                    "model": model,
                    "method": method,
                    "args": list(args) or [[]],
                    "kwargs": {},
                }
            },
        ).json()["error"]["data"]

    @mute_logger("odoo.http")
    def test_redirections_of_other_apps_arrive_whole(self):
        action = {"type": "ir.actions.act_window", "res_model": "res.partner"}
        error = RedirectWarning("Go there", action, "Go", {"a": 1})
        self.failing("res.partner", error)
        data = self.call_kw("res.partner")
        self.assertEqual(data["arguments"], ["Go there", action, "Go", {"a": 1}])
        whole = serialize_exception(error)
        self.assertEqual(data["message"], whole["message"])
        self.assertIn("Traceback", data["debug"])

    @mute_logger("odoo.http")
    def test_errors_of_other_apps_arrive_whole(self):
        self.failing("res.partner", ValueError(CRASH))
        data = self.call_kw("res.partner")
        self.assertEqual((data["message"], data["arguments"]), (CRASH, [CRASH]))
        self.assertIn("Traceback", data["debug"])

    @mute_logger("odoo.http")
    def test_what_passes_through_our_extensions_is_theirs(self):
        data = self.call_kw("ir.attachment", "create", [{"name": "a", "no_field": 1}])
        self.assertIn("no_field", data["message"])
        self.assertIn("Traceback", data["debug"])

    @mute_logger("odoo.http")
    def test_our_redirections_keep_what_screens_need(self):
        self.failing("civic.report", RedirectWarning("Go there", 7, "Go"))
        data = self.call_kw("civic.report")
        self.assertEqual(data["arguments"][:3], ["Go there", 7, "Go"])
        self.assertFalse(data["debug"])

    def fault(self, door, model):
        """What XML-RPC answers when a method of the model fails."""
        args = (self.env.cr.dbname, self.handler.id, PASSWORD, model, "fail", [[]])
        asked = xmlrpc.dumps(args, "execute_kw")
        answer = self.url_open(door, asked, headers={"Content-Type": "text/xml"})
        with self.assertRaises(xmlrpc.Fault) as caught:
            xmlrpc.loads(answer.content)
        return caught.exception

    def answers_of_failure(self):
        """By each way in, what is answered when a method of ours fails."""
        report = self.make_report()
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.handler)
            .sudo()
            ._generate("rpc", "neighbour", self.env.cr.now().replace(year=2100))
        )
        yield "call_kw", json.dumps(self.call_kw("civic.report"))
        answer = self.url_open(
            "/json/2/civic.report/fail",
            json={"ids": []},
            headers={"Authorization": f"bearer {key}"},
        )
        self.assertEqual(answer.status_code, 500, answer.text)
        yield "json2", answer.text
        args = [self.env.cr.dbname, self.handler.id, PASSWORD, "civic.report"]
        answer = self.url_open(
            "/jsonrpc",
            json={
                "params": {
                    "service": "object",
                    "method": "execute_kw",
                    "args": [*args, "fail", [[]]],
                }
            },
        )
        yield "jsonrpc", answer.text
        for door in ("/xmlrpc/2/object", "/xmlrpc/object"):
            yield door, str(self.fault(door, "civic.report"))
        with patch.object(type(report), "export_data", type(report).fail):
            data = {
                "model": "civic.report",
                "fields": [{"name": "name", "label": "Code"}],
                "ids": [],
                "domain": [],
                "import_compat": False,
            }
            for kind in ("csv", "xlsx"):
                answer = self.url_open(
                    f"/web/export/{kind}?data={json.dumps(data)}",
                )
                self.assertEqual(answer.status_code, 500)
                yield kind, answer.text
        letter = type(self.env["report.civic_report.letter_named"])
        with patch.object(letter, "_get_report_values", letter.fail, create=True):
            url = f"/report/pdf/civic_report.letter_named/{report.id}"
            answer = self.url_open(
                f"/report/download?data={json.dumps([url, 'qweb-pdf'])}"
            )
            self.assertIn("Odoo Server Error", answer.text)
            yield "report", answer.text

    @mute_logger(
        "odoo.http",
        "odoo.addons.web.controllers.export",
        "odoo.addons.web.controllers.report",
        "odoo.addons.rpc.controllers.xmlrpc",
        "odoo.addons.rpc.controllers.jsonrpc",
    )
    def test_our_failures_tell_nothing_by_any_way(self):
        self.failing("civic.report", ValueError(CRASH))
        self.failing("report.civic_report.letter_named", ValueError(CRASH))
        for way, text in self.answers_of_failure():
            with self.subTest(way=way):
                self.assertNotIn(CRASH, text)
                self.assertNotIn("Traceback", text)
                self.assertIn("Something failed on the server", text)

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_faults_of_other_apps_arrive_whole(self):
        self.failing("res.partner", ValueError(CRASH))
        for door in ("/xmlrpc/2/object", "/xmlrpc/object"):
            with self.subTest(door=door):
                fault = self.fault(door, "res.partner").faultString
                self.assertIn("Traceback", fault)
                self.assertIn(CRASH, fault)

    @mute_logger("odoo.http")
    def test_colleagues_keep_the_previews_of_the_editor(self):
        self.make_user("colleague", "base.group_user").password = PASSWORD
        get = "odoo.addons.html_editor.controllers.main.link_preview"
        ask = {"params": {"preview_url": "https://example.com/"}}
        for name, answered in (("colleague", {"og_title": "x"}), ("handler", {})):
            self.authenticate(f"civic_{name}", PASSWORD)
            with self.subTest(name=name), patch(get) as preview:
                preview.get_link_preview_from_url.return_value = {"og_title": "x"}
                answer = self.url_open("/html_editor/link_preview_external", json=ask)
                self.assertEqual(answer.json()["result"], answered)

    def test_pictures_of_other_apps_cost_no_query_of_ours(self):
        picture = self.env["ir.attachment"].create(
            {
                "name": "a.png",
                "raw": PICTURE,
                "res_model": "res.partner",
                "res_id": self.handler.partner_id.id,
            }
        )
        for path in (f"/web/image/{picture.id}", f"/web/content/{picture.id}"):
            self.url_open(path)
            self.env.invalidate_all()
            with self.subTest(path=path), queries() as ran:
                self.assertEqual(self.url_open(path).status_code, 200)
                self.assertEqual([query for query in ran if OURS.search(query)], [])


@tagged("-at_install", "post_install")
class TestNeighbours(TransactionCase, Province):
    """Mail, files, sites and calendars of others are as they were before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_province()
        cls.colleague = cls.make_user(
            "colleague", "base.group_user,base.group_partner_manager"
        )
        cls.company.civic_email = "phananh@example.com"

    # ------------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------------

    def hand_in(self, to, model="res.partner"):
        threads = self.env["mail.thread"].with_user(self.colleague)
        return threads.message_process(model, MAIL.format(to=to))

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_other_apps_mail_needs_no_gateway_of_ours(self):
        partner = self.env["res.partner"].browse(self.hand_in("sales@example.com"))
        self.assertEqual(partner.message_ids[:1].subject, "Hello")

    def test_nobody_forges_mail_of_ours(self):
        for to, model in (
            ("phananh@example.com", "res.partner"),
            ("Centre <PhanAnh@example.com>", "res.partner"),
            ("sales@example.com", "civic.report"),
        ):
            with self.subTest(to=to, model=model), self.assertRaises(AccessError):
                self.hand_in(to, model)

    def test_a_new_address_counts_at_once(self):
        self.company.civic_email = "moi@example.com"
        with self.assertRaises(AccessError):
            self.hand_in("moi@example.com")

    def test_odoo_looks_for_no_devices_because_of_us(self):
        """Where it has keys for notifications it does, at each message."""
        parameters = self.env["ir.config_parameter"]
        kept = parameters.search([("key", "=like", "mail.web_push_vapid%")])
        kept.unlink()
        parameters.search([("key", "=like", "civic_report.follow_vapid%")]).unlink()
        push = self.env["civic.driver.push"]
        push._make_followers_keys()
        made = push._followers_keys_sudo()
        self.assertTrue(all(made))
        push._make_followers_keys()
        self.assertEqual(push._followers_keys_sudo(), made)
        self.assertFalse(parameters.get_param("mail.web_push_vapid_public_key"))

    def test_links_of_others_are_previewed(self):
        fetched = []
        get = "odoo.addons.mail.models.mail_link_preview.get_link_preview_from_url"
        partner, report = self.colleague.partner_id, self.make_report()
        with patch(get, lambda url, *_session: fetched.append(url)):
            for record in (partner, report):
                message = self.env["mail.message"].create(
                    {
                        "model": record._name,
                        "res_id": record.id,
                        "body": f'<a href="https://example.com/{record._name}">x</a>',
                    }
                )
                self.env["mail.link.preview"]._create_from_message_and_notify(message)
        self.assertEqual(fetched, ["https://example.com/res.partner"])
        self.assertTrue(self.env["mail.link.preview"]._is_link_preview_enabled())

    def test_the_address_is_taken_from_any_header(self):
        raw = MAIL.format(to="sales@example.com").replace(
            "Subject", "Cc: phananh@example.com\nSubject"
        )
        with self.assertRaises(AccessError):
            self.env["mail.thread"].with_user(self.colleague).message_process(
                "res.partner", raw
            )

    # ------------------------------------------------------------------
    # Working hours
    # ------------------------------------------------------------------

    def test_the_companys_working_hours_stay(self):
        company = self.env["res.company"].create({"name": "Another"})
        hours = company.resource_calendar_id
        company.env["res.company"].with_company(company)._civic_set_up()
        self.assertEqual(company.resource_calendar_id, hours)
        self.assertNotEqual(company._civic_calendar(), hours)
        self.assertFalse(hours.civic_makeup_ids)
        self.assertFalse(hours.global_leave_ids)

    def test_another_procedure_keeps_the_calendar(self):
        calendar = self.company._civic_calendar()
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_qn")
        self.assertEqual(self.company._civic_calendar(), calendar)

    # ------------------------------------------------------------------
    # Sites
    # ------------------------------------------------------------------

    def menus(self, site):
        return self.env["website.menu"].search(
            [("website_id", "=", site.id), ("url", "=like", "/phan-anh%")]
        )

    def styles(self, site):
        """Files that the bundle of a site's variables is made of."""
        assets = self.env["ir.asset"]
        params = {"website_id": site.id}
        found = assets._get_asset_paths("web._assets_primary_variables", params)
        return {path for path, *_rest in found if "civic_report" in path}

    def test_other_sites_are_left_alone(self):
        company = self.env["res.company"].create({"name": "Another"})
        site = self.env["website"].create({"name": "Shop", "company_id": company.id})
        self.assertFalse(self.menus(site))
        self.assertFalse(self.styles(site))
        main_menu = self.env.ref("website.main_menu")
        urls = main_menu.child_id.mapped("url")
        self.assertFalse([url for url in urls if url.startswith("/phan-anh")])

    def test_a_site_has_what_it_asks_for(self):
        site, other = self.env["website"].create([{"name": "Ours"}, {"name": "Other"}])
        site.write({"civic_reports": True, "civic_theme": True})
        site.write({"civic_reports": True, "civic_theme": True})
        self.assertEqual(len(self.menus(site)), 4)
        self.assertEqual(self.menus(site).parent_id, site.menu_id)
        self.assertTrue(self.styles(site))
        self.assertFalse(self.menus(other) or self.styles(other))
        site.write({"civic_reports": False, "civic_theme": False})
        self.assertFalse(self.menus(site) or self.styles(site))

    # ------------------------------------------------------------------
    # Work of other apps
    # ------------------------------------------------------------------

    def asked(self, work):
        """Queries about tables of ours in some work, once caches are warm."""
        work()
        self.env.flush_all()
        self.env.invalidate_all()
        with queries() as ran:
            work()
            self.env.flush_all()
        return [query for query in ran if OURS.search(query)]

    def files(self):
        files = self.env["ir.attachment"].with_user(self.colleague)
        partner = self.colleague.partner_id
        values = {"name": "a.png", "res_model": "res.partner", "res_id": partner.id}
        file = files.create({**values, "raw": PICTURE})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(file.raw, PICTURE)
        file.write({"res_id": partner.id, "res_model": "res.partner"})
        file.sudo().write({"name": "b.png", "res_id": partner.id})
        file.raw = PICTURE + b"more"
        file.unlink()

    def activities(self):
        partner = self.env["res.partner"].create({"name": "Neighbour"})
        activity = partner.activity_schedule("mail.mail_activity_data_todo")
        self.env.flush_all()
        self.env.invalidate_all()
        activity.action_feedback("Done")

    def users(self):
        user = self.make_user("passing", "base.group_user")
        user.name = "Somebody else"
        partners = self.env.ref("base.group_partner_manager")
        user.group_ids |= partners
        partners.user_ids -= user
        company = self.env["res.company"].search([], limit=1)
        user.company_ids |= company
        user.active = False
        user.login = f"civic_passed_{user.id}"

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def incoming(self):
        self.hand_in("sales@example.com")

    def site_page(self):
        site = self.env["website"].create({"name": "Shop"})
        site.write({"name": "Shop of another office"})
        self.env["website.menu"].create(
            {"name": "Shop", "url": "/shop", "website_id": site.id}
        )

    def printing(self):
        reports = self.env["ir.actions.report"]
        reports._run_wkhtmltopdf(["<p>Hello</p>"], "web.report_layout")

    def test_work_of_other_apps_asks_nothing_of_ours(self):
        run = type(self.env["ir.actions.report"])
        core = [cls for cls in run.mro() if "_run_wkhtmltopdf" in vars(cls)][-1]
        self.startPatcher(patch.object(core, "_run_wkhtmltopdf", lambda *_a, **_o: b""))
        works = (self.files, self.activities, self.incoming, self.site_page)
        for work in (*works, self.printing):
            with self.subTest(work=work.__name__):
                self.assertEqual(self.asked(work), [])

    def test_users_come_and_go(self):
        self.assertEqual(self.asked(self.users), [])

    def test_who_never_sent_anything_may_be_deleted(self):
        """Deleting an account alone asks of ours: whether it sent or follows any."""
        user = self.make_user("passing", "base.group_user")
        with queries() as ran:
            user.unlink()
        self.assertTrue([query for query in ran if OURS.search(query)])

    # ------------------------------------------------------------------
    # Files that are stored elsewhere
    # ------------------------------------------------------------------

    def test_forgotten_files_go_from_other_stores_too(self):
        """Stores that keep contents elsewhere name them by a store, as OCA's does."""
        store, files = {}, self.env["ir.attachment"]
        registered = type(files)
        read = registered._file_read

        class Remote:
            def rm(self, path):
                del store[path]

        def related(records, data, mimetype):
            name = records._compute_checksum(data)
            return {
                "file_size": len(data),
                "checksum": name,
                "index_content": "",
                "store_fname": f"remote://{name}",
                "db_datas": False,
            }

        def write(records, data, checksum):
            store[checksum] = data

        def read_remote(records, name, size=None):
            if name.startswith("remote://"):
                return store[name.partition("://")[2]]
            return read(records, name, size)

        def parse(records, name):
            code, _, path = name.partition("://")
            return Remote(), code, path

        for name, method in {
            "_get_datas_related_values": related,
            "_file_write": write,
            "_file_read": read_remote,
            "_file_delete": lambda records, name: None,
            "_fs_parse_store_fname": parse,
        }.items():
            self.startPatcher(patch.object(registered, name, method, create=True))
        report = self.make_report()
        values = {"name": "a.png", "res_model": "civic.report", "res_id": report.id}
        with self.enter_registry_test_mode():
            file = files.with_user(self.operator).create({**values, "raw": PICTURE})
            self.assertTrue(store)
            file._civic_forget()
            self.env.cr.postcommit.run()
        self.assertFalse(store)

    # ------------------------------------------------------------------
    # Going away
    # ------------------------------------------------------------------

    def test_nothing_stays_behind(self):
        """What Odoo itself does when it uninstalls is tried by `./dev neighbours`."""
        report = self.walk_to("processing")
        values = {"name": "a.png", "res_model": "civic.report", "res_id": report.id}
        file = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({**values, "raw": PICTURE})
        )
        reminder = self.env["mail.activity"].search(
            [("res_model", "=like", "civic.%")], limit=1
        )
        calendar = self.company.civic_calendar_id
        days_off = calendar.leave_ids
        self.assertTrue(file and reminder and days_off)
        self.env["ir.config_parameter"].set_param("civic_report.clamd", "x:1")
        uninstall_hook(self.env)
        for rows in (file, reminder, calendar, days_off):
            self.assertFalse(rows.exists())
        parameters = self.env["ir.config_parameter"].search([])
        left = [key for key in parameters.mapped("key") if "civic_report" in key]
        self.assertFalse(left)
        sequences = [("code", "=like", "civic.%")]
        self.assertFalse(self.env["ir.sequence"].search(sequences))

    def test_working_hours_that_others_use_stay(self):
        calendar = self.company.civic_calendar_id
        self.company.resource_calendar_id = calendar
        uninstall_hook(self.env)
        self.assertTrue(calendar.exists() and calendar.leave_ids)
