import unittest
from collections import Counter
from datetime import date

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ...tools import administrative_units
from ...tools.administrative_units import (
    province_of,
    provinces,
    units,
)
from ..rig.common import CivicCase

FIRST_DAY = date(2025, 7, 1)
# From the resolutions of the National Assembly's Standing Committee, one a province.
SIZES = {
    **{"01": 126, "04": 56, "08": 124, "11": 45, "12": 38, "14": 75, "15": 99},
    **{"19": 92, "20": 65, "22": 54, "24": 99, "25": 148, "31": 114, "33": 104},
    **{"37": 129, "38": 166, "40": 130, "42": 69, "44": 78, "46": 40, "48": 94},
    **{"51": 96, "52": 135, "56": 65, "66": 102, "68": 124, "75": 95, "79": 168},
    **{"80": 96, "82": 102, "86": 124, "91": 102, "92": 103, "96": 64},
}


class TestAdministrativeUnits(unittest.TestCase):
    def test_the_table_is_whole(self):
        everywhere = [
            unit for code in provinces(FIRST_DAY) for unit in units(code, FIRST_DAY)
        ]
        self.assertEqual(
            Counter(unit.kind for unit in everywhere),
            {"commune": 2621, "ward": 687, "zone": 13},
        )
        self.assertEqual(len({unit.code for unit in everywhere}), 3321)
        for unit in everywhere:
            self.assertRegex(unit.code, r"\A[0-9]{5}\Z")

    def test_each_province_has_as_many_as_its_resolution_says(self):
        self.assertEqual(
            {code: len(units(code, FIRST_DAY)) for code in provinces(FIRST_DAY)}, SIZES
        )

    def test_names_are_unique_within_a_province(self):
        for code, province in provinces(FIRST_DAY).items():
            names = [unit.name for unit in units(code, FIRST_DAY)]
            self.assertEqual(len(names), len(set(names)), province)

    def test_later_resolutions_count_from_their_day(self):
        eve, day = date(2026, 4, 29), date(2026, 4, 30)
        self.assertEqual(provinces(eve)["75"], "Tỉnh Đồng Nai")
        self.assertEqual(provinces(day)["75"], "Thành phố Đồng Nai")
        self.assertEqual(dict(units("75", eve))["26368"], "Xã Long Thành")
        long_thanh = next(unit for unit in units("75", day) if unit.code == "26368")
        self.assertEqual(long_thanh.name, "Phường Long Thành")
        self.assertEqual(long_thanh.kind, "ward")

    def test_changes_name_what_is_in_the_table(self):
        known = provinces(FIRST_DAY).keys() | {
            unit.code for code in SIZES for unit in units(code, FIRST_DAY)
        }
        changes = administrative_units._rows("changes.tsv")
        self.assertTrue(changes)
        for row in changes:
            self.assertIn(row["code"], known)

    def test_the_province_of_codes_is_that_of_most(self):
        self.assertEqual(province_of({"19900", "19777", "00004"}), "46")
        self.assertIsNone(province_of({"P1"}))


@tagged("-at_install", "post_install")
class TestWardCodes(CivicCase):
    def test_codes_of_the_draft_become_official(self):
        company = self.env["res.company"].create({"name": "Một tỉnh khác"})
        self.env["civic.ward"].create(
            [
                {"company_id": company.id, "name": name, "code": code}
                for name, code in (
                    ("Phường Ba Đình", "4"),
                    ("Phường Ngọc Hà", "8"),
                    ("Phường Giảng Võ", "29999"),
                    ("Phường riêng", "29998"),
                    ("Xã không mã", False),
                    ("Xã mã riêng", "X1"),
                )
            ]
        )
        path = file_path("civic_report/migrations/19.0.1.4.0/post-ward_codes.py")
        script = load_script(path, "civic_post_ward_codes")
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.3.0")
            self.env.invalidate_all()
            wards = self.env["civic.ward"].search([("company_id", "=", company.id)])
            self.assertEqual(
                {ward.name: ward.code for ward in wards},
                {
                    "Phường Ba Đình": "00004",
                    "Phường Ngọc Hà": "00008",
                    "Phường Giảng Võ": "00025",
                    "Phường riêng": "29998",
                    "Xã không mã": False,
                    "Xã mã riêng": "X1",
                },
            )
