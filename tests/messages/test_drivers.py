import time
from unittest.mock import patch

from odoo import api, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import Form, HttpCase, tagged

from ...tools.chat import Message
from ...tools.signed import read_json, text_at
from ..rig.gateways import GatewayCase, Provider
from ..rig.outbox import OutboxCase
from ..rig.webhooks import SECRET, WebhookCase, body, ours

WRITER = "u-77"


class CivicDriverToy(models.AbstractModel):
    """A chat that no other file of the module knows of."""

    _module = None  # not the module's: added by the test below alone
    _name = "civic.driver.toy"
    _inherit = ["civic.driver.conversation"]
    _description = "Channel Driver: Toy"

    _code = "toy"
    _providers = {"toymaker": "https://toy.example.com"}
    _asks = ("account", "access_key")
    _answers = True

    @api.model
    def _label(self):
        return "Toy"

    @api.model
    def _test(self, gateway):
        gateway._ask("GET", gateway._url("me"))
        return "The toy works."

    @api.model
    def _take_in(self, gateway, raw):
        seen = read_json(raw).get("seen")
        if not seen:
            super()._take_in(gateway, raw)
            return
        outbox = self.env["civic.outbox"].sudo()
        outbox._by_provider_ref("chat", seen, gateway.company_id)._take_receipt(True)

    @api.model
    def _split(self, raw):
        return [(self._parse(raw), raw)]

    @api.model
    def _parse(self, raw):
        data = read_json(raw)
        return Message(
            event_id=text_at(data, "id"),
            kind="message",
            sender=text_at(data, "from"),
            text=text_at(data, "text"),
        )

    @api.model
    def _say(self, gateway, account, text):
        key = gateway._secret("access_key")
        answer = gateway._ask(
            "POST", gateway._url("say"), json={"to": account, "text": text, "key": key}
        )
        return answer["id"]


class ToyMaker(Provider):
    def answer_accept(self, request):
        return 200, {"id": f"toy-{len(self.requests)}"}


@tagged("-at_install", "post_install")
class TestNewChat(OutboxCase, GatewayCase, HttpCase):
    """A new chat is one driver, and a row of data: the way by which reports arrive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_to_registry(cls.registry, CivicDriverToy)
        cls.addClassCleanup(cls._forget_toy)
        cls.registry._setup_models__(cls.env.cr, [CivicDriverToy._name])
        cls.channel = cls.env["civic.channel"].create({"name": "Toy", "code": "toy"})
        cls.maker = cls.serve(ToyMaker())
        cls.gateway = cls.make_gateway(
            "toy", cls.maker, access_key="key-1", webhook_secret=SECRET
        )

    @classmethod
    def _forget_toy(cls):
        del cls.registry[CivicDriverToy._name]
        cls.registry._setup_models__(cls.env.cr, ["civic.driver"])

    def post(self, event, signature=None):
        """The status that the provider is answered."""
        raw = body(event)
        self.env.flush_all()
        answer = self.url_open(
            f"/civic_report/webhook/{self.gateway.token}",
            data=raw,
            headers={
                "Content-Type": "application/json",
                "X-Civic-Signature": signature or ours(raw, at=time.time()),
            },
        )
        self.env.invalidate_all()
        return answer.status_code

    def read_inbox(self):
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_inbox").method_direct_trigger()
        self.env.invalidate_all()

    def test_from_the_webhook_to_the_receipt(self):
        inbox = self.env["civic.inbox"]
        event = {"id": "e1", "from": WRITER, "text": "Ổ gà trước số 10 Lê Lợi"}
        self.assertEqual(self.post(event, signature="t=1,v1=00"), 401)
        self.assertFalse(inbox.search([("channel", "=", "toy")]))
        self.assertEqual(self.post(event), 200)
        self.assertEqual(self.post(event), 200, "it comes twice")
        self.post({"id": "e2", "from": WRITER, "text": "gửi"})
        rows = inbox.search([("channel", "=", "toy")])
        self.assertEqual(rows.mapped("state"), ["new", "new"])

        self.read_inbox()
        report = rows.report_id
        self.assertEqual(report.description, "Ổ gà trước số 10 Lê Lợi")
        self.assertEqual(report.channel_id, self.channel)
        self.assertEqual(report.reporter_id.sudo().name, "Somebody on Toy")
        self.assertIn(self.channel.id, self.env["civic.channel"]._free_ids())

        told = self.rows(report, audience="reporter")
        self.assertEqual((told.channel, told.state), ("chat", "waiting"))
        self.deliver()
        self.assertEqual((told.state, told.error), ("sent", False))
        [said] = self.maker.bodies("say")
        self.assertEqual((said["to"], said["key"]), (WRITER, "key-1"))
        self.assertIn(report.name, said["text"])
        self.assertEqual(self.gateway.state, "ok")

        self.assertFalse(told.delivered_at)
        self.assertEqual(self.post({"seen": "toy-99"}), 200)
        self.assertFalse(told.delivered_at, "another's message")
        self.assertEqual(self.post({"seen": told.provider_ref}), 200)
        self.assertTrue(told.delivered_at)

    def test_the_same_person_again(self):
        """Known by the account alone, another chat's of the same name is another."""
        for number in range(2):
            self.post({"id": f"a{number}", "from": WRITER, "text": f"Ổ gà {number}"})
            self.post({"id": f"b{number}", "from": WRITER, "text": "xong"})
            self.read_inbox()
        reports = self.env["civic.report"].search(
            [("channel_id", "=", self.channel.id)]
        )
        self.assertEqual(len(reports), 2)
        reporter = reports.reporter_id.sudo()
        self.assertEqual(len(reporter), 1)
        self.assertEqual(reporter.chat_id, f"toy:{WRITER}")
        toy, zalo = (self.env["civic.driver"]._of(code) for code in ("toy", "zalo"))
        self.assertEqual(toy._account(reporter), WRITER)
        self.assertEqual(zalo._account(reporter), "")
        with patch.object(self.registry["civic.driver.toy"], "_code", "game"):
            self.assertEqual(toy._account(reporter), "", "another provider's account")

    def test_the_conversation_has_ended(self):
        self.post({"id": "e1", "from": WRITER, "text": "Ổ gà"})
        self.post({"id": "e2", "from": WRITER, "text": "xong"})
        self.read_inbox()
        self.maker.mode = "refused"
        self.deliver()
        told = self.rows(audience="reporter", channel="chat").sorted("id")[-1:]
        self.assertEqual(told.state, "dead", "there is no other way")
        self.assertNotIn(WRITER, told.error)

    def test_its_settings(self):
        """Lists and the form of its account have it, and ask for what it needs."""
        gateways = self.env["civic.gateway"].with_user(self.administrator)
        form = Form(gateways)
        form.name = "Second"
        form.kind = "toy"
        self.assertEqual(form.provider, "toymaker")
        self.assertIn("access_key", form.needs)
        self.assertNotIn("sender", form.needs)
        self.assertEqual(self.press(self.gateway), ("success", "The toy works."))
        for model, name in (("civic.inbox", "channel"), ("civic.gateway", "kind")):
            known = dict(self.env[model]._fields[name]._description_selection(self.env))
            self.assertEqual(known["toy"], "Toy", model)
        told = self.env["civic.notice"]._fields["channel"]
        self.assertNotIn("toy", told.get_values(self.env), "its words are the SMS'")


