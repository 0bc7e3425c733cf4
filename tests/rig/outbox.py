"""Messages that leave by mail, to a server on this machine."""

from .common import CivicCase
from .smtp import MailServer


class OutboxCase(CivicCase):
    """A province that sends its messages to a mail server on this machine."""

    # Whether arrivals are joined, as they are by default: here one person sends all.
    joins_arrivals = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.joins_arrivals:
            cls.env["civic.throttle.limit"].search([("scope", "=", "ack")]).unlink()
        cls.company.civic_email = "phananh@example.com"
        # A test tells the same at every hour of the day.
        cls.keep_quiet(0, 0)
        cls.env["ir.mail_server"].search([]).active = False
        cls.server = MailServer().start()
        cls.addClassCleanup(cls.server.stop)
        cls.env["ir.mail_server"].create(
            {
                "name": "Local",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.server.port,
                "smtp_encryption": "none",
            }
        )
        cls.handler.email = "handler@example.com"
        cls.agency.email = "sxd@example.com"

    def setUp(self):
        super().setUp()
        self.patch(
            type(self.env["ir.mail_server"]),
            "_disable_send",
            classmethod(lambda cls: False),
        )
        self.server.mode = "accept"
        self.server.received.clear()
        self.env["civic.outbox"].search([]).write({"state": "dropped"})

    @classmethod
    def keep_quiet(cls, begin, end):
        """Tell citizens nothing between two hours of the day; the same twice: ever."""
        cls.company.write({"civic_quiet_from": begin, "civic_quiet_until": end})

    def rows(self, report=None, **values):
        """The messages about a report, the first one first."""
        domain = [("report_id", "=", report.id)] if report else []
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["civic.outbox"].search(domain, order="id")

    def deliver(self, cron="cron_outbox"):
        with self.enter_registry_test_mode():
            self.env.ref(f"civic_report.{cron}").method_direct_trigger()
        self.env.invalidate_all()
