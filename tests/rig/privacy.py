"""Cases about who may learn of a sender: disclosures, requests, diversions."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tools import SQL

from .common import CivicCase

ASKED_AT = "2026-11-09 08:00"


class DisclosureCase(CivicCase):
    # Local time at which the tests begin; None for the time of the machine.
    began_at = ASKED_AT

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_manager = cls.make_user(
            "second_manager", "civic_report.group_centre_manager"
        )
        cls.colleague = cls.make_user("colleague", "civic_report.group_handler")
        cls.agency.handler_ids = [Command.link(cls.colleague.id)]

    def setUp(self):
        super().setUp()
        if self.began_at:
            clock = self.at(self.began_at)
            self.frozen = clock.start()
            self.addCleanup(clock.stop)

    def go(self, **delta):
        """Let time pass."""
        self.frozen.shift(timedelta(**delta))
        self.env.invalidate_all()

    def in_hand(self):
        return self.walk_to("accepted").sudo().assignment_ids

    def asked(self, assignment=None, fields=("name", "phone"), days=7, people=None):
        """A request of the agency, as the superuser sees it."""
        assignment = assignment or self.in_hand()
        disclosure_id = assignment.with_user(self.handler).request_disclosure(
            "Cùng đo đạc tại thực địa.",
            "Luật Đất đai 2024",
            list(fields),
            (people or self.handler).ids,
            days,
        )
        return self.env["civic.disclosure"].browse(disclosure_id).sudo()

    def by_authority(self, people=None):
        report = self.walk_to("received")
        disclosure_id = report.request_disclosure_for(
            "Cơ quan điều tra",
            "12/YC ngày 20/11/2026",
            "Xác minh nguồn tin về tội phạm.",
            "Bộ luật Tố tụng hình sự, Điều 88",
            ["name", "address"],
            (people or self.operator).ids,
            3,
        )
        return self.env["civic.disclosure"].browse(disclosure_id).sudo()

    def forwarded(self, **options):
        disclosure = self.asked(**options)
        disclosure.with_user(self.manager).ask_citizen()
        return disclosure

    def given(self, **options):
        disclosure = self.forwarded(**options)
        disclosure._answer_as_citizen("agree")
        return disclosure

    def as_user(self, disclosure, user):
        return disclosure.with_user(user).sudo(False)

    def looks(self, disclosure):
        return self.env["civic.access"].search([("disclosure_id", "=", disclosure.id)])


class DataRequestCase(DisclosureCase):
    def open_request(self, kind, details=None, **values):
        requests = self.env["civic.data.request"].with_user(self.operator)
        if details is None:
            request_id = requests.open_for(
                self.reporter.id, kind, "paper", "CCCD", **values
            )
            return requests.browse(request_id).sudo()
        self.reporter._ask_about_data(kind, details)
        return self.env["civic.data.request"].search([], limit=1)

    def by(self, request, user):
        return request.with_user(user).sudo(False)

    def data_events(self):
        return self.env["civic.data.event"].search([]).mapped("code")

    def row_text(self, table, row_id):
        """A row as a dump of the database shows it."""
        self.env.flush_all()
        [(text,)] = self.env.execute_query(
            SQL(
                "SELECT civic_row::text FROM %s civic_row WHERE id = %s",
                SQL.identifier(table),
                row_id,
            )
        )
        return text


PASSPHRASE = "mat-khau-dai-2026"