@tagged("-at_install", "post_install")
class TestDrivers(WebhookCase):
    """What holds of every driver, whichever there are."""

    def test_each_does_what_it_says(self):
        base = self.registry["civic.driver"]
        needed = {
            "_tells": ["_deliver"],
            "_reads": ["_read"],
            "_listens": ["_take_in"],
            "_answers": ["_say", "_account"],
            "_providers": ["_test", "_provider_choices"],
        }
        drivers = self.env["civic.driver"]._able("_code")
        self.assertGreaterEqual(len(drivers), 8)
        for driver in drivers:
            for ability, methods in needed.items():
                for method in methods if getattr(driver, ability) else ():
                    with self.subTest(driver=driver._name, method=method):
                        own = getattr(type(driver), method)
                        self.assertIsNot(own, getattr(base, method, None))
            with self.subTest(driver=driver._name):
                self.assertTrue(driver._label())
                offered = [provider for provider, _label in driver._provider_choices()]
                self.assertEqual(offered, [*driver._providers])
                fields = self.env["civic.gateway"]._fields
                self.assertLessEqual(set(driver._asks), set(fields))

    def test_a_channel_that_nobody_drives(self):
        """Such as one whose add-on was uninstalled: nothing is taken in by it."""
        driver = self.env["civic.driver"]._of("gone")
        self.assertEqual(driver, self.env["civic.driver"])
        outbox, gateway = self.env["civic.outbox"], self.gateways["zalo"]
        for prepare in (
            lambda: outbox._prepare_row((1, "reporter", "gone", 0), self.company),
            lambda: self.env["civic.inbox"]._store("gone", "1", b"x", self.company),
        ):
            with self.assertRaises(ValueError):
                prepare()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE civic_gateway SET kind = 'gone' WHERE id = %s", [gateway.id]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.zalo().status_code, 404)

    def test_a_message_is_asked_for_its_receipt_once(self):
        driver = self.registry["civic.driver.zalo"]
        with patch.object(driver, "_take_receipt", return_value=False) as asked:
            self.zalo()
        self.assertEqual(asked.call_count, 1)
        self.assertEqual(self.rows(channel="zalo").state, "new")
