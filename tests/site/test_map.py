"""Where reports are: cells kept with them, and what the public map shows."""

from odoo.exceptions import ValidationError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ...tools import geo
from ..rig.common import CivicCase

HUE = {"latitude": 16.46372, "longitude": 107.59089}


@tagged("-at_install", "post_install")
class TestMapCell(CivicCase):
    def test_the_cell_follows_the_place(self):
        report = self.make_report(**HUE)
        self.assertEqual(report.map_cell, geo.cell(*HUE.values()))
        report.write({"latitude": 16.0, "longitude": 108.2})
        self.assertEqual(report.map_cell, geo.cell(16.0, 108.2))
        report.write({"latitude": 0, "longitude": 0})
        self.assertEqual(report.map_cell, 0)
        self.assertEqual(self.make_report().map_cell, 0)

    def test_impossible_places_are_refused_in_words(self):
        for latitude, longitude in ((999, 107), (-91, 107), (16, 181)):
            with self.subTest(latitude), self.assertRaises(ValidationError):
                self.make_report(latitude=latitude, longitude=longitude)

    def test_earlier_reports_get_theirs(self):
        places = [(16.46372, 107.59089), (-33.9, 18.4), (89.9, -179), (-90, 180)]
        made = [
            self.make_report(latitude=latitude, longitude=longitude)
            for latitude, longitude in places
        ]
        reports = self.env["civic.report"].union(*made, self.make_report())
        cells = reports.mapped("map_cell")
        self.env.flush_all()
        self.cr.execute("UPDATE civic_report SET map_cell = NULL")
        path = file_path("civic_report/migrations/19.0.1.3.0/pre-map_cell.py")
        load_script(path, "civic_pre_map_cell").migrate(self.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual(reports.mapped("map_cell"), cells)
        self.assertEqual(cells.count(0), 1)


@tagged("-at_install", "post_install")
class TestMapSettings(CivicCase):
    TILES = "https://tiles.example.vn/{z}/{x}/{y}{r}.png?key=a-b_c"

    def test_nothing_comes_from_elsewhere_unless_it_is_set(self):
        settings = self.company._civic_map()
        self.assertEqual(settings["tile_url"], "")
        self.assertFalse(settings["has_view"])
        self.assertTrue(settings["zoom"])

    def test_an_administrator_sets_it_for_the_company(self):
        self.env["res.config.settings"].create(
            {
                "civic_map_tile_url": self.TILES,
                "civic_map_attribution": "© OpenStreetMap contributors",
                "civic_map_latitude": 16.46,
                "civic_map_longitude": 107.59,
                "civic_map_zoom": 11,
            }
        ).execute()
        # A visitor's page asks for it.
        public = self.company.with_user(self.env.ref("base.public_user"))
        settings = public._civic_map()
        self.assertEqual(settings["tile_url"], self.TILES)
        self.assertEqual(settings["latitude"], 16.46)
        self.assertEqual(settings["zoom"], 11)
        self.assertTrue(settings["has_view"])

    def test_addresses_that_are_no_tiles(self):
        for address in (
            "http://tiles.example.vn/{z}/{x}/{y}.png",
            "https://tiles.example.vn/{z}/{x}.png",
            "https://tiles.example.vn/{z}/{x}/{y}/{token}.png",
            "https://tiles.example.vn/{z}/{x}/{y}/{y}.png",
            "https:///{z}/{x}/{y}.png",
            "https://user:secret@tiles.example.vn/{z}/{x}/{y}.png",
            "https://tiles.example.vn:99999/{z}/{x}/{y}.png",
            'https://tiles.example.vn/{z}/{x}/{y}.png" onload="x',
            "https://tiles.example.vn/{z}/{x}/{y}.png\nx",
            "javascript:alert(1)//{z}{x}{y}",
        ):
            with self.subTest(address), self.assertRaises(ValidationError):
                self.company.civic_map_tile_url = address

    def test_whose_map_it_is_must_be_said(self):
        with self.assertRaises(ValidationError):
            self.env["res.config.settings"].create({"civic_map_tile_url": self.TILES})
        with self.assertRaises(ValidationError):
            self.company.civic_map_attribution_url = "javascript:alert(1)"

    def test_a_middle_off_the_globe(self):
        for values in (
            {"civic_map_latitude": 90},
            {"civic_map_longitude": 181},
            {"civic_map_zoom": 0},
            {"civic_map_zoom": 30},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.company.write(values)
