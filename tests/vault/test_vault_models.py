"""Identities in the database: sealed, masked, shown on record, found by hashes."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ...models.identity.reporter import IDENTITY, SEALED
from ...models.vault import vault as civic_vault
from ...models.vault.vault import CivicVault, VaultError
from ...tools import vault
from ..rig.media import HUE, drawing, exif, saved
from ..rig.vault import CANARY, VaultCase

PHONE = "+84987654321"
MASKS = {
    "name": "•••• Đ.",
    "phone": "••• ••• 321",
    "email_from": "k•••@•••",
    "address": "••••",
    "citizen_id": "••••",
    "zalo_id": "••••",
    "facebook_id": "••••",
    "user_id": False,
}


@tagged("-at_install", "post_install")
class TestSealedRows(VaultCase):
    def test_the_row_shows_nobody(self):
        row = self.row()
        for value in (*CANARY.values(), PHONE, "987654321", "Kín", "K\\u00ed"):
            self.assertNotIn(value, row)
        self.assertEqual(
            json.loads(row).keys()
            - SEALED
            - {"create_uid", "write_uid", "create_date", "write_date"},
            {
                *("id", "company_id", "is_organisation"),
                *("verified", "verified_at", "verified_by"),
                *("locked_until", "follow_up_locked_until", "violation_count"),
                *("legal_hold", "legal_hold_at", "legal_hold_by_id", "tell_by"),
                "lang",
                *("legal_hold_reason", "restricted_at", "anonymised_at"),
            },
            "a new column must be looked at: does it tell who it is?",
        )
        self.assertNotIn(self.other_citizen.id, json.loads(row).values())

    def test_superuser_code_reads_in_clear(self):
        wanted = {**CANARY, "phone": PHONE, "user_id": self.other_citizen}
        for name, value in wanted.items():
            self.assertEqual(self.sender[name], value)

    def test_two_of_one_citizen_are_not_seen_to_have_one_text(self):
        twin = self.reporters.create({**CANARY})
        self.assertNotEqual(twin.vault_blob, self.sender.vault_blob)

    def test_a_blob_does_not_open_in_another_row(self):
        other = self.reporters.create({"name": "Khác"})
        other._keyed().write({"vault_blob": self.sender.vault_blob})
        with (
            self.assertRaisesRegex(VaultError, "changed outside"),
            mute_logger(civic_vault.__name__),
        ):
            _name = other.name

    def test_one_reporter_for_each_account(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.reporters.create({"name": "x", "user_id": self.other_citizen.id})

    def test_unique_violations_log_no_identity(self):
        with (
            self.assertRaises(UniqueViolation) as caught,
            self.assertLogs("odoo.sql_db", "ERROR") as logs,
        ):
            self.reporters.create({**CANARY, "user_id": self.other_citizen.id})
        said = "\n".join([*logs.output, str(caught.exception)])
        for value in (*CANARY.values(), PHONE):
            self.assertNotIn(value, said)

    def test_accounts_that_sent_reports_are_not_deleted(self):
        with self.assertRaisesRegex(UserError, "archive"):
            self.other_citizen.unlink()

    def test_nobody_writes_the_sealed_columns(self):
        reporters = self.reporters.with_user(self.administrator)
        for name in SEALED:
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    self.as_(self.administrator).write({name: "x"})
                with self.assertRaises(AccessError):
                    reporters.create({"name": "x", name: "x"})
                made = reporters.with_context(**{f"default_{name}": "x"}).create(
                    {"name": "x"}
                )
                self.assertNotEqual(made.sudo()[name], "x")
                with self.assertRaises(AccessError):
                    self.as_(self.administrator).read([name])
                with self.assertRaises(AccessError):
                    reporters.search([(name, "=", "x")])
        for values in ({"user_id": self.operator.id}, {"user_id": False}):
            with self.assertRaises(AccessError):
                self.as_(self.operator).write(values)

    def test_a_name_is_needed(self):
        for values in ({}, {"name": " "}, {"phone": "0912345678"}):
            with self.assertRaises(ValidationError):
                self.reporters.create(values)
        with self.assertRaises(ValidationError):
            self.sender.name = False

    def test_other_fields_need_no_key(self):
        self.lose_key()
        self.as_(self.operator).verified = True
        self.assertTrue(self.sender.verified)


@tagged("-at_install", "post_install")
class TestMasks(VaultCase):
    def test_the_centre_reads_masks(self):
        for user in (self.operator, self.manager, self.administrator):
            with self.subTest(user.login):
                (read,) = self.as_(user).read([*MASKS, "has_account", "display_name"])
                read.pop("id")
                name = f"Reporter {self.sender.id} · ••• ••• 321"
                self.assertEqual(
                    read, {**MASKS, "has_account": True, "display_name": name}
                )

    def test_every_way_of_reading_gives_masks(self):
        self.operator.group_ids += self.env.ref("base.group_allow_export")
        report = self.make_report(reporter_id=self.sender.id)
        reporter = self.as_(self.operator)
        fields = {name: {} for name in CANARY}
        ways = {
            "web_read": lambda: reporter.web_read(fields),
            "search_read": lambda: reporter.search_read([("id", "=", reporter.id)]),
            "web_search_read": lambda: reporter.web_search_read(
                [("id", "=", reporter.id)], fields
            ),
            "export": lambda: reporter.export_data([*CANARY, "display_name"]),
            "onchange": lambda: reporter.onchange({}, [], fields),
            "changed": lambda: reporter.onchange(
                {"verified": True}, ["verified"], {**fields, "verified": {}}
            ),
            "name_search": lambda: reporter.name_search("0987 654 321"),
            "name of the link": lambda: report.read(["reporter_id"]),
            "link": lambda: report.web_read({"reporter_id": {"fields": fields}}),
            "export by the report": lambda: report.export_data(
                [f"reporter_id/{name}" for name in CANARY]
            ),
        }
        for way, read in ways.items():
            with self.subTest(way):
                answer = json.dumps(read(), default=str, ensure_ascii=False)
                for value in (*CANARY.values(), PHONE, "987654321"):
                    self.assertNotIn(value, answer)

    def test_clear_values_of_code_do_not_reach_people(self):
        """Both live in one cache: who reads second must not get what the first had."""
        reporter = self.as_(self.operator)
        self.assertEqual(reporter.sudo().phone, PHONE)
        self.assertEqual(reporter.phone, MASKS["phone"])
        self.assertEqual(reporter.sudo().phone, PHONE)
        self.assertEqual(reporter.with_user(self.manager).phone, MASKS["phone"])

    def test_names_of_links_tell_others_nothing(self):
        for user in (self.handler, self.province_leader, self.plain, self.citizen):
            name = self.as_(user).sudo().display_name
            self.assertEqual(name, f"Reporter {self.sender.id}")

    def test_masks_do_not_tell_lengths(self):
        long = self.reporters.create(
            {**CANARY, "name": "A B C D E F Đ", "phone": "+4930901820321"}
        )
        self.assertEqual(long.with_user(self.operator).name, MASKS["name"])
        self.assertEqual(long.with_user(self.operator).phone, MASKS["phone"])

    def assertRefused(self, act, *arguments, **options):
        try:
            act(*arguments, **options)
        except (UserError, ValueError, TypeError):
            return
        self.fail(f"not refused: {arguments} {options}")

    def test_no_order_group_or_pattern(self):
        reporters = self.reporters.with_user(self.operator)
        for name in IDENTITY:
            self.assertRefused(reporters.search, [], order=name)
            self.assertRefused(reporters.formatted_read_group, [], [name], ["__count"])
            for operator in ("ilike", "=like", "<", "any"):
                self.assertRefused(reporters.search, [(name, operator, "K")])
        for name in ("name", "address"):
            with self.assertRaisesRegex(UserError, "given whole"):
                reporters.search([(name, "=", CANARY[name])])

    def test_no_other_account_is_looked_up(self):
        reporters = self.reporters.with_user(self.operator)
        with self.assertRaises(AccessError):
            reporters.search([("user_id", "=", self.other_citizen.id)])
        with self.assertRaises(UserError):
            self.env["civic.report"].with_user(self.operator).search(
                [("reporter_id.user_id", "=", self.other_citizen.id)]
            )


@tagged("-at_install", "post_install")
class TestFinding(VaultCase):
    def find(self, name, value, user=None):
        reporters = self.reporters.with_user(user or self.operator)
        return reporters.search([(name, "=", value)])

    def test_by_exact_value(self):
        rows = {
            "phone": ["0987654321", "+84 987 654 321", "0987.654.321"],
            "email_from": ["kin.dao@example.com", "Kin.Dao@Example.com"],
            "citizen_id": ["046099012345", " 046099012345"],
            "contact": ["0987 654 321", "KIN.DAO@example.com"],
        }
        for name, values in rows.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    self.assertEqual(self.find(name, value), self.sender)
        for name in rows:
            for value in ("0987654322", "kin.dao@example.co", "%", "_", "04609901234"):
                self.assertFalse(self.find(name, value), f"{name} {value}")

    def test_none_and_several(self):
        bare = self.reporters.create({"name": "Không số"})
        self.assertIn(bare, self.find("phone", False))
        self.assertNotIn(self.sender, self.find("phone", False))
        both = [("phone", "in", ["0987654321", "0912345678"])]
        found = self.reporters.with_user(self.operator).search(both)
        self.assertEqual(found, self.sender | self.reporter)
        others = self.reporters.search([("phone", "!=", "0987654321")])
        self.assertIn(self.reporter, others)
        self.assertNotIn(self.sender, others)

    def test_reports_by_their_sender(self):
        report = self.make_report(reporter_id=self.sender.id)
        self.make_report()
        found = report.search([("reporter_id.contact", "=", "0987 654 321")])
        self.assertEqual(found, report)

    def test_of_another_company_are_not_found(self):
        company = self.env["res.company"].create({"name": "Tỉnh khác"})
        stranger = new_test_user(
            self.env,
            "civic_stranger",
            "civic_report.group_operator",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(self.find("phone", CANARY["phone"], stranger))
        self.assertFalse(
            self.reporters.with_user(stranger).name_search(CANARY["phone"])
        )
        with self.assertRaises(MissingError):
            self.as_(stranger).show("Gọi lại cho người gửi")

    def test_nothing_is_opened_to_find(self):
        self.reporters.create([{"name": f"N {n}"} for n in range(20)])
        with patch.object(vault.KeyRing, "open", side_effect=AssertionError):
            self.assertEqual(self.find("phone", CANARY["phone"]), self.sender)
            report = self.make_report(reporter_id=self.sender.id)
            own = self.env["civic.report"].with_user(self.other_citizen)
            self.assertEqual(own.search([]), own.browse(report.id))
            self.assertTrue(report._as_sender(self.other_citizen))

    def test_a_citizen_s_rule_is_one_query_on_an_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        domain = [("user_id", "=", self.other_citizen.id)]
        query = self.reporters.sudo()._search(domain)
        rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        plan = "\n".join(row[0] for row in rows)
        self.assertIn("user_hash", plan)
        self.assertIn("Index", plan)

    def test_senders_are_found_again(self):
        known = self.reporters.create({"name": "Trần Văn Á", "phone": "0911222333"})
        model, nobody = self.reporters, self.env["res.users"]
        for name in ("Trần Văn Á", "tran van a", "TRẦN  VĂN Á"):
            values = {"name": name, "phone": "+84911222333"}
            self.assertEqual(model._for_sender(values, self.company, nobody), known)
        for values in (
            {"name": "Trần Văn B", "phone": "0911222333"},
            {"name": "Trần Văn Á", "phone": "0911222334"},
            {"name": CANARY["name"], "phone": CANARY["phone"]},  # an account's
        ):
            found = model._for_sender(values, self.company, nobody)
            self.assertNotIn(found, known | self.sender)
        found = model._for_sender(
            {"name": "Tên mới", "phone": "0900000001"}, self.company, self.other_citizen
        )
        self.assertEqual(found, self.sender)
        self.assertEqual(found.name, "Tên mới")
        self.assertEqual(found.address, CANARY["address"])


@tagged("-at_install", "post_install")
class TestCorrecting(VaultCase):
    def test_an_operator_corrects_without_seeing(self):
        self.as_(self.operator).phone = "0912 000 111"
        self.assertEqual(self.sender.phone, "+84912000111")
        self.assertEqual(self.sender.name, CANARY["name"])
        self.assertEqual(
            self.reporters.search([("phone", "=", "0912000111")]), self.sender
        )
        self.assertFalse(self.reporters.search([("phone", "=", "0987654321")]))
        look = self.looks()
        self.assertEqual(look.kind, "change")
        self.assertEqual((look.user_id, look.shown), (self.operator, "phone"))

    def test_a_mask_that_comes_back_changes_nothing(self):
        before = self.sender.vault_blob
        masks = {name: value for name, value in MASKS.items() if name != "user_id"}
        self.as_(self.operator).write(masks)
        self.env.invalidate_all()
        self.assertEqual(self.sender.vault_blob, before)
        self.assertFalse(self.looks())

    def test_half_a_mask_is_refused(self):
        for values in (
            {"phone": "••• ••• 322"},
            {"name": "Người ••••"},
            {"email_from": "kin•••@example.com"},
            {"address": "•••"},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "anew"):
                self.as_(self.operator).write(values)
            with self.assertRaisesRegex(UserError, "anew"):
                self.reporters.create({"name": "x", **values})

    def test_in_the_form(self):
        with Form(self.as_(self.operator)) as form:
            self.assertEqual(form.phone, MASKS["phone"])
            form.email_from = "moi@example.com"
        self.assertEqual(self.sender.email_from, "moi@example.com")
        self.assertEqual(self.sender.phone, PHONE)
        with Form(self.reporters.with_user(self.operator)) as form:
            form.name = "Người mới"
            form.phone = "0911 222 333"
        self.assertEqual(form.record.sudo().name, "Người mới")
        self.assertEqual(form.record.name, "•••• M.")


@tagged("-at_install", "post_install")
class TestShowing(VaultCase):
    def test_shown_and_kept_on_record(self):
        report = self.make_report(reporter_id=self.sender.id)
        with self.at("2026-11-20 10:00"):
            (shown,) = self.as_(self.operator).show("Gọi lại  cho người gửi", report.id)
        wanted = {**CANARY, "phone": PHONE, "phone_text": "0987 654 321"}
        self.assertEqual({name: shown[name] for name in wanted}, wanted)
        self.assertEqual(shown["account"], "civic_other_citizen")
        look = self.looks()
        self.assertEqual(len(look), 1)
        self.assertEqual(look.user_id, self.operator)
        self.assertEqual(look.report_id, report)
        self.assertEqual(look.reason, "Gọi lại cho người gửi")
        self.assertEqual(look.kind, "show")
        self.assertEqual(set(look.shown.split(", ")), {*CANARY, "user_id"})
        self.assertLocal(look.at, "2026-11-20 10:00")
        self.assertEqual(look.company_id, self.company)

    def test_masked_again_afterwards(self):
        reporter = self.as_(self.operator)
        reporter.show("Gọi lại cho người gửi")
        self.assertEqual(reporter.name, MASKS["name"])

    def test_a_reason_is_needed(self):
        for reason in (None, "", "    ", "abc", "\u200b" * 20, 5, ["Gọi lại"]):
            with self.subTest(reason), self.assertRaisesRegex(UserError, "why"):
                self.as_(self.operator).show(reason)
        self.assertFalse(self.looks())

    def test_to_operators_of_the_company_alone(self):
        for user in (
            *(self.handler, self.leader, self.coordinator, self.province_leader),
            *(self.plain, self.citizen, self.other_citizen),
        ):
            with self.subTest(user.login), self.assertRaises(MissingError):
                self.as_(user).show("Gọi lại cho người gửi")
        with self.assertRaises(AccessError):
            self.sender.with_user(self.handler).sudo().show("Gọi lại cho người gửi")
        self.assertFalse(self.looks())

    def test_for_a_report_of_the_reporter(self):
        other = self.make_report()
        for report_id in (other.id, other.id + 10**6):
            with self.assertRaises(MissingError):
                self.as_(self.operator).show("Gọi lại cho người gửi", report_id)

    def test_not_many_at_once(self):
        many = self.reporters.create([{"name": f"N {n}"} for n in range(11)])
        with self.assertRaisesRegex(UserError, "At most"):
            many.with_user(self.operator).show("Gọi lại cho người gửi")
        shown = many[:10].with_user(self.operator).show("Gọi lại cho người gửi")
        self.assertEqual([row["id"] for row in shown], many[:10].ids)
        log = self.env["civic.access"].search([("reporter_id", "in", many.ids)])
        self.assertEqual(len(log), 10)

    def test_the_record_is_never_rewritten(self):
        self.as_(self.operator).show("Gọi lại cho người gửi")
        look = self.looks()
        for user in (self.operator, self.manager, self.administrator):
            for rows in (look.with_user(user), look.with_user(user).sudo()):
                with self.assertRaises(UserError):
                    rows.write({"reason": "Khác"})
                with self.assertRaises(UserError):
                    rows.unlink()
                with self.assertRaises(UserError):
                    rows.create({"reporter_id": self.sender.id})
        with self.assertRaises(UserError):
            look.with_context(civic_door=object()).write({"reason": "Khác"})
        self.assertEqual(look.reason, "Gọi lại cho người gửi")

    def test_who_reads_the_record(self):
        self.as_(self.operator).show("Gọi lại cho người gửi")
        self.as_(self.manager).show("Kiểm tra danh tính")
        looks = self.looks()
        wanted = {
            self.operator: looks.filtered(lambda row: row.user_id == self.operator),
            self.manager: looks,
            self.administrator: looks,
        }
        for user, rows in wanted.items():
            found = looks.with_user(user).search([("reporter_id", "=", self.sender.id)])
            self.assertEqual(found, rows, user.login)
        for user in (self.handler, self.province_leader, self.plain, self.citizen):
            with self.assertRaises(AccessError):
                looks.with_user(user).search([])


@tagged("-at_install", "post_install")
class TestOriginals(VaultCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photo = saved(drawing(), exif=exif(gps=HUE))
        files = cls.env["ir.attachment"]
        cls.report = cls.env["civic.report"].create(
            cls.report_values(reporter_id=cls.sender.id)
        )
        files._civic_attach(cls.report, files._civic_read([cls.photo]), cls.sender)
        cls.original = files.search(
            [("res_model", "=", "civic.reporter"), ("res_id", "=", cls.sender.id)]
        )

    def test_what_is_stored_tells_nothing(self):
        self.assertEqual(len(self.original), 1)
        stored = Path(self.original._full_path(self.original.store_fname)).read_bytes()
        self.assertNotIn(b"CANARY", stored)
        self.assertNotIn(b"Exif", stored)
        self.assertFalse(self.original.index_content)
        self.assertEqual(self.original.mimetype, "application/octet-stream")
        self.assertEqual(self.original._civic_opened(), self.photo)

    def test_fetched_by_the_centre_and_kept_on_record(self):
        files = self.env["ir.attachment"].with_user(self.operator)
        name, data = files._civic_fetch_original(self.original.id, "Kiểm tra ảnh gốc")
        self.assertEqual(data, self.photo)
        look = self.looks()
        self.assertEqual((look.kind, look.shown), ("file", name))
        with self.assertRaises(UserError):
            files._civic_fetch_original(self.original.id, "")
        for user in (self.handler, self.province_leader, self.plain, self.citizen):
            with self.assertRaises(MissingError):
                files.with_user(user)._civic_fetch_original(
                    self.original.id, "Kiểm tra ảnh gốc"
                )
        shown = self.report.sudo().attachment_ids
        for id_ in (shown.id, self.original.id + 10**6):
            with self.assertRaises(MissingError):
                files._civic_fetch_original(id_, "Kiểm tra ảnh gốc")

    def test_whoever_hangs_a_file_on_a_reporter_seals_it(self):
        files = self.env["ir.attachment"].with_user(self.operator)
        values = {"name": "x.txt", "res_model": "civic.reporter"}
        with self.assertRaises(AccessError):
            files.create({**values, "res_id": self.sender.id, "raw": b"CANARY"})
        made = files.sudo().create(
            {**values, "res_id": self.sender.id, "raw": b"CANARY"}
        )
        self.assertNotIn(b"CANARY", made.raw)
        loose = files.create({"name": "x.txt", "raw": b"x"})
        with self.assertRaises(UserError):
            loose.write({"res_model": "civic.reporter", "res_id": self.sender.id})


@tagged("-at_install", "post_install")
class TestWithoutTheKey(VaultCase):
    """A missing or foreign key says so, loses nothing and stops no other work."""

    def test_reading(self):
        reporter = self.as_(self.operator)
        self.lose_key()
        (read,) = reporter.read(["name", "phone", "display_name"])
        self.assertEqual(read["name"], "Not available")
        self.assertFalse(read["phone"])
        self.assertEqual(read["display_name"], f"Reporter {self.sender.id}")
        with self.assertRaisesRegex(VaultError, "Tell your administrator"):
            reporter.show("Gọi lại cho người gửi")
        with self.assertRaises(VaultError):
            _name = self.sender.name
        self.assertFalse(self.looks())

    def test_writing(self):
        before = self.row()
        self.lose_key()
        for act in (
            lambda: self.as_(self.operator).write({"phone": "0912000111"}),
            lambda: self.reporters.with_user(self.operator).create({"name": "Mới"}),
            lambda: self.reporters.with_user(self.operator).name_search("0987654321"),
        ):
            with self.assertRaises(VaultError):
                act()
        self.assertEqual(self.row(), before)

    def test_work_goes_on(self):
        self.lose_key()
        report = self.walk_to("done", self.make_report(reporter_id=self.sender.id))
        self.assertEqual(report.state, "done")
        board = report.web_search_read([], {"name": {}, "subject": {}, "state": {}})
        self.assertTrue(board["length"])
        form = report.web_read(
            {"reporter_id": {"fields": {"display_name": {}, "phone": {}}}}
        )
        self.assertEqual(
            form[0]["reporter_id"]["display_name"], f"Reporter {self.sender.id}"
        )

    def test_a_foreign_key_is_said_before_anything_is_written(self):
        self.forget_keys()
        ids = self.use_ring(1)
        fresh = self.reporters.create({"name": "Khoá một"})
        self.env.registry.clear_cache()
        self.assertIn(ids[0], self.env["civic.vault"]._known_keys())
        self.use_ring(2)
        with (
            self.assertRaisesRegex(VaultError, ids[0]),
            self.assertLogs(civic_vault.__name__, "ERROR") as logs,
        ):
            self.reporters.create({"name": "Khoá hai"})
        self.assertIn(str(self.path), logs.output[0])
        with self.assertRaises(VaultError):
            self.reporters.search([("phone", "=", "0987654321")])
        self.assertNotIn(
            vault.KeyRing.load(self.path).active_id,
            self.env["civic.vault.key"].search([]).mapped("key_id"),
        )
        self.assertTrue(fresh)

    def test_words_for_each_reader(self):
        self.lose_key()
        problem = {
            user: self.env["civic.vault"].with_user(user)._problem()
            for user in (self.administrator, self.operator, self.citizen)
        }
        self.assertIn("/nowhere/keys.json", problem[self.administrator])
        for user in (self.operator, self.citizen):
            self.assertNotIn("/nowhere", problem[user])
        self.company.phone = "1900 1234"
        words = self.env["civic.vault"].with_user(self.citizen)._problem()
        self.assertIn("1900 1234", words)

    def test_no_new_key_in_place_of_a_lost_one(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "keys.json"
        model = type(self.env["civic.vault"])
        with (
            patch.object(model, "_path", lambda _self: (path, False)),
            mute_logger(civic_vault.__name__),
        ):
            with self.assertRaisesRegex(VaultError, "missing"):
                self.reporters.create({"name": "Mới"})
            self.assertFalse(path.exists())
            self.forget_keys()
            with self.assertRaises(VaultError):
                self.reporters.create({"name": "Mới"})
            self.assertFalse(path.exists(), "rows are sealed, though nothing says so")
            self.env.cr.execute("UPDATE civic_reporter SET vault_key = NULL")
            self.reporters.create({"name": "Mới"})
            self.assertTrue(path.exists())


@tagged("-at_install", "post_install")
class TestQueries(VaultCase):
    def test_a_page_of_masks(self):
        """No more is opened than the page shows, in as many queries as for one row."""
        self.reporters.create(
            [{"name": f"N {n}", "phone": f"0912100{n:03}"} for n in range(200)]
        )
        reporters = self.reporters.with_user(self.operator)
        page = {name: {} for name in (*CANARY, "display_name", "has_account")}
        reporters.web_search_read([], page, limit=1)
        counts, opened = {}, {}
        real = vault.KeyRing.open

        def open_counted(ring, blob, context):
            opened[size] = opened.get(size, 0) + 1
            return real(ring, blob, context)

        for size in (1, 80):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with patch.object(vault.KeyRing, "open", open_counted):
                found = reporters.web_search_read([], page, limit=size)
            self.assertEqual(len(found["records"]), size)
            counts[size] = self.env.cr.sql_log_count - before
        self.assertEqual(opened, {1: 1, 80: 80})
        self.assertEqual(counts[80], counts[1])

    def test_a_batch_of_new_ones(self):
        """Sealing asks the database nothing."""
        counts = {}
        for size in (1, 100):
            rows = [{"name": f"N {n}", "phone": "0912345678"} for n in range(size)]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.reporters.create(rows)
            self.env.flush_all()
            counts[size] = self.env.cr.sql_log_count - before
        self.assertEqual(counts[100], counts[1])


@tagged("-at_install", "post_install")
class TestOverHttp(VaultCase, HttpCase):
    def call(self, user, method, arguments):
        self.authenticate(user.login, user.login)
        answer = self.url_open(
            f"/web/dataset/call_kw/civic.reporter/{method}",
            data=json.dumps(
                {
                    "params": {
                        "model": "civic.reporter",
                        "method": method,
                        "args": arguments,
                        "kwargs": {},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def test_masks_and_looks_by_role(self):
        for user in (
            *(self.operator, self.manager, self.administrator, self.handler),
            *(self.leader, self.province_leader, self.coordinator, self.plain),
            *(self.citizen, self.other_citizen),
        ):
            at_centre = user in self.operator | self.manager | self.administrator
            with self.subTest(user.login):
                read = self.call(user, "read", [self.sender.ids, list(CANARY)])
                shown = self.call(user, "show", [self.sender.ids, "Gọi lại người gửi"])
                self.assertEqual("result" in read, at_centre)
                self.assertEqual("result" in shown, at_centre)
                if at_centre:
                    self.assertEqual(read["result"][0]["phone"], MASKS["phone"])
                    self.assertEqual(shown["result"][0]["phone"], PHONE)
                    continue
                said = json.dumps([read, shown], ensure_ascii=False)
                for value in (*CANARY.values(), PHONE):
                    self.assertNotIn(value, said)

    def test_private_methods_are_not_called(self):
        for method in ("_identity", "_shown", "_for_sender", "_open_values", "_masks"):
            answer = self.call(self.administrator, method, [self.sender.ids])
            self.assertIn("error", answer)

    def fetch(self, id_, reason="Kiểm tra ảnh gốc"):
        return self.url_open(
            "/civic_report/original",
            data={
                "attachment_id": id_,
                "reason": reason,
                "csrf_token": Request.csrf_token(self),
            },
        )

    def test_originals_are_fetched_with_a_reason(self):
        photo = saved(drawing(), exif=exif(gps=HUE))
        files = self.env["ir.attachment"]
        report = self.make_report(reporter_id=self.sender.id)
        files._civic_attach(report.sudo(), files._civic_read([photo]), self.sender)
        shown = self.as_(self.operator).show("Kiểm tra ảnh gốc", report.id)
        [file] = shown[0]["files"]
        self.assertEqual(file["name"], f"{report.name}-picture-01.jpg")
        self.authenticate("civic_operator", "civic_operator")
        answer = self.fetch(file["id"])
        self.assertEqual(answer.content, photo)
        self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(self.fetch(file["id"], "").status_code, 422)
        for wrong in (report.sudo().attachment_ids.id, 10**8, "x", ""):
            self.assertEqual(self.fetch(wrong).status_code, 404)
        self.authenticate("civic_handler", "civic_handler")
        refused = self.fetch(file["id"])
        self.assertEqual(refused.status_code, 404)
        self.assertNotIn(b"Traceback", refused.content)
        self.assertEqual(self.looks().mapped("kind").count("file"), 1)

    def test_without_the_key_the_form_keeps_its_text(self):
        self.company.phone = "1900 1234"
        self.lose_key()
        page = self.url_open("/phan-anh/gui")
        self.assertIn("Sending is not possible right now", page.text)
        self.assertIn("1900 1234", page.text)
        self.authenticate(None, None)
        before = self.env["civic.report"].search_count([])
        answer = self.url_open(
            "/phan-anh/gui",
            data={
                "csrf_token": Request.csrf_token(self),
                "subject": "Ổ gà lớn",
                "description": "Chữ này phải còn.",
                "category_id": self.category.id,
                "address": "Số 1 Lê Lợi",
                "occurred_at": "2026-01-05T08:00",
                "name": CANARY["name"],
                "phone": CANARY["phone"],
                "email": CANARY["email_from"],
                "consent": "1",
                "key": "khoa-thu",
            },
            files=[("files", ("anh.jpg", saved(drawing()), "image/jpeg"))],
        )
        self.assertEqual(answer.status_code, 503)
        self.assertIn("Chữ này phải còn.", answer.text)
        self.assertIn("What you wrote is still here", answer.text)
        self.assertIn("1900 1234", answer.text)
        self.assertNotIn("/nowhere", answer.text)
        self.assertEqual(self.env["civic.report"].search_count([]), before)

    def test_the_screens_say_that_identities_are_closed(self):
        for user, known in ((self.operator, True), (self.handler, False)):
            for closed in (False, True):
                self.authenticate(user.login, user.login)
                with patch.object(
                    CivicVault, "_problem", lambda _self, closed=closed: closed and "Zu"
                ):
                    page = self.url_open("/odoo").text
                self.assertEqual(
                    '"civic_vault_problem": "Zu"' in page, known and closed
                )
