import json
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from requests import Session

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestQueueState(CivicCase, HttpCase):
    """Stuck queues are seen, inside and by the administrator's monitoring."""

    def setUp(self):
        super().setUp()
        crons = self.env["ir.cron"].browse(self.crons().values())
        self.now = fields.Datetime.now()
        crons.write({"active": True, "lastcall": self.now})
        self.env["civic.outbox"].search([]).write({"state": "dropped"})
        self.states = self.env["civic.queue.state"].with_user(self.operator)

    def crons(self):
        names = ("cron_clock", "cron_outbox", "cron_outbox_urgent", "cron_inbox")
        return {name: self.env.ref(f"civic_report.{name}").id for name in names}

    def cron(self, name):
        return self.env["ir.cron"].browse(self.crons()[name])

    def health(self):
        self.env.invalidate_all()
        response = self.url_open("/civic_report/health")
        return response.status_code, response.json()

    def late(self):
        status, state = self.health()
        late = sorted(name for name, value in state.items() if value == "late")
        self.assertEqual(status, 503 if late else 200)
        return late

    def test_all_is_well(self):
        status, state = self.health()
        self.assertEqual(status, 200)
        self.assertEqual(
            state, {"clock": "ok", "outbox": "ok", "inbox": "ok", "gateway": "ok"}
        )
        self.assertEqual(self.states.alarm(), {"late": [], "given_up": 0})

    def test_a_cron_that_does_not_come_round(self):
        for name, queue in {
            "cron_clock": "clock",
            "cron_outbox": "outbox",
            "cron_outbox_urgent": "outbox",
            "cron_inbox": "inbox",
        }.items():
            with self.subTest(cron=name):
                cron = self.cron(name)
                cron.lastcall = self.now - timedelta(minutes=11)
                self.assertEqual(self.late(), [queue])
                cron.write({"lastcall": self.now, "active": False})
                self.assertEqual(self.late(), [queue])
                cron.active = True

    def test_a_message_that_is_not_sent(self):
        self.make_report()
        row = self.env["civic.outbox"].search([("state", "=", "waiting")])
        row.due_at = self.now + timedelta(hours=1)
        self.assertEqual(self.late(), [], "it is not due")
        row.due_at = self.now - timedelta(minutes=11)
        self.assertEqual(self.late(), ["outbox"])
        [state] = self.states.search([("code", "=", "outbox")])
        self.assertEqual((state.state, state.waiting), ("late", 1))
        self.assertEqual(state.oldest_at, row.due_at)
        self.assertEqual(self.states.alarm()["late"], ["Outgoing messages"])

    def test_given_up_is_told_to_the_centre_and_is_not_stuck(self):
        self.make_report()
        row = self.env["civic.outbox"].search([("state", "=", "waiting")])
        row.state = "dead"
        self.assertEqual(self.late(), [])
        self.assertEqual(self.states.alarm()["given_up"], 1)
        row.company_id = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.env.invalidate_all()
        self.assertEqual(self.states.alarm()["given_up"], 0, "another company's")

    def test_a_provider_that_fails(self):
        gateway = self.env["civic.gateway"].create({"name": "SMS", "kind": "sms"})
        self.assertEqual(self.health()[1]["sms"], "ok")
        gateway.write({"failure_at": self.now, "failure": "It is down."})
        self.assertEqual(self.late(), [], "since a moment ago")
        gateway.success_at = self.now - timedelta(minutes=11)
        self.assertEqual(self.late(), ["sms"])
        [state] = self.states.search([("code", "=", "sms")])
        self.assertEqual(state.last_pass, gateway.success_at)
        self.assertEqual(state.action_open()["domain"], [("channel", "=", "sms")])
        self.assertEqual(self.states.alarm()["late"], ["SMS provider"])
        gateway.success_at = self.now + timedelta(seconds=1)
        self.assertEqual(self.late(), [])
        gateway.write({"success_at": False, "active": False})
        self.assertNotIn("sms", self.health()[1])

    def test_a_mailbox_that_errs(self):
        server = self.env["fetchmail.server"].create(
            {"name": "Box", "server_type": "imap", "state": "done", "date": self.now}
        )
        self.assertEqual(self.late(), [])
        server.error_date = self.now
        self.assertEqual(self.late(), ["gateway"])
        server.write({"error_date": False, "date": self.now - timedelta(minutes=31)})
        self.assertEqual(self.late(), ["gateway"])

    def test_it_is_the_centres(self):
        for user in (self.handler, self.leader, self.province_leader, self.plain):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.states.with_user(user).alarm()

    # ------------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------------

    def test_settings_are_the_administrators(self):
        wizards = self.env["civic.wizard.mail.settings"]
        wizard = wizards.with_user(self.administrator).create(
            {"civic_email": "phananh@example.com", "civic_mail_rate": 40}
        )
        wizard.civic_quiet_from = 22
        wizard.action_confirm()
        self.assertEqual(self.company.civic_email, "phananh@example.com")
        self.assertEqual(self.company.civic_quiet_from, 22)
        with self.assertRaises(AccessError):
            wizards.with_user(self.operator).create({})

    # ------------------------------------------------------------------
    # Nothing is fetched for who asks
    # ------------------------------------------------------------------

    @contextmanager
    def fetching(self):
        """Addresses that the server fetches meanwhile."""
        fetched, own, request = [], self.base_url(), Session.request

        def watched(session, method, url, *args, **kwargs):
            if url.startswith(own):
                return request(session, method, url, *args, **kwargs)
            fetched.append(url)
            raise ConnectionError

        with patch.object(Session, "request", watched):
            yield fetched

    def ask(self, path, **params):
        response = self.url_open(
            path,
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_no_address_is_fetched(self):
        """For visitors of our site, and for officers; others have Odoo's editor."""
        self.env["website"].get_current_website().civic_reports = True
        url = "http://127.0.0.1:1/secret"
        self.citizen.password = self.operator.password = "civic-state-password"
        for login in (None, self.citizen.login, self.operator.login):
            self.authenticate(login, "civic-state-password" if login else None)
            with self.subTest(login=login), self.fetching() as fetched:
                for path, params in {
                    "/html_editor/link_preview_external": {"preview_url": url},
                    "/html_editor/link_preview_internal": {"preview_url": url},
                    "/html_editor/attachment/add_url": {"url": url},
                    "/web_editor/attachment/add_url": {"url": url},
                    "/html_editor/save_library_media": {"media": {}},
                    "/html_editor/media_library_search": {"query": "x"},
                    "/mail/link_preview": {"message_id": 1},
                    "/web/dataset/call_kw/ir.qweb.field.image/load_remote_url": {
                        "model": "ir.qweb.field.image",
                        "method": "load_remote_url",
                        "args": [[], url],
                        "kwargs": {},
                    },
                }.items():
                    self.ask(path, **params)
                self.assertEqual(fetched, [])
