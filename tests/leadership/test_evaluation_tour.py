"""The year of agencies decided on, in browsers: an agency's leader sees the own row and
decides nothing; a leader of the province decides, with the reason; the agency reads it.
"""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..rig.asked import trial
from ..rig.board import BoardCase
from ..rig.tour import TourCase

REASON = "Bốn văn bản chấn chỉnh trong năm, vượt ngưỡng của Điều 17.3."
# Tuesday; the year closed on the 14th, a day before.
CLOSED = "2026-12-15 00:10"
DECIDED = "2026-12-15 10:00"


@tagged("-at_install", "post_install")
@trial("leadership")
class TestEvaluationTour(BoardCase, TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.write({"period_cutoff_day": 14, "directive_limit": 3})

    def setUp(self):
        super().setUp()
        for agency in (self.agency, self.other_agency):
            with self.at("2026-11-16 09:00"):
                report = self.walk_to("received")
                report.dispatch([agency.id], incomplete_reason="Rõ rồi.")
        for number in range(1, 5):
            self.correct(f"{number}/CT-UBND")
        with self.at(CLOSED):
            self.env["civic.evaluation"]._cron_draft_years()
        self.rows = self.env["civic.evaluation"].search(
            [("company_id", "=", self.company.id)]
        )
        self.own = self.rows.filtered(lambda row: row.agency_id == self.agency)

    def correct(self, number):
        """The province corrects what the agency has done."""
        with self.at("2026-11-20 09:00"):
            directives = self.env["civic.directive"].with_user(self.province_leader)
            directives.create(
                {
                    **{"number": number, "date": "2026-11-20", "kind": "correct"},
                    **{"issuer": "UBND tỉnh", "subject": "Chấn chỉnh"},
                    "body": "Khắc phục ngay.",
                    "agency_ids": [Command.set(self.agency.ids)],
                }
            ).issue()

    def test_decided_by_who_may(self):
        self.assertEqual(self.rows.agency_id, self.agency | self.other_agency)
        self.assertEqual(self.own.breaches, "E1")
        self.tour("evaluation_waits", "/odoo", self.leader, DECIDED)
        with self.at(DECIDED), self.assertRaises(AccessError):
            self.own.with_user(self.leader).sudo(False).decide("barred", REASON)
        self.assertEqual(self.own.state, "draft")

        self.tour("evaluation_decided", "/odoo", self.province_leader, DECIDED)
        self.assertEqual(self.own.decision, "barred")
        self.assertEqual(self.own.reason, REASON)
        self.assertEqual(self.own.decided_by, self.province_leader)
        self.assertLocal(self.own.decided_at, DECIDED)
        self.assertEqual((self.rows - self.own).state, "draft")

        self.tour("evaluation_read", "/odoo", self.leader, "2026-12-15 14:00")
