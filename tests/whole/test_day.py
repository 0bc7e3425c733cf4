import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from odoo.tests import tagged
from odoo.tools import SQL

from ..rig.asked import trial
from ..rig.gateways import Esms, Facebook, Zalo
from ..rig.live import PASSWORD, LiveCase, Refused, Server
from ..rig.mailbox import Mailbox
from ..rig.smtp import MailServer
from ..rig.town import CHANNELS, SECRET, Town

CITIZENS = int(os.environ.get("CIVIC_CITIZENS", "60"))
FATES = {3: "supplement", 7: "refuse", 5: "return", 9: "send_back"}
OFFICE = 4  # officers, and citizens, who act at the same time


@tagged("-at_install", "post_install")
@trial()
class TestDay(LiveCase):
    """A day of a province: citizens report by every channel, officers handle, providers
    deliver; all by what is open to them: pages, mail, webhooks, the officers' calls.

    Nothing is lost, and every person is told of everything once.
    """

    @classmethod
    def set_up_live(cls):
        cls.smtp = MailServer().start()
        cls.mailbox = Mailbox().start()
        cls.esms, cls.zalo, cls.facebook = Esms().start(), Zalo().start(), Facebook()
        cls.facebook.start()
        for server in (cls.smtp, cls.mailbox, cls.esms, cls.zalo, cls.facebook):
            cls.addClassCleanup(server.stop)
        cls.level = cls.procedure.scale_id.level_ids[:1].id
        cls.company.write(
            {
                "civic_email": Town.address,
                "civic_quiet_from": 0,
                "civic_quiet_until": 0,
            }
        )
        # What officers are told is not gathered for some minutes first.
        cls.env["civic.duty.way"].search([]).wait_minutes = 0
        cls.agency.email = "so.xay.dung@example.com"
        cls.set_up_mail()
        cls.set_up_gateways()
        cls.system = cls.make_user("system", "base.group_system")
        (cls.system | cls.other_handler | cls.other_leader).password = PASSWORD

    @classmethod
    def set_up_mail(cls):
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create(
            {
                "name": "Local",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.smtp.port,
                "smtp_encryption": "none",
            }
        )
        cls.fetching = cls.env["fetchmail.server"].create(
            {
                "name": "Local",
                "server_type": "pop",
                "server": "127.0.0.1",
                "port": cls.mailbox.port,
                "is_ssl": False,
                "user": "centre",
                "password": "centre",
                "civic_company_id": cls.company.id,
                "state": "done",
            }
        )

    @classmethod
    def set_up_gateways(cls):
        urls = {
            "sms": cls.esms.url,
            "zalo": cls.zalo.url,
            "facebook": cls.facebook.url,
            "pbx": False,
        }
        gateways = cls.env["civic.gateway"].create(
            [
                {
                    "name": kind,
                    "kind": kind,
                    "url": url,
                    "account": "1234567890",
                    "sender": "TINH",
                    "secret": "app-secret",
                    "access_key": "access-1",
                    "refresh_key": "refresh-1",
                    "webhook_secret": SECRET,
                }
                for kind, url in urls.items()
            ]
        )
        cls.tokens = {gateway.kind: gateway.token for gateway in gateways}

    # ------------------------------------------------------------------
    # What the providers have delivered
    # ------------------------------------------------------------------

    def sms_to(self, phone):
        return [row["Content"] for row in self.esms.bodies() if row["Phone"] == phone]

    def chat_to(self, channel, account):
        server = {"zalo": self.zalo, "facebook": self.facebook}[channel]
        return [
            row["message"]["text"]
            for row in server.bodies("message")
            if account in row.get("recipient", {}).values()
        ]

    # ------------------------------------------------------------------
    # The day
    # ------------------------------------------------------------------

    def test_a_day(self):
        options = ["--proxy-mode"]
        with Server(self.database, workers=2, crons=2, options=options) as server:
            self.town = Town(self, server, CITIZENS)
            self.all_send()
            self.all_are_handled()
            self.all_is_delivered()
        self.check_reports()
        self.check_told()
        self.check_secrets()

    def together(self, act, people):
        with ThreadPoolExecutor(OFFICE) as office:
            list(office.map(act, people))

    def all_send(self):
        self.together(lambda citizen: citizen.send(), self.town.citizens)
        system = self.town.server.client("civic_system")
        system.call(self.fetching, "fetch_mail")
        self.found = self.town.wait_for(self.all_reports)
        for citizen in self.town.citizens:
            citizen.report = self.found[citizen.word]

    def all_reports(self):
        """Reports by the word of their sender, once all are there."""
        rows = self.town.operator.call_model(
            *("civic.report", "search_read", [("subject", "like", "viec")]),
            ["name", "subject", "state", "channel_id"],
        )
        found = {row["subject"].split("viec")[1][:4]: row for row in rows}
        self.assertEqual(len(found), len(rows), "a matter has two reports")
        complete = len(found) == len(self.town.citizens)
        return complete and {f"viec{word}": row for word, row in found.items()}

    def fate(self, citizen):
        return FATES.get(citizen.number % 10)

    def all_are_handled(self):
        clients = {
            name: self.town.server.client(f"civic_{name}")
            for name in (
                "operator",
                "handler",
                "leader",
                "other_handler",
                "other_leader",
            )
        }
        self.clients = clients
        self.together(self.take_in, self.town.citizens)
        self.together(self.handle, self.accepted())
        self.together(self.publish, self.accepted())
        self.together(
            lambda citizen: citizen.rate(),
            [row for row in self.town.citizens if self.rates(row)],
        )

    def accepted(self):
        return [row for row in self.town.citizens if self.fate(row) != "refuse"]

    def rates(self, citizen):
        return (
            citizen.channel == "web"
            and citizen.number % 4 == 0
            and (self.fate(citizen) != "refuse")
        )

    def act(self, who, citizen, verb, *arguments, model="civic.report"):
        ids = [citizen.report["id"]]
        if model == "civic.assignment":
            ids = [citizen.assignment]
        return self.clients[who].call_model(model, verb, ids, *arguments)

    def take_in(self, citizen):
        if self.fate(citizen) == "refuse":
            self.act("operator", citizen, "refuse", "incomplete", "Thiếu địa điểm.")
            return
        if self.fate(citizen) == "supplement":
            before = len(citizen.told())
            self.act("operator", citizen, "request_supplement", "Ở đoạn nào?")
            self.town.wait_for(lambda: len(citizen.told()) > before)
            self.answer(citizen)
        self.act(
            *("operator", citizen, "write"),
            {
                "category_id": self.category.id,
                "standardised_description": f"Ổ gà {citizen.word}.",
            },
        )
        self.act("operator", citizen, "receive")
        self.dispatch(citizen, self.agency)
        if self.fate(citizen) == "return":
            self.agency_act(
                "handler", citizen, "return_wrong", "Không thuộc thẩm quyền."
            )
            self.dispatch(citizen, self.other_agency)

    def answer(self, citizen):
        citizen.answer()
        if citizen.channel == "email":
            system = self.town.server.client("civic_system")
            system.call(self.fetching, "fetch_mail")
        self.town.wait_for(lambda: self.state(citizen) == "new")

    def state(self, citizen):
        [row] = self.act("operator", citizen, "read", ["state"])
        return row["state"]

    def dispatch(self, citizen, agency):
        # Who writes by a chat gives no telephone: the Centre says why it goes on.
        why = "Hiện trường đã rõ, không cần gọi lại."
        reasons = (None, None, None, None, why)
        self.act("operator", citizen, "dispatch", [agency.id], *reasons)
        rows = self.clients["operator"].call_model(
            *("civic.assignment", "search_read"),
            [("report_id", "=", citizen.report["id"]), ("agency_id", "=", agency.id)],
            ["id"],
        )
        citizen.assignment = rows[0]["id"]

    def agency_act(self, who, citizen, verb, *arguments):
        self.act(who, citizen, verb, *arguments, model="civic.assignment")

    def handle(self, citizen):
        other = "other_" if self.fate(citizen) == "return" else ""
        handler, leader = f"{other}handler", f"{other}leader"
        self.agency_act(handler, citizen, "accept")
        self.agency_act(handler, citizen, "submit", f"Đã vá {citizen.word}.")
        if self.fate(citizen) == "send_back":
            self.agency_act(leader, citizen, "send_back", "Viết rõ hơn.")
            self.agency_act(handler, citizen, "submit", f"Đã vá kỹ {citizen.word}.")
        self.agency_act(leader, citizen, "approve")

    def publish(self, citizen):
        values = {"public_result": f"Đã vá xong {citizen.word}."}
        self.act("operator", citizen, "write", values)
        self.act("operator", citizen, "publish")
        with suppress(Refused):  # pressed twice
            self.act("operator", citizen, "publish")
            raise AssertionError(f"{citizen.word} was published twice")

    def all_is_delivered(self):
        waiting = SQL(
            "SELECT id FROM civic_outbox WHERE state IN ('waiting', 'sending')"
        )
        self.town.wait_for(lambda: not self.query(waiting))

    # ------------------------------------------------------------------
    # What must be true in the evening
    # ------------------------------------------------------------------

    def check_reports(self):
        self.refresh()
        for citizen in self.town.citizens:
            report = self.env["civic.report"].browse(citizen.report["id"])
            with self.subTest(citizen.word):
                expected = "refused" if self.fate(citizen) == "refuse" else "done"
                self.assertEqual(report.state, expected)
                self.assertEqual(report.channel_id.code, citizen.channel)
                self.assertFalse(report.step_ids.filtered(lambda s: s.state == "open"))
                self.assertEqual(bool(report.rating_level_id), self.rates(citizen))
        counts = Counter(citizen.channel for citizen in self.town.citizens)
        self.assertEqual(set(counts), set(CHANNELS))
        left = self.env["civic.inbox"].search([("state", "!=", "done")])
        self.assertFalse(left.mapped("error"))

    def check_told(self):
        """Each happening that calls for it was told to its sender, once, by one way."""
        # Officers were quicker than some of what asked them to act.
        undelivered = SQL(
            """
            SELECT state, error FROM civic_outbox
             WHERE state <> 'sent'
               AND NOT (audience IN ('user', 'agency') AND error = %s)
            """,
            "It was answered before it was sent.",
        )
        self.assertFalse(self.query(undelivered))
        for citizen in self.town.citizens:
            with self.subTest(citizen.word):
                texts = citizen.told()
                self.assertEqual(len(texts), self.times(citizen), texts)
                # The one that came to a second agency is told of both.
                again = self.fate(citizen) == "return"
                self.assertLessEqual(len(texts) - len(set(texts)), again, texts)
                for text in texts:
                    self.assertIn(citizen.code, text)

    def times(self, citizen):
        """How often somebody is told something."""
        fate = self.fate(citizen)
        if fate == "refuse":
            return len(("sent", "refused"))
        told = ["sent", "received", "dispatched", "published"]
        told += {"supplement": ["asked"], "return": ["dispatched"]}.get(fate, [])
        if citizen.channel == "web":
            told += ["code"] * ((fate == "supplement") + self.rates(citizen))
        return len(told)

    def check_secrets(self):
        """What agencies and officers were sent names nobody, nor did a provider hear
        of others."""
        officers = [mail for mail in self.smtp.messages if "nguoi" not in mail["To"]]
        self.assertTrue(officers)
        for mail in officers:
            text = mail.get_body(("plain",)).get_content()
            self.assertNotIn("Danhtinh", text)
            self.assertNotIn("nguoi", text)
        for provider in (self.esms, self.zalo, self.facebook):
            for body in provider.bodies():
                self.assertNotIn("Danhtinh", str(body))
