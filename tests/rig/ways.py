"""More ways than mail by which people are told."""

from .gateways import GatewayCase
from .outbox import OutboxCase

# Duties whose holder is told otherwise: citizens by notices of their own, agencies of
# new assignments by “assigned” (HUE Điều 7.1a); windows may pass unused; what somebody
# takes on by the own act, reminders ask for.
TOLD_OTHERWISE = frozenset(
    {
        *("supplement", "accept", "return_wrong", "co_return", "invite"),
        *("outcome", "execute_penalty"),
    }
)


class WaysCase(OutboxCase, GatewayCase):
    """A province that tells people by more than e-mail."""

    def setUp(self):
        super().setUp()
        for name in ("esms", "zns", "stringee"):
            if hasattr(self, name):
                getattr(self, name).clear()

    def by_phone_alone(self):
        self.reporter.email_from = False

    def after(self, server, mode, at="2026-11-16 10:00"):
        """The message about a new report after one try at a provider that fails so."""
        with self.at(at):
            report = self.make_report()
            server.mode = mode
            self.deliver()
        return self.rows(report, channel=self.way)[:1]

    def again(self, row):
        with self.at("2026-11-16 10:00") as clock:
            clock.move_to(row.due_at)
            self.deliver()


class DutyCase(OutboxCase, GatewayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complete_sender()
        for name in (
            *("operator", "leader", "other_handler", "other_leader"),
            *("coordinator", "manager", "province_leader"),
        ):
            getattr(cls, name).email = f"{name}@example.com"
        cls.coordinating_agency.email = "ph@example.com"

    def use(self, code):
        self.procedure = self.env.ref(f"civic_report.procedure_{code}")
        self.company.civic_procedure_id = self.procedure

    def told(self, report, duty, **values):
        """Who is told of a duty: logins and codes of agencies, by which channels."""
        rows = self.rows(report, **values).filtered(
            lambda row: (row.facts or {}).get("duty") == duty
        )
        return {(row.user_id.login or row.agency_id.code, row.channel) for row in rows}

    def check(self, report, duty, *people):
        expected = {
            (getattr(self, name).login, "email")
            if getattr(self, name)._name == "res.users"
            else (getattr(self, name).code, "email")
            for name in people
        }
        self.assertEqual(self.told(report, duty), expected, duty)
