from datetime import timedelta
from unittest.mock import patch

import requests
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.messages.gateway import HIDDEN
from ...tools.ask import ask, is_safe_url
from ..rig.gateways import KEY, GatewayCase, Provider


@tagged("-at_install", "post_install")
class TestAsk(GatewayCase):
    """Every way in which a provider may fail is told from the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.serve(Provider())

    def setUp(self):
        super().setUp()
        self.server.clear()

    def test_faults(self):
        for mode, (kind, code) in {
            "error": ("unsure", "broken"),
            "unavailable": ("server", "broken"),
            "busy": ("temporary", "busy"),
            "denied": ("server", "denied"),
            "refused": ("refused", "refused"),
            "moved": ("server", "moved"),
            "garbled": ("unsure", "garbled"),
            "listed": ("unsure", "garbled"),
            "silent": ("unsure", "silent"),
        }.items():
            self.server.mode = mode
            with self.subTest(mode=mode), self.raises(kind, code):
                ask("POST", self.server.url, json={})

    def test_too_slow(self):
        """What may have been done is not what never began."""
        for error, kind, code in (
            (requests.ReadTimeout, "unsure", "silent"),
            (requests.ConnectTimeout, "server", "unreachable"),
        ):
            with (
                patch.object(requests.Session, "request", side_effect=error),
                self.raises(kind, code),
            ):
                ask("POST", self.server.url, json={})

    def test_too_much(self):
        self.server.answer_flood = lambda request: (200, b"[" * 300_000)
        self.server.mode = "flood"
        with self.raises("unsure", "garbled"):
            ask("GET", self.server.url)

    def test_nobody_listens(self):
        other = Provider().start()
        other.stop()
        with self.raises("server", "unreachable"):
            ask("GET", other.url)

    def test_only_encrypted_addresses_and_this_machine(self):
        for url, safe in {
            "https://rest.example.com/json": True,
            "http://127.0.0.1:8080": True,
            "http://rest.example.com": False,
            "http://127.0.0.1.example.com": False,
            "https://user:pass@example.com": False,
            "file:///etc/passwd": False,
            "https://[": False,
            "": False,
        }.items():
            self.assertEqual(is_safe_url(url), safe, url)


@tagged("-at_install", "post_install")
class TestGateways(GatewayCase):
    """Accounts with providers: their keys are written and never read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_sms()
        cls.make_zalo()

    def setUp(self):
        super().setUp()
        self.esms.clear()
        self.zns.clear()

    def test_keys_are_sealed_and_never_shown(self):
        self.env.flush_all()
        self.cr.execute(
            "SELECT row_to_json(g)::text FROM civic_gateway g WHERE id = %s",
            [self.sms.id],
        )
        self.assertNotIn(KEY, self.cr.fetchone()[0])
        self.env.invalidate_all()
        administrator = self.sms.with_user(self.administrator)
        for row in (self.sms, administrator, self.sms.with_user(self.env.user)):
            self.assertEqual(row.secret, HIDDEN)
            self.assertEqual(row.access_key, False)
            self.assertNotIn(KEY, str(row.read()))
        with self.assertRaises(AccessError):
            administrator.read(["vault_blob"])
        self.assertEqual(self.sms._secret("secret"), KEY)

    def test_what_was_typed_is_not_shown_to_who_typed_it(self):
        row = self.sms.with_user(self.administrator)
        saved = row.web_save({"secret": "khoa-moi"}, {"secret": {}, "name": {}})
        self.assertEqual(saved[0]["secret"], HIDDEN)
        self.assertEqual(self.sms._secret("secret"), "khoa-moi")

    def test_hidden_keys_stay_and_empty_ones_go(self):
        row = self.zalo.with_user(self.administrator)
        row.write({"name": "Zalo", "secret": HIDDEN})
        self.assertEqual(self.zalo._secret("secret"), "app-secret")
        row.write({"secret": "", "webhook_secret": False})
        self.assertEqual(self.zalo._secret("secret"), "")
        self.assertFalse(row.secret)
        self.assertEqual(self.zalo._secret("access_key"), "access-1")

    def test_only_administrators_of_the_company(self):
        for user in (self.operator, self.manager, self.handler, self.citizen):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.sms.with_user(user).read(["name"])
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        gateways = self.env["civic.gateway"].with_user(self.administrator)
        with self.assertRaises(MissingError):
            gateways.create({"name": "x", "kind": "call", "company_id": other.id})
        foreign = self.env["civic.gateway"].create(
            {"name": "x", "kind": "sms", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.administrator).read(["name"])
        self.assertFalse(gateways.search([("company_id", "=", other.id)]))

    def test_what_the_module_writes_is_nobody_elses(self):
        row = self.sms.with_user(self.administrator)
        for name in ("token", "vault_blob", "success_at"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                row.write({name: False})

    def test_one_of_a_kind(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_gateway("sms", self.esms)

    def test_addresses_are_encrypted(self):
        with self.assertRaises(ValidationError):
            self.sms.url = "http://example.com"

    def test_a_new_key_of_the_vault_seals_them_anew(self):
        before = self.sms.vault_blob
        self.sms._vault_write({**self.sms._vault_again(), "vault_key": "x"})
        self.assertNotEqual(self.sms.vault_blob, before)
        self.assertEqual(self.sms._secret("secret"), KEY)

    def test_found_by_company_and_kind_and_by_address(self):
        gateways = self.env["civic.gateway"]
        self.assertEqual(gateways._of(self.company, "sms"), self.sms)
        self.assertFalse(gateways._of(self.company, "call"))
        self.assertEqual(gateways._by_token(self.sms.token, "sms"), self.sms)
        for token in (self.zalo.token, "", None, "ă", ["x"]):
            self.assertFalse(gateways._by_token(token, "sms"))
        self.sms.active = False
        self.assertFalse(gateways._of(self.company, "sms"))
        self.assertFalse(gateways._by_token(self.sms.token, "sms"))

    # ------------------------------------------------------------------
    # The button
    # ------------------------------------------------------------------

    def test_button_sms(self):
        self.assertEqual(
            self.press(self.sms), ("success", "It works. Credit left: 36,693 VND.")
        )
        [asked] = self.esms.requests
        self.assertEqual(asked["body"], {"ApiKey": "api-key", "SecretKey": KEY})
        self.esms.mode = "unknown_key"
        kind, words = self.press(self.sms)
        self.assertEqual(kind, "danger")
        self.assertIn("does not accept our keys", words)
        self.assertEqual(self.sms.test_result, words)
        self.esms.mode = "unavailable"
        self.assertIn("(503)", self.press(self.sms)[1])

    def test_button_zalo(self):
        kind, words = self.press(self.zalo)
        self.assertEqual(words, "It works: we are “Trung tâm điều hành”.")
        self.assertEqual(kind, "success")
        self.zns.expire()
        self.zns.refresh = "nobody has this one"
        kind, words = self.press(self.zalo)
        self.assertEqual(kind, "danger")
        self.assertIn("does not accept our keys", words)

    def test_button_call(self):
        self.make_call()
        kind, words = self.press(self.calls)
        self.assertEqual((kind, "profile" in words), ("danger", True))
        self.administrator.phone = "0912 000 111"
        self.assertEqual(self.press(self.calls)[0], "success")
        [asked] = self.stringee.requests
        self.assertEqual(asked["body"]["to"][0]["number"], "84912000111")

    def test_button_is_for_administrators(self):
        with self.assertRaises(AccessError):
            self.sms.with_user(self.operator).action_test()

    # ------------------------------------------------------------------
    # Tokens of Zalo
    # ------------------------------------------------------------------

    def test_a_token_is_renewed_before_it_ends_and_once(self):
        now = self.env["civic.door"]._now()
        self.zalo.sudo().expires_at = now + timedelta(minutes=5)
        with self.enter_registry_test_mode():
            driver = self.zalo._driver()
            self.assertEqual(driver._token(self.zalo), "access-2")
            # A worker that has not seen it asks for another in place of the old one.
            self.assertEqual(driver._renew(self.zalo, "access-1"), "access-2")
            self.assertEqual(driver._token(self.zalo), "access-2")
        self.assertEqual(self.zns.renewed, 1)
        self.assertGreater(self.zalo.expires_at, now + timedelta(hours=20))
        self.assertEqual(self.zalo._secret("refresh_key"), "refresh-2")
