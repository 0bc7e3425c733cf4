import threading
import time
from collections import Counter
from email.message import EmailMessage
from email.utils import make_msgid
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..rig.asked import trial
from ..rig.live import LiveCase, Server, together
from ..rig.smtp import MailServer

ADDRESS = "phananh@example.com"
PAST = SQL("now() at time zone 'UTC' - interval '5 minutes'")


@tagged("-at_install", "post_install")
@trial("messages")
class TestFaultsMail(LiveCase):
    """Workers at once, workers killed, mail servers that fail: nothing is lost, nothing
    is told without end."""

    @classmethod
    def set_up_live(cls):
        cls.smtp = MailServer().start()
        cls.addClassCleanup(cls.smtp.stop)
        # Citizens may be told at any hour.
        cls.company.write(
            {
                "civic_email": ADDRESS,
                "civic_quiet_from": 0,
                "civic_quiet_until": 0,
                "civic_mail_rate": 1000,
            }
        )
        # One mailbox gets all.
        cls.env["civic.throttle.limit"].search([("scope", "=", "ack")]).unlink()
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create(
            {
                "name": "Local",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.smtp.port,
                "smtp_encryption": "none",
            }
        )

    def setUp(self):
        super().setUp()
        servers = self.registry["ir.mail_server"]
        sending = patch.object(servers, "_disable_send", classmethod(lambda cls: False))
        sending.start()
        self.addCleanup(sending.stop)
        self.smtp.mode = "accept"
        self.smtp.received.clear()
        self.smtp.taken.clear()
        self.smtp.released.clear()
        self.statement(SQL("UPDATE civic_outbox SET state = 'dropped'"))

    def statement(self, query):
        with self.committed():
            self.cr.execute(query)

    def queue(self, number):
        """So many messages to citizens, committed; their Message-IDs."""
        with self.committed():
            self.env["civic.report"].create(
                [self.report_values() for _index in range(number)]
            )
        return {
            f"<{name}.civic@example.com>"
            for (name,) in self.query(
                SQL("SELECT external_id FROM civic_outbox WHERE state = 'waiting'")
            )
        }

    def states(self):
        return Counter(
            state
            for (state,) in self.query(
                SQL("SELECT state FROM civic_outbox WHERE state <> 'dropped'")
            )
        )

    def work(self, method, model="civic.outbox"):
        """A pass in a session of its own, as a worker makes it."""
        with self.registry.cursor() as cr:
            getattr(api.Environment(cr, SUPERUSER_ID, {})[model], method)()

    def make_due(self):
        """Let the time pass that waiting messages and lost workers wait for."""
        for table in ("civic_outbox", "civic_inbox"):
            self.statement(
                SQL(
                    "UPDATE %s SET due_at = %s, claimed_at = %s "
                    "WHERE state IN ('waiting', 'sending', 'new', 'reading')",
                    SQL.identifier(table),
                    PAST,
                    PAST,
                )
            )

    # ------------------------------------------------------------------
    # Outgoing
    # ------------------------------------------------------------------

    def test_workers_at_once_send_each_message_once(self):
        names = self.queue(40)
        results = together(5, lambda _index, wait: (wait(), self.work("_cron_deliver")))
        self.assertFalse([row for row in results if isinstance(row, Exception)])
        self.assertEqual(Counter(self.smtp.ids), Counter(names))
        self.assertEqual(self.states(), {"sent": 40})

    def test_a_mail_server_that_fails_in_every_way_and_is_mended(self):
        names = self.queue(6)
        self.smtp.stop()
        self.work("_cron_deliver")
        self.assertEqual(self.states(), {"waiting": 6})
        self.smtp.start()
        for mode in ("busy", "silent"):
            self.smtp.mode = mode
            self.make_due()
            self.work("_cron_deliver")
            self.assertEqual(self.states(), {"waiting": 6}, mode)
        self.smtp.mode = "accept"
        self.make_due()
        self.work("_cron_deliver")
        self.assertEqual(self.states(), {"sent": 6})
        # Once into the silence, once acknowledged, under the same name.
        self.assertEqual(Counter(self.smtp.ids), Counter(dict.fromkeys(names, 2)))

    def test_a_slow_mail_server_holds_nobody_up(self):
        self.queue(1)
        self.smtp.mode = "wait"
        worker = threading.Thread(target=self.work, args=["_cron_deliver"])
        worker.start()
        self.assertTrue(self.smtp.taken.wait(20))
        names = self.queue(1)  # people go on working
        self.work("_health", "civic.queue.state")
        # Had they waited for the mail server, the first would have been sent.
        self.assertEqual(self.states(), {"sending": 1, "waiting": 1})
        self.smtp.released.set()
        worker.join(30)
        self.assertEqual(self.states(), {"sent": 2})
        self.assertTrue(names < set(self.smtp.ids))

    def test_a_killed_worker_loses_nothing(self):
        """A real server is killed after the mail server has the text."""
        names = self.queue(8)
        self.smtp.mode = "wait"
        server = self.serve()
        self.assertTrue(self.smtp.taken.wait(60))
        server.stop()
        left = self.states()
        self.assertTrue(left["sending"], left)
        self.smtp.mode = "accept"
        self.smtp.released.set()
        before = len(self.smtp.ids)
        self.make_due()
        self.serve()
        self.wait_until(lambda: self.states() == {"sent": 8})
        arrived = Counter(self.smtp.ids)
        self.assertEqual(set(arrived), names)
        self.assertEqual(sum(arrived.values()), 8 + before, "those in hand, again")
        self.assertLessEqual(max(arrived.values()), 2)

    def serve(self):
        """A server whose scheduler works on the queues."""
        server = Server(self.database, crons=1)
        self.addCleanup(server.stop)
        server.start()
        with self.committed():
            self.env.ref("civic_report.cron_outbox")._trigger()
        return server

    def wait_until(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    # ------------------------------------------------------------------
    # Incoming
    # ------------------------------------------------------------------

    def mail(self, subject):
        message = EmailMessage()
        message["From"] = "nguoi.gui@example.com"
        message["To"] = ADDRESS
        message["Subject"] = subject
        message["Message-ID"] = make_msgid(domain="example.com")
        message.set_content("Đèn hỏng.")
        return message.as_bytes()

    def hand_in(self, raw):
        with self.registry.cursor() as cr:
            threads = api.Environment(cr, SUPERUSER_ID, {})["mail.thread"]
            threads.message_process(False, raw)

    def mails_of(self, subject):
        return self.query(
            SQL("SELECT id FROM civic_report WHERE subject LIKE %s", subject)
        )

    def test_the_same_mail_at_once_is_one_report(self):
        raw = self.mail("Thư cùng lúc")
        results = together(6, lambda _index, wait: (wait(), self.hand_in(raw)))
        self.assertFalse([row for row in results if isinstance(row, Exception)])
        self.work("_cron_read", "civic.inbox")
        self.assertEqual(len(self.mails_of("Thư cùng lúc")), 1)

    def test_readers_at_once_and_killed_make_one_report_of_each(self):
        for number in range(24):
            self.hand_in(self.mail(f"Thư số {number:02}"))
        kills = threading.Thread(target=self.kill_readers)
        kills.start()
        with mute_logger(
            "odoo.sql_db", "odoo.addons.civic_report.models.messages.queue"
        ):
            results = together(4, lambda _index, wait: (wait(), self.read_on()))
        kills.join()
        self.assertTrue([row for row in results if isinstance(row, Exception)])
        self.make_due()
        self.work("_cron_read", "civic.inbox")
        subjects = [
            subject
            for (subject,) in self.query(
                SQL("SELECT subject FROM civic_report WHERE subject LIKE 'Thư số %%'")
            )
        ]
        self.assertEqual(sorted(subjects), [f"Thư số {n:02}" for n in range(24)])

    def read_on(self):
        self.work("_cron_read", "civic.inbox")

    def kill_readers(self):
        """End two sessions that are reading, as the end of their process does."""
        killed = 0
        deadline = time.monotonic() + 10
        while killed < 2 and time.monotonic() < deadline:
            rows = self.query(
                SQL(
                    """
                    SELECT pg_terminate_backend(pid) FROM (
                        -- Copies of a database have the same numbers of tables.
                        SELECT DISTINCT pid FROM pg_locks
                          JOIN pg_database held_in ON held_in.oid = database
                         WHERE relation = 'civic_inbox'::regclass
                           AND held_in.datname = current_database()
                           AND pid <> pg_backend_pid() LIMIT 1) held
                    """
                )
            )
            killed += len(rows)
        return killed
