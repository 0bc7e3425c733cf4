"""A place farther away than the province reaches is marked, for the Centre to see."""

from odoo.tests import tagged

from ..rig.common import CivicCase

HUE = {"latitude": 16.4637, "longitude": 107.5909}
DA_NANG = {"latitude": 16.0544, "longitude": 108.2022}  # about 80 km away


@tagged("-at_install", "post_install")
class TestOutside(CivicCase):
    def setUp(self):
        super().setUp()
        self.reach(50)

    def reach(self, kilometres, company=None, **place):
        place = place or HUE
        (company or self.company).write(
            {
                "civic_map_latitude": place["latitude"],
                "civic_map_longitude": place["longitude"],
                "civic_map_reach": kilometres,
            }
        )
        self.env.invalidate_all()

    def test_by_distance(self):
        near, far = self.make_report(**HUE), self.make_report(**DA_NANG)
        nowhere = self.make_report()
        rows = near | far | nowhere
        self.assertEqual(rows.mapped("is_outside"), [False, True, False])
        self.reach(100)
        self.assertEqual(rows.mapped("is_outside"), [False, False, False])
        self.reach(0)
        self.assertEqual(rows.mapped("is_outside"), [False, False, False])

    def test_each_province_reaches_from_its_own_middle(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        other.civic_procedure_id = self.procedure
        self.reach(50, other, **DA_NANG)
        own = self.make_report(**DA_NANG)
        theirs = self.env["civic.report"].create(
            self.report_values(company_id=other.id, reporter_id=False, **DA_NANG)
        )
        rows = (own | theirs).with_user(self.env.user)
        self.assertEqual(rows.mapped("is_outside"), [True, False])
